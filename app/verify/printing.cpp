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
        return "VALID. The record attached to this report is as it was signed.";
    case FileKind::Ledger:
        return "VALID. Every entry is as it was signed, and none is missing before the last.";
    case FileKind::Checkpoint:
        return "VALID. The checkpoint is as it was signed.";
    default:
        return "VALID. Every entry is as it was signed, by keys that the ledger had enrolled, at its place in the ledger.";
    }
}

/// What even a valid file does not prove.
std::vector<std::string> limitsOf(const FileReport &report)
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
    limits.emplace_back("that this is the ledger you mean: compare its id with one that you got another way, or pass it with --ledger");
    limits.emplace_back("that what was signed is true, or was understood");
    return limits;
}

std::string sentencesOf(const FileReport &report)
{
    std::string out = text::visible(report.file) + " (" + std::string(fileKindWord(report.kind)) + ")\n";
    if (report.isValid() && !report.proof.ledger.isEmpty())
        out += line("", "Ledger " + report.proof.ledger.text());
    for (const std::string &fact : report.proof.facts)
        out += line("ok ", fact);
    for (const std::string &problem : report.proof.problems)
        out += line("!! ", problem);
    out += line("", resultSentence(report));
    for (const std::string &limit : limitsOf(report))
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

json::Object objectOf(const FileReport &report)
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
    return {{"checked", report.isReadable()}, {"continues", continues}, {"cosigners", strings(report.proof.cosigners)}, {"facts", strings(report.proof.facts)}, {"file", text::visible(report.file)}, {"kind", fileKindWord(report.kind)},
            {"ledger", isShown ? report.proof.ledger.text() : std::string()}, {"message", text::visible(report.unreadable)}, {"not_shown", strings(limitsOf(report))},
            {"problems", strings(report.proof.problems)}, {"root", isShown ? report.proof.head.root.hex() : std::string()}, {"size", isShown ? report.proof.head.size : 0},
            {"valid", report.isValid()}, {"verdicts", verdicts},
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
