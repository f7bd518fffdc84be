#include "models/cards/huggingface.h"

#include "models/base/number.h"
#include "models/base/text.h"
#include "models/yaml/parse.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace countersign::cards {

namespace {

using yaml::Node;

std::string scalar(const Node *node) { return node && node->kind == Node::Kind::Scalar ? node->text : std::string(); }

const Node *memberOf(const Node *node, std::string_view name) { return node && node->kind == Node::Kind::Mapping ? node->find(name) : nullptr; }

const std::vector<Node> &itemsOf(const Node *node)
{
    static const std::vector<Node> none;
    return node && node->kind == Node::Kind::Sequence ? node->items : none;
}

/// A text, or a list of texts.
std::vector<std::string> texts(const Node *node)
{
    std::vector<std::string> found;
    const auto take = [&found](const Node *item) {
        if (auto text = scalar(item); !text.empty())
            found.push_back(std::move(text));
    };
    take(node);
    for (const Node &item : itemsOf(node))
        take(&item);
    return found;
}

void addOnce(std::vector<std::string> &list, std::string text)
{
    if (!text.empty() && std::ranges::find(list, text) == list.end())
        list.push_back(std::move(text));
}

CardMetric metricOf(const Node &node, const std::string &period)
{
    CardMetric metric{scalar(node.find("type")), {}, scalar(node.find("value")), {}, {}, {}, period};
    const Node *arguments = memberOf(&node, "args");
    metric.slice = scalar(memberOf(arguments, "slice"));
    if (const auto &interval = itemsOf(memberOf(arguments, "confidence_interval")); interval.size() == 2) {
        metric.lower = scalar(&interval[0]);
        metric.upper = scalar(&interval[1]);
    }
    if (const auto n = number::parse(scalar(memberOf(arguments, "n"))); n && *n >= 0 && *n < 9e15 && std::floor(*n) == *n)
        metric.n = static_cast<std::int64_t>(*n);
    return metric;
}

void readResults(const Node &model, ModelCard &card)
{
    if (card.name.empty())
        card.name = scalar(memberOf(&model, "name"));
    for (const Node &result : itemsOf(memberOf(&model, "results"))) {
        const Node *task = memberOf(&result, "task");
        const Node *dataset = memberOf(&result, "dataset");
        addOnce(card.tasks, scalar(memberOf(task, "type")));
        addOnce(card.datasets, scalar(memberOf(dataset, "type")));
        for (const Node &item : itemsOf(memberOf(&result, "metrics"))) {
            auto metric = item.kind == Node::Kind::Mapping ? metricOf(item, scalar(memberOf(dataset, "split"))) : CardMetric{};
            if (!metric.type.empty() && !metric.value.empty())
                card.metrics.push_back(std::move(metric));
        }
    }
}

// ---- writing

/// A YAML scalar in double quotes. What it holds is seen: neither a control character nor an invisible one.
std::string quoted(const std::string &text)
{
    std::string out = "\"";
    for (const char c : text::visible(text)) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

void writeList(std::string &yaml, const char *name, const std::vector<std::string> &items)
{
    if (items.empty())
        return;
    yaml += std::string(name) + ":\n";
    for (const std::string &item : items)
        yaml += "- " + quoted(item) + "\n";
}

void writeText(std::string &yaml, const std::string &indent, const char *name, const std::string &text)
{
    if (!text.empty())
        yaml += indent + name + ": " + quoted(text) + "\n";
}

/// A number as one where the text is one.
std::string numberOrQuoted(const std::string &text)
{
    const auto value = number::parse(text);
    return value && std::isfinite(*value) ? number::ecmaScript(*value) : quoted(text);
}

void writeMetric(std::string &yaml, const CardMetric &metric)
{
    const std::string indent = "      ";
    yaml += indent + "- type: " + quoted(metric.type) + "\n" + indent + "  value: " + numberOrQuoted(metric.value) + "\n";
    writeText(yaml, indent + "  ", "name", metric.type + (metric.slice.empty() ? "" : " (" + metric.slice + ")"));
    const bool hasInterval = !metric.lower.empty() && !metric.upper.empty();
    if (metric.slice.empty() && !hasInterval && !metric.n)
        return;
    yaml += indent + "  args:\n";
    writeText(yaml, indent + "    ", "slice", metric.slice);
    if (hasInterval)
        yaml += indent + "    confidence_interval: [" + numberOrQuoted(metric.lower) + ", " + numberOrQuoted(metric.upper) + "]\n";
    if (metric.n)
        yaml += indent + "    n: " + std::to_string(*metric.n) + "\n";
}

/// One result for each period, as values of different times are not of one data set.
void writeIndex(std::string &yaml, const ModelCard &card)
{
    std::map<std::string, std::vector<const CardMetric *>> byPeriod;
    for (const CardMetric &metric : card.metrics)
        byPeriod[metric.period].push_back(&metric);
    if (byPeriod.empty())
        return;
    const std::string dataset = card.datasets.empty() ? "recorded-observations" : card.datasets.front();
    yaml += "model-index:\n- name: " + quoted(card.name) + "\n  results:\n";
    for (const auto &[period, metrics] : byPeriod) {
        yaml += "  - task:\n      type: " + quoted(card.tasks.empty() ? "other" : card.tasks.front()) + "\n    dataset:\n      type: " + quoted(dataset) + "\n      name: "
                + quoted(dataset) + "\n";
        writeText(yaml, "      ", "split", period);
        yaml += "    metrics:\n";
        for (const CardMetric *metric : metrics)
            writeMetric(yaml, *metric);
    }
}

std::string frontMatter(const ModelCard &card)
{
    std::string yaml;
    writeList(yaml, "language", card.languages);
    if (card.licenses.size() == 1)
        writeText(yaml, "", "license", card.licenses.front());
    else
        writeList(yaml, "license", card.licenses);
    if (!card.libraries.empty())
        writeText(yaml, "", "library_name", card.libraries.front());
    if (!card.tasks.empty())
        writeText(yaml, "", "pipeline_tag", card.tasks.front());
    writeList(yaml, "tags", card.keywords);
    writeList(yaml, "datasets", card.datasets);
    writeList(yaml, "base_model", card.baseModels);
    std::vector<std::string> names;
    for (const CardMetric &metric : card.metrics)
        addOnce(names, metric.type);
    writeList(yaml, "metrics", names);
    writeIndex(yaml, card);
    return yaml;
}

/// A line of text as Markdown that shows just it.
std::string plain(const std::string &line)
{
    static constexpr std::string_view meaningful = "\\`*_{}[]<>#|!&~$";
    std::string shown = text::visible(line);
    const auto first = shown.find_first_not_of(' ');
    shown.erase(0, first == std::string::npos ? shown.size() : first); // four blanks would be code
    std::string out;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const bool isDigits = i > 0 && shown.find_first_not_of("0123456789") == i;
        const bool isNumbered = isDigits && (shown[i] == '.' || shown[i] == ')') && (i + 1 == shown.size() || shown[i + 1] == ' ');
        const bool beginsList = (i == 0 && std::string_view("-+=").find(shown[i]) != std::string_view::npos) || isNumbered;
        if (beginsList || meaningful.find(shown[i]) != std::string_view::npos)
            out += '\\';
        out += shown[i];
    }
    return out;
}

std::string paragraphs(const std::string &text)
{
    std::string out;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string line = text.substr(at, end - at);
        if (line.ends_with('\r'))
            line.pop_back();
        out += plain(line) + "\n";
        at = end + 1;
    }
    return out;
}

void writeSection(std::string &body, const char *title, const std::vector<std::string> &items)
{
    if (items.empty())
        return;
    body += std::string("\n## ") + title + "\n\n";
    for (const std::string &item : items)
        body += "- " + plain(item) + "\n";
}

std::string body(const ModelCard &card)
{
    std::string text = "# " + plain(card.name + (card.version.empty() ? "" : " " + card.version)) + "\n";
    if (!card.overview.empty())
        text += "\n" + paragraphs(card.overview);
    writeSection(text, "Status", card.status);
    writeSection(text, "Owners", card.owners);
    writeSection(text, "Intended use", card.useCases);
    writeSection(text, "Users", card.users);
    writeSection(text, "Limitations", card.limitations);
    writeSection(text, "Trade-offs", card.tradeoffs);
    std::vector<std::string> risks;
    for (const CardRisk &risk : card.risks)
        risks.push_back(risk.name + (risk.mitigation.empty() ? "" : ": " + risk.mitigation));
    writeSection(text, "Ethical considerations", risks);
    if (!card.metrics.empty()) {
        text += "\n## Evaluation\n\n| Metric | Group | Value | Interval | Cases | Period |\n| --- | --- | --- | --- | --- | --- |\n";
        for (const CardMetric &metric : card.metrics)
            text += "| " + plain(metric.type) + " | " + (metric.slice.empty() ? "everybody" : plain(metric.slice)) + " | " + plain(metric.value) + " | "
                    + (metric.lower.empty() ? "" : plain(metric.lower) + " to " + plain(metric.upper)) + " | " + (metric.n ? std::to_string(*metric.n) : "") + " | " + plain(metric.period)
                    + " |\n";
    }
    std::vector<std::string> verdicts;
    for (const CardVerdict &verdict : card.verdicts)
        verdicts.push_back((verdict.slice.empty() ? "" : verdict.slice + ": ") + verdict.sentence);
    writeSection(text, "Limits", verdicts);
    writeSection(text, "References", card.references);
    writeSection(text, "Citations", card.citations);
    if (!card.provenance.empty())
        text += "\n" + plain(card.provenance) + "\n";
    return text;
}

} // namespace

Result<ModelCard> readHuggingFace(std::string_view readme)
{
    const Error none{ErrorKind::Invalid, "This is no model card: it does not begin with front matter between two lines of three hyphens.", {}};
    std::string text(readme.starts_with("\xEF\xBB\xBF") ? readme.substr(3) : readme);
    text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
    if (!text.starts_with("---\n"))
        return none;
    // The first line stays empty, so that lines are counted as in the file.
    const std::size_t close = text.find("\n---", 3);
    const std::size_t after = close == std::string::npos ? close : close + 4;
    if (close == std::string::npos || (after < text.size() && text[after] != '\n'))
        return none;
    const std::string matter = text.substr(4, close >= 4 ? close - 4 : 0);
    auto parsed = yaml::parse(text::isBlank(matter) ? std::string("{}") : "\n" + matter + "\n");
    if (!parsed.root)
        return Error{ErrorKind::Invalid, parsed.fault.sentence, "line " + std::to_string(parsed.fault.line)};
    const Node *root = &*parsed.root;
    if (root->kind != Node::Kind::Mapping)
        return Error{ErrorKind::Invalid, "The front matter of the card is no mapping of names to values.", {}};
    ModelCard card;
    card.name = scalar(root->find("model_name"));
    card.languages = texts(root->find("language"));
    card.licenses = texts(root->find("license"));
    if (card.licenses.size() == 1 && card.licenses.front() == "other")
        if (const auto name = scalar(root->find("license_name")); !name.empty())
            card.licenses.front() = name;
    card.libraries = texts(root->find("library_name"));
    card.tasks = texts(root->find("pipeline_tag"));
    card.keywords = texts(root->find("tags"));
    card.datasets = texts(root->find("datasets"));
    card.baseModels = texts(root->find("base_model"));
    for (const Node &model : itemsOf(root->find("model-index")))
        readResults(model, card);
    const std::string_view rest = std::string_view(text).substr(std::min(after, text.size()));
    const auto first = rest.find_first_not_of(" \n\t");
    const auto last = rest.find_last_not_of(" \n\t");
    if (first != std::string_view::npos)
        card.overview = rest.substr(first, last - first + 1);
    return card;
}

std::string huggingFaceText(const ModelCard &card) { return "---\n" + frontMatter(card) + "---\n\n" + body(card); }

} // namespace countersign::cards
