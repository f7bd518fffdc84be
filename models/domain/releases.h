#pragma once

#include "models/base/digest.h"
#include "models/base/id.h"
#include "models/base/time.h"

#include <cstdint>
#include <optional>
#include <string>

namespace countersign {

/// A file of a version, known by its digest; the file itself stays where it is.
struct Artifact {
    VersionId version;
    Digest digest;
    std::string name;
    std::int64_t size = 0; ///< bytes
    Instant at{};
    PersonId person;
    std::string personName;
    std::int64_t entry = 0;
};

/// A release that was issued: permission to use a version's files until a moment, as a token carries it.
struct IssuedRelease {
    std::int64_t no = 0; ///< counts releases of the workspace: "R-2"
    ReleaseId id;
    ModelId model;
    std::string modelName;
    VersionId version;
    std::string versionLabel;
    Instant expires{};
    Instant issuedAt{};
    std::string issuedByName;
    std::int64_t entry = 0;

    struct Revocation {
        Instant at{};
        std::string byName;
        std::string reason;
        std::int64_t entry = 0;
    };
    std::optional<Revocation> revoked;

    std::string number() const { return "R-" + std::to_string(no); }
    bool isInForce(Instant now) const { return !revoked && now < expires; }
    std::string standing(Instant now) const
    {
        return revoked ? "Revoked on " + formatDate(revoked->at) : now < expires ? "Holds until " + formatDate(expires) : "Ran out on " + formatDate(expires);
    }
};

} // namespace countersign
