#include "models/store/projection/site.h"

namespace countersign::store {

const ProjectKinds &governanceKinds()
{
    static const ProjectKinds kinds = [] {
        ProjectKinds all;
        for (const auto &area : {evidenceKinds, findingKinds, lifecycleKinds, policyKinds, releaseKinds, waiverKinds})
            all.insert(area().begin(), area().end());
        return all;
    }();
    return kinds;
}

} // namespace countersign::store
