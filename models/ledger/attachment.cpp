#include "models/ledger/proof.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <zlib.h>

// Just enough of ISO 32000 to find one embedded file by its name in a file that we, Qt or QPDF wrote, exactly as
// FORMAT.md tells it ("In a PDF"): another verifier must find the same. Whatever is found is then verified, so a wrong
// find can only fail, never pass.

namespace countersign::ledger {

namespace {

constexpr std::size_t kLargestAttachment = 256U << 20;

Error missing(std::string_view name)
{
    return {ErrorKind::NotFound,
            "The PDF has no attachment \"" + std::string(name) +
                "\". It is not a report of Countersign, or another program rewrote it.",
            {}};
}

Error damaged(std::string_view name)
{
    return {ErrorKind::Invalid, "The attachment \"" + std::string(name) + "\" inside the PDF is damaged.", {}};
}

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}
bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Whether there was any.
bool skipSpace(BytesView &text)
{
    const auto size = text.size();
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    return text.size() != size;
}

BytesView takeDigits(BytesView &text)
{
    const auto end = std::ranges::find_if_not(text, isDigit);
    const BytesView digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
}

bool takeWord(BytesView &text, BytesView word)
{
    if (!text.starts_with(word))
        return false;
    text.remove_prefix(word.size());
    return true;
}

/// "12 0 R": the number and generation of the object that is meant, "12 0".
std::optional<BytesView> reference(BytesView text)
{
    const BytesView whole = text;
    if (takeDigits(text).empty() || !takeWord(text, " ") || takeDigits(text).empty())
        return {};
    const BytesView object = whole.substr(0, whole.size() - text.size());
    return text.starts_with(" R") ? std::optional(object) : std::nullopt;
}

std::optional<std::size_t> number(BytesView text)
{
    const BytesView digits = takeDigits(text);
    std::size_t value = 0;
    if (digits.empty() || digits.size() > 10)
        return {};
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

/// The value of the first `key` after which `read` finds one.
template<class Read>
auto valueOf(BytesView dictionary, BytesView key, Read read) -> decltype(read(dictionary))
{
    for (std::size_t at = dictionary.find(key); at != BytesView::npos; at = dictionary.find(key, at + 1))
        if (auto value = read(dictionary.substr(at + key.size())))
            return value;
    return {};
}

struct Length {
    std::optional<BytesView> elsewhere; // the object that holds it
    std::size_t here = 0;
};

std::optional<Length> lengthOf(BytesView dictionary)
{
    return valueOf(dictionary, "/Length", [](BytesView rest) -> std::optional<Length> {
        if (!skipSpace(rest))
            return {};
        if (const auto object = reference(rest))
            return Length{object, 0};
        const auto here = number(rest);
        return here ? std::optional(Length{{}, *here}) : std::nullopt;
    });
}

/// The bytes of a stream: from behind the line end after `stream`, as many as its length says, if `endstream` follows.
std::optional<BytesView> dataAt(BytesView pdf, std::size_t at, std::size_t length)
{
    BytesView data = pdf.substr(at);
    if (!takeWord(data, "\r\n"))
        takeWord(data, "\n");
    if (length > data.size())
        return {};
    BytesView after = data.substr(length);
    skipSpace(after);
    return after.starts_with("endstream") ? std::optional(data.substr(0, length)) : std::nullopt;
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
    std::ranges::transform(upper, upper.begin(),
                           [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
    return {"(" + Bytes(name) + ")", "(" + utf16 + ")", "<" + toHex(utf16) + ">", "<" + upper + ">"};
}

/// The objects of a file by "number generation", as one walk from its beginning finds them. What a stream holds is not
/// looked into where its length stands beside it: a text in there could look like an object.
class Objects
{
public:
    struct Object {
        BytesView dictionary;              // or whatever value it is
        std::optional<std::size_t> stream; // where its data begin
    };

    explicit Objects(BytesView pdf)
        : m_pdf(pdf)
    {
        std::size_t at = 0;
        while (const auto head = nextHead(at)) {
            const std::size_t from = head->second;
            const std::size_t end = std::min(m_endOfObject.from(pdf, from), m_stream.from(pdf, from));
            const bool isStream = end != BytesView::npos && pdf.substr(end).starts_with(kStream);
            Object object{pdf.substr(from, std::min(end, pdf.size()) - from), {}};
            at = end == BytesView::npos ? pdf.size() : end + (isStream ? kStream : kEnd).size();
            if (isStream)
                object.stream = at;
            const auto length = isStream ? lengthOf(object.dictionary) : std::nullopt;
            const auto data = length && !length->elsewhere ? dataAt(pdf, at, length->here) : std::nullopt;
            if (data)
                at = static_cast<std::size_t>(data->data() + data->size() - pdf.data());
            m_objects[head->first] = object; // an update of a file comes after what it replaces
        }
    }

    /// The objects that the file specifications of that name mean. An empty one: one that means none.
    std::set<BytesView> filesNamed(std::string_view name) const
    {
        std::set<BytesView> files;
        const auto names = spellings(name);
        for (const auto &one : m_objects) {
            const BytesView dictionary = one.second.dictionary;
            const auto embedded = valueOf(dictionary, "/EF", [](BytesView rest) -> std::optional<BytesView> {
                skipSpace(rest);
                const auto end = takeWord(rest, "<<") ? rest.find(">>") : BytesView::npos;
                return end == BytesView::npos ? std::nullopt : std::optional(rest.substr(0, end));
            });
            if (embedded && std::ranges::any_of(names, [&](const Bytes &spelling) {
                    return dictionary.find(spelling) != BytesView::npos;
                }))
                files.insert(valueOf(*embedded, "/", [](BytesView rest) -> std::optional<BytesView> {
                                 takeWord(rest, "U");
                                 return takeWord(rest, "F") && skipSpace(rest) ? reference(rest) : std::nullopt;
                             }).value_or(BytesView()));
        }
        return files;
    }

    const Object *find(BytesView id) const
    {
        const auto found = m_objects.find(id);
        return found == m_objects.end() ? nullptr : &found->second;
    }

    std::optional<BytesView> dataOf(const Object &object) const
    {
        const auto length = object.stream ? lengthOf(object.dictionary) : std::nullopt;
        if (!length)
            return {};
        std::optional<std::size_t> size = length->here;
        if (length->elsewhere) {
            const Object *other = find(*length->elsewhere);
            BytesView text = other ? other->dictionary : BytesView();
            skipSpace(text);
            size = number(text);
        }
        return size ? dataAt(m_pdf, *object.stream, *size) : std::nullopt;
    }

private:
    static constexpr BytesView kStream = "stream";
    static constexpr BytesView kEnd = "endobj";

    /// Where a word stands next; remembered, so that no byte is searched twice.
    struct Next {
        BytesView word;
        std::size_t place = 0;
        bool isKnown = false;
        std::size_t from(BytesView pdf, std::size_t at)
        {
            if (!isKnown || place < at)
                place = pdf.find(word, at);
            isKnown = true;
            return place;
        }
    };

    /// "number generation" of the next object that begins a line, and where its dictionary begins.
    std::optional<std::pair<BytesView, std::size_t>> nextHead(std::size_t from) const
    {
        constexpr BytesView word = " obj";
        for (std::size_t at = m_pdf.find(word, from); at != BytesView::npos; at = m_pdf.find(word, at + 1)) {
            std::size_t begin = at;
            const auto hadDigits = [&] {
                const std::size_t end = begin;
                while (begin > from && isDigit(m_pdf[begin - 1]))
                    --begin;
                return begin < end;
            };
            if (!hadDigits() || begin == from || m_pdf[--begin] != ' ' || !hadDigits())
                continue;
            if (begin == 0 || m_pdf[begin - 1] == '\n' || m_pdf[begin - 1] == '\r')
                return std::pair(m_pdf.substr(begin, at - begin), at + word.size());
        }
        return {};
    }

    BytesView m_pdf;
    Next m_stream{kStream};
    Next m_endOfObject{kEnd};
    std::map<BytesView, Object> m_objects;
};

Result<Bytes> inflated(BytesView packed, const Error &bad)
{
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

} // namespace

Result<Bytes> extractAttachment(BytesView pdf, std::string_view name)
{
    if (pdf.substr(0, 1024).find("%PDF-") == BytesView::npos)
        return Error{ErrorKind::Invalid, "This is not a PDF file.", {}};
    const Objects objects(pdf);
    const auto files = objects.filesNamed(name);
    if (files.empty())
        return missing(name);
    if (files.size() > 1)
        return Error{ErrorKind::Invalid,
                     "The PDF has several attachments \"" + std::string(name) +
                         "\". A report has one; another program added to it.",
                     {}};
    const Objects::Object *object = objects.find(*files.begin());
    const auto data = object ? objects.dataOf(*object) : std::nullopt;
    if (!data)
        return damaged(name);
    if (object->dictionary.find("/Filter") == BytesView::npos)
        return Bytes(*data);
    const auto filter = valueOf(object->dictionary, "/Filter", [](BytesView rest) -> std::optional<BytesView> {
        skipSpace(rest);
        if (takeWord(rest, "["))
            skipSpace(rest);
        const auto isName = [](char c) { return isDigit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
        if (!takeWord(rest, "/"))
            return {};
        return rest.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(rest, isName) - rest.begin()));
    });
    return filter == "FlateDecode" ? inflated(*data, damaged(name)) : damaged(name);
}

} // namespace countersign::ledger
