#pragma once

#include "models/computed/compute.h"
#include "models/pushdown/groups/tabledigest.h"
#include "models/pushdown/pushdown.h"
#include "models/duckdb/library.h"
#include "tests/support/clickhouseserver.h"
#include "tests/support/duckdbfile.h"
#include "tests/support/postgresserver.h"

#include <QtTest/QtTest>

#include <fstream>

#define NEED_DUCKDB()                                                                                                  \
    if (const auto library = countersign::duckdb::Library::load(); !library)                                           \
    QSKIP(library.error().text().c_str())

#define NEED_CLICKHOUSE(server)                                                                                        \
    if (!countersign::test::ClickHouseServer::isInstalled())                                                           \
        QSKIP("No ClickHouse server is installed. Install the package clickhouse-server.");                            \
    QVERIFY2((server).isRunning(), qPrintable((server).log()))

/// Engines with rows in them, and the same rows as a file.
namespace engines {

using namespace countersign;
using namespace countersign::pushdown;

inline std::filesystem::path write(const test::TemporaryFolder &folder, const std::string &bytes, const std::string &name = "export.csv")
{
    const auto path = folder.file(name);
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
}

inline predictions::Mapping usualMapping()
{
    predictions::Mapping mapping;
    mapping.label = "y_true";
    mapping.score = "score";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.time = "ts";
    mapping.attributes = {{"sex", "sex", {}}, {"age", "age", *predictions::Bands::make({25, 45.5, 65})}};
    return mapping;
}

/// With everything that takes a statement of its own: drift against a window, features, and how long labels took.
inline predictions::Mapping fullMapping()
{
    predictions::Mapping mapping = usualMapping();
    mapping.labelTime = "known";
    mapping.features = {{"amount", true}, {"channel", false}, {"weight", true}};
    return mapping;
}

inline computed::Parameters usualParameters(const char *window = "week")
{
    computed::Parameters parameters;
    parameters.window = *scoretables::parseWindowSpec(window);
    parameters.depth = 2;
    // Thousands of small windows are for the sums, not for the comparisons.
    parameters.windowDepth = parameters.window.unit == scoretables::WindowUnit::Hour || parameters.window.unit == scoretables::WindowUnit::Day ? 0 : 1;
    parameters.bootstrapDraws = parameters.windowDepth == 0 ? 0 : 20;
    return parameters;
}

inline Location locationOf(const std::string &text)
{
    const auto location = Location::parse(text);
    if (!location)
        qFatal("%s", location.error().text().c_str());
    return *location;
}

/// What differs between pushing down and reading the file, in words; empty: nothing.
inline std::string difference(const Location &location, const std::string &table, const std::filesystem::path &file, const predictions::Mapping &mapping,
                              const computed::Parameters &parameters, const ConnectOptions &connect = {}, const PushOptions &options = {},
                              const std::filesystem::path &reference = {})
{
    const auto openReference = [&]() -> std::optional<predictions::LogReader> {
        if (reference.empty())
            return {};
        auto opened = predictions::LogReader::open(reference, mapping.dialect);
        if (!opened)
            qFatal("%s", opened.error().text().c_str());
        return *std::move(opened);
    };
    auto engine = Engine::open(location, connect);
    if (!engine)
        return engine.error().text();
    const auto name = TableName::parse(table);
    if (!name)
        return name.error().text();
    const auto pushed = computePushed(**engine, *name, mapping, parameters, options, openReference());
    if (!pushed)
        return pushed.error().text();
    auto reader = predictions::LogReader::open(file, mapping.dialect);
    if (!reader)
        return reader.error().text();
    auto local = computed::computeLog(*std::move(reader), mapping, parameters, {}, {}, openReference());
    if (!local)
        return local.error().text();
    if (pushed->log.rows != local->log.rows)
        return "rows: " + std::to_string(pushed->log.rows) + " instead of " + std::to_string(local->log.rows);
    if (pushed->log.rejects.total != local->log.rejects.total || pushed->log.rejects.counts != local->log.rejects.counts)
        return "rejected: " + std::to_string(pushed->log.rejects.total) + " instead of " + std::to_string(local->log.rejects.total);
    if (pushed->log.hasTimes != local->log.hasTimes)
        return "times";
    auto log = predictions::readLog(file, mapping);
    const auto rejects = log->facts.rejects;
    const auto localTable = scoretables::buildTable(*std::move(log), {parameters.window.unit, 1, {}});
    if (!localTable)
        return localTable.error().text();
    const bool isTableAll = mapping.features.empty() && mapping.labelTime.empty(); // further columns have their part in the digest
    if ((pushed->log.digest == tableDigest(*localTable, rejects)) != isTableAll)
        return "digest";
    for (const std::string &note : pushed->notes)
        return "note: " + note;
    const Bytes left = computed::writeComputedRows(*pushed);
    const Bytes right = computed::writeComputedRows(*local);
    if (left == right)
        return {};
    const auto at = static_cast<std::size_t>(std::ranges::mismatch(left, right).in1 - left.begin());
    const std::size_t from = at > 200 ? at - 200 : 0;
    return "figures: …" + left.substr(from, 300) + "… instead of …" + right.substr(from, 300) + "…";
}

/// Rows in which everything occurs, as SQL of PostgreSQL and DuckDB, whose dialects share this much.
inline std::string usualRows(int rows, bool isDuckDb)
{
    const std::string series = isDuckDb ? "range(" + std::to_string(rows) + ") s(i)" : "generate_series(0, " + std::to_string(rows - 1) + ") s(i)";
    const std::string zoned = isDuckDb ? "TIMESTAMP '2024-12-29 22:10:11.5'" : "TIMESTAMPTZ '2024-12-29 22:10:11.5+00'";
    return "SELECT CASE WHEN i % 41 = 0 THEN NULL ELSE CASE WHEN i * 7 % 10 < 3 THEN 1 ELSE 0 END END AS y_true,"
           " CASE WHEN i % 97 = 0 THEN NULL WHEN i % 101 = 0 THEN CAST('NaN' AS DOUBLE PRECISION) WHEN i % 103 = 0 THEN CAST('Infinity' AS DOUBLE PRECISION)"
           " WHEN i % 107 = 0 THEN CAST('-0.0' AS DOUBLE PRECISION) WHEN i % 5 = 0 THEN 0.25 ELSE CAST(i * 7919 % 10007 AS DOUBLE PRECISION) / 10007 END AS score,"
           " CASE WHEN i % 61 = 0 THEN NULL ELSE " + zoned + " + INTERVAL '1 minute' * (i * 37 % 90000) END AS ts,"
           " CASE i % 9 WHEN 0 THEN 'F' WHEN 1 THEN 'M' WHEN 2 THEN 'NA' WHEN 3 THEN 'x, \"y\"' WHEN 4 THEN 'é' WHEN 5 THEN NULL WHEN 6 THEN '''; DROP TABLE rows; --'"
           " WHEN 7 THEN 'two' || chr(10) || 'lines' ELSE '' END AS sex,"
           " CASE WHEN i % 31 = 0 THEN NULL ELSE 18 + i * 13 % 70 END AS age,"
           " i % 3 = 0 AS decided, CAST(1 + i % 7 AS DOUBLE PRECISION) / 7 AS weight,"
           " CASE WHEN i % 5 = 0 THEN NULL ELSE " + zoned + " + INTERVAL '1 minute' * (i * 37 % 90000) + INTERVAL '1 second' * (i * 7919 % 900000 - 20000) + INTERVAL '1 microsecond' * (i * 977)"
           " END AS known,"
           " CASE WHEN i % 23 = 0 THEN NULL WHEN i % 29 = 0 THEN CAST('NaN' AS DOUBLE PRECISION) WHEN i % 37 = 0 THEN CAST('-Infinity' AS DOUBLE PRECISION)"
           " ELSE CAST(i * 31 % 1009 AS DOUBLE PRECISION) / 7 END AS amount,"
           " CASE i % 7 WHEN 0 THEN 'shop' WHEN 1 THEN NULL WHEN 2 THEN 'NA' WHEN 3 THEN 'e, \"mail\"' ELSE 'web' END AS channel"
           " FROM " + series;
}

} // namespace engines
