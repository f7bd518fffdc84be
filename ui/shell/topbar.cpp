#include "ui/shell/topbar.h"

#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QHBoxLayout>

namespace countersign::shell {

using theme::scaled;

TopBar::TopBar(QWidget *parent)
    : Pane(widgets::Ground::Window, Qt::BottomEdge, parent)
    , m_back(widgets::iconButton(QStringLiteral("back"), tr("Back (Alt+Left)")))
    , m_forward(widgets::iconButton(QStringLiteral("forward"), tr("Forward (Alt+Right)")))
    , m_crumbs(new QHBoxLayout)
    , m_trailing(new QHBoxLayout)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(scaled(11), 0, scaled(16), 1);
    row->setSpacing(scaled(8));
    row->addWidget(m_back);
    row->addWidget(m_forward);
    m_crumbs->setSpacing(0);
    row->addLayout(m_crumbs, 1);
    row->addLayout(m_trailing);
    setFixedHeight(scaled(theme::height::kTopBar));
    connect(m_back, &QToolButton::clicked, this, &TopBar::back);
    connect(m_forward, &QToolButton::clicked, this, &TopBar::forward);
    setCanGo(false, false);
}

void TopBar::setCrumbs(const QList<widgets::Crumb> &crumbs)
{
    while (QLayoutItem *item = m_crumbs->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater(); // a click on a crumb may have brought us here
        }
        delete item;
    }
    for (qsizetype i = 0; i < crumbs.size(); ++i) {
        if (i > 0)
            m_crumbs->addWidget(new widgets::IconLabel(QStringLiteral("right"), 12));
        const bool isLast = i + 1 == crumbs.size();
        if (isLast || crumbs[i].target.page.isEmpty()) {
            auto *label = new widgets::PlainLabel(crumbs[i].text, isLast ? theme::Type::StrongSelected : theme::Type::Body,
                                                  isLast ? widgets::Ink::Text : widgets::Ink::Secondary);
            label->setElide(Qt::ElideMiddle);
            label->setContentsMargins(scaled(8), 0, scaled(8), 0);
            m_crumbs->addWidget(label);
        } else {
            QString text = crumbs[i].text;
            QPushButton *link = widgets::quietButton(text.replace(QLatin1Char('&'), QStringLiteral("&&")));
            link->setAccessibleName(tr("Go to %1").arg(crumbs[i].text));
            connect(link, &QPushButton::clicked, this, [this, target = crumbs[i].target] { Q_EMIT navigate(target); });
            m_crumbs->addWidget(link);
        }
    }
    m_crumbs->addStretch(1);
}

bool TopBar::isCrumb(QWidget *widget) const
{
    return widget && m_crumbs->indexOf(widget) >= 0;
}

void TopBar::setCanGo(bool canGoBack, bool canGoForward)
{
    m_back->setEnabled(canGoBack);
    m_forward->setEnabled(canGoForward);
}

void TopBar::addTrailing(QWidget *widget)
{
    m_trailing->addWidget(widget);
}

} // namespace countersign::shell
