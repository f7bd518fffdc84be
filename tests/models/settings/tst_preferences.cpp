#include "models/settings/preferences.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/verify.h"

#include <QTest>

#include <sys/stat.h>

using namespace countersign;
using settings::Density;
using settings::Folders;
using settings::Preferences;
using settings::ThemeChoice;
using test::TemporaryFolder;

namespace {

Folders foldersIn(const TemporaryFolder &folder) { return Folders::below(folder.file("profile")); }

QString fileOf(const Folders &folders) { return QString::fromStdString((folders.config / "preferences.ini").native()); }

void put(const Folders &folders, const QByteArray &bytes)
{
    std::filesystem::create_directories(folders.config);
    QFile out(fileOf(folders));
    QVERIFY(out.open(QFile::WriteOnly));
    QCOMPARE(out.write(bytes), bytes.size());
}

} // namespace

class TestPreferences : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginWithDefaultsAndWriteNothing();
    void areThereAtTheNextStart();
    void areForTheirPersonOnly();
    void takeEveryChoice();
    void readNonsenseAsTheDefault_data();
    void readNonsenseAsTheDefault();
    void refuseWhatMakesNoSense_data();
    void refuseWhatMakesNoSense();
    void keepWhatOtherVersionsWrote();
    void nameTheKeysThereAre();
    void everyDefaultIsAllowed();
    void sayWhenTheyCannotBeWritten();
};

void TestPreferences::beginWithDefaultsAndWriteNothing()
{
    const TemporaryFolder folder;
    const Preferences preferences(foldersIn(folder));
    QCOMPARE(preferences.theme(), ThemeChoice::System);
    QCOMPARE(preferences.density(), Density::Comfortable);
    QCOMPARE(preferences.language(), QString());
    QCOMPARE(preferences.idleLockMinutes(), 4);
    QVERIFY(!std::filesystem::exists(folder.file("profile")));
}

void TestPreferences::areThereAtTheNextStart()
{
    const TemporaryFolder folder;
    {
        Preferences preferences(foldersIn(folder));
        QVERIFY_RESULT(preferences.setTheme(ThemeChoice::HighContrast));
        QVERIFY_RESULT(preferences.setDensity(Density::Compact));
        QVERIFY_RESULT(preferences.setLanguage(QStringLiteral("cs")));
        QVERIFY_RESULT(preferences.setIdleLockMinutes(15));
    }
    const Preferences preferences(foldersIn(folder));
    QCOMPARE(preferences.theme(), ThemeChoice::HighContrast);
    QCOMPARE(preferences.density(), Density::Compact);
    QCOMPARE(preferences.language(), QStringLiteral("cs"));
    QCOMPARE(preferences.idleLockMinutes(), 15);
}

void TestPreferences::areForTheirPersonOnly()
{
    const TemporaryFolder folder;
    Preferences preferences(foldersIn(folder));
    QVERIFY_RESULT(preferences.setTheme(ThemeChoice::Dark));
    struct stat status = {};
    QCOMPARE(::stat(foldersIn(folder).config.c_str(), &status), 0);
    QCOMPARE(status.st_mode & 07777U, 0700U);
}

void TestPreferences::takeEveryChoice()
{
    const TemporaryFolder folder;
    Preferences preferences(foldersIn(folder));
    for (const ThemeChoice choice : {ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark, ThemeChoice::HighContrast}) {
        QVERIFY_RESULT(preferences.setTheme(choice));
        QCOMPARE(preferences.theme(), choice);
    }
    for (const Density density : {Density::Comfortable, Density::Compact}) {
        QVERIFY_RESULT(preferences.setDensity(density));
        QCOMPARE(preferences.density(), density);
    }
}

void TestPreferences::readNonsenseAsTheDefault_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("unknown word") << QByteArray("[window]\ntheme=purple\n[session]\nidleLockMinutes=soon\n");
    QTest::newRow("out of range") << QByteArray("[session]\nidleLockMinutes=0\n");
    QTest::newRow("far out of range") << QByteArray("[session]\nidleLockMinutes=99999999999999999999\n");
    QTest::newRow("a list") << QByteArray("[window]\ntheme=dark, light\nlanguage=cs, en\n");
    QTest::newRow("another case") << QByteArray("[window]\ntheme=DARK\n");
    QTest::newRow("a path as language") << QByteArray("[window]\nlanguage=../../etc/passwd\n");
    QTest::newRow("a serialised variant") << QByteArray("[window]\ntheme=@Variant(\\0\\0\\0\\x7f)\nlanguage=@Invalid()\n");
    QTest::newRow("not an INI file") << QByteArray("\0\1\2\xff[[[\n===\n", 13);
}

void TestPreferences::readNonsenseAsTheDefault()
{
    QFETCH(QByteArray, bytes);
    const TemporaryFolder folder;
    put(foldersIn(folder), bytes);
    Preferences preferences(foldersIn(folder));
    QCOMPARE(preferences.theme(), ThemeChoice::System);
    QCOMPARE(preferences.language(), QString());
    QCOMPARE(preferences.idleLockMinutes(), 4);
    QVERIFY_RESULT(preferences.setTheme(ThemeChoice::Dark)); // and can be put right
    QCOMPARE(Preferences(foldersIn(folder)).theme(), ThemeChoice::Dark);
    QFile file(fileOf(foldersIn(folder)));
    QVERIFY(file.open(QFile::ReadOnly) && file.readAll().contains("theme=dark"));
}

void TestPreferences::refuseWhatMakesNoSense_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("allowed");
    QTest::newRow("theme") << QStringLiteral("window/theme") << QStringLiteral("purple") << QStringLiteral("one of system, light, dark, highContrast");
    QTest::newRow("no minute") << QStringLiteral("session/idleLockMinutes") << QStringLiteral("0") << QStringLiteral("from 1 to 60");
    QTest::newRow("many minutes") << QStringLiteral("session/idleLockMinutes") << QStringLiteral("61") << QStringLiteral("from 1 to 60");
    QTest::newRow("half a minute") << QStringLiteral("session/idleLockMinutes") << QStringLiteral("1.5") << QStringLiteral("from 1 to 60");
    QTest::newRow("language") << QStringLiteral("window/language") << QStringLiteral("a/b") << QStringLiteral("language code");
}

void TestPreferences::refuseWhatMakesNoSense()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, allowed);
    const TemporaryFolder folder;
    Preferences preferences(foldersIn(folder));
    const auto before = preferences.value(key);
    const Status status = preferences.setValue(key, value);
    QVERIFY_ERROR(status, ErrorKind::Invalid);
    QVERIFY2(QString::fromStdString(status.error().message).contains(allowed), status.error().message.c_str());
    QCOMPARE(*preferences.value(key), *before);
}

void TestPreferences::keepWhatOtherVersionsWrote()
{
    const TemporaryFolder folder;
    put(foldersIn(folder), "[window]\nsparkle=much\ntheme=dark\n");
    {
        Preferences preferences(foldersIn(folder));
        QVERIFY_RESULT(preferences.setTheme(ThemeChoice::Light));
    }
    QSettings file(fileOf(foldersIn(folder)), QSettings::IniFormat);
    QCOMPARE(file.value(QStringLiteral("window/sparkle")).toString(), QStringLiteral("much"));
    QCOMPARE(file.value(QStringLiteral("window/theme")).toString(), QStringLiteral("light"));
}

void TestPreferences::nameTheKeysThereAre()
{
    const TemporaryFolder folder;
    const Preferences preferences(foldersIn(folder));
    const auto value = preferences.value(QStringLiteral("window/colour"));
    QVERIFY_ERROR(value, ErrorKind::Invalid);
    for (const Preferences::Entry &entry : Preferences::entries())
        QVERIFY2(value.error().message.find(entry.key) != std::string::npos, entry.key);
}

void TestPreferences::everyDefaultIsAllowed()
{
    const TemporaryFolder folder;
    Preferences preferences(foldersIn(folder));
    for (const Preferences::Entry &entry : Preferences::entries()) {
        const QString key = QString::fromLatin1(entry.key);
        QCOMPARE(*preferences.value(key), QString::fromLatin1(entry.otherwise));
        QVERIFY_RESULT(preferences.setValue(key, QString::fromLatin1(entry.otherwise)));
        QVERIFY(std::string_view(entry.meaning).ends_with('.'));
    }
}

void TestPreferences::sayWhenTheyCannotBeWritten()
{
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    std::filesystem::create_directories(fileOf(folders).toStdString()); // a folder in the file's place: unwritable for root too
    Preferences preferences(folders);
    QVERIFY_ERROR(preferences.setTheme(ThemeChoice::Dark), ErrorKind::Io);
}

QTEST_GUILESS_MAIN(TestPreferences)
#include "tst_preferences.moc"
