#pragma once

#include "tests/faults/runner.h"
#include "tests/faults/workplace.h"

#include "models/base/digest.h"

#include <map>

namespace countersign::faults {

/// Remembers what was acknowledged and what was only begun, and holds the workspace to it.
class Oracle
{
public:
    void begun(const std::string &id, const BundleId &bundle) { m_intents.emplace(id, bundle); }
    void acknowledged(const std::string &id, const Digest &leaf) { m_acknowledged.emplace(id, leaf); }
    /// Begun, and no answer came.
    std::vector<std::string> unknown() const;
    std::size_t count() const { return m_acknowledged.size(); }

    /// The ledger as it is: every acknowledged event there with the same bytes, none twice, no sign-off that nobody
    /// intended; the root recomputes, every signature verifies, every projection equals a replay. Differences go to the
    /// tally.
    void check(const Plan &plan, int run, services::Session &session, Tally &tally);
    /// Looks for every intent without an answer and submits it again, twice: found or absent before, there once
    /// afterwards.
    void resolve(const Plan &plan, int run, services::Session &session, const crypto::SigningKey &key, Tally &tally);

private:
    std::map<std::string, BundleId> m_intents; ///< by event id: the review that was to be signed
    std::map<std::string, Digest> m_acknowledged;
};

/// Opens the workspace anew; a failure, or one that calls itself damaged, goes to the tally.
std::unique_ptr<services::Session> reopen(const Plan &plan, int run, const Workplace &place, Tally &tally);
/// Root, signatures and projections; what is wrong goes to the tally.
bool isIntact(const Plan &plan, int run, services::Session &session, Tally &tally);

} // namespace countersign::faults
