#pragma once

#include "models/domain/judgement.h"
#include "models/domain/people.h"
#include "models/policy/packs/pack.h"

#include <functional>
#include <span>
#include <vector>

namespace countersign::policy {

/// The role in which a person may publish and retire packs, and choose which govern a model.
Result<Role> mayPublish(const Person &person);

/// Whether one version of a pack is later than another: numbers with dots, compared one by one.
bool isLaterVersion(const std::string &version, const std::string &than);

/// The revisions of limits that a publication sets: new ones, changed ones, and those retired that the pack no longer has. What stays as it is gets
/// none. A limit whose metric changes is retired, and a new one begins.
/// `revisions`: of all limits there are, by id and revision. `newId` makes ids.
std::vector<Rule> publishedRules(const Pack &pack, std::span<const Rule> revisions, Instant effectiveFrom, const std::function<RuleId()> &newId);
/// The revisions that end a pack's limits.
std::vector<Rule> retiredRules(const std::string &pack, std::span<const Rule> revisions, Instant from);

} // namespace countersign::policy
