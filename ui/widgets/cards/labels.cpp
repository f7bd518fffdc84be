#include "ui/widgets/cards/labels.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QPainter>

namespace countersign::widgets {

QColor inkColour(Ink ink, const theme::Tokens &t)
{
    switch (ink) {
    case Ink::Text: return t.text;
    case Ink::Secondary: return t.secondary;
    case Ink::Tertiary: return t.tertiary;
    case Ink::Link: return t.link;
    }
    return t.text;
}

QString literalToolTip(const QString &text)
{
    constexpr int kOneLine = 60; // characters
    if (text.size() <= kOneLine && !Qt::mightBeRichText(text))
        return text;
    return QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")));
}

PlainLabel::PlainLabel(const QString &text, theme::Type type, Ink ink, QWidget *parent) : QLabel(parent), m_type(type), m_ink(ink)
{
    setTextFormat(Qt::PlainText);
    setTextInteractionFlags(Qt::NoTextInteraction);
    setForegroundRole(QPalette::WindowText); // else it would depend on the ground the label happens to stand on
    setText(text);
    applyRole();
}

void PlainLabel::setType(theme::Type type)
{
    m_type = type;
    applyRole();
}

void PlainLabel::setInk(Ink ink)
{
    m_ink = ink;
    applyRole();
}

void PlainLabel::setElide(Qt::TextElideMode mode)
{
    m_elide = mode;
    updateGeometry();
}

void PlainLabel::setSelectable(bool isSelectable)
{
    setTextInteractionFlags(isSelectable ? Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard : Qt::NoTextInteraction);
    if (isSelectable && accessibleName().isEmpty())
        setAccessibleDescription(tr("Text that can be copied"));
}

void PlainLabel::setProse(bool isProse)
{
    setWordWrap(isProse);
    setMaximumWidth(isProse ? fontMetrics().averageCharWidth() * 84 : QWIDGETSIZE_MAX); // 75 characters of real text
}

QSize PlainLabel::minimumSizeHint() const
{
    const QSize hint = QLabel::minimumSizeHint();
    return m_elide == Qt::ElideNone ? hint : QSize(qMin(hint.width(), fontMetrics().averageCharWidth() * 6), hint.height());
}

void PlainLabel::applyRole()
{
    setFont(theme::font(m_type));
    QPalette mine = palette();
    const QColor colour = inkColour(m_ink, theme::current());
    if (mine.color(QPalette::WindowText) == colour && mine.color(QPalette::Disabled, QPalette::WindowText) == theme::current().disabled)
        return; // setting a palette announces a change of palette again
    mine.setColor(QPalette::WindowText, colour);
    mine.setColor(QPalette::Disabled, QPalette::WindowText, theme::current().disabled);
    setPalette(mine);
}

bool PlainLabel::event(QEvent *event)
{
    if (event->type() == QEvent::Polish) // a label that was never shown heard nothing of a change of theme
        applyRole();
    return QLabel::event(event);
}

void PlainLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationFontChange
        || event->type() == QEvent::ApplicationPaletteChange)
        applyRole();
}

void PlainLabel::paintEvent(QPaintEvent *event)
{
    const QString whole = text();
    if (m_elide == Qt::ElideNone || fontMetrics().horizontalAdvance(whole) <= contentsRect().width()) {
        if (m_elide != Qt::ElideNone && toolTip() == literalToolTip(whole))
            setToolTip({});
        return QLabel::paintEvent(event);
    }
    if (toolTip() != literalToolTip(whole)) {
        setToolTip(literalToolTip(whole));
        setAccessibleDescription(accessibleDescription()); // the tool tip is for eyes; a screen reader has the whole text
    }
    QPainter painter(this);
    painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::WindowText));
    painter.drawText(contentsRect(), int(QStyle::visualAlignment(layoutDirection(), alignment())) | Qt::TextSingleLine,
                     fontMetrics().elidedText(whole, m_elide, contentsRect().width()));
}

SectionHeading::SectionHeading(const QString &text, QWidget *parent) : PlainLabel(text, theme::Type::CardTitle, Ink::Text, parent) {}

KeyCap::KeyCap(const QString &text, QWidget *parent) : QWidget(parent), m_text(text)
{
    setAccessibleName(tr("Key %1").arg(text));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize KeyCap::sizeHint() const
{
    const QFontMetrics metrics(theme::font(theme::Type::Small));
    return QSize(metrics.horizontalAdvance(m_text) + theme::scaled(16), theme::scaled(theme::height::kKeyCap));
}

QRect KeyCap::paint(QPainter &painter, const QRect &box, const QString &text)
{
    const theme::Tokens &t = theme::current();
    const QFont face = theme::font(theme::Type::Small);
    const int width = QFontMetrics(face).horizontalAdvance(text) + theme::scaled(16);
    const int height = theme::scaled(theme::height::kKeyCap);
    const QRect cap(box.right() + 1 - width, box.y() + (box.height() - height) / 2, width, height);
    painter.save();
    theme::paintRounded(painter, cap, theme::radius::kKeyCap, t.sunken, t.isDark() || t.isHighContrast() ? t.control : t.hair);
    painter.setFont(face);
    painter.setPen(t.secondary);
    painter.drawText(cap, Qt::AlignCenter | Qt::TextSingleLine, text);
    painter.restore();
    return cap;
}

void KeyCap::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paint(painter, rect(), m_text);
}

} // namespace countersign::widgets
