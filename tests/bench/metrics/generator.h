#pragma once

#include "models/predictions/mapping/mapping.h"

#include <cstdint>
#include <filesystem>

namespace countersign::bench {

/// A seeded synthetic log: ts,y_true,score,sex,race,age_band,region, about 49 bytes a row, 52 weeks from 2025-01-06 (a Monday) on.
/// sex 2, race 5, age_band 6, region 10 values; scores with six decimals; groups and weeks differ in base rate and bias, so that no
/// figure is trivial. The same rows for the same seed, on every machine.
Result<std::uint64_t> writeLog(const std::filesystem::path &path, std::uint64_t rows, std::uint64_t seed);
/// The same text to a descriptor, in order, until `bytes` are written; for pipes. Rows repeat after 32 MiB; `scoresDiffer`: their scores do not, each
/// has nine further digits, so that no two of a thousand million are equal.
Status streamLog(int descriptor, std::uint64_t bytes, std::uint64_t seed, bool scoresDiffer = false);

/// Label, score, time and the three attributes that the table is about.
predictions::Mapping benchMapping();

} // namespace countersign::bench
