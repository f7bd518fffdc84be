#include "goldens.h"

#include <QFile>
#include <QProcess>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

namespace countersign::metrics {

namespace {

const QString kShared = QStringLiteral(COUNTERSIGN_SHARED_DATA);

QByteArray contents(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll();
}

QByteArray unpacked(const QString &path)
{
    QProcess gzip;
    gzip.start(QStringLiteral("gzip"), {QStringLiteral("-dc"), path});
    if (!gzip.waitForFinished() || gzip.exitCode() != 0)
        qFatal("cannot unpack %s", qPrintable(path));
    return gzip.readAllStandardOutput();
}

/// These logs have no quoted fields.
Table parsed(const QByteArray &text)
{
    Table table;
    std::vector<std::vector<std::string> *> columns;
    for (const QByteArray &line : text.split('\n')) {
        if (line.isEmpty())
            continue;
        const auto cells = line.split(',');
        if (columns.empty()) {
            for (const QByteArray &cell : cells)
                columns.push_back(&table.columns[cell.toStdString()]);
            continue;
        }
        for (std::size_t i = 0; i < columns.size(); ++i)
            columns[i]->push_back(cells.at(static_cast<qsizetype>(i)).toStdString());
        ++table.rows;
    }
    return table;
}

/// One condition as the rows' text and the text wanted.
std::pair<std::vector<std::string>, std::string> condition(const Table &table, const std::string &text)
{
    const auto split = text.find(" == ");
    const std::string name = text.substr(0, split);
    std::vector<std::string> values;
    if (name == "month" || name == "month of timestamp")
        for (const std::string &time : table.column("timestamp"))
            values.push_back(time.substr(0, 7));
    else
        values = table.column(name);
    return {values, text.substr(split + 4)};
}

} // namespace

bool haveGoldens()
{
    const bool found = QFile::exists(kShared + QStringLiteral("/golden/perf.json"));
    if (!found)
        qInfo("the shared golden values are not here; the other tests cover the same code");
    return found;
}

const json::Value &golden(const std::string &name)
{
    static std::map<std::string, json::Value> read;
    const auto at = read.find(name);
    if (at != read.end())
        return at->second;
    const QByteArray text = contents(kShared + QStringLiteral("/golden/%1.json").arg(QString::fromStdString(name)));
    auto value = json::parse(BytesView(text.constData(), static_cast<std::size_t>(text.size())));
    if (!value)
        qFatal("%s: %s", name.c_str(), value.error().text().c_str());
    return read.emplace(name, std::move(value).value()).first->second;
}

bool isReal(const json::Value &value)
{
    return value.number() || (value.string() && (*value.string() == "nan" || *value.string() == "inf"));
}

double real(const json::Value &value)
{
    if (value.string() && *value.string() == "inf")
        return std::numeric_limits<double>::infinity();
    if (const auto number = value.real(); number)
        return *number;
    return std::numeric_limits<double>::quiet_NaN();
}

const json::Value *memberOrNull(const json::Value &object, std::string_view key)
{
    return object.find(key);
}

const json::Value &member(const json::Value &object, std::string_view key)
{
    const json::Value *value = object.find(key);
    if (!value)
        qFatal("no member %s", std::string(key).c_str());
    return *value;
}

bool isNear(double a, double b, double relative, double absolute)
{
    if (std::isnan(a) || std::isnan(b))
        return std::isnan(a) && std::isnan(b);
    if (std::isinf(a) || std::isinf(b))
        return a == b;
    return std::abs(a - b) <= std::max(absolute, relative * std::max(std::abs(a), std::abs(b)));
}

bool agrees(const Figure &figure, double expected, double relative, double absolute)
{
    if (std::isnan(expected))
        return !figure.isDefined();
    if (std::isinf(expected))
        return figure.reason == Reason::Infinite && figure.value == expected;
    return figure.isDefined() && isNear(figure.value, expected, relative, absolute);
}

std::vector<double> Table::numbers(const std::string &name) const
{
    std::vector<double> values;
    for (const std::string &text : column(name)) {
        double value = std::numeric_limits<double>::quiet_NaN();
        std::from_chars(text.data(), text.data() + text.size(), value);
        values.push_back(value);
    }
    return values;
}

Table Table::where(const std::string &filter) const
{
    std::vector<bool> keep(rows, true);
    for (std::size_t from = 0; from < filter.size();) {
        const auto to = std::min(filter.find(" and ", from), filter.size());
        const auto [values, wanted] = condition(*this, filter.substr(from, to - from));
        for (std::size_t row = 0; row < rows; ++row)
            keep[row] = keep[row] && values[row] == wanted;
        from = to + 5;
    }
    Table result;
    result.rows = static_cast<std::size_t>(std::ranges::count(keep, true));
    for (const auto &[name, values] : columns) {
        auto &kept = result.columns[name];
        for (std::size_t row = 0; row < rows; ++row)
            if (keep[row])
                kept.push_back(values[row]);
    }
    return result;
}

const Table &logFile(const std::string &file)
{
    static std::map<std::string, Table> read;
    const auto at = read.find(file);
    if (at != read.end())
        return at->second;
    const QString path = kShared + QStringLiteral("/logs/") + QString::fromStdString(file);
    const QByteArray text = QFile::exists(path) ? contents(path) : unpacked(path + QStringLiteral(".gz"));
    return read.emplace(file, parsed(text)).first->second;
}

Sample Sample::subset(const std::vector<std::size_t> &rows) const
{
    Sample result;
    for (const std::size_t row : rows) {
        result.actual.push_back(actual[row]);
        if (!predicted.empty())
            result.predicted.push_back(predicted[row]);
        if (!scores.empty())
            result.scores.push_back(scores[row]);
        if (!weights.empty())
            result.weights.push_back(weights[row]);
    }
    return result;
}

Counts countsOf(const Sample &sample)
{
    Counts counts;
    for (std::size_t row = 0; row < sample.size(); ++row)
        counts.add(sample.actual[row], sample.predicted[row], sample.weight(row));
    return counts;
}

std::vector<std::size_t> descendingOrder(const Sample &sample)
{
    std::vector<std::size_t> order(sample.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return sample.scores[a] > sample.scores[b]; });
    return order;
}

Ranking rankingOf(const Sample &sample)
{
    double positives = 0;
    double negatives = 0;
    for (std::size_t row = 0; row < sample.size(); ++row)
        (sample.actual[row] ? positives : negatives) += sample.weight(row);
    Ranking ranking;
    ranking.begin(positives, negatives);
    for (const std::size_t row : descendingOrder(sample))
        ranking.add(sample.scores[row], sample.actual[row], sample.weight(row));
    ranking.finish();
    return ranking;
}

Curve curveOf(const Sample &sample)
{
    Curve curve;
    for (const std::size_t row : descendingOrder(sample))
        curve.add(sample.scores[row], sample.actual[row], sample.weight(row));
    return curve;
}

Losses lossesOf(const Sample &sample)
{
    Losses losses;
    for (std::size_t row = 0; row < sample.size(); ++row)
        losses.add(sample.scores[row], sample.actual[row], sample.weight(row));
    return losses;
}

std::vector<CalibrationBin> binsOf(const Sample &sample, int bins)
{
    std::vector<CalibrationBin> result(static_cast<std::size_t>(bins));
    for (std::size_t row = 0; row < sample.size(); ++row)
        result[static_cast<std::size_t>(widthBin(sample.scores[row], bins))].add(sample.scores[row], sample.actual[row], sample.weight(row));
    return result;
}

std::map<std::string, std::vector<std::size_t>> groupsOf(const Table &table, const std::vector<std::string> &columns)
{
    std::map<std::string, std::vector<std::size_t>> groups;
    for (std::size_t row = 0; row < table.rows; ++row) {
        std::string name;
        for (const std::string &column : columns)
            name += (name.empty() ? "" : " | ") + table.column(column)[row];
        groups[name].push_back(row);
    }
    return groups;
}

} // namespace countersign::metrics
