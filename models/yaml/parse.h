#pragma once

#include "models/yaml/fault.h"
#include "models/yaml/node.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace countersign::yaml {

/// What a file may be. Defaults suit files of strangers.
struct Limits {
    std::size_t bytes = 1U << 20;
    int depth = 16;
    std::size_t nodes = 20'000; ///< values and names
};

/// A file's tree, or the fault that made it unreadable.
struct Parsed {
    std::optional<Node> root;
    Fault fault; ///< where there is no root
};

/// Reads a strict subset of YAML: one document of mappings, lists and scalars. Refused, with the line: anchors, aliases and merge keys (so
/// nothing grows when it is read), tags, directives, further documents, names that are no text or stand twice in a mapping, tabs, control,
/// bidirectional and invisible characters, bytes that are not UTF-8, and what is beyond the limits.
Parsed parse(std::string_view text, const Limits &limits = {});

} // namespace countersign::yaml
