#include "ui/model/computed/plotnumbers.h"

#include "ui/charts/plot/plottable.h"
#include "ui/theme/type.h"

#include <QSortFilterProxyModel>

namespace countersign::pages {

using charts::PlotTable;
using widgets::CellKind;

PlotNumbers::PlotNumbers(const QString &accessibleName, QWidget *parent)
    : TableView(accessibleName, parent), m_numbers(new PlotTable(this)), m_order(new QSortFilterProxyModel(this))
{
    m_order->setSourceModel(m_numbers);
    m_order->setSortRole(PlotTable::kSortRole);
    setRowHeight(theme::height::kRowCompact);
    setModel(m_order);
    setSortingEnabled(true);
    sortByColumn(-1, Qt::AscendingOrder);
}

void PlotNumbers::setSpec(const report::PlotSpec &spec)
{
    m_numbers->setSpec(std::make_shared<const report::PlotSpec>(spec));
    using Kind = PlotTable::Kind;
    const auto &columns = m_numbers->columns();
    QList<widgets::ColumnFormat> formats;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Kind kind = columns[i].kind;
        const bool isName = kind == Kind::Place && !spec.panels.empty() && spec.panels.front().isSideways();
        const bool isText = isName || kind == Kind::Series || kind == Kind::Note;
        formats.append({.kind = kind == Kind::State ? CellKind::Verdict : isText ? CellKind::Text : CellKind::Number, .width = isText ? 150 : 104,
                        .isStrong = kind == Kind::Value || isName, .isMuted = kind == Kind::Interval || kind == Kind::Note, .stretches = i + 1 == columns.size(),
                        .most = isText ? 260 : 200, .stateRole = PlotTable::kStateRole});
    }
    setColumnFormats(formats);
}

} // namespace countersign::pages
