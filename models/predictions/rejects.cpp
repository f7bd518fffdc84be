#include "models/predictions/rejects.h"

#include "models/base/text.h"

#include <array>

namespace countersign::predictions {

namespace {

struct Wording {
    std::string_view key;
    std::string_view text;
};

constexpr std::array<Wording, kRowProblems> kWordings{{
    {"field_count", "The row has more or fewer fields than the header."},
    {"open_quote", "A quote that the row opens is not closed."},
    {"text_after_quote", "Text follows a closing quote."},
    {"too_long", "The row is longer than 1 MiB."},
    {"not_a_number", "The value is not a number."},
    {"not_a_time", "The value is not a time."},
    {"bad_weight", "A weight has to be a finite number of at least 0."},
    {"unknown_value", "The value is neither a positive nor a negative one."},
    {"not_text", "The value is not UTF-8 text."},
    {"value_too_long", "The value is longer than 1024 bytes."},
    {"too_many_values", "The column has more different values than a group attribute can have."},
    {"bad_json", "The line is not a JSON object."},
    {"repeated_key", "The line has the same key twice."},
    {"nested_value", "The value is a list or an object."},
}};

} // namespace

std::string_view problemKey(RowProblem problem) { return kWordings[static_cast<std::size_t>(problem)].key; }
std::string_view problemText(RowProblem problem) { return kWordings[static_cast<std::size_t>(problem)].text; }

std::string RejectedRow::text() const
{
    const std::string place = row > 0 ? "Row " + std::to_string(row) + ", line " + std::to_string(line) + (column.empty() ? "" : ", column " + column)
                                      : "Column " + column;
    return place + ": " + std::string(problemText(problem)) + (sample.empty() ? "" : " (\"" + sample + "\")");
}

std::string shownSample(std::string_view bytes)
{
    constexpr std::size_t most = 60;
    std::string_view cut = bytes.substr(0, most);
    // Not through the middle of a character.
    while (cut.size() < bytes.size() && !cut.empty() && (static_cast<unsigned char>(bytes[cut.size()]) & 0xC0U) == 0x80U && cut.size() > most - 4)
        cut.remove_suffix(1);
    const std::string ellipsis = cut.size() < bytes.size() ? "…" : "";
    if (text::isUtf8(cut))
        return text::visible(cut) + ellipsis;
    std::string shown;
    for (const char c : cut) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7F) {
            shown += c;
            continue;
        }
        constexpr std::string_view digits = "0123456789ABCDEF";
        shown += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
    }
    return shown + ellipsis;
}

} // namespace countersign::predictions
