#pragma once

#include <QWidget>

namespace countersign::gui {

/// Says in the top bar that what is seen is fictional.
class SampleMark : public QWidget
{
    Q_OBJECT
public:
    explicit SampleMark(QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text;
};

} // namespace countersign::gui
