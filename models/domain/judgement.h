#pragma once

#include "models/base/digest.h"
#include "models/base/id.h"
#include "models/base/time.h"
#include "models/domain/metrics.h"
#include "models/domain/people.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace countersign {

/// The side on which a limit lies.
enum class Direction { AtLeast, AtMost, Within };
std::string_view directionKey(Direction direction); ///< "atLeast"
Result<Direction> parseDirection(std::string_view text);

/// How much a breach weighs, and a finding about it. Ordered.
enum class Severity { Low, Medium, High, Critical };
inline constexpr Severity kAllSeverities[] = {Severity::Low, Severity::Medium, Severity::High, Severity::Critical};
std::string_view severityKey(Severity severity);   ///< "high"
std::string_view severityTitle(Severity severity); ///< "High"
Result<Severity> parseSeverity(std::string_view text);

/// What is held against a limit: the value, or its confidence bound on the side where the limit lies (within: both).
enum class Basis { Value, Bound };
std::string_view basisKey(Basis basis); ///< "bound"
Result<Basis> parseBasis(std::string_view text);

/// A limit on one metric, readable as a sentence (policy::sentence).
struct Rule {
    RuleId id;
    int revision = 1;               ///< 1, 2, … each change of the rule
    std::string metric;
    std::string attribute;          ///< empty: judged on the overall value; otherwise on every group of this attribute
    Direction direction = Direction::AtLeast;
    double limit = 0;               ///< lower edge for Within
    double upperLimit = 0;          ///< only for Within
    std::optional<double> watch;    ///< beyond this, but inside the limit: Watch. For Within: the distance from either edge
    std::optional<std::int64_t> minimumN; ///< fewer cases: not enough data
    Basis basis = Basis::Value;
    std::optional<int> maxAgeDays;  ///< the newest window must have ended at most so many days ago: otherwise not enough data
    Severity severity = Severity::Medium;
    std::vector<int> tiers;         ///< only models of these tiers, ascending; empty: of all, also without a tier
    std::optional<ModelId> model;   ///< only this model
    Instant inForceFrom{};          ///< observations whose window ends before are judged by the revision before
    bool isRetired = false;

    /// The rule of a published pack that this limit follows.
    struct Origin {
        std::string pack;     ///< id
        std::string version;
        std::string rule;     ///< its id in the pack
        bool operator==(const Origin &) const = default;
    };
    std::optional<Origin> origin;   ///< none: set by hand
    bool operator==(const Rule &) const = default;
};

/// How a rule, or everything about a version, stands. Ordered from worst to best for sorting.
enum class VerdictState { Fail, NotEnoughData, Watch, Waived, Pass, NotJudged };
std::string_view verdictKey(VerdictState state);   ///< "notEnoughData"
std::string_view verdictTitle(VerdictState state); ///< "Not enough data"
Result<VerdictState> parseVerdict(std::string_view key);

/// One rule judged on one series, with everything that a sentence needs.
struct Verdict {
    RuleId rule;
    int ruleRevision = 1;
    VersionId version;
    VerdictState state = VerdictState::NotJudged;
    std::string metric;
    Slice slice;
    std::optional<Observation> observation; ///< the one that was judged
    std::optional<std::int64_t> missing;    ///< NotEnoughData: about so many more cases would do, where that can be told
    std::string sentence;                   ///< "AUC .693 is below the limit of at least .700." English, complete
};

enum class Decision { Approve, Reject };
std::string_view decisionKey(Decision decision); ///< "approve"
Result<Decision> parseDecision(std::string_view text);

/// A personal signature over a frozen bundle, as recorded.
struct SignOff {
    SignOffId id;
    BundleId bundle;
    VersionId version;
    PersonId person;
    std::string personName;
    Role role = Role::Validator;
    Decision decision = Decision::Approve;
    std::string meaning;
    std::string comment;
    Instant signedAt{};
    int utcOffsetMinutes = 0;
    std::int64_t entry = 0; ///< ledger number
    KeyId key;
    Digest bundleDigest;
    std::optional<Digest> rendering; ///< of the pages or the text that the signer had before their eyes, where they were kept
    bool isStale = false;
    std::vector<std::string> changes; ///< what differs from the signed inputs now, one sentence each

    /// A new statement of the signer's own: the signature no longer stands. What was signed stays as it was.
    struct Withdrawal {
        std::int64_t entry = 0; ///< ledger number
        Instant at{};
        std::string reason;
    };
    std::optional<Withdrawal> withdrawn;
};

} // namespace countersign
