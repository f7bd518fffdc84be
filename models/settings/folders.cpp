#include "models/settings/folders.h"

#include <cstdlib>
#include <pwd.h>
#include <unistd.h>

namespace countersign::settings {

namespace {

std::filesystem::path fromEnvironment(const char *name)
{
    const char *value = std::getenv(name);
    return value ? std::filesystem::path(value) : std::filesystem::path();
}

std::filesystem::path homeFolder()
{
    const std::filesystem::path home = fromEnvironment("HOME");
    if (home.is_absolute())
        return home;
    char buffer[16384];
    passwd entry = {};
    passwd *found = nullptr;
    if (::getpwuid_r(::geteuid(), &entry, buffer, sizeof buffer, &found) == 0 && found && found->pw_dir)
        return found->pw_dir;
    return {};
}

} // namespace

Folders Folders::below(const std::filesystem::path &root)
{
    std::error_code ignored;
    std::filesystem::path top = std::filesystem::absolute(root, ignored).lexically_normal();
    if (!top.has_filename()) // "profile/" is "profile"
        top = top.parent_path();
    return {top / "config", top / "data", top / "state", top / "cache"};
}

Result<Folders> Folders::find(const std::filesystem::path &root)
{
    if (!root.empty())
        return below(root);
    if (const auto fromVariable = fromEnvironment("COUNTERSIGN_PROFILE"); !fromVariable.empty())
        return below(fromVariable);

    const std::filesystem::path home = homeFolder();
    // The specification ignores relative paths in its variables.
    const auto folder = [&home](const char *variable, const char *below) {
        const std::filesystem::path base = fromEnvironment(variable);
        if (base.is_absolute())
            return base / "countersign";
        return home.is_absolute() ? home / below / "countersign" : std::filesystem::path();
    };
    const Folders folders{folder("XDG_CONFIG_HOME", ".config"), folder("XDG_DATA_HOME", ".local/share"),
                          folder("XDG_STATE_HOME", ".local/state"), folder("XDG_CACHE_HOME", ".cache")};
    if (folders.config.empty() || folders.data.empty() || folders.state.empty() || folders.cache.empty())
        return Error{ErrorKind::Io, "There is no home folder to keep settings in. Set HOME, or give a folder with --profile.", {}};
    return folders;
}

} // namespace countersign::settings
