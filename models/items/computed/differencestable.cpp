#include "models/items/computed/differencestable.h"

#include "models/items/celltext.h"
#include "models/items/computed/figuretext.h"

namespace countersign::items {

using What = computed::FigureDifference::What;

namespace {

QString whatWord(What what)
{
    switch (what) {
    case What::Value: return DifferencesTable::tr("value");
    case What::Reason: return DifferencesTable::tr("reason");
    case What::Count: return DifferencesTable::tr("count");
    case What::Rows: return DifferencesTable::tr("rows");
    case What::Lower: return DifferencesTable::tr("lower end");
    case What::Upper: return DifferencesTable::tr("upper end");
    case What::PValue: return DifferencesTable::tr("p");
    case What::Other: return DifferencesTable::tr("other");
    }
    return {};
}

} // namespace

DifferencesTable::DifferencesTable(QObject *parent) : RowTable(ColumnCount, parent) {}

QVariant DifferencesTable::cell(const computed::FigureDifference &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole: return oneLine(row.sentence());
    case Qt::AccessibleTextRole: return column == Metric ? oneLine(row.sentence()) : text(row, column);
    default: return {};
    }
}

QString DifferencesTable::text(const computed::FigureDifference &row, int column) const
{
    switch (column) {
    case Metric: return oneLine(row.metric);
    case Group: return row.group.empty() ? QString() : groupText(row.group);
    case Window: return row.window ? oneLine(row.window->name) : tr("whole log");
    case What: return whatWord(row.what);
    case Stored: return oneLine(row.stored);
    case Recomputed: return oneLine(row.recomputed);
    default: return {};
    }
}

QString DifferencesTable::head(int column) const
{
    switch (column) {
    case Metric: return tr("Figure");
    case Group: return tr("Group");
    case Window: return tr("Window");
    case What: return tr("What");
    case Stored: return tr("Stored");
    case Recomputed: return tr("Recomputed");
    default: return {};
    }
}

} // namespace countersign::items
