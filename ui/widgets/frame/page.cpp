#include "ui/widgets/frame/page.h"

#include "ui/widgets/cards/ground.h"

namespace countersign::widgets {

Page::Page(QWidget *parent) : QWidget(parent)
{
    setGround(*this, Ground::Page);
}

QList<Crumb> Page::crumbs() const
{
    return {{title(), {}}};
}

void Page::open(const Target &) {}

void Page::refresh() {}

QWidget *Page::initialFocus()
{
    return nullptr;
}

} // namespace countersign::widgets
