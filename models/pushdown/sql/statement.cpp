#include "models/pushdown/sql/statement.h"

#include "models/predictions/rejects.h"
#include "models/pushdown/sql/sqlwriter.h"

#include <algorithm>
#include <set>

namespace countersign::pushdown {

using predictions::Mapping;
using scoretables::WindowUnit;

namespace {

/// Collects fields, each with an alias of its own.
class Builder
{
public:
    Builder(Sql sql, const Mapping &mapping, const std::vector<TableColumn> &columns) : m_sql(sql), m_columns(columns)
    {
        // ClickHouse takes a name for an alias wherever both are there, so no alias may be a column that is used.
        for (const std::string *column : {&mapping.label, &mapping.score, &mapping.prediction, &mapping.time, &mapping.labelTime, &mapping.weight})
            m_taken.insert(*column);
        for (const auto &attribute : mapping.attributes)
            m_taken.insert(attribute.column);
        for (const auto &feature : mapping.features)
            m_taken.insert(feature.column);
    }

    std::string freeName(std::string name)
    {
        while (!m_taken.insert(name).second)
            name += '_';
        return name;
    }
    TableColumn find(const std::string &name)
    {
        const auto found = std::ranges::find(m_columns, name, &TableColumn::name);
        const bool isNul = name.find('\0') != std::string::npos;
        if ((found == m_columns.end() && !m_columns.empty()) || isNul) {
            fail("The table has no column \"" + predictions::shownSample(name) + "\".");
            return {};
        }
        if (found == m_columns.end())
            return {name, ColumnKind::Unknown, {}};
        if (found->kind == ColumnKind::Nested)
            fail("The column \"" + predictions::shownSample(name) + "\" (" + predictions::shownSample(found->type) + ") holds lists or structures, by which nothing can be grouped.");
        return *found;
    }
    /// The field's alias.
    std::string add(const std::string &name, const TableColumn &column, const std::string &expression)
    {
        const std::string alias = freeName(name);
        m_statement.fields.push_back(alias);
        m_statement.columns.push_back(column.name);
        m_select += (m_select.empty() ? "SELECT " : ",\n       ") + expression + " AS " + quotedName(m_sql, alias);
        // By place where that is standard; by name where places came late.
        const std::string key = m_sql == Sql::ClickHouse ? quotedName(m_sql, alias) : std::to_string(m_statement.fields.size());
        m_keys += (m_keys.empty() ? "" : ", ") + key;
        return alias;
    }
    void fail(std::string message)
    {
        if (!m_error)
            m_error = Error{ErrorKind::Invalid, std::move(message), "mapping"};
    }
    /// Cells are looked at in the order of the table, as those of an exported file are: of a row with two bad cells the first one counts.
    void putInOrder()
    {
        const auto placeOf = [&](std::size_t field) {
            const auto found = std::ranges::find(m_columns, m_statement.columns[field], &TableColumn::name);
            return found - m_columns.begin();
        };
        for (std::size_t field = 0; field < m_statement.fields.size(); ++field)
            m_statement.order.push_back(field);
        std::ranges::stable_sort(m_statement.order, {}, placeOf);
    }
    Result<Statement> finish(const std::string &from, const std::string &spanTimes)
    {
        if (m_error)
            return *m_error;
        const std::string count = m_sql == Sql::ClickHouse ? "count()" : "count(*)";
        m_statement.sql = m_select + ",\n       " + count + " AS " + quotedName(m_sql, freeName("rows")) + "\nFROM " + from + "\nGROUP BY " + m_keys;
        m_statement.span = "SELECT " + count + spanTimes + "\nFROM " + from;
        m_statement.hasSpanTimes = !spanTimes.empty();
        if (m_sql == Sql::ClickHouse)
            m_statement.sql += "\nWITH TOTALS"; // the last line, by which an answer is known to be whole
        putInOrder();
        return std::move(m_statement);
    }
    Mapping &mapping() { return m_statement.mapping; }

private:
    Sql m_sql;
    const std::vector<TableColumn> &m_columns;
    std::set<std::string> m_taken{""};
    Statement m_statement;
    std::string m_select;
    std::string m_keys;
    std::optional<Error> m_error;
};

} // namespace

Result<Mapping> pushedMapping(const Mapping &mapping)
{
    if (mapping.task != predictions::Task::Binary)
        return Error{ErrorKind::Unsupported,
                     "Counting where the rows are is for two outcomes. Export several classes or amounts as a log, and compute from that.", {}};
    Mapping pushed = mapping;
    pushed.classScores.clear();
    pushed.dialect = {};
    return pushed;
}

namespace {

/// The fields of a statement, from the mapping that the builder was made for.
class Fields
{
public:
    Fields(Sql sql, const Mapping &mapping, WindowUnit unit, const std::vector<TableColumn> &columns)
        : m_builder(sql, mapping, columns), m_writer(sql, unit, mapping.timeFormat), m_mapping(m_builder.mapping())
    {
        m_mapping = mapping;
    }

    void addTruth()
    {
        plain("label", m_mapping.label);
        plain("score", m_mapping.score);
        plain("decision", m_mapping.prediction);
        plain("weight", m_mapping.weight);
    }
    void addTime()
    {
        if (m_mapping.time.empty())
            return;
        const TableColumn found = m_builder.find(m_mapping.time);
        m_mapping.time = m_builder.add("time", found, m_writer.time(found));
        m_spanTimes = m_writer.span(found);
    }
    void addAttributes()
    {
        std::size_t number = 0;
        for (auto &attribute : m_mapping.attributes) {
            const TableColumn found = m_builder.find(attribute.column);
            const std::string value = attribute.bands.isEmpty() ? m_writer.group(found) : m_writer.band(found, attribute.bands);
            attribute.column = m_builder.add("group_" + std::to_string(++number), found, value);
        }
    }
    void addFeatures()
    {
        for (auto &feature : m_mapping.features) {
            const TableColumn found = m_builder.find(feature.column);
            feature.column = m_builder.add("feature", found, feature.isNumber ? m_writer.plain(found) : m_writer.group(found));
        }
    }
    /// Where both are times; false: they are to be read as they are written.
    bool addDelay()
    {
        const TableColumn from = m_builder.find(m_mapping.time);
        const TableColumn to = m_builder.find(m_mapping.labelTime);
        if (!SqlWriter::isTime(from) || !SqlWriter::isTime(to))
            return false;
        m_mapping.features = {{m_builder.add("delay", to, m_writer.delay(from, to)), true}};
        m_mapping.labelTime.clear();
        return true;
    }
    void addTimesAsWritten()
    {
        for (const auto &[name, column] : {std::pair("time", &m_mapping.time), std::pair("label_time", &m_mapping.labelTime)}) {
            const TableColumn found = m_builder.find(*column);
            *column = m_builder.add(name, found, m_writer.timeAsWritten(found));
        }
    }
    Result<Statement> finish(const std::string &from) { return m_builder.finish(from, m_spanTimes); }

private:
    void plain(const char *name, std::string &column)
    {
        if (column.empty())
            return;
        const TableColumn found = m_builder.find(column);
        column = m_builder.add(name, found, m_writer.plain(found));
    }

    Builder m_builder;
    SqlWriter m_writer;
    Mapping &m_mapping;
    std::string m_spanTimes;
};

/// Only the roles of these columns, and the time.
Mapping restricted(const Mapping &mapping, const std::vector<std::string> &columns)
{
    const auto isIn = [&](const std::string &column) { return std::ranges::find(columns, column) != columns.end(); };
    Mapping result = mapping;
    for (std::string *column : {&result.label, &result.score, &result.prediction, &result.weight})
        if (!isIn(*column))
            column->clear();
    result.labelTime.clear();
    result.features.clear();
    std::erase_if(result.attributes, [&](const auto &attribute) { return !isIn(attribute.column); });
    return result;
}

} // namespace

Result<Statement> groupingStatement(Sql sql, const std::string &from, const Mapping &mapping, WindowUnit unit, const std::vector<TableColumn> &columns)
{
    if (const auto checked = mapping.check(); !checked)
        return checked.error();
    Mapping own = mapping;
    own.features.clear();
    own.labelTime.clear();
    Fields fields(sql, own, unit, columns);
    fields.addTruth();
    fields.addTime();
    fields.addAttributes();
    return fields.finish(from);
}

Result<Statement> featureStatement(Sql sql, const std::string &from, const Mapping &mapping, const predictions::FeatureMapping &feature, WindowUnit unit,
                                   const std::vector<std::string> &also, const std::vector<TableColumn> &columns)
{
    Mapping own = restricted(mapping, also);
    own.features = {feature};
    Fields fields(sql, own, unit, columns);
    fields.addTruth();
    fields.addTime();
    fields.addAttributes();
    fields.addFeatures();
    return fields.finish(from);
}

Result<Statement> delayStatement(Sql sql, const std::string &from, const Mapping &mapping, WindowUnit unit, const std::vector<std::string> &also,
                                 const std::vector<TableColumn> &columns)
{
    Mapping own = restricted(mapping, also);
    own.labelTime = mapping.labelTime;
    Fields counted(sql, own, unit, columns);
    if (counted.addDelay()) {
        counted.addTruth();
        counted.addTime();
        counted.addAttributes();
        return counted.finish(from);
    }
    own.label = mapping.label; // which the time of the label is nothing without
    Fields written(sql, own, unit, columns);
    written.addTruth();
    written.addTimesAsWritten();
    written.addAttributes();
    return written.finish(from);
}

} // namespace countersign::pushdown
