#include "models/items/imports/logpreviewtable.h"

#include "models/domain/judgement.h"
#include "models/items/celltext.h"
#include "models/predictions/formats/numbers.h"

#include <QLocale>

#include <algorithm>

namespace countersign::items {

namespace {

/// From this share of like cells on, the others are odd; below it the column is simply mixed.
constexpr double kLikeShare = 0.8;

bool isNumber(const std::string &text, char decimal)
{
    double value = 0;
    return predictions::parseNumber(text, decimal, value);
}

bool isTime(const std::string &text)
{
    return text.size() >= 7 && predictions::parseMoment(text, predictions::TimeFormat::Auto).has_value();
}

} // namespace

LogPreviewTable::LogPreviewTable(QObject *parent) : QAbstractTableModel(parent) {}

void LogPreviewTable::setSample(const predictions::Sample &sample, const std::vector<std::string> &missing)
{
    beginResetModel();
    m_columns = sample.columns;
    m_rows.clear();
    m_doubts.clear();
    for (std::size_t row = 0; row < std::min(kMostRows, sample.rows.size()); ++row) {
        std::vector<Cell> cells;
        for (const std::string &text : sample.rows[row])
            cells.push_back({oneLine(text), {}, std::ranges::find(missing, text) != missing.end()});
        cells.resize(m_columns.size());
        m_rows.push_back(std::move(cells));
    }
    for (std::size_t column = 0; column < m_columns.size(); ++column)
        judgeColumn(sample, column);
    endResetModel();
}

void LogPreviewTable::judgeColumn(const predictions::Sample &sample, std::size_t column)
{
    std::size_t present = 0;
    std::size_t numbers = 0;
    std::size_t times = 0;
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        if (m_rows[row][column].isMissing)
            continue;
        ++present;
        numbers += isNumber(sample.rows[row][column], sample.dialect.decimal) ? 1U : 0U;
        times += isTime(sample.rows[row][column]) ? 1U : 0U;
    }
    const auto isNearly = [present](std::size_t like) { return like < present && static_cast<double>(like) >= kLikeShare * static_cast<double>(present); };
    const bool isAlmostTimes = isNearly(times);
    if (!isAlmostTimes && !isNearly(numbers))
        return;
    const QString doubt = isAlmostTimes ? tr("Not a time, unlike the rest of the column.") : tr("Not a number, unlike the rest of the column.");
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        Cell &cell = m_rows[row][column];
        const std::string &text = sample.rows[row][column];
        if (!cell.isMissing && !(isAlmostTimes ? isTime(text) : isNumber(text, sample.dialect.decimal)))
            cell.doubt = doubt;
    }
    const auto odd = static_cast<qulonglong>(present - (isAlmostTimes ? times : numbers));
    m_doubts.append((isAlmostTimes ? tr("%1: %2 of %3 values are not times.") : tr("%1: %2 of %3 values are not numbers."))
                        .arg(oneLine(m_columns[column]), QLocale().toString(odd), QLocale().toString(static_cast<qulonglong>(present))));
}

bool LogPreviewTable::hasDoubt(int column) const
{
    return std::ranges::any_of(m_rows, [column](const auto &row) { return !row[static_cast<std::size_t>(column)].doubt.isEmpty(); });
}

const LogPreviewTable::Cell *LogPreviewTable::cellAt(const QModelIndex &index) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return nullptr;
    return &m_rows[static_cast<std::size_t>(index.row())][static_cast<std::size_t>(index.column())];
}

int LogPreviewTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LogPreviewTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant LogPreviewTable::data(const QModelIndex &index, int role) const
{
    const Cell *cell = cellAt(index);
    if (!cell)
        return {};
    switch (role) {
    case Qt::DisplayRole: return cell->text.isEmpty() && cell->isMissing ? tr("(missing)") : cell->text;
    case Qt::ToolTipRole: return cell->doubt.isEmpty() ? cell->text : QStringLiteral("%1\n%2").arg(cell->text, cell->doubt);
    case Qt::AccessibleTextRole: return cell->doubt.isEmpty() ? data(index, Qt::DisplayRole) : QStringLiteral("%1. %2").arg(cell->text, cell->doubt);
    case DoubtRole: return cell->doubt;
    case StateRole: return cell->doubt.isEmpty() ? QVariant() : QVariant(static_cast<int>(VerdictState::Watch));
    case MissingRole: return cell->isMissing;
    default: return {};
    }
}

QVariant LogPreviewTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return role == Qt::DisplayRole && orientation == Qt::Vertical ? QVariant(section + 1) : QVariant();
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
        return oneLine(m_columns[static_cast<std::size_t>(section)]);
    return {};
}

} // namespace countersign::items
