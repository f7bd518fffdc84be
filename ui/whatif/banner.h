#pragma once

#include <QWidget>

namespace countersign::pages {

/// "Sandbox": over the whole page, as long as it is shown. Says what a what-if does not do.
class SandboxBanner : public QWidget
{
    Q_OBJECT
public:
    explicit SandboxBanner(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace countersign::pages
