#include "models/computed/record/computedreader.h"

#include "models/computed/record/computednames.h"
#include "models/computed/record/groupjson.h"
#include "models/computed/record/largejson.h"
#include "models/computed/record/logjson.h"
#include "models/computed/record/parametersjson.h"

#include <functional>

namespace countersign::computed {

using namespace scoretables;

namespace {

constexpr json::Limits kLimits{.depth = 16, .bytes = std::size_t(2) << 30U, .members = 200'000'000};

class Reader
{
public:
    ComputedSet read(Complaint &complaint, const std::vector<MemberText> &texts)
    {
        LargeMembers members(complaint, texts, kLimits);
        members.required("schema", [](const Node &node) {
            if (node.text() != kComputedSchema)
                node.complain("The schema is not " + std::string(kComputedSchema) + "; a newer program wrote this.", ErrorKind::Unsupported);
        });
        members.count("engine", m_set.engineVersion);
        // What others are read by comes first: the level, the task, the attributes and names in their order.
        members.required("parameters", [this](const Node &node) { readParameters(node, m_set, m_attributes); });
        members.required("metric_order", [this](const Node &node) { m_metricOrder = orderOf(node); });
        members.optional("drift_order", [this](const Node &node) { m_driftOrder = orderOf(node); });
        members.required("log", [this](const Node &node) { readLog(node, m_set.log); });
        members.optional("reference_log", [this](const Node &node) { readLog(node, m_set.referenceLog.emplace()); });
        list(members, "cells", true, &Reader::cell, m_set.cells);
        list(members, "disparities", true, &Reader::disparity, m_set.disparities);
        list(members, "comparisons", true, &Reader::comparison, m_set.comparisons);
        list(members, "reference_columns", false, &Reader::referenceColumn, m_set.referenceColumns);
        list(members, "drifts", false, &Reader::drift, m_set.drifts);
        list(members, "impacts", false, &Reader::impact, m_set.impacts);
        list(members, "worst", false, &Reader::worst, m_set.worst);
        members.countIfAny("slices_searched", m_set.slicesSearched);
        members.optional("notes", [this](const Node &node) { m_set.notes = node.texts(); });
        return std::move(m_set);
    }

private:
    template<class T>
    using ReadEntry = void (Reader::*)(const Node &, T &);

    /// A list of the set: an entry at a time.
    template<class T>
    void list(LargeMembers &members, std::string_view name, bool isRequired, ReadEntry<T> readEntry, std::vector<T> &to)
    {
        members.list(name, isRequired, [&](const Node &node) { (this->*readEntry)(node, to.emplace_back()); });
    }
    /// One within an entry.
    template<class T>
    std::function<void(const Node &)> entries(ReadEntry<T> readEntry, std::vector<T> &to)
    {
        return [this, readEntry, &to](const Node &node) { node.each([&](const Node &entry) { (this->*readEntry)(entry, to.emplace_back()); }); };
    }

    static Places orderOf(const Node &node)
    {
        Places order;
        node.each([&](const Node &entry) { order.emplace(entry.text(), order.size()); });
        return order;
    }

    // ---- figures

    void figureMembers(Members &members, metrics::Figure &figure, const metrics::Counts *counts = nullptr, std::string_view name = {})
    {
        static const auto reasons = wordsOf<metrics::Reason>(1, 63, [](metrics::Reason reason) { return metrics::reasonKey(reason); });
        static const auto methods = wordsOf<metrics::IntervalMethod>(0, 63, [](metrics::IntervalMethod method) { return metrics::methodKey(method); });
        figure.reason = metrics::Reason::Defined;
        members.required("reason", [&](const Node &node) {
            if (!node.isNull())
                figure.reason = wordIn(reasons, node);
        });
        members.required("value", [&](const Node &node) {
            if (figure.isDefined())
                figure.value = node.isNull() ? kInfinity : node.number();
            else if (!node.isNull())
                node.complain("A figure has a value or a reason why there is none, not both.");
            else
                figure.value = figure.reason == metrics::Reason::Infinite ? kInfinity : 0;
        });
        members.count("n", figure.n);
        interval(members, methods, figure);
        members.countIfAny("excluded", figure.excluded);
        members.numberIfAny("at", figure.at);
        if (counts) {
            const metrics::Share implied = impliedShare(*counts, name, figure);
            figure.part = implied.part;
            figure.whole = implied.whole;
        }
        members.optional("part", [&](const Node &node) { figure.part = node.number(); });
        members.optional("whole", [&](const Node &node) { figure.whole = node.number(); });
    }

    void interval(Members &members, const std::map<std::string_view, metrics::IntervalMethod> &methods, metrics::Figure &figure) const
    {
        members.required("method", [&](const Node &node) {
            if (!node.isNull())
                figure.interval = metrics::Interval{0, 0, m_set.parameters.options.level, wordIn(methods, node)};
        });
        const auto end = [&](std::string_view name, double metrics::Interval::*edge, double unbounded) {
            members.required(name, [&](const Node &node) {
                if (figure.interval)
                    (*figure.interval).*edge = node.isNull() ? unbounded : node.number();
                else if (!node.isNull())
                    node.complain("An interval has a method.");
            });
        };
        end("lower", &metrics::Interval::lower, -kInfinity);
        end("upper", &metrics::Interval::upper, kInfinity);
        members.optional("level", [&](const Node &node) {
            if (figure.interval)
                figure.interval->level = node.number();
            else
                node.complain("An interval has a method.");
        });
    }

    void figure(Members &members, std::string_view name, metrics::Figure &to)
    {
        members.required(name, [&](const Node &node) {
            Members own(node);
            figureMembers(own, to);
        });
    }

    void namedFigures(const Node &node, const Places &order, const metrics::Counts *counts, std::vector<NamedFigure> &figures)
    {
        std::vector<std::pair<std::size_t, NamedFigure>> found;
        node.eachMember([&](const std::string &name, const Node &own) {
            const auto place = order.find(name);
            if (place == order.end())
                return own.complain("The name is not in the list of names.");
            NamedFigure named{name, {}, {}};
            Members members(own);
            figureMembers(members, named.figure, counts, name);
            members.numberIfAny("error_bound", named.bound);
            found.emplace_back(place->second, std::move(named));
        });
        std::ranges::sort(found, {}, [](const auto &entry) { return entry.first; });
        for (auto &[place, named] : found)
            figures.push_back(std::move(named));
    }

    static void adjusted(Members &members, std::optional<double> &to) { members.numberIfAny("p_adjusted", to); }

    // ---- who and when

    static void window(Members &members, std::optional<ComputedWindow> &to)
    {
        members.required("window", [&](const Node &node) {
            if (node.isNull())
                return;
            ComputedWindow &window = to.emplace();
            Members own(node);
            own.text("name", window.name);
            window.hasTime = own.optional("start", [&](const Node &start) { window.start = start.time(); });
            if (window.hasTime)
                own.required("end", [&](const Node &end) { window.end = end.time(); });
        });
    }

    void group(Members &members, std::string_view name, GroupValues &to) const
    {
        members.required(name, [&](const Node &node) { to = readGroup(node, m_attributes); });
    }

    // ---- entries

    void cell(const Node &node, ComputedCell &cell)
    {
        Members members(node);
        window(members, cell.window);
        group(members, "group", cell.group);
        members.count("n", cell.n);
        if (m_set.mapping.task == predictions::Task::Binary)
            counts(members, cell);
        members.optional("confusion", [&](const Node &rows) { confusion(rows, cell.confusion); });
        members.optional("left_out", [&](const Node &own) {
            Members leftOut(own);
            leftOut.countIfAny("no_label", cell.leftOut.noLabel);
            leftOut.countIfAny("no_score", cell.leftOut.noScore);
            leftOut.countIfAny("not_finite", cell.leftOut.notFinite);
            leftOut.countIfAny("no_prediction", cell.leftOut.noPrediction);
            leftOut.countIfAny("no_weight", cell.leftOut.noWeight);
        });
        members.required("metrics", [&](const Node &own) { namedFigures(own, m_metricOrder, &cell.counts, cell.metrics); });
    }

    /// As many rows as columns.
    static void confusion(const Node &node, std::vector<double> &counts)
    {
        std::size_t rows = 0;
        std::size_t columns = 0;
        node.each([&](const Node &row) {
            const std::vector<double> own = row.edges();
            if (rows++ > 0 && own.size() != columns)
                row.complain("The rows of a table of classes are equally long.");
            columns = own.size();
            std::ranges::copy(own, std::back_inserter(counts));
        });
        if (rows != columns)
            node.complain("A table of classes has as many rows as columns.");
    }

    static void counts(Members &members, ComputedCell &cell)
    {
        members.required("counts", [&](const Node &node) {
            Members own(node);
            own.number("tp", cell.counts.tp);
            own.number("fp", cell.counts.fp);
            own.number("fn", cell.counts.fn);
            own.number("tn", cell.counts.tn);
        });
        cell.counts.rows = cell.n;
        cell.counts.squares = static_cast<double>(cell.n);
        members.optional("squared_weights", [&](const Node &node) { cell.counts.squares = node.number(); });
    }

    void disparity(const Node &node, ComputedDisparity &disparity)
    {
        Members members(node);
        figureMembers(members, disparity.figure);
        window(members, disparity.window);
        members.texts("attributes", disparity.attributes);
        members.text("name", disparity.name);
        members.text("metric", disparity.metric);
        members.optional("highest", [&](const Node &own) { disparity.highest = readGroup(own, m_attributes); });
        members.optional("lowest", [&](const Node &own) { disparity.lowest = readGroup(own, m_attributes); });
        members.required("groups", [&](const Node &own) {
            Members groups(own);
            groups.count("used", disparity.used);
            groups.count("small", disparity.small);
            groups.count("missing", disparity.missing);
            groups.count("undefined", disparity.undefined);
        });
    }

    void comparison(const Node &node, ComputedComparison &comparison)
    {
        Members members(node);
        window(members, comparison.window);
        members.texts("attributes", comparison.attributes);
        members.text("metric", comparison.metric);
        group(members, "reference", comparison.reference);
        members.required("pairs", entries(&Reader::pair, comparison.pairs));
    }

    void pair(const Node &node, Pairwise &pair)
    {
        Members members(node);
        group(members, "group", pair.group);
        figure(members, "difference", pair.difference);
        figure(members, "ratio", pair.ratio);
        figure(members, "p", pair.pValue);
        adjusted(members, pair.adjustedPValue);
    }

    static void bins(Members &members, metrics::BinCounts &bins)
    {
        members.required("counts", [&](const Node &node) {
            Members own(node);
            own.required("counts", [&](const Node &counts) { bins.counts = counts.edges(); });
            own.number("under", bins.under);
            own.number("over", bins.over);
            own.count("rows", bins.rows);
            own.count("missing", bins.missing);
        });
    }

    static void role(Members &members, DriftRole &role)
    {
        members.required("role", [&](const Node &node) { role = node.word(kRoles); });
    }

    void referenceColumn(const Node &node, ReferenceColumn &column)
    {
        Members members(node);
        members.text("column", column.column);
        role(members, column.role);
        bins(members, column.counts);
        if (column.role == DriftRole::Category) {
            members.texts("categories", column.categories);
            return;
        }
        members.required("edges", [&](const Node &own) {
            Members edges(own);
            edges.required("inner", [&](const Node &inner) { column.edges.inner = inner.edges(); });
            edges.required("lowest", [&](const Node &lowest) { column.edges.lowest = lowest.edge(); });
            edges.required("highest", [&](const Node &highest) { column.edges.highest = highest.edge(); });
            edges.flag("per_value", column.edges.isPerValue);
        });
    }

    void drift(const Node &node, ComputedDrift &drift)
    {
        Members members(node);
        window(members, drift.window);
        members.optional("reference", [&](const Node &own) { drift.isReference = own.flag(); });
        members.text("column", drift.column);
        role(members, drift.role);
        bins(members, drift.counts);
        members.required("figures", [&](const Node &own) { namedFigures(own, m_driftOrder, nullptr, drift.figures); });
        members.optional("reference", [&](const Node &own) { drift.isReference = own.flag(); });
        figure(members, "p", drift.pValue);
        adjusted(members, drift.adjustedPValue);
        if (drift.role != DriftRole::Category)
            return;
        members.flag("low_expected", drift.isLowExpected);
        members.count("appeared", drift.appeared);
        members.count("vanished", drift.vanished);
    }

    void impact(const Node &node, ComputedImpact &impact)
    {
        Members members(node);
        members.texts("attributes", impact.attributes);
        members.required("rate", [&](const Node &own) { impact.isScored = own.word(kRates); });
        members.required("rows", entries(&Reader::impactRow, impact.rows));
        members.count("applicants", impact.applicants);
        members.count("unknown", impact.unknown);
        if (impact.isScored)
            figure(members, "median", impact.median);
        members.numberIfAny("median_error_bound", impact.medianBound);
    }

    void impactRow(const Node &node, ImpactRow &row)
    {
        Members members(node);
        group(members, "group", row.group);
        members.number("share", row.impact.share);
        members.flag("small", row.impact.isSmall);
        figure(members, "rate", row.impact.rate);
        figure(members, "impact_ratio", row.impact.impactRatio);
        figure(members, "impact_ratio_without_small", row.impact.withoutSmall);
        members.numberIfAny("rate_error_bound", row.rateBound);
        members.numberIfAny("impact_ratio_error_bound", row.ratioBound);
        members.numberIfAny("impact_ratio_without_small_error_bound", row.withoutSmallBound);
    }

    void worst(const Node &node, WorstSlice &slice)
    {
        Members members(node);
        figureMembers(members, slice.figure);
        group(members, "group", slice.group);
        members.text("metric", slice.metric);
        figure(members, "difference", slice.difference);
        figure(members, "p", slice.pValue);
        adjusted(members, slice.adjustedPValue);
    }

    ComputedSet m_set;
    Places m_attributes; ///< of the mapping
    Places m_metricOrder;
    Places m_driftOrder;
};

} // namespace

Result<ComputedSet> readComputed(BytesView text, Digest *rows)
{
    const auto members = membersOf(text);
    if (!members)
        return Error{ErrorKind::Invalid, "The computed set is not one JSON object, or is not written as this program writes it.", "$"};
    Complaint complaint;
    ComputedSet set = Reader().read(complaint, *members);
    if (complaint.error())
        return *complaint.error();
    const auto digest = digestIfWritten(set, text);
    if (!digest)
        return Error{ErrorKind::Invalid, "The computed set is not written as this program writes it.", "$"};
    if (rows)
        *rows = *digest;
    return set;
}

} // namespace countersign::computed
