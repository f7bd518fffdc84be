#include "models/services/inventory.h"
#include "models/services/workspace/unfinished.h"
#include "tests/models/services/reviewfixture.h"
#include "tests/support/verify.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// What lies beside a workspace's file after a program was killed, or because somebody put it there.
class UnfinishedTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;
    int m_files = 0;

    struct Place {
        std::filesystem::path file;
        services::Environment environment;
        std::filesystem::path journal() const { return file.native() + "-journal"; }
        Result<std::unique_ptr<services::Session>> open(bool readOnly = false) const
        {
            services::OpenRequest request;
            request.location = database::Location::sqlite(file);
            request.readOnly = readOnly;
            return services::Session::open(request, environment);
        }
    };

    /// A workspace with some models that this computer knows.
    Place workspace(std::uint64_t seed)
    {
        Place place{m_folder.file("workspace" + std::to_string(++m_files)), testEnvironment(seed)};
        place.environment.kept = m_folder.file("kept" + std::to_string(m_files));
        const auto desk = ReviewDesk::make(m_folder, place.file.native(), place.environment);
        return desk && place.open() ? place : Place();
    }

    /// Leaves the file as a program that is killed while it appends and keeps much evidence.
    static bool killWriter(const Place &place)
    {
        const auto copy = place.file.native() + "-copy";
        {
            const auto writer = database::Connection::open(database::Location::sqlite(place.file));
            bool isGood = writer && (*writer)->exec("PRAGMA cache_size=1") && (*writer)->begin()
                && (*writer)->exec("INSERT INTO entry (seq, id, bytes, leaf, received_at) SELECT max(seq) + 1, randomblob(16), randomblob(500), randomblob(32), 0 FROM entry")
                && (*writer)->exec("UPDATE ledger_head SET size = size + 1, tree = randomblob(40)") && (*writer)->exec("UPDATE trail SET summary = 'never'");
            for (int i = 0; i < 50 && isGood; ++i)
                isGood = static_cast<bool>((*writer)->exec("INSERT INTO evidence VALUES (randomblob(32), 'x', randomblob(30000))"));
            if (!isGood)
                return false;
            std::filesystem::copy_file(place.file, copy);
            std::filesystem::copy_file(place.journal(), copy + "-journal");
            if (!(*writer)->rollback())
                return false;
        }
        std::filesystem::rename(copy, place.file);
        std::filesystem::rename(copy + "-journal", place.journal());
        return std::filesystem::file_size(place.journal()) > 1000;
    }

    static QByteArray contents(const Place &place)
    {
        QByteArray all;
        for (const auto &path : {place.file, place.journal()}) {
            QFile in(QString::fromStdString(path.native()));
            if (in.open(QIODevice::ReadOnly))
                all += in.readAll();
        }
        return all;
    }

    static void isRefused(const Place &place, const char *says)
    {
        const auto before = contents(place);
        for (const bool readOnly : {false, true}) {
            const auto refused = place.open(readOnly);
            QVERIFY_ERROR(refused, ErrorKind::Invalid);
            for (const std::string &part : {place.journal().native(), std::string(says), std::string("Nothing was opened or changed")})
                QVERIFY2(refused.error().message.find(part) != std::string::npos, refused.error().message.c_str());
        }
        QVERIFY(contents(place) == before);
        std::filesystem::remove(place.journal());
        const auto session = place.open();
        QVERIFY_RESULT(session);
        QVERIFY2(!(*session)->damage(), (*session)->damage() ? (*session)->damage()->message.c_str() : "");
    }

private Q_SLOTS:
    void ourOwnIsUndoneWithoutAQuestion_data()
    {
        QTest::addColumn<bool>("readOnly");
        QTest::addColumn<bool>("isKnown");
        for (const bool readOnly : {false, true})
            for (const bool isKnown : {false, true})
                QTest::addRow("%s, %s", readOnly ? "reading" : "writing", isKnown ? "known here" : "never seen here") << readOnly << isKnown;
    }
    void ourOwnIsUndoneWithoutAQuestion()
    {
        QFETCH(bool, readOnly);
        QFETCH(bool, isKnown);
        auto place = workspace(1);
        QVERIFY(!place.file.empty());
        const auto size = (*place.open())->verifiedHead().size;
        QVERIFY(killWriter(place));
        if (!isKnown)
            place.environment.kept = m_folder.file("nothing");
        const auto session = place.open(readOnly);
        QVERIFY_RESULT(session);
        QVERIFY2(!(*session)->damage(), (*session)->damage() ? (*session)->damage()->message.c_str() : "");
        QCOMPARE((*session)->verifiedHead().size, size);
        QVERIFY((*session)->databaseNote().find("was undone") != std::string::npos);
    }

    void thatOfAnotherWorkspaceIsNotTakenIn_data()
    {
        QTest::addColumn<bool>("isKnown");
        QTest::newRow("known here") << true;
        QTest::newRow("never seen here") << false;
    }
    void thatOfAnotherWorkspaceIsNotTakenIn()
    {
        QFETCH(bool, isKnown);
        auto place = workspace(1);
        const auto other = workspace(2);
        QVERIFY(!place.file.empty() && !other.file.empty());
        QVERIFY(killWriter(other));
        std::filesystem::rename(other.journal(), place.journal());
        if (!isKnown)
            place.environment.kept.clear();
        isRefused(place, "Undone on a copy: ");
    }

    void thatOfAnEarlierDayIsNotTakenIn()
    {
        const auto place = workspace(1);
        QVERIFY(!place.file.empty());
        QVERIFY(killWriter(place));
        const auto kept = m_folder.file("yesterday");
        std::filesystem::copy_file(place.journal(), kept);
        {
            services::OpenRequest request;
            request.location = database::Location::sqlite(place.file);
            request.person = "asample";
            const auto session = services::Session::open(request, place.environment);
            QVERIFY_RESULT(session);
            const auto model = services::findSubject(**session, "credit-pd");
            QVERIFY_RESULT(model);
            services::FactsRequest facts;
            facts.model = model->model.id;
            facts.purpose = "Another purpose";
            QVERIFY_RESULT(services::setFacts(**session, facts));
            QVERIFY_RESULT((*session)->catchUp());
        }
        std::filesystem::rename(kept, place.journal());
        isRefused(place, "Undone on a copy: ");
    }

    void thatOfAWorkspaceInTheMakingLeavesNoneBehind()
    {
        Place place{m_folder.file("making"), testEnvironment()};
        place.environment.kept = m_folder.file("kept-making");
        {
            const auto writer = database::Connection::open(database::Location::sqlite(m_folder.file("living")), {.create = true});
            QVERIFY_RESULT(writer);
            QVERIFY_RESULT((*writer)->exec("PRAGMA cache_size=1"));
            QVERIFY_RESULT((*writer)->begin());
            QVERIFY_RESULT((*writer)->exec("CREATE TABLE t AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50) SELECT randomblob(20000) FROM n"));
            std::filesystem::copy_file(m_folder.file("living"), place.file);
            std::filesystem::copy_file(m_folder.file("living").native() + "-journal", place.journal());
            QVERIFY_RESULT((*writer)->rollback());
        }
        QVERIFY_ERROR(place.open(), ErrorKind::NotFound);
        // Beside a workspace that is known it would leave nothing of that.
        const auto known = workspace(3);
        QVERIFY(!known.file.empty());
        {
            const auto empty = m_folder.file("empty");
            std::filesystem::remove(empty);
            const auto writer = database::Connection::open(database::Location::sqlite(empty), {.create = true});
            QVERIFY_RESULT(writer);
            QVERIFY_RESULT((*writer)->begin());
            QVERIFY_RESULT((*writer)->exec("PRAGMA cache_size=1"));
            QVERIFY_RESULT((*writer)->exec("CREATE TABLE t AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50) SELECT randomblob(20000) FROM n"));
            std::filesystem::copy_file(empty.native() + "-journal", known.journal());
            QVERIFY_RESULT((*writer)->rollback());
        }
        isRefused(known, "No ledger is left in it");
    }
};

QTEST_GUILESS_MAIN(UnfinishedTest)
#include "tst_unfinished.moc"
