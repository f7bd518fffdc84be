// Metrics in long form into the record: models and versions that the file names are registered when they are new.

#include "models/base/text.h"
#include "models/crypto/sha256.h"
#include "models/services/imports/importrun.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"

#include <fstream>
#include <unordered_map>

namespace countersign::services {

namespace {

constexpr std::size_t kMaxListed = 1000;

Error cancelled() { return {ErrorKind::Cancelled, "The import was cancelled; nothing was changed.", {}}; }

Result<Digest> digestOfFile(const std::filesystem::path &file, const Progress &progress)
{
    std::ifstream stream(file, std::ios::binary);
    std::error_code ignored;
    const auto size = std::filesystem::file_size(file, ignored);
    if (!stream || !std::filesystem::is_regular_file(file, ignored))
        return Error{ErrorKind::Io, "The file " + file.string() + " cannot be read.", {}};
    crypto::Sha256 hash;
    std::vector<char> buffer(1U << 20);
    std::uint64_t done = 0;
    while (stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || stream.gcount() > 0) {
        hash.add({buffer.data(), static_cast<std::size_t>(stream.gcount())});
        done += static_cast<std::uint64_t>(stream.gcount());
        progress(done, size, "reading the file");
        if (progress.isCancelled())
            return cancelled();
    }
    return hash.finish();
}

class MetricsImport
{
public:
    MetricsImport(Session &session, ImportRun &run, const importers::RejectedRowSink &rejected) : m_session(session), m_run(run), m_rejected(rejected) {}

    Status take(const importers::MetricRow &row)
    {
        const auto series = seriesOf(row);
        if (!series)
            return series.error();
        if (!*series)
            return {}; // rejected, and told
        return m_run.observations().add(**series, row.observation);
    }

    void reject(const importers::RejectedRow &row)
    {
        ++m_run.outcome().rejected;
        if (m_run.outcome().rejectedRows.size() < kMaxListed)
            m_run.outcome().rejectedRows.push_back(row);
        if (m_rejected)
            m_rejected(row);
    }

private:
    using MaybeVersion = std::optional<VersionId>;

    Result<std::optional<std::int64_t>> seriesOf(const importers::MetricRow &row)
    {
        // Files repeat themselves row after row; most rows differ from the one before in their time only.
        m_name.assign(row.model);
        m_name.append("\n").append(row.version).append("\n").append(row.metric).append("\n");
        if (row.slice)
            for (const auto &[attribute, value] : row.slice->parts)
                m_name.append(attribute).append("\t").append(value).append("\t");
        if (const auto known = m_series.find(m_name); known != m_series.end())
            return std::optional(known->second);
        const auto version = versionOf(row);
        if (!version)
            return version.error();
        if (!*version)
            return std::optional<std::int64_t>();
        SeriesKey key;
        key.version = **version;
        key.metric = std::string(row.metric);
        if (row.slice)
            key.slice = *row.slice;
        const auto series = m_run.observations().series(key);
        if (!series)
            return series.error();
        m_series.emplace(m_name, *series);
        return std::optional(*series);
    }

    Result<MaybeVersion> versionOf(const importers::MetricRow &row)
    {
        const std::string name = std::string(row.model) + '\n' + std::string(row.version);
        if (const auto known = m_versions.find(name); known != m_versions.end())
            return MaybeVersion(known->second);
        const auto model = modelOf(row);
        if (!model)
            return model.error();
        if (!*model)
            return MaybeVersion();
        const std::string label(row.version);
        auto version = store::versionLabelled(m_session.connection(), **model, label);
        if (!version)
            return version.error();
        if (!*version) {
            const auto id = m_run.registerVersion(**model, label);
            if (!id)
                return id.error();
            version = std::optional(*id);
        }
        m_versions.emplace(name, **version);
        return MaybeVersion(**version);
    }

    Result<std::optional<ModelId>> modelOf(const importers::MetricRow &row)
    {
        const std::string name(row.model);
        if (const auto known = m_models.find(name); known != m_models.end())
            return std::optional(known->second);
        auto ids = store::modelsNamed(m_session.connection(), name);
        if (!ids)
            return ids.error();
        if (const auto id = ModelId::parse(name); id && ids->empty())
            if (const auto model = store::findModel(m_session.connection(), *id))
                ids->push_back(*id);
        if (ids->size() > 1) {
            reject({row.row, 0, "model", std::to_string(ids->size()) + " models have this name. Write the model's id instead.", name.substr(0, 200)});
            return std::optional<ModelId>();
        }
        if (ids->empty()) {
            const auto id = m_run.registerModel(name);
            if (!id)
                return id.error();
            ids->push_back(*id);
        }
        m_models.emplace(name, ids->front());
        return std::optional(ids->front());
    }

    Session &m_session;
    ImportRun &m_run;
    const importers::RejectedRowSink &m_rejected;
    std::string m_name;
    std::unordered_map<std::string, ModelId> m_models;
    std::unordered_map<std::string, VersionId> m_versions;
    std::unordered_map<std::string, std::int64_t> m_series;
};

Result<ImportOutcome> importFile(Session &session, Journal::Mode mode, const std::filesystem::path &file, const Progress &progress,
                                 const importers::RejectedRowSink &rejected)
{
    const auto content = digestOfFile(file, progress);
    if (!content)
        return content.error();
    std::error_code ignored;
    const std::string source = std::filesystem::absolute(file, ignored).string();
    auto run = ImportRun::begin(session, mode, "metrics", source, content->text());
    if (!run)
        return run.error();
    // Looked up behind the ledger's lock, so that two programs cannot both find the file unknown.
    store::Statements sql(session.connection());
    const auto earlier = sql.integer("SELECT no FROM import WHERE content = ? AND kind = 'metrics' AND undone_by IS NULL", content->text());
    if (!sql.ok())
        return sql.status().error();
    if (earlier) {
        (*run)->outcome().alreadyImported = "I-" + std::to_string(*earlier);
        return std::move((*run)->outcome());
    }
    MetricsImport import(session, **run, rejected);
    const auto summary = importers::readMetricsFile(file, [&](const importers::MetricRow &row) { return import.take(row); },
                                                    [&](const importers::RejectedRow &row) { import.reject(row); }, progress);
    if (!summary && summary.error().kind == ErrorKind::Cancelled)
        return cancelled();
    if (!summary)
        return summary.error();
    (*run)->outcome().description = summary->format;
    for (const auto &column : summary->ignoredColumns)
        (*run)->outcome().notes.push_back("The column \"" + text::visible(column) + "\" is not one of ours and was passed over.");
    if (progress.isCancelled())
        return cancelled();
    progress(0, 0, "writing");
    return (*run)->finish();
}

} // namespace

Result<ImportOutcome> previewMetrics(Session &session, const std::filesystem::path &file, const Progress &progress)
{
    return importFile(session, Journal::Mode::Rehearse, file, progress, {});
}

Result<ImportOutcome> importMetrics(Session &session, const std::filesystem::path &file, const Progress &progress, const importers::RejectedRowSink &rejected)
{
    return importFile(session, Journal::Mode::Write, file, progress, rejected);
}

} // namespace countersign::services
