#pragma once

#include "ui/widgets/frame/page.h"

#include <QList>

namespace countersign::shell {

/// Where the person has been, as a browser keeps it: visiting after going back forgets what lay ahead.
class History
{
public:
    /// Visiting the present place again adds nothing.
    void visit(const widgets::Target &target);
    bool canGoBack() const { return m_now > 0; }
    bool canGoForward() const { return m_now + 1 < m_places.size(); }
    /// Precondition: canGoBack() / canGoForward(). Returns the place that is now present.
    const widgets::Target &goBack();
    const widgets::Target &goForward();
    void clear();
    qsizetype size() const { return m_places.size(); }

private:
    QList<widgets::Target> m_places;
    qsizetype m_now = -1;
};

} // namespace countersign::shell
