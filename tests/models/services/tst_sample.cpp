#include "models/services/sample/sample.h"
#include "models/services/workspace/verification.h"
#include "models/store/queries/inventoryquery.h"
#include "models/store/queries/queries.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <fstream>

#include <QElapsedTimer>
#include <QtTest>

using namespace countersign;
using namespace countersign::test;

class SampleTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    Result<std::unique_ptr<services::Session>> open(const std::filesystem::path &file, const services::Environment &environment)
    {
        return services::Session::open({database::Location::sqlite(file), {}, false, "admin"}, environment);
    }

private Q_SLOTS:
    void showsEveryState()
    {
        const auto environment = testEnvironment();
        const auto file = m_folder.file("sample.countersign");
        QElapsedTimer timer;
        timer.start();
        QVERIFY_RESULT(services::makeSample({file, false}, environment, {}));
        qInfo("sample made in %lld ms, %lld KiB", timer.elapsed(), static_cast<long long>(std::filesystem::file_size(file) / 1024));
        const auto session = open(file, environment);
        QVERIFY_RESULT(session);
        QVERIFY((*session)->isSample());
        const auto facets = store::inventoryFacets((*session)->connection(), {}, (*session)->now());
        QVERIFY_RESULT(facets);
        QCOMPARE(facets->all, 12);
        for (const auto &[state, count] : facets->verdicts)
            qInfo("%s: %lld", std::string(verdictTitle(state)).c_str(), static_cast<long long>(count));
        for (const auto state : {VerdictState::Fail, VerdictState::Watch, VerdictState::Pass, VerdictState::NotEnoughData, VerdictState::NotJudged})
            QVERIFY2(facets->verdicts.contains(state), std::string(verdictTitle(state)).c_str());
        for (const int state : {0, 1, 2, 3})
            QVERIFY2(facets->signStates.contains(state), std::to_string(state).c_str());
        QVERIFY_RESULT((*session)->deviceSigner()); // work can begin at once
        const auto verification = services::verifyWorkspace((*session)->connection(), {});
        QVERIFY_RESULT(verification);
        for (const auto &finding : verification->findings)
            qWarning("%s", finding.sentence.c_str());
        QVERIFY(verification->isIntact());
    }

    void isTheSameEveryTime()
    {
        const auto environment = testEnvironment();
        Digest roots[2];
        for (int i = 0; i < 2; ++i) {
            const auto file = m_folder.file("same" + std::to_string(i));
            QVERIFY_RESULT(services::makeSample({file, false}, environment, {}));
            const auto session = open(file, environment);
            QVERIFY_RESULT(session);
            roots[i] = (*session)->verifiedHead().root;
        }
        QCOMPARE(roots[0].hex(), roots[1].hex());
    }

    void tamperedCopyIsFoundOut()
    {
        const auto environment = testEnvironment();
        const auto file = m_folder.file("tampered.countersign");
        QVERIFY_RESULT(services::makeSample({file, true}, environment, {}));
        const auto session = open(file, environment);
        QVERIFY_RESULT(session);
        const auto verification = services::verifyWorkspace((*session)->connection(), {});
        QVERIFY_RESULT(verification);
        QCOMPARE(verification->problems, 1U);
        QVERIFY(verification->findings.front().sentence.starts_with("Table observation, row series "));
        QVERIFY(verification->findings.front().sentence.find("value is 0.7613 in the table; the ledger says ") != std::string::npos);
    }

    void refusesToReplaceAFile()
    {
        const auto file = m_folder.file("there");
        { std::ofstream(file) << "mine"; }
        QVERIFY_ERROR(services::makeSample({file, false}, testEnvironment(), {}), ErrorKind::Conflict);
        QCOMPARE(std::filesystem::file_size(file), 4U);
    }
};

QTEST_GUILESS_MAIN(SampleTest)
#include "tst_sample.moc"
