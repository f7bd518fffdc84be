#include "models/domain/findings.h"

#include "models/domain/names.h"

namespace countersign {

namespace {
constexpr std::array<std::string_view, 5> kStates{"open", "challenged", "remediated", "retested", "closed"};
constexpr std::array<std::string_view, 5> kStateTitles{"Open", "Challenged", "Remediated, to be retested", "Retested, to be closed", "Closed"};
constexpr std::array<std::string_view, 6> kActs{"challenge", "answer", "remediate", "retest", "close", "reopen"};
constexpr std::array<std::string_view, 4> kResolutions{"remediated", "accepted", "notAnIssue", "duplicate"};
constexpr std::array<std::string_view, 4> kResolutionTitles{"Remediated", "Risk accepted", "Not an issue", "Duplicate"};
constexpr std::array<std::string_view, 2> kOrigins{"manual", "limit"};
} // namespace

std::string_view findingStateKey(FindingState state) { return nameOf(state, kStates); }
std::string_view findingStateTitle(FindingState state) { return nameOf(state, kStateTitles); }

std::string_view findingActKey(FindingAct act) { return nameOf(act, kActs); }

std::string_view resolutionKey(Resolution resolution) { return nameOf(resolution, kResolutions); }
std::string_view resolutionTitle(Resolution resolution) { return nameOf(resolution, kResolutionTitles); }
Result<Resolution> parseResolution(std::string_view text) { return parseName<Resolution>(text, kResolutions, "a resolution"); }

std::string_view originKey(Finding::Origin::Kind kind) { return nameOf(kind, kOrigins); }
Result<Finding::Origin::Kind> parseOrigin(std::string_view text) { return parseName<Finding::Origin::Kind>(text, kOrigins, "an origin of a finding"); }

} // namespace countersign
