#include "ui/widgets/cards/badge.h"

#include "ui/theme/icons.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QPainter>

namespace countersign::widgets {

using theme::scaled;

namespace {

// Glyph and word on the middle line of a box, mirrored with the widget.
void paintGlyphAndWord(QPainter &painter, const QWidget &widget, theme::State state, const QString &word, int glyphX, int wordX,
                       const QFont &face)
{
    const theme::Tokens &t = theme::current();
    const QRect all = widget.rect();
    const int side = scaled(13);
    const auto mirrored = [&](const QRect &part) { return QStyle::visualRect(widget.layoutDirection(), all, part); };
    theme::paintState(painter, state, mirrored(QRect(glyphX, (all.height() - side) / 2, side, side)), t);
    painter.setFont(face);
    painter.setPen(t.text);
    painter.drawText(mirrored(QRect(wordX, 0, all.width() - wordX, all.height())),
                     int(QStyle::visualAlignment(widget.layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter)) | Qt::TextSingleLine, word);
}

} // namespace

VerdictBadge::VerdictBadge(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void VerdictBadge::setVerdict(theme::State state, const QString &sentence)
{
    m_state = state;
    m_sentence = sentence;
    setAccessibleName(tr("%1: %2", "verdict badge: state and sentence").arg(theme::stateWord(state), sentence));
    updateGeometry();
    update();
}

QSize VerdictBadge::sizeHint() const
{
    const QFontMetrics metrics(theme::font(theme::Type::Strong));
    return QSize(scaled(30) + metrics.horizontalAdvance(m_sentence) + scaled(13),
                 qMax(scaled(theme::height::kBadge), metrics.height() + scaled(8)));
}

void VerdictBadge::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    theme::paintRounded(painter, rect(), theme::radius::kControl, t.tint(m_state), t.stateEdge(m_state));
    paintGlyphAndWord(painter, *this, m_state, m_sentence, scaled(10), scaled(30), theme::font(theme::Type::Strong));
}

StateLabel::StateLabel(theme::State state, const QString &word, QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setState(state, word);
}

void StateLabel::setState(theme::State state, const QString &word)
{
    m_state = state;
    m_word = word.isEmpty() ? theme::stateWord(state) : word;
    setAccessibleName(m_word);
    updateGeometry();
    update();
}

QSize StateLabel::sizeHint() const
{
    const QFontMetrics metrics(theme::font(theme::Type::Body));
    return QSize(scaled(20) + metrics.horizontalAdvance(m_word) + 1, qMax(scaled(20), metrics.height() + 2));
}

void StateLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintGlyphAndWord(painter, *this, m_state, m_word, 0, scaled(20), theme::font(theme::Type::Body));
}

IconLabel::IconLabel(const QString &icon, int size, QWidget *parent) : QWidget(parent), m_icon(icon), m_size(size)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void IconLabel::setIcon(const QString &icon)
{
    m_icon = icon;
    update();
}

QSize IconLabel::sizeHint() const
{
    return QSize(scaled(m_size), scaled(m_size));
}

void IconLabel::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    theme::paintIcon(painter, m_icon, QRect(QPoint(0, 0), sizeHint()), isEnabled() ? t.secondary : t.disabled);
}

} // namespace countersign::widgets
