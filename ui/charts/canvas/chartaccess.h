#pragma once

class QString;
class QWidget;

namespace countersign::charts {

/// Makes charts known to screen readers as charts whose value is the point under the cursor. Call any number of times.
void installChartAccess();
/// Tells a screen reader what the cursor of a chart came to.
void announceChartValue(QWidget *chart, const QString &sentence);

} // namespace countersign::charts
