#include "ui/shell/history.h"

namespace countersign::shell {

namespace {
constexpr qsizetype kMost = 200;
}

void History::visit(const widgets::Target &target)
{
    if (m_now >= 0 && m_places[m_now] == target)
        return;
    m_places.resize(m_now + 1);
    m_places.append(target);
    if (m_places.size() > kMost)
        m_places.removeFirst();
    m_now = m_places.size() - 1;
}

const widgets::Target &History::goBack()
{
    Q_ASSERT(canGoBack());
    return m_places[--m_now];
}

const widgets::Target &History::goForward()
{
    Q_ASSERT(canGoForward());
    return m_places[++m_now];
}

void History::clear()
{
    m_places.clear();
    m_now = -1;
}

} // namespace countersign::shell
