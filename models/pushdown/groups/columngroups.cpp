#include "models/pushdown/groups/columngroups.h"

#include "models/crypto/sha256.h"
#include "models/pushdown/groups/groupedrows.h"

#include <bit>

namespace countersign::pushdown {

using predictions::Chunk;

namespace {

constexpr double kDayInMs = 86'400'000;

/// Equal numbers are equal bits.
std::uint64_t bitsOf(double value) { return std::bit_cast<std::uint64_t>(std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value + 0.0); }

/// Takes the groups of a statement's answer in.
class Collector
{
public:
    Collector(const Statement &statement, predictions::Plan plan, ColumnGroups &column, bool areDelays, const ColumnOptions &options)
        : m_plan(std::move(plan)), m_rows(m_plan, statement, options.trimsTexts, 0), m_column(column), m_options(options)
    {
        const auto &schema = m_plan.schema;
        column.hasTime = schema.hasTime;
        column.isNumber = schema.categoryFeatures.empty();
        m_place = static_cast<std::size_t>(!schema.categoryFeatures.empty() ? schema.categoryFeatures.front()
                                           : schema.numberFeatures.empty()  ? schema.labelDelay
                                                                            : schema.numberFeatures.front());
        m_isInMs = areDelays && !schema.numberFeatures.empty();
    }

    Status add(std::span<const Cell> cells)
    {
        const auto rows = m_rows.rowsOf(cells);
        if (!rows)
            return rows.error();
        m_column.rows += *rows;
        m_rows.put(cells, *rows);
        if (m_rows.isFull())
            take();
        if (++m_told > m_options.mostGroups)
            return Error{ErrorKind::Invalid, "There are too many different values.", {}};
        return {};
    }
    bool areTooMany() const { return m_told > m_options.mostGroups; }
    void finish()
    {
        take();
        m_column.refused = m_rows.builder().rejectedTotal();
        if (!m_column.isNumber)
            nameCodes();
        std::ranges::sort(m_column.groups);
        std::vector<ColumnGroups::Group> merged;
        for (const auto &group : m_column.groups) {
            if (!merged.empty() && merged.back().hour == group.hour && merged.back().value == group.value)
                merged.back().rows += group.rows;
            else
                merged.push_back(group);
        }
        m_column.groups = std::move(merged);
    }

private:
    void take()
    {
        const auto [chunk, counts, rejected] = m_rows.take();
        for (std::size_t row = 0; row < chunk.rows; ++row) {
            std::uint64_t value = 0;
            if (m_column.isNumber)
                value = bitsOf(m_isInMs ? chunk.numbers[m_place][row] / kDayInMs : chunk.numbers[m_place][row]);
            else
                value = std::visit([row](const auto &codes) { return std::uint64_t(codes[row]); }, chunk.codes[m_place]);
            m_column.groups.push_back({m_column.hasTime ? chunk.hours[row] : 0, value, counts[row]});
        }
    }
    /// Codes in the order of their texts, as a log has them.
    void nameCodes()
    {
        const std::vector<const predictions::RowBuilder *> builders{&m_rows.builder()};
        const auto texts = predictions::mergeDictionaries(builders, m_plan);
        const auto dictionary = static_cast<std::size_t>(m_plan.schema.codeDictionary[m_place]);
        m_column.texts = texts.dictionaries[dictionary];
        for (auto &group : m_column.groups)
            group.value = texts.localToGlobal[0][dictionary][group.value];
    }

    const predictions::Plan m_plan;
    GroupedRows m_rows;
    ColumnGroups &m_column;
    const ColumnOptions &m_options;
    std::size_t m_place = 0; ///< of the column in a chunk
    bool m_isInMs = false;
    std::size_t m_told = 0;
};

} // namespace

predictions::Schema ColumnGroups::schema() const
{
    predictions::Schema schema;
    schema.hasTime = hasTime;
    if (isNumber) {
        schema.numberNames = {name};
        schema.numberFeatures = {0};
    } else {
        schema.codeNames = {name};
        schema.codeDictionary = {0};
        schema.categoryFeatures = {0};
    }
    return schema;
}

predictions::MergedDictionaries ColumnGroups::dictionaries() const
{
    predictions::MergedDictionaries merged;
    merged.localToGlobal = {{}};
    if (isNumber)
        return merged;
    merged.dictionaries = {texts};
    auto &same = merged.localToGlobal[0].emplace_back();
    for (std::uint32_t code = 0; code < texts.size(); ++code)
        same.push_back(code);
    return merged;
}

predictions::PredictionLog ColumnGroups::log() const
{
    predictions::PredictionLog log;
    log.schema = schema();
    auto merged = dictionaries();
    log.dictionaries = std::move(merged.dictionaries);
    log.localToGlobal = std::move(merged.localToGlobal);
    RowsAgain again(std::numeric_limits<std::uint64_t>::max());
    again.add(chunk(), counts());
    log.chunks = again.takeChunks();
    return log;
}

Chunk ColumnGroups::chunk() const
{
    Chunk chunk;
    chunk.rows = static_cast<std::uint32_t>(groups.size());
    std::vector<std::uint32_t> codes;
    if (isNumber)
        chunk.numbers.emplace_back();
    for (const Group &group : groups) {
        if (hasTime)
            chunk.hours.push_back(group.hour);
        if (isNumber)
            chunk.numbers[0].push_back(std::bit_cast<double>(group.value));
        else
            codes.push_back(static_cast<std::uint32_t>(group.value));
    }
    if (!isNumber)
        chunk.codes.emplace_back(std::move(codes));
    return chunk;
}

std::vector<std::uint64_t> ColumnGroups::counts() const
{
    std::vector<std::uint64_t> result;
    for (const Group &group : groups)
        result.push_back(group.rows);
    return result;
}

Result<std::optional<ColumnGroups>> groupsOf(Engine &engine, const Statement &statement, std::string name, bool areDelays, const ColumnOptions &options)
{
    auto plan = planOf(statement);
    if (!plan)
        return plan.error();
    ColumnGroups column;
    column.name = std::move(name);
    Collector collector(statement, *std::move(plan), column, areDelays, options);
    const bool hasTotals = engine.location().engine == EngineKind::ClickHouse;
    const auto status = engine.run(statement.sql, hasTotals, [&](std::span<const Cell> cells) { return collector.add(cells); }, options.progress);
    if (!status && collector.areTooMany())
        return std::optional<ColumnGroups>();
    if (!status)
        return status.error();
    collector.finish();
    return std::optional(std::move(column));
}

Digest digestWith(const Digest &table, const std::vector<ColumnGroups> &columns)
{
    crypto::Sha256 hash;
    std::string buffer = "countersign-columns-1";
    const auto number = [&buffer](std::uint64_t value) {
        for (int i = 0; i < 8; ++i)
            buffer += static_cast<char>(value >> (8 * i));
    };
    const auto text = [&](std::string_view value) {
        number(value.size());
        buffer += value;
    };
    text(table.text());
    for (const ColumnGroups &column : columns) {
        text(column.name);
        number(column.isNumber ? 1 : 0);
        number(column.groups.size());
        for (const auto &group : column.groups) {
            number(static_cast<std::uint64_t>(static_cast<std::int64_t>(group.hour)));
            column.isNumber ? number(group.value) : text(column.texts[group.value]);
            number(group.rows);
            hash.add(buffer);
            buffer.clear();
        }
    }
    hash.add(buffer);
    return hash.finish();
}

} // namespace countersign::pushdown
