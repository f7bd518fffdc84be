#include "models/database/query.h"

#include "models/database/backend.h"

#include <cmath>

namespace countersign::database {

Query::Query(std::unique_ptr<Private> internals) : d(std::move(internals)) {}
Query::Query(Query &&) noexcept = default;
Query &Query::operator=(Query &&) noexcept = default;
Query::~Query() = default;

Query &Query::bind(std::int64_t value)
{
    d->bindInteger(value);
    return *this;
}

Query &Query::bind(double value)
{
    // SQLite has no NaN; PostgreSQL follows it, so that a projection compares equal on both.
    std::isnan(value) ? d->bindNull() : d->bindReal(value);
    return *this;
}

Query &Query::bind(std::string_view text)
{
    d->bindText(text);
    return *this;
}

Query &Query::bindBytes(BytesView bytes)
{
    d->bindBytes(bytes);
    return *this;
}

Query &Query::bindNull()
{
    d->bindNull();
    return *this;
}

Status Query::exec() { return d->exec(); }
Status Query::post() { return d->post(); }
Result<bool> Query::next() { return d->next(); }
std::int64_t Query::rowsAffected() const { return d->rowsAffected(); }
bool Query::isNull(int column) const { return d->isNull(column); }
std::int64_t Query::integer(int column) const { return d->integer(column); }
double Query::real(int column) const { return d->real(column); }
std::string Query::text(int column) const { return d->text(column); }
Bytes Query::bytes(int column) const { return d->bytes(column); }
BytesView Query::view(int column) const { return d->view(column); }

std::optional<std::int64_t> Query::integerOrNull(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(integer(column));
}

std::optional<double> Query::realOrNull(int column) const
{
    return isNull(column) ? std::nullopt : std::optional(real(column));
}

} // namespace countersign::database
