#pragma once

#include "ui/theme/state.h"

#include <QWidget>

#include <optional>

namespace countersign::widgets {

/// What a container stands on. Set through palette roles, so a change of theme needs nothing.
enum class Ground { Window, Page, Subtle };
void setGround(QWidget &widget, Ground ground);

/// A container with hairlines on some of its edges: filter bars, inspectors, detail panes.
class Pane : public QWidget
{
    Q_OBJECT
public:
    explicit Pane(Ground ground, Qt::Edges hairlines = {}, QWidget *parent = nullptr);

    /// The ground in the tint of a state; nothing: as it is.
    void setTint(std::optional<theme::State> state);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Qt::Edges m_hairlines;
    std::optional<theme::State> m_tint;
};

/// A horizontal line of 1 px across its parent.
class Hairline : public QWidget
{
    Q_OBJECT
public:
    explicit Hairline(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace countersign::widgets
