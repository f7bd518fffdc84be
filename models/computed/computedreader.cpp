#include "models/computed/computedreader.h"

#include "models/computed/computednames.h"
#include "models/computed/jsonnodes.h"

#include <functional>

namespace countersign::computed {

using namespace scoretables;

namespace {

constexpr json::Limits kLimits{.depth = 16, .bytes = std::size_t(2) << 30U, .members = 200'000'000};

class Reader
{
    using Order = std::map<std::string, std::size_t, std::less<>>;

    /// Reads a list, each entry by a member function of ours.
    template<class T>
    std::function<void(const Node &)> entries(void (Reader::*readEntry)(const Node &, T &), std::vector<T> &to)
    {
        return [this, readEntry, &to](const Node &list) { list.each([&](const Node &node) { (this->*readEntry)(node, to.emplace_back()); }); };
    }

public:
    ComputedSet read(const Node &root)
    {
        Members members(root);
        members.required("schema", [](const Node &node) {
            if (node.text() != kComputedSchema)
                node.complain("The schema is not " + std::string(kComputedSchema) + "; a newer program wrote this.", ErrorKind::Unsupported);
        });
        members.count("engine", m_set.engineVersion);
        // What others are read by comes first: the level, the task, the attributes and names in their order.
        members.required("parameters", [this](const Node &node) { parameters(node); });
        members.required("metric_order", [this](const Node &node) { m_metricOrder = orderOf(node); });
        members.optional("drift_order", [this](const Node &node) { m_driftOrder = orderOf(node); });
        members.required("log", [this](const Node &node) { log(node, m_set.log); });
        members.optional("reference_log", [this](const Node &node) { log(node, m_set.referenceLog.emplace()); });
        members.required("cells", entries(&Reader::cell, m_set.cells));
        members.required("disparities", entries(&Reader::disparity, m_set.disparities));
        members.required("comparisons", entries(&Reader::comparison, m_set.comparisons));
        members.optional("reference_columns", entries(&Reader::referenceColumn, m_set.referenceColumns));
        members.optional("drifts", entries(&Reader::drift, m_set.drifts));
        members.optional("impacts", entries(&Reader::impact, m_set.impacts));
        members.optional("worst", entries(&Reader::worst, m_set.worst));
        members.countIfAny("slices_searched", m_set.slicesSearched);
        return std::move(m_set);
    }

private:
    static Order orderOf(const Node &node)
    {
        Order order;
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

    void namedFigures(const Node &node, const Order &order, const metrics::Counts *counts, std::vector<NamedFigure> &figures)
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

    /// Attributes in the order of the mapping.
    GroupValues group(const Node &node) const
    {
        std::vector<std::pair<std::size_t, std::pair<std::string, std::string>>> found;
        node.eachMember([&](const std::string &name, const Node &value) {
            const auto place = m_attributes.find(name);
            if (place == m_attributes.end())
                return value.complain("The mapping has no attribute of this name.");
            found.emplace_back(place->second, std::pair(name, value.text()));
        });
        std::ranges::sort(found);
        GroupValues values;
        for (auto &[place, value] : found)
            values.push_back(std::move(value));
        return values;
    }
    void group(Members &members, std::string_view name, GroupValues &to) const
    {
        members.required(name, [&](const Node &node) { to = group(node); });
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
        members.optional("confusion", [&](const Node &rows) {
            rows.each([&](const Node &row) { std::ranges::copy(row.edges(), std::back_inserter(cell.confusion)); });
        });
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
        members.optional("highest", [&](const Node &own) { disparity.highest = group(own); });
        members.optional("lowest", [&](const Node &own) { disparity.lowest = group(own); });
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

    // ---- log and parameters

    static void log(const Node &node, predictions::LogFacts &log)
    {
        using predictions::Compression;
        using predictions::Encoding;
        static const auto encodings = wordsOf<Encoding>(0, 15, [](Encoding encoding) { return encodingName(encoding); });
        static const auto compressions = wordsOf<Compression>(0, 15, [](Compression compression) { return compressionName(compression); });
        Members members(node);
        members.text("path", log.name);
        members.required("digest", [&](const Node &own) {
            const auto digest = Digest::parse(own.text());
            if (!digest)
                return own.complain("A digest is expected here.");
            log.digest = *digest;
        });
        members.optional("query", [&](const Node &own) { log.query = own.text(); });
        members.count("bytes", log.bytes);
        members.count("rows", log.rows);
        members.required("encoding", [&](const Node &own) { log.encoding = wordIn(encodings, own); });
        members.required("compression", [&](const Node &own) { log.compression = wordIn(compressions, own); });
        members.required("format", [&](const Node &own) { dialect(own, log.dialect); });
        members.required("dialect", [&](const Node &own) {
            if (own.text() != log.dialect.text())
                own.complain("This is not what the format says.");
        });
        log.hasTimes = members.optional("first_time", [&](const Node &own) { log.firstTime = own.time(); });
        if (log.hasTimes)
            members.required("last_time", [&](const Node &own) { log.lastTime = own.time(); });
        rejects(members, log.rejects);
    }

    static void dialect(const Node &node, predictions::Dialect &dialect)
    {
        Members members(node);
        const auto character = [&](std::string_view name, char &to) {
            members.required(name, [&](const Node &own) {
                if (own.text().size() != 1)
                    return own.complain("One character is expected here.");
                to = own.text().front();
            });
        };
        members.required("kind", [&](const Node &own) { dialect.format = own.word(kFormats); });
        character("delimiter", dialect.delimiter);
        character("decimal", dialect.decimal);
        character("line_end", dialect.lineEnd);
        members.flag("header", dialect.hasHeader);
    }

    static void rejects(Members &members, predictions::Rejects &rejects)
    {
        using predictions::RowProblem;
        static const auto problems = wordsOf<RowProblem>(0, static_cast<int>(predictions::kRowProblems) - 1, [](RowProblem problem) { return problemKey(problem); });
        members.count("rejected", rejects.total);
        members.required("problems", [&](const Node &list) {
            list.each([&](const Node &node) {
                auto &count = rejects.counts.emplace_back();
                Members own(node);
                own.text("column", count.column);
                own.required("problem", [&](const Node &word) { count.problem = wordIn(problems, word); });
                own.count("rows", count.rows);
            });
        });
        members.required("rejected_rows", [&](const Node &list) {
            list.each([&](const Node &node) {
                auto &row = rejects.first.emplace_back();
                Members own(node);
                own.count("row", row.row);
                own.count("line", row.line);
                own.text("column", row.column);
                own.required("problem", [&](const Node &word) { row.problem = wordIn(problems, word); });
                own.text("sample", row.sample);
            });
        });
    }

    void parameters(const Node &node)
    {
        Parameters &parameters = m_set.parameters;
        Members members(node);
        members.required("mapping", [this](const Node &own) { mapping(own); });
        members.required("window", [&](const Node &own) {
            const auto spec = parseWindowSpec(own.text());
            if (!spec)
                return own.complain(spec.error().message);
            parameters.window = *spec;
        });
        members.count("intersections", parameters.depth);
        members.count("window_intersections", parameters.windowDepth);
        members.required("convention", [&](const Node &own) { parameters.options.convention = own.word(kConventions); });
        members.number("level", parameters.options.level);
        members.flag("intervals", parameters.options.intervals);
        members.count("smallest_group", m_set.smallestGroup);
        members.flag("include_missing", parameters.includeMissing);
        members.required("calibration_bins", [](const Node &own) {
            if (own.count() != static_cast<std::uint64_t>(kCalibrationBins))
                own.complain("This program has " + std::to_string(kCalibrationBins) + " calibration bins.", ErrorKind::Unsupported);
        });
        members.count("bootstrap_draws", parameters.bootstrapDraws);
        members.required("seed", [&](const Node &own) { parameters.seed = seedOf(own); });
        members.required("references", [&](const Node &own) { parameters.references = group(own); });
        members.optional("families", entries(&Reader::family, parameters.families));
        asked(members);
        decision(members);
        search(members);
    }

    void mapping(const Node &node)
    {
        const auto text = node.value() ? json::canonical(*node.value()) : Result<Bytes>(Error{});
        auto mapping = text ? predictions::readMapping(*text) : Result<predictions::Mapping>(text.error());
        if (!mapping)
            return node.complain(mapping.error().text());
        for (const auto &attribute : mapping->attributes)
            m_attributes.emplace(attribute.name, m_attributes.size());
        m_set.mapping = *std::move(mapping);
    }

    /// A number, or a text where binary64 would not keep it.
    static std::uint64_t seedOf(const Node &node)
    {
        const std::string *text = node.value()->string();
        if (!text)
            return node.count();
        std::uint64_t seed = 0;
        const auto [stop, code] = std::from_chars(text->data(), text->data() + text->size(), seed);
        if (code != std::errc() || stop != text->data() + text->size() || seed <= kMostExact)
            node.complain("A whole number is expected here.");
        return seed;
    }

    void family(const Node &node, std::pair<std::vector<std::string>, bool> &family)
    {
        Members members(node);
        members.texts("attributes", family.first);
        members.flag("by_window", family.second);
    }

    void asked(Members &members)
    {
        members.required("asked", [this](const Node &node) {
            Members own(node);
            own.numberIfAny("threshold", m_set.parameters.threshold);
            own.optional("smallest_group", [this](const Node &size) { m_set.parameters.smallestGroup = size.count(); });
        });
    }

    void decision(Members &members)
    {
        if (m_set.mapping.task == predictions::Task::Binary)
            members.required("decision", [this](const Node &node) { m_set.isThresholdApplied = node.word(kDecisions); });
        if (m_set.isThresholdApplied)
            members.number("threshold", m_set.threshold);
        members.optional("classes", [this](const Node &node) { m_set.classes = node.texts(); });
        members.optional("score_step", [this](const Node &node) { m_set.scoreStep = node.number(); });
        members.countIfAny("uncertain_rows", m_set.uncertainRows);
    }

    void search(Members &members)
    {
        members.optional("reference", [this](const Node &node) { m_set.parameters.reference = node.text(); });
        members.optional("reference_overall", [this](const Node &node) { m_set.parameters.isReferenceOverall = node.flag(); });
        members.optional("worst_metric", [this](const Node &node) { m_set.parameters.worstMetric = node.text(); });
        members.countIfAny("worst_count", m_set.parameters.worstCount);
        members.countIfAny("worst_depth", m_set.parameters.worstDepth);
    }

    ComputedSet m_set;
    std::map<std::string, std::size_t, std::less<>> m_attributes; ///< place in the mapping
    Order m_metricOrder;
    Order m_driftOrder;
};

} // namespace

Result<ComputedSet> readComputed(BytesView text, Digest *rows)
{
    Complaint complaint;
    ComputedSet set;
    {
        const auto parsed = json::parse(text, kLimits);
        if (!parsed)
            return parsed.error();
        const Path top;
        set = Reader().read(Node(complaint, &*parsed, top));
    }
    if (complaint.error())
        return *complaint.error();
    const Written written = writeWithDigest(set);
    if (written.text != text)
        return Error{ErrorKind::Invalid, "The computed set is not written as this program writes it.", "$"};
    if (rows)
        *rows = written.rows;
    return set;
}

} // namespace countersign::computed
