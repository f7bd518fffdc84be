#include "models/services/ledger/checkpoints.h"

#include <algorithm>

namespace countersign::services {

namespace {

DeviceId deviceOf(const Session &session)
{
    return crypto::deviceId(session.environment().device->publicKey());
}

bool holds(const std::vector<NoteSigner> &signers, const DeviceId &device)
{
    return std::ranges::any_of(signers, [&](const NoteSigner &signer) { return signer.device == device; });
}

Result<NewestCheckpoint> described(Session &session, std::string note)
{
    const auto checkpoint = ledger::readCheckpointUnverified(note);
    if (!checkpoint)
        return checkpoint.error();
    auto witnesses = witnessesOf(session.connection(), session.ledgerId(), note);
    if (!witnesses)
        return witnesses.error();
    return NewestCheckpoint{checkpoint->head, std::move(note), std::move(*witnesses)};
}

/// Keeps the note beside what others have signed meanwhile; gives what is kept then.
Result<std::string> keep(Session &session, std::uint64_t size, const std::string &note)
{
    auto transaction = database::Transaction::begin(session.connection());
    if (!transaction)
        return transaction.error();
    auto kept = session.ledger().putCheckpoint(size, note);
    const auto status = kept ? transaction->commit() : Status();
    return status ? kept : Result<std::string>(status.error());
}

} // namespace

Result<std::string> publishCheckpoint(Session &session)
{
    const auto signer = session.deviceSigner();
    if (!signer)
        return signer.error();
    const auto head = session.verifiedHead();
    auto note = keep(session, head.size,
                     ledger::signCheckpoint({ledger::checkpointOrigin(session.ledgerId()), head}, *signer->key));
    if (note || note.error().kind != ErrorKind::Tampered)
        return note;
    return Error{ErrorKind::Tampered,
                 "A checkpoint of " + std::to_string(head.size) +
                     " entries is kept that shows another root than they have. Run Verify.",
                 {}};
}

Result<std::optional<NewestCheckpoint>> newestCheckpoint(Session &session)
{
    auto note = session.ledger().latestCheckpoint();
    if (!note)
        return note.error();
    if (!*note)
        return std::optional<NewestCheckpoint>();
    auto newest = described(session, **std::move(note));
    return newest ? Result<std::optional<NewestCheckpoint>>(std::move(*newest))
                  : Result<std::optional<NewestCheckpoint>>(newest.error());
}

Result<Cosigning> cosignNewest(Session &session)
{
    if (const auto status = session.catchUp(); !status)
        return status.error();
    if (const auto signer = session.deviceSigner(); !signer)
        return signer.error();
    auto newest = newestCheckpoint(session);
    if (!newest)
        return newest.error();
    if (!*newest)
        return Error{ErrorKind::NotFound, "No checkpoint is kept yet that could be co-signed.", {}};
    const auto continuity = compareWithKept(session.connection(), (*newest)->note);
    if (!continuity)
        return continuity.error();
    if (!continuity->problem.empty())
        return Error{ErrorKind::Tampered, "The newest checkpoint is not co-signed. " + continuity->problem, {}};
    const auto &publishers = (*newest)->witnesses.publishers;
    if (std::ranges::all_of(publishers, &NoteSigner::isRevoked))
        return Error{ErrorKind::Tampered,
                     "The newest checkpoint is not signed by a computer of this workspace; it is not co-signed.",
                     {}};
    if (holds((*newest)->witnesses.cosigners, deviceOf(session)))
        return Cosigning{**std::move(newest), false};
    const auto cosigned = ledger::cosign((*newest)->note, ledger::cosignerName(session.ledgerId(), deviceOf(session)),
                                         *session.environment().device, session.now());
    auto note = cosigned ? keep(session, (*newest)->head.size, *cosigned) : cosigned;
    auto after = note ? described(session, *std::move(note)) : Result<NewestCheckpoint>(note.error());
    return after ? Result<Cosigning>(Cosigning{std::move(*after), true}) : Result<Cosigning>(after.error());
}

Status bearWitness(Session &session)
{
    if (!session.deviceSigner())
        return {};
    const auto newest = newestCheckpoint(session);
    if (!newest)
        return newest.error();
    if (*newest && !holds((*newest)->witnesses.publishers, deviceOf(session)) &&
        !holds((*newest)->witnesses.cosigners, deviceOf(session)))
        if (const auto cosigning = cosignNewest(session); !cosigning)
            return cosigning.error();
    if (!session.isFirstToday() || (*newest && (*newest)->head.size >= session.verifiedHead().size))
        return {};
    const auto note = publishCheckpoint(session);
    return note ? Status() : Status(note.error());
}

Status publishAtClose(Session &session)
{
    if (!session.hasAppended() || !session.deviceSigner())
        return {};
    const auto newest = newestCheckpoint(session);
    if (!newest)
        return newest.error();
    if (*newest && (*newest)->head.size >= session.verifiedHead().size)
        return {};
    const auto note = publishCheckpoint(session);
    return note ? Status() : Status(note.error());
}

} // namespace countersign::services
