#pragma once

#include "models/base/id.h"
#include "models/base/json.h"
#include "models/base/time.h"
#include "models/settings/folders.h"

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace countersign::settings {

/// A workspace this person has opened, as the welcome page lists it.
struct RecentWorkspace {
    std::string location;    ///< database::Location text; a file's path is absolute. Never a password
    std::string name;        ///< as people call it
    std::string login;       ///< who was the current person there
    std::string colour;      ///< of the strip that tells production from a sandbox, "#c0392b"; empty: none
    Instant lastUsed{};
    bool isMissing = false;  ///< the SQLite file is not there now; for PostgreSQL always false. Not stored

    bool operator==(const RecentWorkspace &) const = default;
};

/// What the programs remember for one person on one computer between two starts: recent workspaces, who was the current person in each
/// ledger, where the sample portfolio is. Conveniences only: nothing here is a record, a right or a secret, and losing it costs clicks.
///
/// One small JSON file, profile.json in the state folder, shared by all running programs: every call reads it anew, every change is made
/// under a lock and replaces the file as a whole. Members that this version does not know are kept. A damaged file is moved aside, which
/// takeNotice() tells. Any thread.
class Profile
{
public:
    static constexpr std::size_t kMaxRecent = 30;

    explicit Profile(Folders folders);

    const Folders &folders() const { return m_folders; }

    /// Newest first.
    std::vector<RecentWorkspace> recentWorkspaces() const;
    /// Puts it in front. Empty name, login and colour leave what was known before. A relative path is made absolute.
    /// Invalid: a location that cannot be written down (not UTF-8) or that holds a password. Io: the file cannot be written.
    Status remember(const RecentWorkspace &workspace);
    /// Takes it off the list; the workspace itself stays. Nothing to do is fine.
    Status forget(const std::string &location);

    std::optional<PersonId> currentPerson(const LedgerId &ledger) const;
    Status setCurrentPerson(const LedgerId &ledger, const PersonId &person);

    /// Where the sample portfolio was made, whether or not it is still there.
    std::optional<std::filesystem::path> samplePath() const;
    Status setSamplePath(const std::filesystem::path &file);

    /// What went wrong while reading, once: a sentence for the message bar or standard error.
    std::optional<std::string> takeNotice();

private:
    json::Object load() const;
    Status update(const std::function<void(json::Object &)> &change);
    Result<json::Object> loadLocked() const;
    std::filesystem::path file() const { return m_folders.state / "profile.json"; }
    std::filesystem::path lockFile() const { return m_folders.state / "profile.lock"; }
    void notice(std::string sentence) const;

    Folders m_folders;
    mutable std::mutex m_mutex; // of m_notice
    mutable std::string m_notice;
};

} // namespace countersign::settings
