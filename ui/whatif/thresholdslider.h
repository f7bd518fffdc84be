#pragma once

#include <QSlider>

namespace countersign::pages {

/// A slider that can be seen in every scheme: a groove, filled up to the handle, and a round handle with the focus ring around it.
class ThresholdSlider : public QSlider
{
    Q_OBJECT
public:
    explicit ThresholdSlider(QWidget *parent = nullptr) : QSlider(Qt::Horizontal, parent) {}

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace countersign::pages
