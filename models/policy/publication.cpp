#include "models/policy/publication.h"

#include "models/policy/authority.h"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

namespace countersign::policy {

namespace {

constexpr std::array kPublishers{Role::ComplianceOfficer};

std::vector<long> numbersOf(const std::string &version)
{
    std::vector<long> numbers;
    std::istringstream parts(version);
    for (std::string part; std::getline(parts, part, '.');)
        numbers.push_back(part.empty() ? 0 : std::strtol(part.c_str(), nullptr, 10));
    return numbers;
}

/// The last revision of each of the pack's limits, by its id in the pack. Where one was retired and begun anew, the newer.
std::map<std::string, const Rule *> currentRules(const std::string &pack, std::span<const Rule> revisions)
{
    std::map<std::string, const Rule *> current;
    for (const Rule &rule : revisions) {
        if (!rule.origin || rule.origin->pack != pack)
            continue;
        const Rule *&known = current[rule.origin->rule];
        if (!known || known->id == rule.id || known->isRetired)
            known = &rule;
    }
    return current;
}

Rule retired(const Rule &rule, Instant from)
{
    Rule over = rule;
    over.revision += 1;
    over.inForceFrom = from;
    over.isRetired = true;
    return over;
}

/// The same limit, whatever its revision and whichever version of the pack brought it.
bool isSame(Rule a, Rule b)
{
    a.revision = b.revision;
    a.inForceFrom = b.inForceFrom;
    a.origin = b.origin;
    return a == b;
}

} // namespace

Result<Role> mayPublish(const Person &person) { return actingRole(person, kPublishers, "Packs are published, retired and chosen"); }

bool isLaterVersion(const std::string &version, const std::string &than) { return numbersOf(version) > numbersOf(than); }

std::vector<Rule> publishedRules(const Pack &pack, std::span<const Rule> revisions, Instant effectiveFrom, const std::function<RuleId()> &newId)
{
    const auto current = currentRules(pack.id, revisions);
    std::vector<Rule> set;
    for (const PackRule &one : pack.rules) {
        Rule rule = one.limit;
        rule.origin = Rule::Origin{pack.id, pack.version, one.id};
        rule.inForceFrom = effectiveFrom;
        const auto found = current.find(one.id);
        const Rule *known = found == current.end() ? nullptr : found->second;
        if (known && !known->isRetired && known->metric != rule.metric) {
            set.push_back(retired(*known, effectiveFrom));
            known = nullptr;
        }
        if (known && known->metric == rule.metric) {
            rule.id = known->id;
            rule.revision = known->revision + 1;
            if (!known->isRetired && isSame(rule, *known))
                continue;
        } else {
            rule.id = newId();
            rule.revision = 1;
        }
        set.push_back(std::move(rule));
    }
    for (const auto &[id, rule] : current)
        if (!rule->isRetired && !pack.rule(id))
            set.push_back(retired(*rule, effectiveFrom));
    return set;
}

std::vector<Rule> retiredRules(const std::string &pack, std::span<const Rule> revisions, Instant from)
{
    std::vector<Rule> set;
    for (const auto &[id, rule] : currentRules(pack, revisions))
        if (!rule->isRetired)
            set.push_back(retired(*rule, from));
    return set;
}

} // namespace countersign::policy
