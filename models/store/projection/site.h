#pragma once

#include "models/store/eventbody.h"
#include "models/store/statements.h"

#include <set>
#include <string>
#include <unordered_map>

namespace countersign::store {

/// What the projection of one event works with. A kind's function writes the tables of its area and nothing else; subject, trail and
/// settling are the projector's.
struct ProjectionSite {
    Statements &sql;
    const BodyReader &body;
    const ledger::Event &event;
    std::uint64_t seq;
    std::set<std::string> &touchedVersions; ///< their verdicts and sign-offs are settled before the commit

    std::string actorName() const; ///< as printed
    std::int64_t at() const { return toMillis(event.time); }
};

/// A revision of a limit; every version that it may look at is judged anew.
void setRule(ProjectionSite &site, const json::Object &document);

using ProjectKind = void (*)(ProjectionSite &);
using ProjectKinds = std::unordered_map<std::string_view, ProjectKind>;

/// Of all areas together (projection/governance/governancekinds.cpp).
const ProjectKinds &governanceKinds();
/// Findings (projection/governance/projectfindings.cpp).
const ProjectKinds &findingKinds();
/// Evidence (projection/governance/projectevidence.cpp).
const ProjectKinds &evidenceKinds();
/// Limits and packs (projection/governance/projectpolicy.cpp).
const ProjectKinds &policyKinds();
/// Tiers, stages and what governs a model (projection/governance/projectlifecycle.cpp).
const ProjectKinds &lifecycleKinds();
/// Files of versions, and releases (projection/governance/projectreleases.cpp).
const ProjectKinds &releaseKinds();
/// Waivers (projection/governance/projectwaivers.cpp).
const ProjectKinds &waiverKinds();

} // namespace countersign::store
