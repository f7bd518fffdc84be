#include "models/policy/signing.h"

#include "models/base/text.h"

#include <algorithm>
#include <array>

namespace countersign::policy {

namespace {
// A reader or an operator has nothing to attest; an administrator manages people and keys.
constexpr std::array kSigningRoles{Role::Validator, Role::ComplianceOfficer, Role::Approver, Role::Owner};

std::string joined(const std::vector<std::string> &parts)
{
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
    return text;
}

} // namespace

bool signsReviews(Role role) { return std::ranges::find(kSigningRoles, role) != kSigningRoles.end(); }

std::vector<Role> signingRoles(const Person &person)
{
    std::vector<Role> roles;
    for (const Role role : kSigningRoles)
        if (person.is(role))
            roles.push_back(role);
    return roles;
}

Status maySign(const Person &person, Role role, Decision decision, const std::string &meaning, const std::string &comment)
{
    if (!person.is(role))
        return Error{ErrorKind::Denied, person.name + " does not hold the role " + std::string(roleTitle(role)) + ".", {}};
    if (!signsReviews(role))
        return Error{ErrorKind::Denied,
                     "Reviews are signed by a validator, compliance officer, approver or owner; " + std::string(roleTitle(role))
                         + " is not one of these. Ask an administrator for a role, or a colleague to sign.", {}};
    if (!person.hasKey)
        return Error{ErrorKind::Denied, person.name + " has no enrolled signing key. An administrator enrols one.", {}};
    if (text::isBlank(meaning))
        return Error{ErrorKind::Invalid, "Say what the signature means, for example \"" + defaultMeaning(role, decision) + "\".", {}};
    if (decision == Decision::Reject && text::isBlank(comment))
        return Error{ErrorKind::Invalid, "A rejection needs a comment that says why.", {}};
    return {};
}

std::string defaultMeaning(Role role, Decision decision)
{
    if (decision == Decision::Reject)
        return role == Role::Validator ? "Returned: not validated" : "Rejected: not approved for use";
    switch (role) {
    case Role::Validator: return "Validated: independent validation performed";
    case Role::ComplianceOfficer: return "Reviewed: complies with the limits in force";
    case Role::Owner: return "Accepted: the owner takes responsibility";
    default: return "Approved: released for use as stated";
    }
}

std::string signingSentence(const Person &person, Role role, Decision decision, const std::string &meaning, const std::string &model,
                            const std::string &version, const std::vector<std::string> &adverseFacts)
{
    std::string text = "I, " + person.name + " (" + person.login + "), " + std::string(roleTitle(role)) + ", "
        + (decision == Decision::Approve ? "approve" : "reject") + " model " + model + " version " + version;
    if (!adverseFacts.empty())
        text += ", with " + joined(adverseFacts);
    return text + ". Meaning: " + meaning + ".";
}

} // namespace countersign::policy
