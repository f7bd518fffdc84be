#include "ui/widgets/messages/dialogs.h"

#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/frame/dialogframe.h"
#include "ui/widgets/messages/inputpause.h"

#include <QDialog>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSettings>

namespace countersign::widgets::dialogs {

namespace {

Scripted *g_script = nullptr; // set by a test on the GUI thread for as long as its Scripted lives

QString translated(const char *text)
{
    return QCoreApplication::translate("dialogs", text);
}

QString rememberedFolder(const QString &key)
{
    return key.isEmpty() ? QString() : QSettings().value(QStringLiteral("folders/") + key).toString();
}

QString remember(const QString &key, const QString &path)
{
    if (!key.isEmpty() && !path.isEmpty())
        QSettings().setValue(QStringLiteral("folders/") + key, QFileInfo(path).absolutePath());
    return path;
}

/// Title, explanation, an optional field, buttons at the lower right with the act rightmost.
class PlainDialog : public QDialog
{
public:
    PlainDialog(QWidget *parent, const QString &title, const QString &explanation) : QDialog(parent)
    {
        setWindowTitle(title);
        m_column = dialogColumn(*this);
        m_column->setSpacing(theme::scaled(theme::space::kSmall));
        if (!explanation.isEmpty()) {
            auto *text = new PlainLabel(explanation, theme::Type::Body, Ink::Secondary);
            text->setWordWrap(true);
            m_column->addWidget(text);
        }
        setMinimumWidth(theme::scaled(420));
        new InputPause(*this);
    }

    void addField(QWidget *field) { m_column->addWidget(field); }

    void addButtons(QPushButton *act, bool isDefault)
    {
        m_column->addSpacing(theme::scaled(12));
        QPushButton *cancel = addDialogButtons(*m_column, *this, act);
        connect(act, &QPushButton::clicked, this, &QDialog::accept);
        if (isDefault)
            return;
        cancel->setDefault(true);
        cancel->setFocus();
    }

private:
    QVBoxLayout *m_column;
};

QString askLine(QWidget *parent, const QString &title, const QString &explanation, const QString &label, const QString &suggestion,
                QLineEdit::EchoMode echo)
{
    PlainDialog dialog(parent, title, explanation);
    auto *line = new QLineEdit(suggestion);
    line->setEchoMode(echo);
    line->selectAll();
    dialog.addField(new FormField(label, line));
    QPushButton *act = primaryButton(translated(QT_TRANSLATE_NOOP("dialogs", "Continue")));
    dialog.addButtons(act, true);
    const auto follow = [act, line] { act->setEnabled(!line->text().isEmpty()); };
    QObject::connect(line, &QLineEdit::textChanged, act, follow);
    follow();
    line->setFocus();
    const bool isDone = dialog.exec() == QDialog::Accepted;
    const QString text = line->text();
    return isDone ? text : QString();
}

} // namespace

Scripted::Scripted(QList<QVariant> answers) : m_answers(std::move(answers)), m_outer(g_script)
{
    g_script = this;
}

Scripted::~Scripted()
{
    g_script = m_outer;
}

QVariant Scripted::next(const QString &title)
{
    asked.append(title);
    return m_answers.isEmpty() ? QVariant() : m_answers.takeFirst();
}

QString openFile(QWidget *parent, const QString &title, const QString &filter, const QString &key)
{
    if (g_script)
        return g_script->next(title).toString();
    return remember(key, QFileDialog::getOpenFileName(parent, title, rememberedFolder(key), filter));
}

QString openFolder(QWidget *parent, const QString &title, const QString &key)
{
    if (g_script)
        return g_script->next(title).toString();
    return remember(key, QFileDialog::getExistingDirectory(parent, title, rememberedFolder(key)));
}

QString saveFile(QWidget *parent, const QString &title, const QString &suggestion, const QString &filter, const QString &key)
{
    if (g_script)
        return g_script->next(title).toString();
    const QString folder = rememberedFolder(key);
    const QString start = folder.isEmpty() ? suggestion : folder + QLatin1Char('/') + suggestion;
    return remember(key, QFileDialog::getSaveFileName(parent, title, start, filter));
}

bool confirm(QWidget *parent, const Question &question)
{
    if (g_script)
        return g_script->next(question.title).toBool();
    PlainDialog dialog(parent, question.title, question.consequence);
    // A destructive act is never what Enter does.
    dialog.addButtons(question.isDestructive ? dangerButton(question.act) : primaryButton(question.act), !question.isDestructive);
    return dialog.exec() == QDialog::Accepted;
}

QString askText(QWidget *parent, const QString &title, const QString &label, const QString &suggestion)
{
    if (g_script)
        return g_script->next(title).toString();
    return askLine(parent, title, {}, label, suggestion, QLineEdit::Normal);
}

QString askPassphrase(QWidget *parent, const QString &title, const QString &explanation)
{
    if (g_script)
        return g_script->next(title).toString();
    return askLine(parent, title, explanation, translated(QT_TRANSLATE_NOOP("dialogs", "Passphrase")), {}, QLineEdit::Password);
}

} // namespace countersign::widgets::dialogs
