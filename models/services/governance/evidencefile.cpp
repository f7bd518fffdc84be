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
#include <utility>
#include <vector>

namespace countersign::services {

namespace {

constexpr std::size_t kLongestName = 120;
constexpr std::size_t kLongestExtension = 16;
constexpr std::size_t kLargestJsonToTell = 4U << 20; // larger ones are text: telling costs a whole reading

Error failed(ErrorKind kind, const std::string &what, const std::filesystem::path &path) { return {kind, what, path.string()}; }

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

Result<PlainFile> PlainFile::open(const std::filesystem::path &path)
{
    // Not to wait for whoever writes into a pipe.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return failed(errno == ENOENT ? ErrorKind::NotFound : ErrorKind::Io,
                      errno == ENOENT ? std::string("There is no such file. Check the path.") : std::string("The file can't be opened: ") + std::strerror(errno) + ".", path);
    struct stat status {};
    const bool isFile = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    PlainFile file(descriptor, isFile ? static_cast<std::uint64_t>(status.st_size) : 0, path);
    if (!isFile)
        return failed(ErrorKind::Invalid, "This is not a file. Name a single file.", path);
    return file;
}

PlainFile::PlainFile(PlainFile &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)), m_size(other.m_size), m_path(std::move(other.m_path)) {}

PlainFile::~PlainFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<Digest> PlainFile::readAll(const std::function<Status(BytesView)> &take, const Progress &progress)
{
    crypto::Sha256 hash;
    std::vector<char> part(1U << 20);
    for (std::uint64_t done = 0;;) {
        const ssize_t got = ::read(m_descriptor, part.data(), part.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed(ErrorKind::Io, std::string("The file can't be read any further: ") + std::strerror(errno) + ".", m_path);
        if (got == 0)
            return hash.finish();
        const BytesView piece(part.data(), static_cast<std::size_t>(got));
        hash.add(piece);
        if (take)
            if (const auto status = take(piece); !status)
                return status.error();
        done += piece.size();
        progress(done, std::max(done, m_size), "reading the file");
        if (progress.isCancelled())
            return failed(ErrorKind::Cancelled, "It was cancelled; nothing was changed.", m_path);
    }
}

Result<EvidenceFile> readEvidenceFile(const std::filesystem::path &path)
{
    auto opened = PlainFile::open(path);
    if (!opened)
        return opened.error();
    const Error tooLarge = failed(ErrorKind::Invalid, "The file is larger than 32 MiB. Keep it where it is, and say where with a reference.", path);
    if (opened->size() > kLargestEvidence)
        return tooLarge;
    EvidenceFile file;
    file.bytes.reserve(opened->size());
    const auto digest = opened->readAll([&](BytesView piece) -> Status {
        if (file.bytes.size() + piece.size() > kLargestEvidence) // it grows
            return tooLarge;
        file.bytes.append(piece);
        return {};
    });
    if (!digest)
        return digest.error();
    if (file.bytes.empty())
        return failed(ErrorKind::Invalid, "The file is empty. Evidence has something in it.", path);
    file.digest = *digest;
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
