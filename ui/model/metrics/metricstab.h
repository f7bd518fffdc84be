#pragma once

#include "models/services/workspace/workspace.h"
#include "ui/model/modelview.h"
#include "ui/widgets/messages/message.h"

#include <QWidget>

class QComboBox;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace countersign::charts {
class ChartTable;
class ChartView;
}

namespace countersign::widgets {
class BusyOverlay;
class EmptyState;
class PlainLabel;
class SegmentedButton;
class TableView;
}

namespace countersign::pages {

/// A metric of the version over time, as chart or as table of the same numbers; split into groups, compared with other versions.
class MetricsTab : public QWidget
{
    Q_OBJECT
public:
    explicit MetricsTab(services::Workspace &workspace, QWidget *parent = nullptr);

    /// The version to show and those there are. Reads at once when visible, otherwise when shown. Another version keeps metric and split.
    void setVersions(const ModelId &model, const std::optional<VersionId> &version, const std::vector<store::VersionRow> &versions);
    void showMetric(const QString &metric, const QString &split);
    void refresh(); ///< what is shown may have changed
    void clear();

Q_SIGNALS:
    void message(const countersign::widgets::Message &message);
    /// The figures that came from a prediction log are to be computed again.
    void recomputeRequested();
    /// The chart shows what was asked for.
    void shown();

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeBar();
    QWidget *makeBody();
    QWidget *makeFoot();
    void connectSignals();
    void fillCompareMenu(const std::vector<store::VersionRow> &versions);
    void read();
    void take(const MetricView &view);
    void fillChoices(const MetricView &view);
    void showAs(const QString &kind);
    void showCursor(const QString &sentence);
    void copy();
    void save();
    void saveCsv(const QString &path);

    services::Workspace &m_workspace;
    MetricRequest m_request;
    bool m_hasVersion = false;
    bool m_isStale = true;
    int m_generation = 0;
    std::uint64_t m_pointCount = 0;

    QComboBox *m_metric = nullptr;
    QComboBox *m_split = nullptr;
    QComboBox *m_unit = nullptr;
    widgets::PlainLabel *m_unitLabel = nullptr;
    QPushButton *m_compare = nullptr;
    QMenu *m_compareMenu = nullptr;
    widgets::SegmentedButton *m_kind = nullptr;
    QPushButton *m_recompute = nullptr;
    QPushButton *m_copy = nullptr;
    QPushButton *m_save = nullptr;
    QStackedWidget *m_stack = nullptr;
    charts::ChartView *m_chart = nullptr;
    charts::ChartTable *m_numbers = nullptr;
    widgets::TableView *m_table = nullptr;
    widgets::EmptyState *m_empty = nullptr;
    QWidget *m_chartKeys = nullptr; ///< what the keys do in the chart
    widgets::PlainLabel *m_cursor = nullptr;
    widgets::PlainLabel *m_sentence = nullptr;
    QWidget *m_foot = nullptr;
    widgets::BusyOverlay *m_busy = nullptr;
};

} // namespace countersign::pages
