#include "models/services/inventory.h"
#include "models/services/workspace/workspace.h"
#include "models/store/eventbody.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <latch>

using namespace countersign;
using namespace countersign::test;

/// What happens on the lane when the workspace goes away under it.
class WorkspaceLaneTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    /// An open workspace on a fresh database; nullptr with a failed check otherwise.
    std::unique_ptr<services::Workspace> opened(const std::string &address)
    {
        const auto environment = testEnvironment();
        if (const auto made = freshWorkspace(address, environment); !made) {
            qWarning("%s", made.error().text().c_str());
            return nullptr;
        }
        auto workspace = std::make_unique<services::Workspace>(environment);
        services::OpenRequest request;
        request.location = *database::Location::parse(address);
        request.person = "Ada Sample";
        std::optional<Status> outcome;
        QObject context;
        workspace->open(request, &context, [&](const Status &status) { outcome = status; });
        if (!QTest::qWaitFor([&] { return outcome.has_value(); }, 30'000) || !*outcome)
            return nullptr;
        return workspace;
    }

private Q_SLOTS:
    void goingAwayWaitsForWhatRunsAndCancelsIt_data() { forEachBackend(); }
    void goingAwayWaitsForWhatRunsAndCancelsIt()
    {
        QFETCH(QString, backend);
        auto workspace = opened(freshDatabase(backend, m_folder));
        QVERIFY(workspace);
        std::latch isRunning(1);
        std::atomic<bool> sawCancel = false;
        std::atomic<bool> readAfterwards = false;
        bool isTold = false;
        QObject context;
        workspace->start(&context, QStringLiteral("long work"), [&](services::Session &session, const Progress &progress) -> Result<int> {
            isRunning.count_down();
            while (!progress.isCancelled())
                std::this_thread::yield();
            sawCancel = true;
            // The session must still be there: it is read from once more.
            readAfterwards = session.ledger().size().ok();
            return 1;
        }, [&](const Result<int> &) { isTold = true; });
        int behind = 0;
        workspace->run(&context, [&](services::Session &session) -> Result<int> {
            behind = session.ledger().size().ok() ? 1 : -1;
            return 2;
        }, [&](const Result<int> &) { isTold = true; });
        isRunning.wait();
        workspace.reset();
        QVERIFY(sawCancel && readAfterwards);
        QCOMPARE(behind, 1); // what was queued ran in its turn, on a session that was still open
        QCoreApplication::processEvents(); // answers that came after the end are nobody's to crash on
        static_cast<void>(isTold);
    }

    void aWriteUnderWayWhenItGoesAwayIsWholeOrNothing_data() { forEachBackend(); }
    void aWriteUnderWayWhenItGoesAwayIsWholeOrNothing()
    {
        QFETCH(QString, backend);
        const auto address = freshDatabase(backend, m_folder);
        auto workspace = opened(address);
        QVERIFY(workspace);
        std::latch isWriting(1);
        QObject context;
        workspace->start(&context, QStringLiteral("writing"), [&](services::Session &session, const Progress &progress) -> Result<int> {
            const auto signer = session.deviceSigner();
            auto journal = services::Journal::begin(session);
            if (!signer || !journal)
                return Error{ErrorKind::Invalid, "The journal did not begin.", {}};
            const json::Value now = store::timeValue(session.now());
            for (int i = 0; !progress.isCancelled(); ++i) {
                const auto seq = services::recordInventory(**journal, "model.register",
                                                           {{"createdAt", now}, {"model", ModelId::of(session.environment().randomness->uuid()).text()},
                                                            {"name", "model " + std::to_string(i)}, {"source", "test"}, {"sourceKey", std::to_string(i)}, {"updatedAt", now}},
                                                           *signer);
                if (!seq)
                    return seq.error();
                if (i == 20)
                    isWriting.count_down();
            }
            return Error{ErrorKind::Cancelled, "Cancelled.", {}};
        }, [](const Result<int> &) {});
        isWriting.wait();
        workspace.reset();
        services::OpenRequest request;
        request.location = *database::Location::parse(address);
        const auto again = services::Session::open(request, testEnvironment());
        QVERIFY_RESULT(again);
        QVERIFY(!(*again)->damage());
        QCOMPARE(*(*again)->ledger().size(), std::uint64_t(2)); // genesis and this computer's key
        store::Statements sql((*again)->connection());
        QCOMPARE(sql.integer("SELECT count(*) FROM model").value_or(-1), 0);
    }

    // A state of the past takes the place of the present for all that follows, until somebody returns.
    void looksBackAndReturns_data() { forEachBackend(); }
    void looksBackAndReturns()
    {
        QFETCH(QString, backend);
        auto workspace = opened(freshDatabase(backend, m_folder));
        QVERIFY(workspace);
        QObject context;
        const auto sizeOf = [&] {
            std::optional<std::uint64_t> size;
            workspace->run(&context, [](services::Session &session) -> Result<std::uint64_t> { return session.ledger().size(); }, [&](const Result<std::uint64_t> &got) { size = got ? *got : 0; });
            return QTest::qWaitFor([&] { return size.has_value(); }, 30'000) ? *size : 0;
        };
        const auto lookBack = [&](std::uint64_t size) -> Status {
            services::AsOfPoint point;
            point.size = size;
            std::optional<Status> outcome;
            workspace->viewAsOf(point, &context, [&](const Status &status) { outcome = status; });
            return QTest::qWaitFor([&] { return outcome.has_value(); }, 30'000) ? *outcome : Status(Error{ErrorKind::Io, "It never came.", {}});
        };
        const auto now = sizeOf();
        QCOMPARE(now, std::uint64_t{2}); // genesis and this computer
        const std::string place = workspace->state().location.text();
        std::vector<services::ChangeSet> told;
        connect(workspace.get(), &services::Workspace::changed, &context, [&](const services::ChangeSet &changes) { told.push_back(changes); });
        QVERIFY_ERROR(lookBack(99), ErrorKind::NotFound);
        QVERIFY(told.empty());
        QVERIFY(!workspace->state().asOf);
        QVERIFY_RESULT(lookBack(1));
        QTRY_COMPARE(told.size(), std::size_t{1});
        QVERIFY(workspace->state().asOf);
        QCOMPARE(workspace->state().asOf->size, std::uint64_t{1});
        QCOMPARE(workspace->state().asOf->headSize, now);
        QCOMPARE(workspace->state().ledgerSize, std::uint64_t{1});
        QVERIFY(workspace->state().isReadOnly);
        QVERIFY(workspace->state().hindrance().contains(QStringLiteral("as of")));
        QCOMPARE(workspace->state().location.text(), place); // that of the present
        QCOMPARE(sizeOf(), std::uint64_t{1});
        QVERIFY_RESULT(lookBack(2)); // from one past to another
        QCOMPARE(sizeOf(), std::uint64_t{2});
        QVERIFY_ERROR(lookBack(0), ErrorKind::NotFound); // what is shown stays
        QCOMPARE(workspace->state().asOf->size, std::uint64_t{2});
        told.clear();
        workspace->returnToNow();
        QTRY_VERIFY(!workspace->state().asOf);
        QTRY_COMPARE(told.size(), std::size_t{1});
        QVERIFY(!workspace->state().isReadOnly);
        QVERIFY(workspace->state().hindrance().isEmpty());
        QCOMPARE(sizeOf(), now);
        // Closed while looking back, it goes away whole.
        QVERIFY_RESULT(lookBack(1));
        workspace->close();
        QTRY_VERIFY(!workspace->state().isOpen);
        QVERIFY(!workspace->state().asOf);
    }

    void aContextThatDiedIsNotCalled()
    {
        auto workspace = opened(m_folder.file("context.countersign").string());
        QVERIFY(workspace);
        std::latch isRunning(1);
        std::latch mayEnd(1);
        bool isTold = false;
        auto context = std::make_unique<QObject>();
        workspace->run(context.get(), [&](services::Session &) -> Result<int> {
            isRunning.count_down();
            mayEnd.wait();
            return 1;
        }, [&](const Result<int> &) { isTold = true; });
        isRunning.wait();
        context.reset();
        mayEnd.count_down();
        bool isNext = false;
        QObject other;
        workspace->run(&other, [](services::Session &) -> Result<int> { return 2; }, [&](const Result<int> &) { isNext = true; });
        QTRY_VERIFY(isNext);
        QVERIFY(!isTold);
    }
};

QTEST_GUILESS_MAIN(WorkspaceLaneTest)
#include "tst_workspacelane.moc"
