#include "models/services/workspace/acceptance.h"

#include "models/base/text.h"
#include "models/services/workspace/hints.h"
#include "models/services/workspace/journal.h"
#include "models/store/eventbody.h"

#include <utility>

namespace countersign::services {

StateAcceptance::StateAcceptance(Session &session, std::string reason, Error damage)
    : m_session(&session)
    , m_reason(std::move(reason))
    , m_damage(std::move(damage))
{
    session.m_damage.reset();
    session.m_memory->setPaused(true);
}

StateAcceptance::StateAcceptance(StateAcceptance &&other) noexcept
    : m_session(std::exchange(other.m_session, nullptr))
    , m_reason(std::move(other.m_reason))
    , m_damage(std::move(other.m_damage))
{
}

StateAcceptance::~StateAcceptance()
{
    if (!m_session)
        return;
    m_session->m_damage = std::move(m_damage);
    m_session->m_memory->setPaused(false);
}

Result<StateAcceptance> StateAcceptance::begin(Session &session, const std::string &reason)
{
    if (session.isReadOnly())
        return Error{ErrorKind::Denied, "The workspace is open for reading only.", {}};
    if (!session.damage() || session.damage()->hint != hint::kAcceptState)
        return Error{ErrorKind::Invalid,
                     session.damage()
                         ? "The ledger is not what it claims to be, which nobody can accept: " +
                               session.damage()->message
                         : "The ledger continues what this computer remembers; there is nothing to accept.",
                     {}};
    if (text::isBlank(reason))
        return Error{
            ErrorKind::Invalid,
            "Say why this state is right, for example \"restored the backup of Monday after the disk failed\".",
            {}};
    return StateAcceptance(session, reason, *session.damage());
}

Status StateAcceptance::record()
{
    auto journal = SignedJournal::begin(*m_session);
    if (!journal)
        return journal.error();
    // Where the evidence lies on this computer is nobody else's business.
    const std::string found = m_damage.message.substr(0, m_damage.message.find(" Nothing can be written."));
    const auto head = m_session->verifiedHead();
    // One sentence: lists of the trail show the first, and why somebody went on is what a reader looks for.
    const std::vector<std::string> sentences{found + " " + m_session->person()->name +
                                             " goes on with this state: " + m_reason};
    const auto seq =
        journal->record({"security.verification_failed",
                         {{"root", head.root.text()}, {"sentences", store::textArray(sentences)}, {"size", head.size}},
                         {},
                         {},
                         {}});
    if (!seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status;
    Session &session = *std::exchange(m_session, nullptr);
    session.m_memory->setPaused(false);
    return session.m_memory->replace(session.verifiedHead());
}

} // namespace countersign::services
