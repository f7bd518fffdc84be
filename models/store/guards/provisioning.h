#pragma once

#include "models/database/connection.h"

#include <string>
#include <vector>

/// Separating the duties of a PostgreSQL workspace: one role owns it and cannot log in, people have a login each that reads and calls its functions.
namespace countersign::store {

/// Who may work with which login.
struct PersonLogin {
    std::string person;   ///< id
    std::string name;     ///< for comments
    std::string role;     ///< the database login
    std::string verifier; ///< what the server needs to check a password (SCRAM); empty: the password is not set here
};

struct Provisioning {
    std::string database;
    std::string schema;
    std::string owner = "countersign_owner";
    std::string member = "countersign_user";
    std::vector<PersonLogin> people;
    bool isAlone = false;      ///< nobody else uses the database: others lose the right to connect to it
    bool takesDatabase = false; ///< the database itself belongs to one of the logins, or to who made the workspace, and goes to the owner
};

/// One statement with the reason for it, as a comment without "--".
struct ProvisioningStep {
    std::string comment;
    std::string statement;
};

/// What is known of a workspace, for people with these logins. Unsupported: not PostgreSQL. Invalid: a role name that cannot be one.
Result<Provisioning> planProvisioning(database::Connection &connection, std::vector<PersonLogin> people, std::string owner, std::string member);
/// The statements in order, to be run in one transaction by a superuser, or by who owns schema and database and has CREATEROLE. Running them again
/// adds what is new and changes nothing else.
std::vector<ProvisioningStep> provisioningSteps(const Provisioning &plan);
/// The same as a script for psql.
std::string provisioningScript(const Provisioning &plan);
/// Runs them. Denied: the login lacks the right.
Status provision(database::Connection &connection, const Provisioning &plan);

} // namespace countersign::store
