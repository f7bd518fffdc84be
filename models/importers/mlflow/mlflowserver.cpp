#include "models/importers/mlflow/mlflowserver.h"

#include "models/importers/mlflow/mlflowrest.h"

#include <QUrl>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace countersign::importers {

namespace {

const std::string kApi = "/api/2.0/mlflow/";
const std::string kServerInfo = "/api/3.0/mlflow/server-info";
const std::string kWorkspaces = "/api/3.0/mlflow/workspaces";
constexpr int kModelsAPage = 1'000;       // the most that a server gives
constexpr int kVersionsAPage = 10'000;
constexpr int kExperimentsAPage = 1'000;
constexpr int kRunsAPage = 500;           // with hundreds of metrics each, a page stays below some megabytes
constexpr int kPointsAPage = 25'000;      // always sent: without it MLflow 3.4 to 3.11 give no points and an endless chain of pages
constexpr std::size_t kExperimentsARequest = 100;
constexpr std::size_t kMostPages = 1'000'000;
constexpr int kMostPasses = 3;

using Take = std::function<Status(const json::Value &entry)>;
/// One page; the token is empty for the first.
using Fetch = std::function<Result<json::Value>(const std::string &token)>;

/// Every entry under `key` on every page. A token that comes back would go round forever: Io.
Status readPages(const Fetch &fetch, std::string_view key, const Take &take)
{
    std::unordered_set<std::string> seen;
    std::string token;
    for (std::size_t page = 0; page < kMostPages; ++page) {
        const auto answer = fetch(token);
        if (!answer)
            return answer.error();
        for (const json::Value &entry : rest::list(*answer, key)) {
            if (const auto taken = take(entry); !taken)
                return taken;
        }
        token = rest::text(*answer, "next_page_token");
        if (token.empty())
            return {};
        if (!seen.insert(token).second)
            break;
    }
    return Error{ErrorKind::Io, "The server hands out the same page again and again, a fault of some MLflow releases. Read its database instead, or update it.",
                 std::string(key)};
}

class MlflowServer final : public Registry
{
public:
    MlflowServer(QUrl address, MlflowServerOptions options) : m_address(std::move(address)), m_options(std::move(options)) {}

    std::string uri() const override { return m_address.toString(QUrl::FullyEncoded).toStdString(); }
    Result<Inventory> readInventory(const Progress &progress) override;
    Status readHistories(const Inventory &inventory, const HistorySink &sink, const Progress &progress) override;

private:
    std::unique_ptr<HttpClient> client(const std::string &root, const Progress &progress) const
    {
        return std::make_unique<HttpClient>(root, m_options.credentials, m_options.limits, progress);
    }
    Result<std::unique_ptr<HttpClient>> connect(const Progress &progress);
    Status readHistory(HttpClient &http, const SourceRun &run, const std::string &metric, std::vector<Point> &points) const;

    QUrl m_address;
    MlflowServerOptions m_options;
    std::string m_root; ///< where the API was found
};

/// Reads one workspace (or all there is, where there are none) into a builder.
class WorkspaceReader
{
public:
    WorkspaceReader(HttpClient &http, std::string workspace, InventoryBuilder &builder, const Progress &progress)
        : m_http(http), m_workspace(std::move(workspace)), m_builder(builder), m_progress(progress)
    {
    }

    Status read()
    {
        if (const auto models = readModels(); !models)
            return models;
        if (const auto versions = readVersions(); !versions)
            return versions;
        if (const auto experiments = readExperiments(); !experiments)
            return experiments;
        return readRuns();
    }

private:
    /// Reads a listing again when it gave an entry twice: pages are offsets, so somebody wrote meanwhile, and what moved the other
    /// way was missed.
    Status readStable(const Fetch &fetch, std::string_view key, const std::function<std::string(const json::Value &)> &identity, const Take &take)
    {
        for (int pass = 1;; ++pass) {
            std::unordered_set<std::string> seen;
            bool isRepeated = false;
            const auto pages = readPages(fetch, key, [&](const json::Value &entry) -> Status {
                isRepeated = !seen.insert(identity(entry)).second || isRepeated;
                return take(entry);
            });
            if (!pages || !isRepeated)
                return pages;
            if (pass == kMostPasses) {
                m_builder.note("The server was written to while it was read; something may be missing. Import again when it is quiet.");
                return {};
            }
        }
    }
    Fetch paged(const std::string &call, HttpClient::Query query)
    {
        return [this, call, query](const std::string &token) {
            HttpClient::Query whole = query;
            if (!token.empty())
                whole.emplace_back("page_token", token);
            return m_http.get(kApi + call, whole);
        };
    }
    Fetch posted(const std::string &call, json::Object body)
    {
        return [this, call, body](const std::string &token) {
            json::Object whole = body;
            if (!token.empty())
                whole.set("page_token", token);
            return m_http.post(kApi + call, whole);
        };
    }
    Status readModels();
    Status readVersions();
    Status readExperiments();
    Status readRuns();

    HttpClient &m_http;
    std::string m_workspace;
    InventoryBuilder &m_builder;
    const Progress &m_progress;
    std::vector<std::string> m_experimentIds;
    std::unordered_map<std::string, std::string> m_experiments; ///< id → name
    std::uint64_t m_runs = 0;
};

Status WorkspaceReader::readModels()
{
    m_progress(0, 0, "reading models");
    const Fetch fetch = paged("registered-models/search", {{"max_results", std::to_string(kModelsAPage)}});
    return readStable(fetch, "registered_models", [](const json::Value &model) { return rest::text(model, "name"); },
                      [this](const json::Value &model) -> Status {
                          rest::readModel(model, m_workspace, m_builder);
                          return {};
                      });
}

Status WorkspaceReader::readVersions()
{
    m_progress(0, 0, "reading versions");
    const Fetch fetch = paged("model-versions/search", {{"max_results", std::to_string(kVersionsAPage)}});
    return readStable(fetch, "model_versions",
                      [](const json::Value &version) { return rest::text(version, "version") + " " + rest::text(version, "name"); },
                      [this](const json::Value &version) -> Status {
                          rest::readVersion(version, m_workspace, m_builder);
                          return {};
                      });
}

Status WorkspaceReader::readExperiments()
{
    m_progress(0, 0, "reading experiments");
    const Fetch fetch = posted("experiments/search", {{"max_results", kExperimentsAPage}, {"view_type", "ALL"}});
    return readStable(fetch, "experiments", [](const json::Value &experiment) { return rest::text(experiment, "experiment_id"); },
                      [this](const json::Value &experiment) -> Status {
                          const std::string id = rest::text(experiment, "experiment_id");
                          if (m_experiments.insert_or_assign(id, m_builder.text(rest::text(experiment, "name"))).second)
                              m_experimentIds.push_back(id);
                          return {};
                      });
}

Status WorkspaceReader::readRuns()
{
    for (std::size_t from = 0; from < m_experimentIds.size(); from += kExperimentsARequest) {
        json::Array ids;
        for (std::size_t i = from; i < std::min(from + kExperimentsARequest, m_experimentIds.size()); ++i)
            ids.emplace_back(m_experimentIds[i]);
        // Oldest first: new runs then come on the last page and move nothing.
        const Fetch fetch = posted("runs/search", {{"experiment_ids", ids},
                                                   {"max_results", kRunsAPage},
                                                   {"run_view_type", "ALL"},
                                                   {"order_by", json::Array{json::Value("attribute.start_time ASC")}}});
        const auto identity = [](const json::Value &run) { return run.find("info") ? rest::text(*run.find("info"), "run_id") : std::string(); };
        const auto read = readStable(fetch, "runs", identity, [this](const json::Value &value) -> Status {
            SourceRun *const run = rest::readRun(value, m_builder);
            if (!run)
                return Error{ErrorKind::Invalid, "The server lists a run without an id. Check that MLflow is what answers there.", m_http.root()};
            run->workspace = m_workspace;
            if (const auto experiment = m_experiments.find(run->experimentId); experiment != m_experiments.end())
                run->experiment = experiment->second;
            m_progress(++m_runs, 0, "reading runs");
            return {};
        });
        if (!read)
            return read;
    }
    return {};
}

/// The workspaces of a server that has them; one empty name for a server that has none.
Result<std::vector<std::string>> listWorkspaces(HttpClient &http)
{
    const std::vector<std::string> none{std::string()};
    const auto info = http.get(kServerInfo);
    if (!info) // before 3.10 there is no such call
        return info.error().kind == ErrorKind::NotFound ? Result<std::vector<std::string>>(none) : info.error();
    const json::Value *const enabled = info->find("workspaces_enabled");
    if (!enabled || !enabled->boolean() || !*enabled->boolean())
        return none;
    std::vector<std::string> names;
    const Fetch fetch = [&http](const std::string &token) {
        return http.get(kWorkspaces, token.empty() ? HttpClient::Query() : HttpClient::Query{{"page_token", token}});
    };
    const auto read = readPages(fetch, "workspaces", [&names](const json::Value &workspace) -> Status {
        const std::string name = rest::text(workspace, "name");
        if (!name.empty() && std::ranges::find(names, name) == names.end())
            names.push_back(name);
        return {};
    });
    if (!read)
        return read.error();
    return names;
}

Result<std::unique_ptr<HttpClient>> MlflowServer::connect(const Progress &progress)
{
    progress(0, 0, "connecting");
    if (!m_root.empty())
        return client(m_root, progress);
    QUrl root = m_address;
    std::vector<std::string> roots{root.toString(QUrl::FullyEncoded).toStdString()};
    root.setPath({});
    if (root != m_address) // MLflow 2 puts a static prefix before its pages, not before its API
        roots.push_back(root.toString(QUrl::FullyEncoded).toStdString());
    std::optional<Error> first;
    for (const std::string &candidate : roots) {
        auto http = client(candidate, progress);
        const auto probe = http->get(kApi + "registered-models/search", {{"max_results", "1"}});
        if (probe) {
            m_root = candidate;
            return http;
        }
        if (!first)
            first = probe.error();
        const bool mayBeElsewhere = probe.error().kind == ErrorKind::NotFound || probe.error().kind == ErrorKind::Invalid;
        if (!mayBeElsewhere)
            return probe.error();
    }
    return *first;
}

Result<Inventory> MlflowServer::readInventory(const Progress &progress)
{
    const auto http = connect(progress);
    if (!http)
        return http.error();
    const auto version = (*http)->getText("/version"); // only for the description; a proxy may hide it
    if (!version && version.error().kind == ErrorKind::Cancelled)
        return version.error();
    const auto workspaces = listWorkspaces(**http);
    if (!workspaces)
        return workspaces.error();
    InventoryBuilder builder;
    for (const std::string &name : *workspaces) {
        (*http)->setHeader("X-MLFLOW-WORKSPACE", name);
        WorkspaceReader reader(**http, builder.workspace(name), builder, progress);
        if (const auto read = reader.read(); !read)
            return read.error();
    }
    const bool isLoopback = m_address.host() == QStringLiteral("localhost") || m_address.host() == QStringLiteral("127.0.0.1") || m_address.host() == QStringLiteral("::1");
    if (!m_options.credentials.isEmpty() && m_address.scheme() == QStringLiteral("http") && !isLoopback)
        builder.note("The credentials travelled without encryption. Use an https address.");
    return builder.finish("MLflow server" + (version ? ", version " + *version : std::string()));
}

Status MlflowServer::readHistory(HttpClient &http, const SourceRun &run, const std::string &metric, std::vector<Point> &points) const
{
    const HttpClient::Query query{{"run_id", run.id}, {"metric_key", metric}, {"max_results", std::to_string(kPointsAPage)}};
    const Fetch fetch = [&](const std::string &token) {
        HttpClient::Query whole = query;
        if (!token.empty())
            whole.emplace_back("page_token", token);
        return http.get(kApi + "metrics/get-history", whole);
    };
    return readPages(fetch, "metrics", [&](const json::Value &value) -> Status {
        const auto point = rest::readPoint(value);
        if (!point)
            return point.error().in("metric " + metric).in("run " + run.id);
        points.push_back(*point);
        return {};
    });
}

Status MlflowServer::readHistories(const Inventory &inventory, const HistorySink &sink, const Progress &progress)
{
    const auto http = connect(progress);
    if (!http)
        return http.error();
    std::uint64_t done = 0;
    for (const SourceRun &run : inventory.runs) {
        progress(done++, inventory.runs.size(), "reading metric histories");
        (*http)->setHeader("X-MLFLOW-WORKSPACE", run.workspace);
        for (const std::string &metric : run.metrics) {
            std::vector<Point> points;
            if (const auto read = readHistory(**http, run, metric, points); !read)
                return read;
            if (points.empty()) // deleted since the inventory was read
                continue;
            sortPoints(points);
            if (const auto given = sink(run, metric, points); !given)
                return given;
        }
    }
    progress(done, inventory.runs.size(), "reading metric histories");
    return {};
}

/// The path up to what belongs to MLflow's own pages and calls.
QString prefixOf(QString path)
{
    for (const auto &part : {QStringLiteral("/api/"), QStringLiteral("/ajax-api/"), QStringLiteral("/static-files/")}) {
        if (const auto at = path.indexOf(part); at >= 0)
            path.truncate(at);
    }
    while (path.endsWith(QLatin1Char('/')))
        path.chop(1);
    return path;
}

} // namespace

Result<std::unique_ptr<Registry>> openMlflowServer(std::string_view address, MlflowServerOptions options)
{
    QUrl url(QString::fromUtf8(address.data(), static_cast<qsizetype>(address.size())).trimmed(), QUrl::StrictMode);
    const QString scheme = url.scheme().toLower();
    if (!url.isValid() || url.host().isEmpty() || (scheme != QStringLiteral("http") && scheme != QStringLiteral("https")))
        return Error{ErrorKind::Invalid, "This is not the address of a server. Write it like https://mlflow.example.org or http://localhost:5000.", {}};
    if (!url.password().isEmpty())
        return Error{ErrorKind::Invalid, "Passwords do not belong into addresses, which end up in histories and logs. Leave it out: you are asked for it.", {}};
    if (options.credentials.user.empty())
        options.credentials.user = url.userName(QUrl::FullyDecoded).toStdString();
    url.setUserInfo({});
    url.setFragment({});
    url.setQuery(QString());
    url.setScheme(scheme);
    url.setPath(prefixOf(url.path(QUrl::FullyDecoded)), QUrl::DecodedMode);
    return std::unique_ptr<Registry>(std::make_unique<MlflowServer>(std::move(url), std::move(options)));
}

} // namespace countersign::importers
