#include "models/services/sample/samplelog.h"

#include "models/base/random.h"
#include "models/computed/compute.h"
#include "models/computed/scores/scoresummary.h"

#include <cmath>
#include <cstdio>
#include <memory>
#include <unistd.h>

namespace countersign::services {

namespace {

constexpr int kRows = 48'000;
constexpr int kDays = 365;
const Instant kFirstDay = std::chrono::sys_days(std::chrono::year(2025) / 11 / 1);

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

struct Applicant {
    const char *sex = "";
    int age = 0;
    const char *region = "";
    const char *employment = "";
    double income = 0;
    double risk = 0; ///< what the model tries to see
};

Applicant draw(SeededRandomness &numbers, int day)
{
    Applicant one;
    const double sex = numbers.unit();
    one.sex = sex < 0.46 ? "F" : sex < 0.99 ? "M" : "";
    one.age = static_cast<int>(18 + std::min(62.0, std::fabs(numbers.normal()) * 21 + 8 * numbers.unit()));
    const double region = numbers.unit();
    one.region = region < 0.002 ? "Islands" : region < 0.3 ? "North" : region < 0.62 ? "South" : region < 0.82 ? "East" : "West";
    const double employment = numbers.unit();
    const bool hasPlatformWork = day > 240 && employment > 0.93; // unknown to the first quarter
    one.employment = hasPlatformWork ? "platform" : employment < 0.7 ? "employed" : employment < 0.85 ? "self-employed" : "retired";
    one.income = 24'000 * std::exp(0.45 * numbers.normal()) * (1 + 0.0009 * std::max(0, day - 90));
    one.risk = numbers.normal() - 0.5 * (one.income / 30'000 - 1) + (one.age < 25 ? 0.35 : 0.0);
    return one;
}

/// A row: what the model said on that day, and what became of it.
void write(std::FILE *file, SeededRandomness &numbers, int row)
{
    const int day = row * kDays / kRows;
    const Applicant one = draw(numbers, day);
    const bool isDefault = numbers.unit() < logistic(-2.5 + 1.25 * one.risk);
    // Of the old the model sees less: its score follows their risk only roughly, and from below.
    const bool isOld = one.age >= 65;
    const double seen = (isOld ? 0.7 : 1.0) * one.risk + (isOld ? 0.8 : 0.45) * numbers.normal() - (isOld ? 0.3 : 0.0) - (*one.sex == 'F' ? 0.06 : 0.0);
    const double score = logistic(-2.5 + 1.35 * seen);
    const bool isMissingIncome = numbers.unit() < 0.004 + 0.00004 * day;
    const std::string date = formatDate(kFirstDay + std::chrono::days(day));
    std::fprintf(file, "%d,%sT09:00:00Z,%d,%.4f,%s,%d,%s,%s,", 100'000 + row, date.c_str(), isDefault ? 1 : 0, score, one.sex, one.age, one.region, one.employment);
    isMissingIncome ? std::fputs("\n", file) : std::fprintf(file, "%.0f\n", one.income);
}

predictions::Mapping mapping()
{
    predictions::Mapping mapping;
    mapping.label = "defaulted";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.score = "pd";
    mapping.time = "scored_at";
    mapping.attributes = {{"sex", "sex", {}}, {"age band", "age", *predictions::Bands::make({25, 35, 50, 65})}, {"region", "region", {}}};
    mapping.features = {{"income", true}, {"employment", false}};
    return mapping;
}

computed::Parameters parameters()
{
    computed::Parameters parameters;
    parameters.threshold = 0.06;
    parameters.window.unit = scoretables::WindowUnit::Month;
    parameters.depth = 2;
    parameters.windowDepth = 1;
    parameters.smallestGroup = 100;
    parameters.bootstrapDraws = 400;
    parameters.reference = "2025-11..2026-01";
    parameters.worstMetric = "recall";
    return parameters;
}

} // namespace

Result<SampleLog> sampleLog()
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::tmpfile(), &std::fclose);
    if (!file)
        return Error{ErrorKind::Io, "The sample's log cannot be made: there is no room for temporary files.", {}};
    SeededRandomness numbers(20251101);
    std::fputs("application,scored_at,defaulted,pd,sex,age,region,employment,income\n", file.get());
    for (int row = 0; row < kRows; ++row)
        write(file.get(), numbers, row);
    if (std::fflush(file.get()) != 0 || std::fseek(file.get(), 0, SEEK_SET) != 0)
        return Error{ErrorKind::Io, "The sample's log cannot be written: there is no room for temporary files.", {}};
    auto source = predictions::ByteSource::fromDescriptor(::dup(::fileno(file.get())), "sample/credit-pd-retail-3.csv");
    if (!source)
        return source.error();
    auto reader = predictions::LogReader::open(*std::move(source));
    if (!reader)
        return reader.error();
    SampleLog log;
    Status scores;
    auto set = computed::computeLog(*std::move(reader), mapping(), parameters(), {}, [&](const computed::Table &table) {
        const auto summary = computed::summarizeScores(table);
        if (summary)
            log.scores = computed::writeScores(*summary);
        else
            scores = summary.error();
    });
    if (!set || !scores)
        return set ? scores.error() : set.error();
    log.set = *std::move(set);
    return log;
}

} // namespace countersign::services
