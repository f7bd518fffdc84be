#include "models/services/review/reports.h"

#include "models/base/text.h"
#include "models/ledger/checkpoint.h"
#include "models/policy/evaluator.h"
#include "models/services/governance/evidencefacts.h"
#include "models/services/governance/governancefacts.h"
#include "models/services/keys/keys.h"
#include "models/services/ledger/checkpoints.h"
#include "models/services/ledger/proofs.h"
#include "models/services/review/review.h"
#include "models/services/review/rulefacts.h"
#include "models/services/review/signofffacts.h"
#include "models/services/workspace/journal.h"
#include "models/store/eventbody.h"
#include "models/store/queries/queries.h"
#include "models/store/queries/reviewinputs.h"
#include "models/store/statements.h"

#include <algorithm>
#include <cstdio>
#include <set>

namespace countersign::services {

namespace {

constexpr std::size_t kTrailEntries = 60;

Result<json::Value> trailValue(Session &session, const ModelId &model, std::size_t &omitted)
{
    store::TrailFilter filter;
    filter.model = model;
    auto entries = store::trailEntries(session.connection(), filter);
    if (!entries)
        return entries.error();
    omitted = entries->size() > kTrailEntries ? entries->size() - kTrailEntries : 0;
    entries->resize(entries->size() - omitted);
    const auto rows = store::trailRows(session.connection(), *entries);
    if (!rows)
        return rows.error();
    json::Array trail;
    for (const auto &row : *rows)
        trail.push_back(json::Value(json::Object{{"entry", row.entry}, {"kind", row.kind}, {"leaf", row.leaf.hex()}, {"name", store::textValue(row.actorName)},
                                                 {"summary", store::textValue(row.summary)}, {"time", formatUtc(row.at)}}));
    return json::Value(std::move(trail));
}

/// The newest checkpoint that somebody of this workspace signed; nothing when none is kept. Tampered: the ledger does not continue it.
Result<std::optional<NewestCheckpoint>> checkpointBefore(Session &session)
{
    if (const auto status = session.catchUp(); !status)
        return status.error();
    auto newest = newestCheckpoint(session);
    if (!newest || !*newest || std::ranges::all_of((*newest)->witnesses.publishers, &NoteSigner::isRevoked))
        return newest ? Result<std::optional<NewestCheckpoint>>(std::nullopt) : newest;
    const auto continuity = compareWithKept(session.connection(), (*newest)->note);
    if (!continuity)
        return continuity.error();
    if (!continuity->problem.empty())
        return Error{ErrorKind::Tampered, continuity->problem + " No report is issued. Run Verify.", {}};
    return newest;
}

std::string cosignedText(const Witnesses &witnesses)
{
    std::string text = witnesses.sentence();
    for (const auto &cosigner : witnesses.cosigners)
        if (!cosigner.isRevoked)
            text += (text.find(':') == std::string::npos ? ": " : ", ") + text::visible(cosigner.personName) + " (" + formatUtc(cosigner.at) + ")";
    return text;
}

} // namespace

Result<json::Value> reportFacts(Session &session, const VersionId &id)
{
    auto inputs = store::reviewInputs(session.connection(), id, session.now());
    if (!inputs)
        return inputs.error();
    const auto version = store::findVersion(session.connection(), id);
    const auto model = version ? store::findModel(session.connection(), version->model) : Result<MlModel>(version.error());
    if (!model)
        return model.error();
    const auto versions = store::listVersions(session.connection(), version->model, session.now());
    auto rules = ruleFacts(session, *model);
    const auto signOffs = store::listSignOffs(session.connection(), id);
    std::size_t omitted = 0;
    auto trail = trailValue(session, version->model, omitted);
    for (const auto *error : {versions ? nullptr : &versions.error(), rules ? nullptr : &rules.error(), signOffs ? nullptr : &signOffs.error(), trail ? nullptr : &trail.error()})
        if (error)
            return *error;
    json::Array versionList;
    for (const auto &row : *versions)
        versionList.push_back(json::Value(json::Object{{"createdAt", store::timeValue(row.version.createdAt)}, {"label", store::textValue(row.version.label)},
                                                       {"sentence", store::textValue(row.verdictSentence)}, {"signOffs", row.signOffs},
                                                       {"stage", std::string(stageKey(row.version.stage))}, {"verdict", std::string(verdictKey(row.verdict))}}));
    json::Array signatures;
    for (const auto &row : *signOffs)
        signatures.push_back(signOffFacts(row));
    auto evidence = evidenceFacts(session, id);
    auto findings = findingFacts(session, id);
    auto waivers = waiverFacts(session, id);
    if (!evidence || !findings || !waivers)
        return !evidence ? evidence.error() : !findings ? findings.error() : waivers.error();
    const auto head = session.verifiedHead();
    const auto remark = administratorsRemark(session.connection());
    if (!remark)
        return remark.error();
    return json::Value(json::Object{
        {"context", json::Value(json::Object{{"aliases", store::textArray(version->aliases)}, {"stage", std::string(stageKey(version->stage))}})},
        {"evidence", json::Value(std::move(*evidence))},
        {"findings", json::Value(std::move(*findings))},
        {"generatedAt", store::timeValue(session.now())},
        {"generatedBy", store::textValue(session.person() ? session.person()->name : std::string())},
        {"inputs", std::move(*inputs)},
        {"ledger", json::Value(json::Object{{"id", session.ledgerId().text()}, {"keys", store::textValue(*remark)}, {"root", head.root.text()}, {"size", head.size}})},
        {"program", json::Value(json::Object{{"version", applicationVersion()}})},
        {"rules", std::move(*rules)},
        {"schema", "countersign.report/1"},
        {"signOffs", json::Value(std::move(signatures))},
        {"trail", std::move(*trail)},
        {"trailOmitted", static_cast<std::int64_t>(omitted)},
        {"versions", json::Value(std::move(versionList))},
        {"waivers", json::Value(std::move(*waivers))},
        {"workspace", json::Value(json::Object{{"origin", store::textValue(session.origin())}, {"sample", session.isSample()}})}});
}

Result<std::set<std::uint64_t>> reportedEntries(Session &session, const VersionId &version)
{
    auto entries = evidenceEntries(session, version);
    if (!entries)
        return entries.error();
    const auto signOffs = store::listSignOffs(session.connection(), version);
    if (!signOffs)
        return signOffs.error();
    for (const auto &row : *signOffs) {
        entries->insert(static_cast<std::uint64_t>(row.signOff.entry));
        if (row.signOff.withdrawn)
            entries->insert(static_cast<std::uint64_t>(row.signOff.withdrawn->entry));
    }
    return entries;
}

Result<report::Document> previewReport(Session &session, const VersionId &version)
{
    const auto facts = reportFacts(session, version);
    if (!facts)
        return facts.error();
    return report::auditDocument(*facts, nullptr);
}

Result<IssuedReport> issueReport(Session &session, const VersionId &version)
{
    const auto signer = session.deviceSigner();
    if (!signer)
        return signer.error();
    const auto earlier = checkpointBefore(session);
    if (!earlier)
        return earlier.error();
    IssuedReport issued;
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    auto facts = reportFacts(session, version);
    if (!facts)
        return facts.error();
    issued.facts = std::move(*facts);
    const auto bytes = json::writeRestricted(issued.facts);
    if (!bytes)
        return bytes.error();
    issued.factsBytes = *bytes;
    const auto digest = (*journal)->putEvidence("application/vnd.countersign.report.v1+json", *bytes);
    if (!digest)
        return digest.error();
    issued.id = ReportId::of(session.environment().randomness->uuid());
    issued.issue.facts = *digest;
    store::Statements sql(session.connection());
    const auto number = sql.integer("SELECT count(*) + 1 FROM report").value_or(1);
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "R-%04lld", static_cast<long long>(number));
    issued.issue.number = text.data();
    const auto seq = (*journal)->record({"report.issue",
                                         {{"facts", digest->text()}, {"report", issued.id.text()}, {"title", issued.issue.number + " model audit"}, {"version", version.text()}},
                                         *digest, {}, {}},
                                        *signer);
    if (!seq)
        return seq.error();
    if (const auto status = (*journal)->commit(); !status)
        return status.error();
    journal->reset();
    issued.issue.entry = static_cast<std::int64_t>(*seq);
    const auto checkpoint = publishCheckpoint(session);
    if (!checkpoint)
        return checkpoint.error();
    const auto head = session.verifiedHead();
    issued.issue.size = head.size;
    issued.issue.root = head.root;
    issued.issue.fingerprint = crypto::fingerprint(signer->actor.key);
    issued.issue.origin = ledger::checkpointOrigin(session.ledgerId());
    if (*earlier)
        issued.issue.earlier = report::Issue::Earlier{(*earlier)->head.size, (*earlier)->head.root, cosignedText((*earlier)->witnesses)};
    std::set<std::uint64_t> entries{*seq};
    const auto told = reportedEntries(session, version);
    if (!told)
        return told.error();
    entries.insert(told->begin(), told->end());
    auto bundle = prove(session, entries, {head.size, *checkpoint}, *earlier ? std::optional((*earlier)->note) : std::nullopt);
    if (!bundle)
        return bundle.error();
    bundle->evidence.push_back({*digest, "application/vnd.countersign.report.v1+json", issued.factsBytes});
    auto proof = ledger::encodeProof(*bundle);
    if (!proof)
        return proof.error();
    issued.proof = std::move(*proof);
    issued.document = report::auditDocument(issued.facts, &issued.issue);
    issued.fileName = report::reportFileName(issued.facts, issued.issue);
    return issued;
}

} // namespace countersign::services
