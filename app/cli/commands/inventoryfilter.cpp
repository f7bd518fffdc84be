#include "app/cli/commands/inventoryfilter.h"

#include <array>
#include <functional>
#include <sstream>

namespace countersign::cli {

namespace {

constexpr std::array<std::string_view, 4> kSignStates{"no", "yes", "stale", "rejected"};

Status takeChoice(store::InventoryFilter &filter, const std::string &key, const std::string &choice)
{
    if (key == "owner") {
        filter.owners.insert(choice);
    } else if (key == "tier") {
        if (choice.size() != 1 && choice != "none")
            return Error{ErrorKind::Invalid, "A tier is 1, 2, 3 or none.", {}};
        if (choice != "none" && (choice[0] < '1' || choice[0] > '3'))
            return Error{ErrorKind::Invalid, "A tier is 1, 2, 3 or none.", {}};
        filter.tiers.insert(choice == "none" ? 0 : choice[0] - '0');
    } else if (key == "stage") {
        const auto stage = parseStage(choice);
        if (!stage)
            return stage.error();
        filter.stages.insert(*stage);
    } else if (key == "verdict") {
        const auto verdict = parseVerdict(choice);
        if (!verdict)
            return verdict.error();
        filter.verdicts.insert(*verdict);
    } else {
        for (std::size_t i = 0; i < kSignStates.size(); ++i)
            if (choice == kSignStates[i]) {
                filter.signStates.insert(static_cast<int>(i));
                return {};
            }
        return Error{ErrorKind::Invalid, "signed: takes no, yes, stale or rejected.", {}};
    }
    return {};
}

} // namespace

Result<store::InventoryFilter> parseInventoryFilter(const std::string &text)
{
    static constexpr std::array<std::string_view, 5> keys{"tier", "stage", "verdict", "owner", "signed"};
    store::InventoryFilter filter;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        const auto colon = word.find(':');
        const std::string key = colon == std::string::npos ? std::string() : word.substr(0, colon);
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
            filter.text += (filter.text.empty() ? "" : " ") + word;
            continue;
        }
        const std::string choices = word.substr(colon + 1);
        for (std::size_t from = 0; from <= choices.size();) {
            const std::size_t end = std::min(choices.find(',', from), choices.size());
            if (const auto status = takeChoice(filter, key, choices.substr(from, end - from)); !status)
                return status.error().in(word);
            from = end + 1;
        }
    }
    return filter;
}

} // namespace countersign::cli
