#include "app/verify/printing.h"

#include "models/base/json.h"
#include "models/base/text.h"

#include <algorithm>

namespace countersign::verify {

namespace {

std::string line(const std::string &mark, const std::string &sentence) { return "  " + mark + text::visible(sentence) + "\n"; }

std::string resultSentence(const FileReport &report)
{
    if (!report.isReadable())
        return "NOT CHECKED. " + report.unreadable;
    const std::string worst(ledger::entryStateWord(report.proof.worst));
    if (!report.isValid())
        return "NOT VALID (" + worst + "). Do not rely on this file; the lines marked with an exclamation mark say why.";
    switch (report.kind) {
    case FileKind::Report:
        return "VALID. The record attached to this report is as it was signed. The pages are a rendering of it: where they differ, the record counts.";
    case FileKind::Ledger:
        return "VALID. Every entry is as it was signed, and none is missing before the last. Only a checkpoint that was kept elsewhere shows whether later ones are.";
    case FileKind::Checkpoint:
        return "VALID. The checkpoint is as it was signed.";
    default:
        return "VALID. Every entry is as it was signed, by keys that the ledger had enrolled, at its place in the ledger.";
    }
}

std::string sentencesOf(const FileReport &report)
{
    std::string out = text::visible(report.file) + " (" + std::string(fileKindWord(report.kind)) + ")\n";
    if (!report.proof.ledger.isEmpty())
        out += line("", "Ledger " + report.proof.ledger.text());
    for (const std::string &fact : report.proof.facts)
        out += line("ok ", fact);
    for (const std::string &problem : report.proof.problems)
        out += line("!! ", problem);
    return out + line("", resultSentence(report));
}

json::Array strings(const std::vector<std::string> &sentences)
{
    json::Array array;
    for (const std::string &sentence : sentences)
        array.emplace_back(text::visible(sentence));
    return array;
}

json::Object objectOf(const FileReport &report)
{
    json::Array verdicts;
    for (const ledger::EntryVerdict &verdict : report.proof.verdicts)
        verdicts.emplace_back(json::Object{{"reason", text::visible(verdict.reason)}, {"seq", verdict.seq}, {"state", ledger::entryStateWord(verdict.state)},
                                           {"step", verdict.step}});
    json::Value continues;
    if (report.proof.continues)
        continues = json::Object{{"root", report.proof.continues->root.hex()}, {"size", report.proof.continues->size}};
    return {{"checked", report.isReadable()}, {"continues", continues}, {"cosigners", strings(report.proof.cosigners)}, {"facts", strings(report.proof.facts)}, {"file", text::visible(report.file)}, {"kind", fileKindWord(report.kind)},
            {"ledger", report.proof.ledger.text()}, {"message", text::visible(report.unreadable)}, {"problems", strings(report.proof.problems)},
            {"root", report.proof.head.root.hex()}, {"size", report.proof.head.size}, {"valid", report.isValid()}, {"verdicts", verdicts},
            {"worst", report.isReadable() ? ledger::entryStateWord(report.proof.worst) : std::string_view("unreadable")}};
}

} // namespace

std::string sentences(std::span<const FileReport> reports)
{
    std::string out;
    for (const FileReport &report : reports)
        out += (out.empty() ? "" : "\n") + sentencesOf(report);
    if (reports.size() > 1) {
        const auto valid = std::ranges::count_if(reports, &FileReport::isValid);
        out += "\n" + std::to_string(valid) + " of " + std::to_string(reports.size()) + " files are valid.\n";
    }
    return out;
}

std::string jsonText(std::span<const FileReport> reports)
{
    json::Array files;
    for (const FileReport &report : reports)
        files.emplace_back(objectOf(report));
    const auto text = json::canonical(json::Object{{"files", files}, {"valid", std::ranges::all_of(reports, &FileReport::isValid)}});
    return (text ? *text : text.error().text()) + "\n";
}

} // namespace countersign::verify
