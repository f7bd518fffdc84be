#include "ui/widgets/frame/readingpage.h"

namespace countersign::widgets {

void ReadingPage::refresh()
{
    outdate();
}

void ReadingPage::outdate()
{
    m_isOutOfDate = true;
    readWhenSeen();
}

void ReadingPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    readWhenSeen();
}

void ReadingPage::readWhenSeen()
{
    if (!isVisible() || !m_isOutOfDate || !canRead())
        return;
    m_isOutOfDate = false;
    read();
}

} // namespace countersign::widgets
