#pragma once

#include "models/base/id.h"
#include "models/base/time.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace countersign {

/// A part of the population: attribute=value pairs, sorted by attribute, attributes unique. Empty is everybody ("overall").
struct Slice {
    std::vector<std::pair<std::string, std::string>> parts;

    bool isOverall() const { return parts.empty(); }
    /// "sex=F; age band=<25"; "overall" when empty. In attribute and value '\\', ';' and '=' are preceded by a backslash.
    std::string text() const;
    /// The same for people, every name as it is: "age band=<=25". Not to be read back.
    std::string shown() const;
    /// Reads what text() writes, spaces around ';' and '=' aside. Invalid for a part without '=' or an attribute named twice.
    static Result<Slice> parse(std::string_view text);
    auto operator<=>(const Slice &) const = default;
};

/// The span of time that a value describes: [start, end). A point in time has start == end.
struct Window {
    Instant start{};
    Instant end{};
    auto operator<=>(const Window &) const = default;
};

/// One measured value of one metric. NaN means that the source could not compute it; that is a fact, shown as such.
struct Observation {
    Window window;
    std::int64_t step = 0; ///< the source's own counter; 0 where it has none
    double value = std::numeric_limits<double>::quiet_NaN();
    std::optional<std::int64_t> n;   ///< cases behind the value
    std::optional<double> lower;     ///< interval as the source gave it
    std::optional<double> upper;
    std::string lexeme;              ///< the value as written; empty when it is number::shortest(value)
};

/// What a series of observations is about.
struct SeriesKey {
    std::optional<VersionId> version; ///< none for a run that belongs to no registered version
    std::optional<RunId> run;         ///< the run that recorded it, where one did
    std::string metric;               ///< as the source names it: "auc", "psi/income"
    Slice slice;
    auto operator<=>(const SeriesKey &) const = default;
};

} // namespace countersign
