// The threshold of a PlotView: where it stands, and how mouse and keys move it.

#include "ui/charts/canvas/chartaccess.h"
#include "ui/charts/plot/plotlayers.h"
#include "ui/charts/plot/plotwording.h"
#include "ui/charts/plotview.h"

#include <cmath>

namespace countersign::charts {

namespace {

constexpr int kManySteps = 10; ///< with Shift, or PageUp and PageDown

} // namespace

const report::PlotHandle *PlotView::handle() const
{
    const report::PlotPanel *panel = report::handlePanel(*m_spec);
    return panel ? &*panel->handle : nullptr;
}

std::optional<double> PlotView::threshold() const
{
    return handle() ? std::optional(m_threshold) : std::nullopt;
}

void PlotView::setThreshold(double at)
{
    if (!handle())
        return;
    m_threshold = report::snapped(*handle(), at);
    update();
}

void PlotView::moveHandle(double to, bool isDone)
{
    const double place = report::snapped(*handle(), to);
    const bool hasMoved = place != m_threshold;
    m_threshold = place;
    m_cursor.reset(); // the readout would lie on what is being looked at
    update();
    if (hasMoved) {
        const QString sentence = handleSentence(*m_spec, m_threshold);
        Q_EMIT thresholdMoved(m_threshold);
        Q_EMIT cursorChanged(sentence);
        if (isDone)
            announceChartValue(this, sentence);
    }
    if (isDone)
        Q_EMIT thresholdChosen(m_threshold);
}

void PlotView::stepHandle(double steps)
{
    const double step = handle()->step > 0 ? handle()->step : (handle()->high - handle()->low) / 100;
    moveHandle(m_threshold + steps * step, true);
}

bool PlotView::isOnHandle(QPointF at)
{
    if (!isHandleMovable() || m_picture->frame().panels.empty())
        return false;
    const PlotFrame &frame = m_picture->frame();
    const QRectF grip = handleGrip(*m_spec, frame, m_picture->look(), m_threshold);
    const auto panel = static_cast<std::size_t>(report::handlePanel(*m_spec) - m_spec->panels.data());
    const QRectF &plot = frame.panels[panel].plot;
    if (!frame.panels[panel].x.holds(m_threshold))
        return false;
    const bool isOnLine = std::fabs(at.x() - grip.center().x()) <= 5 && at.y() >= plot.top() && at.y() <= plot.bottom();
    return isOnLine || grip.adjusted(-4, -4, 4, 4).contains(at);
}

double PlotView::handlePlaceAt(QPointF at)
{
    const auto panel = static_cast<std::size_t>(report::handlePanel(*m_spec) - m_spec->panels.data());
    return m_picture->frame().panels[panel].x.valueAt(at.x());
}

bool PlotView::handleByKey(int key, Qt::KeyboardModifiers modifiers)
{
    const double steps = modifiers & Qt::ShiftModifier ? kManySteps : 1;
    switch (key) {
    case Qt::Key_Left: stepHandle(-steps); return true;
    case Qt::Key_Right: stepHandle(steps); return true;
    case Qt::Key_PageDown: stepHandle(-kManySteps); return true;
    case Qt::Key_PageUp: stepHandle(kManySteps); return true;
    case Qt::Key_Home: moveHandle(handle()->low, true); return true;
    case Qt::Key_End: moveHandle(handle()->high, true); return true;
    default: return false;
    }
}

} // namespace countersign::charts
