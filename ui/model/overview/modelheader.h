#pragma once

#include "ui/model/modelview.h"
#include "ui/theme/state.h"

#include <QString>

class QComboBox;

/// What the head of the model page says of a version.
namespace countersign::pages {

/// The verdict without its details, which the page shows below; never cut where it would lose its sense.
QString badgeText(const store::VersionRow &row);
theme::State badgeState(const store::VersionRow &row);

/// "Owner Risk · Stage In use · Tier 1 · Retail credit".
QString factsText(const ModelView &view);
/// Every version with its aliases, by id.
void fillVersionBox(QComboBox &box, const std::vector<store::VersionRow> &versions, const QString &current);

} // namespace countersign::pages
