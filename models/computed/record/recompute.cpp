#include "models/computed/record/recompute.h"

#include "models/computed/compute.h"
#include "models/crypto/sha256.h"

#include <fstream>

namespace countersign::computed {

namespace {

using std::filesystem::path;

Result<Digest> digestOf(const path &file, const Progress &progress)
{
    std::error_code trouble;
    const auto size = std::filesystem::file_size(file, trouble);
    std::ifstream stream(file, std::ios::binary);
    if (trouble || !stream)
        return Error{ErrorKind::Io, "The log cannot be read.", file.string()};
    crypto::Sha256 hash;
    std::vector<char> buffer(std::size_t(1) << 20U);
    std::uint64_t done = 0;
    while (stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || stream.gcount() > 0) {
        hash.add({buffer.data(), static_cast<std::size_t>(stream.gcount())});
        done += static_cast<std::uint64_t>(stream.gcount());
        progress(done, size, "checking which file it is");
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Computing was stopped.", {}};
    }
    return hash.finish();
}

/// Conflict when the file is another one. Not for pipes, which can be read once only.
Status checkFile(const path &file, const predictions::LogFacts &stored, const char *what, const Progress &progress)
{
    std::error_code trouble;
    if (!std::filesystem::exists(file, trouble))
        return Error{ErrorKind::NotFound, "There is no such file. Check the path.", file.string()};
    if (!std::filesystem::is_regular_file(file, trouble))
        return {};
    const auto digest = digestOf(file, progress);
    if (!digest)
        return digest.error();
    if (*digest != stored.digest)
        return Error{ErrorKind::Conflict, std::string("This is another file than the ") + what + " on record: its SHA-256 begins with " + digest->shortHex() + ", that of "
                         + predictions::shownSample(stored.name) + " with " + stored.digest.shortHex() + ".", file.string()};
    return {};
}

Status checkFiles(const ComputedSet &stored, const path &log, const RecomputeOptions &options)
{
    if (stored.log.dialect.format == predictions::Format::Table)
        return Error{ErrorKind::Invalid, "The stored figures were computed in a database from " + predictions::shownSample(stored.log.name) + ", not from a file.", {}};
    if (stored.referenceLog && !options.referenceLog)
        return Error{ErrorKind::Invalid, "Drift was computed against " + predictions::shownSample(stored.referenceLog->name) + "; that file is needed too.", {}};
    if (options.evenIfAnotherLog)
        return {};
    if (const auto status = checkFile(log, stored.log, "log", options.read.progress); !status)
        return status;
    return stored.referenceLog ? checkFile(*options.referenceLog, *stored.referenceLog, "reference log", options.read.progress) : Status();
}

Result<ComputedSet> computeAgain(const ComputedSet &stored, const path &log, const RecomputeOptions &options)
{
    auto reader = predictions::LogReader::open(log, stored.mapping.dialect, options.read.progress);
    if (!reader)
        return reader.error();
    Parameters parameters = stored.parameters;
    parameters.threads = options.read.threads;
    std::optional<predictions::LogReader> reference;
    if (stored.referenceLog) {
        auto other = predictions::LogReader::open(*options.referenceLog, stored.mapping.dialect, options.read.progress);
        if (!other)
            return other.error();
        reference.emplace(*std::move(other));
    }
    if (options.isBounded || stored.isBounded || stored.scoreStep > 0)
        return computeBounded(*std::move(reader), stored.mapping, parameters, options.read, stored.scoreStep, {}, std::move(reference));
    return computeLog(*std::move(reader), stored.mapping, parameters, options.read, {}, std::move(reference));
}

} // namespace

Result<Recomputation> recompute(const ComputedSet &stored, const path &log, const RecomputeOptions &options)
{
    if (const auto status = checkFiles(stored, log, options); !status)
        return status.error();
    const auto computed = computeAgain(stored, log, options);
    if (!computed)
        return computed.error();
    return compareSets(stored, *computed, options.listed);
}

} // namespace countersign::computed
