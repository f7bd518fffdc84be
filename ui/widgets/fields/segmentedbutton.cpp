#include "ui/widgets/fields/segmentedbutton.h"

#include "ui/theme/csstyle.h"
#include "ui/theme/icons.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPushButton>

namespace countersign::widgets {

SegmentedButton::SegmentedButton(const QString &name, QWidget *parent)
    : QWidget(parent)
    , m_group(new QButtonGroup(this))
    , m_row(new QHBoxLayout(this))
{
    setAccessibleName(name);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(0);
    m_group->setExclusive(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    // Tab stops once, at what is chosen; arrows go on from there.
    connect(m_group, &QButtonGroup::idToggled, this, [this](int id, bool isChosen) {
        m_group->button(id)->setFocusPolicy(isChosen ? Qt::StrongFocus : Qt::ClickFocus);
    });
    connect(m_group, &QButtonGroup::idClicked, this, [this](int id) { Q_EMIT chosen(m_keys.value(id)); });
}

void SegmentedButton::addChoice(const QString &key, const QString &text, const QString &icon)
{
    auto *button = new QPushButton(text, this);
    button->setCheckable(true);
    button->setAutoDefault(false);
    button->setFocusPolicy(Qt::ClickFocus);
    button->setAccessibleName(tr("%1: %2", "what is chosen, choice").arg(accessibleName(), text));
    if (!icon.isEmpty())
        button->setIcon(theme::icon(icon));
    m_group->addButton(button, int(m_keys.size()));
    m_keys.append(key);
    button->setChecked(m_keys.size() == 1);
    m_row->addWidget(button);
    const QList<QAbstractButton *> all = m_group->buttons();
    for (int i = 0; i < all.size(); ++i) {
        const theme::Segment place = all.size() == 1 ? theme::Segment::Only
            : i == 0                                 ? theme::Segment::First
            : i == all.size() - 1                    ? theme::Segment::Last
                                                     : theme::Segment::Middle;
        theme::setSegment(*all[i], place);
    }
}

QString SegmentedButton::current() const
{
    return m_keys.value(m_group->checkedId());
}

void SegmentedButton::setCurrent(const QString &key)
{
    if (QAbstractButton *button = m_group->button(int(m_keys.indexOf(key))))
        button->setChecked(true);
}

} // namespace countersign::widgets
