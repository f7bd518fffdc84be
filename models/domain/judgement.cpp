#include "models/domain/judgement.h"

#include "models/domain/names.h"

namespace countersign {

namespace {
constexpr std::array<std::string_view, 3> kDirections{"atLeast", "atMost", "within"};
constexpr std::array<std::string_view, 4> kSeverities{"low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 4> kSeverityTitles{"Low", "Medium", "High", "Critical"};
constexpr std::array<std::string_view, 2> kBases{"value", "bound"};
constexpr std::array<std::string_view, 6> kVerdicts{"fail", "notEnoughData", "watch", "waived", "pass", "notJudged"};
constexpr std::array<std::string_view, 6> kVerdictTitles{"Fail", "Not enough data", "Watch", "Waived", "Pass", "Not judged"};
constexpr std::array<std::string_view, 2> kDecisions{"approve", "reject"};
} // namespace

std::string_view directionKey(Direction direction) { return nameOf(direction, kDirections); }
Result<Direction> parseDirection(std::string_view text) { return parseName<Direction>(text, kDirections, "a direction"); }

std::string_view severityKey(Severity severity) { return nameOf(severity, kSeverities); }
std::string_view severityTitle(Severity severity) { return nameOf(severity, kSeverityTitles); }
Result<Severity> parseSeverity(std::string_view text) { return parseName<Severity>(text, kSeverities, "a severity"); }

std::string_view basisKey(Basis basis) { return nameOf(basis, kBases); }
Result<Basis> parseBasis(std::string_view text) { return parseName<Basis>(text, kBases, "what a limit is judged on"); }

std::string_view verdictKey(VerdictState state) { return nameOf(state, kVerdicts); }
std::string_view verdictTitle(VerdictState state) { return nameOf(state, kVerdictTitles); }
Result<VerdictState> parseVerdict(std::string_view key) { return parseName<VerdictState>(key, kVerdicts, "a verdict"); }

std::string_view decisionKey(Decision decision) { return nameOf(decision, kDecisions); }
Result<Decision> parseDecision(std::string_view text) { return parseName<Decision>(text, kDecisions, "a decision"); }

} // namespace countersign
