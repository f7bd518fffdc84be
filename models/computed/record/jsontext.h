#pragma once

#include "models/base/json.h"
#include "models/base/number.h"
#include "models/crypto/sha256.h"

#include <cmath>
#include <cstdlib>
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

/// Members as text, in the order given, which has to be that of their names.
class ObjectText
{
public:
    explicit ObjectText(std::string &to) : m_to(to) { m_to += '{'; }
    void member(std::string_view name, const json::Value &value)
    {
        key(name);
        add(value);
    }
    /// A list, an entry at a time: a set of many cells never stands in memory twice.
    template<class Entries, class Write>
    void list(std::string_view name, const Entries &entries, const Write &write)
    {
        key(name);
        m_to += '[';
        bool isFirst = true;
        for (const auto &entry : entries) {
            if (!std::exchange(isFirst, false))
                m_to += ',';
            add(write(entry));
        }
        m_to += ']';
    }
    template<class Entries, class Write>
    void listUnlessEmpty(std::string_view name, const Entries &entries, const Write &write)
    {
        if (!entries.empty())
            list(name, entries, write);
    }
    void end() { m_to += '}'; }

private:
    void key(std::string_view name)
    {
        if (m_to.back() != '{')
            m_to += ',';
        m_to.append("\"").append(name).append("\":");
    }
    void add(const json::Value &value)
    {
        const auto bytes = json::canonical(value);
        if (!bytes)
            std::abort(); // numberValue() lets no number through that JSON does not have
        m_to += *bytes;
    }

    std::string &m_to;
};

/// The digest of writeComputedRows() on the way: its members stand in the whole as they stand there.
class RowsDigest
{
public:
    explicit RowsDigest(const std::string &text) : m_text(text) { m_hash.add("{"); }
    template<class Write>
    void add(const Write &write)
    {
        const std::size_t begin = m_text.size();
        write();
        std::string_view members = std::string_view(m_text).substr(begin);
        if (members.starts_with(','))
            members.remove_prefix(1);
        if (members.empty())
            return;
        if (!std::exchange(m_isFirst, false))
            m_hash.add(",");
        m_hash.add(members);
    }
    Digest finish()
    {
        m_hash.add("}");
        return m_hash.finish();
    }

private:
    const std::string &m_text;
    crypto::Sha256 m_hash;
    bool m_isFirst = true;
};

} // namespace countersign::computed
