#pragma once

#include "models/database/connection.h"
#include "models/domain/findings.h"

#include <optional>
#include <string>
#include <vector>

namespace countersign::store {

struct FindingFilter {
    std::optional<ModelId> model;
    std::optional<VersionId> version; ///< also the findings about its model as such
    std::optional<PersonId> owner;
    bool isOpen = false;              ///< only those that are not closed
    std::optional<std::int64_t> no;
    std::string idPrefix;             ///< "f:0c3f"
};

/// Open ones first, the gravest first, then the earliest due.
Result<std::vector<Finding>> listFindings(database::Connection &connection, const FindingFilter &filter = {});
/// Its steps, oldest first, the opening included.
Result<std::vector<FindingNote>> findingNotes(database::Connection &connection, const FindingId &finding);

} // namespace countersign::store
