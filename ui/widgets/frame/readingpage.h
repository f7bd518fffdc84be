#pragma once

#include "ui/widgets/frame/page.h"

namespace countersign::widgets {

/// A page that shows what a workspace has: it reads when it is seen, and again when what it shows may be out of date.
class ReadingPage : public Page
{
    Q_OBJECT
public:
    using Page::Page;
    void refresh() override;

protected:
    /// What is shown may be out of date: read() at once where the page is seen, else as soon as it is.
    void outdate();
    /// False: there is nothing to read from yet; outdate() is said when there is.
    virtual bool canRead() const = 0;
    virtual void read() = 0;
    void showEvent(QShowEvent *event) override;

private:
    void readWhenSeen();

    bool m_isOutOfDate = true;
};

} // namespace countersign::widgets
