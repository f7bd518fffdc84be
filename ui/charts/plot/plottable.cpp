#include "ui/charts/plot/plottable.h"

#include "ui/charts/canvas/wording.h"
#include "ui/charts/plot/plotwording.h"
#include "ui/theme/state.h"

#include <algorithm>
#include <cmath>

namespace countersign::charts {

using report::PlotPanel;
using report::PlotPoint;
using report::PlotSeries;

PlotTable::PlotTable(QObject *parent) : QAbstractTableModel(parent), m_spec(std::make_shared<report::PlotSpec>()) {}

void PlotTable::setSpec(std::shared_ptr<const report::PlotSpec> spec)
{
    beginResetModel();
    m_spec = std::move(spec);
    m_rows.clear();
    m_columns.clear();
    if (isPlaces())
        addPlaceRows();
    else
        addPointRows();
    endResetModel();
}

void PlotTable::addColumn(Kind kind, std::size_t panel, std::size_t series)
{
    m_columns.push_back({kind, panel, series});
}

namespace {

template<class Test>
bool any(const report::PlotSpec &spec, const Test &test)
{
    return std::ranges::any_of(spec.panels, [&](const PlotPanel &panel) {
        return std::ranges::any_of(panel.series, [&](const PlotSeries &series) { return std::ranges::any_of(series.points, test); });
    });
}

bool hasState(const PlotPoint &point)
{
    return point.state.has_value();
}

bool hasNote(const PlotPoint &point)
{
    return !point.note.empty() || point.isHollow || !point.text.empty() || !point.label.empty();
}

bool hasInterval(const PlotPoint &point)
{
    return point.lower && point.upper;
}

} // namespace

void PlotTable::addPointRows()
{
    std::size_t named = 0;
    for (std::size_t p = 0; p < m_spec->panels.size(); ++p) {
        for (std::size_t s = 0; s < m_spec->panels[p].series.size(); ++s) {
            ++named;
            for (const PlotPoint &point : m_spec->panels[p].series[s].points)
                m_rows.push_back({p, s, &point});
        }
    }
    if (named > 1)
        addColumn(Kind::Series);
    addColumn(Kind::Place);
    addColumn(Kind::Value);
    const auto addIf = [this](Kind kind, const auto &test) {
        if (any(*m_spec, test))
            addColumn(kind);
    };
    addIf(Kind::Interval, hasInterval);
    addIf(Kind::Threshold, [](const PlotPoint &point) { return point.threshold.has_value(); });
    addIf(Kind::Count, [](const PlotPoint &point) { return point.n.has_value(); });
    addIf(Kind::Events, [](const PlotPoint &point) { return point.events.has_value(); });
    addIf(Kind::State, hasState);
    addIf(Kind::Note, hasNote);
}

void PlotTable::addPlaceRows()
{
    for (const double place : report::placesOf(*m_spec)) {
        Row row;
        for (std::size_t p = m_spec->panels.size(); p-- > 0;) {
            for (std::size_t s = m_spec->panels[p].series.size(); s-- > 0;) {
                if (const PlotPoint *point = report::pointAt(m_spec->panels[p].series[s], place))
                    row = {p, s, point};
            }
        }
        m_rows.push_back(row);
    }
    addColumn(Kind::Place);
    if (std::ranges::any_of(m_rows, [this](const Row &row) { return countOf(row).has_value(); }))
        addColumn(Kind::Count);
    for (std::size_t p = 0; p < m_spec->panels.size(); ++p) {
        for (std::size_t s = 0; s < m_spec->panels[p].series.size(); ++s) {
            addColumn(Kind::Value, p, s);
            if (std::ranges::any_of(m_spec->panels[p].series[s].points, hasInterval))
                addColumn(Kind::Interval, p, s);
        }
    }
    if (any(*m_spec, hasState))
        addColumn(Kind::State);
    if (any(*m_spec, hasNote) || std::ranges::any_of(m_rows, [this](const Row &row) { return !noteOf(row).isEmpty(); }))
        addColumn(Kind::Note);
}

int PlotTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PlotTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

const PlotPanel &PlotTable::panelOf(const Row &row, const Column &column) const
{
    return m_spec->panels[isPlaces() ? column.panel : row.panel];
}

const PlotSeries &PlotTable::seriesOf(const Row &row, const Column &column) const
{
    return panelOf(row, column).series[isPlaces() ? column.series : row.series];
}

const PlotPoint *PlotTable::cell(const Row &row, const Column &column) const
{
    return isPlaces() ? report::pointAt(seriesOf(row, column), row.point->at) : row.point;
}

std::optional<std::int64_t> PlotTable::countOf(const Row &row) const
{
    const PlotPanel &panel = m_spec->panels[row.panel];
    if (!panel.isSideways())
        return isPlaces() ? std::nullopt : row.point->n; // counts of bins belong to one series
    const auto number = static_cast<std::size_t>(std::max(0.0, row.point->at));
    return number < panel.y.categories.size() ? panel.y.categories[number].n : std::nullopt;
}

std::optional<VerdictState> PlotTable::stateOf(const Row &row) const
{
    if (!isPlaces())
        return row.point->state;
    std::optional<VerdictState> worst;
    for (const PlotPanel &panel : m_spec->panels) {
        for (const PlotSeries &series : panel.series) {
            const PlotPoint *point = report::pointAt(series, row.point->at);
            if (point && point->state)
                worst = worst ? std::min(*worst, *point->state) : point->state;
        }
    }
    return worst;
}

QString PlotTable::noteOf(const Row &row) const
{
    QStringList notes;
    const auto add = [&](const QString &note) {
        if (!note.isEmpty() && !notes.contains(note))
            notes << note;
    };
    const auto addPoint = [&](const PlotPoint &point) {
        if (point.isHollow)
            add(shown(m_spec->hollowName));
        add(shown(point.label));
        add(shown(point.note));
    };
    if (!isPlaces()) {
        addPoint(*row.point);
    } else {
        const PlotPanel &panel = m_spec->panels[row.panel];
        const auto number = static_cast<std::size_t>(std::max(0.0, row.point->at));
        if (panel.isSideways() && number < panel.y.categories.size())
            add(shown(panel.y.categories[number].detail));
        for (const PlotPanel &one : m_spec->panels) {
            for (const PlotSeries &series : one.series) {
                if (const PlotPoint *point = report::pointAt(series, row.point->at))
                    addPoint(*point);
            }
        }
    }
    return notes.join(QStringLiteral("; "));
}

QString PlotTable::text(const Row &row, const Column &column) const
{
    switch (column.kind) {
    case Kind::Place: return placeText(m_spec->panels[row.panel], *row.point);
    case Kind::Series: return shown(m_spec->panels[row.panel].series[row.series].name);
    case Kind::Threshold:
        if (!row.point->threshold)
            return {};
        return std::isinf(*row.point->threshold) ? tr("above every score") : valueText({3}, *row.point->threshold);
    case Kind::Count: return countOf(row) ? countText(*countOf(row)) : QString();
    case Kind::Events: return row.point->events ? countText(*row.point->events) : QString();
    case Kind::State: return stateOf(row) ? theme::stateWord(theme::stateOf(*stateOf(row))) : QString();
    case Kind::Note: return noteOf(row);
    case Kind::Value:
    case Kind::Interval: break;
    }
    const PlotPoint *point = cell(row, column);
    if (!point)
        return {};
    const report::NumberFormat &format = panelOf(row, column).formatOf(seriesOf(row, column));
    if (column.kind == Kind::Interval)
        return intervalText(format, *point);
    return std::isnan(point->value) && !point->text.empty() ? shown(point->text) : valueText(format, point->value);
}

QVariant PlotTable::sortValue(const Row &row, const Column &column) const
{
    switch (column.kind) {
    case Kind::Place: return m_spec->panels[row.panel].isSideways() ? QVariant(text(row, column)) : QVariant(row.point->at);
    case Kind::Threshold: return row.point->threshold ? QVariant(*row.point->threshold) : QVariant();
    case Kind::Count: return countOf(row) ? QVariant(static_cast<qlonglong>(*countOf(row))) : QVariant();
    case Kind::Events: return row.point->events ? QVariant(static_cast<qlonglong>(*row.point->events)) : QVariant();
    case Kind::State: return stateOf(row) ? QVariant(static_cast<int>(*stateOf(row))) : QVariant();
    case Kind::Series:
    case Kind::Note: return text(row, column);
    case Kind::Value:
    case Kind::Interval: break;
    }
    const PlotPoint *point = cell(row, column);
    if (!point)
        return {};
    if (column.kind == Kind::Interval)
        return point->lower ? QVariant(*point->lower) : QVariant();
    return std::isnan(point->value) ? QVariant() : QVariant(point->value);
}

QVariant PlotTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    const Column &column = m_columns[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case kSortRole: return sortValue(row, column);
    case kStateRole: {
        const auto state = column.kind == Kind::State ? stateOf(row) : std::nullopt;
        return state ? QVariant(static_cast<int>(theme::stateOf(*state))) : QVariant();
    }
    case Qt::TextAlignmentRole: {
        const bool isPlaceNumber = column.kind == Kind::Place && !m_spec->panels[row.panel].isSideways();
        const bool isText = column.kind == Kind::Series || column.kind == Kind::State || column.kind == Kind::Note || (column.kind == Kind::Place && !isPlaceNumber);
        return QVariant::fromValue(Qt::Alignment((isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    }
    case Qt::AccessibleDescriptionRole: return pointSentence(*m_spec, row.panel, row.series, *row.point);
    default: return {};
    }
}

QVariant PlotTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= columnCount())
        return QAbstractTableModel::headerData(section, orientation, role);
    const Column &column = m_columns[static_cast<std::size_t>(section)];
    const PlotPanel &panel = m_spec->panels[column.panel];
    switch (column.kind) {
    case Kind::Place: return m_spec->placeTitle.empty() ? shortTitle(panel.placeAxis().title) : shown(m_spec->placeTitle);
    case Kind::Series: return tr("Series");
    case Kind::Value: return isPlaces() ? shown(panel.series[column.series].name) : shortTitle(panel.valueAxis().title);
    case Kind::Interval: {
        const QString name = isPlaces() ? shown(panel.series[column.series].intervalName) : QString();
        return name.isEmpty() ? tr("Interval") : name;
    }
    case Kind::Threshold: return tr("Threshold");
    case Kind::Count: return tr("n");
    case Kind::Events: return tr("Events");
    case Kind::State: return tr("State");
    case Kind::Note: return tr("Note");
    }
    return {};
}

} // namespace countersign::charts
