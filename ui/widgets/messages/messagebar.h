#pragma once

#include "ui/widgets/messages/message.h"

#include <QWidget>

class QHBoxLayout;
class QToolButton;

namespace countersign::widgets {

class PlainLabel;

/// One sentence above the status bar, with buttons and a cross; announced to assistive technology, never modal.
/// A new message replaces the one shown. Esc closes it while the focus is inside.
class MessageBar : public QWidget
{
    Q_OBJECT
public:
    explicit MessageBar(QWidget *parent = nullptr);

    void show(const Message &message);
    /// Without the cross it stays until what it says is no longer so; Esc and its button still clear it.
    void setHasCross(bool has);
    void clear();
    bool isShown() const { return isVisibleTo(parentWidget()); }
    QString text() const;

Q_SIGNALS:
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    Message m_message;
    PlainLabel *m_sentence;
    QHBoxLayout *m_buttons;
    QToolButton *m_close;
};

} // namespace countersign::widgets
