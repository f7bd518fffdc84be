// The other half of recompute.h: two sets, figure by figure.

#include "models/computed/record/recompute.h"

#include "models/base/number.h"
#include "models/base/text.h"

#include <cmath>
#include <functional>
#include <map>
#include <tuple>

namespace countersign::computed {

namespace {

using metrics::Figure;
using What = FigureDifference::What;

std::string numberText(double value) { return number::shortest(value); }
std::string countText(std::uint64_t value) { return std::to_string(value); }
std::string reasonOf(const Figure &figure) { return figure.isDefined() ? numberText(figure.value) : "undefined (" + std::string(metrics::reasonKey(figure.reason)) + ")"; }
std::string optionalText(const std::optional<double> &value) { return value ? numberText(*value) : "nothing"; }

bool isSame(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }
bool isSame(const std::optional<double> &a, const std::optional<double> &b) { return a.has_value() == b.has_value() && (!a || isSame(*a, *b)); }

/// 0 for equal numbers, 1 for numbers that have nothing to do with each other.
double apart(double a, double b)
{
    const double largest = std::max(std::fabs(a), std::fabs(b));
    if (!std::isfinite(largest) || largest == 0)
        return isSame(a, b) ? 0 : 1;
    return std::min(1.0, std::fabs(a - b) / largest);
}

std::string joined(const std::vector<std::string> &names)
{
    std::string text;
    for (const auto &name : names)
        text += (text.empty() ? "" : " x ") + name;
    return text;
}

GroupValues sorted(GroupValues group)
{
    std::ranges::sort(group);
    return group;
}

/// Whose figure it is.
struct Place {
    std::optional<ComputedWindow> window;
    GroupValues group;
    std::string metric;
};

/// The same entry in both sets has the same key.
using Key = std::tuple<std::string, std::string, std::string, GroupValues>;
std::string windowName(const std::optional<ComputedWindow> &window) { return window ? window->name : std::string(); }

Key keyOf(const ComputedCell &cell) { return {windowName(cell.window), {}, {}, sorted(cell.group)}; }
Key keyOf(const ComputedDisparity &disparity) { return {windowName(disparity.window), joined(disparity.attributes), disparity.name, {}}; }
Key keyOf(const ComputedComparison &comparison) { return {windowName(comparison.window), joined(comparison.attributes), comparison.metric, {}}; }
Key keyOf(const ComputedDrift &drift) { return {windowName(drift.window), drift.column, {}, {}}; }
Key keyOf(const ComputedImpact &impact) { return {{}, joined(impact.attributes), impact.isScored ? "scoring" : "selection", {}}; }
Key keyOf(const ReferenceColumn &column) { return {{}, column.column, {}, {}}; }
Key keyOf(const WorstSlice &slice) { return {{}, slice.metric, {}, sorted(slice.group)}; }
Key keyOf(const Pairwise &pair) { return {{}, {}, {}, sorted(pair.group)}; }
Key keyOf(const ImpactRow &row) { return {{}, {}, {}, sorted(row.group)}; }
Key keyOf(const NamedFigure &named) { return {{}, {}, named.name, {}}; }

class Comparing
{
public:
    Comparing(const ComputedSet &stored, const ComputedSet &computed) : m_stored(stored), m_computed(computed) {}

    Recomputation run(std::size_t listed)
    {
        compareWhole();
        m_isOfCell = true;
        pairUp(m_stored.cells, m_computed.cells, [](const ComputedCell &c) { return Place{c.window, c.group, "cell"}; },
               [this](const ComputedCell &a, const ComputedCell &b) { compare(a, b); });
        m_isOfCell = false;
        pairUp(m_stored.disparities, m_computed.disparities, placeOf, [this](const ComputedDisparity &a, const ComputedDisparity &b) { compare(a, b); });
        pairUp(m_stored.comparisons, m_computed.comparisons, [](const ComputedComparison &c) { return Place{c.window, {}, c.metric + "/" + joined(c.attributes)}; },
               [this](const ComputedComparison &a, const ComputedComparison &b) { compare(a, b); });
        pairUp(m_stored.referenceColumns, m_computed.referenceColumns, [](const ReferenceColumn &c) { return Place{{}, {}, "reference/" + c.column}; },
               [this](const ReferenceColumn &a, const ReferenceColumn &b) { compare(a, b); });
        pairUp(m_stored.drifts, m_computed.drifts, [](const ComputedDrift &d) { return Place{d.window, {}, "drift/" + d.column}; },
               [this](const ComputedDrift &a, const ComputedDrift &b) { compare(a, b); });
        pairUp(m_stored.impacts, m_computed.impacts, [](const ComputedImpact &i) { return Place{{}, {}, "impact/" + joined(i.attributes)}; },
               [this](const ComputedImpact &a, const ComputedImpact &b) { compare(a, b); });
        pairUp(m_stored.worst, m_computed.worst, [](const WorstSlice &w) { return Place{{}, w.group, "worst/" + w.metric}; },
               [this](const WorstSlice &a, const WorstSlice &b) { compare(a, b); });
        return finish(listed);
    }

private:
    struct Found {
        FigureDifference difference;
        bool isOfCell = false;
        double size = 1;
    };

    void note(const Place &place, What what, std::string stored, std::string computed, double size = 1)
    {
        m_found.push_back({{what, place.window, place.group, place.metric, std::move(stored), std::move(computed)}, m_isOfCell, size});
    }

    static Place placeOf(const ComputedDisparity &disparity) { return {disparity.window, {}, disparity.name + "/" + joined(disparity.attributes)}; }

    /// Entries of both sides that are about the same thing; those that only one side has.
    template<class Entries, class PlaceOf, class Compare>
    void pairUp(const Entries &stored, const Entries &computed, const PlaceOf &placeOfEntry, const Compare &compareEntries)
    {
        std::map<Key, const typename Entries::value_type *> others;
        for (const auto &entry : computed)
            others.emplace(keyOf(entry), &entry);
        for (const auto &entry : stored) {
            const auto found = others.find(keyOf(entry));
            if (found == others.end()) {
                ++m_compared;
                note(placeOfEntry(entry), What::Other, "there", "not there");
                continue;
            }
            compareEntries(entry, *found->second);
            others.erase(found);
        }
        m_compared += others.size();
        for (const auto &[key, entry] : others)
            note(placeOfEntry(*entry), What::Other, "not there", "there");
    }

    void number(const Place &place, What what, double stored, double computed)
    {
        ++m_compared;
        if (!isSame(stored, computed))
            note(place, what, numberText(stored), numberText(computed), apart(stored, computed));
    }
    void count(const Place &place, What what, std::uint64_t stored, std::uint64_t computed)
    {
        ++m_compared;
        if (stored != computed)
            note(place, what, countText(stored), countText(computed), apart(static_cast<double>(stored), static_cast<double>(computed)));
    }
    void optional(const Place &place, What what, const std::optional<double> &stored, const std::optional<double> &computed)
    {
        m_compared += stored || computed ? 1U : 0U;
        if (!isSame(stored, computed))
            note(place, what, optionalText(stored), optionalText(computed), stored && computed ? apart(*stored, *computed) : 1);
    }
    void text(const Place &place, const std::string &stored, const std::string &computed)
    {
        ++m_compared;
        if (stored != computed)
            note(place, What::Other, stored, computed);
    }

    void figure(const Place &place, const Figure &stored, const Figure &computed)
    {
        if (stored.reason != computed.reason) {
            ++m_compared;
            return note(place, What::Reason, reasonOf(stored), reasonOf(computed));
        }
        number(place, What::Value, stored.value, computed.value);
        count(place, What::Rows, stored.n, computed.n);
        const auto edge = [](const Figure &figure, double metrics::Interval::*which) { return figure.interval ? std::optional((*figure.interval).*which) : std::nullopt; };
        optional(place, What::Lower, edge(stored, &metrics::Interval::lower), edge(computed, &metrics::Interval::lower));
        optional(place, What::Upper, edge(stored, &metrics::Interval::upper), edge(computed, &metrics::Interval::upper));
        if (!isSameOtherwise(stored, computed)) {
            ++m_compared;
            note(place, What::Other, detailsOf(stored), detailsOf(computed));
        }
    }

    static bool isSameOtherwise(const Figure &stored, const Figure &computed)
    {
        const bool isSameMethod = !stored.interval || !computed.interval
                                  || (stored.interval->method == computed.interval->method && stored.interval->level == computed.interval->level);
        return isSameMethod && isSame(stored.part, computed.part) && isSame(stored.whole, computed.whole) && stored.excluded == computed.excluded
               && isSame(stored.at, computed.at);
    }

    static std::string detailsOf(const Figure &figure)
    {
        return "part " + numberText(figure.part) + ", whole " + numberText(figure.whole) + ", excluded " + countText(figure.excluded) + ", at " + optionalText(figure.at)
               + (figure.interval ? ", " + std::string(metrics::methodKey(figure.interval->method)) + " at " + numberText(figure.interval->level) : std::string());
    }

    void figures(const Place &owner, const std::vector<NamedFigure> &stored, const std::vector<NamedFigure> &computed, const std::string &suffix = {})
    {
        const auto placeOfNamed = [&](const NamedFigure &named) { return Place{owner.window, owner.group, named.name + suffix}; };
        pairUp(stored, computed, placeOfNamed, [&](const NamedFigure &a, const NamedFigure &b) {
            figure(placeOfNamed(a), a.figure, b.figure);
            optional(placeOfNamed(a), What::Other, a.bound, b.bound);
        });
    }

    void compareWhole()
    {
        const auto named = [](const char *name) { return Place{{}, {}, name}; };
        count(named("rows of the log"), What::Rows, m_stored.log.rows, m_computed.log.rows);
        count(named("rejected rows"), What::Rows, m_stored.log.rejects.total, m_computed.log.rejects.total);
        optional(named("threshold"), What::Other, m_stored.isThresholdApplied ? std::optional(m_stored.threshold) : std::nullopt,
                 m_computed.isThresholdApplied ? std::optional(m_computed.threshold) : std::nullopt);
        optional(named("score step"), What::Other, m_stored.scoreStep, m_computed.scoreStep);
        count(named("uncertain rows"), What::Other, m_stored.uncertainRows, m_computed.uncertainRows);
        count(named("smallest group"), What::Other, m_stored.smallestGroup, m_computed.smallestGroup);
        count(named("slices searched"), What::Other, m_stored.slicesSearched, m_computed.slicesSearched);
        text(named("classes"), joined(m_stored.classes), joined(m_computed.classes));
    }

    void compare(const ComputedCell &stored, const ComputedCell &computed)
    {
        const auto named = [&](const char *name) { return Place{stored.window, stored.group, name}; };
        count(named("n"), What::Rows, stored.n, computed.n);
        if (m_stored.mapping.task == predictions::Task::Binary) {
            number(named("tp"), What::Count, stored.counts.tp, computed.counts.tp);
            number(named("fp"), What::Count, stored.counts.fp, computed.counts.fp);
            number(named("fn"), What::Count, stored.counts.fn, computed.counts.fn);
            number(named("tn"), What::Count, stored.counts.tn, computed.counts.tn);
            optional(named("squared weights"), What::Count, stored.counts.squares, computed.counts.squares);
        }
        count(named("rows left out"), What::Rows, stored.leftOut.total(), computed.leftOut.total());
        if (stored.leftOut.total() == computed.leftOut.total())
            text(named("rows left out"), "for these reasons", stored.leftOut == computed.leftOut ? "for these reasons" : "for other reasons");
        numbers(named("confusion"), stored.confusion, computed.confusion);
        figures({stored.window, stored.group, {}}, stored.metrics, computed.metrics);
    }

    void numbers(const Place &place, const std::vector<double> &stored, const std::vector<double> &computed)
    {
        if (stored.size() != computed.size())
            return note(place, What::Count, countText(stored.size()) + " numbers", countText(computed.size()) + " numbers");
        for (std::size_t i = 0; i < stored.size(); ++i)
            number(place, What::Count, stored[i], computed[i]);
    }

    void compare(const ComputedDisparity &stored, const ComputedDisparity &computed)
    {
        const Place place = placeOf(stored);
        figure(place, stored.figure, computed.figure);
        const auto whoOf = [](const ComputedDisparity &disparity) {
            return groupText(disparity.lowest) + " to " + groupText(disparity.highest) + "; used " + std::to_string(disparity.used) + ", small " + std::to_string(disparity.small)
                   + ", missing " + std::to_string(disparity.missing) + ", undefined " + std::to_string(disparity.undefined);
        };
        text(place, whoOf(stored), whoOf(computed));
    }

    void compare(const ComputedComparison &stored, const ComputedComparison &computed)
    {
        const std::string attributes = joined(stored.attributes);
        text({stored.window, {}, stored.metric + " compared by " + attributes}, groupText(stored.reference), groupText(computed.reference));
        const auto named = [&](const Pairwise &pair, const char *what) { return Place{stored.window, pair.group, stored.metric + what}; };
        pairUp(stored.pairs, computed.pairs, [&](const Pairwise &pair) { return named(pair, " compared"); }, [&](const Pairwise &a, const Pairwise &b) {
            figure(named(a, ", difference"), a.difference, b.difference);
            figure(named(a, ", ratio"), a.ratio, b.ratio);
            pValue(named(a, ", p"), a.pValue, b.pValue, a.adjustedPValue, b.adjustedPValue);
        });
    }

    void pValue(const Place &place, const Figure &stored, const Figure &computed, const std::optional<double> &storedAdjusted, const std::optional<double> &adjusted)
    {
        ++m_compared;
        if (stored.reason != computed.reason || !isSame(stored.value, computed.value))
            note(place, What::PValue, reasonOf(stored), reasonOf(computed), apart(stored.value, computed.value));
        optional({place.window, place.group, place.metric + " adjusted"}, What::PValue, storedAdjusted, adjusted);
    }

    void bins(const Place &place, const metrics::BinCounts &stored, const metrics::BinCounts &computed)
    {
        numbers(place, stored.counts, computed.counts);
        number(place, What::Count, stored.under, computed.under);
        number(place, What::Count, stored.over, computed.over);
        count(place, What::Rows, stored.rows, computed.rows);
        count(place, What::Rows, stored.missing, computed.missing);
    }

    void compare(const ReferenceColumn &stored, const ReferenceColumn &computed)
    {
        const Place place{{}, {}, "reference/" + stored.column};
        bins(place, stored.counts, computed.counts);
        numbers(place, stored.edges.inner, computed.edges.inner);
        text(place, joined(stored.categories), joined(computed.categories));
    }

    void compare(const ComputedDrift &stored, const ComputedDrift &computed)
    {
        bins({stored.window, {}, "counts/" + stored.column}, stored.counts, computed.counts);
        figures({stored.window, {}, {}}, stored.figures, computed.figures, "/" + stored.column);
        pValue({stored.window, {}, "p/" + stored.column}, stored.pValue, computed.pValue, stored.adjustedPValue, computed.adjustedPValue);
        const auto changeOf = [](const ComputedDrift &drift) {
            return std::to_string(drift.appeared) + " appeared, " + std::to_string(drift.vanished) + " vanished" + (drift.isLowExpected ? ", low expected counts" : "") + (drift.isReference ? ", reference" : "");
        };
        text({stored.window, {}, "categories/" + stored.column}, changeOf(stored), changeOf(computed));
    }

    void compare(const ComputedImpact &stored, const ComputedImpact &computed)
    {
        const std::string kind = stored.isScored ? "scoring rate" : "selection rate";
        count({{}, {}, "applicants/" + joined(stored.attributes)}, What::Rows, stored.applicants, computed.applicants);
        count({{}, {}, "unknown/" + joined(stored.attributes)}, What::Rows, stored.unknown, computed.unknown);
        if (stored.isScored)
            figure({{}, {}, "median score/" + joined(stored.attributes)}, stored.median, computed.median);
        optional({{}, {}, "median score/" + joined(stored.attributes)}, What::Other, stored.medianBound, computed.medianBound);
        pairUp(stored.rows, computed.rows, [&](const ImpactRow &row) { return Place{{}, row.group, kind}; }, [&](const ImpactRow &a, const ImpactRow &b) {
            figure({{}, a.group, kind}, a.impact.rate, b.impact.rate);
            figure({{}, a.group, "impact ratio of the " + kind}, a.impact.impactRatio, b.impact.impactRatio);
            figure({{}, a.group, "impact ratio without small groups"}, a.impact.withoutSmall, b.impact.withoutSmall);
            optional({{}, a.group, "share"}, What::Other, a.impact.share, b.impact.share);
            optional({{}, a.group, kind + ", error bound"}, What::Other, a.rateBound, b.rateBound);
            optional({{}, a.group, "impact ratio of the " + kind + ", error bound"}, What::Other, a.ratioBound, b.ratioBound);
            optional({{}, a.group, "impact ratio without small groups, error bound"}, What::Other, a.withoutSmallBound, b.withoutSmallBound);
        });
    }

    void compare(const WorstSlice &stored, const WorstSlice &computed)
    {
        const auto named = [&](const char *what) { return Place{{}, stored.group, "worst/" + stored.metric + what}; };
        figure(named(""), stored.figure, computed.figure);
        figure(named(", difference"), stored.difference, computed.difference);
        pValue(named(", p"), stored.pValue, computed.pValue, stored.adjustedPValue, computed.adjustedPValue);
    }

    static std::string groupText(const GroupValues &group)
    {
        std::string text;
        for (const auto &[attribute, value] : group)
            text += (text.empty() ? "" : ", ") + attribute + "=" + value;
        return text.empty() ? "nobody" : text;
    }

    /// Values before counts before intervals; everybody before disparities before groups; the whole time before windows.
    static auto rank(const Found &found)
    {
        static const std::map<What, int> order{{What::Value, 0}, {What::Reason, 0}, {What::Count, 1}, {What::Rows, 1}, {What::Lower, 2}, {What::Upper, 2}, {What::PValue, 2}, {What::Other, 3}};
        const FigureDifference &difference = found.difference;
        return std::tuple(order.at(difference.what), difference.window.has_value(), !difference.group.empty(), !found.isOfCell, -found.size);
    }

    Recomputation finish(std::size_t listed)
    {
        Recomputation result;
        result.storedLog = m_stored.log.digest;
        result.log = m_computed.log.digest;
        result.logName = m_computed.log.name;
        result.storedEngine = m_stored.engineVersion;
        result.engine = m_computed.engineVersion;
        result.storedRows = digestOfRows(m_stored);
        result.rows = digestOfRows(m_computed);
        result.compared = m_compared;
        // What is in the rows and not looked at above would otherwise go unsaid.
        if (m_found.empty() && result.storedRows != result.rows) {
            ++result.compared;
            note({{}, {}, "digest of the rows"}, What::Other, result.storedRows.text(), result.rows.text());
        }
        result.differences = m_found.size();
        std::ranges::stable_sort(m_found, {}, rank);
        for (std::size_t i = 0; i < m_found.size() && i < listed; ++i)
            result.first.push_back(std::move(m_found[i].difference));
        return result;
    }

    const ComputedSet &m_stored;
    const ComputedSet &m_computed;
    bool m_isOfCell = false;
    std::uint64_t m_compared = 0;
    std::vector<Found> m_found;
};

/// "20,412".
std::string grouped(std::uint64_t number)
{
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

} // namespace

std::string_view whatKey(FigureDifference::What what)
{
    switch (what) {
    case What::Value: return "value";
    case What::Reason: return "reason";
    case What::Count: return "count";
    case What::Rows: return "n";
    case What::Lower: return "lower";
    case What::Upper: return "upper";
    case What::PValue: return "p";
    case What::Other: return "other";
    }
    return "";
}

std::string FigureDifference::sentence() const
{
    std::string place = text::visible(metric);
    for (const auto &[attribute, value] : group)
        place += ", " + text::visible(attribute) + "=" + text::visible(value);
    if (window)
        place += ", window " + text::visible(window->name);
    const bool isPlain = what == What::Value || what == What::Reason || what == What::PValue || what == What::Other;
    const std::string part = isPlain ? std::string() : what == What::Count ? " (count)" : " (" + std::string(whatKey(what)) + ")";
    return place + part + ": stored " + text::visible(stored) + ", computed again " + text::visible(recomputed) + ".";
}

std::string Recomputation::sentence() const
{
    const std::string file = isSameLog() ? "from the same file" : "from another file than the one on record";
    std::string text = isEqual() ? "Equal: " + grouped(compared) + " numbers were computed again " + file + "."
                                 : grouped(differences) + " of " + grouped(compared) + (differences == 1 ? " numbers differs" : " numbers differ") + ", computed again " + file + ".";
    if (!isSameEngine())
        text += " They were computed by engine " + std::to_string(storedEngine) + "; this program has engine " + std::to_string(engine) + ".";
    return text;
}

Recomputation compareSets(const ComputedSet &stored, const ComputedSet &computed, std::size_t listed) { return Comparing(stored, computed).run(listed); }

} // namespace countersign::computed
