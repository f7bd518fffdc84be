#include "models/settings/profile.h"

#include "models/base/text.h"
#include "models/database/location.h"
#include "models/settings/privatefile.h"

#include <algorithm>
#include <cstdio>

namespace countersign::settings {

namespace {

constexpr std::size_t kMaxBytes = 1U << 20;

json::Object without(const json::Object &object, const std::string &key)
{
    json::Object rest;
    for (const auto &[name, value] : object.members()) {
        if (name != key)
            rest.set(name, value);
    }
    return rest;
}

/// A member that is an array, or an empty one.
json::Array arrayOf(const json::Object &object, std::string_view key)
{
    const json::Value *value = object.find(key);
    return value && value->array() ? *value->array() : json::Array();
}

json::Object objectOf(const json::Object &object, std::string_view key)
{
    const json::Value *value = object.find(key);
    return value && value->object() ? *value->object() : json::Object();
}

bool isMissingFile(const std::string &location)
{
    const auto parsed = database::Location::parse(location);
    std::error_code ignored;
    return parsed && parsed->backend == database::Backend::Sqlite && !std::filesystem::exists(parsed->file, ignored);
}

/// Nothing for an entry that a newer version wrote in a way this one does not understand.
std::optional<RecentWorkspace> readRecent(const json::Value &value)
{
    const std::string location = value.textOr("location", "");
    if (location.empty())
        return {};
    RecentWorkspace recent{location, value.textOr("name", ""), value.textOr("login", ""), value.textOr("colour", ""), {}, isMissingFile(location)};
    if (const auto time = parseUtc(value.textOr("lastUsed", "")))
        recent.lastUsed = *time;
    return recent;
}

/// The stored entry with what the new one says.
json::Object written(json::Object entry, const RecentWorkspace &recent)
{
    entry.set("location", recent.location).set("lastUsed", formatUtc(recent.lastUsed));
    const std::pair<const char *, const std::string &> optional[] = {{"name", recent.name}, {"login", recent.login}, {"colour", recent.colour}};
    for (const auto &[key, value] : optional) {
        if (!value.empty())
            entry.set(key, value);
    }
    return entry;
}

auto entryAt(json::Array &entries, const std::string &location)
{
    return std::find_if(entries.begin(), entries.end(),
                        [&location](const json::Value &entry) { return entry.textOr("location", "") == location; });
}

/// The form under which a workspace is remembered, so that one file has one entry.
Result<std::string> tidyLocation(const std::string &location)
{
    auto parsed = database::Location::parse(location);
    if (!parsed)
        return parsed.error();
    if (parsed->backend == database::Backend::Sqlite) {
        std::error_code failure;
        const auto absolute = std::filesystem::absolute(parsed->file, failure);
        if (!failure)
            parsed = database::Location::sqlite(absolute.lexically_normal());
    }
    std::string text = parsed->text();
    if (!text::isUtf8(text))
        return Error{ErrorKind::Invalid, "The path of this workspace is not UTF-8, so it is not put on the list of recent ones.", {}};
    return text;
}

Result<json::Object> parseProfile(BytesView bytes)
{
    const auto value = json::parse(bytes, {.depth = 16, .bytes = kMaxBytes});
    if (!value)
        return value.error();
    if (!value->object())
        return Error{ErrorKind::Invalid, "It is not a JSON object.", {}};
    // What cannot be written again would make every later change fail.
    if (const auto again = json::canonical(*value); !again)
        return again.error();
    return *value->object();
}

/// The first of file.damaged, file.damaged-2, … that is free.
std::filesystem::path asideName(const std::filesystem::path &file)
{
    std::filesystem::path aside = file;
    aside += ".damaged";
    std::error_code ignored;
    for (int number = 2; std::filesystem::exists(std::filesystem::symlink_status(aside, ignored)) && number < 100; ++number) {
        aside = file;
        aside += ".damaged-" + std::to_string(number);
    }
    return aside;
}

} // namespace

Profile::Profile(Folders folders) : m_folders(std::move(folders)) {}

std::vector<RecentWorkspace> Profile::recentWorkspaces() const
{
    std::vector<RecentWorkspace> recents;
    for (const json::Value &entry : arrayOf(load(), "recent")) {
        if (auto recent = readRecent(entry))
            recents.push_back(std::move(*recent));
    }
    std::stable_sort(recents.begin(), recents.end(),
                     [](const RecentWorkspace &a, const RecentWorkspace &b) { return a.lastUsed > b.lastUsed; });
    return recents;
}

Status Profile::remember(const RecentWorkspace &workspace)
{
    const auto location = tidyLocation(workspace.location);
    if (!location)
        return location.error();
    for (const std::string &value : {workspace.name, workspace.login, workspace.colour}) {
        if (!text::isUtf8(value))
            return Error{ErrorKind::Invalid, "The name, login or colour of the workspace is not UTF-8.", {}};
    }
    RecentWorkspace tidy = workspace;
    tidy.location = *location;
    return update([&tidy](json::Object &profile) {
        json::Array entries = arrayOf(profile, "recent");
        json::Object entry;
        if (const auto known = entryAt(entries, tidy.location); known != entries.end()) {
            entry = *known->object();
            entries.erase(known);
        }
        entries.insert(entries.begin(), written(std::move(entry), tidy));
        entries.resize(std::min(entries.size(), kMaxRecent));
        profile.set("recent", std::move(entries));
    });
}

Status Profile::forget(const std::string &location)
{
    const auto tidy = tidyLocation(location);
    return update([&](json::Object &profile) {
        json::Array entries = arrayOf(profile, "recent");
        auto known = entryAt(entries, location);
        if (known == entries.end() && tidy)
            known = entryAt(entries, *tidy);
        if (known != entries.end())
            entries.erase(known);
        profile.set("recent", std::move(entries));
    });
}

std::optional<PersonId> Profile::currentPerson(const LedgerId &ledger) const
{
    const auto person = PersonId::parse(json::Value(objectOf(load(), "people")).textOr(ledger.text(), ""));
    return person ? std::optional(*person) : std::nullopt;
}

Status Profile::setCurrentPerson(const LedgerId &ledger, const PersonId &person)
{
    return update([&](json::Object &profile) {
        json::Object people = objectOf(profile, "people");
        if (person.isEmpty())
            people = without(people, ledger.text());
        else
            people.set(ledger.text(), person.text());
        profile.set("people", std::move(people));
    });
}

std::optional<std::filesystem::path> Profile::samplePath() const
{
    const std::string path = json::Value(load()).textOr("sample", "");
    return path.empty() ? std::nullopt : std::optional<std::filesystem::path>(path);
}

Status Profile::setSamplePath(const std::filesystem::path &file)
{
    const auto path = tidyLocation(file.native());
    if (!path)
        return path.error();
    return update([&path](json::Object &profile) { profile.set("sample", *path); });
}

std::optional<std::string> Profile::takeNotice()
{
    const std::lock_guard guard(m_mutex);
    if (m_notice.empty())
        return {};
    return std::exchange(m_notice, std::string());
}

void Profile::notice(std::string sentence) const
{
    const std::lock_guard guard(m_mutex);
    m_notice = std::move(sentence);
}

/// For reading: whatever is wrong, a person can go on with an empty list.
json::Object Profile::load() const
{
    const auto bytes = readFile(file(), kMaxBytes);
    if (bytes && !*bytes)
        return {};
    if (bytes) {
        if (auto profile = parseProfile(**bytes))
            return *std::move(profile);
    }
    // Another program may be half way through repairing it, so look again when it is our turn.
    const FileLock lock(lockFile());
    auto profile = loadLocked();
    if (!profile)
        notice(profile.error().text());
    return profile ? *std::move(profile) : json::Object();
}

/// Under the lock. Io when the file is there but cannot be read: then it must not be replaced either.
Result<json::Object> Profile::loadLocked() const
{
    const auto bytes = readFile(file(), kMaxBytes);
    if (!bytes)
        return bytes.error();
    if (!*bytes)
        return json::Object();
    auto profile = parseProfile(**bytes);
    if (profile)
        return profile;
    const std::filesystem::path aside = asideName(file());
    if (std::rename(file().c_str(), aside.c_str()) != 0)
        return systemError("damaged file", file(), "moved aside");
    notice("The list of recent workspaces could not be read (" + profile.error().text() + "). It was moved to " + aside.native()
           + ", and a new one was started. Your workspaces are not affected.");
    return json::Object();
}

Status Profile::update(const std::function<void(json::Object &)> &change)
{
    if (const Status made = makePrivateFolder(m_folders.state); !made)
        return made;
    const FileLock lock(lockFile());
    if (!lock.isHeld())
        return systemError("file", lockFile(), "locked");
    auto profile = loadLocked();
    if (!profile)
        return profile.error();
    if (!profile->contains("schema"))
        profile->set("schema", "countersign.profile/1");
    change(*profile);
    const auto bytes = json::canonical(*profile);
    if (!bytes)
        return bytes.error();
    return replaceFile(file(), *bytes + "\n");
}

} // namespace countersign::settings
