#include "ui/widgets/frame/tabstrip.h"

#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QTabBar>

namespace countersign::widgets {

TabStrip::TabStrip(const QString &accessibleName, QWidget *parent) : QWidget(parent), m_bar(new QTabBar)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::scaled(theme::space::kPage), 0, theme::scaled(theme::space::kPage), 0);
    row->addWidget(m_bar, 1);
    m_bar->setAccessibleName(accessibleName);
    m_bar->setDrawBase(false); // the hairline reaches beyond the tabs: paintEvent
    m_bar->setExpanding(false);
    m_bar->setUsesScrollButtons(true);
    m_bar->setElideMode(Qt::ElideNone);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(m_bar, &QTabBar::currentChanged, this, [this](int index) {
        const QString key = m_bar->tabData(index).toString();
        if (!key.isEmpty()) // the first tab becomes current before it has its key
            Q_EMIT changed(key);
    });
}

void TabStrip::addTab(const QString &key, const QString &text, int count)
{
    m_texts.append(text);
    const int index = m_bar->addTab(text);
    m_bar->setTabData(index, key);
    setCount(key, count);
}

void TabStrip::setCount(const QString &key, int count)
{
    const int index = indexOf(key);
    if (index < 0)
        return;
    const QString text = m_texts[index];
    m_bar->setTabText(index, count > 0 ? text + QStringLiteral("  ") + locale().toString(count) : text);
}

int TabStrip::indexOf(const QString &key) const
{
    for (int i = 0; i < m_bar->count(); ++i)
        if (m_bar->tabData(i).toString() == key)
            return i;
    return -1;
}

QString TabStrip::current() const
{
    return m_bar->tabData(m_bar->currentIndex()).toString();
}

void TabStrip::setCurrent(const QString &key)
{
    if (const int index = indexOf(key); index >= 0)
        m_bar->setCurrentIndex(index);
}

void TabStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(0, height() - 1, width(), 1, theme::current().hair);
}

} // namespace countersign::widgets
