#include "models/computed/cells/valuecells.h"
#include "models/computed/cells/valuerows.h"
#include "models/computed/comparisons/disparities.h"
#include "models/computed/comparisons/worst.h"
#include "models/metrics/ranking/classranking.h"
#include "models/predictions/dictionary.h"
#include "models/scoretables/build/entrysort.h"

namespace countersign::computed {

using namespace scoretables;
using metrics::BinaryMetric;
using metrics::ConfusionMatrix;
using metrics::RankedRow;

namespace {

/// Labels, decisions and scores by class number.
struct ClassRows {
    std::vector<std::string> classes;
    std::vector<int> actual;
    std::vector<int> predicted;
    bool hasScores = false; ///< for all classes
    std::vector<metrics::ClassRowLoss> losses;
    std::vector<std::vector<RankedRow>> descending; ///< usable rows by class, scores divided by their sum
};

std::vector<std::string> classesOf(const predictions::PredictionLog &log, const std::vector<std::string> &texts)
{
    std::vector<std::string> classes(texts.begin() + 1, texts.end());
    for (const auto &score : log.mapping.classScores)
        if (const std::string name(predictions::wholeText(score.className)); std::ranges::find(classes, name) == classes.end())
            classes.push_back(name);
    std::ranges::sort(classes);
    return classes;
}

/// Scores row by row, a column a class; rows without one are left out.
std::vector<double> scoresOf(const predictions::PredictionLog &log, const std::vector<std::string> &classes, ValueRows &rows)
{
    const std::size_t count = rows.isUsable.size();
    std::vector<double> scores(count * classes.size());
    for (std::size_t s = 0; s < log.mapping.classScores.size(); ++s) {
        const auto own = numbersOf(log, log.schema.classScores[s]);
        const auto column = static_cast<std::size_t>(std::ranges::lower_bound(classes, predictions::wholeText(log.mapping.classScores[s].className)) - classes.begin());
        for (std::size_t row = 0; row < count; ++row) {
            scores[row * classes.size() + column] = own[row];
            if (!std::isfinite(own[row]))
                rows.leaveOut(row, std::isnan(own[row]) ? &LeftOut::noScore : &LeftOut::notFinite);
        }
    }
    return scores;
}

/// Usable rows from the highest score of a class down; equal scores share a block.
std::vector<RankedRow> descendingRows(const std::vector<double> &scores, std::size_t classes, std::size_t k, const std::vector<std::uint8_t> &isUsable)
{
    std::vector<Entry> entries;
    for (std::size_t row = 0; row < isUsable.size(); ++row)
        if (isUsable[row])
            entries.push_back({scores[row * classes + k] + 0.0, static_cast<std::uint32_t>(row)}); // + 0: -0 becomes 0
    std::vector<Entry> scratch(entries.size());
    sortEntries(std::span(entries), std::span(scratch));
    std::vector<RankedRow> ranked(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i)
        ranked[i] = {entries[i].code, i == 0 ? 0 : ranked[i - 1].block + (entries[i].score != entries[i - 1].score ? 1U : 0U)};
    return ranked;
}

/// Losses by row; then scores are divided by their sum and rows put in order.
void useScores(std::vector<double> scores, const ValueRows &rows, unsigned threads, ClassRows &result)
{
    const std::size_t classes = result.classes.size();
    result.losses.resize(rows.isUsable.size());
    for (std::size_t row = 0; row < rows.isUsable.size(); ++row) {
        if (!rows.isUsable[row])
            continue;
        const auto own = std::span(scores).subspan(row * classes, classes);
        result.losses[row] = metrics::classRowLoss(own, result.actual[row]);
        double sum = 0;
        for (const double score : own)
            sum += score;
        for (double &score : own)
            score = sum > 0 ? score / sum : score;
    }
    result.descending.resize(classes);
    forEachTask(classes, threads, [&](std::size_t k, unsigned) { result.descending[k] = descendingRows(scores, classes, k, rows.isUsable); });
}

/// Invalid: no predicted class can be told.
Result<ClassRows> classRowsOf(const predictions::PredictionLog &log, ValueRows &rows, unsigned threads)
{
    ClassRows result;
    const auto &texts = log.dictionaries[static_cast<std::size_t>(log.schema.codeDictionary[static_cast<std::size_t>(log.schema.label)])];
    result.classes = classesOf(log, texts);
    std::vector<int> byCode(texts.size(), -1);
    for (std::size_t code = 1; code < texts.size(); ++code)
        byCode[code] = static_cast<int>(std::ranges::lower_bound(result.classes, texts[code]) - result.classes.begin());
    for (const std::uint32_t code : codesOf(log, log.schema.label)) {
        if (code == 0)
            rows.leaveOut(result.actual.size(), &LeftOut::noLabel);
        result.actual.push_back(byCode[code]);
    }
    result.hasScores = !result.classes.empty() && log.mapping.classScores.size() == result.classes.size();
    std::vector<double> scores = result.hasScores ? scoresOf(log, result.classes, rows) : std::vector<double>();
    if (log.schema.prediction >= 0) {
        for (const std::uint32_t code : codesOf(log, log.schema.prediction)) {
            if (code == 0)
                rows.leaveOut(result.predicted.size(), &LeftOut::noPrediction);
            result.predicted.push_back(byCode[code]);
        }
    } else if (result.hasScores) { // the class with the highest score, the first of equals
        for (std::size_t row = 0; row < result.actual.size(); ++row) {
            const auto own = std::span(scores).subspan(row * result.classes.size(), result.classes.size());
            result.predicted.push_back(static_cast<int>(std::ranges::max_element(own) - own.begin()));
        }
    } else if (!result.classes.empty()) {
        return Error{ErrorKind::Invalid, "A class of the label has no score column, so the predicted class is not known.", log.facts.name};
    }
    if (result.hasScores)
        useScores(std::move(scores), rows, threads, result);
    return result;
}

void addAverages(const ConfusionMatrix &matrix, const std::vector<std::string> &classes, const metrics::Options &options, ComputedCell &cell)
{
    using metrics::Averaging;
    addFigure(cell, "accuracy", metrics::accuracy(matrix, options));
    addFigure(cell, "balanced_accuracy", metrics::balancedAccuracy(matrix, options));
    addFigure(cell, "mcc", metrics::matthews(matrix, options));
    addFigure(cell, "cohen_kappa", metrics::kappa(matrix, options));
    for (const BinaryMetric metric : {BinaryMetric::Precision, BinaryMetric::Recall, BinaryMetric::F1}) {
        const std::string name(metrics::key(metric));
        addFigure(cell, name + "_macro", metrics::average(matrix, metric, Averaging::Macro, options));
        addFigure(cell, name + "_micro", metrics::average(matrix, metric, Averaging::Micro, options));
        addFigure(cell, name + "_weighted", metrics::average(matrix, metric, Averaging::Weighted, options));
        for (std::size_t c = 0; c < classes.size(); ++c)
            addFigure(cell, name + "." + classes[c], metrics::figure(matrix.against(static_cast<int>(c)), metric, options));
    }
}

void addScoreAverages(const metrics::ClassAucs &aucs, const metrics::ClassLosses &losses, const std::vector<std::string> &classes,
                      const metrics::Options &options, ComputedCell &cell)
{
    for (std::size_t c = 0; c < classes.size(); ++c)
        addFigure(cell, "auc." + classes[c], aucs.against[c]);
    addFigure(cell, "auc_ovr_macro", aucs.restMacro);
    addFigure(cell, "auc_ovr_weighted", aucs.restWeighted);
    addFigure(cell, "auc_ovo_macro", aucs.pairsMacro);
    addFigure(cell, "auc_ovo_weighted", aucs.pairsWeighted);
    addFigure(cell, "log_loss", metrics::logLoss(losses, options));
    addFigure(cell, "brier", metrics::brier(losses, options));
}

/// One family's cells with the rows of each, numbered within the cell in the order of the log.
class FamilyRows
{
public:
    FamilyRows(const ValueRows &rows, const ClassRows &classRows, const FamilyCells &cells) : m_classRows(classRows), m_rows(rows), m_cells(cells), m_byCell(rowsByCell(rows.frame, cells, rows.isUsable))
    {
        if (!classRows.hasScores)
            return;
        // A row's number in each of its cells, cell after cell.
        m_first.resize(rows.isUsable.size() + 1);
        for (std::size_t row = 0; row < rows.isUsable.size(); ++row)
            m_first[row + 1] = m_first[row] + (rows.isUsable[row] ? membersOf(row).size() : 0);
        m_number.resize(m_first.back());
        std::vector<std::uint32_t> next(cells.cells.size());
        for (std::size_t row = 0; row < rows.isUsable.size(); ++row)
            for (std::size_t m = 0; m < m_first[row + 1] - m_first[row]; ++m)
                m_number[m_first[row] + m] = next[membersOf(row)[m]]++;
        for (const auto &order : classRows.descending)
            m_descending.push_back(byCell(order));
    }

    std::span<const std::uint32_t> rowsOf(std::size_t cell) const
    {
        return std::span(m_byCell.rows).subspan(m_byCell.first[cell], m_byCell.first[cell + 1] - m_byCell.first[cell]);
    }
    metrics::ClassAucs aucs(std::size_t cell, const metrics::Options &options) const
    {
        std::vector<int> actual;
        std::vector<double> weights;
        for (const std::uint32_t row : rowsOf(cell)) {
            actual.push_back(m_classRows.actual[row]);
            if (!m_rows.frame.weights.empty())
                weights.push_back(m_rows.weight(row));
        }
        std::vector<std::span<const RankedRow>> descending;
        for (const auto &own : m_descending)
            descending.push_back(std::span(own).subspan(m_byCell.first[cell], actual.size()));
        return metrics::classAucs({static_cast<int>(m_classRows.classes.size()), actual, weights, descending}, options);
    }

private:
    std::span<const std::uint32_t> membersOf(std::size_t row) const
    {
        const std::uint32_t leaf = m_rows.frame.leaf[row];
        return std::span(m_cells.members).subspan(m_cells.first[leaf], m_cells.first[leaf + 1] - m_cells.first[leaf]);
    }
    /// Each cell keeps the order.
    std::vector<RankedRow> byCell(const std::vector<RankedRow> &order) const
    {
        std::vector<RankedRow> result(m_byCell.rows.size());
        std::vector<std::size_t> next(m_byCell.first.begin(), m_byCell.first.end() - 1);
        for (const RankedRow &ranked : order) {
            const auto members = membersOf(ranked.row);
            for (std::size_t m = 0; m < members.size(); ++m)
                result[next[members[m]]++] = {m_number[m_first[ranked.row] + m], ranked.block};
        }
        return result;
    }

    const ClassRows &m_classRows;
    const ValueRows &m_rows;
    const FamilyCells &m_cells;
    RowsByCell m_byCell;
    std::vector<std::size_t> m_first;    ///< by row, into m_number
    std::vector<std::uint32_t> m_number; ///< of a row within a cell
    std::vector<std::vector<RankedRow>> m_descending; ///< by class; cells at the places of m_byCell
};

ConfusionMatrix matrixOf(const ComputedCell &cell, const std::vector<metrics::Counts> &sizes, std::size_t index)
{
    const auto classes = static_cast<int>(std::lround(std::sqrt(static_cast<double>(cell.confusion.size()))));
    return ConfusionMatrix(classes, cell.confusion, sizes[index].squares, sizes[index].rows);
}

Measures measuresOf(const ComputedSet &set, const ClassRows &classRows, const std::vector<metrics::Counts> &sizes)
{
    Measures measures;
    const std::size_t classes = classRows.classes.size();
    measures.counts.resize(1 + classes);
    measures.counts[0].metrics = {BinaryMetric::Accuracy, BinaryMetric::ErrorRate};
    for (std::size_t k = 0; k < classes; ++k) {
        CountMeasure &own = measures.counts[1 + k];
        own.suffix = "." + classRows.classes[k];
        own.metrics = {BinaryMetric::SelectionRate, BinaryMetric::Recall, BinaryMetric::FalsePositiveRate, BinaryMetric::Precision};
        own.hasOdds = true;
    }
    for (std::size_t c = 0; c < set.cells.size(); ++c) {
        const ConfusionMatrix matrix = matrixOf(set.cells[c], sizes, c);
        metrics::Counts right = sizes[c];
        for (std::size_t k = 0; k < classes; ++k) {
            right.tp += matrix.at(static_cast<int>(k), static_cast<int>(k));
            measures.counts[1 + k].cells.push_back(matrix.against(static_cast<int>(k)));
        }
        right.fp = matrix.total() - right.tp;
        measures.counts[0].cells.push_back(right);
    }
    const auto add = [&](const char *name, metrics::Range range) {
        if (!set.cells.empty() && set.cells.front().find(name))
            measures.estimates.push_back({name, range, estimatesOf(set, name), {}, {}});
    };
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    for (const char *name : {"balanced_accuracy", "f1_macro", "auc_ovr_macro", "auc_ovo_macro"})
        add(name, {1, true});
    add("log_loss", {kInfinity, true});
    add("brier", {2, true});
    return measures;
}

/// Sums by leaf of what slices can be searched by.
Result<WorstSource> worstSourceOf(const ClassRows &classRows, const ValueRows &rows, const std::string &metric)
{
    WorstSource source;
    const bool isCount = metric == "accuracy" || metric == "error_rate";
    const bool isMean = classRows.hasScores && (metric == "log_loss" || metric == "brier");
    if (!isCount && !isMean)
        return Error{ErrorKind::Invalid, "Slices of several classes can be searched by accuracy and error_rate and, where every class has a score, by log_loss and brier.", {}};
    source.counts.resize(isCount ? rows.leftOut.size() : 0);
    source.means.resize(isMean ? rows.leftOut.size() : 0);
    for (std::size_t row = 0; row < rows.isUsable.size(); ++row) {
        if (!rows.isUsable[row])
            continue;
        if (isCount)
            source.counts[rows.frame.leaf[row]].add(classRows.actual[row] == classRows.predicted[row], true, rows.weight(row));
        else if (classRows.losses[row].isProbability)
            source.means[rows.frame.leaf[row]].add(metric == "brier" ? classRows.losses[row].squaredError : classRows.losses[row].logLoss, rows.weight(row));
        else
            return Error{ErrorKind::Invalid, "Slices cannot be searched by \"" + metric + "\": some scores are no probabilities.", {}};
    }
    return source;
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
    const unsigned threads = predictions::threadCount(parameters.threads);
    ValueRows rows(*std::move(frame));
    const auto made = classRowsOf(log, rows, threads);
    if (!made)
        return made.error();
    const ClassRows &classRows = *made;
    log.chunks.clear();
    const auto families = familiesFor(rows.frame.table, parameters);
    std::vector<std::vector<metrics::Counts>> sizesOf(families ? families->size() : 0); // squares and rows, for effective sizes
    auto set = forEachFamily(rows, parameters, progress, [&](const FamilyCells &cells, std::vector<ComputedCell> &computed, std::size_t f) {
        const FamilyRows familyRows(rows, classRows, cells);
        for (std::size_t c = 0; c < computed.size() && !progress.isCancelled(); ++c) {
            ComputedCell &cell = computed[c];
            ConfusionMatrix matrix(static_cast<int>(classRows.classes.size()));
            metrics::ClassLosses losses;
            for (const std::uint32_t row : familyRows.rowsOf(c)) {
                matrix.add(classRows.actual[row], classRows.predicted[row], rows.weight(row));
                if (classRows.hasScores)
                    losses.add(classRows.losses[row], rows.weight(row));
            }
            cell.n = matrix.rows();
            for (int a = 0; a < matrix.classes(); ++a)
                for (int p = 0; p < matrix.classes(); ++p)
                    cell.confusion.push_back(matrix.at(a, p));
            metrics::Counts size;
            size.squares = matrix.squares();
            size.rows = matrix.rows();
            sizesOf[f].push_back(size);
            addAverages(matrix, classRows.classes, parameters.options, cell);
            if (classRows.hasScores)
                addScoreAverages(familyRows.aucs(c, parameters.options), losses, classRows.classes, parameters.options, cell);
        }
    });
    if (!set)
        return set;
    set->classes = classRows.classes;
    std::vector<metrics::Counts> sizes;
    for (auto &own : sizesOf)
        std::ranges::move(own, std::back_inserter(sizes));
    if (const auto compared = addDisparities(measuresOf(*set, classRows, sizes), *set, threads); !compared)
        return compared.error();
    if (!parameters.worstMetric.empty()) {
        const auto source = worstSourceOf(classRows, rows, parameters.worstMetric);
        if (!source)
            return source.error();
        if (const auto searched = addWorst(rows.frame.table, *source, *set, threads, progress); !searched)
            return searched.error();
    }
    return set;
}

} // namespace countersign::computed
