#include "models/predictions/mapping/mapping.h"

#include "models/base/json.h"
#include "models/base/number.h"
#include "models/base/text.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <set>

namespace countersign::predictions {

namespace {

constexpr std::string_view kSchema = "countersign-mapping-1";
constexpr std::size_t kMaxColumnsMapped = 1000;

constexpr std::array<std::pair<std::string_view, Task>, 3> kTasks{{
    {"binary", Task::Binary}, {"multiclass", Task::Multiclass}, {"regression", Task::Regression}}};
constexpr std::array<std::pair<std::string_view, TimeFormat>, 4> kTimeFormats{{
    {"auto", TimeFormat::Auto}, {"iso", TimeFormat::Iso},
    {"epoch_seconds", TimeFormat::EpochSeconds}, {"epoch_milliseconds", TimeFormat::EpochMilliseconds}}};

template<class Table, class Value>
std::string_view nameIn(const Table &table, Value value)
{
    for (const auto &[name, entry] : table)
        if (entry == value)
            return name;
    return "";
}

Error invalid(std::string message, std::string path) { return {ErrorKind::Invalid, std::move(message), std::move(path)}; }

// ---- writing

json::Array textArray(const std::vector<std::string> &texts)
{
    json::Array array;
    for (const auto &text : texts)
        array.emplace_back(text);
    return array;
}

json::Object valuesObject(const BinaryValues &values)
{
    json::Object object;
    if (!values.positive.empty())
        object.set("positive", textArray(values.positive));
    if (!values.negative.empty())
        object.set("negative", textArray(values.negative));
    return object;
}

json::Object dialectObject(const DialectChoice &dialect)
{
    json::Object object;
    if (dialect.format)
        object.set("format", *dialect.format == Format::Csv ? "csv" : "json_lines");
    if (dialect.delimiter)
        object.set("delimiter", std::string(1, *dialect.delimiter));
    if (dialect.decimal)
        object.set("decimal", std::string(1, *dialect.decimal));
    if (dialect.hasHeader)
        object.set("header", *dialect.hasHeader);
    return object;
}

json::Array attributesArray(const std::vector<AttributeMapping> &attributes)
{
    json::Array array;
    for (const auto &attribute : attributes) {
        json::Object object{{"column", attribute.column}};
        if (attribute.name != attribute.column)
            object.set("name", attribute.name);
        json::Array edges;
        for (const double edge : attribute.bands.edges())
            edges.emplace_back(json::Number{number::ecmaScript(edge)});
        if (!edges.empty())
            object.set("edges", std::move(edges));
        array.emplace_back(std::move(object));
    }
    return array;
}

// ---- reading

/// The members of one object, each asked for once; what nobody asked for is an error.
class Members
{
public:
    Members(const json::Object &object, std::string path) : m_object(object), m_path(std::move(path)) {}

    const json::Value *take(std::string_view key)
    {
        const json::Value *value = m_object.find(key);
        if (value)
            m_taken.insert(std::string(key));
        return value;
    }
    std::string path(std::string_view key) const { return m_path + "." + std::string(key); }

    Status text(std::string_view key, std::string &to)
    {
        const json::Value *value = take(key);
        if (!value)
            return {};
        if (!value->string())
            return invalid("A text is expected here.", path(key));
        to = *value->string();
        return {};
    }
    Status texts(std::string_view key, std::vector<std::string> &to)
    {
        const json::Value *value = take(key);
        if (!value)
            return {};
        if (!value->array() || value->array()->size() > kMaxColumnsMapped)
            return invalid("A list of texts is expected here.", path(key));
        to.clear();
        for (const auto &entry : *value->array()) {
            if (!entry.string())
                return invalid("A list of texts is expected here.", path(key));
            to.push_back(*entry.string());
        }
        return {};
    }
    template<class Table, class Value>
    Status choice(std::string_view key, const Table &table, Value &to)
    {
        std::string word;
        const auto read = text(key, word);
        if (!read || word.empty())
            return read;
        for (const auto &[name, value] : table)
            if (name == word) {
                to = value;
                return {};
            }
        return invalid("\"" + word.substr(0, 40) + "\" is not known here.", path(key));
    }
    /// Calls read(object, path) for every object of a list.
    template<class Read>
    Status objects(std::string_view key, const Read &read)
    {
        const json::Value *value = take(key);
        if (!value)
            return {};
        if (!value->array() || value->array()->size() > kMaxColumnsMapped)
            return invalid("A list of objects is expected here.", path(key));
        std::size_t index = 0;
        for (const auto &entry : *value->array()) {
            const std::string at = path(key) + "[" + std::to_string(index++) + "]";
            if (!entry.object())
                return invalid("An object is expected here.", at);
            Members members(*entry.object(), at);
            auto done = read(members);
            if (done)
                done = members.finish();
            if (!done)
                return done;
        }
        return {};
    }
    Status object(std::string_view key, const std::function<Status(Members &)> &read)
    {
        const json::Value *value = take(key);
        if (!value)
            return {};
        if (!value->object())
            return invalid("An object is expected here.", path(key));
        Members members(*value->object(), path(key));
        const auto done = read(members);
        return done ? members.finish() : done;
    }
    Status finish() const
    {
        for (const auto &[key, value] : m_object.members())
            if (!m_taken.contains(key))
                return invalid("\"" + text::visible(key.substr(0, 40)) + "\" is not known here.", m_path);
        return {};
    }

private:
    const json::Object &m_object;
    std::string m_path;
    std::set<std::string> m_taken;
};

/// The first of several steps that fails.
template<class... Steps>
Status inOrder(const Steps &...steps)
{
    Status status;
    (void)((status = steps(), bool(status)) && ...);
    return status;
}

Status readValues(Members &members, BinaryValues &values)
{
    return inOrder([&] { return members.texts("positive", values.positive); },
                   [&] { return members.texts("negative", values.negative); });
}

Status readCharacter(Members &members, std::string_view key, std::string_view allowed, std::optional<char> &to)
{
    std::string text;
    const auto read = members.text(key, text);
    if (!read || text.empty())
        return read;
    if (text.size() != 1 || allowed.find(text[0]) == std::string_view::npos)
        return invalid("This has to be one of the characters " + std::string(allowed == ",;\t|" ? ", ; tab |" : ". ,") + ".", members.path(key));
    to = text[0];
    return {};
}

Status readDialect(Members &members, DialectChoice &dialect)
{
    constexpr std::array<std::pair<std::string_view, Format>, 2> formats{{{"csv", Format::Csv}, {"json_lines", Format::JsonLines}}};
    const auto readHeader = [&]() -> Status {
        const json::Value *header = members.take("header");
        if (header && !header->boolean())
            return invalid("true or false is expected here.", members.path("header"));
        if (header)
            dialect.hasHeader = *header->boolean();
        return {};
    };
    return inOrder(
        [&]() -> Status {
            std::optional<Format> format;
            const auto read = members.choice("format", formats, format);
            dialect.format = format;
            return read;
        },
        [&] { return readCharacter(members, "delimiter", ",;\t|", dialect.delimiter); },
        [&] { return readCharacter(members, "decimal", ".,", dialect.decimal); }, readHeader);
}

Status readAttribute(Members &members, std::vector<AttributeMapping> &attributes)
{
    AttributeMapping attribute;
    const auto read = inOrder([&] { return members.text("column", attribute.column); }, [&] { return members.text("name", attribute.name); });
    if (!read)
        return read;
    if (attribute.name.empty())
        attribute.name = attribute.column;
    if (const json::Value *edges = members.take("edges")) {
        std::vector<double> values;
        for (const auto &edge : edges->array() ? *edges->array() : json::Array{nullptr}) {
            const auto value = edge.real();
            if (!value)
                return invalid("A list of numbers is expected here.", members.path("edges"));
            values.push_back(*value);
        }
        auto bands = Bands::make(std::move(values));
        if (!bands)
            return bands.error().in(members.path("edges"));
        attribute.bands = *std::move(bands);
    }
    attributes.push_back(std::move(attribute));
    return {};
}

Status readFeature(Members &members, std::vector<FeatureMapping> &features)
{
    constexpr std::array<std::pair<std::string_view, bool>, 2> kinds{{{"number", true}, {"category", false}}};
    FeatureMapping feature;
    const auto read = inOrder([&] { return members.text("column", feature.column); },
                              [&] { return members.choice("kind", kinds, feature.isNumber); });
    features.push_back(std::move(feature));
    return read;
}

Status readClassScore(Members &members, std::vector<ClassScore> &scores)
{
    ClassScore score;
    const auto read = inOrder([&] { return members.text("class", score.className); }, [&] { return members.text("column", score.column); });
    scores.push_back(std::move(score));
    return read;
}

Status readMembers(Members &members, Mapping &mapping)
{
    std::string schema;
    const auto text = [&members](std::string_view key, std::string &to) { return [&members, key, &to] { return members.text(key, to); }; };
    return inOrder(
        text("schema", schema),
        [&]() -> Status {
            return schema == kSchema ? Status() : Error{ErrorKind::Unsupported, "The mapping's schema is not " + std::string(kSchema) + ".", "$.schema"};
        },
        [&] { return members.choice("task", kTasks, mapping.task); },
        [&] { return members.choice("timeFormat", kTimeFormats, mapping.timeFormat); },
        text("label", mapping.label), text("score", mapping.score), text("prediction", mapping.prediction), text("time", mapping.time),
        text("labelTime", mapping.labelTime), text("weight", mapping.weight), [&] { return members.texts("missing", mapping.missing); },
        [&] { return members.object("labelValues", [&](Members &m) { return readValues(m, mapping.labelValues); }); },
        [&] { return members.object("predictionValues", [&](Members &m) { return readValues(m, mapping.predictionValues); }); },
        [&] { return members.object("dialect", [&](Members &m) { return readDialect(m, mapping.dialect); }); },
        [&] { return members.objects("classScores", [&](Members &m) { return readClassScore(m, mapping.classScores); }); },
        [&] { return members.objects("attributes", [&](Members &m) { return readAttribute(m, mapping.attributes); }); },
        [&] { return members.objects("features", [&](Members &m) { return readFeature(m, mapping.features); }); },
        [&] { return members.finish(); });
}

Status checkValues(const BinaryValues &values, const char *what)
{
    for (const auto &value : values.positive)
        if (std::ranges::find(values.negative, value) != values.negative.end())
            return invalid("The value \"" + value.substr(0, 40) + "\" is both positive and negative.", what);
    return {};
}

} // namespace

std::vector<std::string> defaultMissing() { return {"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "<NA>"}; }

std::string_view taskName(Task task) { return nameIn(kTasks, task); }

std::optional<Task> taskNamed(std::string_view name)
{
    const auto found = std::ranges::find(kTasks, name, &std::pair<std::string_view, Task>::first);
    return found == kTasks.end() ? std::nullopt : std::optional(found->second);
}

Status Mapping::check() const
{
    if (label.empty() && score.empty() && prediction.empty() && classScores.empty() && features.empty())
        return invalid("The mapping names no column to measure. Name at least the label, the score or the prediction.", {});
    if (task == Task::Binary && !label.empty() && labelValues.positive.empty())
        return invalid("Say which value of the label is the positive one.", "labelValues");
    if (task == Task::Binary && !prediction.empty() && labelValues.positive.empty() && predictionValues.positive.empty())
        return invalid("Say which value of the prediction is the positive one.", "predictionValues");
    if (!labelTime.empty() && (time.empty() || label.empty()))
        return invalid("The time of the label needs the label and the time of the prediction, which it is counted from.", "labelTime");
    std::set<std::string> names;
    for (const auto &attribute : attributes)
        if (attribute.column.empty() || !names.insert(attribute.name).second)
            return invalid("The attribute \"" + attribute.name.substr(0, 60) + "\" is named twice, or has no column.", "attributes");
    names.clear();
    for (const auto &feature : features)
        if (feature.column.empty() || !names.insert(feature.column).second)
            return invalid("The feature \"" + feature.column.substr(0, 60) + "\" is named twice, or has no column.", "features");
    names.clear();
    for (const auto &classScore : classScores)
        if (classScore.column.empty() || !names.insert(classScore.className).second)
            return invalid("The class \"" + classScore.className.substr(0, 60) + "\" is named twice, or has no column.", "classScores");
    return inOrder([&] { return checkValues(labelValues, "labelValues"); }, [&] { return checkValues(predictionValues, "predictionValues"); });
}

Bytes writeMapping(const Mapping &mapping)
{
    json::Object root{{"schema", kSchema}, {"task", taskName(mapping.task)}};
    const auto setText = [&root](const char *key, const std::string &value) {
        if (!value.empty())
            root.set(key, value);
    };
    setText("label", mapping.label);
    setText("score", mapping.score);
    setText("prediction", mapping.prediction);
    setText("time", mapping.time);
    setText("labelTime", mapping.labelTime);
    setText("weight", mapping.weight);
    if (mapping.timeFormat != TimeFormat::Auto)
        root.set("timeFormat", nameIn(kTimeFormats, mapping.timeFormat));
    const auto setObject = [&root](const char *key, json::Object object) {
        if (!object.isEmpty())
            root.set(key, std::move(object));
    };
    setObject("labelValues", valuesObject(mapping.labelValues));
    setObject("predictionValues", valuesObject(mapping.predictionValues));
    setObject("dialect", dialectObject(mapping.dialect));
    const auto setArray = [&root](const char *key, json::Array array) {
        if (!array.empty())
            root.set(key, std::move(array));
    };
    json::Array classScores;
    for (const auto &score : mapping.classScores)
        classScores.emplace_back(json::Object{{"class", score.className}, {"column", score.column}});
    setArray("classScores", std::move(classScores));
    setArray("attributes", attributesArray(mapping.attributes));
    json::Array features;
    for (const auto &feature : mapping.features)
        features.emplace_back(json::Object{{"column", feature.column}, {"kind", feature.isNumber ? "number" : "category"}});
    setArray("features", std::move(features));
    if (mapping.missing != defaultMissing())
        root.set("missing", textArray(mapping.missing));
    auto text = json::canonical(root);
    if (!text)
        std::abort(); // every number above is finite, which Bands::make checked
    return *std::move(text);
}

Result<Mapping> readMapping(BytesView text)
{
    const auto parsed = json::parse(text, {.depth = 8, .bytes = 1U << 20, .members = 100'000});
    if (!parsed)
        return parsed.error();
    if (!parsed->object())
        return invalid("A mapping is a JSON object.", "$");
    Mapping mapping;
    Members members(*parsed->object(), "$");
    auto read = readMembers(members, mapping);
    if (read)
        read = mapping.check();
    if (!read)
        return read.error();
    return mapping;
}

} // namespace countersign::predictions
