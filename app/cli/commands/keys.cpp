#include "models/services/keys/keys.h"
#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/passphrases.h"
#include "models/crypto/words.h"
#include "models/services/workspace/hints.h"

#include <algorithm>

namespace countersign::cli {

namespace {

using store::KeyState;

std::string stateWord(KeyState state)
{
    switch (state) {
    case KeyState::Awaiting:
        return "awaiting";
    case KeyState::InUse:
        return "in use";
    case KeyState::Replaced:
        return "replaced";
    case KeyState::Revoked:
        return "revoked";
    }
    return {};
}

std::string entryText(std::int64_t entry)
{
    return "entry " + std::to_string(entry);
}

/// "revoked from entry 12 on: lost" in full.
std::string stateText(const store::KeyRecord &key)
{
    switch (key.state()) {
    case KeyState::Awaiting:
        return "awaits confirmation by an administrator other than " + key.enrolledByName;
    case KeyState::InUse:
        return "signs since " + entryText(key.confirmedIn.value_or(key.enrolledAt));
    case KeyState::Replaced:
        return "replaced by " + crypto::fingerprint(*key.replacedBy) + ", from " + entryText(*key.revokedFrom) + " on";
    case KeyState::Revoked:
        return "revoked from " + entryText(*key.revokedFrom) + " on: " + key.reason;
    }
    return {};
}

std::string disputedText(const store::KeyRecord &key)
{
    const bool isOne = *key.disputedTo - *key.revokedFrom == 1;
    return isOne ? entryText(*key.revokedFrom)
                 : "entries " + std::to_string(*key.revokedFrom) + " to " + std::to_string(*key.disputedTo - 1);
}

std::string ownerText(const store::KeyRecord &key)
{
    return key.ownerName.empty() ? key.owner : key.ownerName;
}

json::Object keyJson(const services::KeyFacts &facts)
{
    const store::KeyRecord &key = facts.record;
    json::Object object{{"class", key.keyClass},
                        {"enrolledAt", key.enrolledAt},
                        {"enrolledBy", key.enrolledBy},
                        {"fingerprint", crypto::fingerprint(key.id)},
                        {"identity", facts.identity},
                        {"key", key.id.text()},
                        {"owner", key.owner},
                        {"ownerName", key.ownerName},
                        {"state", stateWord(key.state()) == "in use" ? "inUse" : stateWord(key.state())},
                        {"words", crypto::fingerprintWords(key.id)}};
    if (facts.place)
        object.set("opensWith", *facts.place == services::KeyPlace::Everywhere ? "passphrase" : "passphraseAndKeychain");
    const auto number = [&](const char *name, const std::optional<std::int64_t> &value) {
        if (value)
            object.set(name, *value);
    };
    number("confirmedIn", key.confirmedIn);
    number("revokedFrom", key.revokedFrom);
    number("revokedIn", key.revokedIn);
    if (key.confirmedIn)
        object.set("confirmedBy", key.confirmedByName);
    if (key.hasDisputedWindow())
        object.set("disputedTo", *key.disputedTo);
    if (key.replaces)
        object.set("replaces", key.replaces->text());
    if (key.replacedBy)
        object.set("replacedBy", key.replacedBy->text());
    if (!key.reason.empty())
        object.set("reason", key.reason);
    return object;
}

/// All that is known of a key, for people.
std::string factsText(const services::KeyFacts &facts)
{
    const store::KeyRecord &key = facts.record;
    std::vector<std::pair<std::string, std::string>> lines{
        {"Key", crypto::fingerprint(key.id)},
        {"Words", crypto::fingerprintWords(key.id)},
        {"Owner", ownerText(key) + (key.isPersons() ? "" : " (a computer)")},
        {"State", stateText(key)},
        {key.state() == KeyState::Awaiting ? "Proposed" : "Enrolled",
         entryText(key.enrolledAt) + (key.enrolledByName.empty() ? "" : ", by " + key.enrolledByName)}};
    if (!facts.identity.empty())
        lines.emplace_back("Identity", facts.identity);
    if (facts.place)
        lines.emplace_back("Opens", *facts.place == services::KeyPlace::Everywhere ? "with the passphrase alone" : "with the passphrase and the keychain of a computer");
    if (key.confirmedIn)
        lines.emplace_back("Confirmed", entryText(*key.confirmedIn) + ", by " + key.confirmedByName);
    if (key.replaces)
        lines.emplace_back("Replaces", crypto::fingerprint(*key.replaces));
    if (key.hasDisputedWindow())
        lines.emplace_back("Disputed", disputedText(key) + ": nobody can tell any more who signed them");
    return factLines(lines);
}

/// What happened to a key, told alike by every command that did it.
Result<ExitCode> tell(Context &context, services::Session &session, const std::string &what, const KeyId &id)
{
    const auto keys = services::listKeys(session);
    if (!keys)
        return keys.error();
    for (const auto &facts : *keys) {
        if (facts.record.id != id)
            continue;
        if (context.isJson())
            printJson(context, what, {{"key", keyJson(facts)}});
        else
            context.terminal().print(factsText(facts));
    }
    return Done;
}

/// A key by its digits, or the one of a person that is in that state.
Result<store::KeyRecord> keyOf(services::Session &session, const std::string &text, KeyState state)
{
    const auto person = store::findPerson(session.connection(), text);
    if (!person)
        return services::findKey(session, text);
    const auto keys = store::listKeys(session.connection());
    if (!keys)
        return keys.error();
    for (const auto &key : *keys)
        if (key.owner == person->id.text() && key.state() == state)
            return key;
    return Error{ErrorKind::NotFound,
                 person->name + " has no key that is " + stateWord(state) + ".",
                 {},
                 services::hint::kListKeys};
}

Result<services::Revocation> revocationOf(Context &context, services::Session &session)
{
    services::Revocation revocation;
    revocation.reason = context.line().valueOr("--reason", {});
    const std::string key = context.line().argument(0);
    const auto person = context.line().value("--person");
    if (key.empty() == !person.has_value())
        return usageError("Name one key, or with --person whose keys shall all end.", context.line().path());
    if (person) {
        const auto found = store::findPerson(session.connection(), *person);
        if (!found)
            return found.error();
        auto keys = services::livingKeys(session, *found);
        if (!keys)
            return keys.error();
        if (keys->empty())
            return Error{
                ErrorKind::NotFound, found->name + " has no key that has not ended.", {}, services::hint::kListKeys};
        revocation.keys = std::move(*keys);
    } else {
        const auto found = services::findKey(session, key);
        if (!found)
            return found.error();
        revocation.keys = {found->id};
    }
    const auto entry = context.line().integer("--from-entry");
    if (!entry)
        return entry.error();
    const auto since = context.line().value("--since");
    if (*entry && since)
        return usageError("Give --from-entry or --since, not both.", context.line().path());
    if (*entry && **entry < 0)
        return Error{ErrorKind::Invalid, "Entries are numbered from 0.", "--from-entry"};
    if (*entry)
        revocation.since = static_cast<std::uint64_t>(**entry);
    if (since) {
        const auto time = parseTime(*since);
        if (!time)
            return time.error().in("--since");
        const auto first = services::firstEntrySince(session, *time);
        if (!first)
            return first.error();
        revocation.since = *first;
    }
    return revocation;
}

/// What the place where a key opens means for its owner.
void tellPlace(Context &context, services::KeyPlace place)
{
    context.terminal().say(place == services::KeyPlace::Everywhere
                               ? "This session has no keychain, so the key opens with the passphrase alone: whoever gets a copy of the workspace can try passphrases on it. Choose a long one."
                               : "The key opens on this computer, with the passphrase and the keychain. To sign on another one as well: countersign-cli key carry.");
}

/// Of the person who works here; asked for anew, whatever the session keeps.
Result<crypto::Secret> ownPassphrase(Context &context)
{
    return secretFrom(context.line().value("--passphrase-file"), "--passphrase-file",
                      "The signing passphrase of " + context.person().name, context.terminal());
}

} // namespace

Result<ExitCode> runKeyList(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto keys = services::listKeys(**session);
    if (!keys)
        return keys.error();
    const std::string named = context.line().argument(0);
    if (!named.empty()) {
        const auto person = store::findPerson((*session)->connection(), named);
        const auto one = person ? Result<store::KeyRecord>(Error{}) : services::findKey(**session, named);
        if (!person && !one)
            return one.error();
        std::string text;
        json::Array items;
        for (const auto &facts : *keys) {
            if (person ? facts.record.owner != person->id.text() : facts.record.id != one->id)
                continue;
            text += (text.empty() ? "" : "\n") + factsText(facts);
            items.emplace_back(keyJson(facts));
        }
        if (context.isJson())
            printJson(context, "keys", {{"keys", std::move(items)}});
        else
            context.terminal().print(text.empty() ? person->name + " has no key.\n" : text);
        return Done;
    }
    Listing listing(context, "keys", {{"Key"}, {"Of"}, {"Owner"}, {"State"}, {"Disputed"}});
    for (const auto &facts : *keys) {
        const store::KeyRecord &key = facts.record;
        listing.add({crypto::fingerprint(key.id), key.isPersons() ? "a person" : "a computer", ownerText(key),
                     stateText(key), key.hasDisputedWindow() ? disputedText(key) : ""},
                    keyJson(facts));
    }
    return listing.finish("There are no keys.");
}

Result<ExitCode> runKeyEnroll(Context &context)
{
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto person = store::findPerson((*session)->connection(), context.line().argument(0));
    if (!person)
        return person.error();
    const auto key = context.personKey();
    if (!key)
        return key.error();
    const auto passphrase = newSecretFrom(context.line().value("--new-passphrase-file"), "--new-passphrase-file",
                                          person->name, context.terminal());
    if (!passphrase)
        return passphrase.error();
    const auto brought =
        services::enrolKey(**session, *person, context.line().valueOr("--identity", "added by an administrator"),
                           *passphrase, {context.person(), **key});
    if (!brought)
        return brought.error();
    tellPlace(context, brought->place);
    if (brought->isAwaiting)
        context.terminal().say(
            "The key of " + person->name + " awaits confirmation: " + person->name +
            " reads the eight words to another administrator, who runs countersign-cli key confirm " + person->login +
            ".");
    else
        context.terminal().say("Enrolled a signing key for " + person->name + ".");
    return tell(context, **session, "key.enroll", brought->key);
}

Result<ExitCode> runKeyConfirm(Context &context)
{
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto record = keyOf(**session, context.line().argument(0), KeyState::Awaiting);
    if (!record)
        return record.error();
    const auto key = context.personKey();
    if (!key)
        return key.error();
    if (const auto status = services::confirmKey(**session, record->id, context.line().valueOr("--words", {}),
                                                 context.line().valueOr("--identity", {}), {context.person(), **key});
        !status)
        return status.error();
    context.terminal().say(record->ownerName + " can sign now.");
    return tell(context, **session, "key.confirm", record->id);
}

Result<ExitCode> runKeyRotate(Context &context)
{
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto key = context.personKey();
    if (!key)
        return key.error();
    const auto passphrase = newSecretFrom(context.line().value("--new-passphrase-file"), "--new-passphrase-file",
                                          context.person().name, context.terminal());
    if (!passphrase)
        return passphrase.error();
    const auto next = services::rotateKey(**session, {context.person(), **key}, *passphrase);
    if (!next)
        return next.error();
    context.terminal().say("The key " + crypto::fingerprint((*key)->id()) +
                           " signs nothing any more; the new one takes its place.");
    tellPlace(context, next->place);
    return tell(context, **session, "key.rotate", next->key);
}

Result<ExitCode> runKeyRevoke(Context &context)
{
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto revocation = revocationOf(context, **session);
    if (!revocation)
        return revocation.error();
    const auto key = context.personKey();
    if (!key)
        return key.error();
    if (const auto status = services::revokeKeys(**session, *revocation, {context.person(), **key}); !status)
        return status.error();
    const auto keys = services::listKeys(**session);
    if (!keys)
        return keys.error();
    json::Array items;
    std::string text;
    for (const auto &facts : *keys) {
        if (std::ranges::find(revocation->keys, facts.record.id) == revocation->keys.end())
            continue;
        items.emplace_back(keyJson(facts));
        text += (text.empty() ? "" : "\n") + factsText(facts);
    }
    if (context.isJson())
        printJson(context, "key.revoke", {{"keys", std::move(items)}});
    else
        context.terminal().print(text);
    return Done;
}

Result<ExitCode> runKeyUnlockTest(Context &context)
{
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto passphrase = ownPassphrase(context);
    if (!passphrase)
        return passphrase.error();
    const auto key = services::testUnlock(**session, context.person(), *passphrase);
    if (!key)
        return key.error();
    context.terminal().say("The passphrase opens the key of " + context.person().name +
                           ", and its signatures are good.");
    return tell(context, **session, "key.unlockTest", *key);
}

Result<ExitCode> runKeyCarry(Context &context)
{
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto passphrase = ownPassphrase(context);
    if (!passphrase)
        return passphrase.error();
    const auto words = services::carryKey(**session, context.person(), *passphrase);
    if (!words)
        return words.error();
    context.terminal().say("On the other computer, within a day, run countersign-cli key fetch and type these words. They are shown once, and useless without the passphrase.");
    if (context.isJson())
        printJson(context, "key.carry", {{"words", *words}});
    else
        context.terminal().print(*words + "\n");
    return Done;
}

Result<ExitCode> runKeyFetch(Context &context)
{
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto words = secretFrom(context.line().value("--words-file"), "--words-file", "The eight words", context.terminal());
    if (!words)
        return words.error();
    const auto passphrase = ownPassphrase(context);
    if (!passphrase)
        return passphrase.error();
    const auto place = services::fetchKey(**session, context.person(), std::string(words->view()), *passphrase);
    if (!place)
        return place.error();
    tellPlace(context, *place);
    const auto living = services::livingKeys(**session, context.person());
    if (!living)
        return living.error();
    return tell(context, **session, "key.fetch", living->back());
}

Result<ExitCode> runKeyPolicy(Context &context)
{
    const bool isChange =
        context.line().has("--confirm") || context.line().has("--cosigners") || context.line().has("--series");
    const auto session = isChange ? context.openForWriting() : context.openForReading();
    if (!session)
        return session.error();
    auto policy = store::signingPolicy((*session)->connection());
    if (!policy)
        return policy.error();
    if (isChange) {
        const std::string confirm = context.line().valueOr("--confirm", policy->confirmsKeys ? "yes" : "no");
        if (confirm != "yes" && confirm != "no")
            return Error{ErrorKind::Invalid, "That is neither yes nor no.", "--confirm"};
        policy->confirmsKeys = confirm == "yes";
        const auto cosigners = context.line().integer("--cosigners");
        const auto series = context.line().integer("--series");
        if (!cosigners || !series)
            return cosigners ? series.error() : cosigners.error();
        policy->cosigners = cosigners->value_or(policy->cosigners);
        policy->seriesMinutes = series->value_or(policy->seriesMinutes);
        policy->reauthentication = policy->seriesMinutes == 0 ? "each-signature" : "series";
        const auto key = context.personKey();
        if (!key)
            return key.error();
        if (const auto status = services::setSigningPolicy(**session, *policy, {context.person(), **key}); !status)
            return status.error();
    }
    const auto remark = services::administratorsRemark((*session)->connection());
    if (!remark)
        return remark.error();
    if (context.isJson()) {
        json::Object document = ledger::signingPolicyBody(*policy);
        document.set("remark", *remark);
        printJson(context, "key.policy", std::move(document));
        return Done;
    }
    context.terminal().print(factLines(
        {{"New keys", policy->confirmsKeys ? "confirmed by a second administrator, once there are two"
                                           : "enrolled by one administrator"},
         {"Cosigners", std::to_string(policy->cosigners)},
         {"Passphrase", policy->seriesMinutes == 0
                            ? "for every signature"
                            : "once for signatures within " + std::to_string(policy->seriesMinutes) + " minutes"}}));
    if (!remark->empty())
        context.terminal().say(*remark);
    return Done;
}

} // namespace countersign::cli
