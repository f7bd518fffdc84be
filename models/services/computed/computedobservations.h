#pragma once

#include "models/services/computed/computedsets.h"
#include "models/store/observations/observationrecorder.h"

namespace countersign::services {

/// Gives the figures of a computed set to the recorder, as ObservationOptions says. `moment` is the window of a log without times where the
/// options have none. Returns notes for the preview: what gives no observations, and why. Cancelled.
Result<std::vector<std::string>> recordFigures(const ComputedImport &import, Instant moment, store::ObservationRecorder &recorder, const Progress &progress);

} // namespace countersign::services
