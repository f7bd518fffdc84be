#pragma once

#include <QDialog>

namespace countersign::gui {

/// Versions and licence.
class AboutDialog : public QDialog
{
    Q_OBJECT
public:
    explicit AboutDialog(QWidget *parent);
};

} // namespace countersign::gui
