#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/textfile.h"
#include "models/ledger/checkpoint.h"
#include "models/services/keys/keys.h"
#include "models/services/workspace/verification.h"

#include <cmath>

namespace countersign::cli {

namespace {

/// A checkpoint that somebody kept outside, compared with the entries as they are now.
struct OutsideCheck {
    std::uint64_t size = 0;
    std::string problem; ///< empty: the first `size` entries are those that were signed then
};

constexpr std::size_t kBatch = 4096;
constexpr std::size_t kLargestNote = 64U << 10;

Result<ledger::Checkpoint> readNote(const std::string &file)
{
    const auto note = readTextFile(file, kLargestNote, "The checkpoint");
    if (!note)
        return note.error();
    auto checkpoint = ledger::readCheckpointUnverified(*note);
    return checkpoint ? checkpoint : Result<ledger::Checkpoint>(checkpoint.error().in(file));
}

/// Equal roots prove equal entries, whoever signed the note.
Result<OutsideCheck> compareOutside(database::Connection &connection, const ledger::Checkpoint &kept)
{
    store::LedgerStore store(connection);
    OutsideCheck check{kept.head.size, {}};
    ledger::CompactTree tree;
    LedgerId id;
    while (tree.size() < kept.head.size) {
        const auto entries = store.read(tree.size(), static_cast<std::size_t>(std::min<std::uint64_t>(kBatch, kept.head.size - tree.size())));
        if (!entries)
            return entries.error();
        if (entries->empty())
            break;
        for (const auto &entry : *entries) {
            const Digest leaf = ledger::leafHash(entry);
            if (tree.size() == 0)
                id = LedgerId::of(leaf.hex());
            tree.append(leaf);
        }
    }
    if (!id.isEmpty() && ledger::checkpointOrigin(id) != kept.origin)
        check.problem = "The checkpoint is of another ledger, " + kept.origin + ".";
    else if (tree.size() < kept.head.size)
        check.problem = "The checkpoint was made over " + std::to_string(kept.head.size) + " entries; the ledger has only " + std::to_string(tree.size()) + ". Entries were cut off.";
    else if (tree.root() != kept.head.root)
        check.problem = "The first " + std::to_string(kept.head.size) + " entries are not those of the checkpoint.";
    return check;
}

std::string limitSentence(const services::Verification &result, const std::optional<OutsideCheck> &outside)
{
    if (outside && outside->problem.empty())
        return "The first " + std::to_string(outside->size) + " entries are those of the checkpoint that was kept outside. What came later could have been cut off without a trace here.";
    if (result.checkpointSize)
        return "Kept with the record is a checkpoint of " + std::to_string(*result.checkpointSize)
            + " entries; it can be taken away together with the newest entries. Only a checkpoint kept outside shows that: verify --checkpoint FILE.";
    return "No checkpoint is kept. Newest entries could have been cut off without a trace: make one with countersign-cli checkpoint and keep it outside.";
}

void printText(Context &context, const services::Verification &result, const std::optional<OutsideCheck> &outside, const std::string &remark)
{
    std::string out = result.sentence() + "\n";
    if (outside && !outside->problem.empty())
        out += outside->problem + "\n";
    const double rate = result.seconds > 0 ? static_cast<double>(result.entries) / result.seconds : 0;
    char seconds[64];
    std::snprintf(seconds, sizeof seconds, "%.2f s, %.0f entries/s", result.seconds, rate);
    out += factLines({{"Entries", std::to_string(result.entries)}, {"Signatures", std::to_string(result.signatures)}, {"Documents", std::to_string(result.evidence)},
                      {"Table rows", std::to_string(result.rows)}, {"Root", result.head.root.text()}, {"Time taken", seconds}});
    for (const auto &finding : result.findings) {
        std::string line = finding.sentence;
        if (finding.entry >= 0)
            line += " Entry " + std::to_string(finding.entry) + (finding.entryAt.empty() ? "" : ", " + finding.entryAt) + (finding.entryBy.empty() ? "" : ", by " + finding.entryBy) + ".";
        out += factLines({{"!!", line}});
    }
    if (result.problems > result.findings.size())
        out += "… and " + std::to_string(result.problems - result.findings.size()) + " more.\n";
    if (!remark.empty())
        out += factLines({{"Keys:", remark}});
    out += factLines({{"Limits:", limitSentence(result, outside)}});
    context.terminal().print(out);
}

void printDocument(Context &context, const services::Verification &result, const std::optional<OutsideCheck> &outside, const std::string &remark, bool isIntact)
{
    json::Array findings;
    for (const auto &finding : result.findings)
        findings.emplace_back(json::Object{{"by", finding.entryBy.empty() ? json::Value() : json::Value(finding.entryBy)},
                                           {"entry", finding.entry >= 0 ? json::Value(finding.entry) : json::Value()}, {"sentence", finding.sentence},
                                           {"time", finding.entryAt.empty() ? json::Value() : json::Value(finding.entryAt)}});
    json::Object object{{"checkpointSize", result.checkpointSize ? json::Value(*result.checkpointSize) : json::Value()}, {"documents", result.evidence}, {"entries", result.entries},
                        {"findings", std::move(findings)}, {"intact", isIntact}, {"keys", remark}, {"limits", limitSentence(result, outside)}, {"origin", result.origin},
                        {"problems", result.problems}, {"provedEntries", result.provedEntries ? json::Value(*result.provedEntries) : json::Value(result.entries)},
                        {"root", result.head.root.text()}, {"rows", result.rows}, {"sentence", result.sentence()}, {"signatures", result.signatures},
                        {"treeAsRecorded", result.isTreeAsRecorded}, {"worst", ledger::entryStateWord(result.worst)}};
    setReal(object, "seconds", result.seconds);
    setReal(object, "entriesPerSecond", result.seconds > 0 ? static_cast<double>(result.entries) / result.seconds : 0);
    if (outside)
        object.set("outsideCheckpoint", json::Object{{"problem", outside->problem}, {"size", outside->size}});
    printJson(context, "verify", std::move(object));
}

} // namespace

Result<ExitCode> runVerify(Context &context)
{
    std::optional<ledger::Checkpoint> kept;
    if (const auto file = context.line().value("--checkpoint")) {
        const auto note = readNote(*file);
        if (!note)
            return note.error();
        kept = *note;
    }
    const auto connection = context.connect();
    if (!connection)
        return connection.error();
    const auto result = services::verifyWorkspace(**connection, context.terminal().progress());
    if (!result)
        return result.error();
    std::optional<OutsideCheck> outside;
    if (kept) {
        const auto check = compareOutside(**connection, *kept);
        if (!check)
            return check.error();
        outside = *check;
    }
    const bool isIntact = result->isIntact() && (!outside || outside->problem.empty());
    const auto remark = services::administratorsRemark(**connection);
    if (!remark)
        return remark.error();
    context.isJson() ? printDocument(context, *result, outside, *remark, isIntact) : printText(context, *result, outside, *remark);
    return isIntact ? Done : Integrity;
}

} // namespace countersign::cli
