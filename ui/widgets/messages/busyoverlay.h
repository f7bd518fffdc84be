#pragma once

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QProgressBar;
class QPushButton;

namespace countersign::widgets {

class PlainLabel;

/// Says over a page that it is being read. Appears only when the work takes longer than 0.2 s; shows amount when known and
/// Cancel when the work can be cancelled. What lies below stays readable. Whoever went to Cancel by keyboard is back where they came from
/// once the work is over.
class BusyOverlay : public QWidget
{
    Q_OBJECT
public:
    explicit BusyOverlay(QWidget *over);

    void start(const QString &what, bool canCancel = false);
    void setProgress(int percent); ///< −1: unknown
    void stop();
    bool isBusy() const { return m_isBusy; }

Q_SIGNALS:
    void cancelRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();
    void giveFocusBack();

    QTimer m_delay;
    PlainLabel *m_text;
    QProgressBar *m_bar;
    QPushButton *m_cancel;
    QPointer<QWidget> m_cameFrom; ///< had the focus before Cancel
    bool m_isBusy = false;
};

} // namespace countersign::widgets
