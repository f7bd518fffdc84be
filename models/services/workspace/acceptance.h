#pragma once

#include "models/services/workspace/session.h"

#include <string>

namespace countersign::services {

/// A decision to go on with a state of the ledger that does not continue what this computer remembers: a backup was
/// restored on purpose, or another workspace moved to that place. The record gets a security.verification_failed with
/// what was found, who went on, and why; what was remembered stays as evidence. Until record() has succeeded, and when
/// it fails, nothing may be written as before.
class StateAcceptance
{
public:
    /// From here on this session may write: a computer that the older state does not know is enrolled now. Denied:
    /// reading only. Invalid: no reason, or nothing to decide: Session::damage() is none or not of this kind
    /// (hint::kAcceptState).
    static Result<StateAcceptance> begin(Session &session, const std::string &reason);
    StateAcceptance(StateAcceptance &&other) noexcept;
    StateAcceptance &operator=(StateAcceptance &&) = delete;
    ~StateAcceptance();

    /// As SignedJournal::begin() and commit().
    Status record();

private:
    StateAcceptance(Session &session, std::string reason, Error damage);
    Session *m_session; ///< none after moving on
    std::string m_reason;
    Error m_damage;
};

} // namespace countersign::services
