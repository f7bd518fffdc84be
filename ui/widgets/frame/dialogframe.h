#pragma once

class QDialog;
class QPushButton;
class QVBoxLayout;

/// What dialogs have in common.
namespace countersign::widgets {

/// The dialog's column, with a page's margins and the window's title as heading.
QVBoxLayout *dialogColumn(QDialog &dialog);
/// The last row of a column: Cancel, which rejects the dialog, and the act at the right, which Return presses. Returns Cancel.
QPushButton *addDialogButtons(QVBoxLayout &column, QDialog &dialog, QPushButton *act);

} // namespace countersign::widgets
