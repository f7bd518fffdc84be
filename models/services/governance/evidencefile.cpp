#include "models/services/governance/evidencefile.h"

#include "models/base/json.h"
#include "models/base/text.h"
#include "models/crypto/sha256.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace countersign::services {

namespace {

constexpr std::size_t kLongestName = 120;
constexpr std::size_t kLongestExtension = 16;
constexpr std::size_t kLargestJsonToTell = 4U << 20; // larger ones are text: telling costs a whole reading

Error failed(ErrorKind kind, const std::string &what, const std::filesystem::path &path) { return {kind, what, path.string()}; }

struct Descriptor {
    int number = -1;
    ~Descriptor()
    {
        if (number >= 0)
            ::close(number);
    }
};

/// The character's bytes that begin at `at`. Precondition: well-formed text.
std::string_view characterAt(std::string_view utf8, std::size_t at)
{
    std::size_t end = at + 1;
    while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xC0U) == 0x80U)
        ++end;
    return utf8.substr(at, end - at);
}

/// Text for people: well-formed, and no control characters but white space.
bool isPlainText(BytesView bytes)
{
    constexpr std::string_view white = "\t\n\f\r";
    const bool isSeen = std::ranges::all_of(bytes, [&](char c) { return (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) || white.find(c) != std::string_view::npos; });
    return isSeen && text::isUtf8(bytes);
}

bool isJson(BytesView bytes)
{
    const auto first = bytes.find_first_not_of(" \t\r\n");
    return bytes.size() <= kLargestJsonToTell && first != BytesView::npos && (bytes[first] == '{' || bytes[first] == '[') && json::parse(bytes).ok();
}

} // namespace

Result<EvidenceFile> readEvidenceFile(const std::filesystem::path &path)
{
    // Not to wait for whoever writes into a pipe.
    const Descriptor descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (descriptor.number < 0)
        return failed(errno == ENOENT ? ErrorKind::NotFound : ErrorKind::Io,
                      errno == ENOENT ? std::string("There is no such file. Check the path.") : std::string("The file can't be opened: ") + std::strerror(errno) + ".", path);
    struct stat status {};
    if (::fstat(descriptor.number, &status) != 0 || !S_ISREG(status.st_mode))
        return failed(ErrorKind::Invalid, "This is not a file. Name a single file, or say where the evidence is with a reference.", path);
    const Error tooLarge = failed(ErrorKind::Invalid, "The file is larger than 32 MiB. Keep it where it is, and say where with a reference.", path);
    if (status.st_size > static_cast<off_t>(kLargestEvidence))
        return tooLarge;
    EvidenceFile file;
    file.bytes.reserve(static_cast<std::size_t>(status.st_size));
    crypto::Sha256 hash;
    std::array<char, 1U << 16> part{};
    for (;;) {
        const ssize_t got = ::read(descriptor.number, part.data(), part.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed(ErrorKind::Io, std::string("The file can't be read any further: ") + std::strerror(errno) + ".", path);
        if (got == 0)
            break;
        if (file.bytes.size() + static_cast<std::size_t>(got) > kLargestEvidence) // it grows
            return tooLarge;
        hash.add({part.data(), static_cast<std::size_t>(got)});
        file.bytes.append(part.data(), static_cast<std::size_t>(got));
    }
    if (file.bytes.empty())
        return failed(ErrorKind::Invalid, "The file is empty. Evidence has something in it.", path);
    file.digest = hash.finish();
    file.name = safeFileName(path.string());
    file.media = mediaTypeOf(file.bytes);
    return file;
}

std::string safeFileName(std::string_view path)
{
    if (const auto slash = path.find_last_of("/\\"); slash != std::string_view::npos)
        path.remove_prefix(slash + 1);
    std::string given(path);
    if (!text::isUtf8(given))
        std::ranges::replace_if(given, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '_');
    given = text::toNfc(given);
    std::string name;
    for (std::size_t at = 0; at < given.size();) {
        const std::string_view character = characterAt(given, at);
        constexpr std::string_view meaningful = "<>:\"|?*";
        const bool isSafe = text::isClean(character) && (character.size() > 1 || meaningful.find(character.front()) == std::string_view::npos);
        name += isSafe ? character : std::string_view("_");
        at += character.size();
    }
    name = text::toNfc(name); // what was taken out may have stood between what belongs together
    while (!name.empty() && (name.back() == '.' || name.back() == ' '))
        name.pop_back();
    name.erase(0, name.find_first_not_of(' '));
    if (!name.empty() && (name.front() == '.' || name.front() == '-'))
        name.front() = '_';
    if (name.size() > kLongestName) {
        const auto dot = name.rfind('.');
        const std::string extension = dot != std::string::npos && name.size() - dot <= kLongestExtension ? name.substr(dot) : std::string();
        name = text::shortened(name, kLongestName - extension.size()) + extension;
    }
    return name.empty() ? "file" : name;
}

std::string mediaTypeOf(BytesView bytes)
{
    using namespace std::string_view_literals;
    struct Signature {
        std::string_view begins;
        const char *media;
    };
    static constexpr std::array<Signature, 7> signatures{{{"%PDF-"sv, "application/pdf"},
                                                          {"\x89PNG\r\n\x1A\n"sv, "image/png"},
                                                          {"\xFF\xD8\xFF"sv, "image/jpeg"},
                                                          {"GIF8"sv, "image/gif"},
                                                          {"PK\x03\x04"sv, "application/zip"},
                                                          {"\x1F\x8B"sv, "application/gzip"},
                                                          {"PAR1"sv, "application/vnd.apache.parquet"}}};
    for (const Signature &signature : signatures)
        if (bytes.starts_with(signature.begins))
            return signature.media;
    if (isJson(bytes))
        return "application/json";
    return isPlainText(bytes) ? "text/plain" : "application/octet-stream";
}

} // namespace countersign::services
