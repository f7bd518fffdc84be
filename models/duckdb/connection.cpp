#include "models/duckdb/connection.h"

#include "models/duckdb/capi.h"
#include "models/duckdb/celltext.h"
#include "models/duckdb/library.h"

#include <chrono>
#include <thread>
#include <utility>

namespace countersign::duckdb {

namespace {

constexpr std::size_t kMostMessage = 600;

/// DuckDB's words in one line.
std::string shown(const char *message)
{
    std::string text(message ? message : "unknown error");
    text.resize(std::min(text.size(), text.find("\n\nLINE ")));
    for (char &c : text)
        c = static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    if (text.size() > kMostMessage) {
        text.resize(kMostMessage);
        while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U)
            text.pop_back();
        if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0x80U)
            text.pop_back();
        text += "…";
    }
    return text;
}

Error failed(const char *message)
{
    const std::string text = shown(message);
    // What a statement is told before it touches data; the rest is about the file, memory, or the machine.
    const bool isStatement = text.starts_with("Binder Error") || text.starts_with("Parser Error") || text.starts_with("Catalog Error");
    const bool isMemory = text.starts_with("Out of Memory");
    return {isStatement ? ErrorKind::Invalid : ErrorKind::Io,
            "DuckDB says: " + text + (text.ends_with('.') || text.ends_with('?') || text.ends_with('!') ? "" : ".") + (isMemory ? " More memory would be needed than is allowed here." : ""), {}};
}

Error stopped() { return {ErrorKind::Cancelled, "Reading was stopped.", {}}; }

} // namespace

std::string quotedName(std::string_view name)
{
    std::string out = "\"";
    for (const char c : name)
        out.append(c == '"' ? 2 : 1, c);
    return out + '"';
}

std::string textExpression(const Column &column)
{
    const std::string name = quotedName(column.name);
    return column.kind == Kind::Other || column.kind == Kind::Nested ? "CAST(" + name + " AS VARCHAR) AS " + name : name;
}

struct Connection::Private {
    explicit Private(const CApi &library) : api(library) {}
    ~Private()
    {
        if (connection)
            api.disconnect(&connection);
        if (database)
            api.close(&database);
    }
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;

    Status open(const char *path, bool isReadOnly, const Limits &limits)
    {
        void *config = nullptr;
        if (api.createConfig(&config) != kSuccess)
            return Error{ErrorKind::Io, "DuckDB can't be started.", {}};
        const auto set = [&](const char *name, const std::string &value) {
            // An option that this version does not have is one that it cannot do.
            api.setConfig(config, name, value.c_str());
        };
        set("threads", std::to_string(limits.threads));
        set("memory_limit", std::to_string(limits.memory >> 20) + "MiB");
        set("autoload_known_extensions", "false");
        set("autoinstall_known_extensions", "false");
        set("allow_community_extensions", "false");
        set("allow_unsigned_extensions", "false");
        if (isReadOnly)
            set("access_mode", "READ_ONLY");
        char *error = nullptr;
        const int state = api.openExt(path, &database, config, &error);
        api.destroyConfig(&config);
        if (state != kSuccess) {
            Error trouble = failed(error);
            api.free(error);
            return trouble;
        }
        return api.connect(database, &connection) == kSuccess ? Status() : Error{ErrorKind::Io, "DuckDB can't be started.", {}};
    }

    const CApi &api;
    void *database = nullptr;
    void *connection = nullptr;
};

Connection::Connection(std::shared_ptr<Private> data) : d(std::move(data)) {}
Connection::Connection(Connection &&) noexcept = default;
Connection &Connection::operator=(Connection &&) noexcept = default;
Connection::~Connection() = default;

Status Connection::exec(const std::string &sql)
{
    CResult result{};
    const int state = d->api.query(d->connection, sql.c_str(), &result);
    Status status = state == kSuccess ? Status() : Status(failed(d->api.resultError(&result)));
    d->api.destroyResult(&result);
    return status;
}

Result<Connection> Connection::inMemory(int descriptor, std::string_view view, std::string_view reader, std::string_view arguments, const Limits &limits)
{
    const auto library = Library::load();
    if (!library)
        return library.error();
    auto data = std::make_shared<Private>((*library)->api());
    if (const auto opened = data->open(nullptr, false, limits); !opened)
        return opened.error();
    Connection connection(std::move(data));
    const std::string file = "'/proc/self/fd/" + std::to_string(descriptor) + "'";
    connection.exec("SET TimeZone = 'UTC'").ok(); // only versions that know time zones know the setting
    for (const std::string &sql : {"SET allowed_paths = [" + file + "]", std::string("SET temp_directory = ''"),
                                   std::string("SET enable_external_access = false"), std::string("SET lock_configuration = true"),
                                   "CREATE VIEW " + quotedName(view) + " AS SELECT * FROM " + std::string(reader) + "(" + file + std::string(arguments) + ")"})
        if (const auto status = connection.exec(sql); !status)
            return status.error();
    return connection;
}

Result<Connection> Connection::onParquet(int descriptor, std::string_view view, const Limits &limits)
{
    return inMemory(descriptor, view, "read_parquet", "", limits);
}

Result<Connection> Connection::onCsv(int descriptor, std::string_view view, const Limits &limits)
{
    return inMemory(descriptor, view, "read_csv", ", all_varchar = true, header = true, strict_mode = true", limits);
}

Result<Connection> Connection::openFile(const std::string &path, const Limits &limits)
{
    const auto library = Library::load();
    if (!library)
        return library.error();
    auto data = std::make_shared<Private>((*library)->api());
    if (const auto opened = data->open(path.c_str(), true, limits); !opened)
        return opened.error();
    Connection connection(std::move(data));
    connection.exec("SET TimeZone = 'UTC'").ok();
    for (const char *sql : {"SET temp_directory = ''", "SET enable_external_access = false", "SET lock_configuration = true"})
        if (const auto status = connection.exec(sql); !status)
            return status.error();
    return connection;
}

struct Rows::Private {
    explicit Private(std::shared_ptr<Connection::Private> owner) : connection(std::move(owner)), api(connection->api) {}
    ~Private()
    {
        if (chunk)
            api.destroyChunk(&chunk);
        api.destroyResult(&result);
        if (statement)
            api.destroyPrepare(&statement);
    }
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;

    std::shared_ptr<Connection::Private> connection;
    const CApi &api;
    void *statement = nullptr;
    CResult result{};
    void *chunk = nullptr;
    std::size_t size = 0;
    std::vector<Column> columns;
    std::vector<const void *> data;              ///< of the chunk's columns
    std::vector<const std::uint64_t *> validity; ///< of the chunk's columns; nullptr: no NULL

    /// DuckDB works until the first chunk is there, a task at a time, so that it can be stopped between two.
    Status run(const std::string &sql, const Progress &progress)
    {
        if (api.prepare(connection->connection, sql.c_str(), &statement) != kSuccess)
            return failed(api.prepareError(statement));
        void *pending = nullptr;
        Status status;
        if (api.pendingStreaming(statement, &pending) != kSuccess)
            status = failed(api.pendingError(pending));
        while (status) {
            const int state = api.executeTask(pending);
            if (state == kPendingError)
                status = failed(api.pendingError(pending));
            else if (state == kResultReady)
                break;
            if (status && progress.isCancelled()) {
                api.interrupt(connection->connection);
                status = stopped();
            }
            if (state == kNoTasksAvailable) // its threads have all of them
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        if (status && api.executePending(pending, &result) != kSuccess)
            status = failed(api.resultError(&result));
        api.destroyPending(&pending);
        return status;
    }

    void describe()
    {
        for (std::uint64_t i = 0; i < api.columnCount(&result); ++i) {
            const int type = api.columnType(&result, i);
            columns.push_back({api.columnName(&result, i), kindOf(type), type});
        }
        data.resize(columns.size());
        validity.resize(columns.size());
    }
};

Rows::Rows(std::unique_ptr<Private> data) : d(std::move(data)) {}
Rows::~Rows() = default;

const std::vector<Column> &Rows::columns() const { return d->columns; }
std::size_t Rows::size() const { return d->size; }

Result<bool> Rows::next(const Progress &progress)
{
    if (progress.isCancelled()) {
        d->api.interrupt(d->connection->connection);
        return stopped();
    }
    if (d->chunk)
        d->api.destroyChunk(&d->chunk);
    d->chunk = d->api.fetchChunk(d->result);
    d->size = d->chunk ? d->api.chunkSize(d->chunk) : 0;
    if (d->size == 0) {
        const char *message = d->api.resultError(&d->result);
        if (message && *message)
            return failed(message);
        return false;
    }
    for (std::size_t i = 0; i < d->columns.size(); ++i) {
        void *vector = d->api.chunkVector(d->chunk, i);
        d->data[i] = d->api.vectorData(vector);
        d->validity[i] = d->api.vectorValidity(vector);
    }
    return true;
}

bool Rows::appendText(std::size_t column, std::size_t row, std::string &to) const
{
    const std::uint64_t *validity = d->validity[column];
    if (validity && ((validity[row / 64] >> (row % 64)) & 1U) == 0)
        return false;
    appendCell(d->columns[column].type, d->data[column], row, to);
    return true;
}

Result<std::vector<Column>> Connection::columnsOf(const std::string &from)
{
    const auto rows = query("SELECT * FROM " + from + " LIMIT 0");
    if (!rows)
        return rows.error();
    return (*rows)->columns();
}

Result<std::unique_ptr<Rows>> Connection::query(const std::string &sql, const Progress &progress)
{
    auto data = std::make_unique<Rows::Private>(d);
    if (const auto status = data->run(sql, progress); !status)
        return status.error();
    data->describe();
    return std::unique_ptr<Rows>(new Rows(std::move(data)));
}

} // namespace countersign::duckdb
