#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/textfile.h"
#include "models/services/keys/keys.h"
#include "models/services/ledger/continuity.h"
#include "models/services/workspace/verification.h"
#include "models/store/guards/status.h"

#include <cmath>

namespace countersign::cli {

namespace {

constexpr std::size_t kLargestFile = 512U << 20;

/// What the ledger was compared with, beside itself.
struct Outside {
    std::optional<services::Continuity> kept; ///< the checkpoint that was given
    services::RememberedState remembered;     ///< by this computer
    bool isContinued() const { return (!kept || kept->problem.empty()) && !remembered.problem; }
};

std::string rememberedText(const services::RememberedState &remembered)
{
    if (remembered.problem)
        return remembered.problem->text();
    if (!remembered.known)
        return "nothing yet";
    return std::to_string(remembered.known->head.size) + " entries, root " + remembered.known->head.root.hex()
        + (remembered.known->isSigned ? ", signed by this computer at " + formatUtc(remembered.known->at) : std::string(", not signed")) + "; the ledger continues them";
}

std::string signersText(const std::vector<services::NoteSigner> &signers)
{
    std::string text;
    for (const auto &signer : signers)
        text += (text.empty() ? "" : "; ") + (signer.personName.empty() ? std::string("nobody who is known") : signer.personName) + ", computer " + signer.device.text().substr(0, 14) + "…"
            + (signer.at == Instant() ? "" : " at " + formatUtc(signer.at)) + (signer.isRevoked ? " (revoked since)" : "");
    return text.empty() ? "nobody of this workspace" : text;
}

std::string limitSentence(const services::Verification &result, const Outside &outside)
{
    if (outside.kept && outside.kept->problem.empty())
        return "The first " + std::to_string(outside.kept->kept.head.size) + " entries are those of the checkpoint that was kept outside. What came later could have been cut off without a trace here.";
    if (result.checkpointSize)
        return "Kept with the record is a checkpoint of " + std::to_string(*result.checkpointSize)
            + " entries; it can be taken away together with the newest entries. Only a checkpoint kept outside shows that: verify --since FILE.";
    return "No checkpoint is kept. Newest entries could have been cut off without a trace: make one with countersign-cli checkpoint and keep it outside.";
}

void printText(Context &context, const services::Verification &result, const Outside &outside, const std::string &remark, const std::string &database)
{
    std::string out = result.sentence() + "\n";
    if (outside.kept && !outside.kept->problem.empty())
        out += outside.kept->problem + "\n";
    if (outside.remembered.problem)
        out += outside.remembered.problem->text() + "\n";
    const double rate = result.seconds > 0 ? static_cast<double>(result.entries) / result.seconds : 0;
    char seconds[64];
    std::snprintf(seconds, sizeof seconds, "%.2f s, %.0f entries/s", result.seconds, rate);
    out += factLines({{"Entries", std::to_string(result.entries)}, {"Signatures", std::to_string(result.signatures)}, {"Documents", std::to_string(result.evidence)},
                      {"Table rows", std::to_string(result.rows)}, {"Root", result.head.root.text()}, {"Time taken", seconds}, {"Remembered", rememberedText(outside.remembered)}});
    if (outside.kept && outside.kept->problem.empty())
        out += factLines({{"Continues", std::to_string(outside.kept->kept.head.size) + " entries, root " + outside.kept->kept.head.root.hex()}, {"Signed by", signersText(outside.kept->witnesses.publishers)},
                          {"Co-signed by", signersText(outside.kept->witnesses.cosigners) + ": " + outside.kept->witnesses.sentence()}});
    for (const auto &finding : result.findings)
        out += factLines({{"!!", finding.sentence + " " + finding.provenance()}});
    if (result.problems > result.findings.size())
        out += "… and " + std::to_string(result.problems - result.findings.size()) + " more.\n";
    if (result.problems > 0 && !result.provedEntries && result.isTreeAsRecorded)
        out += "Make the tables anew from the ledger, which records what was found: countersign-cli db rebuild\n";
    if (!remark.empty())
        out += factLines({{"Keys:", remark}});
    out += factLines({{"Limits:", limitSentence(result, outside)}, {"Database:", database}});
    context.terminal().print(out);
}

json::Object findingValue(const services::Discrepancy &finding)
{
    const auto orNull = [](const std::string &text) { return text.empty() ? json::Value() : json::Value(text); };
    json::Object object{{"by", orNull(finding.entryBy)}, {"entry", finding.entry >= 0 ? json::Value(finding.entry) : json::Value()}, {"kind", orNull(finding.entryKind)},
                        {"sentence", finding.sentence}, {"time", orNull(finding.entryAt)}};
    if (!finding.row)
        return object;
    using Kind = store::TableDifference::Kind;
    const auto &row = *finding.row;
    const bool isChanged = row.kind == Kind::Changed;
    object.set("column", isChanged ? json::Value(row.column) : json::Value());
    object.set("difference", isChanged ? "changed" : row.kind == Kind::Missing ? "missing" : "extra");
    object.set("found", isChanged ? json::Value(row.found) : json::Value());
    object.set("recorded", isChanged ? json::Value(row.recorded) : json::Value());
    object.set("removed", finding.isRemoval);
    object.set("row", row.row);
    object.set("table", row.table);
    return object;
}

json::Value signerArray(const std::vector<services::NoteSigner> &signers)
{
    json::Array array;
    for (const auto &signer : signers)
        array.emplace_back(json::Object{{"at", signer.at == Instant() ? json::Value() : json::Value(formatUtc(signer.at))}, {"device", signer.device.text()},
                                        {"person", signer.person}, {"personName", signer.personName}, {"revoked", signer.isRevoked}});
    return json::Value(std::move(array));
}

void printDocument(Context &context, const services::Verification &result, const Outside &outside, const std::string &remark, const std::string &database, bool isIntact)
{
    json::Array findings;
    for (const auto &finding : result.findings)
        findings.emplace_back(findingValue(finding));
    json::Object object{{"checkpointSize", result.checkpointSize ? json::Value(*result.checkpointSize) : json::Value()}, {"database", database}, {"documents", result.evidence}, {"entries", result.entries},
                        {"findings", std::move(findings)}, {"intact", isIntact}, {"keys", remark}, {"limits", limitSentence(result, outside)}, {"origin", result.origin},
                        {"problems", result.problems}, {"provedEntries", result.provedEntries ? json::Value(*result.provedEntries) : json::Value(result.entries)},
                        {"root", result.head.root.text()}, {"rows", result.rows}, {"sentence", result.sentence()}, {"signatures", result.signatures},
                        {"treeAsRecorded", result.isTreeAsRecorded}, {"worst", ledger::entryStateWord(result.worst)}};
    setReal(object, "seconds", result.seconds);
    setReal(object, "entriesPerSecond", result.seconds > 0 ? static_cast<double>(result.entries) / result.seconds : 0);
    if (outside.kept)
        object.set("outsideCheckpoint", json::Object{{"cosigners", signerArray(outside.kept->witnesses.cosigners)}, {"persons", static_cast<std::uint64_t>(outside.kept->witnesses.persons())},
                                                     {"problem", outside.kept->problem}, {"publishers", signerArray(outside.kept->witnesses.publishers)},
                                                     {"root", outside.kept->kept.head.root.text()}, {"size", outside.kept->kept.head.size}, {"wanted", outside.kept->witnesses.wanted}});
    if (const auto &known = outside.remembered.known)
        object.set("remembered", json::Object{{"at", formatUtc(known->at)}, {"root", known->head.root.text()}, {"signed", known->isSigned}, {"size", known->head.size}});
    if (outside.remembered.problem)
        object.set("rememberedProblem", outside.remembered.problem->text());
    printJson(context, "verify", std::move(object));
}

} // namespace

Result<ExitCode> runVerify(Context &context)
{
    std::optional<std::string> note;
    const CommandLine &line = context.line();
    if (const auto file = line.value("--since") ? line.value("--since") : line.value("--checkpoint")) {
        const auto bytes = readTextFile(*file, kLargestFile, "The checkpoint");
        if (!bytes)
            return bytes.error();
        auto found = services::checkpointIn(*bytes);
        if (!found)
            return found.error().in(*file);
        note = *std::move(found);
    }
    const auto connection = context.connect();
    if (!connection)
        return connection.error();
    const auto result = services::verifyWorkspace(**connection, context.terminal().progress());
    if (!result)
        return result.error();
    Outside outside;
    if (note) {
        auto continuity = services::compareWithKept(**connection, *note);
        if (!continuity)
            return continuity.error();
        outside.kept = std::move(*continuity);
    }
    auto remembered = services::compareWithMemory(**connection, context.readingEnvironment());
    if (!remembered)
        return remembered.error();
    outside.remembered = std::move(*remembered);
    const bool isIntact = result->isIntact() && outside.isContinued();
    const auto remark = services::administratorsRemark(**connection);
    if (!remark)
        return remark.error();
    const auto separation = store::dutySeparation(**connection);
    if (!separation)
        return separation.error();
    context.isJson() ? printDocument(context, *result, outside, *remark, separation->sentence, isIntact)
                     : printText(context, *result, outside, *remark, separation->sentence);
    return isIntact ? Done : Integrity;
}

} // namespace countersign::cli
