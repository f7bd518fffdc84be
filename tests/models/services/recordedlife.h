#pragma once

#include "models/services/governance/evidence.h"
#include "models/services/governance/evidencerequests.h"
#include "models/services/governance/findings.h"
#include "models/crypto/sha256.h"
#include "models/policy/packs/builtin.h"
#include "models/services/governance/lifecycle.h"
#include "models/services/governance/packs.h"
#include "models/services/governance/releases.h"
#include "models/services/governance/tiers.h"
#include "models/services/governance/waivers.h"
#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/keys/keys.h"
#include "models/services/people.h"
#include "models/services/review/reports.h"
#include "models/services/review/review.h"
#include "models/services/review/rules.h"
#include "models/services/workspace/journal.h"
#include "models/store/eventbody.h"
#include "models/store/queries/queries.h"
#include "tests/models/services/workspacefixture.h"

#include <fstream>

namespace countersign::test {

/// What happens to a workspace in the course of years, in short: each step is one or more changes by one of the ways that the program has.
/// The same seed gives the same life. Every projection table has rows after kActs steps.
class RecordedLife
{
public:
    static constexpr int kActs = 24;

    RecordedLife(services::Session &session, const TemporaryFolder &folder, std::uint64_t seed)
        : m_session(session), m_folder(folder), m_random(seed), m_ada(*session.person())
    {
        if (auto key = session.unlock(m_ada, passphrase()))
            m_key = std::move(*key);
    }

    /// The first kActs steps do everything once, in an order that works; then whatever comes. Refusals are part of life.
    Status step()
    {
        if (!m_key)
            return Error{ErrorKind::Denied, "Ada's key is not unlocked.", {}};
        const int act = m_steps < kActs ? m_steps : static_cast<int>(below(kActs));
        ++m_steps;
        const auto status = perform(act);
        const bool isRefusal = !status && (status.error().kind == ErrorKind::Denied || status.error().kind == ErrorKind::Conflict || status.error().kind == ErrorKind::NotFound);
        return m_steps > kActs && isRefusal ? Status() : status;
    }

private:
    std::uint64_t below(std::uint64_t n) { return m_random.next() % n; }
    std::string uuid() { return m_session.environment().randomness->uuid(); }
    template<class T>
    static Status outcome(const Result<T> &result) { return result ? Status() : Status(result.error()); }

    Status perform(int act)
    {
        switch (act) {
        case 0: return registerModel();
        case 1: return importValues();
        case 2: return setLimit();
        case 3: return freezeAndSign(Decision::Approve);
        case 4: return importValues();
        case 5: return changeModel();
        case 6: return changeVersion();
        case 7: return outcome(services::issueReport(m_session, version()));
        case 8: return computed();
        case 9: return recomputed();
        case 10: return proposeChange();
        case 11: return importAndUndo();
        case 12: return addPerson();
        case 13: return setPolicy();
        case 14: return revokeKey();
        case 15: return freezeAndSign(Decision::Reject);
        case 16: return openFinding();
        case 17: return addEvidence();
        case 18: return askForEvidence();
        case 19: return askForWaiver();
        case 20: return publishPack();
        case 21: return liveByThePack();
        case 22: return addArtifact();
        default: return release();
        }
    }

    struct Known {
        std::string model;
        std::string version;
        std::string name;
        int changes = 0;
        std::string tag = "low";
    };
    Known &some() { return m_known[below(m_known.size())]; }
    VersionId version() { return VersionId::of(m_known.front().version); }

    Status write(const std::function<Status(services::SignedJournal &)> &work)
    {
        auto journal = services::SignedJournal::begin(m_session);
        if (!journal)
            return journal.error();
        if (const auto status = work(*journal); !status)
            return status;
        return journal->journal->commit();
    }
    static Status inventory(services::SignedJournal &journal, const std::string &kind, json::Object body)
    {
        return outcome(services::recordInventory(*journal.journal, kind, std::move(body), journal.signer));
    }

    Status registerModel()
    {
        const std::string number = std::to_string(m_known.size());
        const Known made{ModelId::of(uuid()).text(), VersionId::of(uuid()).text(), "credit-" + number, 0, "low"};
        const json::Value now = store::timeValue(m_session.now());
        const auto status = write([&](services::SignedJournal &journal) {
            auto done = inventory(journal, "model.register",
                                  {{"aliases", store::pairArray({{"champion", "1"}})}, {"createdAt", now}, {"model", made.model}, {"name", made.name}, {"owner", "Risk <b>Ü</b>"},
                                   {"source", "test"}, {"sourceKey", number}, {"tags", store::pairArray({{"risk", "low"}, {"team", "a, b"}})}, {"tier", 1}, {"updatedAt", now}});
            if (done)
                done = inventory(journal, "version.register",
                                 {{"createdAt", now}, {"label", "1"}, {"model", made.model}, {"stage", "development"}, {"tags", store::pairArray({{"framework", "xgboost"}})},
                                  {"updatedAt", now}, {"version", made.version}});
            if (done)
                done = inventory(journal, "run.record",
                                 {{"name", "run " + number}, {"parameters", store::pairArray({{"depth", "4"}})}, {"run", RunId::of(uuid()).text()}, {"source", "test"},
                                  {"sourceId", number}, {"tags", store::pairArray({{"git", "abc"}})}, {"version", made.version}});
            return done;
        });
        if (status)
            m_known.push_back(made);
        return status;
    }

    std::string valuesFile()
    {
        const std::string path = m_folder.filePath(QStringLiteral("values%1.csv").arg(m_files++)).toStdString();
        std::ofstream file(path, std::ios::binary);
        file << "model,version,metric,slice,window_start,window_end,value,n\n";
        const auto &known = m_files == 1 ? m_known.front() : some();
        for (int month = 1; month < 4; ++month)
            for (const char *slice : {"", "sex=F", "sex=M"})
                file << known.name << ",1,auc," << slice << ",2026-0" << month << "-01,2026-0" << month + 1 << "-01,0." << 600 + below(300) << ",4800\n";
        return path;
    }
    Status importValues() { return outcome(services::importMetrics(m_session, valuesFile(), {})); }
    Status importAndUndo()
    {
        // A model of its own, so that nothing signed rests on it.
        const std::string path = m_folder.filePath(QStringLiteral("undone%1.csv").arg(m_files++)).toStdString();
        std::ofstream(path, std::ios::binary) << "model,version,metric,window_start,window_end,value,n\nbrief-" << m_files << ",1,auc,2026-01-01,2026-02-01,0.7,500\n";
        const auto done = services::importMetrics(m_session, path, {});
        return done ? services::undoImport(m_session, done->number(), "wrong file") : Status(done.error());
    }

    Status setLimit()
    {
        Rule rule;
        rule.metric = "auc";
        rule.direction = Direction::AtLeast;
        rule.limit = 0.6 + static_cast<double>(below(200)) / 1000;
        if (!m_rules.empty() && below(2) == 0)
            rule.id = m_rules[below(m_rules.size())];
        else if (below(2) == 0)
            rule.attribute = "sex";
        auto set = services::setRule(m_session, rule, {}, m_ada, *m_key);
        if (!set)
            return set.error();
        m_rules.push_back(set->id);
        return {};
    }

    Status freezeAndSign(Decision decision)
    {
        const auto bundle = services::freezeReview(m_session, decision == Decision::Approve ? version() : VersionId::of(some().version));
        if (!bundle)
            return bundle.error();
        services::SignRequest request;
        request.id = uuid();
        request.bundle = bundle->id;
        request.decision = decision;
        request.meaning = "Validated: independent validation performed";
        request.comment = decision == Decision::Reject ? "Not yet." : "";
        return outcome(services::sign(m_session, request, m_ada, *m_key));
    }

    Status changeModel()
    {
        Known &known = some();
        const std::string tag = "risk " + std::to_string(++known.changes);
        const auto status = write([&](services::SignedJournal &journal) {
            return inventory(journal, "model.update",
                             {{"changes", store::changeArray({{"owner", "Risk", "Owner " + std::to_string(known.changes)}, {"tag:risk", known.tag, tag}})}, {"model", known.model}});
        });
        known.tag = tag;
        return status;
    }

    Status changeVersion()
    {
        services::FactsRequest request;
        const Known &known = some();
        request.model = ModelId::of(known.model);
        request.version = VersionId::of(known.version);
        request.stage = below(2) ? Stage::InUse : Stage::Validation;
        request.tier = std::optional<int>(static_cast<int>(below(3)) + 1);
        return outcome(services::setFacts(m_session, request));
    }

    Status computed()
    {
        const Known &known = some();
        const std::string digest = "sha256:" + std::string(64, 'a');
        return write([&](services::SignedJournal &journal) {
            const auto evidence = journal.journal->putEvidence("text/plain", "set " + std::to_string(m_steps));
            if (!evidence)
                return Status(evidence.error());
            const auto no = static_cast<std::int64_t>(journal.journal->nextEntry()) + 1000;
            m_import = ImportId::of(uuid()).text();
            auto done = outcome(journal.record({"metrics.computed",
                                                {{"cells", 3}, {"engine", 2}, {"import", m_import}, {"importNo", no}, {"log", "decisions.csv"}, {"logBytes", 100},
                                                 {"logDigest", digest}, {"model", known.model}, {"rejected", 0}, {"rows", 10}, {"rowsDigest", digest}, {"version", known.version},
                                                 {"windows", 1}},
                                                *evidence, {}, {}}));
            if (done)
                done = outcome(journal.record({"import.commit",
                                               {{"changes", 0}, {"content", digest}, {"description", "computed"}, {"import", m_import}, {"importKind", "computed"}, {"importNo", no},
                                                {"models", 0}, {"observations", 0}, {"rejected", 0}, {"restated", 0}, {"runs", 0}, {"source", "decisions.csv"}, {"versions", 0}},
                                               {}, {}, {}}));
            return done;
        });
    }

    Status recomputed()
    {
        return write([&](services::SignedJournal &journal) {
            const std::string digest = "sha256:" + std::string(64, 'a');
            return outcome(journal.record({"metrics.recomputed",
                                           {{"compared", 3}, {"differences", 0}, {"engine", 2}, {"equal", true}, {"first", json::Array{}}, {"import", m_import}, {"importNo", 1},
                                            {"log", "decisions.csv"}, {"logDigest", digest}, {"rowsDigest", digest}, {"sameLog", true}, {"storedEngine", 2}},
                                           {}, {}, {}}));
        });
    }

    Status proposeChange()
    {
        const std::string change = uuid();
        const auto status = write([&](services::SignedJournal &journal) {
            const auto evidence = journal.journal->putEvidence("application/json", "{\"n\":" + std::to_string(m_steps) + "}");
            if (!evidence)
                return Status(evidence.error());
            return outcome(journal.record({"change.propose",
                                           {{"change", "c:" + change}, {"changeKind", "threshold"}, {"media", "application/json"}, {"reason", "fairer"}, {"summary", "0.5 to 0.6"},
                                            {"version", some().version}},
                                           *evidence, {}, {}}));
        });
        if (!status || below(2) == 0)
            return status;
        return write([&](services::SignedJournal &journal) {
            return outcome(journal.record({"change.withdraw", {{"change", "c:" + change}, {"reason", "no longer"}, {"version", m_known.front().version}}, {}, {}, {}}));
        });
    }

    Status openFinding()
    {
        services::FindingRequest request;
        request.model = ModelId::of(some().model);
        request.title = "Finding " + std::to_string(m_steps);
        const auto opened = services::openFinding(m_session, request);
        if (!opened || below(2) == 0)
            return outcome(opened);
        return outcome(services::stepFinding(m_session, opened->id, {FindingAct::Close, "Not so.", false, Resolution::NotAnIssue}));
    }

    Status addEvidence()
    {
        services::ExhibitRequest request;
        request.model = ModelId::of(some().model);
        request.title = "Evidence " + std::to_string(m_steps);
        request.reference = "shelf " + std::to_string(m_steps);
        if (below(2)) {
            request.reference.clear();
            request.file = services::EvidenceFile{"shelf.txt", "text/plain", {}, "page " + std::to_string(m_steps)};
        }
        const auto added = services::addExhibit(m_session, request);
        return added && below(2) ? outcome(services::withdrawExhibit(m_session, added->id, "Another page.")) : outcome(added);
    }

    Status askForEvidence()
    {
        services::EvidenceRequestDraft draft;
        draft.model = ModelId::of(some().model);
        draft.text = "Minutes " + std::to_string(m_steps);
        draft.asked = m_ada.id;
        const auto asked = services::requestEvidence(m_session, draft);
        if (!asked || below(2) == 0)
            return outcome(asked);
        services::ExhibitRequest answer;
        answer.model = draft.model;
        answer.title = draft.text;
        answer.reference = "shelf 1";
        answer.answers = asked->id;
        return below(2) ? outcome(services::addExhibit(m_session, answer)) : outcome(services::declineEvidenceRequest(m_session, asked->id, "There are none."));
    }

    Status askForWaiver()
    {
        services::FindingRequest about;
        about.model = ModelId::of(m_known.front().model);
        about.title = "To be waived " + std::to_string(m_steps);
        const auto opened = services::openFinding(m_session, about);
        if (!opened)
            return opened.error();
        const auto missed = services::missedFinding(m_session, version(), opened->id);
        if (!missed)
            return missed.error();
        const auto asked = services::requestWaiver(m_session, {version(), *missed, "Until <Friday>.", "Looked at by hand.", m_session.now() + std::chrono::days(20)});
        return !asked || below(2) == 0 ? outcome(asked) : outcome(services::endWaiver(m_session, asked->id, "Not needed."));
    }

    Status publishPack()
    {
        services::PublishRequest request;
        auto pack = policy::builtInPack("general");
        if (!pack)
            return pack.error();
        request.pack = std::move(*pack);
        request.pack.version = "9000." + std::to_string(++m_packs);
        for (auto &transition : request.pack.transitions)
            transition.gate.clear(); // what gates ask for is another test's
        request.effectiveFrom = m_session.now() + std::chrono::seconds(below(2) * 3);
        const auto published = services::publishPack(m_session, request, m_ada, *m_key);
        if (!published || m_packs > 1)
            return outcome(published);
        return outcome(services::governModel(m_session, ModelId::of(m_known.front().model), {"general"}, "It decides about credit."));
    }

    Status addArtifact()
    {
        return outcome(services::addArtifacts(m_session, version(), {{"model " + std::to_string(m_steps) + ".onnx", crypto::sha256("weights " + std::to_string(m_steps)), 7}}));
    }

    /// A tier that somebody would have to confirm, and a step that no gate holds up.
    Status liveByThePack()
    {
        const ModelId model = ModelId::of(m_known.front().model);
        const auto pack = services::tieringPack(m_session, model);
        if (!pack)
            return pack.error();
        services::TierRequest request{model, {}, {}, "So it is."};
        for (const auto &factor : pack->scoring.factors)
            request.answers.emplace_back(factor.id, factor.levels[below(factor.levels.size())].id);
        if (const auto assessed = services::assessTier(m_session, request); !assessed)
            return assessed.error();
        const auto life = services::lifeOf(m_session, version());
        if (!life)
            return life.error();
        for (const auto &move : life->moves)
            if (move.gate.isOpen() && move.to.stage != Stage::Restricted && move.to.stage != Stage::Retired)
                return outcome(services::moveVersion(m_session, version(), move.transition.id, "It is time."));
        return {};
    }

    /// On to its use, signed and released.
    Status release()
    {
        for (bool moves = true; std::exchange(moves, false);) {
            const auto life = services::lifeOf(m_session, version());
            if (!life)
                return life.error();
            for (const auto &move : life->moves)
                if (!moves && !move.transition.isRework && move.gate.isOpen() && move.to.stage != Stage::Restricted && move.to.stage != Stage::Retired) {
                    if (const auto moved = services::moveVersion(m_session, version(), move.transition.id, {}); !moved)
                        return moved.error();
                    moves = true;
                }
        }
        if (const auto status = freezeAndSign(Decision::Approve); !status)
            return status;
        const auto issued = services::issueRelease(m_session, {version(), m_session.now() + std::chrono::days(30)}, m_ada, *m_key);
        return !issued || below(2) == 0 ? outcome(issued) : outcome(services::revokeRelease(m_session, issued->id, "It was too early."));
    }

    Status addPerson()
    {
        const auto secret = passphrase("another long passphrase");
        const std::string number = std::to_string(m_steps);
        auto added = services::addPerson(m_session, {"Sample Person " + number, "person" + number, {Role::Validator}}, &secret, m_ada, *m_key);
        if (!added)
            return added.error();
        m_added = std::move(*added);
        return {};
    }

    Status setPolicy()
    {
        ledger::SigningPolicy policy;
        policy.cosigners = static_cast<std::int64_t>(below(3));
        return services::setSigningPolicy(m_session, policy, {m_ada, *m_key});
    }

    Status revokeKey()
    {
        const auto keys = m_added ? services::livingKeys(m_session, *m_added) : Result<std::vector<KeyId>>(Error{ErrorKind::NotFound, "Nobody was added.", {}});
        if (!keys)
            return keys.error();
        if (keys->empty())
            return Error{ErrorKind::Conflict, "It is revoked.", {}};
        return services::revokeKeys(m_session, {*keys, {}, "left"}, {m_ada, *m_key});
    }

    services::Session &m_session;
    const TemporaryFolder &m_folder;
    SeededRandomness m_random;
    const Person m_ada;
    std::shared_ptr<crypto::SigningKey> m_key;
    std::vector<Known> m_known;
    std::vector<RuleId> m_rules;
    std::optional<Person> m_added;
    std::string m_import;
    int m_steps = 0;
    int m_files = 0;
    int m_packs = 0;
};

} // namespace countersign::test
