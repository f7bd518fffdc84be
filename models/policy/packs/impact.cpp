#include "models/policy/packs/impact.h"

#include "models/policy/evaluator.h"

#include <algorithm>
#include <set>

namespace countersign::policy {

namespace {

using Series = ImpactSubject::Series;

/// What a rule says of a series that it looks at.
struct Saying {
    const Series *series;
    VerdictState state;
};

std::vector<Saying> sayings(const Rule &rule, const ImpactSubject &subject, Instant now)
{
    std::vector<Saying> all;
    if (!appliesTo(rule, subject.model))
        return all;
    for (const Series &series : subject.series)
        if (appliesTo(rule, series.metric, series.slice))
            all.push_back({&series, stateOf(rule, series.newest, now)});
    return all;
}

VerdictState worse(VerdictState a, VerdictState b) { return std::min(a, b); }

const PackRule *find(std::span<const PackRule> rules, const std::string &id)
{
    const auto found = std::ranges::find(rules, id, &PackRule::id);
    return found == rules.end() ? nullptr : &*found;
}

/// One version under both lists of rules.
class Comparison
{
public:
    Comparison(std::size_t place, const ImpactSubject &subject, Instant now, Impact &impact) : m_place(place), m_subject(subject), m_now(now), m_impact(impact) {}

    /// `before` or `after` is nullptr where there is no such rule.
    void compare(const PackRule *before, const PackRule *after)
    {
        const auto was = before ? sayings(before->limit, m_subject, m_now) : std::vector<Saying>();
        const auto is = after ? sayings(after->limit, m_subject, m_now) : std::vector<Saying>();
        note(before, was, m_version.before);
        note(after, is, m_version.after);
        for (const Saying &saying : is)
            add(*after, *saying.series, stateAt(was, saying.series), saying.state);
        for (const Saying &saying : was)
            if (stateAt(is, saying.series) == VerdictState::NotJudged)
                add(*before, *saying.series, saying.state, VerdictState::NotJudged);
    }

    bool finish()
    {
        m_version.subject = m_place;
        if (m_version.before != m_version.after)
            m_impact.versions.push_back(m_version);
        m_impact.versionsFailing += m_version.after == VerdictState::Fail && m_version.before != VerdictState::Fail;
        m_impact.versionsMended += m_version.before == VerdictState::Fail && m_version.after != VerdictState::Fail;
        return m_hasFlip;
    }

private:
    static void note(const PackRule *rule, const std::vector<Saying> &all, VerdictState &worst)
    {
        if (rule && !rule->isGuideline)
            for (const Saying &saying : all)
                worst = worse(worst, saying.state);
    }
    static VerdictState stateAt(const std::vector<Saying> &all, const Series *series)
    {
        const auto found = std::ranges::find(all, series, &Saying::series);
        return found == all.end() ? VerdictState::NotJudged : found->state;
    }
    void add(const PackRule &rule, const Series &series, VerdictState was, VerdictState is)
    {
        if (was == is)
            return;
        // Judged in full only where something changes: sentences are most of the work.
        const Verdict verdict = judge(rule.limit, series.slice, series.newest, m_now);
        m_impact.flips.push_back({m_place, rule.id, rule.isGuideline, series.slice, was, is, verdict.sentence});
        m_hasFlip = true;
    }

    std::size_t m_place;
    const ImpactSubject &m_subject;
    Instant m_now;
    Impact &m_impact;
    VersionImpact m_version;
    bool m_hasFlip = false;
};

std::string count(std::size_t number, const char *one, const char *many) { return std::to_string(number) + " " + (number == 1 ? one : many); }

} // namespace

std::string Impact::sentence() const
{
    if (flips.empty())
        return "No verdict changes.";
    return count(modelsAffected, "model is", "models are") + " affected: " + count(versionsFailing, "version fails", "versions fail") + " that did not, " +
           count(versionsMended, "version no longer fails.", "versions no longer fail.");
}

Impact impactOf(std::span<const PackRule> before, std::span<const PackRule> after, std::span<const ImpactSubject> subjects, Instant now)
{
    std::vector<std::pair<const PackRule *, const PackRule *>> pairs;
    for (const PackRule &rule : after)
        pairs.emplace_back(find(before, rule.id), &rule);
    for (const PackRule &rule : before)
        if (!find(after, rule.id))
            pairs.emplace_back(&rule, nullptr);
    Impact impact;
    std::set<ModelId> models;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
        Comparison comparison(i, subjects[i], now, impact);
        for (const auto &[one, other] : pairs)
            comparison.compare(one, other);
        if (comparison.finish())
            models.insert(subjects[i].model.id);
    }
    impact.modelsAffected = models.size();
    return impact;
}

} // namespace countersign::policy
