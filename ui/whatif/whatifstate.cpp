#include "ui/whatif/whatifstate.h"

#include <cmath>

namespace countersign::pages {

using computed::DecisionRule;

namespace {

/// More groups than this, and a moving slider goes without redraws.
constexpr std::size_t kMostRedrawnWhileMoving = 40;

} // namespace

void WhatIfState::begin(Source source, std::optional<double> threshold, const computed::WhatIfOptions &options)
{
    clear();
    m_source = std::move(source);
    m_inForce = threshold;
    m_options = options;
    if (!m_inForce && !m_source->hasDecisions())
        m_inForce = 0.5;
    // Of the log's own decisions nobody knows a threshold; the middle is where a hand starts.
    m_after.rule.threshold = m_inForce.value_or((m_source->lowest() + m_source->highest()) / 2);
    reset();
}

void WhatIfState::setSource(Source source)
{
    const bool isSameGroups = m_source && std::ranges::equal(source->groups(), m_source->groups(), {}, &computed::ScoreSource::Group::group,
                                                             &computed::ScoreSource::Group::group);
    m_source = std::move(source);
    if (!isSameGroups) {
        m_group = 0;
        m_after.rule.byGroup.clear();
    }
    m_before.rule = {m_inForce, {}};
    if (m_isPerGroup)
        m_after.rule.byGroup.resize(m_source->groups().size());
    compute(false);
}

void WhatIfState::setChoice(const computed::ConstraintChoice &choice)
{
    m_choice = choice;
    if (m_source)
        m_leftOut = leftOutGroups(*m_source, m_choice.constraint, m_options);
}

void WhatIfState::setCosts(const std::optional<metrics::Costs> &costs)
{
    m_options.costs = costs;
    if (m_source)
        compute(false);
}

void WhatIfState::setPerGroup(bool isPerGroup)
{
    m_isPerGroup = isPerGroup;
    m_choice.isPerGroup = isPerGroup;
    if (!m_source)
        return;
    if (!isPerGroup) {
        const double kept = threshold();
        m_after.rule = {kept, {}};
    }
    m_after.rule.byGroup.resize(isPerGroup ? m_source->groups().size() : 0);
    compute(false);
}

void WhatIfState::setGroup(std::size_t group)
{
    if (m_source && group < m_source->groups().size())
        m_group = group;
}

double WhatIfState::threshold() const
{
    const auto own = m_isPerGroup ? m_after.rule.of(m_group) : m_after.rule.threshold;
    return own.value_or(m_inForce.value_or(0.5));
}

void WhatIfState::setThreshold(double threshold, bool isMoving)
{
    DecisionRule rule = m_after.rule;
    if (!m_isPerGroup) {
        rule = {threshold, {}};
    } else {
        rule.byGroup.resize(m_source->groups().size());
        rule.byGroup[m_group] = threshold;
    }
    m_after.rule = snapped(rule);
    compute(isMoving);
}

void WhatIfState::setRule(const DecisionRule &rule)
{
    m_after.rule = rule;
    if (m_isPerGroup)
        m_after.rule.byGroup.resize(m_source->groups().size());
    compute(false);
}

void WhatIfState::reset()
{
    m_before.rule = {m_inForce, {}};
    m_after.rule = {m_inForce ? m_inForce : std::optional(threshold()), {}};
    if (!m_inForce)
        m_after.rule = snapped(m_after.rule);
    if (m_isPerGroup)
        m_after.rule.byGroup.resize(m_source->groups().size());
    compute(false);
}

bool WhatIfState::isChanged() const
{
    if (!m_source)
        return false;
    for (std::size_t g = 0; g < m_source->groups().size(); ++g)
        if (m_before.rule.of(g) != m_after.rule.of(g))
            return true;
    return false;
}

computed::WhatIf WhatIfState::whatIf(const computed::WhatIfBasis &basis) const
{
    computed::WhatIf whatIf;
    whatIf.basis = basis;
    whatIf.choice = m_choice;
    whatIf.options = m_options;
    whatIf.before = m_before;
    whatIf.after = m_after;
    whatIf.leftOut = m_leftOut;
    return whatIf;
}

DecisionRule WhatIfState::snapped(DecisionRule rule) const
{
    const auto snap = [this](std::optional<double> &threshold) {
        if (threshold)
            threshold = m_source->exactThreshold(*threshold);
    };
    snap(rule.threshold);
    for (auto &own : rule.byGroup)
        snap(own);
    return rule;
}

void WhatIfState::compute(bool isMoving)
{
    computed::WhatIfOptions options = m_options;
    if (isMoving && m_source->groups().size() > kMostRedrawnWhileMoving)
        options.bootstrapDraws = 0;
    if (auto after = decideBy(*m_source, m_after.rule, options))
        m_after = *std::move(after);
    if (isMoving)
        return; // how things are does not move
    if (auto before = decideBy(*m_source, m_before.rule, options))
        m_before = *std::move(before);
    m_leftOut = leftOutGroups(*m_source, m_choice.constraint, m_options);
}

} // namespace countersign::pages
