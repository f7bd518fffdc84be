#include "models/store/observations/observationrecorder.h"

#include "models/base/number.h"
#include "models/base/text.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace countersign::store {

namespace {

constexpr std::size_t kBlockRows = 50'000;

auto place(const ObservationRow &row) { return std::tie(row.series, row.windowEnd, row.windowStart, row.step); }

/// The same statement about the same window: all but revision.
bool saysTheSame(const ObservationRow &a, const ObservationRow &b)
{
    return a.value == b.value && a.lexeme == b.lexeme && a.n == b.n && a.lower == b.lower && a.upper == b.upper;
}

std::string shown(const ObservationRow &row) { return row.value ? number::shortest(*row.value) : "NaN"; }

} // namespace

ObservationRecorder::ObservationRecorder(LedgerStore &ledger, Projector &projector, database::Connection &connection, std::string import, std::int64_t importNo)
    : m_ledger(ledger), m_projector(projector), m_connection(connection), m_import(std::move(import)), m_importNo(importNo)
{
}

Result<std::int64_t> ObservationRecorder::series(const SeriesKey &key)
{
    const std::string version = key.version ? key.version->text() : std::string();
    const std::string run = key.run ? key.run->text() : std::string();
    const std::string slice = key.slice.text();
    const std::string name = version + '\n' + run + '\n' + key.metric + '\n' + slice;
    if (const auto known = m_ids.find(name); known != m_ids.end())
        return known->second;

    Statements sql(m_connection);
    auto id = sql.integer("SELECT id FROM series WHERE version = ? AND run = ? AND metric = ? AND slice = ?", version, run, key.metric, slice);
    State state{key, 0, false};
    if (id) {
        if (const auto newest = sql.integer("SELECT max(window_end) FROM observation WHERE series = ?", *id)) {
            state.newest = *newest;
            state.hasRows = true;
        }
    } else {
        if (m_nextSeries == 0)
            m_nextSeries = sql.integer("SELECT coalesce(max(id), 0) + 1 FROM series").value_or(1);
        id = m_nextSeries++;
        ++m_newSeries;
    }
    if (!sql.ok())
        return sql.status().error();
    m_ids.emplace(name, *id);
    m_states.emplace(*id, std::move(state));
    return *id;
}

Status ObservationRecorder::add(std::int64_t series, const Observation &observation)
{
    ObservationRow row;
    row.series = series;
    row.windowEnd = toMillis(observation.window.end);
    row.windowStart = toMillis(observation.window.start);
    row.step = observation.step;
    if (!std::isnan(observation.value))
        row.value = observation.value;
    if (row.value && !observation.lexeme.empty() && observation.lexeme != number::shortest(*row.value))
        row.lexeme = observation.lexeme;
    row.n = observation.n;
    row.lower = observation.lower;
    row.upper = observation.upper;
    // Values of one window stay in one block, so that keepNew sees them together.
    if (m_buffer.size() >= kBlockRows && place(m_buffer.back()) != place(row))
        if (const auto status = flush(); !status)
            return status;
    m_buffer.push_back(std::move(row));
    return {};
}

Status ObservationRecorder::finish() { return flush(); }

Status ObservationRecorder::flush()
{
    if (m_buffer.empty())
        return {};
    std::ranges::stable_sort(m_buffer, [](const ObservationRow &a, const ObservationRow &b) { return place(a) < place(b); });
    ObservationBlock block;
    block.rows.reserve(m_buffer.size());
    for (auto first = m_buffer.begin(); first != m_buffer.end();) {
        const auto last = std::find_if(first, m_buffer.end(), [&](const ObservationRow &row) { return row.series != first->series; });
        const std::size_t before = block.rows.size();
        if (const auto status = keepNew(first, last, block.rows); !status)
            return status;
        if (block.rows.size() > before) {
            State &state = m_states.at(first->series);
            block.series.push_back({first->series, state.key});
            state.newest = state.hasRows ? std::max(state.newest, block.rows.back().windowEnd) : block.rows.back().windowEnd;
            state.hasRows = true;
        }
        first = last;
    }
    m_buffer.clear();
    if (block.rows.empty())
        return {};
    m_added += static_cast<std::int64_t>(block.rows.size());
    const auto bytes = encodeBlock(block);
    if (!bytes)
        return bytes.error();
    const auto digest = m_ledger.putEvidence(kObservationMedia, *bytes);
    if (!digest)
        return digest.error();
    m_blocks.push_back(json::Value(json::Object{{"digest", digest->text()}, {"rows", static_cast<std::int64_t>(block.rows.size())}}));
    return m_projector.applyObservations(block, m_importNo, m_import);
}

Status ObservationRecorder::keepNew(std::vector<ObservationRow>::iterator first, std::vector<ObservationRow>::iterator last, std::vector<ObservationRow> &kept)
{
    const State &state = m_states.at(first->series);
    // Rows later than everything recorded need no look into the database: the usual case costs nothing.
    std::vector<ObservationRow> recorded;
    if (state.hasRows && first->windowEnd <= state.newest) {
        Statements sql(m_connection);
        sql.each("SELECT window_end, window_start, step, revision, value, lexeme, n, lower, upper FROM observation WHERE series = ? AND window_end >= ? "
                 "AND window_end <= ? ORDER BY window_end, window_start, step, revision",
                 [&](const database::Query &query) {
                     ObservationRow row;
                     row.series = first->series;
                     row.windowEnd = query.integer(0);
                     row.windowStart = query.integer(1);
                     row.step = query.integer(2);
                     row.revision = query.integer(3);
                     row.value = query.realOrNull(4);
                     if (!query.isNull(5))
                         row.lexeme = query.text(5);
                     row.n = query.integerOrNull(6);
                     row.lower = query.realOrNull(7);
                     row.upper = query.realOrNull(8);
                     recorded.push_back(std::move(row));
                 }, first->series, first->windowEnd, std::prev(last)->windowEnd);
        if (!sql.ok())
            return sql.status();
    }
    auto old = recorded.begin();
    while (first != last) {
        const auto groupEnd = std::find_if(first, last, [&](const ObservationRow &row) { return place(row) != place(*first); });
        while (old != recorded.end() && place(*old) < place(*first))
            ++old;
        auto oldEnd = old;
        while (oldEnd != recorded.end() && place(*oldEnd) == place(*first))
            ++oldEnd;
        // The longest tail of what is recorded that the incoming values begin with is known already.
        auto known = std::min(oldEnd - old, groupEnd - first);
        for (; known > 0; --known)
            if (std::equal(oldEnd - known, oldEnd, first, saysTheSame))
                break;
        m_known += known;
        const ObservationRow *before = old == oldEnd ? nullptr : &*std::prev(oldEnd);
        std::int64_t revision = before ? before->revision + 1 : 0;
        for (auto row = first + known; row != groupEnd; ++row) {
            if (before && saysTheSame(*before, *row)) {
                ++m_known; // the source repeats itself
                continue;
            }
            row->revision = revision++;
            if (before)
                noteRestatement(state, *row, *before);
            kept.push_back(*row);
            before = &*row;
        }
        first = groupEnd;
        old = oldEnd;
    }
    return {};
}

void ObservationRecorder::noteRestatement(const State &state, const ObservationRow &row, const ObservationRow &before)
{
    ++m_restated;
    if (m_restatements.size() < 100)
        m_restatements.push_back(text::visible(state.key.metric) + (state.key.slice.isOverall() ? "" : " for " + text::visible(state.key.slice.shown())) + ", window ending "
                                 + formatUtc(fromMillis(row.windowEnd)) + ": " + shown(before) + " is restated as " + shown(row) + ".");
}

Result<Bytes> ObservationRecorder::manifest() const
{
    return json::writeRestricted(json::Value(json::Object{{"blocks", json::Value(m_blocks)}, {"schema", "countersign.observations/1"}}));
}

} // namespace countersign::store
