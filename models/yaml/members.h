#pragma once

#include "models/base/time.h"
#include "models/yaml/fault.h"
#include "models/yaml/node.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::yaml {

/// Members of a mapping as values. What is missing, wrong or unknown becomes a fault in the list, and reading goes on with a default, so
/// that a file's author sees everything at once. Call finish() last.
class MemberReader
{
public:
    /// `what` the mapping is, as sentences name it: "a tier". A node that is no mapping is a fault, and has no members.
    MemberReader(const Node &node, std::string what, std::vector<Fault> &faults);

    /// The member, or nullptr where it is absent; from now on its name is known.
    const Node *find(std::string_view name);
    const Node *required(std::string_view name); ///< the same; its absence is a fault

    std::string text(std::string_view name);    ///< required: a line, or lines folded into one; not empty
    std::string textOr(std::string_view name);  ///< empty when absent
    std::string id(std::string_view name);      ///< required: letters, digits, '.', '-' and '_', at most 64
    std::string idOr(std::string_view name);
    std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high); ///< required, within both
    std::optional<std::int64_t> integerOrNone(std::string_view name, std::int64_t low, std::int64_t high);
    std::optional<double> realOrNone(std::string_view name);
    bool flagOr(std::string_view name, bool otherwise);      ///< `true` or `false`
    Instant date(std::string_view name);                     ///< required: "2026-12-01"
    std::optional<Instant> dateOrNone(std::string_view name);

    /// The elements of a list; none when it is absent.
    const std::vector<Node> &items(std::string_view name);
    std::vector<std::string> ids(std::string_view name); ///< each once
    std::vector<int> integers(std::string_view name, int low, int high); ///< each once, ascending in the result

    /// One of some words: `parse` gives the value or says which there are.
    template<class T>
    T choice(std::string_view name, Result<T> (*parse)(std::string_view));
    template<class T>
    std::optional<T> choiceOrNone(std::string_view name, Result<T> (*parse)(std::string_view));
    template<class T>
    std::vector<T> choices(std::string_view name, Result<T> (*parse)(std::string_view)); ///< of a list, each once

    /// What a scalar says where a line, or a finite number, is wanted; a fault under this name otherwise.
    std::optional<std::string> line(const Node &node, std::string_view name);
    std::optional<double> real(const Node &node, std::string_view name);

    void fail(const Node &node, std::string sentence);
    /// "`name` is to be …, it is …."
    void failKind(const Node &node, std::string_view name, std::string_view kind);
    /// Members that nobody asked for are faults.
    void finish();

private:
    void failTwice(const Node &node, std::string_view name);

    const Node &m_node;
    std::string m_what;
    std::vector<Fault> &m_faults;
    std::vector<std::string> m_known;
};

template<class T>
std::optional<T> MemberReader::choiceOrNone(std::string_view name, Result<T> (*parse)(std::string_view))
{
    const Node *node = find(name);
    const auto word = node ? line(*node, name) : std::nullopt;
    if (!word)
        return {};
    const Result<T> value = parse(*word);
    if (value)
        return *value;
    fail(*node, "`" + std::string(name) + "`: " + value.error().message);
    return {};
}

template<class T>
T MemberReader::choice(std::string_view name, Result<T> (*parse)(std::string_view))
{
    return required(name) ? choiceOrNone(name, parse).value_or(T{}) : T{};
}

template<class T>
std::vector<T> MemberReader::choices(std::string_view name, Result<T> (*parse)(std::string_view))
{
    std::vector<T> values;
    for (const Node &node : items(name)) {
        const auto word = line(node, name);
        if (!word)
            continue;
        const Result<T> value = parse(*word);
        if (!value)
            fail(node, "`" + std::string(name) + "`: " + value.error().message);
        else if (std::find(values.begin(), values.end(), *value) != values.end())
            failTwice(node, name);
        else
            values.push_back(*value);
    }
    return values;
}

} // namespace countersign::yaml
