#include "ui/people/peoplepage.h"

#include "models/items/celltext.h"
#include "models/items/review/peopletable.h"
#include "models/services/keys/keys.h"
#include "models/services/sample/sample.h"
#include "models/services/workspace/secrets.h"
#include "models/store/queries/queries.h"
#include "ui/people/deviceenrolment.h"
#include "ui/people/keyspane.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/frame/pageheader.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QLocale>
#include <QPushButton>

namespace countersign::pages {

using items::PeopleTable;
using widgets::CellKind;
using widgets::Message;

namespace {

struct PeopleAndKeys {
    std::vector<Person> people;
    std::vector<services::KeyFacts> keys;
};

Result<PeopleAndKeys> readAll(services::Session &session)
{
    auto people = store::listPeople(session.connection());
    if (!people)
        return people.error();
    auto keys = services::listKeys(session);
    if (!keys)
        return keys.error();
    return PeopleAndKeys{std::move(*people), std::move(*keys)};
}

} // namespace

PeoplePage::PeoplePage(services::Workspace &workspace, QWidget *parent)
    : ReadingPage(parent)
    , m_workspace(workspace)
    , m_people(new PeopleTable(this))
    , m_header(new widgets::PageHeader(tr("People")))
    , m_workAs(widgets::secondaryButton(tr("Work as…"), QStringLiteral("user")))
    , m_enrol(widgets::secondaryButton(tr("Enrol Key…"), QStringLiteral("key")))
    , m_add(widgets::primaryButton(tr("Add Person…"), QStringLiteral("plus")))
    , m_enrolDevice(widgets::secondaryButton(tr("Enrol This Computer…"), QStringLiteral("server")))
    , m_table(new widgets::TableView(tr("People")))
    , m_keys(new KeysPane(workspace))
{
    m_workAs->setObjectName(QStringLiteral("workAs"));
    m_enrol->setObjectName(QStringLiteral("enrol"));
    m_add->setObjectName(QStringLiteral("add"));
    m_enrolDevice->setObjectName(QStringLiteral("enrolDevice"));
    for (QPushButton *button : {m_enrolDevice, m_workAs, m_enrol, m_add})
        m_header->addAction(button);
    m_table->setColumnFormat(PeopleTable::Name, {.width = 210, .isStrong = true});
    m_table->setColumnFormat(PeopleTable::Login, {.width = 120, .isMuted = true, .most = 200});
    m_table->setColumnFormat(PeopleTable::Roles, {.width = 260, .stretches = true});
    m_table->setColumnFormat(PeopleTable::Key, {.kind = CellKind::Verdict, .width = 164, .stateRole = PeopleTable::KeyStateRole});
    m_table->setColumnFormat(PeopleTable::Since, {.width = 120, .isMuted = true});
    m_table->setColumnFormat(PeopleTable::Here, {.width = 140});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setModel(m_people);
    m_table->setSettingsKey(QStringLiteral("people"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(new widgets::Hairline);
    column->addWidget(m_table, 1);
    column->addWidget(new widgets::Hairline);
    column->addWidget(m_keys, 1);
    connectSignals();
    workspaceChanged();
}

void PeoplePage::connectSignals()
{
    connect(m_add, &QPushButton::clicked, this, [this] { openDialog({}); });
    connect(m_enrol, &QPushButton::clicked, this, [this] {
        if (const Person *person = chosen())
            openDialog(*person);
    });
    connect(m_workAs, &QPushButton::clicked, this, &PeoplePage::workAsChosen);
    connect(m_enrolDevice, &QPushButton::clicked, this, &PeoplePage::enrolThisComputer);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PeoplePage::follow);
    connect(m_keys, &KeysPane::message, this, &PeoplePage::message);
    connect(m_people, &QAbstractItemModel::modelReset, this, &PeoplePage::follow);
    connect(m_people, &QAbstractItemModel::dataChanged, this, &PeoplePage::follow);
    connect(&m_workspace, &services::Workspace::changed, this, &PeoplePage::outdate);
    connect(&m_workspace, &services::Workspace::stateChanged, this, &PeoplePage::workspaceChanged);
}

QString PeoplePage::title() const
{
    return tr("People");
}

QWidget *PeoplePage::initialFocus()
{
    return m_table;
}

void PeoplePage::workspaceChanged()
{
    const services::WorkspaceState &state = m_workspace.state();
    if (state.ledger != m_ledger) {
        m_ledger = state.ledger;
        ++m_generation;
        m_people->setRows({});
        m_keys->setKeys({});
        m_keys->closeDialog();
        if (m_dialog)
            m_dialog->reject();
    }
    m_people->setWorking(state.person ? state.person->id : PersonId());
    follow();
    outdate();
}

bool PeoplePage::canRead() const
{
    return m_workspace.state().isOpen;
}

void PeoplePage::read()
{
    const int generation = ++m_generation;
    m_workspace.run(this, &readAll, [this, generation](const Result<PeopleAndKeys> &found) {
        if (generation != m_generation)
            return;
        if (!found) {
            Q_EMIT message(Message::error(found.error()));
            return;
        }
        m_people->setRows(found->people);
        m_keys->setKeys(found->keys);
    });
}

const Person *PeoplePage::chosen() const
{
    // The current row may be one that the focus alone has brought, unseen; what is acted on is what is marked.
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_people->rowAt(rows.first().row());
}

void PeoplePage::follow()
{
    const services::WorkspaceState &state = m_workspace.state();
    const bool canAdminister = state.isOpen && !state.isReadOnly && state.damage.isEmpty() && state.person && state.person->is(Role::Administrator);
    const Person *person = chosen();
    m_add->setEnabled(canAdminister);
    m_enrol->setEnabled(canAdminister && person && !person->hasKey && !person->awaitsKey);
    m_keys->setPerson(person ? std::optional<Person>(*person) : std::nullopt);
    m_workAs->setEnabled(person && (!state.person || person->id != state.person->id));
    m_workAs->setText(m_workAs->isEnabled() ? tr("Work as %1").arg(items::oneLine(person->login)) : tr("Work as…"));
    const auto signers = std::ranges::count_if(m_people->rows(), &Person::hasKey);
    const QLocale locale;
    const QString count = m_people->rowCount() == 1 ? tr("1 person") : tr("%1 people").arg(locale.toString(m_people->rowCount()));
    QString sentence = tr("%1, %2 of them can sign.", "\"3 people\", number").arg(count, locale.toString(static_cast<qlonglong>(signers)));
    if (state.asOf)
        sentence += QLatin1Char(' ') + state.hindrance();
    else if (state.isOpen && !canAdminister)
        sentence += QLatin1Char(' ') + (state.person ? tr("Adding people and keys takes an administrator.") : tr("Nobody works at this window yet: choose who you are."));
    const bool isUnknown = state.isOpen && !state.isReadOnly && state.damage.isEmpty() && !state.isDeviceEnrolled;
    m_enrolDevice->setVisible(isUnknown);
    if (isUnknown)
        sentence += QLatin1Char(' ') + tr("This computer is not enrolled yet.");
    m_header->setSentence(state.isOpen ? sentence : tr("No workspace is open."));
}

void PeoplePage::openDialog(const std::optional<Person> &person)
{
    const auto &administrator = m_workspace.state().person;
    if (m_dialog || !administrator)
        return;
    m_dialog = new PersonDialog(person, items::oneLine(administrator->name), this);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (m_workspace.state().isSample)
        m_dialog->setAdministratorHint(tr("Sample: everybody's passphrase is “%1”.").arg(QString::fromLatin1(services::kSamplePassphrase)));
    connect(m_dialog, &PersonDialog::submitted, this, [this, person](const PersonDialog::Entered &entered) { submit(person, entered); });
    m_dialog->open();
}

void PeoplePage::submit(const std::optional<Person> &person, const PersonDialog::Entered &entered)
{
    if (!m_workspace.state().person)
        return;
    m_dialog->setBusy(true);
    const auto theirs = entered.passphrase.isEmpty() ? nullptr : services::secretOf(entered.passphrase);
    const auto work = [person, request = entered.request, theirs, secret = services::secretOf(entered.administrator), administrator = *m_workspace.state().person](services::Session &session) -> Result<Person> {
        const auto key = session.unlock(administrator, *secret);
        if (!key)
            return key.error();
        if (!person)
            return services::addPerson(session, request, theirs.get(), administrator, **key);
        const auto brought = services::enrolKey(session, *person, request.identity, *theirs, {administrator, **key});
        return brought ? store::findPerson(session.connection(), person->id.text()) : Result<Person>(brought.error());
    };
    const bool isNew = !person;
    m_workspace.run(this, work, [this, isNew](const Result<Person> &done) {
        if (!done) {
            if (m_dialog)
                m_dialog->showTrouble(QString::fromStdString(done.error().text()));
            else
                Q_EMIT message(Message::error(done.error()));
            return;
        }
        if (m_dialog)
            m_dialog->accept();
        const QString name = items::oneLine(done->name);
        const QString waits = tr("The key of %1 awaits another administrator, to whom its eight words are read out.").arg(name);
        QString told = isNew ? tr("%1 is added as %2.").arg(name, PeopleTable::rolesText(done->roles)) : tr("%1 can sign now.").arg(name);
        if (done->awaitsKey)
            told = isNew ? told + QLatin1Char(' ') + waits : waits;
        Q_EMIT message(Message::good(told));
    });
}

void PeoplePage::enrolThisComputer()
{
    if (m_enrolment)
        return;
    auto *enrolment = new DeviceEnrolment(m_workspace, *this);
    m_enrolment = enrolment;
    connect(enrolment, &DeviceEnrolment::failed, this, [this](const Error &error) { Q_EMIT message(Message::error(error)); });
    connect(enrolment, &DeviceEnrolment::finished, this, [this](bool isEnrolled) {
        if (isEnrolled)
            Q_EMIT message(Message::good(tr("This computer is enrolled. What is recorded here carries its key.")));
    });
}

void PeoplePage::workAsChosen()
{
    const Person *person = chosen();
    if (!person)
        return;
    const QString name = items::oneLine(person->name);
    m_workspace.setPerson(QString::fromStdString(person->login), this, [this, name](const Status &status) {
        if (status)
            Q_EMIT message(Message::good(tr("%1 works at this window now. Signing still asks for the passphrase.").arg(name)));
        else
            Q_EMIT message(Message::error(status.error()));
    });
}

} // namespace countersign::pages
