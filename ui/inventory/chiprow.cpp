#include "ui/inventory/chiprow.h"

#include "ui/theme/type.h"
#include "ui/widgets/cards/chip.h"
#include "ui/widgets/cards/flowlayout.h"
#include "ui/widgets/fields/buttons.h"

#include <QPushButton>

namespace countersign::pages {

ChipRow::ChipRow(QWidget &before, QWidget *parent)
    : QWidget(parent)
    , m_before(before)
    , m_flow(new widgets::FlowLayout(theme::scaled(8), this))
    , m_clear(widgets::linkButton(tr("Clear All")))
{
    m_flow->setContentsMargins(0, 0, 0, 0);
    m_flow->insertWidget(0, m_clear);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(m_clear, &QPushButton::clicked, this, &ChipRow::clearRequested);
    hide();
}

void ChipRow::setRestrictions(const QList<Restriction> &restrictions)
{
    qsizetype focused = -1;
    for (qsizetype i = 0; i < m_chips.size(); ++i) {
        if (m_chips[i]->hasFocus())
            focused = i;
    }
    const bool hadFocus = focused >= 0 || m_clear->hasFocus();
    for (widgets::Chip *chip : std::exchange(m_chips, {})) {
        m_flow->removeWidget(chip);
        chip->hide();
        chip->deleteLater(); // it may be the one that asks
    }
    for (const Restriction &one : restrictions) {
        auto *chip = new widgets::Chip(one.words, one.value, this);
        m_flow->insertWidget(static_cast<int>(m_chips.size()), chip);
        m_chips.append(chip);
        connect(chip, &widgets::Chip::removeRequested, this, [this, group = one.group] { Q_EMIT removeRequested(group); });
        connect(chip, &widgets::Chip::editRequested, this, [this, group = one.group] { Q_EMIT editRequested(group); });
        chip->show();
    }
    for (qsizetype i = 0; i < m_chips.size(); ++i)
        setTabOrder(i == 0 ? &m_before : static_cast<QWidget *>(m_chips[i - 1]), m_chips[i]);
    if (!m_chips.isEmpty())
        setTabOrder(m_chips.last(), m_clear);
    setVisible(!restrictions.isEmpty());
    updateGeometry();
    if (hadFocus && m_chips.isEmpty())
        Q_EMIT emptied();
    else if (focused >= 0)
        m_chips[std::min(focused, m_chips.size() - 1)]->setFocus(Qt::TabFocusReason);
}

} // namespace countersign::pages
