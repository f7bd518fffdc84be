#pragma once

#include "models/base/result.h"
#include "ui/model/computed/computedsource.h"
#include "ui/widgets/frame/page.h"

#include <QWidget>

class QStackedWidget;
class QVBoxLayout;

namespace countersign::widgets {
class BusyOverlay;
class EmptyState;
class PlainLabel;
} // namespace countersign::widgets

namespace countersign::pages {

class SetBar;

/// What the tabs of computed figures have in common: the set they show, what is said while it is read or where there is none, what it lacks,
/// and the bar that says where it is from. A tab draws its own part of the set.
class ComputedTab : public QWidget
{
    Q_OBJECT
public:
    explicit ComputedTab(ComputedSource &source, QWidget *parent = nullptr);

Q_SIGNALS:
    void navigate(const countersign::widgets::Target &target);
    void recomputeRequested();
    void shown(); ///< the tab shows what was asked for

protected:
    /// Why there is nothing to draw.
    struct Absence {
        QString title;
        QString sentence;
        bool isCuredByImport = true;
    };

    void showEvent(QShowEvent *event) override;
    ComputedSource &source() const { return m_source; }
    SetBar &bar() const { return *m_bar; }
    QVBoxLayout &column() const { return *m_column; } ///< of the body, above the bar
    /// The last act of making a tab: what stands below is reached by Tab after what stands above.
    void addBar();
    /// Draws again after a choice; nothing while the set is not there.
    void redraw();

    /// Draws the source's set. False: it has nothing for this tab.
    virtual bool draw() = 0;
    virtual Absence absence() const = 0;

private:
    void connectSource();
    void show();
    void showNothing();
    void showFailure(const Error &error);
    void showLacks();
    void importLog();

    ComputedSource &m_source;
    QStackedWidget *m_stack;
    QWidget *m_body;
    QVBoxLayout *m_bodyColumn = nullptr;
    QVBoxLayout *m_column;
    widgets::PlainLabel *m_lacks;
    SetBar *m_bar;
    widgets::EmptyState *m_empty;
    widgets::BusyOverlay *m_busy;
};

} // namespace countersign::pages
