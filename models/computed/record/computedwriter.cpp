// A computed set as canonical JSON: its figures. Log and parameters are in files of their own. computedreader.cpp reads it back: the two change together.

#include "models/computed/record/computednames.h"
#include "models/computed/record/groupjson.h"
#include "models/computed/record/jsontext.h"
#include "models/computed/record/logjson.h"
#include "models/computed/record/parametersjson.h"

namespace countersign::computed {

using namespace scoretables;

namespace {

using json::Array;
using json::Object;
using json::Value;

class Writer
{
public:
    explicit Writer(const ComputedSet &set) : m_set(set) {}

    /// All of it, piece by piece; gives the digest of the rows.
    Digest all(const TextFlow::Take &take) const
    {
        RowsDigest rows;
        TextFlow flow([&](std::string_view piece) {
            rows.see(piece);
            take(piece);
        });
        ObjectText object(flow);
        rows.add(flow, [&] { writeCells(object); });
        object.listUnlessEmpty("drift_order", driftOrder(), [](const std::string &name) { return Value(name); });
        rows.add(flow, [&] { writeDrifts(object); });
        object.member("engine", m_set.engineVersion);
        rows.add(flow, [&] { writeImpacts(object); });
        object.member("log", logObject(m_set.log));
        object.list("metric_order", metricOrder(), [](const std::string &name) { return Value(name); });
        object.listUnlessEmpty("notes", m_set.notes, [](const std::string &note) { return Value(note); });
        Object own = parametersObject(m_set);
        if (auto mapping = json::parse(predictions::writeMapping(m_set.mapping)))
            own.set("mapping", *std::move(mapping));
        object.member("parameters", own);
        rows.add(flow, [&] { writeReferenceColumns(object); });
        if (m_set.referenceLog)
            object.member("reference_log", logObject(*m_set.referenceLog));
        object.member("schema", kComputedSchema);
        rows.add(flow, [&] { writeWorst(object); });
        object.end();
        return rows.finish();
    }

    void rows(const TextFlow::Take &take) const
    {
        TextFlow flow(take);
        ObjectText object(flow);
        writeCells(object);
        writeDrifts(object);
        writeImpacts(object);
        writeReferenceColumns(object);
        writeWorst(object);
        object.end();
    }

    Bytes parameters() const
    {
        const auto text = json::canonical(parametersObject(m_set));
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

    static void setBound(Object &object, const char *name, const std::optional<double> &bound)
    {
        if (bound)
            object.set(name, numberValue(*bound));
    }

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
        for (const ImpactRow &entry : impact.rows) {
            const metrics::CategoryImpact &own = entry.impact;
            Object row{{"group", groupObject(entry.group)}, {"share", numberValue(own.share)}, {"small", own.isSmall}};
            setFigure(row, "rate", own.rate);
            setFigure(row, "impact_ratio", own.impactRatio);
            setFigure(row, "impact_ratio_without_small", own.withoutSmall);
            setBound(row, "rate_error_bound", entry.rateBound);
            setBound(row, "impact_ratio_error_bound", entry.ratioBound);
            setBound(row, "impact_ratio_without_small_error_bound", entry.withoutSmallBound);
            rows.emplace_back(std::move(row));
        }
        Object object{{"attributes", textArray(impact.attributes)}, {"rate", wordFor(kRates, impact.isScored)}, {"rows", std::move(rows)},
                      {"applicants", impact.applicants}, {"unknown", impact.unknown}};
        if (impact.isScored)
            setFigure(object, "median", impact.median);
        setBound(object, "median_error_bound", impact.medianBound);
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

Bytes writeComputed(const ComputedSet &set) { return writeWithDigest(set).text; }

Written writeWithDigest(const ComputedSet &set)
{
    Written written;
    written.rows = Writer(set).all([&written](std::string_view piece) { written.text += piece; });
    return written;
}

Bytes writeComputedRows(const ComputedSet &set)
{
    Bytes bytes;
    Writer(set).rows([&bytes](std::string_view piece) { bytes += piece; });
    return bytes;
}

Digest digestOfRows(const ComputedSet &set)
{
    crypto::Sha256 hash;
    Writer(set).rows([&hash](std::string_view piece) { hash.add(piece); });
    return hash.finish();
}

std::optional<Digest> digestIfWritten(const ComputedSet &set, BytesView text)
{
    bool isSame = true;
    const Digest rows = Writer(set).all([&](std::string_view piece) {
        isSame = isSame && text.starts_with(piece);
        if (isSame)
            text.remove_prefix(piece.size());
    });
    return isSame && text.empty() ? std::optional(rows) : std::nullopt;
}

Bytes writeParameters(const ComputedSet &set) { return Writer(set).parameters(); }

} // namespace countersign::computed
