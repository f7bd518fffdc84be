#pragma once

#include <QList>
#include <QString>

namespace countersign::gui {

struct Version {
    QString name;
    QString number;
};
/// The program and what it runs with; of libsodium, which only models/crypto may ask, the version it was built with.
QList<Version> versions();

} // namespace countersign::gui
