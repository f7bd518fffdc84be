#include "models/report/multiples.h"
#include "tests/models/report/plotsamples.h"
#include "ui/charts/chartview.h"
#include "ui/charts/history/builder.h"
#include "ui/charts/history/chartgrid.h"
#include "ui/charts/plot/heatmodel.h"
#include "ui/charts/plot/plotlayers.h"
#include "ui/charts/plot/plotpicture.h"
#include "ui/charts/plot/plottable.h"
#include "ui/charts/plot/plotwording.h"
#include "ui/charts/plotview.h"
#include "ui/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPainter>
#include <QSignalSpy>
#include <QTableView>
#include <QXmlStreamReader>
#include <QtCharts/QLineSeries>
#include <QtTest>

#include <set>

using namespace countersign;
using namespace countersign::charts;
using namespace countersign::report;

namespace {

struct Sample {
    QString name;
    PlotSpec spec;
    QSize size;
};

std::vector<Sample> everyKind()
{
    std::vector<Sample> all;
    const auto add = [&](const char *name, PlotSpec spec, QSize size) { all.push_back({QString::fromLatin1(name), std::move(spec), size}); };
    add("forest", forestPlot(samples::forestInput()), {720, 400});
    add("disparity", disparityPlot(samples::disparityInput()), {980, 400});
    add("roc", rocPlot(samples::rocInput()), {720, 430});
    add("precision", rocPlot(samples::precisionInput()), {720, 430});
    add("calibration", calibrationPlot(samples::calibrationInput()), {720, 520});
    add("density", densityPlot(samples::densityInput()), {900, 340});
    add("threshold", thresholdPlot(samples::thresholdInput()), {900, 360});
    add("frontier", frontierPlot(samples::frontierInput()), {720, 380});
    add("ranking", driftRankingPlot(samples::rankingInput()), {720, 340});
    add("bins", binsPlot(samples::binsInput()), {820, 360});
    add("categories", binsPlot(samples::categoriesInput()), {720, 320});
    return all;
}

/// Pictures for people to look at, where COUNTERSIGN_TEST_PICTURES names a folder.
void keep(const QImage &image, const QString &name)
{
    const QString folder = qEnvironmentVariable("COUNTERSIGN_TEST_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(image.save(folder + QLatin1Char('/') + name));
}

QPoint onWidget(QPointF inPicture)
{
    return (inPicture + QPointF(14, 14)).toPoint();
}

std::shared_ptr<const PlotSpec> shared(PlotSpec spec)
{
    return std::make_shared<const PlotSpec>(std::move(spec));
}

/// All text of an SVG, a line each.
QString textOf(const QByteArray &svg)
{
    QXmlStreamReader reader(svg);
    QString text;
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::Characters)
            text += reader.text().toString() + QLatin1Char('\n');
    }
    return reader.hasError() ? reader.errorString() : text;
}

/// Pixels inside `box` that are not the page's.
int inkIn(const QImage &image, const QRect &box, const QColor &page)
{
    int count = 0;
    for (int y = box.top(); y <= box.bottom(); ++y) {
        for (int x = box.left(); x <= box.right(); ++x)
            count += image.pixelColor(x, y) == page ? 0 : 1;
    }
    return count;
}

ChartSpec manyLines(int count)
{
    ChartSpec spec;
    spec.id = "many";
    spec.title = "Recall by region";
    spec.yTitle = "Recall, higher is better";
    for (int s = 0; s < count; ++s) {
        ChartSeries series;
        series.name = "region " + std::to_string(s);
        series.role = s == 0 ? SeriesRole::Reference : SeriesRole::Main;
        for (int i = 0; i < 14; ++i) {
            ChartPoint point;
            point.time = fromMillis(1'700'000'000'000 + 2'592'000'000LL * i);
            point.value = 0.6 + 0.02 * s + 0.03 * std::sin(i * 0.7 + s);
            series.points.push_back(point);
        }
        spec.series.push_back(std::move(series));
    }
    return spec;
}

} // namespace

class TestPlots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void everyKindIsDrawnInEveryTheme();
    void nothingStandsOutsideThePicture();
    void rowsGrowForLongNamesAndShowThemWhole();
    void aPointOnATickHitsTheTicksPixel();
    void equalAxesAreEquallyLong();
    void inALowWindowASquareKeepsItsSize();
    void aGapIsNotBridged();
    void manyPointsAreDecimatedAndItIsSaid();
    void namesAreShownLiterally();
    void numbersFollowTheLocale();
    void paperIsLightInDarkMode();
    void statesDifferWithoutColour();
    void anEmptyPlotSaysWhy();

    void theThresholdIsDragged();
    void arrowKeysMoveTheThreshold();
    void aRefreshDoesNotTakeTheHandleFromTheHand();
    void readingsFollowTheThreshold();
    void hoverNamesRatioAndDifference();
    void hoverOnACurveNamesTheThreshold();
    void hoverOnABinNamesItsPartOfPsi();
    void keysWalkTheGroups();
    void whatTheCursorSaysGoesWithTheFocus();
    void aDoubleClickOpensARowOnce();
    void keysWalkTheCurve();
    void dragZoomsWhereThereIsSomethingToZoom();
    void plainWheelIsLeftToThePage();
    void cursorSurvivesARefresh();
    void screenReadersHearThePlot();
    void heightFollowsTheRows();

    void theTableHasARowPerGroup();
    void theTableHasARowPerPoint();
    void tablesBehave();
    void heatCellsSayAndShowTheirState();
    void manyGroupsStandInAGridWithOneAxis();
    void timeToFirstPaint();
};

void TestPlots::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    theme::install(*qApp);
}

void TestPlots::init()
{
    theme::apply(*qApp, theme::Scheme::Light);
}

void TestPlots::cleanup()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    theme::setTextScale(1);
}

void TestPlots::everyKindIsDrawnInEveryTheme()
{
    for (const auto &[scheme, suffix] : {std::pair(theme::Scheme::Light, "light"), std::pair(theme::Scheme::Dark, "dark"), std::pair(theme::Scheme::HighContrastLight, "hcl"),
                                         std::pair(theme::Scheme::HighContrastDark, "hcd")}) {
        theme::apply(*qApp, scheme);
        for (const Sample &sample : everyKind()) {
            const QImage image = toImage(sample.spec, sample.size);
            keep(image, QStringLiteral("plot-%1-%2.png").arg(sample.name, QString::fromLatin1(suffix)));
            PlotPicture picture(shared(sample.spec), Look::screen());
            picture.resize(QSizeF(sample.size) - QSizeF(28, 28));
            for (const PanelFrame &panel : picture.frame().panels) {
                const QRect plot = panel.plot.translated(14, 14).toRect();
                QVERIFY2(inkIn(image, plot, theme::current().page) > 1500, qPrintable(sample.name + QStringLiteral(": the plot is empty")));
            }
        }
    }
}

void TestPlots::nothingStandsOutsideThePicture()
{
    for (const double scale : {1.0, 2.0}) {
        theme::setTextScale(scale);
        theme::apply(*qApp, theme::Scheme::Light);
        const Look look = Look::screen();
        for (const Sample &sample : everyKind()) {
            for (const double least : {460.0, 700.0, 1240.0}) {
                const double width = std::max(least, 292 * scale); // the view is never narrower
                const double height = std::max(leastHeight(sample.spec, look, width, {}), 300.0);
                const PlotFrame frame = layOut(sample.spec, look, {width, height}, {}, {}, 0);
                const QRectF whole = QRectF(0, 0, width, height).adjusted(-0.5, -0.5, 0.5, 0.5);
                QList<QRectF> boxes{frame.head.title, frame.head.subtitle, frame.sideBox};
                for (const LegendEntry &entry : frame.head.legend)
                    boxes << entry.box;
                for (const LegendEntry &entry : frame.side)
                    boxes << entry.box;
                for (const RowName &row : frame.rows)
                    boxes << row.box;
                for (const PanelFrame &panel : frame.panels) {
                    boxes << panel.plot << panel.xTitle << panel.yTitle << panel.strip << panel.stripTitle << panel.title;
                    for (std::size_t i = 0; i < panel.ruleLabels.size(); ++i) {
                        boxes << panel.ruleLabels[i].box;
                        for (std::size_t j = 0; j < i; ++j)
                            QVERIFY2(!panel.ruleLabels[i].box.intersects(panel.ruleLabels[j].box), qPrintable(sample.name));
                    }
                    QVERIFY(panel.plot.width() > 30 && panel.plot.height() > 30);
                }
                for (const QRectF &box : boxes) {
                    const QString where = QStringLiteral("%1 at %2 × %3, scale %4: %5,%6 %7×%8").arg(sample.name).arg(width).arg(height).arg(scale).arg(box.x()).arg(box.y()).arg(box.width()).arg(box.height());
                    QVERIFY2(box.isNull() || whole.contains(box), qPrintable(where));
                }
                keep(toImage(sample.spec, QSize(static_cast<int>(width) + 28, static_cast<int>(height) + 28)), QStringLiteral("size-%1-%2-%3.png").arg(sample.name).arg(width).arg(scale));
            }
        }
    }
}

void TestPlots::rowsGrowForLongNamesAndShowThemWhole()
{
    ForestInput input = samples::forestInput();
    QString name;
    for (int i = 0; name.size() < 200; ++i)
        name += QStringLiteral("part%1 & <b> ").arg(i);
    input.groups[1].name = name.trimmed().toStdString();
    const PlotSpec spec = forestPlot(input);
    const Look look = Look::screen();
    const PlotFrame frame = layOut(spec, look, {700, preferredHeight(spec, look, 700, {})}, {}, {}, 0);
    QVERIFY(frame.rows[1].box.height() > 2 * frame.rows[0].box.height());
    QVERIFY(frame.rows[1].box.width() <= 281);
    const QString text = textOf(toSvg(spec, {728, 600})).remove(QLatin1Char('\n')).remove(QLatin1Char(' '));
    QVERIFY2(text.contains(name.trimmed().remove(QLatin1Char(' '))), qPrintable(text));
    keep(toImage(spec, {728, static_cast<int>(preferredHeight(spec, look, 700, {})) + 28}), QStringLiteral("plot-long.png"));
}

void TestPlots::aPointOnATickHitsTheTicksPixel()
{
    for (const Sample &sample : everyKind()) {
        PlotPicture picture(shared(sample.spec), Look::screen());
        for (const QSizeF size : {QSizeF(900, 420), QSizeF(731, 389)}) {
            picture.resize(size);
            for (std::size_t i = 0; i < picture.frame().panels.size(); ++i) {
                const PanelFrame &panel = picture.frame().panels[i];
                QChart &chart = picture.chart(i);
                QCOMPARE(chart.plotArea(), panel.plot);
                if (sample.spec.panels[i].isSideways())
                    continue; // rows are not in the chart
                for (const AxisTick &x : panel.x.ticks) {
                    for (const AxisTick &y : panel.y.ticks) {
                        const QPointF byChart = chart.mapToPosition({panel.x.unit(x.value), panel.y.unit(y.value)}, chart.series().first());
                        const QPointF byFrame = panel.at(x.value, y.value);
                        QVERIFY2(std::hypot(byChart.x() - byFrame.x(), byChart.y() - byFrame.y()) < 0.01, qPrintable(sample.name));
                    }
                }
            }
        }
    }
}

void TestPlots::equalAxesAreEquallyLong()
{
    PlotPicture picture(shared(rocPlot(samples::rocInput())), Look::screen());
    for (const QSizeF size : {QSizeF(900, 420), QSizeF(520, 300), QSizeF(380, 700)}) {
        picture.resize(size);
        const PanelFrame &panel = picture.frame().panels[0];
        QCOMPARE(picture.frame().sideBox.isNull(), size.width() < 400); // the room beside a square is the legend's
        QVERIFY(picture.frame().sideBox.isNull() || picture.frame().sideBox.left() > panel.plot.right());
        QVERIFY(panel.plot.width() >= 150);
        QCOMPARE(panel.plot.width(), panel.plot.height());
        QCOMPARE(panel.x.ticks.size(), panel.y.ticks.size());
    }
}

void TestPlots::inALowWindowASquareKeepsItsSize()
{
    PlotPicture picture(shared(calibrationPlot(samples::calibrationInput())), Look::screen());
    picture.resize({520, 270});
    const PlotFrame &low = picture.frame();
    QVERIFY2(low.panels[0].plot.width() >= 130, qPrintable(QString::number(low.panels[0].plot.width())));
    QVERIFY(low.panels[0].strip.isNull());
    for (const LegendEntry &entry : low.side) // as drawn: what lies beside the title below the square must not lie on it
        QVERIFY(entry.box.left() > low.panels[0].plot.right() + 10);
    picture.resize({520, 460});
    QVERIFY(!picture.frame().panels[0].strip.isNull());
    QVERIFY(picture.frame().panels[0].plot.width() >= 150);
}

void TestPlots::aGapIsNotBridged()
{
    ThresholdInput input = samples::thresholdInput();
    input.lines.resize(1);
    for (auto &[threshold, value] : input.lines[0].values) {
        if (threshold > 0.395 && threshold < 0.455)
            value = std::nan("");
    }
    PlotPicture picture(shared(thresholdPlot(input)), Look::screen());
    int lines = 0;
    for (QAbstractSeries *series : picture.chart(0).series()) {
        const auto *line = qobject_cast<QLineSeries *>(series);
        if (!line || line->count() == 0)
            continue;
        ++lines;
        QVERIFY(!(line->at(0).x() < 0.42 && line->at(line->count() - 1).x() > 0.42));
    }
    QCOMPARE(lines, 2);
}

void TestPlots::manyPointsAreDecimatedAndItIsSaid()
{
    ThresholdInput input;
    ThresholdLine line{"rate", {}, {}, {}};
    for (int i = 0; i <= 200'000; ++i)
        line.values.emplace_back(i / 200'000.0, 0.5 + 0.4 * std::sin(i * 0.01));
    input.lines = {line};
    PlotPicture picture(shared(thresholdPlot(input)), Look::screen());
    picture.resize({900, 340});
    for (QAbstractSeries *series : picture.chart(0).series())
        QVERIFY(qobject_cast<QLineSeries *>(series)->count() <= 2100);
    const auto &legend = picture.frame().head.legend;
    QVERIFY(std::ranges::any_of(legend, [](const LegendEntry &entry) { return entry.text == QStringLiteral("drawn from 200,001 points"); }));
}

void TestPlots::namesAreShownLiterally()
{
    const QString text = textOf(toSvg(forestPlot(samples::forestInput()), {728, 420}));
    QVERIFY2(text.contains(QStringLiteral("<b>Not</b> & stated")), qPrintable(text));
    QVERIFY(textOf(toSvg(rocPlot(samples::rocInput()), {728, 420})).contains(QStringLiteral("not stated <25")));
    QVERIFY(textOf(toSvg(driftRankingPlot(samples::rankingInput()), {728, 420})).contains(QStringLiteral("A&B <i>x</i>")));
    QVERIFY(!toSvg(forestPlot(samples::forestInput()), {728, 420}).contains("<image"));
}

void TestPlots::numbersFollowTheLocale()
{
    QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
    const QString text = textOf(toSvg(disparityPlot(samples::disparityInput()), {980, 420}));
    QVERIFY2(text.contains(QStringLiteral("1,25")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("−0,1")), qPrintable(text));
    QVERIFY(text.contains(QStringLiteral("n 9.874")));
    PlotTable table;
    table.setSpec(shared(disparityPlot(samples::disparityInput())));
    QCOMPARE(table.index(0, 2).data().toString(), QStringLiteral("0,88"));
    QCOMPARE(table.index(0, 3).data().toString(), QStringLiteral("[0,83; 0,93]"));
}

void TestPlots::paperIsLightInDarkMode()
{
    const auto print = [] {
        QImage image(700, 400, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        charts::paint(painter, QRectF(0, 0, 700, 400), forestPlot(samples::forestInput()));
        return image;
    };
    const QImage light = print();
    theme::apply(*qApp, theme::Scheme::Dark);
    QCOMPARE(print(), light);
}

void TestPlots::statesDifferWithoutColour()
{
    std::vector<QImage> rows;
    for (const VerdictState state : {VerdictState::Pass, VerdictState::Watch, VerdictState::Fail, VerdictState::NotEnoughData}) {
        ForestInput input = samples::forestInput();
        input.groups.resize(1);
        input.groups[0].state = state;
        input.choice.minimumN = state == VerdictState::NotEnoughData ? 5000 : 0;
        PlotPicture picture(shared(forestPlot(input)), Look::screen());
        picture.resize({600, 200});
        const QPointF at = picture.position({0, 0, picture.spec().panels[0].series[0].points[0]});
        QImage image(600, 200, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.translate(-at.x() + 20, -at.y() + 20);
        picture.paint(painter);
        painter.end();
        QImage shape = image.copy(0, 0, 40, 40).convertToFormat(QImage::Format_Grayscale8);
        for (int y = 0; y < shape.height(); ++y) { // any ink is ink
            for (int x = 0; x < shape.width(); ++x)
                shape.scanLine(y)[x] = shape.scanLine(y)[x] < 190 ? 0 : 255;
        }
        for (const QImage &other : rows) {
            int different = 0;
            for (int y = 0; y < shape.height(); ++y) {
                for (int x = 0; x < shape.width(); ++x)
                    different += shape.pixelColor(x, y) != other.pixelColor(x, y) ? 1 : 0;
            }
            QVERIFY2(different > 12, "two states look alike in grey");
        }
        rows.push_back(shape);
    }
}

void TestPlots::anEmptyPlotSaysWhy()
{
    const PlotSpec spec = rocPlot({});
    QVERIFY(textOf(toSvg(spec, {700, 400})).contains(QStringLiteral("A curve needs scores and rows of both classes.")));
    PlotView view;
    view.resize(600, 300);
    view.setSpec(spec);
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("A curve needs scores")));
    for (const int key : {Qt::Key_Right, Qt::Key_Down, Qt::Key_Home, Qt::Key_Plus, Qt::Key_Return, Qt::Key_Escape})
        QTest::keyClick(&view, static_cast<Qt::Key>(key));
    QVERIFY(!view.cursor());
    view.setSpec({});
    QVERIFY(!view.grab().isNull());
}

void TestPlots::theThresholdIsDragged()
{
    PlotView view;
    view.resize(900, 340);
    view.setSpec(densityPlot(samples::densityInput()));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QCOMPARE(*view.threshold(), 0.42);
    QSignalSpy moved(&view, &PlotView::thresholdMoved);
    QSignalSpy chosen(&view, &PlotView::thresholdChosen);
    const PanelFrame panel = view.picture().frame().panels[0];
    const auto at = [&](double threshold) { return onWidget({panel.x.pixel(threshold), panel.plot.center().y()}); };
    QTest::mousePress(&view, Qt::LeftButton, {}, at(0.42));
    QTest::mouseMove(&view, at(0.50));
    QTest::mouseMove(&view, at(0.604));
    QVERIFY(moved.count() >= 2);
    QCOMPARE(chosen.count(), 0);
    QTest::mouseRelease(&view, Qt::LeftButton, {}, at(0.604));
    QCOMPARE(chosen.count(), 1);
    const double end = moved.last().at(0).toDouble();
    QVERIFY2(std::fabs(end - 0.60) < 0.0051, qPrintable(QString::number(end)));
    QCOMPARE(std::round(end * 100), end * 100); // places are steps
    QCOMPARE(*view.threshold(), end);
    QVERIFY2(!view.zoom(), "dragging the threshold is no zoom");
    keep(view.grab().toImage(), QStringLiteral("plot-dragged.png"));
    QTest::mousePress(&view, Qt::LeftButton, {}, onWidget(handleGrip(view.spec(), view.picture().frame(), Look::screen(), end).center()));
    QTest::mouseMove(&view, at(5)); // beyond the edge
    QTest::mouseRelease(&view, Qt::LeftButton, {}, at(5));
    QCOMPARE(*view.threshold(), 1.0);
}

void TestPlots::arrowKeysMoveTheThreshold()
{
    PlotView view;
    view.resize(900, 340);
    view.setSpec(thresholdPlot(samples::thresholdInput()));
    QSignalSpy moved(&view, &PlotView::thresholdMoved);
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(*view.threshold(), 0.43);
    QTest::keyClick(&view, Qt::Key_Left);
    QTest::keyClick(&view, Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(*view.threshold(), 0.32);
    QCOMPARE(moved.count(), 3);
    QTest::keyClick(&view, Qt::Key_End);
    QCOMPARE(*view.threshold(), 1.0);
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(moved.count(), 4); // it stood at the end already
    view.setThreshold(0.5);
    QCOMPARE(moved.count(), 4); // who sets it knows
    ThresholdInput fixed = samples::thresholdInput();
    fixed.isMovable = false;
    view.setSpec(thresholdPlot(fixed));
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(*view.threshold(), 0.42);
    QVERIFY(view.cursor()); // the keys walk the lines then
}

void TestPlots::aRefreshDoesNotTakeTheHandleFromTheHand()
{
    PlotView view;
    view.resize(900, 340);
    view.setSpec(densityPlot(samples::densityInput()));
    const PanelFrame panel = view.picture().frame().panels[0];
    const auto at = [&](double threshold) { return onWidget({panel.x.pixel(threshold), panel.plot.center().y()}); };
    QTest::mousePress(&view, Qt::LeftButton, {}, at(0.42));
    QTest::mouseMove(&view, at(0.7));
    view.setSpec(densityPlot(samples::densityInput())); // an answer to an earlier place arrives
    QCOMPARE(*view.threshold(), 0.7);
    QTest::mouseRelease(&view, Qt::LeftButton, {}, at(0.7));
    view.setSpec(densityPlot(samples::densityInput()));
    QCOMPARE(*view.threshold(), 0.42);
}

void TestPlots::readingsFollowTheThreshold()
{
    PlotView view;
    view.resize(900, 340);
    view.setSpec(densityPlot(samples::densityInput()));
    QVERIFY2(view.cursorSentence().startsWith(QStringLiteral("Threshold 0.420. women: ")), qPrintable(view.cursorSentence()));
    QVERIFY(view.cursorSentence().contains(QStringLiteral("% from there.")));
    QTest::keyClick(&view, Qt::Key_Home);
    QVERIFY2(view.cursorSentence().contains(QStringLiteral("women: 0.0 % below, 100.0 % from there.")), qPrintable(view.cursorSentence()));
    const QString svg = textOf(view.toSvg());
    QVERIFY2(svg.contains(QStringLiteral("threshold 0.000")) && svg.contains(QStringLiteral("100.0 %")), qPrintable(svg));
}

void TestPlots::hoverNamesRatioAndDifference()
{
    PlotView view;
    view.resize(980, 440);
    view.setSpec(disparityPlot(samples::disparityInput()));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const PanelFrame &panel = view.picture().frame().panels[1];
    QTest::mouseMove(&view, onWidget({panel.plot.center().x(), panel.y.pixel(4)}));
    QTRY_VERIFY(view.cursor());
    const QString sentence = view.cursorSentence();
    for (const char *part : {"65 and over: ratio 0.82, interval 0.76 to 0.88", "difference −0.152, interval −0.200 to −0.100", "n 1,204", "Fail."})
        QVERIFY2(sentence.contains(QString::fromUtf8(part)), qPrintable(sentence));
    keep(view.grab().toImage(), QStringLiteral("plot-hover-disparity.png"));
    QTest::mouseMove(&view, onWidget({5, view.picture().frame().panels[0].y.pixel(6)})); // on a name
    QTRY_VERIFY(view.cursorSentence().contains(QStringLiteral("Unborn: ratio undefined (0 positives)")));
    QTest::mouseMove(&view, QPoint(2, 2));
    QTRY_VERIFY(!view.cursor());
}

void TestPlots::hoverOnACurveNamesTheThreshold()
{
    PlotView view;
    view.resize(740, 440);
    view.setSpec(rocPlot(samples::rocInput()));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const PlotPoint wanted = view.spec().panels[0].series[1].points[100];
    QTest::mouseMove(&view, onWidget(view.picture().position({0, 1, wanted})));
    QTRY_VERIFY(view.cursor());
    QVERIFY2(view.cursorSentence().startsWith(QStringLiteral("men: False positive rate 0.")), qPrintable(view.cursorSentence()));
    QVERIFY2(view.cursorSentence().contains(QStringLiteral("threshold 0.")), qPrintable(view.cursorSentence()));
    keep(view.grab().toImage(), QStringLiteral("plot-hover-roc.png"));
    QTest::keyClick(&view, Qt::Key_Home);
    QVERIFY2(view.cursorSentence().contains(QStringLiteral("threshold above every score")), qPrintable(view.cursorSentence()));
}

void TestPlots::hoverOnABinNamesItsPartOfPsi()
{
    PlotView view;
    view.resize(860, 380);
    view.setSpec(binsPlot(samples::binsInput()));
    QTest::keyClick(&view, Qt::Key_Home);
    QTest::keyClick(&view, Qt::Key_Right);
    const QString sentence = view.cursorSentence();
    for (const char *part : {"income 12,400 to 18,250: ", "January to June 2025 9.9 %", "April 2026 6.0 %", "adds to PSI 0.0", "rows, April 2026 520"})
        QVERIFY2(sentence.contains(QString::fromUtf8(part)), qPrintable(sentence));
    QTest::keyClick(&view, Qt::Key_End);
    QVERIFY2(view.cursorSentence().contains(QStringLiteral("91,500 and above")), qPrintable(view.cursorSentence()));
    keep(view.grab().toImage(), QStringLiteral("plot-hover-bins.png"));
}

void TestPlots::whatTheCursorSaysGoesWithTheFocus()
{
    QWidget window;
    window.resize(980, 480);
    PlotView view(&window);
    view.setGeometry(0, 0, 980, 440);
    view.setSpec(forestPlot(samples::forestInput()));
    QLineEdit field(&window);
    field.setGeometry(0, 445, 200, 30);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    field.setFocus();
    const QImage before = view.grab().toImage();
    view.setFocus(Qt::TabFocusReason);
    QTest::keyClick(&view, Qt::Key_Down);
    const QString sentence = view.cursorSentence();
    QVERIFY(!sentence.isEmpty());
    QVERIFY(view.grab().toImage() != before);
    field.setFocus(Qt::TabFocusReason);
    QCOMPARE(view.grab().toImage(), before); // two charts would cover each other with what nobody points at
    QCOMPARE(view.cursorSentence(), sentence); // and whoever comes back goes on from there
}

void TestPlots::keysWalkTheGroups()
{
    PlotView view;
    view.resize(980, 440);
    view.setSpec(disparityPlot(samples::disparityInput()));
    QSignalSpy activated(&view, &PlotView::pointActivated);
    QSignalSpy table(&view, &PlotView::tableRequested);
    QTest::keyClick(&view, Qt::Key_Home);
    QVERIFY(view.cursorSentence().startsWith(QStringLiteral("18–24")));
    QTest::keyClick(&view, Qt::Key_Down);
    QVERIFY(view.cursorSentence().startsWith(QStringLiteral("25–34")));
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.cursor()->panel, std::size_t(1));
    QCOMPARE(view.cursor()->point.at, 1.0);
    QTest::keyClick(&view, Qt::Key_End);
    QVERIFY2(view.cursorSentence().startsWith(QStringLiteral("Unborn")), "groups without a value are walked too");
    QTest::keyClick(&view, Qt::Key_Down);
    QVERIFY(view.cursorSentence().startsWith(QStringLiteral("Unborn")));
    QTest::keyClick(&view, Qt::Key_Up);
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(activated.count(), 1);
    QCOMPARE(qvariant_cast<PlotPoint>(activated.first().at(2)).value, -0.132);
    QTest::keyClick(&view, Qt::Key_T);
    QCOMPARE(table.count(), 1);
    QTest::keyClick(&view, Qt::Key_Escape);
    QVERIFY(!view.cursor());
}

void TestPlots::aDoubleClickOpensARowOnce()
{
    PlotView view;
    view.resize(980, 440);
    view.setSpec(disparityPlot(samples::disparityInput()));
    QTest::keyClick(&view, Qt::Key_Home);
    const QPoint row = onWidget(view.picture().position(*view.cursor()));
    QSignalSpy activated(&view, &PlotView::pointActivated);
    QTest::mouseClick(&view, Qt::LeftButton, {}, row);
    QCOMPARE(activated.count(), 1);
    QTest::mouseDClick(&view, Qt::LeftButton, {}, row);
    QTest::mouseRelease(&view, Qt::LeftButton, {}, row);
    QCOMPARE(activated.count(), 1);
}

void TestPlots::keysWalkTheCurve()
{
    PlotView view;
    view.resize(740, 440);
    view.setSpec(calibrationPlot(samples::calibrationInput()));
    QTest::keyClick(&view, Qt::Key_Right);
    QVERIFY2(view.cursorSentence().startsWith(QStringLiteral("women: Mean score of the bin 0.030, Observed rate ")), qPrintable(view.cursorSentence()));
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.cursor()->point.at, 0.03 + 0.097);
    QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(view.cursor()->series, std::size_t(1));
    QVERIFY(view.cursorSentence().contains(QStringLiteral("n 450")));
    QTest::keyClick(&view, Qt::Key_End);
    QVERIFY(view.cursorSentence().contains(QStringLiteral("n below 100.")));
}

void TestPlots::dragZoomsWhereThereIsSomethingToZoom()
{
    PlotView view;
    view.resize(900, 340);
    view.setSpec(thresholdPlot(samples::thresholdInput()));
    const PanelFrame panel = view.picture().frame().panels[0];
    const auto drag = [&](double from, double to) {
        const double y = panel.plot.center().y();
        QTest::mousePress(&view, Qt::LeftButton, {}, onWidget({panel.plot.left() + from * panel.plot.width(), y}));
        QTest::mouseMove(&view, onWidget({panel.plot.left() + to * panel.plot.width(), y}));
        QTest::mouseRelease(&view, Qt::LeftButton, {}, onWidget({panel.plot.left() + to * panel.plot.width(), y}));
    };
    drag(0.6, 0.9);
    QVERIFY(view.zoom());
    QVERIFY(std::fabs(view.zoom()->first - 0.6) < 0.01 && std::fabs(view.zoom()->second - 0.9) < 0.01);
    QCOMPARE(view.picture().frame().panels[0].y.high, panel.y.high);
    keep(view.grab().toImage(), QStringLiteral("plot-zoomed.png"));
    view.setSpec(thresholdPlot(samples::thresholdInput()));
    QVERIFY2(view.zoom(), "a refresh keeps the zoom");
    QTest::keyClick(&view, Qt::Key_0);
    QVERIFY(!view.zoom());
    QTest::keyClick(&view, Qt::Key_Plus);
    QVERIFY(view.zoom());
    QTest::keyClick(&view, Qt::Key_Minus);
    QVERIFY(!view.zoom());
    view.setSpec(rocPlot(samples::rocInput()));
    QVERIFY(!view.canZoom());
    drag(0.2, 0.4);
    QTest::keyClick(&view, Qt::Key_Plus);
    QVERIFY(!view.zoom());
}

void TestPlots::plainWheelIsLeftToThePage()
{
    PlotView view;
    view.resize(900, 340);
    view.setSpec(thresholdPlot(samples::thresholdInput()));
    const QPointF at(300, 150);
    const auto turn = [&](Qt::KeyboardModifiers modifiers) {
        QWheelEvent event(at, view.mapToGlobal(at), {}, {0, 120}, Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view, &event);
        return event.isAccepted();
    };
    QVERIFY(!turn(Qt::NoModifier));
    QVERIFY(!view.zoom());
    QVERIFY(turn(Qt::ControlModifier));
    QVERIFY(view.zoom());
    QCOMPARE(*view.threshold(), 0.42);
}

void TestPlots::cursorSurvivesARefresh()
{
    PlotView view;
    view.resize(740, 440);
    view.setSpec(forestPlot(samples::forestInput()));
    QTest::keyClick(&view, Qt::Key_Home);
    QTest::keyClick(&view, Qt::Key_Down);
    ForestInput changed = samples::forestInput();
    changed.groups[1].figure.value = 0.9;
    view.setSpec(forestPlot(changed));
    QVERIFY(view.cursor());
    QCOMPARE(view.cursor()->point.value, 0.9);
    changed.choice.id = "another";
    view.setSpec(forestPlot(changed));
    QVERIFY(!view.cursor());
}

void TestPlots::screenReadersHearThePlot()
{
    PlotView view;
    view.resize(740, 440);
    view.setSpec(forestPlot(samples::forestInput()));
    QAccessibleInterface *access = QAccessible::queryAccessibleInterface(&view);
    QVERIFY(access);
    QCOMPARE(access->role(), QAccessible::Chart);
    QCOMPARE(access->text(QAccessible::Name), QStringLiteral("Recall is outside its limit for 65 and over"));
    QVERIFY(access->text(QAccessible::Description).contains(QStringLiteral("Too small to judge")));
    QTest::keyClick(&view, Qt::Key_End);
    QVERIFY2(access->text(QAccessible::Value).startsWith(QStringLiteral("Unborn: Recall undefined (0 positives)")), qPrintable(access->text(QAccessible::Value)));
    QVERIFY(access->text(QAccessible::Description).startsWith(QStringLiteral("Unborn")));
}

void TestPlots::heightFollowsTheRows()
{
    PlotView few;
    few.setSpec(forestPlot(samples::forestInput()));
    ForestInput many = samples::forestInput();
    for (int i = 0; i < 25; ++i)
        many.groups.push_back(many.groups[1]);
    PlotView more;
    more.setSpec(forestPlot(many));
    QVERIFY(more.heightForWidth(700) >= few.heightForWidth(700) + 25 * 30);
    QVERIFY(more.minimumSizeHint().height() < more.heightForWidth(700));
    QVERIFY(more.minimumSizeHint().height() > 32 * 18);
}

void TestPlots::theTableHasARowPerGroup()
{
    PlotTable table;
    table.setSpec(shared(disparityPlot(samples::disparityInput())));
    QStringList heads;
    for (int i = 0; i < table.columnCount(); ++i)
        heads << table.headerData(i, Qt::Horizontal, Qt::DisplayRole).toString();
    const QStringList expected{QStringLiteral("Age band"), QStringLiteral("n"), QStringLiteral("ratio"), QStringLiteral("95 % Katz interval"), QStringLiteral("difference"), QStringLiteral("95 % Katz interval"), QStringLiteral("p"),
                               QStringLiteral("p, adjusted for many groups"), QStringLiteral("State"), QStringLiteral("Note")};
    QCOMPARE(heads, expected);
    QCOMPARE(table.rowCount(), 7);
    const auto text = [&](int row, int column) { return table.index(row, column).data().toString(); };
    QCOMPARE(text(4, 0), QStringLiteral("65 and over"));
    QCOMPARE(text(4, 1), QStringLiteral("1,204"));
    QCOMPARE(text(4, 2), QStringLiteral("0.82"));
    QCOMPARE(text(4, 4), QStringLiteral("−0.152"));
    QCOMPARE(text(4, 7), QStringLiteral("< 0.001"));
    QCOMPARE(text(4, 8), QStringLiteral("Fail"));
    QCOMPARE(table.index(4, 8).data(PlotTable::kStateRole).toInt(), static_cast<int>(theme::State::Fail));
    QCOMPARE(text(6, 2), QStringLiteral("undefined (0 positives)"));
    QVERIFY(!table.index(6, 2).data(PlotTable::kSortRole).isValid());
    QVERIFY2(text(5, 9).contains(QStringLiteral("n below 100")), qPrintable(text(5, 9)));
}

void TestPlots::theTableHasARowPerPoint()
{
    PlotTable table;
    const auto spec = shared(rocPlot(samples::rocInput()));
    table.setSpec(spec);
    QCOMPARE(table.rowCount(), 3 * 203);
    QCOMPARE(table.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("Series"));
    QCOMPARE(table.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("False positive rate"));
    QCOMPARE(table.index(203, 0).data().toString(), QStringLiteral("men"));
    const auto threshold = std::ranges::find(table.columns(), PlotTable::Kind::Threshold, &PlotTable::Column::kind) - table.columns().begin();
    QCOMPARE(table.index(0, static_cast<int>(threshold)).data().toString(), QStringLiteral("above every score"));
    QCOMPARE(table.index(101, static_cast<int>(threshold)).data().toString(), QStringLiteral("0.500"));
}

void TestPlots::tablesBehave()
{
    PlotTable table;
    HeatModel heat;
    QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QAbstractItemModelTester heatTester(&heat, QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (const Sample &sample : everyKind()) {
        table.setSpec(shared(sample.spec));
        QVERIFY2(table.rowCount() > 0 && table.columnCount() > 1, qPrintable(sample.name));
    }
    heat.setGrid(samples::driftGridSample());
    table.setSpec(shared({}));
    QCOMPARE(table.rowCount(), 0);
}

void TestPlots::heatCellsSayAndShowTheirState()
{
    HeatModel model;
    model.setGrid(samples::driftGridSample());
    QCOMPARE(model.columnCount(), 9);
    QCOMPARE(model.headerData(3, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("2026-03"));
    QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("income"));
    const QString sentence = model.index(0, 8).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(sentence.startsWith(QStringLiteral("income, 2026-08: 0.")) && sentence.endsWith(QStringLiteral("Fail.")), qPrintable(sentence));
    for (const auto &[scheme, suffix] : {std::pair(theme::Scheme::Light, "light"), std::pair(theme::Scheme::Dark, "dark"), std::pair(theme::Scheme::HighContrastDark, "hcd")}) {
        theme::apply(*qApp, scheme);
        QTableView view;
        view.setModel(&model);
        view.setShowGrid(false);
        HeatDelegate delegate;
        for (int column = 1; column < model.columnCount(); ++column)
            view.setItemDelegateForColumn(column, &delegate);
        view.verticalHeader()->hide();
        view.resizeRowsToContents();
        view.resize(900, 260);
        view.setCurrentIndex(model.index(1, 2));
        keep(view.grab().toImage(), QStringLiteral("plot-heat-%1.png").arg(QString::fromLatin1(suffix)));
        std::set<QByteArray> pictures; // glyph and pattern, without colour
        std::set<int> states;
        for (int row = 0; row < model.rowCount(); ++row) {
            for (int column = 1; column < model.columnCount(); ++column) {
                const QModelIndex index = model.index(row, column);
                if (!states.insert(index.data(HeatModel::kStateRole).toInt()).second)
                    continue;
                QImage image(70, 36, QImage::Format_RGB32);
                image.fill(theme::current().page);
                QPainter painter(&image);
                QStyleOptionViewItem option;
                option.rect = image.rect();
                delegate.paint(&painter, option, index);
                painter.end();
                const QImage grey = image.copy(4, 4, 24, 28).convertToFormat(QImage::Format_Grayscale8); // left of the value
                QByteArray shape;
                const int ground = grey.pixelColor(12, 1).red();
                for (int y = 0; y < grey.height(); ++y) {
                    for (int x = 0; x < grey.width(); ++x)
                        shape += std::abs(grey.pixelColor(x, y).red() - ground) > 24 ? '#' : '.';
                }
                QVERIFY2(pictures.insert(shape).second, "two states look alike without colour");
            }
        }
        QVERIFY(states.size() >= 4);
    }
}

void TestPlots::manyGroupsStandInAGridWithOneAxis()
{
    ChartGrid grid;
    grid.resize(1000, 900);
    grid.setSpec(manyLines(9));
    grid.show();
    QVERIFY(QTest::qWaitForWindowExposed(&grid));
    QCOMPARE(grid.charts().size(), std::size_t(8));
    QCOMPARE(grid.columns(), 3);
    keep(grid.grab().toImage(), QStringLiteral("plot-grid.png"));
    for (ChartView *chart : grid.charts()) {
        QCOMPARE(chart->picture().frame().yTicks.low, grid.charts()[0]->picture().frame().yTicks.low);
        QCOMPARE(chart->picture().frame().yTicks.high, grid.charts()[0]->picture().frame().yTicks.high);
        QCOMPARE(chart->spec().series.size(), std::size_t(2));
    }
    QTest::keyClick(grid.charts()[2], Qt::Key_End);
    QTest::keyClick(grid.charts()[2], Qt::Key_Plus);
    QVERIFY(grid.charts()[2]->zoom());
    for (ChartView *chart : grid.charts())
        QCOMPARE(chart->zoom(), grid.charts()[2]->zoom());
    std::string group;
    connect(&grid, &ChartGrid::pointActivated, this, [&](const std::string &name, const ChartPoint &) { group = name; });
    QTest::keyClick(grid.charts()[2], Qt::Key_Return);
    QCOMPARE(group, std::string("region 3"));
    grid.setSpec(manyLines(4));
    QCOMPARE(grid.charts().size(), std::size_t(1));
    QCOMPARE(grid.charts()[0]->spec().series.size(), std::size_t(4));
}

void TestPlots::timeToFirstPaint()
{
    RocInput input;
    RocGroup group{.name = "all", .points = {}, .area = metrics::Figure::of(0.7, 1), .threshold = {}};
    for (int i = 0; i <= 1'000'000; ++i) {
        const double x = i / 1e6;
        group.points.push_back({1 - x, x, std::sqrt(x), {}, {}});
    }
    input.groups.push_back(std::move(group));
    const PlotSpec spec = rocPlot(input);
    QElapsedTimer timer;
    timer.start();
    PlotView view;
    view.resize(800, 480);
    view.setSpec(spec);
    QVERIFY(!view.grab().isNull());
    qInfo("a curve of 1,000,001 points: first paint %lld ms", static_cast<long long>(timer.elapsed()));
    QVERIFY(timer.elapsed() < 3000);
    timer.restart();
    QTest::keyClick(&view, Qt::Key_Right);
    QTest::keyClick(&view, Qt::Key_Right);
    QVERIFY(!view.grab().isNull());
    qInfo("two steps of the cursor: %lld ms", static_cast<long long>(timer.elapsed()));
    QVERIFY(timer.elapsed() < 1000);
}

QTEST_MAIN(TestPlots)
#include "tst_plots.moc"
