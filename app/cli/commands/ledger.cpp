#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/outputfile.h"
#include "app/cli/terminal/textfile.h"
#include "models/services/ledger/checkpoints.h"
#include "models/services/ledger/proofs.h"
#include "models/services/workspace/acceptance.h"

namespace countersign::cli {

namespace {

constexpr std::size_t kLargestNote = 64U << 10;
constexpr std::size_t kLargestIncluded = 64U << 20; // evidence beyond that is asked for by itself

/// A checkpoint over everything, signed now, for a proof to lead to.
Result<services::SignedHead> signHead(services::Session &session)
{
    const auto note = services::publishCheckpoint(session);
    if (!note)
        return note.error();
    return services::SignedHead{session.verifiedHead().size, *note};
}

Result<ExitCode> writeProof(Context &context, const ledger::ProofBundle &bundle, const std::string &command,
                            json::Object facts)
{
    const std::filesystem::path file = context.line().valueOr("--output", {});
    const auto bytes = ledger::encodeProof(bundle);
    if (!bytes)
        return bytes.error();
    auto output = OutputFile::open(file, context.line().has("--force"));
    if (!output)
        return output.error();
    if (const auto status = output->write(*bytes); !status)
        return status.error();
    if (const auto status = output->commit(); !status)
        return status.error();
    context.terminal().say("Check it anywhere with: countersign-verify " + file.string());
    if (context.isJson()) {
        facts.set("entries", static_cast<std::uint64_t>(bundle.items.size()));
        facts.set("file", file.string());
        facts.set("ledger", bundle.ledger.text());
        printJson(context, command, std::move(facts));
    } else {
        context.terminal().print(file.string() + "\n");
    }
    return Done;
}

/// What the entry names as evidence, so that a reader needs nothing else.
Status includeEvidence(services::Session &session, std::uint64_t seq, ledger::ProofBundle &bundle)
{
    const auto bytes = session.ledger().read(seq, 1);
    if (!bytes)
        return bytes.error();
    const auto entry = bytes->empty() ? Result<ledger::Entry>(Error{}) : ledger::decodeEntry(bytes->front());
    const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
    for (const Digest &digest : event ? ledger::evidenceOf(*event) : std::vector<Digest>()) {
        auto evidence = session.ledger().evidence(digest);
        if (!evidence)
            return evidence.error();
        if (evidence->bytes.size() <= kLargestIncluded)
            bundle.evidence.push_back({evidence->digest, std::move(evidence->media), std::move(evidence->bytes)});
    }
    return {};
}

} // namespace

Result<ExitCode> runLedgerProve(Context &context)
{
    if (const auto status = checkTarget(context.line().valueOr("--output", {}), context.line().has("--force")); !status)
        return status.error();
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto seq = services::findEntry(**session, context.line().argument(0));
    if (!seq)
        return seq.error();
    const auto head = signHead(**session);
    if (!head)
        return head.error();
    auto bundle = services::prove(**session, {*seq}, *head);
    if (!bundle)
        return bundle.error();
    if (const auto status = includeEvidence(**session, *seq, *bundle); !status)
        return status.error();
    return writeProof(context, *bundle, "ledger prove", {{"entry", *seq}, {"size", head->size}});
}

Result<ExitCode> runLedgerConsistency(Context &context)
{
    if (const auto status = checkTarget(context.line().valueOr("--output", {}), context.line().has("--force")); !status)
        return status.error();
    const auto note = readTextFile(context.line().argument(0), kLargestNote, "The checkpoint");
    if (!note)
        return note.error();
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto head = signHead(**session);
    if (!head)
        return head.error();
    const auto bundle = services::proveContinuation(**session, *note, *head);
    if (!bundle)
        return bundle.error();
    return writeProof(context, *bundle, "ledger consistency", {{"size", head->size}});
}

Result<ExitCode> runLedgerAccept(Context &context)
{
    const auto session = context.openThoughDamaged();
    if (!session)
        return session.error();
    auto acceptance = services::StateAcceptance::begin(**session, context.line().valueOr("--reason", {}));
    if (!acceptance)
        return acceptance.error();
    if (const auto status = context.ensureDevice(); !status)
        return status.error();
    if (const auto status = acceptance->record(); !status)
        return status.error();
    const auto head = (*session)->verifiedHead();
    if (context.isJson())
        printJson(context, "ledger accept", {{"root", head.root.text()}, {"size", head.size}});
    else
        context.terminal().print("Goes on with " + std::to_string(head.size) + " entries, root " + head.root.text() + ".\n");
    return Done;
}

Result<ExitCode> runLedgerCosign(Context &context)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto cosigning = services::cosignNewest(**session);
    if (!cosigning)
        return cosigning.error();
    const auto &[head, note, witnesses] = cosigning->checkpoint;
    context.terminal().say((cosigning->isNew ? "Co-signed the checkpoint of " : "This computer had co-signed the checkpoint of ") + std::to_string(head.size) + " entries, root " + head.root.hex()
                           + "; it is " + witnesses.sentence() + ".");
    if (context.isJson())
        printJson(context, "ledger cosign", {{"new", cosigning->isNew}, {"note", note}, {"persons", static_cast<std::uint64_t>(witnesses.persons())}, {"root", head.root.text()}, {"size", head.size},
                                             {"wanted", witnesses.wanted}});
    else
        context.terminal().print(note);
    return Done;
}

Result<ExitCode> runLedgerExport(Context &context)
{
    const std::filesystem::path file = context.line().argument(0);
    auto output = OutputFile::open(file, context.line().has("--force"));
    if (!output)
        return output.error();
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    std::uint64_t written = 0;
    const auto status = services::exportLedger(
        **session,
        [&](BytesView bytes) {
            written += bytes.size();
            return output->write(bytes);
        },
        context.terminal().progress());
    if (!status)
        return status.error();
    if (const auto committed = output->commit(); !committed)
        return committed.error();
    context.terminal().say("Check it anywhere with: countersign-verify " + file.string());
    if (context.isJson())
        printJson(context, "ledger export",
                  {{"bytes", written},
                   {"entries", (*session)->verifiedHead().size},
                   {"file", file.string()},
                   {"ledger", (*session)->ledgerId().text()}});
    else
        context.terminal().print(file.string() + "\n");
    return Done;
}

} // namespace countersign::cli
