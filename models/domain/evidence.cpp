#include "models/domain/evidence.h"

#include "models/domain/names.h"

namespace countersign {

namespace {
constexpr std::array<std::string_view, 4> kStates{"awaiting", "accepted", "rejected", "withdrawn"};
constexpr std::array<std::string_view, 4> kStateTitles{"Awaits review", "Accepted", "Rejected", "Withdrawn"};
constexpr std::array<std::string_view, 4> kRequestStates{"open", "answered", "declined", "cancelled"};
} // namespace

std::string_view exhibitStateKey(ExhibitState state) { return nameOf(state, kStates); }
std::string_view exhibitStateTitle(ExhibitState state) { return nameOf(state, kStateTitles); }
Result<ExhibitState> parseExhibitState(std::string_view text) { return parseName<ExhibitState>(text, kStates, "a state of evidence"); }

std::string_view evidenceRequestStateKey(EvidenceRequestState state) { return nameOf(state, kRequestStates); }

} // namespace countersign
