#include "models/domain/judgement.h"

#include <array>

namespace countersign {

namespace {
constexpr std::array<std::string_view, 3> kDirections{"atLeast", "atMost", "within"};
constexpr std::array<std::string_view, 6> kVerdicts{"fail", "notEnoughData", "watch", "waived", "pass", "notJudged"};
constexpr std::array<std::string_view, 6> kVerdictTitles{"Fail", "Not enough data", "Watch", "Waived", "Pass", "Not judged"};
constexpr std::array<std::string_view, 2> kDecisions{"approve", "reject"};

template<class Enum, std::size_t N>
Result<Enum> parseName(std::string_view text, const std::array<std::string_view, N> &names, const char *what)
{
    std::string choices;
    for (std::size_t i = 0; i < N; ++i) {
        if (text == names[i])
            return static_cast<Enum>(i);
        choices += (i ? ", " : "") + std::string(names[i]);
    }
    return Error{ErrorKind::Invalid, "\"" + std::string(text) + "\" is not " + what + ". It is one of: " + choices + ".", {}};
}
} // namespace

std::string_view directionKey(Direction direction) { return kDirections[static_cast<std::size_t>(direction)]; }
Result<Direction> parseDirection(std::string_view text) { return parseName<Direction>(text, kDirections, "a direction"); }

std::string_view verdictKey(VerdictState state) { return kVerdicts[static_cast<std::size_t>(state)]; }
std::string_view verdictTitle(VerdictState state) { return kVerdictTitles[static_cast<std::size_t>(state)]; }
Result<VerdictState> parseVerdict(std::string_view key) { return parseName<VerdictState>(key, kVerdicts, "a verdict"); }

std::string_view decisionKey(Decision decision) { return kDecisions[static_cast<std::size_t>(decision)]; }
Result<Decision> parseDecision(std::string_view text) { return parseName<Decision>(text, kDecisions, "a decision"); }

} // namespace countersign
