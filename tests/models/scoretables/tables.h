#pragma once

#include "models/base/number.h"
#include "models/base/random.h"
#include "models/scoretables/table.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>
#include <set>

/// Logs made here, and their tables.
namespace tables {

using namespace countersign;
using namespace countersign::scoretables;

inline std::filesystem::path write(const QTemporaryDir &dir, const std::string &bytes, const char *name = "log.csv")
{
    const std::filesystem::path path = std::filesystem::path(dir.path().toStdString()) / name;
    std::FILE *file = std::fopen(path.c_str(), "wb");
    std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
    return path;
}

inline Result<Table> table(const std::string &csv, const predictions::Mapping &mapping, WindowUnit unit = WindowUnit::None, unsigned threads = 2)
{
    QTemporaryDir dir;
    predictions::ReadOptions options;
    options.threads = threads;
    auto log = predictions::readLog(write(dir, csv), mapping, options);
    if (!log)
        return log.error();
    return buildTable(*std::move(log), {unit, threads, {}});
}

/// One row of a log made here.
struct Row {
    int label = 0;      ///< −1: none
    double score = 0;
    std::string a;
    std::string b;
    std::string time;
    double weight = 1;
};

inline std::string csv(const std::vector<Row> &rows)
{
    std::string text = "y,s,a,b,t,w\n";
    for (const Row &row : rows)
        text += (row.label < 0 ? std::string() : std::to_string(row.label)) + "," + (std::isnan(row.score) ? std::string() : number::shortest(row.score))
                + "," + row.a + "," + row.b + "," + row.time + "," + number::shortest(row.weight) + "\n";
    return text;
}

inline predictions::Mapping mapping(bool isWeighted = false)
{
    predictions::Mapping mapping;
    mapping.label = "y";
    mapping.score = "s";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.attributes = {{"a", "a", {}}, {"b", "b", {}}};
    mapping.time = "t";
    if (isWeighted)
        mapping.weight = "w";
    return mapping;
}

/// Seeded rows with ties, missing groups, rows without label, score or time.
inline std::vector<Row> randomRows(std::uint64_t seed, std::size_t count, int decimals)
{
    SeededRandomness random(seed);
    const double scale = std::pow(10, decimals);
    const std::array<std::string, 4> as{"x", "y", "z", ""};
    const std::array<std::string, 3> bs{"p", "q", "r"};
    std::vector<Row> rows;
    for (std::size_t i = 0; i < count; ++i) {
        Row row;
        row.score = std::round(random.unit() * random.unit() * scale) / scale;
        row.label = random.unit() < row.score ? 1 : 0;
        row.a = as[random.next() % as.size()];
        row.b = bs[random.next() % bs.size()];
        row.time = formatDate(fromMillis(1'735'689'600'000 + static_cast<std::int64_t>(random.next() % 90) * 86'400'000));
        row.weight = static_cast<double>(random.next() % 8) / 4;
        if (random.next() % 40 == 0)
            row.label = -1;
        if (random.next() % 40 == 0)
            row.score = std::numeric_limits<double>::quiet_NaN();
        if (random.next() % 60 == 0)
            row.score = std::numeric_limits<double>::infinity();
        if (random.next() % 40 == 0)
            row.time.clear();
        rows.push_back(std::move(row));
    }
    return rows;
}

/// |a − b| within `relative` of the larger.
inline bool isNear(double a, double b, double relative) { return a == b || std::fabs(a - b) <= relative * std::max(std::fabs(a), std::fabs(b)); }

} // namespace tables
