#include "models/report/decimate.h"
#include "ui/charts/canvas/charttable.h"
#include "ui/charts/canvas/wording.h"
#include "ui/charts/chartview.h"
#include "ui/charts/history/builder.h"
#include "ui/charts/history/picture.h"
#include "ui/charts/history/sparkline.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QElapsedTimer>
#include <QPainter>
#include <QScrollArea>
#include <QSignalSpy>
#include <QtCharts/QAreaSeries>
#include <QtCharts/QLineSeries>
#include <QtTest>

#include <cmath>
#include <set>

using namespace countersign;
using namespace countersign::charts;
using namespace countersign::report;

namespace {

Instant month(int number)
{
    const std::chrono::year_month_day first = std::chrono::year(2024) / 5 / 1;
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::sys_days(first + std::chrono::months(number)));
}

ChartPoint point(int at, double value, double half)
{
    ChartPoint made;
    made.time = month(at);
    made.value = value;
    made.lower = value - half;
    made.upper = value + half;
    made.n = 4800 + (at * 37) % 400;
    made.events = 600;
    return made;
}

/// Two versions over 25 months, a month without data, a limit that was raised: the picture in shared/look.
ChartSpec aucSpec()
{
    ChartSpec spec;
    spec.id = "auc";
    spec.title = "v3.2: lower bound below the limit since February 2026";
    spec.subtitle = "higher is better · monthly windows, UTC";
    spec.yTitle = "AUC, higher is better";
    spec.format = {3};
    ChartSeries production{"v3.1 production", "v3.1", SeriesRole::Main, "95 % DeLong interval", {}};
    ChartSeries shadow{"v3.2 shadow", "v3.2", SeriesRole::Main, "95 % DeLong interval", {}};
    for (int i = 0; i < 25; ++i) {
        if (i == 19) { // nothing was labelled that month
            ChartPoint missing;
            missing.time = month(i);
            production.points.push_back(missing);
            shadow.points.push_back(missing);
            continue;
        }
        production.points.push_back(point(i, 0.748 + 0.004 * std::sin(i * 0.9) - (i > 18 ? 0.003 : 0), 0.011));
        if (i >= 12)
            shadow.points.push_back(point(i, 0.742 - 0.00038 * (i - 12) * (i - 12), 0.012));
    }
    for (ChartPoint &p : shadow.points) {
        p.isBreach = p.hasInterval() && *p.lower < 0.70 && p.time >= month(21);
        p.state = p.isBreach ? VerdictState::Fail : VerdictState::Pass;
    }
    production.points.back().isHollow = shadow.points.back().isHollow = true;
    production.points.back().n = shadow.points.back().n = 2100;
    spec.series = {production, shadow};
    spec.limits = {{month(-1), 0.68, {}, "limit: at least .68"}, {month(13) + std::chrono::days(15), 0.70, {}, "limit raised to .70 (R-4 v3)"}};
    spec.markers = {{month(0), "v3.0"}, {month(4), "v3.1 released"}, {month(12), "v3.2 shadow"}};
    spec.breachName = "lower bound below limit";
    spec.hollowName = "labels immature";
    spec.showsCounts = true;
    spec.countsTitle = "Labelled cases n";
    spec.minimumN = 500;
    spec.sentences = {"v3.1 meets the limit in every month.", "v3.2 has failed since February 2026."};
    return spec;
}

ChartSpec longSpec(std::size_t count)
{
    ChartSpec spec;
    spec.id = "long";
    spec.title = "A long run";
    ChartSeries series{"loss", "", SeriesRole::Main, "", std::vector<ChartPoint>(count)};
    for (std::size_t i = 0; i < count; ++i) {
        series.points[i].time = fromMillis(1'700'000'000'000 + static_cast<std::int64_t>(i) * 1000);
        series.points[i].value = std::sin(static_cast<double>(i) / 5000) + 0.3 * std::sin(static_cast<double>(i) * 1.7);
    }
    spec.series.push_back(std::move(series));
    return spec;
}

std::shared_ptr<const ChartSpec> shared(ChartSpec spec)
{
    return std::make_shared<const ChartSpec>(std::move(spec));
}

template<class T>
QList<T *> seriesOf(QChart &chart)
{
    QList<T *> found;
    for (QAbstractSeries *series : chart.series()) {
        if (auto *one = qobject_cast<T *>(series); one && series->metaObject() == &T::staticMetaObject)
            found << one;
    }
    return found;
}

/// Pictures for people to look at, where COUNTERSIGN_TEST_PICTURES names a folder.
void keep(const QImage &image, const QString &name)
{
    const QString folder = qEnvironmentVariable("COUNTERSIGN_TEST_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(image.save(folder + QLatin1Char('/') + name));
}

QPoint onWidget(ChartView &view, QPointF inPicture)
{
    Q_UNUSED(view)
    return (inPicture + QPointF(14, 14)).toPoint();
}

} // namespace

class TestCharts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void aGapIsNotBridged();
    void manyPiecesAreDrawnWithoutASeriesEach();
    void aPointOnATickHitsTheTicksPixel();
    void anAxisOfSharesEndsWhereSharesDo();
    void linesHaveTheColoursOfTheirLegend();
    void everyLabelIsShownLiterally();
    void noSeriesOfTheChartIsLarge();
    void theLegendSaysFromHowManyPoints();
    void everyBreachIsMarkedWhenDecimated();
    void aLimitStepsWhereItChanged();
    void flagsDoNotOverlap();
    void stripAndPlotShareTheirTimeAxis();
    void darkChartsHaveNoWhiteCard();
    void paperIsLightInDarkMode();
    void anEmptySpecSaysSo();

    void hoverSnapsToTheNearestPoint();
    void dragZoomsInTime();
    void controlWheelZoomsAndThePlainWheelIsLeftToThePage();
    void doubleClickAndZeroShowAll();
    void zoomsGoBackOneByOne();
    void zoomAndCursorSurviveARefresh();
    void anotherChartStartsUnzoomed();
    void keysMoveTheCursor();
    void enterActivatesAndTAsksForTheTable();
    void chartKeysWinOverShortcutsOfTheWindow();
    void screenReadersHearThePoint();

    void theTableHoldsTheSameNumbers();
    void cursorAndTableNameFlagsThatHaveNoRoom();
    void theTableFindsEveryRowOfManySeries();
    void numbersFollowTheLocale();
    void aSparklineKeepsItsGapOpen();
    void anSvgHoldsTextAndNoPicture();
    void timeToFirstPaintOfAMillionPoints();
};

void TestCharts::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    theme::install(*qApp);
}

void TestCharts::init()
{
    theme::apply(*qApp, theme::Scheme::Light);
}

void TestCharts::aGapIsNotBridged()
{
    ChartPicture picture(shared(aucSpec()), Look::screen());
    picture.resize({1100, 500});
    int lines = 0;
    const double gap = static_cast<double>(toMillis(month(19)));
    for (const QLineSeries *line : seriesOf<QLineSeries>(picture.chart())) {
        if (line->count() == 0)
            continue; // the invisible base
        ++lines;
        const bool crosses = line->at(0).x() < gap && line->at(line->count() - 1).x() > gap;
        QVERIFY2(!crosses, "a line runs over the month without data");
    }
    QCOMPARE(lines, 4); // two series, two pieces each
    QCOMPARE(seriesOf<QAreaSeries>(picture.chart()).size(), 4);
}

void TestCharts::manyPiecesAreDrawnWithoutASeriesEach()
{
    ChartSpec spec = longSpec(1500);
    for (std::size_t i = 0; i < 1500; i += 5)
        spec.series[0].points[i].value = std::nan("");
    ChartPicture picture(shared(spec), Look::screen());
    picture.resize({900, 300});
    QVERIFY(picture.chart().series().size() < 5);
    QImage image(900, 300, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    picture.paint(painter);
    painter.end();
    int inked = 0;
    const QColor ink = theme::current().series[0];
    const QRect plot = picture.frame().plot.toRect();
    for (int x = plot.left(); x < plot.right(); ++x) {
        for (int y = plot.top(); y < plot.bottom(); ++y)
            inked += image.pixelColor(x, y) == ink ? 1 : 0;
    }
    QVERIFY2(inked > 500, "the pieces are not drawn");
}

void TestCharts::aPointOnATickHitsTheTicksPixel()
{
    ChartSpec spec = aucSpec();
    ChartPicture picture(shared(spec), Look::screen());
    for (const QSizeF size : {QSizeF(1100, 500), QSizeF(733, 401)}) { // a resize must move axes and series alike
        picture.resize(size);
        const Frame &frame = picture.frame();
        QCOMPARE(picture.chart().plotArea(), frame.plot);
        for (const double tick : frame.yTicks.at) {
            for (const Instant time : frame.xTicks.at) {
                const QPointF byChart = picture.chart().mapToPosition({static_cast<double>(toMillis(time)), tick}, picture.chart().series().first());
                QVERIFY2(std::hypot(byChart.x() - frame.x(time), byChart.y() - frame.y(tick)) < 0.01,
                         qPrintable(QStringLiteral("chart %1,%2 frame %3,%4").arg(byChart.x()).arg(byChart.y()).arg(frame.x(time)).arg(frame.y(tick))));
            }
        }
    }
}

void TestCharts::anAxisOfSharesEndsWhereSharesDo()
{
    ChartSpec spec = aucSpec();
    spec.limits.clear();
    for (auto &series : spec.series)
        for (auto &point : series.points) {
            point.value = &point == &series.points.front() ? 0.0 : &point == &series.points.back() ? 1.0 : 0.5;
            point.lower = point.upper = std::nullopt;
        }
    ChartPicture picture(shared(spec), Look::screen());
    picture.resize({900, 300});
    const Frame &frame = picture.frame();
    QCOMPARE(frame.yTicks.at.front(), 0.0);
    QCOMPARE(frame.yTicks.at.back(), 1.0);
    QVERIFY(frame.y(0) < frame.plot.bottom() - 2 && frame.y(1) > frame.plot.top() + 2); // marks on the ends are not cut
}

void TestCharts::linesHaveTheColoursOfTheirLegend()
{
    ChartSpec spec = aucSpec();
    for (auto &series : spec.series)
        series.role = SeriesRole::Main;
    spec.series[0].slot = 3;
    spec.series[1].slot = 0;
    ChartPicture picture(shared(spec), Look::screen());
    picture.resize({900, 400});
    std::set<QRgb> lines;
    for (QAbstractSeries *series : picture.chart().series())
        if (const auto *line = qobject_cast<QLineSeries *>(series); line && line->count() > 1)
            lines.insert(line->pen().color().rgb());
    std::set<QRgb> expected;
    for (const std::size_t slot : {std::size_t{3}, std::size_t{0}})
        expected.insert(Look::screen().seriesColour(slot, false).rgb());
    QCOMPARE(lines, expected);
    std::vector<std::size_t> named;
    for (const LegendEntry &entry : picture.frame().head.legend)
        if (entry.kind == LegendEntry::Kind::Series)
            named.push_back(entry.series);
    QCOMPARE(named, (std::vector<std::size_t>{3, 0}));
}

void TestCharts::everyLabelIsShownLiterally()
{
    const QString hostile = QStringLiteral("Age <25 & <b>x</b> (n=1,529)");
    ChartSpec spec = aucSpec();
    spec.series[0].name = hostile.toStdString();
    spec.title = "<h1>t</h1>";
    spec.markers[1].label = "<i>r</i>";
    spec.limits[0].label = "<u>l</u>";
    const QString svg = QString::fromUtf8(toSvg(spec, {1100, 520}));
    QXmlStreamReader reader(svg);
    QString text;
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::Characters)
            text += reader.text().toString() + QLatin1Char('\n');
    }
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    for (const QString &one : {hostile, QStringLiteral("<h1>t</h1>"), QStringLiteral("<i>r</i>"), QStringLiteral("<u>l</u>")})
        QVERIFY2(text.contains(one), qPrintable(one + QStringLiteral(" is not in:\n") + text));
}

void TestCharts::noSeriesOfTheChartIsLarge()
{
    ChartSpec spec = longSpec(200'000);
    for (ChartPoint &p : spec.series[0].points)
        p.isBreach = true; // all of them
    ChartPicture picture(shared(spec), Look::screen());
    picture.resize({1000, 300});
    for (const QLineSeries *line : seriesOf<QLineSeries>(picture.chart()))
        QVERIFY(line->count() <= 4000);
}

void TestCharts::theLegendSaysFromHowManyPoints()
{
    ChartPicture picture(shared(longSpec(98'214)), Look::screen());
    picture.resize({1000, 300});
    QStringList texts;
    for (const LegendEntry &entry : picture.frame().head.legend)
        texts << entry.text;
    QVERIFY2(texts.contains(QStringLiteral("drawn from 98,214 points")), qPrintable(texts.join(QLatin1Char('|'))));
    ChartPicture small(shared(longSpec(1999)), Look::screen());
    small.resize({1000, 300});
    QCOMPARE(small.frame().head.legend.size(), std::size_t(1));
}

void TestCharts::everyBreachIsMarkedWhenDecimated()
{
    ChartSpec spec = longSpec(50'000);
    spec.limits = {{spec.series[0].points[0].time, -9.0, {}, ""}};
    for (const std::size_t i : {10'000U, 25'000U, 40'000U}) { // unremarkable values between the extremes
        spec.series[0].points[i].value = 0;
        spec.series[0].points[i].isBreach = true;
    }
    ChartPicture picture(shared(spec), Look::screen());
    picture.resize({1000, 400});
    QImage image(1000, 400, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    picture.paint(painter);
    painter.end();
    for (const std::size_t i : {10'000U, 25'000U, 40'000U}) {
        const QPointF at = picture.position({0, spec.series[0].points[i]}) + QPointF(0, 12);
        QCOMPARE(image.pixelColor(at.toPoint()), theme::current().mark(theme::State::Fail));
    }
}

void TestCharts::aLimitStepsWhereItChanged()
{
    ChartSpec spec = aucSpec();
    ChartPicture picture(shared(spec), Look::screen());
    picture.resize({1100, 500});
    QImage image(1100, 500, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    picture.paint(painter);
    painter.end();
    const auto hasInk = [&](double x, double y) { // dashes: look along a stretch
        for (int i = 0; i < 12; ++i) {
            for (int j = -1; j <= 1; ++j) {
                if (image.pixelColor(qRound(x) + i, qRound(y) + j).lightness() < 110)
                    return true;
            }
        }
        return false;
    };
    const Frame &frame = picture.frame();
    const double before = frame.x(month(2));
    const double after = frame.x(month(23)) + 6;
    QVERIFY(hasInk(before, frame.y(0.68)));
    QVERIFY(!hasInk(before, frame.y(0.70)));
    QVERIFY(hasInk(after, frame.y(0.70)));
    QVERIFY(!hasInk(after, frame.y(0.68) + 3));
}

void TestCharts::flagsDoNotOverlap()
{
    ChartSpec spec = aucSpec();
    for (int i = 0; i < 20; ++i)
        spec.markers.push_back({month(12) + std::chrono::days(i + 1), "v4." + std::to_string(i)});
    ChartPicture picture(shared(spec), Look::screen());
    picture.resize({600, 400});
    const std::vector<Flag> &flags = picture.frame().flags;
    QCOMPARE(flags.size(), spec.markers.size());
    for (std::size_t i = 0; i < flags.size(); ++i) {
        for (std::size_t j = i + 1; j < flags.size(); ++j)
            QVERIFY(flags[i].box.isNull() || flags[j].box.isNull() || !flags[i].box.intersects(flags[j].box));
    }
}

void TestCharts::stripAndPlotShareTheirTimeAxis()
{
    ChartPicture picture(shared(aucSpec()), Look::screen());
    picture.resize({1100, 500});
    QCOMPARE(picture.frame().strip.left(), picture.frame().plot.left());
    QCOMPARE(picture.frame().strip.right(), picture.frame().plot.right());
    QVERIFY(picture.frame().strip.bottom() <= 500);
}

void TestCharts::darkChartsHaveNoWhiteCard()
{
    theme::apply(*qApp, theme::Scheme::Dark);
    const QImage image = toImage(aucSpec(), {900, 440});
    keep(toImage(aucSpec(), {1170, 520}, 1.25), QStringLiteral("chart-dark.png"));
    int white = 0;
    for (int x = 0; x < image.width(); x += 3) {
        for (int y = 0; y < image.height(); y += 3)
            white += image.pixelColor(x, y).lightness() > 240 ? 1 : 0;
    }
    QVERIFY(white < 50);
    QCOMPARE(image.pixelColor(1, 1), theme::tokens(theme::Scheme::Dark).page);
}

void TestCharts::paperIsLightInDarkMode()
{
    const QByteArray light = toSvg(aucSpec(), {900, 440});
    theme::apply(*qApp, theme::Scheme::Dark);
    QCOMPARE(toSvg(aucSpec(), {900, 440}), light);
    QVERIFY(light.contains(theme::tokens(theme::Scheme::Light).text.name().toUtf8()));
}

void TestCharts::anEmptySpecSaysSo()
{
    ChartView view;
    view.resize(600, 300);
    view.setSpec({});
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("no data")));
    QVERIFY(!view.grab().isNull());
    QTest::keyClick(&view, Qt::Key_Right);
    QTest::keyClick(&view, Qt::Key_Down);
    QVERIFY(!view.cursor());
}

void TestCharts::hoverSnapsToTheNearestPoint()
{
    ChartView view;
    view.resize(1170, 520);
    view.setSpec(aucSpec());
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    keep(view.toImage(), QStringLiteral("chart-light.png"));
    const Hit wanted{1, aucSpec().series[1].points[5]};
    const QPointF at = view.picture().position(wanted) + QPointF(6, 15);
    QTest::mouseMove(&view, onWidget(view, at));
    QTRY_VERIFY(view.cursor());
    QCOMPARE(*view.cursor(), wanted);
    keep(view.grab().toImage(), QStringLiteral("chart-hover.png"));
    QVERIFY2(view.cursorSentence().startsWith(QStringLiteral("1 Oct 2025, v3.2 shadow: 0.73")), qPrintable(view.cursorSentence()));
    QTest::mouseMove(&view, QPoint(3, 3));
    QTRY_VERIFY(!view.cursor());
}

void TestCharts::dragZoomsInTime()
{
    ChartView view;
    view.resize(1000, 480);
    view.setSpec(aucSpec());
    QSignalSpy changed(&view, &ChartView::zoomChanged);
    const Frame frame = view.picture().frame();
    QTest::mousePress(&view, Qt::LeftButton, {}, onWidget(view, {frame.x(month(6)), frame.plot.center().y()}));
    QTest::mouseMove(&view, onWidget(view, {frame.x(month(9)), frame.plot.center().y()}));
    QTest::mouseRelease(&view, Qt::LeftButton, {}, onWidget(view, {frame.x(month(9)), frame.plot.center().y()}));
    QCOMPARE(changed.count(), 1);
    QVERIFY(view.zoom());
    QVERIFY(std::abs((view.zoom()->from - month(6)).count()) < 2 * 86'400'000LL);
    QVERIFY(std::abs((view.zoom()->to - month(9)).count()) < 2 * 86'400'000LL);
    QCOMPARE(view.picture().frame().yTicks.high, frame.yTicks.high); // values stay where they are
}

void TestCharts::controlWheelZoomsAndThePlainWheelIsLeftToThePage()
{
    QScrollArea page;
    auto *view = new ChartView;
    view->setSpec(aucSpec());
    view->setFixedSize(700, 900);
    page.setWidget(view);
    page.resize(720, 300);
    page.show();
    const QPointF at(300, 150);
    const auto turn = [&](Qt::KeyboardModifiers modifiers, int delta) {
        QWheelEvent event(at, view->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(view, &event);
        return event.isAccepted();
    };
    QVERIFY(!turn(Qt::NoModifier, -120));
    QVERIFY(!view->zoom());
    QVERIFY(turn(Qt::ControlModifier, 120));
    QVERIFY(turn(Qt::ControlModifier, 120));
    QVERIFY(view->zoom());
    view->zoomBack(); // turns of the wheel are one step
    QVERIFY(!view->zoom());
    turn(Qt::ControlModifier, 120);
    turn(Qt::ControlModifier, -120);
    turn(Qt::ControlModifier, -120);
    QVERIFY2(!view->zoom(), "zooming out ends at the whole");
}

void TestCharts::doubleClickAndZeroShowAll()
{
    ChartView view;
    view.resize(900, 440);
    view.setSpec(aucSpec());
    view.zoomTo({month(2), month(8)});
    QTest::mouseDClick(&view, Qt::LeftButton, {}, onWidget(view, view.picture().frame().plot.center()));
    QVERIFY(!view.zoom());
    view.zoomTo({month(2), month(8)});
    view.zoomTo({month(3), month(5)});
    QTest::keyClick(&view, Qt::Key_0);
    QVERIFY(!view.zoom());
}

void TestCharts::zoomsGoBackOneByOne()
{
    ChartView view;
    view.resize(900, 440);
    view.setSpec(aucSpec());
    view.zoomTo({month(2), month(8)});
    QTest::keyClick(&view, Qt::Key_Plus);
    QVERIFY(*view.zoom() != (TimeSpan{month(2), month(8)}));
    QTest::keyClick(&view, Qt::Key_Minus);
    QCOMPARE(view.zoom()->from, month(2));
    QTest::keyClick(&view, Qt::Key_Minus);
    QVERIFY(!view.zoom());
    QTest::keyClick(&view, Qt::Key_Minus);
    QVERIFY(!view.zoom());
}

void TestCharts::zoomAndCursorSurviveARefresh()
{
    ChartView view;
    view.resize(900, 440);
    view.setSpec(aucSpec());
    view.zoomTo({month(2), month(8)});
    QTest::keyClick(&view, Qt::Key_Right);
    const auto before = view.cursor();
    QVERIFY(before);
    ChartSpec newer = aucSpec();
    newer.series[0].points.push_back(point(25, 0.75, 0.01));
    newer.title = "Another finding";
    view.setSpec(newer);
    QCOMPARE(view.zoom()->from, month(2));
    QCOMPARE(view.zoom()->to, month(8));
    QCOMPARE(view.cursor(), before);
    QCOMPARE(view.accessibleName(), QStringLiteral("Another finding"));
}

void TestCharts::anotherChartStartsUnzoomed()
{
    ChartView view;
    view.resize(900, 440);
    view.setSpec(aucSpec());
    view.zoomTo({month(2), month(8)});
    ChartSpec other = aucSpec();
    other.id = "brier";
    view.setSpec(other);
    QVERIFY(!view.zoom());
}

void TestCharts::keysMoveTheCursor()
{
    ChartView view;
    view.resize(900, 440);
    const ChartSpec spec = aucSpec();
    view.setSpec(spec);
    QTest::keyClick(&view, Qt::Key_Home);
    QCOMPARE(view.cursor()->point, spec.series[0].points[0]);
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.cursor()->point, spec.series[0].points[1]);
    QTest::keyClick(&view, Qt::Key_End);
    QCOMPARE(view.cursor()->point, spec.series[0].points[24]);
    for (int i = 0; i < 5; ++i)
        QTest::keyClick(&view, Qt::Key_Left);
    QCOMPARE(view.cursor()->point, spec.series[0].points[18]); // over the gap
    QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(view.cursor()->series, std::size_t(1));
    QCOMPARE(view.cursor()->point.time, month(18));
    QTest::keyClick(&view, Qt::Key_Up);
    QCOMPARE(view.cursor()->series, std::size_t(0));
    QTest::keyClick(&view, Qt::Key_Escape);
    QVERIFY(!view.cursor());
}

void TestCharts::enterActivatesAndTAsksForTheTable()
{
    ChartView view;
    view.resize(900, 440);
    view.setSpec(aucSpec());
    QSignalSpy table(&view, &ChartView::tableRequested);
    QSignalSpy activated(&view, &ChartView::pointActivated);
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(activated.count(), 0);
    QTest::keyClick(&view, Qt::Key_End);
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(activated.count(), 1);
    QTest::keyClick(&view, Qt::Key_T);
    QCOMPARE(table.count(), 1);
    QTest::mouseClick(&view, Qt::LeftButton, {}, onWidget(view, view.picture().position({0, aucSpec().series[0].points[3]})));
    QCOMPARE(activated.count(), 2);
    QCOMPARE(activated.last().at(0).value<std::size_t>(), std::size_t(0));
    QVERIFY(!view.zoom());
}

void TestCharts::chartKeysWinOverShortcutsOfTheWindow()
{
    QWidget window;
    auto *view = new ChartView(&window);
    view->resize(600, 300);
    view->setSpec(aucSpec());
    QKeyEvent key(QEvent::ShortcutOverride, Qt::Key_T, Qt::NoModifier);
    key.ignore();
    QApplication::sendEvent(view, &key);
    QVERIFY(key.isAccepted());
    QKeyEvent other(QEvent::ShortcutOverride, Qt::Key_T, Qt::ControlModifier);
    other.ignore();
    QApplication::sendEvent(view, &other);
    QVERIFY(!other.isAccepted());
}

void TestCharts::screenReadersHearThePoint()
{
    ChartView view;
    view.resize(900, 440);
    view.setSpec(aucSpec());
    QTest::keyClick(&view, Qt::Key_End);
    QAccessibleInterface *access = QAccessible::queryAccessibleInterface(&view);
    QVERIFY(access);
    QCOMPARE(access->role(), QAccessible::Chart);
    QCOMPARE(access->text(QAccessible::Name), QString::fromStdString(aucSpec().title));
    QVERIFY(access->text(QAccessible::Description).contains(QStringLiteral("v3.2 has failed since February 2026.")));
    const QString value = access->text(QAccessible::Value);
    QVERIFY2(value.startsWith(QStringLiteral("1 May 2026, v3.1 production: 0.7")), qPrintable(value));
    QVERIFY(value.contains(QStringLiteral("labels immature")));
    QVERIFY(view.focusPolicy() == Qt::StrongFocus);
}

void TestCharts::theTableHoldsTheSameNumbers()
{
    const auto spec = shared(aucSpec());
    ChartTable table;
    QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    table.setSpec(spec);
    QCOMPARE(table.rowCount(), 25 + 13);
    const auto text = [&](int row, ChartTable::Column column) { return table.index(row, column).data().toString(); };
    QCOMPARE(text(0, ChartTable::Time), QStringLiteral("1 May 2024"));
    QCOMPARE(text(0, ChartTable::Value), QStringLiteral("0.748"));
    QCOMPARE(text(0, ChartTable::Interval), QStringLiteral("[0.737, 0.759]"));
    QCOMPARE(text(0, ChartTable::Count), QStringLiteral("4,800"));
    QCOMPARE(text(19, ChartTable::Value), QStringLiteral("no data"));
    QVERIFY(!table.index(19, ChartTable::Value).data(ChartTable::kSortRole).isValid());
    QCOMPARE(text(25, ChartTable::Series), QStringLiteral("v3.2 shadow"));
    QCOMPARE(text(37, ChartTable::State), QStringLiteral("Fail"));
    QCOMPARE(text(37, ChartTable::Note), QStringLiteral("labels immature"));
}

void TestCharts::cursorAndTableNameFlagsThatHaveNoRoom()
{
    ChartSpec spec = aucSpec();
    spec.markers = {{month(-2), "v2.9"}, {month(4) - std::chrono::days(3), "v3.1"}, {month(4), "v3.1 <b>hotfix</b>"}, {month(12), "v3.2"}, {month(26), "v3.3"}};
    ChartPicture picture(shared(spec), Look::screen());
    picture.resize({500, 300});
    const auto &flags = picture.frame().flags;
    QVERIFY(std::ranges::any_of(flags, [](const Flag &flag) { return flag.box.isNull(); })); // two versions three days apart
    ChartTable table;
    table.setSpec(shared(spec));
    const auto note = [&](int row) { return table.index(row, ChartTable::Note).data().toString(); };
    QCOMPARE(note(0), QStringLiteral("marked: v2.9"));
    QCOMPARE(note(4), QStringLiteral("marked: v3.1, v3.1 <b>hotfix</b>"));
    QCOMPARE(note(5), QString());
    QCOMPARE(note(24), QStringLiteral("labels immature; marked: v3.3"));
    QCOMPARE(note(25), QStringLiteral("marked: v3.2")); // of the second series, which begins there
    const QString sentence = pointSentence(spec, 0, spec.series[0].points[4]);
    QVERIFY2(sentence.endsWith(QStringLiteral("Marked here: v3.1, v3.1 <b>hotfix</b>.")), qPrintable(sentence));
}

void TestCharts::theTableFindsEveryRowOfManySeries()
{
    ChartSpec spec;
    int expected = 0;
    for (const std::size_t count : {3U, 0U, 1U, 0U, 4U}) {
        ChartSeries series = longSpec(count).series[0];
        series.name = "s" + std::to_string(count);
        spec.series.push_back(series);
        expected += static_cast<int>(count);
    }
    ChartTable table;
    table.setSpec(shared(spec));
    QCOMPARE(table.rowCount(), expected);
    QStringList names;
    for (int row = 0; row < expected; ++row)
        names << table.index(row, ChartTable::Series).data().toString();
    QCOMPARE(names.join(QLatin1Char(' ')), QStringLiteral("s3 s3 s3 s1 s4 s4 s4 s4"));
}

void TestCharts::numbersFollowTheLocale()
{
    const QLocale german(QLocale::German, QLocale::Germany);
    ChartPoint one = point(0, 0.693, 0.012);
    QCOMPARE(valueText({3}, 0.693, german), QStringLiteral("0,693"));
    QCOMPARE(intervalText({3}, one, german), QStringLiteral("[0,681; 0,705]"));
    QCOMPARE(valueText({2}, -0.5, german), QStringLiteral("−0,50"));
    QCOMPARE(valueText({2}, -0.0001), QStringLiteral("0.00"));
    QCOMPARE(shortCount(5200), QStringLiteral("5.2 k"));
    CalendarTicks ticks{CalendarUnit::Month, 1, {month(10)}};
    QVERIFY(tickText(ticks, 0, german).contains(QStringLiteral("2025")));
}

void TestCharts::aSparklineKeepsItsGapOpen()
{
    QImage image(120, 24, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    Sparkline line{{1, 2, 1, 2, std::nan(""), std::nan(""), std::nan(""), 2, 1, 2}, {}, theme::State::Fail};
    paintSparkline(painter, QRectF(0, 0, 120, 24), line, theme::current());
    painter.end();
    int inGap = 0;
    int before = 0;
    for (int y = 0; y < 24; ++y) {
        inGap += image.pixelColor(64, y) != QColor(Qt::white) ? 1 : 0;
        before += image.pixelColor(20, y) != QColor(Qt::white) ? 1 : 0;
    }
    QCOMPARE(inGap, 0);
    QVERIFY(before > 0);
    QCOMPARE(image.pixelColor(117, 3), theme::current().mark(theme::State::Fail));
}

void TestCharts::anSvgHoldsTextAndNoPicture()
{
    const QByteArray svg = toSvg(aucSpec(), {900, 440});
    QVERIFY(svg.contains("<text"));
    QVERIFY(!svg.contains("<image"));
}

void TestCharts::timeToFirstPaintOfAMillionPoints()
{
    ChartSpec spec = longSpec(1'000'000);
    ChartView view;
    view.resize(1000, 420);
    view.show();
    QApplication::processEvents();
    QElapsedTimer timer;
    timer.start();
    view.setSpec(std::move(spec));
    view.repaint();
    const auto first = timer.restart();
    view.zoomTo({fromMillis(1'700'100'000'000), fromMillis(1'700'700'000'000)});
    view.repaint();
    qInfo("1,000,000 points: first paint %lld ms, zoom to 600,000 %lld ms", static_cast<long long>(first), static_cast<long long>(timer.elapsed()));
    QVERIFY(view.picture().drawn().totalPoints >= 600'000);
    keep(view.grab().toImage(), QStringLiteral("chart-million.png"));
}

QTEST_MAIN(TestCharts)
#include "tst_charts.moc"
