#include "oracle.h"

#include <QCryptographicHash>
#include <QProcess>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <set>

namespace countersign::importers {

namespace {

/// As Python writes a float: the canonical content was made there.
std::string pythonFloat(double value)
{
    if (std::isnan(value))
        return "NaN";
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::abs(value), std::chars_format::scientific).ptr;
    const std::string text(buffer, end);
    const std::size_t mark = text.find('e');
    const int exponent = std::stoi(text.substr(mark + 1));
    const std::string sign = std::signbit(value) ? "-" : "";
    if (exponent < -4 || exponent >= 16) {
        char digits[16];
        std::snprintf(digits, sizeof digits, "%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
        return sign + text.substr(0, mark) + "e" + digits;
    }
    const auto fixedEnd = std::to_chars(buffer, buffer + sizeof buffer, std::abs(value), std::chars_format::fixed).ptr;
    std::string fixed(buffer, fixedEnd);
    if (fixed.find('.') == std::string::npos)
        fixed += ".0";
    return sign + fixed;
}

/// The digest that canonical.py writes of a history: of [[step, time, "value"], …] sorted by step, time and text.
std::string historyDigest(const std::vector<Point> &points)
{
    std::set<std::tuple<std::int64_t, std::int64_t, std::string>> rows;
    for (const Point &point : points)
        rows.emplace(point.step, toMillis(point.time), pythonFloat(point.value));
    std::string text = "[";
    for (const auto &[step, time, value] : rows)
        text += (text.size() > 1 ? ", [" : "[") + std::to_string(step) + ", " + std::to_string(time) + ", \"" + value + "\"]";
    text += "]";
    return QCryptographicHash::hash(QByteArray::fromStdString(text), QCryptographicHash::Sha256).toHex().left(16).toStdString();
}

class Differences
{
public:
    std::vector<std::string> found;

    template<class T>
    void same(const std::string &what, const T &got, const T &expected)
    {
        if (got != expected)
            found.push_back(what + ": got " + shown(got) + ", expected " + shown(expected));
    }

private:
    static std::string shown(const std::string &text) { return "\"" + text.substr(0, 120) + "\""; }
    static std::string shown(std::int64_t number) { return std::to_string(number); }
    static std::string shown(std::size_t number) { return std::to_string(number); }
    static std::string shown(bool flag) { return flag ? "true" : "false"; }
    static std::string shown(const std::vector<Tag> &tags)
    {
        std::string text = std::to_string(tags.size()) + ":";
        for (const Tag &tag : tags)
            text += " " + tag.first + "=" + tag.second.substr(0, 30);
        return text.substr(0, 400);
    }
};

std::vector<Tag> pairsOf(const json::Value *object)
{
    std::vector<Tag> pairs;
    if (!object || !object->object())
        return pairs;
    for (const auto &[key, value] : object->object()->members())
        pairs.emplace_back(key, value.string() ? *value.string() : value.number() ? value.number()->lexeme : std::string());
    std::ranges::sort(pairs);
    return pairs;
}

std::int64_t millisOf(const std::optional<Instant> &time) { return time ? toMillis(*time) : 0; }

void compareVersion(Differences &differ, const std::string &where, const SourceVersion &got, const json::Value &expected, const Generation &generation)
{
    differ.same(where + " stage", got.stage, expected.textOr("stage", ""));
    differ.same(where + " status", got.status, expected.textOr("status", ""));
    differ.same(where + " source", got.artifactUri, expected.textOr("source", ""));
    differ.same(where + " run", got.runId, expected.textOr("run_id", ""));
    differ.same(where + " description", got.description, expected.textOr("description", ""));
    differ.same(where + " created", toMillis(got.createdAt), expected.integerOr("created", -1));
    differ.same(where + " updated", toMillis(got.updatedAt), expected.integerOr("updated", -1));
    if (generation.hasModelTags)
        differ.same(where + " tags", got.tags, pairsOf(expected.find("tags")));
}

void compareModel(Differences &differ, const SourceModel &got, const json::Value &expected, const Generation &generation)
{
    const std::string where = "model " + got.name;
    differ.same(where + " name", got.name, expected.textOr("name", ""));
    differ.same(where + " description", got.description, expected.textOr("description", ""));
    differ.same(where + " created", toMillis(got.createdAt), expected.integerOr("created", -1));
    differ.same(where + " updated", toMillis(got.updatedAt), expected.integerOr("updated", -1));
    if (generation.hasModelTags)
        differ.same(where + " tags", got.tags, pairsOf(expected.find("tags")));
    if (generation.hasAliases)
        differ.same(where + " aliases", got.aliases, pairsOf(expected.find("aliases")));
    const json::Array &versions = *expected.find("versions")->array();
    differ.same(where + " versions", got.versions.size(), versions.size());
    for (std::size_t i = 0; i < std::min(got.versions.size(), versions.size()); ++i) {
        differ.same(where + " version", got.versions[i].label, std::to_string(versions[i].integerOr("version", -1)));
        compareVersion(differ, where + "/" + got.versions[i].label, got.versions[i], versions[i], generation);
    }
}

void compareRun(Differences &differ, const SourceRun &got, const json::Value &expected)
{
    const std::string where = "run " + got.id;
    differ.same(where + " experiment", got.experimentId, expected.textOr("experiment", ""));
    differ.same(where + " name", got.name, expected.textOr("name", ""));
    differ.same(where + " status", got.status, expected.textOr("status", ""));
    differ.same(where + " start", millisOf(got.startedAt), expected.integerOr("start", -1));
    differ.same(where + " end", millisOf(got.endedAt), expected.integerOr("end", -1));
    differ.same(where + " deleted", got.isDeleted, expected.textOr("stage", "") == "deleted");
    differ.same(where + " user", got.user, expected.textOr("user", ""));
    differ.same(where + " artifacts", got.artifactUri, expected.textOr("artifact_uri", ""));
    differ.same(where + " parameters", got.parameters, pairsOf(expected.find("params")));
    differ.same(where + " tags", got.tags, pairsOf(expected.find("tags")));
}

void compareHistories(Differences &differ, const Content &content, const std::string &run, const json::Value &expected)
{
    for (const auto &[metric, history] : expected.object()->members()) {
        const auto got = content.histories.find({run, metric});
        if (got == content.histories.end()) {
            differ.found.push_back("history " + run + " " + metric + " is missing");
            continue;
        }
        differ.same("points of " + run + " " + metric, static_cast<std::int64_t>(got->second.size()), history.integerOr("n", -1));
        differ.same("digest of " + run + " " + metric, historyDigest(got->second), history.textOr("sha", ""));
    }
}

} // namespace

Result<Content> readAll(Registry &registry)
{
    auto inventory = registry.readInventory({});
    if (!inventory)
        return inventory.error();
    Content content;
    content.inventory = std::move(*inventory);
    const auto read = registry.readHistories(
        content.inventory,
        [&content](const SourceRun &run, const std::string &metric, const std::vector<Point> &points) -> Status {
            if (!content.histories.emplace(std::pair(run.id, metric), points).second)
                return Error{ErrorKind::Conflict, "A history came twice: " + run.id + " " + metric, {}};
            return {};
        },
        {});
    if (!read)
        return read.error();
    return content;
}

std::vector<std::string> differences(const Content &content, const json::Value &expected, const Generation &generation)
{
    Differences differ;
    const Inventory &inventory = content.inventory;
    const json::Array &models = *expected.find("models")->array();
    differ.same("models", inventory.models.size(), models.size());
    for (std::size_t i = 0; i < std::min(models.size(), inventory.models.size()); ++i)
        compareModel(differ, inventory.models[i], models[i], generation);

    std::size_t runs = 0;
    std::size_t histories = 0;
    for (const auto &[id, run] : expected.find("runs")->object()->members()) {
        if (!generation.hasKilledRuns && run.textOr("status", "") == "KILLED")
            continue;
        ++runs;
        const auto got = std::ranges::find(inventory.runs, id, &SourceRun::id);
        if (got == inventory.runs.end()) {
            differ.found.push_back("run " + id + " is missing");
            continue;
        }
        compareRun(differ, *got, run);
        const json::Value &history = *run.find("history");
        differ.same("metrics of " + id, got->metrics.size(), history.object()->size());
        histories += history.object()->size();
        compareHistories(differ, content, id, history);
    }
    differ.same("runs", inventory.runs.size(), runs);
    if (generation.hasKilledRuns)
        differ.same("histories", content.histories.size(), histories);
    return differ.found;
}

std::vector<std::string> differences(const Inventory &first, const Inventory &second)
{
    Differences differ;
    differ.same("models", first.models.size(), second.models.size());
    for (std::size_t i = 0; i < std::min(first.models.size(), second.models.size()); ++i) {
        const SourceModel &a = first.models[i];
        const SourceModel &b = second.models[i];
        const std::string where = "model " + a.name;
        differ.same(where, a.workspace + "/" + a.name + "\n" + a.description, b.workspace + "/" + b.name + "\n" + b.description);
        differ.same(where + " times", std::to_string(toMillis(a.createdAt)) + " " + std::to_string(toMillis(a.updatedAt)),
                    std::to_string(toMillis(b.createdAt)) + " " + std::to_string(toMillis(b.updatedAt)));
        differ.same(where + " tags", a.tags, b.tags);
        differ.same(where + " aliases", a.aliases, b.aliases);
        differ.same(where + " versions", a.versions.size(), b.versions.size());
        for (std::size_t v = 0; v < std::min(a.versions.size(), b.versions.size()); ++v) {
            const auto text = [](const SourceVersion &version) {
                return version.label + "|" + version.stage + "|" + version.status + "|" + version.artifactUri + "|" + version.runId + "|" + version.createdBy + "|"
                       + std::to_string(toMillis(version.createdAt)) + "|" + std::to_string(toMillis(version.updatedAt)) + "|" + version.description;
            };
            differ.same(where + " version", text(a.versions[v]), text(b.versions[v]));
            differ.same(where + " version tags", a.versions[v].tags, b.versions[v].tags);
        }
    }
    differ.same("runs", first.runs.size(), second.runs.size());
    for (std::size_t i = 0; i < std::min(first.runs.size(), second.runs.size()); ++i) {
        const auto text = [](const SourceRun &run) {
            return run.id + "|" + run.experimentId + "|" + run.experiment + "|" + run.workspace + "|" + run.name + "|" + run.status + "|" + (run.isDeleted ? "x" : "") + "|"
                   + run.user + "|" + run.artifactUri + "|" + std::to_string(millisOf(run.startedAt)) + "|" + std::to_string(millisOf(run.endedAt));
        };
        differ.same("run", text(first.runs[i]), text(second.runs[i]));
        differ.same("run parameters", first.runs[i].parameters, second.runs[i].parameters);
        differ.same("run tags", first.runs[i].tags, second.runs[i].tags);
        std::string metrics[2];
        for (const std::string &metric : first.runs[i].metrics)
            metrics[0] += metric + "\n";
        for (const std::string &metric : second.runs[i].metrics)
            metrics[1] += metric + "\n";
        differ.same("run metrics of " + first.runs[i].id, metrics[0], metrics[1]);
    }
    return differ.found;
}

Result<json::Value> loadExpected(const std::filesystem::path &file)
{
    std::ifstream stream(file, std::ios::binary);
    return json::parse(std::string(std::istreambuf_iterator<char>(stream), {}));
}

bool unpack(const std::filesystem::path &packed, const std::filesystem::path &to)
{
    if (!std::filesystem::exists(packed))
        return false;
    QProcess zcat;
    zcat.setStandardOutputFile(QString::fromStdString(to.string()));
    zcat.start(QStringLiteral("zcat"), {QString::fromStdString(packed.string())});
    return zcat.waitForFinished(60'000) && zcat.exitCode() == 0;
}

} // namespace countersign::importers
