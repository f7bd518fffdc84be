#include "ui/charts/canvas/charttable.h"

#include "ui/charts/canvas/wording.h"
#include "ui/theme/state.h"

#include <algorithm>
#include <cmath>

namespace countersign::charts {

ChartTable::ChartTable(QObject *parent) : QAbstractTableModel(parent), m_spec(std::make_shared<report::ChartSpec>()) {}

void ChartTable::setSpec(std::shared_ptr<const report::ChartSpec> spec)
{
    beginResetModel();
    m_spec = std::move(spec);
    m_ends.clear();
    std::size_t rows = 0;
    for (const report::ChartSeries &series : m_spec->series) {
        rows += series.points.size();
        m_ends.push_back(rows);
    }
    endResetModel();
}

int ChartTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || m_ends.empty() ? 0 : static_cast<int>(m_ends.back());
}

int ChartTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const report::ChartPoint &ChartTable::point(int row, std::size_t &series) const
{
    const auto number = static_cast<std::size_t>(row);
    series = static_cast<std::size_t>(std::ranges::upper_bound(m_ends, number) - m_ends.begin());
    return m_spec->series[series].points[number - (series == 0 ? 0 : m_ends[series - 1])];
}

QString ChartTable::text(Column column, std::size_t series, const report::ChartPoint &point) const
{
    switch (column) {
    case Time: return timeText(point.time);
    case Series: return shown(m_spec->series[series].name);
    case Value: return valueText(m_spec->format, point.value);
    case Interval: return intervalText(m_spec->format, point);
    case Count: return point.n ? countText(*point.n) : QString();
    case State: return point.state ? theme::stateWord(theme::stateOf(*point.state)) : QString();
    case Note: {
        QStringList notes{point.isHollow ? shown(m_spec->hollowName) : QString(), shown(point.note)};
        if (const QString markers = markerText(*m_spec, series, point); !markers.isEmpty())
            notes << tr("marked: %1", "a version or a change on the time axis").arg(markers);
        notes.removeAll(QString());
        return notes.join(QStringLiteral("; "));
    }
    case ColumnCount: break;
    }
    return {};
}

QVariant ChartTable::sortValue(Column column, std::size_t series, const report::ChartPoint &point) const
{
    switch (column) {
    case Time: return static_cast<qlonglong>(toMillis(point.time));
    case Value: return std::isnan(point.value) ? QVariant() : QVariant(point.value);
    case Interval: return point.lower ? QVariant(*point.lower) : QVariant();
    case Count: return point.n ? QVariant(static_cast<qlonglong>(*point.n)) : QVariant();
    case State: return point.state ? QVariant(static_cast<int>(*point.state)) : QVariant();
    default: return text(column, series, point);
    }
}

QVariant ChartTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    std::size_t series = 0;
    const report::ChartPoint &here = point(index.row(), series);
    const auto column = static_cast<Column>(index.column());
    switch (role) {
    case Qt::DisplayRole: return text(column, series, here);
    case kSortRole: return sortValue(column, series, here);
    case kStateRole: return column == State && here.state ? QVariant(static_cast<int>(theme::stateOf(*here.state))) : QVariant();
    case Qt::TextAlignmentRole: {
        const bool isNumber = column == Value || column == Interval || column == Count;
        return QVariant::fromValue(Qt::Alignment((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    case Qt::AccessibleDescriptionRole: return pointSentence(*m_spec, series, here);
    default: return {};
    }
}

QVariant ChartTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case Time: return tr("Time (UTC)");
    case Series: return tr("Series");
    case Value: return tr("Value");
    case Interval: return tr("Interval");
    case Count: return tr("n");
    case State: return tr("State");
    case Note: return tr("Note");
    default: return {};
    }
}

} // namespace countersign::charts
