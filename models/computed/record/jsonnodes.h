#pragma once

#include "models/base/json.h"
#include "models/base/text.h"
#include "models/base/time.h"

#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <vector>

/// Internal to models/computed: strict reading of JSON whose every member is known, with the path of what is wrong.
namespace countersign::computed {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Where a value stands, as a chain of what is being read; text only where something is wrong.
struct Path {
    const Path *outer = nullptr;
    std::string_view name;
    std::size_t index = 0;
    bool isEntry = false;

    std::string text() const
    {
        const std::string before = outer ? outer->text() : "$";
        if (!outer)
            return before;
        return isEntry ? before + "[" + std::to_string(index) + "]" : before + "." + text::visible(name.substr(0, 60));
    }
};

/// The first thing that is wrong; whatever is read afterwards does not count.
class Complaint
{
public:
    void note(const Path &path, const std::string &message, ErrorKind kind = ErrorKind::Invalid)
    {
        if (!m_error)
            m_error = Error{kind, message, path.text()};
    }
    const std::optional<Error> &error() const { return m_error; }

private:
    std::optional<Error> m_error;
};

/// A value with its place. Reading gives something harmless where it is of the wrong kind, and complains.
class Node
{
public:
    Node(Complaint &complaint, const json::Value *value, const Path &path) : m_complaint(complaint), m_value(value), m_path(path) {}

    const Path &path() const { return m_path; }
    Complaint &complaint() const { return m_complaint; }
    const json::Value *value() const { return m_value; }
    bool isNull() const { return !m_value || m_value->isNull(); }

    const std::string &text() const
    {
        static const std::string empty;
        const std::string *text = m_value ? m_value->string() : nullptr;
        return text ? *text : wrong(empty, "A text is expected here.");
    }
    bool flag() const
    {
        const bool *flag = m_value ? m_value->boolean() : nullptr;
        return flag ? *flag : wrong(false, "true or false is expected here.");
    }
    double number() const
    {
        double value = 0;
        const json::Number *written = m_value ? m_value->number() : nullptr;
        if (written && readNumber(written->lexeme, value))
            return value;
        return wrong(0.0, "A number is expected here.");
    }
    /// Also the texts "Infinity" and "-Infinity".
    double edge() const
    {
        const std::string *text = m_value ? m_value->string() : nullptr;
        if (!text)
            return number();
        return *text == "Infinity" ? kInfinity : *text == "-Infinity" ? -kInfinity : wrong(0.0, "A number is expected here.");
    }
    std::uint64_t count() const
    {
        std::uint64_t value = 0;
        const json::Number *written = m_value ? m_value->number() : nullptr;
        return written && readNumber(written->lexeme, value) ? value : wrong(std::uint64_t(0), "A whole number is expected here.");
    }
    int small() const
    {
        const std::uint64_t value = count();
        return value <= static_cast<std::uint64_t>(std::numeric_limits<int>::max()) ? static_cast<int>(value) : wrong(0, "The number is too large.");
    }
    /// As an int where that is what is asked for.
    template<class Integer>
    Integer whole() const
    {
        if constexpr (std::is_same_v<Integer, int>)
            return small();
        else
            return static_cast<Integer>(count());
    }
    Instant time() const
    {
        const auto time = parseUtc(text());
        return time ? *time : wrong(Instant(), "A time is expected here.");
    }
    template<class Words>
    auto word(const Words &words) const
    {
        for (const auto &[word, meaning] : words)
            if (word == text())
                return meaning;
        return wrong(words.front().second, "The word is not one of those that may stand here.");
    }
    template<class Read>
    void each(const Read &read) const
    {
        const json::Array *array = m_value ? m_value->array() : nullptr;
        if (!array)
            return complain("A list is expected here.");
        for (std::size_t i = 0; i < array->size() && !m_complaint.error(); ++i) {
            const Path place{&m_path, {}, i, true};
            read(Node(m_complaint, &(*array)[i], place));
        }
    }
    /// Members of an object whose names are not ours.
    template<class Read>
    void eachMember(const Read &read) const
    {
        const json::Object *object = m_value ? m_value->object() : nullptr;
        if (!object)
            return complain("An object is expected here.");
        for (const auto &[name, value] : object->members()) {
            const Path place{&m_path, name, 0, false};
            read(name, Node(m_complaint, &value, place));
        }
    }
    std::vector<std::string> texts() const
    {
        std::vector<std::string> texts;
        each([&](const Node &entry) { texts.push_back(entry.text()); });
        return texts;
    }
    std::vector<double> edges() const
    {
        std::vector<double> numbers;
        each([&](const Node &entry) { numbers.push_back(entry.edge()); });
        return numbers;
    }
    void complain(const std::string &message, ErrorKind kind = ErrorKind::Invalid) const { m_complaint.note(m_path, message, kind); }

private:
    template<class T>
    const T &wrong(const T &otherwise, const char *message) const
    {
        complain(message);
        return otherwise;
    }
    template<class T>
    static bool readNumber(const std::string &text, T &value)
    {
        const char *end = text.data() + text.size();
        const auto [stop, code] = std::from_chars(text.data(), end, value);
        return code == std::errc() && stop == end;
    }

    Complaint &m_complaint;
    const json::Value *m_value;
    const Path &m_path;
};

/// An object whose members are all known: what nobody asked for is refused at the end.
class Members
{
public:
    explicit Members(const Node &node) : m_node(node), m_object(node.value() ? node.value()->object() : nullptr)
    {
        if (!m_object)
            node.complain("An object is expected here.");
        else
            m_isTaken.resize(m_object->size());
    }
    Members(const Members &) = delete;
    Members &operator=(const Members &) = delete;
    ~Members()
    {
        for (std::size_t i = 0; i < m_isTaken.size(); ++i)
            if (!m_isTaken[i])
                m_node.complaint().note(Path{&m_node.path(), m_object->members()[i].first, 0, false}, "This member is not known here.");
    }

    template<class Read>
    bool optional(std::string_view name, const Read &read)
    {
        const std::size_t size = m_isTaken.size();
        for (std::size_t i = 0; i < size; ++i) {
            const auto &[key, value] = m_object->members()[i];
            if (key != name)
                continue;
            m_isTaken[i] = true;
            const Path place{&m_node.path(), name, 0, false};
            read(Node(m_node.complaint(), &value, place));
            return true;
        }
        return false;
    }
    template<class Read>
    void required(std::string_view name, const Read &read)
    {
        if (!optional(name, read))
            m_node.complaint().note(Path{&m_node.path(), name, 0, false}, "This member is missing.");
    }

    // Plain members.
    void text(std::string_view name, std::string &to)
    {
        required(name, [&](const Node &node) { to = node.text(); });
    }
    void number(std::string_view name, double &to)
    {
        required(name, [&](const Node &node) { to = node.number(); });
    }
    template<class Integer>
    void count(std::string_view name, Integer &to)
    {
        required(name, [&](const Node &node) { to = node.whole<Integer>(); });
    }
    template<class Integer>
    void countIfAny(std::string_view name, Integer &to)
    {
        optional(name, [&](const Node &node) { to = node.whole<Integer>(); });
    }
    void flag(std::string_view name, bool &to)
    {
        required(name, [&](const Node &node) { to = node.flag(); });
    }
    void texts(std::string_view name, std::vector<std::string> &to)
    {
        required(name, [&](const Node &node) { to = node.texts(); });
    }
    void numberIfAny(std::string_view name, std::optional<double> &to)
    {
        optional(name, [&](const Node &node) { to = node.number(); });
    }
    const Node &node() const { return m_node; }

private:
    const Node &m_node;
    const json::Object *m_object;
    std::vector<bool> m_isTaken;
};

/// Words of an enumeration that writes its own, by trying them all.
template<class Enum, class Key>
std::map<std::string_view, Enum> wordsOf(int first, int last, const Key &key)
{
    std::map<std::string_view, Enum> words;
    for (int i = first; i <= last; ++i)
        if (const std::string_view word = key(static_cast<Enum>(i)); !word.empty())
            words.emplace(word, static_cast<Enum>(i));
    return words;
}

template<class Enum>
Enum wordIn(const std::map<std::string_view, Enum> &words, const Node &node)
{
    const auto found = words.find(node.text());
    if (found != words.end())
        return found->second;
    node.complain("The word is not one of those that may stand here.");
    return Enum();
}

} // namespace countersign::computed
