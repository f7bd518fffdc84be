#include "models/store/guards/provisioning.h"

#include "models/base/text.h"
#include "models/store/statements.h"

#include <algorithm>

namespace countersign::store {

namespace {

std::string quoted(std::string_view text, char quote)
{
    std::string out(1, quote);
    for (const char c : text)
        out.append(c == quote ? 2 : 1, c);
    return out + quote;
}

std::string name(std::string_view text) { return quoted(text, '"'); }

/// Standard strings: the script sets it, our connections have it.
std::string value(std::string_view text) { return quoted(text, '\''); }

Status checkRole(const std::string &role)
{
    const bool isGood = !role.empty() && role.size() <= 63 && text::isUtf8(role) && text::visible(role) == role && !role.starts_with("pg_") && role != "public" && role != "none";
    if (!isGood)
        return Error{ErrorKind::Invalid, "“" + text::visible(role) + "” cannot be a login of PostgreSQL: 1 to 63 bytes, not starting with \"pg_\".", {}};
    return {};
}

std::string makeRole(const std::string &role, const std::string &attributes)
{
    return "DO $do$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = " + value(role) + ") THEN CREATE ROLE " + name(role) + " " + attributes + "; END IF; END $do$";
}

void addRoles(const Provisioning &plan, std::vector<ProvisioningStep> &steps)
{
    steps.push_back({"The owner: everything in the schema is its, and nobody can log in as it. Its functions are the only way to write the ledger.\n"
                     "Who is made a member of it can change everything, and brings the schema up to date for newer programs.",
                     makeRole(plan.owner, "NOLOGIN")});
    steps.push_back({"The people: may read, call the functions, and write the tables that follow from the ledger together with an entry.", makeRole(plan.member, "NOLOGIN")});
    steps.push_back({"Who is no superuser must be a member of the owner to give it anything.",
                     "DO $do$ BEGIN IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN EXECUTE format('GRANT %I TO %I', "
                         + value(plan.owner) + ", current_user); END IF; END $do$"});
}

void addOwnership(const Provisioning &plan, std::vector<ProvisioningStep> &steps)
{
    const std::string database = name(plan.database);
    const std::string schema = name(plan.schema);
    if (plan.takesDatabase)
        steps.push_back({"Who owns a database may drop it. To give it away one must be allowed to make databases.",
                         "DO $do$ BEGIN\n    IF (SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user) THEN\n        ALTER DATABASE " + database + " OWNER TO " + name(plan.owner)
                             + ";\n    ELSE\n        RAISE WARNING 'The database stays with its owner, who may drop it.';\n    END IF;\nEND $do$"});
    steps.push_back({"A schema is given only to who may make one.", "GRANT CONNECT, CREATE ON DATABASE " + database + " TO " + name(plan.owner)});
    steps.push_back({"", "ALTER SCHEMA " + schema + " OWNER TO " + name(plan.owner)});
    const std::string inSchema = value(plan.schema) + "::regnamespace";
    steps.push_back({"Tables and functions go to the owner,",
                     "DO $do$ DECLARE o record; BEGIN\n"
                     "    FOR o IN SELECT c.oid::regclass AS id FROM pg_class c WHERE c.relnamespace = " + inSchema + " AND c.relkind = 'r' LOOP\n"
                     "        EXECUTE format('ALTER TABLE %s OWNER TO %I', o.id, " + value(plan.owner) + ");\n"
                     "    END LOOP;\n"
                     "    FOR o IN SELECT p.oid::regprocedure AS id FROM pg_proc p WHERE p.pronamespace = " + inSchema + " LOOP\n"
                     "        EXECUTE format('ALTER FUNCTION %s OWNER TO %I', o.id, " + value(plan.owner) + ");\n"
                     "    END LOOP;\nEND $do$"});
    steps.push_back({"and rights that anybody else was given are taken away.",
                     "DO $do$ DECLARE o record; BEGIN\n"
                     "    FOR o IN SELECT DISTINCT r.rolname FROM pg_roles r WHERE r.rolname NOT IN (" + value(plan.owner) + ", " + value(plan.member) + ") AND (\n"
                     "        EXISTS (SELECT FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.oid = " + inSchema + " AND a.grantee = r.oid)\n"
                     "        OR EXISTS (SELECT FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = " + inSchema + " AND a.grantee = r.oid)\n"
                     "        OR EXISTS (SELECT FROM pg_proc p, aclexplode(p.proacl) a WHERE p.pronamespace = " + inSchema + " AND a.grantee = r.oid)) LOOP\n"
                     "        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I CASCADE', " + value(plan.schema) + ", o.rolname);\n"
                     "        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I CASCADE', " + value(plan.schema) + ", o.rolname);\n"
                     "        EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA %I FROM %I CASCADE', " + value(plan.schema) + ", o.rolname);\n"
                     "    END LOOP;\nEND $do$"});
    steps.push_back({"", "REVOKE CREATE ON DATABASE " + database + " FROM " + name(plan.owner)});
    if (plan.isAlone)
        steps.push_back({"Nobody else uses the database, so nobody else needs to get in.", "REVOKE ALL ON DATABASE " + database + " FROM PUBLIC"});
    steps.push_back({plan.isAlone ? "" : "Other schemas live in this database, so whoever could connect still can.", "GRANT CONNECT ON DATABASE " + database + " TO " + name(plan.member)});
}

void addPeople(const Provisioning &plan, std::vector<ProvisioningStep> &steps)
{
    for (const auto &person : plan.people) {
        steps.push_back({text::visible(person.name) + (person.verifier.empty() ? ": set the password with \\password " + text::visible(person.role) + ", or let the login come by certificate or Kerberos (pg_hba.conf)." : "."),
                         makeRole(person.role, "LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")});
        if (!person.verifier.empty())
            steps.push_back({"What is needed to check the password (SCRAM-SHA-256); the password itself is not in here.",
                             "ALTER ROLE " + name(person.role) + " PASSWORD " + value(person.verifier)});
        steps.push_back({"", "GRANT " + name(plan.member) + " TO " + name(person.role)});
    }
    const std::string schema = name(plan.schema);
    steps.push_back({"From here on as the owner.", "SET LOCAL ROLE " + name(plan.owner)});
    steps.push_back({"From now on an event is taken only from the login of the person that it names as its actor.",
                     "INSERT INTO " + schema + ".duty (id, owner, member) VALUES (1, " + value(plan.owner) + ", " + value(plan.member)
                         + ") ON CONFLICT (id) DO UPDATE SET owner = EXCLUDED.owner, member = EXCLUDED.member"});
    for (const auto &person : plan.people)
        steps.push_back({"", "INSERT INTO " + schema + ".login_person (login, person) VALUES (" + value(person.role) + ", " + value(person.person)
                                 + ") ON CONFLICT (login) DO UPDATE SET person = EXCLUDED.person"});
    steps.push_back({"Takes from PUBLIC what it has, and gives the people: USAGE on the schema; SELECT on its tables; EXECUTE on door, rehearse, put_evidence, append,\n"
                     "put_checkpoint and leaves; INSERT, UPDATE and DELETE on the tables that follow from the ledger (triggers let them be written only together\n"
                     "with an entry) and, of their own, on wrapped_key. Row-level security is on and forced on entry, evidence and wrapped_key.",
                     "SELECT " + schema + ".guard_tables()"});
    steps.push_back({"", "RESET ROLE"});
    steps.push_back({"No right binds a superuser, and who may make roles can become any.",
                     "DO $do$ DECLARE found text; BEGIN\n"
                     "    SELECT string_agg(quote_ident(r.rolname), ', ') INTO found FROM pg_roles r JOIN " + schema + ".login_person l ON l.login = r.rolname\n"
                     "        WHERE r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR pg_has_role(r.oid, " + value(plan.owner) + ", 'MEMBER');\n"
                     "    IF found IS NOT NULL THEN\n"
                     "        RAISE EXCEPTION 'people work with logins that may do anything: %. Give them other logins.', found;\n"
                     "    END IF;\nEND $do$"});
}

std::string asComment(const std::string &comment)
{
    std::string out = comment.empty() ? "" : "\n-- ";
    for (const char c : comment)
        out += c == '\n' ? "\n-- " : std::string(1, c);
    return comment.empty() ? out : out + "\n";
}

} // namespace

Result<Provisioning> planProvisioning(database::Connection &connection, std::vector<PersonLogin> people, std::string owner, std::string member)
{
    if (connection.backend() != database::Backend::Postgres)
        return Error{ErrorKind::Unsupported, "The workspace is a file, and a file has no logins: whoever may write it may change all of it. Roles that separate duties need a workspace in PostgreSQL.", {}};
    for (const std::string *role : {&owner, &member})
        if (const auto status = checkRole(*role); !status)
            return status.error();
    for (const auto &person : people) {
        if (const auto status = checkRole(person.role); !status)
            return status.error();
        if (person.role == owner || person.role == member)
            return Error{ErrorKind::Invalid, "“" + person.role + "” cannot be the login of " + person.name + " and a role of the workspace. Choose another login.", {}};
        if (std::ranges::count(people, person.role, &PersonLogin::role) > 1)
            return Error{ErrorKind::Invalid, "“" + person.role + "” would be the login of several people. Each needs one of their own.", {}};
    }
    if (people.empty())
        return Error{ErrorKind::Invalid, "Nobody is named who would work with a login. Add people first.", {}};
    Provisioning plan;
    plan.schema = connection.location().schema;
    plan.owner = std::move(owner);
    plan.member = std::move(member);
    plan.people = std::move(people);
    Statements sql(connection);
    plan.database = sql.text("SELECT current_database()").value_or("");
    plan.isAlone = sql.integer("SELECT 1 FROM pg_namespace n WHERE n.nspname NOT IN ('public', 'information_schema', ?) AND n.nspname NOT LIKE 'pg\\_%' "
                               "UNION SELECT 1 FROM pg_class c WHERE c.relnamespace = to_regnamespace('public')", plan.schema) == std::nullopt;
    const std::string databaseOwner = sql.text("SELECT r.rolname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE d.datname = current_database()").value_or("");
    const std::string schemaOwner = sql.text("SELECT r.rolname FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner WHERE n.nspname = ?", plan.schema).value_or("");
    plan.takesDatabase = databaseOwner != plan.owner && ((plan.isAlone && databaseOwner == schemaOwner) || std::ranges::count(plan.people, databaseOwner, &PersonLogin::role) > 0);
    if (!sql.ok())
        return sql.status().error();
    return plan;
}

std::vector<ProvisioningStep> provisioningSteps(const Provisioning &plan)
{
    std::vector<ProvisioningStep> steps;
    addRoles(plan, steps);
    addOwnership(plan, steps);
    addPeople(plan, steps);
    return steps;
}

std::string provisioningScript(const Provisioning &plan)
{
    std::string script = "-- Separates the duties of the Countersign workspace in database " + text::visible(plan.database) + ", schema " + plan.schema + ".\n"
        "-- Run it with psql in that database, as a superuser, or as who owns database and schema and has CREATEROLE:\n"
        "--     psql -v ON_ERROR_STOP=1 -d DATABASE -f FILE\n"
        "-- It may be run again, for instance when people came: what is there stays as it is.\n"
        "-- What it does not do: a superuser, and whoever has the server's files, can change everything. Only signatures and checkpoints kept elsewhere show that.\n"
        "\nBEGIN;\nSET LOCAL standard_conforming_strings = on;\n";
    for (const auto &step : provisioningSteps(plan))
        script += asComment(step.comment) + step.statement + ";\n";
    return script + "\nCOMMIT;\n";
}

Status provision(database::Connection &connection, const Provisioning &plan)
{
    auto transaction = database::Transaction::begin(connection);
    if (!transaction)
        return transaction.error();
    for (const auto &step : provisioningSteps(plan))
        if (const auto done = connection.exec(step.statement); !done)
            return done;
    return transaction->commit();
}

} // namespace countersign::store
