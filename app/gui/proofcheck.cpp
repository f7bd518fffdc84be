#include "app/gui/proofcheck.h"

#include <fstream>

namespace countersign::gui {

namespace {

constexpr std::uintmax_t kLargest = 512U << 20; // a report with all its evidence stays far below

Result<Bytes> readAll(const std::filesystem::path &file)
{
    std::error_code trouble;
    const auto size = std::filesystem::file_size(file, trouble);
    if (trouble)
        return Error{ErrorKind::Io, "The file cannot be read: " + trouble.message() + ".", {}};
    if (size > kLargest)
        return Error{ErrorKind::Io, "The file is larger than 512 MiB; no report or proof bundle is.", {}};
    Bytes bytes(size, '\0');
    std::ifstream stream(file, std::ios::binary);
    if (!stream.read(bytes.data(), static_cast<std::streamsize>(size)))
        return Error{ErrorKind::Io, "The file cannot be read to its end.", {}};
    return bytes;
}

} // namespace

Result<ledger::ProofReport> checkProofFile(const std::filesystem::path &file)
{
    const auto bytes = readAll(file);
    if (!bytes)
        return bytes.error();
    const bool isPdf = bytes->compare(0, 5, "%PDF-") == 0;
    const auto attached = isPdf ? ledger::extractAttachment(*bytes, "bundle.countersign") : *bytes;
    if (!attached)
        return attached.error();
    const auto bundle = ledger::decodeProof(*attached);
    if (!bundle)
        return bundle.error();
    return ledger::verifyProof(*bundle);
}

} // namespace countersign::gui
