#pragma once

#include "models/base/id.h"
#include "models/base/time.h"

#include <cstdint>
#include <optional>
#include <string>

namespace countersign {

/// Something that a person wrote about a version, or about its model as such: who then signs as independent is to be somebody else.
struct Contribution {
    enum class Kind {
        Evidence,    ///< added an item, withdrawn or not
        Version,     ///< registered or changed the version or a run of it by hand; what an import brings is of its source, not of who imported
        Change,      ///< proposed a change of it
        Remediation, ///< remediated a finding about it
    };
    Kind kind = Kind::Evidence;
    PersonId person;
    std::string personName;
    std::optional<VersionId> version; ///< none: about the model as such, and so about each of its versions
    std::string versionLabel;
    Instant at{};
    std::int64_t entry = 0;           ///< ledger number
};

} // namespace countersign
