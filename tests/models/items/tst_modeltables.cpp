#include "models/items/inventory/historytable.h"
#include "models/items/inventory/versionstable.h"
#include "models/items/review/signoffstable.h"
#include "models/items/review/verdictstable.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace countersign;
using namespace countersign::items;

namespace {

store::VersionRow version(const char *id, const char *label, VerdictState verdict, int signOffs, int stale)
{
    store::VersionRow row;
    row.version.id = VersionId::of(id);
    row.version.label = label;
    row.version.stage = Stage::InUse;
    row.version.aliases = {"champion", "eu\u202E"};
    row.version.artifactUri = "s3://models/x";
    row.version.createdAt = *parseUtc("2026-02-03T10:17:22.000Z");
    row.verdict = verdict;
    row.verdictSentence = "Fails 1 of 2 limits.";
    row.signOffs = signOffs;
    row.staleSignOffs = stale;
    return row;
}

JudgedLimit limit(VerdictState state, double value)
{
    JudgedLimit row;
    row.rule = "AUC is at least .700";
    row.verdict.rule = RuleId::of("1");
    row.verdict.state = state;
    row.verdict.metric = "auc";
    row.verdict.slice = *Slice::parse("sex=F");
    row.verdict.sentence = "AUC .682 is below the limit of at least .700.";
    Observation observation;
    observation.window = {*parseUtc("2026-01-01T00:00:00.000Z"), *parseUtc("2026-02-01T00:00:00.000Z")};
    observation.value = value;
    observation.n = 4812;
    observation.lower = 0.67;
    observation.upper = 0.694;
    row.verdict.observation = observation;
    return row;
}

store::SignOffRow signOff(const char *id, Decision decision, bool isStale)
{
    store::SignOffRow row;
    row.signOff.id = SignOffId::of(id);
    row.signOff.personName = "Ada Sample";
    row.signOff.role = Role::ComplianceOfficer;
    row.signOff.decision = decision;
    row.signOff.meaning = "Approved\nfor use";
    row.signOff.signedAt = *parseUtc("2026-02-03T10:17:22.000Z");
    row.signOff.entry = 17;
    row.signOff.isStale = isStale;
    return row;
}

store::ChangeRow change(std::int64_t entry, const char *field, std::optional<std::string> before, std::optional<std::string> after)
{
    store::ChangeRow row;
    row.entry = entry;
    row.at = *parseUtc("2026-02-03T10:17:22.000Z");
    row.actorName = "Ada Sample";
    row.what = "model";
    row.field = field;
    row.before = std::move(before);
    row.after = std::move(after);
    row.summary = "imported metrics.csv";
    return row;
}

QString cell(const QAbstractItemModel &model, int column, int row = 0)
{
    return model.index(row, column).data().toString();
}

} // namespace

class TestModelTables : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void versionsSayTheirStateInWords()
    {
        VersionsTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setRows({version("a", "3.2", VerdictState::Fail, 2, 1), version("b", "3.1", VerdictState::Pass, 0, 0), version("c", "3", VerdictState::Pass, 1, 0)});
        QCOMPARE(table.rowCount(), 3);
        QCOMPARE(cell(table, VersionsTable::Label), QStringLiteral("3.2"));
        QCOMPARE(cell(table, VersionsTable::Aliases), QStringLiteral("champion, eu\\u{202E}")); // nothing turns the line round
        QCOMPARE(cell(table, VersionsTable::Stage), QStringLiteral("In use"));
        QCOMPARE(cell(table, VersionsTable::Verdict), QStringLiteral("Fail"));
        QCOMPARE(cell(table, VersionsTable::SignOffs), QStringLiteral("2, 1 stale"));
        QCOMPARE(cell(table, VersionsTable::SignOffs, 1), QStringLiteral("None"));
        QCOMPARE(cell(table, VersionsTable::SignOffs, 2), QStringLiteral("1"));
        QCOMPARE(cell(table, VersionsTable::Created), QStringLiteral("3 Feb 2026"));
        QCOMPARE(table.index(0, VersionsTable::Verdict).data(VersionsTable::VerdictRole).toInt(), static_cast<int>(VerdictState::Fail));
        QCOMPARE(table.index(0, 0).data(VersionsTable::SignedRole).toInt(), 6); // theme::State::Stale
        QVERIFY(!table.index(1, 0).data(VersionsTable::SignedRole).isValid());
        QCOMPARE(table.index(2, 0).data(VersionsTable::SignedRole).toInt(), static_cast<int>(VerdictState::Pass));
        QCOMPARE(table.index(1, 0).data(VersionsTable::VersionRole).toString(), QStringLiteral("v:b"));
        QVERIFY(table.index(0, VersionsTable::Verdict).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("Fails 1 of 2")));
    }

    void limitsSortByWhatTheyMean()
    {
        VerdictsTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto missing = limit(VerdictState::NotEnoughData, 0);
        missing.verdict.observation.reset();
        missing.rule.clear();
        table.setRows({limit(VerdictState::Fail, 0.682), limit(VerdictState::Pass, std::numeric_limits<double>::quiet_NaN()), missing});
        QCOMPARE(cell(table, VerdictsTable::State), QStringLiteral("Fail"));
        QCOMPARE(cell(table, VerdictsTable::Rule), QStringLiteral("AUC is at least .700"));
        QCOMPARE(cell(table, VerdictsTable::Rule, 2), QStringLiteral("AUC")); // a limit that is gone: its metric
        QCOMPARE(cell(table, VerdictsTable::Group), QStringLiteral("sex=F"));
        QCOMPARE(cell(table, VerdictsTable::Value), QStringLiteral(".682"));
        QCOMPARE(cell(table, VerdictsTable::Value, 1), QStringLiteral("not a number"));
        QCOMPARE(cell(table, VerdictsTable::Value, 2), QStringLiteral("no value"));
        QCOMPARE(cell(table, VerdictsTable::Interval), QStringLiteral("[.670, .694]"));
        QCOMPARE(cell(table, VerdictsTable::Count), QLocale().toString(4812));
        QCOMPARE(cell(table, VerdictsTable::Window), QStringLiteral("Jan 2026"));
        QCOMPARE(table.index(0, VerdictsTable::Value).data(VerdictsTable::SortRole).toDouble(), 0.682);
        QVERIFY(!table.index(2, VerdictsTable::Value).data(VerdictsTable::SortRole).isValid());
        QCOMPARE(table.index(0, 0).data(VerdictsTable::VerdictRole).toInt(), static_cast<int>(VerdictState::Fail));
    }

    void signOffsSayHowTheyStandToday_data()
    {
        QTest::addColumn<bool>("isApproved");
        QTest::addColumn<bool>("isStale");
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("state");
        QTest::newRow("approved") << true << false << QStringLiteral("Approved") << 4;
        QTest::newRow("stale") << true << true << QStringLiteral("Approved, stale") << 6;
        QTest::newRow("rejected") << false << false << QStringLiteral("Rejected") << 0;
        QTest::newRow("rejected, stale") << false << true << QStringLiteral("Rejected, stale") << 6;
    }
    void signOffsSayHowTheyStandToday()
    {
        QFETCH(bool, isApproved);
        QFETCH(bool, isStale);
        SignOffsTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setRows({signOff("1", isApproved ? Decision::Approve : Decision::Reject, isStale)});
        QTEST(cell(table, SignOffsTable::State), "words");
        QTEST(table.index(0, 0).data(SignOffsTable::StateRole).toInt(), "state");
        QCOMPARE(cell(table, SignOffsTable::Role), QStringLiteral("Compliance officer"));
        QCOMPARE(cell(table, SignOffsTable::Meaning), QStringLiteral("Approved\\nfor use")); // one line
        QCOMPARE(cell(table, SignOffsTable::Signed), QStringLiteral("3 Feb 2026 10:17 UTC"));
        QCOMPARE(cell(table, SignOffsTable::Entry), QStringLiteral("17"));
    }

    void historyShowsOldAndNew()
    {
        HistoryTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setRows({change(9, "useCase", std::nullopt, "Retail"), change(8, "owner", "J. Doe", ""), change(7, "", std::nullopt, std::nullopt), change(6, "tags/x", "1", "2")});
        QCOMPARE(cell(table, HistoryTable::Field), QStringLiteral("Use case"));
        QCOMPARE(cell(table, HistoryTable::Change), QStringLiteral("nothing → Retail"));
        QCOMPARE(cell(table, HistoryTable::Change, 1), QStringLiteral("J. Doe → nothing"));
        QCOMPARE(cell(table, HistoryTable::Change, 2), QStringLiteral("imported metrics.csv"));
        QCOMPARE(cell(table, HistoryTable::Field, 3), QStringLiteral("tags/x"));
        QCOMPARE(table.index(2, 0).data(HistoryTable::EntryRole).toLongLong(), 7);
    }

    void theSameRowsKeepTheirPlace()
    {
        VersionsTable table;
        QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        table.setRows({version("a", "2", VerdictState::Fail, 0, 0), version("b", "1", VerdictState::Pass, 0, 0)});
        QSignalSpy reset(&table, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&table, &QAbstractItemModel::dataChanged);
        const QPersistentModelIndex kept = table.index(1, 0);
        table.setRows({version("a", "2", VerdictState::Pass, 0, 0), version("b", "1", VerdictState::Pass, 0, 0)});
        QCOMPARE(reset.count(), 0);
        QCOMPARE(changed.count(), 1);
        QVERIFY(kept.isValid());
        QCOMPARE(cell(table, VersionsTable::Verdict), QStringLiteral("Pass"));
        table.setRows({version("c", "3", VerdictState::Pass, 0, 0)});
        QCOMPARE(reset.count(), 1);
        table.setRows({});
        QCOMPARE(table.rowCount(), 0);
        QCOMPARE(table.rowAt(0), nullptr);
    }

    void everyColumnHasAHead_data()
    {
        QTest::addColumn<QAbstractItemModel *>("model");
        QTest::newRow("versions") << static_cast<QAbstractItemModel *>(new VersionsTable(this));
        QTest::newRow("limits") << static_cast<QAbstractItemModel *>(new VerdictsTable(this));
        QTest::newRow("sign-offs") << static_cast<QAbstractItemModel *>(new SignOffsTable(this));
        QTest::newRow("history") << static_cast<QAbstractItemModel *>(new HistoryTable(this));
    }
    void everyColumnHasAHead()
    {
        QFETCH(QAbstractItemModel *, model);
        QVERIFY(model->columnCount() >= 6);
        for (int column = 0; column < model->columnCount(); ++column)
            QVERIFY(!model->headerData(column, Qt::Horizontal).toString().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestModelTables)
#include "tst_modeltables.moc"
