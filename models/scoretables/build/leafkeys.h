#pragma once

#include "models/predictions/log.h"
#include "models/scoretables/table.h"

#include <unordered_map>

namespace countersign::scoretables {

/// Says in which leaf a row belongs: window and attribute values as digits of one number, and then only the numbers that occur.
class LeafKeys
{
public:
    /// `firstHour`, `lastHour`: of rows with a time; first > last when there are none.
    /// Invalid: so many windows and values that their number overflows.
    static Result<LeafKeys> make(const predictions::Schema &schema, const std::vector<std::vector<std::string>> &dictionaries, WindowUnit unit,
                                 std::int32_t firstHour, std::int32_t lastHour);

    /// What a thread's codes add to a key: [attribute][code].
    using Parts = std::vector<std::vector<std::uint64_t>>;
    Parts partsOf(const std::vector<std::vector<std::uint32_t>> &localToGlobal) const;

    /// Keys of the rows [first, first + count) of a chunk.
    void keysOf(const predictions::Chunk &chunk, const Parts &parts, std::size_t first, std::size_t count, std::uint64_t *keys) const;

    /// Below this, keys are few enough for plain tables; 0: they are not.
    std::size_t denseSize() const { return m_denseSize; }
    std::uint64_t size() const { return m_size; }
    Leaf leafOf(std::uint64_t key) const;

private:
    const predictions::Schema *m_schema = nullptr;
    WindowUnit m_unit = WindowUnit::None;
    std::int64_t m_firstUnit = 0;
    std::int32_t m_firstDay = 0;
    std::int32_t m_firstHour = 0;
    std::vector<std::uint32_t> m_unitOfDay; ///< from m_firstDay on; counted from 1, 0 is "no time"
    std::uint64_t m_windows = 1;
    std::vector<std::uint64_t> m_sizes;   ///< values of each attribute
    std::vector<std::uint64_t> m_strides;
    std::uint64_t m_size = 1;
    std::size_t m_denseSize = 0;
};

/// The order of keys, and so of the leaves of every table: the last attribute first, time last, rows without a time before the others.
struct LeafOrder {
    bool operator()(const Leaf &a, const Leaf &b) const
    {
        for (std::size_t i = a.codes.size(); i-- > 0;)
            if (a.codes[i] != b.codes[i])
                return a.codes[i] < b.codes[i];
        return a.hasTime != b.hasTime ? b.hasTime : a.unit < b.unit;
    }
};

/// Which keys occur; one per thread, merged.
class KeySet
{
public:
    explicit KeySet(const LeafKeys &keys) : m_dense(keys.denseSize()) {}
    void add(const std::uint64_t *keys, std::size_t count);
    void merge(const KeySet &other);
    std::vector<std::uint64_t> sorted() const;

private:
    std::vector<std::uint8_t> m_dense;
    std::unordered_map<std::uint64_t, bool> m_sparse;
};

/// A key's place among those that occur.
class KeyIndex
{
public:
    KeyIndex(const LeafKeys &keys, const std::vector<std::uint64_t> &sorted);
    std::uint32_t operator[](std::uint64_t key) const { return m_dense.empty() ? m_sparse.find(key)->second : m_dense[key]; }

private:
    std::vector<std::uint32_t> m_dense;
    std::unordered_map<std::uint64_t, std::uint32_t> m_sparse;
};

} // namespace countersign::scoretables
