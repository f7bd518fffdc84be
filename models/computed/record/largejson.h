#pragma once

#include "models/computed/record/jsonnodes.h"

/// Internal to models/computed: an object of long lists, read an entry at a time. As values, a text takes ten times its room.
///
/// Cutting looks at brackets and quotes alone, without white space, which canonical JSON does not have. What is cut wrongly is no JSON, which is found
/// when it is read.
namespace countersign::computed {

/// Behind the value that begins the text; nothing: it does not end.
inline std::optional<std::size_t> endOfValue(std::string_view text)
{
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        switch (text[at]) {
        case '"':
            for (++at; at < text.size() && text[at] != '"'; ++at)
                at += text[at] == '\\' ? 1U : 0U;
            break;
        case '{':
        case '[': ++depth; continue;
        case '}':
        case ']':
            if (depth == 0)
                return at;
            --depth;
            break;
        case ',':
            if (depth == 0)
                return at;
            break;
        default: break;
        }
    }
    return depth == 0 ? std::optional(text.size()) : std::nullopt;
}

/// Takes the values between two brackets, one after the other. False: there are no such brackets, or no value between commas.
template<class Take>
bool forEachValue(std::string_view text, char open, char close, const Take &take)
{
    if (text.size() < 2 || text.front() != open || text.back() != close)
        return false;
    text = text.substr(1, text.size() - 2);
    while (!text.empty()) {
        const auto end = endOfValue(text);
        if (!end || *end == 0 || (*end < text.size() && (text[*end] != ',' || *end + 1 == text.size())))
            return false;
        if (!take(text.substr(0, *end)))
            return false;
        text.remove_prefix(std::min(text.size(), *end + 1));
    }
    return true;
}

struct MemberText {
    std::string_view name; ///< as written, without its quotes
    std::string_view value;
};

/// The members of an object; nothing: it is none.
inline std::optional<std::vector<MemberText>> membersOf(std::string_view object)
{
    std::vector<MemberText> members;
    const bool isObject = forEachValue(object, '{', '}', [&](std::string_view member) {
        const std::size_t end = member.starts_with('"') ? member.find("\":", 1) : std::string_view::npos;
        if (end == std::string_view::npos)
            return false;
        members.push_back({member.substr(1, end - 1), member.substr(end + 2)});
        return true;
    });
    return isObject ? std::optional(std::move(members)) : std::nullopt;
}

/// What Members is, where members are texts.
class LargeMembers
{
public:
    /// Borrows all.
    LargeMembers(Complaint &complaint, const std::vector<MemberText> &members, const json::Limits &limits)
        : m_complaint(complaint), m_members(members), m_limits(limits), m_isTaken(members.size())
    {
    }
    LargeMembers(const LargeMembers &) = delete;
    LargeMembers &operator=(const LargeMembers &) = delete;
    ~LargeMembers()
    {
        for (std::size_t i = 0; i < m_isTaken.size(); ++i)
            if (!m_isTaken[i])
                m_complaint.note(place(m_members[i].name), "This member is not known here.");
    }

    template<class Read>
    void optional(std::string_view name, const Read &read)
    {
        if (const MemberText *member = taken(name))
            readValue(member->value, place(name), read);
    }
    template<class Read>
    void required(std::string_view name, const Read &read)
    {
        if (const MemberText *member = taken(name))
            readValue(member->value, place(name), read);
        else
            m_complaint.note(place(name), "This member is missing.");
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
    /// A list of objects, each read and forgotten before the next.
    template<class Read>
    void list(std::string_view name, bool isRequired, const Read &read)
    {
        const MemberText *member = taken(name);
        if (!member && isRequired)
            m_complaint.note(place(name), "This member is missing.");
        if (!member)
            return;
        const Path outer = place(name);
        std::size_t index = 0;
        const bool isList = forEachValue(member->value, '[', ']', [&](std::string_view entry) {
            readValue(entry, Path{&outer, {}, index++, true}, read);
            return !m_complaint.error();
        });
        if (!isList)
            m_complaint.note(outer, "A list is expected here.");
    }

private:
    Path place(std::string_view name) const { return {&m_top, name, 0, false}; }
    const MemberText *taken(std::string_view name)
    {
        const auto found = std::ranges::find(m_members, name, &MemberText::name);
        if (found == m_members.end())
            return nullptr;
        m_isTaken[static_cast<std::size_t>(found - m_members.begin())] = true;
        return &*found;
    }
    template<class Read>
    void readValue(std::string_view text, const Path &path, const Read &read)
    {
        const auto value = json::parse(text, m_limits);
        if (value)
            read(Node(m_complaint, &*value, path));
        else
            m_complaint.note(path, value.error().message);
    }

    Complaint &m_complaint;
    const std::vector<MemberText> &m_members;
    const json::Limits &m_limits;
    std::vector<bool> m_isTaken;
    const Path m_top;
};

} // namespace countersign::computed
