#pragma once

#include "models/report/chartspec.h"

#include <QWidget>
#include <vector>

class QGridLayout;
class QLabel;

namespace countersign::charts {

class ChartView;

/// Many lines as small charts beside each other, one a group, all with the same axes (report::smallMultiples); zoomed together. Tab walks
/// the charts, the keys of a ChartView work in each.
class ChartGrid : public QWidget
{
    Q_OBJECT
public:
    explicit ChartGrid(QWidget *parent = nullptr);
    void setSpec(const report::ChartSpec &spec);
    const std::vector<ChartView *> &charts() const { return m_charts; }
    int columns() const { return m_columns; }

Q_SIGNALS:
    /// `group` is the name of the series.
    void pointActivated(const std::string &group, const countersign::report::ChartPoint &point);
    void cursorChanged(const QString &sentence);
    void tableRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void place();
    void showHead();
    void followZoom(const ChartView *leader);

    QLabel *m_title;
    QLabel *m_subtitle;
    QGridLayout *m_grid;
    std::vector<ChartView *> m_charts;
    int m_columns = 0;
    bool m_isFollowing = false;
};

} // namespace countersign::charts
