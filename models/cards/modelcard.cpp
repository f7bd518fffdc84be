#include "models/cards/modelcard.h"

namespace countersign::cards {

std::string joined(const std::vector<std::string> &texts, std::string_view between)
{
    std::string all;
    for (std::size_t i = 0; i < texts.size(); ++i)
        (all += i == 0 ? std::string_view() : between) += texts[i];
    return all;
}

} // namespace countersign::cards
