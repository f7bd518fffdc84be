#include "ui/model/scrolled.h"

#include "ui/widgets/ground.h"

#include <QScrollArea>

namespace countersign::pages {

QScrollArea *scrolled(QWidget *content)
{
    auto *area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    widgets::setGround(*content, widgets::Ground::Page);
    widgets::setGround(*area->viewport(), widgets::Ground::Page);
    area->setWidget(content);
    return area;
}

} // namespace countersign::pages
