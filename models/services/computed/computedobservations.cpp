#include "models/services/computed/computedobservations.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace countersign::services {

namespace {

using namespace computed;

std::string joined(const std::vector<std::string> &attributes)
{
    std::string text;
    for (const auto &attribute : attributes)
        text += (text.empty() ? "" : " x ") + attribute;
    return text;
}

std::vector<std::string> attributesOf(const GroupValues &group)
{
    std::vector<std::string> names;
    for (const auto &[attribute, value] : group)
        names.push_back(attribute);
    std::ranges::sort(names);
    return names;
}

std::optional<double> finite(double value) { return std::isfinite(value) ? std::optional(value + 0.0) : std::nullopt; } // a −0 becomes 0

Observation observationOf(const metrics::Figure &figure, const Window &window)
{
    Observation observation;
    observation.window = window;
    observation.n = static_cast<std::int64_t>(figure.n);
    const auto value = figure.isDefined() ? finite(figure.value) : std::nullopt;
    if (!value)
        return observation; // NaN; an interval of nothing says nothing
    observation.value = *value;
    if (figure.interval) {
        observation.lower = finite(figure.interval->lower);
        observation.upper = finite(figure.interval->upper);
    }
    return observation;
}

class Figures
{
public:
    Figures(const ComputedImport &import, Instant moment, store::ObservationRecorder &recorder, const Progress &progress)
        : m_import(import), m_set(*import.set), m_options(import.observations), m_recorder(recorder), m_progress(progress),
          m_whole(m_set.log.hasTimes ? Window{m_set.log.firstTime, m_set.log.lastTime} : import.observations.window.value_or(Window{moment, moment}))
    {
    }

    Result<std::vector<std::string>> record()
    {
        for (const auto part : {&Figures::cells, &Figures::disparities, &Figures::drifts, &Figures::impacts})
            if (const auto status = (this->*part)(); !status)
                return status.error();
        return notes();
    }

private:
    /// The window of a figure: its own; the whole log's where the same is not computed by window; none where it has no place in time.
    template<class Name>
    std::optional<Window> windowFor(const std::optional<ComputedWindow> &window, const std::set<Name> &windowed, const Name &name) const
    {
        if (window)
            return window->hasTime ? std::optional(Window{window->start, window->end}) : std::nullopt;
        return windowed.contains(name) ? std::nullopt : std::optional(m_whole);
    }

    Status add(const std::string &metric, const GroupValues &group, const metrics::Figure &figure, const Window &window)
    {
        SeriesKey key;
        key.version = m_import.version;
        key.metric = metric;
        key.slice.parts = group;
        std::ranges::sort(key.slice.parts);
        const auto series = m_recorder.series(key);
        if (!series)
            return series.error();
        if (++m_done % 1024 == 0) {
            m_progress(m_done, 0, "recording figures");
            if (m_progress.isCancelled())
                return Error{ErrorKind::Cancelled, "The import was cancelled; nothing was changed.", {}};
        }
        return m_recorder.add(*series, observationOf(figure, window));
    }

    bool isWanted(const std::string &metric) const { return m_options.metrics.empty() || std::ranges::find(m_options.metrics, metric) != m_options.metrics.end(); }

    Status cells()
    {
        std::set<std::vector<std::string>> windowed;
        for (const auto &cell : m_set.cells)
            if (cell.window && cell.window->hasTime)
                windowed.insert(attributesOf(cell.group));
        for (const auto &cell : m_set.cells) {
            if (cell.window && !cell.window->hasTime && cell.group.empty())
                m_untimed += cell.n;
            const auto window = windowFor(cell.window, windowed, attributesOf(cell.group));
            if (!window)
                continue;
            if (cell.group.size() > m_options.depth) {
                ++m_deeper;
                continue;
            }
            for (const auto &named : cell.metrics)
                if (isWanted(named.name))
                    if (const auto status = add(named.name, cell.group, named.figure, *window); !status)
                        return status;
        }
        return {};
    }

    Status disparities()
    {
        if (!m_options.disparities)
            return {};
        std::set<std::vector<std::string>> windowed;
        for (const auto &disparity : m_set.disparities)
            if (disparity.window && disparity.window->hasTime)
                windowed.insert(disparity.attributes);
        for (const auto &disparity : m_set.disparities)
            if (const auto window = windowFor(disparity.window, windowed, disparity.attributes))
                if (const auto status = add(disparity.name + "/" + joined(disparity.attributes), {}, disparity.figure, *window); !status)
                    return status;
        return {};
    }

    Status drifts()
    {
        if (!m_options.drifts)
            return {};
        std::set<std::string> windowed;
        for (const auto &drift : m_set.drifts)
            if (drift.window && drift.window->hasTime)
                windowed.insert(drift.column);
        for (const auto &drift : m_set.drifts) {
            const auto window = windowFor(drift.window, windowed, drift.column);
            if (!window || drift.isReference) // the reference differs from nothing
                continue;
            for (const auto &named : drift.figures)
                if (const auto status = add(named.name + "/" + drift.column, {}, named.figure, *window); !status)
                    return status;
        }
        return {};
    }

    Status impacts()
    {
        for (const auto &impact : m_options.impacts ? m_set.impacts : std::vector<ComputedImpact>())
            for (const auto &row : impact.rows) {
                const bool isUnknown = std::ranges::any_of(row.group, [](const auto &part) { return part.second == kMissingName; });
                if (isUnknown || row.group.size() > m_options.depth) // the unknown have a rate and no ratio
                    continue;
                if (const auto status = add(impact.isScored ? "scoring_impact_ratio" : "impact_ratio", row.group, row.impact.impactRatio, m_whole); !status)
                    return status;
            }
        return {};
    }

    std::vector<std::string> notes() const
    {
        std::vector<std::string> notes;
        if (m_deeper > 0)
            notes.push_back("Figures of " + std::to_string(m_deeper) + " combinations of groups stand in the record without being a series of their own.");
        if (m_untimed > 0)
            notes.push_back(std::to_string(m_untimed) + " rows have no time; their figures stand in the record and in no window.");
        return notes;
    }

    const ComputedImport &m_import;
    const ComputedSet &m_set;
    const ObservationOptions &m_options;
    store::ObservationRecorder &m_recorder;
    const Progress &m_progress;
    Window m_whole;
    std::uint64_t m_done = 0;
    std::uint64_t m_deeper = 0;
    std::uint64_t m_untimed = 0;
};

} // namespace

Result<std::vector<std::string>> recordFigures(const ComputedImport &import, Instant moment, store::ObservationRecorder &recorder, const Progress &progress)
{
    return Figures(import, moment, recorder, progress).record();
}

} // namespace countersign::services
