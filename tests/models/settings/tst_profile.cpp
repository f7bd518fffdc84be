#include "models/settings/privatefile.h"
#include "models/settings/profile.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/verify.h"

#include <QTest>

#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace countersign;
using settings::Folders;
using settings::Profile;
using settings::RecentWorkspace;
using test::TemporaryFolder;

namespace {

constexpr Instant kMonday = Instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23));

Folders foldersIn(const TemporaryFolder &folder) { return Folders::below(folder.file("profile")); }

std::filesystem::path profileFile(const Folders &folders) { return folders.state / "profile.json"; }

unsigned modeOf(const std::filesystem::path &path)
{
    struct stat status = {};
    return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

void put(const std::filesystem::path &file, const QByteArray &bytes)
{
    std::filesystem::create_directories(file.parent_path());
    QFile out(QString::fromStdString(file.native()));
    QVERIFY(out.open(QFile::WriteOnly));
    QCOMPARE(out.write(bytes), bytes.size());
}

QByteArray contentOf(const std::filesystem::path &file)
{
    QFile in(QString::fromStdString(file.native()));
    return in.open(QFile::ReadOnly) ? in.readAll() : QByteArray("missing");
}

std::vector<std::string> locationsOf(const Profile &profile)
{
    std::vector<std::string> locations;
    for (const RecentWorkspace &recent : profile.recentWorkspaces())
        locations.push_back(recent.location);
    return locations;
}

/// An environment variable as it was before, whatever a test did.
class Variable
{
public:
    Variable(const char *name, const QByteArray &value) : m_name(name), m_before(qgetenv(name)), m_wasSet(qEnvironmentVariableIsSet(name))
    {
        value.isNull() ? qunsetenv(name) : qputenv(name, value);
    }
    ~Variable() { m_wasSet ? qputenv(m_name, m_before) : qunsetenv(m_name); }
    Q_DISABLE_COPY_MOVE(Variable)

private:
    const char *m_name;
    QByteArray m_before;
    bool m_wasSet;
};

} // namespace

class TestProfile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheXdgSpecification();
    void usesTheSpecificationsDefaults();
    void prefersTheArgumentToTheVariableToXdg();
    void makesFoldersForItsPersonOnly();
    void saysWhichFolderCannotBeMade();

    void beginsEmptyWithoutWritingAnything();
    void listsTheNewestFirst();
    void rememberingAgainMovesToTheFrontAndKeepsWhatIsNotSaid();
    void oneFileHasOneEntry();
    void tellsMissingFilesFromThoseThatAreThere();
    void forgetsAnEntryAndLeavesTheFile();
    void keepsThirtyAtMost();
    void refusesAPassword();
    void refusesPathsThatAreNoText();

    void remembersThePersonOfEachLedger();
    void remembersWhereTheSampleIs();

    void keepsWhatOtherVersionsWrote();
    void movesADamagedFileAside_data();
    void movesADamagedFileAside();
    void neverOverwritesADamagedFileThatWasMovedAside();
    void doesNotReplaceAFileItCannotRead();
    void leavesNoTemporaryFiles();
    void losesNothingWhenManyWriteAtOnce();
};

void TestProfile::followsTheXdgSpecification()
{
    const Variable own("COUNTERSIGN_PROFILE", {});
    const Variable home("HOME", "/home/ada");
    const Variable config("XDG_CONFIG_HOME", "/x/config");
    const Variable data("XDG_DATA_HOME", "/x/data");
    const Variable state("XDG_STATE_HOME", "/x/state");
    const Variable cache("XDG_CACHE_HOME", "relative/is/ignored");
    const auto folders = Folders::find();
    QVERIFY_RESULT(folders);
    QCOMPARE(folders->config, std::filesystem::path("/x/config/countersign"));
    QCOMPARE(folders->data, std::filesystem::path("/x/data/countersign"));
    QCOMPARE(folders->state, std::filesystem::path("/x/state/countersign"));
    QCOMPARE(folders->cache, std::filesystem::path("/home/ada/.cache/countersign"));
}

void TestProfile::usesTheSpecificationsDefaults()
{
    const Variable own("COUNTERSIGN_PROFILE", {});
    const Variable home("HOME", "/home/ada");
    const Variable config("XDG_CONFIG_HOME", {});
    const Variable data("XDG_DATA_HOME", "");
    const Variable state("XDG_STATE_HOME", {});
    const Variable cache("XDG_CACHE_HOME", {});
    const auto folders = Folders::find();
    QVERIFY_RESULT(folders);
    QCOMPARE(folders->config, std::filesystem::path("/home/ada/.config/countersign"));
    QCOMPARE(folders->data, std::filesystem::path("/home/ada/.local/share/countersign"));
    QCOMPARE(folders->state, std::filesystem::path("/home/ada/.local/state/countersign"));
    QCOMPARE(folders->cache, std::filesystem::path("/home/ada/.cache/countersign"));
}

void TestProfile::prefersTheArgumentToTheVariableToXdg()
{
    const Variable config("XDG_CONFIG_HOME", "/x/config");
    const Variable own("COUNTERSIGN_PROFILE", "/from/variable/");
    QCOMPARE(Folders::find()->config, std::filesystem::path("/from/variable/config"));
    QCOMPARE(Folders::find("/from/argument")->config, std::filesystem::path("/from/argument/config"));
    QCOMPARE(Folders::find("here")->state, std::filesystem::current_path() / "here/state");
}

void TestProfile::makesFoldersForItsPersonOnly()
{
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    Profile profile(folders);
    QVERIFY_RESULT(profile.setSamplePath("/tmp/sample.countersign"));
    QCOMPARE(modeOf(folders.state), 0700U);
    QCOMPARE(modeOf(folder.file("profile")), 0700U);
    QCOMPARE(modeOf(profileFile(folders)), 0600U);
    QVERIFY(!std::filesystem::exists(folders.data)); // on demand only
}

void TestProfile::saysWhichFolderCannotBeMade()
{
    const TemporaryFolder folder;
    put(folder.file("profile"), "a file where a folder should be");
    const Status status = Profile(foldersIn(folder)).setSamplePath("/tmp/sample.countersign");
    QVERIFY_ERROR(status, ErrorKind::Io);
    QVERIFY2(status.error().message.find((folder.file("profile") / "state").native()) != std::string::npos, status.error().message.c_str());
}

void TestProfile::beginsEmptyWithoutWritingAnything()
{
    const TemporaryFolder folder;
    Profile profile(foldersIn(folder));
    QVERIFY(profile.recentWorkspaces().empty());
    QVERIFY(!profile.samplePath());
    QVERIFY(!profile.currentPerson(LedgerId::of("ab")));
    QVERIFY(!profile.takeNotice());
    QVERIFY(!std::filesystem::exists(folder.file("profile")));
}

void TestProfile::listsTheNewestFirst()
{
    const TemporaryFolder folder;
    Profile profile(foldersIn(folder));
    QVERIFY_RESULT(profile.remember({"/w/old.countersign", "Old", "aobi", "#c0392b", kMonday}));
    QVERIFY_RESULT(profile.remember({"/w/new.countersign", {}, {}, {}, kMonday + std::chrono::hours(2)}));
    QVERIFY_RESULT(profile.remember({"/w/middle.countersign", {}, {}, {}, kMonday + std::chrono::hours(1)}));

    const Profile again(foldersIn(folder));
    QCOMPARE(locationsOf(again), (std::vector<std::string>{"/w/new.countersign", "/w/middle.countersign", "/w/old.countersign"}));
    QCOMPARE(again.recentWorkspaces().back(), (RecentWorkspace{"/w/old.countersign", "Old", "aobi", "#c0392b", kMonday, true}));
}

void TestProfile::rememberingAgainMovesToTheFrontAndKeepsWhatIsNotSaid()
{
    const TemporaryFolder folder;
    Profile profile(foldersIn(folder));
    const std::string bank = "postgresql://db.example/bank";
    QVERIFY_RESULT(profile.remember({bank, "Bank", "aobi", "#c0392b", kMonday}));
    QVERIFY_RESULT(profile.remember({"/w/other.countersign", {}, {}, {}, kMonday}));
    QVERIFY_RESULT(profile.remember({bank, {}, "mlee", {}, kMonday + std::chrono::hours(1)}));
    QCOMPARE(profile.recentWorkspaces().size(), 2U);
    QCOMPARE(profile.recentWorkspaces().front(), (RecentWorkspace{bank, "Bank", "mlee", "#c0392b", kMonday + std::chrono::hours(1), false}));
}

void TestProfile::oneFileHasOneEntry()
{
    const TemporaryFolder folder;
    Profile profile(foldersIn(folder));
    const std::filesystem::path here = std::filesystem::current_path();
    QVERIFY_RESULT(profile.remember({"a.countersign", {}, {}, {}, kMonday}));
    QVERIFY_RESULT(profile.remember({here / "a.countersign", {}, {}, {}, kMonday}));
    QVERIFY_RESULT(profile.remember({here / "b/../a.countersign", {}, {}, {}, kMonday}));
    QCOMPARE(locationsOf(profile), std::vector<std::string>{here / "a.countersign"});
}

void TestProfile::tellsMissingFilesFromThoseThatAreThere()
{
    const TemporaryFolder folder;
    Profile profile(foldersIn(folder));
    put(folder.file("there.countersign"), "x");
    QVERIFY_RESULT(profile.remember({folder.file("there.countersign"), {}, {}, {}, kMonday}));
    QVERIFY_RESULT(profile.remember({folder.file("gone.countersign"), {}, {}, {}, kMonday + std::chrono::hours(1)}));
    QVERIFY_RESULT(profile.remember({"postgresql://nowhere.invalid/bank", {}, {}, {}, kMonday + std::chrono::hours(2)}));
    const auto recents = profile.recentWorkspaces();
    QCOMPARE(recents.size(), 3U);
    QVERIFY(!recents[0].isMissing);
    QVERIFY(recents[1].isMissing);
    QVERIFY(!recents[2].isMissing);
}

void TestProfile::forgetsAnEntryAndLeavesTheFile()
{
    const TemporaryFolder folder;
    Profile profile(foldersIn(folder));
    put(folder.file("w.countersign"), "x");
    QVERIFY_RESULT(profile.remember({folder.file("w.countersign"), {}, {}, {}, kMonday}));
    QVERIFY_RESULT(profile.remember({"/w/other.countersign", {}, {}, {}, kMonday}));
    QVERIFY_RESULT(profile.forget(folder.file("w.countersign")));
    QCOMPARE(locationsOf(profile), std::vector<std::string>{"/w/other.countersign"});
    QCOMPARE(contentOf(folder.file("w.countersign")), QByteArray("x"));
    QVERIFY_RESULT(profile.forget("/w/never seen"));
    QCOMPARE(locationsOf(profile).size(), 1U);
}

void TestProfile::keepsThirtyAtMost()
{
    const TemporaryFolder folder;
    Profile profile(foldersIn(folder));
    for (int i = 0; i < 35; ++i)
        QVERIFY_RESULT(profile.remember({"/w/" + std::to_string(i), {}, {}, {}, kMonday + std::chrono::minutes(i)}));
    const auto locations = locationsOf(profile);
    QCOMPARE(locations.size(), Profile::kMaxRecent);
    QCOMPARE(locations.front(), std::string("/w/34"));
    QCOMPARE(locations.back(), std::string("/w/5"));
}

void TestProfile::refusesAPassword()
{
    const TemporaryFolder folder;
    Profile profile(foldersIn(folder));
    QVERIFY_ERROR(profile.remember({"postgresql://ada:secret@db.example/bank", {}, {}, {}, kMonday}), ErrorKind::Invalid);
    QVERIFY(!std::filesystem::exists(profileFile(foldersIn(folder))));
}

void TestProfile::refusesPathsThatAreNoText()
{
    const TemporaryFolder folder;
    Profile profile(foldersIn(folder));
    QVERIFY_ERROR(profile.remember({"/w/\xff.countersign", {}, {}, {}, kMonday}), ErrorKind::Invalid);
    QVERIFY_ERROR(profile.remember({"/w/good.countersign", "\xff", {}, {}, kMonday}), ErrorKind::Invalid);
    QVERIFY(profile.recentWorkspaces().empty());
    QVERIFY_RESULT(profile.remember({"/w/Größe 模型.countersign", {}, {}, {}, kMonday}));
    QCOMPARE(locationsOf(profile), std::vector<std::string>{"/w/Größe 模型.countersign"});
}

void TestProfile::remembersThePersonOfEachLedger()
{
    const TemporaryFolder folder;
    Profile profile(foldersIn(folder));
    QVERIFY_RESULT(profile.setCurrentPerson(LedgerId::of("aa"), PersonId::of("1")));
    QVERIFY_RESULT(profile.setCurrentPerson(LedgerId::of("bb"), PersonId::of("2")));
    QVERIFY_RESULT(profile.setCurrentPerson(LedgerId::of("aa"), PersonId::of("3")));
    QCOMPARE(profile.currentPerson(LedgerId::of("aa"))->text(), std::string("p:3"));
    QCOMPARE(profile.currentPerson(LedgerId::of("bb"))->text(), std::string("p:2"));
    QVERIFY(!profile.currentPerson(LedgerId::of("cc")));
    QVERIFY_RESULT(profile.setCurrentPerson(LedgerId::of("aa"), PersonId()));
    QVERIFY(!profile.currentPerson(LedgerId::of("aa")));
    QVERIFY(profile.currentPerson(LedgerId::of("bb")));
}

void TestProfile::remembersWhereTheSampleIs()
{
    const TemporaryFolder folder;
    Profile profile(foldersIn(folder));
    QVERIFY_RESULT(profile.setSamplePath("sample.countersign"));
    QCOMPARE(Profile(foldersIn(folder)).samplePath(), std::optional(std::filesystem::current_path() / "sample.countersign"));
}

void TestProfile::keepsWhatOtherVersionsWrote()
{
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    put(profileFile(folders), R"({"schema":"countersign.profile/7","windows":{"main":[1,2]},"recent":[
        {"location":"/w/a","pinned":true,"lastUsed":"2026-11-23T00:00:00.000Z"},{"cloud":"something new"},7]})");
    Profile profile(folders);
    QCOMPARE(locationsOf(profile), std::vector<std::string>{"/w/a"});
    QVERIFY_RESULT(profile.remember({"/w/a", "A", {}, {}, kMonday}));
    const auto written = json::parse(contentOf(profileFile(folders)).toStdString());
    QVERIFY_RESULT(written);
    const auto expected = json::parse(R"({"recent":[{"lastUsed":"2026-11-23T00:00:00.000Z","location":"/w/a","name":"A","pinned":true},
        {"cloud":"something new"},7],"schema":"countersign.profile/7","windows":{"main":[1,2]}})");
    QVERIFY(*written == *expected);
}

void TestProfile::movesADamagedFileAside_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("cut off") << QByteArray(R"({"recent":[{"location":"/w/a")");
    QTest::newRow("not an object") << QByteArray("[]");
    QTest::newRow("binary") << QByteArray("\0\1\2\xff", 4);
    QTest::newRow("a key twice") << QByteArray(R"({"sample":"/a","sample":"/b"})");
    QTest::newRow("a number nobody can write again") << QByteArray(R"({"x":1e999})");
    QTest::newRow("too deep") << QByteArray(100, '[') + QByteArray(100, ']');
}

void TestProfile::movesADamagedFileAside()
{
    QFETCH(QByteArray, bytes);
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    put(profileFile(folders), bytes);
    Profile profile(folders);
    QVERIFY(profile.recentWorkspaces().empty());
    const auto notice = profile.takeNotice();
    QVERIFY(notice);
    QVERIFY2(notice->find((folders.state / "profile.json.damaged").native()) != std::string::npos, notice->c_str());
    QVERIFY(!profile.takeNotice()); // once
    QCOMPARE(contentOf(folders.state / "profile.json.damaged"), bytes);
    QVERIFY_RESULT(profile.remember({"/w/a", {}, {}, {}, kMonday}));
    QCOMPARE(locationsOf(profile), std::vector<std::string>{"/w/a"});
}

void TestProfile::neverOverwritesADamagedFileThatWasMovedAside()
{
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    Profile profile(folders);
    put(profileFile(folders), "first");
    QVERIFY_RESULT(profile.remember({"/w/a", {}, {}, {}, kMonday})); // found while writing
    put(profileFile(folders), "second");
    QVERIFY(profile.recentWorkspaces().empty());
    QCOMPARE(contentOf(folders.state / "profile.json.damaged"), QByteArray("first"));
    QCOMPARE(contentOf(folders.state / "profile.json.damaged-2"), QByteArray("second"));
}

void TestProfile::doesNotReplaceAFileItCannotRead()
{
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    std::filesystem::create_directories(profileFile(folders)); // a folder in its place: unreadable for root too
    Profile profile(folders);
    QVERIFY(profile.recentWorkspaces().empty());
    const auto notice = profile.takeNotice();
    QVERIFY(notice && notice->find(profileFile(folders).native()) != std::string::npos);
    QVERIFY_ERROR(profile.remember({"/w/a", {}, {}, {}, kMonday}), ErrorKind::Io);
    QVERIFY(std::filesystem::is_directory(profileFile(folders)));
}

void TestProfile::leavesNoTemporaryFiles()
{
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    Profile profile(folders);
    for (int i = 0; i < 3; ++i)
        QVERIFY_RESULT(profile.remember({"/w/a", {}, {}, {}, kMonday}));
    QStringList names = QDir(QString::fromStdString(folders.state.native())).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    QCOMPARE(names, (QStringList{QStringLiteral("profile.json"), QStringLiteral("profile.lock")}));
}

void TestProfile::losesNothingWhenManyWriteAtOnce()
{
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    constexpr int kThreads = 4;
    constexpr int kEach = 25;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&folders, thread] {
            Profile profile(folders); // each as a program of its own: the lock is of the open file
            for (int i = 0; i < kEach; ++i) {
                const std::string ledger = "t" + std::to_string(thread) + "-" + std::to_string(i);
                if (!profile.setCurrentPerson(LedgerId::of(ledger), PersonId::of("1")) || profile.takeNotice())
                    qFatal("a change was lost");
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    const Profile profile(folders);
    for (int thread = 0; thread < kThreads; ++thread) {
        for (int i = 0; i < kEach; ++i)
            QVERIFY(profile.currentPerson(LedgerId::of("t" + std::to_string(thread) + "-" + std::to_string(i))));
    }
}

QTEST_GUILESS_MAIN(TestProfile)
#include "tst_profile.moc"
