#include "models/items/inventory/inventorytable.h"

#include "models/base/text.h"
#include "models/store/queries/queries.h"

#include <QDateTime>
#include <QLocale>
#include <QPointer>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace countersign::items {

namespace {

using store::InventoryColumn;

constexpr std::array<InventoryColumn, InventoryTable::kColumns> kOrderOf{
    InventoryColumn::Name, InventoryColumn::Version, InventoryColumn::Tier, InventoryColumn::Stage, InventoryColumn::Verdict,
    InventoryColumn::Verdict, InventoryColumn::Signed, InventoryColumn::Owner, InventoryColumn::UseCase, InventoryColumn::Updated};

constexpr std::size_t kPagesWithOrder = 2; // what a window shows lies on two pages at most

// Text from outside stands on one line here; what cannot be seen is shown as its escape.
QString oneLine(const std::string &text)
{
    return QString::fromStdString(text::visible(text));
}

QDateTime localTime(Instant at)
{
    return QDateTime::fromMSecsSinceEpoch(toMillis(at));
}

std::vector<std::int64_t> numbersOf(const std::vector<std::int64_t> &order, int page)
{
    const std::size_t from = static_cast<std::size_t>(page) * InventoryTable::kPageRows;
    if (from >= order.size())
        return {};
    const std::size_t to = std::min(order.size(), from + InventoryTable::kPageRows);
    return {order.begin() + static_cast<std::ptrdiff_t>(from), order.begin() + static_cast<std::ptrdiff_t>(to)};
}

// theme::State lies above this layer; like VerdictState it counts Pass as 4 and Fail as 0, and has Stale behind the verdicts.
QVariant stateOfSignature(int signState)
{
    constexpr int kStale = static_cast<int>(VerdictState::NotJudged) + 1;
    switch (signState) {
    case 1: return static_cast<int>(VerdictState::Pass);
    case 2: return kStale;
    case 3: return static_cast<int>(VerdictState::Fail);
    default: return {};
    }
}

} // namespace

InventoryTable::InventoryTable(services::Workspace &workspace, QObject *parent) : QAbstractTableModel(parent), m_workspace(workspace) {}

void InventoryTable::setFilter(const store::InventoryFilter &filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    m_lastUsed = {0}; // another list is looked at from its beginning
    refresh();
}

void InventoryTable::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= kColumns)
        return;
    const store::InventorySort wanted{kOrderOf[static_cast<std::size_t>(column)], order == Qt::DescendingOrder};
    if (wanted == m_sort)
        return;
    m_sort = wanted;
    refresh();
}

void InventoryTable::refresh()
{
    if (!m_workspace.state().isOpen)
        return;
    const int generation = ++m_generation;
    m_wanted.clear();
    m_coming.clear();
    std::vector<int> pages(m_lastUsed.begin(), m_lastUsed.begin() + static_cast<std::ptrdiff_t>(std::min(m_lastUsed.size(), kPagesWithOrder)));
    if (pages.empty())
        pages.push_back(0);
    const auto work = [filter = m_filter, sort = m_sort, pages](services::Session &session) -> Result<Answer> {
        auto order = store::inventoryOrder(session.connection(), filter, sort, session.now());
        if (!order)
            return order.error();
        Answer answer;
        answer.order = std::move(*order);
        for (const int page : pages) {
            auto rows = store::inventoryRows(session.connection(), numbersOf(answer.order, page), session.now());
            if (!rows)
                return rows.error();
            answer.rows.insert(answer.rows.end(), std::make_move_iterator(rows->begin()), std::make_move_iterator(rows->end()));
        }
        return answer;
    };
    m_workspace.run(this, work, [this, generation, pages](const Result<Answer> &answer) {
        if (generation != m_generation)
            return;
        if (answer)
            takeOrder(*answer, pages);
        else
            Q_EMIT failed(answer.error());
    });
}

void InventoryTable::takeOrder(Answer answer, const std::vector<int> &pages)
{
    const bool isSame = answer.order == m_order;
    if (!isSame)
        beginResetModel();
    m_order = std::move(answer.order);
    m_pages.clear();
    m_lastUsed.clear();
    for (const int page : pages) {
        if (!numbersOf(m_order, page).empty())
            keepPage(page, answer.rows);
    }
    if (!isSame)
        endResetModel();
    else if (!m_order.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
    Q_EMIT orderRead();
}

void InventoryTable::clear()
{
    ++m_generation;
    beginResetModel();
    m_order.clear();
    m_pages.clear();
    m_lastUsed.clear();
    m_wanted.clear();
    m_coming.clear();
    m_filter = {};
    endResetModel();
}

// One line for each number of the page, in its order; a model that is gone stays an empty line until the order is read again.
void InventoryTable::keepPage(int page, const std::vector<store::InventoryRow> &rows)
{
    std::unordered_map<std::int64_t, const store::InventoryRow *> byNumber;
    for (const store::InventoryRow &row : rows)
        byNumber.emplace(row.no, &row);
    Page lines;
    for (const std::int64_t number : numbersOf(m_order, page)) {
        const auto found = byNumber.find(number);
        lines.push_back(found == byNumber.end() ? store::InventoryRow{} : *found->second);
    }
    m_pages[page] = std::move(lines);
    std::erase(m_lastUsed, page);
    m_lastUsed.push_front(page);
    while (m_lastUsed.size() > static_cast<std::size_t>(kMostPages)) {
        m_pages.erase(m_lastUsed.back());
        m_lastUsed.pop_back();
    }
}

// Painting asks for one cell after another: all pages missed in one turn of the event loop are read together.
void InventoryTable::askFor(int page) const
{
    if (m_coming.contains(page) || !m_wanted.insert(page).second || m_wanted.size() > 1)
        return;
    auto *self = const_cast<InventoryTable *>(this);
    QMetaObject::invokeMethod(self, [self] { self->readPages(); }, Qt::QueuedConnection);
}

void InventoryTable::readPages()
{
    // Of a long drag of the scroll bar only the last pages are still looked at.
    for (const int page : std::exchange(m_wanted, {})) {
        const auto numbers = numbersOf(m_order, page);
        if (numbers.empty() || m_pages.contains(page))
            continue;
        m_coming.insert(page);
        m_workspace.run(this,
                        [numbers](services::Session &session) { return store::inventoryRows(session.connection(), numbers, session.now()); },
                        [this, page, generation = m_generation](const Result<std::vector<store::InventoryRow>> &rows) {
            if (generation != m_generation)
                return;
            m_coming.erase(page);
            if (!rows) {
                Q_EMIT failed(rows.error());
                return;
            }
            keepPage(page, *rows);
            const int first = page * kPageRows;
            Q_EMIT dataChanged(index(first, 0), index(std::min(first + kPageRows, rowCount()) - 1, kColumns - 1));
        });
    }
}

int InventoryTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int InventoryTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

int InventoryTable::rowOf(std::int64_t number) const
{
    const auto found = std::ranges::find(m_order, number);
    return found == m_order.end() ? -1 : static_cast<int>(found - m_order.begin());
}

std::int64_t InventoryTable::numberAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_order[static_cast<std::size_t>(row)] : -1;
}

const store::InventoryRow *InventoryTable::rowAt(int row) const
{
    if (row < 0 || row >= rowCount())
        return nullptr;
    const int page = row / kPageRows;
    const auto found = m_pages.find(page);
    if (found == m_pages.end()) {
        askFor(page);
        return nullptr;
    }
    if (m_lastUsed.empty() || m_lastUsed.front() != page) {
        std::erase(m_lastUsed, page);
        m_lastUsed.push_front(page);
    }
    const store::InventoryRow &line = found->second[static_cast<std::size_t>(row % kPageRows)];
    return line.id.isEmpty() ? nullptr : &line;
}

void InventoryTable::find(const ModelId &model, QObject *context, std::function<void(int)> found)
{
    // The numbers of the models with this name, a page at a time until the id is among them.
    const auto work = [model](services::Session &session) -> Result<std::int64_t> {
        const auto known = store::findModel(session.connection(), model);
        if (!known)
            return known.error();
        const auto numbers = store::inventoryOrder(session.connection(), {known->name, {}, {}, {}, {}, {}}, {}, session.now());
        if (!numbers)
            return numbers.error();
        for (int page = 0; !numbersOf(*numbers, page).empty(); ++page) {
            const auto rows = store::inventoryRows(session.connection(), numbersOf(*numbers, page), session.now());
            if (!rows)
                return rows.error();
            for (const store::InventoryRow &row : *rows) {
                if (row.id == model)
                    return row.no;
            }
        }
        return std::int64_t{-1};
    };
    m_workspace.run(context, work, [self = QPointer<InventoryTable>(this), found = std::move(found)](const Result<std::int64_t> &number) {
        found(self && number ? self->rowOf(*number) : -1);
    });
}

QVariant InventoryTable::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const store::InventoryRow *row = rowAt(index.row());
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole: return text(*row, index.column());
    case Qt::ToolTipRole: return index.column() == Verdict || index.column() == Worst ? QString::fromStdString(row->verdictSentence) : QVariant();
    case Qt::AccessibleTextRole: return accessibleText(*row, index.column());
    case VerdictRole: return static_cast<int>(row->verdict);
    case GlyphWordRole: return verdictWord(row->verdict);
    case SignedRole: return stateOfSignature(row->signState);
    case SignStateRole: return row->signState;
    case SortRole: return sortValue(*row, index.column());
    case ModelRole: return QString::fromStdString(row->id.text());
    case VersionRole: return QString::fromStdString(row->currentVersion.text());
    default: return {};
    }
}

QVariant InventoryTable::text(const store::InventoryRow &row, int column) const
{
    switch (column) {
    case Model: return oneLine(row.name);
    case Version: return oneLine(row.currentLabel);
    case Tier: return row.tier ? QString::number(*row.tier) : QStringLiteral("–");
    case Stage: return stageWord(row.stage);
    case Verdict: return verdictWord(row.verdict);
    case Worst: return oneLine(row.worst);
    case Signed: return signWord(row.signState);
    case Owner: return oneLine(row.owner);
    case UseCase: return oneLine(row.useCase);
    case Updated: return QLocale().toString(localTime(row.updatedAt).date(), QStringLiteral("d MMM yyyy"));
    default: return {};
    }
}

QVariant InventoryTable::sortValue(const store::InventoryRow &row, int column) const
{
    switch (column) {
    case Tier: return row.tier.value_or(9); // without a tier: last
    case Stage: return static_cast<int>(row.stage);
    case Verdict:
    case Worst: return static_cast<int>(row.verdict);
    case Signed: return row.signState;
    case Updated: return localTime(row.updatedAt);
    default: return text(row, column);
    }
}

QString InventoryTable::accessibleText(const store::InventoryRow &row, int column) const
{
    const QString shown = text(row, column).toString();
    switch (column) {
    case Tier: return tierWord(row.tier.value_or(0));
    case Version: return shown.isEmpty() ? tr("no version") : tr("version %1").arg(shown);
    case Verdict: return row.verdictSentence.empty() ? shown : QStringLiteral("%1. %2").arg(shown, QString::fromStdString(row.verdictSentence));
    case Worst: return shown.isEmpty() ? tr("no failing limit") : shown;
    case Owner: return shown.isEmpty() ? tr("no owner") : shown;
    case UseCase: return shown.isEmpty() ? tr("no use case") : shown;
    default: return shown;
    }
}

QVariant InventoryTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case Model: return tr("Model");
    case Version: return tr("Version");
    case Tier: return tr("Tier");
    case Stage: return tr("Stage");
    case Verdict: return tr("Verdict");
    case Worst: return tr("Worst rule");
    case Signed: return tr("Signed");
    case Owner: return tr("Owner");
    case UseCase: return tr("Use case");
    case Updated: return tr("Updated");
    default: return {};
    }
}

QString InventoryTable::stageWord(countersign::Stage stage)
{
    switch (stage) {
    case countersign::Stage::Proposed: return tr("Proposed");
    case countersign::Stage::Development: return tr("Development");
    case countersign::Stage::Validation: return tr("Validation");
    case countersign::Stage::Approved: return tr("Approved");
    case countersign::Stage::InUse: return tr("In use");
    case countersign::Stage::Restricted: return tr("Restricted");
    case countersign::Stage::Retired: return tr("Retired");
    }
    return {};
}

QString InventoryTable::verdictWord(VerdictState verdict)
{
    switch (verdict) {
    case VerdictState::Fail: return tr("Fail");
    case VerdictState::NotEnoughData: return tr("Not enough data");
    case VerdictState::Watch: return tr("Watch");
    case VerdictState::Waived: return tr("Waived");
    case VerdictState::Pass: return tr("Pass");
    case VerdictState::NotJudged: return tr("Not judged");
    }
    return {};
}

QString InventoryTable::signWord(int signState)
{
    switch (signState) {
    case 1: return tr("Signed");
    case 2: return tr("Stale");
    case 3: return tr("Rejected");
    default: return tr("Not signed");
    }
}

QString InventoryTable::tierWord(int tier)
{
    return tier > 0 ? tr("Tier %1").arg(tier) : tr("No tier");
}

} // namespace countersign::items
