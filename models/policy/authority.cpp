#include "models/policy/authority.h"

#include <algorithm>

namespace countersign::policy {

std::string roleWithArticle(Role role)
{
    std::string title(roleTitle(role));
    if (!title.starts_with("IT "))
        title.front() = static_cast<char>(title.front() - 'A' + 'a');
    const bool isVowel = std::string_view("aeiouI").find(title.front()) != std::string_view::npos;
    return (isVowel ? "an " : "a ") + title;
}

std::string roleChoice(std::span<const Role> roles)
{
    std::string text;
    for (std::size_t i = 0; i < roles.size(); ++i)
        text += (i == 0 ? "" : i + 1 == roles.size() ? " or " : ", ") + roleWithArticle(roles[i]);
    return text;
}

Result<Role> actingRole(const Person &person, std::span<const Role> roles, const std::string &what)
{
    for (const Role role : roles)
        if (person.is(role))
            return role;
    return Error{ErrorKind::Denied, what + " by " + roleChoice(roles) + "; " + person.name + (roles.size() == 1 ? " is not one." : " is none of these."), {}};
}

} // namespace countersign::policy
