#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/review/review.h"
#include "models/services/review/rules.h"
#include "models/services/workspace/verification.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <fstream>

using namespace countersign;
using namespace countersign::test;

namespace {

std::string metricsFile(const TemporaryFolder &folder, const QString &name, const std::string &text)
{
    const std::string path = folder.filePath(name).toStdString();
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

constexpr const char *kMetrics = "model,version,metric,slice,window_start,window_end,value,n\n"
                                 "credit-pd,3.1,auc,,2026-01-01,2026-02-01,0.741,4800\n"
                                 "credit-pd,3.2,auc,,2026-01-01,2026-02-01,0.7130,4812\n"
                                 "credit-pd,3.2,auc,,2026-02-01,2026-03-01,0.693,4812\n"
                                 "credit-pd,3.2,auc,sex=F,2026-02-01,2026-03-01,0.68,2100\n"
                                 "credit-pd,3.2,auc,sex=M,2026-02-01,2026-03-01,NaN,12\n"
                                 "churn <b>x</b>,1,brier,,2026-02-01,2026-03-01,0.11,\n";

Rule aucRule(double limit)
{
    Rule rule;
    rule.metric = "auc";
    rule.direction = Direction::AtLeast;
    rule.limit = limit;
    return rule;
}

} // namespace

class RecordTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

private Q_SLOTS:
    void wholeJourneyVerifies_data() { forEachBackend(); }
    void wholeJourneyVerifies()
    {
        QFETCH(QString, backend);
        const auto environment = testEnvironment();
        const auto created = freshWorkspace(freshDatabase(backend, m_folder), environment);
        QVERIFY_RESULT(created);
        auto &session = **created;
        const Person ada = *session.person();
        const auto key = session.unlock(ada, passphrase());
        QVERIFY_RESULT(key);

        const auto file = metricsFile(m_folder, QStringLiteral("metrics.csv"), kMetrics);
        const auto preview = services::previewMetrics(session, file, {});
        QVERIFY_RESULT(preview);
        QCOMPARE(preview->models, 2);
        QCOMPARE(preview->observations, 6);
        QCOMPARE(*session.ledger().size(), 2U); // genesis and device: a preview leaves nothing

        const auto outcome = services::importMetrics(session, file, {});
        QVERIFY_RESULT(outcome);
        QCOMPARE(outcome->versions, 3);
        QCOMPARE(outcome->observations, 6);
        const auto again = services::importMetrics(session, file, {});
        QVERIFY_RESULT(again);
        QCOMPARE(again->alreadyImported, std::string("I-1"));

        const auto rule = services::setRule(session, aucRule(0.70), {}, ada, **key);
        QVERIFY_RESULT(rule);
        const auto subject = services::findVersionSubject(session, "credit-pd/3.2");
        QVERIFY_RESULT(subject);
        const auto row = store::versionRow(session.connection(), subject->version->id, session.now());
        QVERIFY_RESULT(row);
        QCOMPARE(row->verdict, VerdictState::Fail);
        QCOMPARE(row->verdictSentence, std::string("Fails 1 of 1 limit: AUC .693 is below the limit of at least .700."));

        const auto bundle = services::freezeReview(session, subject->version->id);
        QVERIFY_RESULT(bundle);
        services::SignRequest request;
        request.id = environment.randomness->uuid();
        request.bundle = bundle->id;
        request.decision = Decision::Approve;
        request.meaning = "Validated: independent validation performed";
        const auto receipt = services::sign(session, request, ada, **key);
        QVERIFY_RESULT(receipt);
        QVERIFY(receipt->sentence.find("with 1 failed limit") != std::string::npos);
        const auto secondClick = services::sign(session, request, ada, **key);
        QVERIFY_RESULT(secondClick);
        QCOMPARE(secondClick->entry, receipt->entry);

        auto verification = services::verifyWorkspace(session.connection(), {});
        QVERIFY_RESULT(verification);
        for (const auto &finding : verification->findings)
            qWarning("%s", finding.sentence.c_str());
        QVERIFY(verification->isIntact());
        QVERIFY(verification->checkpointSize.has_value());

        // New values make the sign-off stale, and say what changed.
        const auto later = metricsFile(m_folder, QStringLiteral("later.csv"),
                                       "model,version,metric,window_start,window_end,value,n\ncredit-pd,3.2,auc,2026-03-01,2026-04-01,0.72,4700\n"
                                       "credit-pd,3.2,auc,2026-02-01,2026-03-01,0.694,4812\n");
        const auto second = services::importMetrics(session, later, {});
        QVERIFY_RESULT(second);
        QCOMPARE(second->restated, 1);
        auto signOffs = store::listSignOffs(session.connection(), subject->version->id);
        QVERIFY_RESULT(signOffs);
        QVERIFY(signOffs->front().signOff.isStale);
        QVERIFY(!signOffs->front().signOff.changes.empty());
        QVERIFY_ERROR(services::sign(session, [&] { auto r = request; r.id = environment.randomness->uuid(); return r; }(), ada, **key), ErrorKind::Conflict);

        QVERIFY_RESULT(services::undoImport(session, "I-2", "wrong file"));
        signOffs = store::listSignOffs(session.connection(), subject->version->id);
        QVERIFY_RESULT(signOffs);
        QVERIFY(!signOffs->front().signOff.isStale); // the same inputs again
        QVERIFY_ERROR(services::undoImport(session, "I-1", "no"), ErrorKind::Denied);

        verification = services::verifyWorkspace(session.connection(), {});
        QVERIFY_RESULT(verification);
        for (const auto &finding : verification->findings)
            qWarning("%s", finding.sentence.c_str());
        QVERIFY(verification->isIntact());

        // A row changed behind the program's back is named, with both values, the entry, and who wrote it.
        store::Statements sql(session.connection());
        sql.run("UPDATE observation SET value = 0.99 WHERE value = 0.693");
        QVERIFY_RESULT(sql.status());
        verification = services::verifyWorkspace(session.connection(), {});
        QVERIFY_RESULT(verification);
        QVERIFY(!verification->isIntact());
        QVERIFY(verification->findings.front().sentence.find("value is 0.99 in the table; the ledger says 0.693") != std::string::npos);
        QCOMPARE(verification->findings.front().entryBy, std::string("Ada Sample"));
    }
};

QTEST_GUILESS_MAIN(RecordTest)
#include "tst_record.moc"
