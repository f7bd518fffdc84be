#pragma once

#include <QPushButton>
#include <QToolButton>

/// Buttons by kind. Texts are action names in Title Case ("Register Model"); a page has at most one primary button.
/// `icon` is a name from resources/icons or empty.
namespace countersign::widgets {

QPushButton *primaryButton(const QString &text, const QString &icon = {}, QWidget *parent = nullptr);
QPushButton *secondaryButton(const QString &text, const QString &icon = {}, QWidget *parent = nullptr);
QPushButton *quietButton(const QString &text, const QString &icon = {}, QWidget *parent = nullptr);
QPushButton *linkButton(const QString &text, QWidget *parent = nullptr);
QPushButton *dangerButton(const QString &text, const QString &icon = {}, QWidget *parent = nullptr);
/// An icon without text: `name` is its accessible name and tool tip. Never for a primary act.
QToolButton *iconButton(const QString &icon, const QString &name, QWidget *parent = nullptr);

} // namespace countersign::widgets
