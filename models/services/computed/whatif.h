#pragma once

#include "models/computed/scores/whatif.h"
#include "models/scoretables/tablefile.h"
#include "models/services/computed/changes.h"

#include <filesystem>
#include <memory>

/// What-ifs about a version of a model: the scores that they work on, and how they become a change request.
namespace countersign::services {

/// A recorded set of a version whose scores were kept.
struct ScoredSet {
    ImportId import;
    std::string number;               ///< "I-41"
    Instant at{};
    std::string log;                  ///< its name as it was given
    Digest logDigest;
    predictions::Mapping mapping;
    scoretables::WindowSpec window;
    metrics::Options options;
    std::optional<std::uint64_t> smallestGroup;
    bool includeMissing = false;
    std::optional<double> threshold;  ///< that its decisions were made by; none: the log's own
    std::vector<std::string> attributes; ///< that scores were kept of, in the order of the log
    std::shared_ptr<const computed::ScoreSummary> scores;

    /// Under which exact scores are kept on this computer, if they are.
    scoretables::TableKey tableKey() const { return scoretables::TableKey::of(logDigest, mapping, window.unit); }
};

/// The newest one that is not undone, or the one named. NotFound: no recorded set of the version has scores. Tampered.
Result<ScoredSet> findScores(Session &session, const VersionId &version, const std::optional<ImportId> &import = {});

/// The change that a what-if stands for, ready for proposeChange(): thresholds, constraint, one sentence, evidence, and the legal note where
/// groups are decided differently (whoever proposes has to have seen it). Its basis is left to the caller.
ChangeProposal changeProposal(const computed::ScoreSource &source, const computed::WhatIf &whatIf, const VersionId &version,
                              const std::string &reason);

} // namespace countersign::services
