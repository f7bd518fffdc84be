#include "models/services/governance/cards.h"

#include "models/base/number.h"
#include "models/base/text.h"
#include "models/cards/cardtags.h"
#include "models/cards/readcard.h"
#include "models/policy/evaluator.h"
#include "models/services/inventory.h"
#include "models/services/workspace/journal.h"
#include "models/store/queries/governance/evidence.h"
#include "models/store/queries/queries.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace countersign::services {

namespace {

constexpr std::size_t kLongestOverview = 256U << 10;
constexpr std::size_t kLongestFact = 16U << 10;

std::string boundText(const std::optional<double> &bound) { return bound && std::isfinite(*bound) ? number::shortest(*bound) : std::string(); }

std::string periodText(const Window &window)
{
    return window.start == window.end ? formatDate(window.end) : formatDate(window.start) + " to " + formatDate(window.end);
}

/// The newest value of each metric and group that the source could compute.
Status takeMetrics(Session &session, const VersionId &version, cards::ModelCard &card)
{
    const auto series = store::listSeries(session.connection(), version, true, 0);
    if (!series)
        return series.error();
    std::map<std::pair<std::string, Slice>, Observation> newest;
    for (const auto &row : *series) {
        if (!row.latest || !row.latest->value)
            continue;
        const Observation observation = row.latest->observation();
        if (!std::isfinite(observation.value))
            continue;
        const auto [at, isNew] = newest.try_emplace({row.key.metric, row.key.slice}, observation);
        if (!isNew && observation.window.end > at->second.window.end)
            at->second = observation;
    }
    for (const auto &[key, observation] : newest)
        card.metrics.push_back({key.first, key.second.isOverall() ? std::string() : key.second.text(), observation.lexeme.empty() ? number::shortest(observation.value) : observation.lexeme, boundText(observation.lower),
                                boundText(observation.upper), observation.n, periodText(observation.window)});
    return {};
}

Status takeVerdicts(Session &session, const VersionId &version, cards::ModelCard &card)
{
    const auto verdicts = store::listVerdicts(session.connection(), version, session.now());
    if (!verdicts)
        return verdicts.error();
    for (const Verdict &verdict : *verdicts)
        card.verdicts.push_back({verdict.slice.isOverall() ? std::string() : verdict.slice.text(), verdict.sentence,
                                 verdict.state == VerdictState::Fail || verdict.state == VerdictState::Watch});
    return {};
}

std::string counted(std::size_t n, const char *one, const char *many) { return std::to_string(n) + " " + (n == 1 ? one : many); }

/// Stage, tier, limits, signatures and evidence, a sentence each.
Status takeStatus(Session &session, const VersionId &id, cards::ModelCard &card)
{
    const auto row = store::versionRow(session.connection(), id, session.now());
    if (!row)
        return row.error();
    const auto model = store::findModel(session.connection(), row->version.model);
    if (!model)
        return model.error();
    store::ExhibitFilter filter;
    filter.version = id;
    filter.state = ExhibitState::Accepted;
    filter.isStanding = true;
    const auto exhibits = store::listExhibits(session.connection(), filter);
    if (!exhibits)
        return exhibits.error();
    const auto verdicts = store::listVerdicts(session.connection(), id, session.now());
    if (!verdicts)
        return verdicts.error();
    const Instant now = session.now();
    const auto valid = static_cast<std::size_t>(std::ranges::count_if(*exhibits, [now](const Exhibit &exhibit) { return !exhibit.isExpired(now); }));
    card.status = {"Stage: " + std::string(stageTitle(row->version.stage)) + ".", model->tier ? "Risk tier: " + std::to_string(*model->tier) + "." : "Risk tier: not set.",
                   policy::summarize(*verdicts).sentence,
                   counted(static_cast<std::size_t>(row->signOffs), "sign-off", "sign-offs") + (row->staleSignOffs > 0 ? ", " + std::to_string(row->staleSignOffs) + " of them stale." : "."),
                   counted(valid, "item of evidence is", "items of evidence are") + " accepted and valid."};
    return {};
}

/// Compares the facts that the record has with those of a card.
class Comparison
{
public:
    explicit Comparison(bool replaces, CardChanges &changes) : m_replaces(replaces), m_changes(changes) {}

    void take(std::vector<store::FieldChange> &list, const std::string &field, const std::optional<std::string> &before, const std::string &after)
    {
        if (after.empty() || before == after)
            return;
        if (!before || before->empty() || m_replaces)
            list.push_back({field, before, after});
        else
            m_changes.notes.push_back("“" + name(field) + "” is documented already and stays as it is.");
    }

private:
    static std::string name(const std::string &field) { return field.starts_with("tag:") ? field.substr(4) : field; }

    bool m_replaces;
    CardChanges &m_changes;
};

Result<CardChanges> compared(Session &session, const VersionId &id, BytesView bytes, bool replaces)
{
    const auto read = cards::readCard(bytes);
    if (!read)
        return read.error();
    const auto version = store::findVersion(session.connection(), id);
    if (!version)
        return version.error();
    const auto model = store::findModel(session.connection(), version->model);
    if (!model)
        return model.error();
    CardChanges changes;
    changes.format = read->format;
    Comparison comparison(replaces, changes);
    comparison.take(changes.model, "owner", model->owner, cards::joined(read->card.owners));
    comparison.take(changes.model, "useCase", model->useCase, cards::joined(read->card.useCases, "; "));
    for (const auto &[key, value] : cards::cardTags(read->card)) {
        const auto known = std::ranges::find(version->tags, key, &Tag::first);
        comparison.take(changes.version, "tag:" + key, known == version->tags.end() ? std::nullopt : std::optional(known->second), value);
    }
    for (const auto *list : {&changes.model, &changes.version})
        for (const auto &change : *list) {
            const std::size_t most = change.field == "tag:card.overview" ? kLongestOverview : kLongestFact;
            if (change.after->size() > most)
                return Error{ErrorKind::Invalid, "What the card says is longer than " + std::to_string(most >> 10) + " KiB.", change.field};
        }
    if (!read->card.name.empty() && read->card.name != model->name)
        changes.notes.push_back("The card calls its model “" + text::visible(text::shortened(read->card.name, 200)) + "”.");
    if (!read->card.version.empty() && read->card.version != version->label)
        changes.notes.push_back("The card is of version “" + text::visible(text::shortened(read->card.version, 200)) + "”.");
    if (const auto n = read->card.metrics.size(); n > 0)
        changes.notes.push_back(std::to_string(n) + (n == 1 ? " value of a metric is a claim" : " values of metrics are claims") + " of the card's author and not taken over.");
    return changes;
}

} // namespace

Result<cards::ModelCard> cardOf(Session &session, const VersionId &id)
{
    const auto version = store::findVersion(session.connection(), id);
    if (!version)
        return version.error();
    const auto model = store::findModel(session.connection(), version->model);
    if (!model)
        return model.error();
    cards::ModelCard card;
    card.name = model->name;
    card.version = version->label;
    card.overview = !version->description.empty() ? version->description : model->description;
    cards::takeTags(card, version->tags);
    if (!model->owner.empty())
        card.owners = {model->owner};
    for (const std::string &use : {model->purpose, model->useCase})
        if (!use.empty())
            card.useCases.push_back(use);
    for (const auto take : {takeMetrics, takeVerdicts, takeStatus})
        if (const auto status = take(session, id, card); !status)
            return status.error();
    const auto head = session.verifiedHead();
    card.provenance = "Written by Countersign " + applicationVersion() + " from " + std::to_string(head.size) + " entries of the ledger " + session.ledgerId().text() + ", root "
                      + head.root.text() + ", on " + formatUtc(session.now()) + ".";
    return card;
}

Result<CardChanges> cardChanges(Session &session, const VersionId &version, BytesView card, bool replaces) { return compared(session, version, card, replaces); }

Result<CardImport> importCard(Session &session, const VersionId &version, const EvidenceFile &file, bool replaces, const std::string &requirement)
{
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    const auto changes = compared(session, version, file.bytes, replaces);
    if (!changes)
        return changes.error();
    const auto found = store::findVersion(session.connection(), version);
    if (!found)
        return found.error();
    ExhibitRequest request;
    request.model = found->model;
    request.version = version;
    request.title = "Model card (" + changes->format + ")";
    request.requirement = requirement;
    request.file = file;
    const auto id = recordExhibit(session, *journal, request); // first: it refuses who may not
    if (!id)
        return id.error();
    const auto update = [&](const char *kind, const std::vector<store::FieldChange> &fields, json::Object body) -> Status {
        if (fields.empty())
            return {};
        body.set("changes", store::changeArray(fields));
        const auto seq = recordInventory(*journal->journal, kind, std::move(body), journal->signer);
        return seq ? Status() : Status(seq.error());
    };
    if (const auto status = update("model.update", changes->model, {{"model", found->model.text()}}); !status)
        return status.error();
    if (const auto status = update("version.update", changes->version, {{"model", found->model.text()}, {"version", version.text()}}); !status)
        return status.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    auto exhibit = findExhibit(session, id->text());
    if (!exhibit)
        return exhibit.error();
    return CardImport{*changes, std::move(*exhibit)};
}

} // namespace countersign::services
