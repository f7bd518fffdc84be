#pragma once

#include <filesystem>

namespace countersign::services {
class Workspace;
}
namespace countersign::shell {
class MainWindow;
}

namespace countersign::gui {

/// Puts every page there is into the window. `cache`: this person's cache folder.
void addPages(shell::MainWindow &window, services::Workspace &workspace, const std::filesystem::path &cache);

} // namespace countersign::gui
