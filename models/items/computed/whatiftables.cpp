#include "models/items/computed/whatiftables.h"

#include "models/items/celltext.h"
#include "models/items/computed/figuretext.h"
#include "models/policy/evaluator.h"

#include <QLocale>

namespace countersign::items {

namespace {

constexpr std::array kRates{metrics::BinaryMetric::SelectionRate, metrics::BinaryMetric::Recall, metrics::BinaryMetric::FalsePositiveRate,
                            metrics::BinaryMetric::Precision, metrics::BinaryMetric::Accuracy};

QString countText(double count)
{
    const bool isWhole = count == static_cast<double>(static_cast<qlonglong>(count));
    return QLocale().toString(count, 'f', isWhole ? 0 : 2);
}

QString signedText(double value)
{
    const QString text = numberText(value);
    const bool hasSign = !text.front().isDigit() && text.front() != QLatin1Char('.'); // "< .001", "> −.001", "−.2"
    return hasSign ? text : value > 0 ? QLatin1Char('+') + text : value < 0 ? QChar(0x2212) + text : text;
}

const metrics::Figure *figureOf(const std::vector<computed::NamedFigure> &figures, std::string_view name)
{
    const auto found = std::ranges::find(figures, name, &computed::NamedFigure::name);
    return found == figures.end() ? nullptr : &found->figure;
}

} // namespace

QString figureWithInterval(const metrics::Figure &figure)
{
    const QString interval = figureInterval(figure);
    return interval.isEmpty() ? figureValue(figure) : figureValue(figure) + QLatin1Char(' ') + interval;
}

QString thresholdText(const std::optional<double> &threshold)
{
    if (!threshold)
        return WhatIfGroupsTable::tr("as logged", "decisions");
    return std::isinf(*threshold) ? WhatIfGroupsTable::tr("nobody", "is selected") : QLocale().toString(*threshold, 'g', 6);
}

WhatIfGroupsTable::WhatIfGroupsTable(QObject *parent) : RowTable(ColumnCount, parent) {}

void WhatIfGroupsTable::setHead(const QString &attribute)
{
    m_attribute = attribute;
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

void WhatIfGroupsTable::setEqualised(const std::vector<int> &columns)
{
    m_equalised = columns;
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

std::vector<WhatIfGroupRow> WhatIfGroupsTable::rowsOf(const computed::ScoreSource &source, const computed::WhatIfSide &side,
                                                      const std::vector<computed::LeftOutGroup> &leftOut)
{
    std::vector<WhatIfGroupRow> rows;
    for (std::size_t g = 0; g < side.groups.size(); ++g) {
        WhatIfGroupRow row{groupText(source.groups()[g].group), side.groups[g].threshold, side.groups[g].counts, {}, false, {}};
        for (const metrics::BinaryMetric rate : kRates) {
            const metrics::Figure *figure = figureOf(side.groups[g].figures, metrics::key(rate));
            row.rates.push_back(figure ? *figure : metrics::Figure::undefined(metrics::Reason::NoRows));
        }
        const auto out = std::ranges::find(leftOut, g, &computed::LeftOutGroup::group);
        if (out != leftOut.end()) {
            row.isOut = true;
            const std::string_view reason = metrics::reasonText(out->reason);
            row.whyOut = out->isMissing ? tr("Takes no part in comparisons: no value is known.")
                                        : tr("Takes no part in comparisons: %1").arg(QString::fromUtf8(reason.data(), static_cast<qsizetype>(reason.size())));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

QVariant WhatIfGroupsTable::cell(const WhatIfGroupRow &row, int column, int role) const
{
    const metrics::Figure *rate = column >= Selection ? &row.rates[static_cast<std::size_t>(column - Selection)] : nullptr;
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Group: return row.name;
        case Count: return QLocale().toString(static_cast<qulonglong>(row.counts.rows));
        case Threshold: return thresholdText(row.threshold);
        case Tp: return countText(row.counts.tp);
        case Fp: return countText(row.counts.fp);
        case Fn: return countText(row.counts.fn);
        case Tn: return countText(row.counts.tn);
        default: return figureWithInterval(*rate);
        }
    case Qt::ToolTipRole: return column == Group && row.isOut ? row.whyOut : rate ? figureReason(*rate) : QString();
    case Qt::AccessibleTextRole:
        if (rate)
            return figureSentence(*rate);
        return column == Group && row.isOut ? QStringLiteral("%1. %2").arg(row.name, row.whyOut) : cell(row, column, Qt::DisplayRole);
    case MutedRole: return row.isOut;
    default: return {};
    }
}

QString WhatIfGroupsTable::head(int column) const
{
    const auto of = [&](std::string_view key) { return isEqualised(column) ? tr("= %1", "made equal").arg(metricTitle(key)) : metricTitle(key); };
    switch (column) {
    case Group: return m_attribute.isEmpty() ? tr("Group") : m_attribute;
    case Count: return tr("n");
    case Threshold: return tr("Threshold");
    case Tp: return tr("TP", "true positives");
    case Fp: return tr("FP", "false positives");
    case Fn: return tr("FN", "false negatives");
    case Tn: return tr("TN", "true negatives");
    default: return of(metrics::key(kRates[static_cast<std::size_t>(column - Selection)]));
    }
}

WhatIfChangesTable::WhatIfChangesTable(QObject *parent) : RowTable(ColumnCount, parent) {}

std::vector<WhatIfChangeRow> WhatIfChangesTable::betweenGroups(const computed::ScoreSource &source, const computed::WhatIfSide &before,
                                                               const computed::WhatIfSide &after)
{
    std::vector<WhatIfChangeRow> rows;
    const auto nameOf = [&](const std::optional<std::size_t> &group) { return group ? groupText(source.groups()[*group].group) : QString(); };
    for (const computed::WhatIfDisparity &own : after.disparities) {
        const computed::WhatIfDisparity *was = before.disparity(own.name);
        if (!was)
            continue;
        const int left = own.small + own.missing + own.undefined;
        rows.push_back({metricTitle(own.name), was->figure, own.figure, nameOf(own.highest), nameOf(own.lowest),
                        left > 0 ? tr("%1 of %2 groups left out").arg(left).arg(own.used + left) : QString()});
    }
    return rows;
}

std::vector<WhatIfChangeRow> WhatIfChangesTable::ofEverybody(const computed::WhatIfSide &before, const computed::WhatIfSide &after)
{
    std::vector<WhatIfChangeRow> rows;
    for (const computed::NamedFigure &own : after.figures)
        if (const metrics::Figure *was = before.find(own.name))
            rows.push_back({metricTitle(own.name), *was, own.figure, {}, {}, figureReason(own.figure)});
    if (before.cost && after.cost)
        rows.push_back({tr("Cost of errors"), metrics::Figure::of(*before.cost, before.counts.rows), metrics::Figure::of(*after.cost, after.counts.rows), {}, {}, {}, true});
    return rows;
}

QVariant WhatIfChangesTable::cell(const WhatIfChangeRow &row, int column, int role) const
{
    const auto written = [&](const metrics::Figure &figure) { return row.isPlain ? QLocale().toString(figure.value, 'g', 8) : figureWithInterval(figure); };
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Name: return row.name;
        case Before: return written(row.before);
        case After: return written(row.after);
        case Change: {
            if (!row.before.isDefined() || !row.after.isDefined())
                return {};
            const double change = row.after.value - row.before.value;
            return row.isPlain ? QLocale().toString(change, 'g', 8) : signedText(change);
        }
        case Highest: return row.highest;
        case Lowest: return row.lowest;
        case Note: return row.note;
        default: return {};
        }
    case Qt::AccessibleTextRole: return column == Before ? figureSentence(row.before) : column == After ? figureSentence(row.after) : cell(row, column, Qt::DisplayRole);
    case Qt::ToolTipRole: return column == Before ? figureReason(row.before) : column == After ? figureReason(row.after) : QString();
    default: return {};
    }
}

QString WhatIfChangesTable::head(int column) const
{
    switch (column) {
    case Name: return tr("Figure");
    case Before: return tr("Before");
    case After: return tr("After");
    case Change: return tr("Change");
    case Highest: return tr("Highest");
    case Lowest: return tr("Lowest");
    case Note: return tr("Note");
    default: return {};
    }
}

} // namespace countersign::items
