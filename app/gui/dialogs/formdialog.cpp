#include "app/gui/dialogs/formdialog.h"

#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"

#include <QBoxLayout>
#include <QPushButton>

namespace countersign::gui {

using theme::scaled;

FormDialog::FormDialog(QWidget *parent, const QString &title, const QString &explanation, const QString &act)
    : QDialog(parent)
    , m_fields(new QVBoxLayout)
    , m_problem(new widgets::PlainLabel)
    , m_act(widgets::primaryButton(act))
    , m_buttons(new QHBoxLayout)
{
    setWindowTitle(title);
    setMinimumWidth(scaled(480));
    auto *whole = new QVBoxLayout(this);
    const int margin = scaled(theme::space::kPage);
    whole->setContentsMargins(margin, margin, margin, margin);
    whole->setSpacing(scaled(theme::space::kMedium));
    whole->addWidget(new widgets::PlainLabel(title, theme::Type::CardTitle));
    if (!explanation.isEmpty()) {
        auto *text = new widgets::PlainLabel(explanation, theme::Type::Body, widgets::Ink::Secondary);
        text->setWordWrap(true);
        whole->addWidget(text);
    }
    m_fields->setSpacing(scaled(10));
    whole->addLayout(m_fields, 1);
    m_problem->setWordWrap(true);
    m_problem->setSelectable(true);
    m_problem->hide();
    whole->addWidget(m_problem);

    QPushButton *cancel = widgets::secondaryButton(tr("Cancel"));
    m_buttons->setSpacing(scaled(theme::space::kSmall));
    m_buttons->addStretch(1);
    m_buttons->addWidget(cancel);
    m_buttons->addWidget(m_act);
    whole->addSpacing(scaled(4));
    whole->addLayout(m_buttons);
    m_act->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_act, &QPushButton::clicked, this, [this] {
        showProblem({});
        if (check())
            accept();
        else
            fit();
    });
}

void FormDialog::showProblem(const QString &sentence)
{
    m_problem->setText(sentence);
    m_problem->setVisible(!sentence.isEmpty());
    if (isVisible())
        fit();
}

void FormDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    fit();
}

// Sentences that wrap need more height than a layout asks for by itself.
void FormDialog::fit()
{
    ensurePolished();
    layout()->activate();
    const int needed = layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width()) : layout()->totalSizeHint().height();
    if (needed > height())
        resize(width(), needed);
}

widgets::FormField *FormDialog::addField(const QString &label, QWidget *field)
{
    auto *form = new widgets::FormField(label, field);
    m_fields->addWidget(form);
    return form;
}

void FormDialog::addWidget(QWidget *widget)
{
    m_fields->addWidget(widget);
}

QPushButton *FormDialog::addSecondary(const QString &text)
{
    QPushButton *button = widgets::secondaryButton(text);
    m_buttons->insertWidget(0, button);
    button->setAutoDefault(false);
    return button;
}

} // namespace countersign::gui
