#pragma once

#include "models/base/progress.h"
#include "models/services/workspace/session.h"

namespace countersign::services {

/// Makes the tables that panes read anew from the ledger, which alone they follow from, in one transaction: afterwards they are
/// what verification replays, or they are as they were. What is not validly signed leaves no row.
/// Denied: on PostgreSQL, who opens is no member of the schema's owner.
Status rebuildTables(database::Connection &connection, const Progress &progress);

/// Whether the tables are this program's. Unsupported: a later program's. Denied: an earlier program's.
Status checkTables(database::Connection &connection);
/// Makes an earlier program's tables anew; does nothing when they are this one's. Errors as checkTables() and rebuildTables().
Status bringTablesUpToDate(database::Connection &connection, const Progress &progress);

/// After a verification found tables that were changed: records what it found (security.verification_failed, signed by this computer), then
/// makes the tables anew. Returns how many differences there were. Conflict: there are none. Tampered: the ledger itself is not what it
/// claims to be; then nothing can be made from it.
Result<std::uint64_t> repairTables(Session &session, const Progress &progress);

} // namespace countersign::services
