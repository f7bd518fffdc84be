#include "models/cards/readcard.h"

#include "models/base/json.h"
#include "models/base/text.h"
#include "models/cards/cyclonedx.h"
#include "models/cards/huggingface.h"
#include "models/cards/toolkit.h"

namespace countersign::cards {

namespace {

constexpr std::size_t kLargestCard = 4U << 20;

Result<ReadCard> readJson(BytesView bytes)
{
    const auto document = json::parse(bytes, {.depth = 64, .bytes = kLargestCard, .members = 200'000});
    if (!document)
        return document.error();
    if (!document->find("bomFormat")) {
        auto card = readToolkit(*document);
        return card ? Result<ReadCard>(ReadCard{"Model Card Toolkit", std::move(*card)}) : Result<ReadCard>(card.error());
    }
    auto bom = readCycloneDx(*document);
    if (!bom)
        return bom.error();
    if (bom->cards.size() != 1)
        return Error{ErrorKind::Invalid, "The bill of materials holds the cards of " + std::to_string(bom->cards.size()) + " models; one is wanted.", {}};
    return ReadCard{"CycloneDX", std::move(bom->cards.front())};
}

} // namespace

Result<ReadCard> readCard(BytesView bytes)
{
    if (bytes.size() > kLargestCard)
        return Error{ErrorKind::Invalid, "The card is larger than 4 MiB.", {}};
    if (!text::isUtf8(bytes))
        return Error{ErrorKind::Invalid, "The card is not written in UTF-8.", {}};
    const auto first = bytes.find_first_not_of(" \t\r\n");
    if (first != BytesView::npos && bytes[first] == '{')
        return readJson(bytes);
    auto card = readHuggingFace(bytes);
    return card ? Result<ReadCard>(ReadCard{"Hugging Face", std::move(*card)}) : Result<ReadCard>(card.error());
}

} // namespace countersign::cards
