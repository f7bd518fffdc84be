#include "models/policy/signaturecount.h"

#include "models/policy/authority.h"
#include "models/policy/independence.h"
#include "models/policy/packs/packtext.h"

#include <algorithm>
#include <map>
#include <set>

namespace countersign::policy {

namespace {

class SignatureCount
{
public:
    SignatureCount(const Pack &pack, const std::vector<SignOffNeed> &needs, const GateFacts &facts) : m_pack(pack), m_needs(needs), m_facts(facts) {}

    std::vector<CountedNeed> count()
    {
        std::vector<CountedNeed> all;
        for (const SignOffNeed &need : m_needs)
            all.push_back(of(need));
        return all;
    }

private:
    const CountedNeed &of(const SignOffNeed &need)
    {
        if (const auto known = m_counted.find(need.id); known != m_counted.end())
            return known->second;
        CountedNeed counted;
        counted.need = &need;
        std::vector<std::string> objections;
        std::vector<const SignOff *> standing;
        for (const SignOff &signOff : m_facts.signOffs)
            standing.push_back(&signOff);
        std::ranges::sort(standing, {}, &SignOff::entry);
        const auto begins = beginOf(need);
        std::set<PersonId> persons;
        std::set<Role> roles;
        for (const SignOff *signOff : standing) {
            if (signOff->decision != Decision::Approve || std::ranges::find(need.roles, signOff->role) == need.roles.end() || !means(need, *signOff))
                continue;
            if (const auto why = objection(need, *signOff, begins); !why.empty()) {
                objections.push_back(why);
                continue;
            }
            if (persons.contains(signOff->person) || (need.inDistinctRoles && roles.contains(signOff->role)))
                continue;
            persons.insert(signOff->person);
            roles.insert(signOff->role);
            counted.counted.push_back(signOff);
        }
        counted.isMet = begins && static_cast<int>(counted.counted.size()) >= need.quorum;
        counted.sentence = sentenceOf(counted, objections);
        return m_counted.emplace(need.id, std::move(counted)).first->second;
    }

    const SignOffNeed *needNamed(const std::string &id) const
    {
        const auto found = std::ranges::find(m_needs, id, &SignOffNeed::id);
        return found == m_needs.end() ? nullptr : &*found;
    }

    /// The ledger number after which signatures for it count; nothing: what it comes after is not signed yet.
    std::optional<std::int64_t> beginOf(const SignOffNeed &need)
    {
        std::int64_t begin = -1;
        for (const std::string &id : need.after) {
            const SignOffNeed *first = needNamed(id);
            if (!first)
                continue; // of another tier
            const CountedNeed &counted = of(*first);
            if (!counted.isMet)
                return {};
            begin = std::max(begin, counted.counted[static_cast<std::size_t>(first->quorum) - 1]->entry);
        }
        return begin;
    }

    bool means(const SignOffNeed &need, const SignOff &signOff) const
    {
        const SigningMeaning *meaning = need.meaning.empty() ? nullptr : m_pack.meaning(need.meaning);
        return !meaning || signOff.meaning == meaningText(*meaning) || signOff.meaning == meaning->title || signOff.meaning == meaning->text;
    }

    /// Why a signature does not count; empty: it does.
    std::string objection(const SignOffNeed &need, const SignOff &signOff, const std::optional<std::int64_t> &begins)
    {
        const std::string whose = "The signature of " + signOff.personName + " of " + formatDate(signOff.signedAt);
        if (signOff.withdrawn)
            return whose + " was withdrawn.";
        if (signOff.isStale)
            return whose + " is stale: " + (signOff.changes.empty() ? std::string("what was signed has changed.") : signOff.changes.front());
        if (begins && signOff.entry < *begins)
            return whose + " came before what it has to come after.";
        for (const std::string &id : need.apart)
            if (const SignOffNeed *other = needNamed(id))
                if (std::ranges::any_of(of(*other).counted, [&](const SignOff *one) { return one->person == signOff.person; }))
                    return signOff.personName + " signed for \"" + id + "\", and another person has to sign here.";
        for (const auto &[one, other] : m_pack.apart) {
            const std::optional<Role> barred = signOff.role == one ? std::optional(other) : signOff.role == other ? std::optional(one) : std::nullopt;
            if (barred && acts(signOff.person, *barred))
                return signOff.personName + " also acts as " + roleWithArticle(*barred) + " for this version, which " + m_pack.title + " keeps apart from " + roleWithArticle(signOff.role) + ".";
        }
        if (!need.isIndependent)
            return {};
        const auto person = std::ranges::find(m_facts.people, signOff.person, &Person::id);
        if (person == m_facts.people.end())
            return {};
        return dependence(*person, m_facts.contributions, m_facts.version.id, need.independentMonths, m_facts.now).value_or(std::string());
    }

    /// Whether a person has that part in this version: owns the model, or signed as such.
    bool acts(const PersonId &id, Role role) const
    {
        if (std::ranges::any_of(m_facts.signOffs, [&](const SignOff &one) { return one.person == id && one.role == role && !one.withdrawn; }))
            return true;
        const auto person = std::ranges::find(m_facts.people, id, &Person::id);
        return role == Role::Owner && person != m_facts.people.end() && (person->name == m_facts.model.owner || person->login == m_facts.model.owner);
    }

    std::string sentenceOf(const CountedNeed &counted, const std::vector<std::string> &objections) const
    {
        const SignOffNeed &need = *counted.need;
        std::string names;
        for (const SignOff *signOff : counted.counted)
            names += (names.empty() ? "" : ", ") + signOff->personName + " (" + std::string(roleTitle(signOff->role)) + ", " + formatDate(signOff->signedAt) + ")";
        if (counted.isMet)
            return "Signed by " + names + ".";
        std::string text = "Missing: " + signOffSentence(m_pack, need);
        if (text[9] == 'A')
            text[9] = 'a';
        if (!names.empty())
            text += " There is: " + names + ".";
        for (const std::string &objection : objections)
            text += " " + objection;
        return text;
    }

    const Pack &m_pack;
    const std::vector<SignOffNeed> &m_needs;
    const GateFacts &m_facts;
    std::map<std::string, CountedNeed> m_counted;
};

} // namespace

std::vector<CountedNeed> countSignatures(const Pack &pack, const std::vector<SignOffNeed> &needs, const GateFacts &facts) { return SignatureCount(pack, needs, facts).count(); }

} // namespace countersign::policy
