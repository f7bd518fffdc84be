#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/passphrases.h"
#include "models/services/people.h"
#include "models/services/sample/sample.h"

#include <filesystem>

namespace countersign::cli {

namespace {

Result<std::vector<Role>> rolesOf(Context &context)
{
    std::vector<Role> roles;
    for (const auto &text : context.line().values("--role")) {
        const auto role = parseRole(text);
        if (!role)
            return role.error().in("--role");
        roles.push_back(*role);
    }
    return roles;
}

Result<database::Location> newLocation(Context &context)
{
    const std::string file = context.line().argument(0);
    if (file.empty())
        return context.location();
    if (context.line().has("--workspace"))
        return usageError("Name the workspace once: as FILE or with --workspace.", context.line().path());
    return database::Location::parse(file);
}

void printPerson(Context &context, const std::string &what, const Person &person)
{
    if (context.isJson())
        printJson(context, what, {{"person", personJson(person)}});
    else
        context.terminal().print(person.login + "\n");
}

} // namespace

Result<ExitCode> runInit(Context &context)
{
    services::FounderRequest request;
    const auto location = newLocation(context);
    if (!location)
        return location.error();
    auto roles = rolesOf(context);
    if (!roles)
        return roles.error();
    request.location = *location;
    request.origin = context.line().valueOr("--name", {});
    request.name = context.line().valueOr("--admin", {});
    request.login = context.line().valueOr("--login", {});
    request.roles = std::move(*roles);
    if (request.roles.empty())
        request.roles = {Role::Administrator, Role::ComplianceOfficer};
    const auto environment = context.environment();
    if (!environment)
        return environment.error();
    const auto passphrase = newSecretFrom(context.line().value("--passphrase-file"), "--passphrase-file", request.name, context.terminal());
    if (!passphrase)
        return passphrase.error();
    auto session = context.withPassword<std::unique_ptr<services::Session>>(*location, [&](const std::string &password) {
        request.password = password;
        return services::createWorkspace(request, *passphrase, *environment);
    });
    if (!session)
        return session.error();
    const Person &person = *(*session)->person();
    const auto profile = context.profile();
    if (const auto status = (*profile)->setCurrentPerson((*session)->ledgerId(), person.id); !status)
        context.terminal().say("You are not remembered as the person who works here: " + status.error().text());
    if (const auto status = (*profile)->remember({location->text(), (*session)->origin(), person.login, {}, (*session)->now(), false}); !status)
        context.terminal().say("The workspace is not remembered as a recent one: " + status.error().text());
    context.terminal().say(person.name + " (" + person.login + ") holds the roles " + roleList(person.roles) + ".");
    if (context.isJson())
        printJson(context, "init", {{"ledger", (*session)->ledgerId().text()}, {"name", (*session)->origin()}, {"person", personJson(person)}, {"workspace", location->text()}});
    else
        context.terminal().print(factLines({{"Workspace", location->text()}, {"Name", (*session)->origin()}, {"Ledger", (*session)->ledgerId().text()}, {"Administrator", person.login}}));
    return Done;
}

Result<ExitCode> runSample(Context &context)
{
    const std::filesystem::path file = context.line().argument(0);
    const auto location = database::Location::parse(file.string());
    if (!location)
        return location.error();
    if (location->backend != database::Backend::Sqlite)
        return usageError("The sample portfolio is a file of its own: name one, for example sample.countersign. A shared database gets a workspace with init.", context.line().path());
    const auto environment = context.environment();
    if (!environment)
        return environment.error();
    const services::SampleRequest request{file, context.line().has("--tampered")};
    if (const auto status = services::makeSample(request, *environment, context.terminal().progress()); !status)
        return status.error();
    const auto profile = context.profile();
    if (!request.isTampered)
        if (const auto status = (*profile)->setSamplePath(std::filesystem::absolute(file)); !status)
            context.terminal().say("The sample is not remembered: " + status.error().text());
    // Whoever made the sample can go on at once, as its validator; --as says otherwise.
    const auto session = services::Session::open({database::Location::sqlite(file), {}, true, services::kSampleLogin}, *environment);
    if (!session)
        return session.error();
    if (const auto status = (*profile)->setCurrentPerson((*session)->ledgerId(), (*session)->person()->id); !status)
        context.terminal().say("Nobody is remembered as the person who works here: " + status.error().text());
    context.terminal().say("You work in it as " + (*session)->person()->name + "; --as LOGIN says otherwise.");
    context.terminal().say("Everybody's signing passphrase in the sample is \"" + std::string(services::kSamplePassphrase) + "\".");
    if (context.isJson())
        printJson(context, "sample", {{"tampered", request.isTampered}, {"workspace", file.string()}});
    else
        context.terminal().print(file.string() + "\n");
    return Done;
}

Result<ExitCode> runPersonAdd(Context &context)
{
    auto roles = rolesOf(context);
    if (!roles)
        return roles.error();
    const services::PersonRequest request{context.line().argument(0), context.line().valueOr("--login", {}), std::move(*roles), context.line().valueOr("--identity", {})};
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto key = context.personKey();
    if (!key)
        return key.error();
    std::optional<crypto::Secret> passphrase;
    const auto file = context.line().value("--new-passphrase-file");
    if (file || context.terminal().mayAsk()) {
        auto typed = newSecretFrom(file, "--new-passphrase-file", request.name, context.terminal());
        if (!typed)
            return typed.error();
        passphrase = std::move(*typed);
    }
    const auto person = services::addPerson(**session, request, passphrase ? &*passphrase : nullptr, context.person(), **key);
    if (!person)
        return person.error();
    if (person->awaitsKey)
        context.terminal().say("The key of " + person->name + " awaits confirmation by another administrator; its words: countersign-cli key list " + person->login);
    else if (!person->hasKey)
        context.terminal().say(person->name + " has no signing key yet. Enrol one with: countersign-cli key enroll " + person->login);
    printPerson(context, "person.add", *person);
    return Done;
}

Result<ExitCode> runPersonList(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto people = store::listPeople((*session)->connection());
    if (!people)
        return people.error();
    Listing listing(context, "people", {{"Login"}, {"Name"}, {"Roles"}, {"Key"}});
    for (const Person &person : *people)
        listing.add({person.login, person.name, roleList(person.roles), person.hasKey ? "enrolled" : person.awaitsKey ? "awaiting" : "none"}, personJson(person));
    return listing.finish("Nobody works here yet.");
}

Result<ExitCode> runDeviceEnroll(Context &context)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto signer = (*session)->deviceSigner();
    if (!signer)
        return signer.error();
    const std::string fingerprint = crypto::fingerprint(signer->actor.key);
    if (context.isJson())
        printJson(context, "device.enroll", {{"device", signer->actor.device}, {"fingerprint", fingerprint}, {"key", signer->actor.key.text()}});
    else
        context.terminal().print(factLines({{"Device", signer->actor.device}, {"Key", fingerprint}}));
    return Done;
}

Result<ExitCode> runPaths(Context &context)
{
    const auto profile = context.profile();
    if (!profile)
        return profile.error();
    const settings::Folders &folders = (*profile)->folders();
    const std::vector<std::pair<std::string, std::string>> paths{{"config", folders.config.string()}, {"data", folders.data.string()}, {"state", folders.state.string()},
                                                                 {"cache", folders.cache.string()}};
    if (!context.isJson()) {
        context.terminal().print(factLines(paths));
        return Done;
    }
    json::Object object;
    for (const auto &[name, path] : paths)
        object.set(name, path);
    printJson(context, "paths", std::move(object));
    return Done;
}

} // namespace countersign::cli
