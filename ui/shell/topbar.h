#pragma once

#include "ui/widgets/cards/ground.h"
#include "ui/widgets/frame/page.h"

class QHBoxLayout;
class QToolButton;

namespace countersign::shell {

/// Back, forward, where we are; at the right whatever the program adds.
class TopBar : public widgets::Pane
{
    Q_OBJECT
public:
    explicit TopBar(QWidget *parent = nullptr);

    void setCrumbs(const QList<widgets::Crumb> &crumbs);
    bool isCrumb(QWidget *widget) const; ///< null: no
    void setCanGo(bool canGoBack, bool canGoForward);
    void addTrailing(QWidget *widget); ///< takes ownership

Q_SIGNALS:
    void back();
    void forward();
    void navigate(const countersign::widgets::Target &target);

private:
    QToolButton *m_back;
    QToolButton *m_forward;
    QHBoxLayout *m_crumbs;
    QHBoxLayout *m_trailing;
};

} // namespace countersign::shell
