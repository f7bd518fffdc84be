// What is known of keys: lists, and what the policy asks for now.

#include "models/base/text.h"
#include "models/ledger/entry.h"
#include "models/ledger/verifier.h"
#include "models/services/keys/keyparts.h"
#include "models/services/keys/keys.h"
#include "models/services/workspace/hints.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace countersign::services {

namespace {

/// Only the entry says how identity was checked.
Result<std::string> identityIn(Session &session, const store::KeyRecord &record)
{
    const auto entries = session.ledger().read(static_cast<std::uint64_t>(record.enrolledAt), 1);
    if (!entries)
        return entries.error();
    const auto entry = entries->empty() ? Result<ledger::Entry>(Error{}) : ledger::decodeEntry(entries->front());
    const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(Error{});
    if (!event)
        return std::string();
    const auto plain = text::unescape(json::Value(event->body).textOr("identity", {}));
    return plain ? *plain : std::string();
}

/// "3F7A 11C0" and "k:3f7a11c0" as the digits of an id.
std::string digitsOf(const std::string &text)
{
    std::string digits;
    for (const char c : text.starts_with("k:") ? text.substr(2) : text)
        if (c != ' ')
            digits.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    return digits;
}

} // namespace

Result<std::vector<KeyFacts>> listKeys(Session &session)
{
    auto records = store::listKeys(session.connection());
    if (!records)
        return records.error();
    std::map<std::string, KeyPlace> places;
    store::Statements sql(session.connection());
    sql.each(
        "SELECT key, place FROM wrapped_key WHERE place <> ?",
        [&](const database::Query &row) {
            const KeyPlace place = row.text(1) == kEverywhere ? KeyPlace::Everywhere : KeyPlace::ThisComputer;
            const auto known = places.try_emplace(row.text(0), place).first;
            if (place == KeyPlace::Everywhere)
                known->second = place; // the weaker of its copies is what it is worth
        },
        std::string(kCarried));
    if (!sql.ok())
        return sql.status().error();
    std::vector<KeyFacts> facts;
    for (auto &record : *records) {
        auto identity = identityIn(session, record);
        if (!identity)
            return identity.error();
        const auto place = places.find(record.id.text());
        const bool isKept = place != places.end();
        facts.push_back(
            {std::move(record), std::move(*identity), isKept ? std::optional(place->second) : std::nullopt});
    }
    return facts;
}

Result<store::KeyRecord> findKey(Session &session, const std::string &text)
{
    auto keys = store::listKeys(session.connection());
    if (!keys)
        return keys.error();
    const std::string digits = digitsOf(text);
    constexpr std::size_t kFewest = 4;
    std::erase_if(*keys, [&](const store::KeyRecord &key) { return !key.id.text().substr(2).starts_with(digits); });
    if (digits.size() < kFewest)
        return Error{ErrorKind::Invalid, "A key is named by at least four digits of its fingerprint.", {}};
    if (keys->empty())
        return Error{ErrorKind::NotFound, "There is no key \"" + text + "\" in this workspace.", {}, hint::kListKeys};
    if (keys->size() > 1)
        return Error{ErrorKind::Invalid, "Several keys begin with \"" + text + "\"; give more of it.", {}};
    return std::move(keys->front());
}

Result<bool> needsConfirmation(Session &session)
{
    const auto policy = store::signingPolicy(session.connection());
    if (!policy)
        return policy.error();
    const auto administrators = store::signingAdministrators(session.connection());
    if (!administrators)
        return administrators.error();
    return policy->confirmsKeys && administrators->size() > 1;
}

Result<std::string> administratorsRemark(database::Connection &connection)
{
    const auto policy = store::signingPolicy(connection);
    if (!policy)
        return policy.error();
    const auto administrators = store::signingAdministrators(connection);
    if (!administrators)
        return administrators.error();
    if (administrators->size() < 2)
        return std::string("This workspace has one administrator: nobody else confirms the keys that they enrol.");
    if (!policy->confirmsKeys)
        return std::string(
            "The signing policy of this workspace lets one administrator enrol keys that nobody else confirms.");
    return std::string();
}

Status checkSigner(database::Connection &connection, const Signer &signer, const std::string &kind, std::uint64_t seq)
{
    const auto found = store::findKey(connection, signer.key->id());
    if (!found)
        return found.error();
    const std::string name = "The key " + crypto::fingerprint(signer.key->id());
    const auto refused = [&](const std::string &why) { return Error{ErrorKind::Denied, name + why, {}}; };
    if (!*found)
        return refused(" is not enrolled in this workspace.");
    const store::KeyRecord &key = **found;
    if (key.isAwaiting)
        return refused(" awaits confirmation by a second administrator; until then it signs nothing.");
    if (key.revokedFrom && seq >= static_cast<std::uint64_t>(*key.revokedFrom))
        return refused((key.state() == store::KeyState::Replaced ? " was replaced" : " was revoked") +
                       std::string(" from entry ") + std::to_string(*key.revokedFrom) +
                       " on; it signs nothing any more.");
    if (!key.isPersons() && ledger::needsPersonKey(kind))
        return refused(" is a computer's; only a person's key signs " + kind + ".");
    const ledger::Actor &actor = signer.actor;
    if (key.owner != (key.isPersons() ? actor.person.text() : actor.device) || actor.key != key.id)
        return refused(" belongs to somebody else than who shall sign.");
    if (!key.isPersons())
        return actor.role == "device" ? Status() : Status(refused(" is a computer's and holds no role."));
    const auto person = store::findPerson(connection, actor.person.text());
    if (!person)
        return person.error();
    const auto role = parseRole(actor.role);
    if (!role || !person->is(*role))
        return Error{
            ErrorKind::Denied, person->name + " does not hold the role " + actor.role + " in this workspace.", {}};
    return {};
}

Result<std::vector<KeyId>> livingKeys(Session &session, const Person &person)
{
    const auto keys = store::listKeys(session.connection());
    if (!keys)
        return keys.error();
    std::vector<KeyId> living;
    for (const auto &key : *keys)
        if (key.owner == person.id.text() && !key.revokedFrom)
            living.push_back(key.id);
    return living;
}

Result<std::uint64_t> firstEntrySince(Session &session, Instant time)
{
    store::Statements sql(session.connection());
    const auto entry = sql.integer("SELECT MIN(entry) FROM trail WHERE at >= ?", toMillis(time));
    if (!sql.ok())
        return sql.status().error();
    return entry ? static_cast<std::uint64_t>(*entry) : session.verifiedHead().size;
}

} // namespace countersign::services
