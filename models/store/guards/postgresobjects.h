#pragma once

#include "models/store/guards/objects.h"

namespace countersign::store {

/// The part of foreignObjects() for PostgreSQL: tables with their columns, constraints and indexes, functions, triggers, policies, and who may do what with them.
Result<std::vector<ForeignObject>> foreignPostgresObjects(database::Connection &connection);

} // namespace countersign::store
