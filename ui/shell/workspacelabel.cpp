#include "ui/shell/workspacelabel.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QPainter>

namespace countersign::shell {

using theme::scaled;

WorkspaceLabel::WorkspaceLabel(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    hide();
}

void WorkspaceLabel::setWorkspace(const QString &name, const QString &kind, const QColor &strip)
{
    m_name = name;
    m_kind = kind;
    m_strip = strip;
    setAccessibleName(tr("Workspace %1, %2", "name, kind").arg(name, kind));
    setVisible(!name.isEmpty());
    updateGeometry();
    update();
}

QSize WorkspaceLabel::sizeHint() const
{
    if (m_name.isEmpty())
        return QSize(0, 0);
    const int name = QFontMetrics(theme::font(theme::Type::StrongSelected)).horizontalAdvance(m_name);
    const int kind = QFontMetrics(theme::font(theme::Type::Secondary)).horizontalAdvance(m_kind);
    return QSize(scaled(16) + name + scaled(9) + kind + scaled(20), scaled(theme::height::kMenu));
}

void WorkspaceLabel::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    const auto mirrored = [this](int x, int width) {
        return QStyle::visualRect(layoutDirection(), rect(), QRect(x, 0, width, height()));
    };
    const QRect strip = mirrored(0, 4);
    theme::paintRounded(painter, QRectF(strip.x(), (height() - scaled(14)) / 2.0, 4, scaled(14)), 1.5,
                        m_strip.isValid() ? m_strip : t.strip, QColor());
    painter.setFont(theme::font(theme::Type::StrongSelected));
    painter.setPen(t.text);
    const int name = painter.fontMetrics().horizontalAdvance(m_name);
    painter.drawText(mirrored(scaled(16), name + 1), Qt::AlignVCenter | Qt::TextSingleLine, m_name);
    painter.setFont(theme::font(theme::Type::Secondary));
    painter.setPen(t.secondary);
    painter.drawText(mirrored(scaled(25) + name, painter.fontMetrics().horizontalAdvance(m_kind) + 1),
                     Qt::AlignVCenter | Qt::TextSingleLine, m_kind);
}

} // namespace countersign::shell
