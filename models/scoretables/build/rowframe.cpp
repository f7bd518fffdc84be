#include "models/scoretables/build/rowframe.h"

#include "models/scoretables/build/leafkeys.h"

namespace countersign::scoretables {

Result<RowFrame> frameOf(const predictions::PredictionLog &log, WindowUnit unit)
{
    std::int32_t first = std::numeric_limits<std::int32_t>::max();
    std::int32_t last = std::numeric_limits<std::int32_t>::min();
    for (const auto &chunk : log.chunks)
        for (const std::int32_t hour : chunk.hours)
            if (hour != predictions::kNoTime) {
                first = std::min(first, hour);
                last = std::max(last, hour);
            }
    const auto keys = LeafKeys::make(log.schema, log.dictionaries, unit, first, last);
    if (!keys)
        return keys.error();
    KeySet set(*keys);
    std::vector<std::uint64_t> rowKeys;
    for (const auto &chunk : log.chunks) {
        const std::size_t begin = rowKeys.size();
        rowKeys.resize(begin + chunk.rows);
        keys->keysOf(chunk, keys->partsOf(log.localToGlobal[chunk.dictionaries]), 0, chunk.rows, rowKeys.data() + begin);
    }
    set.add(rowKeys.data(), rowKeys.size());
    const auto occurring = set.sorted();
    if (occurring.size() > kMaxLeaves)
        return Error{ErrorKind::Invalid, "The windows and attribute values make too many combinations. Choose longer windows or fewer attributes.", {}};
    const KeyIndex index(*keys, occurring);
    TableParts parts;
    parts.unit = log.schema.hasTime ? unit : WindowUnit::None;
    for (const int column : log.schema.attributes) {
        const auto at = static_cast<std::size_t>(column);
        parts.attributes.push_back({log.schema.codeNames[at], log.dictionaries[static_cast<std::size_t>(log.schema.codeDictionary[at])]});
    }
    for (const std::uint64_t key : occurring)
        parts.leaves.push_back(keys->leafOf(key));
    parts.leftOut.resize(occurring.size());
    RowFrame frame;
    for (const std::uint64_t key : rowKeys)
        frame.leaf.push_back(index[key]);
    frame.table = Table(std::move(parts), 1);
    if (log.schema.weight >= 0)
        frame.weights = numbersOf(log, log.schema.weight);
    return frame;
}

std::vector<double> numbersOf(const predictions::PredictionLog &log, int column)
{
    std::vector<double> values;
    values.reserve(log.rowsTaken());
    for (const auto &chunk : log.chunks) {
        const auto &own = chunk.numbers[static_cast<std::size_t>(column)];
        values.insert(values.end(), own.begin(), own.end());
    }
    return values;
}

std::vector<std::uint32_t> codesOf(const predictions::PredictionLog &log, int column)
{
    std::vector<std::uint32_t> values;
    values.reserve(log.rowsTaken());
    for (const auto &chunk : log.chunks)
        for (std::size_t row = 0; row < chunk.rows; ++row)
            values.push_back(log.code(chunk, column, row));
    return values;
}

RowsByCell rowsByCell(const RowFrame &frame, const FamilyCells &cells, const std::vector<std::uint8_t> &isUsable)
{
    RowsByCell result;
    result.first.assign(cells.cells.size() + 1, 0);
    const auto forEachCell = [&](std::size_t row, const auto &use) {
        const std::uint32_t leaf = frame.leaf[row];
        for (std::uint32_t m = cells.first[leaf]; isUsable[row] && m < cells.first[leaf + 1]; ++m)
            use(cells.members[m]);
    };
    for (std::size_t row = 0; row < frame.leaf.size(); ++row)
        forEachCell(row, [&](std::uint32_t cell) { ++result.first[cell + 1]; });
    for (std::size_t c = 1; c < result.first.size(); ++c)
        result.first[c] += result.first[c - 1];
    result.rows.resize(result.first.back());
    std::vector<std::size_t> next(result.first.begin(), result.first.end() - 1);
    for (std::size_t row = 0; row < frame.leaf.size(); ++row)
        forEachCell(row, [&](std::uint32_t cell) { result.rows[next[cell]++] = static_cast<std::uint32_t>(row); });
    return result;
}

} // namespace countersign::scoretables
