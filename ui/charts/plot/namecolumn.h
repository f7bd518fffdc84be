#pragma once

#include "models/report/plotspec.h"
#include "ui/charts/plot/plotframe.h"

#include <vector>

namespace countersign::charts {

/// The names of the rows of a category axis, and how high the rows are: the widest name decides how wide, what a name takes how high. In the
/// compact form, for where there is little height, details stand behind their names.
class NameColumn
{
public:
    NameColumn() = default;
    /// Names wider than `most` pixels wrap.
    NameColumn(const report::PlotPanel &panel, const Look &look, double most, bool isCompact);

    double width() const { return m_width; }
    /// Of all rows at their natural heights, or in the compact form.
    double height(bool isCompact) const;
    /// Places the rows between top and bottom. Returns their edges, the first at `top`; the last may be above `bottom`.
    std::vector<double> place(double top, double bottom, const Look &look);
    /// Natural heights did not fit: lay out again, compact.
    bool isSqueezed() const { return m_isSqueezed; }
    const std::vector<RowName> &rows() const { return m_rows; }

private:
    std::vector<RowName> m_rows;
    std::vector<double> m_natural; ///< heights
    std::vector<double> m_compact;
    double m_width = 0;
    bool m_isCompact = false;
    bool m_isSqueezed = false;
};

} // namespace countersign::charts
