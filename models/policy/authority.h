#pragma once

#include "models/domain/people.h"

#include <span>
#include <string>
#include <vector>

namespace countersign::policy {

/// The first of these roles that the person holds: the one in which they act. Denied: none of them; the sentence begins with `what`
/// ("Limits are set") and says who may.
Result<Role> actingRole(const Person &person, std::span<const Role> roles, const std::string &what);

/// "a validator, a compliance officer or an administrator".
std::string roleChoice(std::span<const Role> roles);

/// The role as it stands in a sentence: "an owner", "a compliance officer", "an IT operator".
std::string roleWithArticle(Role role);

} // namespace countersign::policy
