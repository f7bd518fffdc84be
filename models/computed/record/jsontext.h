#pragma once

#include "models/base/json.h"
#include "models/base/number.h"
#include "models/crypto/sha256.h"

#include <cmath>
#include <cstdlib>
#include <functional>
#include <utility>

/// Internal to models/computed: values and members of canonical JSON, written. jsonnodes.h reads them.
namespace countersign::computed {

inline json::Value numberValue(double value)
{
    return std::isfinite(value) ? json::Value(json::Number{number::ecmaScript(value)}) : json::Value(nullptr);
}

/// Of a column's values, which may be infinite: those are texts.
inline json::Value edgeValue(double value)
{
    return std::isfinite(value) ? numberValue(value) : json::Value(number::shortest(value));
}

inline json::Array numberArray(const std::vector<double> &numbers)
{
    json::Array array;
    for (const double value : numbers)
        array.emplace_back(edgeValue(value));
    return array;
}

inline json::Array textArray(const std::vector<std::string> &texts)
{
    json::Array array;
    for (const auto &entry : texts)
        array.emplace_back(entry);
    return array;
}

/// Text on its way to whoever takes it, piece by piece: a set of many cells never stands in memory as text unless somebody wants it so.
class TextFlow
{
public:
    using Take = std::function<void(std::string_view piece)>;
    explicit TextFlow(Take take) : m_take(std::move(take)) {}

    TextFlow &operator<<(std::string_view text)
    {
        m_text += text;
        return *this;
    }
    void giveOn()
    {
        if (!m_text.empty())
            m_take(m_text);
        m_text.clear();
    }
    void giveOnIfLong()
    {
        constexpr std::size_t kLong = 1U << 18U;
        if (m_text.size() > kLong)
            giveOn();
    }

private:
    Take m_take;
    std::string m_text;
};

/// Members as text, in the order given, which has to be that of their names.
class ObjectText
{
public:
    explicit ObjectText(TextFlow &to) : m_to(to) { m_to << "{"; }
    void member(std::string_view name, const json::Value &value)
    {
        key(name);
        add(value);
    }
    /// A list, an entry at a time.
    template<class Entries, class Write>
    void list(std::string_view name, const Entries &entries, const Write &write)
    {
        key(name);
        m_to << "[";
        bool isFirst = true;
        for (const auto &entry : entries) {
            if (!std::exchange(isFirst, false))
                m_to << ",";
            add(write(entry));
            m_to.giveOnIfLong();
        }
        m_to << "]";
    }
    template<class Entries, class Write>
    void listUnlessEmpty(std::string_view name, const Entries &entries, const Write &write)
    {
        if (!entries.empty())
            list(name, entries, write);
    }
    void end()
    {
        m_to << "}";
        m_to.giveOn();
    }

private:
    void key(std::string_view name)
    {
        if (!std::exchange(m_isFirst, false))
            m_to << ",";
        m_to << "\"" << name << "\":";
    }
    void add(const json::Value &value)
    {
        const auto bytes = json::canonical(value);
        if (!bytes)
            std::abort(); // numberValue() lets no number through that JSON does not have
        m_to << *bytes;
    }

    TextFlow &m_to;
    bool m_isFirst = true;
};

/// The digest of writeComputedRows() on the way: its members stand in the whole as they stand there.
class RowsDigest
{
public:
    RowsDigest() { m_hash.add("{"); }

    /// What write() lets flow is of the rows.
    template<class Write>
    void add(TextFlow &flow, const Write &write)
    {
        flow.giveOn();
        m_isOfRows = true;
        m_isAtStart = true;
        write();
        flow.giveOn();
        m_isOfRows = false;
    }
    /// Every piece of the whole.
    void see(std::string_view piece)
    {
        if (!m_isOfRows)
            return;
        if (std::exchange(m_isAtStart, false)) { // the comma before it is that of the whole
            if (piece.starts_with(','))
                piece.remove_prefix(1);
            if (!std::exchange(m_isFirst, false))
                m_hash.add(",");
        }
        m_hash.add(piece);
    }
    Digest finish()
    {
        m_hash.add("}");
        return m_hash.finish();
    }

private:
    crypto::Sha256 m_hash;
    bool m_isOfRows = false;
    bool m_isAtStart = false;
    bool m_isFirst = true;
};

} // namespace countersign::computed
