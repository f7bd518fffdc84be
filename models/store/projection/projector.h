#pragma once

#include "models/ledger/event.h"
#include "models/store/eventbody.h"
#include "models/store/observations/observationblock.h"
#include "models/store/queries/judge.h"
#include "models/store/statements.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_set>

namespace countersign::store {

/// Turns events into the tables that panes read. The only writer of those tables, live and in replay, so that both come out the same.
/// Call in ledger order inside a transaction: apply() each event, settle() before the commit (and once at the end of a replay):
/// verdicts, model headlines and stale marks are functions of the settled state.
class Projector
{
public:
    using EvidenceLookup = std::function<Result<Bytes>(const Digest &)>;

    Projector(database::Connection &connection, EvidenceLookup evidence);

    /// Invalid: the body lacks a member that its kind has. Kinds of a newer program leave a trail row only.
    Status apply(const ledger::Event &event, std::uint64_t seq);
    /// The rows of one observation block. `importNo` is the number that the metrics.import event carries.
    Status applyObservations(const ObservationBlock &block, std::int64_t importNo, const std::string &import);
    /// A live import has written its blocks already when its metrics.import event comes: that event then only leaves its trail.
    void setBlocksApplied(bool applied) { m_blocksApplied = applied; }
    Status settle();
    /// Whether settle() will settle any of these.
    bool willSettle(const std::set<std::string> &versions) const;

private:
    using Body = BodyReader;

    Status applyBody(const Body &body, const ledger::Event &event, std::uint64_t seq);
    /// The next free number of the table "model" or "version", asked for once: nobody else numbers rows inside our transaction.
    std::int64_t nextNumber(std::optional<std::int64_t> &next, std::string_view sql);
    void person(const Body &body, const ledger::Event &event);
    void enrolKey(const std::string &key, const std::string &keyClass, const std::string &owner, const std::string &publicKey, const ledger::Event &event,
                  std::uint64_t seq);
    void confirmKey(const Body &body, const ledger::Event &event, std::uint64_t seq);
    void rotateKey(const Body &body, const ledger::Event &event, std::uint64_t seq);
    void endKey(const std::string &key, std::uint64_t from, std::uint64_t seq, const std::string &reason);
    void setSigningPolicy(const json::Object &body, std::uint64_t seq);
    void registerModel(const Body &body, std::uint64_t seq);
    void updateModel(const Body &body, std::uint64_t seq);
    void registerVersion(const Body &body, std::uint64_t seq);
    void updateVersion(const Body &body, std::uint64_t seq);
    void recordRun(const Body &body, std::uint64_t seq);
    void updateRun(const Body &body, std::uint64_t seq);
    void importObservations(const Body &body, const ledger::Event &event);
    void commitImport(const Body &body, const ledger::Event &event, std::uint64_t seq);
    void undoImport(const Body &body, std::uint64_t seq);
    void recordComputed(const Body &body, const ledger::Event &event, std::uint64_t seq);
    void recordRecomputed(const Body &body, const ledger::Event &event, std::uint64_t seq);
    void proposeChange(const Body &body, const ledger::Event &event, std::uint64_t seq);
    void withdrawChange(const Body &body, const ledger::Event &event, std::uint64_t seq);
    void freezeBundle(const Body &body, const ledger::Event &event, std::uint64_t seq);
    void signOff(const Body &body, const ledger::Event &event, std::uint64_t seq);
    void withdrawSignOff(const Body &body, const ledger::Event &event, std::uint64_t seq);
    void issueReport(const Body &body, const ledger::Event &event, std::uint64_t seq);
    void leaveTrail(const Body &body, const ledger::Event &event, const std::string &subject, std::uint64_t seq);

    void setModelField(const std::string &model, const std::string &field, const std::optional<std::string> &value);
    void setVersionField(const std::string &version, const std::string &field, const std::optional<std::string> &value);
    void setRunField(const std::string &run, const std::string &field, const std::optional<std::string> &value);
    void setField(const std::string &subject, const std::string &field, const std::optional<std::string> &value);
    void noteChange(std::uint64_t seq, const std::string &subject, const std::string &field, const std::optional<std::string> &before,
                    const std::optional<std::string> &after, const std::string &import);
    void applyChanges(const Body &body, const std::string &subject, std::uint64_t seq);
    void putTags(const Body &body, std::string_view member, std::string_view table, std::string_view owner, const std::string &id);

    void beginEntry(const ledger::Event &event);
    void endChange();
    void settleVersion(const std::string &version, Instant today);
    void settleModel(const std::string &model);
    void settleSignOffs(const std::string &version, Instant today);
    /// As signoff.changes has it.
    Result<std::string> changesSinceBundle(const std::string &bundle, const json::Value &now);
    void touchVersion(const std::string &version);
    std::string modelOfVersion(const std::string &version);

    Statements m_sql;
    EvidenceLookup m_evidence;
    bool m_blocksApplied = false;
    std::int64_t m_changeNo = 0;
    // Entries of one change saw the same ledger. What it touched is settled as of its newest entry, when it is recorded and in every replay,
    // however much later that is: a value ages and a waiver ends without an entry.
    std::optional<std::uint64_t> m_seen;
    Instant m_newest{};
    std::unique_ptr<Judge> m_judge;     // while settling
    std::set<std::string> m_touchedNow; // by the change that is being applied
    std::optional<std::int64_t> m_nextModel;
    std::optional<std::int64_t> m_nextVersion;
    std::map<std::string, Instant> m_touchedVersions; // ordered: settling writes the same rows in the same order everywhere
    std::set<std::string> m_touchedModels;
    std::unordered_set<std::int64_t> m_knownSeries;
};

} // namespace countersign::store
