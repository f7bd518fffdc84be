#include "ui/charts/plot/namecolumn.h"

#include "ui/charts/canvas/wording.h"
#include "ui/charts/plot/plotwording.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace countersign::charts {

namespace {

double heightOf(const QFontMetricsF &metrics, const QString &text, double width)
{
    return text.isEmpty() ? 0 : metrics.boundingRect(QRectF(0, 0, width, 1e6), Qt::TextWordWrap | Qt::TextWrapAnywhere, text).height();
}

} // namespace

NameColumn::NameColumn(const report::PlotPanel &panel, const Look &look, double most, bool isCompact) : m_isCompact(isCompact)
{
    const auto &categories = panel.y.categories;
    const QFontMetricsF plain(look.font(theme::Type::Body));
    const QFontMetricsF strong(look.font(theme::Type::Body, QFont::DemiBold));
    const QFontMetricsF small(look.font(theme::Type::Axis));
    double widest = look.px(40);
    for (std::size_t i = 0; i < panel.y.drawn(); ++i) {
        RowName row{shown(categories[i].name), categoryDetail(categories[i]), false, categories[i].isStrong, {}};
        const double name = (row.isStrong ? strong : plain).horizontalAdvance(row.name);
        const double detail = small.horizontalAdvance(row.detail);
        widest = std::max(widest, isCompact ? name + look.px(8) + detail : std::max(name, detail));
        m_rows.push_back(std::move(row));
    }
    m_width = std::min(std::ceil(widest) + look.px(2), most);
    for (RowName &row : m_rows) {
        const QFontMetricsF &metrics = row.isStrong ? strong : plain;
        const double name = heightOf(metrics, row.name, m_width);
        const double both = name + heightOf(small, row.detail, m_width);
        m_natural.push_back(std::max(look.px(row.detail.isEmpty() ? 26 : 36), both + look.px(4)));
        row.isInline = isCompact && metrics.horizontalAdvance(row.name) + look.px(8) + small.horizontalAdvance(row.detail) <= m_width + 0.5;
        // Not compact yet: the column will be made wide enough for all but names that are very long.
        m_compact.push_back(std::max(look.px(20), (row.isInline || !isCompact ? name : both) + look.px(2)));
    }
}

double NameColumn::height(bool isCompact) const
{
    const auto &heights = isCompact ? m_compact : m_natural;
    return std::accumulate(heights.begin(), heights.end(), 0.0);
}

std::vector<double> NameColumn::place(double top, double bottom, const Look &look)
{
    const double room = bottom - top;
    m_isSqueezed = !m_isCompact && height(false) > room + 0.5;
    const std::vector<double> &heights = m_isCompact ? m_compact : m_natural;
    const double needed = height(m_isCompact);
    // Rows grow a little with the chart, and are squeezed where even the compact ones do not fit.
    const double factor = needed > 0 ? std::min(room / needed, m_isCompact ? 1.8 : 1.25) : 1;
    std::vector<double> edges{top};
    for (std::size_t i = 0; i < heights.size(); ++i) {
        edges.push_back(edges.back() + heights[i] * factor);
        m_rows[i].box = QRectF(0, edges[i], m_width, edges[i + 1] - edges[i]);
    }
    if (edges.size() == 1)
        edges.push_back(top + look.px(40));
    return edges;
}

} // namespace countersign::charts
