#pragma once

#include "models/base/result.h"
#include "models/services/workspace/workspace.h"

#include <QWidget>

#include <functional>

namespace countersign::gui {

/// Waits until the pages have what they asked for, then writes the window to a PNG. Io: the file cannot be written.
void takeScreenshot(QWidget &window, services::Workspace &workspace, const QString &file, std::function<void(const Status &)> done);

} // namespace countersign::gui
