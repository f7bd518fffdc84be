#include "models/services/review/review.h"

#include "models/base/text.h"
#include "models/crypto/sha256.h"
#include "models/ledger/entry.h"
#include "models/policy/signing.h"
#include "models/services/governance/evidencefacts.h"
#include "models/services/governance/governancefacts.h"
#include "models/services/review/pending.h"
#include "models/services/review/receipts.h"
#include "models/services/review/rulefacts.h"
#include "models/services/review/signofffacts.h"
#include "models/services/workspace/hints.h"
#include "models/services/workspace/journal.h"
#include "models/store/queries/governance/findings.h"
#include "models/store/queries/queries.h"
#include "models/store/queries/reviewinputs.h"
#include "models/store/statements.h"

namespace countersign::services {

namespace {

constexpr std::size_t kMaxBundle = 64U << 20;
constexpr const char *kBundleMedia = "application/vnd.countersign.bundle.v1+json";

std::string plain(const json::Value *value, std::string_view key)
{
    const std::string text = value ? value->textOr(key, {}) : std::string();
    const auto result = text::unescape(text);
    return result ? *result : text;
}

Result<Digest> inputsDigest(const json::Value &inputs)
{
    const auto bytes = json::writeRestricted(inputs);
    if (!bytes)
        return bytes.error();
    return crypto::sha256(*bytes);
}

Result<json::Value> contextOf(Session &session, const VersionId &id)
{
    const auto version = store::findVersion(session.connection(), id);
    if (!version)
        return version.error();
    const auto signOffs = store::listSignOffs(session.connection(), id);
    if (!signOffs)
        return signOffs.error();
    json::Array earlier;
    for (const auto &row : *signOffs)
        earlier.push_back(signOffFacts(row));
    auto evidence = evidenceFacts(session, id);
    auto findings = findingFacts(session, id);
    auto waivers = waiverFacts(session, id);
    if (!evidence || !findings || !waivers)
        return !evidence ? evidence.error() : !findings ? findings.error() : waivers.error();
    return json::Value(json::Object{{"aliases", store::textArray(version->aliases)}, {"evidence", json::Value(std::move(*evidence))},
                                    {"findings", json::Value(std::move(*findings))}, {"signOffs", json::Value(std::move(earlier))},
                                    {"stage", std::string(stageKey(version->stage))}, {"waivers", json::Value(std::move(*waivers))}});
}

std::vector<std::string> describedChanges(const json::Value *before, const json::Value *after)
{
    auto changes = store::describeChanges(before ? *before : json::Value(), after ? *after : json::Value());
    if (changes.empty())
        changes.emplace_back("The inputs changed.");
    return changes;
}

std::string joined(const std::vector<std::string> &sentences)
{
    std::string text;
    for (const auto &sentence : sentences)
        text += " " + sentence;
    return text;
}

/// What became of an append whose commit failed, or whose answer was lost.
struct Outcome {
    enum class Fate { Recorded, NotRecorded, Unknown };
    Fate fate = Fate::Unknown;
    std::unique_ptr<Session> again; ///< where the session's own line is gone, one that found it out
};

/// Looked up by the id. Precondition: the session's transaction is over. A connection that needs a password cannot be made anew; the next opening looks.
Outcome outcomeOf(Session &session, const std::string &id)
{
    const auto fateOf = [](const auto &stored) {
        return !stored ? Outcome::Fate::Unknown : *stored ? Outcome::Fate::Recorded : Outcome::Fate::NotRecorded;
    };
    // The database answers: what it does not have now was rolled back, and does not come.
    if (const auto stored = entryOf(session, id)) {
        const auto fate = fateOf(stored);
        return {fate == Outcome::Fate::Recorded && !session.catchUp() ? Outcome::Fate::Unknown : fate, {}};
    }
    auto again = Session::open({session.connection().location(), {}, false, session.person() ? session.person()->id.text() : std::string()}, session.environment());
    if (!again)
        return {};
    // A server may still be at it: who has the ledger after it sees what came of it.
    const auto transaction = database::Transaction::begin((*again)->connection(), std::chrono::seconds(5));
    const auto head = transaction ? (*again)->ledger().head(true) : Result<ledger::CompactTree>(transaction.error());
    const auto fate = head ? fateOf(entryOf(**again, id)) : Outcome::Fate::Unknown;
    return {fate == Outcome::Fate::Recorded && !(*again)->catchUp() ? Outcome::Fate::Unknown : fate, *std::move(again)};
}

/// Rejections, signatures taken back, and findings opened, that the bundle does not show.
Result<std::vector<std::string>> objectionsSince(Session &session, const FrozenBundle &bundle)
{
    const auto rows = store::listObjections(session.connection(), bundle.version);
    if (!rows)
        return rows.error();
    const json::Value *context = bundle.document.find("context");
    const json::Value *shown = context ? context->find("signOffs") : nullptr;
    std::vector<std::string> sentences;
    for (const auto &[signOff, sentence, model, label] : *rows) {
        const bool isWithdrawn = signOff.withdrawn.has_value();
        const json::Array none;
        const json::Array &facts = shown && shown->array() ? *shown->array() : none;
        const auto known = std::ranges::find_if(facts, [&](const json::Value &one) { return one.integerOr("entry", -1) == signOff.entry; });
        if (known != facts.end() && isWithdrawn == (known->find("withdrawn") != nullptr))
            continue;
        if (isWithdrawn && known == facts.end() && signOff.decision == Decision::Reject)
            continue; // came and went
        sentences.push_back(signOff.personName + (isWithdrawn ? " withdrew a signature (entry " : " rejected this version (entry ")
                            + std::to_string(isWithdrawn ? signOff.withdrawn->entry : signOff.entry) + ").");
    }
    const auto frozen = store::findBundle(session.connection(), bundle.id);
    store::FindingFilter open;
    open.version = bundle.version;
    open.isOpen = true;
    const auto findings = store::listFindings(session.connection(), open);
    if (!frozen || !findings)
        return frozen ? findings.error() : frozen.error();
    for (const Finding &finding : *findings)
        if (*frozen && finding.entry > (*frozen)->entry)
            sentences.push_back(finding.openedByName + " opened a finding (entry " + std::to_string(finding.entry) + "): " + finding.title);
    return sentences;
}

Error unknownOutcome(const database::Location &location, const Error &error)
{
    // What the write failed of may say that nothing was recorded; that a file which cannot be read any more does not tell.
    const std::string why = location.backend == database::Backend::Sqlite
        ? "“" + location.file.native() + "” could not be written, and now it cannot be read either. Check the disk, its room and the folder's permissions."
        : error.text();
    return {ErrorKind::Io,
            "It is not known whether the signature was recorded: " + why
                + " It is kept on this computer and looked up when the workspace is opened again; do not sign a second time.",
            {}, hint::kDecidePending};
}

Error notRecorded(const Error &error, bool isLineLost)
{
    return {error.kind,
            "The signature was not recorded. "
                + (isLineLost ? std::string("The connection to the database was lost, and a new one shows that nothing came of it: open the workspace again and sign anew.")
                              : error.text()),
            {}};
}

} // namespace

Result<FrozenBundle> freezeReview(Session &session, const VersionId &version)
{
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    auto inputs = store::reviewInputs(session.connection(), version, session.now());
    if (!inputs)
        return inputs.error();
    const auto digest = inputsDigest(*inputs);
    if (!digest)
        return digest.error();
    auto context = contextOf(session, version);
    if (!context)
        return context.error();
    const auto record = store::findVersion(session.connection(), version);
    const auto model = record ? store::findModel(session.connection(), record->model) : Result<MlModel>(record.error());
    if (!model)
        return model.error();
    auto rules = ruleFacts(session, *model);
    if (!rules)
        return rules.error();
    FrozenBundle bundle;
    bundle.version = version;
    bundle.inputs = *digest;
    bundle.document = json::Value(json::Object{{"context", std::move(*context)},
                                               {"frozen", json::Value(json::Object{{"at", store::timeValue(session.now())}, {"by", store::textValue(session.person()->name)}})},
                                               {"inputs", std::move(*inputs)}, {"rules", std::move(*rules)}, {"schema", "countersign.bundle/1"}});
    const auto bytes = json::writeRestricted(bundle.document);
    if (!bytes)
        return bytes.error();
    const auto evidence = journal->journal->putEvidence(kBundleMedia, *bytes);
    if (!evidence)
        return evidence.error();
    bundle.digest = *evidence;
    bundle.id = BundleId::of(evidence->hex());
    const auto seq = journal->record({"bundle.freeze", {{"bundle", bundle.id.text()}, {"inputs", bundle.inputs.text()}, {"version", version.text()}}, *evidence, {}, {}});
    if (!seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return bundle;
}

Result<FrozenBundle> loadBundle(Session &session, const std::string &text)
{
    const std::string prefix = text.starts_with("sha256:") ? text.substr(7) : text;
    if (prefix.empty() || prefix == "b:") // begins every id: nobody may sign the only one by accident
        return Error{ErrorKind::Invalid, "Name the frozen review by its id, or by the beginning of it.", {}};
    const auto rows = store::bundlesLike(session.connection(), prefix);
    if (!rows)
        return rows.error();
    if (rows->empty())
        return Error{ErrorKind::NotFound, "There is no frozen review \"" + text + "\".", {}, hint::kFreezeReview};
    if (rows->size() > 1)
        return Error{ErrorKind::Invalid, std::to_string(rows->size()) + " frozen reviews begin with \"" + text + "\". Write more of the id.", {}};
    FrozenBundle bundle;
    bundle.id = rows->front().id;
    bundle.version = rows->front().version;
    bundle.inputs = rows->front().inputs;
    const auto digest = Digest::parse("sha256:" + bundle.id.text().substr(2));
    if (!digest)
        return digest.error();
    bundle.digest = *digest;
    const auto evidence = session.ledger().evidence(*digest);
    if (!evidence)
        return evidence.error();
    auto document = json::readRestricted(evidence->bytes, kMaxBundle);
    if (!document)
        return document.error();
    bundle.document = std::move(*document);
    return bundle;
}

Result<std::vector<std::string>> changesSince(Session &session, const FrozenBundle &bundle)
{
    const auto now = store::reviewInputs(session.connection(), bundle.version, session.now());
    if (!now)
        return now.error();
    const auto digest = inputsDigest(*now);
    if (!digest)
        return digest.error();
    auto objections = objectionsSince(session, bundle);
    if (!objections || *digest == bundle.inputs)
        return objections;
    const json::Value *frozen = bundle.document.find("inputs");
    auto changes = describedChanges(frozen, &*now);
    changes.insert(changes.end(), objections->begin(), objections->end());
    return changes;
}

std::vector<std::string> changesBetween(const FrozenBundle &earlier, const FrozenBundle &now)
{
    return earlier.inputs == now.inputs ? std::vector<std::string>() : describedChanges(earlier.document.find("inputs"), now.document.find("inputs"));
}

std::vector<std::string> adverseFacts(const FrozenBundle &bundle)
{
    std::vector<std::string> facts;
    const json::Value *inputs = bundle.document.find("inputs");
    const json::Value *verdicts = inputs ? inputs->find("verdicts") : nullptr;
    const auto count = [&](std::string_view state) {
        std::int64_t n = 0;
        for (const auto &verdict : verdicts && verdicts->array() ? *verdicts->array() : json::Array())
            n += verdict.textOr("state", {}) == state;
        return n;
    };
    if (const auto n = count("fail"))
        facts.push_back(std::to_string(n) + (n == 1 ? " failed limit" : " failed limits"));
    if (const auto n = count("notEnoughData"))
        facts.push_back(std::to_string(n) + (n == 1 ? " limit without enough data" : " limits without enough data"));
    if (const auto n = count("waived"))
        facts.push_back(std::to_string(n) + (n == 1 ? " waived limit" : " waived limits"));
    if (const auto n = count("watch"))
        facts.push_back(std::to_string(n) + (n == 1 ? " limit on watch" : " limits on watch"));
    if (verdicts && verdicts->array() && verdicts->array()->empty())
        facts.emplace_back("no limit judged");
    const json::Value *context = bundle.document.find("context");
    const json::Value *findings = context ? context->find("findings") : nullptr;
    if (findings && findings->array() && !findings->array()->empty())
        facts.push_back(std::to_string(findings->array()->size()) + (findings->array()->size() == 1 ? " open finding" : " open findings"));
    return facts;
}

std::string signingSentence(const FrozenBundle &bundle, const Person &person, Role role, Decision decision, const std::string &meaning)
{
    const json::Value *inputs = bundle.document.find("inputs");
    return policy::signingSentence(person, role, decision, meaning, plain(inputs ? inputs->find("model") : nullptr, "name"),
                                   plain(inputs ? inputs->find("version") : nullptr, "label"), adverseFacts(bundle));
}

Result<SignReceipt> sign(Session &session, const SignRequest &request, const Person &person, const crypto::SigningKey &key)
{
    if (const auto status = policy::maySign(person, request.role, request.decision, request.meaning, request.comment); !status)
        return status.error();
    const auto bundle = loadBundle(session, request.bundle.text());
    if (!bundle)
        return bundle.error();
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    // A second click, or a retry after a lost answer: the signature that is there is the signature.
    const auto earlier = entryOf(session, request.id);
    if (!earlier)
        return earlier.error();
    if (*earlier) {
        journal->reset();
        return readBack(session, request.id, key.publicKey());
    }
    if (request.rendering && request.rendering->bytes.size() > kLargestRendering)
        return Error{ErrorKind::Invalid, "The pages of the review are larger than 32 MiB and cannot be kept with the signature.", {}};
    if (isPending(session, request.id))
        return Error{ErrorKind::Conflict, "A signature of this review was made before, and is neither recorded nor discarded. Decide on it first.", {}, hint::kDecidePending};
    const auto changes = changesSince(session, *bundle);
    if (!changes)
        return changes.error();
    if (!changes->empty())
        return Error{ErrorKind::Conflict, "What was frozen is no longer what is recorded; freeze and read again." + joined(*changes), {}};
    const auto head = store::subjectHead(session.connection(), bundle->version.text());
    if (!head)
        return head.error();
    const std::string sentence = signingSentence(*bundle, person, request.role, request.decision, request.meaning);
    Draft draft;
    draft.id = request.id;
    draft.kind = request.decision == Decision::Approve ? "review.signoff" : "review.reject";
    draft.evidence = bundle->digest;
    draft.expects = ledger::Expectation{bundle->version.text(), *head};
    draft.body = {{"adverse", store::textArray(adverseFacts(*bundle))}, {"bundle", bundle->id.text()}, {"comment", store::textValue(request.comment)},
                  {"decision", std::string(decisionKey(request.decision))}, {"inputs", bundle->inputs.text()}, {"meaning", store::textValue(request.meaning)},
                  {"sentence", store::textValue(sentence)}, {"shown", store::textArray(request.shown)},
                  {"signoff", SignOffId::of(session.environment().randomness->uuid()).text()}, {"version", bundle->version.text()}};
    if (request.rendering) {
        const auto kept = (*journal)->putEvidence(request.rendering->media, request.rendering->bytes);
        if (!kept)
            return kept.error();
        draft.body.set("rendering", kept->text());
    }
    return recordSigned(session, *std::move(journal), std::move(draft), session.personSigner(person, request.role, key));
}

Result<Rendering> loadRendering(Session &session, const SignOff &signOff)
{
    if (!signOff.rendering)
        return Error{ErrorKind::NotFound, "What the signer of entry " + std::to_string(signOff.entry) + " had before their eyes was not kept. The frozen review is: show that.", {}};
    auto kept = session.ledger().evidence(*signOff.rendering);
    if (!kept)
        return kept.error();
    return Rendering{std::move(kept->media), std::move(kept->bytes)};
}

Result<SignReceipt> recordSigned(Session &session, std::unique_ptr<Journal> journal, Draft draft, const Signer &signer)
{
    const std::string id = draft.id;
    if (const auto seq = journal->record(std::move(draft), signer); !seq)
        return seq.error();
    if (const auto status = keepPending(session, id, journal->lastEntry()); !status)
        return status.error();
    const auto status = journal->commit();
    journal.reset();
    if (!status && status.error().kind != ErrorKind::Io) {
        dropPending(session, id); // rolled back, and known to be
        return status.error();
    }
    const auto outcome = status ? Outcome{Outcome::Fate::Recorded, {}} : outcomeOf(session, id);
    if (outcome.fate == Outcome::Fate::Unknown)
        return unknownOutcome(session.connection().location(), status.error());
    if (outcome.fate == Outcome::Fate::NotRecorded) {
        dropPending(session, id);
        return notRecorded(status.error(), outcome.again != nullptr);
    }
    auto receipt = readBack(outcome.again ? *outcome.again : session, id, signer.key->publicKey());
    if (receipt)
        dropPending(session, id);
    return receipt;
}

} // namespace countersign::services
