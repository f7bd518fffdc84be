#include "app/verify/printing.h"

#include "models/base/json.h"
#include "models/base/text.h"

#include <algorithm>

namespace countersign::verify {

namespace {

std::string line(const std::string &mark, const std::string &sentence) { return "  " + mark + text::visible(sentence) + "\n"; }

std::string resultSentence(const ledger::FileReport &report)
{
    if (!report.isReadable())
        return "NOT CHECKED. " + report.unreadable + (report.kind == ledger::FileKind::Checkpoint ? " Pass it with --key." : "");
    const std::string worst(ledger::entryStateWord(report.proof.worst));
    if (!report.isValid())
        return "NOT VALID (" + worst + "). Do not rely on this file; the lines marked with an exclamation mark say why.";
    return "VALID. " + std::string(ledger::validSentence(report.kind));
}

std::string sentencesOf(const ledger::FileReport &report)
{
    std::string out = text::visible(report.file) + " (" + std::string(ledger::fileKindWord(report.kind)) + ")\n";
    if (report.isValid() && !report.proof.ledger.isEmpty())
        out += line("", "Ledger " + report.proof.ledger.text());
    for (const std::string &fact : report.proof.facts)
        out += line("ok ", fact);
    for (const std::string &problem : report.proof.problems)
        out += line("!! ", problem);
    out += line("", resultSentence(report));
    for (const std::string &limit : ledger::notShownBy(report))
        out += line("   not shown: ", limit + ".");
    return out;
}

json::Array strings(const std::vector<std::string> &sentences)
{
    json::Array array;
    for (const std::string &sentence : sentences)
        array.emplace_back(text::visible(sentence));
    return array;
}

json::Object objectOf(const ledger::FileReport &report)
{
    json::Array verdicts;
    for (const ledger::EntryVerdict &verdict : report.proof.verdicts)
        verdicts.emplace_back(json::Object{{"reason", text::visible(verdict.reason)}, {"seq", verdict.seq}, {"state", ledger::entryStateWord(verdict.state)},
                                           {"step", verdict.step}});
    // What a file merely claims is nobody's to rely on.
    const bool isShown = report.isValid();
    json::Value continues;
    if (isShown && report.proof.continues)
        continues = json::Object{{"root", report.proof.continues->root.hex()}, {"size", report.proof.continues->size}};
    return {{"checked", report.isReadable()}, {"continues", continues}, {"cosigners", strings(report.proof.cosigners)}, {"facts", strings(report.proof.facts)}, {"file", text::visible(report.file)}, {"kind", ledger::fileKindWord(report.kind)},
            {"ledger", isShown ? report.proof.ledger.text() : std::string()}, {"message", text::visible(report.unreadable)}, {"not_shown", strings(ledger::notShownBy(report))},
            {"problems", strings(report.proof.problems)}, {"root", isShown ? report.proof.head.root.hex() : std::string()}, {"size", isShown ? report.proof.head.size : 0},
            {"valid", report.isValid()}, {"verdicts", verdicts},
            {"worst", report.isReadable() ? ledger::entryStateWord(report.proof.worst) : std::string_view("unreadable")}};
}

} // namespace

std::string sentences(std::span<const ledger::FileReport> reports)
{
    std::string out;
    for (const ledger::FileReport &report : reports)
        out += (out.empty() ? "" : "\n") + sentencesOf(report);
    if (reports.size() > 1) {
        const auto valid = std::ranges::count_if(reports, &ledger::FileReport::isValid);
        out += "\n" + std::to_string(valid) + " of " + std::to_string(reports.size()) + " files are valid.\n";
    }
    return out;
}

std::string jsonText(std::span<const ledger::FileReport> reports)
{
    json::Array files;
    for (const ledger::FileReport &report : reports)
        files.emplace_back(objectOf(report));
    const auto text = json::canonical(json::Object{{"files", files}, {"valid", std::ranges::all_of(reports, &ledger::FileReport::isValid)}});
    return (text ? *text : text.error().text()) + "\n";
}

} // namespace countersign::verify
