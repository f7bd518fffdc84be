#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/keys/keys.h"
#include "models/services/ledger/checkpoints.h"
#include "models/services/review/review.h"
#include "models/services/review/rules.h"
#include "models/services/workspace/hints.h"
#include "models/services/workspace/workspace.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <QSignalSpy>
#include <QtTest>

#include <fstream>

using namespace countersign;
using namespace countersign::test;
namespace hint = services::hint;

namespace {

constexpr const char *kMetrics = "model,version,metric,window_start,window_end,value,n\n"
                                 "credit-pd,3.1,auc,2026-01-01,2026-02-01,0.741,4800\n"
                                 "credit-pd,3.2,auc,2026-01-01,2026-02-01,0.7130,4812\n"
                                 "churn,1,brier,2026-02-01,2026-03-01,0.11,\n";

/// The same workspace, on a computer that it has never seen.
Result<std::unique_ptr<services::Session>> elsewhere(const std::string &address, const std::string &person, services::Environment environment = testEnvironment(99))
{
    const auto location = database::Location::parse(address);
    return location ? services::Session::open({*location, {}, false, person}, std::move(environment)) : Result<std::unique_ptr<services::Session>>(location.error());
}

/// Rows of every table that a person could see: what nothing was written to has the same.
std::string rowCounts(services::Session &session)
{
    store::Statements sql(session.connection());
    std::string counts;
    for (const char *table : {"entry", "evidence", "ledger_head", "enrolled_key", "model", "version", "import", "series", "observation"})
        counts += std::string(table) + "=" + std::to_string(sql.integer(std::string("SELECT count(*) FROM ") + table).value_or(-1)) + " ";
    return counts;
}

} // namespace

/// A computer that the workspace does not know yet; and wrong passphrases, which nothing forgets.
class EnrolmentTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    std::string metrics(const QString &name)
    {
        const std::string path = m_folder.filePath(name).toStdString();
        std::ofstream(path, std::ios::binary) << kMetrics;
        return path;
    }

private Q_SLOTS:
    void anUnknownComputerRecordsAfterAPersonVouchedForIt_data() { forEachBackend(); }
    void anUnknownComputerRecordsAfterAPersonVouchedForIt()
    {
        QFETCH(QString, backend);
        const std::string address = freshDatabase(backend, m_folder);
        QVERIFY_RESULT(freshWorkspace(address, testEnvironment(1)));
        const auto opened = elsewhere(address, "asample");
        QVERIFY_RESULT(opened);
        auto &session = **opened;
        QVERIFY(!*session.isDeviceEnrolled());
        const auto refused = services::importMetrics(session, metrics(QStringLiteral("a.csv")), {});
        QVERIFY_ERROR(refused, ErrorKind::Denied);
        QCOMPARE(refused.error().hint, std::string(hint::kEnrolDevice));

        const Person ada = *session.person();
        const auto key = session.unlock(ada, passphrase());
        QVERIFY_RESULT(key);
        // Any person with a key may vouch, and one without cannot: there is no key to sign with.
        const auto vera = services::addPerson(session, {"Vera Sample", "vera", {Role::Validator}}, nullptr, ada, **key);
        QVERIFY_RESULT(vera);
        QVERIFY_ERROR(session.unlock(*vera, passphrase()), ErrorKind::Denied);
        auto own = passphrase("another long passphrase");
        QVERIFY_RESULT(services::enrolKey(session, *vera, "passport seen", own, {ada, **key}));
        const auto theirs = session.unlock(*store::findPerson(session.connection(), "vera"), own);
        QVERIFY_RESULT(theirs);
        QVERIFY_RESULT(services::enrolDevice(session, *vera, **theirs));
        QVERIFY(*session.isDeviceEnrolled());
        const auto size = session.verifiedHead().size;
        QVERIFY_RESULT(services::enrolDevice(session, ada, **key)); // known already: nothing is recorded
        QCOMPARE(session.verifiedHead().size, size);

        const auto imported = services::importMetrics(session, metrics(QStringLiteral("a.csv")), {});
        QVERIFY_RESULT(imported);
        QCOMPARE(imported->observations, std::int64_t(3));
        const auto version = services::findVersionSubject(session, "credit-pd/3.2");
        QVERIFY_RESULT(version);
        QVERIFY_RESULT(services::freezeReview(session, version->version->id));
    }

    void aPreviewNeedsNeitherPersonNorKeyAndWritesNothing_data() { forEachBackend(); }
    void aPreviewNeedsNeitherPersonNorKeyAndWritesNothing()
    {
        QFETCH(QString, backend);
        const std::string address = freshDatabase(backend, m_folder);
        QVERIFY_RESULT(freshWorkspace(address, testEnvironment(1)));
        services::Environment bare = testEnvironment(5);
        bare.device.reset();
        for (const auto &[environment, person] : {std::pair{bare, std::string()}, std::pair{testEnvironment(99), std::string("asample")}}) {
            const auto opened = elsewhere(address, person, environment);
            QVERIFY_RESULT(opened);
            auto &session = **opened;
            const std::string before = rowCounts(session);
            const auto preview = services::previewMetrics(session, metrics(QStringLiteral("p.csv")), {});
            QVERIFY_RESULT(preview);
            QCOMPARE(preview->models, std::int64_t(2));
            QCOMPARE(preview->versions, std::int64_t(3));
            QCOMPARE(preview->observations, std::int64_t(3));
            services::StagedRegistry staged;
            staged.uri = "mlruns";
            staged.inventory.models.resize(1);
            staged.inventory.models.front().name = "from-a-registry";
            const auto registry = services::previewRegistry(session, staged, {});
            QVERIFY_RESULT(registry);
            QCOMPARE(registry->models, std::int64_t(1));
            QCOMPARE(rowCounts(session), before);
            QVERIFY(!before.starts_with("entry=-1"));
            QVERIFY(!*session.isDeviceEnrolled());
        }
    }

    void wrongPassphrasesAreCountedOverSessions_data() { forEachBackend(); }
    void wrongPassphrasesAreCountedOverSessions()
    {
        QFETCH(QString, backend);
        const std::string address = freshDatabase(backend, m_folder);
        const auto environment = testEnvironment(1);
        QVERIFY_RESULT(freshWorkspace(address, environment));
        for (int i = 0; i < services::AttemptLimit::kAttempts; ++i) {
            const auto session = elsewhere(address, "asample", environment); // a new session every time
            QVERIFY_RESULT(session);
            QCOMPARE((*session)->attempts(*(*session)->person()).attemptsLeft(), services::AttemptLimit::kAttempts - i);
            QVERIFY_ERROR((*session)->unlock(*(*session)->person(), passphrase("not this one")), ErrorKind::Denied);
        }
        const auto session = elsewhere(address, "asample", environment);
        QVERIFY_RESULT(session);
        const auto closed = (*session)->unlock(*(*session)->person(), passphrase()); // the right one, too late
        QVERIFY_ERROR(closed, ErrorKind::Denied);
        QVERIFY2(closed.error().message.find("closed for 15 minutes") != std::string::npos, closed.error().message.c_str());
        Person other = *(*session)->person();
        other.id = PersonId::of("someone-else");
        QCOMPARE((*session)->attempts(other).attemptsLeft(), services::AttemptLimit::kAttempts); // counted for each person

        const auto fresh = elsewhere(address, "asample", testEnvironment(1)); // another run of the program: the record remembers
        QVERIFY_RESULT(fresh);
        QVERIFY_ERROR((*fresh)->unlock(*(*fresh)->person(), passphrase()), ErrorKind::Denied);
        QVERIFY((*fresh)->attempts(*(*fresh)->person()).isClosed(std::chrono::steady_clock::now()));
    }

    void workThatLacksHelpWaitsAndGoesOn_data() { forEachBackend(); }
    void workThatLacksHelpWaitsAndGoesOn()
    {
        QFETCH(QString, backend);
        const std::string address = freshDatabase(backend, m_folder);
        QVERIFY_RESULT(freshWorkspace(address, testEnvironment(1)));
        services::Workspace workspace(testEnvironment(99));
        bool isOpen = false;
        workspace.open({*database::Location::parse(address), {}, false, {}}, this, [&](const Status &status) { isOpen = status.ok(); });
        QTRY_VERIFY_WITH_TIMEOUT(isOpen && workspace.state().isOpen, 20000);
        QVERIFY(!workspace.state().isDeviceEnrolled);

        std::optional<Result<services::ImportOutcome>> outcome;
        const auto import = [file = metrics(QStringLiteral("w.csv"))](services::Session &session, const Progress &progress) { return services::importMetrics(session, file, progress); };
        const auto told = [&](const Result<services::ImportOutcome> &result) { outcome = result; };
        // Nobody can be asked: the refusal is told at once.
        workspace.start(this, QStringLiteral("Importing"), import, told);
        QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), 20000);
        QCOMPARE(outcome->error().hint, std::string(hint::kChoosePerson));

        QSignalSpy wanted(&workspace, &services::Workspace::helpWanted);
        QSignalSpy ended(&workspace, &services::Workspace::jobFinished);
        outcome.reset();
        const int job = workspace.start(this, QStringLiteral("Importing"), import, told);
        QTRY_COMPARE_WITH_TIMEOUT(wanted.size(), 1, 20000);
        QCOMPARE(wanted.last().first().toString(), QString::fromLatin1(hint::kChoosePerson));
        QVERIFY(!outcome && ended.isEmpty());
        workspace.setPerson(QStringLiteral("asample"), this, [&](const Status &) { workspace.goOn(); });
        QTRY_COMPARE_WITH_TIMEOUT(wanted.size(), 2, 20000); // and then the computer is not known
        QCOMPARE(wanted.last().first().toString(), QString::fromLatin1(hint::kEnrolDevice));
        workspace.giveUp();
        QVERIFY(outcome.has_value());
        QCOMPARE(outcome->error().hint, std::string(hint::kEnrolDevice));
        QTRY_COMPARE(ended.size(), 1);
        QCOMPARE(ended.first().first().toInt(), job);

        outcome.reset();
        workspace.start(this, QStringLiteral("Importing"), import, told);
        QTRY_COMPARE_WITH_TIMEOUT(wanted.size(), 3, 20000);
        const auto enrol = [](services::Session &session) -> Status {
            const auto key = session.unlock(*session.person(), passphrase());
            return key ? services::enrolDevice(session, *session.person(), **key) : Status(key.error());
        };
        workspace.run(this, enrol, [&](const Status &status) { status ? workspace.goOn() : workspace.giveUp(); });
        QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), 20000);
        QVERIFY_RESULT(*outcome);
        QCOMPARE((*outcome)->observations, std::int64_t(3));
        QVERIFY(workspace.state().isDeviceEnrolled);
        QTRY_COMPARE(ended.size(), 2);
        QCOMPARE(wanted.size(), 3);
    }

    void whoeverAskedMayBeGoneWhenHelpComes()
    {
        const std::string address = freshDatabase(QStringLiteral("SQLite"), m_folder);
        QVERIFY_RESULT(freshWorkspace(address, testEnvironment(1)));
        services::Workspace workspace(testEnvironment(99));
        workspace.open({*database::Location::parse(address), {}, false, "asample"}, this, [](const Status &) {});
        QTRY_VERIFY_WITH_TIMEOUT(workspace.state().isOpen, 20000);
        QSignalSpy wanted(&workspace, &services::Workspace::helpWanted);
        QSignalSpy ended(&workspace, &services::Workspace::jobFinished);
        auto page = std::make_unique<QObject>();
        bool isTold = false;
        const auto checkpoint = [](services::Session &session, const Progress &) { return services::publishCheckpoint(session); };
        workspace.start(page.get(), QStringLiteral("Signing"), checkpoint, [&](const Result<std::string> &) { isTold = true; });
        QTRY_COMPARE_WITH_TIMEOUT(wanted.size(), 1, 20000);
        page.reset();
        workspace.goOn();
        QTRY_COMPARE(ended.size(), 1);
        workspace.start(this, QStringLiteral("Signing"), checkpoint, [&](const Result<std::string> &) { isTold = true; });
        QTRY_COMPARE_WITH_TIMEOUT(wanted.size(), 2, 20000);
        QVERIFY(!isTold);
        workspace.close(); // what waits is told that nothing comes
        QVERIFY(isTold);
    }

    void sentencesNameNeitherOptionsNorCommands()
    {
        const std::string address = freshDatabase(QStringLiteral("SQLite"), m_folder);
        const auto created = freshWorkspace(address, testEnvironment(1));
        QVERIFY_RESULT(created);
        auto &session = **created;
        QVERIFY_RESULT(services::importMetrics(session, metrics(QStringLiteral("s.csv")), {}));
        const auto stranger = elsewhere(address, {});
        QVERIFY_RESULT(stranger);
        const Person ada = *session.person();
        const auto key = session.unlock(ada, passphrase());
        const std::pair<Error, const char *> failures[] = {
            {services::findSubject(session, "none").error(), hint::kListModels},
            {services::findVersionSubject(session, "credit-pd/9").error(), hint::kListVersions},
            {services::findRule(session, "none").error(), hint::kListLimits},
            {services::loadBundle(session, "00").error(), hint::kFreezeReview},
            {services::undoImport(session, "I-77", "mistake").error(), hint::kListImports},
            {services::addPerson(session, {"Ada Second", "asample", {Role::Auditor}}, nullptr, ada, **key).error(), hint::kOtherLogin},
            {(*stranger)->deviceSigner().error(), hint::kChoosePerson},
        };
        for (const auto &[error, code] : failures) {
            QCOMPARE(error.hint, std::string(code));
            QVERIFY2(error.text().find("--") == std::string::npos && error.text().find("countersign") == std::string::npos, error.text().c_str());
        }

        // Nothing is the beginning of everything: it must not name the only limit or review there is.
        Rule rule;
        rule.metric = "auc";
        rule.limit = 0.7;
        QVERIFY_RESULT(services::setRule(session, rule, {}, ada, **key));
        QVERIFY_RESULT(services::freezeReview(session, services::findVersionSubject(session, "credit-pd/3.2")->version->id));
        for (const char *nothing : {"", "r:"})
            QVERIFY_ERROR(services::findRule(session, nothing), ErrorKind::Invalid);
        for (const char *nothing : {"", "b:", "sha256:"})
            QVERIFY_ERROR(services::loadBundle(session, nothing), ErrorKind::Invalid);
    }
};

QTEST_GUILESS_MAIN(EnrolmentTest)
#include "tst_enrolment.moc"
