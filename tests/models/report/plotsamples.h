#pragma once

#include "models/report/plots/driftplots.h"
#include "models/report/plots/groupplots.h"
#include "models/report/plots/scoreplots.h"

#include <cmath>

/// One plot of every kind, with the awkward cases in: small groups, undefined values, names that look like markup.
namespace countersign::samples {

inline metrics::Figure share(double value, std::uint64_t n, double half)
{
    metrics::Figure figure = metrics::Figure::of(value, n);
    figure.interval = metrics::Interval{value - half, value + half, 0.95, metrics::IntervalMethod::Wilson};
    return figure;
}

inline report::ForestInput forestInput()
{
    report::ForestInput input;
    input.choice.id = "forest";
    input.choice.attribute = "Age band";
    input.choice.metric = "recall";
    input.choice.minimumN = 100;
    input.overall = share(0.806, 24'000, 0.006);
    input.lowerLimit = 0.75;
    input.groups = {{"18–24", share(0.742, 800, 0.04), 1529, false, VerdictState::Watch, "Interval reaches below the limit."},
                    {"25–34", share(0.801, 3000, 0.016), 6210, false, VerdictState::Pass, ""},
                    {"35–49", share(0.842, 5000, 0.011), 9874, true, VerdictState::Pass, ""},
                    {"50–64", share(0.827, 2500, 0.017), 5118, false, VerdictState::Pass, ""},
                    {"65 and over", share(0.690, 600, 0.05), 1204, false, VerdictState::Fail, ""},
                    {"<b>Not</b> & stated", share(0.71, 19, 0.16), 38, false, VerdictState::NotEnoughData, ""},
                    {"Unborn", metrics::Figure::undefined(metrics::Reason::NoPositives, 12), 12, false, {}, ""}};
    return input;
}

inline metrics::Figure katz(double value, double lower, double upper)
{
    metrics::Figure figure = metrics::Figure::of(value, 1000);
    figure.interval = metrics::Interval{lower, upper, 0.95, metrics::IntervalMethod::Katz};
    return figure;
}

inline report::DisparityInput disparityInput()
{
    report::DisparityInput input;
    input.choice.id = "disparity";
    input.choice.attribute = "Age band";
    input.choice.metric = "recall";
    input.choice.minimumN = 100;
    input.reference = "35–49";
    input.ratioLimit = 0.85;
    input.groups = {{"18–24", katz(0.88, 0.83, 0.93), katz(-0.100, -0.145, -0.055), 1529, false, VerdictState::Pass, 0.001, 0.003, ""},
                    {"25–34", katz(0.95, 0.93, 0.97), katz(-0.041, -0.06, -0.02), 6210, false, VerdictState::Pass, 0.004, 0.01, ""},
                    {"35–49", {}, {}, 9874, true, {}, {}, {}, ""},
                    {"50–64", katz(0.98, 0.96, 1.002), katz(-0.015, -0.035, 0.005), 5118, false, VerdictState::Pass, 0.1, 0.12, ""},
                    {"65 and over", katz(0.82, 0.76, 0.88), katz(-0.152, -0.2, -0.1), 1204, false, VerdictState::Fail, 0.0001, 0.0005, ""},
                    {"Not stated", katz(0.84, 0.64, 1.1), katz(-0.132, -0.3, 0.03), 38, false, VerdictState::NotEnoughData, 0.2, 0.2, ""},
                    {"Unborn", metrics::Figure::undefined(metrics::Reason::NoPositives, 12), metrics::Figure::undefined(metrics::Reason::NoPositives, 12), 12, false, {}, {}, {}, ""}};
    return input;
}

/// The curve of two normal distributions `apart` standard deviations away from each other.
inline report::RocGroup curveGroup(const std::string &name, double apart, double area)
{
    report::RocGroup group;
    group.name = name;
    group.n = 4000;
    group.positives = 900;
    const auto tail = [](double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); };
    group.points.push_back({std::numeric_limits<double>::infinity(), 0, 0, {}, {}});
    for (int i = 0; i <= 200; ++i) {
        const double threshold = 1 - i / 200.0;
        const double z = (threshold - 0.5) * 8;
        group.points.push_back({threshold, tail(z + apart / 2), tail(z - apart / 2), {}, {}});
    }
    group.points.push_back({0, 1, 1, {}, {}});
    group.area = metrics::Figure::of(area, 4000);
    group.area.interval = metrics::Interval{area - 0.02, area + 0.02, 0.95, metrics::IntervalMethod::DeLong};
    group.threshold = 0.42;
    return group;
}

inline report::RocInput rocInput()
{
    report::RocInput input;
    input.id = "roc";
    input.groups = {curveGroup("women", 1.5, 0.855), curveGroup("men", 1.0, 0.760), curveGroup("not stated <25", 0.6, 0.664)};
    for (auto &point : input.groups[0].points) {
        point.lower = std::max(0.0, point.y - 0.03);
        point.upper = std::min(1.0, point.y + 0.03);
    }
    return input;
}

inline report::RocInput precisionInput()
{
    report::RocInput input;
    input.id = "pr";
    input.kind = report::CurveKind::PrecisionRecall;
    input.baseRate = 0.12;
    for (const auto &[name, apart] : {std::pair("women", 1.9), std::pair("men", 1.2)}) {
        report::RocGroup group = curveGroup(name, apart, apart / 3);
        std::erase_if(group.points, [](const report::RocPoint &point) { return point.y <= 0; });
        for (auto &point : group.points) {
            const double recall = point.y;
            point.y = 0.12 * recall / (0.12 * recall + 0.88 * point.x + 1e-12);
            point.x = recall;
        }
        input.groups.push_back(std::move(group));
    }
    return input;
}

inline report::CalibrationInput calibrationInput()
{
    report::CalibrationInput input;
    input.id = "calibration";
    input.minimumN = 100;
    input.error = metrics::Figure::of(0.024, 9000);
    for (const auto &[name, bend] : {std::pair("women", 0.9), std::pair("men", 1.35)}) {
        report::CalibrationGroup group;
        group.name = name;
        for (int i = 0; i < 10; ++i) {
            const double mean = 0.03 + 0.097 * i;
            group.bins.push_back({mean, share(std::pow(mean, bend), i == 9 ? 60 : 450, 0.015 + 0.006 * i)});
        }
        input.groups.push_back(std::move(group));
    }
    for (int i = 0; i < 40; ++i)
        input.histogram.push_back({i / 40.0, (i + 1) / 40.0, 1200 * std::exp(-0.5 * std::pow((i - 9) / 7.0, 2)) + 40});
    return input;
}

inline report::DensityInput densityInput()
{
    report::DensityInput input;
    input.id = "density";
    input.threshold = 0.42;
    input.step = 0.01;
    for (int i = 0; i <= 50; ++i)
        input.edges.push_back(i / 50.0);
    for (const auto &[name, centre, n] : {std::tuple("women", 0.36, 3900.0), std::tuple("men", 0.45, 6100.0), std::tuple("not stated <25", 0.30, 80.0)}) {
        report::DensityGroup group;
        group.name = name;
        group.n = static_cast<std::int64_t>(n);
        for (int i = 0; i < 50; ++i) {
            const double z = ((i + 0.5) / 50 - centre) / 0.14;
            group.counts.push_back(std::round(n / 20 * std::exp(-z * z / 2) * (n < 100 ? 1 + 0.7 * std::sin(i * 3.1) : 1)));
        }
        input.groups.push_back(std::move(group));
    }
    return input;
}

inline report::ThresholdInput thresholdInput()
{
    report::ThresholdInput input;
    input.id = "threshold";
    input.threshold = 0.42;
    input.chosen = 0.5;
    const auto tail = [](double z) { return 0.5 * std::erfc(z / std::sqrt(2.0)); };
    report::ThresholdLine recall{"True positive rate", {}, 0.7, {}};
    report::ThresholdLine falls{"False positive rate", {}, {}, 0.2};
    report::ThresholdLine chosen{"Selection rate", {}, {}, {}};
    report::ThresholdLine ratio{"Ratio, women / men", {}, {}, {}};
    for (int i = 0; i <= 100; ++i) {
        const double t = i / 100.0;
        recall.values.emplace_back(t, tail((t - 0.58) * 7));
        falls.values.emplace_back(t, tail((t - 0.30) * 7));
        chosen.values.emplace_back(t, tail((t - 0.40) * 6));
        ratio.values.emplace_back(t, t > 0.94 ? std::nan("") : tail((t - 0.66) * 5));
    }
    input.lines = {recall, falls, chosen, ratio};
    return input;
}

inline report::FrontierInput frontierInput()
{
    report::FrontierInput input;
    input.id = "frontier";
    input.disparityName = "Selection rate difference, lower is better";
    input.performanceName = "Balanced accuracy, higher is better";
    input.disparityLimit = 0.1;
    for (int i = 0; i < 14; ++i) {
        const double x = 0.005 + 0.012 * i;
        input.points.push_back({x, 0.66 + 0.09 * (1 - std::exp(-x * 22)), 0.3 + 0.02 * i, true, i == 11, i == 6, ""});
    }
    for (int i = 0; i < 12; ++i)
        input.points.push_back({0.02 + 0.011 * i, 0.64 + 0.07 * (1 - std::exp(-0.2 * i)) - 0.01 * (i % 3), {}, false, false, false, ""});
    return input;
}

inline report::DriftRankingInput rankingInput()
{
    report::DriftRankingInput input;
    input.id = "ranking";
    input.watch = 0.1;
    input.limit = 0.2;
    input.isAdjusted = true;
    const std::vector<std::pair<std::string, double>> columns = {{"age", 0.034}, {"income", 0.27}, {"months_employed", 0.14}, {"score", 0.092}, {"region", 0.008}, {"balance", 0.205}, {"A&B <i>x</i>", 0.051}};
    for (const auto &[name, psi] : columns) {
        report::RankedDrift column;
        column.column = name;
        column.figure = metrics::Figure::of(psi, 41'208);
        column.adjustedPValue = std::exp(-psi * 40);
        column.state = psi > 0.2 ? VerdictState::Fail : psi > 0.1 ? VerdictState::Watch : VerdictState::Pass;
        input.columns.push_back(std::move(column));
    }
    report::RankedDrift constant;
    constant.column = "currency";
    constant.figure = metrics::Figure::undefined(metrics::Reason::OneBin, 41'208);
    input.columns.push_back(std::move(constant));
    return input;
}

inline report::BinsInput binsInput()
{
    report::BinsInput input;
    input.id = "bins";
    input.column = "income";
    input.referenceName = "January to June 2025";
    input.currentName = "April 2026";
    input.edges.inner = {12'400, 18'250, 22'100, 26'900, 31'000, 36'450, 44'200, 58'000, 91'500};
    input.edges.lowest = 0;
    input.edges.highest = 480'000;
    input.reference = {1010, 990, 1000, 1002, 998, 1000, 1003, 997, 1001, 999};
    input.current = {410, 520, 640, 700, 760, 830, 905, 1010, 1320, 1640};
    input.psi = metrics::Figure::of(0.27, 8735);
    return input;
}

inline report::BinsInput categoriesInput()
{
    report::BinsInput input;
    input.id = "categories";
    input.column = "region";
    input.categories = {"north", "south", "east & <west>", "overseas", "Mars colony"};
    input.reference = {4000, 3200, 2100, 300, 0};
    input.current = {3100, 3000, 2400, 0, 260};
    input.psi = metrics::Figure::of(0.31, 8760);
    return input;
}

/// `windows` months of five columns; one cell has no value.
inline report::HeatGrid driftGridSample(int windows = 8)
{
    std::vector<report::DriftCell> cells;
    const std::vector<std::string> columns = {"income", "months_employed", "score", "age", "region <b>"};
    for (std::size_t c = 0; c < columns.size(); ++c) {
        for (int w = 0; w < windows; ++w) {
            report::DriftCell cell{columns[c], "2026-" + std::string(w < 9 ? "0" : "") + std::to_string(w + 1), {}, {}};
            const double psi = 0.005 + 0.03 * static_cast<double>(5 - c) * w / windows * (1 + 0.3 * std::sin(w * 2.0 + static_cast<double>(c)));
            cell.figure = c == 3 && w == 2 ? metrics::Figure::undefined(metrics::Reason::EmptySample) : metrics::Figure::of(psi * 1.9, 4000);
            cell.state = psi * 1.9 > 0.2 ? VerdictState::Fail : psi * 1.9 > 0.1 ? VerdictState::Watch : VerdictState::Pass;
            cells.push_back(std::move(cell));
        }
    }
    return report::driftGrid("psi", cells);
}

} // namespace countersign::samples
