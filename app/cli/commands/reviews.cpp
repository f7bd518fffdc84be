#include "app/cli/commands/bundletext.h"
#include "app/cli/commands/commands.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/outputfile.h"
#include "models/base/text.h"
#include "models/policy/signing.h"
#include "models/services/inventory.h"
#include "models/services/ledger/checkpoints.h"
#include "models/services/review/receipts.h"
#include "models/services/review/withdraw.h"

#include <algorithm>

namespace countersign::cli {

namespace {

Result<Role> signingRole(Context &context)
{
    if (const auto text = context.line().value("--role")) {
        auto role = parseRole(*text);
        return role ? role : Result<Role>(role.error().in("--role"));
    }
    const auto roles = policy::signingRoles(context.person());
    if (roles.empty())
        return Error{ErrorKind::Denied,
                     context.person().name + " holds no role that signs reviews (validator, compliance officer, approver, owner). Ask an administrator for one, or a colleague to sign.", {}};
    return roles.front();
}

std::string localTime(Instant time, int offsetMinutes)
{
    const std::string local = formatUtc(time + std::chrono::minutes(offsetMinutes));
    return local.substr(0, 10) + " " + local.substr(11, 8) + " " + formatOffset(offsetMinutes);
}

void printReceipt(Context &context, const services::SignRequest &request, const services::SignReceipt &receipt)
{
    const Person &person = context.person();
    if (context.isJson()) {
        json::Object object{{"bundle", request.bundle.text()}, {"checkpoint", receipt.checkpoint.empty() ? json::Value() : json::Value(receipt.checkpoint)}, {"comment", request.comment},
                            {"decision", decisionKey(request.decision)}, {"entry", receipt.entry}, {"event", receipt.event}, {"fingerprint", receipt.fingerprint}, {"id", receipt.signOff.text()},
                            {"leaf", receipt.leaf.text()}, {"meaning", request.meaning}, {"name", person.name}, {"role", roleKey(request.role)},
                            {"root", receipt.head.root.text()}, {"sentence", receipt.sentence}, {"size", receipt.head.size},
                            {"utcOffset", formatOffset(receipt.utcOffsetMinutes)}};
        setTime(object, "signedAt", receipt.signedAt);
        printJson(context, "sign", std::move(object));
        return;
    }
    std::string out = factLines({{"Signed by", person.name + " (" + person.login + ")"}, {"Role", std::string(roleTitle(request.role))},
                                 {"Decision", std::string(decisionKey(request.decision))}, {"Meaning", request.meaning}, {"Statement", receipt.sentence},
                                 {"Local time", localTime(receipt.signedAt, receipt.utcOffsetMinutes)}, {"UTC", formatUtc(receipt.signedAt) + " (this computer's clock)"},
                                 {"Event", receipt.event}, {"Ledger number", std::to_string(receipt.entry)}, {"Key", receipt.fingerprint}, {"Bundle", request.bundle.text()},
                                 {"Root", receipt.head.root.text() + " over " + std::to_string(receipt.head.size) + " entries"}});
    if (!receipt.checkpoint.empty())
        out += "\nCheckpoint, to be kept outside this workspace:\n" + receipt.checkpoint;
    context.terminal().print(out);
}

/// The signature stands whatever becomes of the file.
Result<ExitCode> writeReceipt(Context &context, const services::SignReceipt &receipt)
{
    const std::string file = context.line().valueOr("--receipt", {});
    const auto proof = services::receiptProof(context.session(), receipt);
    if (!proof)
        return proof.error();
    auto output = OutputFile::open(file, context.line().has("--force"));
    if (!output)
        return output.error();
    auto status = output->write(*proof);
    if (status)
        status = output->commit();
    if (!status)
        return status.error();
    context.terminal().say("The receipt is in " + file + ". Check it anywhere with: countersign-verify " + file);
    return Done;
}

} // namespace

Result<ExitCode> runReviewFreeze(Context &context)
{
    const auto subject = context.openAtVersion();
    if (!subject)
        return subject.error();
    const auto bundle = services::freezeReview(context.session(), subject->version->id);
    if (!bundle)
        return bundle.error();
    context.terminal().say("Frozen: " + subject->model.name + " version " + subject->version->label + ". Read it with: countersign-cli review show " + bundle->id.text().substr(0, 14));
    if (context.isJson())
        printJson(context, "review.freeze", {{"bundle", bundle->id.text()}, {"digest", bundle->digest.text()}, {"inputs", bundle->inputs.text()}, {"model", subject->model.name},
                                             {"version", subject->version->label}});
    else
        context.terminal().print(bundle->id.text() + "\n");
    return Done;
}

Result<ExitCode> runReviewShow(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto bundle = services::loadBundle(**session, context.line().argument(0));
    if (!bundle)
        return bundle.error();
    const auto changes = services::changesSince(**session, *bundle);
    if (!changes)
        return changes.error();
    if (context.isJson())
        printJson(context, "review.show", {{"bundle", bundle->id.text()}, {"changes", textArray(*changes)}, {"document", bundle->document}});
    else
        context.terminal().print(bundleText(*bundle));
    for (const auto &change : *changes)
        context.terminal().say("Changed since: " + change);
    return Done;
}

Result<ExitCode> runSign(Context &context)
{
    const CommandLine &line = context.line();
    const auto decision = parseDecision(line.valueOr("--decision", {}));
    if (!decision)
        return decision.error().in("--decision");
    if (line.has("--receipt"))
        if (const auto status = checkTarget(line.valueOr("--receipt", {}), line.has("--force")); !status)
            return status.error();
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto bundle = services::loadBundle(**session, line.argument(0));
    if (!bundle)
        return bundle.error();
    const auto role = signingRole(context);
    if (!role)
        return role.error();
    services::SignRequest request;
    request.id = (*session)->environment().randomness->uuid();
    request.bundle = bundle->id;
    request.role = *role;
    request.decision = *decision;
    request.meaning = line.valueOr("--meaning", policy::defaultMeaning(*role, *decision));
    request.comment = line.valueOr("--comment", {});
    if (const auto status = policy::maySign(context.person(), request.role, request.decision, request.meaning, request.comment); !status)
        return status.error();
    const auto changes = services::changesSince(**session, *bundle);
    if (!changes)
        return changes.error();
    if (!changes->empty()) {
        for (const auto &change : *changes)
            context.terminal().say("Changed since: " + change);
        context.terminal().say("What was frozen is no longer what is recorded; nothing was signed. Freeze and read again with: countersign-cli review freeze MODEL/VERSION");
        return No;
    }
    // What is signed is shown first, and what was shown is kept.
    const std::string text = bundleText(*bundle);
    request.rendering = services::Rendering{"text/plain; charset=utf-8", Bytes(text.begin(), text.end())};
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        context.terminal().say(text.substr(at, end - at));
        at = end + 1;
    }
    context.terminal().say(services::signingSentence(*bundle, context.person(), request.role, request.decision, request.meaning));
    const auto key = context.personKey();
    if (!key)
        return key.error();
    if (const auto status = context.ensureDevice(); !status)
        return status.error();
    const auto receipt = services::sign(**session, request, context.person(), **key);
    if (!receipt)
        return receipt.error();
    printReceipt(context, request, *receipt);
    return line.has("--receipt") ? writeReceipt(context, *receipt) : Result<ExitCode>(Done);
}

Result<ExitCode> runSignOffRendering(Context &context)
{
    const CommandLine &line = context.line();
    const std::string file = line.valueOr("--output", {});
    if (const auto status = checkTarget(file, line.has("--force")); !status)
        return status.error();
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto row = services::findSignOff(**session, line.argument(0));
    const auto rendering = row ? services::loadRendering(**session, row->signOff) : Result<services::Rendering>(row.error());
    if (!rendering)
        return rendering.error();
    auto output = OutputFile::open(file, line.has("--force"));
    if (!output)
        return output.error();
    auto status = output->write(rendering->bytes);
    if (status)
        status = output->commit();
    if (!status)
        return status.error();
    if (context.isJson())
        printJson(context, "signoff.rendering", {{"bytes", static_cast<std::int64_t>(rendering->bytes.size())}, {"digest", row->signOff.rendering->text()}, {"file", file}, {"media", rendering->media}});
    else
        context.terminal().print(file + "\n");
    return Done;
}

Result<ExitCode> runSignOffWithdraw(Context &context)
{
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto row = services::findSignOff(**session, context.line().argument(0));
    if (!row)
        return row.error();
    services::WithdrawRequest request;
    request.id = (*session)->environment().randomness->uuid();
    request.signOff = row->signOff.id;
    request.reason = context.line().valueOr("--reason", {});
    context.terminal().say(services::withdrawalSentence(*row, context.person(), request.reason));
    const auto key = context.personKey();
    if (!key)
        return key.error();
    const auto entry = services::withdrawSignOff(**session, request, context.person(), **key);
    if (!entry)
        return entry.error();
    if (context.isJson())
        printJson(context, "signoff.withdraw", {{"entry", *entry}, {"id", row->signOff.id.text()}, {"withdrawn", true}});
    else
        context.terminal().print("The signature of entry " + std::to_string(row->signOff.entry) + " is withdrawn, by entry " + std::to_string(*entry) + ".\n");
    return Done;
}

Result<ExitCode> runCheckpoint(Context &context)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto note = services::publishCheckpoint(**session);
    if (!note)
        return note.error();
    const auto head = (*session)->verifiedHead();
    if (context.isJson())
        printJson(context, "checkpoint", {{"note", *note}, {"root", head.root.text()}, {"size", head.size}});
    else
        context.terminal().print(*note);
    return Done;
}

} // namespace countersign::cli
