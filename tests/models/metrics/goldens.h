#pragma once

#include "models/base/json.h"
#include "models/metrics/counts.h"
#include "models/metrics/ranking/calibration.h"
#include "models/metrics/ranking/ranking.h"

#include <map>
#include <string>
#include <vector>

/// What the peers computed on real logs (../shared/data/golden), and those logs as columns of text.
namespace countersign::metrics {

/// False where the shared folder is not there; every test then says so and checks data of its own only.
bool haveGoldens();
/// The file golden/<name>.json; aborts the test program when it cannot be read.
const json::Value &golden(const std::string &name);

/// A number, or the strings "nan" and "inf" as such; `isNumber` is false for null and anything else.
double real(const json::Value &value);
bool isReal(const json::Value &value);
const json::Value &member(const json::Value &object, std::string_view key);
const json::Value *memberOrNull(const json::Value &object, std::string_view key);

/// |a − b| within `relative` of the larger one, or within `absolute`; two NaN and equal infinities agree.
bool isNear(double a, double b, double relative = 1e-12, double absolute = 1e-15);
/// The figure has this value; NaN in the golden means undefined, infinity means Reason::Infinite.
bool agrees(const Figure &figure, double expected, double relative = 1e-12, double absolute = 1e-15);

struct Table {
    std::map<std::string, std::vector<std::string>> columns;
    std::size_t rows = 0;

    const std::vector<std::string> &column(const std::string &name) const { return columns.at(name); }
    /// Text to number; empty text is NaN.
    std::vector<double> numbers(const std::string &name) const;
    /// Rows for which every "column == value" of the filter (joined by " and ") holds; "month of timestamp" and "month" mean the
    /// first seven characters of timestamp. An empty filter keeps all.
    Table where(const std::string &filter) const;
};
/// logs/<file>, unpacked when only file.gz exists. Kept after the first read.
const Table &logFile(const std::string &file);

/// Labels, decisions, scores and weights of a binary sample.
struct Sample {
    std::vector<bool> actual;
    std::vector<bool> predicted;
    std::vector<double> scores;
    std::vector<double> weights; ///< empty: 1

    std::size_t size() const { return actual.size(); }
    double weight(std::size_t row) const { return weights.empty() ? 1 : weights[row]; }
    Sample subset(const std::vector<std::size_t> &rows) const;
};
Counts countsOf(const Sample &sample);
Ranking rankingOf(const Sample &sample);
Curve curveOf(const Sample &sample);
Losses lossesOf(const Sample &sample);
std::vector<CalibrationBin> binsOf(const Sample &sample, int bins);
std::vector<std::size_t> descendingOrder(const Sample &sample);

/// Rows by group name ("a | b" for several columns), in the order of names.
std::map<std::string, std::vector<std::size_t>> groupsOf(const Table &table, const std::vector<std::string> &columns);

} // namespace countersign::metrics
