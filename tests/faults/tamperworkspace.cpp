#include "tests/faults/tamperworkspace.h"

#include "models/computed/compute.h"
#include "models/computed/scores/scoresummary.h"
#include "models/services/computed/changes.h"
#include "models/services/computed/computedsets.h"
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
#include "models/services/inventory.h"
#include "models/services/people.h"
#include "models/services/review/reports.h"
#include "models/store/statements.h"

#include <cmath>

namespace countersign::faults {

namespace {

/// Does one step after the other; the first failure sticks.
class Enriching
{
public:
    Enriching(const Workplace &place, services::Session &session, const crypto::SigningKey &key)
        : m_place(place)
        , m_session(session)
        , m_key(key)
    {
    }

    Status run()
    {
        for (const auto step : {&Enriching::people, &Enriching::registry, &Enriching::metrics, &Enriching::figures,
                                &Enriching::changes, &Enriching::findings, &Enriching::evidence, &Enriching::waivers, &Enriching::life, &Enriching::signatures})
            if (const auto status = (this->*step)(); !status)
                return status;
        return {};
    }

private:
    template<class T>
    static Status failureOf(const Result<T> &result)
    {
        return result ? Status() : Status(result.error());
    }

    Status people()
    {
        std::string words = "another long passphrase";
        const auto passphrase = crypto::Secret::takeFrom(words);
        const services::PersonRequest ben{"Ben Sample", "bsample", {Role::Validator}};
        return failureOf(services::addPerson(m_session, ben, &passphrase, *m_session.person(), m_key));
    }

    Status registry()
    {
        services::StagedRegistry staged;
        staged.uri = "https://registry.example/mlflow";
        staged.inventory.description = "MLflow server 2.17";
        importers::SourceModel model;
        model.name = "churn <b>x</b>";
        model.description = "Who leaves within a quarter.";
        model.tags = {{"owner", "Retail"}, {"risk_tier", "2"}};
        model.aliases = {{"champion", "2"}};
        model.createdAt = model.updatedAt = fromMillis(1'760'000'000'000);
        for (const char *label : {"1", "2"}) {
            importers::SourceVersion version;
            version.label = label;
            version.stage = label[0] == '2' ? "Production" : "Archived";
            version.status = "READY";
            version.artifactUri = "s3://models/churn/" + std::string(label);
            version.runId = "r" + std::string(label);
            version.createdBy = "ada";
            version.tags = {{"git", "4f2a"}};
            version.createdAt = version.updatedAt = model.createdAt;
            model.versions.push_back(version);
        }
        staged.inventory.models = {model};
        for (const char *id : {"r1", "r2"}) {
            importers::SourceRun run;
            run.id = id;
            run.experimentId = "7";
            run.experiment = "Churn";
            run.name = "train " + run.id;
            run.status = "FINISHED";
            run.user = "ada";
            run.parameters = {{"depth", "6"}};
            run.tags = {{"host", "n1"}};
            run.startedAt = model.createdAt;
            run.endedAt = model.createdAt + std::chrono::hours(1);
            run.metrics = {"auc"};
            staged.inventory.runs.push_back(run);
            staged.histories.push_back(
                {{"auc", {{1, model.createdAt, 0.71}, {2, model.createdAt + std::chrono::minutes(5), 0.74}}}});
            staged.points += 2;
        }
        if (const auto first = services::importRegistry(m_session, staged, {}); !first)
            return first.error();
        staged.inventory.models.front().description = "Who leaves within half a year.";
        staged.inventory.models.front().tags[0].second = "Retail banking";
        return failureOf(services::importRegistry(m_session, staged, {}));
    }

    Status import(const char *name, const std::string &rows)
    {
        const auto file = m_place.folder / name;
        if (const auto written =
                writeFile(file, "model,version,metric,slice,window_start,window_end,value,n,lower,upper\n" + rows);
            !written)
            return written;
        return failureOf(services::importMetrics(m_session, file, {}));
    }

    Status metrics()
    {
        if (const auto status = import("weeks.csv", "m0,1,auc,,2026-02-01,2026-03-01,0.69,4700,0.67,0.71\nm0,1,auc,sex="
                                                    "F,2026-02-01,2026-03-01,0.68,2100,,\n"
                                                    "m0,1,brier,,2026-02-01,2026-03-01,0.11,4700,,\nchurn "
                                                    "<b>x</b>,2,auc,,2026-02-01,2026-03-01,0.75,800,0.7,0.8\n");
            !status)
            return status;
        if (const auto status = import("wrong.csv", "m0,1,auc,,2026-03-01,2026-04-01,0.99,10,,\n"); !status)
            return status;
        store::Statements sql(m_session.connection());
        const auto number = sql.integer("SELECT max(no) FROM import");
        if (!number)
            return sql.ok() ? Status(Error{ErrorKind::NotFound, "There is no import.", {}}) : sql.status();
        return services::undoImport(m_session, "I-" + std::to_string(*number), "the wrong file");
    }

    Status figures()
    {
        SeededRandomness random(7);
        std::string log = "time,y,score,sex\n";
        for (int i = 0; i < 400; ++i) {
            const double score = std::round(random.unit() * 1000) / 1000;
            log += formatUtc(fromMillis(1'736'121'600'000 + i * 3'600'000LL)) + "," +
                   (random.unit() < score ? "1" : "0") + "," + std::to_string(score) + "," +
                   (random.next() % 2 ? "F" : "M") + "\n";
        }
        const auto file = m_place.folder / "log.csv";
        if (const auto written = writeFile(file, log); !written)
            return written;
        predictions::Mapping mapping;
        mapping.label = "y";
        mapping.score = "score";
        mapping.time = "time";
        mapping.labelValues = {{"1"}, {"0"}};
        mapping.attributes = {{"sex", "sex", {}}};
        computed::Parameters parameters;
        parameters.bootstrapDraws = 50;
        auto reader = predictions::LogReader::open(file);
        if (!reader)
            return reader.error();
        services::ComputedImport import;
        auto set =
            computed::computeLog(*std::move(reader), mapping, parameters, {}, [&](const scoretables::Table &table) {
                if (const auto summary = computed::summarizeScores(table))
                    import.scores = computed::writeScores(*summary);
            });
        const auto subject = services::findVersionSubject(m_session, "m0/1");
        if (!set || !subject)
            return set ? subject.error() : set.error();
        m_version = subject->version->id;
        import.version = m_version;
        import.set = std::make_shared<computed::ComputedSet>(*std::move(set));
        import.note = "Quarterly";
        const auto recorded = services::recordComputed(m_session, import);
        if (!recorded)
            return recorded.error();
        m_basis = recorded->import;
        const auto again = computed::recompute(*import.set, file);
        if (!again)
            return again.error();
        return failureOf(services::recordRecomputation(m_session, recorded->import, *again));
    }

    Status changes()
    {
        services::ChangeProposal proposal;
        proposal.version = m_version;
        proposal.kind = services::ChangeKind::GroupThresholds;
        proposal.attributes = {"sex"};
        proposal.thresholds = {{*Slice::parse("sex=F"), 0.3}, {*Slice::parse("sex=M"), 0.5}};
        proposal.constraint = "demographic_parity";
        proposal.tolerance = 0.01;
        proposal.basis = m_basis;
        proposal.summary = "Score at least .300 for F and .500 for M.";
        proposal.reason = "Selection rates differ.";
        proposal.legalNote = "Thresholds by group may be unlawful.";
        proposal.evidence = R"({"after":{"accuracy":0.81},"before":{"accuracy":0.82}})";
        if (const auto kept = services::proposeChange(m_session, proposal); !kept)
            return kept.error();
        proposal.summary += " Again.";
        const auto second = services::proposeChange(m_session, proposal);
        return second ? services::withdrawChange(m_session, *second, "made twice") : Status(second.error());
    }

    Status findings()
    {
        services::FindingRequest request;
        request.model = services::findSubject(m_session, "m0")->model.id;
        request.version = m_version;
        request.title = "Selection rates differ";
        request.text = "By more than a tenth.";
        request.owner = m_session.person()->id;
        const auto opened = services::openFinding(m_session, request);
        if (!opened)
            return opened.error();
        request.title += ", again";
        request.owner = {};
        const auto second = services::openFinding(m_session, request);
        return second ? failureOf(services::stepFinding(m_session, second->id, {FindingAct::Close, "Made twice.", false, Resolution::Duplicate})) : Status(second.error());
    }

    Status evidence()
    {
        services::ExhibitRequest request;
        request.model = services::findSubject(m_session, "m0")->model.id;
        request.version = m_version;
        request.title = "Validation report";
        request.requirement = "bank/validation";
        request.file = services::EvidenceFile{"report.txt", "text/plain", {}, "It was validated."};
        request.to = m_session.now();
        request.expires = *request.to + std::chrono::days(365);
        const auto added = services::addExhibit(m_session, request);
        if (!added)
            return added.error();
        services::ExhibitRequest guide;
        guide.model = request.model;
        guide.title = "User guide";
        guide.note = "Chapter 2 is the one.";
        guide.reference = "shelf 12";
        guide.replaces = added->id;
        const auto second = services::addExhibit(m_session, guide);
        if (!second)
            return second.error();
        if (const auto withdrawn = services::withdrawExhibit(m_session, second->id, "Another guide."); !withdrawn)
            return withdrawn.error();
        services::EvidenceRequestDraft draft;
        draft.model = request.model;
        draft.version = m_version;
        draft.requirement = "bank/minutes";
        draft.text = "Minutes of May";
        draft.asked = m_session.person()->id;
        draft.due = *request.expires;
        const auto asked = services::requestEvidence(m_session, draft);
        return asked ? failureOf(services::cancelEvidenceRequest(m_session, asked->id, "Found them.")) : Status(asked.error());
    }

    Status life()
    {
        services::PublishRequest request;
        auto pack = policy::builtInPack("general");
        if (!pack)
            return pack.error();
        request.pack = std::move(*pack);
        request.note = "The first one.";
        for (auto &transition : request.pack.transitions)
            transition.gate.clear(); // what gates ask for is another test's
        for (auto &rule : request.pack.rules)
            rule.limit.maxAgeDays.reset(); // whatever the day
        if (const auto published = services::publishPack(m_session, request, *m_session.person(), m_key); !published)
            return published.error();
        const auto model = services::findSubject(m_session, "m0")->model.id;
        if (const auto governed = services::governModel(m_session, model, {"general"}, "It decides about credit."); !governed)
            return governed.error();
        services::TierRequest assessment{model, {}, {}, "As the answers say."};
        for (const auto &factor : request.pack.scoring.factors)
            assessment.answers.emplace_back(factor.id, factor.levels.front().id);
        if (const auto assessed = services::assessTier(m_session, assessment); !assessed)
            return assessed.error();
        const auto life = services::lifeOf(m_session, m_version);
        if (!life)
            return life.error();
        std::string last;
        for (auto now = *life; now.stage && now.stage->id != last;) {
            last = now.stage->id;
            const auto move = std::ranges::find_if(now.moves, [](const auto &one) { return !one.transition.isRework && one.to.stage != Stage::Retired && one.to.stage != Stage::Restricted; });
            if (move == now.moves.end())
                break;
            if (const auto moved = services::moveVersion(m_session, m_version, move->transition.id, "It is time."); !moved)
                return moved.error();
            auto next = services::lifeOf(m_session, m_version);
            if (!next)
                return next.error();
            now = std::move(*next);
        }
        return release(std::move(request));
    }

    /// Files, a release of them, and a version of the pack that is to come: what turns then is known now.
    Status release(services::PublishRequest request)
    {
        if (const auto added = services::addArtifacts(m_session, m_version, {{"model.onnx", crypto::sha256("weights"), 7}, {"vocabulary.txt", crypto::sha256("words"), 5}}); !added)
            return added.error();
        if (const auto status = sign(m_version, Decision::Approve); !status)
            return status;
        const services::ReleaseRequest asked{m_version, m_session.now() + std::chrono::days(60)};
        const auto issued = services::issueRelease(m_session, asked, *m_session.person(), m_key);
        if (!issued)
            return issued.error();
        if (const auto revoked = services::revokeRelease(m_session, issued->id, "It was too early."); !revoked)
            return revoked.error();
        request.pack.version = "9999.1";
        request.effectiveFrom = m_session.now() + std::chrono::days(30);
        for (auto &rule : request.pack.rules)
            if (rule.limit.metric == "auc") {
                rule.limit.limit = 0.95;
                rule.limit.watch = 0.96;
            }
        return failureOf(services::publishPack(m_session, request, *m_session.person(), m_key));
    }

    Status waivers()
    {
        const auto finding = services::findFinding(m_session, "F-1");
        const auto missed = finding ? services::missedFinding(m_session, m_version, finding->id) : Result<WaivedRequirement>(finding.error());
        if (!missed)
            return missed.error();
        const services::WaiverRequest request{m_version, *missed, "It takes a month.", "Every decision is looked at.", m_session.now() + std::chrono::days(30)};
        const auto asked = services::requestWaiver(m_session, request);
        return asked ? failureOf(services::endWaiver(m_session, asked->id, "It took a week.")) : Status(asked.error());
    }

    Status sign(const VersionId &version, Decision decision)
    {
        const auto bundle = services::freezeReview(m_session, version);
        if (!bundle)
            return bundle.error();
        services::SignRequest request;
        request.id = m_session.environment().randomness->uuid();
        request.bundle = bundle->id;
        request.decision = decision;
        request.meaning = decision == Decision::Approve ? kMeaning : "Rejected: the limit is not met";
        request.comment = "Seen \"everything\".";
        request.shown = {"metrics", "limits"};
        return failureOf(services::sign(m_session, request, *m_session.person(), m_key));
    }

    Status signatures()
    {
        services::FactsRequest facts;
        facts.model = services::findSubject(m_session, "m0")->model.id;
        facts.purpose = "Credit decisions";
        if (const auto set = services::setFacts(m_session, facts); !set)
            return set.error();
        if (const auto status = sign(m_version, Decision::Reject); !status)
            return status;
        if (const auto report = services::issueReport(m_session, m_version); !report)
            return report.error();
        if (const auto status = import(
                "later.csv",
                "m0,1,auc,,2026-03-01,2026-04-01,0.72,4700,0.70,0.74\nm0,1,auc,,2026-02-01,2026-03-01,0.694,4700,,\n");
            !status)
            return status;
        return sign(m_version, Decision::Approve);
    }

    const Workplace &m_place;
    services::Session &m_session;
    const crypto::SigningKey &m_key;
    VersionId m_version;
    std::optional<ImportId> m_basis;
};

} // namespace

Status enrich(const Workplace &place)
{
    const auto session = place.open();
    const auto key = place.personKey();
    if (!session || !key)
        return session ? key.error() : session.error();
    return Enriching(place, **session, *key).run();
}

} // namespace countersign::faults
