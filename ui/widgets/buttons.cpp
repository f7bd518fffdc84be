#include "ui/widgets/buttons.h"

#include "ui/theme/csstyle.h"
#include "ui/theme/icons.h"

namespace countersign::widgets {

namespace {

QPushButton *make(const QString &text, const QString &icon, theme::ButtonKind kind, QWidget *parent)
{
    auto *button = new QPushButton(text, parent);
    if (!icon.isEmpty())
        button->setIcon(theme::icon(icon));
    button->setAutoDefault(false); // Enter presses what has the focus, nothing else
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
