#include "ui/review/stepstrip.h"

#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QPainter>
#include <QStyle>

namespace countersign::pages {

using theme::scaled;

namespace {
constexpr int kDisc = 20;
constexpr int kTextGap = 8;
constexpr int kArrow = 36; ///< between two steps, with the arrow in its middle
} // namespace

StepStrip::StepStrip(const QStringList &steps, QWidget *parent) : QWidget(parent), m_steps(steps), m_done(steps.size(), false)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setDone(m_done);
}

void StepStrip::setDone(const QList<bool> &done)
{
    m_done = done;
    const int step = present();
    setAccessibleName(step == m_steps.size() ? tr("All steps are done") : tr("Step %1 of %2: %3").arg(step + 1).arg(m_steps.size()).arg(m_steps[step]));
    update();
}

int StepStrip::present() const
{
    const auto first = m_done.indexOf(false);
    return int(first < 0 ? m_steps.size() : first);
}

QSize StepStrip::sizeHint() const
{
    const QFontMetrics metrics(theme::font(theme::Type::StrongSelected));
    int width = scaled(kArrow) * int(m_steps.size() - 1);
    for (const QString &step : m_steps)
        width += scaled(kDisc + kTextGap) + metrics.horizontalAdvance(step) + 1;
    return {width, scaled(28)};
}

void StepStrip::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QFontMetrics metrics(theme::font(theme::Type::StrongSelected));
    const int disc = scaled(kDisc);
    const auto placed = [this](const QRect &box) { return QStyle::visualRect(layoutDirection(), rect(), box); };
    int x = 0;
    for (int i = 0; i < m_steps.size(); ++i) {
        const bool isPresent = i == present();
        const QRect circle = placed(QRect(x, (height() - disc) / 2, disc, disc));
        theme::paintRounded(painter, circle, disc / 2.0, isPresent ? t.accent : t.page, isPresent ? QColor() : t.control);
        if (m_done[i]) {
            const int inset = scaled(4);
            theme::paintTick(painter, QRectF(circle).adjusted(inset, inset, -inset, -inset), isPresent ? t.onAccent : t.text);
        } else {
            painter.setFont(theme::font(theme::Type::StrongSelected));
            painter.setPen(isPresent ? t.onAccent : t.secondary);
            painter.drawText(circle, Qt::AlignCenter, locale().toString(i + 1));
        }
        x += disc + scaled(kTextGap);
        const int width = metrics.horizontalAdvance(m_steps[i]) + 1;
        painter.setFont(theme::font(isPresent ? theme::Type::StrongSelected : theme::Type::Body));
        painter.setPen(isPresent ? t.text : t.secondary);
        painter.drawText(placed(QRect(x, 0, width, height())), Qt::AlignVCenter, m_steps[i]);
        x += width;
        if (i + 1 < m_steps.size()) {
            const QString arrow = layoutDirection() == Qt::RightToLeft ? QStringLiteral("back") : QStringLiteral("forward");
            theme::paintIcon(painter, arrow, placed(QRect(x + (scaled(kArrow) - 14) / 2, (height() - 14) / 2, 14, 14)), t.tertiary);
            x += scaled(kArrow);
        }
    }
}

} // namespace countersign::pages
