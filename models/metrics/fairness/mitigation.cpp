#include "models/metrics/fairness/mitigation.h"

#include "models/base/parallel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace countersign::metrics {

namespace {

constexpr double kNobody = std::numeric_limits<double>::infinity();
constexpr double kSlack = 1e-12; // rates that are equal on paper

Status checked(std::span<const ScoreTable> groups, Constraint constraint)
{
    if (groups.empty())
        return Error{ErrorKind::Invalid, "There are no groups.", {}};
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const ScoreTable &group = groups[i];
        const std::string where = "group " + std::to_string(i + 1);
        if (group.positives + group.negatives <= 0)
            return Error{ErrorKind::Invalid, std::string(reasonText(Reason::NoRows)), where};
        if (constraint != Constraint::DemographicParity && group.positives <= 0)
            return Error{ErrorKind::Invalid, std::string(reasonText(Reason::NoPositives)), where};
        if (constraint == Constraint::EqualizedOdds && group.negatives <= 0)
            return Error{ErrorKind::Invalid, std::string(reasonText(Reason::NoNegatives)), where};
    }
    return {};
}

/// The constrained rate; equalized odds has the false positive rate as a second one.
double firstRate(Constraint constraint, const ScoreTable &group, double tp, double fp)
{
    return constraint == Constraint::DemographicParity ? (tp + fp) / (group.positives + group.negatives) : tp / group.positives;
}

/// What each group does at its threshold: the point's index + 1, 0 for nobody.
double disparityAt(std::span<const ScoreTable> groups, std::span<const std::size_t> places, Constraint constraint)
{
    double low = 1;
    double high = 0;
    double secondLow = 1;
    double secondHigh = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const CurvePoint point = places[i] > 0 ? groups[i].points[places[i] - 1] : CurvePoint{};
        const double rate = firstRate(constraint, groups[i], point.tp, point.fp);
        low = std::min(low, rate);
        high = std::max(high, rate);
        if (constraint == Constraint::EqualizedOdds) {
            secondLow = std::min(secondLow, point.fp / groups[i].negatives);
            secondHigh = std::max(secondHigh, point.fp / groups[i].negatives);
        }
    }
    return std::max(high - low, secondHigh - secondLow);
}

/// What right decisions save: the cost of all errors that could have been made, less of those that were.
double gainAt(const ScoreTable &group, std::size_t place, const Costs &costs)
{
    const CurvePoint point = place > 0 ? group.points[place - 1] : CurvePoint{};
    return costs.falseNegative * point.tp + costs.falsePositive * (group.negatives - point.fp);
}

double accuracyAt(std::span<const ScoreTable> groups, std::span<const std::size_t> places)
{
    double correct = 0;
    double total = 0;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        correct += gainAt(groups[i], places[i], {});
        total += groups[i].positives + groups[i].negatives;
    }
    return correct / total;
}

ThresholdChoice choiceAt(std::span<const ScoreTable> groups, std::span<const std::size_t> places, Constraint constraint)
{
    ThresholdChoice choice;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const double threshold = places[i] > 0 ? groups[i].points[places[i] - 1].threshold : kNobody;
        choice.thresholds.push_back(threshold);
        choice.counts.push_back(groups[i].at(threshold));
    }
    choice.accuracy = accuracyAt(groups, places);
    choice.disparity = disparityAt(groups, places, constraint);
    return choice;
}

Error stopped() { return {ErrorKind::Cancelled, "The search for thresholds was stopped.", {}}; }

/// Visits every distinct common threshold from "nobody" down, with each group's place.
template<class Visit>
void sweep(std::span<const ScoreTable> groups, Visit visit)
{
    std::vector<std::size_t> places(groups.size(), 0);
    visit(kNobody, places);
    for (;;) {
        double next = -kNobody;
        for (std::size_t i = 0; i < groups.size(); ++i)
            if (places[i] < groups[i].points.size())
                next = std::max(next, groups[i].points[places[i]].threshold);
        if (next == -kNobody)
            return;
        for (std::size_t i = 0; i < groups.size(); ++i)
            if (places[i] < groups[i].points.size() && groups[i].points[places[i]].threshold == next)
                ++places[i];
        visit(next, places);
    }
}

ThresholdChoice commonChoice(std::span<const ScoreTable> groups, std::span<const std::size_t> places, double threshold, Constraint constraint)
{
    ThresholdChoice choice = choiceAt(groups, places, constraint);
    std::ranges::fill(choice.thresholds, threshold);
    return choice;
}

/// A group's thresholds as rates and gains, ready for "the best one with rates in this band".
class Candidates
{
public:
    Candidates(const ScoreTable &group, Constraint constraint, const Costs &costs)
    {
        const auto add = [&](std::size_t place) {
            const CurvePoint point = place > 0 ? group.points[place - 1] : CurvePoint{};
            m_first.push_back(firstRate(constraint, group, point.tp, point.fp));
            m_second.push_back(constraint == Constraint::EqualizedOdds ? point.fp / group.negatives : 0);
            m_gains.push_back(gainAt(group, place, costs));
        };
        for (std::size_t place = 0; place <= group.points.size(); ++place)
            add(place);
        buildBest();
    }
    const std::vector<double> &first() const { return m_first; }
    const std::vector<double> &second() const { return m_second; }
    double gain(std::size_t place) const { return m_gains[place]; }

    /// Rates rise with the place, so each band is a run of places and both together are their overlap.
    std::optional<std::size_t> best(double firstLow, double secondLow, double width) const
    {
        const auto [a, b] = run(m_first, firstLow, width);
        const auto [c, d] = run(m_second, secondLow, width);
        const std::size_t from = std::max(a, c);
        const std::size_t to = std::min(b, d);
        if (from >= to)
            return std::nullopt;
        const auto level = static_cast<std::size_t>(std::bit_width(to - from) - 1);
        return better(m_best[level][from], m_best[level][to - (std::size_t{1} << level)]);
    }

private:
    static std::pair<std::size_t, std::size_t> run(const std::vector<double> &rates, double low, double width)
    {
        return {static_cast<std::size_t>(std::ranges::lower_bound(rates, low - kSlack) - rates.begin()),
                static_cast<std::size_t>(std::ranges::upper_bound(rates, low + width + kSlack) - rates.begin())};
    }
    std::uint32_t better(std::uint32_t a, std::uint32_t b) const { return m_gains[b] > m_gains[a] ? b : a; }
    /// For each power of two, the best place of every run of that length (a sparse table).
    void buildBest()
    {
        std::vector<std::uint32_t> level(m_gains.size());
        for (std::size_t i = 0; i < level.size(); ++i)
            level[i] = static_cast<std::uint32_t>(i);
        m_best.push_back(level);
        for (std::size_t length = 2; length <= m_gains.size(); length *= 2) {
            const auto &shorter = m_best.back();
            std::vector<std::uint32_t> longer(m_gains.size() - length + 1);
            for (std::size_t i = 0; i < longer.size(); ++i)
                longer[i] = better(shorter[i], shorter[i + length / 2]);
            m_best.push_back(std::move(longer));
        }
    }

    std::vector<double> m_first;
    std::vector<double> m_second;
    std::vector<double> m_gains;
    std::vector<std::vector<std::uint32_t>> m_best;
};

/// Where bands may start: every rate that a group can reach, thinned evenly to `steps`.
std::vector<double> starts(std::span<const Candidates> groups, const std::vector<double> &(Candidates::*rates)() const, int steps)
{
    std::vector<double> all;
    for (const Candidates &group : groups)
        all.insert(all.end(), (group.*rates)().begin(), (group.*rates)().end());
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    const auto limit = static_cast<std::size_t>(std::max(2, steps));
    if (all.size() <= limit)
        return all;
    std::vector<double> thinned;
    for (std::size_t i = 0; i < limit; ++i)
        thinned.push_back(all[i * (all.size() - 1) / (limit - 1)]);
    return thinned;
}

class GroupSearch
{
public:
    GroupSearch(std::span<const ScoreTable> groups, Constraint constraint, int steps, int stepsEach, const Costs &costs)
        : m_groups(groups)
        , m_constraint(constraint)
    {
        for (const ScoreTable &group : groups)
            m_candidates.emplace_back(group, constraint, costs);
        const bool isDouble = constraint == Constraint::EqualizedOdds;
        m_firstStarts = starts(m_candidates, &Candidates::first, isDouble ? std::min(steps, stepsEach) : steps);
        m_secondStarts = isDouble ? starts(m_candidates, &Candidates::second, std::min(steps, stepsEach)) : std::vector<double>{0};
    }

    /// The same for any number of threads: of equal choices the one with the first bands. Unfinished once it is cancelled.
    ThresholdChoice best(double tolerance, unsigned threads, const Progress &progress) const
    {
        constexpr std::size_t kEach = 16;
        std::vector<Best> found((m_firstStarts.size() + kEach - 1) / kEach);
        forEachTask(found.size(), threads, [&](std::size_t task, unsigned) {
            std::vector<std::size_t> tried(m_groups.size());
            const std::size_t end = std::min(m_firstStarts.size(), (task + 1) * kEach);
            for (std::size_t i = task * kEach; i < end && !progress.isCancelled(); ++i)
                tryAll(m_firstStarts[i], tolerance, tried, found[task]);
        });
        const std::vector<std::size_t> nobody(m_groups.size(), 0); // no disparity
        Best best{gain(nobody), nobody};
        for (Best &own : found)
            if (own.gain > best.gain)
                best = std::move(own);
        return choiceAt(m_groups, best.places, m_constraint);
    }

private:
    struct Best {
        double gain = -std::numeric_limits<double>::infinity();
        std::vector<std::size_t> places;
    };
    void tryAll(double first, double tolerance, std::vector<std::size_t> &tried, Best &best) const
    {
        for (const double second : m_secondStarts) {
            if (!pick(first, second, tolerance, tried))
                continue;
            if (const double now = gain(tried); now > best.gain)
                best = {now, tried};
        }
    }
    bool pick(double first, double second, double tolerance, std::vector<std::size_t> &places) const
    {
        for (std::size_t i = 0; i < places.size(); ++i) {
            const auto place = m_candidates[i].best(first, second, tolerance);
            if (!place)
                return false;
            places[i] = *place;
        }
        return true;
    }
    double gain(std::span<const std::size_t> places) const
    {
        double sum = 0;
        for (std::size_t i = 0; i < places.size(); ++i)
            sum += m_candidates[i].gain(places[i]);
        return sum;
    }

    std::span<const ScoreTable> m_groups;
    Constraint m_constraint;
    std::vector<Candidates> m_candidates;
    std::vector<double> m_firstStarts;
    std::vector<double> m_secondStarts;
};

/// Keeps the choices that no other beats in both, by rising disparity, thinned to about `steps`.
std::vector<ThresholdChoice> unbeaten(std::vector<ThresholdChoice> choices, int steps)
{
    std::ranges::stable_sort(choices, [](const ThresholdChoice &a, const ThresholdChoice &b) {
        return a.disparity != b.disparity ? a.disparity < b.disparity : a.accuracy > b.accuracy;
    });
    std::vector<ThresholdChoice> kept;
    for (ThresholdChoice &choice : choices)
        if (kept.empty() || choice.accuracy > kept.back().accuracy)
            kept.push_back(std::move(choice));
    const auto limit = static_cast<std::size_t>(std::max(2, steps));
    if (kept.size() <= limit)
        return kept;
    std::vector<ThresholdChoice> thinned;
    for (std::size_t i = 0; i < limit; ++i)
        thinned.push_back(kept[i * (kept.size() - 1) / (limit - 1)]);
    return thinned;
}

} // namespace

Counts ScoreTable::at(double threshold) const
{
    const auto after = std::ranges::partition_point(points, [&](const CurvePoint &point) { return point.threshold >= threshold; });
    const CurvePoint point = after == points.begin() ? CurvePoint{} : *(after - 1);
    return Counts::of(point.tp, point.fp, positives - point.tp, negatives - point.fp);
}

std::string_view key(Constraint constraint)
{
    switch (constraint) {
    case Constraint::DemographicParity: return "demographic_parity";
    case Constraint::EqualOpportunity: return "equal_opportunity";
    case Constraint::EqualizedOdds: return "equalized_odds";
    }
    return "";
}

std::optional<Constraint> parseConstraint(std::string_view wanted)
{
    for (const Constraint own : {Constraint::DemographicParity, Constraint::EqualOpportunity, Constraint::EqualizedOdds})
        if (key(own) == wanted)
            return own;
    return std::nullopt;
}

Result<ThresholdChoice> evaluate(std::span<const ScoreTable> groups, std::span<const double> thresholds, Constraint constraint)
{
    if (const Status status = checked(groups, constraint); !status)
        return status.error();
    if (thresholds.size() != groups.size())
        return Error{ErrorKind::Invalid, "There must be one threshold per group.", {}};
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < groups.size(); ++i)
        places.push_back(static_cast<std::size_t>(
            std::ranges::partition_point(groups[i].points, [&](const CurvePoint &p) { return p.threshold >= thresholds[i]; })
            - groups[i].points.begin()));
    ThresholdChoice choice = choiceAt(groups, places, constraint);
    choice.thresholds.assign(thresholds.begin(), thresholds.end());
    return choice;
}

Result<std::vector<ThresholdChoice>> commonThresholds(std::span<const ScoreTable> groups, Constraint constraint, int steps)
{
    if (const Status status = checked(groups, constraint); !status)
        return status.error();
    double total = 0;
    for (const ScoreTable &group : groups)
        total += group.positives + group.negatives;
    std::vector<ThresholdChoice> choices;
    long lastStep = -1;
    sweep(groups, [&](double threshold, std::span<const std::size_t> places) {
        double selected = 0;
        bool isLast = true;
        for (std::size_t i = 0; i < groups.size(); ++i) {
            selected += places[i] > 0 ? groups[i].points[places[i] - 1].tp + groups[i].points[places[i] - 1].fp : 0;
            isLast = isLast && places[i] == groups[i].points.size();
        }
        const long step = static_cast<long>(selected / total * steps);
        if (step == lastStep && !isLast)
            return;
        lastStep = step;
        choices.push_back(commonChoice(groups, places, threshold, constraint));
    });
    return choices;
}

Result<ThresholdChoice> commonThreshold(std::span<const ScoreTable> groups, Constraint constraint, double tolerance, const SearchOptions &options)
{
    if (const Status status = checked(groups, constraint); !status)
        return status.error();
    std::vector<ScoreTable> all(groups.begin(), groups.end());
    all.insert(all.end(), options.bystanders.begin(), options.bystanders.end());
    std::vector<std::size_t> best(groups.size(), 0);
    double bestThreshold = kNobody;
    double bestGain = -kNobody;
    sweep(all, [&](double threshold, std::span<const std::size_t> places) {
        double gain = 0;
        for (std::size_t i = 0; i < all.size(); ++i)
            gain += gainAt(all[i], places[i], options.costs);
        const auto own = places.first(groups.size());
        if (gain <= bestGain || options.progress.isCancelled() || disparityAt(groups, own, constraint) > tolerance + kSlack)
            return;
        bestGain = gain;
        bestThreshold = threshold;
        best.assign(own.begin(), own.end());
    });
    if (options.progress.isCancelled())
        return stopped();
    return commonChoice(groups, best, bestThreshold, constraint);
}

Result<ThresholdChoice> groupThresholds(std::span<const ScoreTable> groups, Constraint constraint, double tolerance, int steps,
                                        const SearchOptions &options)
{
    constexpr int kStartsEach = 300;
    if (const Status status = checked(groups, constraint); !status)
        return status.error();
    auto best = GroupSearch(groups, constraint, steps, kStartsEach, options.costs).best(tolerance, options.threads, options.progress);
    if (options.progress.isCancelled())
        return stopped();
    return best;
}

Result<std::vector<ThresholdChoice>> frontier(std::span<const ScoreTable> groups, Constraint constraint, bool perGroup, int steps,
                                              const SearchOptions &options)
{
    if (const Status status = checked(groups, constraint); !status)
        return status.error();
    if (!perGroup) {
        constexpr int kTried = 2000;
        auto common = commonThresholds(groups, constraint, kTried);
        return unbeaten(std::move(common).value(), steps);
    }
    constexpr int kStarts = 500;
    constexpr int kStartsEach = 120;
    const GroupSearch search(groups, constraint, kStarts, kStartsEach, {});
    const ThresholdChoice free = search.best(1, options.threads, options.progress);
    std::vector<ThresholdChoice> choices(static_cast<std::size_t>(std::max(1, steps)), free);
    std::atomic<std::uint64_t> done = 0;
    forEachTask(choices.size() - 1, options.threads, [&](std::size_t i, unsigned thread) {
        if (options.progress.isCancelled())
            return;
        choices[i] = search.best(free.disparity * static_cast<double>(i) / static_cast<double>(choices.size() - 1), 1, options.progress);
        ++done;
        if (thread == 0)
            options.progress(done, choices.size(), "looking for the frontier");
    });
    if (options.progress.isCancelled())
        return stopped();
    return unbeaten(std::move(choices), steps);
}

std::vector<Reweighing> reweighing(std::span<const Counts> groups)
{
    Counts all;
    for (const Counts &group : groups)
        all += group;
    std::vector<Reweighing> weights;
    for (const Counts &group : groups) {
        const double share = all.total() > 0 ? group.total() / all.total() : 0;
        Reweighing weight;
        if (group.negatives() > 0)
            weight.negative = share * all.negatives() / group.negatives();
        if (group.positives() > 0)
            weight.positive = share * all.positives() / group.positives();
        weights.push_back(weight);
    }
    return weights;
}

} // namespace countersign::metrics
