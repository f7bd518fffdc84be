#include "ui/charts/plot/heatmodel.h"

#include "ui/charts/canvas/look.h"
#include "ui/charts/canvas/strokes.h"
#include "ui/charts/canvas/wording.h"
#include "ui/theme/state.h"
#include "ui/theme/theme.h"

#include <QFontMetricsF>
#include <QPainterPath>
#include <cmath>

namespace countersign::charts {

HeatModel::HeatModel(QObject *parent) : QAbstractTableModel(parent) {}

void HeatModel::setGrid(report::HeatGrid grid)
{
    beginResetModel();
    m_grid = std::move(grid);
    endResetModel();
}

int HeatModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_grid.rows.size());
}

int HeatModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_grid.columns.size()) + 1;
}

const report::HeatCell &HeatModel::cell(const QModelIndex &index) const
{
    return m_grid.cells[static_cast<std::size_t>(index.row())][static_cast<std::size_t>(index.column()) - 1];
}

QString HeatModel::sentence(const QModelIndex &index) const
{
    const report::HeatCell &here = cell(index);
    QString text = QStringLiteral("%1, %2: %3.").arg(shown(m_grid.rows[static_cast<std::size_t>(index.row())]), shown(m_grid.columns[static_cast<std::size_t>(index.column()) - 1]),
                                                     valueText(m_grid.format, here.value));
    if (here.state && *here.state != VerdictState::NotJudged)
        text += QLatin1Char(' ') + theme::stateWord(theme::stateOf(*here.state)) + QLatin1Char('.');
    return here.note.empty() ? text : text + QLatin1Char(' ') + shown(here.note);
}

QVariant HeatModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (index.column() == 0) {
        const QString name = shown(m_grid.rows[static_cast<std::size_t>(index.row())]);
        return role == Qt::DisplayRole || role == kSortRole ? QVariant(name) : QVariant();
    }
    const report::HeatCell &here = cell(index);
    switch (role) {
    case Qt::DisplayRole: return std::isnan(here.value) ? QStringLiteral("–") : valueText(m_grid.format, here.value);
    case kSortRole: return std::isnan(here.value) ? QVariant() : QVariant(here.value);
    case kStateRole: return here.state ? QVariant(static_cast<int>(theme::stateOf(*here.state))) : QVariant();
    case Qt::AccessibleTextRole: return sentence(index);
    case Qt::TextAlignmentRole: return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    default: return {};
    }
}

QVariant HeatModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= columnCount())
        return QAbstractTableModel::headerData(section, orientation, role);
    return section == 0 ? shown(m_grid.rowTitle) : shown(m_grid.columns[static_cast<std::size_t>(section) - 1]);
}

namespace {

QPainterPath rounded(const QRectF &box)
{
    QPainterPath path;
    path.addRoundedRect(box, theme::radius::kKeyCap, theme::radius::kKeyCap);
    return path;
}

/// 45° lines this far apart, or dots where there is no data.
void paintPattern(QPainter &painter, const QRectF &box, theme::State state, const Look &look)
{
    painter.save();
    painter.setClipPath(rounded(box), Qt::IntersectClip);
    if (state == theme::State::NotEnoughData) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(look.tokens->mark(state));
        for (double x = box.left() + 6; x < box.right(); x += look.px(9)) {
            for (double y = box.top() + 5; y < box.bottom(); y += look.px(8))
                painter.drawEllipse(QPointF(x, y), 0.7, 0.7);
        }
    } else {
        QColor ink = look.tokens->heatText(state);
        ink.setAlpha(38);
        painter.setPen(QPen(ink, 1));
        const double step = look.px(state == theme::State::Fail ? 7 : 14);
        for (double x = box.left() - box.height(); x < box.right(); x += step) {
            painter.drawLine(QPointF(x, box.bottom()), QPointF(x + box.height(), box.top()));
            if (state == theme::State::Waived)
                painter.drawLine(QPointF(x, box.top()), QPointF(x + box.height(), box.bottom()));
        }
    }
    painter.restore();
}

} // namespace

void HeatDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Look look = Look::screen();
    const theme::Tokens &tokens = *look.tokens;
    const Saved saved(*painter);
    painter->fillRect(option.rect, option.state & QStyle::State_Selected ? tokens.selection : tokens.page);
    const QRectF box = QRectF(option.rect).adjusted(2, 2, -2, -2);
    const QVariant judged = index.data(HeatModel::kStateRole);
    const auto state = judged.isValid() ? static_cast<theme::State>(judged.toInt()) : theme::State::NotJudged;
    const bool hasPattern = state == theme::State::Fail || state == theme::State::Watch || state == theme::State::Waived || state == theme::State::NotEnoughData;
    const QColor fill = state == theme::State::NotJudged ? tokens.page : tokens.heat(state);
    painter->fillPath(rounded(box), fill);
    if (hasPattern)
        paintPattern(*painter, box, state, look);
    if (state == theme::State::NotJudged || state == theme::State::NotEnoughData || tokens.isHighContrast()) {
        painter->setPen(QPen(state == theme::State::NotEnoughData ? tokens.mark(state) : tokens.control, 1, state == theme::State::NotEnoughData ? Qt::DashLine : Qt::SolidLine));
        painter->drawPath(rounded(box.adjusted(0.5, 0.5, -0.5, -0.5)));
    }
    const QFont font = look.font(theme::Type::Body, QFont::DemiBold);
    const QFontMetricsF metrics(font);
    const QString text = index.data(Qt::DisplayRole).toString();
    const double glyph = look.px(12);
    const double gap = look.px(6);
    const bool hasGlyph = state != theme::State::NotJudged;
    const double width = metrics.horizontalAdvance(text) + (hasGlyph ? glyph + gap : 0);
    const double left = box.left() + std::max(look.px(4), (box.width() - width) / 2);
    if (hasPattern) // a plate of the plain fill: the pattern never crosses the text
        painter->fillPath(rounded(QRectF(left - look.px(4), box.center().y() - metrics.height() / 2 - 1, width + look.px(8), metrics.height() + 2) & box), fill);
    const QColor ink = state == theme::State::NotJudged || state == theme::State::NotEnoughData ? tokens.text : tokens.heatText(state);
    if (hasGlyph) {
        const bool isQuiet = state == theme::State::Pass || state == theme::State::NotEnoughData;
        theme::paintState(*painter, state, QRectF(left, box.center().y() - glyph / 2, glyph, glyph), isQuiet ? tokens.mark(state) : ink);
    }
    painter->setFont(font);
    painter->setPen(ink);
    painter->drawText(QPointF(left + (hasGlyph ? glyph + gap : 0), box.center().y() + metrics.capHeight() / 2), text);
    if (option.state & QStyle::State_HasFocus) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(tokens.page, 4));
        painter->drawPath(rounded(box.adjusted(3, 3, -3, -3)));
        painter->setPen(QPen(tokens.focus, tokens.focusWidth));
        painter->drawPath(rounded(box.adjusted(1, 1, -1, -1)));
    }
}

QSize HeatDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const Look look = Look::screen();
    const double text = QFontMetricsF(look.font(theme::Type::Body, QFont::DemiBold)).horizontalAdvance(index.data(Qt::DisplayRole).toString());
    return {static_cast<int>(std::ceil(text + look.px(12 + 6 + 16))), theme::scaled(kRowHeight)};
}

} // namespace countersign::charts
