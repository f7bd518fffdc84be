#include "ui/whatif/proposedialog.h"

#include "ui/theme/type.h"
#include "ui/whatif/legalnote.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QPlainTextEdit>
#include <QPushButton>

#include <algorithm>

namespace countersign::pages {

using theme::scaled;

ProposeDialog::ProposeDialog(const Facts &facts, QWidget *parent)
    : QDialog(parent)
    , m_reason(new QPlainTextEdit)
    , m_reasonField(new widgets::FormField(tr("Reason"), m_reason))
    , m_trouble(new widgets::PlainLabel({}, theme::Type::Body))
    , m_act(widgets::primaryButton(tr("Propose Change")))
{
    setWindowTitle(tr("Propose this change of %1?").arg(facts.model));
    setWindowModality(Qt::WindowModal);
    auto *column = new QVBoxLayout(this);
    const int margin = scaled(theme::space::kPage);
    column->setContentsMargins(margin, margin, margin, margin);
    column->setSpacing(scaled(theme::space::kMedium));
    const auto add = [column](const QString &text, theme::Type type, widgets::Ink ink, const char *name) {
        auto *label = new widgets::PlainLabel(text, type, ink);
        label->setWordWrap(true);
        label->setObjectName(QString::fromLatin1(name));
        column->addWidget(label);
        return label;
    };
    add(tr("This records a change request with the figures below as its evidence, signed by this computer. The model stays as it is; whoever runs it decides."),
        theme::Type::Body, widgets::Ink::Secondary, "consequence");
    add(facts.summary, theme::Type::SigningSentence, widgets::Ink::Text, "summary");
    add(facts.changes, theme::Type::Secondary, widgets::Ink::Text, "changes");
    add(facts.basis, theme::Type::Secondary, widgets::Ink::Secondary, "basis")->setToolTip(widgets::literalToolTip(facts.basisPath));
    if (facts.hasLegalNote)
        add(tr("The legal note that you have read is recorded with it."), theme::Type::Secondary, widgets::Ink::Secondary, "noteRecorded");
    if (!facts.legalNote.isEmpty()) {
        m_legal = new LegalNote(facts.legalNote, tr("I have read the legal note on weights that differ by group"));
        column->addWidget(m_legal);
    }
    m_reason->setObjectName(QStringLiteral("reasonText"));
    m_reason->setTabChangesFocus(true);
    m_reason->setFixedHeight(scaled(72));
    m_reasonField->setHint(tr("Why decisions should be made this way. It becomes part of the record."));
    m_reasonField->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    column->addWidget(m_reasonField);
    m_trouble->setObjectName(QStringLiteral("trouble"));
    m_trouble->setWordWrap(true);
    m_trouble->hide();
    column->addWidget(m_trouble);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    auto *cancel = widgets::secondaryButton(tr("Cancel"));
    m_act->setObjectName(QStringLiteral("act"));
    m_act->setAutoDefault(false);
    cancel->setAutoDefault(false);
    row->addWidget(cancel);
    row->addWidget(m_act);
    column->addLayout(row);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_act, &QPushButton::clicked, this, &ProposeDialog::submit);
    const int width = scaled(facts.legalNote.isEmpty() ? 560 : 640);
    setMinimumWidth(width);
    resize(width, std::max(sizeHint().height(), column->totalHeightForWidth(width))); // nothing of the note may be cut
    m_reason->setFocus();
}

void ProposeDialog::setBusy(bool isBusy)
{
    m_act->setEnabled(!isBusy);
    m_reason->setReadOnly(isBusy);
}

void ProposeDialog::showTrouble(const QString &text)
{
    setBusy(false);
    m_trouble->setText(text);
    m_trouble->setVisible(!text.isEmpty());
}

void ProposeDialog::submit()
{
    const QString reason = m_reason->toPlainText().trimmed();
    m_reasonField->setError(reason.isEmpty() ? tr("Say why. The reason is part of the record.") : QString());
    if (reason.isEmpty()) {
        m_reason->setFocus();
        return;
    }
    if (m_legal && !m_legal->isAcknowledged()) {
        showTrouble(tr("Read the legal note first, and say so."));
        m_legal->findChild<QCheckBox *>()->setFocus(Qt::OtherFocusReason);
        return;
    }
    showTrouble({});
    setBusy(true);
    Q_EMIT submitted(reason);
}

} // namespace countersign::pages
