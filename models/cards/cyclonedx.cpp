#include "models/cards/cyclonedx.h"

#include "models/base/text.h"
#include "models/cards/readingjson.h"

#include <algorithm>
#include <array>

namespace countersign::cards {

namespace {

constexpr const char *kModelType = "machine-learning-model";
constexpr std::array<std::string_view, 6> kReadVersions{"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"};

std::vector<std::string> licensesOf(const json::Value &component)
{
    std::vector<std::string> licenses;
    for (const json::Value &item : itemsAt(&component, "licenses")) {
        const json::Value *license = item.find("license");
        std::string text = textAt(license, "id");
        for (const auto &other : {textAt(license, "name"), textAt(&item, "expression")})
            if (text.empty())
                text = other;
        if (!text.empty())
            licenses.push_back(std::move(text));
    }
    return licenses;
}

ModelCard cardOf(const json::Value &component)
{
    const json::Value *card = component.find("modelCard");
    const json::Value *parameters = memberAt(card, "modelParameters");
    const json::Value *considerations = memberAt(card, "considerations");
    ModelCard read;
    read.name = textAt(&component, "name");
    read.version = textAt(&component, "version");
    read.overview = textAt(&component, "description");
    read.licenses = licensesOf(component);
    read.keywords = textsAt(&component, "tags");
    for (const json::Value &author : itemsAt(&component, "authors"))
        if (auto name = textAt(&author, "name"); !name.empty())
            read.owners.push_back(std::move(name));
    read.tasks = textsAt(parameters, "task");
    read.architectures = textsAt(parameters, "modelArchitecture");
    if (read.architectures.empty())
        read.architectures = textsAt(parameters, "architectureFamily");
    read.datasets = textsAt(parameters, "datasets", {"name", "description", "ref"});
    read.inputs = textsAt(parameters, "inputs", {"format"});
    read.outputs = textsAt(parameters, "outputs", {"format"});
    for (const json::Value &item : itemsAt(memberAt(card, "quantitativeAnalysis"), "performanceMetrics")) {
        const json::Value *interval = item.find("confidenceInterval");
        CardMetric metric{textAt(&item, "type"), textAt(&item, "slice"), textAt(&item, "value"), textAt(interval, "lowerBound"), textAt(interval, "upperBound"), {}, {}};
        if (!metric.type.empty() && !metric.value.empty())
            read.metrics.push_back(std::move(metric));
    }
    read.users = textsAt(considerations, "users");
    read.useCases = textsAt(considerations, "useCases");
    read.limitations = textsAt(considerations, "technicalLimitations");
    read.tradeoffs = textsAt(considerations, "performanceTradeoffs");
    for (const json::Value &risk : itemsAt(considerations, "ethicalConsiderations"))
        if (auto name = textAt(&risk, "name"); !name.empty())
            read.risks.push_back({std::move(name), textAt(&risk, "mitigationStrategy")});
    return read;
}

Status readComponent(const json::Value &value, const std::string &path, Bom &bom)
{
    BomComponent component;
    component.type = textAt(&value, "type");
    component.name = textAt(&value, "name");
    if (component.type.empty() || component.name.empty())
        return Error{ErrorKind::Invalid, component.type.empty() ? "A component has no type." : "A component has no name.", path};
    component.group = textAt(&value, "group");
    component.version = textAt(&value, "version");
    component.purl = textAt(&value, "purl");
    component.licenses = licensesOf(value);
    for (const json::Value &hash : itemsAt(&value, "hashes"))
        component.hashes.emplace_back(textAt(&hash, "alg"), textAt(&hash, "content"));
    if (component.type == kModelType && value.find("modelCard"))
        // The same model stands in both places of many documents.
        if (auto card = cardOf(value); std::ranges::find(bom.cards, card) == bom.cards.end())
            bom.cards.push_back(std::move(card));
    bom.components.push_back(std::move(component));
    const auto &parts = itemsAt(&value, "components");
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (const auto status = readComponent(parts[i], path + ".components[" + std::to_string(i) + "]", bom); !status)
            return status;
    return {};
}

// ---- writing

json::Array textArray(const std::vector<std::string> &texts)
{
    json::Array items;
    for (const std::string &text : texts)
        items.emplace_back(text);
    return items;
}

template<class T, class Make>
void setList(json::Object &object, const char *member, const std::vector<T> &items, Make make)
{
    json::Array array;
    for (const T &item : items)
        array.emplace_back(make(item));
    if (!array.empty())
        object.set(member, json::Value(std::move(array)));
}

void setTexts(json::Object &object, const char *member, const std::vector<std::string> &texts)
{
    if (!texts.empty())
        object.set(member, json::Value(textArray(texts)));
}

json::Object hashObject(const BomFile &file) { return {{"alg", "SHA-256"}, {"content", file.sha256}}; }

json::Object metricObject(const CardMetric &metric)
{
    json::Object object{{"type", metric.type}, {"value", metric.value}};
    if (!metric.slice.empty())
        object.set("slice", metric.slice);
    if (!metric.lower.empty() && !metric.upper.empty())
        object.set("confidenceInterval", json::Object{{"lowerBound", metric.lower}, {"upperBound", metric.upper}});
    return object;
}

json::Object modelCard(const ModelCard &card)
{
    json::Object parameters;
    if (!card.tasks.empty())
        parameters.set("task", joined(card.tasks));
    if (!card.architectures.empty())
        parameters.set("modelArchitecture", joined(card.architectures));
    setList(parameters, "datasets", card.datasets, [](const std::string &name) { return json::Object{{"type", "dataset"}, {"name", name}}; });
    const auto format = [](const std::string &text) { return json::Object{{"format", text}}; };
    setList(parameters, "inputs", card.inputs, format);
    setList(parameters, "outputs", card.outputs, format);
    json::Object analysis;
    setList(analysis, "performanceMetrics", card.metrics, metricObject);
    json::Object considerations;
    setTexts(considerations, "users", card.users);
    setTexts(considerations, "useCases", card.useCases);
    setTexts(considerations, "technicalLimitations", card.limitations);
    setTexts(considerations, "performanceTradeoffs", card.tradeoffs);
    setList(considerations, "ethicalConsiderations", card.risks, [](const CardRisk &risk) {
        json::Object object{{"name", risk.name}};
        if (!risk.mitigation.empty())
            object.set("mitigationStrategy", risk.mitigation);
        return object;
    });
    std::vector<CardVerdict> atRisk;
    std::ranges::copy_if(card.verdicts, std::back_inserter(atRisk), [](const CardVerdict &verdict) { return verdict.isBreach && !verdict.slice.empty(); });
    setList(considerations, "fairnessAssessments", atRisk,
            [](const CardVerdict &verdict) { return json::Object{{"groupAtRisk", verdict.slice}, {"harms", verdict.sentence}}; });
    json::Object object;
    for (auto &[name, part] : {std::pair<const char *, json::Object *>{"modelParameters", &parameters}, {"quantitativeAnalysis", &analysis}, {"considerations", &considerations}})
        if (!part->isEmpty())
            object.set(name, std::move(*part));
    return object;
}

/// Whether the text may stand where a reference (RFC 3987) is wanted.
bool isReference(const std::string &text)
{
    constexpr std::string_view forbidden = " <>\"{}|\\^`";
    return !text.empty() && text::isClean(text) && text.find_first_of(forbidden) == std::string::npos;
}

/// The name as a relative reference: everything but letters, digits and "-._~" in percent signs.
std::string encoded(const std::string &name)
{
    constexpr const char *digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("-._~").find(c) != std::string_view::npos)
            out += c;
        else
            out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

json::Object modelComponent(const ModelCard &card, const BomFacts &facts)
{
    json::Object component{{"type", kModelType}, {"bom-ref", facts.reference}, {"name", card.name}};
    if (!card.version.empty())
        component.set("version", card.version);
    if (!card.overview.empty())
        component.set("description", card.overview);
    setList(component, "authors", card.owners, [](const std::string &name) { return json::Object{{"name", name}}; });
    setList(component, "licenses", card.licenses, [](const std::string &name) { return json::Object{{"license", json::Object{{"name", name}}}}; });
    // Hashes of one component are of one thing; several files are told as its parts.
    if (facts.artifacts.size() == 1)
        setList(component, "hashes", facts.artifacts, hashObject);
    else
        setList(component, "components", facts.artifacts, [](const BomFile &file) {
            return json::Object{{"type", "file"}, {"name", file.name}, {"hashes", json::Value(json::Array{json::Value(hashObject(file))})}};
        });
    json::Array references;
    if (isReference(facts.location))
        references.emplace_back(json::Object{{"type", "distribution"}, {"url", facts.location}});
    for (const BomFile &file : facts.evidence)
        references.emplace_back(json::Object{{"type", "evidence"}, {"url", encoded(file.name)}, {"hashes", json::Value(json::Array{json::Value(hashObject(file))})}});
    for (const std::string &reference : card.references)
        if (isReference(reference))
            references.emplace_back(json::Object{{"type", "documentation"}, {"url", reference}});
    if (!references.empty())
        component.set("externalReferences", json::Value(std::move(references)));
    component.set("modelCard", modelCard(card));
    setList(component, "properties", facts.properties, [](const std::pair<std::string, std::string> &property) {
        return json::Object{{"name", property.first}, {"value", property.second}};
    });
    setTexts(component, "tags", card.keywords);
    return component;
}

} // namespace

Result<Bom> readCycloneDx(const json::Value &document)
{
    if (textAt(&document, "bomFormat") != "CycloneDX")
        return Error{ErrorKind::Invalid, "This is no CycloneDX bill of materials: its bomFormat is not \"CycloneDX\".", {}};
    Bom bom;
    bom.specVersion = textAt(&document, "specVersion");
    bom.serialNumber = textAt(&document, "serialNumber");
    if (std::ranges::find(kReadVersions, bom.specVersion) == kReadVersions.end())
        return Error{ErrorKind::Unsupported, "The bill of materials is of specification \"" + text::visible(bom.specVersion) + "\"; 1.2 to 1.7 are read.", {}};
    if (const json::Value *subject = memberAt(document.find("metadata"), "component"))
        if (const auto status = readComponent(*subject, "metadata.component", bom); !status)
            return status.error();
    const json::Value *components = document.find("components");
    if (components && !components->array())
        return Error{ErrorKind::Invalid, "The components are no list.", "components"};
    const auto &items = itemsAt(&document, "components");
    for (std::size_t i = 0; i < items.size(); ++i)
        if (const auto status = readComponent(items[i], "components[" + std::to_string(i) + "]", bom); !status)
            return status.error();
    return bom;
}

json::Object cycloneDxDocument(const ModelCard &card, const BomFacts &facts)
{
    json::Object subject{{"type", kModelType}, {"name", card.name}};
    if (!card.version.empty())
        subject.set("version", card.version);
    const json::Object tool{{"type", "application"}, {"name", "Countersign"}, {"version", facts.programVersion}};
    return {{"bomFormat", "CycloneDX"},
            {"specVersion", "1.6"},
            {"serialNumber", "urn:uuid:" + facts.serial},
            {"version", 1},
            {"metadata", json::Object{{"timestamp", formatUtc(facts.at)}, {"tools", json::Object{{"components", json::Value(json::Array{json::Value(tool)})}}}, {"component", std::move(subject)}}},
            {"components", json::Value(json::Array{json::Value(modelComponent(card, facts))})}};
}

} // namespace countersign::cards
