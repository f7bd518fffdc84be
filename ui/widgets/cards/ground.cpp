#include "ui/widgets/cards/ground.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace countersign::widgets {

void setGround(QWidget &widget, Ground ground)
{
    widget.setAutoFillBackground(true);
    widget.setBackgroundRole(ground == Ground::Page         ? QPalette::Base
                                 : ground == Ground::Subtle ? QPalette::AlternateBase
                                                            : QPalette::Window);
}

Pane::Pane(Ground ground, Qt::Edges hairlines, QWidget *parent) : QWidget(parent), m_hairlines(hairlines)
{
    setGround(*this, ground);
    setContentsMargins(hairlines & Qt::LeftEdge ? 1 : 0, hairlines & Qt::TopEdge ? 1 : 0, hairlines & Qt::RightEdge ? 1 : 0,
                       hairlines & Qt::BottomEdge ? 1 : 0);
}

void Pane::setTint(std::optional<theme::State> state)
{
    m_tint = state;
    update();
}

void Pane::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    if (m_tint)
        painter.fillRect(rect(), theme::current().tint(*m_tint));
    const QColor colour = theme::current().hair;
    const bool isMirrored = layoutDirection() == Qt::RightToLeft;
    if (m_hairlines & Qt::TopEdge)
        painter.fillRect(0, 0, width(), 1, colour);
    if (m_hairlines & Qt::BottomEdge)
        painter.fillRect(0, height() - 1, width(), 1, colour);
    if (m_hairlines & (isMirrored ? Qt::RightEdge : Qt::LeftEdge))
        painter.fillRect(0, 0, 1, height(), colour);
    if (m_hairlines & (isMirrored ? Qt::LeftEdge : Qt::RightEdge))
        painter.fillRect(width() - 1, 0, 1, height(), colour);
}

Hairline::Hairline(QWidget *parent) : QWidget(parent)
{
    setFixedHeight(1);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Hairline::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme::current().hair);
}

} // namespace countersign::widgets
