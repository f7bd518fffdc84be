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

/// What became of a request. That its evidence was rejected, and it waits again, is seen when it is read.
enum class EvidenceRequestState { Open, Answered, Declined, Cancelled };
std::string_view evidenceRequestStateKey(EvidenceRequestState state); ///< "answered"

/// Somebody is asked for evidence that is missing.
struct EvidenceRequest {
    std::int64_t no = 0;                 ///< counts the requests of the workspace: "ER-2"
    EvidenceRequestId id;
    ModelId model;
    std::string modelName;
    std::optional<VersionId> version;    ///< none: about the model as such
    std::string versionLabel;
    std::string requirement;             ///< "PACK/EVIDENCE-ID"; may be empty
    std::string text;                    ///< what is asked for; may be empty where a requirement says it
    PersonId asked;
    std::string askedName;
    std::optional<Instant> due;
    EvidenceRequestState state = EvidenceRequestState::Open;
    std::string answer;                  ///< number of the evidence that answers it, "E-5"; empty: none
    std::optional<ExhibitState> answerState;
    Instant requestedAt{};
    PersonId requestedBy;
    std::string requestedByName;
    std::optional<Instant> closedAt;     ///< answered, declined or cancelled
    std::string closedByName;
    std::string reason;                  ///< why it was declined or cancelled
    std::int64_t entry = 0;              ///< ledger number of the request

    std::string number() const { return "ER-" + std::to_string(no); }
    /// Nothing was given yet, or what was given does not count.
    bool isWaiting() const
    {
        return state == EvidenceRequestState::Open
               || (state == EvidenceRequestState::Answered && (answerState == ExhibitState::Rejected || answerState == ExhibitState::Withdrawn));
    }
    bool isOverdue(Instant now) const { return isWaiting() && due && now >= *due; }
};

} // namespace countersign
