#pragma once

#include "models/computed/scores/whatif.h"

#include <memory>
#include <optional>

namespace countersign::pages {

/// What is tried out on the page: scores by group, how decisions are made today, and how they would be made. Values only; every change
/// leaves both sides computed.
class WhatIfState
{
public:
    using Source = std::shared_ptr<const computed::ScoreSource>;

    /// Another version: decisions as they are, nothing tried yet. `threshold` none: the log's own decisions.
    void begin(Source source, std::optional<double> threshold, const computed::WhatIfOptions &options);
    /// The same groups known more exactly, or other groups. What was tried stays where it still has a meaning.
    void setSource(Source source);
    void clear() { *this = WhatIfState(); }

    bool hasSource() const { return m_source != nullptr; }
    const Source &source() const { return m_source; }
    const computed::ConstraintChoice &choice() const { return m_choice; }
    void setChoice(const computed::ConstraintChoice &choice);
    void setCosts(const std::optional<metrics::Costs> &costs);
    const computed::WhatIfOptions &options() const { return m_options; }

    const computed::DecisionRule &ruleBefore() const { return m_before.rule; }
    const computed::DecisionRule &rule() const { return m_after.rule; }
    /// Whether thresholds are set group by group: the rule may still be the same for all.
    bool isPerGroup() const { return m_isPerGroup; }
    void setPerGroup(bool isPerGroup);
    std::size_t group() const { return m_group; } ///< whose threshold moves
    void setGroup(std::size_t group);

    /// Of everybody, or of the group; as exact as the source is.
    double threshold() const;
    /// `isMoving`: disparities go without their intervals where those would take long.
    void setThreshold(double threshold, bool isMoving);
    void setRule(const computed::DecisionRule &rule);
    /// Back to how things are.
    void reset();
    bool isChanged() const;

    const computed::WhatIfSide &before() const { return m_before; }
    const computed::WhatIfSide &after() const { return m_after; }
    const std::vector<computed::LeftOutGroup> &leftOut() const { return m_leftOut; }
    /// As evidence; `basis` says of what.
    computed::WhatIf whatIf(const computed::WhatIfBasis &basis) const;

private:
    void compute(bool isMoving);
    computed::DecisionRule snapped(computed::DecisionRule rule) const;

    Source m_source;
    std::optional<double> m_inForce;
    computed::ConstraintChoice m_choice;
    computed::WhatIfOptions m_options;
    computed::WhatIfSide m_before;
    computed::WhatIfSide m_after;
    std::vector<computed::LeftOutGroup> m_leftOut;
    bool m_isPerGroup = false;
    std::size_t m_group = 0;
};

} // namespace countersign::pages
