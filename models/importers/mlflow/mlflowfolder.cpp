#include "models/importers/mlflow/mlflowfolder.h"

#include "models/base/number.h"
#include "models/importers/csv.h"
#include "models/importers/mlflow/flatyaml.h"
#include "models/importers/mlflow/inventorybuilder.h"
#include "models/importers/mlflow/storefolder.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <system_error>
#include <unordered_map>

namespace countersign::importers {

namespace {

namespace fs = std::filesystem;
using Meta = std::map<std::string, std::string>;

constexpr std::string_view kMeta = "meta.yaml";
constexpr std::string_view kTrash = ".trash";
constexpr std::string_view kModels = "models";

std::string value(const Meta &meta, const std::string &key)
{
    const auto found = meta.find(key);
    return found == meta.end() ? std::string() : found->second;
}

std::int64_t integer(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    return code == std::errc() && end == text.data() + text.size() ? number : 0;
}

std::optional<Instant> instantOrNone(const std::string &text)
{
    const std::int64_t milliseconds = integer(text);
    if (milliseconds == 0)
        return {};
    return InventoryBuilder::instant(milliseconds);
}

/// What a file says, without the line end that an editor may have put behind it.
std::string withoutLineEnd(std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    return text;
}

class MlflowFolder final : public Registry
{
public:
    explicit MlflowFolder(fs::path root) : m_root(std::move(root)) {}

    std::string uri() const override { return m_root.string(); }
    Result<Inventory> readInventory(const Progress &progress) override;
    Status readHistories(const Inventory &inventory, const HistorySink &sink, const Progress &progress) override;

private:
    struct Experiment {
        fs::path folder;
        bool isDeleted = false;
    };
    std::vector<Experiment> experiments(StoreFolder &store) const;

    fs::path m_root;
};

/// Reads a store into a builder.
class FolderReader
{
public:
    FolderReader(StoreFolder &store, InventoryBuilder &builder) : m_store(store), m_builder(builder) {}

    void readModel(const fs::path &folder);
    void readExperiment(const fs::path &folder, bool isDeleted);

private:
    void readVersion(const fs::path &folder, SourceModel &model);
    void readRun(const fs::path &folder, const std::string &experimentId, const std::string &experiment, bool isDeleted);
    std::optional<Meta> readMeta(const fs::path &folder);
    std::vector<Tag> readPairs(const fs::path &folder, bool areLines);

    StoreFolder &m_store;
    InventoryBuilder &m_builder;
};

std::optional<Meta> FolderReader::readMeta(const fs::path &folder)
{
    const auto bytes = m_store.read(folder / kMeta);
    if (!bytes)
        return {};
    auto meta = parseFlatYaml(*bytes);
    if (!meta) {
        m_store.refuse();
        return {};
    }
    for (auto &[key, text] : *meta)
        text = m_builder.text(text);
    return std::move(*meta);
}

std::vector<Tag> FolderReader::readPairs(const fs::path &folder, bool areLines)
{
    std::vector<Tag> pairs;
    for (const auto &[name, file] : m_store.files(folder)) {
        if (auto text = m_store.read(file))
            pairs.emplace_back(m_builder.text(name), m_builder.text(areLines ? withoutLineEnd(std::move(*text)) : *text));
    }
    return pairs;
}

void FolderReader::readVersion(const fs::path &folder, SourceModel &model)
{
    const auto meta = readMeta(folder);
    if (!meta)
        return;
    SourceVersion version;
    version.label = value(*meta, "version");
    version.stage = value(*meta, "current_stage");
    if (InventoryBuilder::isDeletedVersion(version.stage))
        return m_builder.countDeletedVersion();
    if (version.label.empty())
        version.label = m_builder.text(folder.filename().string().substr(std::string_view("version-").size()));
    version.description = value(*meta, "description");
    version.status = value(*meta, "status");
    version.artifactUri = value(*meta, "source");
    version.runId = value(*meta, "run_id");
    version.createdBy = value(*meta, "user_id");
    version.createdAt = InventoryBuilder::instant(integer(value(*meta, "creation_timestamp")));
    version.updatedAt = InventoryBuilder::instant(integer(value(*meta, "last_updated_timestamp")));
    version.tags = readPairs(folder / "tags", false);
    model.versions.push_back(std::move(version));
}

void FolderReader::readModel(const fs::path &folder)
{
    const auto meta = readMeta(folder);
    if (!meta)
        return;
    std::string name = value(*meta, "name");
    if (name.empty())
        name = m_builder.text(folder.filename().string());
    SourceModel &model = m_builder.model({}, name);
    model.description = value(*meta, "description");
    model.createdAt = InventoryBuilder::instant(integer(value(*meta, "creation_timestamp")));
    model.updatedAt = InventoryBuilder::instant(integer(value(*meta, "last_updated_timestamp")));
    model.tags = readPairs(folder / "tags", false);
    model.aliases = readPairs(folder / "aliases", true);
    for (const fs::path &inside : m_store.folders(folder)) {
        if (inside.filename().string().starts_with("version-"))
            readVersion(inside, model);
    }
}

void FolderReader::readRun(const fs::path &folder, const std::string &experimentId, const std::string &experiment, bool isDeleted)
{
    const auto meta = readMeta(folder);
    if (!meta || !(meta->contains("run_id") || meta->contains("run_uuid")))
        return; // traces, logged models and data sets lie beside the runs
    SourceRun &run = m_builder.run(m_builder.text(folder.filename().string()));
    run.experimentId = experimentId;
    run.experiment = experiment;
    run.name = value(*meta, "run_name");
    run.status = runStatus(value(*meta, "status"));
    run.isDeleted = isDeleted || value(*meta, "lifecycle_stage") == "deleted";
    run.user = value(*meta, "user_id");
    run.artifactUri = value(*meta, "artifact_uri");
    run.startedAt = instantOrNone(value(*meta, "start_time"));
    run.endedAt = instantOrNone(value(*meta, "end_time"));
    run.parameters = readPairs(folder / "params", false);
    run.tags = readPairs(folder / "tags", false);
    const auto name = std::ranges::find(run.tags, "mlflow.runName", &Tag::first);
    if (run.name.empty() && name != run.tags.end()) // before MLflow 2 the name was only a tag
        run.name = name->second;
    for (const auto &[metric, file] : m_store.files(folder / "metrics"))
        run.metrics.push_back(m_builder.text(metric));
}

void FolderReader::readExperiment(const fs::path &folder, bool isDeleted)
{
    const auto meta = readMeta(folder);
    if (!meta || !meta->contains("experiment_id"))
        return;
    const std::string id = value(*meta, "experiment_id");
    const bool isGone = isDeleted || value(*meta, "lifecycle_stage") == "deleted";
    for (const fs::path &inside : m_store.folders(folder))
        readRun(inside, id, value(*meta, "name"), isGone);
}

std::vector<MlflowFolder::Experiment> MlflowFolder::experiments(StoreFolder &store) const
{
    std::vector<Experiment> found;
    for (const fs::path &folder : store.folders(m_root)) {
        if (folder.filename() != kTrash && folder.filename() != kModels)
            found.push_back({folder, false});
    }
    for (const fs::path &folder : store.folders(m_root / kTrash))
        found.push_back({folder, true});
    return found;
}

Result<Inventory> MlflowFolder::readInventory(const Progress &progress)
{
    StoreFolder store;
    InventoryBuilder builder;
    FolderReader reader(store, builder);
    const Error stopped{ErrorKind::Cancelled, "Reading the folder was stopped.", {}};
    progress(0, 0, "reading models");
    for (const fs::path &folder : store.folders(m_root / kModels)) {
        if (progress.isCancelled())
            return stopped;
        reader.readModel(folder);
    }
    const auto all = experiments(store);
    for (std::size_t i = 0; i < all.size(); ++i) {
        progress(i, all.size(), "reading runs");
        if (progress.isCancelled())
            return stopped;
        reader.readExperiment(all[i].folder, all[i].isDeleted);
    }
    if (store.linksPassed())
        builder.note(std::to_string(store.linksPassed()) + " symbolic links were not followed.");
    if (store.filesRefused())
        builder.note(std::to_string(store.filesRefused()) + " files or folders were left out: too large, broken or not readable.");
    return builder.finish("MLflow folder");
}

/// "timestamp value step", where the oldest releases have no step and the newest name a data set behind it.
Result<Point> parsePoint(std::string_view line)
{
    std::string_view parts[3];
    for (std::string_view &part : parts) {
        const std::size_t end = std::min(line.find(' '), line.size());
        part = line.substr(0, end);
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    std::int64_t numbers[2] = {0, 0}; // time and step
    for (const int i : {0, 1}) {
        const std::string_view text = parts[i * 2];
        const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), numbers[i]);
        const bool isStepless = i == 1 && text.empty();
        if (!isStepless && (code != std::errc() || end != text.data() + text.size()))
            return Error{ErrorKind::Invalid, "The line is not made of time, value and step.", {}};
    }
    const auto number = number::parse(parts[1]);
    if (!number)
        return number.error();
    return Point{numbers[1], InventoryBuilder::instant(numbers[0]), *number};
}

Result<std::vector<Point>> readMetricFile(const fs::path &file, const Progress &progress)
{
    auto source = TextSource::open(file);
    if (!source)
        return source.error();
    LineReader reader(std::move(*source));
    std::vector<Point> points;
    for (;;) {
        const auto more = reader.next(progress);
        if (!more)
            return more.error();
        if (!*more)
            break;
        if (reader.text().empty())
            continue;
        const auto point = reader.isTooLong() ? Result<Point>(Error{ErrorKind::Invalid, "The line is too long.", {}}) : parsePoint(reader.text());
        if (!point)
            return point.error().in("line " + std::to_string(reader.line())).in(file.string());
        points.push_back(*point);
        if (points.size() % 16'384 == 0 && progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Reading the folder was stopped.", {}};
    }
    sortPoints(points);
    return points;
}

Status MlflowFolder::readHistories(const Inventory &inventory, const HistorySink &sink, const Progress &progress)
{
    StoreFolder store;
    InventoryBuilder cleaner;
    std::unordered_map<std::string, fs::path> folders;
    for (const Experiment &experiment : experiments(store)) {
        for (const fs::path &run : store.folders(experiment.folder))
            folders.emplace(cleaner.text(run.filename().string()), run);
    }
    std::uint64_t done = 0;
    for (const SourceRun &run : inventory.runs) {
        progress(done++, inventory.runs.size(), "reading metric histories");
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Reading the folder was stopped.", {}};
        const auto folder = folders.find(run.id);
        if (folder == folders.end())
            continue;
        for (const auto &[name, file] : store.files(folder->second / "metrics")) {
            const std::string metric = cleaner.text(name);
            if (!std::ranges::binary_search(run.metrics, metric))
                continue;
            const auto points = readMetricFile(file, progress);
            if (!points)
                return points.error();
            if (points->empty())
                continue;
            if (const auto given = sink(run, metric, *points); !given)
                return given;
        }
    }
    progress(done, inventory.runs.size(), "reading metric histories");
    return {};
}

bool isStore(const fs::path &folder)
{
    StoreFolder store;
    if (StoreFolder::isPlainFolder(folder / kModels))
        return true;
    const auto inside = store.folders(folder);
    return std::ranges::any_of(inside, [&store](const fs::path &experiment) { return store.read(experiment / kMeta).has_value(); });
}

} // namespace

Result<std::unique_ptr<Registry>> openMlflowFolder(const fs::path &folder)
{
    std::error_code error;
    const fs::path root = fs::canonical(folder, error); // the folder itself may be reached through a link; what is in it may not
    if (error)
        return Error{ErrorKind::NotFound, "There is no folder \"" + folder.string() + "\". Check the path.", {}};
    for (const fs::path &candidate : {root / "mlruns", root}) {
        if (StoreFolder::isPlainFolder(candidate) && isStore(candidate))
            return std::unique_ptr<Registry>(std::make_unique<MlflowFolder>(candidate));
    }
    return Error{ErrorKind::Invalid, "This folder is not an MLflow file store. Choose the folder \"mlruns\", which holds experiments with a meta.yaml.", root.string()};
}

} // namespace countersign::importers
