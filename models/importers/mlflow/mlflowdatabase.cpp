#include "models/importers/mlflow/mlflowdatabase.h"

#include "models/database/connection.h"
#include "models/importers/mlflow/inventorybuilder.h"
#include "models/importers/mlflow/mlflowschema.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <unordered_map>

namespace countersign::importers {

namespace {

using database::Backend;
using database::Connection;
using database::Query;

constexpr std::uint64_t kRowsPerReport = 16'384;
constexpr int kInventorySteps = 10;

/// One SELECT after the other, each told as a step of the progress.
class TableReader
{
public:
    TableReader(Connection &connection, const Progress &progress) : m_connection(connection), m_progress(progress) {}

    /// A failure that `row` gives back ends the reading and is passed on.
    Status read(const std::string &sql, const std::string &stage, const std::function<Status(const Query &)> &row)
    {
        m_progress(m_steps++, kInventorySteps, stage);
        const auto rows = readRows(sql, row);
        return rows ? Status() : Status(rows.error());
    }
    /// The same without ever holding the whole answer in memory. Inside a transaction.
    Status stream(const std::string &sql, const std::function<Status(const Query &)> &row)
    {
        if (m_connection.backend() == Backend::Sqlite) { // gives out row by row anyway
            const auto rows = readRows(sql, row);
            return rows ? Status() : Status(rows.error());
        }
        if (const auto declared = m_connection.exec("DECLARE countersign_histories NO SCROLL CURSOR FOR " + sql); !declared)
            return declared;
        for (;;) {
            const auto rows = readRows("FETCH FORWARD 50000 FROM countersign_histories", row);
            if (!rows)
                return rows.error();
            if (*rows == 0)
                return m_connection.exec("CLOSE countersign_histories");
        }
    }

private:
    /// How many rows there were.
    Result<std::uint64_t> readRows(const std::string &sql, const std::function<Status(const Query &)> &row)
    {
        auto query = m_connection.prepare(sql);
        if (!query)
            return query.error();
        if (const auto done = query->exec(); !done)
            return done.error();
        for (std::uint64_t rows = 0;; ++rows) {
            if (rows % kRowsPerReport == 0 && m_progress.isCancelled())
                return Error{ErrorKind::Cancelled, "Reading the registry was stopped.", {}};
            const auto more = query->next();
            if (!more)
                return more.error();
            if (!*more)
                return rows;
            if (const Status status = row(*query); !status)
                return status.error();
        }
    }

    Connection &m_connection;
    const Progress &m_progress;
    std::uint64_t m_steps = 0;
};

/// Ends the read transaction whatever happens; there is nothing to commit.
class Snapshot
{
public:
    static Result<std::unique_ptr<Snapshot>> take(Connection &connection)
    {
        if (const auto begun = connection.beginRead(); !begun)
            return begun.error();
        return std::make_unique<Snapshot>(connection);
    }
    explicit Snapshot(Connection &connection) : m_connection(connection) {}
    ~Snapshot() { static_cast<void>(m_connection.rollback()); } // nothing was written, so nothing can be lost
    Snapshot(const Snapshot &) = delete;
    Snapshot &operator=(const Snapshot &) = delete;

private:
    Connection &m_connection;
};

class MlflowDatabase final : public Registry
{
public:
    MlflowDatabase(std::unique_ptr<Connection> connection, MlflowSchema schema, std::string uri)
        : m_connection(std::move(connection)), m_schema(std::move(schema)), m_uri(std::move(uri))
    {
    }

    std::string uri() const override { return m_uri; }
    Result<Inventory> readInventory(const Progress &progress) override;
    Status readHistories(const Inventory &inventory, const HistorySink &sink, const Progress &progress) override;

private:
    Status readModels(TableReader &tables, InventoryBuilder &builder) const;
    Status readVersions(TableReader &tables, InventoryBuilder &builder) const;
    Status readModelExtras(TableReader &tables, InventoryBuilder &builder) const;
    Status readRuns(TableReader &tables, InventoryBuilder &builder) const;
    Status readRunExtras(TableReader &tables, InventoryBuilder &builder) const;
    std::string historySql() const;
    std::string column(std::string_view table, std::string_view name, std::string_view otherwise = "NULL") const
    {
        return m_schema.column(table, name, otherwise);
    }

    std::unique_ptr<Connection> m_connection;
    MlflowSchema m_schema;
    std::string m_uri;
};

Status MlflowDatabase::readModels(TableReader &tables, InventoryBuilder &builder) const
{
    const std::string sql = "SELECT " + column("registered_models", "workspace", "''") + ", name, " + column("registered_models", "description")
                            + ", creation_time, last_updated_time FROM registered_models";
    return tables.read(sql, "reading models", [&builder](const Query &row) -> Status {
        SourceModel &model = builder.model(builder.workspace(row.text(0)), builder.text(row.text(1)));
        model.description = builder.text(row.text(2));
        model.createdAt = InventoryBuilder::instant(row.integer(3));
        model.updatedAt = InventoryBuilder::instant(row.integer(4));
        return {};
    });
}

Status MlflowDatabase::readVersions(TableReader &tables, InventoryBuilder &builder) const
{
    const std::string sql = "SELECT " + column("model_versions", "workspace", "''")
                            + ", name, version, description, user_id, current_stage, source, run_id, status, creation_time, last_updated_time"
                              " FROM model_versions";
    return tables.read(sql, "reading versions", [&builder](const Query &row) -> Status {
        const std::string stage = builder.text(row.text(5));
        if (InventoryBuilder::isDeletedVersion(stage)) {
            builder.countDeletedVersion();
            return {};
        }
        SourceModel *const model = builder.findModel(builder.workspace(row.text(0)), builder.text(row.text(1)));
        if (!model) {
            builder.countOrphan();
            return {};
        }
        SourceVersion &version = model->versions.emplace_back();
        version.label = builder.text(row.text(2));
        version.description = builder.text(row.text(3));
        version.createdBy = builder.text(row.text(4));
        version.stage = stage;
        version.artifactUri = builder.text(row.text(6));
        version.runId = builder.text(row.text(7));
        version.status = builder.text(row.text(8));
        version.createdAt = InventoryBuilder::instant(row.integer(9));
        version.updatedAt = InventoryBuilder::instant(row.integer(10));
        return {};
    });
}

Status MlflowDatabase::readModelExtras(TableReader &tables, InventoryBuilder &builder) const
{
    if (m_schema.has("registered_model_tags")) {
        const std::string sql = "SELECT " + column("registered_model_tags", "workspace", "''") + ", name, key, value FROM registered_model_tags";
        const auto status = tables.read(sql, "reading tags", [&builder](const Query &row) -> Status {
            if (SourceModel *const model = builder.findModel(builder.workspace(row.text(0)), builder.text(row.text(1))))
                model->tags.emplace_back(builder.text(row.text(2)), builder.text(row.text(3)));
            return {};
        });
        if (!status)
            return status;
    }
    if (m_schema.has("registered_model_aliases")) {
        const std::string sql = "SELECT " + column("registered_model_aliases", "workspace", "''") + ", name, alias, version FROM registered_model_aliases";
        const auto status = tables.read(sql, "reading aliases", [&builder](const Query &row) -> Status {
            if (SourceModel *const model = builder.findModel(builder.workspace(row.text(0)), builder.text(row.text(1))))
                model->aliases.emplace_back(builder.text(row.text(2)), builder.text(row.text(3)));
            return {};
        });
        if (!status)
            return status;
    }
    if (!m_schema.has("model_version_tags"))
        return {};
    const std::string sql = "SELECT " + column("model_version_tags", "workspace", "''") + ", name, version, key, value FROM model_version_tags";
    return tables.read(sql, "reading tags", [&builder](const Query &row) -> Status {
        SourceModel *const model = builder.findModel(builder.workspace(row.text(0)), builder.text(row.text(1)));
        if (!model)
            return {};
        const auto version = std::ranges::find(model->versions, row.text(2), &SourceVersion::label);
        if (version != model->versions.end()) // tags of deleted versions stay in the table
            version->tags.emplace_back(builder.text(row.text(3)), builder.text(row.text(4)));
        return {};
    });
}

Status MlflowDatabase::readRuns(TableReader &tables, InventoryBuilder &builder) const
{
    struct Experiment {
        std::string name;
        std::string workspace;
    };
    std::unordered_map<std::string, Experiment> experiments;
    const auto status = tables.read("SELECT experiment_id, name, " + column("experiments", "workspace", "''") + " FROM experiments", "reading experiments",
                                    [&](const Query &row) -> Status {
                                        experiments[row.text(0)] = {builder.text(row.text(1)), builder.workspace(row.text(2))};
                                        return {};
                                    });
    if (!status)
        return status;
    const std::string sql = "SELECT run_uuid, experiment_id, name, status, lifecycle_stage, user_id, " + column("runs", "artifact_uri")
                            + ", start_time, end_time FROM runs";
    return tables.read(sql, "reading runs", [&](const Query &row) -> Status {
        SourceRun &run = builder.run(builder.text(row.text(0)));
        run.experimentId = builder.text(row.text(1));
        if (const auto experiment = experiments.find(row.text(1)); experiment != experiments.end()) {
            run.experiment = experiment->second.name;
            run.workspace = experiment->second.workspace;
        }
        run.name = builder.text(row.text(2));
        run.status = builder.text(row.text(3));
        run.isDeleted = row.text(4) == "deleted";
        run.user = builder.text(row.text(5));
        run.artifactUri = builder.text(row.text(6));
        if (const auto start = row.integerOrNull(7).value_or(0))
            run.startedAt = InventoryBuilder::instant(start);
        if (const auto end = row.integerOrNull(8).value_or(0)) // 0 is how MLflow says "not yet"
            run.endedAt = InventoryBuilder::instant(end);
        return {};
    });
}

Status MlflowDatabase::readRunExtras(TableReader &tables, InventoryBuilder &builder) const
{
    auto status = tables.read("SELECT run_uuid, key, value FROM params", "reading parameters", [&builder](const Query &row) -> Status {
        if (SourceRun *const run = builder.findRun(row.text(0)))
            run->parameters.emplace_back(builder.text(row.text(1)), builder.text(row.text(2)));
        return {};
    });
    if (!status)
        return status;
    status = tables.read("SELECT run_uuid, key, value FROM tags", "reading tags of runs", [&builder](const Query &row) -> Status {
        if (SourceRun *const run = builder.findRun(row.text(0)))
            run->tags.emplace_back(builder.text(row.text(1)), builder.text(row.text(2)));
        return {};
    });
    if (!status)
        return status;
    return tables.read("SELECT DISTINCT run_uuid, key FROM metrics", "reading metric names", [&builder](const Query &row) -> Status {
        if (SourceRun *const run = builder.findRun(row.text(0)))
            run->metrics.push_back(builder.text(row.text(1)));
        return {};
    });
}

Result<Inventory> MlflowDatabase::readInventory(const Progress &progress)
{
    const auto snapshot = Snapshot::take(*m_connection);
    if (!snapshot)
        return snapshot.error();
    InventoryBuilder builder;
    TableReader tables(*m_connection, progress);
    for (const auto part : {&MlflowDatabase::readModels, &MlflowDatabase::readVersions, &MlflowDatabase::readModelExtras,
                            &MlflowDatabase::readRuns, &MlflowDatabase::readRunExtras}) {
        if (const auto status = (this->*part)(tables, builder); !status)
            return status.error();
    }
    progress(kInventorySteps, kInventorySteps, "reading the registry");
    return builder.finish("MLflow database, schema " + builder.text(m_schema.revision()));
}

std::string MlflowDatabase::historySql() const
{
    // Bytewise order on both databases: runs and metrics must come in the order in which the inventory has them.
    const std::string order = m_connection->backend() == Backend::Postgres ? " COLLATE \"C\"" : "";
    const std::string isNan = m_schema.has("metrics", "is_nan") ? "CASE WHEN is_nan THEN 1 ELSE 0 END" : "0";
    return "SELECT run_uuid, key, \"timestamp\", " + column("metrics", "step", "0") + ", value, " + isNan + " FROM metrics ORDER BY run_uuid" + order
           + ", key" + order;
}

Status MlflowDatabase::readHistories(const Inventory &inventory, const HistorySink &sink, const Progress &progress)
{
    std::unordered_map<std::string_view, std::size_t> wanted;
    for (std::size_t i = 0; i < inventory.runs.size(); ++i)
        wanted.emplace(inventory.runs[i].id, i);
    const auto snapshot = Snapshot::take(*m_connection);
    if (!snapshot)
        return snapshot.error();

    TableReader tables(*m_connection, progress);
    InventoryBuilder cleaner;
    std::string rawRun;
    std::string rawMetric;
    std::string metric;
    const SourceRun *run = nullptr;
    std::vector<Point> points;
    std::uint64_t runsDone = 0;
    const auto give = [&]() -> Status {
        if (!run || points.empty())
            return {};
        sortPoints(points);
        const Status status = sink(*run, metric, points);
        points.clear();
        return status;
    };
    const auto read = tables.stream(historySql(), [&](const Query &row) -> Status {
        std::string id = row.text(0);
        std::string name = row.text(1);
        if (id != rawRun || name != rawMetric) {
            if (const Status given = give(); !given)
                return given;
            if (id != rawRun) {
                const auto found = wanted.find(id);
                run = found == wanted.end() ? nullptr : &inventory.runs[found->second];
                progress(runsDone += run ? 1 : 0, inventory.runs.size(), "reading metric histories");
            }
            rawRun = std::move(id);
            rawMetric = std::move(name);
            metric = cleaner.text(rawMetric);
        }
        if (!run)
            return {};
        const bool isNan = row.integer(5) != 0 || row.isNull(4);
        points.push_back({row.integer(3), InventoryBuilder::instant(row.integer(2)), isNan ? std::numeric_limits<double>::quiet_NaN() : row.real(4)});
        return {};
    });
    return read ? give() : read;
}

} // namespace

Result<std::unique_ptr<Registry>> openMlflowDatabase(const database::Location &location, const std::string &password)
{
    database::OpenOptions options;
    options.readOnly = true;
    options.foreign = true;
    options.password = password;
    auto connection = Connection::open(location, options);
    if (!connection)
        return connection.error();
    auto schema = MlflowSchema::read(**connection);
    if (!schema)
        return schema.error();
    database::Location identity = location;
    if (location.backend == Backend::Sqlite) {
        std::error_code ignored; // a path that can't be resolved was opened all the same, so it stays as it was given
        const auto resolved = std::filesystem::weakly_canonical(location.file, ignored);
        if (!ignored)
            identity.file = resolved;
    }
    return std::unique_ptr<Registry>(std::make_unique<MlflowDatabase>(std::move(*connection), std::move(*schema), identity.text()));
}

} // namespace countersign::importers
