#pragma once

#include "models/policy/packs/pack.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// What a change of a pack's rules would do, before it is published.
namespace countersign::policy {

/// A version with the newest value of each of its series.
struct ImpactSubject {
    struct Series {
        std::string metric;
        Slice slice;
        Observation newest;
    };
    MlModel model;
    VersionId version;
    std::vector<Series> series;
};

/// One rule, on one series of one version, that would say something else.
struct Flip {
    std::size_t subject = 0; ///< its place in the list
    std::string rule;        ///< id in the packs
    bool isGuideline = false;
    Slice slice;
    VerdictState before = VerdictState::NotJudged; ///< NotJudged: the rule does not look at it
    VerdictState after = VerdictState::NotJudged;
    std::string sentence;    ///< of the verdict after, or, where there is none, of the one before
};

/// The worst of a version's verdicts before and after, guidelines aside, where they differ.
struct VersionImpact {
    std::size_t subject = 0;
    VerdictState before = VerdictState::NotJudged;
    VerdictState after = VerdictState::NotJudged;
};

struct Impact {
    std::vector<Flip> flips;             ///< by subject, then in the order of the rules after and of those that end
    std::vector<VersionImpact> versions; ///< by subject
    std::size_t modelsAffected = 0;      ///< with at least one flip
    std::size_t versionsFailing = 0;     ///< fail after, and did not before
    std::size_t versionsMended = 0;      ///< fail before, and do not after

    /// "61 models are affected: 9 versions fail that did not, 2 no longer fail." "No verdict changes."
    std::string sentence() const;
};

/// Rules belong together by their ids. As verdicts do, a rule looks only at versions that record its metric; that a gate asks for a value which
/// nobody recorded is the gate's matter.
Impact impactOf(std::span<const PackRule> before, std::span<const PackRule> after, std::span<const ImpactSubject> subjects, Instant now);

} // namespace countersign::policy
