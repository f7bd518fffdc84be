#include "models/scoretables/build/leafkeys.h"

namespace countersign::scoretables {

namespace {

constexpr std::uint64_t kMostDense = 1U << 22;
constexpr std::int32_t kHoursADay = 24;

std::int32_t dayOf(std::int32_t hour) { return hour >= 0 ? hour / kHoursADay : -((kHoursADay - 1 - hour) / kHoursADay); }

} // namespace

Result<LeafKeys> LeafKeys::make(const predictions::Schema &schema, const std::vector<std::vector<std::string>> &dictionaries, WindowUnit unit,
                                std::int32_t firstHour, std::int32_t lastHour)
{
    LeafKeys keys;
    keys.m_schema = &schema;
    keys.m_unit = schema.hasTime ? unit : WindowUnit::None;
    if (keys.m_unit != WindowUnit::None && firstHour <= lastHour) {
        keys.m_firstHour = firstHour;
        keys.m_firstDay = dayOf(firstHour);
        keys.m_firstUnit = unit == WindowUnit::Hour ? firstHour : unitOfDay(unit, keys.m_firstDay);
        if (unit == WindowUnit::Hour)
            keys.m_windows = static_cast<std::uint64_t>(static_cast<std::int64_t>(lastHour) - firstHour) + 2;
        for (std::int32_t day = keys.m_firstDay; unit != WindowUnit::Hour && day <= dayOf(lastHour); ++day)
            keys.m_unitOfDay.push_back(static_cast<std::uint32_t>(unitOfDay(unit, day) - keys.m_firstUnit + 1));
        if (!keys.m_unitOfDay.empty())
            keys.m_windows = keys.m_unitOfDay.back() + 1ULL;
    }
    keys.m_size = keys.m_windows;
    for (const int column : schema.attributes) {
        const auto dictionary = static_cast<std::size_t>(schema.codeDictionary[static_cast<std::size_t>(column)]);
        const std::uint64_t values = dictionaries[dictionary].size();
        keys.m_sizes.push_back(values);
        keys.m_strides.push_back(keys.m_size);
        if (keys.m_size > (1ULL << 62U) / values)
            return Error{ErrorKind::Invalid, "The attributes have too many values to be combined. Leave out the one with the most values.", {}};
        keys.m_size *= values;
    }
    keys.m_denseSize = keys.m_size <= kMostDense ? static_cast<std::size_t>(keys.m_size) : 0;
    return keys;
}

LeafKeys::Parts LeafKeys::partsOf(const std::vector<std::vector<std::uint32_t>> &localToGlobal) const
{
    Parts parts;
    for (std::size_t a = 0; a < m_sizes.size(); ++a) {
        const auto column = static_cast<std::size_t>(m_schema->attributes[a]);
        const auto &map = localToGlobal[static_cast<std::size_t>(m_schema->codeDictionary[column])];
        std::vector<std::uint64_t> part;
        for (const std::uint32_t global : map)
            part.push_back(global * m_strides[a]);
        parts.push_back(std::move(part));
    }
    return parts;
}

void LeafKeys::keysOf(const predictions::Chunk &chunk, const Parts &parts, std::size_t first, std::size_t count, std::uint64_t *keys) const
{
    if (m_windows == 1) {
        std::fill_n(keys, count, 0);
    } else {
        const std::int32_t *hours = chunk.hours.data() + first;
        const std::int32_t firstOfDays = m_firstDay * kHoursADay;
        for (std::size_t i = 0; i < count; ++i) {
            if (hours[i] == predictions::kNoTime)
                keys[i] = 0;
            else if (m_unit == WindowUnit::Hour)
                keys[i] = static_cast<std::uint64_t>(static_cast<std::int64_t>(hours[i]) - m_firstHour) + 1;
            else
                keys[i] = m_unitOfDay[static_cast<std::uint32_t>(hours[i] - firstOfDays) / static_cast<std::uint32_t>(kHoursADay)];
        }
    }
    for (std::size_t a = 0; a < parts.size(); ++a) {
        const std::uint64_t *part = parts[a].data();
        std::visit(
            [&](const auto &codes) {
                const auto *code = codes.data() + first;
                for (std::size_t i = 0; i < count; ++i)
                    keys[i] += part[code[i]];
            },
            chunk.codes[static_cast<std::size_t>(m_schema->attributes[a])]);
    }
}

Leaf LeafKeys::leafOf(std::uint64_t key) const
{
    Leaf leaf;
    const std::uint64_t window = key % m_windows;
    leaf.hasTime = m_windows == 1 ? m_unit == WindowUnit::None : window > 0;
    leaf.unit = m_windows > 1 && window > 0 ? m_firstUnit + static_cast<std::int64_t>(window) - 1 : 0;
    for (std::size_t a = 0; a < m_sizes.size(); ++a)
        leaf.codes.push_back(static_cast<std::uint32_t>(key / m_strides[a] % m_sizes[a]));
    return leaf;
}

void KeySet::add(const std::uint64_t *keys, std::size_t count)
{
    if (m_dense.empty()) {
        for (std::size_t i = 0; i < count; ++i)
            m_sparse.try_emplace(keys[i], true);
        return;
    }
    for (std::size_t i = 0; i < count; ++i)
        m_dense[keys[i]] = 1;
}

void KeySet::merge(const KeySet &other)
{
    for (std::size_t i = 0; i < m_dense.size(); ++i)
        m_dense[i] = m_dense[i] | other.m_dense[i];
    for (const auto &[key, is] : other.m_sparse)
        m_sparse.try_emplace(key, is);
}

std::vector<std::uint64_t> KeySet::sorted() const
{
    std::vector<std::uint64_t> keys;
    for (std::size_t i = 0; i < m_dense.size(); ++i)
        if (m_dense[i])
            keys.push_back(i);
    for (const auto &[key, is] : m_sparse)
        keys.push_back(key);
    std::ranges::sort(keys);
    return keys;
}

KeyIndex::KeyIndex(const LeafKeys &keys, const std::vector<std::uint64_t> &sorted) : m_dense(keys.denseSize())
{
    std::uint32_t next = 0;
    for (const std::uint64_t key : sorted) {
        if (m_dense.empty())
            m_sparse.emplace(key, next);
        else
            m_dense[key] = next;
        ++next;
    }
}

} // namespace countersign::scoretables
