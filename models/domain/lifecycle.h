#pragma once

#include "models/base/digest.h"
#include "models/domain/inventory.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace countersign {

/// A published version of a pack. It never changes; what was decided under it stays tied to it.
struct PublishedPack {
    std::string pack;    ///< id
    std::string version;
    std::string title;
    Digest document;     ///< of the pack itself
    std::string note;
    bool isDefault = false; ///< governs every model for which none was chosen
    Instant effectiveFrom{};
    Instant publishedAt{};
    std::string publishedByName;
    std::int64_t entry = 0;

    struct Retirement {
        Instant at{};
        std::string byName;
        std::string reason;
        std::int64_t entry = 0;
    };
    std::optional<Retirement> retired;

    std::string name() const { return title + " " + version; }
};

/// How a model got its tier: the answers, what they add up to, and what was chosen.
struct TierAssessment {
    std::string event;   ///< id of its event
    ModelId model;
    std::string pack;
    std::string packVersion;
    std::vector<std::pair<std::string, std::string>> answers; ///< factor, level
    int points = 0;
    std::optional<int> computed; ///< none: the pack computes none
    int tier = 1;        ///< chosen
    std::string reason;  ///< where it is another than computed
    Instant at{};
    PersonId person;
    std::string personName;
    std::int64_t entry = 0;
    bool isConfirmed = true; ///< otherwise a second person has to, and the tier is not in force

    struct Confirmation {
        Instant at{};
        std::string byName;
        std::int64_t entry = 0;
    };
    std::optional<Confirmation> confirmed; ///< by that second person
};

/// A version moved from one stage to another.
struct StageMove {
    std::int64_t entry = 0;
    VersionId version;
    std::string from; ///< ids of the pack's stages
    std::string to;
    Stage stage = Stage::Proposed;
    std::string transition;
    std::string pack;
    std::string packVersion;
    std::string reason;
    Instant at{};
    PersonId person;
    std::string personName;
    std::optional<Digest> gate; ///< of the gate's checks, as they were judged
};

} // namespace countersign
