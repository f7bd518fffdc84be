#include "models/computed/compute.h"
#include "models/computed/scores/scoresummary.h"
#include "models/items/computed/disparitiestable.h"
#include "models/items/computed/driftstable.h"
#include "models/items/computed/groupfigurestable.h"
#include "models/items/computed/impactstable.h"
#include "models/items/computed/worstslicestable.h"
#include "models/metrics/fairness/fairness.h"
#include "models/predictions/mapping/guess.h"
#include "models/services/computed/computedsets.h"
#include "models/services/inventory.h"
#include "models/services/workspace/workspace.h"
#include "models/store/queries/queries.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"
#include "ui/charts/canvas/canvas.h"
#include "ui/charts/chartview.h"
#include "ui/charts/plotview.h"
#include "ui/model/computed/plotnumbers.h"
#include "ui/model/computed/recomputedialog.h"
#include "ui/model/computed/setbar.h"
#include "ui/model/computed/twinpane.h"
#include "ui/model/drift/driftgridtable.h"
#include "ui/model/drift/drifttab.h"
#include "ui/model/fairness/curvesview.h"
#include "ui/model/fairness/fairnesstab.h"
#include "ui/model/fairness/fairnessview.h"
#include "ui/model/fairness/groupspane.h"
#include "ui/model/modelpage.h"
#include "ui/theme/theme.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/tables/tableview.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QtTest>

#include <fstream>
#include <map>
#include <set>

using namespace countersign;
using namespace countersign::test;
using pages::FairnessChoice;
using pages::ModelPage;
using pages::ReferenceKind;
using widgets::Target;

namespace {

constexpr int kRows = 6000;

/// Three months, two attributes: F is found less often, X is a handful without a positive; income shifts in the last month.
std::string logText()
{
    std::string text = "ts,y_true,score,sex,region,income\n";
    std::uint32_t state = 20260101;
    const auto random = [&state] {
        state = state * 1664525U + 1013904223U;
        return static_cast<double>(state >> 8U) / double(1U << 24U);
    };
    for (int i = 0; i < kRows; ++i) {
        const int month = 1 + i * 3 / kRows;
        const bool isTiny = i % 500 == 7;
        const bool isFemale = random() < 0.4;
        const bool isPositive = !isTiny && random() < 0.35;
        const double score = std::clamp(0.3 + (isPositive ? 0.35 : 0.0) - (isFemale ? 0.12 : 0.0) + 0.5 * (random() - 0.5), 0.0, 1.0);
        text += "2026-0" + std::to_string(month) + "-10T00:00:00," + (isPositive ? "1," : "0,") + std::to_string(score) + ',' + (isTiny ? "<b>X</b>" : isFemale ? "F" : "M") + ','
            + (random() < 0.5 ? "north" : "south") + ',' + std::to_string(1000 + 500 * random() + (month == 3 ? 300 : 0)) + '\n';
    }
    return text;
}

} // namespace

class ComputedTabsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void theReferenceIsChangedFromTheCounts_data();
    void theReferenceIsChangedFromTheCounts();
    void aGroupWithoutPositivesIsUndefinedInWords();
    void theFairnessTabShowsWhatWasRecorded();
    void anotherReferenceChangesTheTableAtOnce();
    void crossedAttributesAndWindowsAreShown();
    void disparitiesImpactsAndWorstGroupsAreListed();
    void curvesComeFromTheScores();
    void driftIsRankedAndFollowedOverTime();
    void curvesNeedNoScrollingInASmallWindow();
    void tabGoesFromAboveToBelow_data();
    void tabGoesFromAboveToBelow();
    void aGroupHasOneColourInEveryChart();
    void binsHaveATableToo();
    void recomputingSaysEqual();
    void recomputingAnotherFileIsRefused();
    void withoutALogItSaysHowToGetOne();
    void whatIfNamesTheSet();
    void limitsJudgeGroups();
    void theTableIsInViewHoweverLowTheWindow_data();
    void theTableIsInViewHoweverLowTheWindow();
    void manyGroupsAreAllInTheTableAndSaySo();
    void smallDriftIsWrittenInFixedDigits();
    void whatASetLacksIsSaid();
    void looksRight_data();
    void looksRight();

private:
    void makeRecord();
    void showPage(const QString &tab, const QString &version = {});
    template<class T>
    T *named(const char *name) const
    {
        for (T *part : m_page->findChildren<T *>(QString::fromLatin1(name)))
            if (part->isVisible())
                return part;
        return nullptr;
    }
    void choose(QComboBox *box, const QVariant &data)
    {
        QVERIFY(box);
        const int row = box->findData(data);
        QVERIFY2(row >= 0, qPrintable(data.toString()));
        box->setCurrentIndex(row);
        Q_EMIT box->activated(row);
    }
    QPushButton *button(const QString &text) const
    {
        for (QPushButton *one : m_page->findChildren<QPushButton *>())
            if (one->isVisible() && one->text() == text)
                return one;
        return nullptr;
    }
    bool shows(const QString &text) const
    {
        const auto labels = m_page->findChildren<QLabel *>();
        return std::ranges::any_of(labels, [&](const QLabel *label) { return label->isVisible() && label->text().contains(text); });
    }
    void pane(const QString &key)
    {
        for (auto *segments : m_page->findChildren<widgets::SegmentedButton *>())
            if (segments->isVisible() && segments->accessibleName() == QStringLiteral("Show")) {
                segments->setCurrent(key);
                Q_EMIT segments->chosen(key);
            }
    }

    TemporaryFolder m_folder;
    services::Environment m_environment = testEnvironment();
    std::string m_file;
    std::string m_log;
    QString m_model;
    QString m_version;
    QString m_empty; ///< a version without a log
    std::shared_ptr<const computed::ComputedSet> m_set;
    Bytes m_scores;
    std::unique_ptr<services::Workspace> m_workspace;
    std::unique_ptr<ModelPage> m_page;
};

void ComputedTabsTest::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("countersign-test"));
    QCoreApplication::setApplicationName(QStringLiteral("computedtabs"));
    QSettings().clear();
    theme::install(*qApp);
    makeRecord();
}

void ComputedTabsTest::makeRecord()
{
    m_file = m_folder.filePath(QStringLiteral("record.countersign")).toStdString();
    const auto created = freshWorkspace(m_file, m_environment);
    QVERIFY_RESULT(created);
    services::Session &session = **created;
    const std::string csv = m_folder.filePath(QStringLiteral("metrics.csv")).toStdString();
    std::ofstream(csv) << "model,version,metric,value,time\nchurn,1,auc,0.8,2026-01-31\nchurn,2,auc,0.8,2026-01-31\n";
    QVERIFY_RESULT(services::importMetrics(session, csv, {}));
    m_log = m_folder.filePath(QStringLiteral("log.csv")).toStdString();
    std::ofstream(m_log, std::ios::binary) << logText();
    auto reader = predictions::LogReader::open(m_log);
    QVERIFY_RESULT(reader);
    const auto mapping = predictions::guessMapping(reader->sample()).mapping;
    computed::Parameters parameters;
    parameters.window = *scoretables::parseWindowSpec("month");
    parameters.depth = 2;
    parameters.windowDepth = 1;
    parameters.bootstrapDraws = 100;
    parameters.reference = "2026-01";
    parameters.worstMetric = "recall";
    const auto set = computed::computeLog(*std::move(reader), mapping, parameters, {}, [this](const computed::Table &table) {
        const auto summary = computed::summarizeScores(table);
        QVERIFY_RESULT(summary);
        m_scores = computed::writeScores(*summary);
    });
    QVERIFY_RESULT(set);
    m_set = std::make_shared<const computed::ComputedSet>(*set);
    const auto subject = services::findVersionSubject(session, "churn/1");
    QVERIFY_RESULT(subject);
    services::ComputedImport import;
    import.version = subject->version->id;
    import.set = m_set;
    import.scores = m_scores;
    const auto recorded = services::recordComputed(session, import);
    QVERIFY_RESULT(recorded);
    m_model = QString::fromStdString(subject->model.id.text());
    m_version = QString::fromStdString(subject->version->id.text());
    const auto other = services::findVersionSubject(session, "churn/2");
    QVERIFY_RESULT(other);
    m_empty = QString::fromStdString(other->version->id.text());
}

void ComputedTabsTest::init()
{
    const QString copy = m_folder.filePath(QStringLiteral("%1.countersign").arg(QString::fromLatin1(QTest::currentTestFunction())));
    QFile::remove(copy);
    QVERIFY(QFile::copy(QString::fromStdString(m_file), copy));
    m_workspace = std::make_unique<services::Workspace>(m_environment);
    bool isOpen = false;
    m_workspace->open({*database::Location::parse(copy.toStdString()), {}, false, "asample"}, this, [&](const Status &status) { isOpen = status.ok(); });
    QTRY_VERIFY_WITH_TIMEOUT(isOpen && m_workspace->state().isOpen, 20000);
    m_page = std::make_unique<ModelPage>(*m_workspace);
    m_page->resize(1092, 620);
}

void ComputedTabsTest::cleanup()
{
    m_page.reset();
    m_workspace.reset();
}

void ComputedTabsTest::showPage(const QString &tab, const QString &version)
{
    QSignalSpy fairness(m_page->findChild<pages::FairnessTab *>(), &pages::FairnessTab::shown);
    QSignalSpy drift(m_page->findChild<pages::DriftTab *>(), &pages::DriftTab::shown);
    QSignalSpy page(m_page.get(), &ModelPage::shown);
    m_page->open(Target{QStringLiteral("model"), m_model, version.isEmpty() ? m_version : version, tab, {}});
    m_page->show();
    QTRY_VERIFY_WITH_TIMEOUT(!page.isEmpty(), 20000);
    for (int i = 0; i < 6; ++i) { // the set is read after the model
        bool isBack = false;
        m_workspace->run(this, [](services::Session &) { return Status(); }, [&](const Status &) { isBack = true; });
        QTRY_VERIFY_WITH_TIMEOUT(isBack, 20000);
    }
}

// --- pure ---

void ComputedTabsTest::theReferenceIsChangedFromTheCounts_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("group");
    QTest::newRow("largest") << int(ReferenceKind::Largest) << QStringLiteral("M");
    QTest::newRow("chosen") << int(ReferenceKind::Group) << QStringLiteral("F");
    QTest::newRow("everybody") << int(ReferenceKind::Overall) << QString();
}

void ComputedTabsTest::theReferenceIsChangedFromTheCounts()
{
    QFETCH(int, kind);
    QFETCH(QString, group);
    FairnessChoice choice;
    choice.attributes = {"sex"};
    choice.metric = "recall";
    choice.reference = static_cast<ReferenceKind>(kind);
    choice.group = {{"sex", group.toStdString()}};
    const auto settledChoice = pages::settled(*m_set, choice);
    QVERIFY(settledChoice);
    const auto view = pages::fairnessOf(*m_set, *settledChoice);
    QCOMPARE(view.rows.size(), 3U);
    const auto *reference = group.isEmpty() ? m_set->find({}) : m_set->find({{"sex", group.toStdString()}});
    for (const auto &row : view.rows) {
        const auto *cell = m_set->find(row.group);
        if (row.isReference)
            continue;
        auto expected = metrics::compare(cell->counts, reference->counts, metrics::BinaryMetric::Recall, metrics::Comparison::Difference);
        if (group.isEmpty())
            expected.interval.reset(); // a group is part of everybody
        QCOMPARE(row.difference.value, expected.value);
        QCOMPARE(row.difference.interval.has_value(), expected.interval.has_value());
    }
    QVERIFY(view.finding.contains(group.isEmpty() ? QStringLiteral("everybody") : group));
    QCOMPARE(view.small, 1);
}

void ComputedTabsTest::aGroupWithoutPositivesIsUndefinedInWords()
{
    FairnessChoice choice;
    choice.attributes = {"sex"};
    choice.metric = "recall";
    const auto view = pages::fairnessOf(*m_set, choice);
    const auto tiny = std::ranges::find(view.rows, QStringLiteral("<b>X</b>"), &items::GroupFigure::name);
    QVERIFY(tiny != view.rows.end());
    QVERIFY(tiny->isSmall && !tiny->figure.isDefined());
    QCOMPARE(tiny->state, VerdictState::NotEnoughData);
    QVERIFY(tiny->stateWord.contains(QStringLiteral("30")));
    items::GroupFiguresTable table;
    table.setRows(view.rows);
    const int row = static_cast<int>(tiny - view.rows.begin());
    QCOMPARE(table.index(row, items::GroupFiguresTable::Value).data().toString(), QStringLiteral("undefined"));
    QVERIFY(table.index(row, items::GroupFiguresTable::Note).data().toString().contains(QStringLiteral("positive")));
    QVERIFY(table.index(row, items::GroupFiguresTable::Value).data(items::GroupFiguresTable::MutedRole).toBool());
}

// --- the tab ---

void ComputedTabsTest::theFairnessTabShowsWhatWasRecorded()
{
    showPage(QStringLiteral("fairness"));
    auto *rows = m_page->findChild<items::GroupFiguresTable *>();
    QTRY_COMPARE(rows->rowCount(), 3);
    QVERIFY(shows(QStringLiteral("Recall is lowest for F")));
    QCOMPARE(named<QComboBox>("attribute")->count(), 2);
    const auto plots = m_page->findChildren<charts::PlotView *>();
    QVERIFY(std::ranges::any_of(plots, [](const auto *plot) { return plot->isVisible() && !plot->spec().isEmpty() && plot->spec().id == "fairness"; }));
    for (const QLabel *label : m_page->findChildren<QLabel *>())
        QCOMPARE(label->textFormat(), Qt::PlainText); // a group is called <b>X</b>
    for (const auto *plot : plots)
        QVERIFY(!plot->accessibleName().isEmpty());
}

void ComputedTabsTest::anotherReferenceChangesTheTableAtOnce()
{
    showPage(QStringLiteral("fairness"));
    auto *rows = m_page->findChild<items::GroupFiguresTable *>();
    QTRY_COMPARE(rows->rowCount(), 3);
    const auto referenceName = [rows] {
        for (const auto &row : rows->rows())
            if (row.isReference)
                return row.name;
        return QString();
    };
    QCOMPARE(referenceName(), QStringLiteral("M"));
    auto *box = named<QComboBox>("reference");
    choose(box, box->itemData(box->findText(QStringLiteral("F"))));
    QCOMPARE(referenceName(), QStringLiteral("F")); // no waiting: it is worked out from counts
    choose(named<QComboBox>("reference"), -2);
    QCOMPARE(referenceName(), QString());
    choose(named<QComboBox>("metric"), QStringLiteral("auc"));
    QVERIFY(rows->rows().back().figure.isDefined());
    QCOMPARE(m_page->findChild<items::GroupFiguresTable *>()->headerData(items::GroupFiguresTable::Value, Qt::Horizontal).toString(), QStringLiteral("AUC"));
}

void ComputedTabsTest::crossedAttributesAndWindowsAreShown()
{
    showPage(QStringLiteral("fairness"));
    auto *rows = m_page->findChild<items::GroupFiguresTable *>();
    QTRY_COMPARE(rows->rowCount(), 3);
    choose(named<QComboBox>("crossed"), QStringLiteral("region"));
    QCOMPARE(rows->rowCount(), 6);
    QVERIFY(rows->rows().front().name.contains(QStringLiteral("·")));
    choose(named<QComboBox>("crossed"), QString());
    choose(named<QComboBox>("window"), QStringLiteral("2026-03"));
    QCOMPARE(rows->rowCount(), 3);
    QVERIFY(rows->rows().front().n < 1500);
    pane(QStringLiteral("time"));
    auto *chart = m_page->findChild<pages::FairnessTab *>()->findChild<charts::ChartView *>();
    QVERIFY(chart->isVisible());
    QCOMPARE(chart->spec().series.size(), 3U);
    QCOMPARE(chart->spec().series.front().points.size(), 3U);
    QVERIFY(std::ranges::any_of(chart->spec().series, [](const auto &series) { return series.role == report::SeriesRole::Reference && series.name == "M"; }));
    QVERIFY(std::ranges::any_of(chart->spec().series, [](const auto &series) { return !series.points.empty() && series.points.front().isHollow; })); // four rows a month
}

void ComputedTabsTest::disparitiesImpactsAndWorstGroupsAreListed()
{
    showPage(QStringLiteral("fairness"));
    QTRY_COMPARE(m_page->findChild<items::GroupFiguresTable *>()->rowCount(), 3);
    pane(QStringLiteral("disparities"));
    auto *disparities = m_page->findChild<items::DisparitiesTable *>();
    QVERIFY(disparities->rowCount() > 5);
    const auto &rows = disparities->rows();
    const auto parity = std::ranges::find(rows, std::string("demographic_parity_difference"), &computed::ComputedDisparity::name);
    QVERIFY(parity != rows.end());
    QCOMPARE(parity->lowest, (computed::GroupValues{{"sex", "F"}}));
    auto *impacts = m_page->findChild<items::ImpactsTable *>();
    QCOMPARE(impacts->rowCount(), 3);
    QVERIFY(shows(QStringLiteral("Not legal advice")));
    auto *worst = m_page->findChild<items::WorstSlicesTable *>();
    QVERIFY(worst->rowCount() > 0);
}

void ComputedTabsTest::curvesComeFromTheScores()
{
    showPage(QStringLiteral("fairness"));
    QTRY_COMPARE(m_page->findChild<items::GroupFiguresTable *>()->rowCount(), 3);
    pane(QStringLiteral("curves"));
    int drawn = 0;
    for (const auto *plot : m_page->findChildren<charts::PlotView *>())
        drawn += plot->isVisible() && !plot->spec().isEmpty() ? 1 : 0;
    QCOMPARE(drawn, 2);
    const auto scores = computed::readScores(m_scores);
    QVERIFY_RESULT(scores);
    const auto roc = pages::curvesOf(*m_set, *scores, {"sex"}, pages::CurveChoice::Roc);
    QVERIFY(!roc.isEmpty());
    QVERIFY(std::ranges::any_of(roc.panels.front().series, [](const auto &series) { return series.name.find('F') != std::string::npos; }));
}

void ComputedTabsTest::driftIsRankedAndFollowedOverTime()
{
    showPage(QStringLiteral("drift"));
    auto *rows = m_page->findChild<items::DriftsTable *>();
    QTRY_VERIFY(rows->rowCount() > 3);
    choose(named<QComboBox>("driftWindow"), QStringLiteral("2026-03"));
    QVERIFY(shows(QStringLiteral("income has moved furthest: PSI")));
    QCOMPARE(named<QComboBox>("driftColumn")->itemText(0), QStringLiteral("income"));
    pane(QStringLiteral("time"));
    auto *grid = m_page->findChild<pages::DriftGridTable *>();
    QVERIFY(grid->rowCount() > 3);
    QVERIFY(grid->columnCount() >= 3);
    QVERIFY(!grid->index(0, 1).data(Qt::AccessibleTextRole).toString().isEmpty());
    for (const auto &row : rows->rows())
        QCOMPARE(row.column, rows->rows().front().column); // beside the course: one column in all windows
}

void ComputedTabsTest::curvesNeedNoScrollingInASmallWindow()
{
    showPage(QStringLiteral("fairness"));
    QTRY_COMPARE(m_page->findChild<items::GroupFiguresTable *>()->rowCount(), 3);
    m_page->resize(1090, 620); // what a window of 1280 x 720 leaves
    pane(QStringLiteral("curves"));
    QApplication::processEvents();
    int seen = 0;
    for (const auto *plot : m_page->findChild<pages::FairnessTab *>()->findChildren<charts::PlotView *>()) {
        if (!plot->isVisible())
            continue;
        ++seen;
        QCOMPARE(plot->visibleRegion().boundingRect().size(), plot->size());
    }
    QCOMPARE(seen, 2);
}

void ComputedTabsTest::tabGoesFromAboveToBelow_data()
{
    QTest::addColumn<QString>("first");
    QTest::newRow("fairness") << QStringLiteral("attribute");
    QTest::newRow("drift") << QStringLiteral("statistic");
}

void ComputedTabsTest::tabGoesFromAboveToBelow()
{
    QFETCH(QString, first);
    showPage(QString::fromLatin1(QTest::currentDataTag()));
    QTRY_VERIFY(shows(QStringLiteral("Figures of")));
    QWidget *const start = named<QComboBox>(first.toLatin1().constData());
    QVERIFY(start);
    const QWidget *const last = named<QPushButton>("recompute");
    int lowest = 0;
    int stops = 0;
    for (QWidget *at = start; at != last; at = at->nextInFocusChain()) {
        QVERIFY(stops == 0 || at != start); // round, and never there
        if (!at->isVisible() || !at->isEnabled() || !(at->focusPolicy() & Qt::TabFocus))
            continue;
        const QRect place(at->mapTo(m_page.get(), QPoint()), at->size());
        QVERIFY2(place.bottom() >= lowest, qPrintable(at->accessibleName() + QLatin1Char(' ') + at->objectName()));
        lowest = std::max(lowest, place.top());
        ++stops;
    }
    QVERIFY(stops > 5);
}

void ComputedTabsTest::aGroupHasOneColourInEveryChart()
{
    const auto scores = computed::readScores(m_scores);
    QVERIFY_RESULT(scores);
    std::map<std::string, std::size_t> colours;
    const auto take = [&colours](const auto &series) {
        for (const auto &one : series) {
            if (one.role == report::SeriesRole::Reference)
                continue; // what others are compared with has the text's colour
            QVERIFY2(one.slot.has_value(), one.name.c_str());
            const auto known = colours.try_emplace(one.name, *one.slot).first;
            QCOMPARE(known->second, *one.slot);
        }
    };
    for (const auto choice : {pages::CurveChoice::Calibration, pages::CurveChoice::Roc, pages::CurveChoice::PrecisionRecall})
        take(pages::curvesOf(*m_set, *scores, {"sex"}, choice).panels.front().series);
    pages::FairnessChoice choice;
    choice.attributes = {"sex"};
    choice.metric = "recall";
    for (const char *reference : {"M", "F"}) { // another reference changes the order of the lines
        choice.reference = pages::ReferenceKind::Group;
        choice.group = {{"sex", reference}};
        take(pages::groupsOverTime(*m_set, pages::fairnessOf(*m_set, choice)).series);
    }
    QVERIFY(colours.size() >= 3);
    std::set<std::size_t> different;
    for (const auto &[name, slot] : colours)
        different.insert(slot);
    QCOMPARE(different.size(), colours.size());
}

void ComputedTabsTest::binsHaveATableToo()
{
    showPage(QStringLiteral("drift"));
    QTRY_VERIFY(m_page->findChild<items::DriftsTable *>()->rowCount() > 3);
    const auto plots = m_page->findChild<pages::DriftTab *>()->findChildren<charts::PlotView *>();
    const auto bins = std::ranges::find_if(plots, [](const auto *plot) { return plot->spec().id == "bins"; });
    QVERIFY(bins != plots.end());
    (*bins)->setFocus();
    QTest::keyClick(*bins, Qt::Key_T);
    auto *numbers = m_page->findChild<pages::DriftTab *>()->findChild<pages::PlotNumbers *>();
    QVERIFY(numbers->isVisible());
    QVERIFY(numbers->hasFocus());
    QCOMPARE(numbers->model()->rowCount(), static_cast<int>(report::placesOf((*bins)->spec()).size()));
    QVERIFY(numbers->model()->columnCount() >= 5); // bin, both shares, both counts, what it adds
    // The ranking leads back to the columns.
    const auto ranking = std::ranges::find_if(plots, [](const auto *plot) { return plot->spec().id == "drift"; });
    named<QPushButton>("showTwin")->click();
    (*ranking)->setFocus();
    QTest::keyClick(*ranking, Qt::Key_T);
    QVERIFY(!numbers->isVisible());
}

void ComputedTabsTest::recomputingSaysEqual()
{
    showPage(QStringLiteral("fairness"));
    QTRY_COMPARE(m_page->findChild<items::GroupFiguresTable *>()->rowCount(), 3);
    named<QPushButton>("recompute")->click();
    auto *dialog = m_page->findChild<pages::RecomputeDialog *>();
    QVERIFY(dialog);
    QSignalSpy computed(dialog, &pages::RecomputeDialog::computed);
    dialog->findChild<QLineEdit *>(QStringLiteral("logPath"))->setText(QString::fromStdString(m_log));
    dialog->findChild<QPushButton *>(QStringLiteral("startRecompute"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(!computed.isEmpty(), 30000);
    auto *sentence = dialog->findChild<widgets::PlainLabel *>(QStringLiteral("recomputeSentence"));
    // "Equal" is the state beside the sentence, and not said twice.
    QVERIFY(std::ranges::any_of(dialog->findChildren<widgets::StateLabel *>(), [](const auto *state) { return state->accessibleName() == QLatin1String("Equal"); }));
    QVERIFY2(sentence->text().contains(QStringLiteral("numbers were computed again from the same file")), qPrintable(sentence->text()));
    QVERIFY(!sentence->text().contains(QStringLiteral("Equal")));
    QSignalSpy recorded(dialog, &pages::RecomputeDialog::recorded);
    dialog->findChild<QPushButton *>(QStringLiteral("recordRecompute"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(!recorded.isEmpty(), 20000);
    QTRY_VERIFY_WITH_TIMEOUT(shows(QStringLiteral("recomputed 2 Mar 2026: equal")), 20000);
    dialog->reject();
}

void ComputedTabsTest::recomputingAnotherFileIsRefused()
{
    showPage(QStringLiteral("metrics"));
    QPushButton *recompute = button(QStringLiteral("Recompute…"));
    QVERIFY(recompute);
    recompute->click();
    QTRY_VERIFY(m_page->findChild<pages::RecomputeDialog *>());
    auto *dialog = m_page->findChild<pages::RecomputeDialog *>();
    auto *path = dialog->findChild<QLineEdit *>(QStringLiteral("logPath"));
    path->setText(m_folder.filePath(QStringLiteral("nowhere.csv")));
    auto *start = dialog->findChild<QPushButton *>(QStringLiteral("startRecompute"));
    start->click();
    QVERIFY(start->isEnabled());
    const QString changed = m_folder.filePath(QStringLiteral("changed.csv"));
    std::ofstream(changed.toStdString(), std::ios::binary) << logText() << "2026-01-01,1,0.5,F,north,1000\n";
    path->setText(changed);
    start->click();
    auto *sentence = dialog->findChild<widgets::PlainLabel *>(QStringLiteral("recomputeSentence"));
    QTRY_VERIFY_WITH_TIMEOUT(!sentence->text().isEmpty(), 20000);
    QVERIFY(std::ranges::none_of(dialog->findChildren<widgets::StateLabel *>(), [](const auto *state) { return state->accessibleName() == QLatin1String("Equal"); }));
    QVERIFY(!dialog->findChild<QPushButton *>(QStringLiteral("recordRecompute"))->isEnabled());
    dialog->reject();
}

void ComputedTabsTest::withoutALogItSaysHowToGetOne()
{
    QSignalSpy away(m_page.get(), &ModelPage::navigate);
    showPage(QStringLiteral("overview"), m_empty);
    for (const QString &tab : {QStringLiteral("fairness"), QStringLiteral("drift")}) {
        m_page->open(Target{QStringLiteral("model"), m_model, m_empty, tab, {}});
        QTRY_VERIFY(shows(QStringLiteral("No prediction log was imported for this version")));
        QPushButton *act = button(QStringLiteral("Import a Prediction Log…"));
        QVERIFY(act);
        act->click();
        const auto target = away.last().first().value<Target>();
        QCOMPARE(target.page, QStringLiteral("import"));
        QCOMPARE(target.version, m_empty);
    }
}

void ComputedTabsTest::whatIfNamesTheSet()
{
    showPage(QStringLiteral("fairness"));
    QTRY_COMPARE(m_page->findChild<items::GroupFiguresTable *>()->rowCount(), 3);
    QSignalSpy away(m_page.get(), &ModelPage::navigate);
    named<QPushButton>("whatIf")->click();
    const auto target = away.last().first().value<Target>();
    QCOMPARE(target.page, QStringLiteral("whatif"));
    QCOMPARE(target.version, m_version);
    QVERIFY(ImportId::parse(target.extra.toStdString()));
}

void ComputedTabsTest::limitsJudgeGroups()
{
    FairnessChoice choice;
    choice.attributes = {"sex"};
    choice.metric = "recall";
    const auto judge = [](const computed::GroupValues &group, const metrics::Figure &) { return group.front().second == "F" ? std::optional(VerdictState::Fail) : std::optional(VerdictState::Pass); };
    const auto view = pages::fairnessOf(*m_set, choice, judge);
    QCOMPARE(view.state, VerdictState::Fail);
    for (const auto &row : view.rows)
        QVERIFY(!row.isSmall || row.state == VerdictState::NotEnoughData); // cannot turn it red
}

void ComputedTabsTest::theTableIsInViewHoweverLowTheWindow_data()
{
    QTest::addColumn<QString>("tab");
    QTest::addColumn<QString>("of");
    QTest::newRow("groups") << QStringLiteral("fairness") << QStringLiteral("groups");
    QTest::newRow("groups over time") << QStringLiteral("fairness") << QStringLiteral("time");
    QTest::newRow("curves") << QStringLiteral("fairness") << QStringLiteral("curves");
    QTest::newRow("drift") << QStringLiteral("drift") << QStringLiteral("ranking");
    QTest::newRow("drift over time") << QStringLiteral("drift") << QStringLiteral("time");
}

void ComputedTabsTest::theTableIsInViewHoweverLowTheWindow()
{
    QFETCH(QString, tab);
    QFETCH(QString, of);
    showPage(tab);
    QTRY_VERIFY(shows(QStringLiteral("Figures of")));
    pane(of);
    QApplication::processEvents();
    QPushButton *other = named<QPushButton>("showTwin");
    QVERIFY(other);
    auto *twin = qobject_cast<pages::TwinPane *>(other->parentWidget()->parentWidget()->parentWidget());
    QVERIFY(twin);
    QVERIFY(!twin->isTableShown());
    QCOMPARE(other->text(), QStringLiteral("Show Table"));
    QCOMPARE(other->visibleRegion().boundingRect().size(), other->size()); // wholly in view
    QTest::mouseClick(other, Qt::LeftButton);
    QApplication::processEvents();
    QVERIFY(twin->isTableShown());
    const auto tables = other->parentWidget()->parentWidget()->findChildren<widgets::TableView *>();
    const auto found = std::ranges::find_if(tables, [](const auto *one) { return one->isVisible(); });
    QVERIFY(found != tables.end());
    auto *table = *found;
    QVERIFY(table->model()->rowCount() > 0);
    QVERIFY(table->currentIndex().isValid());
    const QRect first = table->visualRect(table->model()->index(0, 0));
    QVERIFY(table->viewport()->visibleRegion().contains(first.center()));
    QVERIFY(table->viewport()->visibleRegion().boundingRect().height() >= 3 * first.height());
    QTest::mouseClick(other, Qt::LeftButton);
    QVERIFY(!twin->isTableShown());
    // T in a chart leads there too.
    for (auto *canvas : twin->findChildren<charts::ChartCanvas *>())
        if (canvas->isVisible() && !twin->isTableShown()) {
            canvas->setFocus();
            QTest::keyClick(canvas, Qt::Key_T);
            QVERIFY(twin->isTableShown());
        }
    // Where there is room, both are there, and nothing to switch.
    m_page->resize(1092, 1200);
    QApplication::processEvents();
    QVERIFY(twin->isTableShown() && other->isHidden());
    QVERIFY(std::ranges::any_of(twin->findChildren<QWidget *>(), [](const QWidget *part) { return part->isVisible() && qobject_cast<const charts::ChartCanvas *>(part); })
            || of == QStringLiteral("time"));
}

void ComputedTabsTest::manyGroupsAreAllInTheTableAndSaySo()
{
    const std::string path = m_folder.filePath(QStringLiteral("branches.csv")).toStdString();
    {
        std::ofstream log(path, std::ios::binary);
        log << "y,score,branch\n";
        for (int i = 0; i < 57 * 40; ++i)
            log << (i % 3 == 0 ? "1," : "0,") << (i * 7 % 100) / 100.0 << ",b" << i % 57 << '\n';
    }
    auto reader = predictions::LogReader::open(path);
    QVERIFY_RESULT(reader);
    predictions::Mapping mapping;
    mapping.label = "y";
    mapping.score = "score";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.attributes = {{"branch", "branch", {}}};
    computed::Parameters parameters;
    parameters.bootstrapDraws = 0;
    const auto set = computed::computeLog(*std::move(reader), mapping, parameters);
    QVERIFY_RESULT(set);
    FairnessChoice choice;
    choice.attributes = {"branch"};
    choice.metric = "recall";
    pages::GroupsPane pane;
    pane.resize(1000, 320);
    pane.show();
    pane.showView(*set, pages::fairnessOf(*set, choice), {});
    QCOMPARE(pane.findChild<items::GroupFiguresTable *>()->rowCount(), 57);
    const auto labels = pane.findChildren<QLabel *>();
    QVERIFY(std::ranges::any_of(labels, [](const QLabel *label) { return label->text().startsWith(QStringLiteral("Drawn are 40 of 57 groups; all are here.")); }));
}

void ComputedTabsTest::smallDriftIsWrittenInFixedDigits()
{
    report::HeatGrid grid;
    grid.rowTitle = "Column";
    grid.rows = {"income"};
    grid.columns = {"2026-01", "2026-02", "2026-03", "2026-04"};
    grid.cells.resize(1);
    for (const double value : {0.00012, -0.00012, 0.0, 0.25})
        grid.cells.front().emplace_back().value = value;
    pages::DriftGridTable table;
    table.setGrid(grid);
    QStringList shown;
    for (int column = 1; column < table.columnCount(); ++column)
        shown.append(table.index(0, column).data().toString());
    QCOMPARE(shown, (QStringList{QStringLiteral("< .001"), QStringLiteral("> \u2212.001"), QStringLiteral(".000"), QStringLiteral(".250")}));
    QVERIFY(table.index(0, 1).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("income, 2026-01: < .001")));
    // Nowhere on the tab is a number with an exponent.
    showPage(QStringLiteral("drift"));
    auto *rows = m_page->findChild<items::DriftsTable *>();
    QTRY_VERIFY(rows->rowCount() > 3);
    static const QRegularExpression exponent(QStringLiteral("[0-9]e[-+]?[0-9]"));
    const auto *shownGrid = m_page->findChild<pages::DriftGridTable *>();
    for (const QAbstractItemModel *model : std::initializer_list<const QAbstractItemModel *>{rows, shownGrid})
        for (int row = 0; row < model->rowCount(); ++row)
            for (int column = 1; column < model->columnCount(); ++column)
                QVERIFY2(!model->index(row, column).data().toString().contains(exponent), qPrintable(model->index(row, column).data().toString()));
    for (const auto *plot : m_page->findChild<pages::DriftTab *>()->findChildren<charts::PlotView *>())
        QVERIFY2(!plot->accessibleDescription().contains(exponent), qPrintable(plot->accessibleDescription()));
}

void ComputedTabsTest::whatASetLacksIsSaid()
{
    computed::ComputedSet set = *m_set;
    QVERIFY(pages::lacksText(set).isEmpty());
    set.scoreStep = 0.0001;
    set.uncertainRows = 12;
    set.notes = {"Drift of the column \"amount\" was not computed."};
    const QString said = pages::lacksText(set);
    QVERIFY2(said.endsWith(QStringLiteral("Drift of the column \"amount\" was not computed.")), qPrintable(said));
    QVERIFY2(said.contains(QStringLiteral("rounded down")) && said.contains(QStringLiteral("12 rows")), qPrintable(said));
}

void ComputedTabsTest::looksRight_data()
{
    QTest::addColumn<QString>("tab");
    QTest::addColumn<QString>("of");
    QTest::addColumn<bool>("isDark");
    for (const bool isDark : {false, true}) {
        const QByteArray scheme = isDark ? "-dark" : "-light";
        for (const char *part : {"groups", "time", "disparities", "curves"})
            QTest::newRow(QByteArray("fairness-") + part + scheme) << QStringLiteral("fairness") << QString::fromLatin1(part) << isDark;
        for (const char *part : {"ranking", "time"})
            QTest::newRow(QByteArray("drift-") + part + scheme) << QStringLiteral("drift") << QString::fromLatin1(part) << isDark;
    }
}

void ComputedTabsTest::looksRight()
{
    QFETCH(QString, tab);
    QFETCH(QString, of);
    QFETCH(bool, isDark);
    theme::apply(*qApp, isDark ? theme::Scheme::Dark : theme::Scheme::Light);
    showPage(tab);
    QTRY_VERIFY(shows(QStringLiteral("Figures of")));
    pane(of);
    QApplication::processEvents(); // laid out
    const QString folder = QStringLiteral(COUNTERSIGN_BIN_DIR "/../tests/gallery");
    QDir().mkpath(folder);
    QVERIFY(m_page->grab().save(folder + QStringLiteral("/") + QString::fromLatin1(QTest::currentDataTag()) + QStringLiteral(".png")));
    theme::apply(*qApp, theme::Scheme::Light);
}

QTEST_MAIN(ComputedTabsTest)
#include "tst_computedtabs.moc"
