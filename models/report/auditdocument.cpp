#include "models/report/auditdocument.h"

#include "models/base/text.h"
#include "models/domain/inventory.h"
#include "models/report/factsections.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace countersign::report {

namespace {

std::string grouped(const std::string &hex, std::size_t digits)
{
    std::string text;
    for (std::size_t i = 0; i < digits && i < hex.size(); ++i)
        text += (i && i % 4 == 0 ? " " : "") + std::string(1, hex[i]);
    return text;
}

std::string verdictTitleOf(VerdictState state)
{
    switch (state) {
    case VerdictState::Fail: return "Does not meet its limits.";
    case VerdictState::NotEnoughData: return "Not enough data.";
    case VerdictState::Watch: return "Meets its limits, on watch.";
    case VerdictState::Pass: return "Meets its limits.";
    case VerdictState::Waived: return "Waived.";
    case VerdictState::NotJudged: break;
    }
    return "Not judged.";
}

std::vector<NotedLine> noted(const json::Value &inputs, const json::Array &signOffs)
{
    std::vector<NotedLine> lines;
    for (const auto &verdict : items(&inputs, "verdicts")) {
        const auto state = parseVerdict(verdict.textOr("state", {}));
        if (state && *state != VerdictState::Pass && lines.size() < 5)
            lines.push_back({markOf(*state), plain(&verdict, "sentence"), "Limits and verdicts"});
    }
    for (const auto &signOff : signOffs) {
        const json::Value *stale = signOff.find("stale");
        const bool isWithdrawn = signOff.find("withdrawn") != nullptr;
        if (lines.size() < 7 && (isWithdrawn || (stale && stale->boolean() && *stale->boolean())))
            lines.push_back({isWithdrawn ? Mark::None : Mark::Stale,
                             "“" + plain(&signOff, "meaning") + "” by " + plain(&signOff, "name") + (isWithdrawn ? " was withdrawn" : " no longer covers the inputs"), "Sign-offs"});
    }
    const bool isStanding = std::ranges::any_of(signOffs, [](const json::Value &signOff) { return !signOff.find("withdrawn"); });
    if (!isStanding)
        lines.push_back({Mark::None, signOffs.empty() ? "Nobody has signed this version" : "No signature stands on this version", "Sign-offs"});
    return lines;
}

void addVersions(Document &document, const json::Value &facts)
{
    document.add(Heading{1, "Versions"});
    Table table;
    table.caption = "All versions of the model";
    table.columns = {{"Version", ColumnKind::Text, 0}, {"Stage", ColumnKind::Text, 1}, {"State", ColumnKind::State, 0}, {"Verdict", ColumnKind::Text, 4},
                     {"Sign-offs", ColumnKind::Number, 0}, {"Created (UTC)", ColumnKind::Text, 0}};
    for (const auto &version : items(&facts, "versions")) {
        const auto state = parseVerdict(version.textOr("verdict", {}));
        const auto stage = parseStage(version.textOr("stage", {}));
        table.rows.push_back({{plain(&version, "label")}, {stage ? std::string(stageTitle(*stage)) : ""},
                              {std::string(verdictTitle(state ? *state : VerdictState::NotJudged)), markOf(state ? *state : VerdictState::NotJudged)},
                              {plain(&version, "sentence")}, {std::to_string(version.integerOr("signOffs", 0))}, {version.textOr("createdAt", {}).substr(0, 10)}});
    }
    document.add(std::move(table));
}

void addTrail(Document &document, const json::Value &facts)
{
    document.add(Heading{1, "Audit trail"});
    Table table;
    table.caption = "Entries of the ledger about this model, newest first";
    table.columns = {{"No.", ColumnKind::Number, 0}, {"Time (UTC)", ColumnKind::Text, 0}, {"Who", ColumnKind::Text, 2}, {"What", ColumnKind::Text, 5}, {"Hash", ColumnKind::Mono, 0}};
    for (const auto &entry : items(&facts, "trail"))
        table.rows.push_back({{std::to_string(entry.integerOr("entry", 0))}, {entry.textOr("time", {}).substr(0, 19)}, {plain(&entry, "name")}, {plain(&entry, "summary")},
                              {entry.textOr("leaf", {}).substr(0, 8)}});
    document.add(std::move(table));
    if (const auto omitted = facts.integerOr("trailOmitted", 0))
        document.add(Note{std::to_string(omitted) + " earlier entries about this model are not printed; they are in the workspace's ledger."});
}

/// A state of the past that the facts are of.
struct PastState {
    std::string when;
    std::string size;
    std::string root; ///< hexadecimal
};
std::optional<PastState> pastOf(const json::Value &facts)
{
    const json::Value *asOf = facts.find("asOf");
    if (!asOf || !asOf->object())
        return {};
    const auto at = parseUtc(asOf->textOr("at", {}));
    const auto root = Digest::parse(asOf->textOr("root", {}));
    return PastState{at ? longTime(*at) : "an unknown moment", std::to_string(asOf->integerOr("size", 0)), root ? root->hex() : ""};
}

void addPastCheckpoint(Document &document, const json::Value &facts, const PastState &past)
{
    document.add(KeyValues{{{"State", "As of " + past.when}, {"Entries", past.size}, {"Root", past.root}, {"Ledger", plain(facts.find("ledger"), "id")}}});
    document.add(Paragraph{"1. Take countersign-verify from a source that you trust; it needs no database and no network.\n"
                           "2. Run: countersign-verify followed by the name of this file. Or drop the file on the welcome page of Countersign.\n"
                           "3. Expect the word “valid” for every entry, and a checkpoint of " + past.size + " entries with the root that is printed above.\n"
                           "4. Whoever has the ledger replays its first " + past.size + " entries and gets the same facts, byte for byte."});
    document.add(Note{"This report was made afterwards from the ledger; it is not recorded in it. Verdicts are those of the moment named, and times are those that signers' computers "
                      "gave. The proof shows that these entries stood in the ledger in this order, not that no other program showed something else at that moment."});
}

void addCheckpoint(Document &document, const json::Value &facts, const Issue *issue)
{
    const json::Value *ledger = facts.find("ledger");
    document.add(Heading{1, "Ledger checkpoint and how to verify"});
    if (const auto past = pastOf(facts); past && !issue)
        return addPastCheckpoint(document, facts, *past);
    if (!issue) {
        document.add(Paragraph{"This is a preview. An issued report states here its place in the ledger and the checkpoint that proves it."});
        return;
    }
    document.add(KeyValues{{{"Report", issue->number + ", ledger entry " + std::to_string(issue->entry)}, {"Facts", issue->facts.text()},
                            {"Checkpoint", std::to_string(issue->size) + " entries, root " + issue->root.hex()}, {"Ledger", plain(ledger, "id")},
                            {"Origin", issue->origin}, {"Signed by device key", issue->fingerprint},
                            {"Checkpoint before", issue->earlier ? std::to_string(issue->earlier->size) + " entries, root " + issue->earlier->root.hex() + "; " + issue->earlier->cosigned
                                                                 : std::string("none was kept")}}});
    document.add(Paragraph{"1. Take countersign-verify from a source that you trust; it needs no database and no network.\n"
                           "2. Run: countersign-verify followed by the name of this file. Or drop the file on the welcome page of Countersign.\n"
                           "3. Expect the word “valid” for every entry, and for entry " + std::to_string(issue->entry) + " the digest of the facts that is printed above.\n"
                           "4. Compare ledger and root with a checkpoint that you hold from elsewhere, on paper or in an earlier report."});
    if (const std::string remark = plain(ledger, "keys"); !remark.empty())
        document.add(Note{remark});
    document.add(Note{"What this proves: the entries attached stand in the ledger of this checkpoint, at their numbers and byte for byte, each signed by the key that it names"
                      + std::string(issue->earlier ? "; and that ledger begins with the one of the checkpoint before, so nothing up to there was changed or taken away since. Whoever co-signed "
                                                     "that one had found it to continue what their computer knew."
                                                   : ".")});
    document.add(Note{"What it does not prove: the ledger is tamper-evident, a later change of what is printed here would not fit the checkpoint; that the numbers were right when they "
                      "were imported, or that a signer understood them, no signature can show. Until somebody outside holds this checkpoint, a rewrite of everything after the last one held elsewhere "
                      "could not be detected."});
}

} // namespace

Document auditDocument(const json::Value &facts, const Issue *issue)
{
    static const json::Value none;
    const json::Value &inputs = facts.find("inputs") ? *facts.find("inputs") : none;
    const json::Value *context = facts.find("context");
    const json::Value *model = inputs.find("model");
    const json::Value *workspace = facts.find("workspace");
    const json::Array &signOffs = items(&facts, "signOffs");
    const std::string name = plain(model, "name");
    const std::string label = plain(inputs.find("version"), "label");
    const bool isSample = workspace && workspace->find("sample") && workspace->find("sample")->boolean() && *workspace->find("sample")->boolean();
    const auto state = stateOf(inputs);
    const auto generated = parseUtc(facts.textOr("generatedAt", {}));
    const auto past = issue ? std::nullopt : pastOf(facts);

    Document document;
    document.meta.title = name + " " + label + ": model audit report";
    document.meta.author = plain(&facts, "generatedBy");
    document.meta.subject = "Model audit report" + (issue ? " " + issue->number : std::string());
    document.meta.headerLeft = plain(workspace, "origin") + (isSample ? " · SAMPLE DATA" : "") + (past ? " · State as of " + past->when : "");
    document.meta.headerRight = name + " " + label + " · Model audit";
    document.meta.footerLeft = past ? "As of " + past->when + " · " + past->size + " entries · root " + grouped(past->root, 12)
                                    : (issue ? issue->number : std::string("Preview")) + " · generated " + (generated ? longTime(*generated) : "")
            + (issue ? " · checkpoint " + grouped(issue->root.hex(), 12) : "");
    document.meta.watermark = isSample ? "SAMPLE" : issue || past ? "" : "PREVIEW";
    document.meta.createdAt = generated ? *generated : Instant{};

    Cover cover;
    cover.kind = "Model audit report";
    cover.title = name;
    const std::string tier = plain(model, "tier");
    cover.subtitle = "Version " + label + (plain(model, "useCase").empty() ? "" : " · " + plain(model, "useCase")) + (tier.empty() ? "" : " · Tier " + tier);
    cover.verdict = markOf(state);
    cover.verdictTitle = verdictTitleOf(state);
    cover.verdictSentence = plain(&inputs, "summary");
    if (past)
        cover.facts = {{"Workspace", plain(workspace, "origin")}, {"Owner", plain(model, "owner")}, {"State", "As of " + past->when}, {"Ledger", past->size + " entries"},
                       {"Root", past->root}, {"Report", "Of a past state, made afterwards; not issued"}};
    else
        cover.facts = {{"Workspace", plain(workspace, "origin")}, {"Owner", plain(model, "owner")}, {"Generated", generated ? longTime(*generated) : ""},
                   {"Generated by", plain(&facts, "generatedBy")}, {"Report", issue ? issue->number + ", ledger entry " + std::to_string(issue->entry) : "Preview, not issued"}};
    if (issue)
        cover.facts.emplace_back("Facts", issue->facts.text());
    cover.notedTitle = "What a reader should know first";
    cover.noted = noted(inputs, signOffs);
    if (issue) {
        cover.checkTitle = "Check this report without trusting the sender";
        cover.checkText = "Run countersign-verify on this file, or drop it on Countersign's welcome page. Expected: every entry is valid, and entry " + std::to_string(issue->entry)
            + " carries the digest of the attached facts. Compare the code below with the one that you hold on paper.";
        cover.qrText = "csgn:" + issue->number + ":" + issue->root.hex().substr(0, 16) + ":" + std::to_string(issue->size);
    } else if (past) {
        cover.checkTitle = "Check this report without trusting the sender";
        cover.checkText = "Run countersign-verify on this file, or drop it on Countersign's welcome page. Expected: every entry is valid, and a checkpoint of " + past->size
            + " entries has the root above.";
        cover.qrText = "csgn:asof:" + past->root.substr(0, 16) + ":" + past->size;
    }
    document.add(std::move(cover));
    document.add(PageBreak{});
    document.add(Contents{"Contents", 1});
    addLimits(document, inputs);
    addModelFacts(document, inputs, context);
    addVersions(document, facts);
    addMetrics(document, inputs, rulesOf(&facts));
    addFindings(document, items(&facts, "findings"), items(&facts, "waivers"));
    addSignOffs(document, signOffs);
    addEvidence(document, items(&facts, "evidence"));
    addTrail(document, facts);
    addCheckpoint(document, facts, issue);
    return document;
}

namespace {

/// "credit-pd_3.2_model-audit": only characters that every file system takes.
std::string fileNameStem(const json::Value &facts)
{
    const json::Value *inputs = facts.find("inputs");
    const auto safe = [](const std::string &text) {
        std::string result;
        for (const char c : text) {
            const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
            if (good)
                result.push_back(c);
            else if (!result.ends_with('-'))
                result.push_back('-');
        }
        while (result.starts_with('.') || result.starts_with('-'))
            result.erase(0, 1);
        return result.empty() ? std::string("model") : result.substr(0, 60);
    };
    return safe(plain(inputs ? inputs->find("model") : nullptr, "name")) + "_" + safe(plain(inputs ? inputs->find("version") : nullptr, "label")) + "_model-audit_";
}

} // namespace

std::string reportFileName(const json::Value &facts, const Issue &issue)
{
    return fileNameStem(facts) + facts.textOr("generatedAt", "0000-00-00").substr(0, 10) + "_" + issue.number + ".pdf";
}

std::string asOfFileName(const json::Value &facts)
{
    const json::Value *asOf = facts.find("asOf");
    return fileNameStem(facts) + "as-of_" + (asOf ? asOf->textOr("at", "0000-00-00") : std::string()).substr(0, 10) + "_" + std::to_string(asOf ? asOf->integerOr("size", 0) : 0) + ".pdf";
}

Document reviewDocument(const json::Value &bundle, const json::Value *before)
{
    static const json::Value none;
    const json::Value &inputs = bundle.find("inputs") ? *bundle.find("inputs") : none;
    const json::Value *context = bundle.find("context");
    const json::Value *frozen = bundle.find("frozen");
    const std::string name = plain(inputs.find("model"), "name") + " " + plain(inputs.find("version"), "label");
    Document document;
    document.meta.title = "Review of " + name;
    document.meta.subject = "Frozen review bundle";
    document.meta.headerLeft = "Review of " + name;
    const auto frozenAt = parseUtc(frozen ? frozen->textOr("at", {}) : "");
    const std::string frozenTime = frozenAt ? longTime(*frozenAt) : plain(frozen, "at"); // as the window and the receipt write it
    document.meta.headerRight = "frozen " + frozenTime;
    document.meta.footerLeft = "These pages are drawn from the frozen bundle only";
    if (frozenAt)
        document.meta.createdAt = *frozenAt;

    document.add(Heading{1, "Summary"});
    document.add(FindingLine{plain(&inputs, "summary"), markOf(stateOf(inputs))});
    document.add(KeyValues{{{"Model", plain(inputs.find("model"), "name")}, {"Version", plain(inputs.find("version"), "label")},
                            {"Frozen", frozenTime + " by " + plain(frozen, "by")}, {"Series", std::to_string(items(&inputs, "series").size())},
                            {"Limits judged", std::to_string(items(&inputs, "verdicts").size())}}});
    document.add(Heading{1, "What changed"});
    if (!before) {
        document.add(Paragraph{"You have not signed this version before; everything is new to you."});
    } else if (items(before, "changes").empty()) {
        document.add(Paragraph{"Nothing changed since the last signature on this version."});
    } else {
        for (const auto &change : items(before, "changes"))
            if (change.string())
                document.add(Paragraph{"• " + text::visible(text::unescape(*change.string()).ok() ? *text::unescape(*change.string()) : *change.string())}).isChanged = true;
    }
    addLimits(document, inputs);
    addMetrics(document, inputs, rulesOf(&bundle));
    addModelFacts(document, inputs, context);
    addFindings(document, items(context, "findings"), items(context, "waivers"));
    addEvidence(document, items(context, "evidence"));
    addSignOffs(document, items(context, "signOffs"));
    return document;
}

} // namespace countersign::report
