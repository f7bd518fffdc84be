#include "models/base/random.h"
#include "models/store/observations/observationrecorder.h"
#include "models/store/queries/queries.h"
#include "models/store/schema.h"
#include "tests/support/testdatabases.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>

using namespace countersign;
using namespace countersign::test;

namespace {

store::ObservationBlock block()
{
    store::ObservationBlock result;
    SeriesKey key;
    key.version = VersionId::of("v1");
    key.metric = "auc \n\"<b>\u200f";
    key.slice.parts = {{"age;band", "<25=x\\y"}, {"sex", ""}};
    result.series = {{7, key}, {9, {}}};
    result.series[1].key.run = RunId::of("r1");
    result.series[1].key.metric = "psi/価格";
    store::ObservationRow row;
    row.series = 7;
    row.windowEnd = 1'700'000'000'000;
    row.windowStart = -5;
    row.step = -1;
    row.value = 0.913;
    row.lexeme = "0.9130";
    row.n = 4812;
    row.lower = 0.9;
    row.upper = 1e-300;
    result.rows.push_back(row);
    row.revision = 1;
    row.value.reset();
    row.lexeme.clear();
    row.n.reset();
    row.lower.reset();
    result.rows.push_back(row);
    row.series = 9;
    row.value = 1.7976931348623157e308;
    result.rows.push_back(row);
    return result;
}

} // namespace

class ObservationsTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

private Q_SLOTS:
    void blockRoundTrips()
    {
        const auto bytes = store::encodeBlock(block());
        QVERIFY_RESULT(bytes);
        const auto decoded = store::decodeBlock(*bytes);
        QVERIFY_RESULT(decoded);
        QVERIFY(decoded->series == block().series);
        QVERIFY(decoded->rows == block().rows);
    }

    void damagedBlockNeverPasses()
    {
        const auto bytes = *store::encodeBlock(block());
        SeededRandomness random(3);
        for (int i = 0; i < 3000; ++i) {
            Bytes damaged = bytes;
            const auto at = static_cast<std::size_t>(random.next() % damaged.size());
            damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1 + random.next() % 255));
            const auto decoded = store::decodeBlock(damaged);
            QVERIFY(!decoded || (decoded->rows == block().rows && decoded->series == block().series)); // zlib ignores a few header bits
        }
        QVERIFY(!store::decodeBlock(bytes.substr(0, bytes.size() / 2)));
        QVERIFY(!store::decodeBlock(bytes + "x"));
        QVERIFY(!store::decodeBlock(""));
    }

    void recorderKeepsWhatIsNew_data() { forEachBackend(); }
    void recorderKeepsWhatIsNew()
    {
        QFETCH(QString, backend);
        const auto location = database::Location::parse(freshDatabase(backend, m_folder));
        QVERIFY_RESULT(location);
        auto connection = database::Connection::open(*location, {.create = true, .readOnly = false, .password = {}});
        QVERIFY_RESULT(connection);
        QVERIFY_RESULT(database::migrate(**connection, store::migrations((*connection)->backend())));
        store::LedgerStore ledger(**connection);
        const auto record = [&](const std::vector<std::pair<int, double>> &values) {
            auto transaction = database::Transaction::begin(**connection);
            store::Projector projector(**connection, [&](const Digest &digest) -> Result<Bytes> {
                auto evidence = ledger.evidence(digest);
                return evidence ? Result<Bytes>(evidence->bytes) : Result<Bytes>(evidence.error());
            });
            static int no = 0;
            store::ObservationRecorder recorder(ledger, projector, **connection, "i:test", ++no);
            SeriesKey key;
            key.run = RunId::of("r1");
            key.metric = "auc";
            const auto series = recorder.series(key);
            for (const auto &[time, value] : values) {
                Observation observation;
                observation.window = {fromMillis(time), fromMillis(time)};
                observation.value = value;
                if (!series || !recorder.add(*series, observation))
                    return std::array<std::int64_t, 3>{-1, -1, -1};
            }
            if (!recorder.finish() || !transaction->commit())
                return std::array<std::int64_t, 3>{-1, -1, -1};
            return std::array{recorder.added(), recorder.known(), recorder.restated()};
        };
        using Counts = std::array<std::int64_t, 3>;
        const double nan = std::nan("");
        QCOMPARE(record({{3, 0.3}, {1, 0.1}, {2, nan}}), (Counts{3, 0, 0}));
        QCOMPARE(record({{1, 0.1}, {2, nan}, {3, 0.3}}), (Counts{0, 3, 0}));      // the same again
        QCOMPARE(record({{2, 0.2}, {4, 0.4}}), (Counts{2, 0, 1}));                // one restated, one new
        QCOMPARE(record({{2, 0.2}}), (Counts{0, 1, 0}));
        QCOMPARE(record({{2, nan}}), (Counts{1, 0, 1}));                          // restated back: that is news
        QCOMPARE(record({{5, 0.5}, {5, 0.6}, {5, 0.6}}), (Counts{2, 1, 1}));      // several values of one moment
        QCOMPARE(record({{5, 0.5}, {5, 0.6}}), (Counts{0, 2, 0}));
        QCOMPARE(record({{5, 0.5}, {5, 0.6}, {5, 0.7}}), (Counts{1, 2, 1}));
        store::Statements sql(**connection);
        QCOMPARE(sql.integer("SELECT count(*) FROM observation").value_or(0), 9);
        const auto rows = store::readObservations(**connection, 1);
        QVERIFY_RESULT(rows);
        QCOMPARE(rows->size(), 5U);
        QVERIFY(!rows->at(1).value);
        QCOMPARE(*rows->back().value, 0.7);
    }

    void longSeriesAreReadWholeOrFromTheirEnd_data() { forEachBackend(); }
    void longSeriesAreReadWholeOrFromTheirEnd()
    {
        QFETCH(QString, backend);
        const auto location = database::Location::parse(freshDatabase(backend, m_folder));
        QVERIFY_RESULT(location);
        auto connection = database::Connection::open(*location, {.create = true, .readOnly = false, .password = {}});
        QVERIFY_RESULT(connection);
        QVERIFY_RESULT(database::migrate(**connection, store::migrations((*connection)->backend())));
        // 40,000 moments, more than two pages of reading; every third is restated once, the last thousand five times.
        constexpr int moments = 40'000;
        store::ObservationBlock block;
        block.series = {{1, {}}};
        block.series[0].key.metric = "auc";
        std::vector<store::ObservationRow> expected;
        for (int i = 0; i < moments; ++i) {
            const int revisions = i >= moments - 1000 ? 5 : i % 3 == 0 ? 1 : 0;
            for (int revision = 0; revision <= revisions; ++revision) {
                store::ObservationRow row;
                row.series = 1;
                row.windowEnd = 1000 * (i / 2); // two windows end at a time
                row.windowStart = -i;
                row.step = i % 7;
                row.revision = revision;
                row.value = i + revision / 10.0;
                block.rows.push_back(row);
                row.import = 1; // which the reads tell; the block does not
                if (revision == revisions)
                    expected.push_back(row);
            }
        }
        std::ranges::sort(expected, {}, [](const store::ObservationRow &row) { return std::tuple(row.windowEnd, row.windowStart, row.step); });
        {
            auto transaction = database::Transaction::begin(**connection);
            QVERIFY_RESULT(transaction);
            store::Projector projector(**connection, [](const Digest &) { return Result<Bytes>(Error{}); });
            QVERIFY_RESULT(projector.applyObservations(block, 1, "i:test"));
            QVERIFY_RESULT(transaction->commit());
        }
        const auto all = store::readObservations(**connection, 1);
        QVERIFY_RESULT(all);
        QVERIFY(*all == expected);
        for (const std::size_t count : {std::size_t(1), std::size_t(300), std::size_t(2000), std::size_t(moments), std::size_t(moments * 2)}) {
            const auto last = store::lastObservations(**connection, 1, count);
            QVERIFY_RESULT(last);
            const std::size_t wanted = std::min(count, expected.size());
            QCOMPARE(last->size(), wanted);
            QVERIFY(std::ranges::equal(*last, std::span(expected).last(wanted)));
        }
        QVERIFY(store::readObservations(**connection, 2)->empty());
        QVERIFY(store::lastObservations(**connection, 2, 10)->empty());
        const auto counted = store::listSeries(**connection, VersionId(), true, 1500);
        QVERIFY_RESULT(counted);
        QCOMPARE(counted->size(), 1U);
        QCOMPARE(counted->front().count, 1500);
        QCOMPARE(store::listSeries(**connection, VersionId(), true)->front().count, moments);
    }
};

QTEST_GUILESS_MAIN(ObservationsTest)
#include "tst_observations.moc"
