#include "models/ledger/proof.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <zlib.h>

// Just enough of ISO 32000 to find one embedded file by its name in a file that we, Qt or QPDF wrote: a file specification with /EF,
// the stream it refers to, the stream's length. Whatever is found is then verified, so a wrong find can only fail, never pass.

namespace countersign::ledger {

namespace {

constexpr std::size_t kLargestAttachment = 256U << 20;

Error missing(std::string_view name)
{
    return {ErrorKind::NotFound, "The PDF has no attachment \"" + std::string(name) + "\". It is not a report of Countersign, or another program rewrote it.", {}};
}

bool isSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0'; }

void skipSpace(BytesView &text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
}

std::optional<std::size_t> takeNumber(BytesView &text)
{
    skipSpace(text);
    std::size_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc())
        return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool takeWord(BytesView &text, BytesView word)
{
    skipSpace(text);
    if (!text.starts_with(word))
        return false;
    text.remove_prefix(word.size());
    return true;
}

/// The ways in which writers spell a file name as a PDF string: plain, UTF-16 in parentheses, UTF-16 in hexadecimal.
std::array<Bytes, 4> spellings(std::string_view name)
{
    Bytes utf16("\xfe\xff", 2);
    for (const char c : name) {
        utf16.push_back('\0');
        utf16.push_back(c);
    }
    Bytes upper = toHex(utf16);
    std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
    return {"(" + Bytes(name) + ")", "(" + utf16 + ")", "<" + toHex(utf16) + ">", "<" + upper + ">"};
}

/// What stands between "number generation obj" and "endobj", of the last such object: an update of a file comes after what it replaces.
std::optional<BytesView> objectBody(BytesView pdf, std::size_t number, std::size_t generation)
{
    const Bytes head = std::to_string(number) + ' ' + std::to_string(generation) + " obj";
    for (std::size_t at = pdf.rfind(head); at != BytesView::npos; at = at ? pdf.rfind(head, at - 1) : BytesView::npos) {
        if (at == 0 || isSpace(pdf[at - 1]))
            return pdf.substr(at + head.size());
    }
    return {};
}

std::optional<BytesView> takeReference(BytesView pdf, BytesView &text)
{
    const auto number = takeNumber(text);
    const auto generation = number ? takeNumber(text) : std::nullopt;
    if (!generation || !takeWord(text, "R"))
        return {};
    return objectBody(pdf, *number, *generation);
}

/// The value after a key, where the key is not the beginning of a longer one.
std::optional<BytesView> valueOf(BytesView dictionary, BytesView key)
{
    for (std::size_t at = dictionary.find(key); at != BytesView::npos; at = dictionary.find(key, at + 1)) {
        const BytesView rest = dictionary.substr(at + key.size());
        if (rest.empty() || !((rest[0] >= 'a' && rest[0] <= 'z') || (rest[0] >= 'A' && rest[0] <= 'Z')))
            return rest;
    }
    return {};
}

Result<Bytes> inflated(BytesView packed)
{
    const Error bad{ErrorKind::Invalid, "The attachment inside the PDF is damaged.", {}};
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK)
        return bad;
    Bytes out;
    std::array<char, 65536> buffer;
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.data())); // zlib does not write there
    stream.avail_in = static_cast<uInt>(packed.size());
    int state = Z_OK;
    while (state == Z_OK && out.size() <= kLargestAttachment) {
        stream.next_out = reinterpret_cast<Bytef *>(buffer.data());
        stream.avail_out = static_cast<uInt>(buffer.size());
        state = inflate(&stream, Z_NO_FLUSH);
        out.append(buffer.data(), buffer.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    if (state != Z_STREAM_END || out.size() > kLargestAttachment)
        return bad;
    return out;
}

/// The bytes of the stream object that begins here.
std::optional<Result<Bytes>> streamOf(BytesView pdf, BytesView object)
{
    const auto start = object.find("stream");
    if (start == BytesView::npos)
        return {};
    const BytesView dictionary = object.substr(0, start);
    auto length = valueOf(dictionary, "/Length");
    if (!length)
        return {};
    BytesView reference = *length;
    if (const auto target = takeReference(pdf, reference))
        length = target;
    const auto size = takeNumber(*length);
    BytesView data = object.substr(start + 6);
    if (data.starts_with("\r\n"))
        data.remove_prefix(2);
    else if (data.starts_with('\n'))
        data.remove_prefix(1);
    if (!size || *size > data.size() || *size > kLargestAttachment)
        return {};
    BytesView after = data.substr(*size);
    if (!takeWord(after, "endstream"))
        return {};
    data = data.substr(0, *size);
    const auto filter = valueOf(dictionary, "/Filter");
    if (!filter)
        return Result<Bytes>(Bytes(data));
    BytesView names = *filter;
    takeWord(names, "[");
    if (!takeWord(names, "/FlateDecode"))
        return {};
    return inflated(data);
}

/// The embedded file that the file specification around `at` refers to.
std::optional<Result<Bytes>> fileAt(BytesView pdf, std::size_t at)
{
    const auto begin = pdf.rfind(" obj", at);
    const auto end = pdf.find("endobj", at);
    if (begin == BytesView::npos || end == BytesView::npos)
        return {};
    const auto files = valueOf(pdf.substr(begin + 4, end - begin - 4), "/EF");
    if (!files)
        return {};
    for (const BytesView key : {"/F", "/UF"}) {
        auto reference = valueOf(files->substr(0, std::min(files->find(">>"), files->size())), key);
        const auto object = reference ? takeReference(pdf, *reference) : std::nullopt;
        if (object)
            return streamOf(pdf, *object);
    }
    return {};
}

} // namespace

Result<Bytes> extractAttachment(BytesView pdf, std::string_view name)
{
    if (pdf.substr(0, 1024).find("%PDF-") == BytesView::npos)
        return Error{ErrorKind::Invalid, "This is not a PDF file.", {}};
    int tries = 0; // a file of nothing but such names must not keep us busy
    for (const Bytes &spelling : spellings(name))
        for (std::size_t at = pdf.rfind(spelling); at != BytesView::npos && ++tries <= 50; at = at ? pdf.rfind(spelling, at - 1) : BytesView::npos)
            if (auto file = fileAt(pdf, at))
                return std::move(*file);
    return missing(name);
}

} // namespace countersign::ledger
