#pragma once

#include "ui/widgets/messages/message.h"

#include <QList>
#include <QString>
#include <QWidget>

namespace countersign::widgets {

/// A place in the program: which page, and what on it. A value: kept in the history, in settings, in links.
/// Ids are their texts ("m:0c3f…"); the page parses them.
struct Target {
    QString page;    ///< key given to MainWindow::addPage
    QString model;   ///< model id, or empty
    QString version; ///< version id, or empty
    QString tab;     ///< key of a tab, or empty
    QString extra;   ///< what else the page understands (a filter line, a ledger number)
    bool operator==(const Target &) const = default;
};

/// One step of the breadcrumbs. The last one names the page itself and is not a link.
struct Crumb {
    QString text;
    Target target;
};

/// A page of the main window. It knows nothing of other pages: it emits navigate() and the shell opens the target.
/// Pages live as long as the window; open() is called each time one is shown, also by Back and Forward, and must
/// keep selection and scroll position when the target is what it shows already.
class Page : public QWidget
{
    Q_OBJECT
public:
    explicit Page(QWidget *parent = nullptr);

    /// Shown in the window title and, by default, as the only crumb.
    virtual QString title() const = 0;
    virtual QList<Crumb> crumbs() const;
    virtual void open(const Target &target);
    /// Reads everything again (F5).
    virtual void refresh();
    /// Where the keyboard goes when the page is opened by keyboard; null: the first control.
    virtual QWidget *initialFocus();

Q_SIGNALS:
    void navigate(const Target &target);
    void message(const Message &message);
    /// title() or crumbs() have changed.
    void crumbsChanged();
};

} // namespace countersign::widgets

Q_DECLARE_METATYPE(countersign::widgets::Target)
