#include "ui/model/computed/computedsource.h"

#include "models/policy/evaluator.h"
#include "models/store/queries/queries.h"

#include <algorithm>

namespace countersign::pages {

using services::ComputedRow;

struct ComputedSource::Loaded {
    std::vector<ComputedRow> rows;
    std::vector<Rule> rules;
    std::optional<ImportId> current;
    std::shared_ptr<const computed::ComputedSet> set; ///< null: the one at hand is still right
    std::shared_ptr<const computed::ScoreSummary> scores;
};

ComputedSource::ComputedSource(services::Workspace &workspace, QObject *parent) : QObject(parent), m_workspace(workspace) {}

void ComputedSource::setVersion(const MlModel &model, const std::optional<VersionId> &version)
{
    m_isStale = true;
    m_model = model;
    if (version == m_version)
        return;
    m_version = version;
    ++m_generation;
    m_isReading = false;
    m_rows.clear();
    m_current.reset();
    m_set.reset();
    m_scores.reset();
    Q_EMIT changed();
}

void ComputedSource::refresh()
{
    m_isStale = true;
}

void ComputedSource::choose(const QString &import)
{
    const auto id = ImportId::parse(import.toStdString());
    if (!id || (m_current && *id == *m_current))
        return;
    m_wanted = *id;
    m_isStale = true;
}

void ComputedSource::need()
{
    if (m_isStale)
        read();
}

const ComputedRow *ComputedSource::current() const
{
    const auto found = m_current ? std::ranges::find(m_rows, *m_current, &ComputedRow::import) : m_rows.end();
    return found == m_rows.end() ? nullptr : &*found;
}

void ComputedSource::read()
{
    m_isStale = false;
    const int generation = ++m_generation;
    if (!m_version || !m_workspace.state().isOpen) {
        take({});
        return;
    }
    m_isReading = true;
    Q_EMIT reading();
    const auto work = [version = *m_version, model = m_model, wanted = m_wanted ? m_wanted : m_current, atHand = m_set ? m_current : std::nullopt](services::Session &session) -> Result<Loaded> {
        Loaded loaded;
        auto rows = services::listComputed(session, version);
        if (!rows)
            return rows.error();
        std::erase_if(*rows, [](const ComputedRow &row) { return row.undoneBy.has_value(); });
        loaded.rows = *std::move(rows);
        auto rules = store::listRules(session.connection());
        if (!rules)
            return rules.error();
        std::ranges::copy_if(*rules, std::back_inserter(loaded.rules), [&model](const Rule &rule) { return policy::appliesTo(rule, model); });
        const bool isThere = wanted && std::ranges::find(loaded.rows, *wanted, &ComputedRow::import) != loaded.rows.end();
        if (loaded.rows.empty())
            return loaded;
        const auto row = isThere ? std::ranges::find(loaded.rows, *wanted, &ComputedRow::import) : loaded.rows.begin();
        loaded.current = row->import;
        if (atHand && *atHand == row->import)
            return loaded;
        auto set = services::loadComputed(session, row->import);
        if (!set)
            return set.error();
        loaded.set = std::make_shared<const computed::ComputedSet>(*std::move(set));
        if (!row->hasScores)
            return loaded;
        const auto bytes = services::loadScores(session, row->import);
        if (!bytes)
            return bytes.error();
        auto scores = computed::readScores(*bytes);
        if (!scores)
            return scores.error();
        loaded.scores = std::make_shared<const computed::ScoreSummary>(*std::move(scores));
        return loaded;
    };
    m_workspace.run(this, work, [this, generation](const Result<Loaded> &loaded) {
        if (generation != m_generation)
            return;
        m_isReading = false;
        if (loaded)
            take(*loaded);
        else
            Q_EMIT failed(loaded.error());
    });
}

void ComputedSource::take(const Loaded &loaded)
{
    m_isReading = false;
    m_wanted.reset();
    m_rows = loaded.rows;
    m_rules = loaded.rules;
    m_current = loaded.current;
    if (loaded.set) {
        m_set = loaded.set;
        m_scores = loaded.scores;
    } else if (!loaded.current) {
        m_set.reset();
        m_scores.reset();
    }
    Q_EMIT changed();
}

const Rule *ComputedSource::ruleOn(const std::string &metric) const
{
    const auto found = std::ranges::find(m_rules, metric, &Rule::metric);
    return found == m_rules.end() ? nullptr : &*found;
}

std::optional<VerdictState> ComputedSource::judge(const std::string &metric, const computed::GroupValues &group, const metrics::Figure &figure) const
{
    const Slice slice{group};
    Observation observation;
    observation.value = figure.value;
    observation.n = static_cast<std::int64_t>(figure.n);
    if (figure.interval) {
        observation.lower = figure.interval->lower;
        observation.upper = figure.interval->upper;
    }
    for (const Rule &rule : m_rules)
        if (policy::appliesTo(rule, metric, slice))
            return policy::stateOf(rule, observation);
    return {};
}

} // namespace countersign::pages
