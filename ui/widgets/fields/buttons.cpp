#include "ui/widgets/fields/buttons.h"

#include "ui/theme/csstyle.h"
#include "ui/theme/icons.h"

#include <QKeyEvent>

namespace countersign::widgets {

namespace {

/// Enter presses the button that has the focus, and nothing else: Qt's own pushes a dialog's default button in its stead,
/// and outside dialogs none at all.
class Button : public QPushButton
{
public:
    using QPushButton::QPushButton;

protected:
    void keyPressEvent(QKeyEvent *event) override
    {
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
            click();
        else
            QPushButton::keyPressEvent(event);
    }
};

QPushButton *make(const QString &text, const QString &icon, theme::ButtonKind kind, QWidget *parent)
{
    auto *button = new Button(text, parent);
    if (!icon.isEmpty())
        button->setIcon(theme::icon(icon));
    button->setAutoDefault(false);
    button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    theme::setButtonKind(*button, kind);
    return button;
}

} // namespace

QPushButton *primaryButton(const QString &text, const QString &icon, QWidget *parent)
{
    return make(text, icon, theme::ButtonKind::Primary, parent);
}

QPushButton *secondaryButton(const QString &text, const QString &icon, QWidget *parent)
{
    return make(text, icon, theme::ButtonKind::Secondary, parent);
}

QPushButton *quietButton(const QString &text, const QString &icon, QWidget *parent)
{
    return make(text, icon, theme::ButtonKind::Quiet, parent);
}

QPushButton *linkButton(const QString &text, QWidget *parent)
{
    QPushButton *button = make(text, {}, theme::ButtonKind::Link, parent);
    button->setCursor(Qt::PointingHandCursor);
    return button;
}

QPushButton *dangerButton(const QString &text, const QString &icon, QWidget *parent)
{
    return make(text, icon, theme::ButtonKind::Danger, parent);
}

QToolButton *iconButton(const QString &icon, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(theme::icon(icon));
    button->setIconSize(QSize(16, 16));
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace countersign::widgets
