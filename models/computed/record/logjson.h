#pragma once

#include "models/computed/record/jsonnodes.h"
#include "models/predictions/log.h"

/// Internal to models/computed: what is recorded of a log, written and read.
namespace countersign::computed {

json::Object logObject(const predictions::LogFacts &log);
void readLog(const Node &node, predictions::LogFacts &log);

} // namespace countersign::computed
