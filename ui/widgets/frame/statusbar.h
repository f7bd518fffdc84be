#pragma once

#include <QHash>
#include <QWidget>
#include <functional>

class QHBoxLayout;
class QProgressBar;
class QPushButton;

namespace countersign::widgets {

class PlainLabel;
class IconLabel;

/// The line at the foot of the window: connection, person and ledger at the left; the running job and the lock at the right.
/// A part without text is not shown.
class StatusBar : public QWidget
{
    Q_OBJECT
public:
    explicit StatusBar(QWidget *parent = nullptr);

    /// "Live, TLS", "Local file"; `details` are sentences for who wants to know more.
    void setConnectionText(const QString &text, bool isLive = true, const QString &details = {});
    void setPerson(const QString &text);                             ///< "A. Reader · Validator"
    void setLedgerState(const QString &text);                        ///< "Ledger 12,408 · verified 09:14"
    void setLockText(const QString &text);                           ///< "Locks in 9 min"

    /// Adds a job or changes one. `percent` −1: amount unknown. `cancel` empty: cannot be cancelled.
    /// The job changed last is shown, with the number of the others.
    void setJob(const QString &id, const QString &text, int percent = -1, std::function<void()> cancel = {});
    void removeJob(const QString &id);
    int jobCount() const { return int(m_jobs.size()); }

Q_SIGNALS:
    void personClicked();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Part {
        QWidget *host = nullptr;
        IconLabel *icon = nullptr;
        PlainLabel *text = nullptr;
    };
    struct Job {
        QString text;
        int percent = -1;
        std::function<void()> cancel;
    };
    Part addPart(const QString &icon, QHBoxLayout &row);
    void setPart(const Part &part, const QString &text);
    void showJob();

    Part m_connection;
    Part m_person;           ///< its words are a button
    QPushButton *m_personButton;
    Part m_ledger;
    Part m_lock;
    PlainLabel *m_jobText;
    QProgressBar *m_jobBar;
    QPushButton *m_jobCancel;
    QHash<QString, Job> m_jobs;
    QStringList m_order; ///< oldest change first
};

} // namespace countersign::widgets
