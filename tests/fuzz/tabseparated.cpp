#include "models/pushdown/engines/tabseparated.h"
#include "models/pushdown/groups/gatherer.h"
#include "tests/fuzz/promise.h"
#include "tests/fuzz/targets.h"

namespace fuzz {

using namespace countersign;
using namespace countersign::pushdown;

namespace {

using Row = std::vector<std::optional<std::string>>;

struct Answer {
    std::vector<Row> rows;
    std::string failure;
    bool isWhole = false;
    bool operator==(const Answer &) const = default;
};

/// The bytes as they come over a network, so many at once.
Answer read(std::string_view bytes, bool hasTotals, std::size_t step)
{
    Answer answer;
    TabSeparatedReader reader(hasTotals);
    const RowSink sink = [&](std::span<const Cell> cells) {
        Row &row = answer.rows.emplace_back();
        for (const Cell &cell : cells)
            row.push_back(cell ? std::optional<std::string>(*cell) : std::nullopt);
        return Status();
    };
    for (std::size_t at = 0; at < bytes.size(); at += step)
        PROMISE(reader.add(bytes.substr(at, step), sink).ok());
    PROMISE(reader.rows() == answer.rows.size());
    answer.failure = reader.failure();
    answer.isWhole = reader.isWhole();
    return answer;
}

/// As a server writes it.
std::string escaped(const Row &row)
{
    std::string line;
    for (const auto &cell : row) {
        if (&cell != &row.front())
            line += '\t';
        if (!cell) {
            line += "\\N";
            continue;
        }
        for (const char c : *cell) {
            constexpr std::string_view special("\b\f\n\r\t\0\\", 7);
            const std::size_t which = special.find(c);
            line += which == std::string_view::npos ? std::string(1, c) : std::string("\\") + "bfnrt0\\"[which];
        }
    }
    return line + '\n';
}

/// Rows with a score, a label, a value of an attribute, a day, and how often they occur.
void gather(const std::vector<Row> &rows)
{
    predictions::Mapping mapping;
    mapping.label = "y";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.score = "s";
    mapping.attributes = {{"a", "a", {}}};
    mapping.time = "t";
    const auto statement = groupingStatement(Sql::ClickHouse, "log", mapping, scoretables::WindowUnit::Week);
    PROMISE(statement.ok());
    GatherOptions options;
    options.unit = scoretables::WindowUnit::Week;
    options.entries = 1U << 12U;
    options.threads = 1;
    auto gatherer = Gatherer::make(*statement, options);
    PROMISE(gatherer.ok());
    for (const Row &row : rows) {
        std::vector<Cell> cells;
        for (const auto &cell : row)
            cells.push_back(cell ? Cell(*cell) : Cell());
        if (const auto status = gatherer->add(cells); !status) {
            PROMISE(status.error().kind == ErrorKind::Io || status.error().kind == ErrorKind::Invalid);
            return;
        }
    }
    const auto gathered = gatherer->finish();
    if (!gathered)
        return;
    std::uint64_t counted = 0;
    for (const auto &sums : gathered->table.sums())
        counted += sums.rows + sums.leftOut.total();
    PROMISE(gathered->rows == counted + gathered->rejects.total);
}

} // namespace

void tabSeparated(const std::uint8_t *data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    for (const bool hasTotals : {false, true}) {
        const Answer whole = read(bytes, hasTotals, std::max<std::size_t>(1, size));
        for (const std::size_t step : {std::size_t(1), std::size_t(7)})
            PROMISE(read(bytes, hasTotals, step) == whole);
        PROMISE(!whole.isWhole || whole.failure.empty());
        gather(whole.rows);
    }
    // What was understood is written as a server would, and understood as the same; a line that tells of a failure aside.
    const Answer rows = read(bytes, false, std::max<std::size_t>(1, size));
    std::string written;
    for (const Row &row : rows.rows)
        written += escaped(row);
    const Answer again = read(written, false, std::max<std::size_t>(1, written.size()));
    PROMISE(!again.failure.empty() || (again.rows == rows.rows && again.isWhole));
}

} // namespace fuzz
