#pragma once

#include <QString>

namespace countersign::gui {

/// What a file dropped on the window is for, by its name and, for .json, its first bytes.
enum class DropKind { Nothing, Workspace, Import, Proof };
DropKind dropKind(const QString &path);

} // namespace countersign::gui
