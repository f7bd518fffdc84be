#pragma once

#include "models/pushdown/groups/columngroups.h"
#include "models/pushdown/groups/gatherer.h"
#include "models/pushdown/pushdown.h"

namespace countersign::pushdown {

/// What is asked of one table, between Engine::beginReading() and endReading(): what it looks like, then all rows in groups, then single columns.
class Asking
{
public:
    /// Borrows engine and options.
    Asking(Engine &engine, const TableName &table, scoretables::WindowUnit unit, const PushOptions &options);

    const std::string &name() const { return m_name; } ///< place and table, for people
    /// Looks at the columns.
    Status begin(const predictions::Mapping &mapping);

    using Prepare = std::function<void(const predictions::Schema &schema)>;
    using Pass = std::function<void(const predictions::Chunk &chunk, std::span<const std::uint64_t> counts)>;
    struct Counted {
        Pushed pushed;
        predictions::MergedDictionaries texts; ///< of the chunks that passed
        computed::SeenLabels labels;
    };
    /// The table; calls prepare() and then pass() with all rows (GatherOptions::pass) where there are these.
    Result<Counted> table(std::optional<double> threshold, const Prepare &prepare = {}, const Pass &pass = {});

    /// One more column, after table(). Nothing: it was left out, and a note says why.
    Result<std::optional<ColumnGroups>> feature(const predictions::FeatureMapping &feature, std::vector<std::string> &notes);
    Result<std::optional<ColumnGroups>> delays(std::vector<std::string> &notes);
    /// The statements for them, each after ";\n".
    const std::string &furtherQueries() const { return m_queries; }

private:
    GatherOptions gatherOptions(std::optional<double> threshold, std::uint64_t rows) const;
    Result<std::optional<ColumnGroups>> column(const Result<Statement> &statement, const std::string &column, bool areDelays, std::vector<std::string> &notes);
    void note(const ColumnGroups &groups, const std::string &shown, std::vector<std::string> &notes) const;

    Engine &m_engine;
    scoretables::WindowUnit m_unit;
    const PushOptions &m_options;
    std::string m_name;
    std::string m_from;
    Sql m_sql;
    predictions::Mapping m_mapping; ///< with features
    std::vector<TableColumn> m_columns;
    std::vector<std::string> m_refusing; ///< columns for whose cells rows were refused
    std::uint64_t m_rows = 0;
    std::uint64_t m_refused = 0;
    std::string m_queries;
};

} // namespace countersign::pushdown
