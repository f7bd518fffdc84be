#include "models/computed/comparisons/applicants.h"

#include "models/computed/comparisons/impactlists.h"
#include "models/scoretables/build/rowstatus.h"
#include "models/scoretables/build/tallymerge.h"

#include <cmath>

namespace countersign::computed {

using namespace scoretables;

namespace {

using predictions::Chunk;
using predictions::Schema;

/// The same columns, told to count by one of them: no outcome, no windows, no weights.
std::unique_ptr<const Schema> schemaFor(const Schema &schema, int score, int prediction)
{
    Schema own = schema;
    own.label = -1;
    own.weight = -1;
    own.score = score;
    own.prediction = prediction;
    own.hasTime = false;
    return std::make_unique<const Schema>(std::move(own));
}

std::vector<double> picked(const std::vector<double> &column, const std::vector<std::uint32_t> &rows)
{
    std::vector<double> result;
    for (const std::uint32_t row : rows)
        result.push_back(column[row]);
    return result;
}
predictions::Codes picked(const predictions::Codes &column, const std::vector<std::uint32_t> &rows)
{
    return std::visit(
        [&](const auto &codes) {
            std::decay_t<decltype(codes)> result;
            for (const std::uint32_t row : rows)
                result.push_back(codes[row]);
            return predictions::Codes(std::move(result));
        },
        column);
}

/// Some rows of a chunk, with the columns that the schema counts by.
Chunk picked(const Chunk &chunk, const Schema &schema, const std::vector<std::uint32_t> &rows)
{
    Chunk result;
    result.rows = static_cast<std::uint32_t>(rows.size());
    result.dictionaries = chunk.dictionaries;
    result.numbers.resize(chunk.numbers.size());
    result.codes.resize(chunk.codes.size());
    if (schema.score >= 0)
        result.numbers[static_cast<std::size_t>(schema.score)] = picked(chunk.numbers[static_cast<std::size_t>(schema.score)], rows);
    const auto pickCodes = [&](int column) { result.codes[static_cast<std::size_t>(column)] = picked(chunk.codes[static_cast<std::size_t>(column)], rows); };
    if (schema.prediction >= 0)
        pickCodes(schema.prediction);
    for (const int attribute : schema.attributes)
        pickCodes(attribute);
    return result;
}

} // namespace

ApplicantTally::ApplicantTally(const Schema &schema, std::optional<double> threshold, double scoreStep, std::size_t entries)
    : m_schema(schema), m_isDecidedByScore(threshold || schema.prediction < 0)
{
    const auto make = [&](Part &part, int score, int prediction, std::optional<double> decidedAt) {
        part.schema = schemaFor(schema, score, prediction);
        part.tally.emplace_back(*part.schema, WindowUnit::None, decidedAt, scoreStep, entries, Rounding::Least);
        part.most = Tally::mostIn(entries);
    };
    if (schema.attributes.empty())
        return;
    if (schema.score >= 0)
        make(m_scored, schema.score, -1, m_isDecidedByScore ? std::optional(threshold.value_or(0.5)) : std::nullopt);
    if (!m_isDecidedByScore)
        make(m_decided, -1, schema.prediction, {});
}

void ApplicantTally::add(const Chunk &chunk, std::span<const std::uint64_t> counts)
{
    if (!m_scored.schema && !m_decided.schema)
        return;
    std::vector<std::uint8_t> status(chunk.rows);
    statusOf(chunk, m_schema, 0, chunk.rows, status.data());
    const auto numbers = [&](int column) { return column >= 0 ? chunk.numbers[static_cast<std::size_t>(column)].data() : nullptr; };
    const double *scores = numbers(m_schema.score);
    const double *weights = numbers(m_schema.weight);
    const std::uint8_t *decisions =
        m_decided.schema ? std::get<std::vector<std::uint8_t>>(chunk.codes[static_cast<std::size_t>(m_schema.prediction)]).data() : nullptr;
    std::vector<std::uint32_t> scored;
    std::vector<std::uint32_t> decided;
    for (std::uint32_t row = 0; row < chunk.rows; ++row) {
        if (status[row] < kFirstLeftOut || (weights && !(weights[row] > 0)))
            continue;
        if (scores && std::isfinite(scores[row]))
            scored.push_back(row);
        if (decisions && decisions[row] != predictions::kMissingValue)
            decided.push_back(row);
    }
    addTo(m_scored, chunk, scored, counts);
    addTo(m_decided, chunk, decided, counts);
}

void ApplicantTally::addTo(Part &part, const Chunk &chunk, const std::vector<std::uint32_t> &rows, std::span<const std::uint64_t> counts)
{
    if (rows.empty() || part.isFull)
        return;
    std::vector<std::uint64_t> own;
    for (const std::uint32_t row : rows)
        if (!counts.empty())
            own.push_back(counts[row]);
    part.isFull = !part.tally.front().add(picked(chunk, *part.schema, rows), own);
}

/// Puts together what the table has and what it leaves out.
class TableApplicants
{
public:
    TableApplicants(const Table &table, const Parameters &parameters) : m_table(table), m_parameters(parameters)
    {
        if (parameters.threshold || !table.hasPredictions())
            m_threshold = parameters.threshold.value_or(0.5);
    }

    /// False: a tally ran out of room.
    bool take(const predictions::MergedDictionaries &texts, std::vector<ApplicantTally> &leftOut)
    {
        for (const auto part : {&ApplicantTally::m_scored, &ApplicantTally::m_decided}) {
            std::vector<Tally> tallies;
            for (ApplicantTally &own : leftOut) {
                if ((own.*part).isFull)
                    return false;
                std::ranges::move((own.*part).tally, std::back_inserter(tallies));
            }
            if (!tallies.empty())
                (part == &ApplicantTally::m_scored ? m_scored : m_decided) = mergeTallies(*(leftOut.front().*part).schema, texts, tallies);
        }
        m_step = m_table.scoreStep();
        if (!leftOut.empty() && m_scored.leaves.size() <= leftOut.front().m_scored.most / 8) // by decision, and below 0 and not
            m_step = std::max(m_step, leastStepOf(m_scored, leftOut.front().m_scored.most));
        m_step = std::max(m_step, m_scored.scoreStep);
        return true;
    }

    std::vector<ComputedImpact> impacts()
    {
        std::optional<MedianScore> median;
        if (m_table.hasScores())
            median = findMedian();
        for (const Leaf &leaf : m_table.leaves())
            m_codes.push_back(leaf.codes);
        m_people.resize(m_codes.size());
        countTable();
        countScored();
        countDecided();
        return listImpacts(m_table.attributes(), m_codes, m_people, median, m_parameters.options);
    }

private:
    static std::uint64_t rowsOf(std::span<const std::uint32_t> counts, std::size_t entry) { return counts.empty() ? 1 : counts[entry]; }
    double rounded(double score) const { return m_step > 0 ? std::floor(score / m_step) * m_step + 0.0 : score; }

    /// From the lowest score on: calls use(score, rows).
    template<class Use>
    void forEachScore(const Use &use) const
    {
        std::size_t i = m_table.size();
        std::size_t j = m_scored.scores.size();
        while (i > 0 || j > 0) {
            const bool isTables = i > 0 && (j == 0 || m_table.scores()[i - 1] <= m_scored.scores[j - 1]);
            if (isTables) {
                --i;
                use(rounded(m_table.scores()[i]), rowsOf(m_table.counts(), i));
            } else {
                --j;
                use(rounded(m_scored.scores[j]), rowsOf(m_scored.counts, j));
            }
        }
    }

    /// The middle score, or the mean of the two middle ones.
    MedianScore findMedian()
    {
        std::uint64_t size = 0;
        forEachScore([&](double, std::uint64_t rows) { size += rows; });
        if (size == 0)
            return {metrics::Figure::undefined(metrics::Reason::NoRows), {}};
        std::uint64_t before = 0;
        forEachScore([&](double score, std::uint64_t rows) {
            m_low = before <= (size - 1) / 2 ? score : m_low;
            m_high = before <= size / 2 ? score : m_high;
            before += rows;
        });
        m_median = m_low + (m_high - m_low) / 2;
        return {metrics::Figure::of(m_median, size), m_step > 0 ? std::optional(m_step) : std::nullopt};
    }

    /// Rounded scores lie anywhere from what they are to a step above. With the two middle ones in different steps, the lower one's are not above
    /// the median and the higher one's are, whatever they were; with one step for both, that step's may be or not.
    void addScored(double score, std::uint64_t rows, People &people) const
    {
        people.scored += rows;
        if (m_step == 0)
            people.above += score > m_median ? rows : 0;
        else if (m_low < m_high)
            people.above += rounded(score) >= m_high ? rows : 0;
        else if (rounded(score) > m_high)
            people.above += rows;
        else if (rounded(score) == m_high)
            people.uncertain += rows;
    }

    void countTable()
    {
        const bool areCounted = m_table.decidedAt() && m_table.decidedAt() == m_threshold;
        for (std::size_t i = 0; i < m_table.size(); ++i) {
            const std::uint32_t code = m_table.codes()[i];
            const double score = m_table.scores()[i];
            const std::uint64_t rows = rowsOf(m_table.counts(), i);
            People &people = m_people[leafOf(code)];
            if (m_table.hasScores())
                addScored(score, rows, people);
            people.decided += rows;
            people.selected += (m_threshold && !areCounted ? score >= *m_threshold : isPredicted(code)) ? rows : 0;
        }
    }
    void countScored()
    {
        const std::size_t first = addLeaves(m_scored);
        for (std::size_t i = 0; i < m_scored.codes.size(); ++i) {
            const std::uint64_t rows = rowsOf(m_scored.counts, i);
            People &people = m_people[first + leafOf(m_scored.codes[i])];
            addScored(m_scored.scores[i], rows, people);
            people.decided += m_threshold ? rows : 0;
            people.selected += m_threshold && isPredicted(m_scored.codes[i]) ? rows : 0;
        }
    }
    void countDecided()
    {
        const std::size_t first = addLeaves(m_decided);
        for (std::size_t i = 0; i < m_decided.codes.size(); ++i) {
            const std::uint64_t rows = rowsOf(m_decided.counts, i);
            People &people = m_people[first + leafOf(m_decided.codes[i])];
            people.decided += rows;
            people.selected += isPredicted(m_decided.codes[i]) ? rows : 0;
        }
    }
    std::size_t addLeaves(const TableParts &parts)
    {
        const std::size_t first = m_codes.size();
        for (const Leaf &leaf : parts.leaves)
            m_codes.push_back(leaf.codes);
        m_people.resize(m_codes.size());
        return first;
    }

    const Table &m_table;
    const Parameters &m_parameters;
    std::optional<double> m_threshold; ///< none: the log's own decisions
    TableParts m_scored;
    TableParts m_decided;
    double m_step = 0;
    double m_low = 0;  ///< the two middle scores
    double m_high = 0;
    double m_median = 0;
    std::vector<std::vector<std::uint32_t>> m_codes;
    std::vector<People> m_people;
};

std::vector<ComputedImpact> impactsOf(const Table &table, const predictions::MergedDictionaries &texts, std::vector<ApplicantTally> &leftOut,
                                      const Parameters &parameters, bool &isIncomplete)
{
    isIncomplete = false;
    const bool isDecided = table.hasScores() || (table.hasPredictions() && !parameters.threshold);
    if (table.attributes().empty() || !isDecided)
        return {};
    TableApplicants applicants(table, parameters);
    isIncomplete = !applicants.take(texts, leftOut);
    return isIncomplete ? std::vector<ComputedImpact>() : applicants.impacts();
}

} // namespace countersign::computed
