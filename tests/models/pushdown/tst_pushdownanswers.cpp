#include "models/computed/compute.h"
#include "models/pushdown/groups/gatherer.h"
#include "models/pushdown/pushdown.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::pushdown;

namespace {

constexpr std::uint64_t kMost = std::uint64_t(1) << 53U; ///< rows that can be told

predictions::Mapping usualMapping()
{
    predictions::Mapping mapping;
    mapping.label = "y";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.score = "s";
    mapping.attributes = {{"a", "a", {}}};
    return mapping;
}

using Rows = std::vector<std::vector<std::string>>;

Status tell(const Rows &rows, const RowSink &sink)
{
    for (const auto &row : rows) {
        const std::vector<Cell> cells(row.begin(), row.end());
        if (auto status = sink(cells); !status)
            return status;
    }
    return {};
}

/// Rows with a label, a score, a weight where the mapping has one, a value, and how many there are.
Result<Gathered> gather(const Rows &rows, const predictions::Mapping &mapping, std::uint64_t memory = 0)
{
    const auto statement = groupingStatement(Sql::ClickHouse, "log", mapping, scoretables::WindowUnit::None);
    if (!statement)
        return statement.error();
    GatherOptions options;
    options.entries = 1U << 12U;
    options.threads = 1;
    options.memoryLimit = memory;
    auto gatherer = Gatherer::make(*statement, options);
    if (!gatherer)
        return gatherer.error();
    if (const auto told = tell(rows, [&](std::span<const Cell> cells) { return gatherer->add(cells); }); !told)
        return told.error();
    return gatherer->finish();
}

/// A database that says what it is told to say.
class Talker final : public Engine
{
public:
    Talker() : Engine(*Location::parse("clickhouse://talker.example:8123/d")) {}

    Result<std::vector<TableColumn>> columnsOf(const std::string &, const Progress &) override
    {
        return std::vector<TableColumn>{{"y", ColumnKind::Integer, "UInt8"}, {"s", ColumnKind::Real, "Float64"}, {"a", ColumnKind::Text, "String"},
                                        {"income", ColumnKind::Real, "Float64"}, {"ts", ColumnKind::Timestamp, "DateTime"}};
    }
    Status run(const std::string &sql, bool, const RowSink &sink, const Progress &) override
    {
        if (sql.starts_with("SELECT count"))
            return tell({{"4", "2025-01-06 00:00:00", "2025-01-13 00:00:00"}}, sink);
        return tell(sql.find("feature") != std::string::npos ? ofFeature : ofTable, sink);
    }
    bool quotesTexts() const override { return true; }

    Rows ofTable{{"1", "0.75", "2025-01-06 00:00:00", "F", "2"}, {"0", "0.25", "2025-01-13 00:00:00", "M", "2"}};
    Rows ofFeature{{"2025-01-06 00:00:00", "1000", "2"}, {"2025-01-13 00:00:00", "2000", "2"}};
};

Result<computed::ComputedSet> driftOf(Talker &talker)
{
    predictions::Mapping mapping = usualMapping();
    mapping.time = "ts";
    mapping.features = {{"income", true}};
    computed::Parameters parameters;
    parameters.window.unit = scoretables::WindowUnit::Week;
    parameters.reference = "2025-01-06..2025-01-06";
    parameters.threads = 1;
    PushOptions options;
    options.comparedRows = 1000;
    return computePushed(talker, *TableName::parse("t"), mapping, parameters, options);
}

} // namespace

/// What a server answers takes as much memory as came, however many rows it tells of.
class TestPushDownAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void moreRowsThanCanBeAreRefused_data();
    void moreRowsThanCanBeAreRefused();
    void asManyAsCanBeAreCounted();
    void weightedRowsEndWithMemory();
    void refusedRowsAreCountedAtOnce();
    void weightedRowsOccurAsOftenAsTold();
    void aFeatureOfMoreRowsIsLeftOut();
};

void TestPushDownAnswers::moreRowsThanCanBeAreRefused_data()
{
    QTest::addColumn<QStringList>("counts");
    QTest::newRow("at once") << QStringList{QStringLiteral("18446744073709551615")};
    QTest::newRow("one too many") << QStringList{QString::number(kMost + 1)};
    QTest::newRow("together") << QStringList{QString::number(kMost), QStringLiteral("1")};
    QTest::newRow("that run over") << QStringList{QStringLiteral("1"), QStringLiteral("18446744073709551615")};
}

void TestPushDownAnswers::moreRowsThanCanBeAreRefused()
{
    QFETCH(QStringList, counts);
    for (const bool isWeighted : {false, true}) {
        predictions::Mapping mapping = usualMapping();
        if (isWeighted)
            mapping.weight = "w";
        Rows rows;
        for (const QString &count : counts) {
            rows.push_back({"1", "0.5", "F", count.toStdString()});
            if (isWeighted)
                rows.back().insert(rows.back().begin() + 2, "2");
        }
        const auto gathered = gather(rows, mapping, 1U << 20U);
        QVERIFY(!gathered.ok());
        // With weights, what does not fit is found when rows are taken, which is earlier than the end of so few.
        QCOMPARE(gathered.error().kind, ErrorKind::Io);
        QVERIFY2(gathered.error().message.find("more rows") != std::string::npos, gathered.error().message.c_str());
    }
}

void TestPushDownAnswers::asManyAsCanBeAreCounted()
{
    const auto gathered = gather({{"1", "0.5", "F", std::to_string(kMost - 5)}, {"0", "0.5", "F", "2"}, {"0", "0.25", "", "3"}}, usualMapping());
    QVERIFY2(gathered.ok(), gathered.ok() ? "" : gathered.error().text().c_str());
    QCOMPARE(gathered->rows, kMost);
    std::uint64_t rows = 0;
    for (const auto &sums : gathered->table.sums())
        rows += sums.rows;
    QCOMPARE(rows, kMost);
    const auto set = computed::compute(gathered->table, {});
    QVERIFY(set.ok());
    QCOMPARE(set->cells.front().n, kMost);
}

void TestPushDownAnswers::weightedRowsEndWithMemory()
{
    predictions::Mapping mapping = usualMapping();
    mapping.weight = "w";
    for (const std::uint64_t rows : {std::uint64_t(1'000'000), std::uint64_t(1) << 40U, kMost}) {
        const auto gathered = gather({{"1", "0.5", "2", "F", std::to_string(rows)}}, mapping, 1U << 20U);
        QVERIFY(!gathered.ok());
        QCOMPARE(gathered.error().kind, ErrorKind::Invalid);
        QVERIFY2(gathered.error().message.find("1 MiB") != std::string::npos, gathered.error().message.c_str());
    }
}

void TestPushDownAnswers::refusedRowsAreCountedAtOnce()
{
    predictions::Mapping mapping = usualMapping();
    mapping.weight = "w";
    const auto gathered = gather({{"1", "0.5", "-2", "F", std::to_string(kMost - 1)}, {"1", "0.5", "2", "F", "1"}}, mapping);
    QVERIFY2(gathered.ok(), gathered.ok() ? "" : gathered.error().text().c_str());
    QCOMPARE(gathered->rejects.total, kMost - 1);
    QCOMPARE(gathered->table.size(), std::size_t(1));
}

void TestPushDownAnswers::weightedRowsOccurAsOftenAsTold()
{
    predictions::Mapping mapping = usualMapping();
    mapping.weight = "w";
    const auto told = gather({{"1", "0.5", "2", "F", "40000"}, {"0", "0.5", "0.5", "M", "3"}, {"0", "0.25", "1", "F", "1"}}, mapping);
    QVERIFY(told.ok());
    QCOMPARE(told->rows, std::uint64_t(40'004));
    QCOMPARE(told->table.size(), std::size_t(40'004));
    Rows oneByOne(40'000, {"1", "0.5", "2", "F", "1"});
    oneByOne.insert(oneByOne.end(), {{"0", "0.5", "0.5", "M", "2"}, {"0", "0.5", "0.5", "M", "1"}, {"0", "0.25", "1", "F", "1"}});
    const auto same = gather(oneByOne, mapping);
    QVERIFY(same.ok());
    QVERIFY(std::ranges::equal(told->table.scores(), same->table.scores()) && std::ranges::equal(told->table.codes(), same->table.codes())
            && std::ranges::equal(told->table.weights(), same->table.weights()));
}

void TestPushDownAnswers::aFeatureOfMoreRowsIsLeftOut()
{
    Talker talker;
    const auto whole = driftOf(talker);
    QVERIFY2(whole.ok(), whole.ok() ? "" : whole.error().text().c_str());
    QCOMPARE(whole->referenceColumns.size(), std::size_t(4)); // score, income; label, a
    QVERIFY(whole->notes.empty());
    talker.ofFeature.push_back({"2025-01-13 00:00:00", "3000", std::to_string(kMost - 4)});
    const auto without = driftOf(talker);
    QVERIFY2(without.ok(), without.ok() ? "" : without.error().text().c_str());
    QCOMPARE(without->referenceColumns.size(), std::size_t(3));
    QVERIFY(without->mapping.features.empty());
    QVERIFY(!without->notes.empty() && without->notes.back().find("\"income\" was left out of drift") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestPushDownAnswers)
#include "tst_pushdownanswers.moc"
