#include "tests/layering/layering.h"

#include <QDirIterator>
#include <QFile>
#include <QTest>

using namespace countersign;
using namespace countersign::layering;

/// The arrows of the design, checked on every #include; and the check itself, on violations planted in texts.
class LayeringTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsWhatCMakeWrote();
    void findsTheModuleOfAPath();
    void findsIncludesOutsideOfComments();
    void knowsWhichPartOfQtAHeaderIs();
    void plantedIncludesAreFound_data();
    void plantedIncludesAreFound();
    void plantedDeclarationsAreFound_data();
    void plantedDeclarationsAreFound();

    void theDeclarationsPointDown();
    void everyIncludeIsDeclared();
};

static Modules sampleHouse()
{
    return parseModules(QStringLiteral("models/base|std|\n"
                                       "models/domain|std|models/base\n"
                                       "models/database|core|models/base\n"
                                       "models/store|core|models/base models/database\n"
                                       "models/settings|core|models/base\n"
                                       "ui/theme|gui|models/domain\n"
                                       "ui/model|gui|ui/theme models/base\n"
                                       "ui/models|gui|ui/theme\n"
                                       "ui/shell|gui|ui/model ui/models ui/theme\n"
                                       "app/verify|std|models/base\n"));
}

static QString fileText(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

void LayeringTest::readsWhatCMakeWrote()
{
    const auto modules = sampleHouse();
    QCOMPARE(modules.size(), std::size_t(10));
    QCOMPARE(modules.at(QStringLiteral("models/base")).flavour, QStringLiteral("std"));
    QVERIFY(modules.at(QStringLiteral("models/base")).uses.empty());
    QCOMPARE(modules.at(QStringLiteral("ui/shell")).uses.size(), std::size_t(3));
    QVERIFY(violationsOf(modules).isEmpty());
}

void LayeringTest::findsTheModuleOfAPath()
{
    const auto modules = sampleHouse();
    QCOMPARE(moduleOf(modules, QStringLiteral("ui/model/page.h")), QStringLiteral("ui/model"));
    QCOMPARE(moduleOf(modules, QStringLiteral("ui/models/page.h")), QStringLiteral("ui/models"));
    QCOMPARE(moduleOf(modules, QStringLiteral("models/base/deep/er.h")), QStringLiteral("models/base"));
    QCOMPARE(moduleOf(modules, QStringLiteral("models/nowhere/x.h")), QString());
    QCOMPARE(moduleOf(modules, QStringLiteral("result.h")), QString());
}

void LayeringTest::findsIncludesOutsideOfComments()
{
    const auto includes = includesOf(QStringLiteral("#include \"a/b.h\"\n"
                                                    "  #  include <vector> // why\n"
                                                    "// #include \"no/a.h\"\n"
                                                    "/* begins\n#include \"no/b.h\"\nends */\n"
                                                    "int x; /* closed */\n"
                                                    "#include <QLabel>\n"
                                                    "// a /* in a line comment\n"
                                                    "#include SOMETHING\n"));
    QCOMPARE(includes.size(), std::size_t(4));
    QCOMPARE(includes[0].name, QStringLiteral("a/b.h"));
    QVERIFY(includes[0].isQuoted);
    QCOMPARE(includes[1].name, QStringLiteral("vector"));
    QCOMPARE(includes[1].line, 2);
    QCOMPARE(includes[2].name, QStringLiteral("QLabel"));
    QVERIFY(includes[3].isMacro);
}

void LayeringTest::knowsWhichPartOfQtAHeaderIs()
{
    QCOMPARE(qtModuleOf(QStringLiteral("QString")), QStringLiteral("QtCore"));
    QCOMPARE(qtModuleOf(QStringLiteral("QSqlQuery")), QStringLiteral("QtSql"));
    QCOMPARE(qtModuleOf(QStringLiteral("QLabel")), QStringLiteral("QtWidgets"));
    QCOMPARE(qtModuleOf(QStringLiteral("QChart")), QStringLiteral("QtCharts"));
    QCOMPARE(qtModuleOf(QStringLiteral("qsqldatabase.h")), QStringLiteral("QtSql"));
    QCOMPARE(qtModuleOf(QStringLiteral("QtSql/QSqlQuery")), QStringLiteral("QtSql"));
    QCOMPARE(qtModuleOf(QStringLiteral("vector")), QString());
    QCOMPARE(qtModuleOf(QStringLiteral("qpdf/QPDF.hh")), QString());
    QCOMPARE(qtModuleOf(QStringLiteral("sys/types.h")), QString());
}

void LayeringTest::plantedIncludesAreFound_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("include");
    QTest::addColumn<bool>("isAllowed");
    const auto row = [](const char *path, const char *include, bool isAllowed) {
        QTest::newRow(qPrintable(QString::fromLatin1(path) + QLatin1String(" ") + QString::fromLatin1(include)))
            << QString::fromLatin1(path) << QString::fromLatin1(include) << isAllowed;
    };
    row("models/base/a.cpp", "\"models/base/b.h\"", true);
    row("models/domain/a.cpp", "\"models/base/b.h\"", true);
    row("models/base/a.cpp", "\"models/domain/b.h\"", false); // up
    row("models/domain/a.cpp", "\"models/database/b.h\"", false); // not in USES
    row("ui/theme/a.cpp", "\"models/base/b.h\"", false); // only through another module
    row("models/domain/a.cpp", "\"base/b.h\"", false); // not from the root
    row("models/domain/a.cpp", "\"b.h\"", false);
    row("models/domain/a.cpp", "\"../base/b.h\"", false);
    row("models/domain/a.cpp", "\"models/nowhere/b.h\"", false);
    row("models/domain/a.cpp", "\"tests/support/b.h\"", false);
    row("models/domain/a.cpp", "SOMETHING", false);
    row("models/store/a.cpp", "\"a.moc\"", true);
    row("models/nowhere/a.cpp", "<vector>", false); // in no module
    row("ui/model/page.cpp", "\"ui/models/page.h\"", false); // a page and a page
    row("ui/shell/window.cpp", "\"ui/models/page.h\"", true);
    row("models/base/a.cpp", "<vector>", true);
    row("models/base/a.cpp", "<QString>", false);
    row("models/base/a.cpp", "<QtCore/qglobal.h>", false);
    row("app/verify/main.cpp", "<QCoreApplication>", false);
    row("models/store/a.cpp", "<QString>", true);
    row("models/store/a.cpp", "<QSqlQuery>", false);
    row("models/store/a.cpp", "<QtSql>", false);
    row("models/store/a.cpp", "<QtSql/QSqlQuery>", false);
    row("ui/model/page.cpp", "<QSqlTableModel>", false);
    row("models/database/a.cpp", "<QSqlQuery>", true);
    row("models/database/a.cpp", "<sqlite3.h>", true);
    row("models/store/a.cpp", "<sqlite3.h>", false);
    row("models/store/a.cpp", "<libpq-fe.h>", false);
    row("models/store/a.cpp", "<libpq/libpq-fs.h>", false);
    row("models/store/a.cpp", "<postgresql/libpq-fe.h>", false);
    row("models/base/a.cpp", "<sodium.h>", false);
    row("models/settings/a.cpp", "<QDBusMessage>", true);
    row("models/store/a.cpp", "<QDBusMessage>", false);
    row("ui/theme/a.cpp", "<QDBusMessage>", true);
    row("models/store/a.cpp", "<QLabel>", false);
    row("models/store/a.cpp", "<QChart>", false);
    row("models/store/a.cpp", "<QImage>", false);
    row("ui/model/page.cpp", "<QLabel>", true);
    row("ui/model/page.cpp", "<QChart>", true);
}

void LayeringTest::plantedIncludesAreFound()
{
    QFETCH(QString, path);
    QFETCH(QString, include);
    QFETCH(bool, isAllowed);
    const auto found = violationsIn(sampleHouse(), path, QStringLiteral("#pragma once\n#include ") + include + QStringLiteral("\nint x;\n"));
    QCOMPARE(found.size(), isAllowed ? 0 : 1);
    if (!isAllowed)
        QVERIFY(found.first().startsWith(path));
}

void LayeringTest::plantedDeclarationsAreFound_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("says");
    QTest::newRow("up") << QStringLiteral("models/domain|std|models/base models/database") << QStringLiteral("points up");
    QTest::newRow("a program") << QStringLiteral("ui/shell|gui|app/verify") << QStringLiteral("points up");
    QTest::newRow("page to page") << QStringLiteral("ui/model|gui|ui/models") << QStringLiteral("a page uses another page");
    QTest::newRow("std to core") << QStringLiteral("app/verify|std|models/database") << QStringLiteral("without Qt");
    QTest::newRow("core to gui") << QStringLiteral("app/cli|core|ui/theme") << QStringLiteral("without windows");
    QTest::newRow("windows below ui") << QStringLiteral("models/items|gui|models/base") << QStringLiteral("for ui and app");
    QTest::newRow("undeclared") << QStringLiteral("models/domain|std|models/bass") << QStringLiteral("not declared");
    QTest::newRow("stranger") << QStringLiteral("misc/stuff|std|") << QStringLiteral("no place");
    QTest::newRow("circle") << QStringLiteral("models/crypto|std|models/domain\nmodels/domain|std|models/crypto") << QStringLiteral("a circle");
}

void LayeringTest::plantedDeclarationsAreFound()
{
    QFETCH(QString, line);
    QFETCH(QString, says);
    auto modules = sampleHouse();
    for (const auto &[path, module] : parseModules(line))
        modules[path] = module;
    const QString found = violationsOf(modules).join(QLatin1Char('\n'));
    QVERIFY2(found.contains(says), qPrintable(found));
}

void LayeringTest::theDeclarationsPointDown()
{
    const auto modules = parseModules(fileText(QStringLiteral(COUNTERSIGN_LAYERING_FILE)));
    QVERIFY(modules.contains(QStringLiteral("models/base")));
    const QStringList found = violationsOf(modules);
    QVERIFY2(found.isEmpty(), qPrintable(QLatin1Char('\n') + found.join(QLatin1Char('\n'))));
}

void LayeringTest::everyIncludeIsDeclared()
{
    const auto modules = parseModules(fileText(QStringLiteral(COUNTERSIGN_LAYERING_FILE)));
    const QDir root(QStringLiteral(COUNTERSIGN_SOURCE_DIR));
    QStringList found;
    int files = 0;
    for (const char *top : {"models", "ui", "app"}) {
        QDirIterator sources(root.filePath(QString::fromLatin1(top)), {QStringLiteral("*.h"), QStringLiteral("*.cpp")}, QDir::Files, QDirIterator::Subdirectories);
        while (sources.hasNext()) {
            const QString path = sources.next();
            found += violationsIn(modules, root.relativeFilePath(path), fileText(path));
            ++files;
        }
    }
    QVERIFY(files > 20);
    found.sort();
    for (const QString &violation : found)
        qWarning("%s", qPrintable(violation)); // one by one: QVERIFY2 cuts long texts
    QCOMPARE(found.size(), 0);
}

QTEST_GUILESS_MAIN(LayeringTest)
#include "tst_layering.moc"
