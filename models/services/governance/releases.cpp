#include "models/services/governance/releases.h"

#include "models/base/text.h"
#include "models/crypto/sha256.h"
#include "models/policy/authority.h"
#include "models/services/governance/lifecycle.h"
#include "models/services/governance/packs.h"
#include "models/services/governance/parts.h"
#include "models/services/ledger/checkpoints.h"
#include "models/services/ledger/proofs.h"
#include "models/services/workspace/journal.h"
#include "models/store/keyrecord.h"
#include "models/store/queries/governance/releases.h"
#include "models/store/queries/queries.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <array>
#include <set>

namespace countersign::services {

namespace {

constexpr std::array kFilers{Role::Developer, Role::Owner, Role::ItOperator, Role::Validator};
constexpr std::array kIssuers{Role::Approver, Role::ComplianceOfficer};
constexpr std::array kRevokers{Role::Approver, Role::ComplianceOfficer, Role::ItOperator, Role::Validator, Role::Owner};
constexpr int kLongestReleaseDays = 366;
constexpr qint64 kBlock = 1 << 20;

Error invalid(std::string message) { return {ErrorKind::Invalid, std::move(message), {}}; }
Error conflict(std::string message) { return {ErrorKind::Conflict, std::move(message), {}}; }

/// The gates on the ways from a pack's first stage to one that shows this, rework aside.
std::vector<const policy::Transition *> waysTo(const policy::Pack &pack, const policy::PackStage &target)
{
    std::set<std::string> reached{target.id};
    std::vector<const policy::Transition *> ways;
    for (bool isMore = true; isMore;) {
        isMore = false;
        for (const policy::Transition &transition : pack.transitions)
            if (!transition.isRework && reached.contains(transition.to) && std::ranges::find(ways, &transition) == ways.end()) {
                ways.push_back(&transition);
                reached.insert(transition.from);
                isMore = true;
            }
    }
    return ways;
}

/// Whether the version stands there, or one move before.
policy::GateCheck placeOf(const policy::Pack &pack, const policy::PackStage &target, const ModelVersion &version)
{
    const policy::PackStage *stage = policy::stageOf(pack, version);
    const bool isThere = stage && stage->stage == target.stage;
    const bool isBefore = stage && std::ranges::any_of(pack.transitions, [&](const policy::Transition &one) { return !one.isRework && one.from == stage->id && one.to == target.id; });
    const std::string where = stage ? stage->title : std::string(stageTitle(version.stage));
    return {policy::GateCheck::Kind::Fact, pack.id, "stage", isThere || isBefore ? policy::CheckState::Met : policy::CheckState::NotMet,
            isThere ? "It stands in " + where + "." : isBefore ? "It stands in " + where + ", one move before " + target.title + "."
                                                             : "It stands in " + where + ", from which no move leads to " + target.title + ".", {}};
}

Result<IssuedRelease> current(Session &session, const ReleaseId &id)
{
    return theOne(store::listReleases(session.connection(), {.idPrefix = id.text()}), id.text(), "release");
}

/// What the release is: judged inside the lock when it is issued, and before, so that it can be shown.
struct Prepared {
    release::Release release;
    Role role = Role::Approver;
    Bytes gate; ///< document
};

Result<Prepared> prepared(Session &session, const ReleaseRequest &request, const Person &person)
{
    const auto role = policy::actingRole(person, kIssuers, "Releases are issued");
    if (!role)
        return role.error();
    const Instant now = session.now();
    if (request.expires <= now)
        return invalid("The release would have run out already. Give a moment to come.");
    if (request.expires > now + std::chrono::days(kLongestReleaseDays))
        return invalid("A release holds for a year at most. Give a nearer day; another can be issued then.");
    const auto gate = pipelineGate(session, request.version, Stage::InUse, {});
    const auto facts = gateFacts(session, request.version);
    const auto artifacts = store::listArtifacts(session.connection(), request.version);
    if (!gate || !facts || !artifacts)
        return !gate ? gate.error() : !facts ? facts.error() : artifacts.error();
    if (!gate->isOpen()) {
        std::string message = versionName(gate->version.label) + " of " + gate->model.name + " cannot be released. " + gate->gate.sentence();
        for (const policy::GateCheck &check : gate->gate.reasons())
            message += "\n– " + check.sentence;
        return conflict(std::move(message));
    }
    if (artifacts->empty())
        return invalid("No file of this version is known, so that nothing could be told from anything else. Add its files first.");
    Prepared made;
    made.role = *role;
    made.release.model = gate->model.id;
    made.release.modelName = gate->model.name;
    made.release.version = request.version;
    made.release.versionLabel = gate->version.label;
    made.release.expires = request.expires;
    for (const Artifact &artifact : *artifacts)
        made.release.files.push_back({artifact.name, artifact.digest, artifact.size});
    for (const SignOff &signOff : facts->signOffs)
        if (signOff.decision == Decision::Approve && !signOff.withdrawn && !signOff.isStale)
            made.release.approvals.push_back(static_cast<std::uint64_t>(signOff.entry));
    std::ranges::sort(made.release.approvals);
    if (made.release.approvals.empty())
        return conflict("Nobody's approval of this version stands. A release rests on signatures.");
    for (const policy::GateCheck &check : gate->gate.checks)
        for (const Waiver &waiver : facts->waivers)
            if (!check.waiver.empty() && waiver.number() == check.waiver)
                made.release.expires = std::min(made.release.expires, waiver.until);
    auto document = json::writeRestricted(json::Value(gateDocument(gate->gate)));
    if (!document)
        return document.error();
    made.gate = std::move(*document);
    made.release.gate = crypto::sha256(made.gate);
    made.release.sentence = "I, " + person.name + " (" + person.login + "), " + std::string(roleTitle(*role)) + ", release " + gate->model.name + " version " + gate->version.label
        + " for use until " + formatUtc(made.release.expires) + ", with " + std::to_string(made.release.files.size()) + (made.release.files.size() == 1 ? " file" : " files")
        + ", on " + std::to_string(made.release.approvals.size()) + (made.release.approvals.size() == 1 ? " approval" : " approvals") + ". " + gate->gate.sentence();
    return made;
}

} // namespace

Result<FileDigest> digestOf(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorKind::Io, "The file " + path + " cannot be read: " + file.errorString().toStdString(), {}};
    FileDigest found{QFileInfo(file).fileName().toStdString(), {}, 0};
    crypto::Sha256 hash;
    QByteArray block(kBlock, Qt::Uninitialized);
    for (qint64 read = 0; (read = file.read(block.data(), kBlock)) != 0;) {
        if (read < 0)
            return Error{ErrorKind::Io, "The file " + path + " cannot be read to its end: " + file.errorString().toStdString(), {}};
        hash.add(BytesView(block.constData(), static_cast<std::size_t>(read)));
        found.size += read;
    }
    found.digest = hash.finish();
    return found;
}

Result<std::vector<Artifact>> addArtifacts(Session &session, const VersionId &version, const std::vector<FileDigest> &files)
{
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    if (const auto role = policy::actingRole(*session.person(), kFilers, "Files of a version are made known"); !role)
        return role.error();
    const auto found = store::findVersion(session.connection(), version);
    const auto known = found ? store::listArtifacts(session.connection(), version) : Result<std::vector<Artifact>>(found.error());
    if (!known)
        return known.error();
    int added = 0;
    for (const FileDigest &file : files) {
        if (std::ranges::find(*known, file.digest, &Artifact::digest) != known->end())
            continue;
        const auto seq = journal->record({"version.artifact", {{"digest", file.digest.text()}, {"model", found->model.text()}, {"name", store::textValue(file.name)}, {"size", file.size},
                                                               {"version", version.text()}}, {}, {}, {}});
        if (!seq)
            return seq.error();
        ++added;
    }
    if (added == 0)
        return conflict("These files are known already.");
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return store::listArtifacts(session.connection(), version);
}

Result<PipelineGate> pipelineGate(Session &session, const VersionId &version, Stage stage, const std::optional<Digest> &artifact)
{
    const auto facts = gateFacts(session, version);
    if (!facts)
        return facts.error();
    const auto packs = packsOf(session, facts->model);
    if (!packs)
        return packs.error();
    if (packs->empty())
        return Error{ErrorKind::NotFound, "No pack governs " + facts->model.name + ", so that no gate decides on it. Publish one for all models, or choose one for this model.", {}};
    PipelineGate asked{facts->model, facts->version, packs->front().title + " " + packs->front().version, {}, {}, {}};
    std::vector<policy::GateVerdict> gates;
    for (const policy::Pack &pack : *packs) {
        const auto target = std::ranges::find(pack.stages, stage, &policy::PackStage::stage);
        const bool isFirst = &pack == &packs->front();
        if (target == pack.stages.end() && isFirst)
            return invalid(pack.title + " has no stage \"" + std::string(stageTitle(stage)) + "\".");
        if (target == pack.stages.end())
            continue;
        if (isFirst) {
            asked.stage = target->title;
            policy::GateVerdict place;
            place.checks.push_back(placeOf(pack, *target, facts->version));
            gates.push_back(std::move(place));
        }
        for (const policy::Transition *way : waysTo(pack, *target))
            gates.push_back(policy::judgeGate(pack, *way, *facts));
    }
    asked.gate = policy::together(std::move(gates));
    if (!artifact)
        return asked;
    const auto known = store::listArtifacts(session.connection(), version);
    if (!known)
        return known.error();
    const auto file = std::ranges::find(*known, *artifact, &Artifact::digest);
    policy::GateCheck check{policy::GateCheck::Kind::Fact, {}, "artifact", policy::CheckState::Met, {}, {}};
    if (known->empty())
        check = {policy::GateCheck::Kind::Fact, {}, "artifact", policy::CheckState::NotEnough, "No file of this version is known, so that nothing can be said about this one.", {}};
    else if (file == known->end())
        check = {policy::GateCheck::Kind::Fact, {}, "artifact", policy::CheckState::NotMet, "The file is none of this version's: " + artifact->text() + ".", {}};
    else
        check.sentence = "The file is this version's " + text::visible(file->name) + ".";
    asked.artifact = std::move(check);
    return asked;
}

Result<release::Release> prepareRelease(Session &session, const ReleaseRequest &request, const Person &person)
{
    auto made = prepared(session, request, person);
    return made ? Result<release::Release>(std::move(made->release)) : Result<release::Release>(made.error());
}

Result<IssuedRelease> issueRelease(Session &session, const ReleaseRequest &request, const Person &person, const crypto::SigningKey &key)
{
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    auto made = prepared(session, request, person);
    if (!made)
        return made.error();
    made->release.id = ReleaseId::of(session.environment().randomness->uuid());
    const auto gate = (*journal)->putEvidence("application/vnd.countersign.gate.v1+json", made->gate);
    if (!gate)
        return gate.error();
    if (const auto seq = (*journal)->record({"release.issue", release::releaseBody(made->release), *gate, {}, {}}, session.personSigner(person, made->role, key)); !seq)
        return seq.error();
    if (const auto status = (*journal)->commit(); !status)
        return status.error();
    return current(session, made->release.id);
}

Result<IssuedRelease> revokeRelease(Session &session, const ReleaseId &id, const std::string &reason)
{
    if (const auto status = checkReason(reason, "Say why the release is revoked."); !status)
        return status.error();
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    if (const auto role = policy::actingRole(*session.person(), kRevokers, "Releases are revoked"); !role)
        return role.error();
    const auto issued = current(session, id);
    if (!issued)
        return issued.error();
    if (issued->revoked)
        return conflict(issued->number() + " is revoked since " + formatDate(issued->revoked->at) + ".");
    if (const auto seq = journal->record({"release.revoke", {{"model", issued->model.text()}, {"reason", store::textValue(reason)}, {"release", id.text()},
                                                             {"version", issued->version.text()}}, {}, {}, {}}); !seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return current(session, id);
}

Result<IssuedRelease> findRelease(Session &session, const std::string &text)
{
    const auto name = readRecordName(text, 'R', "z:", "release");
    if (!name)
        return name.error();
    return theOne(store::listReleases(session.connection(), {.no = name->no, .idPrefix = name->idPrefix}), text, "release");
}

Result<Bytes> releaseToken(Session &session, const IssuedRelease &issued)
{
    const auto entry = session.ledger().read(static_cast<std::uint64_t>(issued.entry), 1);
    if (!entry)
        return entry.error();
    const auto parts = entry->empty() ? Result<ledger::Entry>(Error{ErrorKind::NotFound, "The entry of " + issued.number() + " is not there.", {}}) : ledger::decodeEntry(entry->front());
    const auto event = parts ? ledger::decodeEvent(parts->payload) : Result<ledger::Event>(parts.error());
    const auto body = event ? release::readRelease(event->body) : Result<release::Release>(event.error());
    if (!body)
        return body.error();
    std::set<std::uint64_t> entries(body->approvals.begin(), body->approvals.end());
    entries.insert(static_cast<std::uint64_t>(issued.entry));
    const auto note = publishCheckpoint(session);
    if (!note)
        return note.error();
    const auto bundle = prove(session, entries, {session.verifiedHead().size, *note});
    if (!bundle)
        return bundle.error();
    return ledger::encodeProof(*bundle);
}

Result<Bytes> releaseTrust(Session &session)
{
    const auto keys = store::listKeys(session.connection());
    const auto releases = store::listReleases(session.connection());
    if (!keys || !releases)
        return keys ? releases.error() : keys.error();
    release::Trust trust;
    trust.ledger = session.ledgerId();
    trust.origin = session.origin();
    trust.size = session.verifiedHead().size;
    trust.exportedAt = session.now();
    for (const store::KeyRecord &key : *keys)
        if (key.isPersons() && (key.state() == store::KeyState::InUse || key.state() == store::KeyState::Replaced))
            if (const auto digest = Digest::parse("sha256:" + key.id.text().substr(2)))
                trust.keys.push_back({*digest, key.owner, key.ownerName});
    for (const IssuedRelease &one : *releases)
        if (one.revoked)
            trust.revoked.emplace(one.id, one.revoked->reason);
    return release::encodeTrust(trust);
}

} // namespace countersign::services
