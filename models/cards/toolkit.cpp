#include "models/cards/toolkit.h"

#include "models/base/number.h"
#include "models/cards/readingjson.h"

#include <cmath>

namespace countersign::cards {

namespace {

std::string ownerText(const json::Value &owner)
{
    const std::string name = textAt(&owner, "name");
    const std::string contact = textAt(&owner, "contact");
    return name.empty() || contact.empty() ? name + contact : name + " (" + contact + ")";
}

json::Array described(const std::vector<std::string> &texts, const char *member = "description")
{
    json::Array items;
    for (const std::string &text : texts)
        items.emplace_back(json::Object{{member, text}});
    return items;
}

/// A number where the text is one; the text otherwise.
json::Value numberValue(const std::string &text)
{
    const auto value = number::parse(text);
    return value && std::isfinite(*value) ? json::Value(json::Number{number::ecmaScript(*value)}) : json::Value(text);
}

json::Object metricObject(const CardMetric &metric)
{
    json::Object object{{"type", metric.type}, {"value", numberValue(metric.value)}};
    if (!metric.slice.empty())
        object.set("slice", metric.slice);
    if (!metric.lower.empty() && !metric.upper.empty())
        object.set("confidence_interval", json::Object{{"lower_bound", numberValue(metric.lower)}, {"upper_bound", numberValue(metric.upper)}});
    return object;
}

void setList(json::Object &object, const char *member, json::Array items)
{
    if (!items.empty())
        object.set(member, json::Value(std::move(items)));
}

void setText(json::Object &object, const char *member, const std::string &text)
{
    if (!text.empty())
        object.set(member, text);
}

} // namespace

Result<ModelCard> readToolkit(const json::Value &document)
{
    const json::Value *details = document.find("model_details");
    const json::Value *parameters = document.find("model_parameters");
    const json::Value *analysis = document.find("quantitative_analysis");
    const json::Value *considerations = document.find("considerations");
    if (!details && !parameters && !analysis && !considerations)
        return Error{ErrorKind::Invalid, "This is no model card: it has neither model_details nor considerations.", {}};
    ModelCard card;
    card.name = textAt(details, "name");
    card.overview = textAt(details, "overview");
    if (const auto documentation = textAt(details, "documentation"); !documentation.empty())
        card.overview += (card.overview.empty() ? "" : "\n\n") + documentation;
    card.version = textAt(memberAt(details, "version"), "name");
    for (const json::Value &owner : itemsAt(details, "owners"))
        if (auto text = ownerText(owner); !text.empty())
            card.owners.push_back(std::move(text));
    card.licenses = textsAt(details, "licenses", {"identifier", "custom_text"});
    if (card.licenses.empty())
        card.licenses = textsAt(details, "license", {"identifier", "custom_text"});
    card.references = textsAt(details, "references", {"reference"});
    card.citations = textsAt(details, "citations", {"citation"});
    card.architectures = textsAt(parameters, "model_architecture");
    card.datasets = textsAt(parameters, "data", {"name", "link", "description"});
    card.inputs = textsAt(parameters, "input_format");
    card.outputs = textsAt(parameters, "output_format");
    for (const json::Value &item : itemsAt(analysis, "performance_metrics")) {
        const json::Value *interval = item.find("confidence_interval");
        CardMetric metric{textAt(&item, "type"), textAt(&item, "slice"), textAt(&item, "value"), textAt(interval, "lower_bound"), textAt(interval, "upper_bound"), {}, {}};
        if (!metric.type.empty() && !metric.value.empty())
            card.metrics.push_back(std::move(metric));
    }
    card.users = textsAt(considerations, "users", {"description"});
    card.useCases = textsAt(considerations, "use_cases", {"description"});
    card.limitations = textsAt(considerations, "limitations", {"description"});
    card.tradeoffs = textsAt(considerations, "tradeoffs", {"description"});
    for (const json::Value &risk : itemsAt(considerations, "ethical_considerations"))
        if (auto name = textAt(&risk, "name"); !name.empty())
            card.risks.push_back({std::move(name), textAt(&risk, "mitigation_strategy")});
    return card;
}

json::Object toolkitDocument(const ModelCard &card)
{
    json::Object details{{"name", card.name}};
    setText(details, "overview", card.overview);
    std::vector<std::string> documentation = card.status;
    if (!card.provenance.empty())
        documentation.push_back(card.provenance);
    setText(details, "documentation", joined(documentation, " "));
    setList(details, "owners", described(card.owners, "name"));
    if (!card.version.empty())
        details.set("version", json::Object{{"name", card.version}});
    setList(details, "licenses", described(card.licenses, "identifier"));
    setList(details, "references", described(card.references, "reference"));
    setList(details, "citations", described(card.citations, "citation"));
    json::Object parameters;
    setText(parameters, "model_architecture", joined(card.architectures));
    setList(parameters, "data", described(card.datasets, "name"));
    setText(parameters, "input_format", joined(card.inputs));
    setText(parameters, "output_format", joined(card.outputs));
    json::Array metrics;
    for (const CardMetric &metric : card.metrics)
        metrics.emplace_back(metricObject(metric));
    json::Object considerations;
    setList(considerations, "users", described(card.users));
    setList(considerations, "use_cases", described(card.useCases));
    setList(considerations, "limitations", described(card.limitations));
    setList(considerations, "tradeoffs", described(card.tradeoffs));
    json::Array risks;
    for (const CardRisk &risk : card.risks) {
        json::Object object{{"name", risk.name}};
        setText(object, "mitigation_strategy", risk.mitigation);
        risks.emplace_back(std::move(object));
    }
    setList(considerations, "ethical_considerations", std::move(risks));
    return {{"schema_version", "0.0.2"}, {"model_details", std::move(details)}, {"model_parameters", std::move(parameters)},
            {"quantitative_analysis", json::Object{{"performance_metrics", json::Value(std::move(metrics))}}}, {"considerations", std::move(considerations)}};
}

} // namespace countersign::cards
