#include "models/database/location.h"

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <set>

namespace countersign::database {

namespace {

constexpr std::string_view kScheme = "postgresql://";
constexpr std::string_view kShortScheme = "postgres://";
constexpr std::string_view kDefaultSchema = "countersign";
constexpr std::string_view kPasswordMessage =
    "Passwords do not belong into addresses, which end up in arguments and histories. Leave the password out: you are asked for it, "
    "or the keychain is.";

Error invalid(std::string message)
{
    return Error{ErrorKind::Invalid, std::move(message), {}};
}

bool isUnreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

std::string percentEncoded(std::string_view text, std::string_view kept = {})
{
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (isUnreserved(c) || kept.find(c) != std::string_view::npos) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

Result<std::string> percentDecoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 1 < text.size() ? hexDigit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hexDigit(text[i + 2]) : -1;
        if (high < 0 || low < 0 || high + low == 0)
            return invalid("The database address has a '%' that is not followed by two hexadecimal digits of a character. Write a percent sign as %25.");
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

/// Keywords that libpq itself knows, asked from the library so that the list fits the installed version.
const std::set<std::string, std::less<>> &libpqKeywords()
{
    static const auto keywords = [] {
        std::set<std::string, std::less<>> names;
        const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(PQconndefaults(), PQconninfoFree);
        for (const PQconninfoOption *option = all.get(); option && option->keyword; ++option)
            names.insert(option->keyword);
        return names;
    }();
    return keywords;
}

bool isSchemaName(std::string_view name)
{
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9'); };
    return !name.empty() && name.size() <= 63 && !(name[0] >= '0' && name[0] <= '9') && !name.starts_with("pg_")
        && std::all_of(name.begin(), name.end(), fits);
}

Result<int> parsePort(std::string_view text)
{
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port < 1 || port > 65535)
        return invalid("\"" + std::string(text) + "\" is not a port: write a number from 1 to 65535.");
    return port;
}

Status setHost(Location &location, std::string host)
{
    if (host.find(',') != std::string::npos)
        return invalid("The database address names several servers. Name one.");
    location.host = std::move(host);
    return {};
}

/// "user@host:port", every part optional.
Status parseAuthority(Location &location, std::string_view authority)
{
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        if (authority.substr(0, at).find(':') != std::string_view::npos)
            return invalid(std::string(kPasswordMessage));
        const auto user = percentDecoded(authority.substr(0, at));
        if (!user)
            return user.error();
        location.user = *user;
        authority.remove_prefix(at + 1);
    }
    // An IPv6 address stands in brackets because of its colons.
    std::string_view host = authority;
    std::string_view port;
    const auto bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
    if (bracket != std::string_view::npos) {
        host = authority.substr(1, bracket - 1);
        port = authority.substr(bracket + 1);
        if (!port.empty() && !port.starts_with(':'))
            return invalid("The database address has text between ']' and the port. Write [address]:port.");
    } else if (const auto colon = authority.find(':'); colon != std::string_view::npos) {
        host = authority.substr(0, colon);
        port = authority.substr(colon);
    }
    if (!port.empty()) {
        const auto number = parsePort(port.substr(1));
        if (!number)
            return number.error();
        location.port = *number;
    }
    const auto decoded = percentDecoded(host);
    if (!decoded)
        return decoded.error();
    return setHost(location, *decoded);
}

Status applyOption(Location &location, const std::string &key, const std::string &value)
{
    if (key == "password" || key == "sslpassword")
        return invalid(std::string(kPasswordMessage));
    if (key == "schema") {
        if (!isSchemaName(value))
            return invalid("\"" + value + "\" cannot be a schema name: use lower-case letters, digits and '_', at most 63, not starting with a digit or \"pg_\".");
        location.schema = value;
        return {};
    }
    if (key == "host")
        return setHost(location, value);
    if (key == "port") {
        const auto number = parsePort(value);
        if (!number)
            return number.error();
        location.port = *number;
        return {};
    }
    if (key == "user")
        return location.user = value, Status();
    if (key == "dbname")
        return location.databaseName = value, Status();
    // A service file or another encoding would change behind our back what this address says.
    if (key == "service" || key == "client_encoding" || key == "replication")
        return invalid("The option \"" + key + "\" cannot be set in a database address. Leave it out.");
    if (key == "unsafe_durability" ? value != "1" && value != "0" : !libpqKeywords().contains(key))
        return invalid("\"" + key + "=" + value + "\" is not an option of a PostgreSQL connection. Options are libpq's keywords, schema and unsafe_durability=1.");
    // The driver separates options with ';' and would cut the value there.
    if (value.find(';') != std::string::npos)
        return invalid("The option \"" + key + "\" has a ';' in its value, which the driver cannot pass on. Use a value without.");
    location.options.emplace_back(key, value);
    return {};
}

Status parseOptions(Location &location, std::string_view query)
{
    std::set<std::string> seen;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || equals == 0)
            return invalid("\"" + std::string(pair) + "\" in the database address is not an option: write name=value.");
        const auto key = percentDecoded(pair.substr(0, equals));
        const auto value = percentDecoded(pair.substr(equals + 1));
        if (!key || !value)
            return key ? value.error() : key.error();
        if (!seen.insert(*key).second)
            return invalid("The option \"" + *key + "\" stands twice in the database address. Write it once.");
        if (const auto applied = applyOption(location, *key, *value); !applied)
            return applied.error();
    }
    std::sort(location.options.begin(), location.options.end());
    return {};
}

Result<Location> parseUri(std::string_view rest)
{
    Location location;
    location.backend = Backend::Postgres;
    std::string_view query;
    if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
        query = rest.substr(mark + 1);
        rest = rest.substr(0, mark);
    }
    const auto slash = std::min(rest.find('/'), rest.size());
    if (const auto authority = parseAuthority(location, rest.substr(0, slash)); !authority)
        return authority.error();
    const auto name = percentDecoded(rest.substr(std::min(slash + 1, rest.size())));
    if (!name)
        return name.error();
    location.databaseName = *name;
    if (const auto options = parseOptions(location, query); !options)
        return options.error();
    if (location.databaseName.empty())
        return invalid("The database address names no database. Write postgresql://user@host/database.");
    return location;
}

bool hasScheme(std::string_view text)
{
    const auto colon = text.find("://");
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; };
    return colon != std::string_view::npos && colon > 0 && std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), fits);
}

} // namespace

Result<Location> Location::parse(std::string_view text)
{
    if (text.empty())
        return invalid("The database address is empty. Give the path of a file or a postgresql:// address.");
    if (text.find('\0') != std::string_view::npos)
        return invalid("The database address holds a NUL character. Give the path of a file or a postgresql:// address.");
    for (const std::string_view scheme : {kScheme, kShortScheme}) {
        if (text.starts_with(scheme))
            return parseUri(text.substr(scheme.size()));
    }
    if (hasScheme(text))
        return invalid("\"" + std::string(text.substr(0, text.find(':'))) + "\" is not a database Countersign knows. Give the path of a file or a postgresql:// address.");
    return sqlite(std::filesystem::path(std::string(text)));
}

Location Location::sqlite(std::filesystem::path file)
{
    // Repeated slashes mean one; with them gone no path can look like "scheme://".
    std::string path = file.native();
    path.erase(std::unique(path.begin(), path.end(), [](char a, char b) { return a == '/' && b == '/'; }), path.end());
    Location location;
    location.backend = Backend::Sqlite;
    location.file = std::filesystem::path(std::move(path));
    return location;
}

bool isThisMachine(std::string_view host)
{
    return host.empty() || host.starts_with('/') || host == "localhost" || host == "127.0.0.1" || host == "::1";
}

std::string Location::text() const
{
    if (backend == Backend::Sqlite)
        return file.native();
    std::string out(kScheme);
    if (!user.empty())
        out += percentEncoded(user) + "@";
    out += host.find(':') != std::string::npos ? "[" + percentEncoded(host, ":") + "]" : percentEncoded(host);
    if (port != 5432)
        out += ":" + std::to_string(port);
    out += "/" + percentEncoded(databaseName);
    char separator = '?';
    const auto add = [&](const std::string &key, const std::string &value) {
        out += separator + key + "=" + percentEncoded(value);
        separator = '&';
    };
    for (const auto &[key, value] : options)
        add(key, value);
    if (schema != kDefaultSchema)
        add("schema", schema);
    return out;
}

} // namespace countersign::database
