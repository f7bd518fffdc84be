#include "app/gui/samplemark.h"

#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QPainter>

namespace countersign::gui {

using theme::scaled;

SampleMark::SampleMark(QWidget *parent) : QWidget(parent), m_text(tr("Sample: fictional models and people"))
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(m_text);
}

QSize SampleMark::sizeHint() const
{
    const int words = QFontMetrics(theme::font(theme::Type::Strong)).horizontalAdvance(m_text);
    return QSize(scaled(34) + words + scaled(12), scaled(theme::height::kBadge));
}

void SampleMark::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    theme::paintRounded(painter, rect(), theme::radius::kControl, t.tint(theme::State::Watch), t.stateEdge(theme::State::Watch));
    const auto mirrored = [this](int x, int y, int w, int h) { return QStyle::visualRect(layoutDirection(), rect(), QRect(x, y, w, h)); };
    const int side = scaled(14);
    theme::paintIcon(painter, QStringLiteral("sample"), mirrored(scaled(11), (height() - side) / 2, side, side), t.text);
    painter.setFont(theme::font(theme::Type::Strong));
    painter.setPen(t.text);
    painter.drawText(mirrored(scaled(34), 0, width() - scaled(34), height()), Qt::AlignVCenter | Qt::TextSingleLine, m_text);
}

} // namespace countersign::gui
