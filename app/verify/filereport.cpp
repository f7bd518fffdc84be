#include "app/verify/filereport.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace countersign::verify {

namespace {

constexpr std::size_t kLargestFile = 512U << 20;
constexpr std::string_view kAttachment = "bundle.countersign";
constexpr std::string_view kFacts = "facts.json";

struct CloseFile {
    void operator()(std::FILE *file) const { std::fclose(file); }
};

Result<Bytes> readFile(const std::string &path)
{
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
    if (!file)
        return Error{ErrorKind::Io, std::string("The file cannot be opened: ") + std::strerror(errno) + ".", {}};
    Bytes bytes;
    std::array<char, 65536> buffer;
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
        bytes.append(buffer.data(), got);
        if (bytes.size() > kLargestFile)
            return Error{ErrorKind::Invalid, "The file is larger than 512 MiB; no file of Countersign is.", {}};
    }
    if (std::ferror(file.get()))
        return Error{ErrorKind::Io, std::string("The file cannot be read: ") + std::strerror(errno) + ".", {}};
    return bytes;
}

FileKind kindOf(BytesView bytes)
{
    if (bytes.substr(0, 1024).find("%PDF-") != BytesView::npos)
        return FileKind::Report;
    if (bytes.starts_with('{') || bytes.find("countersign.proof/") != BytesView::npos)
        return FileKind::Bundle;
    return bytes.find("\n\n\u2014 ") != BytesView::npos ? FileKind::Checkpoint : FileKind::Unknown;
}

void blame(FileReport &report, std::string sentence)
{
    report.proof.problems.push_back(std::move(sentence));
    report.proof.worst = ledger::EntryState::Invalid;
}

/// The key and the ledger that the person asked for.
void checkWishes(FileReport &report, const std::string &note, const Options &options)
{
    if (options.key) {
        const auto checkpoint = ledger::verifyCheckpoint(note, options.key->second);
        if (!checkpoint)
            blame(report, checkpoint.error().message);
        else if (checkpoint->origin != options.key->first)
            blame(report, "The checkpoint is of " + checkpoint->origin + ", the key of " + options.key->first + ".");
    }
    if (options.ledger && report.proof.ledger != *options.ledger)
        blame(report, "It belongs to the ledger " + report.proof.ledger.text() + ", not to the one that was asked for.");
}

void checkBundle(FileReport &report, BytesView bytes, const Options &options)
{
    const auto bundle = ledger::decodeProof(bytes);
    if (!bundle && bundle.error().kind == ErrorKind::Unsupported) {
        report.unreadable = bundle.error().message;
    } else if (!bundle) {
        blame(report, bundle.error().message + " It is damaged, or was altered.");
    } else {
        report.proof = ledger::verifyProof(*bundle);
        checkWishes(report, bundle->checkpoint, options);
    }
}

/// Readers open the facts, so they must be the recorded ones; a report without them is judged by its bundle alone.
void checkFacts(FileReport &report, BytesView pdf, BytesView bundleBytes)
{
    const auto facts = ledger::extractAttachment(pdf, kFacts);
    if (!facts && facts.error().kind == ErrorKind::NotFound)
        return;
    const auto bundle = ledger::decodeProof(bundleBytes);
    const Status status = !facts ? Status(facts.error()) : bundle ? ledger::verifyFacts(*bundle, *facts) : Status();
    if (!status)
        blame(report, status.error().message);
    else
        report.proof.facts.emplace_back("The attached facts are those that were recorded when the report was issued.");
}

void checkReport(FileReport &report, BytesView bytes, const Options &options)
{
    const auto bundle = ledger::extractAttachment(bytes, kAttachment);
    if (bundle) {
        checkBundle(report, *bundle, options);
        if (report.isReadable())
            checkFacts(report, bytes, *bundle);
    } else if (bundle.error().kind == ErrorKind::NotFound)
        report.unreadable = bundle.error().message;
    else
        blame(report, bundle.error().message);
}

void checkCheckpoint(FileReport &report, BytesView bytes, const Options &options)
{
    const auto claimed = ledger::readCheckpointUnverified(bytes);
    if (!claimed) {
        blame(report, claimed.error().message);
        return;
    }
    if (!options.key) {
        report.unreadable = "A checkpoint alone can be checked only against a key: pass its owner's with --key.";
        return;
    }
    constexpr std::string_view prefix = "countersign/";
    report.proof.head = claimed->head;
    if (claimed->origin.starts_with(prefix))
        report.proof.ledger = LedgerId::of("l:" + claimed->origin.substr(prefix.size()));
    checkWishes(report, Bytes(bytes), options);
    if (report.proof.problems.empty())
        report.proof.facts.push_back("The checkpoint over " + std::to_string(claimed->head.size) + " entries of " + claimed->origin + ", root "
                                     + claimed->head.root.hex() + ", is signed by the key given.");
}

} // namespace

std::string_view fileKindWord(FileKind kind)
{
    constexpr std::array<std::string_view, 4> words{"report", "bundle", "checkpoint", "unknown"};
    return words[static_cast<std::size_t>(kind)];
}

FileReport checkFile(const std::string &file, const Options &options)
{
    const auto bytes = readFile(file);
    if (bytes)
        return checkBytes(file, *bytes, options);
    FileReport report;
    report.file = file;
    report.unreadable = bytes.error().message;
    return report;
}

FileReport checkBytes(const std::string &file, BytesView bytes, const Options &options)
{
    FileReport report;
    report.file = file;
    report.kind = kindOf(bytes);
    switch (report.kind) {
    case FileKind::Report:
        checkReport(report, bytes, options);
        break;
    case FileKind::Bundle:
        checkBundle(report, bytes, options);
        break;
    case FileKind::Checkpoint:
        checkCheckpoint(report, bytes, options);
        break;
    case FileKind::Unknown:
        report.unreadable = "This is neither a PDF, nor a proof bundle, nor a checkpoint.";
        break;
    }
    return report;
}

} // namespace countersign::verify
