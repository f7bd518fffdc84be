#include "app/gui/versions.h"

#include "models/database/connection.h"

#include <QCoreApplication>

namespace countersign::gui {

namespace {

QString sqliteVersion()
{
    const auto connection = database::Connection::openScratch();
    if (!connection)
        return {};
    auto query = (*connection)->prepare("SELECT sqlite_version()");
    if (!query || !query->exec())
        return {};
    const auto row = query->next();
    return row && *row ? QString::fromStdString(query->text(0)) : QString();
}

} // namespace

QList<Version> versions()
{
    return {{QStringLiteral("Countersign"), QStringLiteral(COUNTERSIGN_VERSION)},
            {QStringLiteral("Qt"), QString::fromLatin1(qVersion())},
            {QStringLiteral("SQLite"), sqliteVersion()},
            {QStringLiteral("libsodium"), QStringLiteral(COUNTERSIGN_SODIUM_VERSION)}};
}

} // namespace countersign::gui
