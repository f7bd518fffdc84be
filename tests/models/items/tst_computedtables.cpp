#include "models/computed/compute.h"
#include "models/domain/judgement.h"
#include "models/items/computed/disparitiestable.h"
#include "models/items/computed/driftstable.h"
#include "models/items/computed/figurestable.h"
#include "models/items/computed/figuretext.h"
#include "models/items/computed/groupcountstable.h"
#include "models/items/computed/groupfigurestable.h"
#include "models/items/computed/impactstable.h"
#include "models/items/computed/worstslicestable.h"
#include "models/items/imports/logcolumnstable.h"
#include "models/items/imports/logpreviewtable.h"
#include "models/predictions/mapping/guess.h"

#include <QAbstractItemModelTester>
#include <QSortFilterProxyModel>
#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace countersign;
using namespace countersign::items;

namespace {

metrics::Figure figure(double value, double lower, double upper, std::uint64_t n)
{
    metrics::Figure made = metrics::Figure::of(value, n);
    made.interval = metrics::Interval{lower, upper, 0.95, metrics::IntervalMethod::Wilson};
    return made;
}

/// Two groups and a third with a handful of rows, of which none is labelled positive.
computed::ComputedSet set()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath(QStringLiteral("log.csv")).toStdString();
    {
        std::ofstream file(path);
        file << "y_true,score,sex\n";
        for (int i = 0; i < 400; ++i)
            file << (i % 3 == 0) << ',' << (i % 10) / 10.0 << ',' << (i % 4 == 0 ? "F" : "M") << '\n';
        for (int i = 0; i < 5; ++i)
            file << "0,0.2,<b>X</b>\n";
    }
    auto reader = predictions::LogReader::open(path);
    const auto mapping = predictions::guessMapping(reader->sample()).mapping;
    return computed::computeLog(*std::move(reader), mapping, {}).value();
}

} // namespace

class ComputedTablesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void previewMarksCellsThatDoNotLookLikeTheirColumn()
    {
        predictions::Sample sample;
        sample.columns = {"score", "name\u202E"};
        for (int i = 0; i < 60; ++i)
            sample.rows.push_back({i == 7 ? "n/k" : i == 8 ? "" : "0.5", "a"});
        LogPreviewTable table;
        QAbstractItemModelTester tester(&table);
        table.setSample(sample, predictions::defaultMissing());
        QCOMPARE(table.rowCount(), 50);
        QCOMPARE(table.doubts(), QStringList{QStringLiteral("score: 1 of 49 values are not numbers.")});
        QVERIFY(table.hasDoubt(0) && !table.hasDoubt(1));
        QCOMPARE(table.index(7, 0).data(LogPreviewTable::StateRole).toInt(), static_cast<int>(VerdictState::Watch));
        QVERIFY(table.index(7, 0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("Not a number")));
        QVERIFY(!table.index(6, 0).data(LogPreviewTable::StateRole).isValid());
        QCOMPARE(table.index(8, 0).data().toString(), QStringLiteral("(missing)"));
        QVERIFY(table.headerData(1, Qt::Horizontal).toString().contains(QStringLiteral("\\u{202E}"))); // shown, not obeyed
    }

    void aMixedColumnIsNoDoubt()
    {
        predictions::Sample sample;
        sample.columns = {"mixed"};
        for (int i = 0; i < 20; ++i)
            sample.rows.push_back({i % 2 ? "1" : "abc"});
        LogPreviewTable table;
        table.setSample(sample, {});
        QVERIFY(table.doubts().isEmpty());
    }

    void columnsSayWhatNeedsADecision()
    {
        LogColumnsTable table;
        QAbstractItemModelTester tester(&table);
        table.setRows({{QStringLiteral("y"), QStringLiteral("0, 1"), QStringLiteral("Label"), {}, QStringLiteral("the name says so"), false, true}});
        QCOMPARE(table.index(0, LogColumnsTable::Role).data(LogColumnsTable::StateRole).toInt(), static_cast<int>(VerdictState::Watch));
        QCOMPARE(table.headerData(LogColumnsTable::Reason, Qt::Horizontal).toString(), QStringLiteral("Why"));
    }

    void groupsAreCountedBeforeAnyFigure()
    {
        GroupCountsTable table;
        QAbstractItemModelTester tester(&table);
        table.setRows(groupCounts(set()));
        QCOMPARE(table.rowCount(), 4); // everybody and three groups
        QCOMPARE(table.index(0, GroupCountsTable::Count).data().toString(), QStringLiteral("405"));
        QCOMPARE(table.index(0, GroupCountsTable::Share).data().toString(), QStringLiteral("100.0 %"));
        const auto rows = table.rows();
        const auto small = std::ranges::find(rows, std::string("<b>X</b>"), &GroupCount::group);
        QVERIFY(small != rows.end() && small->isSmall && small->positives == 0.0);
        QVERIFY(!rows.front().isSmall);
    }

    void figuresSaySoWhereTheyAreUndefined()
    {
        FiguresTable table;
        QAbstractItemModelTester tester(&table);
        table.setRows({{"recall", figure(0.8, 0.7, 0.9, 100), {}}, {"recall", metrics::Figure::undefined(metrics::Reason::NoPositives, 5), {}}, {"auc", metrics::Figure::of(0.7, 9), 0.002}});
        QCOMPARE(table.index(0, FiguresTable::Value).data().toString(), QStringLiteral(".800"));
        QCOMPARE(table.index(0, FiguresTable::Interval).data().toString(), QStringLiteral("[.700, .900]"));
        QCOMPARE(table.index(1, FiguresTable::Value).data().toString(), QStringLiteral("undefined"));
        QVERIFY(!table.index(1, FiguresTable::Note).data().toString().isEmpty());
        QVERIFY(!table.index(1, FiguresTable::Value).data(FiguresTable::SortRole).isValid());
        QVERIFY(table.index(2, FiguresTable::Note).data().toString().contains(QStringLiteral(".002")));
    }

    void groupsSortByNumberNotByText()
    {
        GroupFiguresTable table;
        QAbstractItemModelTester tester(&table);
        std::vector<GroupFigure> rows;
        for (const auto &[name, n, value] : {std::tuple("a", 1000U, 0.09), std::tuple("b", 900U, 0.8), std::tuple("c", 18U, 0.5)}) {
            GroupFigure row;
            row.group = {{"sex", name}};
            row.name = QString::fromLatin1(name);
            row.n = n;
            row.figure = figure(value, value - 0.01, value + 0.01, n);
            row.difference = metrics::Figure::of(value - 0.8, n);
            row.isSmall = n < 30;
            row.isReference = row.name == QStringLiteral("b");
            rows.push_back(row);
        }
        table.setHeads(QStringLiteral("Sex"), QStringLiteral("Recall"));
        table.setRows(rows);
        QSortFilterProxyModel sorted;
        sorted.setSourceModel(&table);
        sorted.setSortRole(GroupFiguresTable::SortRole);
        sorted.sort(GroupFiguresTable::Count);
        QCOMPARE(sorted.index(0, GroupFiguresTable::Group).data().toString(), QStringLiteral("c"));
        QCOMPARE(sorted.index(2, GroupFiguresTable::Count).data().toString(), QStringLiteral("1,000"));
        QCOMPARE(table.index(1, GroupFiguresTable::Difference).data().toString(), QStringLiteral("reference"));
        QVERIFY(table.index(2, GroupFiguresTable::Value).data(GroupFiguresTable::MutedRole).toBool());
        QVERIFY(table.index(0, GroupFiguresTable::Difference).data().toString().startsWith(QChar(0x2212)));
        QCOMPARE(table.headerData(GroupFiguresTable::Group, Qt::Horizontal).toString(), QStringLiteral("Sex"));
        rows.front().bound = 0.0021;
        table.setRows(rows);
        QCOMPARE(table.index(0, GroupFiguresTable::Value).data().toString(), figureValue(rows.front().figure) + QStringLiteral(" ± .003"));
    }

    void disparitiesNameWhoDecidedThem()
    {
        DisparitiesTable table;
        QAbstractItemModelTester tester(&table);
        table.setRows(set().disparities);
        QVERIFY(table.rowCount() > 0);
        const auto &first = table.rows().front();
        QCOMPARE(table.index(0, DisparitiesTable::Highest).data().toString().isEmpty(), first.highest.empty());
        QVERIFY(table.index(0, DisparitiesTable::LeftOut).data().toString().contains(QStringLiteral("too small")));
    }

    void impactsStateUnknownAndSmallCategories()
    {
        ImpactsTable table;
        QAbstractItemModelTester tester(&table);
        const metrics::Category categories[] = {{900, 450, false}, {10, 3, false}, {90, 20, true}};
        const auto impact = metrics::impactRatios(categories);
        table.setRows({{{{"sex", "M"}}, impact.categories[0]}, {{{"sex", "F"}}, impact.categories[1]}, {{{"sex", "(missing)"}}, impact.categories[2]}});
        QCOMPARE(table.index(2, ImpactsTable::Ratio).data().toString(), QStringLiteral("none"));
        QVERIFY(table.index(2, ImpactsTable::Note).data().toString().contains(QStringLiteral("Unknown")));
        QVERIFY(table.index(1, ImpactsTable::Note).data().toString().contains(QStringLiteral("2 %")));
        QCOMPARE(table.index(1, ImpactsTable::WithoutSmall).data().toString(), QStringLiteral("left out"));
        table.setScored(true);
        QCOMPARE(table.headerData(ImpactsTable::Rate, Qt::Horizontal).toString(), QStringLiteral("Scoring rate"));
    }

    void roundedScoresLeaveTheirBoundBesideTheRates()
    {
        ImpactsTable table;
        const metrics::Category categories[] = {{1000, 500, false}, {1000, 400, false}};
        const auto impact = metrics::impactRatios(categories);
        table.setRows({{{{"sex", "M"}}, impact.categories[0], 0.0031, 0.002, 0.0001}, {{{"sex", "F"}}, impact.categories[1], 0.0, std::nullopt, std::nullopt}});
        const auto text = [&](int row, int column) { return table.index(row, column).data().toString(); };
        QCOMPARE(text(0, ImpactsTable::Rate), QStringLiteral(".500 ± .004")); // up: the exact one may be .0031 away
        QCOMPARE(text(0, ImpactsTable::Ratio), figureValue(impact.categories[0].impactRatio) + QStringLiteral(" ± .002"));
        QVERIFY(text(0, ImpactsTable::WithoutSmall).endsWith(QStringLiteral("± .001")));
        QCOMPARE(text(1, ImpactsTable::Rate), QStringLiteral(".400")); // exact
        QCOMPARE(text(1, ImpactsTable::Ratio), figureValue(impact.categories[1].impactRatio));
        // Rounded so far that nothing can be said: the reason, and no number.
        auto unsaid = impact.categories[1];
        unsaid.impactRatio = metrics::Figure::undefined(metrics::Reason::ScoresRounded);
        table.setRows({{{{"sex", "F"}}, unsaid, 0.1, 0.1, std::nullopt}});
        QCOMPARE(text(0, ImpactsTable::Ratio), QStringLiteral("undefined"));
        QVERIFY(text(0, ImpactsTable::Note).contains(QStringLiteral("rounded")));
    }

    void driftsAndWorstSlicesAreRows()
    {
        DriftsTable drifts;
        QAbstractItemModelTester driftTester(&drifts);
        computed::ComputedDrift drift;
        drift.column = "income";
        drift.figures = {{"psi", metrics::Figure::of(0.24, 500), {}}, {"ks", metrics::Figure::undefined(metrics::Reason::EmptySample), {}}};
        drift.adjustedPValue = 0.0001;
        drift.appeared = 2;
        drifts.setRows({drift});
        QCOMPARE(drifts.index(0, DriftsTable::Psi).data().toString(), QStringLiteral(".240"));
        QCOMPARE(drifts.index(0, DriftsTable::Ks).data().toString(), QStringLiteral("undefined"));
        QCOMPARE(drifts.index(0, DriftsTable::P).data().toString(), QStringLiteral("< .001"));
        QCOMPARE(drifts.index(0, DriftsTable::Note).data().toString(), QStringLiteral("2 new categories"));
        computed::ComputedDrift rounded = drift;
        rounded.appeared = 0;
        rounded.figures = {{"ks", metrics::Figure::of(0.2, 100), 0.003}, {"wasserstein", metrics::Figure::of(5, 100), 0.25}};
        DriftsTable others;
        others.setRows({rounded});
        QCOMPARE(others.index(0, DriftsTable::Note).data().toString(), QStringLiteral("KS within .003 of the exact value, Wasserstein within .250 of the exact value"));
        QCOMPARE(drifts.index(0, DriftsTable::Psi).data(DriftsTable::SortRole).toDouble(), 0.24);

        WorstSlicesTable worst;
        QAbstractItemModelTester worstTester(&worst);
        computed::WorstSlice slice;
        slice.group = {{"sex", "F"}, {"age", "65+"}};
        slice.metric = "recall";
        slice.figure = figure(0.4, 0.3, 0.5, 120);
        slice.difference = metrics::Figure::of(-0.3, 120);
        worst.setRows({slice});
        QCOMPARE(worst.index(0, WorstSlicesTable::Group).data().toString(), QStringLiteral("sex F · age 65+"));
        QCOMPARE(worst.index(0, WorstSlicesTable::Count).data().toString(), QStringLiteral("120"));
    }
};

QTEST_MAIN(ComputedTablesTest)
#include "tst_computedtables.moc"
