#include "models/policy/packs/packreader.h"

#include "models/policy/packs/packcheck.h"
#include "models/policy/packs/packshape.h"
#include "models/yaml/parse.h"

#include <algorithm>

namespace countersign::policy {

namespace {

constexpr std::size_t kMostFaults = 200;

} // namespace

PackReading readPackFile(std::string_view text)
{
    const yaml::Parsed parsed = yaml::parse(text);
    if (!parsed.root)
        return {{}, {parsed.fault}};
    PackReading reading;
    Pack pack = readShape(*parsed.root, reading.faults);
    for (yaml::Fault &fault : checkPack(pack, &*parsed.root))
        reading.faults.push_back(std::move(fault));
    std::ranges::stable_sort(reading.faults, {}, &yaml::Fault::line);
    if (reading.faults.empty())
        reading.pack = std::move(pack);
    if (reading.faults.size() > kMostFaults) {
        const std::size_t more = reading.faults.size() - kMostFaults;
        reading.faults.resize(kMostFaults);
        reading.faults.push_back({0, 0, "There are " + std::to_string(more) + " more faults."});
    }
    return reading;
}

Result<Pack> readPack(std::string_view text)
{
    PackReading reading = readPackFile(text);
    if (reading.pack)
        return std::move(*reading.pack);
    return Error{ErrorKind::Invalid, yaml::text(reading.faults), {}};
}

} // namespace countersign::policy
