#pragma once

#include "ui/theme/type.h"

#include <QLabel>

namespace countersign::theme {
struct Tokens;
}

namespace countersign::widgets {

/// Colour of a text by role.
enum class Ink { Text, Secondary, Tertiary, Link };
QColor inkColour(Ink ink, const theme::Tokens &tokens);

/// For setToolTip() and QToolTip: a text from outside is shown as it is, also where Qt would take it for HTML; long lines wrap.
QString literalToolTip(const QString &text);

/// The only label of the program: text is plain text whatever it contains, in a font and colour by role that follow the theme.
class PlainLabel : public QLabel
{
    Q_OBJECT
public:
    explicit PlainLabel(const QString &text = {}, theme::Type type = theme::Type::Body, Ink ink = Ink::Text, QWidget *parent = nullptr);

    void setType(theme::Type type);
    void setInk(Ink ink);
    /// One line, cut in the middle or at the end where it does not fit; the tool tip then shows all.
    void setElide(Qt::TextElideMode mode);
    /// Can be marked and copied with mouse and keyboard.
    void setSelectable(bool isSelectable);
    /// Breaks lines, at most about 75 characters each.
    void setProse(bool isProse);

    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void applyRole();

    theme::Type m_type;
    Ink m_ink;
    Qt::TextElideMode m_elide = Qt::ElideNone;
};

/// "Recent workspaces": a card title standing free, announced as heading.
class SectionHeading : public PlainLabel
{
    Q_OBJECT
public:
    explicit SectionHeading(const QString &text, QWidget *parent = nullptr);
};

/// A key as on a keyboard: "Ctrl+K".
class KeyCap : public QWidget
{
    Q_OBJECT
public:
    explicit KeyCap(const QString &text, QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }
    /// The same for a delegate or a bigger widget: right-aligned in `box`. Returns the rectangle of the cap.
    static QRect paint(QPainter &painter, const QRect &box, const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
};

} // namespace countersign::widgets
