#include "models/computed/valuecells.h"

#include "models/base/parallel.h"
#include "models/metrics/multiclass.h"
#include "models/metrics/regression.h"
#include "models/computed/cellnames.h"
#include "models/scoretables/rowframe.h"

namespace countersign::computed {

using namespace scoretables;

namespace {

using metrics::Figure;

/// The rows of a log and which of them take part.
struct Rows {
    RowFrame frame;
    std::vector<std::uint8_t> isUsable;
    std::vector<LeftOut> leftOut; ///< by leaf

    explicit Rows(RowFrame made) : frame(std::move(made)), isUsable(frame.leaf.size(), 1), leftOut(frame.table.leaves().size())
    {
        for (std::size_t row = 0; row < frame.weights.size(); ++row)
            if (frame.weights[row] <= 0)
                leaveOut(row, &LeftOut::noWeight);
    }
    /// The first reason counts.
    void leaveOut(std::size_t row, std::uint64_t LeftOut::*reason)
    {
        if (std::exchange(isUsable[row], std::uint8_t(0)))
            ++(leftOut[frame.leaf[row]].*reason);
    }
    double weight(std::size_t row) const { return frame.weights.empty() ? 1.0 : frame.weights[row]; }
};

/// Goes through all families; compute(rows of a cell, cell) fills in counts and figures.
template<class Compute>
Result<ComputedSet> forEachCell(const Rows &rows, const Parameters &parameters, const Progress &progress, const Compute &compute)
{
    const Table &table = rows.frame.table;
    const auto families = familiesFor(table, parameters);
    if (!families)
        return families.error();
    std::vector<std::vector<ComputedCell>> computed(families->size());
    forEachTask(families->size(), predictions::threadCount(parameters.threads), [&](std::size_t f, unsigned) {
        if (progress.isCancelled())
            return;
        const FamilyCells cells = cellsOf(table, (*families)[f], parameters.window);
        const RowsByCell byCell = rowsByCell(rows.frame, cells, rows.isUsable);
        computed[f] = namedCells(table, cells);
        for (std::size_t leaf = 0; leaf < rows.leftOut.size(); ++leaf)
            for (std::uint32_t m = cells.first[leaf]; m < cells.first[leaf + 1]; ++m)
                computed[f][cells.members[m]].leftOut += rows.leftOut[leaf];
        for (std::size_t c = 0; c < computed[f].size(); ++c)
            compute(std::span(byCell.rows).subspan(byCell.first[c], byCell.first[c + 1] - byCell.first[c]), computed[f][c]);
    });
    if (progress.isCancelled())
        return Error{ErrorKind::Cancelled, "Computing was stopped.", {}};
    ComputedSet set;
    set.parameters = parameters;
    set.smallestGroup = metrics::smallestGroup({parameters.smallestGroup, parameters.includeMissing}, parameters.options);
    for (auto &cells : computed)
        std::ranges::move(cells, std::back_inserter(set.cells));
    return set;
}

void add(ComputedCell &cell, std::string name, Figure figure) { cell.metrics.push_back({std::move(name), std::move(figure), {}}); }

// ---- classes

/// Labels, decisions and scores by class number.
struct ClassRows {
    std::vector<std::string> classes;
    std::vector<int> actual;
    std::vector<int> predicted;
    std::vector<double> scores; ///< row by row, a column a class, divided by their sum; empty: no scores for all classes
};

ClassRows classRowsOf(const predictions::PredictionLog &log, Rows &rows)
{
    ClassRows result;
    const auto labelDictionary = static_cast<std::size_t>(log.schema.codeDictionary[static_cast<std::size_t>(log.schema.label)]);
    const auto &texts = log.dictionaries[labelDictionary];
    result.classes.assign(texts.begin() + 1, texts.end());
    for (const auto &score : log.mapping.classScores)
        if (std::ranges::find(result.classes, score.className) == result.classes.end())
            result.classes.push_back(score.className);
    std::ranges::sort(result.classes);
    const auto numberOf = [&](const std::string &name) { return static_cast<int>(std::ranges::lower_bound(result.classes, name) - result.classes.begin()); };
    std::vector<int> byCode(texts.size(), -1);
    for (std::size_t code = 1; code < texts.size(); ++code)
        byCode[code] = numberOf(texts[code]);
    for (const std::uint32_t code : codesOf(log, log.schema.label)) {
        if (code == 0)
            rows.leaveOut(result.actual.size(), &LeftOut::noLabel);
        result.actual.push_back(byCode[code]);
    }
    const std::size_t count = result.actual.size();
    const std::size_t classes = result.classes.size();
    if (log.mapping.classScores.size() == classes) {
        result.scores.resize(count * classes);
        for (std::size_t s = 0; s < classes; ++s) {
            const auto own = numbersOf(log, log.schema.classScores[s]);
            const auto column = static_cast<std::size_t>(numberOf(log.mapping.classScores[s].className));
            for (std::size_t row = 0; row < count; ++row) {
                result.scores[row * classes + column] = own[row];
                if (!std::isfinite(own[row]))
                    rows.leaveOut(row, std::isnan(own[row]) ? &LeftOut::noScore : &LeftOut::notFinite);
            }
        }
    }
    if (log.schema.prediction >= 0) {
        for (const std::uint32_t code : codesOf(log, log.schema.prediction)) {
            if (code == 0)
                rows.leaveOut(result.predicted.size(), &LeftOut::noPrediction);
            result.predicted.push_back(byCode[code]);
        }
    } else if (!result.scores.empty()) { // the class with the highest score, the first of equals
        for (std::size_t row = 0; row < count; ++row) {
            const auto own = std::span(result.scores).subspan(row * classes, classes);
            result.predicted.push_back(static_cast<int>(std::ranges::max_element(own) - own.begin()));
        }
    }
    return result;
}

void addAverages(const metrics::ConfusionMatrix &matrix, const std::vector<std::string> &classes, const metrics::Options &options, ComputedCell &cell)
{
    using metrics::Averaging;
    using metrics::BinaryMetric;
    add(cell, "accuracy", metrics::accuracy(matrix, options));
    add(cell, "balanced_accuracy", metrics::balancedAccuracy(matrix, options));
    add(cell, "mcc", metrics::matthews(matrix, options));
    add(cell, "cohen_kappa", metrics::kappa(matrix, options));
    for (const BinaryMetric metric : {BinaryMetric::Precision, BinaryMetric::Recall, BinaryMetric::F1}) {
        const std::string name(metrics::key(metric));
        add(cell, name + "_macro", metrics::average(matrix, metric, Averaging::Macro, options));
        add(cell, name + "_micro", metrics::average(matrix, metric, Averaging::Micro, options));
        add(cell, name + "_weighted", metrics::average(matrix, metric, Averaging::Weighted, options));
        for (std::size_t c = 0; c < classes.size(); ++c)
            add(cell, name + "." + classes[c], metrics::figure(matrix.against(static_cast<int>(c)), metric, options));
    }
}

void addClassScores(const ClassRows &classRows, const Rows &rows, std::span<const std::uint32_t> own, const metrics::Options &options, ComputedCell &cell)
{
    const std::size_t classes = classRows.classes.size();
    std::vector<int> actual;
    std::vector<double> scores;
    std::vector<double> weights;
    metrics::ClassLosses losses;
    for (const std::uint32_t row : own) {
        const auto rowScores = std::span(classRows.scores).subspan(row * classes, classes);
        actual.push_back(classRows.actual[row]);
        weights.push_back(rows.weight(row));
        losses.add(rowScores, classRows.actual[row], weights.back());
        double sum = 0;
        for (const double score : rowScores)
            sum += score;
        for (const double score : rowScores)
            scores.push_back(sum > 0 ? score / sum : score);
    }
    const metrics::ClassScores input{static_cast<int>(classes), actual, scores, weights};
    for (std::size_t c = 0; c < classes; ++c)
        add(cell, "auc." + classRows.classes[c], metrics::oneVersusRestAuc(input, static_cast<int>(c), options));
    add(cell, "auc_ovr_macro", metrics::oneVersusRestAuc(input, metrics::Averaging::Macro));
    add(cell, "auc_ovr_weighted", metrics::oneVersusRestAuc(input, metrics::Averaging::Weighted));
    add(cell, "auc_ovo_macro", metrics::oneVersusOneAuc(input, metrics::Averaging::Macro));
    add(cell, "auc_ovo_weighted", metrics::oneVersusOneAuc(input, metrics::Averaging::Weighted));
    add(cell, "log_loss", metrics::logLoss(losses, options));
    add(cell, "brier", metrics::brier(losses, options));
}

} // namespace

Result<ComputedSet> computeClasses(predictions::PredictionLog &&log, const Parameters &parameters, const Progress &progress)
{
    const bool isPredicted = log.schema.prediction >= 0 || !log.schema.classScores.empty();
    if (log.schema.label < 0 || !isPredicted)
        return Error{ErrorKind::Invalid, "Classes need a label and a prediction, or a score for each class.", log.facts.name};
    auto frame = frameOf(log, parameters.window.unit);
    if (!frame)
        return frame.error().in(log.facts.name);
    Rows rows(*std::move(frame));
    const ClassRows classRows = classRowsOf(log, rows);
    if (classRows.scores.empty() && log.schema.prediction < 0)
        return Error{ErrorKind::Invalid, "A class of the label has no score column, so the predicted class is not known.", log.facts.name};
    log.chunks.clear();
    auto set = forEachCell(rows, parameters, progress, [&](std::span<const std::uint32_t> own, ComputedCell &cell) {
        metrics::ConfusionMatrix matrix(static_cast<int>(classRows.classes.size()));
        for (const std::uint32_t row : own)
            matrix.add(classRows.actual[row], classRows.predicted[row], rows.weight(row));
        cell.n = matrix.rows();
        for (int a = 0; a < matrix.classes(); ++a)
            for (int p = 0; p < matrix.classes(); ++p)
                cell.confusion.push_back(matrix.at(a, p));
        addAverages(matrix, classRows.classes, parameters.options, cell);
        if (!classRows.scores.empty())
            addClassScores(classRows, rows, own, parameters.options, cell);
    });
    if (set)
        set->classes = classRows.classes;
    return set;
}

Result<ComputedSet> computeAmounts(predictions::PredictionLog &&log, const Parameters &parameters, const Progress &progress)
{
    if (log.schema.labelNumber < 0 || log.schema.predictionNumber < 0)
        return Error{ErrorKind::Invalid, "Amounts need a label and a prediction.", log.facts.name};
    auto frame = frameOf(log, parameters.window.unit);
    if (!frame)
        return frame.error().in(log.facts.name);
    Rows rows(*std::move(frame));
    const std::vector<double> actual = numbersOf(log, log.schema.labelNumber);
    const std::vector<double> predicted = numbersOf(log, log.schema.predictionNumber);
    log.chunks.clear();
    for (std::size_t row = 0; row < actual.size(); ++row) {
        if (std::isnan(actual[row]))
            rows.leaveOut(row, &LeftOut::noLabel);
        else if (std::isnan(predicted[row]))
            rows.leaveOut(row, &LeftOut::noPrediction);
        else if (std::isinf(actual[row]) || std::isinf(predicted[row]))
            rows.leaveOut(row, &LeftOut::notFinite);
    }
    return forEachCell(rows, parameters, progress, [&](std::span<const std::uint32_t> own, ComputedCell &cell) {
        metrics::Regression sums;
        for (const std::uint32_t row : own)
            sums.add(actual[row], predicted[row], rows.weight(row));
        cell.n = sums.rows;
        const metrics::Options &options = parameters.options;
        add(cell, "rmse", metrics::rmse(sums, options));
        add(cell, "mae", metrics::mae(sums, options));
        add(cell, "mean_error", metrics::meanError(sums, options));
        add(cell, "r2", metrics::rSquared(sums, options));
        add(cell, "mape", metrics::mape(sums, options));
        add(cell, "wape", metrics::wape(sums));
        add(cell, "smape", metrics::smape(sums));
    });
}

} // namespace countersign::computed
