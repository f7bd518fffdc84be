#include "ui/people/keyspane.h"

#include "models/crypto/words.h"
#include "models/items/celltext.h"
#include "models/items/review/keytable.h"
#include "models/services/sample/sample.h"
#include "models/services/workspace/secrets.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QPushButton>

namespace countersign::pages {

using items::KeyTable;
using store::KeyState;
using theme::scaled;
using widgets::CellKind;
using widgets::Message;
using Act = KeyQuestion::Act;

KeysPane::KeysPane(services::Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_keys(new KeyTable(this))
    , m_heading(new widgets::SectionHeading(tr("All keys")))
    , m_confirm(widgets::secondaryButton(tr("Confirm…"), QStringLiteral("verify")))
    , m_replace(widgets::secondaryButton(tr("Replace…"), QStringLiteral("key")))
    , m_revoke(widgets::secondaryButton(tr("Revoke…"), QStringLiteral("revoke")))
    , m_table(new widgets::TableView(tr("Keys")))
    , m_words(new widgets::PlainLabel({}, theme::Type::Body, widgets::Ink::Secondary))
{
    m_confirm->setObjectName(QStringLiteral("confirmKey"));
    m_replace->setObjectName(QStringLiteral("replaceKey"));
    m_revoke->setObjectName(QStringLiteral("revokeKey"));
    m_words->setObjectName(QStringLiteral("words"));
    m_words->setSelectable(true);
    m_table->setObjectName(QStringLiteral("keys"));
    m_table->setColumnFormat(KeyTable::Fingerprint, {.kind = CellKind::Mono, .width = 176});
    m_table->setColumnFormat(KeyTable::Owner, {.width = 160, .isStrong = true, .most = 240});
    m_table->setColumnFormat(KeyTable::State,
                             {.kind = CellKind::Verdict, .width = 164, .stateRole = KeyTable::StateRole});
    m_table->setColumnFormat(KeyTable::Told, {.width = 260, .stretches = true});
    m_table->setColumnFormat(KeyTable::Identity, {.width = 200, .isMuted = true, .most = 320});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setModel(m_keys);
    m_table->setSettingsKey(QStringLiteral("keys"));
    m_table->emptyState()->describe(widgets::EmptyState::Cause::NothingYet, tr("No keys"),
                                    tr("An administrator enrols a key, and it appears here with what becomes of it."));

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(scaled(theme::space::kPage), scaled(theme::space::kMedium), scaled(theme::space::kPage),
                            scaled(theme::space::kSmall));
    bar->setSpacing(scaled(theme::space::kSmall));
    bar->addWidget(m_heading);
    bar->addStretch(1);
    for (QPushButton *button : {m_confirm, m_replace, m_revoke})
        bar->addWidget(button);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(scaled(theme::space::kPage), scaled(theme::space::kSmall), scaled(theme::space::kPage),
                             scaled(theme::space::kMedium));
    foot->addWidget(m_words);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_table, 1);
    column->addLayout(foot);

    connect(m_confirm, &QPushButton::clicked, this, [this] { openDialog(Act::Confirm); });
    connect(m_replace, &QPushButton::clicked, this, [this] { openDialog(Act::Replace); });
    connect(m_revoke, &QPushButton::clicked, this, [this] { openDialog(Act::Revoke); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &KeysPane::follow);
    connect(m_keys, &QAbstractItemModel::modelReset, this, &KeysPane::follow);
    connect(m_keys, &QAbstractItemModel::dataChanged, this, &KeysPane::follow);
    follow();
}

void KeysPane::setKeys(std::vector<services::KeyFacts> keys)
{
    m_all = std::move(keys);
    showRows();
}

void KeysPane::setPerson(const std::optional<Person> &person)
{
    m_person = person;
    showRows();
}

void KeysPane::showRows()
{
    m_heading->setText(m_person ? tr("Keys of %1").arg(items::oneLine(m_person->name)) : tr("All keys"));
    std::vector<services::KeyFacts> rows = m_all;
    std::erase_if(rows, [this](const services::KeyFacts &facts) {
        return m_person && facts.record.owner != m_person->id.text();
    });
    m_keys->setRows(std::move(rows));
    if (m_keys->rowCount() == 1)
        m_table->selectRow(0);
    follow();
}

const services::KeyFacts *KeysPane::chosen() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_keys->rowAt(rows.first().row());
}

bool KeysPane::mayAct() const
{
    const services::WorkspaceState &state = m_workspace.state();
    return state.isOpen && !state.isReadOnly && state.damage.isEmpty() && state.person;
}

void KeysPane::follow()
{
    const services::KeyFacts *key = chosen();
    const auto &person = m_workspace.state().person;
    const bool isOwn = key && person && key->record.owner == person->id.text();
    const bool isAdministrator = person && person->is(Role::Administrator);
    const KeyState state = key ? key->record.state() : KeyState::Revoked;
    m_confirm->setEnabled(mayAct() && key && isAdministrator && !isOwn && state == KeyState::Awaiting &&
                          key->record.enrolledBy != person->id.text());
    m_replace->setEnabled(mayAct() && isOwn && state == KeyState::InUse);
    m_revoke->setEnabled(mayAct() && key && (isOwn || isAdministrator) &&
                         (state == KeyState::InUse || state == KeyState::Awaiting));
    QString told = key ? tr("Its eight words: %1").arg(QString::fromStdString(crypto::fingerprintWords(key->record.id)))
                       : tr("Choose a key to see its eight words.");
    if (key && key->place && !key->record.revokedFrom)
        told += QStringLiteral(".  ") + (*key->place == services::KeyPlace::Everywhere
                                             ? tr("It opens with the passphrase alone: there was no keychain.")
                                             : tr("It opens with the passphrase and a computer's keychain."));
    m_words->setText(told);
}

void KeysPane::openDialog(Act act)
{
    const services::KeyFacts *key = chosen();
    const services::WorkspaceState &state = m_workspace.state();
    if (m_dialog || !key || !state.person)
        return;
    KeyQuestion question;
    question.act = act;
    question.owner = key->record.isPersons() ? items::oneLine(key->record.ownerName) : tr("a computer");
    question.fingerprint = QString::fromStdString(crypto::fingerprint(key->record.id));
    question.signer = items::oneLine(state.person->name);
    question.entries = static_cast<qint64>(state.ledgerSize);
    if (state.isSample)
        question.hint =
            tr("Sample: everybody's passphrase is “%1”.").arg(QString::fromLatin1(services::kSamplePassphrase));
    m_dialog = new KeyDialog(question, this);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_dialog, &KeyDialog::submitted, this,
            [this, act, facts = *key](const KeyDialog::Entered &entered) { submit(act, facts, entered); });
    m_dialog->open();
}

void KeysPane::closeDialog()
{
    if (m_dialog)
        m_dialog->reject();
}

void KeysPane::submit(Act act, const services::KeyFacts &key, const KeyDialog::Entered &entered)
{
    if (!m_workspace.state().person)
        return;
    const Person signer = *m_workspace.state().person;
    const auto work = [act, signer, id = key.record.id, words = entered.words.toStdString(),
                       said = entered.said.toStdString(), since = entered.since,
                       next = services::secretOf(entered.next),
                       secret = services::secretOf(entered.passphrase)](services::Session &session) -> Status {
        const auto own = session.unlock(signer, *secret);
        if (!own)
            return own.error();
        const services::KeySigner by{signer, **own};
        if (act == Act::Confirm)
            return services::confirmKey(session, id, words, said, by);
        if (act == Act::Replace) {
            const auto replaced = services::rotateKey(session, by, *next);
            return replaced ? Status() : Status(replaced.error());
        }
        services::Revocation revocation{{id}, {}, said};
        if (since >= 0)
            revocation.since = static_cast<std::uint64_t>(since);
        return services::revokeKeys(session, revocation, by);
    };
    const QString name = key.record.isPersons() ? items::oneLine(key.record.ownerName) : tr("a computer");
    m_workspace.run(this, work, [this, act, name](const Status &done) {
        if (!done) {
            if (m_dialog)
                m_dialog->showTrouble(QString::fromStdString(done.error().text()));
            else
                Q_EMIT message(Message::error(done.error()));
            return;
        }
        if (m_dialog)
            m_dialog->accept();
        Q_EMIT message(
            Message::good(act == Act::Confirm   ? tr("The key of %1 is confirmed; it signs from now on.").arg(name)
                          : act == Act::Replace ? tr("Your new key is in its place. Sign with the new passphrase.")
                                                : tr("The key of %1 is revoked.").arg(name)));
    });
}

} // namespace countersign::pages
