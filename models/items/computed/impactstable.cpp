#include "models/items/computed/impactstable.h"

#include "models/items/computed/figuretext.h"

#include <QLocale>

#include <algorithm>

namespace countersign::items {

namespace {

bool isUnknown(const computed::ImpactRow &row)
{
    return std::ranges::any_of(row.group, [](const auto &pair) { return pair.second == computed::kMissingName; });
}

QVariant sortable(const metrics::Figure &figure)
{
    return figure.isDefined() ? QVariant(figure.value) : QVariant();
}

} // namespace

ImpactsTable::ImpactsTable(QObject *parent) : RowTable(ColumnCount, parent) {}

void ImpactsTable::setScored(bool isScored)
{
    m_isScored = isScored;
    Q_EMIT headerDataChanged(Qt::Horizontal, Rate, Rate);
}

QVariant ImpactsTable::cell(const computed::ImpactRow &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return text(row, column);
    case MutedRole: return isUnknown(row) || row.impact.isSmall;
    case SortRole:
        switch (column) {
        case Applicants: return static_cast<qulonglong>(row.impact.rate.n);
        case Share: return row.impact.share;
        case Rate:
        case RateInterval: return sortable(row.impact.rate);
        case Ratio:
        case RatioInterval: return sortable(row.impact.impactRatio);
        case WithoutSmall: return sortable(row.impact.withoutSmall);
        default: return text(row, column);
        }
    default: return {};
    }
}

QString ImpactsTable::text(const computed::ImpactRow &row, int column) const
{
    switch (column) {
    case Category: return groupText(row.group);
    case Applicants: return QLocale().toString(static_cast<qulonglong>(row.impact.rate.n));
    case Share: return tr("%1 %", "share").arg(QLocale().toString(100 * row.impact.share, 'f', 1));
    case Rate: return boundedFigure(row.impact.rate, row.rateBound);
    case RateInterval: return figureInterval(row.impact.rate);
    case Ratio: return isUnknown(row) ? tr("none") : boundedFigure(row.impact.impactRatio, row.ratioBound);
    case RatioInterval: return isUnknown(row) ? QString() : figureInterval(row.impact.impactRatio);
    case WithoutSmall: return isUnknown(row) ? tr("none") : row.impact.isSmall ? tr("left out") : boundedFigure(row.impact.withoutSmall, row.withoutSmallBound);
    case Note:
        if (isUnknown(row))
            return tr("Unknown: stated, in no ratio");
        return row.impact.isSmall ? tr("Below 2 % of all: may be left out of the ratio") : figureReason(row.impact.impactRatio);
    default: return {};
    }
}

QString ImpactsTable::head(int column) const
{
    switch (column) {
    case Category: return tr("Category");
    case Applicants: return tr("Applicants");
    case Share: return tr("Share");
    case Rate: return m_isScored ? tr("Scoring rate") : tr("Selection rate");
    case RateInterval: return tr("Interval");
    case Ratio: return tr("Impact ratio");
    case RatioInterval: return tr("Interval");
    case WithoutSmall: return tr("Without small");
    case Note: return tr("Note");
    default: return {};
    }
}

} // namespace countersign::items
