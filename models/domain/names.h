#pragma once

#include "models/base/result.h"

#include <array>
#include <string>
#include <string_view>

namespace countersign {

/// Names of an enumeration's values, in their order: the same table writes and reads them.
template<class Enum, std::size_t N>
std::string_view nameOf(Enum value, const std::array<std::string_view, N> &names)
{
    return names[static_cast<std::size_t>(value)];
}

/// Invalid, with the names there are. `what`: "a verdict".
template<class Enum, std::size_t N>
Result<Enum> parseName(std::string_view text, const std::array<std::string_view, N> &names, const char *what)
{
    std::string choices;
    for (std::size_t i = 0; i < N; ++i) {
        if (text == names[i])
            return static_cast<Enum>(i);
        choices += (i ? ", " : "") + std::string(names[i]);
    }
    return Error{ErrorKind::Invalid, "\"" + std::string(text) + "\" is not " + what + ". It is one of: " + choices + ".", {}};
}

} // namespace countersign
