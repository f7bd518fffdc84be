// A computed set as canonical JSON. computedreader.cpp reads it back: the two change together.

#include "models/base/number.h"
#include "models/base/text.h"
#include "models/computed/computednames.h"
#include "models/crypto/sha256.h"

#include <cmath>
#include <cstdlib>

namespace countersign::computed {

using namespace scoretables;

namespace {

using json::Array;
using json::Object;
using json::Value;

Value numberValue(double value)
{
    return std::isfinite(value) ? Value(json::Number{number::ecmaScript(value)}) : Value(nullptr);
}

/// Of a column's values, which may be infinite: those are texts.
Value edgeValue(double value)
{
    return std::isfinite(value) ? numberValue(value) : Value(number::shortest(value));
}

Array numberArray(const std::vector<double> &numbers)
{
    Array array;
    for (const double value : numbers)
        array.emplace_back(edgeValue(value));
    return array;
}

Array textArray(const std::vector<std::string> &texts)
{
    Array array;
    for (const auto &entry : texts)
        array.emplace_back(entry);
    return array;
}

/// JSON text has to be UTF-8; a path may be anything.
std::string anyText(const std::string &bytes) { return text::isUtf8(bytes) ? bytes : predictions::shownSample(bytes); }

/// Members as text, in the order given, which has to be that of their names.
class ObjectText
{
public:
    explicit ObjectText(std::string &to) : m_to(to) { m_to += '{'; }
    void member(std::string_view name, const Value &value)
    {
        key(name);
        add(value);
    }
    /// A list, an entry at a time: a set of many cells never stands in memory twice.
    template<class Entries, class Write>
    void list(std::string_view name, const Entries &entries, const Write &write)
    {
        key(name);
        m_to += '[';
        bool isFirst = true;
        for (const auto &entry : entries) {
            if (!std::exchange(isFirst, false))
                m_to += ',';
            add(write(entry));
        }
        m_to += ']';
    }
    template<class Entries, class Write>
    void listUnlessEmpty(std::string_view name, const Entries &entries, const Write &write)
    {
        if (!entries.empty())
            list(name, entries, write);
    }
    void end() { m_to += '}'; }

private:
    void key(std::string_view name)
    {
        if (m_to.back() != '{')
            m_to += ',';
        m_to.append("\"").append(name).append("\":");
    }
    void add(const Value &value)
    {
        const auto bytes = json::canonical(value);
        if (!bytes)
            std::abort(); // numberValue() lets no number through that JSON does not have
        m_to += *bytes;
    }

    std::string &m_to;
};

/// The digest of writeComputedRows() on the way: its members stand in the whole as they stand there.
class RowsDigest
{
public:
    explicit RowsDigest(const std::string &text) : m_text(text) { m_hash.add("{"); }
    template<class Write>
    void add(const Write &write)
    {
        const std::size_t begin = m_text.size();
        write();
        std::string_view members = std::string_view(m_text).substr(begin);
        if (members.starts_with(','))
            members.remove_prefix(1);
        if (members.empty())
            return;
        if (!std::exchange(m_isFirst, false))
            m_hash.add(",");
        m_hash.add(members);
    }
    Digest finish()
    {
        m_hash.add("}");
        return m_hash.finish();
    }

private:
    const std::string &m_text;
    crypto::Sha256 m_hash;
    bool m_isFirst = true;
};

class Writer
{
public:
    explicit Writer(const ComputedSet &set) : m_set(set) {}

    Written all() const
    {
        Written written;
        std::string &text = written.text;
        ObjectText object(text);
        RowsDigest rows(text);
        rows.add([&] { writeCells(object); });
        object.listUnlessEmpty("drift_order", driftOrder(), [](const std::string &name) { return Value(name); });
        rows.add([&] { writeDrifts(object); });
        object.member("engine", m_set.engineVersion);
        rows.add([&] { writeImpacts(object); });
        object.member("log", logObject(m_set.log));
        object.list("metric_order", metricOrder(), [](const std::string &name) { return Value(name); });
        Object own = parametersObject();
        if (auto mapping = json::parse(predictions::writeMapping(m_set.mapping)))
            own.set("mapping", *std::move(mapping));
        object.member("parameters", own);
        rows.add([&] { writeReferenceColumns(object); });
        if (m_set.referenceLog)
            object.member("reference_log", logObject(*m_set.referenceLog));
        object.member("schema", kComputedSchema);
        rows.add([&] { writeWorst(object); });
        object.end();
        written.rows = rows.finish();
        return written;
    }

    Bytes rows() const
    {
        std::string text;
        ObjectText object(text);
        writeCells(object);
        writeDrifts(object);
        writeImpacts(object);
        writeReferenceColumns(object);
        writeWorst(object);
        object.end();
        return text;
    }

    Bytes parameters() const
    {
        const auto text = json::canonical(parametersObject());
        return text ? *text : Bytes();
    }

private:
    // Lists of the set, each under its name; the callers above keep the names in order.

    void writeCells(ObjectText &object) const
    {
        object.list("cells", m_set.cells, [this](const ComputedCell &cell) { return cellObject(cell); });
        object.list("comparisons", m_set.comparisons, [this](const ComputedComparison &comparison) { return comparisonObject(comparison); });
        object.list("disparities", m_set.disparities, [this](const ComputedDisparity &disparity) { return disparityObject(disparity); });
    }
    void writeDrifts(ObjectText &object) const
    {
        object.listUnlessEmpty("drifts", m_set.drifts, [this](const ComputedDrift &drift) { return driftObject(drift); });
    }
    void writeImpacts(ObjectText &object) const
    {
        object.listUnlessEmpty("impacts", m_set.impacts, [this](const ComputedImpact &impact) { return impactObject(impact); });
    }
    void writeReferenceColumns(ObjectText &object) const
    {
        object.listUnlessEmpty("reference_columns", m_set.referenceColumns, [](const ReferenceColumn &column) { return referenceObject(column); });
    }
    void writeWorst(ObjectText &object) const
    {
        if (m_set.slicesSearched > 0)
            object.member("slices_searched", m_set.slicesSearched);
        object.listUnlessEmpty("worst", m_set.worst, [this](const WorstSlice &slice) { return worstObject(slice); });
    }

    /// The members that say what a figure is worth are always there; null is "there is none".
    Object figureObject(const metrics::Figure &figure, const metrics::Share &implied = {}) const
    {
        const auto &interval = figure.interval;
        Object object{{"value", figure.isDefined() ? numberValue(figure.value) : Value(nullptr)},
                      {"lower", interval ? numberValue(interval->lower) : Value(nullptr)},
                      {"upper", interval ? numberValue(interval->upper) : Value(nullptr)},
                      {"method", interval ? Value(metrics::methodKey(interval->method)) : Value(nullptr)},
                      {"reason", figure.isDefined() ? Value(nullptr) : Value(metrics::reasonKey(figure.reason))},
                      {"n", static_cast<std::uint64_t>(figure.n)}};
        if (figure.excluded > 0)
            object.set("excluded", figure.excluded);
        if (figure.at)
            object.set("at", numberValue(*figure.at));
        if (interval && interval->level != m_set.parameters.options.level)
            object.set("level", numberValue(interval->level));
        if (figure.part != implied.part || figure.whole != implied.whole) {
            object.set("part", numberValue(figure.part));
            object.set("whole", numberValue(figure.whole));
        }
        return object;
    }

    void setFigure(Object &object, const char *name, const metrics::Figure &figure) const { object.set(name, figureObject(figure)); }

    static void setAdjusted(Object &object, const std::optional<double> &adjusted)
    {
        if (adjusted)
            object.set("p_adjusted", numberValue(*adjusted));
    }

    static Value windowValue(const std::optional<ComputedWindow> &window)
    {
        if (!window)
            return nullptr;
        Object object{{"name", window->name}};
        if (window->hasTime) {
            object.set("start", formatUtc(window->start));
            object.set("end", formatUtc(window->end));
        }
        return object;
    }

    static Object groupObject(const GroupValues &group)
    {
        Object object;
        for (const auto &[attribute, value] : group)
            object.set(attribute, value);
        return object;
    }

    static Object leftOutObject(const LeftOut &leftOut)
    {
        Object object;
        const auto set = [&object](const char *name, std::uint64_t rows) {
            if (rows > 0)
                object.set(name, rows);
        };
        set("no_label", leftOut.noLabel);
        set("no_score", leftOut.noScore);
        set("not_finite", leftOut.notFinite);
        set("no_prediction", leftOut.noPrediction);
        set("no_weight", leftOut.noWeight);
        return object;
    }

    /// One list a class of the label.
    static Array confusionArray(const std::vector<double> &confusion)
    {
        const auto classes = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(confusion.size()))));
        Array rows;
        for (std::size_t a = 0; a < classes; ++a) {
            Array row;
            for (std::size_t p = 0; p < classes; ++p)
                row.emplace_back(numberValue(confusion[a * classes + p]));
            rows.emplace_back(std::move(row));
        }
        return rows;
    }

    Object namedObject(const std::vector<NamedFigure> &figures, const ComputedCell *cell) const
    {
        Object object;
        for (const auto &[name, figure, bound] : figures) {
            Object own = figureObject(figure, cell ? impliedShare(cell->counts, name, figure) : metrics::Share());
            if (bound)
                own.set("error_bound", numberValue(*bound));
            object.set(name, std::move(own));
        }
        return object;
    }

    Value cellObject(const ComputedCell &cell) const
    {
        Object object{{"window", windowValue(cell.window)},
                      {"group", groupObject(cell.group)},
                      {"n", cell.n},
                      {"metrics", namedObject(cell.metrics, &cell)}};
        if (m_set.mapping.task == predictions::Task::Binary) {
            object.set("counts", Object{{"tp", numberValue(cell.counts.tp)}, {"fp", numberValue(cell.counts.fp)},
                                        {"fn", numberValue(cell.counts.fn)}, {"tn", numberValue(cell.counts.tn)}});
            if (cell.counts.squares != static_cast<double>(cell.n))
                object.set("squared_weights", numberValue(cell.counts.squares));
        }
        if (!cell.confusion.empty())
            object.set("confusion", confusionArray(cell.confusion));
        if (cell.leftOut.total() > 0)
            object.set("left_out", leftOutObject(cell.leftOut));
        return object;
    }

    Value disparityObject(const ComputedDisparity &disparity) const
    {
        Object object = figureObject(disparity.figure);
        object.set("window", windowValue(disparity.window));
        object.set("attributes", textArray(disparity.attributes));
        object.set("name", disparity.name);
        object.set("metric", disparity.metric);
        if (!disparity.highest.empty())
            object.set("highest", groupObject(disparity.highest));
        if (!disparity.lowest.empty())
            object.set("lowest", groupObject(disparity.lowest));
        object.set("groups", Object{{"used", disparity.used}, {"small", disparity.small}, {"missing", disparity.missing}, {"undefined", disparity.undefined}});
        return object;
    }

    Value comparisonObject(const ComputedComparison &comparison) const
    {
        Array pairs;
        for (const auto &pair : comparison.pairs) {
            Object object{{"group", groupObject(pair.group)}};
            setFigure(object, "difference", pair.difference);
            setFigure(object, "ratio", pair.ratio);
            setFigure(object, "p", pair.pValue);
            setAdjusted(object, pair.adjustedPValue);
            pairs.emplace_back(std::move(object));
        }
        return Object{{"window", windowValue(comparison.window)},
                      {"attributes", textArray(comparison.attributes)},
                      {"metric", comparison.metric},
                      {"reference", groupObject(comparison.reference)},
                      {"pairs", std::move(pairs)}};
    }

    static Object binsObject(const metrics::BinCounts &bins)
    {
        return {{"counts", numberArray(bins.counts)}, {"under", numberValue(bins.under)}, {"over", numberValue(bins.over)}, {"rows", bins.rows}, {"missing", bins.missing}};
    }

    static Value referenceObject(const ReferenceColumn &column)
    {
        Object object{{"column", column.column}, {"role", wordFor(kRoles, column.role)}, {"counts", binsObject(column.counts)}};
        if (column.role == DriftRole::Category)
            object.set("categories", textArray(column.categories));
        else
            object.set("edges", Object{{"inner", numberArray(column.edges.inner)}, {"lowest", edgeValue(column.edges.lowest)}, {"highest", edgeValue(column.edges.highest)},
                                       {"per_value", column.edges.isPerValue}});
        return object;
    }

    Value driftObject(const ComputedDrift &drift) const
    {
        Object object{{"window", windowValue(drift.window)}, {"column", drift.column}, {"role", wordFor(kRoles, drift.role)}, {"counts", binsObject(drift.counts)},
                      {"figures", namedObject(drift.figures, nullptr)}};
        if (drift.isReference)
            object.set("reference", true);
        setFigure(object, "p", drift.pValue);
        setAdjusted(object, drift.adjustedPValue);
        if (drift.role == DriftRole::Category) {
            object.set("low_expected", drift.isLowExpected);
            object.set("appeared", drift.appeared);
            object.set("vanished", drift.vanished);
        }
        return object;
    }

    Value impactObject(const ComputedImpact &impact) const
    {
        Array rows;
        for (const auto &[group, own] : impact.rows) {
            Object row{{"group", groupObject(group)}, {"share", numberValue(own.share)}, {"small", own.isSmall}};
            setFigure(row, "rate", own.rate);
            setFigure(row, "impact_ratio", own.impactRatio);
            setFigure(row, "impact_ratio_without_small", own.withoutSmall);
            rows.emplace_back(std::move(row));
        }
        Object object{{"attributes", textArray(impact.attributes)}, {"rate", wordFor(kRates, impact.isScored)}, {"rows", std::move(rows)},
                      {"applicants", impact.applicants}, {"unknown", impact.unknown}};
        if (impact.isScored)
            setFigure(object, "median", impact.median);
        return object;
    }

    Value worstObject(const WorstSlice &slice) const
    {
        Object object = figureObject(slice.figure);
        object.set("group", groupObject(slice.group));
        object.set("metric", slice.metric);
        setFigure(object, "difference", slice.difference);
        setFigure(object, "p", slice.pValue);
        setAdjusted(object, slice.adjustedPValue);
        return object;
    }

    static Object logObject(const predictions::LogFacts &log)
    {
        Array problems;
        for (const auto &count : log.rejects.counts)
            problems.emplace_back(Object{{"column", count.column}, {"problem", std::string(problemKey(count.problem))}, {"rows", count.rows}});
        Array first;
        for (const auto &row : log.rejects.first)
            first.emplace_back(Object{{"row", row.row}, {"line", row.line}, {"column", row.column},
                                      {"problem", std::string(problemKey(row.problem))}, {"sample", row.sample}});
        Object object{{"path", anyText(log.name)},
                      {"digest", log.digest.text()},
                      {"bytes", log.bytes},
                      {"rows", log.rows},
                      {"rejected", log.rejects.total},
                      {"problems", std::move(problems)},
                      {"rejected_rows", std::move(first)},
                      {"encoding", std::string(encodingName(log.encoding))},
                      {"compression", std::string(compressionName(log.compression))},
                      {"dialect", log.dialect.text()},
                      {"format", Object{{"kind", wordFor(kFormats, log.dialect.format)}, {"delimiter", std::string(1, log.dialect.delimiter)},
                                        {"decimal", std::string(1, log.dialect.decimal)}, {"line_end", std::string(1, log.dialect.lineEnd)},
                                        {"header", log.dialect.hasHeader}}}};
        if (!log.query.empty())
            object.set("query", anyText(log.query));
        if (log.hasTimes) {
            object.set("first_time", formatUtc(log.firstTime));
            object.set("last_time", formatUtc(log.lastTime));
        }
        return object;
    }

    /// What was asked for where it may have been left open; beside what is in force.
    Object asked() const
    {
        Object object;
        if (m_set.parameters.threshold)
            object.set("threshold", numberValue(*m_set.parameters.threshold));
        if (m_set.parameters.smallestGroup)
            object.set("smallest_group", *m_set.parameters.smallestGroup);
        return object;
    }

    void setDecision(Object &object) const
    {
        if (m_set.mapping.task == predictions::Task::Binary)
            object.set("decision", wordFor(kDecisions, m_set.isThresholdApplied));
        if (m_set.isThresholdApplied)
            object.set("threshold", numberValue(m_set.threshold));
        if (!m_set.classes.empty())
            object.set("classes", textArray(m_set.classes));
        if (m_set.scoreStep > 0)
            object.set("score_step", numberValue(m_set.scoreStep));
        if (m_set.uncertainRows > 0)
            object.set("uncertain_rows", m_set.uncertainRows);
    }

    void setSearch(Object &object) const
    {
        const Parameters usual;
        const Parameters &parameters = m_set.parameters;
        if (!parameters.reference.empty())
            object.set("reference", parameters.reference);
        if (parameters.isReferenceOverall)
            object.set("reference_overall", true);
        if (!parameters.worstMetric.empty())
            object.set("worst_metric", parameters.worstMetric);
        if (parameters.worstCount != usual.worstCount)
            object.set("worst_count", static_cast<std::uint64_t>(parameters.worstCount));
        if (parameters.worstDepth != usual.worstDepth)
            object.set("worst_depth", static_cast<std::uint64_t>(parameters.worstDepth));
    }

    Object parametersObject() const
    {
        const Parameters &parameters = m_set.parameters;
        Object object{{"window", windowSpecText(parameters.window)},
                      {"intersections", static_cast<std::uint64_t>(parameters.depth)},
                      {"window_intersections", static_cast<std::uint64_t>(parameters.windowDepth)},
                      {"convention", wordFor(kConventions, parameters.options.convention)},
                      {"level", numberValue(parameters.options.level)},
                      {"intervals", parameters.options.intervals},
                      {"smallest_group", m_set.smallestGroup},
                      {"include_missing", parameters.includeMissing},
                      {"calibration_bins", kCalibrationBins},
                      {"bootstrap_draws", parameters.bootstrapDraws},
                      {"seed", parameters.seed <= kMostExact ? Value(parameters.seed) : Value(std::to_string(parameters.seed))},
                      {"references", groupObject(parameters.references)},
                      {"asked", asked()}};
        setDecision(object);
        setSearch(object);
        Array families;
        for (const auto &[attributes, byWindow] : parameters.families)
            families.emplace_back(Object{{"attributes", textArray(attributes)}, {"by_window", byWindow}});
        if (!families.empty())
            object.set("families", std::move(families));
        return object;
    }

    /// Names in the order of computing: members of an object have none.
    template<class Owners, class FiguresOf>
    static std::vector<std::string> orderOf(const Owners &owners, const FiguresOf &figuresOf)
    {
        std::vector<std::string> names;
        for (const auto &owner : owners) {
            auto place = names.begin(); // what is new comes behind what it follows
            for (const auto &figure : figuresOf(owner)) {
                const auto known = std::ranges::find(names, figure.name);
                place = known == names.end() ? names.insert(place, figure.name) : known;
                ++place;
            }
        }
        return names;
    }
    std::vector<std::string> metricOrder() const
    {
        return orderOf(m_set.cells, [](const ComputedCell &cell) -> const auto & { return cell.metrics; });
    }
    std::vector<std::string> driftOrder() const
    {
        return orderOf(m_set.drifts, [](const ComputedDrift &drift) -> const auto & { return drift.figures; });
    }

    const ComputedSet &m_set;
};

} // namespace

Bytes writeComputed(const ComputedSet &set) { return Writer(set).all().text; }
Written writeWithDigest(const ComputedSet &set) { return Writer(set).all(); }
Bytes writeComputedRows(const ComputedSet &set) { return Writer(set).rows(); }
Bytes writeParameters(const ComputedSet &set) { return Writer(set).parameters(); }

} // namespace countersign::computed
