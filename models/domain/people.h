#pragma once

#include "models/base/id.h"
#include "models/base/time.h"

#include <string>
#include <string_view>
#include <vector>

namespace countersign {

/// What a person may be asked to do. One person can hold several; some pairs exclude each other on one model (policy::maySign).
enum class Role { Owner, Developer, Validator, ComplianceOfficer, Approver, ItOperator, ModelUser, Auditor, Administrator };

inline constexpr Role kAllRoles[] = {Role::Owner, Role::Developer, Role::Validator, Role::ComplianceOfficer, Role::Approver,
                                     Role::ItOperator, Role::ModelUser, Role::Auditor, Role::Administrator};

/// The name in events, files and on the command line: "complianceOfficer".
std::string_view roleKey(Role role);
/// The name for people, English: "Compliance officer".
std::string_view roleTitle(Role role);
/// Reads a key or a title, case and spaces aside.
Result<Role> parseRole(std::string_view text);

struct Person {
    PersonId id;
    std::string name;  ///< printed name, as on signatures
    std::string login; ///< short and unique in the workspace: "aobi"
    std::vector<Role> roles;
    Instant since{};
    bool hasKey = false; ///< an enrolled signing key exists
    bool awaitsKey = false; ///< a key was proposed that a second administrator has not confirmed yet

    bool is(Role role) const;
    bool operator==(const Person &) const = default;
};

} // namespace countersign
