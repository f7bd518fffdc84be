#pragma once

#include "models/computed/scores/whatif.h"
#include "models/services/computed/changes.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Weights for training anew (Kamiran and Calders 2012) as a change request: what they are, and what they make of the rows. What a model that
/// is trained with them decides nobody knows before it is trained, and nothing here says it.
namespace countersign::services {

struct ReweighedGroup {
    computed::GroupValues group;
    double rows = 0;
    metrics::Figure before;               ///< share of positive labels, Wilson
    std::optional<double> after;          ///< the same with the weights; nothing where the group has one label only
    std::optional<double> positiveWeight; ///< nothing where the group has no such rows
    std::optional<double> negativeWeight;
};

struct Reweighing {
    std::vector<ReweighedGroup> groups; ///< in the order of the source
    double overall = 0;                 ///< share of positive labels of everybody, before and after
    double differenceBefore = 0;        ///< largest − smallest share
    double differenceAfter = 0;         ///< 0 unless a group has one label only
    double smallestWeight = 1;
    double largestWeight = 1;
    double rows = 0;
    double effectiveRows = 0;           ///< (Σ w)² / Σ w² of the weights: as many rows of equal weight say as much
};

/// Invalid: no labels, fewer than two groups.
Result<Reweighing> reweigh(const computed::ScoreSource &source, double level = 0.95);

/// "Train anew with weights by sex and label: …", with the shares before and after.
std::string reweighingSummary(const computed::ScoreSource &source, const Reweighing &reweighing);
/// What the law may say to weights that differ by group.
std::string_view reweighingNote();
/// Canonical JSON (RFC 8785), schema countersign-reweighing-1.
Bytes writeReweighing(const computed::ScoreSource &source, const Reweighing &reweighing, const computed::WhatIfBasis &basis);

/// The change request, ready for proposeChange(); its basis is left to the caller. Whoever proposes has to have seen the note.
ChangeProposal reweighingProposal(const computed::ScoreSource &source, const Reweighing &reweighing, const computed::WhatIfBasis &basis,
                                  const VersionId &version, const std::string &reason);

} // namespace countersign::services
