#pragma once

#include "models/domain/judgement.h"
#include "models/domain/people.h"

#include <optional>
#include <string>
#include <vector>

namespace countersign::policy {

/// Whether reviews are signed in this role at all.
bool signsReviews(Role role);

/// The roles in which a person may sign a review, most fitting first; empty when none.
std::vector<Role> signingRoles(const Person &person);

/// Whether this person may sign with this decision and these words now. Denied: no fitting role or key; the sentence says what to do.
/// Invalid: no meaning, or a rejection without a comment.
Status maySign(const Person &person, Role role, Decision decision, const std::string &meaning, const std::string &comment);

/// The words that stand for a decision in a role when the signer chose none of their own:
/// "Validated: independent validation performed".
std::string defaultMeaning(Role role, Decision decision);

/// The sentence that is shown before signing and becomes part of the signed bytes: who, in which role, as what, over which version,
/// with which adverse facts. The time is added where it is known.
std::string signingSentence(const Person &person, Role role, Decision decision, const std::string &meaning, const std::string &model,
                            const std::string &version, const std::vector<std::string> &adverseFacts);

} // namespace countersign::policy
