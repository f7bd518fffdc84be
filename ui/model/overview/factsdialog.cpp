#include "ui/model/overview/factsdialog.h"

#include "models/items/celltext.h"
#include "models/items/inventory/inventorytable.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>

namespace countersign::pages {

using theme::scaled;
using widgets::FormField;

FactsDialog::FactsDialog(const ModelView &view, QWidget *parent) : QDialog(parent), m_model(view.model.id)
{
    const QString title = tr("Edit facts of %1").arg(items::oneLine(view.model.name));
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    if (view.current)
        m_version = view.current->version.id;
    auto *column = new QVBoxLayout(this);
    const int margin = scaled(theme::space::kPage);
    column->setContentsMargins(margin, margin, margin, margin);
    column->setSpacing(scaled(theme::space::kMedium));
    auto *head = new widgets::PlainLabel(title, theme::Type::CardTitle);
    head->setWordWrap(true);
    column->addWidget(head);
    auto *explanation = new widgets::PlainLabel(tr("Every change is recorded with your name. Signatures that rest on these facts become stale."),
                                                theme::Type::Secondary, widgets::Ink::Secondary);
    explanation->setWordWrap(true);
    column->addWidget(explanation);
    column->addWidget(makeFields(view));
    m_error = new widgets::PlainLabel({}, theme::Type::Body);
    m_error->setWordWrap(true);
    m_error->hide();
    column->addWidget(m_error);
    column->addStretch(1);
    column->addWidget(makeButtons());
    setMinimumWidth(scaled(480));
}

QWidget *FactsDialog::makeFields(const ModelView &view)
{
    auto *fields = new QWidget;
    auto *column = new QVBoxLayout(fields);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(theme::space::kMedium));
    m_purpose = new QPlainTextEdit(QString::fromStdString(view.model.purpose));
    m_purpose->setTabChangesFocus(true);
    m_purpose->setFixedHeight(scaled(72));
    m_useCase = new QLineEdit(QString::fromStdString(view.model.useCase));
    m_owner = new QLineEdit(QString::fromStdString(view.model.owner));
    m_tier = new QComboBox; // the index is the tier
    m_tier->addItem(tr("No tier"));
    m_tier->addItem(tr("1, highest risk"));
    m_tier->addItem(tr("2"));
    m_tier->addItem(tr("3, lowest risk"));
    m_shownTier = view.model.tier.value_or(0);
    m_tier->setCurrentIndex(m_shownTier);
    column->addWidget(new FormField(tr("Purpose"), m_purpose));
    column->addWidget(new FormField(tr("Use case"), m_useCase));
    column->addWidget(new FormField(tr("Owner"), m_owner));
    auto *row = new QHBoxLayout;
    row->setSpacing(scaled(theme::space::kMedium));
    row->addWidget(new FormField(tr("Tier"), m_tier), 1);
    if (view.current) {
        m_stage = new QComboBox;
        for (const Stage stage : kAllStages)
            m_stage->addItem(items::InventoryTable::stageWord(stage), static_cast<int>(stage));
        m_shownStage = m_stage->findData(static_cast<int>(view.current->version.stage));
        m_stage->setCurrentIndex(m_shownStage);
        row->addWidget(new FormField(tr("Stage of version %1").arg(items::oneLine(view.current->version.label)), m_stage), 1);
    }
    column->addLayout(row);
    return fields;
}

QWidget *FactsDialog::makeButtons()
{
    auto *buttons = new QWidget;
    auto *row = new QHBoxLayout(buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(theme::space::kSmall));
    row->addStretch(1);
    QPushButton *cancel = widgets::secondaryButton(tr("Cancel"));
    m_save = widgets::primaryButton(tr("Save Facts"));
    m_save->setDefault(true);
    row->addWidget(cancel);
    row->addWidget(m_save);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, [this] {
        m_save->setEnabled(false); // until the answer comes
        m_error->hide();
        Q_EMIT saveRequested(facts());
    });
    return buttons;
}

void FactsDialog::showError(const QString &sentence)
{
    m_save->setEnabled(true);
    m_error->setText(sentence);
    m_error->show();
    m_save->setFocus();
}

services::FactsRequest FactsDialog::facts() const
{
    services::FactsRequest request;
    request.model = m_model;
    // Only what was touched here is sent: what somebody else changed meanwhile stays.
    if (m_purpose->document()->isModified())
        request.purpose = m_purpose->toPlainText().trimmed().toStdString();
    if (m_useCase->isModified())
        request.useCase = m_useCase->text().trimmed().toStdString();
    if (m_owner->isModified())
        request.owner = m_owner->text().trimmed().toStdString();
    if (m_tier->currentIndex() != m_shownTier)
        request.tier.emplace(m_tier->currentIndex() == 0 ? std::optional<int>() : std::optional(m_tier->currentIndex()));
    if (m_stage && m_stage->currentIndex() != m_shownStage) {
        request.version = m_version;
        request.stage = static_cast<Stage>(m_stage->currentData().toInt());
    }
    return request;
}

} // namespace countersign::pages
