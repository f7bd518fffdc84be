#include "ui/charts/history/chartgrid.h"

#include "models/report/multiples.h"
#include "ui/charts/canvas/wording.h"
#include "ui/charts/chartview.h"
#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>

namespace countersign::charts {

namespace {

constexpr int kCellWidth = 300; // at 100 %
constexpr int kCellHeight = 210;

QLabel *plainLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText); // names of metrics are imported
    label->setWordWrap(true);
    label->setContentsMargins(14, 0, 14, 0); // as the charts' own titles
    return label;
}

} // namespace

ChartGrid::ChartGrid(QWidget *parent) : QWidget(parent), m_title(plainLabel(this)), m_subtitle(plainLabel(this)), m_grid(new QGridLayout)
{
    setBackgroundRole(QPalette::Base); // as the charts
    setAutoFillBackground(true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, theme::space::kMedium, 0, 0);
    layout->setSpacing(theme::space::kTiny);
    layout->addWidget(m_title);
    layout->addWidget(m_subtitle);
    layout->addLayout(m_grid, 1);
    m_grid->setSpacing(0);
    showHead();
}

void ChartGrid::setSpec(const report::ChartSpec &spec)
{
    m_title->setText(shown(spec.title));
    const QString yTitle = shown(spec.yTitle);
    const QString subtitle = shown(spec.subtitle);
    m_subtitle->setText(yTitle.isEmpty() || subtitle.isEmpty() ? yTitle + subtitle : yTitle + QStringLiteral(" · ") + subtitle);
    setAccessibleName(m_title->text());
    setAccessibleDescription(chartDescription(spec));
    std::vector<report::ChartSpec> parts = report::smallMultiples(spec);
    while (m_charts.size() > parts.size()) {
        delete m_charts.back();
        m_charts.pop_back();
    }
    while (m_charts.size() < parts.size()) {
        auto *chart = new ChartView(this);
        chart->setMinimumHeight(theme::scaled(kCellHeight));
        connect(chart, &ChartView::zoomChanged, this, [this, chart] { followZoom(chart); });
        connect(chart, &ChartView::cursorChanged, this, &ChartGrid::cursorChanged);
        connect(chart, &ChartView::tableRequested, this, &ChartGrid::tableRequested);
        connect(chart, &ChartView::pointActivated, this, [this, chart](std::size_t series, const report::ChartPoint &point) {
            Q_EMIT pointActivated(chart->spec().series[series].name, point);
        });
        m_charts.push_back(chart);
    }
    for (std::size_t i = 0; i < parts.size(); ++i)
        m_charts[i]->setSpec(std::move(parts[i]));
    m_columns = 0;
    place();
}

void ChartGrid::followZoom(const ChartView *leader)
{
    if (m_isFollowing)
        return;
    m_isFollowing = true;
    for (ChartView *chart : m_charts) {
        if (chart == leader)
            continue;
        chart->zoomReset();
        if (leader->zoom())
            chart->zoomTo(*leader->zoom());
    }
    m_isFollowing = false;
}

void ChartGrid::place()
{
    const int most = std::max(1, static_cast<int>(m_charts.size()));
    const int columns = std::clamp(width() / theme::scaled(kCellWidth), 1, most);
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (std::size_t i = 0; i < m_charts.size(); ++i) {
        const int number = static_cast<int>(i);
        m_grid->addWidget(m_charts[i], number / columns, number % columns);
        if (i > 0)
            setTabOrder(m_charts[i - 1], m_charts[i]);
    }
    for (int column = 0; column < most; ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
}

void ChartGrid::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    place();
}

void ChartGrid::showHead()
{
    m_title->setFont(theme::font(theme::Type::CardTitle));
    m_subtitle->setFont(theme::font(theme::Type::Secondary));
}

void ChartGrid::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        showHead();
    QWidget::changeEvent(event);
}

} // namespace countersign::charts
