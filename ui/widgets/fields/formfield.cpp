#include "ui/widgets/fields/formfield.h"

#include "ui/theme/csstyle.h"
#include "ui/theme/theme.h"
#include "ui/widgets/cards/labels.h"

#include <QPainter>
#include <QVBoxLayout>

namespace countersign::widgets {

using theme::scaled;

FormField::FormField(const QString &label, QWidget *field, QWidget *parent)
    : QWidget(parent)
    , m_field(field)
    , m_below(new PlainLabel({}, theme::Type::Secondary, Ink::Secondary))
    , m_name(label)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(4));
    auto *above = new PlainLabel(label, theme::Type::Secondary, Ink::Secondary);
    above->setBuddy(field);
    column->addWidget(above);
    column->addWidget(field);
    column->addWidget(m_below);
    m_below->setWordWrap(true);
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(label);
    showBelow();
}

void FormField::setHint(const QString &hint)
{
    m_hint = hint;
    showBelow();
}

void FormField::setError(const QString &text)
{
    m_error = text;
    m_hasError = !text.isEmpty();
    theme::setFieldError(*m_field, m_hasError);
    showBelow();
}

void FormField::showBelow()
{
    const QString text = m_hasError ? m_error : m_hint;
    m_below->setText(text);
    m_below->setVisible(!text.isEmpty());
    m_below->setInk(m_hasError ? Ink::Text : Ink::Tertiary);
    m_below->setContentsMargins(m_hasError ? scaled(18) : 0, 0, 0, 0);
    m_field->setAccessibleDescription(text);
    update();
}

void FormField::paintEvent(QPaintEvent *)
{
    if (!m_hasError)
        return;
    QPainter painter(this);
    const int side = scaled(12);
    const QRect line(0, m_below->y() + scaled(2), width(), side);
    theme::paintState(painter, theme::State::Fail,
                      QStyle::visualRect(layoutDirection(), line, QRect(line.x() + 1, line.y(), side, side)), theme::current());
}

} // namespace countersign::widgets
