// What follows from the settled state: verdicts, a model's headline, stale sign-offs.

#include "models/crypto/sha256.h"
#include "models/policy/evaluator.h"
#include "models/store/projection/projector.h"
#include "models/store/queries/queries.h"
#include "models/store/queries/reviewinputs.h"

#include <algorithm>

namespace countersign::store {

namespace {

/// So many changes to come are kept; what is later is seen once something else happens.
constexpr std::size_t kMostTurns = 64;

policy::Summary summaryOf(const std::vector<JudgedSeries> &judged)
{
    std::vector<Verdict> verdicts;
    for (const JudgedSeries &one : judged)
        verdicts.push_back(one.verdict);
    return policy::summarize(verdicts);
}

std::string changesText(const std::vector<std::string> &changes)
{
    const auto bytes = json::canonical(textArray(changes));
    return bytes ? *bytes : "[]";
}

} // namespace

Status Projector::settle()
{
    endChange();
    if (!m_touchedVersions.empty() && m_sql.ok()) {
        auto judge = Judge::make(m_sql.connection());
        if (!judge)
            return judge.error();
        m_judge = std::make_unique<Judge>(std::move(*judge));
    }
    for (const auto &[version, today] : m_touchedVersions)
        settleVersion(version, today);
    for (const auto &model : m_touchedModels)
        settleModel(model);
    m_judge.reset();
    m_touchedVersions.clear();
    m_touchedModels.clear();
    m_sql.flush();
    return m_sql.status();
}

void Projector::settleVersion(const std::string &version, Instant today)
{
    const std::string modelId = modelOfVersion(version);
    if (!m_sql.ok() || modelId.empty())
        return; // undone, or never registered
    m_touchedModels.insert(modelId);
    const auto model = findModel(m_sql.connection(), ModelId::of(modelId));
    if (!model)
        return m_sql.fail(model.error());
    const auto judgement = m_judge->read(VersionId::of(version), *model);
    if (!judgement)
        return m_sql.fail(judgement.error());
    const auto judged = judgement->at(today);
    m_sql.post("DELETE FROM verdict WHERE version = ?", version);
    for (const auto &[verdict, series] : judged) {
        const auto &observation = verdict.observation;
        const auto when = [&](Instant Window::*edge) { return observation ? std::optional(toMillis(observation->window.*edge)) : std::nullopt; };
        const auto value = observation && !std::isnan(observation->value) ? std::optional(observation->value) : std::nullopt;
        m_sql.post("INSERT INTO verdict (version, rule, slice, revision, metric, state, sentence, series, window_start, window_end, value, n, lower, upper, missing) "
                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  version, verdict.rule.text(), verdict.slice.text(), verdict.ruleRevision, verdict.metric, verdict.state, verdict.sentence, series,
                  when(&Window::start), when(&Window::end), value, observation ? observation->n : std::nullopt, observation ? observation->lower : std::nullopt,
                  observation ? observation->upper : std::nullopt, verdict.missing);
    }
    const auto summary = summaryOf(judged);
    m_sql.post("UPDATE version SET verdict = ?, verdict_sentence = ?, worst = ? WHERE id = ?", summary.state, summary.sentence, summary.worst, version);
    // A limit begins, a value becomes too old, a waiver ends: nobody's act, so that no event will come.
    m_sql.post("DELETE FROM version_turn WHERE version = ?", version);
    auto turns = judgement->turnsAfter(today);
    turns.resize(std::min(turns.size(), kMostTurns));
    policy::Summary before = summary;
    for (const Instant turn : turns) {
        auto then = summaryOf(judgement->at(turn));
        if (then.state == before.state && then.sentence == before.sentence && then.worst == before.worst)
            continue;
        m_sql.post("INSERT INTO version_turn (version, since, verdict, sentence, worst) VALUES (?, ?, ?, ?, ?)", version, toMillis(turn), then.state, then.sentence, then.worst);
        before = std::move(then);
    }
    settleSignOffs(version, today);
}

void Projector::settleSignOffs(const std::string &version, Instant today)
{
    // Many sign one frozen review, and what changed since is the same for all of them.
    struct Signed {
        std::string bundle;
        Bytes inputs;
        bool isStale;
        std::string changes;
    };
    std::vector<Signed> states;
    m_sql.each("SELECT DISTINCT bundle, inputs, is_stale, changes FROM signoff WHERE version = ? ORDER BY bundle, inputs",
               [&](const database::Query &row) { states.push_back({row.text(0), row.bytes(1), row.integer(2) != 0, row.text(3)}); }, version);
    if (states.empty() || !m_sql.ok())
        return;
    const auto now = reviewInputs(m_sql.connection(), VersionId::of(version), today);
    if (!now)
        return m_sql.fail(now.error());
    const auto bytes = json::writeRestricted(*now);
    if (!bytes)
        return m_sql.fail(bytes.error());
    const Digest digest = crypto::sha256(*bytes);
    std::map<std::string, std::string> sinceBundle;
    for (const auto &state : states) {
        const bool isStale = digest.view() != state.inputs;
        std::string changed = "[]";
        if (isStale) {
            const auto [found, isFirst] = sinceBundle.try_emplace(state.bundle);
            if (isFirst) {
                auto text = changesSinceBundle(state.bundle, *now);
                if (!text)
                    return m_sql.fail(text.error());
                found->second = *std::move(text);
            }
            changed = found->second;
        }
        if (isStale != state.isStale || changed != state.changes)
            m_sql.run("UPDATE signoff SET is_stale = ?, changes = ? WHERE version = ? AND bundle = ? AND inputs = ? AND is_stale = ? AND changes = ?", isStale, changed,
                      version, state.bundle, Blob{state.inputs}, state.isStale, state.changes);
    }
}

Result<std::string> Projector::changesSinceBundle(const std::string &bundle, const json::Value &now)
{
    const auto digest = Digest::parse("sha256:" + bundle.substr(2));
    const auto bytes = digest ? m_evidence(*digest) : Result<Bytes>(digest.error());
    const auto frozen = bytes ? json::readRestricted(*bytes, 64U << 20) : Result<json::Value>(bytes.error());
    if (!frozen)
        return frozen.error();
    const json::Value *inputs = frozen->find("inputs");
    auto changes = describeChanges(inputs ? *inputs : json::Value(), now);
    if (changes.empty())
        changes.emplace_back("The inputs changed.");
    return changesText(changes);
}

void Projector::settleModel(const std::string &model)
{
    struct Candidate {
        std::string id;
        std::string label;
        Stage stage;
        std::int64_t verdict;
        std::string sentence;
        std::string worst;
    };
    std::vector<Candidate> versions;
    m_sql.each("SELECT id, label, stage, verdict, verdict_sentence, worst FROM version WHERE model = ?",
               [&](const database::Query &row) {
                   versions.push_back({row.text(0), row.text(1), static_cast<Stage>(row.integer(2)), row.integer(3), row.text(4), row.text(5)});
               }, model);
    if (!m_sql.ok())
        return;
    std::ranges::sort(versions, [](const Candidate &a, const Candidate &b) { return labelLess(a.label, b.label); });
    // The current version: the champion, else the newest in use, else the newest.
    Candidate none{{}, {}, Stage::Development, static_cast<std::int64_t>(VerdictState::NotJudged), {}, {}};
    const Candidate *current = versions.empty() ? &none : &versions.back();
    for (const auto &version : versions)
        if (version.stage == Stage::InUse)
            current = &version;
    const auto champion = m_sql.text("SELECT label FROM model_alias WHERE model = ? AND alias = 'champion'", model);
    for (const auto &version : versions)
        if (version.label == champion)
            current = &version;

    // 0 nobody signed, 1 signed, 2 stale, 3 rejected: the worst of what stands on the current version.
    std::int64_t signState = 0;
    m_sql.each("SELECT is_stale, decision FROM signoff WHERE version = ? AND withdrawal IS NULL",
               [&](const database::Query &row) {
                   const std::int64_t state = row.integer(0) ? 2 : static_cast<Decision>(row.integer(1)) == Decision::Reject ? 3 : 1;
                   signState = std::max(signState, state);
               }, current->id);
    m_sql.run("UPDATE model SET version_count = ?, current_version = ?, current_label = ?, stage = ?, verdict = ?, verdict_sentence = ?, worst = ?, sign_state = ? "
              "WHERE id = ?",
              static_cast<std::int64_t>(versions.size()), current->id, current->label, current->stage, current->verdict, current->sentence, current->worst, signState,
              model);
}

} // namespace countersign::store
