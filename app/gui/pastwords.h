#pragma once

#include "models/services/asof/asofpoint.h"

#include <QString>

namespace countersign::gui {

/// "1 Dec 2026, 03:00 UTC"; with seconds where they are not none.
QString momentText(Instant time);
/// "Read-only: as of 1 Dec 2026, 03:00 UTC, entry 1,234 of 1,300."
QString pastSentence(const services::AsOf &asOf);

} // namespace countersign::gui
