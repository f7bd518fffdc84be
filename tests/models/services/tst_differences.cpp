#include "models/base/text.h"
#include "models/ledger/entry.h"
#include "models/services/workspace/verification.h"
#include "models/store/projection/projector.h"
#include "models/store/schema.h"
#include "models/store/statements.h"
#include "tests/models/services/recordedlife.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <algorithm>
#include <map>

using namespace countersign;
using namespace countersign::test;
using store::ProjectionTable;
using Difference = store::TableDifference;

namespace {

using Kind = ProjectionTable::Kind;
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;
using Row = std::vector<Cell>;

std::string columnsOf(const ProjectionTable &table)
{
    std::string text;
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        text += (i ? ", " : "") + table.columns[i].name;
    return text;
}

std::string whereKey(const ProjectionTable &table)
{
    std::string text = " WHERE ";
    for (std::size_t i = 0; i < table.keyCount; ++i)
        text += (i ? " AND " : "") + table.columns[i].name + " = ?";
    return text;
}

void bindCell(database::Query &query, const Cell &cell, Kind kind)
{
    if (std::holds_alternative<std::monostate>(cell))
        query.bindNull();
    else if (const auto *integer = std::get_if<std::int64_t>(&cell))
        query.bind(*integer);
    else if (const auto *real = std::get_if<double>(&cell))
        query.bind(*real);
    else if (kind == Kind::Blob)
        query.bindBytes(std::get<std::string>(cell));
    else
        query.bind(std::get<std::string>(cell));
}

std::vector<Row> rowsOf(database::Connection &connection, const ProjectionTable &table)
{
    std::vector<Row> rows;
    store::Statements sql(connection);
    sql.each("SELECT " + columnsOf(table) + " FROM " + table.name, [&](const database::Query &query) {
        Row row;
        for (int i = 0; i < static_cast<int>(table.columns.size()); ++i) {
            const Kind kind = table.columns[static_cast<std::size_t>(i)].kind;
            row.push_back(query.isNull(i)         ? Cell()
                              : kind == Kind::Integer ? Cell(query.integer(i))
                              : kind == Kind::Real    ? Cell(query.real(i))
                              : kind == Kind::Blob    ? Cell(query.bytes(i))
                                                      : Cell(query.text(i)));
        }
        rows.push_back(std::move(row));
    });
    return rows;
}

/// Another value of the same type, which no constraint forbids.
Cell other(const Cell &cell, Kind kind)
{
    switch (kind) {
    case Kind::Integer: return std::holds_alternative<std::int64_t>(cell) ? std::get<std::int64_t>(cell) + 900'001 : std::int64_t{7};
    case Kind::Real: return std::holds_alternative<double>(cell) ? std::get<double>(cell) + 0.25 : 0.25;
    case Kind::Blob:
    case Kind::Text: return (std::holds_alternative<std::string>(cell) ? std::get<std::string>(cell) : std::string()) + "~x";
    }
    return {};
}

Status change(database::Connection &connection, const ProjectionTable &table, const Row &row, std::size_t column)
{
    auto query = connection.prepare("UPDATE " + table.name + " SET " + table.columns[column].name + " = ?" + whereKey(table));
    if (!query)
        return query.error();
    bindCell(*query, other(row[column], table.columns[column].kind), table.columns[column].kind);
    for (std::size_t i = 0; i < table.keyCount; ++i)
        bindCell(*query, row[i], table.columns[i].kind);
    return query->exec();
}

Status insert(database::Connection &connection, const ProjectionTable &table, const Row &row)
{
    std::string marks;
    for (std::size_t i = 0; i < row.size(); ++i)
        marks += i ? ", ?" : "?";
    auto query = connection.prepare("INSERT INTO " + table.name + " (" + columnsOf(table) + ") VALUES (" + marks + ")");
    if (!query)
        return query.error();
    for (std::size_t i = 0; i < row.size(); ++i)
        bindCell(*query, row[i], table.columns[i].kind);
    return query->exec();
}

Status remove(database::Connection &connection, const ProjectionTable &table, const Row &row)
{
    auto query = connection.prepare("DELETE FROM " + table.name + whereKey(table));
    if (!query)
        return query.error();
    for (std::size_t i = 0; i < table.keyCount; ++i)
        bindCell(*query, row[i], table.columns[i].kind);
    return query->exec();
}

/// The tables after the first entries, each prefix replayed for itself: slow, and too simple to be wrong.
class Prefixes
{
public:
    explicit Prefixes(services::Session &session)
    {
        auto entries = session.ledger().read(0, 100'000);
        for (std::size_t size = 0; entries && size <= entries->size(); ++size) {
            auto scratch = database::Connection::openScratch();
            (void)store::prepareReplay(**scratch);
            const auto transaction = database::Transaction::begin(**scratch);
            store::Projector projector(**scratch, [&](const Digest &digest) -> Result<Bytes> { return session.ledger().evidence(digest)->bytes; });
            for (std::size_t seq = 0; seq < size; ++seq) {
                const auto event = ledger::decodeEvent(ledger::decodeEntry((*entries)[seq])->payload);
                m_seen.resize(std::max(m_seen.size(), seq + 1));
                m_seen[seq] = event->seen.size;
                if (const auto status = projector.apply(*event, seq); !status)
                    qWarning("%s", status.error().text().c_str());
            }
            if (const auto status = projector.settle(); !status)
                qWarning("%s", status.error().text().c_str());
            auto &tables = m_states.emplace_back();
            for (const auto &table : store::projectionTables())
                for (auto &row : rowsOf(**scratch, table)) {
                    Row key(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(table.keyCount));
                    tables[table.name].emplace(std::move(key), std::move(row));
                }
        }
    }

    std::size_t size() const { return m_states.size() - 1; }
    const Row *row(std::size_t size, const std::string &table, const Row &key) const
    {
        const auto rows = m_states[size].find(table);
        if (rows == m_states[size].end())
            return nullptr;
        const auto found = rows->second.find(key);
        return found == rows->second.end() ? nullptr : &found->second;
    }
    const std::map<Row, Row> &rows(std::size_t size, const std::string &table) { return m_states[size][table]; }

    /// Entries of one change saw the same ledger; what is settled belongs to the change.
    bool isSameChange(std::uint64_t a, std::uint64_t b) const { return m_seen[a] == m_seen[b]; }

    std::optional<std::uint64_t> lastWriter(const std::string &table, const Row &key) const
    {
        for (std::size_t n = size(); n > 0; --n) {
            const Row *after = row(n, table, key), *before = row(n - 1, table, key);
            if ((after == nullptr) != (before == nullptr) || (after && *after != *before))
                return n - 1;
        }
        return {};
    }

private:
    std::vector<std::map<std::string, std::map<Row, Row>>> m_states;
    std::vector<std::uint64_t> m_seen;
};

} // namespace

class DifferencesTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    Result<std::unique_ptr<services::Session>> lived(const QString &backend)
    {
        auto session = freshWorkspace(freshDatabase(backend, m_folder), testEnvironment());
        if (!session)
            return session;
        RecordedLife life(**session, m_folder, 5);
        for (int i = 0; i < RecordedLife::kActs + 10; ++i)
            if (const auto status = life.step(); !status)
                return status.error().in("step " + std::to_string(i));
        return session;
    }

    static void checkAuthor(const services::Discrepancy &finding, const Prefixes &prefixes, services::Session &session, const Row &key)
    {
        const auto expected = prefixes.lastWriter(finding.row->table, key);
        QVERIFY2(expected, finding.sentence.c_str());
        QVERIFY2(finding.entry >= 0, finding.sentence.c_str());
        const auto entry = static_cast<std::uint64_t>(finding.entry);
        static const std::set<std::string> settled{"model", "version", "version_turn", "verdict", "signoff"};
        const bool isRight = settled.contains(finding.row->table) ? prefixes.isSameChange(entry, *expected) : entry == *expected;
        QVERIFY2(isRight, (finding.sentence + " " + finding.provenance() + " Expected entry " + std::to_string(*expected)).c_str());
        const auto bytes = session.ledger().read(entry, 1);
        QVERIFY_RESULT(bytes);
        const auto event = ledger::decodeEvent(ledger::decodeEntry(bytes->front())->payload);
        QVERIFY_RESULT(event);
        QCOMPARE(finding.entryKind, event->kind);
        QCOMPARE(finding.entryAt, formatUtc(event->time));
        QCOMPARE(finding.entryBy, std::string("Ada Sample"));
        QVERIFY(finding.provenance().find("(" + event->kind + ") at " + finding.entryAt + " by Ada Sample.") != std::string::npos);
    }

    /// One finding in each of the tables, of this kind; gives them by table.
    static std::map<std::string, services::Discrepancy> byTable(const services::Verification &verification, Difference::Kind kind)
    {
        std::map<std::string, services::Discrepancy> found;
        for (const auto &finding : verification.findings) {
            if (!finding.row || finding.row->kind != kind || found.contains(finding.row->table))
                qWarning("unexpected: %s", finding.sentence.c_str());
            else
                found.emplace(finding.row->table, finding);
        }
        return found;
    }

private Q_SLOTS:
    void everyTableIsCompared_data() { forEachBackend(); }
    void everyTableIsCompared()
    {
        QFETCH(QString, backend);
        const auto session = lived(backend);
        QVERIFY_RESULT(session);
        auto &live = (*session)->connection();
        auto verification = services::verifyWorkspace(live, {});
        QVERIFY_RESULT(verification);
        QVERIFY2(verification->isIntact(), verification->findings.empty() ? "" : verification->findings.front().sentence.c_str());
        Prefixes prefixes(**session);
        std::map<std::string, Row> chosen;
        std::size_t mostColumns = 0;
        for (const auto &table : store::projectionTables()) {
            auto rows = rowsOf(live, table);
            QVERIFY2(!rows.empty(), table.name.c_str());
            std::ranges::sort(rows);
            chosen[table.name] = rows[rows.size() / 2];
            mostColumns = std::max(mostColumns, table.columns.size() - table.keyCount);
        }
        const auto keyOf = [&](const ProjectionTable &table) { return Row(chosen[table.name].begin(), chosen[table.name].begin() + static_cast<std::ptrdiff_t>(table.keyCount)); };

        // Every column of every table in turn; the transaction is never committed.
        for (std::size_t column = 0; column < mostColumns; ++column) {
            auto transaction = database::Transaction::begin(live);
            QVERIFY_RESULT(transaction);
            std::size_t changed = 0;
            for (const auto &table : store::projectionTables())
                if (table.keyCount + column < table.columns.size()) {
                    QVERIFY_RESULT(change(live, table, chosen[table.name], table.keyCount + column));
                    ++changed;
                }
            verification = services::verifyWorkspace(live, {});
            QVERIFY_RESULT(verification);
            QCOMPARE(verification->problems, static_cast<std::uint64_t>(changed));
            const auto found = byTable(*verification, Difference::Kind::Changed);
            QCOMPARE(found.size(), changed);
            for (const auto &table : store::projectionTables()) {
                if (!found.contains(table.name))
                    continue;
                const auto &finding = found.at(table.name);
                QCOMPARE(finding.row->column, table.columns[table.keyCount + column].name);
                QVERIFY(!finding.row->row.empty());
                QVERIFY2(finding.row->found != finding.row->recorded, finding.sentence.c_str());
                QVERIFY(!finding.isRemoval);
                checkAuthor(finding, prefixes, **session, keyOf(table));
            }
        }
        {
            auto transaction = database::Transaction::begin(live);
            QVERIFY_RESULT(transaction);
            for (const auto &table : store::projectionTables())
                QVERIFY_RESULT(remove(live, table, chosen[table.name]));
            verification = services::verifyWorkspace(live, {});
            QVERIFY_RESULT(verification);
            const auto found = byTable(*verification, Difference::Kind::Missing);
            QCOMPARE(found.size(), store::projectionTables().size());
            QCOMPARE(verification->problems, static_cast<std::uint64_t>(found.size()));
            for (const auto &table : store::projectionTables())
                checkAuthor(found.at(table.name), prefixes, **session, keyOf(table));
        }
        {
            auto transaction = database::Transaction::begin(live);
            QVERIFY_RESULT(transaction);
            for (const auto &table : store::projectionTables()) {
                Row row = chosen[table.name];
                for (std::size_t i = 0; i < row.size(); ++i)
                    row[i] = other(row[i], table.columns[i].kind);
                QVERIFY_RESULT(insert(live, table, row));
            }
            verification = services::verifyWorkspace(live, {});
            QVERIFY_RESULT(verification);
            const auto found = byTable(*verification, Difference::Kind::Extra);
            QCOMPARE(found.size(), store::projectionTables().size());
            for (const auto &[table, finding] : found) {
                QCOMPARE(finding.entry, std::int64_t{-1});
                QCOMPARE(finding.provenance(), std::string("No entry of the ledger wrote it."));
            }
        }
        {
            // What an undone import had brought stands there again: the entry that took it away is named.
            const auto &model = *std::ranges::find(store::projectionTables(), std::string("model"), &ProjectionTable::name);
            std::optional<Row> gone;
            std::size_t undoneAt = 0;
            for (std::size_t n = 1; n <= prefixes.size() && !gone; ++n)
                for (const auto &[key, row] : prefixes.rows(n - 1, "model"))
                    if (!prefixes.row(n, "model", key)) {
                        gone = row;
                        undoneAt = n - 1;
                    }
            QVERIFY(gone);
            (*gone)[1] = std::int64_t{77'777}; // its number is another's by now
            auto transaction = database::Transaction::begin(live);
            QVERIFY_RESULT(transaction);
            QVERIFY_RESULT(insert(live, model, *gone));
            verification = services::verifyWorkspace(live, {});
            QVERIFY_RESULT(verification);
            QCOMPARE(verification->problems, std::uint64_t{1});
            const auto &finding = verification->findings.front();
            QVERIFY(finding.isRemoval);
            QCOMPARE(finding.entry, static_cast<std::int64_t>(undoneAt));
            QCOMPARE(finding.entryKind, std::string("import.undo"));
            QVERIFY(finding.provenance().starts_with("Taken away by entry "));
        }
        verification = services::verifyWorkspace(live, {});
        QVERIFY_RESULT(verification);
        QVERIFY(verification->isIntact());
    }

    // Long values are shown where they differ, whole characters only, so that sentence and JSON stay readable.
    void longValuesAreShownWhereTheyDiffer()
    {
        const auto session = lived(QStringLiteral("SQLite"));
        QVERIFY_RESULT(session);
        auto &live = (*session)->connection();
        std::string longText;
        for (int i = 0; i < 200; ++i)
            longText += "ü";
        store::Statements sql(live);
        auto transaction = database::Transaction::begin(live);
        QVERIFY_RESULT(transaction);
        sql.run("UPDATE model SET purpose = ? WHERE no = 1", longText + "é");
        QVERIFY_RESULT(sql.status());
        const auto verification = services::verifyWorkspace(live, {});
        QVERIFY_RESULT(verification);
        QCOMPARE(verification->problems, std::uint64_t{1});
        QVERIFY(text::isUtf8(verification->findings.front().sentence));
        const std::string found = verification->findings.front().row->found;
        QVERIFY2(found.size() < 180 && found.find("ü…”") != std::string::npos, found.c_str());
    }

    void isCancelledBetweenEntries()
    {
        const auto session = lived(QStringLiteral("SQLite"));
        QVERIFY_RESULT(session);
        auto &live = (*session)->connection();
        auto transaction = database::Transaction::begin(live);
        QVERIFY_RESULT(transaction);
        store::Statements sql(live);
        sql.run("UPDATE observation SET value = 0.99");
        std::vector<std::string> stages;
        std::atomic<bool> cancel = false;
        Progress progress;
        progress.cancel = &cancel;
        progress.report = [&](std::uint64_t done, std::uint64_t total, const std::string &stage) {
            QVERIFY(done <= total);
            if (stages.empty() || stages.back() != stage)
                stages.push_back(stage);
            cancel = stage == "finding who wrote what differs";
        };
        QVERIFY_ERROR(services::verifyWorkspace(live, progress), ErrorKind::Cancelled);
        QCOMPARE(stages.back(), std::string("finding who wrote what differs"));
    }
};

QTEST_GUILESS_MAIN(DifferencesTest)
#include "tst_differences.moc"
