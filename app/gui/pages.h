#pragma once

namespace countersign::services {
class Workspace;
}
namespace countersign::shell {
class MainWindow;
}

namespace countersign::gui {

/// Puts every page there is into the window.
void addPages(shell::MainWindow &window, services::Workspace &workspace);

} // namespace countersign::gui
