#include "models/computed/passingrows.h"

namespace countersign::computed {

PassingRows::PassingRows(const predictions::Schema &schema, const Parameters &parameters, unsigned threads, double scoreStep, const Room &room, Drift drift,
                         std::optional<PassedLog> reference)
    : m_reference(std::move(reference)), m_isFull(threads), m_schema(schema)
{
    for (unsigned thread = 0; thread < threads; ++thread) {
        m_applicants.emplace_back(schema, parameters.threshold, scoreStep, room.applicants);
        if (schema.labelDelay >= 0)
            m_delays.emplace_back(schema, parameters.window.unit, room.delays);
        if ((m_reference || !parameters.reference.empty()) && drift == Drift::Counted)
            m_drifts.emplace_back(schema, parameters.window.unit, room.drift);
    }
}

void PassingRows::add(unsigned thread, const predictions::Chunk &chunk, std::span<const std::uint64_t> counts)
{
    m_applicants[thread].add(chunk, counts);
    if (!m_delays.empty() && !m_isFull[thread])
        m_isFull[thread] = m_delays[thread].add(chunk, counts) ? 0 : 1;
    if (!m_drifts.empty())
        m_drifts[thread].add(chunk, counts);
}

Status PassingRows::complete(const Table &table, const predictions::MergedDictionaries &texts, ComputedSet &set)
{
    bool isIncomplete = false;
    set.impacts = impactsOf(table, texts, m_applicants, set.parameters, isIncomplete);
    if (isIncomplete)
        set.notes.emplace_back("Impact ratios were not computed: applicants whose outcome is not known have more different scores and groups than were told apart. "
                               "Compute the log in memory, or with fewer attributes.");
    for (const ComputedImpact &impact : set.impacts)
        if (impact.medianBound) {
            set.notes.emplace_back("Scores were rounded, so which of them are above the median is known up to one step of rounding; scoring rates and their impact ratios have "
                                   "their error bound beside them.");
            break;
        }
    if (!m_delays.empty())
        addDelays(texts, set);
    if (m_drifts.empty())
        return {};
    PassedLog passed{{}, m_schema, std::move(m_drifts), texts};
    auto drifts = driftOf(passed, m_reference ? &*m_reference : nullptr, set.parameters, set.notes);
    if (!drifts)
        return drifts.error();
    if (m_reference)
        set.referenceLog = std::move(m_reference->facts);
    set.referenceColumns = std::move(drifts->references);
    set.drifts = std::move(drifts->drifts);
    return {};
}

void PassingRows::addDelays(const predictions::MergedDictionaries &texts, ComputedSet &set)
{
    if (std::ranges::find(m_isFull, 1) != m_isFull.end()) {
        set.notes.emplace_back("How long labels took was not computed: there are too many windows. Choose longer ones.");
        return;
    }
    const auto delays = labelDelaysOf(m_delays, texts, set.parameters);
    addLabelDelays(delays, set);
    if (!delays.empty() && delays.front().bound)
        set.notes.emplace_back("How long labels took was rounded down to parts of a day; the delays have their error bound beside them.");
}

} // namespace countersign::computed
