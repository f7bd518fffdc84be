#include "models/computed/comparisons/impactlists.h"

#include "models/scoretables/families.h"

#include <map>

namespace countersign::computed {

namespace {

constexpr double kSmallShare = 0.02;
constexpr std::uint32_t kMissing = 0U - 1U; ///< code 0, less one: it comes last

double rateOf(std::uint64_t selected, std::uint64_t applicants) { return static_cast<double>(selected) / static_cast<double>(applicants); }

/// The highest rates that there can be when uncertain people are not selected, and when they are.
struct Highest {
    double lower = 0;
    double upper = 0;
};

/// How far a ratio to the highest rate can be from the exact one.
std::optional<double> ratioBound(const metrics::Figure &ratio, const People &people, const Highest &highest)
{
    if (!ratio.isDefined())
        return {};
    const double least = rateOf(people.above, people.scored) / highest.upper;
    const double most = std::min(1.0, rateOf(people.above + people.uncertain, people.scored) / highest.lower);
    return std::max({0.0, ratio.value - least, most - ratio.value});
}

class Lister
{
public:
    Lister(const std::vector<scoretables::Attribute> &attributes, const std::vector<std::vector<std::uint32_t>> &codes, const std::vector<People> &people,
           const std::optional<MedianScore> &median, const metrics::Options &options)
        : m_attributes(attributes), m_codes(codes), m_people(people), m_median(median), m_options(options)
    {
    }

    std::vector<ComputedImpact> list()
    {
        for (std::size_t a = 0; a < m_attributes.size(); ++a)
            addFamily({a});
        for (std::size_t a = 0; a < m_attributes.size(); ++a)
            for (std::size_t b = a + 1; b < m_attributes.size(); ++b)
                addFamily({a, b});
        return std::move(m_impacts);
    }

private:
    using ByValues = std::map<std::vector<std::uint32_t>, People>;

    void addFamily(const std::vector<std::size_t> &attributes)
    {
        ByValues byValues;
        for (std::size_t i = 0; i < m_codes.size(); ++i) {
            std::vector<std::uint32_t> values;
            for (const std::size_t attribute : attributes)
                values.push_back(m_codes[i][attribute] - 1U);
            byValues[std::move(values)].add(m_people[i]);
        }
        if (byValues.empty() || byValues.size() > scoretables::kMostCellsListed)
            return;
        ComputedImpact impact;
        for (const std::size_t attribute : attributes)
            impact.attributes.push_back(m_attributes[attribute].name);
        addImpact(impact, attributes, byValues);
        if (!m_median)
            return;
        impact.isScored = true;
        impact.median = m_median->figure;
        impact.medianBound = m_median->bound;
        addImpact(impact, attributes, byValues);
    }

    void addImpact(ComputedImpact impact, const std::vector<std::size_t> &attributes, const ByValues &byValues)
    {
        std::vector<metrics::Category> categories;
        for (const auto &[values, people] : byValues) {
            ImpactRow row;
            for (std::size_t a = 0; a < attributes.size(); ++a)
                row.group.emplace_back(impact.attributes[a], values[a] == kMissing ? std::string(kMissingName) : m_attributes[attributes[a]].values[values[a] + 1]);
            const bool isUnknown = std::ranges::find(values, kMissing) != values.end();
            categories.push_back(impact.isScored ? metrics::Category{people.scored, people.above, isUnknown} : metrics::Category{people.decided, people.selected, isUnknown});
            impact.rows.push_back(std::move(row));
        }
        const metrics::ImpactTable table = metrics::impactRatios(categories, kSmallShare, m_options);
        for (std::size_t row = 0; row < categories.size(); ++row)
            impact.rows[row].impact = table.categories[row];
        impact.applicants = table.applicants;
        impact.unknown = table.unknown;
        if (impact.isScored)
            addBounds(byValues, categories, impact);
        m_impacts.push_back(std::move(impact));
    }

    static void addBounds(const ByValues &byValues, const std::vector<metrics::Category> &categories, ComputedImpact &impact)
    {
        std::uint64_t uncertain = 0;
        Highest all;
        Highest large;
        std::size_t place = 0;
        for (const auto &[values, people] : byValues) {
            const ImpactRow &row = impact.rows[place];
            uncertain += people.uncertain;
            if (people.scored > 0 && !categories[place].isUnknown)
                for (Highest *highest : {&all, &large})
                    if (highest == &all || !row.impact.isSmall) {
                        highest->lower = std::max(highest->lower, rateOf(people.above, people.scored));
                        highest->upper = std::max(highest->upper, rateOf(people.above + people.uncertain, people.scored));
                    }
            ++place;
        }
        if (uncertain == 0)
            return;
        place = 0;
        for (const auto &[values, people] : byValues) {
            ImpactRow &row = impact.rows[place++];
            if (row.impact.rate.isDefined())
                row.rateBound = rateOf(people.uncertain, people.scored);
            row.ratioBound = ratioBound(row.impact.impactRatio, people, all);
            row.withoutSmallBound = ratioBound(row.impact.withoutSmall, people, large);
            sayRounded(all, row.impact.impactRatio);
            sayRounded(large, row.impact.withoutSmall);
        }
    }

    /// Nobody is certainly above the median: that is not to say that nobody is.
    static void sayRounded(const Highest &highest, metrics::Figure &figure)
    {
        if (figure.reason == metrics::Reason::AllZero && highest.upper > 0)
            figure.reason = metrics::Reason::ScoresRounded;
    }

    const std::vector<scoretables::Attribute> &m_attributes;
    const std::vector<std::vector<std::uint32_t>> &m_codes;
    const std::vector<People> &m_people;
    const std::optional<MedianScore> &m_median;
    const metrics::Options &m_options;
    std::vector<ComputedImpact> m_impacts;
};

} // namespace

void People::add(const People &other)
{
    decided += other.decided;
    selected += other.selected;
    scored += other.scored;
    above += other.above;
    uncertain += other.uncertain;
}

std::vector<ComputedImpact> listImpacts(const std::vector<scoretables::Attribute> &attributes, const std::vector<std::vector<std::uint32_t>> &codes,
                                        const std::vector<People> &people, const std::optional<MedianScore> &median, const metrics::Options &options)
{
    return Lister(attributes, codes, people, median, options).list();
}

} // namespace countersign::computed
