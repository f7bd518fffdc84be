#pragma once

#include "models/database/location.h"
#include "models/importers/source.h"

#include <memory>
#include <string>

namespace countersign::importers {

/// An MLflow backend store, SQLite or PostgreSQL, at any schema from MLflow 1.4 to 3.11 (what a newer one adds is not looked at).
/// Nothing is ever written: MLflow itself would migrate an older store the moment it is opened.
///
/// Tables are read whole, one SELECT each, and put together in memory, because MLflow's own keys make look-ups by model full scans.
/// Histories come from one SELECT ordered by run and metric, a metric at a time. Both happen in one read transaction each.
///
/// NotFound: no such database. Denied: credentials. Io: unreachable. Invalid: not an MLflow store; the message names what is missing.
Result<std::unique_ptr<Registry>> openMlflowDatabase(const database::Location &location, const std::string &password = {});

} // namespace countersign::importers
