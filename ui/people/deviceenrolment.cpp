#include "ui/people/deviceenrolment.h"

#include "models/items/celltext.h"
#include "models/services/people.h"
#include "models/services/workspace/secrets.h"
#include "models/store/queries/queries.h"

#include <algorithm>

namespace countersign::pages {

namespace {

struct Facts {
    std::vector<Person> people;
    std::string fingerprint;
};

Result<Facts> readFacts(services::Session &session)
{
    auto people = store::listPeople(session.connection());
    if (!people)
        return people.error();
    const auto &device = session.environment().device;
    if (!device)
        return Error{ErrorKind::Denied, "This computer has no device key.", {}};
    return Facts{std::move(*people), crypto::fingerprint(device->id())};
}

} // namespace

DeviceEnrolment::DeviceEnrolment(services::Workspace &workspace, QWidget &window)
    : QObject(&window), m_workspace(workspace), m_window(window), m_ledger(workspace.state().ledger)
{
    connect(&m_workspace, &services::Workspace::stateChanged, this, [this] {
        if (m_workspace.state().ledger != m_ledger)
            finish(false);
    });
    m_workspace.run(this, readFacts, [this](const Result<Facts> &facts) {
        if (!facts) {
            Q_EMIT failed(facts.error());
            return finish(false);
        }
        if (m_isFinished)
            return;
        const services::WorkspaceState &state = m_workspace.state();
        EnrolQuestion question{items::oneLine(state.origin.toStdString()), QString::fromStdString(facts->fingerprint), {}, state.isSample};
        std::ranges::copy_if(facts->people, std::back_inserter(question.vouchers), &Person::hasKey);
        // Whoever works here is asked for their own; otherwise an administrator is the likeliest to stand by.
        std::ranges::stable_sort(question.vouchers, {}, [&](const Person &person) { return state.person && state.person->id == person.id ? 0 : person.is(Role::Administrator) ? 1 : 2; });
        m_dialog = new EnrolDialog(question, &m_window);
        m_dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(m_dialog, &EnrolDialog::submitted, this, &DeviceEnrolment::enrol);
        connect(m_dialog, &QDialog::rejected, this, [this] { finish(false); });
        m_dialog->open();
    });
}

DeviceEnrolment::~DeviceEnrolment()
{
    if (!m_isFinished)
        Q_EMIT finished(false); // the window went, and the question with it
}

void DeviceEnrolment::enrol(const Person &voucher, const QString &passphrase)
{
    const auto work = [voucher, secret = services::secretOf(passphrase)](services::Session &session) -> Status {
        const auto key = session.unlock(voucher, *secret);
        return key ? services::enrolDevice(session, voucher, **key) : Status(key.error());
    };
    m_workspace.run(this, work, [this](const Status &status) {
        if (m_isFinished)
            return; // given up meanwhile: the next one finds the computer enrolled
        if (status)
            finish(true);
        else
            m_dialog->showTrouble(QString::fromStdString(status.error().text()));
    });
}

void DeviceEnrolment::finish(bool isEnrolled)
{
    if (m_isFinished)
        return;
    m_isFinished = true;
    if (m_dialog)
        m_dialog->close();
    Q_EMIT finished(isEnrolled);
    deleteLater();
}

} // namespace countersign::pages
