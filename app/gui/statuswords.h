#pragma once

#include "models/services/workspace/workspace.h"
#include "models/settings/profile.h"
#include "ui/welcome/recentlist.h"

#include <QColor>
#include <QString>

/// How a workspace is called where there is little room: status bar, menu bar, list of recent ones.
namespace countersign::gui {

QString kindOf(const services::WorkspaceState &state);         ///< "local file", "shared", "sample"
QColor stripOf(const services::WorkspaceState &state);         ///< invalid: the theme's default, for what is shared
QString connectionDetails(const services::WorkspaceState &state); ///< where it is, and what the database does for the record
QString connectionText(const services::WorkspaceState &state); ///< "Local file", "Live, TLS", "…, for reading only"
/// "Ledger 1,234 · signatures checked · checkpoint at 1,230, co-signed by 1 of 2", or how far they are checked, or what is wrong.
QString ledgerText(const services::WorkspaceState &state, const services::SignatureState &signatures);
QString personShort(const Person &person);                     ///< "Ada Sample · Validator, Administrator"
QString sentenceCase(const QString &phrase);                   ///< "reading metrics" → "Reading metrics"
welcome::RecentWorkspace recentLine(const settings::RecentWorkspace &workspace, Instant now);
QString agoText(Instant then, Instant now);                    ///< "2 hours ago"

} // namespace countersign::gui
