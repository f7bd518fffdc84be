#pragma once

#include "models/ledger/event.h"
#include "models/ledger/keys.h"

#include <map>
#include <set>
#include <string>

namespace countersign::ledger {

class KeyRing;

/// How the people of a log have agreed to sign, from its genesis or its newest policy.signing. Absent members are these
/// defaults, which are what logs say that are older than the rule.
struct SigningPolicy {
    bool confirmsKeys = false;  ///< where two administrators have keys, the second confirms a person's new key
    std::int64_t cosigners = 0; ///< other persons' programs that shall sign a checkpoint before it counts as witnessed
    std::string reauthentication =
        "each-signature";           ///< or "series": one passphrase for signatures within seriesMinutes
    std::int64_t seriesMinutes = 0; ///< 1 to 10 where reauthentication is "series"
    bool operator==(const SigningPolicy &) const = default;
};
json::Object signingPolicyBody(const SigningPolicy &policy);
/// Reads the members it knows. Invalid: one of them is malformed.
Result<SigningPolicy> readSigningPolicy(const json::Object &body);

/// All roles that a person.add or person.roles gives.
struct RoleGrant {
    std::string person; ///< PersonId text
    std::set<std::string> roles;
};
Result<RoleGrant> readRoles(const json::Object &body);

/// Who holds which role at a place in the log, and the signing policy in force there: what step 10 of the verification
/// asks. Fed with the entries that are valid, in order.
class Roster
{
public:
    const SigningPolicy &policy() const { return m_policy; }
    bool holds(const std::string &person, const std::string &role) const;
    /// Administrators with a key that signs at `seq`.
    std::set<std::string> administratorsAt(std::uint64_t seq, const KeyRing &ring) const;

    /// Whether an event of this kind changes what the roster, or the keys, say.
    static bool isChangedBy(std::string_view kind);
    /// Step 10. Denied, with a sentence: the actor may not do this at this place. `isPersonKey`: the event's first
    /// signature is by a person's key. Precondition: checkBody(event) was good.
    Status judge(const Event &event, std::uint64_t seq, bool isPersonKey, const KeyRing &ring) const;
    /// Takes in a genesis, person.add, person.roles or policy.signing that was judged; others change nothing.
    void apply(const Event &event);

private:
    Status judgeKey(const Event &event, std::uint64_t seq, const KeyRing &ring) const;

    std::map<std::string, std::set<std::string>> m_roles; // by person, of everybody ever added
    SigningPolicy m_policy;
};

} // namespace countersign::ledger
