#include "models/services/inventory.h"

#include "models/base/text.h"
#include "models/services/governance/packs.h"
#include "models/services/governance/tiers.h"
#include "models/services/workspace/hints.h"
#include "models/store/queries/queries.h"

#include <array>

namespace countersign::services {

namespace {

/// Members that may be large, and how much of them an event carries itself.
constexpr std::array<std::string_view, 4> kLargeMembers{"tags", "parameters", "changes", "description"};
constexpr std::size_t kMaxInline = 64U << 10;

void noteIfDifferent(std::vector<store::FieldChange> &changes, const char *field, const std::string &before, const std::optional<std::string> &after)
{
    if (after && *after != before)
        changes.push_back({field, before, *after});
}

} // namespace

Result<std::uint64_t> recordInventory(Journal &journal, const std::string &kind, json::Object body, const Signer &signer)
{
    Draft draft;
    draft.kind = kind;
    const auto bytes = json::canonical(json::Value(body));
    if (!bytes)
        return bytes.error();
    if (bytes->size() > kMaxInline) {
        json::Object small;
        json::Object large;
        for (const auto &[key, value] : body.members())
            (std::ranges::find(kLargeMembers, key) != kLargeMembers.end() ? large : small).set(key, value);
        const auto document = json::writeRestricted(json::Value(std::move(large)));
        if (!document)
            return document.error();
        const auto digest = journal.putEvidence("application/vnd.countersign.details.v1+json", *document);
        if (!digest)
            return digest.error();
        draft.evidence = *digest;
        body = std::move(small);
    }
    draft.body = std::move(body);
    return journal.record(std::move(draft), signer);
}

Result<int> setFacts(Session &session, const FactsRequest &request)
{
    const auto signer = session.deviceSigner();
    if (!signer)
        return signer.error();
    if (request.tier && *request.tier && (**request.tier < 1 || **request.tier > 3))
        return Error{ErrorKind::Invalid, "A tier is 1 (highest risk), 2 or 3.", {}};
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    const auto model = store::findModel(session.connection(), request.model);
    if (!model)
        return model.error();
    std::vector<store::FieldChange> changes;
    noteIfDifferent(changes, "purpose", model->purpose, request.purpose);
    noteIfDifferent(changes, "useCase", model->useCase, request.useCase);
    noteIfDifferent(changes, "owner", model->owner, request.owner);
    if (request.tier && *request.tier != model->tier) {
        const auto pack = tieringPack(session, model->id);
        if (!pack && pack.error().kind != ErrorKind::NotFound)
            return pack.error();
        if (pack && !pack->scoring.factors.empty())
            return Error{ErrorKind::Conflict, pack->title + " governs " + model->name + ": its tier follows from an assessment.", {}, hint::kAssessTier};
        const auto tierText = [](const std::optional<int> &tier) { return tier ? std::optional(std::to_string(*tier)) : std::nullopt; };
        changes.push_back({"tier", tierText(model->tier), tierText(*request.tier)});
    }
    int count = static_cast<int>(changes.size());
    if (!changes.empty()) {
        const auto seq = recordInventory(**journal, "model.update", {{"changes", store::changeArray(changes)}, {"model", model->id.text()}}, *signer);
        if (!seq)
            return seq.error();
    }
    if (request.version && request.stage) {
        const auto version = store::findVersion(session.connection(), *request.version);
        if (!version)
            return version.error();
        if (version->stage != *request.stage) {
            const auto packs = packsOf(session, *model);
            if (!packs)
                return packs.error();
            if (!packs->empty())
                return Error{ErrorKind::Conflict, packs->front().title + " governs " + model->name + ": its versions move from stage to stage through gates.", {}, hint::kMoveVersion};
            const std::vector<store::FieldChange> stage{{"stage", std::string(stageKey(version->stage)), std::string(stageKey(*request.stage))}};
            const auto seq = recordInventory(**journal, "version.update",
                                             {{"changes", store::changeArray(stage)}, {"model", version->model.text()}, {"version", version->id.text()}}, *signer);
            if (!seq)
                return seq.error();
            ++count;
        }
    }
    if (count == 0)
        return 0;
    if (const auto status = (*journal)->commit(); !status)
        return status.error();
    return count;
}

Result<Subject> findSubject(Session &session, const std::string &text)
{
    auto &connection = session.connection();
    if (const auto version = VersionId::parse(text)) {
        auto found = store::findVersion(connection, *version);
        if (!found)
            return found.error();
        auto model = store::findModel(connection, found->model);
        if (!model)
            return model.error();
        return Subject{std::move(*model), std::move(*found)};
    }
    // A name may hold a slash itself: the longest prefix that is a model wins.
    for (std::size_t end = text.size();; end = text.rfind('/', end - 1)) {
        if (end == std::string::npos)
            break;
        const std::string name = text.substr(0, end);
        auto ids = store::modelsNamed(connection, name);
        if (!ids)
            return ids.error();
        if (const auto id = ModelId::parse(name))
            ids->assign(1, *id);
        if (ids->size() > 1) {
            std::string choices;
            for (const auto &id : *ids)
                choices += (choices.empty() ? "" : ", ") + id.text();
            return Error{ErrorKind::Invalid, std::to_string(ids->size()) + " models are called \"" + name + "\". Name one by id: " + choices + ".", {}};
        }
        if (ids->size() == 1) {
            auto model = store::findModel(connection, ids->front());
            if (!model)
                return model.error();
            if (end == text.size())
                return Subject{std::move(*model), {}};
            const std::string label = text.substr(end + 1);
            auto version = store::versionLabelled(connection, model->id, label);
            if (!version)
                return version.error();
            if (!*version) {
                const auto aliases = store::modelAliases(connection, model->id);
                for (const auto &[alias, labelled] : aliases ? *aliases : std::vector<Tag>())
                    if (alias == label)
                        version = store::versionLabelled(connection, model->id, labelled);
            }
            if (!version)
                return version.error();
            if (!*version)
                return Error{ErrorKind::NotFound, "The model \"" + name + "\" has no version \"" + label + "\".", {}, hint::kListVersions};
            auto found = store::findVersion(connection, **version);
            if (!found)
                return found.error();
            return Subject{std::move(*model), std::move(*found)};
        }
        if (end == 0)
            break;
    }
    return Error{ErrorKind::NotFound, "There is no model \"" + text + "\" in this workspace.", {}, hint::kListModels};
}

Result<Subject> findVersionSubject(Session &session, const std::string &text)
{
    auto subject = findSubject(session, text);
    if (!subject || subject->version)
        return subject;
    const auto current = store::currentVersion(session.connection(), subject->model.id);
    if (!current)
        return current.error();
    if (!*current)
        return Error{ErrorKind::NotFound, "The model \"" + subject->model.name + "\" has no version.", {}};
    auto version = store::findVersion(session.connection(), **current);
    if (!version)
        return version.error();
    subject->version = std::move(*version);
    return subject;
}

} // namespace countersign::services
