#include "ui/whatif/legalnote.h"

#include "models/computed/whatif.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/labels.h"

#include <QCheckBox>
#include <QPainter>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace countersign::pages {

using theme::scaled;

LegalNote::LegalNote(QWidget *parent) : QWidget(parent), m_read(new QCheckBox(tr("I have read this note")))
{
    const std::string_view note = computed::legalNote();
    auto *text = new widgets::PlainLabel(QString::fromUtf8(note.data(), static_cast<qsizetype>(note.size())), theme::Type::Secondary);
    text->setObjectName(QStringLiteral("legalNote"));
    text->setWordWrap(true);
    m_read->setObjectName(QStringLiteral("legalRead"));
    m_read->setAccessibleDescription(text->text());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(scaled(44), scaled(8), scaled(theme::space::kPage), scaled(8));
    column->setSpacing(scaled(6));
    column->addWidget(text);
    column->addWidget(m_read, 0, Qt::AlignLeft);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    connect(m_read, &QCheckBox::toggled, this, &LegalNote::acknowledged);
}

bool LegalNote::isAcknowledged() const
{
    return m_read->isChecked();
}

void LegalNote::setAcknowledged(bool isAcknowledged)
{
    const QSignalBlocker quiet(m_read);
    m_read->setChecked(isAcknowledged);
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
