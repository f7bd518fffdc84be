#include "models/services/review/withdraw.h"

#include "models/services/review/pending.h"
#include "models/services/review/receipts.h"
#include "models/services/workspace/hints.h"
#include "models/services/workspace/journal.h"

#include <algorithm>
#include <charconv>

namespace countersign::services {

namespace {

constexpr std::size_t kLongestReason = 16384;

Error invalid(std::string message) { return {ErrorKind::Invalid, std::move(message), {}}; }

/// The role of the signature while it is still held, else any that is: whoever lost a role must still be able to say so.
Role roleOf(const SignOff &signOff, const Person &person)
{
    return person.is(signOff.role) || person.roles.empty() ? signOff.role : person.roles.front();
}

} // namespace

Result<store::SignOffRow> findSignOff(Session &session, const std::string &text)
{
    std::int64_t entry = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), entry);
    const bool isNumber = error == std::errc() && end == text.data() + text.size();
    const std::string prefix = text.starts_with("s:") ? text : "s:" + text;
    if (prefix == "s:") // begins every id
        return invalid("Name the signature by its ledger number, its id, or the beginning of the id.");
    auto rows = isNumber ? store::signOffsAt(session.connection(), entry) : store::signOffsLike(session.connection(), prefix);
    if (!rows)
        return rows.error();
    if (rows->empty())
        return Error{ErrorKind::NotFound, "There is no signature \"" + text + "\". See: list signoffs.", {}};
    if (rows->size() > 1)
        return invalid(std::to_string(rows->size()) + " signatures begin with \"" + text + "\". Write more of the id.");
    return std::move(rows->front());
}

std::string withdrawalSentence(const store::SignOffRow &row, const Person &person, const std::string &reason)
{
    const SignOff &signOff = row.signOff;
    return "I, " + person.name + " (" + person.login + "), withdraw my signature of " + formatUtc(signOff.signedAt).substr(0, 10) + " (entry " + std::to_string(signOff.entry)
           + "), which " + (signOff.decision == Decision::Approve ? "approved" : "rejected") + " model " + row.modelName + " version " + row.versionLabel + ". Reason: " + reason;
}

Result<std::int64_t> withdrawSignOff(Session &session, const WithdrawRequest &request, const Person &person, const crypto::SigningKey &key)
{
    if (request.reason.empty())
        return invalid("Say why the signature is withdrawn.");
    if (request.reason.size() > kLongestReason)
        return invalid("The reason is longer than 16,384 bytes. Say it shorter.");
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    // A second click, or a retry after a lost answer.
    const auto earlier = entryOf(session, request.id);
    if (!earlier)
        return earlier.error();
    if (*earlier)
        return (*earlier)->first;
    if (isPending(session, request.id))
        return Error{ErrorKind::Conflict, "This withdrawal was signed before, and is neither recorded nor discarded. Decide on it first.", {}, hint::kDecidePending};
    const auto row = findSignOff(session, request.signOff.text());
    if (!row)
        return row.error();
    const SignOff &signOff = row->signOff;
    if (signOff.person != person.id)
        return Error{ErrorKind::Denied, "Only " + signOff.personName + " can withdraw this signature. Another opinion is a signature of its own.", {}};
    if (signOff.withdrawn)
        return Error{ErrorKind::Conflict, "The signature is withdrawn already, by ledger entry " + std::to_string(signOff.withdrawn->entry) + ".", {}};
    const auto head = store::subjectHead(session.connection(), signOff.version.text());
    if (!head)
        return head.error();
    Draft draft;
    draft.id = request.id;
    draft.kind = "review.withdraw";
    draft.expects = ledger::Expectation{signOff.version.text(), *head};
    draft.body = {{"reason", store::textValue(request.reason)}, {"sentence", store::textValue(withdrawalSentence(*row, person, request.reason))},
                  {"signoff", signOff.id.text()}, {"version", signOff.version.text()}};
    const auto receipt = recordSigned(session, *std::move(journal), std::move(draft), session.personSigner(person, roleOf(signOff, person), key));
    return receipt ? Result<std::int64_t>(receipt->entry) : Result<std::int64_t>(receipt.error());
}

} // namespace countersign::services
