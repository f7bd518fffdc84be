#include "models/report/document.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::report;

class TestDocument : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void headingsTablesAndFiguresAreNumbered();
    void signatureTimesNameBothClocks();
    void aNotJudgedVerdictHasNoMark();
};

void TestDocument::headingsTablesAndFiguresAreNumbered()
{
    Document document;
    document.add(Cover{});
    document.add(Heading{1, "Summary"});
    document.add(Table{"Targets", {}, {}, {}});
    document.add(Heading{2, "Details"});
    document.add(Table{"More", {}, {}, {}});
    document.add(Table{"", {}, {}, {}});
    document.add(Heading{1, "Contents", false});
    document.add(Heading{1, "Performance"});
    document.add(Chart{{}, "AUC by month"});
    document.add(Heading{2, "By group"});
    document.add(Heading{3, "Age"});
    document.add(Table{"Groups", {}, {}, {}});
    const std::vector<std::string> expected{"", "1", "1.1", "1.1", "1.2", "", "", "2", "2.1", "2.1", "2.1.1", "2.1"};
    QCOMPARE(blockNumbers(document), expected);
}

void TestDocument::signatureTimesNameBothClocks()
{
    SignatureBlock block;
    block.signedAt = parseTime("2026-02-03T10:17:22Z").value();
    block.utcOffsetMinutes = 60;
    block.zoneName = "CET";
    block.clock = "database clock";
    QCOMPARE(signatureTime(block), std::string("3 February 2026 11:17:22 CET (10:17:22 UTC, database clock)"));
    block.signedAt = parseTime("2026-02-03T23:30:00Z").value();
    block.zoneName.clear();
    QCOMPARE(signatureTime(block), std::string("4 February 2026 00:30:00 UTC+01:00 (3 February 2026 23:30:00 UTC, database clock)"));
    block.utcOffsetMinutes = 0;
    block.clock.clear();
    QCOMPARE(signatureTime(block), std::string("3 February 2026 23:30:00 UTC"));
}

void TestDocument::aNotJudgedVerdictHasNoMark()
{
    QCOMPARE(markOf(VerdictState::NotJudged), Mark::None);
    QCOMPARE(markOf(VerdictState::Fail), Mark::Fail);
}

QTEST_GUILESS_MAIN(TestDocument)
#include "tst_document.moc"
