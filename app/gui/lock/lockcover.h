#pragma once

#include <QPointer>
#include <QWidget>

#include <vector>

class QLineEdit;
class QPushButton;

namespace countersign::widgets {
class FormField;
class PlainLabel;
} // namespace countersign::widgets

namespace countersign::gui {

/// Lies over a whole window while nobody is there: nothing of the window can be seen, reached by keyboard or clicked,
/// its title says nothing, and passphrases that were typed into it are gone. What else was typed is there again
/// afterwards. Takes itself away with lift().
class LockCover : public QWidget
{
    Q_OBJECT
public:
    /// `name`: whose passphrase opens it; empty: nobody here has one, and it is lifted by the button.
    LockCover(QWidget &window, const QString &name);

    void showTrouble(const QString &text);
    void lift();

Q_SIGNALS:
    void passphraseGiven(const QString &passphrase); ///< empty where nobody has one
    void closeWanted();                              ///< of the workspace: for whoever cannot open it here

protected:
    void paintEvent(QPaintEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build(const QString &name);
    void hideContent();
    void submit();

    QWidget &m_window;
    QString m_title;
    std::vector<QPointer<QWidget>> m_disabled; ///< by this cover; enabled again by lift()
    QPointer<QWidget> m_focus;                 ///< had it before
    QLineEdit *m_passphrase;
    widgets::FormField *m_field;
    QPushButton *m_open;
};

} // namespace countersign::gui
