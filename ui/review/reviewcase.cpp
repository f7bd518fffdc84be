#include "ui/review/reviewcase.h"

#include "models/base/text.h"
#include "models/policy/signing.h"
#include "models/report/auditdocument.h"
#include "models/report/factsections.h"
#include "models/store/eventbody.h"
#include "models/store/queries/queries.h"

#include <algorithm>
#include <map>
#include <optional>

namespace countersign::pages {

namespace {

/// The section of reviewDocument that lists changes; it differs by nature, and marks its own lines.
constexpr const char *kChangesSection = "What changed";

/// For comparison: the moment of freezing says nothing about the model.
report::Content comparable(const report::Content &content)
{
    report::Content copy = content;
    if (auto *values = std::get_if<report::KeyValues>(&copy))
        std::erase_if(values->facts, [](const report::Fact &fact) { return fact.first == "Frozen"; });
    return copy;
}

/// The title of the section that each block stands in.
std::vector<std::string> sectionOfBlocks(const report::Document &document)
{
    std::vector<std::string> titles;
    std::string title;
    for (const auto &block : document.blocks) {
        if (const auto *heading = std::get_if<report::Heading>(&block.content); heading && heading->level == 1)
            title = heading->text;
        titles.push_back(title);
    }
    return titles;
}

using Sections = std::map<std::string, std::vector<report::Content>>;

Sections sectionsOf(const report::Document &document)
{
    const auto titles = sectionOfBlocks(document);
    Sections sections;
    for (std::size_t i = 0; i < document.blocks.size(); ++i)
        sections[titles[i]].push_back(comparable(document.blocks[i].content));
    return sections;
}

std::vector<AdverseFact> adverseOf(const services::FrozenBundle &bundle)
{
    std::vector<AdverseFact> facts;
    const json::Value *inputs = bundle.document.find("inputs");
    const json::Array &verdicts = report::items(inputs, "verdicts");
    for (const auto &verdict : verdicts) {
        const auto state = parseVerdict(verdict.textOr("state", {}));
        if (state && *state != VerdictState::Pass && *state != VerdictState::NotJudged)
            facts.push_back({*state, report::plain(&verdict, "sentence")});
    }
    std::ranges::stable_sort(facts, {}, &AdverseFact::state);
    if (verdicts.empty())
        facts.push_back({VerdictState::NotJudged, "No limit judges this version."});
    return facts;
}

/// The bundle that this person signed last for the version; none when there is none, or when its bytes can no longer be read.
Result<std::optional<services::FrozenBundle>> lastSigned(services::Session &session, const VersionId &version, const PersonId &person)
{
    const auto signOffs = store::listSignOffs(session.connection(), version);
    if (!signOffs)
        return signOffs.error();
    const auto own = std::ranges::find_if(*signOffs, [&](const store::SignOffRow &row) { return row.signOff.person == person; });
    if (own == signOffs->end())
        return std::optional<services::FrozenBundle>();
    auto bundle = services::loadBundle(session, own->signOff.bundle.text());
    if (!bundle)
        return bundle.error();
    return std::optional<services::FrozenBundle>(std::move(*bundle));
}

Status drawPages(services::Session &session, ReviewCase &review)
{
    const auto earlier = lastSigned(session, review.bundle.version, review.person.id);
    if (!earlier)
        return earlier.error();
    if (!*earlier) {
        review.document = report::reviewDocument(review.bundle.document, nullptr);
        return {};
    }
    const json::Value before(json::Object{{"changes", store::textArray(services::changesBetween(**earlier, review.bundle))}});
    review.document = report::reviewDocument(review.bundle.document, &before);
    markChanges(review.document, report::reviewDocument((*earlier)->document, nullptr));
    return {};
}

} // namespace

std::set<std::string> markChanges(report::Document &document, const report::Document &earlier)
{
    const Sections old = sectionsOf(earlier);
    const auto titles = sectionOfBlocks(document);
    std::set<std::string> moved;
    for (std::size_t i = 0; i < document.blocks.size(); ++i) {
        if (titles[i] == kChangesSection)
            continue;
        const auto section = old.find(titles[i]);
        if (section != old.end() && std::ranges::find(section->second, comparable(document.blocks[i].content)) != section->second.end())
            continue;
        document.blocks[i].isChanged = true;
        moved.insert(titles[i]);
    }
    // What is gone leaves no block to mark; its section differs all the same.
    for (const auto &[title, now] : sectionsOf(document)) {
        const auto section = old.find(title);
        if (section != old.end() && section->second != now && title != kChangesSection)
            moved.insert(title);
    }
    return moved;
}

Result<ReviewCase> prepareReview(services::Session &session, const VersionId &version, const ReviewCase *before)
{
    auto bundle = services::freezeReview(session, version);
    if (!bundle)
        return bundle.error();
    ReviewCase review;
    review.bundle = std::move(*bundle);
    review.person = *session.person();
    review.roles = policy::signingRoles(review.person);
    review.attempts = session.attempts(review.person);
    review.isSeries = session.seriesKey(review.person) != nullptr;
    review.isSample = session.isSample();
    review.requestId = before ? before->requestId : session.environment().randomness->uuid();
    const json::Value *inputs = review.bundle.document.find("inputs");
    review.model = report::plain(inputs ? inputs->find("model") : nullptr, "name");
    review.version = report::plain(inputs ? inputs->find("version") : nullptr, "label");
    const json::Value *frozen = review.bundle.document.find("frozen");
    const auto at = parseUtc(frozen ? frozen->textOr("at", {}) : std::string());
    review.frozenAt = at ? report::longTime(*at) : std::string();
    review.adverse = adverseOf(review.bundle);
    if (const auto status = drawPages(session, review); !status)
        return status.error();
    if (before)
        review.moved = markChanges(review.document, before->document);
    for (const auto &block : review.document.blocks)
        if (const auto *heading = std::get_if<report::Heading>(&block.content); heading && heading->level == 1)
            review.sections.push_back(heading->text);
    return review;
}

} // namespace countersign::pages
