#include "models/database/postgres/postgresconnection.h"

#include <poll.h>

namespace countersign::database {

std::string serverName(const Location &location)
{
    return location.host.empty() ? "this machine's PostgreSQL server" : "the PostgreSQL server “" + location.host + "”";
}

namespace {

/// At the beginning of a sentence.
std::string capitalised(std::string words)
{
    words.front() = static_cast<char>(words.front() - 'a' + 'A');
    return words;
}

std::string userName(const Location &location)
{
    return location.user.empty() ? "you" : "the user “" + location.user + "”";
}

/// The server's error code of a failed connection. libpq only tells the message, in the server's language, unless it is asked for
/// codes between starting and finishing the connection.
struct Diagnosis {
    std::string state;
    bool needsPassword = false;
};

void waitForConnection(PGconn *connection)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    auto wanted = PGRES_POLLING_WRITING;
    while (wanted != PGRES_POLLING_OK && wanted != PGRES_POLLING_FAILED && std::chrono::steady_clock::now() < deadline) {
        pollfd descriptor{PQsocket(connection), static_cast<short>(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
        ::poll(&descriptor, 1, 1000);
        wanted = PQconnectPoll(connection);
    }
}

Diagnosis diagnose(const Location &location, const OpenOptions &options)
{
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectStart(postgresConnectionString(location, options).c_str()), PQfinish);
    if (!connection || PQstatus(connection.get()) == CONNECTION_BAD)
        return {};
    PQsetErrorVerbosity(connection.get(), PQERRORS_SQLSTATE);
    waitForConnection(connection.get());
    const std::string message = oneLine(PQerrorMessage(connection.get()));
    Diagnosis found;
    found.needsPassword = PQconnectionNeedsPassword(connection.get()) != 0;
    if (message.size() >= 5 && message.find_last_of(": ") == message.size() - 6)
        found.state = message.substr(message.size() - 5);
    return found;
}

bool isOneOf(std::string_view state, std::initializer_list<std::string_view> states)
{
    return std::find(states.begin(), states.end(), state) != states.end();
}

ErrorKind kindOf(std::string_view state)
{
    const std::string_view kind = state.substr(0, 2);
    // Unique key, serialization, deadlock, lock timeout, and the ledger's "somebody else was first".
    if (isOneOf(state, {"23505", "40001", "40P01", "55P03", "CS409"}))
        return ErrorKind::Conflict;
    // The ledger's "another event has this id", and "that is not there".
    if (state == "CS002")
        return ErrorKind::Tampered;
    if (state == "CS404")
        return ErrorKind::NotFound;
    // Raised by an append-only trigger, missing privilege, read-only transaction, and the ledger's "not yours".
    if (isOneOf(state, {"P0001", "42501", "25006", "CS403"}) || kind == "28")
        return ErrorKind::Denied;
    if (state == "57014")
        return ErrorKind::Cancelled;
    if (state == "3D000" || state == "3F000")
        return ErrorKind::NotFound;
    if (isOneOf(kind, {"08", "53", "57", "58", "XX"}))
        return ErrorKind::Io;
    return ErrorKind::Invalid;
}

} // namespace

Error postgresError(std::string_view state, std::string_view message, std::string_view sql)
{
    const ErrorKind kind = kindOf(state);
    const std::string said = std::string(message) + (message.ends_with('.') ? "" : ".");
    if (isOneOf(state, {"40001", "40P01", "55P03"}))
        return {kind, "Somebody else is changing the same data in the database; nothing was recorded. Try again. (" + std::string(message) + ")", {}};
    if (state.starts_with("CS"))
        return {kind, "The ledger's database refused the change: " + said, {}};
    if (state == "42501" && std::string_view(message).find("function") != std::string_view::npos)
        return {kind, "Your login may not write in this workspace: " + said + " Ask its administrator for a login that may (countersign-cli db provision).", {}};
    if (kind == ErrorKind::Conflict || state.starts_with("23"))
        return {kind, "The database refused the change: " + said, excerpt(sql)};
    if (kind == ErrorKind::Denied)
        return {kind, "The database does not allow this: " + said, excerpt(sql)};
    if (kind == ErrorKind::Cancelled)
        return {kind, "The server stopped the work: " + said, {}};
    if (kind == ErrorKind::Io)
        return {kind, "The PostgreSQL server cannot do its part: " + said, {}};
    return {kind, "The database cannot run this: " + said, excerpt(sql)};
}

Error postgresLost(const Location &location)
{
    return {ErrorKind::Io,
            "The connection to " + serverName(location)
                + " was lost. What was being recorded at that moment may or may not have been recorded: connect again and look.",
            {}};
}

Error postgresOpenError(const Location &location, const OpenOptions &options, std::string_view message)
{
    const Diagnosis found = diagnose(location, options);
    const std::string said = message.empty() ? "" : " (" + std::string(message) + ")";
    if (found.needsPassword)
        return {ErrorKind::Denied, capitalised(serverName(location)) + " asks for a password of " + userName(location) + ". Enter it and try again.", {}};
    if (found.state.starts_with("28"))
        return {ErrorKind::Denied, capitalised(serverName(location)) + " does not let " + userName(location) + " in. Check the user and the password." + said, {}};
    if (found.state == "3D000")
        return {ErrorKind::NotFound, "There is no database “" + location.databaseName + "” on " + serverName(location) + ". Check the name, or have it created.", {}};
    if (found.state == "42501")
        return {ErrorKind::Denied, userName(location) + " may not use the database “" + location.databaseName + "”. Ask its administrator.", {}};
    if (message.find("unsupported startup parameter") != std::string_view::npos)
        return {ErrorKind::Unsupported, capitalised(serverName(location)) + " is a pooler that does not pass on the settings of a session, so a workspace cannot be used through it. Connect to the server itself." + said, {}};
    if (!found.state.empty())
        return {ErrorKind::Io, capitalised(serverName(location)) + " takes no connection now." + said, {}};
    return {ErrorKind::Io, "There is no connection to " + serverName(location) + ". Check the address, the network and the TLS settings." + said, {}};
}

} // namespace countersign::database
