#pragma once

#include "ui/model/modelview.h"

#include <QAbstractButton>

namespace countersign::pages {

/// A metric at a glance: title, state, last value with its interval, its course with the limit, first and last day.
/// A click, Enter or Space opens the metric.
class MetricTileView : public QAbstractButton
{
    Q_OBJECT
public:
    explicit MetricTileView(MetricTile tile, QWidget *parent = nullptr);

    const MetricTile &tile() const { return m_tile; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void paintHead(QPainter &painter, const QRect &room) const;
    void paintCourse(QPainter &painter, const QRect &room) const;

    MetricTile m_tile;
};

} // namespace countersign::pages
