#pragma once

#include "models/base/bytes.h"
#include "models/base/digest.h"
#include "models/base/progress.h"
#include "models/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace countersign::services {

/// The largest file that is taken as evidence. It stays in the ledger's database for good.
inline constexpr std::size_t kLargestEvidence = 32U << 20;

/// A file as it was read: nobody opens or runs what is in it.
struct EvidenceFile {
    std::string name;  ///< safeFileName() of its path
    std::string media; ///< mediaTypeOf() its bytes
    Digest digest;
    Bytes bytes;
};

/// A file, and nothing else that a path can name: neither a folder, a device nor a pipe, which might give without end or never.
class PlainFile
{
public:
    /// NotFound, Invalid, Io.
    static Result<PlainFile> open(const std::filesystem::path &path);
    PlainFile(PlainFile &&other) noexcept;
    PlainFile &operator=(PlainFile &&) = delete;
    ~PlainFile();

    std::uint64_t size() const { return m_size; } ///< when it was opened
    /// Gives every piece to `take`, in order, until that gives an error. Returns the digest of it all. Io, Cancelled.
    Result<Digest> readAll(const std::function<Status(BytesView)> &take, const Progress &progress = {});

private:
    PlainFile(int descriptor, std::uint64_t size, std::filesystem::path path) : m_descriptor(descriptor), m_size(size), m_path(std::move(path)) {}

    int m_descriptor;
    std::uint64_t m_size;
    std::filesystem::path m_path;
};

/// NotFound. Invalid: a folder, a device or a pipe; empty; larger than kLargestEvidence. Io.
Result<EvidenceFile> readEvidenceFile(const std::filesystem::path &path);

/// A name under which a file can be shown and written anywhere: the last part of the path, without characters that cannot be seen, steer text or mean
/// something to a shell's or system's names; at most 120 bytes, its extension kept. Never empty, a dot file or an option.
std::string safeFileName(std::string_view path);

/// What the bytes are, by the bytes alone, from a short list of what is safe to name; else text/plain for clean text, application/octet-stream for anything
/// else. Markup is text.
std::string mediaTypeOf(BytesView bytes);

} // namespace countersign::services
