#include "models/cards/cardtags.h"

#include <algorithm>
#include <array>

namespace countersign::cards {

namespace {

struct Field {
    std::string_view key;
    std::vector<std::string> ModelCard::*list;
};

// What a model has fields for (owner, use case) is not among them.
constexpr std::array<Field, 15> kFields{{{"architecture", &ModelCard::architectures},
                                         {"baseModels", &ModelCard::baseModels},
                                         {"citations", &ModelCard::citations},
                                         {"datasets", &ModelCard::datasets},
                                         {"inputs", &ModelCard::inputs},
                                         {"keywords", &ModelCard::keywords},
                                         {"languages", &ModelCard::languages},
                                         {"libraries", &ModelCard::libraries},
                                         {"licenses", &ModelCard::licenses},
                                         {"limitations", &ModelCard::limitations},
                                         {"outputs", &ModelCard::outputs},
                                         {"references", &ModelCard::references},
                                         {"task", &ModelCard::tasks},
                                         {"tradeoffs", &ModelCard::tradeoffs},
                                         {"users", &ModelCard::users}}};
constexpr std::string_view kOverview = "overview";
constexpr std::string_view kRisks = "risks";
constexpr std::string_view kMitigations = "mitigations";

void appendLine(std::string &text, std::string item, bool isFirst)
{
    std::ranges::replace_if(item, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    text += (isFirst ? "" : "\n") + item;
}

std::string lines(const std::vector<std::string> &items)
{
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i)
        appendLine(text, items[i], i == 0);
    return text;
}

std::vector<std::string> items(std::string_view text)
{
    std::vector<std::string> found;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        found.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return found;
}

} // namespace

std::vector<Tag> cardTags(const ModelCard &card)
{
    std::vector<Tag> tags;
    const auto add = [&tags](std::string_view key, std::string value) {
        if (!value.empty())
            tags.emplace_back(std::string(kTagPrefix) + std::string(key), std::move(value));
    };
    for (const Field &field : kFields)
        add(field.key, lines(card.*field.list));
    add(kOverview, card.overview);
    std::string names, mitigations;
    bool isMitigated = false;
    for (std::size_t i = 0; i < card.risks.size(); ++i) {
        appendLine(names, card.risks[i].name, i == 0);
        appendLine(mitigations, card.risks[i].mitigation, i == 0);
        isMitigated = isMitigated || !card.risks[i].mitigation.empty();
    }
    add(kRisks, std::move(names));
    if (isMitigated)
        add(kMitigations, std::move(mitigations));
    return tags;
}

void takeTags(ModelCard &card, const std::vector<Tag> &tags)
{
    std::vector<std::string> mitigations;
    for (const auto &[key, value] : tags) {
        if (!key.starts_with(kTagPrefix))
            continue;
        const std::string_view name = std::string_view(key).substr(kTagPrefix.size());
        if (const auto field = std::ranges::find(kFields, name, &Field::key); field != kFields.end())
            card.*field->list = items(value);
        else if (name == kOverview)
            card.overview = value;
        else if (name == kRisks)
            for (auto &risk : items(value))
                card.risks.push_back({std::move(risk), {}});
        else if (name == kMitigations)
            mitigations = items(value);
    }
    for (std::size_t i = 0; i < std::min(card.risks.size(), mitigations.size()); ++i)
        card.risks[i].mitigation = mitigations[i];
}

} // namespace countersign::cards
