#include "models/yaml/members.h"

#include "models/base/number.h"

#include <charconv>
#include <cmath>

namespace countersign::yaml {

namespace {

constexpr std::size_t kLongestText = 4000;
constexpr std::size_t kLongestId = 64;
constexpr std::size_t kMostIds = 500;

std::string quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

bool isId(std::string_view text)
{
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'; };
    return !text.empty() && text.size() <= kLongestId && std::ranges::all_of(text, isLetter);
}

std::optional<std::int64_t> wholeNumber(const Node &node)
{
    std::int64_t value = 0;
    const char *end = node.text.data() + node.text.size();
    const auto read = std::from_chars(node.text.data(), end, value);
    if (node.kind != Node::Kind::Scalar || !node.isPlain || read.ec != std::errc() || read.ptr != end)
        return {};
    return value;
}

std::string rangeText(std::int64_t low, std::int64_t high) { return "a whole number from " + std::to_string(low) + " to " + std::to_string(high); }

/// Midnight of a day written "2026-12-01" and in no other way.
std::optional<Instant> dayOf(std::string_view text)
{
    const auto day = text.size() == 10 ? parseTime(text) : Result<Instant>(Error{});
    return day && formatDate(*day) == text ? std::optional(*day) : std::nullopt;
}

} // namespace

MemberReader::MemberReader(const Node &node, std::string what, std::vector<Fault> &faults) : m_node(node), m_what(std::move(what)), m_faults(faults)
{
    if (node.kind != Node::Kind::Mapping)
        fail(node, "Here is to be " + m_what + ", as a mapping of names to values; it is " + describe(node) + ".");
}

void MemberReader::fail(const Node &node, std::string sentence) { m_faults.push_back({node.line, node.column, std::move(sentence)}); }

void MemberReader::failKind(const Node &node, std::string_view name, std::string_view kind)
{
    fail(node, quoted(name) + " is to be " + std::string(kind) + ", it is " + describe(node) + ".");
}

void MemberReader::failTwice(const Node &node, std::string_view name) { fail(node, quoted(name) + " names " + describe(node) + " a second time."); }

const Node *MemberReader::find(std::string_view name)
{
    if (std::ranges::find(m_known, name) == m_known.end())
        m_known.emplace_back(name);
    return m_node.find(name);
}

const Node *MemberReader::required(std::string_view name)
{
    const Node *node = find(name);
    if (!node && m_node.kind == Node::Kind::Mapping)
        fail(m_node, quoted(name) + " is missing; " + m_what + " has one.");
    return node;
}

std::optional<std::string> MemberReader::line(const Node &node, std::string_view name)
{
    std::string text = node.text;
    while (text.ends_with('\n') || text.ends_with(' '))
        text.pop_back();
    if (node.kind != Node::Kind::Scalar || text.empty()) {
        failKind(node, name, "text");
        return {};
    }
    if (text.find('\n') != std::string::npos) {
        fail(node, quoted(name) + " is to be one line, or lines folded into one (\">\").");
        return {};
    }
    if (text.size() > kLongestText) {
        fail(node, quoted(name) + " is longer than " + std::to_string(kLongestText) + " bytes.");
        return {};
    }
    return text;
}

std::string MemberReader::text(std::string_view name) { return required(name) ? textOr(name) : std::string(); }

std::string MemberReader::textOr(std::string_view name)
{
    const Node *node = find(name);
    return node ? line(*node, name).value_or(std::string()) : std::string();
}

std::string MemberReader::id(std::string_view name) { return required(name) ? idOr(name) : std::string(); }

std::string MemberReader::idOr(std::string_view name)
{
    const Node *node = find(name);
    if (!node)
        return {};
    if (node->kind == Node::Kind::Scalar && isId(node->text))
        return node->text;
    failKind(*node, name, "an id of letters, digits, '.', '-' and '_', at most " + std::to_string(kLongestId));
    return {};
}

std::int64_t MemberReader::integer(std::string_view name, std::int64_t low, std::int64_t high)
{
    return required(name) ? integerOrNone(name, low, high).value_or(low) : low;
}

std::optional<std::int64_t> MemberReader::integerOrNone(std::string_view name, std::int64_t low, std::int64_t high)
{
    const Node *node = find(name);
    if (!node)
        return {};
    const auto value = wholeNumber(*node);
    if (value && *value >= low && *value <= high)
        return value;
    failKind(*node, name, rangeText(low, high));
    return {};
}

std::optional<double> MemberReader::realOrNone(std::string_view name)
{
    const Node *node = find(name);
    return node ? real(*node, name) : std::nullopt;
}

std::optional<double> MemberReader::real(const Node &node, std::string_view name)
{
    const auto value = node.kind == Node::Kind::Scalar && node.isPlain ? number::parse(node.text) : Result<double>(Error{});
    if (value && std::isfinite(*value))
        return *value;
    failKind(node, name, "a number");
    return {};
}

bool MemberReader::flagOr(std::string_view name, bool otherwise)
{
    const Node *node = find(name);
    if (!node)
        return otherwise;
    if (node->kind == Node::Kind::Scalar && node->isPlain && (node->text == "true" || node->text == "false"))
        return node->text == "true";
    failKind(*node, name, "true or false");
    return otherwise;
}

Instant MemberReader::date(std::string_view name) { return required(name) ? dateOrNone(name).value_or(Instant{}) : Instant{}; }

std::optional<Instant> MemberReader::dateOrNone(std::string_view name)
{
    const Node *node = find(name);
    if (!node)
        return {};
    const auto day = node->kind == Node::Kind::Scalar ? dayOf(node->text) : std::nullopt;
    if (!day)
        failKind(*node, name, "a day (2026-12-01)");
    return day;
}

const std::vector<Node> &MemberReader::items(std::string_view name)
{
    static const std::vector<Node> kNone;
    const Node *node = find(name);
    if (!node || node->kind == Node::Kind::Sequence)
        return node ? node->items : kNone;
    failKind(*node, name, "a list");
    return kNone;
}

std::vector<std::string> MemberReader::ids(std::string_view name)
{
    std::vector<std::string> ids;
    for (const Node &node : items(name)) {
        if (ids.size() == kMostIds) {
            fail(node, quoted(name) + " names more than " + std::to_string(kMostIds) + ".");
            break;
        }
        if (node.kind != Node::Kind::Scalar || !isId(node.text))
            failKind(node, name, "a list of ids");
        else if (std::ranges::find(ids, node.text) != ids.end())
            failTwice(node, name);
        else
            ids.push_back(node.text);
    }
    return ids;
}

std::vector<int> MemberReader::integers(std::string_view name, int low, int high)
{
    std::vector<int> values;
    for (const Node &node : items(name)) {
        const auto value = wholeNumber(node);
        if (!value || *value < low || *value > high)
            failKind(node, name, "a list of whole numbers from " + std::to_string(low) + " to " + std::to_string(high));
        else if (std::ranges::find(values, static_cast<int>(*value)) != values.end())
            failTwice(node, name);
        else
            values.push_back(static_cast<int>(*value));
    }
    std::ranges::sort(values);
    return values;
}

void MemberReader::finish()
{
    std::string known;
    for (const std::string &name : m_known)
        known += (known.empty() ? "" : ", ") + name;
    for (const Node &name : m_node.names)
        if (std::ranges::find(m_known, name.text) == m_known.end())
            fail(name, describe(name) + " is not known here; " + m_what + " has: " + known + ".");
}

} // namespace countersign::yaml
