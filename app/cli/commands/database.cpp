#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/outputfile.h"
#include "models/base/random.h"
#include "models/database/passwords.h"
#include "models/settings/privatefile.h"
#include "models/store/guards/provisioning.h"
#include "models/store/guards/status.h"
#include "models/store/schema.h"

#include <algorithm>
#include <map>

namespace countersign::cli {

namespace {

/// 24 characters of 32 that nobody confuses: 120 bits.
std::string newPassword(Randomness &randomness)
{
    static constexpr std::string_view kLetters = "abcdefghjkmnpqrstuvwxyz23456789A";
    std::string password;
    for (const char byte : randomness.bytes(24))
        password += kLetters[static_cast<unsigned char>(byte) % kLetters.size()];
    return password;
}

/// Who shall have a login, and which one.
Result<std::vector<store::PersonLogin>> peopleOf(Context &context, database::Connection &connection)
{
    const auto people = store::listPeople(connection);
    if (!people)
        return people.error();
    std::map<std::string, std::string> logins; // by person
    for (const std::string &pair : context.line().values("--login")) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == pair.size())
            return usageError("“" + pair + "” is not PERSON=LOGIN.", context.line().path());
        const auto person = store::findPerson(connection, pair.substr(0, equals));
        if (!person)
            return person.error();
        logins[person->id.text()] = pair.substr(equals + 1);
    }
    std::vector<std::string> wanted;
    for (const std::string &text : context.line().values("--person")) {
        const auto person = store::findPerson(connection, text);
        if (!person)
            return person.error();
        wanted.push_back(person->id.text());
    }
    // Who has a login already keeps it.
    store::Statements sql(connection);
    sql.each("SELECT person, login FROM login_person ORDER BY login", [&](const database::Query &row) { logins.try_emplace(row.text(0), row.text(1)); });
    if (!sql.ok())
        return sql.status().error();
    std::vector<store::PersonLogin> all;
    for (const Person &person : *people) {
        if (!wanted.empty() && std::ranges::find(wanted, person.id.text()) == wanted.end())
            continue;
        const auto named = logins.find(person.id.text());
        all.push_back({person.id.text(), person.name, named != logins.end() ? named->second : person.login, {}});
    }
    return all;
}

Status makePasswords(const std::string &file, database::Connection &connection, std::vector<store::PersonLogin> &people)
{
    SystemRandomness randomness;
    std::string lines;
    for (auto &person : people) {
        const std::string password = newPassword(randomness);
        const auto verifier = database::scramVerifier(connection, person.role, password);
        if (!verifier)
            return verifier.error();
        person.verifier = *verifier;
        lines += person.role + "\t" + password + "\n";
    }
    return settings::createFile(file, lines);
}

const char *stateWord(store::DatabaseCheck::State state)
{
    switch (state) {
    case store::DatabaseCheck::State::Holds: return "holds";
    case store::DatabaseCheck::State::Weak: return "weak";
    default: return "fails";
    }
}

} // namespace

Result<ExitCode> runDbProvision(Context &context)
{
    const auto &line = context.line();
    const auto file = line.value("--output");
    if (file)
        if (const auto status = checkTarget(*file, line.has("--force")); !status)
            return status.error();
    const bool runs = line.has("--run");
    const auto opened = context.connect(!runs);
    if (!opened)
        return opened.error();
    database::Connection &connection = **opened;
    if (connection.backend() != database::Backend::Postgres)
        return store::planProvisioning(connection, {}, {}, {}).error();
    const auto steps = store::migrations(connection.backend());
    if (const auto status = runs ? database::migrate(connection, steps) : database::checkSchema(connection, steps); !status)
        return status.error();
    auto people = peopleOf(context, connection);
    if (!people)
        return people.error();
    if (const auto passwords = line.value("--passwords"))
        if (const auto status = makePasswords(*passwords, connection, *people); !status)
            return status.error();
    const auto plan = store::planProvisioning(connection, *people, line.valueOr("--owner", "countersign_owner"), line.valueOr("--member", "countersign_user"));
    if (!plan)
        return plan.error();
    const std::string script = store::provisioningScript(*plan);
    if (file) {
        auto output = OutputFile::open(*file, line.has("--force"));
        if (!output)
            return output.error();
        if (const auto status = output->write(script); !status)
            return status.error();
        if (const auto status = output->commit(); !status)
            return status.error();
        context.terminal().print(*file + "\n");
    }
    if (runs) {
        if (const auto status = store::provision(connection, *plan); !status)
            return status.error();
        const auto separation = store::dutySeparation(connection);
        if (!separation)
            return separation.error();
        context.terminal().print(separation->sentence + "\n");
        for (const auto &person : plan->people)
            context.terminal().print(factLines({{person.role, person.name}}));
        return Done;
    }
    if (!file)
        context.terminal().print(script);
    context.terminal().say("Read it, then run it with psql -v ON_ERROR_STOP=1 as a superuser of the server, or with db provision --run.");
    return Done;
}

Result<ExitCode> runDbStatus(Context &context)
{
    const auto connection = context.connect();
    if (!connection)
        return connection.error();
    const auto checks = store::databaseStatus(**connection);
    if (!checks)
        return checks.error();
    const bool isGood = std::ranges::none_of(*checks, [](const auto &check) { return check.state == store::DatabaseCheck::State::Fails; });
    if (context.isJson()) {
        json::Array items;
        for (const auto &check : *checks)
            items.emplace_back(json::Object{{"name", check.name}, {"sentence", check.sentence}, {"state", stateWord(check.state)}});
        printJson(context, "db-status", {{"checks", std::move(items)}, {"good", isGood}});
        return isGood ? Done : No;
    }
    std::vector<std::pair<std::string, std::string>> lines;
    for (const auto &check : *checks)
        lines.emplace_back(check.name, std::string(stateWord(check.state)) + ": " + check.sentence);
    context.terminal().print(factLines(lines));
    return isGood ? Done : No;
}

} // namespace countersign::cli
