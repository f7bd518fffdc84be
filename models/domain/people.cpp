#include "models/domain/people.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace countersign {

namespace {
struct RoleName {
    Role role;
    std::string_view key;
    std::string_view title;
};
constexpr std::array<RoleName, 9> kRoleNames{{
    {Role::Owner, "owner", "Owner"},
    {Role::Developer, "developer", "Developer"},
    {Role::Validator, "validator", "Validator"},
    {Role::ComplianceOfficer, "complianceOfficer", "Compliance officer"},
    {Role::Approver, "approver", "Approver"},
    {Role::ItOperator, "itOperator", "IT operator"},
    {Role::ModelUser, "modelUser", "Model user"},
    {Role::Auditor, "auditor", "Auditor"},
    {Role::Administrator, "administrator", "Administrator"},
}};

std::string folded(std::string_view text)
{
    std::string result;
    for (const char c : text)
        if (std::isalnum(static_cast<unsigned char>(c)))
            result.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    return result;
}
} // namespace

std::string_view roleKey(Role role) { return kRoleNames[static_cast<std::size_t>(role)].key; }
std::string_view roleTitle(Role role) { return kRoleNames[static_cast<std::size_t>(role)].title; }

Result<Role> parseRole(std::string_view text)
{
    std::string choices;
    for (const auto &name : kRoleNames) {
        if (folded(text) == folded(name.key))
            return name.role;
        choices += (choices.empty() ? "" : ", ") + std::string(name.key);
    }
    return Error{ErrorKind::Invalid, "\"" + std::string(text) + "\" is not a role. Roles are: " + choices + ".", {}};
}

bool Person::is(Role role) const { return std::ranges::find(roles, role) != roles.end(); }

} // namespace countersign
