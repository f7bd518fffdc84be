#include "models/ledger/filereport.h"

#include "models/ledger/ledgerfile.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace countersign::ledger {

namespace {

constexpr std::size_t kLargestFile = 512U << 20;
constexpr std::string_view kAttachment = "bundle.countersign";
constexpr std::string_view kFacts = "facts.json";

struct CloseFile {
    void operator()(std::FILE *file) const { std::fclose(file); }
};

using File = std::unique_ptr<std::FILE, CloseFile>;

Error failure(const char *what) { return {ErrorKind::Io, std::string("The file cannot be ") + what + ": " + std::strerror(errno) + ".", {}}; }

Result<File> openFile(const std::string &path)
{
    File file(std::fopen(path.c_str(), "rb"));
    if (!file)
        return failure("opened");
    return file;
}

/// At most so many bytes; fewer at the end of the file.
Result<Bytes> readSome(std::FILE *file, std::size_t most)
{
    Bytes bytes(most, '\0');
    bytes.resize(std::fread(bytes.data(), 1, most, file));
    if (std::ferror(file))
        return failure("read");
    return bytes;
}

Result<Bytes> readRest(std::FILE *file, Bytes bytes)
{
    constexpr std::size_t atOnce = 1U << 20;
    for (;;) {
        const auto more = readSome(file, atOnce);
        if (!more)
            return more.error();
        if (more->empty())
            return bytes;
        bytes += *more;
        if (bytes.size() > kLargestFile)
            return Error{ErrorKind::Invalid, "The file is larger than 512 MiB; only a whole ledger may be.", {}};
    }
}

Result<Bytes> readFile(const std::string &path)
{
    const auto file = openFile(path);
    if (!file)
        return file.error();
    return readRest(file->get(), {});
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
    report.proof.worst = EntryState::Invalid;
}

/// The key and the ledger that the person asked for.
void checkWishes(FileReport &report, const std::string &note, const FileWishes &wishes)
{
    if (wishes.key) {
        const auto checkpoint = verifyCheckpoint(note, wishes.key->second);
        if (!checkpoint)
            blame(report, checkpoint.error().message);
        else if (checkpoint->origin != wishes.key->first)
            blame(report, "The checkpoint is of " + checkpoint->origin + ", the key of " + wishes.key->first + ".");
    }
    if (wishes.ledger && report.proof.ledger != *wishes.ledger)
        blame(report, "It belongs to the ledger " + report.proof.ledger.text() + ", not to the one that was asked for.");
}

/// Whether what is shown and the checkpoints that were kept are states of one ledger. A bundle knows two roots; of others it says nothing.
void compareKept(FileReport &report, const FileWishes &wishes)
{
    for (const std::string &path : wishes.checkpoints) {
        const auto note = readFile(path);
        const auto kept = note ? readCheckpointUnverified(*note) : Result<Checkpoint>(note.error());
        if (!kept) {
            blame(report, "The checkpoint that was kept: " + kept.error().message);
            continue;
        }
        const std::string size = std::to_string(kept->head.size);
        const auto isSame = [&](const TreeHead &head) { return kept->head.size == head.size; };
        const std::optional<TreeHead> head = isSame(report.proof.head) ? report.proof.head : report.proof.continues && isSame(*report.proof.continues) ? report.proof.continues : std::nullopt;
        if (kept->origin != checkpointOrigin(report.proof.ledger))
            blame(report, "The checkpoint that was kept belongs to another ledger.");
        else if (!head)
            blame(report, "This file does not show how it and the checkpoint of " + size + " entries that was kept belong together. Ask for a proof: countersign-cli ledger consistency.");
        else if (head->root != kept->head.root)
            blame(report, "The first " + size + " entries are not those of the checkpoint that was kept: one of the two shows another history.");
        else
            report.proof.facts.push_back("It fits the checkpoint of " + size + " entries that was kept.");
    }
}

void checkLedger(FileReport &report, std::FILE *file, Bytes beginning, const FileWishes &wishes)
{
    LedgerFileReader reader([file, &beginning](std::size_t most) -> Result<Bytes> {
        if (beginning.empty())
            return readSome(file, most);
        Bytes first = beginning.substr(0, most);
        beginning.erase(0, first.size());
        return first;
    });
    std::vector<std::string> kept;
    for (const std::string &path : wishes.checkpoints) {
        auto note = readFile(path);
        if (!note)
            blame(report, "The checkpoint that was kept: " + note.error().message);
        else
            kept.push_back(std::move(*note));
    }
    auto problems = std::move(report.proof.problems);
    report.proof = verifyLedgerFile(reader, kept, wishes.key);
    for (std::string &problem : problems)
        blame(report, std::move(problem));
    if (wishes.ledger && report.proof.ledger != *wishes.ledger)
        blame(report, "It belongs to the ledger " + report.proof.ledger.text() + ", not to the one that was asked for.");
}

void checkBundle(FileReport &report, BytesView bytes, const FileWishes &wishes)
{
    const auto bundle = decodeProof(bytes);
    if (!bundle && bundle.error().kind == ErrorKind::Unsupported) {
        report.unreadable = bundle.error().message;
    } else if (!bundle) {
        blame(report, bundle.error().message + " It is damaged, or was altered.");
    } else {
        report.proof = verifyProof(*bundle);
        checkWishes(report, bundle->checkpoint, wishes);
        compareKept(report, wishes);
    }
}

/// Readers open the facts, so they must be the recorded ones; a report without them is judged by its bundle alone.
void checkFacts(FileReport &report, BytesView pdf, BytesView bundleBytes)
{
    const auto facts = extractAttachment(pdf, kFacts);
    if (!facts && facts.error().kind == ErrorKind::NotFound)
        return;
    const auto bundle = decodeProof(bundleBytes);
    const Status status = !facts ? Status(facts.error()) : bundle ? verifyFacts(*bundle, *facts) : Status();
    if (!status)
        blame(report, status.error().message);
    else
        report.proof.facts.emplace_back("The attached facts are those that were recorded when the report was issued.");
}

void checkReport(FileReport &report, BytesView bytes, const FileWishes &wishes)
{
    const auto bundle = extractAttachment(bytes, kAttachment);
    if (bundle) {
        checkBundle(report, *bundle, wishes);
        if (report.isReadable())
            checkFacts(report, bytes, *bundle);
    } else if (bundle.error().kind == ErrorKind::NotFound)
        report.unreadable = bundle.error().message;
    else
        blame(report, bundle.error().message);
}

void checkCheckpoint(FileReport &report, BytesView bytes, const FileWishes &wishes)
{
    const auto claimed = readCheckpointUnverified(bytes);
    if (!claimed) {
        blame(report, claimed.error().message);
        return;
    }
    if (!wishes.key) {
        report.unreadable = "A checkpoint alone can be checked only against the key of the computer that signed it.";
        return;
    }
    constexpr std::string_view prefix = "countersign/";
    report.proof.head = claimed->head;
    if (claimed->origin.starts_with(prefix))
        report.proof.ledger = LedgerId::of("l:" + claimed->origin.substr(prefix.size()));
    checkWishes(report, Bytes(bytes), wishes);
    compareKept(report, wishes);
    if (report.proof.problems.empty())
        report.proof.facts.push_back("The checkpoint over " + std::to_string(claimed->head.size) + " entries of " + claimed->origin + ", root "
                                     + claimed->head.root.hex() + ", is signed by the key given.");
}

} // namespace

std::string_view fileKindWord(FileKind kind)
{
    constexpr std::array<std::string_view, 5> words{"report", "bundle", "ledger", "checkpoint", "unknown"};
    return words[static_cast<std::size_t>(kind)];
}

FileReport checkFile(const std::string &path, const FileWishes &wishes)
{
    FileReport report;
    report.file = path;
    const auto file = openFile(path);
    auto beginning = file ? readSome(file->get(), kLedgerFileBeginning.size()) : Result<Bytes>(file.error());
    if (beginning && *beginning == kLedgerFileBeginning) {
        report.kind = FileKind::Ledger;
        checkLedger(report, file->get(), std::move(*beginning), wishes);
        return report;
    }
    const auto bytes = beginning ? readRest(file->get(), std::move(*beginning)) : beginning;
    if (bytes)
        return checkBytes(path, *bytes, wishes);
    report.unreadable = bytes.error().message;
    return report;
}

FileReport checkBytes(const std::string &file, BytesView bytes, const FileWishes &wishes)
{
    FileReport report;
    report.file = file;
    report.kind = kindOf(bytes);
    switch (report.kind) {
    case FileKind::Report:
        checkReport(report, bytes, wishes);
        break;
    case FileKind::Bundle:
        checkBundle(report, bytes, wishes);
        break;
    case FileKind::Checkpoint:
        checkCheckpoint(report, bytes, wishes);
        break;
    case FileKind::Ledger: // read as a stream, never as bytes at hand
    case FileKind::Unknown:
        report.unreadable = "This is neither a PDF, nor a proof bundle, nor a ledger, nor a checkpoint.";
        break;
    }
    return report;
}

std::string_view validSentence(FileKind kind)
{
    switch (kind) {
    case FileKind::Report:
        return "The record attached to this report is as it was signed.";
    case FileKind::Ledger:
        return "Every entry is as it was signed, and none is missing before the last.";
    case FileKind::Checkpoint:
        return "The checkpoint is as it was signed.";
    default:
        return "Every entry is as it was signed, by keys that the ledger had enrolled, at its place in the ledger.";
    }
}

std::vector<std::string> notShownBy(const FileReport &report)
{
    if (!report.isValid())
        return {};
    const std::string size = std::to_string(report.proof.head.size);
    std::vector<std::string> limits;
    if (report.kind == FileKind::Report)
        limits.emplace_back("that the pages say the same: they are a rendering of the record, and where they differ the record counts");
    if (report.kind == FileKind::Report || report.kind == FileKind::Bundle) {
        limits.push_back("what was left out: other entries of the " + size + ", and everything later, a revocation of one of these keys too");
        limits.emplace_back("that whoever signed held the role: only a whole ledger shows who had which");
    }
    if (report.kind == FileKind::Ledger)
        limits.push_back("whether there are entries after the " + size + ": only a checkpoint that was kept elsewhere does");
    if (report.kind == FileKind::Checkpoint)
        limits.push_back("what the " + size + " entries say, nor that everybody was shown the same ones");
    limits.emplace_back("that this is the ledger you mean: compare its id with one that you got another way");
    limits.emplace_back("that what was signed is true, or was understood");
    return limits;
}

} // namespace countersign::ledger
