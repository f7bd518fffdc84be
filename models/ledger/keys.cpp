#include "models/ledger/keys.h"

#include "models/ledger/entry.h"

namespace countersign::ledger {

namespace {

Error malformed(const char *what) { return {ErrorKind::Invalid, std::string("The body of ") + what + " is malformed.", {}}; }

Bytes possessionMessage(const std::string &owner, const KeyId &key, const LedgerId &ledger)
{
    return preAuthenticationEncoding(kKeyPossessionType, owner + ' ' + key.text() + ' ' + (ledger.isEmpty() ? "l:genesis" : ledger.text()));
}

/// Reads "<key id>", public key and proof, which go together in both bodies that hold them.
bool readKey(const json::Value &value, std::string_view idMember, crypto::PublicKey &key, crypto::Signature &possession)
{
    const auto publicKey = fromBase64(value.textOr("public", "?"));
    const auto signature = fromBase64(value.textOr("pop", "?"));
    if (!publicKey || !signature)
        return false;
    const auto parsedKey = crypto::PublicKey::fromBytes(*publicKey);
    const auto parsedSignature = crypto::Signature::fromBytes(*signature);
    if (!parsedKey || !parsedSignature || value.textOr(idMember, {}) != crypto::keyId(*parsedKey).text())
        return false;
    key = *parsedKey;
    possession = *parsedSignature;
    return true;
}

} // namespace

std::string_view keyClassKey(KeyClass keyClass) { return keyClass == KeyClass::Person ? "person" : "device"; }

crypto::Signature provePossession(const crypto::SigningKey &key, const std::string &owner, const LedgerId &ledger)
{
    return key.sign(possessionMessage(owner, key.id(), ledger));
}

Status checkPossession(const Enrolment &enrolment, const LedgerId &ledger)
{
    if (!crypto::verify(enrolment.key, possessionMessage(enrolment.owner, crypto::keyId(enrolment.key), ledger), enrolment.possession))
        return Error{ErrorKind::Tampered, "The new key has not signed for its owner and this ledger.", {}};
    return {};
}

Enrolment enrolmentOf(const crypto::SigningKey &key, KeyClass keyClass, const std::string &owner, const std::string &identity, const LedgerId &ledger)
{
    return {keyClass, owner, identity, key.publicKey(), provePossession(key, owner, ledger)};
}

json::Object enrolmentBody(const Enrolment &enrolment)
{
    return {{"class", keyClassKey(enrolment.keyClass)}, {"identity", enrolment.identity}, {"key", crypto::keyId(enrolment.key).text()},
            {"owner", enrolment.owner}, {"pop", toBase64(enrolment.possession.view())}, {"public", toBase64(enrolment.key.view())}};
}

Result<Enrolment> readEnrolment(const json::Object &body)
{
    const json::Value value(body);
    Enrolment enrolment;
    const std::string keyClass = value.textOr("class", {});
    const auto owner = value.text("owner");
    const auto identity = value.text("identity");
    const bool isPerson = keyClass == keyClassKey(KeyClass::Person);
    if (body.size() != 6 || !owner || !identity || (!isPerson && keyClass != keyClassKey(KeyClass::Device))
        || !(isPerson ? PersonId::parse(*owner).ok() : DeviceId::parse(*owner).ok()) || !readKey(value, "key", enrolment.key, enrolment.possession))
        return malformed("key.enroll");
    enrolment.keyClass = isPerson ? KeyClass::Person : KeyClass::Device;
    enrolment.owner = *owner;
    enrolment.identity = *identity;
    return enrolment;
}

json::Object confirmationBody(const Confirmation &confirmation)
{
    return {{"identity", confirmation.identity}, {"key", confirmation.key.text()}};
}

Result<Confirmation> readConfirmation(const json::Object &body)
{
    const json::Value value(body);
    const auto key = KeyId::parse(value.textOr("key", {}));
    const auto identity = value.text("identity");
    if (body.size() != 2 || !key || !identity)
        return malformed("key.confirm");
    return Confirmation{*key, *identity};
}

json::Object rotationBody(const Rotation &rotation)
{
    const Enrolment &next = rotation.next;
    return {{"key", crypto::keyId(next.key).text()}, {"owner", next.owner}, {"pop", toBase64(next.possession.view())}, {"public", toBase64(next.key.view())},
            {"replaces", rotation.replaces.text()}};
}

Result<Rotation> readRotation(const json::Object &body)
{
    const json::Value value(body);
    const auto owner = PersonId::parse(value.textOr("owner", {}));
    const auto replaces = KeyId::parse(value.textOr("replaces", {}));
    Rotation rotation;
    if (body.size() != 5 || !owner || !replaces || !readKey(value, "key", rotation.next.key, rotation.next.possession))
        return malformed("key.rotate");
    rotation.next.owner = owner->text();
    rotation.replaces = *replaces;
    return rotation;
}

json::Object revocationBody(const Revocation &revocation)
{
    return {{"fromSize", revocation.fromSize}, {"key", revocation.key.text()}, {"reason", revocation.reason}};
}

Result<Revocation> readRevocation(const json::Object &body)
{
    const json::Value value(body);
    const std::int64_t fromSize = value.integerOr("fromSize", -1);
    const auto key = KeyId::parse(value.textOr("key", {}));
    const auto reason = value.text("reason");
    if (body.size() != 3 || fromSize < 0 || !key || !reason)
        return malformed("key.revoke");
    return Revocation{*key, static_cast<std::uint64_t>(fromSize), *reason};
}

json::Object genesisBody(const Genesis &genesis)
{
    json::Array roles;
    for (const std::string &role : genesis.roles)
        roles.emplace_back(role);
    return {{"admin", json::Object{{"key", json::Object{{"id", crypto::keyId(genesis.key).text()}, {"pop", toBase64(genesis.possession.view())},
                                                        {"public", toBase64(genesis.key.view())}}},
                                   {"login", genesis.login}, {"name", genesis.name}, {"person", genesis.person}, {"roles", roles}}},
            {"origin", genesis.origin}, {"policy", genesis.policy}, {"sample", genesis.isSample}};
}

Result<Genesis> readGenesis(const json::Object &body)
{
    const json::Value value(body);
    const json::Value *admin = value.find("admin");
    const json::Value *key = admin ? admin->find("key") : nullptr;
    const json::Value *roles = admin ? admin->find("roles") : nullptr;
    const json::Value *policy = value.find("policy");
    const json::Value *sample = value.find("sample");
    const auto origin = value.text("origin");
    Genesis genesis;
    if (body.size() != 4 || !origin || !policy || !policy->object() || !sample || !sample->boolean() || !key || !key->object() || key->object()->size() != 3
        || admin->object()->size() != 5 || !roles || !roles->array() || !readKey(*key, "id", genesis.key, genesis.possession))
        return malformed("ledger.genesis");
    const auto person = PersonId::parse(admin->textOr("person", {}));
    const auto name = admin->text("name");
    const auto login = admin->text("login");
    if (!person || !name || !login)
        return malformed("ledger.genesis");
    for (const json::Value &role : *roles->array()) {
        if (!role.string())
            return malformed("ledger.genesis");
        genesis.roles.push_back(*role.string());
    }
    genesis.origin = *origin;
    genesis.isSample = *sample->boolean();
    genesis.person = person->text();
    genesis.name = *name;
    genesis.login = *login;
    genesis.policy = *policy->object();
    return genesis;
}

} // namespace countersign::ledger
