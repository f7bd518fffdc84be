#include "models/computed/scores/scoresource.h"

#include "models/computed/cells/cellnames.h"
#include "models/computed/scores/scorecurves.h"

namespace countersign::computed {

using namespace scoretables;

namespace {

using metrics::Counts;

constexpr double kNobody = std::numeric_limits<double>::infinity();

std::string listed(const std::vector<std::string> &names)
{
    std::string text;
    for (const auto &name : names)
        text += (text.empty() ? "\"" : ", \"") + name.substr(0, 60) + "\"";
    return text;
}

Error noSuchAttribute(const std::string &name) { return {ErrorKind::Invalid, "The log has no attribute \"" + name.substr(0, 60) + "\".", {}}; }

// ---- from what is kept

class KeptScores : public ScoreSource
{
public:
    KeptScores(std::shared_ptr<const ScoreSummary> summary, std::vector<const ScoreGroup *> groups)
        : m_summary(std::move(summary))
        , m_kept(std::move(groups))
    {
        m_hasLabels = m_summary->hasLabels;
        m_isWeighted = m_summary->isWeighted;
        m_lowest = m_summary->edges.front();
        m_highest = m_summary->highest;
        m_scoreStep = m_summary->scoreStep;
        for (const auto &value : m_kept.front()->group)
            m_attributes.push_back(value.first);
        for (const ScoreGroup *kept : m_kept) {
            Group group{kept->group, kept->isMissing, kept->rows, kept->squares, 0, 0, kept->logged};
            for (std::size_t bin = 0; bin < kept->positives.size(); ++bin) {
                group.positives += kept->positives[bin];
                group.negatives += kept->negatives[bin];
            }
            m_groups.push_back(std::move(group));
        }
    }
    bool isExact() const override { return m_summary->binning == Binning::EveryValue && m_summary->scoreStep <= 0; }
    double exactThreshold(double threshold) const override
    {
        if (isExact())
            return threshold;
        const auto edge = std::ranges::lower_bound(m_summary->edges, threshold);
        return edge == m_summary->edges.end() ? kNobody : *edge;
    }
    Counts countsAt(std::size_t group, double threshold) const override { return computed::countsAt(*m_summary, *m_kept[group], threshold).counts; }
    Tables tables(std::size_t most, const Progress &progress) const override
    {
        Tables tables{{}, m_summary->edges.size(), isExact()};
        for (const ScoreGroup *group : m_kept)
            tables.tables.push_back(scoreTable(*m_summary, *group));
        static_cast<void>(most); // there are no more than kScoreBins
        progress(1, 1, "counting scores");
        return tables;
    }
    std::vector<double> densityEdges(int steps) const override
    {
        std::vector<double> edges;
        for (const DensityStep &step : densitySteps(*m_summary, *m_kept.front(), steps)) {
            if (edges.empty())
                edges.push_back(step.from);
            edges.push_back(step.to);
        }
        return edges;
    }

private:
    std::shared_ptr<const ScoreSummary> m_summary;
    std::vector<const ScoreGroup *> m_kept;
};

// ---- from every row

constexpr std::size_t kCheckpointBytes = 64U << 20;
constexpr std::size_t kLeastStep = 512;

class EveryScore : public ScoreSource
{
public:
    EveryScore(std::shared_ptr<const Table> table, std::vector<std::string> attributes) : m_table(std::move(table))
    {
        m_attributes = std::move(attributes);
        m_hasLabels = m_table->hasLabels();
        m_isWeighted = !m_table->weights().empty();
        m_scoreStep = m_table->scoreStep();
        const bool isProbability = m_table->size() == 0 || (m_table->scores().back() >= 0 && m_table->scores().front() <= 1);
        m_lowest = isProbability ? 0 : m_table->scores().back();
        m_highest = isProbability ? 1 : m_table->scores().front();
    }
    /// Groups are the cells that have rows.
    Status group(const FamilyCells &cells, const Progress &progress)
    {
        const auto named = namedCells(*m_table, cells);
        std::vector<std::uint64_t> rows(named.size());
        for (std::size_t leaf = 0; leaf < m_table->leaves().size(); ++leaf)
            rows[cells.members[leaf]] += m_table->sums()[leaf].rows;
        std::vector<std::uint32_t> groupOfCell(named.size(), kNone);
        for (std::size_t cell = 0; cell < named.size(); ++cell)
            if (rows[cell] > 0) {
                groupOfCell[cell] = static_cast<std::uint32_t>(m_groups.size());
                m_groups.push_back({named[cell].group, std::ranges::count(cells.cells[cell].codes, 0U) > 0, 0, 0, 0, 0, {}});
            }
        for (std::size_t leaf = 0; leaf < m_table->leaves().size(); ++leaf) {
            m_groupOfLeaf.push_back(groupOfCell[cells.members[leaf]]);
            if (m_groupOfLeaf.back() != kNone)
                add(m_table->sums()[leaf], m_groups[m_groupOfLeaf.back()]);
        }
        if (m_groups.empty())
            return Error{ErrorKind::Invalid, "No row of the log has all that figures need.", {}};
        if (m_groups.size() > kMostWhatIfGroups)
            return Error{ErrorKind::Invalid, "There are more than " + std::to_string(kMostWhatIfGroups) + " groups by " + listed(m_attributes) + ".", {}};
        return placeCheckpoints(progress);
    }

    bool isExact() const override { return m_table->scoreStep() <= 0; }
    double exactThreshold(double threshold) const override
    {
        return isExact() ? threshold : std::ceil(threshold / m_table->scoreStep()) * m_table->scoreStep();
    }
    Counts countsAt(std::size_t group, double threshold) const override
    {
        const std::size_t end = m_table->entriesFrom(exactThreshold(threshold));
        double above[2] = {0, 0};
        const std::size_t checkpoint = end / m_step;
        for (std::size_t label = 0; label < 2; ++label)
            above[label] = m_checkpoints[(checkpoint * m_groups.size() + group) * 2 + label];
        for (std::size_t i = checkpoint * m_step; i < end; ++i) {
            const std::uint32_t code = m_table->codes()[i];
            if (m_groupOfLeaf[leafOf(code)] == group)
                above[code & 1U] += m_table->weightOf(i);
        }
        return countsOf(m_groups[group], above[1], above[0]);
    }
    Tables tables(std::size_t most, const Progress &progress) const override
    {
        Tables result;
        const std::vector<double> thresholds = thresholdsUpTo(most, result.isEvery);
        result.thresholds = thresholds.size();
        result.tables.resize(m_groups.size());
        std::vector<metrics::CurvePoint> open(m_groups.size());
        std::size_t next = 0;
        const auto close = [&](double threshold) {
            for (std::size_t g = 0; g < open.size(); ++g) {
                metrics::ScoreTable &table = result.tables[g];
                if (open[g].tp == table.positives && open[g].fp == table.negatives)
                    continue;
                table.positives = open[g].tp;
                table.negatives = open[g].fp;
                table.points.push_back({threshold, open[g].tp, open[g].fp});
            }
        };
        for (std::size_t i = 0; i < m_table->size(); ++i) {
            if (m_table->scores()[i] < thresholds[next]) {
                if (progress.isCancelled())
                    return result;
                close(thresholds[next++]);
            }
            const std::uint32_t code = m_table->codes()[i];
            metrics::CurvePoint &point = open[m_groupOfLeaf[leafOf(code)]];
            (isPositive(code) ? point.tp : point.fp) += m_table->weightOf(i);
        }
        if (!thresholds.empty())
            close(thresholds.back());
        return result;
    }
    std::vector<double> densityEdges(int steps) const override
    {
        std::vector<double> edges;
        for (int i = 0; i <= steps; ++i)
            edges.push_back(i == steps ? m_highest : m_lowest + (m_highest - m_lowest) * i / steps);
        return edges;
    }

private:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    void add(const LeafSums &sums, Group &group) const
    {
        group.rows += sums.rows;
        group.squares += sums.squares;
        group.positives += sums.positives;
        group.negatives += sums.negatives;
        if (m_table->hasPredictions() && !m_table->decidedAt())
            group.logged = group.logged.value_or(Counts()) += sums.logged;
    }
    /// What is above every m_step-th entry, so that a threshold is answered from the nearest one on.
    Status placeCheckpoints(const Progress &progress)
    {
        const std::size_t slots = m_groups.size() * 2;
        m_step = std::max(kLeastStep, m_table->size() * slots * sizeof(double) / kCheckpointBytes);
        std::vector<double> above(slots);
        for (std::size_t i = 0; i <= m_table->size(); ++i) {
            if (i % m_step == 0) {
                if (progress.isCancelled())
                    return Error{ErrorKind::Cancelled, "Counting by group was stopped.", {}};
                m_checkpoints.insert(m_checkpoints.end(), above.begin(), above.end());
            }
            if (i == m_table->size())
                break;
            const std::uint32_t code = m_table->codes()[i];
            above[m_groupOfLeaf[leafOf(code)] * std::size_t{2} + (code & 1U)] += m_table->weightOf(i);
        }
        return {};
    }
    /// Different scores, highest first; where they are too many those at equally spread ranks and the lowest.
    std::vector<double> thresholdsUpTo(std::size_t most, bool &isEvery) const
    {
        const auto scores = m_table->scores();
        std::vector<double> thresholds;
        for (std::size_t i = 0; i < scores.size() && thresholds.size() <= most; ++i)
            if (thresholds.empty() || scores[i] != thresholds.back())
                thresholds.push_back(scores[i]);
        isEvery = thresholds.size() <= most && m_table->scoreStep() <= 0;
        if (thresholds.size() <= most)
            return thresholds;
        thresholds.clear();
        for (std::size_t k = 1; k <= most; ++k) {
            const double score = scores[std::max<std::size_t>(1, k * scores.size() / most) - 1];
            if (thresholds.empty() || score != thresholds.back())
                thresholds.push_back(score);
        }
        return thresholds;
    }

    std::shared_ptr<const Table> m_table;
    std::vector<std::uint32_t> m_groupOfLeaf;
    std::size_t m_step = kLeastStep;
    std::vector<double> m_checkpoints; ///< by checkpoint, group and label
};

} // namespace

metrics::Counts ScoreSource::countsOf(const Group &group, double tp, double fp) const
{
    Counts counts;
    counts.tp = tp;
    counts.fp = fp;
    counts.fn = std::max(0.0, group.positives - tp);
    counts.tn = std::max(0.0, group.negatives - fp);
    counts.squares = group.squares;
    counts.rows = group.rows;
    return counts;
}

std::vector<double> ScoreSource::sweepThresholds(int steps) const
{
    std::vector<double> thresholds;
    for (int i = 0; i <= steps; ++i) {
        const double threshold = exactThreshold(i == steps ? m_highest : m_lowest + (m_highest - m_lowest) * i / steps);
        if (threshold <= m_highest && (thresholds.empty() || threshold > thresholds.back()))
            thresholds.push_back(threshold);
    }
    return thresholds;
}

Result<std::shared_ptr<const ScoreSource>> scoreSource(std::shared_ptr<const ScoreSummary> summary, const std::vector<std::string> &attributes)
{
    std::vector<const ScoreGroup *> groups = summary->groupsOf(attributes);
    if (!groups.empty())
        return std::shared_ptr<const ScoreSource>(std::make_shared<KeptScores>(std::move(summary), std::move(groups)));
    for (const auto &name : attributes) {
        const bool isKnown = !summary->groupsOf({name}).empty()
                             || std::ranges::any_of(summary->leftOut, [&](const auto &left) { return std::ranges::find(left, name) != left.end(); });
        if (!isKnown)
            return noSuchAttribute(name);
    }
    return Error{ErrorKind::Invalid, "Scores by " + listed(attributes) + " were not kept with the recorded figures; the log itself has them.", {}};
}

Result<std::shared_ptr<const ScoreSource>> scoreSource(std::shared_ptr<const Table> table, const std::vector<std::string> &attributes,
                                                       const Progress &progress)
{
    if (!table->hasScores())
        return Error{ErrorKind::Invalid, "The log has no score column, so there is no threshold to move.", {}};
    Family family;
    for (const auto &name : attributes) {
        const auto found = std::ranges::find(table->attributes(), name, &Attribute::name);
        if (found == table->attributes().end())
            return noSuchAttribute(name);
        family.attributes.push_back(static_cast<std::size_t>(found - table->attributes().begin()));
    }
    std::ranges::sort(family.attributes);
    family.attributes.erase(std::unique(family.attributes.begin(), family.attributes.end()), family.attributes.end());
    std::vector<std::string> names;
    for (const std::size_t attribute : family.attributes)
        names.push_back(table->attributes()[attribute].name);
    progress(0, 0, "counting scores by group");
    const FamilyCells cells = cellsOf(*table, family, {});
    auto source = std::make_shared<EveryScore>(std::move(table), std::move(names));
    if (const Status status = source->group(cells, progress); !status)
        return status.error();
    return std::shared_ptr<const ScoreSource>(std::move(source));
}

} // namespace countersign::computed
