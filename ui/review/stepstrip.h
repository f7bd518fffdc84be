#pragma once

#include <QWidget>

namespace countersign::pages {

/// Read, Decide, Sign: what is done has a tick, what is next is filled.
class StepStrip : public QWidget
{
    Q_OBJECT
public:
    explicit StepStrip(const QStringList &steps, QWidget *parent = nullptr);

    /// Which steps are done; the first that is not is the present one.
    void setDone(const QList<bool> &done);
    int present() const; ///< number of steps when all are done
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QStringList m_steps;
    QList<bool> m_done;
};

} // namespace countersign::pages
