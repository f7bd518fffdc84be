#pragma once

#include "models/services/workspace/journal.h"

#include <string>
#include <vector>

namespace countersign::services {

struct FounderRequest {
    database::Location location;
    std::string password;        ///< PostgreSQL
    std::string origin;          ///< the workspace's name; empty: from the location
    std::string name;            ///< printed name of the first administrator
    std::string login;           ///< empty: made from the name
    std::vector<Role> roles;     ///< Administrator is always among them
    bool isSample = false;
};

/// Makes a workspace: schema, ledger, the first administrator with a signing key under the passphrase, and this computer's key.
/// A file that did not exist before is gone again after a failure. Conflict: there is one already.
Result<std::unique_ptr<Session>> createWorkspace(const FounderRequest &request, const crypto::Secret &passphrase, Environment environment);

struct PersonRequest {
    std::string name;
    std::string login;
    std::vector<Role> roles;
    std::string identity{}; ///< how it was checked that this is that person; goes with the key
};

/// Adds a person; with a passphrase of their own also a signing key, which awaits confirmation where the policy asks for it (keys/keys.h).
/// `administrator` signs.
/// Denied: the signer is no administrator. Conflict: the login is taken. Invalid: no name, no role, an unusable login.
Result<Person> addPerson(Session &session, const PersonRequest &request, const crypto::Secret *personPassphrase, const Person &administrator,
                         const crypto::SigningKey &administratorKey);

/// Enrols this computer's key for imports and reports; the person's key signs. Does nothing when it is enrolled.
Status enrolDevice(Session &session, const Person &person, const crypto::SigningKey &personKey);

/// "Ana Ruiz" → "aruiz"; letters outside a–z are folded or left out; "person" when nothing remains.
std::string suggestLogin(const std::string &name);

} // namespace countersign::services
