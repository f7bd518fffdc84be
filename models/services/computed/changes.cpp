#include "models/services/computed/changes.h"

#include "models/base/text.h"
#include "models/services/computed/computedsets.h"
#include "models/services/workspace/journal.h"
#include "models/store/eventbody.h"
#include "models/store/queries/queries.h"

#include <array>
#include <cmath>
#include <set>

namespace countersign::services {

namespace {

constexpr std::size_t kLongestText = 16'384;
constexpr std::size_t kMostThresholds = 500;
constexpr std::array<std::pair<ChangeKind, std::string_view>, 3> kKinds{
    {{ChangeKind::Threshold, "threshold"}, {ChangeKind::GroupThresholds, "groupThresholds"}, {ChangeKind::Reweighing, "reweighing"}}};

Error invalid(const std::string &message) { return {ErrorKind::Invalid, message, {}}; }

Status checkThresholds(const ChangeProposal &proposal)
{
    const std::size_t count = proposal.thresholds.size();
    if (proposal.kind == ChangeKind::Threshold && (count != 1 || !proposal.thresholds.front().group.isOverall()))
        return invalid("One threshold is for everybody.");
    if (proposal.kind == ChangeKind::GroupThresholds && (count < 2 || proposal.attributes.empty()))
        return invalid("Thresholds of groups need an attribute and a threshold for each of its groups.");
    if (proposal.kind == ChangeKind::Reweighing && (count > 0 || proposal.attributes.empty()))
        return invalid("Reweighing needs an attribute and has no thresholds.");
    if (count > kMostThresholds)
        return invalid("More than 500 thresholds cannot be proposed at once.");
    std::set<std::string> groups;
    for (const auto &threshold : proposal.thresholds) {
        if (!std::isfinite(threshold.threshold))
            return invalid("A threshold is a number.");
        if (!groups.insert(threshold.group.text()).second)
            return invalid("The group " + text::visible(threshold.group.text()) + " has two thresholds.");
    }
    return {};
}

Status checkTexts(const ChangeProposal &proposal)
{
    if (proposal.summary.empty())
        return invalid("Say in one sentence what is proposed.");
    if (proposal.reason.empty())
        return invalid("Say why the change is proposed.");
    if (proposal.kind != ChangeKind::Threshold && proposal.legalNote.empty())
        return invalid("Who proposes to treat groups differently acknowledges the legal note.");
    if (proposal.evidence.empty())
        return invalid("A change request carries the figures before and after.");
    for (const std::string *text : {&proposal.summary, &proposal.reason, &proposal.legalNote})
        if (text->size() > kLongestText)
            return invalid("A text of the change request is longer than 16,384 bytes. Say it shorter.");
    if (proposal.tolerance && !std::isfinite(*proposal.tolerance))
        return invalid("The tolerance is a number.");
    return {};
}

json::Array thresholdArray(const std::vector<ProposedThreshold> &thresholds)
{
    json::Array array;
    for (const auto &threshold : thresholds)
        array.emplace_back(json::Object{{"group", store::textValue(threshold.group.text())}, {"threshold", ledger::measured(threshold.threshold)}});
    return array;
}

json::Object bodyOf(const ChangeProposal &proposal, const std::string &id)
{
    json::Object body{{"attributes", store::textArray(proposal.attributes)}, {"change", id}, {"changeKind", changeKindKey(proposal.kind)},
                      {"legalNote", store::textValue(proposal.legalNote)}, {"media", proposal.evidenceMedia}, {"reason", store::textValue(proposal.reason)},
                      {"summary", store::textValue(proposal.summary)}, {"thresholds", thresholdArray(proposal.thresholds)}, {"version", proposal.version.text()}};
    if (!proposal.constraint.empty())
        body.set("constraint", store::textValue(proposal.constraint));
    if (proposal.tolerance)
        body.set("tolerance", ledger::measured(*proposal.tolerance));
    if (proposal.basis)
        body.set("basis", proposal.basis->text());
    return body;
}

std::string unescaped(const json::Value &value)
{
    const auto plain = value.string() ? text::unescape(*value.string()) : Result<std::string>(std::string());
    return plain ? *plain : std::string();
}

std::vector<std::string> textsIn(const std::string &document)
{
    std::vector<std::string> texts;
    const auto parsed = json::parse(document);
    if (parsed && parsed->array())
        for (const auto &entry : *parsed->array())
            texts.push_back(unescaped(entry));
    return texts;
}

std::vector<ProposedThreshold> thresholdsIn(const std::string &document)
{
    std::vector<ProposedThreshold> thresholds;
    const auto parsed = json::parse(document);
    for (const auto &entry : parsed && parsed->array() ? *parsed->array() : json::Array()) {
        const json::Value *group = entry.find("group");
        const json::Value *threshold = entry.find("threshold");
        auto slice = group ? Slice::parse(unescaped(*group)) : Result<Slice>(Slice());
        const auto value = threshold ? ledger::readMeasured(*threshold) : Result<double>(0.0);
        thresholds.push_back({slice ? *std::move(slice) : Slice(), value ? *value : 0.0});
    }
    return thresholds;
}

constexpr std::string_view kSelect =
    "SELECT c.id, c.version, c.kind, c.attributes, c.thresholds, c.bound, c.tolerance, c.import, c.summary, c.reason, c.legal_note, c.evidence, c.media, c.at, c.actor, c.entry, "
    "c.withdrawal, c.withdrawn_at, c.withdrawn_by, c.withdrawn_reason, coalesce(m.id, ''), coalesce(m.name, ''), coalesce(v.label, '') FROM change_request c "
    "LEFT JOIN version v ON v.id = c.version LEFT JOIN model m ON m.id = v.model ";

ChangeRequest requestOf(const database::Query &row)
{
    ChangeRequest change;
    change.id = row.text(0);
    ChangeProposal &proposal = change.proposal;
    proposal.version = VersionId::of(row.text(1));
    if (const auto kind = parseChangeKind(row.text(2)))
        proposal.kind = *kind;
    proposal.attributes = textsIn(row.text(3));
    proposal.thresholds = thresholdsIn(row.text(4));
    proposal.constraint = row.text(5);
    proposal.tolerance = row.realOrNull(6);
    if (const std::string basis = row.text(7); !basis.empty())
        proposal.basis = ImportId::of(basis);
    proposal.summary = row.text(8);
    proposal.reason = row.text(9);
    proposal.legalNote = row.text(10);
    if (const auto digest = Digest::parse(row.text(11)))
        change.evidence = *digest;
    proposal.evidenceMedia = row.text(12);
    change.at = fromMillis(row.integer(13));
    change.actor = row.text(14);
    change.entry = row.integer(15);
    if (!row.isNull(16))
        change.withdrawn = {row.integer(16), fromMillis(row.integer(17)), row.text(18), row.text(19)};
    if (const std::string model = row.text(20); !model.empty())
        change.model = ModelId::of(model);
    change.modelName = row.text(21);
    change.versionLabel = row.text(22);
    return change;
}

template<class... Args>
Result<std::vector<ChangeRequest>> select(Session &session, const std::string &where, const Args &...args)
{
    store::Statements sql(session.connection());
    std::vector<ChangeRequest> changes;
    sql.each(std::string(kSelect) + where + " ORDER BY c.entry DESC", [&](const database::Query &row) { changes.push_back(requestOf(row)); }, args...);
    if (!sql.ok())
        return sql.status().error();
    return changes;
}

} // namespace

std::string_view changeKindKey(ChangeKind kind)
{
    for (const auto &[known, key] : kKinds)
        if (known == kind)
            return key;
    return {};
}

Result<ChangeKind> parseChangeKind(std::string_view key)
{
    for (const auto &[kind, known] : kKinds)
        if (known == key)
            return kind;
    return invalid("\"" + std::string(key.substr(0, 40)) + "\" is no kind of change.");
}

Result<std::string> proposeChange(Session &session, const ChangeProposal &proposal)
{
    for (const auto check : {checkThresholds, checkTexts})
        if (const auto status = check(proposal); !status)
            return status.error();
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    if (const auto version = store::findVersion(session.connection(), proposal.version); !version)
        return version.error();
    if (proposal.basis) {
        const auto basis = findComputed(session, proposal.basis->text());
        if (!basis)
            return basis.error();
        if (basis->undoneBy || basis->version != proposal.version)
            return Error{ErrorKind::Conflict, basis->number() + (basis->undoneBy ? " is undone." : " is of another version."), {}};
    }
    const auto evidence = journal->journal->putEvidence(proposal.evidenceMedia, proposal.evidence);
    if (!evidence)
        return evidence.error();
    const std::string id = "c:" + session.environment().randomness->uuid();
    const auto seq = journal->record({"change.propose", bodyOf(proposal, id), *evidence, {}, {}});
    if (!seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return id;
}

Status withdrawChange(Session &session, const std::string &id, const std::string &reason)
{
    if (reason.empty())
        return invalid("Say why the change request is withdrawn.");
    if (reason.size() > kLongestText)
        return invalid("The reason is longer than 16,384 bytes. Say it shorter.");
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    const auto change = findChange(session, id);
    if (!change)
        return change.error();
    if (change->withdrawn)
        return Error{ErrorKind::Conflict, "The change request is withdrawn already, by ledger entry " + std::to_string(change->withdrawn->entry) + ".", {}};
    const auto seq = journal->record({"change.withdraw", {{"change", change->id}, {"reason", store::textValue(reason)}, {"version", change->proposal.version.text()}}, {}, {}, {}});
    if (!seq)
        return seq.error();
    return journal->journal->commit();
}

Result<std::vector<ChangeRequest>> listChanges(Session &session, const ModelId &model) { return select(session, "WHERE v.model = ?", model.text()); }

Result<std::vector<ChangeRequest>> listChanges(Session &session, const VersionId &version) { return select(session, "WHERE c.version = ?", version.text()); }

Result<ChangeRequest> findChange(Session &session, const std::string &text)
{
    const std::string prefix = text.starts_with("c:") ? text : "c:" + text;
    if (prefix == "c:") // begins every id
        return invalid("Name the change request by its id, or by the beginning of it.");
    auto changes = select(session, "WHERE substr(c.id, 1, ?) = ?", static_cast<std::int64_t>(prefix.size()), prefix);
    if (!changes)
        return changes.error();
    if (changes->size() == 1)
        return std::move(changes->front());
    if (changes->empty())
        return Error{ErrorKind::NotFound, "There is no change request \"" + text + "\".", {}};
    return invalid(std::to_string(changes->size()) + " change requests begin with \"" + text + "\". Write more of the id.");
}

Result<Bytes> loadChangeEvidence(Session &session, const ChangeRequest &change)
{
    auto evidence = session.ledger().evidence(change.evidence);
    if (!evidence)
        return evidence.error();
    return std::move(evidence->bytes);
}

} // namespace countersign::services
