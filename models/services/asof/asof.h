#pragma once

#include "models/base/progress.h"
#include "models/services/asof/asofpoint.h"
#include "models/services/workspace/session.h"

#include <memory>

namespace countersign::services {

/// Opens the workspace as it was: replays the first entries of the ledger into a scratch database, and gives a session on it in which every
/// list, page, verdict and report works as in the present one, but nothing can be recorded.
///
/// A size is the number of entries, as the ledger orders them. A moment T stands for a size: up to and with the last entry whose recorded time
/// is not after T. Recorded times are what the signers' computers said, so earlier entries may say a later time than T; they are part of
/// that state all the same, because what was appended after them knew of them (AsOf::laterClaims counts them). For a size, T is the
/// time of its last entry. The session's clock stands still at T.
///
/// What is read is judged on the way: canonical form, signatures, keys as they were enrolled at that place. Entries that are not validly
/// signed or have lost their evidence leave no row, and the session's damage() says so. The root is that of the bytes that were replayed.
/// Documents are read from the present session when they are asked for, and their digest is checked. So `present` must outlive the result,
/// on the same thread.
///
/// NotFound: before the first entry, or more entries than there are. Cancelled. Tampered: the ledger got shorter meanwhile.
Result<std::unique_ptr<Session>> openAsOf(Session &present, const AsOfPoint &point, const Progress &progress);

} // namespace countersign::services
