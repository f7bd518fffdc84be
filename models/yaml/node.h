#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace countersign::yaml {

/// A value of a file, with the place where it stands. A scalar is text: what it means is decided by who reads it, so that `no` stays "no".
struct Node {
    enum class Kind { Null, Scalar, Sequence, Mapping };

    Kind kind = Kind::Null;
    int line = 1;   ///< from 1
    int column = 1; ///< from 1, in bytes
    std::string text;     ///< Scalar: UTF-8 without control or invisible characters, line feeds aside
    bool isPlain = false; ///< Scalar: written without quotes, so that it may be a number or a flag
    std::vector<Node> items; ///< Sequence: its elements; Mapping: its values, in the order written
    std::vector<Node> names; ///< Mapping: the scalar that names the value at the same place, each once

    const Node *find(std::string_view name) const; ///< nullptr when there is no such member
};

/// What it is, in a sentence: "\"two\"", "a list", "a mapping", "nothing".
std::string describe(const Node &node);

} // namespace countersign::yaml
