#include "models/ledger/checkpoint.h"
#include "models/ledger/entry.h"
#include "models/services/sample/sample.h"
#include "models/services/workspace/acceptance.h"
#include "models/services/workspace/hints.h"
#include "models/store/queries/queries.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/postgresserver.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <fstream>
#include <sys/stat.h>
#include <thread>

using namespace countersign;
using namespace countersign::test;

namespace {

std::string textOf(const std::filesystem::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const std::filesystem::path &file, const std::string &text)
{
    std::ofstream(file, std::ios::binary) << text;
}

std::vector<std::filesystem::path> filesIn(const std::filesystem::path &folder, const std::string &begin = {})
{
    std::vector<std::filesystem::path> files;
    std::error_code ignored;
    for (const auto &entry : std::filesystem::directory_iterator(folder, ignored))
        if (entry.path().filename().native().starts_with(begin))
            files.push_back(entry.path());
    return files;
}

std::filesystem::path headFile(const services::Environment &environment)
{
    for (const auto &file : filesIn(environment.kept / "heads"))
        if (file.extension() == ".checkpoint")
            return file;
    return {};
}

bool holds(const Error &error, const std::vector<std::string> &words)
{
    for (const auto &word : words)
        if (error.message.find(word) == std::string::npos) {
            qWarning("\"%s\" lacks \"%s\"", error.message.c_str(), word.c_str());
            return false;
        }
    return true;
}

} // namespace

/// A database is never the only witness of its own past.
class MemoryTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    int m_profiles = 0;

    services::Environment computer(std::uint64_t seed = 1)
    {
        auto environment = testEnvironment(seed);
        environment.kept = m_folder.file("profile" + std::to_string(++m_profiles));
        return environment;
    }

    static Result<std::unique_ptr<services::Session>>
    open(const std::string &address, const services::Environment &environment, bool readOnly = false)
    {
        return services::Session::open({*database::Location::parse(address), {}, readOnly, "asample"}, environment);
    }

    static Status append(services::Session &session, int events = 1)
    {
        auto journal = services::SignedJournal::begin(session);
        if (!journal)
            return journal.error();
        for (int i = 0; i < events; ++i)
            if (const auto seq =
                    journal->record({"security.clock_anomaly",
                                     {{"before", "2026-01-01T00:00:00.000Z"}, {"now", "2025-01-01T00:00:00.000Z"}},
                                     {},
                                     {},
                                     {}});
                !seq)
                return seq.error();
        return journal->journal->commit();
    }

    /// A copy of the whole database, and back again: what an administrator does with backups. Nobody may be connected.
    static void copyDatabase(const std::string &from, const std::string &to)
    {
        const auto source = *database::Location::parse(from);
        const auto target = *database::Location::parse(to);
        if (source.backend == database::Backend::Sqlite) {
            std::filesystem::copy_file(source.file, target.file, std::filesystem::copy_options::overwrite_existing);
            return;
        }
        const auto name = [](const database::Location &location) {
            return QString::fromStdString(location.databaseName);
        };
        auto *server = PostgresServer::shared();
        QVERIFY(server->sql(QStringLiteral("postgres"),
                            QStringLiteral("DROP DATABASE IF EXISTS \"%1\"").arg(name(target))));
        QVERIFY(server->sql(QStringLiteral("postgres"),
                            QStringLiteral("CREATE DATABASE \"%1\" TEMPLATE \"%2\"").arg(name(target), name(source))));
    }

private Q_SLOTS:
    void theVerifiedStateIsRememberedOutside_data() { forEachBackend(); }
    void theVerifiedStateIsRememberedOutside()
    {
        QFETCH(QString, backend);
        const auto address = freshDatabase(backend, m_folder);
        const auto here = computer();
        LedgerId id;
        {
            const auto session = freshWorkspace(address, here);
            QVERIFY_RESULT(session);
            QVERIFY_RESULT(append(**session, 3));
            QVERIFY(!(*session)->memoryTrouble());
            id = (*session)->ledgerId();
        }
        const auto file = here.kept / "heads" / (id.text().substr(2) + ".checkpoint");
        const auto note = textOf(file);
        const auto checkpoint = ledger::verifyCheckpoint(note, here.device->publicKey());
        QVERIFY_RESULT(checkpoint);
        QCOMPARE(checkpoint->head.size, std::uint64_t(5));
        QVERIFY_RESULT(ledger::verifyCosignature(
            note, ledger::cosignerName(id, crypto::deviceId(here.device->publicKey())), here.device->publicKey()));
        struct stat status = {};
        QCOMPARE(::stat(file.c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777U, 0600U);

        // What another computer appends is remembered once it was read here.
        auto there = testEnvironment();
        {
            const auto session = open(address, there);
            QVERIFY_RESULT(session);
            QVERIFY_RESULT(append(**session));
        }
        QCOMPARE(textOf(file), note);
        const auto session = open(address, here, true);
        QVERIFY_RESULT(session);
        QVERIFY(!(*session)->damage());
        QCOMPARE((*session)->knownHead()->head.size, std::uint64_t(6));
        QVERIFY((*session)->knownHead()->isSigned);
        QCOMPARE(ledger::readCheckpointUnverified(textOf(file))->head.size, std::uint64_t(6));
        QVERIFY(!std::filesystem::exists(here.kept / "evidence"));
    }

    void aRestoredBackupIsNoticedAndNothingIsWritten_data() { forEachBackend(); }
    void aRestoredBackupIsNoticedAndNothingIsWritten()
    {
        QFETCH(QString, backend);
        const auto address = freshDatabase(backend, m_folder);
        const auto backup = freshDatabase(backend, m_folder);
        const auto here = computer();
        QVERIFY_RESULT(freshWorkspace(address, here));
        copyDatabase(address, backup);
        ledger::TreeHead newest;
        {
            const auto session = open(address, here);
            QVERIFY_RESULT(session);
            QVERIFY_RESULT(append(**session, 4));
            newest = (*session)->verifiedHead();
        }
        const auto note = textOf(headFile(here));
        copyDatabase(backup, address);
        for (const bool readOnly : {false, true}) {
            const auto session = open(address, here, readOnly);
            QVERIFY_RESULT(session);
            QVERIFY((*session)->damage());
            QCOMPARE((*session)->damage()->hint, std::string(services::hint::kAcceptState));
            QVERIFY(holds(*(*session)->damage(),
                          {"6 entries", newest.root.hex().substr(0, 16), "last at 2026-03-02T", "only 2 entries",
                           (*session)->verifiedHead().root.hex().substr(0, 16), (here.kept / "evidence").native()}));
            if (!readOnly) {
                QVERIFY_ERROR((*session)->mayWrite(), ErrorKind::Tampered);
                QVERIFY_ERROR(append(**session), ErrorKind::Tampered);
            }
        }
        const auto known = filesIn(here.kept / "evidence", "known-");
        const auto found = filesIn(here.kept / "evidence", "found-");
        QCOMPARE(known.size(), std::size_t(1)); // once, however often it is opened
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(textOf(known.front()), note);
        QCOMPARE(ledger::readCheckpointUnverified(textOf(found.front()))->head.size, std::uint64_t(2));
        QVERIFY(!ledger::verifyCheckpoint(textOf(found.front()), here.device->publicKey())); // nobody vouches for it
    }

    void anotherHistoryIsNoticedWhateverItsLength_data() { forEachBackend(); }
    void anotherHistoryIsNoticedWhateverItsLength()
    {
        QFETCH(QString, backend);
        const auto address = freshDatabase(backend, m_folder);
        const auto backup = freshDatabase(backend, m_folder);
        const auto here = computer();
        QVERIFY_RESULT(freshWorkspace(address, here));
        copyDatabase(address, backup);
        {
            const auto session = open(address, here);
            QVERIFY_RESULT(session);
            QVERIFY_RESULT(append(**session, 2));
        }
        {
            const auto session = open(backup, testEnvironment(1)); // without memory
            QVERIFY_RESULT(session);
            QVERIFY_RESULT(append(**session, 5));
        }
        copyDatabase(backup, address);
        const auto session = open(address, here);
        QVERIFY_RESULT(session);
        QVERIFY((*session)->damage());
        QVERIFY(holds(*(*session)->damage(), {"4 entries", "has 7 now", "another history"}));
    }

    void whatIsRolledBackUnderAnOpenSessionIsNoticed()
    {
        const auto address = freshDatabase(QStringLiteral("SQLite"), m_folder);
        const auto here = computer();
        const auto session = freshWorkspace(address, here);
        QVERIFY_RESULT(session);
        QVERIFY_RESULT(append(**session, 2));
        {
            // Another program of this computer is further than this session.
            const auto other = open(address, here);
            QVERIFY_RESULT(other);
            services::LedgerMemory memory(here, *database::Location::parse(address), (*other)->ledgerId(), false);
            QVERIFY_RESULT(memory.advance({9, (*other)->verifiedHead().root}));
        }
        QVERIFY_ERROR((*session)->catchUp(), ErrorKind::Tampered);
        QVERIFY_ERROR(append(**session), ErrorKind::Tampered);
    }

    void anotherLedgerAtTheSamePlaceIsNoticed_data() { forEachBackend(); }
    void anotherLedgerAtTheSamePlaceIsNoticed()
    {
        QFETCH(QString, backend);
        const auto address = freshDatabase(backend, m_folder);
        const auto other = freshDatabase(backend, m_folder);
        const auto here = computer();
        LedgerId first;
        LedgerId second;
        {
            const auto session = freshWorkspace(address, here);
            QVERIFY_RESULT(session);
            first = (*session)->ledgerId();
        }
        {
            const auto session = freshWorkspace(other, testEnvironment(7));
            QVERIFY_RESULT(session);
            second = (*session)->ledgerId();
        }
        copyDatabase(other, address);
        const auto session = open(address, here);
        QVERIFY_RESULT(session);
        QVERIFY((*session)->damage());
        QVERIFY(holds(*(*session)->damage(),
                      {first.text().substr(0, 16), second.text().substr(0, 16), "2 entries", "exchanged"}));
        QVERIFY_ERROR((*session)->mayWrite(), ErrorKind::Tampered);
    }

    void aWorkspaceMadeAnewAtTheSamePlaceIsNone()
    {
        const auto address = freshDatabase(QStringLiteral("SQLite"), m_folder);
        const auto here = computer();
        QVERIFY_RESULT(freshWorkspace(address, here));
        std::filesystem::remove(address);
        auto later = here;
        later.randomness = std::make_shared<SeededRandomness>(99);
        QVERIFY_RESULT(freshWorkspace(address, later));
        const auto session = open(address, here);
        QVERIFY_RESULT(session);
        QVERIFY(!(*session)->damage());
        QCOMPARE(filesIn(here.kept / "evidence", "replaced-").size(), std::size_t(1));
    }

    void aDamagedMemoryIsReportedAndNotReplaced_data()
    {
        QTest::addColumn<QString>("how");
        for (const char *how : {"cut", "changed", "of another key", "of another ledger", "a folder", "place changed"})
            QTest::newRow(how) << QString::fromLatin1(how);
    }
    void aDamagedMemoryIsReportedAndNotReplaced()
    {
        QFETCH(QString, how);
        const auto address = freshDatabase(QStringLiteral("SQLite"), m_folder);
        const auto here = computer();
        LedgerId id;
        {
            const auto session = freshWorkspace(address, here);
            QVERIFY_RESULT(session);
            id = (*session)->ledgerId();
        }
        const auto head = here.kept / "heads" / (id.text().substr(2) + ".checkpoint");
        const auto place = filesIn(here.kept / "places", "").front();
        std::string text = textOf(head);
        const auto checkpoint = *ledger::readCheckpointUnverified(text);
        if (how == QLatin1String("cut"))
            text.resize(text.size() - 9);
        else if (how == QLatin1String("changed"))
            text.replace(text.find("\n2\n"), 3, "\n1\n");
        else if (how == QLatin1String("of another key"))
            text = ledger::signCheckpoint(checkpoint, *testEnvironment(5).device);
        else if (how == QLatin1String("of another ledger"))
            text = ledger::signCheckpoint({"countersign/other", checkpoint.head}, *here.device);
        if (how == QLatin1String("a folder")) {
            std::filesystem::remove(head);
            std::filesystem::create_directory(head);
        } else if (how == QLatin1String("place changed")) {
            std::string placed = textOf(place);
            placed.replace(placed.find("l:") + 2, 1, placed[placed.find("l:") + 2] == '0' ? "1" : "0");
            write(place, placed);
        } else {
            write(head, text);
        }
        const auto session = open(address, here);
        QVERIFY_RESULT(session);
        QVERIFY((*session)->damage());
        QVERIFY(holds(*(*session)->damage(), {"What this computer remembers",
                                              how == QLatin1String("place changed") ? place.native() : head.native()}));
        QVERIFY_ERROR(append(**session), ErrorKind::Tampered);
        if (how != QLatin1String("a folder") && how != QLatin1String("place changed"))
            QCOMPARE(textOf(head), text);
    }

    void itNeverGoesBackWithSeveralProgramsAtOnce()
    {
        const auto here = computer();
        const auto location = database::Location::sqlite(m_folder.file("several"));
        const LedgerId id = LedgerId::of(std::string(64, 'a'));
        std::vector<ledger::TreeHead> heads;
        ledger::CompactTree tree;
        for (int i = 0; i < 40; ++i) {
            tree.append(ledger::leafHash("entry " + std::to_string(i)));
            heads.push_back({tree.size(), tree.root()});
        }
        auto same = here;
        same.clock = std::make_shared<FixedClock>(*parseUtc("2026-03-02T08:00:00.000Z"));
        std::vector<std::thread> programs;
        std::atomic<int> failures = 0;
        for (int program = 0; program < 4; ++program)
            programs.emplace_back([&, program] {
                services::LedgerMemory memory(same, location, id, false);
                std::uint64_t before = 0;
                for (int i = 0; i < 40; ++i) {
                    const auto &head = heads[static_cast<std::size_t>((i * 7 + program * 11) % 40)];
                    failures += memory.advance(head) ? 0 : 1;
                    memory.recall({});
                    failures += memory.known() && memory.known()->head.size >= std::max(before, head.size) ? 0 : 1;
                    before = memory.known() ? memory.known()->head.size : 0;
                }
            });
        for (auto &program : programs)
            program.join();
        QCOMPARE(failures.load(), 0);
        services::LedgerMemory memory(same, location, id, false);
        memory.recall({});
        QCOMPARE(memory.known()->head, heads.back());
    }

    void withoutADeviceKeyItIsUnsignedAndSaysSo()
    {
        const auto address = freshDatabase(QStringLiteral("SQLite"), m_folder);
        QVERIFY_RESULT(freshWorkspace(address, testEnvironment()));
        auto here = computer();
        const auto device = std::exchange(here.device, nullptr);
        LedgerId id;
        {
            const auto session = open(address, here, true);
            QVERIFY_RESULT(session);
            QVERIFY(!(*session)->damage());
            id = (*session)->ledgerId();
        }
        const auto file = here.kept / "heads" / (id.text().substr(2) + ".checkpoint");
        QVERIFY(textOf(file).find("not-signed-no-device-key/2026-03-02T") != std::string::npos);
        // Once there is a key the next state is signed; and without it again nothing signed is replaced.
        here.device = device;
        {
            const auto session = open(address, here);
            QVERIFY_RESULT(session);
            QVERIFY(!(*session)->damage());
            QVERIFY_RESULT(append(**session));
        }
        const auto note = textOf(file);
        QVERIFY_RESULT(ledger::verifyCheckpoint(note, device->publicKey()));
        auto other = testEnvironment();
        other.randomness = std::make_shared<SeededRandomness>(50); // other ids than have been drawn
        {
            const auto session = open(address, other);
            QVERIFY_RESULT(session);
            QVERIFY_RESULT(append(**session));
        }
        here.device = nullptr;
        const auto session = open(address, here, true);
        QVERIFY_RESULT(session);
        QVERIFY(!(*session)->damage());
        QCOMPARE(textOf(file), note);
    }

    void aRestoreOnPurposeIsRecordedAndGoesOn_data() { forEachBackend(); }
    void aRestoreOnPurposeIsRecordedAndGoesOn()
    {
        QFETCH(QString, backend);
        const auto address = freshDatabase(backend, m_folder);
        const auto backup = freshDatabase(backend, m_folder);
        const auto here = computer();
        QVERIFY_RESULT(freshWorkspace(address, here));
        copyDatabase(address, backup);
        {
            const auto session = open(address, here);
            QVERIFY_RESULT(session);
            QVERIFY_RESULT(append(**session, 4));
            QVERIFY_ERROR(services::StateAcceptance::begin(**session, "for fun"), ErrorKind::Invalid);
        }
        copyDatabase(backup, address);
        {
            const auto session = open(address, here);
            QVERIFY_RESULT(session);
            QVERIFY((*session)->damage());
            QVERIFY_ERROR(services::StateAcceptance::begin(**session, " \n"), ErrorKind::Invalid);
            {
                const auto dropped = services::StateAcceptance::begin(**session, "changed my mind");
                QVERIFY_RESULT(dropped);
                QVERIFY(!(*session)->damage());
            }
            QVERIFY((*session)->damage());
            QVERIFY_ERROR(append(**session), ErrorKind::Tampered);
            auto acceptance = services::StateAcceptance::begin(**session, "the disk failed, Monday's backup");
            QVERIFY_RESULT(acceptance);
            QVERIFY_RESULT(acceptance->record());
            QVERIFY(!(*session)->damage());
            QCOMPARE((*session)->knownHead()->head.size, std::uint64_t(3));
            QVERIFY_RESULT(append(**session));
        }
        const auto session = open(address, here);
        QVERIFY_RESULT(session);
        QVERIFY(!(*session)->damage());
        QCOMPARE((*session)->verifiedHead().size, std::uint64_t(4));
        const auto entries = (*session)->ledger().read(2, 1);
        QVERIFY_RESULT(entries);
        const auto event = ledger::decodeEvent(ledger::decodeEntry(entries->front())->payload);
        QVERIFY_RESULT(event);
        QCOMPARE(event->kind, std::string("security.verification_failed"));
        const auto body = *json::writeRestricted(json::Value(event->body));
        for (const std::string word :
             {"6 entries", "only 2 entries", "Ada Sample goes on with this state: the disk failed, Monday's backup",
              "\"size\":2"})
            QVERIFY2(body.find(word) != std::string::npos, body.c_str());
        QVERIFY(body.find(here.kept.native()) == std::string::npos);
        QCOMPARE(filesIn(here.kept / "evidence", "known-").size(), std::size_t(1));
    }

    void samplesInTwoPlacesAreTwo()
    {
        const auto here = computer();
        const auto one = m_folder.file("one.countersign");
        const auto two = m_folder.file("two.countersign");
        QVERIFY_RESULT(services::makeSample({one, false}, here, {}));
        std::filesystem::copy_file(one, two);
        {
            const auto session =
                services::Session::open({database::Location::sqlite(one), {}, false, services::kSampleLogin}, here);
            QVERIFY_RESULT(session);
            QVERIFY_RESULT(append(**session, 2));
        }
        {
            const auto session =
                services::Session::open({database::Location::sqlite(two), {}, false, services::kSampleLogin}, here);
            QVERIFY_RESULT(session);
            QVERIFY(!(*session)->damage());
        }
        std::filesystem::copy_file(two, one, std::filesystem::copy_options::overwrite_existing);
        {
            const auto session =
                services::Session::open({database::Location::sqlite(one), {}, false, services::kSampleLogin}, here);
            QVERIFY_RESULT(session);
            QVERIFY((*session)->damage()); // rolled back
        }
        std::filesystem::remove(one);
        QVERIFY_RESULT(services::makeSample({one, false}, here, {}));
        const auto session =
            services::Session::open({database::Location::sqlite(one), {}, false, services::kSampleLogin}, here);
        QVERIFY_RESULT(session);
        QVERIFY(!(*session)->damage());
    }
};

QTEST_GUILESS_MAIN(MemoryTest)
#include "tst_memory.moc"
