#include "models/computed/compute.h"
#include "models/predictions/mapping/guess.h"
#include "models/services/computed/computedsets.h"
#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/workspace/workspace.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"
#include "ui/charts/canvas/charttable.h"
#include "ui/charts/chartview.h"
#include "ui/model/metrics/metricstab.h"
#include "ui/model/metrics/valuefacts.h"
#include "ui/model/metrics/windowunits.h"
#include "ui/theme/theme.h"
#include "ui/widgets/cards/labels.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QtTest>

#include <cmath>
#include <fstream>
#include <map>

using namespace countersign;
using namespace countersign::test;

namespace {

constexpr int kRows = 6000;

/// Three months; of the last one, every third case has no label yet, and of men every second.
std::string logText()
{
    std::string text = "ts,y_true,score,sex\n";
    std::uint32_t state = 20260101;
    const auto random = [&state] {
        state = state * 1664525U + 1013904223U;
        return static_cast<double>(state >> 8U) / double(1U << 24U);
    };
    for (int i = 0; i < kRows; ++i) {
        const int month = 1 + i * 3 / kRows;
        const std::string day = std::to_string(10 + i % 18);
        const bool isFemale = i % 2 == 0;
        const bool isPositive = random() < 0.35;
        const bool isOpen = month == 3 && (isFemale ? i % 6 == 0 : i % 4 == 1);
        text += "2026-0" + std::to_string(month) + '-' + day + "T00:00:00," + (isOpen ? "" : isPositive ? "1" : "0") + ',' + std::to_string(0.2 + (isPositive ? 0.4 : 0.0) + 0.3 * random())
            + (isFemale ? ",F\n" : ",M\n");
    }
    return text;
}

} // namespace

/// The Metrics tab where values come from prediction logs.
class MetricsTabTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void aWindowsUnitIsRecognised_data();
    void aWindowsUnitIsRecognised();
    void driftAndLabelsThemselvesDoNotWaitForLabels();
    void valuesOfImmatureLabelsAreHollowAndSayWhy();
    void aGroupsOwnLabelsDecide();
    void theCursorNamesTheLogAndTheEngine();
    void theUnitOfTimeIsChosenWhereThereAreSeveral();
    void looksRight_data();
    void looksRight();

private:
    void makeRecord();
    void record(services::Session &session, const std::string &label, const char *window);
    void showTab(const char *version, const QString &metric, const QString &split = {});
    void settle(const std::function<void()> &act)
    {
        QSignalSpy shown(m_tab.get(), &pages::MetricsTab::shown);
        act();
        QTRY_VERIFY_WITH_TIMEOUT(!shown.isEmpty(), 20000);
    }
    QComboBox *box(const QString &name) const
    {
        for (QComboBox *one : m_tab->findChildren<QComboBox *>())
            if (one->accessibleName() == name)
                return one;
        return nullptr;
    }
    charts::ChartView *chart() const { return m_tab->findChild<charts::ChartView *>(); }
    QString cursor() const { return m_tab->findChild<widgets::PlainLabel *>(QStringLiteral("cursorSentence"))->text(); }
    bool shows(const QString &text) const
    {
        const auto labels = m_tab->findChildren<QLabel *>();
        return std::ranges::any_of(labels, [&](const QLabel *label) { return label->isVisible() && label->text().contains(text); });
    }

    TemporaryFolder m_folder;
    services::Environment m_environment = testEnvironment();
    std::string m_file;
    std::string m_log;
    std::shared_ptr<const computed::ComputedSet> m_months;
    ModelId m_model;
    std::map<std::string, VersionId> m_versions;
    std::unique_ptr<services::Workspace> m_workspace;
    std::unique_ptr<pages::MetricsTab> m_tab;
};

void MetricsTabTest::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("countersign-test"));
    QCoreApplication::setApplicationName(QStringLiteral("metricstab"));
    QSettings().clear();
    theme::install(*qApp);
    makeRecord();
}

void MetricsTabTest::makeRecord()
{
    m_file = m_folder.filePath(QStringLiteral("record.countersign")).toStdString();
    const auto created = freshWorkspace(m_file, m_environment);
    QVERIFY_RESULT(created);
    services::Session &session = **created;
    const std::string csv = m_folder.filePath(QStringLiteral("metrics.csv")).toStdString();
    std::ofstream(csv) << "model,version,metric,value,time\nchurn,one,brier,0.18,2026-01-31\nchurn,both,brier,0.18,2026-01-31\n";
    QVERIFY_RESULT(services::importMetrics(session, csv, {}));
    m_log = m_folder.filePath(QStringLiteral("log.csv")).toStdString();
    std::ofstream(m_log, std::ios::binary) << logText();
    record(session, "one", "month");
    record(session, "both", "week");
    record(session, "both", "month");
}

void MetricsTabTest::record(services::Session &session, const std::string &label, const char *window)
{
    auto reader = predictions::LogReader::open(m_log);
    QVERIFY_RESULT(reader);
    const auto mapping = predictions::guessMapping(reader->sample()).mapping;
    computed::Parameters parameters;
    parameters.window = *scoretables::parseWindowSpec(window);
    parameters.bootstrapDraws = 0;
    const auto set = computed::computeLog(*std::move(reader), mapping, parameters);
    QVERIFY_RESULT(set);
    const auto subject = services::findVersionSubject(session, "churn/" + label);
    QVERIFY_RESULT(subject);
    m_model = subject->model.id;
    m_versions[label] = subject->version->id;
    services::ComputedImport import;
    import.version = subject->version->id;
    import.set = std::make_shared<const computed::ComputedSet>(*set);
    QVERIFY_RESULT(services::recordComputed(session, import));
    if (label == "one")
        m_months = import.set;
}

void MetricsTabTest::init()
{
    m_workspace = std::make_unique<services::Workspace>(m_environment);
    bool isOpen = false;
    m_workspace->open({*database::Location::parse(m_file), {}, true, {}}, this, [&](const Status &status) { isOpen = status.ok(); });
    QTRY_VERIFY_WITH_TIMEOUT(isOpen && m_workspace->state().isOpen, 20000);
    m_tab = std::make_unique<pages::MetricsTab>(*m_workspace);
    m_tab->resize(1092, 480); // what a window of 1280 x 720 leaves to a tab
}

void MetricsTabTest::cleanup()
{
    m_tab.reset();
    m_workspace.reset();
}

void MetricsTabTest::showTab(const char *version, const QString &metric, const QString &split)
{
    settle([&] {
        m_tab->setVersions(m_model, m_versions.at(version), {});
        m_tab->show();
    });
    settle([&] { m_tab->showMetric(metric, split); });
}

// --- pure ---

void MetricsTabTest::aWindowsUnitIsRecognised_data()
{
    QTest::addColumn<QString>("start");
    QTest::addColumn<QString>("end");
    QTest::addColumn<QString>("unit");
    const auto row = [](const char *start, const char *end, const char *unit) { QTest::addRow("%s to %s", start, end) << QString::fromLatin1(start) << QString::fromLatin1(end) << QString::fromLatin1(unit); };
    row("2026-01-01T05:00:00.000Z", "2026-01-01T06:00:00.000Z", "hour");
    row("2026-01-01T05:30:00.000Z", "2026-01-01T06:30:00.000Z", "");
    row("2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z", "day");
    row("2026-01-05T00:00:00.000Z", "2026-01-12T00:00:00.000Z", "week");
    row("2026-01-06T00:00:00.000Z", "2026-01-13T00:00:00.000Z", ""); // from a Tuesday
    row("2026-01-05T00:00:00.000Z", "2026-02-02T00:00:00.000Z", "4 weeks");
    row("2026-02-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z", "month");
    row("2026-01-01T00:00:00.000Z", "2026-01-31T00:00:00.000Z", ""); // a source that counts its own days
    row("2026-02-01T00:00:00.000Z", "2026-05-01T00:00:00.000Z", "quarter");
    row("2025-12-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z", "2 months");
    row("2025-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z", "year");
    row("2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z", "");
}

void MetricsTabTest::aWindowsUnitIsRecognised()
{
    QFETCH(QString, start);
    QFETCH(QString, end);
    QFETCH(QString, unit);
    QCOMPARE(QString::fromStdString(pages::unitOf({*parseUtc(start.toStdString()), *parseUtc(end.toStdString())})), unit);
}

void MetricsTabTest::driftAndLabelsThemselvesDoNotWaitForLabels()
{
    for (const char *metric : {"accuracy", "ks", "recall", "demographic_parity_difference/sex", "log_loss"})
        QVERIFY2(report::waitsForLabels(metric), metric);
    for (const char *metric : {"psi/income", "ks/score", "labelled_share", "label_delay_median", "missing_rate/income", "impact_ratio"})
        QVERIFY2(!report::waitsForLabels(metric), metric);
}

// --- the tab ---

void MetricsTabTest::valuesOfImmatureLabelsAreHollowAndSayWhy()
{
    showTab("one", QStringLiteral("recall"));
    const report::ChartSpec &spec = chart()->spec();
    QCOMPARE(spec.series.size(), 1U);
    QCOMPARE(spec.series.front().points.size(), 3U);
    QVERIFY(!spec.series.front().points.at(0).isHollow);
    QVERIFY(!spec.series.front().points.at(1).isHollow);
    QVERIFY(spec.series.front().points.at(2).isHollow);
    QCOMPARE(spec.hollowName, "labels still arriving");
    const auto *march = m_months->find({}, "2026-03");
    QVERIFY(march);
    const auto *share = march->find("labelled_share");
    QVERIFY(share && share->value > 0.5 && share->value < 0.9);
    const QString percent = QString::number(std::floor(share->value * 1000 + 1e-9) / 10, 'f', 1) + QStringLiteral(" %");
    QVERIFY(shows(QStringLiteral("1 value of one is hollow, because labels are still arriving (%1 on 1 Apr 2026).").arg(percent)));
    settle([this] { m_tab->showMetric(QStringLiteral("labelled_share"), {}); });
    QVERIFY(!chart()->spec().series.front().points.at(2).isHollow); // that share is what it is
}

void MetricsTabTest::aGroupsOwnLabelsDecide()
{
    showTab("one", QStringLiteral("accuracy"), QStringLiteral("sex"));
    const report::ChartSpec &spec = chart()->spec();
    QCOMPARE(spec.series.size(), 3U); // everybody, F, M
    for (const auto &series : spec.series) {
        QVERIFY(series.points.back().isHollow);
        const bool isMen = series.name.find('M') != std::string::npos;
        QVERIFY2(!isMen || series.points.back().note.find("Labels of 50.0 %") != std::string::npos, series.points.back().note.c_str());
    }
}

void MetricsTabTest::theCursorNamesTheLogAndTheEngine()
{
    showTab("one", QStringLiteral("accuracy"));
    chart()->setFocus();
    QTest::keyClick(chart(), Qt::Key_End);
    const QString sentence = cursor();
    QVERIFY2(sentence.contains(QStringLiteral("labels still arriving. Labels of ")), qPrintable(sentence));
    const QString digest = QString::fromStdString(m_months->log.digest.hex().substr(0, 12));
    QVERIFY2(sentence.contains(QStringLiteral("From log.csv, SHA-256 %1…, engine %2, I-2.").arg(digest).arg(m_months->engineVersion)), qPrintable(sentence));
    // The same stands in the table beside it.
    const auto *numbers = m_tab->findChild<charts::ChartTable *>();
    QVERIFY(numbers->index(2, charts::ChartTable::Note).data().toString().contains(digest));
    // What another file brought has no log.
    settle([this] { m_tab->showMetric(QStringLiteral("brier"), {}); });
    QTest::keyClick(chart(), Qt::Key_Home);
    QVERIFY2(!cursor().contains(QStringLiteral("SHA-256")), qPrintable(cursor()));
}

void MetricsTabTest::theUnitOfTimeIsChosenWhereThereAreSeveral()
{
    showTab("one", QStringLiteral("accuracy"));
    QVERIFY(!box(QStringLiteral("Windows"))->isVisible());
    settle([this] { m_tab->setVersions(m_model, m_versions.at("both"), {}); });
    QComboBox *units = box(QStringLiteral("Windows"));
    QVERIFY(units->isVisible());
    QCOMPARE(units->count(), 3);
    QCOMPARE(units->currentText(), QStringLiteral("week"));
    const auto values = [this] {
        const auto &points = chart()->spec().series.front().points;
        return std::ranges::count_if(points, &report::ChartPoint::hasValue);
    };
    const auto weeks = values();
    QVERIFY(weeks > 8);
    // By keyboard, as people do.
    units->setFocus();
    settle([units] { QTest::keyClick(units, Qt::Key_Down); });
    QCOMPARE(units->currentText(), QStringLiteral("month"));
    QCOMPARE(values(), 3);
    QVERIFY(chart()->spec().series.front().points.back().note.find("I-4") != std::string::npos);
    settle([units] { QTest::keyClick(units, Qt::Key_Down); });
    QCOMPARE(values(), weeks + 3);
}

void MetricsTabTest::looksRight_data()
{
    QTest::addColumn<bool>("isDark");
    QTest::newRow("metrics-hollow-light") << false;
    QTest::newRow("metrics-hollow-dark") << true;
}

void MetricsTabTest::looksRight()
{
    QFETCH(bool, isDark);
    theme::apply(*qApp, isDark ? theme::Scheme::Dark : theme::Scheme::Light);
    showTab("both", QStringLiteral("accuracy"), QStringLiteral("sex"));
    chart()->setFocus();
    QTest::keyClick(chart(), Qt::Key_End);
    QApplication::processEvents();
    const QString folder = QStringLiteral(COUNTERSIGN_BIN_DIR "/../tests/gallery");
    QDir().mkpath(folder);
    QVERIFY(m_tab->grab().save(folder + QStringLiteral("/") + QString::fromLatin1(QTest::currentDataTag()) + QStringLiteral(".png")));
    theme::apply(*qApp, theme::Scheme::Light);
}

QTEST_MAIN(MetricsTabTest)
#include "tst_metricstab.moc"
