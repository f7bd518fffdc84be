#include "ui/whatif/legalnote.h"

#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QCheckBox>
#include <QPainter>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace countersign::pages {

using theme::scaled;

LegalNote::LegalNote(const QString &note, const QString &acknowledgement, QWidget *parent)
    : QWidget(parent)
    , m_text(new widgets::PlainLabel(note, theme::Type::Secondary))
    , m_read(new QCheckBox(acknowledgement))
    , m_show(widgets::linkButton(tr("Show the Note")))
{
    m_text->setObjectName(QStringLiteral("legalNote"));
    m_text->setWordWrap(true);
    m_read->setObjectName(QStringLiteral("legalRead"));
    m_read->setAccessibleDescription(m_text->text());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(scaled(44), scaled(8), scaled(theme::space::kPage), scaled(8));
    column->setSpacing(scaled(6));
    column->addWidget(m_text);
    auto *row = new QHBoxLayout;
    row->addWidget(m_read);
    row->addWidget(m_show);
    row->addStretch(1);
    column->addLayout(row);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    connect(m_read, &QCheckBox::toggled, this, [this](bool isRead) {
        m_isUnfolded = false;
        fold();
        Q_EMIT acknowledged(isRead);
    });
    connect(m_show, &QPushButton::clicked, this, [this] {
        m_isUnfolded = !m_isUnfolded;
        fold();
    });
    fold();
}

void LegalNote::fold()
{
    m_text->setVisible(!m_read->isChecked() || m_isUnfolded);
    m_show->setVisible(m_read->isChecked());
    m_show->setText(m_isUnfolded ? tr("Hide the Note") : tr("Show the Note"));
}

bool LegalNote::isAcknowledged() const
{
    return m_read->isChecked();
}

void LegalNote::setAcknowledged(bool isAcknowledged)
{
    const QSignalBlocker quiet(m_read);
    m_read->setChecked(isAcknowledged);
    m_isUnfolded = false;
    fold();
}

void LegalNote::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    painter.fillRect(rect(), t.tint(theme::State::Watch));
    painter.fillRect(0, height() - 1, width(), 1, t.hair);
    const int side = scaled(14);
    theme::paintState(painter, theme::State::Watch, QStyle::visualRect(layoutDirection(), rect(), QRect(scaled(20), scaled(10), side, side)), t);
}

} // namespace countersign::pages
