#pragma once

#include "models/base/digest.h"
#include "models/base/id.h"
#include "models/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace countersign {

/// What was decided about an item of evidence. That it expired, or that a later one took its place, is seen when it is read.
enum class ExhibitState { Awaiting, Accepted, Rejected, Withdrawn };
std::string_view exhibitStateKey(ExhibitState state);   ///< "accepted"
std::string_view exhibitStateTitle(ExhibitState state); ///< "Awaits review"
Result<ExhibitState> parseExhibitState(std::string_view text);

/// An item of evidence: a file that is kept by its digest, or words on where to find what is kept elsewhere, with what it shows and for how long.
struct Exhibit {
    std::int64_t no = 0;              ///< counts the evidence of the workspace: "E-5"
    ExhibitId id;
    ModelId model;
    std::string modelName;
    std::optional<VersionId> version; ///< none: about the model as such, and so about each of its versions
    std::string versionLabel;
    std::string title;
    std::string note;
    std::string requirement;          ///< what it was asked for by: "PACK/EVIDENCE-ID"; empty: nothing asks for it
    std::optional<Digest> digest;     ///< of the file; none: a reference
    std::string name;                 ///< of the file, safe to show and to write
    std::string media;                ///< told from its bytes
    std::int64_t size = 0;            ///< bytes
    std::string reference;            ///< where it is, as text; never fetched
    std::optional<Instant> from;      ///< the time that it is about, and
    std::optional<Instant> to;        ///< its end
    std::optional<Instant> expires;   ///< from then on it no longer counts
    ExhibitId replaces;               ///< the one whose place it takes once it is accepted; empty: none
    std::string replacesNumber;       ///< "E-3"
    std::string replacedBy;           ///< number of the accepted one that took its place; empty: none
    ExhibitState state = ExhibitState::Awaiting;
    Instant addedAt{};
    PersonId addedBy;
    std::string addedByName;
    std::optional<Instant> decidedAt; ///< accepted, rejected or withdrawn
    PersonId decidedBy;
    std::string decidedByName;
    std::string reason;               ///< of that
    std::int64_t entry = 0;           ///< ledger number of its adding

    std::string number() const { return "E-" + std::to_string(no); }
    bool isExpired(Instant now) const { return expires && now >= *expires; }
    bool isSuperseded() const { return !replacedBy.empty(); }
};

/// One step in the life of an item of evidence.
struct ExhibitNote {
    std::int64_t entry = 0;
    Instant at{};
    std::string personName;
    std::string act;  ///< "add", or exhibitStateKey
    std::string text; ///< may be empty
};

} // namespace countersign
