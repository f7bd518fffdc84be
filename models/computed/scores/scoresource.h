#pragma once

#include "models/computed/scores/scoresummary.h"

#include <memory>

/// Decisions of groups at any thresholds, from the exact table or from what a recorded set has kept of the scores.
namespace countersign::computed {

/// Never changes; any thread, several at once.
class ScoreSource
{
public:
    struct Group {
        GroupValues group;
        bool isMissing = false;  ///< has no value of an attribute
        std::uint64_t rows = 0;
        double squares = 0;      ///< Σ w²
        double positives = 0;
        double negatives = 0;
        std::optional<metrics::Counts> logged; ///< decisions of the log itself
    };

    virtual ~ScoreSource() = default;

    const std::vector<std::string> &attributes() const { return m_attributes; }
    const std::vector<Group> &groups() const { return m_groups; } ///< with rows; together everybody
    bool hasLabels() const { return m_hasLabels; }
    bool hasDecisions() const { return !m_groups.empty() && m_groups.front().logged; }
    bool isWeighted() const { return m_isWeighted; }
    double lowest() const { return m_lowest; }   ///< score
    double highest() const { return m_highest; }
    double scoreStep() const { return m_scoreStep; } ///< > 0: scores had been rounded down to multiples of this

    /// Every threshold is answered exactly.
    virtual bool isExact() const = 0;
    /// The next threshold at or above this one that is answered exactly; +infinity: nobody.
    virtual double exactThreshold(double threshold) const = 0;
    /// Decisions of one group. Microseconds. Inexact thresholds are answered as exactThreshold().
    virtual metrics::Counts countsAt(std::size_t group, double threshold) const = 0;

    /// A group's counts at thresholds, at most `most` of them, the same for all groups. `isEvery`: at every score that there is.
    struct Tables {
        std::vector<metrics::ScoreTable> tables;
        std::size_t thresholds = 0;
        bool isEvery = false;
    };
    virtual Tables tables(std::size_t most, const Progress &progress = {}) const = 0;

    /// From the lowest score up, about `steps` places where a curve over the threshold is asked for.
    std::vector<double> sweepThresholds(int steps) const;
    /// Density of a group's scores in steps of equal width; of kept scores in whole bins.
    virtual std::vector<double> densityEdges(int steps) const = 0;

protected:
    ScoreSource() = default;
    /// From what was counted and totals.
    metrics::Counts countsOf(const Group &group, double tp, double fp) const;

    std::vector<std::string> m_attributes;
    std::vector<Group> m_groups;
    bool m_hasLabels = true;
    bool m_isWeighted = false;
    double m_lowest = 0;
    double m_highest = 1;
    double m_scoreStep = 0;
};

/// Groups by one attribute or several. Invalid: not kept (several more than two, or too many groups), the log has no such attribute.
Result<std::shared_ptr<const ScoreSource>> scoreSource(std::shared_ptr<const ScoreSummary> summary, const std::vector<std::string> &attributes);
/// One pass over the rows. Invalid: no scores, no such attribute, more than kMostWhatIfGroups groups. Cancelled.
Result<std::shared_ptr<const ScoreSource>> scoreSource(std::shared_ptr<const Table> table, const std::vector<std::string> &attributes,
                                                       const Progress &progress = {});
inline constexpr std::size_t kMostWhatIfGroups = 500;

} // namespace countersign::computed
