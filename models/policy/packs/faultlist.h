#pragma once

#include "models/policy/authority.h"
#include "models/policy/signing.h"
#include "models/yaml/fault.h"
#include "models/yaml/node.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::policy {

/// Where a part of a pack stands in its file: what is not there is said of what it would stand in.
class Place
{
public:
    explicit Place(const yaml::Node *node) : m_node(node) {}
    Place in(std::string_view member) const
    {
        const yaml::Node *node = m_node ? m_node->find(member) : nullptr;
        return node ? Place(node) : *this;
    }
    Place at(std::size_t index) const { return isList() && index < m_node->items.size() ? Place(&m_node->items[index]) : *this; }
    /// The element of a list that says this.
    Place of(std::string_view text) const
    {
        if (isList())
            for (const yaml::Node &item : m_node->items)
                if (item.kind == yaml::Node::Kind::Scalar && item.text == text)
                    return Place(&item);
        return *this;
    }
    yaml::Fault fault(std::string sentence) const { return {m_node ? m_node->line : 0, m_node ? m_node->column : 0, std::move(sentence)}; }

private:
    bool isList() const { return m_node && m_node->kind == yaml::Node::Kind::Sequence; }
    const yaml::Node *m_node;
};

/// Faults as they are found.
class FaultList
{
public:
    void add(const Place &place, std::string sentence) { m_faults.push_back(place.fault(std::move(sentence))); }

    /// Ids that stand a second time in a list. `what`: "A stage".
    template<class T, class Id>
    void uniqueIds(const std::vector<T> &list, const Place &place, Id id, std::string_view what)
    {
        for (std::size_t i = 0; i < list.size(); ++i)
            for (std::size_t j = 0; j < i; ++j)
                if (const auto &name = list[i].*id; !isEmpty(name) && name == list[j].*id) {
                    add(place.at(i), std::string(what) + " with the id \"" + text(name) + "\" was there before.");
                    break;
                }
    }
    /// Roles in which nobody signs.
    void signingRoles(const std::vector<Role> &roles, const Place &place)
    {
        for (const Role role : roles)
            if (!signsReviews(role))
                add(place.of(roleKey(role)), "Reviews are not signed by " + roleWithArticle(role) + "; validators, compliance officers, approvers and owners sign them.");
    }
    /// Ids that nothing has. `find`: a finder of Pack; `what`: "evidence".
    template<class Find>
    void knownIds(const std::vector<std::string> &ids, const Place &place, Find find, std::string_view what)
    {
        for (const std::string &id : ids)
            if (!find(id))
                add(place.of(id), "There is no " + std::string(what) + " \"" + id + "\" in this pack.");
    }

    std::vector<yaml::Fault> take() { return std::move(m_faults); }

private:
    static bool isEmpty(const std::string &id) { return id.empty(); }
    static bool isEmpty(int) { return false; }
    static std::string text(const std::string &id) { return id; }
    static std::string text(int id) { return std::to_string(id); }

    std::vector<yaml::Fault> m_faults;
};

} // namespace countersign::policy
