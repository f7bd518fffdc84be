#include "models/database/bulkwriter.h"

#include "models/database/backend.h"

#include <cmath>

namespace countersign::database {

bool BulkWriter::Private::accepts(Type type)
{
    if (column < columns.size() && columns[column].type == type)
        return true;
    if (mistake.empty())
        mistake = column < columns.size() ? "The column \"" + columns[column].name + "\" takes values of another type."
                                          : "A row has more values than the " + std::to_string(columns.size()) + " columns.";
    return false;
}

Status BulkWriter::Private::checkRow()
{
    if (mistake.empty() && column != columns.size())
        mistake = "A row has " + std::to_string(column) + " values for " + std::to_string(columns.size()) + " columns.";
    column = 0;
    if (!mistake.empty())
        return Error{ErrorKind::Invalid, std::exchange(mistake, {}), "row " + std::to_string(rows + 1)};
    ++rows;
    return {};
}

Result<BulkWriter> BulkWriter::open(Connection &connection, std::string_view table, std::vector<Column> columns)
{
    bool good = isPlainName(table) && !columns.empty();
    for (const auto &column : columns)
        good = good && isPlainName(column.name);
    if (!good)
        return Error{ErrorKind::Invalid, "\"" + std::string(table) + "\" or one of its columns cannot be written in bulk: names are [a-z_][a-z0-9_]*, and there is at least one column.", {}};
    if (!connection.inTransaction())
        return Error{ErrorKind::Invalid, "Rows are written in bulk inside a transaction only; begin one.", {}};
    auto opened = connection.internals().openBulk(table, std::move(columns));
    if (!opened)
        return opened.error();
    return BulkWriter(std::move(*opened));
}

BulkWriter::BulkWriter(std::unique_ptr<Private> internals) : d(std::move(internals)) {}
BulkWriter::BulkWriter(BulkWriter &&) noexcept = default;
BulkWriter &BulkWriter::operator=(BulkWriter &&) noexcept = default;
BulkWriter::~BulkWriter() = default;

BulkWriter &BulkWriter::add(std::int64_t value)
{
    if (d->accepts(Type::Integer))
        d->addInteger(value);
    ++d->column;
    return *this;
}

BulkWriter &BulkWriter::add(double value)
{
    if (d->accepts(Type::Real))
        std::isnan(value) ? d->addNull() : d->addReal(value);
    ++d->column;
    return *this;
}

BulkWriter &BulkWriter::addText(std::string_view text)
{
    if (d->accepts(Type::Text)) {
        if (isStorable(text))
            d->addText(text);
        else if (d->mistake.empty())
            d->mistake = notStorable({}).message;
    }
    ++d->column;
    return *this;
}

BulkWriter &BulkWriter::addBytes(BytesView bytes)
{
    if (d->accepts(Type::Blob))
        d->addBytes(bytes);
    ++d->column;
    return *this;
}

BulkWriter &BulkWriter::addNull()
{
    if (d->column < d->columns.size())
        d->addNull();
    else if (d->mistake.empty())
        d->mistake = "A row has more values than the " + std::to_string(d->columns.size()) + " columns.";
    ++d->column;
    return *this;
}

Status BulkWriter::endRow() { return d->endRow(); }
Status BulkWriter::finish() { return d->finish(); }

} // namespace countersign::database
