#pragma once

#include "models/base/result.h"

#include <filesystem>

namespace countersign::settings {

/// Where this person's files are, by the XDG base directory specification 0.8: $XDG_CONFIG_HOME/countersign and so on, with the
/// specification's defaults below the home folder. Or all four below one folder, for portable use and for tests.
/// Nothing is made here; whoever writes makes the folder first.
struct Folders {
    std::filesystem::path config; ///< preferences
    std::filesystem::path data;   ///< the device key, the sample portfolio
    std::filesystem::path state;  ///< recent workspaces, logs
    std::filesystem::path cache;  ///< may be deleted at any time

    /// `root` is what --profile says; the environment variable COUNTERSIGN_PROFILE comes next, then XDG.
    /// Io: nothing says where the home folder is.
    static Result<Folders> find(const std::filesystem::path &root = {});
    /// The four below one folder, made absolute.
    static Folders below(const std::filesystem::path &root);

    bool operator==(const Folders &) const = default;
};

} // namespace countersign::settings
