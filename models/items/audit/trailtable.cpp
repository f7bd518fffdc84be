#include "models/items/audit/trailtable.h"

#include "models/items/celltext.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>

namespace countersign::items {

namespace {

struct EventKind {
    std::string_view kind;
    const char *word;
    const char *icon;
};

constexpr std::array kKinds{
    EventKind{"bundle.freeze", QT_TRANSLATE_NOOP("events", "froze"), "lock"},
    EventKind{"change.propose", QT_TRANSLATE_NOOP("events", "proposed"), "delegate"},
    EventKind{"change.withdraw", QT_TRANSLATE_NOOP("events", "withdrew"), "undo"},
    EventKind{"import.commit", QT_TRANSLATE_NOOP("events", "imported"), "import"},
    EventKind{"import.undo", QT_TRANSLATE_NOOP("events", "undid import"), "undo"},
    EventKind{"key.enroll", QT_TRANSLATE_NOOP("events", "enrolled key"), "key"},
    EventKind{"key.revoke", QT_TRANSLATE_NOOP("events", "revoked key"), "revoke"},
    EventKind{"ledger.genesis", QT_TRANSLATE_NOOP("events", "began"), "audit"},
    EventKind{"metrics.computed", QT_TRANSLATE_NOOP("events", "computed"), "chart"},
    EventKind{"metrics.import", QT_TRANSLATE_NOOP("events", "measured"), "chart"},
    EventKind{"metrics.recomputed", QT_TRANSLATE_NOOP("events", "computed again"), "verify"},
    EventKind{"model.register", QT_TRANSLATE_NOOP("events", "registered"), "plus"},
    EventKind{"model.update", QT_TRANSLATE_NOOP("events", "changed"), "settings"},
    EventKind{"person.add", QT_TRANSLATE_NOOP("events", "added person"), "user"},
    EventKind{"person.roles", QT_TRANSLATE_NOOP("events", "set roles"), "user"},
    EventKind{"policy.set", QT_TRANSLATE_NOOP("events", "set limit"), "policy"},
    EventKind{"report.issue", QT_TRANSLATE_NOOP("events", "issued"), "report"},
    EventKind{"review.reject", QT_TRANSLATE_NOOP("events", "rejected"), "close"},
    EventKind{"review.signoff", QT_TRANSLATE_NOOP("events", "signed"), "sign"},
    EventKind{"run.record", QT_TRANSLATE_NOOP("events", "recorded run"), "play"},
    EventKind{"run.update", QT_TRANSLATE_NOOP("events", "changed"), "settings"},
    EventKind{"version.register", QT_TRANSLATE_NOOP("events", "registered"), "plus"},
    EventKind{"version.update", QT_TRANSLATE_NOOP("events", "changed"), "settings"},
};

const EventKind *known(const std::string &kind)
{
    const auto found = std::ranges::find(kKinds, std::string_view(kind), &EventKind::kind);
    return found == kKinds.end() ? nullptr : &*found;
}

} // namespace

TrailTable::TrailTable(services::Workspace &workspace, QObject *parent) : QAbstractTableModel(parent), m_workspace(workspace) {}

QString TrailTable::eventWord(const std::string &kind)
{
    const EventKind *event = known(kind);
    return event ? QCoreApplication::translate("events", event->word) : oneLine(kind); // a newer program's kind: as it is
}

QString TrailTable::eventIcon(const std::string &kind)
{
    const EventKind *event = known(kind);
    return event ? QString::fromLatin1(event->icon) : QStringLiteral("question");
}

void TrailTable::setFilter(const store::TrailFilter &filter)
{
    m_filter = filter;
    refresh();
}

void TrailTable::refresh()
{
    if (!m_workspace.state().isOpen)
        return;
    const int generation = ++m_generation;
    m_workspace.run(this, [filter = m_filter](services::Session &session) { return store::trailEntries(session.connection(), filter); },
                    [this, generation](const Result<std::vector<std::int64_t>> &entries) {
                        if (generation != m_generation)
                            return;
                        if (entries)
                            takeEntries(*entries);
                        else
                            Q_EMIT failed(entries.error());
                    });
}

void TrailTable::clear()
{
    ++m_generation;
    m_filter = {};
    beginResetModel();
    m_entries.clear();
    m_pages.clear();
    m_kept.clear();
    m_wanted.clear();
    m_coming.clear();
    endResetModel();
}

// Entries are only ever appended: with the same filter the new ones stand in front of those known, and rows are inserted above.
void TrailTable::takeEntries(std::vector<std::int64_t> entries)
{
    const std::size_t more = entries.size() - std::min(entries.size(), m_entries.size());
    const bool isGrown = !m_entries.empty() && std::equal(m_entries.begin(), m_entries.end(), entries.begin() + static_cast<std::ptrdiff_t>(more), entries.end());
    if (isGrown && more > 0)
        beginInsertRows({}, 0, static_cast<int>(more) - 1);
    else if (!isGrown)
        beginResetModel();
    m_entries = std::move(entries);
    if (!isGrown || more > 0) { // pages are cut at other places now
        m_pages.clear();
        m_kept.clear();
        m_wanted.clear();
        m_coming.clear();
    }
    if (isGrown && more > 0)
        endInsertRows();
    else if (!isGrown)
        endResetModel();
    Q_EMIT entriesRead();
}

std::vector<std::int64_t> TrailTable::entriesOf(int page) const
{
    const std::size_t from = static_cast<std::size_t>(page) * kPageRows;
    if (from >= m_entries.size())
        return {};
    const std::size_t to = std::min(m_entries.size(), from + kPageRows);
    return {m_entries.begin() + static_cast<std::ptrdiff_t>(from), m_entries.begin() + static_cast<std::ptrdiff_t>(to)};
}

// Painting asks for one cell after another: all pages missed in one turn of the event loop are read together.
void TrailTable::askFor(int page) const
{
    if (m_coming.contains(page) || !m_wanted.insert(page).second || m_wanted.size() > 1)
        return;
    auto *self = const_cast<TrailTable *>(this);
    QMetaObject::invokeMethod(self, [self] { self->readPages(); }, Qt::QueuedConnection);
}

void TrailTable::readPages()
{
    for (const int page : std::exchange(m_wanted, {})) {
        const auto entries = entriesOf(page);
        if (entries.empty() || m_pages.contains(page))
            continue;
        m_coming.insert(page);
        m_workspace.run(this, [entries](services::Session &session) { return store::trailRows(session.connection(), entries); },
                        [this, page, generation = m_generation](const Result<std::vector<store::TrailRow>> &rows) {
                            if (generation != m_generation)
                                return;
                            m_coming.erase(page);
                            if (rows)
                                keepPage(page, *rows);
                            else
                                Q_EMIT failed(rows.error());
                        });
    }
}

void TrailTable::keepPage(int page, const std::vector<store::TrailRow> &rows)
{
    Page kept;
    for (const store::TrailRow &row : rows)
        kept.emplace(row.entry, row);
    m_pages[page] = std::move(kept);
    std::erase(m_kept, page);
    m_kept.push_front(page);
    while (m_kept.size() > static_cast<std::size_t>(kMostPages)) {
        m_pages.erase(m_kept.back());
        m_kept.pop_back();
    }
    const int first = page * kPageRows;
    Q_EMIT dataChanged(index(first, 0), index(std::min(rowCount(), first + kPageRows) - 1, ColumnCount - 1));
}

int TrailTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int TrailTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

std::int64_t TrailTable::entryAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_entries[static_cast<std::size_t>(row)] : -1;
}

int TrailTable::rowOf(std::int64_t entry) const
{
    const auto found = std::ranges::lower_bound(m_entries, entry, std::greater{});
    return found != m_entries.end() && *found == entry ? static_cast<int>(found - m_entries.begin()) : -1;
}

const store::TrailRow *TrailTable::rowAt(int row) const
{
    const std::int64_t entry = entryAt(row);
    if (entry < 0)
        return nullptr;
    const auto page = m_pages.find(row / kPageRows);
    if (page == m_pages.end()) {
        askFor(row / kPageRows);
        return nullptr;
    }
    const auto found = page->second.find(entry);
    return found == page->second.end() ? nullptr : &found->second;
}

QVariant TrailTable::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    if (role == EntryRole)
        return static_cast<qlonglong>(entryAt(index.row()));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole && role != IconRole)
        return {};
    if (index.column() == Number && role != IconRole)
        return QLocale().toString(static_cast<qlonglong>(entryAt(index.row())));
    const store::TrailRow *row = rowAt(index.row());
    if (!row)
        return {};
    if (role == IconRole)
        return index.column() == Event ? QVariant(eventIcon(row->kind)) : QVariant();
    return text(*row, index.column());
}

QString TrailTable::text(const store::TrailRow &row, int column) const
{
    switch (column) {
    case Time: return QLocale().toString(QDateTime::fromMSecsSinceEpoch(toMillis(row.at), Qt::UTC), QStringLiteral("d MMM yyyy HH:mm:ss"));
    case Who: return oneLine(row.actorName);
    case Event: return eventWord(row.kind);
    case Summary: return oneLine(row.summary);
    case Leaf: return QString::fromStdString(row.leaf.text()).section(QLatin1Char(':'), -1).left(8);
    default: return {};
    }
}

QVariant TrailTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case Number: return tr("No.");
    case Time: return tr("Time (UTC)");
    case Who: return tr("Who");
    case Event: return tr("Event");
    case Summary: return tr("What");
    case Leaf: return tr("Leaf hash");
    default: return {};
    }
}

} // namespace countersign::items
