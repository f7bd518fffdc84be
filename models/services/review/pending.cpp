#include "models/services/review/pending.h"

#include "models/base/text.h"
#include "models/ledger/entry.h"
#include "models/services/review/receipts.h"
#include "models/services/workspace/journal.h"
#include "models/settings/privatefile.h"
#include "models/store/eventbody.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"

#include <algorithm>

namespace countersign::services {

namespace {

constexpr std::size_t kLargestEntry = 512U << 10;
constexpr const char *kSuffix = ".entry";

std::filesystem::path folderOf(const Session &session)
{
    return session.environment().kept / "pending";
}

std::string prefixOf(const Session &session)
{
    return session.ledgerId().text().substr(2) + "-";
}

std::filesystem::path fileOf(const Session &session, const std::string &id)
{
    return folderOf(session) / (prefixOf(session) + id + kSuffix);
}

std::string plainOf(const std::string &text)
{
    const auto plain = text::unescape(text);
    return plain ? *plain : text;
}

std::string madeAt(const PendingSignature &pending)
{
    const std::string local = formatUtc(pending.signedAt + std::chrono::minutes(pending.utcOffsetMinutes));
    return local.substr(0, 10) + " " + local.substr(11, 5) + " (" + formatOffset(pending.utcOffsetMinutes) + ")";
}

Result<PendingSignature> readPending(const Session &session, const std::string &id)
{
    const auto file = fileOf(session, id);
    const auto bytes = settings::readFile(file, kLargestEntry);
    if (!bytes)
        return bytes.error();
    if (!*bytes)
        return Error{ErrorKind::NotFound, "No signature \"" + id + "\" is pending on this computer.", {}};
    const auto entry = ledger::decodeEntry(**bytes);
    auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
    if (!event || event->id != id || event->ledger != session.ledgerId())
        return Error{ErrorKind::Tampered,
                     "The pending signature " + file.native() +
                         " is damaged. It was not recorded by this file; look for its id in the audit trail.",
                     {}};
    const json::Value body(event->body);
    PendingSignature pending;
    pending.id = id;
    pending.version = VersionId::of(body.textOr("version", {}));
    pending.person = event->actor.person;
    pending.name = plainOf(event->actor.name);
    pending.sentence = plainOf(body.textOr("sentence", body.textOr("reason", {})));
    pending.signedAt = event->time;
    pending.utcOffsetMinutes = event->utcOffsetMinutes;
    pending.entry = **bytes;
    pending.event = *std::move(event);
    return pending;
}

/// Why it can no longer be submitted; nothing: it can.
Result<std::optional<std::string>> overtakenBy(Session &session, const PendingSignature &pending)
{
    if (const auto &expects = pending.event.expects) {
        const auto head = store::subjectHead(session.connection(), expects->subject);
        if (!head)
            return head.error();
        if (*head != expects->head)
            return std::optional<std::string>("what was signed has gone on since");
    }
    const std::string bundle = json::Value(pending.event.body).textOr("bundle", {});
    if (bundle.empty())
        return std::optional<std::string>();
    const auto frozen = loadBundle(session, bundle);
    const auto changes = frozen ? changesSince(session, *frozen) : Result<std::vector<std::string>>(frozen.error());
    if (!changes)
        return changes.error();
    return changes->empty() ? std::optional<std::string>()
                            : std::optional("what was signed is no longer what is recorded: " + changes->front());
}

Result<PendingFinding> lookUp(Session &session, PendingSignature pending)
{
    PendingFinding finding;
    const std::string which = "The signature that " + pending.name + " made at " + madeAt(pending);
    const auto stored = entryOf(session, pending.id);
    if (!stored)
        return stored.error();
    if (*stored) {
        finding.entry = (*stored)->first;
        const std::string place = " entry " + std::to_string((*stored)->first);
        finding.state = (*stored)->second == pending.entry ? PendingState::Recorded : PendingState::OtherBytes;
        finding.sentence = finding.state == PendingState::Recorded
                               ? which + " was recorded as" + place + "."
                               : which + " is not what the ledger has under its id," + place +
                                     ". Do not rely on that entry; run Verify. The signed bytes are kept in " +
                                     fileOf(session, pending.id).native() + ".";
    } else {
        const auto overtaken = overtakenBy(session, pending);
        if (!overtaken)
            return overtaken.error();
        finding.state = *overtaken ? PendingState::Overtaken : PendingState::Undecided;
        finding.sentence =
            which + " was not recorded" +
            (*overtaken ? ", and cannot be any more: " + **overtaken : std::string(". Submit or discard it")) +
            (*overtaken && (*overtaken)->ends_with('.') ? "" : ".");
    }
    finding.signature = std::move(pending);
    return finding;
}

Status recordDiscard(Session &session, const PendingSignature &pending, const std::string &reason)
{
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    // The ledger is locked now: what is not there can no longer come.
    const auto stored = entryOf(session, pending.id);
    if (!stored)
        return stored.error();
    if (*stored)
        return Error{ErrorKind::Conflict,
                     "The signature was recorded meanwhile, as entry " + std::to_string((*stored)->first) + ".",
                     {}};
    const auto seq = journal->record(
        {"security.signature_discarded",
         {{"event", pending.id}, {"reason", store::textValue(reason)}, {"version", pending.version.text()}},
         {},
         {},
         {}});
    if (!seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status;
    dropPending(session, pending.id);
    return {};
}

} // namespace

Status keepPending(const Session &session, const std::string &id, BytesView entry)
{
    if (session.environment().kept.empty())
        return {};
    if (const auto status = settings::makePrivateFolder(folderOf(session)); !status)
        return status;
    return settings::createFile(fileOf(session, id), entry);
}

void dropPending(const Session &session, const std::string &id)
{
    std::error_code ignored;
    if (!session.environment().kept.empty())
        std::filesystem::remove(fileOf(session, id), ignored);
}

bool isPending(const Session &session, const std::string &id)
{
    std::error_code ignored;
    return !session.environment().kept.empty() && std::filesystem::exists(fileOf(session, id), ignored);
}

Result<std::vector<PendingFinding>> resolvePending(Session &session)
{
    std::vector<PendingFinding> findings;
    if (session.environment().kept.empty())
        return findings;
    std::vector<std::string> ids;
    std::error_code ignored;
    for (const auto &file : std::filesystem::directory_iterator(folderOf(session), ignored)) {
        const std::string name = file.path().filename().native();
        const std::string prefix = prefixOf(session);
        if (name.starts_with(prefix) && name.ends_with(kSuffix))
            ids.push_back(name.substr(prefix.size(), name.size() - prefix.size() - std::string(kSuffix).size()));
    }
    std::ranges::sort(ids);
    for (const std::string &id : ids) {
        auto pending = readPending(session, id);
        auto finding = pending ? lookUp(session, *std::move(pending)) : Result<PendingFinding>(pending.error());
        if (!finding)
            return finding.error();
        if (finding->state == PendingState::Recorded)
            dropPending(session, id);
        if (finding->state == PendingState::Overtaken && session.deviceSigner()) {
            const auto status = recordDiscard(session, finding->signature, finding->sentence);
            finding->sentence += status
                                     ? " It was discarded."
                                     : " It is discarded once this computer can record that: " + status.error().text();
        }
        findings.push_back(std::move(*finding));
    }
    return findings;
}

Result<SignReceipt> submitPending(Session &session, const std::string &id)
{
    const auto pending = readPending(session, id);
    if (!pending)
        return pending.error();
    const auto &key = pending->event.actor.key;
    store::Statements sql(session.connection());
    std::optional<crypto::PublicKey> publicKey;
    sql.each(
        "SELECT public FROM enrolled_key WHERE id = ? AND revoked_from IS NULL AND is_awaiting = 0",
        [&](const database::Query &row) {
            if (const auto read = crypto::PublicKey::fromBytes(row.bytes(0)))
                publicKey = *read;
        },
        key.text());
    if (!sql.ok())
        return sql.status().error();
    if (!publicKey)
        return Error{ErrorKind::Denied,
                     "The key that made the signature may no longer sign here. Discard it, and sign again with the key "
                     "that may.",
                     {}};
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    const auto finding = lookUp(session, *pending);
    if (!finding)
        return finding.error();
    if (finding->state == PendingState::Overtaken || finding->state == PendingState::OtherBytes)
        return Error{finding->state == PendingState::Overtaken ? ErrorKind::Conflict : ErrorKind::Tampered,
                     finding->sentence,
                     {}};
    if (finding->state == PendingState::Undecided) {
        if (const auto seq = (*journal)->recordSealed(pending->entry); !seq)
            return seq.error();
        if (const auto status = (*journal)->commit(); !status)
            return status.error();
    }
    journal->reset();
    auto receipt = readBack(session, id, *publicKey);
    if (receipt)
        dropPending(session, id);
    return receipt;
}

Status discardPending(Session &session, const std::string &id, const std::string &reason)
{
    const auto pending = readPending(session, id);
    if (!pending)
        return pending.error();
    if (text::isBlank(reason))
        return Error{ErrorKind::Invalid, "Say why the signature is discarded; that is recorded.", {}};
    return recordDiscard(session, *pending, reason);
}

} // namespace countersign::services
