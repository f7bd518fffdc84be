#pragma once

#include <span>
#include <string>

namespace countersign::yaml {

/// One thing that is wrong with a file, and where.
struct Fault {
    int line = 0;   ///< from 1; 0: the file as a whole
    int column = 0; ///< from 1, in bytes; 0: the line as a whole
    std::string sentence;

    /// "line 14: …"; without a line the sentence alone.
    std::string text() const;
    bool operator==(const Fault &) const = default;
};

/// The faults, each on a line of its own.
std::string text(std::span<const Fault> faults);

} // namespace countersign::yaml
