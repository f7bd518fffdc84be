#include "models/importers/rejectedrows.h"
#include "models/items/audit/discrepancytable.h"
#include "models/items/imports/importstable.h"
#include "models/items/imports/rejectedtable.h"
#include "models/items/review/peopletable.h"
#include "models/items/review/rulestable.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace countersign;
using namespace countersign::items;

class TestRecordTables : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void limitsAreSentencesWithWhatTheyFind();
    void peopleShowRolesAndKeys();
    void importsSayWhatTheyBrought();
    void rejectedRowsShowWhatCannotBeSeen();
    void rejectedRowsAsAFileAreHarmless();
    void findingsPointToTheirEntry();
    void theSameRowsKeepTheirPlaces();
};

namespace {

QString cell(const QAbstractItemModel &model, int row, int column)
{
    return model.index(row, column).data().toString();
}

LimitRow limit(const char *id, double edge)
{
    LimitRow row;
    row.rule.id = RuleId::of(id);
    row.rule.metric = "auc";
    row.rule.limit = edge;
    return row;
}

} // namespace

void TestRecordTables::limitsAreSentencesWithWhatTheyFind()
{
    RulesTable table;
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    LimitRow failing = limit("r:a", .7);
    failing.usage = {.versions = 12, .fail = 3};
    LimitRow groups = limit("r:b", .6);
    groups.rule.attribute = "sex";
    groups.rule.tiers = {1};
    groups.rule.inForceFrom = *parseUtc("2026-03-01T00:00:00.000Z");
    groups.usage = {.versions = 1};
    LimitRow idle = limit("r:c", .5);
    idle.rule.model = ModelId::of("m:1");
    idle.modelName = "churn\u202Eevil";
    table.setRows({failing, groups, idle});
    QCOMPARE(cell(table, 0, RulesTable::Now), QStringLiteral("3 of 12 fail"));
    QCOMPARE(table.index(0, RulesTable::Now).data(RulesTable::StateRole).toInt(), static_cast<int>(VerdictState::Fail));
    QVERIFY(cell(table, 0, RulesTable::Sentence).contains(QStringLiteral("at least .700")));
    QCOMPARE(cell(table, 0, RulesTable::Scope), QStringLiteral("All models, overall value"));
    QCOMPARE(cell(table, 0, RulesTable::Since), QStringLiteral("everything recorded"));
    QCOMPARE(cell(table, 1, RulesTable::Scope), QStringLiteral("Tier 1, every sex group"));
    QCOMPARE(cell(table, 1, RulesTable::Since), QStringLiteral("1 Mar 2026"));
    QCOMPARE(cell(table, 1, RulesTable::Now), QStringLiteral("The only one passes"));
    QCOMPARE(cell(table, 2, RulesTable::Now), QStringLiteral("Nothing judged"));
    QVERIFY(!cell(table, 2, RulesTable::Scope).contains(QChar(0x202E)));
    QCOMPARE(table.rowOf(RuleId::of("r:b")), 1);
    QCOMPARE(table.rowOf(RuleId::of("r:z")), -1);
}

void TestRecordTables::peopleShowRolesAndKeys()
{
    PeopleTable table;
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    Person ada;
    ada.id = PersonId::of("p:1");
    ada.name = "Ada Sample";
    ada.roles = {countersign::Role::Validator, countersign::Role::Administrator};
    ada.hasKey = true;
    Person ben = ada;
    ben.id = PersonId::of("p:2");
    ben.hasKey = false;
    table.setRows({ada, ben});
    QCOMPARE(cell(table, 0, PeopleTable::Roles), QStringLiteral("Validator, Administrator"));
    QCOMPARE(cell(table, 0, PeopleTable::Key), QStringLiteral("Can sign"));
    QCOMPARE(cell(table, 1, PeopleTable::Key), QStringLiteral("No key"));
    QSignalSpy changes(&table, &QAbstractItemModel::dataChanged);
    table.setWorking(ben.id);
    table.setWorking(ben.id);
    QCOMPARE(changes.size(), 1);
    QVERIFY(cell(table, 0, PeopleTable::Here).isEmpty());
    QCOMPARE(cell(table, 1, PeopleTable::Here), QStringLiteral("Works here now"));
}

void TestRecordTables::importsSayWhatTheyBrought()
{
    ImportsTable table;
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    store::ImportRow one;
    one.no = 41;
    one.models = 1;
    one.observations = 41208;
    store::ImportRow undone;
    undone.no = 40;
    undone.undoneBy = 12408;
    table.setRows({one, undone});
    QCOMPARE(cell(table, 0, ImportsTable::Number), QStringLiteral("I-41"));
    QCOMPARE(cell(table, 0, ImportsTable::Brought), QStringLiteral("1 model, 41,208 values"));
    QVERIFY(cell(table, 0, ImportsTable::State).isEmpty());
    QCOMPARE(cell(table, 1, ImportsTable::Brought), QStringLiteral("nothing new"));
    QCOMPARE(cell(table, 1, ImportsTable::State), QStringLiteral("Undone by entry 12,408"));
}

void TestRecordTables::rejectedRowsShowWhatCannotBeSeen()
{
    RejectedTable table;
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    table.setRows({{1, 2, "value", "Not a number.", "1\u200B2"}, {3, 4, "", "Too long.", ""}});
    QVERIFY(!cell(table, 0, RejectedTable::Text).contains(QChar(0x200B)));
    QCOMPARE(cell(table, 0, RejectedTable::Line), QStringLiteral("2"));
    QCOMPARE(table.index(1, RejectedTable::ColumnName).data(Qt::AccessibleTextRole).toString(), QStringLiteral("the whole row"));
    table.setRows({});
    QCOMPARE(table.rowCount(), 0);
}

void TestRecordTables::rejectedRowsAsAFileAreHarmless()
{
    QCOMPARE(importers::rejectedCsvHead(), std::string("row,line,column,reason,text\r\n"));
    QCOMPARE(importers::rejectedCsvLine({7, 9, "value", "Not \"a\" number.", "=1+1"}), std::string("7,9,\"value\",\"Not \"\"a\"\" number.\",\"'=1+1\"\r\n"));
    QCOMPARE(importers::rejectedCsvLine({7, 9, "", "", "a,b\nc"}), std::string("7,9,\"\",\"\",\"a,b\nc\"\r\n"));
}

void TestRecordTables::findingsPointToTheirEntry()
{
    DiscrepancyTable table;
    const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    table.setRows({{"A value differs.", 8114, "metrics.import", "2026-03-02T09:00:00.000Z", "Ada Sample", {}, false}, {"The head is gone.", -1, "", "", "", {}, false}});
    QCOMPARE(cell(table, 0, DiscrepancyTable::Entry), QStringLiteral("8,114"));
    QCOMPARE(cell(table, 0, DiscrepancyTable::Kind), QStringLiteral("metrics.import"));
    QCOMPARE(cell(table, 0, DiscrepancyTable::Time), QStringLiteral("2 Mar 2026 09:00 UTC"));
    QVERIFY(cell(table, 1, DiscrepancyTable::Entry).isEmpty());
    QCOMPARE(table.index(0, 0).data(DiscrepancyTable::StateRole).toInt(), static_cast<int>(VerdictState::Fail));
}

void TestRecordTables::theSameRowsKeepTheirPlaces()
{
    RulesTable table;
    table.setRows({limit("r:a", .7), limit("r:b", .6)});
    QSignalSpy resets(&table, &QAbstractItemModel::modelReset);
    LimitRow changed = limit("r:a", .8);
    table.setRows({changed, limit("r:b", .6)});
    QCOMPARE(resets.size(), 0);
    QVERIFY(cell(table, 0, RulesTable::Sentence).contains(QStringLiteral(".800")));
    table.setRows({limit("r:b", .6)});
    QCOMPARE(resets.size(), 1);
}

QTEST_GUILESS_MAIN(TestRecordTables)
#include "tst_recordtables.moc"
