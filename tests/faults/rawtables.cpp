#include "tests/faults/rawtables.h"

#include "models/base/text.h"

#include <bit>

namespace countersign::faults {

namespace {

Error rawError(sqlite3 *handle)
{
    return {ErrorKind::Invalid, sqlite3_errmsg(handle), {}};
}

Field fieldOf(sqlite3_stmt *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
        return sqlite3_column_double(statement, column);
    case SQLITE_NULL:
        return {};
    default:
        break;
    }
    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(statement, column));
    return std::string(bytes ? bytes : "", static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
}

void bindField(sqlite3_stmt *statement, int place, bool isBlob, const Field &field)
{
    if (const auto *integer = std::get_if<std::int64_t>(&field))
        sqlite3_bind_int64(statement, place, *integer);
    else if (const auto *real = std::get_if<double>(&field))
        sqlite3_bind_double(statement, place, *real);
    else if (const auto *bytes = std::get_if<std::string>(&field); bytes && isBlob)
        sqlite3_bind_blob64(statement, place, bytes->data(), bytes->size(), SQLITE_TRANSIENT);
    else if (bytes)
        sqlite3_bind_text64(statement, place, bytes->data(), bytes->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    else
        sqlite3_bind_null(statement, place);
}

} // namespace

Result<RawDatabase> RawDatabase::open(const std::filesystem::path &file)
{
    sqlite3 *handle = nullptr;
    const bool isOpen = sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK;
    RawDatabase raw(handle);
    if (!isOpen)
        return rawError(handle);
    sqlite3_busy_timeout(handle, 10'000);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    for (const char *pragma : {"PRAGMA ignore_check_constraints=ON", "PRAGMA foreign_keys=OFF",
                               "PRAGMA synchronous=OFF", "PRAGMA journal_mode=MEMORY"})
        if (sqlite3_exec(handle, pragma, nullptr, nullptr, nullptr) != SQLITE_OK)
            return rawError(handle);
    return raw;
}

Result<std::vector<RawTable>> RawDatabase::tables()
{
    std::vector<RawTable> tables;
    const auto each = [this](const std::string &sql, auto &&row) {
        sqlite3_stmt *statement = nullptr;
        int code = sqlite3_prepare_v2(m_handle, sql.c_str(), -1, &statement, nullptr);
        while (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
            row(statement);
        code = sqlite3_finalize(statement);
        return code == SQLITE_OK;
    };
    bool isGood = each("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
                       [&](sqlite3_stmt *row) {
                           tables.push_back({std::get<std::string>(fieldOf(row, 0)), {}, {}});
                       });
    for (auto &table : tables) {
        isGood =
            isGood && each("SELECT name, type, pk FROM pragma_table_info('" + table.name + "') ORDER BY cid",
                           [&](sqlite3_stmt *row) {
                               table.columns.push_back({std::get<std::string>(fieldOf(row, 0)),
                                                        std::get<std::string>(fieldOf(row, 1)) == "BLOB",
                                                        static_cast<int>(std::get<std::int64_t>(fieldOf(row, 2)))});
                           });
        isGood = isGood && each("SELECT * FROM " + table.name, [&](sqlite3_stmt *row) {
                     auto &fields = table.rows.emplace_back();
                     for (std::size_t i = 0; i < table.columns.size(); ++i)
                         fields.push_back(fieldOf(row, static_cast<int>(i)));
                 });
    }
    if (!isGood)
        return rawError(m_handle);
    return tables;
}

Status RawDatabase::run(const std::string &sql, const std::vector<std::pair<const RawColumn *, const Field *>> &values)
{
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v2(m_handle, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        return rawError(m_handle);
    int place = 0;
    for (const auto &[column, field] : values)
        bindField(statement, ++place, column->isBlob, *field);
    const int code = sqlite3_step(statement);
    const int changes = sqlite3_changes(m_handle);
    Status status = code == SQLITE_DONE ? Status() : Status(rawError(m_handle));
    sqlite3_finalize(statement);
    if (status && changes != 1)
        status = Error{ErrorKind::NotFound, std::to_string(changes) + " rows were changed instead of one: " + sql, {}};
    return status;
}

namespace {

/// " WHERE a IS ? AND …" over the key, whose values are added.
std::string whereKey(const RawTable &table, const std::vector<Field> &row,
                     std::vector<std::pair<const RawColumn *, const Field *>> &values)
{
    std::string sql;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].keyPart == 0)
            continue;
        sql += (sql.empty() ? " WHERE " : " AND ") + table.columns[i].name + " IS ?";
        values.emplace_back(&table.columns[i], &row[i]);
    }
    return sql;
}

} // namespace

Status RawDatabase::set(const RawTable &table, const std::vector<Field> &row, std::size_t column, const Field &value)
{
    std::vector<std::pair<const RawColumn *, const Field *>> values{{&table.columns[column], &value}};
    const std::string where = whereKey(table, row, values);
    return run("UPDATE " + table.name + " SET " + table.columns[column].name + " = ?" + where, values);
}

Status RawDatabase::remove(const RawTable &table, const std::vector<Field> &row)
{
    std::vector<std::pair<const RawColumn *, const Field *>> values;
    const std::string where = whereKey(table, row, values);
    return run("DELETE FROM " + table.name + where, values);
}

Status RawDatabase::insert(const RawTable &table, const std::vector<Field> &row)
{
    std::vector<std::pair<const RawColumn *, const Field *>> values;
    std::string marks;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        values.emplace_back(&table.columns[i], &row[i]);
        marks += i ? ",?" : "?";
    }
    return run("INSERT INTO " + table.name + " VALUES(" + marks + ")", values);
}

Field otherValue(SeededRandomness &chance, const Field &value, const std::vector<Field> &sameColumn)
{
    const auto bit = chance.next();
    switch (chance.next() % 8) {
    case 0:
        return std::monostate();
    case 1:
        return sameColumn[bit % sameColumn.size()]; // what another row has
    default:
        break;
    }
    if (const auto *integer = std::get_if<std::int64_t>(&value))
        return bit % 2 ? *integer + 1
                       : static_cast<std::int64_t>(static_cast<std::uint64_t>(*integer) ^
                                                   (std::uint64_t(1) << (bit / 2 % 63)));
    if (const auto *real = std::get_if<double>(&value)) {
        const double flipped =
            std::bit_cast<double>(std::bit_cast<std::uint64_t>(*real) ^ (std::uint64_t(1) << (bit / 2 % 64)));
        return bit % 2 || flipped != flipped ? *real + 0.01 : flipped; // SQLite keeps no NaN
    }
    const auto *bytes = std::get_if<std::string>(&value);
    std::string other = bytes ? *bytes : "x";
    if (!bytes || other.empty())
        return bytes ? Field("x") : Field(std::int64_t(0));
    if (bit % 8 == 0)
        other.pop_back();
    else if (bit % 8 == 1)
        other += other.back();
    else
        other[bit / 64 % other.size()] = static_cast<char>(other[bit / 64 % other.size()] ^ (1 << (bit / 8 % 8)));
    return other;
}

std::string shown(const Field &value)
{
    if (const auto *integer = std::get_if<std::int64_t>(&value))
        return std::to_string(*integer);
    if (const auto *real = std::get_if<double>(&value))
        return std::to_string(*real);
    const auto *bytes = std::get_if<std::string>(&value);
    if (!bytes)
        return "NULL";
    const std::string text = text::isUtf8(*bytes) ? text::visible(*bytes) : toHex(*bytes);
    return text.size() > 60 ? text.substr(0, 60) + "…" : text;
}

} // namespace countersign::faults
