#include "models/computed/record/computedreader.h"
#include "models/computed/record/recompute.h"
#include "models/crypto/sha256.h"
#include "models/predictions/mapping/guess.h"
#include "sets.h"

using namespace countersign;
using namespace countersign::computed;

namespace {

Parameters windowed()
{
    Parameters parameters;
    parameters.window.unit = scoretables::WindowUnit::Week;
    parameters.depth = 2;
    parameters.windowDepth = 1;
    parameters.bootstrapDraws = 100;
    parameters.references = {{"a", "y"}};
    return parameters;
}

/// A −0 of the computing is a 0 in JSON.
double plain(double value) { return value == 0 ? 0.0 : value; }

bool isSameNumber(double a, double b) { return std::bit_cast<std::uint64_t>(plain(a)) == std::bit_cast<std::uint64_t>(plain(b)); }

bool isSameFigure(const metrics::Figure &a, const metrics::Figure &b)
{
    const bool isSameInterval = a.interval.has_value() == b.interval.has_value()
                                && (!a.interval
                                    || (isSameNumber(a.interval->lower, b.interval->lower) && isSameNumber(a.interval->upper, b.interval->upper)
                                        && a.interval->method == b.interval->method && isSameNumber(a.interval->level, b.interval->level)));
    return isSameNumber(a.value, b.value) && a.reason == b.reason && a.n == b.n && isSameNumber(a.part, b.part) && isSameNumber(a.whole, b.whole)
           && a.excluded == b.excluded && a.at.has_value() == b.at.has_value() && isSameNumber(a.at.value_or(0), b.at.value_or(0)) && isSameInterval;
}

void verifySameFigures(const std::vector<NamedFigure> &a, const std::vector<NamedFigure> &b)
{
    QCOMPARE(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        QCOMPARE(a[i].name, b[i].name);
        QVERIFY2(isSameFigure(a[i].figure, b[i].figure), a[i].name.c_str());
        QCOMPARE(a[i].bound, b[i].bound);
    }
}

/// Member by member, in the order of both.
void verifySameSets(const ComputedSet &a, const ComputedSet &b)
{
    Parameters parameters = a.parameters;
    parameters.threads = b.parameters.threads; // changes no figure, and is not written
    QVERIFY(parameters == b.parameters);
    QVERIFY(a.mapping == b.mapping);
    QVERIFY(a.log.rejects == b.log.rejects);
    QCOMPARE(a.log.digest.text(), b.log.digest.text());
    QVERIFY(a.log.dialect == b.log.dialect && a.log.firstTime == b.log.firstTime && a.log.lastTime == b.log.lastTime && a.log.hasTimes == b.log.hasTimes);
    QVERIFY(a.isThresholdApplied == b.isThresholdApplied && a.threshold == b.threshold && a.scoreStep == b.scoreStep && a.uncertainRows == b.uncertainRows
            && a.smallestGroup == b.smallestGroup && a.classes == b.classes && a.engineVersion == b.engineVersion);
    QCOMPARE(a.cells.size(), b.cells.size());
    for (std::size_t i = 0; i < a.cells.size(); ++i) {
        QVERIFY(a.cells[i].window == b.cells[i].window);
        QVERIFY(a.cells[i].group == b.cells[i].group);
        QVERIFY(a.cells[i].counts == b.cells[i].counts);
        QVERIFY(a.cells[i].confusion == b.cells[i].confusion);
        QVERIFY(a.cells[i].leftOut == b.cells[i].leftOut);
        QCOMPARE(a.cells[i].n, b.cells[i].n);
        verifySameFigures(a.cells[i].metrics, b.cells[i].metrics);
    }
    QCOMPARE(a.disparities.size(), b.disparities.size());
    for (std::size_t i = 0; i < a.disparities.size(); ++i) {
        QVERIFY(isSameFigure(a.disparities[i].figure, b.disparities[i].figure));
        QVERIFY(a.disparities[i].highest == b.disparities[i].highest && a.disparities[i].attributes == b.disparities[i].attributes
                && a.disparities[i].used == b.disparities[i].used);
    }
    QCOMPARE(a.comparisons.size(), b.comparisons.size());
    for (std::size_t i = 0; i < a.comparisons.size(); ++i) {
        QVERIFY(a.comparisons[i].reference == b.comparisons[i].reference);
        QCOMPARE(a.comparisons[i].pairs.size(), b.comparisons[i].pairs.size());
        for (std::size_t p = 0; p < a.comparisons[i].pairs.size(); ++p) {
            const Pairwise &one = a.comparisons[i].pairs[p];
            const Pairwise &other = b.comparisons[i].pairs[p];
            QVERIFY(one.group == other.group && isSameFigure(one.difference, other.difference) && isSameFigure(one.ratio, other.ratio)
                    && isSameFigure(one.pValue, other.pValue) && one.adjustedPValue == other.adjustedPValue);
        }
    }
    QCOMPARE(a.drifts.size(), b.drifts.size());
    for (std::size_t i = 0; i < a.drifts.size(); ++i) {
        QVERIFY(a.drifts[i].column == b.drifts[i].column && a.drifts[i].window == b.drifts[i].window && a.drifts[i].counts == b.drifts[i].counts
                && a.drifts[i].isReference == b.drifts[i].isReference && isSameFigure(a.drifts[i].pValue, b.drifts[i].pValue));
        verifySameFigures(a.drifts[i].figures, b.drifts[i].figures);
    }
}

void verifyRoundTrip(const ComputedSet &set)
{
    const Bytes text = writeComputed(set);
    Digest rows;
    const auto read = readComputed(text, &rows);
    QVERIFY2(read.ok(), read.ok() ? "" : read.error().text().c_str());
    QCOMPARE(rows.text(), crypto::sha256(writeComputedRows(set)).text());
    verifySameSets(set, *read);
    QVERIFY(writeComputed(*read) == text);
    QVERIFY(writeComputedRows(*read) == writeComputedRows(set));
}

/// Every member of a set that a log of two outcomes does not fill by itself.
ComputedSet withEverything(ComputedSet set)
{
    const auto figure = [](double value) {
        metrics::Figure made = metrics::Figure::of(value, 17);
        made.part = 3;
        made.whole = 17;
        made.excluded = 2;
        made.at = 0.1 + 0.2;
        made.interval = metrics::Interval{-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity(), 0.9, metrics::IntervalMethod::Katz};
        return made;
    };
    set.referenceLog = set.log;
    set.referenceLog->name = "an other log.csv";
    ReferenceColumn income;
    income.column = "income";
    income.edges = {{-std::numeric_limits<double>::infinity(), 0.1, 1e300}, -std::numeric_limits<double>::infinity(), 7.25, true};
    income.counts = metrics::BinCounts(4);
    income.counts.counts = {1, 2.5, 3, 4};
    income.counts.rows = 10;
    ReferenceColumn state;
    state.column = "state \"x\"";
    state.role = DriftRole::Category;
    state.categories = {"b", "a", "ü"};
    state.counts = metrics::BinCounts(3);
    set.referenceColumns = {income, state};
    ComputedDrift drift;
    drift.column = "income";
    drift.counts = income.counts;
    drift.figures = {{"psi", figure(0.25), {}}, {"ks", metrics::Figure::undefined(metrics::Reason::EmptySample, 3), 0.5}};
    drift.pValue = figure(1e-300);
    drift.adjustedPValue = 2e-300;
    ComputedDrift categories;
    categories.window = ComputedWindow{fromMillis(0), fromMillis(86'400'000), "1970-01-01", true};
    categories.isReference = true;
    categories.column = "state \"x\"";
    categories.role = DriftRole::Category;
    categories.counts = state.counts;
    categories.figures = {{"cramers_v", figure(0.5), {}}, {"psi", figure(0.25), {}}};
    categories.isLowExpected = true;
    categories.appeared = 1;
    categories.vanished = 2;
    set.drifts = {drift, categories};
    ComputedImpact impact;
    impact.attributes = {"a"};
    impact.isScored = true;
    impact.median = figure(0.5);
    impact.rows = {{{{"a", "x"}}, {figure(0.25), figure(1), metrics::Figure::undefined(metrics::Reason::TooFewRows, 1), 0.125, true}}};
    impact.applicants = 1000;
    impact.unknown = 3;
    set.impacts = {impact};
    set.worst = {{{{"a", "x"}, {"b", "q"}}, "accuracy", figure(0.5), figure(-0.25), figure(0.001), 0.01}};
    set.slicesSearched = 12;
    set.parameters.reference = "2025-01-06..2025-01-27";
    set.parameters.worstMetric = "accuracy";
    set.parameters.worstCount = 3;
    set.parameters.worstDepth = 4;
    set.parameters.seed = 0xFFFF'FFFF'FFFF'FFFFULL;
    return set;
}

/// The text with the first `what` replaced.
Bytes altered(Bytes text, const std::string &what, const std::string &by)
{
    const std::size_t at = text.find(what);
    if (at != Bytes::npos)
        text.replace(at, what.size(), by);
    return text;
}

} // namespace

class RecomputeTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void setsComeBackWithEveryBit_data()
    {
        QTest::addColumn<bool>("isWeighted");
        QTest::addColumn<int>("convention");
        QTest::addColumn<QString>("window");
        QTest::addColumn<double>("threshold");
        QTest::newRow("plain") << false << 0 << QString() << -1.0;
        QTest::newRow("weighted, by week") << true << 0 << QStringLiteral("week") << 0.3;
        QTest::newRow("as Fairlearn, by month") << false << 1 << QStringLiteral("month") << 0.7;
        QTest::newRow("as AIF360, rolling") << true << 2 << QStringLiteral("3 weeks") << -1.0;
    }

    void setsComeBackWithEveryBit()
    {
        QFETCH(bool, isWeighted);
        QFETCH(int, convention);
        QFETCH(QString, window);
        QFETCH(double, threshold);
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            Parameters parameters = windowed();
            parameters.window = *scoretables::parseWindowSpec(window.toStdString());
            parameters.options.convention = static_cast<metrics::Convention>(convention);
            if (threshold >= 0)
                parameters.threshold = threshold;
            if (seed == 2)
                parameters.smallestGroup = 5;
            if (seed == 3)
                parameters.families = {{{"b", "a"}, true}, {{"b"}, false}};
            // Few rows, so that a great deal is undefined.
            const auto set = tables::compute(tables::csv(tables::randomRows(seed, seed == 2 ? 40 : 200, 2)) + "1,0.5\nx,0.5,x,p,,1\n", tables::mapping(isWeighted), parameters);
            QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
            QCOMPARE(set->log.rejects.total, std::uint64_t(2));
            verifyRoundTrip(seed == 1 ? withEverything(*set) : *set);
        }
    }

    void realLogsComeBackWithEveryBit()
    {
        const std::filesystem::path folder = std::filesystem::path(COUNTERSIGN_SHARED_DATA) / "logs";
        std::error_code trouble;
        for (const auto &entry : std::filesystem::directory_iterator(folder, trouble)) {
            auto reader = predictions::LogReader::open(entry.path());
            QVERIFY(reader.ok());
            const auto mapping = predictions::guessMapping(reader->sample()).mapping;
            QVERIFY2(mapping.check().ok(), entry.path().c_str());
            const auto set = computeLog(*std::move(reader), mapping, {});
            QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
            verifyRoundTrip(*set);
            const auto again = recompute(*set, entry.path());
            QVERIFY2(again.ok() && again->isEqual(), entry.path().c_str());
        }
    }

    void classesAndAmountsComeBack()
    {
        std::string csv = "y,p,a\n";
        for (int i = 0; i < 60; ++i)
            csv += std::string(i % 3 == 0 ? "cat" : i % 3 == 1 ? "dog" : "a \"bird\"") .append(i % 5 == 0 ? ",cat," : ",dog,").append(i % 2 ? "x\n" : "y\n");
        predictions::Mapping mapping;
        mapping.task = predictions::Task::Multiclass;
        mapping.label = "y";
        mapping.prediction = "p";
        mapping.attributes = {{"a", "a", {}}};
        csv = altered(csv, "a \"bird\"", "\"a \"\"bird\"\"\"");
        const auto classes = tables::compute(csv, mapping, {});
        QVERIFY2(classes.ok(), classes.ok() ? "" : classes.error().text().c_str());
        verifyRoundTrip(*classes);
        std::string amounts = "y,p,a\n";
        for (int i = 0; i < 60; ++i)
            amounts += std::to_string(i * 0.37) + "," + std::to_string(i * 0.35 + 1) + "," + (i % 2 ? "x" : "y") + "\n";
        mapping.task = predictions::Task::Regression;
        const auto numbers = tables::compute(amounts, mapping, {});
        QVERIFY(numbers.ok());
        verifyRoundTrip(*numbers);
    }

    void strangersAreRefusedWithTheirPath_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("by");
        QTest::addColumn<QString>("path");
        QTest::newRow("an unknown member of a figure") << R"("auc":{)" << R"("auc":{"a":1,)" << "$.cells[0].metrics.auc.a";
        QTest::newRow("an unknown member at the top") << R"({"cells")" << R"({"a":1,"cells")" << "$.a";
        QTest::newRow("a missing member") << QStringLiteral(R"("engine":%1,)").arg(kEngineVersion) << "" << "$.engine";
        QTest::newRow("a text for a number") << R"("n":)" << R"("n":"x","m":)" << "$.cells[0]";
        QTest::newRow("a metric without a place") << R"("auc":{)" << R"("auk":{)" << "$.cells[0].metrics.auk";
        QTest::newRow("an attribute that the mapping lacks") << R"("group":{"a":)" << R"("group":{"c":)" << "$.cells";
        QTest::newRow("a value with a reason") << R"("reason":null)" << R"("reason":"no_rows")" << "$.cells[0].metrics";
        QTest::newRow("a reason that is not one") << R"("reason":null)" << R"("reason":"bad_luck")" << "$.cells[0].metrics";
        QTest::newRow("another schema") << "countersign-metrics-1" << "countersign-metrics-2" << "$.schema";
        QTest::newRow("white space") << R"({"cells":)" << R"({ "cells":)" << "$";
        QTest::newRow("another spelling of a number") << R"("level":0.95)" << R"("level":0.950)" << "$";
        QTest::newRow("a number for true or false") << R"("include_missing":false)" << R"("include_missing":0)" << "$.parameters.include_missing";
    }

    void strangersAreRefusedWithTheirPath()
    {
        QFETCH(QString, what);
        QFETCH(QString, by);
        QFETCH(QString, path);
        const auto set = tables::compute(tables::csv(tables::randomRows(7, 60, 2)), tables::mapping(), windowed());
        QVERIFY(set.ok());
        const Bytes text = writeComputed(*set);
        const Bytes other = altered(text, what.toStdString(), by.toStdString());
        QVERIFY(other != text);
        const auto read = readComputed(other);
        QVERIFY(!read.ok());
        QVERIFY2(read.error().where.starts_with(path.toStdString()), read.error().text().c_str());
    }

    void nothingCrashesTheReader()
    {
        const auto set = tables::compute(tables::csv(tables::randomRows(8, 40, 1)), tables::mapping(), {});
        QVERIFY(set.ok());
        const Bytes text = writeComputed(withEverything(*set));
        SeededRandomness random(5);
        for (int round = 0; round < 120; ++round) {
            Bytes broken = text;
            const std::size_t at = random.next() % broken.size();
            if (round % 3 == 0)
                broken.resize(at);
            else
                broken[at] = static_cast<char>(random.next() % 256);
            const auto read = readComputed(broken);
            if (read.ok())
                QVERIFY(writeComputed(*read) == broken); // another digit, perhaps; never another spelling
        }
    }

    void theSameLogGivesTheSame()
    {
        QTemporaryDir dir;
        const auto path = tables::write(dir, tables::csv(tables::randomRows(11, 700, 3)));
        for (const bool isBounded : {false, true}) {
            auto reader = predictions::LogReader::open(path);
            const auto set = isBounded ? computeBounded(*std::move(reader), tables::mapping(), windowed(), {}, 1.0 / 64) : computeLog(*std::move(reader), tables::mapping(true), windowed());
            QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
            const auto stored = readComputed(writeComputed(*set));
            QVERIFY(stored.ok());
            for (const unsigned threads : {1U, 3U}) {
                RecomputeOptions options;
                options.read.threads = threads;
                const auto again = recompute(*stored, path, options);
                QVERIFY2(again.ok(), again.ok() ? "" : again.error().text().c_str());
                QVERIFY2(again->isEqual(), again->first.empty() ? "" : again->first.front().sentence().c_str());
                QVERIFY(again->compared > 1000);
                QVERIFY(again->isSameLog() && again->isSameEngine());
                QVERIFY(again->sentence().starts_with("Equal: "));
            }
        }
    }

    void aLongLogGivesTheSameInWhateverPiecesItPasses_data()
    {
        QTest::addColumn<bool>("isWeighted");
        QTest::addColumn<double>("step");
        QTest::newRow("exact") << false << 0.0;
        QTest::newRow("exact, weighted") << true << 0.0;
        QTest::newRow("rounded") << false << 1.0 / 64;
        QTest::newRow("rounded, weighted") << true << 1.0 / 64;
    }
    void aLongLogGivesTheSameInWhateverPiecesItPasses()
    {
        QFETCH(bool, isWeighted);
        QFETCH(double, step);
        auto rows = tables::randomRows(15, 60'000, 9); // some megabytes: every thread gets pieces
        Parameters parameters = windowed();
        parameters.bootstrapDraws = 0;
        SeededRandomness random(16);
        for (auto &row : rows)
            row.weight = std::round(1000 * random.unit()) / 1000;
        QTemporaryDir dir;
        const auto path = tables::write(dir, tables::csv(rows));
        const auto other = tables::write(dir, tables::csv(tables::randomRows(17, 30'000, 9)), "other.csv");
        std::optional<Digest> expected;
        for (const unsigned threads : {1U, 2U, 3U, 3U}) {
            predictions::ReadOptions options;
            options.threads = threads;
            const auto set = computeBounded(*predictions::LogReader::open(path), tables::mapping(isWeighted), parameters, options, step, {}, *predictions::LogReader::open(other));
            QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
            QVERIFY(!set->drifts.empty());
            const Digest digest = writeWithDigest(*set).rows;
            QCOMPARE(QString::fromStdString(digest.text()), QString::fromStdString(expected.value_or(digest).text()));
            expected = digest;
        }
    }

    void aBoundedSetAgainstAnotherLogIsComputedAgain()
    {
        auto rows = tables::randomRows(18, 100'000, 2);
        SeededRandomness random(19);
        for (auto &row : rows)
            row.weight = random.unit(); // as a feature it has more values than are counted
        predictions::Mapping columns = tables::mapping();
        columns.features = {{"w", true}};
        Parameters parameters;
        parameters.bootstrapDraws = 0;
        QTemporaryDir dir;
        const auto path = tables::write(dir, tables::csv(rows));
        const auto other = tables::write(dir, tables::csv(tables::randomRows(20, 5'000, 2)), "other.csv");
        const auto set = computeBounded(*predictions::LogReader::open(path), columns, parameters, {}, 0, {}, *predictions::LogReader::open(other));
        QVERIFY2(set.ok(), set.ok() ? "" : set.error().text().c_str());
        const auto isRounded = [](const ComputedSet &own) {
            return std::ranges::any_of(own.drifts, [](const ComputedDrift &drift) { return std::ranges::any_of(drift.figures, [](const NamedFigure &named) { return named.bound > 0.0; }); });
        };
        QVERIFY(isRounded(*set));
        const auto stored = readComputed(writeComputed(*set));
        QVERIFY2(stored.ok(), stored.ok() ? "" : stored.error().text().c_str());
        QVERIFY(isRounded(*stored) && stored->notes == set->notes && stored->isBounded);
        RecomputeOptions options;
        options.read.threads = 1;
        QVERIFY(!recompute(*stored, path, options).ok()); // the other log is needed
        options.referenceLog = other;
        const auto again = recompute(*stored, path, options);
        QVERIFY2(again.ok(), again.ok() ? "" : again.error().text().c_str());
        QVERIFY2(again->isEqual(), again->first.empty() ? "" : again->first.front().sentence().c_str());
    }

    void oneDigitOfTheStoredValueIsFound()
    {
        QTemporaryDir dir;
        const auto path = tables::write(dir, tables::csv(tables::randomRows(12, 1000, 3)));
        const auto set = computeLog(*predictions::LogReader::open(path), tables::mapping(), windowed());
        QVERIFY(set.ok());
        const Bytes text = writeComputed(*set);
        const double auc = set->cells.front().find("auc")->value;
        const std::string digits = number::ecmaScript(auc);
        std::string other = digits;
        other[3] = other[3] == '9' ? '8' : static_cast<char>(other[3] + 1);
        const auto stored = readComputed(altered(text, "\"value\":" + digits, "\"value\":" + other));
        QVERIFY2(stored.ok(), stored.ok() ? "" : stored.error().text().c_str());
        const auto again = recompute(*stored, path);
        QVERIFY(again.ok());
        QVERIFY(!again->isEqual());
        QCOMPARE(again->differences, std::uint64_t(1));
        QCOMPARE(again->first.front().metric, std::string("auc"));
        QCOMPARE(again->first.front().what, FigureDifference::What::Value);
        QCOMPARE(again->first.front().stored, number::shortest(*number::parse(other)));
        QCOMPARE(again->first.front().recomputed, number::shortest(auc));
        QVERIFY(again->first.front().sentence().find("auc: stored") == 0);
    }

    void theMostImportantComesFirst()
    {
        const auto set = tables::compute(tables::csv(tables::randomRows(13, 800, 2)), tables::mapping(), windowed());
        QVERIFY(set.ok());
        ComputedSet other = *set;
        const auto figureOf = [&other](std::size_t cell, const char *name) -> metrics::Figure & {
            return std::ranges::find(other.cells[cell].metrics, name, &NamedFigure::name)->figure;
        };
        const auto cellOf = [&](bool isWindow, bool isGroup) {
            return static_cast<std::size_t>(std::ranges::find_if(other.cells, [&](const ComputedCell &cell) {
                return cell.window.has_value() == isWindow && cell.group.empty() != isGroup && cell.n > 20;
            }) - other.cells.begin());
        };
        figureOf(cellOf(true, false), "recall").value *= 0.5;
        figureOf(cellOf(false, true), "recall").value *= 0.9;
        figureOf(cellOf(false, true), "accuracy").value *= 0.5;
        figureOf(0, "accuracy").interval->lower *= 0.5;
        figureOf(0, "fpr") = metrics::Figure::undefined(metrics::Reason::NoNegatives);
        other.cells[0].counts.tp += 1;
        const auto compared = compareSets(other, *set, 5);
        QCOMPARE(compared.first.size(), std::size_t(5));
        QVERIFY(compared.differences > 5);
        QCOMPARE(compared.first[0].metric, std::string("fpr"));
        QCOMPARE(compared.first[0].stored, std::string("undefined (no_negatives)"));
        QCOMPARE(compared.first[1].metric, std::string("accuracy"));
        QCOMPARE(compared.first[2].metric, std::string("recall"));
        QVERIFY(!compared.first[2].window && compared.first[3].window);
        QCOMPARE(compared.first[4].metric, std::string("tp"));
    }

    void driftIsComputedAgainToo()
    {
        QTemporaryDir dir;
        const auto path = tables::write(dir, tables::csv(tables::randomRows(17, 300, 2)));
        const auto before = tables::write(dir, tables::csv(tables::randomRows(18, 300, 2)), "before.csv");
        Parameters parameters = windowed();
        parameters.reference = "2025-01-06..2025-01-20";
        const auto own = computeLog(*predictions::LogReader::open(path), tables::mapping(), parameters);
        QVERIFY2(own.ok(), own.ok() ? "" : own.error().text().c_str());
        QVERIFY(!own->drifts.empty());
        verifyRoundTrip(*own);
        const auto again = recompute(*readComputed(writeComputed(*own)), path);
        QVERIFY(again.ok() && again->isEqual());

        parameters.reference.clear();
        const auto against = computeLog(*predictions::LogReader::open(path), tables::mapping(), parameters, {}, {}, *predictions::LogReader::open(before));
        QVERIFY2(against.ok(), against.ok() ? "" : against.error().text().c_str());
        const auto stored = readComputed(writeComputed(*against));
        QVERIFY2(stored.ok(), stored.ok() ? "" : stored.error().text().c_str());
        QCOMPARE(stored->referenceLog->digest.text(), against->referenceLog->digest.text());
        RecomputeOptions options;
        QCOMPARE(recompute(*stored, path, options).error().kind, ErrorKind::Invalid); // that file is needed too
        options.referenceLog = path;
        QCOMPARE(recompute(*stored, path, options).error().kind, ErrorKind::Conflict);
        options.referenceLog = before;
        const auto equal = recompute(*stored, path, options);
        QVERIFY2(equal.ok() && equal->isEqual(), equal.ok() ? equal->sentence().c_str() : equal.error().text().c_str());
    }

    void anotherFileIsToldAndComputedOnlyWhenAsked()
    {
        QTemporaryDir dir;
        auto rows = tables::randomRows(14, 800, 2);
        const auto path = tables::write(dir, tables::csv(rows));
        const auto set = computeLog(*predictions::LogReader::open(path), tables::mapping(), {});
        QVERIFY(set.ok());
        rows[5].label = rows[5].label == 1 ? 0 : 1;
        const auto other = tables::write(dir, tables::csv(rows), "other.csv");
        const auto refused = recompute(*set, other);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QVERIFY(refused.error().message.find(set->log.digest.shortHex()) != std::string::npos);
        RecomputeOptions options;
        options.evenIfAnotherLog = true;
        const auto again = recompute(*set, other, options);
        QVERIFY(again.ok());
        QVERIFY(!again->isSameLog() && !again->isEqual());
        QVERIFY(again->sentence().find("another file") != std::string::npos);
        const auto missing = recompute(*set, path.parent_path() / "none.csv", options);
        QVERIFY(!missing.ok());
    }

    void anotherEngineIsToldAlsoWhereFiguresAreEqual()
    {
        QTemporaryDir dir;
        const auto path = tables::write(dir, tables::csv(tables::randomRows(15, 500, 2)));
        auto set = computeLog(*predictions::LogReader::open(path), tables::mapping(), {});
        QVERIFY(set.ok());
        set->engineVersion = kEngineVersion + 1;
        const auto stored = readComputed(writeComputed(*set));
        QVERIFY(stored.ok());
        const auto again = recompute(*stored, path);
        QVERIFY(again.ok());
        QVERIFY(again->isEqual() && !again->isSameEngine());
        QVERIFY(again->sentence().find("engine " + std::to_string(kEngineVersion + 1)) != std::string::npos);
    }

    void cancellingStops()
    {
        QTemporaryDir dir;
        const auto path = tables::write(dir, tables::csv(tables::randomRows(16, 500, 2)));
        const auto set = computeLog(*predictions::LogReader::open(path), tables::mapping(), {});
        QVERIFY(set.ok());
        std::atomic<bool> cancel = true;
        RecomputeOptions options;
        options.read.progress.cancel = &cancel;
        const auto again = recompute(*set, path, options);
        QVERIFY(!again.ok());
        QCOMPARE(again.error().kind, ErrorKind::Cancelled);
    }
};

QTEST_APPLESS_MAIN(RecomputeTest)
#include "tst_recompute.moc"
