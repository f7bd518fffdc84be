#include "models/services/computed/whatif.h"

#include "models/services/computed/computedsets.h"

#include <algorithm>

namespace countersign::services {

namespace {

/// Attributes that single groups were kept of.
std::vector<std::string> attributesOf(const computed::ScoreSummary &scores)
{
    std::vector<std::string> names;
    for (const computed::ScoreGroup &group : scores.groups)
        if (group.group.size() == 1 && (names.empty() || names.back() != group.group.front().first))
            names.push_back(group.group.front().first);
    return names;
}

Result<ScoredSet> load(Session &session, const ComputedRow &row)
{
    const auto set = loadComputed(session, row.import);
    if (!set)
        return set.error();
    const auto bytes = loadScores(session, row.import);
    if (!bytes)
        return bytes.error();
    auto scores = computed::readScores(*bytes);
    if (!scores)
        return scores.error().in(row.number());
    ScoredSet found;
    found.import = row.import;
    found.number = row.number();
    found.at = row.at;
    found.log = row.log;
    found.logDigest = row.logDigest;
    found.mapping = set->mapping;
    found.window = set->parameters.window;
    found.options = set->parameters.options;
    found.smallestGroup = set->parameters.smallestGroup;
    found.includeMissing = set->parameters.includeMissing;
    if (set->isThresholdApplied)
        found.threshold = set->threshold;
    found.attributes = attributesOf(*scores);
    found.scores = std::make_shared<const computed::ScoreSummary>(*std::move(scores));
    return found;
}

Slice sliceOf(const computed::GroupValues &group)
{
    Slice slice{group};
    std::ranges::sort(slice.parts);
    return slice;
}

} // namespace

Result<ScoredSet> findScores(Session &session, const VersionId &version, const std::optional<ImportId> &import)
{
    const auto rows = listComputed(session, version);
    if (!rows)
        return rows.error();
    for (const ComputedRow &row : *rows)
        if (row.hasScores && (import ? row.import == *import : !row.undoneBy))
            return load(session, row);
    return Error{ErrorKind::NotFound, "No recorded figures of this version have kept their scores.", {}};
}

ChangeProposal changeProposal(const computed::ScoreSource &source, const computed::WhatIf &whatIf, const VersionId &version, const std::string &reason)
{
    const computed::DecisionRule &rule = whatIf.after.rule;
    ChangeProposal proposal;
    proposal.version = version;
    proposal.kind = rule.isPerGroup() ? ChangeKind::GroupThresholds : ChangeKind::Threshold;
    if (rule.isPerGroup()) {
        proposal.attributes = source.attributes();
        proposal.legalNote = computed::legalNote();
        for (std::size_t g = 0; g < source.groups().size(); ++g)
            if (const auto threshold = rule.of(g))
                proposal.thresholds.push_back({sliceOf(source.groups()[g].group), *threshold});
    } else if (const auto threshold = source.groups().empty() ? rule.threshold : rule.of(0)) {
        proposal.thresholds.push_back({{}, *threshold});
    }
    if (whatIf.choice.constraint) {
        proposal.constraint = metrics::key(*whatIf.choice.constraint);
        proposal.tolerance = whatIf.choice.tolerance;
    }
    proposal.summary = computed::whatIfSummary(source, whatIf);
    proposal.reason = reason;
    proposal.evidence = computed::writeWhatIf(source, whatIf);
    return proposal;
}

} // namespace countersign::services
