#include "tests/support/program.h"

#include <QFile>
#include <QImage>
#include <QTest>

#include <set>

using namespace countersign::test;

/// The program as it is run: by its command line, with a profile of its own.
class GuiTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void helpAndVersionNeedNoDisplay();
    void wrongUsageIsTold_data();
    void wrongUsageIsTold();
    void takesAPictureOfTheSample_data();
    void takesAPictureOfTheSample();
    void aPictureOfEveryPageDiffersFromTheOthers();
    void whatCannotBeShownEndsWithASentence_data();
    void whatCannotBeShownEndsWithASentence();
    void theEnvironmentNamesTheWorkspace();

private:
    ProgramResult run(const QStringList &arguments, const QString &variable = {}, const QString &value = {})
    {
        Program program(QStringLiteral("countersign"));
        program.arguments(QStringList{QStringLiteral("--profile"), m_folder.filePath(QStringLiteral("profile"))} + arguments);
        if (!variable.isEmpty())
            program.environment(variable, value);
        return program.run(std::chrono::seconds(90));
    }
    QString sampleFile() const { return m_folder.filePath(QStringLiteral("profile/data/sample.countersign")); }

    TemporaryFolder m_folder;
};

void GuiTest::helpAndVersionNeedNoDisplay()
{
    for (const QString &option : {QStringLiteral("--help"), QStringLiteral("--version")}) {
        Program program(QStringLiteral("countersign"));
        const auto result = program.arguments({option}).environment(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("xcb")).run();
        QCOMPARE(result.exitCode, 0);
        QVERIFY(result.out.contains("countersign"));
        QVERIFY2(result.err.isEmpty(), result.err.constData());
    }
}

void GuiTest::wrongUsageIsTold_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("unknown option") << QStringList{QStringLiteral("--colour")} << QByteArray("--colour");
    QTest::newRow("missing value") << QStringList{QStringLiteral("--screenshot")} << QByteArray("--screenshot needs a value");
    QTest::newRow("no size") << QStringList{QStringLiteral("--size"), QStringLiteral("large")} << QByteArray("1440x900");
    QTest::newRow("too large") << QStringList{QStringLiteral("--size=99999x99999")} << QByteArray("--size");
    QTest::newRow("no scheme") << QStringList{QStringLiteral("--scheme=pink")} << QByteArray("light or dark");
    QTest::newRow("two workspaces") << QStringList{QStringLiteral("a.countersign"), QStringLiteral("b.countersign")} << QByteArray("b.countersign");
    QTest::newRow("sample and workspace") << QStringList{QStringLiteral("--sample"), QStringLiteral("b.countersign")} << QByteArray("not both");
}

void GuiTest::wrongUsageIsTold()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, says);
    const auto result = run(arguments);
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.err.contains(says), result.err.constData());
    QVERIFY(result.err.contains("--help"));
}

void GuiTest::takesAPictureOfTheSample_data()
{
    QTest::addColumn<QString>("scheme");
    QTest::addColumn<QSize>("size");
    QTest::newRow("light") << QStringLiteral("light") << QSize(1440, 900);
    QTest::newRow("dark") << QStringLiteral("dark") << QSize(1280, 720);
}

void GuiTest::takesAPictureOfTheSample()
{
    QFETCH(QString, scheme);
    QFETCH(QSize, size);
    const QString file = m_folder.filePath(scheme + QStringLiteral(".png"));
    const auto result = run({QStringLiteral("--sample"), QStringLiteral("--screenshot"), file, QStringLiteral("--scheme"), scheme, QStringLiteral("--size"),
                             QStringLiteral("%1x%2").arg(size.width()).arg(size.height())});
    QVERIFY2(result.exitCode == 0, result.err.constData());
    const QImage picture(file);
    QCOMPARE(picture.size(), size);
    const bool isDark = picture.pixelColor(size.width() - 3, size.height() / 2).lightness() < 100; // the page's ground at its right edge
    QCOMPARE(isDark, scheme == QLatin1String("dark"));
    std::set<QRgb> colours; // a window that has read nothing is nearly empty
    for (int y = 0; y < picture.height(); y += 2) {
        for (int x = 0; x < picture.width(); x += 2)
            colours.insert(picture.pixel(x, y));
    }
    QVERIFY2(colours.size() > 300, qPrintable(QString::number(colours.size())));
    QVERIFY(QFile::exists(sampleFile()));
}

void GuiTest::aPictureOfEveryPageDiffersFromTheOthers()
{
    QList<QImage> pictures;
    for (const char *page : {"inventory", "model", "model:credit-pd-retail/3#metrics", "report", "policy", "audit", "import", "people"}) {
        const QString file = m_folder.filePath(QStringLiteral("page%1.png").arg(pictures.size()));
        const auto result = run({QStringLiteral("--sample"), QStringLiteral("--screenshot"), file, QStringLiteral("--page"), QString::fromLatin1(page),
                                 QStringLiteral("--size=1280x800"), QStringLiteral("--scheme=light")});
        QVERIFY2(result.exitCode == 0, result.err.constData());
        const QImage picture(file);
        QVERIFY(!picture.isNull());
        for (const QImage &other : pictures)
            QVERIFY2(picture != other, page);
        pictures.append(picture);
    }
}

void GuiTest::whatCannotBeShownEndsWithASentence_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    const QString picture = m_folder.filePath(QStringLiteral("never.png"));
    QTest::newRow("no such file") << QStringList{QStringLiteral("--screenshot"), picture, m_folder.filePath(QStringLiteral("none.countersign"))} << QByteArray("none.countersign");
    QTest::newRow("no workspace") << QStringList{QStringLiteral("--screenshot"), picture, QFINDTESTDATA("tst_gui.cpp")} << QByteArray("tst_gui.cpp");
    QTest::newRow("no such page") << QStringList{QStringLiteral("--sample"), QStringLiteral("--screenshot"), picture, QStringLiteral("--page=nowhere")} << QByteArray("nowhere");
    QTest::newRow("no such model") << QStringList{QStringLiteral("--sample"), QStringLiteral("--screenshot"), picture, QStringLiteral("--page=model:no-such-model")}
                                   << QByteArray("no-such-model");
    QTest::newRow("no such folder") << QStringList{QStringLiteral("--sample"), QStringLiteral("--screenshot"), m_folder.filePath(QStringLiteral("none/never.png"))}
                                    << QByteArray("never.png");
}

void GuiTest::whatCannotBeShownEndsWithASentence()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, says);
    const auto result = run(arguments);
    QVERIFY(!result.timedOut);
    QCOMPARE(result.exitCode, 1);
    QVERIFY2(result.err.contains(says), result.err.constData());
    QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("never.png"))));
}

void GuiTest::theEnvironmentNamesTheWorkspace()
{
    const QString named = m_folder.filePath(QStringLiteral("named.png"));
    const QString welcome = m_folder.filePath(QStringLiteral("welcome.png"));
    if (!QFile::exists(sampleFile()))
        QCOMPARE(run({QStringLiteral("--sample"), QStringLiteral("--screenshot"), welcome}).exitCode, 0);
    auto result = run({QStringLiteral("--screenshot"), named, QStringLiteral("--size=1280x720")}, QStringLiteral("COUNTERSIGN_WORKSPACE"), sampleFile());
    QVERIFY2(result.exitCode == 0, result.err.constData());
    result = run({QStringLiteral("--screenshot"), welcome, QStringLiteral("--size=1280x720")});
    QVERIFY2(result.exitCode == 0, result.err.constData());
    QVERIFY(!QImage(named).isNull());
    QVERIFY(QImage(named) != QImage(welcome));
}

QTEST_GUILESS_MAIN(GuiTest)
#include "tst_gui.moc"
