#include "models/computed/scores/scorecurves.h"
#include "models/computed/scores/whatif.h"
#include "tests/fuzz/promise.h"
#include "tests/fuzz/targets.h"

namespace fuzz {

using namespace countersign;
using namespace countersign::computed;

namespace {

/// Everything that is drawn of a group.
void draw(const ScoreSummary &summary, const ScoreGroup &group)
{
    PROMISE(scoreTable(summary, group).points.size() <= summary.edges.size());
    rocPoints(summary, group);
    precisionRecallPoints(summary, group);
    calibrationPoints(summary, group);
    densitySteps(summary, group);
    thresholdSweep(summary, group, 20);
}

/// What a hand on the threshold asks for.
void move(const std::shared_ptr<const ScoreSummary> &summary, const std::vector<std::string> &attributes)
{
    const auto source = scoreSource(summary, attributes);
    PROMISE(source.ok() == !summary->groupsOf(attributes).empty());
    if (!source)
        return;
    PROMISE((*source)->groups().size() == summary->groupsOf(attributes).size());
    for (const double threshold : (*source)->sweepThresholds(5))
        for (std::size_t group = 0; group < (*source)->groups().size(); ++group) {
            const metrics::Counts counts = (*source)->countsAt(group, threshold);
            PROMISE(!(counts.tp < 0) && !(counts.fp < 0) && !(counts.fn < 0) && !(counts.tn < 0));
        }
    WhatIfOptions options;
    options.bootstrapDraws = 0;
    const auto decided = decideBy(**source, {summary->edges.front(), {}}, options);
    PROMISE(decided.ok() && decided->groups.size() == (*source)->groups().size());
    (*source)->densityEdges(10);
}

} // namespace

void keptScores(const std::uint8_t *data, std::size_t size)
{
    const BytesView bytes(reinterpret_cast<const char *>(data), size);
    auto read = readScores(bytes);
    if (!read) {
        PROMISE(read.error().kind == ErrorKind::Tampered || read.error().kind == ErrorKind::Unsupported);
        return;
    }
    PROMISE(writeScores(*read) == bytes);
    const auto summary = std::make_shared<const ScoreSummary>(*std::move(read));
    for (const ScoreGroup &group : summary->groups) {
        draw(*summary, group);
        std::vector<std::string> attributes;
        for (const auto &value : group.group)
            attributes.push_back(value.first);
        move(summary, attributes);
    }
    move(summary, {"no such attribute"});
}

} // namespace fuzz
