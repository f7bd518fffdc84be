#include "ui/whatif/plotpane.h"

#include "ui/charts/plot/plottable.h"
#include "ui/charts/plotview.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStackedWidget>

namespace countersign::pages {

using charts::PlotTable;
using theme::scaled;

namespace {
const QString kChart = QStringLiteral("chart");
const QString kTable = QStringLiteral("table");
} // namespace

PlotPane::PlotPane(const QString &name, const QString &key, QWidget *parent)
    : QWidget(parent)
    , m_plot(new charts::PlotView)
    , m_numbers(new PlotTable(this))
    , m_order(new QSortFilterProxyModel(this))
    , m_table(new widgets::TableView(tr("%1, as a table").arg(name)))
    , m_as(new widgets::SegmentedButton(tr("Show %1 as").arg(name)))
    , m_title(new widgets::PlainLabel(name, theme::Type::CardTitle))
    , m_stack(new QStackedWidget)
{
    m_as->addChoice(kChart, tr("Chart"));
    m_as->addChoice(kTable, tr("Table"));
    m_order->setSourceModel(m_numbers);
    m_order->setSortRole(PlotTable::kSortRole);
    m_table->setModel(m_order);
    m_table->setSettingsKey(key);
    m_table->setRowHeight(theme::height::kRowCompact);
    m_stack->addWidget(m_plot);
    m_stack->addWidget(m_table);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(scaled(14), scaled(6), scaled(8), 0);
    m_title->setElide(Qt::ElideRight);
    head->addWidget(m_title, 1);
    head->addWidget(m_as);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, scaled(6)); // the rounded edge stays
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_stack, 1);
    connect(m_as, &widgets::SegmentedButton::chosen, this, &PlotPane::show);
    connect(m_plot, &charts::PlotView::tableRequested, this, [this] {
        m_as->setCurrent(kTable);
        show(kTable);
        m_table->setFocus(Qt::ShortcutFocusReason);
    });
    connect(m_plot, &charts::PlotView::thresholdMoved, this, &PlotPane::thresholdMoved);
    connect(m_plot, &charts::PlotView::thresholdChosen, this, &PlotPane::thresholdChosen);
}

void PlotPane::setSpec(report::PlotSpec spec)
{
    m_title->setText(QString::fromStdString(spec.title));
    const QString how = QString::fromStdString(spec.subtitle);
    m_title->setToolTip(widgets::literalToolTip(how));
    spec.title.clear();
    spec.subtitle.clear(); // a small chart needs its room for lines
    m_plot->setSpec(std::move(spec));
    m_plot->setAccessibleName(how.isEmpty() ? m_title->text() : QStringLiteral("%1: %2").arg(m_title->text(), how));
    fillTable();
}

void PlotPane::setThreshold(double threshold)
{
    m_plot->setThreshold(threshold);
}

void PlotPane::show(const QString &what)
{
    m_stack->setCurrentWidget(what == kTable ? static_cast<QWidget *>(m_table) : m_plot);
    fillTable();
}

// Only while somebody looks: a slider moves more often than tables are read.
void PlotPane::fillTable()
{
    if (m_stack->currentWidget() == m_table)
        m_numbers->setSpec(std::make_shared<const report::PlotSpec>(m_plot->spec()));
}

void PlotPane::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(t.hair);
    painter.setBrush(t.page);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme::radius::kCard, theme::radius::kCard);
}

} // namespace countersign::pages
