#pragma once

#include "models/domain/judgement.h"

#include <optional>
#include <string>
#include <string_view>

namespace countersign {

/// Where a finding stands. It weighs on gates until it is closed.
enum class FindingState { Open, Challenged, Remediated, Retested, Closed };
std::string_view findingStateKey(FindingState state);   ///< "remediated"
std::string_view findingStateTitle(FindingState state); ///< "Remediated, to be retested"

/// What is done about a finding after it was opened.
enum class FindingAct { Challenge, Answer, Remediate, Retest, Close, Reopen };
std::string_view findingActKey(FindingAct act); ///< "challenge"; also the second word of the event's kind

/// Why a finding is closed.
enum class Resolution { Remediated, Accepted, NotAnIssue, Duplicate };
std::string_view resolutionKey(Resolution resolution);   ///< "notAnIssue"
std::string_view resolutionTitle(Resolution resolution); ///< "Not an issue"
Result<Resolution> parseResolution(std::string_view text);

/// A recorded weakness of a model or of one version, with who answers for it and by when.
struct Finding {
    /// What it was opened from, frozen as it was then.
    struct Origin {
        enum class Kind { Manual, Limit };
        Kind kind = Kind::Manual;
        RuleId rule;                       ///< Limit: which, and
        int ruleRevision = 0;
        Slice slice;
        std::optional<Window> window;
        std::optional<double> value;
        std::optional<std::int64_t> n;
        std::string sentence;              ///< of the verdict
        bool operator==(const Origin &) const = default;
    };

    std::int64_t no = 0;                   ///< counts findings of the workspace: "F-12"
    FindingId id;
    ModelId model;
    std::string modelName;
    std::optional<VersionId> version;      ///< none: about the model as such
    std::string versionLabel;
    std::string title;
    std::string text;
    Severity severity = Severity::Medium;
    PersonId owner;                        ///< who answers for it; empty: nobody yet
    std::string ownerName;
    std::optional<Instant> due;
    std::string plan;                      ///< of the remediation
    FindingState state = FindingState::Open;
    Origin origin;
    Instant openedAt{};
    PersonId openedBy;
    std::string openedByName;
    PersonId challengedBy;                 ///< of the last challenge, and
    PersonId remediatedBy;                 ///< of the last remediation; empty: none
    std::optional<Resolution> resolution;  ///< of a closed one
    Instant changedAt{};
    std::int64_t entry = 0;                ///< ledger number of its opening

    std::string number() const { return "F-" + std::to_string(no); }
    bool isOpen() const { return state != FindingState::Closed; }
    bool isOverdue(Instant now) const { return isOpen() && due && now >= *due; }
};
std::string_view originKey(Finding::Origin::Kind kind); ///< "limit"
Result<Finding::Origin::Kind> parseOrigin(std::string_view text);

/// One step in the life of a finding.
struct FindingNote {
    std::int64_t entry = 0;
    Instant at{};
    std::string personName;
    std::string act;     ///< "open", "update", or findingActKey
    std::string outcome; ///< "passed", "failed", a resolution; for "update" what changed; may be empty
    std::string text;
};

} // namespace countersign
