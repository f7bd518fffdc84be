#include "models/base/json.h"
#include "models/base/text.h"
#include "models/cards/cardtags.h"
#include "models/cards/cyclonedx.h"
#include "models/cards/huggingface.h"
#include "models/cards/readcard.h"
#include "models/cards/toolkit.h"

#include "tests/fuzz/promise.h"
#include "tests/fuzz/targets.h"

#include <algorithm>

namespace fuzz {

using namespace countersign;

namespace {

/// Of a written README: what opens markup has a backslash before it, outside of the table's own bars.
bool isPlainMarkdown(std::string_view body)
{
    for (std::size_t i = 0; i < body.size(); ++i) {
        const bool isOpening = body[i] == '<' || body[i] == '`' || body[i] == '[';
        if (!isOpening)
            continue;
        std::size_t backslashes = 0;
        while (backslashes < i && body[i - 1 - backslashes] == '\\')
            ++backslashes;
        if (backslashes % 2 == 0)
            return false;
    }
    return true;
}

} // namespace

void modelCard(const std::uint8_t *data, std::size_t size)
{
    const auto read = cards::readCard({reinterpret_cast<const char *>(data), size});
    if (!read)
        return;
    const cards::ModelCard &card = read->card;

    // As tags and back: every tag again the same.
    const auto tags = cards::cardTags(card);
    cards::ModelCard again;
    cards::takeTags(again, tags);
    PROMISE(cards::cardTags(again) == tags);

    // A README of it is read, and says the same in its front matter; its text opens no markup and hides nothing.
    const std::string readme = cards::huggingFaceText(card);
    const auto end = readme.find("\n---\n", 3);
    PROMISE(end != std::string::npos && isPlainMarkdown(std::string_view(readme).substr(end + 5)));
    const auto back = cards::readHuggingFace(readme);
    PROMISE(back.ok());
    PROMISE(back->metrics.size() == card.metrics.size() && back->keywords.size() == card.keywords.size() && back->datasets.size() >= card.datasets.size());

    // JSON of it is canonical and is read as a card of that format.
    const auto toolkit = json::canonical(json::Value(cards::toolkitDocument(card)));
    PROMISE(toolkit.ok());
    const auto fromToolkit = cards::readCard(*toolkit);
    PROMISE(fromToolkit.ok() && fromToolkit->format == "Model Card Toolkit" && fromToolkit->card.metrics.size() == card.metrics.size());
    cards::ModelCard named = card;
    named.name = "model";
    const auto bom = json::canonical(json::Value(cards::cycloneDxDocument(named, {.serial = "0", .reference = "v:1", .at = {}, .programVersion = "1", .artifacts = {}, .evidence = {}, .location = card.name, .properties = {}})));
    PROMISE(bom.ok());
    const auto fromBom = cards::readCard(*bom);
    PROMISE(fromBom.ok() && fromBom->card.metrics.size() == card.metrics.size() && fromBom->card.risks == card.risks);
}

} // namespace fuzz
