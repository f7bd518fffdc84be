#pragma once

#include <QList>
#include <QString>
#include <QVariant>

class QWidget;

/// Questions to the person, through one seam: tests and pictures answer by dialogs::Scripted, nobody waits for a click.
namespace countersign::widgets::dialogs {

/// "Remove import I-41?" — the consequence with its count — the act by name. Never "OK", "Yes" or "No".
struct Question {
    QString title;       ///< the question in words
    QString consequence; ///< what will be different, with counts
    QString act;         ///< text of the button that does it
    bool isDestructive = false;
};

/// The path chosen, or empty. `filter` is Qt's: "Metrics (*.csv *.jsonl)". `key` remembers the folder.
QString openFile(QWidget *parent, const QString &title, const QString &filter, const QString &key = {});
QString openFolder(QWidget *parent, const QString &title, const QString &key = {});
QString saveFile(QWidget *parent, const QString &title, const QString &suggestion, const QString &filter, const QString &key = {});
bool confirm(QWidget *parent, const Question &question);
/// One line of text; empty when cancelled.
QString askText(QWidget *parent, const QString &title, const QString &label, const QString &suggestion = {});
/// A passphrase; null string (isNull) when cancelled. Not kept anywhere.
QString askPassphrase(QWidget *parent, const QString &title, const QString &explanation);

/// While it lives, answers come from here, in order: a path or text (QString) or a bool for confirm. Asked more often than
/// answered, it cancels. `asked` holds the titles, for the test to compare.
class Scripted
{
public:
    explicit Scripted(QList<QVariant> answers);
    ~Scripted();
    Scripted(const Scripted &) = delete;
    Scripted &operator=(const Scripted &) = delete;

    QStringList asked;
    QVariant next(const QString &title);

private:
    QList<QVariant> m_answers;
    Scripted *m_outer;
};

} // namespace countersign::widgets::dialogs
