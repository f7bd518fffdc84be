#include "models/scoretables/pairs/scoreparts.h"

namespace countersign::scoretables {

std::vector<std::size_t> scoreParts(const Table &table, std::size_t count)
{
    std::vector<std::size_t> starts{0};
    for (std::size_t i = 1; i < count; ++i) {
        std::size_t at = std::max(starts.back(), table.size() * i / count);
        while (at > 0 && at < table.size() && table.scores()[at] == table.scores()[at - 1])
            ++at;
        starts.push_back(at);
    }
    starts.push_back(table.size());
    return starts;
}

} // namespace countersign::scoretables
