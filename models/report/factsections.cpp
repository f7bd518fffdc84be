#include "models/report/factsections.h"

#include "models/base/text.h"
#include "models/domain/evidence.h"
#include "models/domain/inventory.h"
#include "models/ledger/event.h"
#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"
#include "models/policy/ruledocument.h"
#include "models/report/metricchart.h"

#include <algorithm>
#include <map>
#include <span>

namespace countersign::report {

namespace {

constexpr std::size_t kTableRows = 12;  // of a chart's table; the attachment holds all
constexpr std::size_t kMaxLines = 6;    // in one chart: more cannot be told apart
// A log computed whole records thousands of series. What a limit judges is always drawn; of the rest no more than somebody reads.
constexpr std::size_t kMaxUnjudged = 12;     // histories that no limit judges
constexpr std::size_t kMaxGroupRows = 24;    // of one metric's table, judged groups not counted
constexpr std::size_t kMaxSingleRows = 120;  // of the table of single values: from here on it takes no unjudged groups

std::string unescaped(const std::string &clean)
{
    const auto text = text::unescape(clean);
    return text ? *text : clean;
}

std::optional<double> realOf(const json::Value &value)
{
    const auto number = value.isNull() ? Result<double>(Error{}) : ledger::readMeasured(value);
    return number ? std::optional(*number) : std::nullopt;
}

Cell stateCell(VerdictState state) { return {std::string(verdictTitle(state)), markOf(state)}; }

Slice sliceOf(const std::string &text)
{
    const auto slice = Slice::parse(text);
    return slice ? *slice : Slice{};
}

struct MetricGroup {
    std::vector<MetricLine> lines; ///< overall first
    bool hasHistory = false;

    bool isJudged(const std::vector<Rule> &rules, const std::string &metric) const
    {
        return std::ranges::any_of(lines, [&](const MetricLine &line) { return !revisionsFor(rules, metric, line.slice).empty(); });
    }
};

/// How much of the labels had arrived, of every run and group by window.
class LabelledShares
{
public:
    explicit LabelledShares(const json::Value &inputs)
    {
        for (const auto &series : items(&inputs, "series")) {
            if (series.textOr("metric", {}) != kLabelledShare)
                continue;
            auto &shares = m_shares[keyOf(series)];
            for (const auto &observation : observationsOf(series))
                if (!std::isnan(observation.value))
                    shares[observation.window] = observation.value;
        }
    }

    /// Beside the observations of a series; nothing where no share is known of any.
    std::vector<ValueFacts> factsOf(const json::Value &series, const std::string &metric, std::span<const Observation> observations) const
    {
        const auto shares = m_shares.find(keyOf(series));
        if (shares == m_shares.end() || !waitsForLabels(metric))
            return {};
        std::vector<ValueFacts> facts(observations.size());
        for (std::size_t i = 0; i < observations.size(); ++i)
            if (const auto share = shares->second.find(observations[i].window); share != shares->second.end())
                facts[i].labelledShare = share->second;
        return facts;
    }

private:
    static std::pair<std::string, std::string> keyOf(const json::Value &series) { return {series.textOr("run", {}), series.textOr("slice", {})}; }

    std::map<std::pair<std::string, std::string>, std::map<Window, double>> m_shares;
};

std::map<std::string, MetricGroup> metricGroups(const json::Value &inputs)
{
    const LabelledShares shares(inputs);
    std::map<std::string, MetricGroup> groups;
    for (const auto &series : items(&inputs, "series")) {
        MetricLine line;
        line.slice = sliceOf(unescaped(series.textOr("slice", {})));
        line.name = line.slice.isOverall() ? "overall" : text::visible(line.slice.shown());
        line.observations = observationsOf(series);
        const std::string metric = unescaped(series.textOr("metric", {}));
        line.facts = shares.factsOf(series, metric, line.observations);
        auto &group = groups[metric];
        group.hasHistory = group.hasHistory || line.observations.size() > 1;
        group.lines.push_back(std::move(line));
    }
    for (auto &[metric, group] : groups) {
        std::ranges::stable_sort(group.lines, [](const MetricLine &a, const MetricLine &b) { return a.slice.isOverall() && !b.slice.isOverall(); });
        // A training value and the monitoring of the same metric are both "overall": told apart by their number of values.
        const auto overall = std::ranges::count_if(group.lines, [](const MetricLine &line) { return line.slice.isOverall(); });
        if (overall > 1)
            for (auto &line : group.lines)
                if (line.slice.isOverall())
                    line.name = line.observations.size() == 1 ? "overall, single value" : "overall, monitored";
        group.lines.front().isReference = group.lines.size() > 2 && group.lines.front().slice.isOverall();
    }
    return groups;
}

std::vector<Cell> figureCells(const Observation &observation)
{
    return {{policy::valueText(observation.value)}, {intervalText(observation)}, {observation.n ? std::to_string(*observation.n) : ""}};
}

/// Says what a table left out and where it is.
void addLeftOut(Document &document, std::size_t count, const char *what)
{
    if (count)
        document.add(Note{std::to_string(count) + " further " + what + ", which no limit judges, are not printed; the frozen facts hold them all and a signature covers them."});
}

void addHistory(Document &document, const std::string &metric, const std::string &title, const MetricGroup &group, const std::vector<Rule> &rules)
{
    std::vector<MetricLine> drawn;
    for (const auto &line : group.lines)
        if (line.observations.size() > 1 && drawn.size() < kMaxLines)
            drawn.push_back(line);
    document.add(Heading{2, title});
    Chart chart;
    chart.spec = metricChart(metric, metric, drawn, rules, {});
    chart.caption = chart.spec.title + (group.lines.size() > drawn.size() + 1 ? ". Further groups are in the table and the attached facts" : "") + ".";
    for (const auto &line : drawn)
        if (const std::string sentence = immatureSentence(line); !sentence.empty())
            chart.caption += " " + sentence;
    chart.height = 250;
    document.add(std::move(chart));

    Table table;
    table.caption = title + ", newest windows";
    table.columns = {{"Window", ColumnKind::Text, 2}, {"Group", ColumnKind::Text, 2}, {"Value", ColumnKind::Number, 0}, {"Interval", ColumnKind::Number, 0},
                     {"n", ColumnKind::Number, 0}, {"State", ColumnKind::State, 0}};
    std::size_t unjudged = 0;
    for (const auto &line : group.lines) {
        const auto revisions = revisionsFor(rules, metric, line.slice);
        if (revisions.empty() && !line.slice.isOverall() && ++unjudged > kMaxGroupRows)
            continue;
        const std::size_t rows = std::min(line.observations.size(), line.slice.isOverall() ? kTableRows : std::size_t{1});
        for (std::size_t i = 0; i < rows; ++i) {
            const std::size_t at = line.observations.size() - 1 - i;
            const auto &observation = line.observations[at];
            const Rule *rule = policy::inForce(revisions, observation.window.end);
            const auto state = rule ? policy::judge(*rule, line.slice, observation).state : VerdictState::NotJudged;
            auto cells = figureCells(observation);
            cells.insert(cells.begin(), {{windowText(observation.window)}, {line.name}});
            cells.push_back(stateCell(state));
            if (at < line.facts.size() && line.facts[at].isImmature())
                cells.back().text += ", labels still arriving";
            table.rows.push_back(std::move(cells));
        }
    }
    document.add(std::move(table));
    addLeftOut(document, unjudged - std::min(unjudged, kMaxGroupRows), "groups");
}

/// Metrics with one value each, or the newest value of each where a history isn't drawn.
Table figuresTable(std::string caption, const char *when)
{
    Table table;
    table.caption = std::move(caption);
    table.columns = {{"Metric", ColumnKind::Text, 2}, {"Group", ColumnKind::Text, 2}, {"Value", ColumnKind::Number, 0}, {"Interval", ColumnKind::Number, 0},
                     {"n", ColumnKind::Number, 0}, {when, ColumnKind::Text, 0}};
    return table;
}

void addFigures(Table &table, const std::string &title, const MetricLine &line, std::span<const Observation> observations)
{
    for (const auto &observation : observations) {
        auto cells = figureCells(observation);
        cells.insert(cells.begin(), {{title}, {line.name}});
        cells.push_back({windowText(observation.window)});
        table.rows.push_back(std::move(cells));
    }
}

/// A metric that the table has no figure of, so that it is at least named.
void addNameOf(Table &table, const std::string &title, std::size_t groups)
{
    table.rows.push_back({{title}, {groups == 1 ? "of 1 group only" : "of " + std::to_string(groups) + " groups only"}, {}, {}, {}, {}});
}

} // namespace

std::string plain(const json::Value *object, std::string_view key)
{
    const json::Value *value = object ? object->find(key) : nullptr;
    if (!value)
        return {};
    if (const auto *number = value->number())
        return number->lexeme;
    return value->string() ? text::visible(unescaped(*value->string())) : std::string();
}

std::string prose(const json::Value *object, std::string_view key)
{
    const json::Value *value = object ? object->find(key) : nullptr;
    if (!value || !value->string())
        return {};
    std::string result;
    const std::string text = unescaped(*value->string());
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        result += (at ? "\n" : "") + text::visible(text.substr(at, end - at));
        at = end + 1;
    }
    return result;
}

const json::Array &items(const json::Value *object, std::string_view key)
{
    static const json::Array none;
    const json::Value *value = object ? object->find(key) : nullptr;
    return value && value->array() ? *value->array() : none;
}

std::vector<Observation> observationsOf(const json::Value &series)
{
    std::vector<Observation> result;
    for (const auto &item : items(&series, "points")) {
        const json::Array *point = item.array();
        if (!point || point->size() != 7 || !(*point)[0].string() || !(*point)[1].string())
            continue;
        const auto start = parseUtc(*(*point)[0].string());
        const auto end = parseUtc(*(*point)[1].string());
        if (!start || !end)
            continue;
        Observation observation;
        observation.window = {*start, *end};
        observation.step = (*point)[2].integer() ? *(*point)[2].integer() : 0;
        if (const auto value = realOf((*point)[3]))
            observation.value = *value;
        if (const auto n = (*point)[4].integer())
            observation.n = *n;
        observation.lower = realOf((*point)[5]);
        observation.upper = realOf((*point)[6]);
        result.push_back(observation);
    }
    return result;
}

std::vector<Rule> rulesOf(const json::Value *owner)
{
    std::vector<Rule> rules;
    for (const auto &item : items(owner, "rules")) {
        const auto rule = item.object() ? policy::readRule(*item.object()) : Result<Rule>(Error{});
        if (rule)
            rules.push_back(*rule);
    }
    return rules;
}

VerdictState stateOf(const json::Value &inputs)
{
    VerdictState worst = VerdictState::NotJudged;
    for (const auto &verdict : items(&inputs, "verdicts"))
        if (const auto state = parseVerdict(verdict.textOr("state", {})))
            worst = std::min(worst, *state);
    return worst;
}

void addModelFacts(Document &document, const json::Value &inputs, const json::Value *context)
{
    const json::Value *model = inputs.find("model");
    const json::Value *version = inputs.find("version");
    const json::Value *run = inputs.find("run");
    std::string aliases;
    for (const auto &alias : items(context, "aliases"))
        if (alias.string())
            aliases += (aliases.empty() ? "" : ", ") + text::visible(unescaped(*alias.string()));
    const auto stage = parseStage(context ? context->textOr("stage", {}) : std::string());
    document.add(Heading{1, "Model facts"});
    document.add(KeyValues{{{"Model", plain(model, "name")}, {"Version", plain(version, "label")}, {"Purpose", plain(model, "purpose")}, {"Use case", plain(model, "useCase")},
                            {"Owner", plain(model, "owner")}, {"Tier", plain(model, "tier")}, {"Stage", stage ? std::string(stageTitle(*stage)) : std::string()},
                            {"Aliases", aliases}, {"Artifact", plain(version, "artifactUri")}, {"Created", plain(version, "createdAt")}, {"Created by", plain(version, "createdBy")},
                            {"Status in the source", plain(version, "sourceStatus")}}});
    for (const auto &[title, owner] : {std::pair("Description of the model", model), std::pair("Description of the version", version)})
        if (const std::string text = prose(owner, "description"); !text.empty()) {
            document.add(Heading{2, title});
            document.add(Paragraph{text});
        }
    if (run) {
        document.add(Heading{2, "Source run"});
        document.add(KeyValues{{{"Run", plain(run, "name")}, {"Id in the source", plain(run, "sourceId")}, {"Experiment", plain(run, "experiment")},
                                {"Status", plain(run, "status")}, {"User", plain(run, "user")}, {"Artifacts", plain(run, "artifactUri")}}});
    }
    const auto pairTable = [&](const char *caption, const json::Value *owner, const char *member) {
        Table table;
        table.caption = caption;
        table.columns = {{"Name", ColumnKind::Text, 1}, {"Value", ColumnKind::Text, 2}};
        for (const auto &pair : items(owner, member))
            if (pair.array() && pair.array()->size() == 2 && pair.array()->front().string() && pair.array()->back().string())
                table.rows.push_back({{text::visible(unescaped(*pair.array()->front().string()))}, {text::visible(unescaped(*pair.array()->back().string()))}});
        if (!table.rows.empty())
            document.add(std::move(table));
    };
    pairTable("Parameters of the run", run, "parameters");
    pairTable("Tags of the model", model, "tags");
    pairTable("Tags of the version", version, "tags");
}

void addLimits(Document &document, const json::Value &inputs)
{
    document.add(Heading{1, "Limits and verdicts"});
    document.add(FindingLine{plain(&inputs, "summary"), markOf(stateOf(inputs))});
    Table table;
    table.caption = "Limits in force and how the newest values stand";
    table.columns = {{"State", ColumnKind::State, 0}, {"Group", ColumnKind::Text, 1}, {"Verdict", ColumnKind::Text, 3}, {"Limit", ColumnKind::Text, 3}};
    table.emptyText = "No limit applies to this version; nothing is judged.";
    std::map<std::string, std::string> sentences;
    for (const auto &limit : items(&inputs, "limits"))
        sentences[limit.textOr("rule", {})] = plain(&limit, "sentence");
    for (const auto &verdict : items(&inputs, "verdicts")) {
        const auto state = parseVerdict(verdict.textOr("state", {}));
        const Slice slice = sliceOf(unescaped(verdict.textOr("slice", {})));
        table.rows.push_back({stateCell(state ? *state : VerdictState::NotJudged), {text::visible(slice.shown())}, {plain(&verdict, "sentence")},
                              {sentences[verdict.textOr("rule", {})]}});
    }
    document.add(std::move(table));
}

void addMetrics(Document &document, const json::Value &inputs, const std::vector<Rule> &rules)
{
    document.add(Heading{1, "Metrics"});
    auto groups = metricGroups(inputs);
    if (groups.empty()) {
        document.add(Paragraph{"No metric has been recorded for this version."});
        return;
    }
    const auto isLong = [&](bool judged) { return [&, judged](const auto &entry) { return entry.second.hasHistory && entry.second.isJudged(rules, entry.first) == judged; }; };
    const bool isSummed = static_cast<std::size_t>(std::ranges::count_if(groups, isLong(false))) > kMaxUnjudged;
    Table newest = figuresTable("Metrics over time that no limit judges, newest value overall", "Window");
    Table single = figuresTable("Metrics with one value", "When");
    std::size_t leftOfHistory = 0;
    std::size_t leftOfSingle = 0;
    for (const auto &[metric, group] : groups) {
        const std::string title = metrics::define(text::visible(metric)).title;
        const bool isJudged = group.isJudged(rules, metric);
        if (group.hasHistory && (isJudged || !isSummed)) {
            addHistory(document, metric, title, group, rules);
            continue;
        }
        std::size_t left = 0;
        for (const auto &line : group.lines) {
            const std::span observations(line.observations);
            if (group.hasHistory && line.slice.isOverall() && !observations.empty())
                addFigures(newest, title, line, observations.last(1));
            else if (!group.hasHistory && (line.slice.isOverall() || !revisionsFor(rules, metric, line.slice).empty() || single.rows.size() < kMaxSingleRows))
                addFigures(single, title, line, observations);
            else
                ++left;
        }
        if (left == group.lines.size())
            addNameOf(group.hasHistory ? newest : single, title, left);
        (group.hasHistory ? leftOfHistory : leftOfSingle) += left;
    }
    if (isSummed) {
        document.add(Heading{2, "Not judged"});
        document.add(std::move(newest));
        addLeftOut(document, leftOfHistory, "series of groups");
    }
    if (!single.rows.empty()) {
        document.add(Heading{2, "Single values"});
        document.add(std::move(single));
        addLeftOut(document, leftOfSingle, "values of groups");
    }
}

namespace {

/// How an item of evidence stands, and why.
Cell evidenceState(const json::Value &item)
{
    const auto state = parseExhibitState(item.textOr("state", {}));
    const bool isExpired = item.find("expired") != nullptr;
    const std::string replacedBy = plain(&item, "replacedBy");
    std::string text = state ? std::string(exhibitStateTitle(*state)) : std::string("Unknown");
    text += !replacedBy.empty() ? ", replaced by " + replacedBy : isExpired ? ", expired" : "";
    const bool counts = state && *state == ExhibitState::Accepted && replacedBy.empty() && !isExpired;
    return {text, counts ? Mark::Pass : state && *state == ExhibitState::Rejected ? Mark::Fail : Mark::None};
}

} // namespace

void addFindings(Document &document, const json::Array &findings, const json::Array &waivers)
{
    if (findings.empty() && waivers.empty())
        return;
    document.add(Heading{1, "Findings and waivers"});
    for (const auto &finding : findings) {
        const auto severity = parseSeverity(finding.textOr("severity", {}));
        const std::string owner = plain(&finding, "owner");
        const std::string due = finding.textOr("due", {}).substr(0, 10);
        document.add(FindingLine{plain(&finding, "number") + " is open, severity " + (severity ? std::string(severityKey(*severity)) : "unknown") + ": " + plain(&finding, "title")
                                     + (owner.empty() ? "; nobody answers for it yet" : "; " + owner + " answers for it") + (due.empty() ? "" : ", due " + due),
                                 severity && *severity >= Severity::High ? Mark::Fail : Mark::Watch});
    }
    for (const auto &waiver : waivers)
        document.add(FindingLine{plain(&waiver, "number") + " holds until " + waiver.textOr("until", {}).substr(0, 10) + ", granted by " + plain(&waiver, "by") + ": " + plain(&waiver, "misses")
                                     + " Guards instead: " + plain(&waiver, "control"),
                                 Mark::Waived});
}

void addEvidence(Document &document, const json::Array &evidence)
{
    if (evidence.empty())
        return;
    document.add(Heading{1, "Evidence"});
    Table table;
    table.caption = "Evidence about this version and its model";
    table.columns = {{"No.", ColumnKind::Text, 0}, {"Title", ColumnKind::Text, 4}, {"For", ColumnKind::Text, 2}, {"State", ColumnKind::State, 0}, {"About", ColumnKind::Text, 2},
                     {"Expires", ColumnKind::Text, 0}, {"By", ColumnKind::Text, 2}, {"Entry", ColumnKind::Number, 0}};
    std::vector<std::pair<std::string, std::string>> digests;
    for (const auto &item : evidence) {
        const auto day = [&item](const char *member) { return item.textOr(member, {}).substr(0, 10); };
        const std::string from = day("from"), to = day("to");
        const std::string about = from.empty() ? (to.empty() ? "" : "to " + to) : to.empty() ? "from " + from : from + " to " + to;
        table.rows.push_back({{plain(&item, "number")}, {plain(&item, "title")}, {plain(&item, "requirement")}, evidenceState(item), {about}, {day("expires")}, {plain(&item, "by")},
                              {std::to_string(item.integerOr("entry", 0))}});
        const std::string reference = plain(&item, "reference");
        digests.emplace_back(plain(&item, "number"), reference.empty() ? plain(&item, "name") + ", " + plain(&item, "digest") : reference);
    }
    document.add(std::move(table));
    document.add(KeyValues{std::move(digests)});
    document.add(Note{"A file is what was added when it has the digest that stands here. The entries attached to this report show who added it and who decided about it; the files themselves stay "
                      "in the workspace."});
}

void addSignOffs(Document &document, const json::Array &signOffs)
{
    document.add(Heading{1, "Sign-offs"});
    if (signOffs.empty())
        document.add(Paragraph{"Nobody has signed this version."});
    for (const auto &signOff : signOffs) {
        SignatureBlock block;
        const bool isStale = signOff.find("stale") && signOff.find("stale")->boolean() && *signOff.find("stale")->boolean();
        const bool isRejection = signOff.textOr("decision", {}) == "reject";
        const json::Value *withdrawn = signOff.find("withdrawn");
        block.mark = withdrawn ? Mark::None : isStale ? Mark::Stale : isRejection ? Mark::Fail : Mark::Pass;
        block.stateToday = std::string(isRejection ? "Rejected" : "Signed") + " electronically" + (withdrawn ? ", withdrawn since" : isStale ? ", now stale" : ", inputs unchanged");
        const auto role = parseRole(signOff.textOr("role", {}));
        block.name = plain(&signOff, "name") + (role ? ", " + std::string(roleTitle(*role)) : "");
        block.meaning = plain(&signOff, "meaning");
        if (const auto time = parseUtc(signOff.textOr("time", {})))
            block.signedAt = *time;
        block.utcOffsetMinutes = static_cast<int>(signOff.integerOr("utcOffset", 0));
        block.clock = "clock of the signer's computer";
        block.bundleDigest = plain(&signOff, "bundle");
        block.ledgerNumber = std::to_string(signOff.integerOr("entry", 0));
        block.keyFingerprint = plain(&signOff, "fingerprint");
        block.comment = prose(&signOff, "comment");
        if (withdrawn)
            block.withdrawn = plain(withdrawn, "time").substr(0, 16) + " UTC, ledger no. " + std::to_string(withdrawn->integerOr("entry", 0)) + ": " + prose(withdrawn, "reason");
        for (const auto &change : items(&signOff, "changes"))
            if (change.string() && !withdrawn)
                block.staleReasons.push_back(text::visible(unescaped(*change.string())));
        document.add(std::move(block)).isKeptTogether = true;
    }
}

} // namespace countersign::report
