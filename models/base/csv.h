#pragma once

#include <string>
#include <string_view>

/// Comma-separated text as we write it: RFC 4180.
namespace countersign::csv {

/// A cell in quotes, inner quotes doubled. A text that a spreadsheet would take for a formula gets an apostrophe in front.
std::string cell(std::string_view text);

} // namespace countersign::csv
