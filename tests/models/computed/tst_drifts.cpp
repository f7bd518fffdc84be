#include "models/base/json.h"
#include "models/computed/comparisons/drifts.h"
#include "models/metrics/intervals/multiplicity.h"
#include "sets.h"

#include <QtCore/QFile>
#include <map>

using namespace countersign;
using namespace countersign::computed;
using metrics::Figure;
using metrics::Reason;

namespace {

/// A row of a log with a score, numbers and categories; NaN and "" are missing.
struct Row {
    double score = 0;
    double amount = 0;
    double few = 0;
    std::string city;
    std::string sex;
    std::string time;
};

std::string csv(const std::vector<Row> &rows)
{
    const auto text = [](double value) { return std::isnan(value) ? std::string() : number::shortest(value); };
    std::string result = "s,amount,few,city,sex,t\n";
    for (const Row &row : rows)
        result += text(row.score) + "," + text(row.amount) + "," + text(row.few) + "," + row.city + "," + row.sex + "," + row.time + "\n";
    return result;
}

predictions::Mapping mapping()
{
    predictions::Mapping mapping;
    mapping.score = "s";
    mapping.time = "t";
    mapping.attributes = {{"sex", "sex", {}}};
    mapping.features = {{"amount", true}, {"few", true}, {"city", false}};
    return mapping;
}

std::string day(int number) { return formatDate(fromMillis(1'735'689'600'000 + number * 86'400'000LL)); } // from 2025-01-01 on

std::vector<Row> randomRows(std::uint64_t seed, std::size_t count, int days = 120)
{
    SeededRandomness random(seed);
    const std::array<std::string, 6> cities{"Bern", "Graz", "Oslo", "Riga", "Ulm", ""};
    std::vector<Row> rows;
    for (std::size_t i = 0; i < count; ++i) {
        Row row;
        const int when = static_cast<int>(random.next() % static_cast<std::uint64_t>(days));
        row.score = std::round(1000 * random.unit() * (0.6 + when / 300.0)) / 1000;
        row.amount = (random.unit() - 0.2) * 500 + when * (random.unit() < 0.5 ? 0.7 : -0.1);
        row.few = static_cast<double>(random.next() % 7);
        row.city = cities[(random.next() % (when < 90 ? 5U : 6U)) % cities.size()];
        row.sex = random.unit() < 0.4 ? "F" : "M";
        row.time = random.next() % 50 == 0 ? std::string() : day(when);
        if (random.next() % 30 == 0)
            row.amount = std::nan("");
        if (random.next() % 80 == 0)
            row.amount = (random.next() % 2 == 0 ? 1 : -1) * std::numeric_limits<double>::infinity();
        rows.push_back(std::move(row));
    }
    return rows;
}

Parameters parametersFor(std::string_view window, std::string reference)
{
    Parameters parameters;
    parameters.window = *scoretables::parseWindowSpec(window);
    parameters.reference = std::move(reference);
    parameters.bootstrapDraws = 0;
    return parameters;
}

Result<ComputedSet> drift(const std::string &log, const Parameters &parameters, const std::optional<std::string> &reference = {}, unsigned threads = 2,
                          const predictions::Mapping &columns = mapping(), const std::vector<std::string> &only = {})
{
    QTemporaryDir dir;
    const auto open = [&](const std::string &text, const char *name) { return predictions::LogReader::open(tables::write(dir, text, name), columns.dialect); };
    auto reader = open(log, "log.csv");
    if (!reader)
        return reader.error();
    std::optional<predictions::LogReader> other;
    if (reference) {
        auto opened = open(*reference, "reference.csv");
        if (!opened)
            return opened.error();
        other.emplace(*std::move(opened));
    }
    predictions::ReadOptions options;
    options.threads = threads;
    Parameters own = parameters;
    own.threads = threads;
    auto set = computeDrift(*std::move(reader), std::move(other), columns, own, only, options);
    return set;
}

const ComputedDrift &at(const ComputedSet &set, std::string_view column, std::string_view window = {})
{
    for (const ComputedDrift &drift : set.drifts)
        if (drift.column == column && (drift.window ? std::string_view(drift.window->name) : std::string_view()) == window)
            return drift;
    qFatal("no drift of %s in %s", std::string(column).c_str(), std::string(window).c_str());
}

const ReferenceColumn &referenceOf(const ComputedSet &set, std::string_view column) { return *std::ranges::find(set.referenceColumns, column, &ReferenceColumn::column); }

// ---- drift once more, from the definitions

double numberOf(const Row &row, std::string_view column) { return column == "s" ? row.score : column == "amount" ? row.amount : row.few; }
const std::string &categoryOf(const Row &row, std::string_view column) { return column == "sex" ? row.sex : row.city; }

double share(const std::vector<double> &values, const std::function<bool(double)> &is)
{
    return static_cast<double>(std::ranges::count_if(values, is)) / static_cast<double>(values.size());
}

struct NaiveNumbers {
    double psi = 0;
    double divergence = 0;
    double ks = 0;
    double wasserstein = 0;
};

double entropyTerm(double p, double q) { return p > 0 ? p * std::log2(2 * p / (p + q)) / 2 : 0; }

/// With the rounding of NumPy: an edge may lie on a value, and then the last bit decides.
double numpyQuantile(const std::vector<double> &sorted, double q)
{
    const double place = q * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const double next = low + 1 < sorted.size() ? sorted[low + 1] : sorted[low];
    const double part = place - static_cast<double>(low);
    return part < 0.5 ? sorted[low] + (next - sorted[low]) * part : next - (next - sorted[low]) * (1 - part);
}

NaiveNumbers naiveNumbers(std::vector<double> reference, std::vector<double> current)
{
    const auto isLost = [](double v) { return !std::isfinite(v); };
    std::erase_if(reference, isLost);
    std::erase_if(current, isLost);
    std::ranges::sort(reference);
    std::set<double> edges;
    const std::set<double> distinct(reference.begin(), reference.end());
    if (distinct.size() <= 20)
        edges = distinct;
    else
        for (int i = 1; i < 10; ++i)
            edges.insert(numpyQuantile(reference, i * 0.1));
    edges.erase(reference.front());
    if (distinct.size() > 20)
        edges.erase(reference.back());
    std::vector<double> bounds{-std::numeric_limits<double>::infinity()};
    bounds.insert(bounds.end(), edges.begin(), edges.end());
    bounds.push_back(std::numeric_limits<double>::infinity());
    NaiveNumbers result;
    const double lowest = reference.front();
    const double highest = reference.back();
    for (std::size_t b = 0; b + 1 < bounds.size(); ++b) {
        const auto isIn = [&](double v) { return v >= bounds[b] && v < bounds[b + 1]; };
        const auto isInside = [&](double v) { return isIn(v) && v >= lowest && v <= highest; };
        const double e = share(reference, isIn);
        const double a = share(current, isIn);
        const double e1 = e > 0 ? e : 1e-4;
        const double a1 = a > 0 ? a : 1e-4;
        result.psi += (a1 - e1) * std::log(a1 / e1);
        const double inside = share(current, isInside);
        result.divergence += entropyTerm(inside, e) + entropyTerm(e, inside);
    }
    result.divergence += entropyTerm(share(current, [&](double v) { return v < lowest; }), 0) + entropyTerm(share(current, [&](double v) { return v > highest; }), 0);
    std::set<double> all(reference.begin(), reference.end());
    all.insert(current.begin(), current.end());
    for (auto value = all.begin(); value != all.end(); ++value) {
        const double gap = std::fabs(share(reference, [&](double v) { return v <= *value; }) - share(current, [&](double v) { return v <= *value; }));
        result.ks = std::max(result.ks, gap);
        if (const auto next = std::next(value); next != all.end())
            result.wasserstein += gap * (*next - *value);
    }
    return result;
}

struct NaiveCategories {
    double psi = 0;
    double divergence = 0;
    double chiSquare = 0;
    int appeared = 0;
    int vanished = 0;
};

NaiveCategories naiveCategories(const std::vector<std::string> &reference, const std::vector<std::string> &current)
{
    std::map<std::string, std::pair<double, double>> counts;
    double before = 0;
    double now = 0;
    for (const auto &value : reference)
        if (!value.empty())
            counts[value].first += 1, before += 1;
    for (const auto &value : current)
        if (!value.empty())
            counts[value].second += 1, now += 1;
    NaiveCategories result;
    for (const auto &[name, both] : counts) {
        const double e = both.first > 0 ? both.first / before : 1e-4;
        const double a = both.second > 0 ? both.second / now : 1e-4;
        result.psi += (a - e) * std::log(a / e);
        result.divergence += entropyTerm(both.first / before, both.second / now) + entropyTerm(both.second / now, both.first / before);
        const double total = both.first + both.second;
        const double expectedBefore = total * before / (before + now);
        const double expectedNow = total * now / (before + now);
        result.chiSquare += std::pow(both.first - expectedBefore, 2) / expectedBefore + std::pow(both.second - expectedNow, 2) / expectedNow;
        result.appeared += both.first == 0 ? 1 : 0;
        result.vanished += both.second == 0 ? 1 : 0;
    }
    return result;
}

bool isNear(double a, double b) { return std::fabs(a - b) <= 1e-12 * std::max(std::fabs(a), std::fabs(b)) + 1e-14; }

} // namespace

class DriftsTest : public QObject
{
    Q_OBJECT

    /// Every drift of the set against the naive implementation; `isIn(row, window)` and `isReference(row)` say which rows are which.
    static void compareAll(const ComputedSet &set, const std::vector<Row> &reference, const std::function<std::vector<Row>(const ComputedDrift &)> &rowsOf)
    {
        for (const ComputedDrift &drift : set.drifts) {
            const std::vector<Row> own = rowsOf(drift);
            QCOMPARE(drift.counts.rows + drift.counts.missing, std::uint64_t(own.size()));
            if (drift.role == DriftRole::Category) {
                std::vector<std::string> before;
                std::vector<std::string> now;
                for (const Row &row : reference)
                    before.push_back(categoryOf(row, drift.column));
                for (const Row &row : own)
                    now.push_back(categoryOf(row, drift.column));
                const NaiveCategories expected = naiveCategories(before, now);
                QVERIFY(isNear(drift.find("psi")->value, expected.psi));
                QVERIFY(isNear(drift.find("js_divergence")->value, expected.divergence));
                QVERIFY(isNear(drift.find("chi_square")->value, expected.chiSquare));
                QVERIFY(isNear(drift.find("cramers_v")->value,
                               std::sqrt(expected.chiSquare / static_cast<double>(drift.counts.rows + referenceOf(set, drift.column).counts.rows))));
                QCOMPARE(drift.appeared, expected.appeared);
                QCOMPARE(drift.vanished, expected.vanished);
                QVERIFY(!drift.find("ks"));
                continue;
            }
            std::vector<double> before;
            std::vector<double> now;
            for (const Row &row : reference)
                before.push_back(numberOf(row, drift.column));
            for (const Row &row : own)
                now.push_back(numberOf(row, drift.column));
            const NaiveNumbers expected = naiveNumbers(before, now);
            QVERIFY(isNear(drift.find("psi")->value, expected.psi));
            QVERIFY(isNear(drift.find("js_divergence")->value, expected.divergence));
            QVERIFY(isNear(drift.find("js_distance")->value, std::sqrt(drift.find("js_divergence")->value)));
            QVERIFY(isNear(drift.find("ks")->value, expected.ks));
            QVERIFY2(isNear(drift.find("wasserstein")->value, expected.wasserstein),
                     qPrintable(QStringLiteral("%1 and %2").arg(drift.find("wasserstein")->value, 0, 'g', 17).arg(expected.wasserstein, 0, 'g', 17)));
            const auto missing = static_cast<double>(std::ranges::count_if(now, [](double v) { return !std::isfinite(v); }));
            QCOMPARE(static_cast<double>(drift.counts.missing), missing);
            QCOMPARE(drift.find("missing_rate")->value, missing / static_cast<double>(now.size()));
            QCOMPARE(drift.find("missing_rate")->excluded, std::uint64_t(std::ranges::count_if(now, [](double v) { return std::isinf(v); })));
            QVERIFY(!drift.find("chi_square"));
        }
    }

private Q_SLOTS:
    void everyFigureAgreesWithTheDefinitions_data()
    {
        QTest::addColumn<QString>("window");
        QTest::addColumn<QString>("reference");
        QTest::newRow("a week") << QStringLiteral("week") << QStringLiteral("2025-01-13");
        QTest::newRow("some weeks") << QStringLiteral("week") << QStringLiteral("2025-01-06..2025-01-27");
        QTest::newRow("rolling") << QStringLiteral("3 weeks") << QStringLiteral("2025-02-03");
        QTest::newRow("rolling, some weeks") << QStringLiteral("2 weeks") << QStringLiteral("2025-02-03..2025-02-17");
        QTest::newRow("another log") << QStringLiteral("week") << QString();
        QTest::newRow("another log, no windows") << QStringLiteral("none") << QString();
        QTest::newRow("rows without a time") << QStringLiteral("week") << QStringLiteral("(no time)");
    }
    void everyFigureAgreesWithTheDefinitions()
    {
        QFETCH(QString, window);
        QFETCH(QString, reference);
        const auto rows = randomRows(3, 2'000);
        const auto other = randomRows(4, 1'500);
        const Parameters parameters = parametersFor(window.toStdString(), reference.toStdString());
        const bool isOther = reference.isEmpty();
        const auto set = drift(csv(rows), parameters, isOther ? std::optional(csv(other)) : std::nullopt);
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        QCOMPARE(set->referenceColumns.size(), 5U);
        QCOMPARE(set->referenceLog.has_value(), isOther);
        QVERIFY(set->cells.empty());
        // First and last day, the second not included, of the reference.
        const int length = parameters.window.length;
        Instant first{};
        Instant last{};
        if (!isOther && reference[0] != QLatin1Char('(')) {
            const auto dots = reference.indexOf(QStringLiteral(".."));
            first = *parseTime(reference.left(10).toStdString());
            last = dots < 0 ? first : *parseTime(reference.mid(dots + 2).toStdString());
            if (dots < 0)
                first -= std::chrono::days(7 * (length - 1));
            last += std::chrono::days(7);
        }
        const auto isReference = [&](const Row &row) {
            if (isOther)
                return false;
            if (first == Instant())
                return row.time.empty();
            return !row.time.empty() && *parseTime(row.time) >= first && *parseTime(row.time) < last;
        };
        std::vector<Row> before = other;
        if (!isOther) {
            before.clear();
            std::ranges::copy_if(rows, std::back_inserter(before), isReference);
        }
        compareAll(*set, before, [&](const ComputedDrift &drift) {
            std::vector<Row> own;
            for (const Row &row : rows) {
                const bool isIn = !drift.window            ? !isReference(row)
                                  : !drift.window->hasTime ? row.time.empty()
                                                           : !row.time.empty() && *parseTime(row.time) >= drift.window->start && *parseTime(row.time) < drift.window->end;
                if (isIn)
                    own.push_back(row);
            }
            return own;
        });
        // 120 days from Wednesday on touch 18 weeks; then there are rows without a time, and all rows.
        QCOMPARE(set->drifts.size(), 5U * (parameters.window.unit == scoretables::WindowUnit::None ? 1 : 18 + 1 + 1));
        QCOMPARE(std::ranges::count_if(set->drifts, &ComputedDrift::isReference) > 0, !isOther);
    }

    void theSameBytesForAnyOrderAndNumberOfThreads()
    {
        auto rows = randomRows(8, 6'000);
        const Parameters parameters = parametersFor("2 weeks", "2025-01-20");
        const auto other = csv(randomRows(9, 3'000));
        const auto one = drift(csv(rows), parameters, {}, 1);
        const auto oneOther = drift(csv(rows), parametersFor("month", ""), other, 1);
        QVERIFY(one.ok() && oneOther.ok());
        const Bytes expected = writeComputedRows(*one);
        QVERIFY(writeComputedRows(*drift(csv(rows), parameters, {}, 2)) == expected);
        QVERIFY(writeComputedRows(*drift(csv(rows), parameters, {}, 5)) == expected);
        SeededRandomness random(1);
        for (std::size_t i = rows.size(); i > 1; --i)
            std::swap(rows[i - 1], rows[random.next() % i]);
        QVERIFY(writeComputedRows(*drift(csv(rows), parameters, {}, 2)) == expected);
        QVERIFY(writeComputedRows(*drift(csv(rows), parametersFor("month", ""), other, 2)) == writeComputedRows(*oneOther));
    }

    void twiceTheRowsAreNoFurtherAway()
    {
        const auto rows = randomRows(12, 1'200);
        auto twice = rows;
        twice.insert(twice.end(), rows.begin(), rows.end());
        const auto once = drift(csv(rows), parametersFor("month", "2025-01"));
        const auto both = drift(csv(twice), parametersFor("month", "2025-01"));
        QVERIFY(once.ok() && both.ok());
        QCOMPARE(both->drifts.size(), once->drifts.size());
        for (std::size_t i = 0; i < once->drifts.size(); ++i) {
            const ComputedDrift &a = once->drifts[i];
            const ComputedDrift &b = both->drifts[i];
            QCOMPARE(b.counts.rows, 2 * a.counts.rows);
            for (const char *name : {"js_divergence", "ks", "wasserstein", "missing_rate_change", "cramers_v"})
                // Deciles of twice the values lie between other ones.
                if (const Figure *figure = a.find(name); figure && (name != std::string_view("js_divergence") || a.role == DriftRole::Category || a.column == "few"))
                    QVERIFY2(isNear(b.find(name)->value, figure->value), name);
            if (const Figure *chi = a.find("chi_square"))
                QVERIFY(isNear(b.find("chi_square")->value, 2 * chi->value));
            if (!a.isReference && a.pValue.value < 0.3)
                QVERIFY(b.pValue.value <= a.pValue.value);
        }
    }

    void aReferenceIsMarkedAndNothingFromItself()
    {
        const auto rows = randomRows(5, 900);
        const auto set = drift(csv(rows), parametersFor("month", "2025-02"));
        QVERIFY(set.ok());
        int marked = 0;
        for (const ComputedDrift &own : set->drifts) {
            QCOMPARE(own.isReference, own.window && own.window->name == "2025-02");
            QCOMPARE(own.adjustedPValue.has_value(), !own.isReference);
            if (!own.isReference)
                continue;
            ++marked;
            QVERIFY(own.counts == referenceOf(*set, own.column).counts);
            for (const auto &named : own.figures)
                if (named.name == "psi" || named.name == "js_distance" || named.name == "ks" || named.name == "wasserstein" || named.name == "chi_square"
                    || named.name == "missing_rate_change")
                    QCOMPARE(named.figure.value, 0.0);
            QCOMPARE(own.pValue.value, 1.0);
        }
        QCOMPARE(marked, 5);
    }

    void pValuesAreAdjustedOverColumnsAndWindows()
    {
        const auto set = drift(csv(randomRows(6, 2'500)), parametersFor("week", "2025-01-06..2025-01-20"));
        QVERIFY(set.ok());
        std::vector<double> all;
        for (const ComputedDrift &own : set->drifts)
            if (!own.isReference)
                all.push_back(own.pValue.value);
        QCOMPARE(all.size(), std::size_t(5 * (18 + 1 + 1 - 3)));
        const auto adjusted = metrics::benjaminiHochberg(all);
        std::size_t next = 0;
        for (const ComputedDrift &own : set->drifts)
            if (!own.isReference) {
                QVERIFY(*own.adjustedPValue >= own.pValue.value);
                QCOMPARE(*own.adjustedPValue, adjusted[next++]);
            }
    }

    void onlyTheColumnsAskedFor()
    {
        const auto rows = csv(randomRows(7, 400));
        const auto all = drift(rows, parametersFor("month", "2025-01"));
        const auto some = drift(rows, parametersFor("month", "2025-01"), {}, 2, mapping(), {"city", "s"});
        QVERIFY(all.ok() && some.ok());
        QCOMPARE(some->referenceColumns.size(), 2U);
        QCOMPARE(some->referenceColumns[0].column, std::string("city"));
        QVERIFY(at(*some, "city", "2025-02").figures == at(*all, "city", "2025-02").figures);
        QVERIFY(at(*some, "s", "2025-03").figures == at(*all, "s", "2025-03").figures);
        const auto unknown = drift(rows, parametersFor("month", "2025-01"), {}, 2, mapping(), {"income"});
        QVERIFY(!unknown.ok() && unknown.error().message.find("\"income\"") != std::string::npos);
    }

    void drawsTheLineSomewhere_data()
    {
        QTest::addColumn<QString>("window");
        QTest::addColumn<QString>("reference");
        QTest::addColumn<bool>("hasOther");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown window") << QStringLiteral("month") << QStringLiteral("2024-12") << false << QStringLiteral("There are 2025-01, 2025-02, 2025-03, 2025-04, (no time).");
        QTest::newRow("unknown end") << QStringLiteral("month") << QStringLiteral("2025-01..2026-01") << false << QStringLiteral("no window \"2026-01\"");
        QTest::newRow("many windows") << QStringLiteral("day") << QStringLiteral("yesterday") << false << QStringLiteral("and 109 more, the last (no time)");
        QTest::newRow("turned round") << QStringLiteral("month") << QStringLiteral("2025-03..2025-01") << false << QStringLiteral("ends before it begins");
        QTest::newRow("no windows") << QStringLiteral("none") << QStringLiteral("2025-01") << false << QStringLiteral("cut into windows");
        QTest::newRow("both") << QStringLiteral("month") << QStringLiteral("2025-01") << true << QStringLiteral("name one of them");
        QTest::newRow("neither") << QStringLiteral("month") << QString() << false << QStringLiteral("name one of them");
    }
    void drawsTheLineSomewhere()
    {
        QFETCH(QString, window);
        QFETCH(QString, reference);
        QFETCH(bool, hasOther);
        QFETCH(QString, says);
        auto rows = randomRows(7, 3'000);
        const auto set = drift(csv(rows), parametersFor(window.toStdString(), reference.toStdString()), hasOther ? std::optional(csv(rows)) : std::nullopt);
        QVERIFY(!set.ok());
        QCOMPARE(set.error().kind, ErrorKind::Invalid);
        QVERIFY2(QString::fromStdString(set.error().message).contains(says), set.error().text().c_str());
    }

    void aReferenceLogNeedsTheColumnsButNoTime()
    {
        const auto log = csv(randomRows(7, 300));
        const auto set = drift(log, parametersFor("month", ""), "s,amount,few,city,sex\n0.5,1,2,Bern,F\n0.25,3,2,Graz,M\n");
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        QCOMPARE(set->referenceLog->rows, 2U);
        QCOMPARE(referenceOf(*set, "s").counts.counts, (std::vector<double>{1, 1}));
        const auto without = drift(log, parametersFor("month", ""), "s,few,city,sex\n0.5,2,Bern,F\n");
        QVERIFY(!without.ok());
        QVERIFY(without.error().text().starts_with("reference") && without.error().message.find("\"amount\"") != std::string::npos);
    }

    void weightsAndTimesOfLabelsAreNotAskedOfTheReference()
    {
        // They stand between the score and the features; the reference has neither.
        predictions::Mapping columns = mapping();
        columns.label = "y";
        columns.labelValues = {{"1"}, {"0"}};
        const std::string rows = "y,s,amount,few,city,sex,t,known,w\n1,0.5,10,1,Bern,F,2025-01-01,2025-01-03,2\n0,0.25,20,2,Graz,M,2025-01-02,2025-01-05,1\n";
        const std::string other = "y,s,amount,few,city,sex\n0,0.5,30,1,Bern,F\n1,0.75,40,3,Oslo,F\n";
        const auto plain = drift(rows, parametersFor("none", ""), other, 2, columns);
        columns.weight = "w";
        columns.labelTime = "known";
        const auto weighted = drift(rows, parametersFor("none", ""), other, 2, columns);
        QVERIFY(plain.ok() && weighted.ok());
        QCOMPARE(at(*weighted, "amount").find("wasserstein")->value, 20.0);
        QCOMPARE(weighted->drifts.size(), plain->drifts.size());
        for (std::size_t d = 0; d < plain->drifts.size(); ++d)
            QVERIFY(weighted->drifts[d].figures == plain->drifts[d].figures);
    }

    void oddColumnsHaveReasonsAndNoNumbers()
    {
        // constant reference; all missing in the reference; all missing later; one category; nothing in common; infinities
        std::string log = "constant,absent,vanishing,single,apart,endless,t\n";
        for (int i = 0; i < 60; ++i)
            log += "5,," + std::to_string(i) + ",only," + (i % 2 ? "a" : "b") + "," + (i % 3 ? std::to_string(i) : "inf") + ",2025-01-10\n";
        for (int i = 0; i < 40; ++i)
            log += std::to_string(i) + "," + std::to_string(i) + ",,only," + (i % 2 ? "c" : "d") + "," + (i % 4 ? "-inf" : "3") + ",2025-02-10\n";
        predictions::Mapping columns;
        columns.time = "t";
        columns.features = {{"constant", true}, {"absent", true}, {"vanishing", true}, {"single", false}, {"apart", false}, {"endless", true}};
        const auto set = drift(log, parametersFor("month", "2025-01"), {}, 2, columns);
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        const auto find = [&](const char *column, const char *name) { return *at(*set, column, "2025-02").find(name); };
        QCOMPARE(find("constant", "psi").reason, Reason::OneBin);
        QCOMPARE(find("constant", "ks").value, 0.85); // 34 of 40 are above 5; 5 are below
        QCOMPARE(find("constant", "wasserstein").value, (15.0 + 34 * 35 / 2.0) / 40);
        QVERIFY(find("constant", "js_divergence").value > 0.8);
        for (const char *name : {"psi", "js_divergence", "js_distance", "ks", "wasserstein"}) {
            QCOMPARE(find("absent", name).reason, Reason::EmptySample);
            QCOMPARE(find("vanishing", name).reason, Reason::EmptySample);
        }
        QCOMPARE(at(*set, "absent", "2025-02").pValue.reason, Reason::EmptySample);
        QVERIFY(!at(*set, "absent", "2025-02").adjustedPValue);
        QCOMPARE(find("absent", "missing_rate_change").value, -1.0);
        QCOMPARE(find("vanishing", "missing_rate_change").value, 1.0);
        QVERIFY(find("vanishing", "missing_rate_change").interval);
        QVERIFY(find("vanishing", "missing_rate_change_p").value < 1e-10);
        QCOMPARE(find("single", "psi").reason, Reason::OneBin);
        QCOMPARE(find("single", "chi_square").reason, Reason::OneCategory);
        QCOMPARE(find("single", "js_divergence").value, 0.0);
        QCOMPARE(find("apart", "js_divergence").value, 1.0);
        QCOMPARE(find("apart", "cramers_v").value, 1.0);
        QCOMPARE(at(*set, "apart", "2025-02").appeared, 2);
        QCOMPARE(at(*set, "apart", "2025-02").vanished, 2);
        QCOMPARE(referenceOf(*set, "apart").categories, (std::vector<std::string>{"a", "b", "c", "d"}));
        QCOMPARE(at(*set, "endless", "2025-02").counts.rows, 10U);
        QCOMPARE(find("endless", "missing_rate").value, 0.75);
        QCOMPARE(find("endless", "missing_rate").excluded, 30U);
        QVERIFY(std::isfinite(find("endless", "wasserstein").value));
        for (const ComputedDrift &own : set->drifts)
            for (const auto &named : own.figures)
                QVERIFY(std::isfinite(named.figure.value));
    }

    void aLogOfTheReferenceAloneHasNothingElse()
    {
        const auto set = drift("s,amount,few,city,sex,t\n0.5,1,2,Bern,F,2025-01-03\n0.25,3,2,Graz,M,2025-01-04\n", parametersFor("month", "2025-01"));
        QVERIFY(set.ok());
        QCOMPARE(at(*set, "s").counts.rows, 0U);
        QCOMPARE(at(*set, "s").find("psi")->reason, Reason::EmptySample);
        QCOMPARE(at(*set, "s", "2025-01").find("psi")->value, 0.0);
        const auto nobody = drift("s,amount,few,city,sex,t\n", parametersFor("month", ""), "s,amount,few,city,sex\n");
        QVERIFY(nobody.ok());
        QCOMPARE(nobody->drifts.size(), 5U);
        QCOMPARE(at(*nobody, "city").find("chi_square")->reason, Reason::EmptySample);
    }

    void manyCategoriesKeepTheFrequentOnes()
    {
        std::string log = "id,t\n";
        for (int i = 0; i < 1'500; ++i) { // every value once in the reference, but the last ten of them twice
            log += "v" + std::to_string(10'000 + i) + ",2025-01-10\n";
            log += i >= 1'490 ? "v" + std::to_string(10'000 + i) + ",2025-01-11\n" : std::string();
            log += "w" + std::to_string(i % 3) + ",2025-02-10\n";
        }
        predictions::Mapping columns;
        columns.time = "t";
        columns.features = {{"id", false}};
        const auto set = drift(log, parametersFor("month", "2025-01"), {}, 2, columns);
        QVERIFY(set.ok());
        const ReferenceColumn &reference = referenceOf(*set, "id");
        QCOMPARE(reference.categories.size(), kMostCategories);
        QCOMPARE(reference.categories.back(), std::string("(all others)"));
        QCOMPARE(reference.categories[kMostCategories - 2], std::string("v11499"));
        QCOMPARE(reference.counts.counts[kMostCategories - 2], 2.0);
        QCOMPARE(reference.counts.counts.back(), 1500.0 - 999);
        QCOMPARE(at(*set, "id", "2025-02").counts.counts.back(), 1500.0);
        QCOMPARE(reference.counts.rows, 1510U);
    }

    void everyTaskHasItsColumns()
    {
        predictions::Mapping binary;
        binary.label = "y";
        binary.labelValues = {{"yes"}, {"no"}};
        binary.prediction = "d";
        binary.predictionValues = {{"1"}, {"0"}};
        binary.score = "s";
        const auto set = drift("y,d,s\nyes,1,0.7\nno,0,0.2\n,1,0.6\n", parametersFor("none", ""), "y,d,s\nno,0,0.1\nno,1,0.9\n", 2, binary);
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        QCOMPARE(set->drifts.size(), 3U);
        QCOMPARE(at(*set, "s").role, DriftRole::Score);
        QCOMPARE(at(*set, "s").counts.rows, 3U); // a row without a label has a score
        QCOMPARE(referenceOf(*set, "y").categories, (std::vector<std::string>{"no", "yes"}));
        QCOMPARE(at(*set, "y").counts.counts, (std::vector<double>{1, 1}));
        QCOMPARE(at(*set, "y").counts.missing, 1U);
        QCOMPARE(at(*set, "d").counts.counts, (std::vector<double>{1, 2}));

        predictions::Mapping classes;
        classes.task = predictions::Task::Multiclass;
        classes.label = "y";
        classes.prediction = "d";
        classes.classScores = {{"low", "p_low"}};
        const auto several = drift("y,d,p_low\nlow,high,0.4\nmid,low,0.5\n", parametersFor("none", ""), "y,d,p_low\nlow,low,0.9\n", 2, classes);
        QVERIFY2(several.ok(), several.ok() ? "" : several.error().text().c_str());
        QCOMPARE(several->drifts.size(), 3U);
        QCOMPARE(at(*several, "p_low").role, DriftRole::Score);
        QCOMPARE(at(*several, "d").appeared, 1);
        QCOMPARE(referenceOf(*several, "y").categories, (std::vector<std::string>{"high", "low", "mid"}));

        predictions::Mapping amounts;
        amounts.task = predictions::Task::Regression;
        amounts.label = "y";
        amounts.prediction = "d";
        const auto regression = drift("y,d\n1,2\n3,5\n", parametersFor("none", ""), "y,d\n1,2\n2,2\n", 2, amounts);
        QVERIFY2(regression.ok(), regression.ok() ? "" : regression.error().text().c_str());
        QCOMPARE(at(*regression, "d").role, DriftRole::Score);
        QCOMPARE(at(*regression, "y").role, DriftRole::Score);
        QCOMPARE(at(*regression, "y").find("ks")->value, 0.5);
    }

    void computingALogComputesItsDrift()
    {
        const auto rows = csv(randomRows(2, 500));
        QTemporaryDir dir;
        const auto open = [&](const char *name) { return std::move(*predictions::LogReader::open(tables::write(dir, rows, name))); };
        const auto set = computeLog(open("a.csv"), mapping(), parametersFor("month", "2025-01"));
        QVERIFY(set.ok());
        QVERIFY(!set->cells.empty());
        QCOMPARE(set->drifts.size(), 5U * 6);
        QVERIFY(at(*set, "s", "2025-03").figures == at(*drift(rows, parametersFor("month", "2025-01")), "s", "2025-03").figures);
        const auto other = computeLog(open("a.csv"), mapping(), parametersFor("month", ""), {}, {}, open("b.csv"));
        QVERIFY(other.ok());
        QVERIFY(other->referenceLog && other->referenceLog->digest == other->log.digest);
        QCOMPARE(at(*other, "amount").find("psi")->value, 0.0);
        QVERIFY(computeLog(open("a.csv"), mapping(), parametersFor("month", ""))->drifts.empty());
        const auto unknown = computeBounded(open("a.csv"), mapping(), parametersFor("month", "1999-01"));
        QVERIFY(!unknown.ok() && unknown.error().kind == ErrorKind::Invalid);
    }

    void passingRowsGiveTheSameDrift_data()
    {
        QTest::addColumn<QString>("window");
        QTest::addColumn<QString>("reference");
        QTest::newRow("month") << QStringLiteral("month") << QStringLiteral("2025-01");
        QTest::newRow("months") << QStringLiteral("month") << QStringLiteral("2025-01..2025-03");
        QTest::newRow("rolling") << QStringLiteral("3 weeks") << QStringLiteral("2025-02-03");
        QTest::newRow("day") << QStringLiteral("day") << QStringLiteral("2025-01-02..2025-01-20");
        QTest::newRow("rows without a time") << QStringLiteral("week") << QStringLiteral("(no time)");
        QTest::newRow("another log") << QStringLiteral("month") << QString();
        QTest::newRow("another log, no windows") << QStringLiteral("none") << QString();
    }
    void passingRowsGiveTheSameDrift()
    {
        QFETCH(QString, window);
        QFETCH(QString, reference);
        const std::string rows = csv(randomRows(33, 9'000));
        const Parameters parameters = parametersFor(window.toStdString(), reference.toStdString());
        QTemporaryDir dir;
        const auto path = tables::write(dir, rows);
        const auto other = tables::write(dir, csv(randomRows(34, 4'000)) + "0.5,1,2,Zug,X,2025-01-01\n", "other.csv");
        const auto openOther = [&]() -> std::optional<predictions::LogReader> {
            if (!parameters.reference.empty())
                return {};
            return *predictions::LogReader::open(other);
        };
        const auto kept = computeLog(*predictions::LogReader::open(path), mapping(), parameters, {}, {}, openOther());
        const auto passed = computeBounded(*predictions::LogReader::open(path), mapping(), parameters, {}, 0, {}, openOther());
        QVERIFY2(kept.ok() && passed.ok(), passed.ok() ? "" : passed.error().text().c_str());
        QCOMPARE(passed->referenceLog.has_value(), parameters.reference.empty());
        QVERIFY(!passed->referenceLog || (passed->referenceLog->rows == 4'001 && passed->referenceLog->digest == kept->referenceLog->digest));
        QVERIFY2(passed->notes.empty(), passed->notes.empty() ? "" : passed->notes.front().c_str());
        QCOMPARE(passed->drifts.size(), kept->drifts.size());
        QCOMPARE(passed->referenceColumns.size(), kept->referenceColumns.size());
        for (std::size_t c = 0; c < kept->referenceColumns.size(); ++c) {
            const ReferenceColumn &real = kept->referenceColumns[c];
            const ReferenceColumn &own = passed->referenceColumns[c];
            QCOMPARE(own.column, real.column);
            QVERIFY(own.role == real.role && own.counts == real.counts && own.categories == real.categories);
            QVERIFY(own.edges.inner == real.edges.inner && own.edges.lowest == real.edges.lowest && own.edges.highest == real.edges.highest);
            QCOMPARE(own.edges.isPerValue, real.edges.isPerValue);
        }
        for (std::size_t d = 0; d < kept->drifts.size(); ++d) {
            const ComputedDrift &real = kept->drifts[d];
            const ComputedDrift &own = passed->drifts[d];
            QCOMPARE(own.column, real.column);
            QVERIFY(own.window == real.window && own.isReference == real.isReference && own.counts == real.counts && own.pValue == real.pValue);
            QVERIFY(own.adjustedPValue == real.adjustedPValue && own.isLowExpected == real.isLowExpected && own.appeared == real.appeared && own.vanished == real.vanished);
            QCOMPARE(own.figures.size(), real.figures.size());
            for (std::size_t f = 0; f < real.figures.size(); ++f) {
                if (real.figures[f].name != "wasserstein") {
                    QVERIFY2(own.figures[f] == real.figures[f], (own.column + " " + own.figures[f].name).c_str());
                    continue;
                }
                QCOMPARE(own.figures[f].figure.reason, real.figures[f].figure.reason);
                QVERIFY(tables::isNear(own.figures[f].figure.value, real.figures[f].figure.value, 1e-11));
            }
        }
    }

    void whatIsTooMuchForPassingRowsIsRounded_data()
    {
        QTest::addColumn<bool>("isOther");
        QTest::newRow("window") << false;
        QTest::newRow("another log") << true;
    }
    void whatIsTooMuchForPassingRowsIsRounded()
    {
        QFETCH(bool, isOther);
        const auto rowsOf = [](std::uint64_t seed, int count, double shift) {
            SeededRandomness random(seed);
            std::string rows = "s,amount,few,city,sex,t\n";
            for (int i = 0; i < count; ++i) {
                const int when = static_cast<int>(random.next() % 60);
                const double amount = std::exp(12 * random.unit()) - 400 + shift * when;
                rows += "0." + std::to_string(i % 97) + "," + (i % 500 == 0 ? "1e12" : number::shortest(amount)) + ",1,c" + std::to_string(random.next() % 1500) + ",F," + day(when) + "\n";
            }
            return rows;
        };
        QTemporaryDir dir;
        const auto path = tables::write(dir, rowsOf(51, 150'000, 3));
        const auto other = tables::write(dir, rowsOf(52, 120'000, 0), "other.csv");
        const Parameters parameters = parametersFor("month", isOther ? "" : "2025-01");
        const auto openOther = [&]() -> std::optional<predictions::LogReader> {
            if (!isOther)
                return {};
            return *predictions::LogReader::open(other);
        };
        const auto exact = computeLog(*predictions::LogReader::open(path), mapping(), parameters, {}, {}, openOther());
        const auto set = computeBounded(*predictions::LogReader::open(path), mapping(), parameters, {}, 0, {}, openOther());
        QVERIFY2(exact.ok() && set.ok(), set.ok() ? "" : set.error().text().c_str());
        QCOMPARE(set->notes.size(), 1U);
        QVERIFY2(set->notes[0].starts_with("The column \"amount\" has more different values") && set->notes[0].find("multiples of 0.0625:") != std::string::npos, set->notes[0].c_str());
        QCOMPARE(set->drifts.size(), exact->drifts.size());
        for (std::size_t d = 0; d < exact->drifts.size(); ++d) {
            const ComputedDrift &real = exact->drifts[d];
            const ComputedDrift &own = set->drifts[d];
            QVERIFY(own.column == real.column && own.window == real.window && own.counts.rows == real.counts.rows && own.counts.missing == real.counts.missing);
            QVERIFY(own.column == "amount" || own.counts == real.counts); // the most frequent cities are the same ones
            for (std::size_t f = 0; f < real.figures.size(); ++f) {
                const NamedFigure &named = own.figures[f];
                const bool isBounded = own.column == "amount" && (named.name == "ks" || named.name == "wasserstein");
                QCOMPARE(named.bound.has_value(), isBounded);
                const double apart = std::fabs(named.figure.value - real.figures[f].figure.value);
                if (isBounded)
                    QVERIFY2(apart <= *named.bound + 1e-12 * std::max(1.0, std::fabs(named.figure.value)), named.name.c_str());
                else if (own.column != "amount")
                    QVERIFY2(apart <= 1e-9 * std::max(1.0, std::fabs(named.figure.value)), named.name.c_str());
                else if (named.name == "psi")
                    QVERIFY(apart < 0.01); // of bins that begin less than 0.0625 lower
            }
            QVERIFY(own.column != "amount" || *own.figures[3].bound < 0.02);
        }
        const ReferenceColumn &reference = referenceOf(*set, "amount");
        QCOMPARE(reference.edges.bins(), 10);
        for (const double edge : reference.edges.inner)
            QCOMPARE(edge * 16, std::floor(edge * 16));
        // Whatever thread got what.
        predictions::ReadOptions options;
        options.threads = 3;
        const auto three = computeBounded(*predictions::LogReader::open(path), mapping(), parameters, options, 0, {}, openOther());
        QVERIFY(three.ok());
        QVERIFY(three->notes == set->notes);
        for (std::size_t d = 0; d < set->drifts.size(); ++d)
            QVERIFY(three->drifts[d].figures == set->drifts[d].figures && three->drifts[d].counts == set->drifts[d].counts);
    }

    void whatIsTooMuchForPassingRowsIsNamed()
    {
        std::string rows = "s,amount,few,city,sex,t\n";
        for (int i = 0; i < 210'000; ++i)
            rows += "0.5,1,1,c" + std::to_string(i) + ",F," + day(i % 60) + "\n";
        QTemporaryDir dir;
        const auto set = computeBounded(*predictions::LogReader::open(tables::write(dir, rows)), mapping(), parametersFor("month", "2025-01"));
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        QCOMPARE(set->notes.size(), 1U);
        QVERIFY2(set->notes[0].find("\"city\"") != std::string::npos, set->notes[0].c_str());
        QCOMPARE(set->referenceColumns.size(), 4U); // score, amount, few, sex
    }

    void whatThePeersFound();
};

// ---- ../shared/data

namespace {

const std::filesystem::path kShared = COUNTERSIGN_SHARED_DATA;

double real(const json::Value &value)
{
    if (const auto number = value.real())
        return *number;
    return value.string() && *value.string() == "inf" ? std::numeric_limits<double>::infinity() : std::nan("");
}

bool agrees(const Figure &figure, double expected, double relative = 1e-12, double absolute = 1e-14)
{
    if (std::isnan(expected))
        return !figure.isDefined();
    return figure.isDefined() && std::fabs(figure.value - expected) <= absolute + relative * std::fabs(expected);
}

/// A log under ../shared with the columns that have golden values; time as given.
ComputedSet sharedDrift(const char *file, const char *time, std::vector<predictions::FeatureMapping> features, const char *window, const std::string &reference)
{
    predictions::Mapping columns;
    columns.time = time;
    columns.features = std::move(features);
    auto reader = predictions::LogReader::open(kShared / "logs" / file);
    if (!reader)
        qFatal("%s", reader.error().text().c_str());
    auto set = computeDrift(*std::move(reader), {}, columns, parametersFor(window, reference));
    if (!set)
        qFatal("%s", set.error().text().c_str());
    return *std::move(set);
}

} // namespace

/// Golden values of california (the reference is the first eight months) and employment (2015), through the whole path from file to set.
void DriftsTest::whatThePeersFound()
{
    if (!std::filesystem::exists(kShared / "golden" / "drift.json")) {
        qInfo("no ../shared/data: compared with data of its own only");
        return;
    }
    const ComputedSet california = sharedDrift(
        "california_housing_log.csv", "timestamp",
        {{"y_pred_proba", true}, {"MedInc", true}, {"HouseAge", true}, {"AveRooms", true}, {"Population", true}, {"Latitude", true}, {"y_pred", false}}, "month",
        "2020-10..2021-05");
    const ComputedSet employment = sharedDrift("employment_ma.csv.gz", "year",
                                               {{"score", true}, {"age", true}, {"race", false}, {"sex", false}, {"schl", false}, {"y_pred", false}}, "quarter", "2015-Q1");
    QFile file(QString::fromStdString((kShared / "golden" / "drift.json").string()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto golden = json::parse(file.readAll().toStdString(), {.depth = 32, .bytes = 64U << 20, .members = 10'000'000});
    QVERIFY(golden.ok());
    int compared = 0;
    for (const json::Value &item : *golden->object()->find("cases")->array()) {
        const std::string id = *item.object()->find("id")->string();
        const bool isCalifornia = id.starts_with("california");
        if (!isCalifornia && !id.starts_with("employment"))
            continue;
        const ComputedSet &set = isCalifornia ? california : employment;
        const std::string column = id.substr(id.find('.') + 1, id.rfind('.') - id.find('.') - 1);
        const std::string part = id.substr(id.rfind('.') + 1);
        const ComputedDrift &own = at(set, column, part == "all" ? std::string() : isCalifornia ? part : part + "-Q1");
        const json::Object &expected = *item.object()->find("metrics")->object();
        const auto number = [&](const char *name) { return real(*expected.find(name)); };
        QCOMPARE(static_cast<double>(own.counts.rows + own.counts.missing), number("n_cur"));
        QVERIFY2(agrees(*own.find("missing_rate"), number("missing_rate_cur")), id.c_str());
        if (own.role == DriftRole::Category) {
            const json::Object &chi = *expected.find("chi2_contingency")->object();
            QVERIFY2(agrees(*own.find("psi"), real(*expected.find("psi")->object()->find("value"))), id.c_str());
            QVERIFY2(agrees(*own.find("js_divergence"), number("js_divergence_base2"), 1e-11), id.c_str());
            QVERIFY2(agrees(*own.find("chi_square"), real(*chi.find("statistic")), 1e-11), id.c_str());
            QVERIFY2(agrees(own.pValue, real(*chi.find("p")), 1e-9, 1e-300), id.c_str());
            QVERIFY2(agrees(*own.find("cramers_v"), number("cramers_v"), 1e-11), id.c_str());
            QCOMPARE(own.appeared, static_cast<int>(expected.find("new_categories")->array()->size()));
            QCOMPARE(own.vanished, static_cast<int>(expected.find("vanished_categories")->array()->size()));
        } else {
            QVERIFY2(agrees(*own.find("ks"), number("ks_statistic")), id.c_str());
            QVERIFY2(agrees(own.pValue, number("ks_p_asymptotic"), 1e-8, 1e-16), id.c_str());
            QVERIFY2(agrees(*own.find("wasserstein"), number("wasserstein_1")), id.c_str());
            QVERIFY2(agrees(*own.find("psi"), real(*expected.find("psi_quantile_10")->object()->find("value"))), id.c_str());
            const auto &reference = referenceOf(set, column).counts;
            QVERIFY2(agrees(metrics::jensenShannonDivergence(reference.counts, own.counts.counts), number("js_divergence_base2_on_psi_bins_quantile_10"), 1e-11), id.c_str());
        }
        ++compared;
    }
    QCOMPARE(compared, 6 + 12 * 4 + 3 * 6);
}

QTEST_GUILESS_MAIN(DriftsTest)
#include "tst_drifts.moc"
