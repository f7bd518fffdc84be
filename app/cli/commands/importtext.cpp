#include "app/cli/commands/importtext.h"

#include "app/cli/terminal/output.h"

namespace countersign::cli {

namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

std::string number(std::int64_t n) { return std::to_string(n); }

void sayNotes(Context &context, const services::ImportOutcome &outcome, bool areRejectsTold)
{
    auto &terminal = context.terminal();
    for (const auto &note : outcome.notes)
        terminal.say("Note: " + note);
    constexpr std::size_t kSaid = 10;
    for (std::size_t i = 0; i < outcome.clashes.size() && i < kSaid; ++i)
        terminal.say("Restated: " + outcome.clashes[i]);
    if (areRejectsTold)
        return;
    for (std::size_t i = 0; i < outcome.rejectedRows.size() && i < kSaid; ++i) {
        const auto &row = outcome.rejectedRows[i];
        terminal.say("Rejected: row " + std::to_string(row.row) + " (line " + std::to_string(row.line) + ")" + (row.column.empty() ? "" : ", column " + row.column) + ": " + row.reason);
    }
    if (outcome.rejected > static_cast<std::int64_t>(kSaid))
        terminal.say("… and " + number(outcome.rejected - static_cast<std::int64_t>(kSaid)) + " more; --rejected FILE.csv lists them all.");
}

Facts factsOf(const services::ImportOutcome &outcome)
{
    return {{"Models", number(outcome.models) + " new"}, {"Versions", number(outcome.versions) + " new"}, {"Runs", number(outcome.runs) + " new"},
            {"Changed records", number(outcome.changes)}, {"Values", number(outcome.observations) + " new, " + number(outcome.restated) + " of them restated; " + number(outcome.known) + " known"},
            {"Rejected rows", number(outcome.rejected)}};
}

} // namespace

ExitCode printOutcome(Context &context, const services::ImportOutcome &outcome, bool isPreview, bool areRejectsTold)
{
    sayNotes(context, outcome, areRejectsTold);
    const bool isRecorded = !isPreview && !outcome.isNothingNew() && outcome.alreadyImported.empty();
    if (context.isJson()) {
        auto object = outcomeJson(outcome);
        object.set("import", isRecorded ? json::Value(outcome.import.text()) : json::Value());
        object.set("number", isRecorded ? json::Value(outcome.number()) : json::Value());
        object.set("preview", isPreview);
        printJson(context, "import", std::move(object));
    } else if (!outcome.alreadyImported.empty()) {
        context.terminal().print("Already imported as " + outcome.alreadyImported + "; nothing was added.\n");
    } else {
        Facts facts{{isRecorded ? "Import" : isPreview ? "Preview" : "Nothing new", isRecorded ? outcome.number() : isPreview ? "nothing was written" : "the workspace has it all"},
                    {"From", outcome.source + " (" + outcome.description + ")"}};
        for (auto &fact : factsOf(outcome))
            facts.push_back(std::move(fact));
        context.terminal().print(factLines(facts));
    }
    return outcome.rejected > 0 ? Partial : Done;
}

} // namespace countersign::cli
