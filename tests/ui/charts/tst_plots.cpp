#include "tests/ui/charts/plotsamples.h"
#include "ui/charts/plot/plotpicture.h"
#include "ui/charts/plot/plottable.h"
#include "ui/charts/plot/plotwording.h"
#include "ui/charts/plotview.h"
#include "ui/theme/theme.h"

#include <QtTest>

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

} // namespace

class TestPlots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void picturesOfEveryKind();
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

void TestPlots::picturesOfEveryKind()
{
    for (const auto &[scheme, suffix] : {std::pair(theme::Scheme::Light, "light"), std::pair(theme::Scheme::Dark, "dark")}) {
        theme::apply(*qApp, scheme);
        for (const Sample &sample : everyKind())
            keep(toImage(sample.spec, sample.size, 1), QStringLiteral("plot-%1-%2.png").arg(sample.name, QString::fromLatin1(suffix)));
    }
}

QTEST_MAIN(TestPlots)
#include "tst_plots.moc"
