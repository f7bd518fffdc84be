#include "ui/charts/canvas/chartaccess.h"

#include "ui/charts/canvas/canvas.h"

#include <QAccessibleWidget>

namespace countersign::charts {

namespace {

class ChartAccess final : public QAccessibleWidget
{
public:
    explicit ChartAccess(ChartCanvas *view) : QAccessibleWidget(view, QAccessible::Chart), m_view(view) {}

    QString text(QAccessible::Text kind) const override
    {
        if (kind == QAccessible::Value)
            return m_view->cursorSentence();
        const QString text = QAccessibleWidget::text(kind);
        if (kind != QAccessible::Description || m_view->cursorSentence().isEmpty())
            return text;
        return m_view->cursorSentence() + QLatin1Char(' ') + text; // the point first: it is what changed
    }

private:
    ChartCanvas *m_view;
};

QAccessibleInterface *makeChartAccess(const QString &, QObject *object)
{
    auto *view = qobject_cast<ChartCanvas *>(object);
    return view ? new ChartAccess(view) : nullptr;
}

} // namespace

void installChartAccess()
{
    static const bool isInstalled = [] {
        QAccessible::installFactory(makeChartAccess);
        return true;
    }();
    Q_UNUSED(isInstalled)
}

void announceChartValue(QWidget *chart, const QString &sentence)
{
    if (!QAccessible::isActive())
        return;
    QAccessibleValueChangeEvent value(chart, sentence);
    QAccessible::updateAccessibility(&value);
    QAccessibleEvent description(chart, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&description);
}

} // namespace countersign::charts
