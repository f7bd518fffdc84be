#pragma once

#include "models/computed/scores/scoresummary.h"
#include "models/domain/inventory.h"
#include "models/domain/judgement.h"
#include "models/services/computed/computedsets.h"
#include "models/services/workspace/workspace.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace countersign::pages {

/// The computed sets of a version, one of them loaded: what the tabs Fairness and Drift show. Reads only when a tab asks for it, on the lane;
/// the newest request wins.
class ComputedSource : public QObject
{
    Q_OBJECT
public:
    explicit ComputedSource(services::Workspace &workspace, QObject *parent = nullptr);

    /// Which version; what was loaded of another one is gone. Nothing is read before need().
    void setVersion(const MlModel &model, const std::optional<VersionId> &version);
    /// What is recorded may have changed.
    void refresh();
    /// A tab is looked at: reads what is out of date.
    void need();
    /// Another set, by its import's id; loads it when a tab needs it.
    void choose(const QString &import);

    const ModelId &model() const { return m_model.id; }
    const std::optional<VersionId> &version() const { return m_version; }
    /// Newest first, without those that were taken back.
    const std::vector<services::ComputedRow> &rows() const { return m_rows; }
    const services::ComputedRow *current() const;
    /// Null while nothing is loaded.
    std::shared_ptr<const computed::ComputedSet> set() const { return m_set; }
    /// Null where the set was recorded without scores.
    std::shared_ptr<const computed::ScoreSummary> scores() const { return m_scores; }
    /// How a limit in force judges a figure of a group; nothing where none applies.
    std::optional<VerdictState> judge(const std::string &metric, const computed::GroupValues &group, const metrics::Figure &figure) const;
    /// The limits in force on a metric over all groups: of PSI, watch and limit.
    const Rule *ruleOn(const std::string &metric) const;
    bool isReading() const { return m_isReading; }

Q_SIGNALS:
    void reading();
    void changed(); ///< rows, set or both
    void failed(const countersign::Error &error);

private:
    struct Loaded;
    void read();
    void take(const Loaded &loaded);

    services::Workspace &m_workspace;
    MlModel m_model;
    std::optional<VersionId> m_version;
    std::optional<ImportId> m_wanted;
    std::vector<services::ComputedRow> m_rows;
    std::vector<Rule> m_rules; ///< that look at the model
    std::optional<ImportId> m_current;
    std::shared_ptr<const computed::ComputedSet> m_set;
    std::shared_ptr<const computed::ScoreSummary> m_scores;
    bool m_isStale = true;
    bool m_isReading = false;
    int m_generation = 0;
};

} // namespace countersign::pages
