#include "models/database/connection.h"

#include "models/base/text.h"
#include "models/database/backend.h"

#include <atomic>
#include <cassert>

namespace countersign::database {

namespace {

/// Qt keeps connections in a table of the process; a name is used once, so that threads never meet in one entry.
QString uniqueName()
{
    static std::atomic<std::uint64_t> counter = 0;
    return QStringLiteral("countersign-%1").arg(++counter);
}

} // namespace

Connection::Private::Private(Location place, const char *driver)
    : location(std::move(place)), qtName(uniqueName()), qt(QSqlDatabase::addDatabase(QString::fromLatin1(driver), qtName))
{
}

Connection::Private::~Private()
{
    closeQt();
}

void Connection::Private::closeQt()
{
    if (qtName.isEmpty())
        return;
    qt.close();
    qt = QSqlDatabase();
    QSqlDatabase::removeDatabase(qtName);
    qtName.clear();
}

Result<std::unique_ptr<Connection>> Connection::open(const Location &location, const OpenOptions &options)
{
    auto opened = location.backend == Backend::Sqlite ? openSqlite(location, options) : openPostgres(location, options);
    if (!opened)
        return opened.error();
    return std::unique_ptr<Connection>(new Connection(std::move(*opened)));
}

Result<std::unique_ptr<Connection>> Connection::openScratch()
{
    auto opened = openSqliteScratch();
    if (!opened)
        return opened.error();
    return std::unique_ptr<Connection>(new Connection(std::move(*opened)));
}

Result<std::unique_ptr<Connection>> Connection::openAsItLies(const Location &location)
{
    auto opened = openSqliteAsItLies(location);
    if (!opened)
        return opened.error();
    return std::unique_ptr<Connection>(new Connection(std::move(*opened)));
}

Connection::Connection(std::unique_ptr<Private> internals) : d(std::move(internals)) {}
Connection::~Connection() = default;

Backend Connection::backend() const { return d->location.backend; }
const Location &Connection::location() const { return d->location; }
bool Connection::isReadOnly() const { return d->readOnly; }
const std::string &Connection::readOnlyReason() const { return d->readOnlyReason; }
const std::string &Connection::obstacle() const { return d->obstacle; }
const std::string &Connection::note() const { return d->note; }
void Connection::guardTables(std::vector<std::string> names) { d->guarded = std::move(names); }

TableDoor::TableDoor(Connection &connection) : m_connection(connection) { ++m_connection.internals().openDoors; }
TableDoor::~TableDoor() { --m_connection.internals().openDoors; }

Status Connection::makeReadOnly(std::string reason)
{
    const bool isSqlite = backend() == Backend::Sqlite;
    if (const auto status = exec(isSqlite ? "PRAGMA query_only=ON" : "SET default_transaction_read_only = on"); !status)
        return status;
    d->readOnly = true;
    d->readOnlyReason = std::move(reason);
    return {};
}

Result<Query> Connection::prepare(std::string_view sql)
{
    assert(d->thread == std::this_thread::get_id());
    auto prepared = d->prepare(sql);
    if (!prepared)
        return prepared.error();
    return Query(std::move(*prepared));
}

Status Connection::exec(std::string_view sql)
{
    assert(d->thread == std::this_thread::get_id());
    return d->exec(sql);
}

Status Connection::flush() { return d->flush(); }

Status Connection::begin(std::chrono::milliseconds patience)
{
    assert(d->thread == std::this_thread::get_id());
    if (d->readOnly)
        return Error{ErrorKind::Denied, d->readOnlyReason, {}};
    if (d->inTransaction())
        return Error{ErrorKind::Invalid, "A transaction is open already; transactions do not nest.", {}};
    d->spoiled = false;
    return d->begin(patience);
}

Status Connection::beginRead()
{
    assert(d->thread == std::this_thread::get_id());
    if (d->inTransaction())
        return Error{ErrorKind::Invalid, "A transaction is open already; transactions do not nest.", {}};
    d->spoiled = false;
    return d->beginRead();
}

Status Connection::commit()
{
    if (d->spoiled) {
        static_cast<void>(rollback());
        return spoiledTransaction();
    }
    if (!d->inTransaction())
        return Error{ErrorKind::Invalid, "There is no open transaction to commit.", {}};
    return d->commit();
}

Status Connection::rollback()
{
    d->spoiled = false;
    return d->inTransaction() ? d->rollback() : Status();
}

bool Connection::inTransaction() const { return d->inTransaction(); }

bool isPlainName(std::string_view name)
{
    if (name.empty() || (name[0] >= '0' && name[0] <= '9'))
        return false;
    for (const char c : name) {
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

std::string oneLine(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        const bool isSpace = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (!isSpace)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

std::string excerpt(std::string_view sql)
{
    std::string line = oneLine(sql);
    constexpr std::size_t kLength = 80;
    if (line.size() > kLength) {
        line.resize(kLength);
        // Not through the middle of a character.
        while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80)
            line.pop_back();
        if (!line.empty() && static_cast<unsigned char>(line.back()) >= 0xC0)
            line.pop_back();
        line += "…";
    }
    return line;
}

Error bindingMismatch(std::size_t bound, std::size_t placeholders, std::string_view sql)
{
    return Error{ErrorKind::Invalid,
                 "The statement has " + std::to_string(placeholders) + " placeholders, but " + std::to_string(bound) + " values were bound.",
                 excerpt(sql)};
}

bool isStorable(std::string_view bytes)
{
    // Nearly all text is ASCII: eight characters at a time, looking for a high bit or a zero byte.
    constexpr std::uint64_t kHighBits = 0x8080808080808080U;
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + i, 8);
        if ((word & kHighBits) || ((word - kOnes) & kHighBits))
            break;
    }
    const auto rest = bytes.substr(i);
    return rest.find('\0') == std::string_view::npos && text::isUtf8(rest);
}

Error notStorable(std::string_view sql)
{
    return Error{ErrorKind::Invalid, "A text holds a NUL character or is not UTF-8, so the database cannot store it. Escape or refuse it first.", excerpt(sql)};
}

Error spoiledTransaction()
{
    return Error{ErrorKind::Conflict, "Nothing was recorded: a step of the transaction had failed, so all of it was rolled back.", {}};
}

} // namespace countersign::database
