#include "models/services/governance/lifecycle.h"

#include "models/policy/packs/builtin.h"
#include "models/services/governance/evidence.h"
#include "models/services/governance/findings.h"
#include "models/services/governance/packs.h"
#include "models/services/governance/tiers.h"
#include "models/services/governance/waivers.h"
#include "models/services/review/review.h"
#include "models/store/queries/governance/lifecycle.h"
#include "models/store/queries/governance/packs.h"
#include "tests/models/services/governance/governed.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// A pack in force: the limits that it brings, the tier by its questions, and the way of a version through its gates, each refusal with its reasons.
class LifecycleTest : public QObject
{
    Q_OBJECT

    static std::string wordsOf(const std::vector<policy::GateCheck> &checks)
    {
        std::string text;
        for (const auto &check : checks)
            text += check.sentence + "\n";
        return text;
    }

private Q_SLOTS:
    void throughTheGates_data() { forEachBackend(); }
    void throughTheGates()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        QVERIFY_ERROR(services::lifeOf(session, team.version()), ErrorKind::NotFound);
        const auto published = publish(team);
        QVERIFY_RESULT(published);
        QCOMPARE(store::findModel(session.connection(), team.model())->packs, std::vector<std::string>{"general"});
        QVERIFY_RESULT(facts(team));

        // Neither the stage nor the tier is a fact that anybody sets any more.
        services::FactsRequest free;
        free.model = team.model();
        free.version = team.version();
        free.stage = Stage::InUse;
        QVERIFY_ERROR(services::setFacts(session, free), ErrorKind::Conflict);
        free.stage.reset();
        free.tier = std::optional<int>(3);
        QVERIFY_ERROR(services::setFacts(session, free), ErrorKind::Conflict);

        const auto life = services::lifeOf(session, team.version());
        QVERIFY_RESULT(life);
        QVERIFY(life->stage);
        QCOMPARE(life->stage->id, std::string("development"));
        const auto early = services::moveVersion(session, team.version(), "validation", {});
        QVERIFY_ERROR(early, ErrorKind::Conflict);
        QVERIFY2(early.error().message.find("The model needs a tier.") != std::string::npos, early.error().message.c_str());
        QVERIFY_ERROR(services::moveVersion(session, team.version(), "inUse", {}), ErrorKind::Invalid); // no such way from here

        team.as("olga");
        const auto assessed = assess(team, 3);
        QVERIFY_RESULT(assessed);
        QVERIFY(assessed->isConfirmed);
        QCOMPARE(store::findModel(session.connection(), team.model())->tier.value_or(0), 3);
        QVERIFY_RESULT(evidence(team, "documentation"));
        team.as("dora");
        QVERIFY_RESULT(services::moveVersion(session, team.version(), "submit", {}));

        const auto closed = services::moveVersion(session, team.version(), "approve", {});
        QVERIFY_ERROR(closed, ErrorKind::Conflict);
        for (const char *id : {"data-description", "validation-report"})
            QVERIFY_RESULT(evidence(team, id));
        const policy::Pack pack = general();
        const std::string validated = pack.meaning("validation")->title;
        const std::string approved = pack.meaning("approval")->title;
        QVERIFY_RESULT(sign(team, "axel", Role::Approver, approved)); // before the validation: does not count
        QVERIFY_RESULT(sign(team, "vera", Role::Validator, validated));
        const auto still = services::lifeOf(session, team.version());
        QVERIFY_RESULT(still);
        const auto approve = std::ranges::find(still->moves, std::string("approve"), [](const auto &move) { return move.transition.id; });
        QVERIFY(approve != still->moves.end());
        QVERIFY2(!approve->gate.isOpen(), approve->gate.sentence().c_str());
        QVERIFY2(wordsOf(approve->gate.reasons()).find("came before what it has to come after") != std::string::npos, wordsOf(approve->gate.reasons()).c_str());
        QVERIFY_RESULT(sign(team, "axel", Role::Approver, approved));
        team.as("olga");
        const auto moved = services::moveVersion(session, team.version(), "approved", {});
        QVERIFY_RESULT(moved);
        QVERIFY(moved->gate.has_value());
        QCOMPARE(store::findVersion(session.connection(), team.version())->stage, Stage::Approved);
        QVERIFY_RESULT(evidence(team, "monitoring-plan"));
        team.as("otto");
        const Instant before = session.now();
        QVERIFY_RESULT(services::moveVersion(session, team.version(), "inUse", {}));
        QCOMPARE(store::versionsInStageAt(session.connection(), team.model(), Stage::InUse, before)->size(), 0U);
        QCOMPARE(store::versionsInStageAt(session.connection(), team.model(), Stage::InUse, session.now())->size(), 1U);
        QVERIFY_ERROR(services::moveVersion(session, team.version(), "retired", {}), ErrorKind::Invalid); // needs a reason
        QVERIFY_RESULT(services::moveVersion(session, team.version(), "retired", "Replaced by version 2."));
        QCOMPARE(store::stageMoves(session.connection(), team.version())->size(), 4U);
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void whoMayNotOpensNothing()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        services::PublishRequest request;
        request.pack = general();
        QVERIFY_ERROR(services::publishPack(session, request, team.person("vera"), team.key("vera")), ErrorKind::Denied);
        QVERIFY_RESULT(publish(team));
        QVERIFY_ERROR(publish(team), ErrorKind::Conflict); // the same again
        policy::Pack older = general();
        older.version = "1.0";
        QVERIFY_ERROR(publish(team, older), ErrorKind::Conflict);
        team.as("uma");
        QVERIFY_ERROR(services::moveVersion(session, team.version(), "validation", {}), ErrorKind::Denied);
        QVERIFY_ERROR(assess(team, 3), ErrorKind::Denied);
        team.as("olga");
        QVERIFY_ERROR(services::governModel(session, team.model(), {"general"}, "So."), ErrorKind::Denied);
        team.as("ada");
        QVERIFY_ERROR(services::governModel(session, team.model(), {"nist-ai-rmf"}, "So."), ErrorKind::NotFound);
    }

    void aTierIsOverriddenByTwo_data() { forEachBackend(); }
    void aTierIsOverriddenByTwo()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        QVERIFY_RESULT(publish(team));
        team.as("olga");
        const auto answers = answersFor(general(), 1);
        QVERIFY(answers);
        services::TierRequest request{team.model(), *answers, 3, {}};
        QVERIFY_ERROR(services::assessTier(session, request), ErrorKind::Invalid); // no reason
        auto wrong = request;
        wrong.answers.front().second = "elephant";
        QVERIFY_ERROR(services::assessTier(session, wrong), ErrorKind::Invalid);
        request.reason = "Only twelve decisions a year.";
        const auto asked = services::assessTier(session, request);
        QVERIFY_RESULT(asked);
        QVERIFY(!asked->isConfirmed);
        QVERIFY(!store::findModel(session.connection(), team.model())->tier); // not in force
        QVERIFY_ERROR(services::confirmTier(session, team.model()), ErrorKind::Denied); // an owner
        team.as("vera");
        const auto confirmed = services::confirmTier(session, team.model());
        QVERIFY_RESULT(confirmed);
        QCOMPARE(confirmed->confirmed->byName, std::string("Vera Sample"));
        QCOMPARE(store::findModel(session.connection(), team.model())->tier.value_or(0), 3);
        QVERIFY_ERROR(services::confirmTier(session, team.model()), ErrorKind::Conflict);
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    // Its limits judge from the day on which it begins, and nobody has to do anything on that day.
    void aPackBeginsOnItsDay_data() { forEachBackend(); }
    void aPackBeginsOnItsDay()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        policy::Pack pack = general();
        QVERIFY(!pack.rules.empty());
        policy::PackRule rule;
        rule.id = "auc-floor";
        rule.limit.metric = "auc";
        rule.limit.direction = Direction::AtLeast;
        rule.limit.limit = 0.7;
        pack.rules = {rule};
        for (auto &transition : pack.transitions)
            for (auto &gate : transition.gate)
                gate.rules.clear();
        for (auto &obligation : pack.obligations)
            std::erase_if(obligation.covers, [](const auto &cover) { return cover.kind == policy::Obligation::Cover::Kind::Rule; });
        const Instant from = session.now() + std::chrono::days(30);
        services::PublishRequest request;
        request.pack = pack;
        request.isDefault = true;
        request.effectiveFrom = from;
        const auto impact = services::previewPack(session, request);
        QVERIFY_RESULT(impact);
        QCOMPARE(impact->models, 1);
        QCOMPARE(impact->failing, 1);
        QVERIFY2(impact->sentence().find("1 model fails 1 limit") != std::string::npos, impact->sentence().c_str());
        QCOMPARE(impact->flips.front().versionLabel, std::string("2"));
        QCOMPARE(store::listPacks(session.connection())->size(), 0U); // a preview changes nothing
        QVERIFY_RESULT(services::publishPack(session, request, team.person("ada"), team.key("ada")));
        const auto stateOf = [&] { return store::versionRow(session.connection(), team.version("2"), session.now())->verdict; };
        QCOMPARE(stateOf(), VerdictState::NotJudged);
        QVERIFY(store::listVerdicts(session.connection(), team.version("2"), session.now())->empty());
        team.itIs(from);
        QCOMPARE(stateOf(), VerdictState::Fail);
        const auto verdicts = store::listVerdicts(session.connection(), team.version("2"), session.now());
        QVERIFY_RESULT(verdicts);
        QCOMPARE(verdicts->size(), 1U);
        QCOMPARE(team.differences(), std::vector<std::string>());

        // The next version of it changes the limit, and nothing else.
        pack.version = "9999.1";
        pack.rules.front().limit.limit = 0.6;
        request.pack = pack;
        request.effectiveFrom.reset();
        QVERIFY_RESULT(services::publishPack(session, request, team.person("ada"), team.key("ada")));
        QCOMPARE(stateOf(), VerdictState::Pass);
        QCOMPARE(store::listVerdicts(session.connection(), team.version("2"), session.now())->front().ruleRevision, 2);
        QVERIFY_RESULT(services::retirePack(session, "general", "Another one comes.", team.person("ada"), team.key("ada")));
        QCOMPARE(stateOf(), VerdictState::NotJudged);
        QVERIFY_ERROR(services::lifeOf(session, team.version()), ErrorKind::NotFound);
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void aWaiverHoldsAGateOpen_data() { forEachBackend(); }
    void aWaiverHoldsAGateOpen()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        QVERIFY_RESULT(publish(team));
        QVERIFY_RESULT(facts(team));
        QVERIFY_RESULT(assess(team, 3));
        QVERIFY_RESULT(evidence(team, "documentation"));
        team.as("dora");
        QVERIFY_RESULT(services::moveVersion(session, team.version(), "validation", {}));
        team.as("vera");
        services::FindingRequest about;
        about.model = team.model();
        about.title = "No benchmark model";
        about.severity = Severity::High;
        const auto finding = services::openFinding(session, about);
        QVERIFY_RESULT(finding);
        const auto findingCheck = [&]() -> policy::GateCheck {
            const auto life = services::lifeOf(session, team.version());
            for (const auto &move : life->moves)
                if (move.transition.id == "approve")
                    for (const auto &check : move.gate.checks)
                        if (check.kind == policy::GateCheck::Kind::Finding)
                            return check;
            return {};
        };
        QCOMPARE(findingCheck().state, policy::CheckState::NotMet);
        const auto missed = services::missedFinding(session, team.version(), finding->id);
        QVERIFY_RESULT(missed);
        const Instant until = session.now() + std::chrono::days(7);
        const auto asked = services::requestWaiver(session, {team.version(), *missed, "It is being built.", "Outcomes are looked at.", until});
        QVERIFY_RESULT(asked);
        QVERIFY_RESULT(services::grantWaiver(session, asked->id, {}, team.person("axel"), team.key("axel")));
        QCOMPARE(findingCheck().state, policy::CheckState::Waived);
        QCOMPARE(findingCheck().waiver, std::string("W-1"));
        team.itIs(until);
        QCOMPARE(findingCheck().state, policy::CheckState::NotMet); // closed again, by itself
    }

    // A limit that nothing was measured for is no limit that is met.
    void nobodyPassesByNotMeasuring()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        QVERIFY_RESULT(publish(team));
        team.as("olga");
        QVERIFY_RESULT(assess(team, 3));
        const auto gate = [&] {
            const auto facts = services::gateFacts(session, team.version());
            return policy::judgeGate(general(), *general().transition("approve"), *facts);
        };
        QVERIFY2(wordsOf(gate().reasons()).find("The limit \"stability\" has nothing to look at") != std::string::npos, wordsOf(gate().reasons()).c_str());
        const auto rules = store::listRules(session.connection());
        QVERIFY_RESULT(rules);
        const auto stability = std::ranges::find_if(*rules, [](const Rule &rule) { return rule.origin && rule.origin->rule == "stability"; });
        QVERIFY(stability != rules->end());
        const auto missed = services::missedLimit(session, team.version(), stability->id, {});
        QVERIFY_RESULT(missed);
        const auto asked = services::requestWaiver(session, {team.version(), *missed, "There is no reference yet.", "Scores are looked at weekly.", session.now() + std::chrono::days(30)});
        QVERIFY_RESULT(asked);
        QVERIFY_RESULT(services::grantWaiver(session, asked->id, {}, team.person("axel"), team.key("axel")));
        QVERIFY2(wordsOf(gate().reasons()).find("stability") == std::string::npos, wordsOf(gate().reasons()).c_str());
        QVERIFY_RESULT(team.import("1,psi/score,0.9,1000,,,2026-02-28")); // now there is something, and it is not waived by that
        QVERIFY2(wordsOf(gate().reasons()).find("PSI") != std::string::npos || !gate().isOpen(), wordsOf(gate().checks).c_str());
    }

    void missingEvidenceIsWaivedOnlyWhereThePackLets()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        policy::Pack pack = general();
        pack.evidence.front().isWaivable = false;
        QVERIFY_RESULT(publish(team, pack));
        QVERIFY_ERROR(services::missedEvidence(session, team.version(), "general/" + pack.evidence.front().id), ErrorKind::Conflict);
        QVERIFY_ERROR(services::missedEvidence(session, team.version(), "general/no-such"), ErrorKind::NotFound);
        const std::string id = "monitoring-plan";
        const auto missed = services::missedEvidence(session, team.version(), "general/" + id);
        QVERIFY_RESULT(missed);
        team.as("olga");
        const auto asked = services::requestWaiver(session, {team.version(), *missed, "It is being written.", "The owner looks weekly.", session.now() + std::chrono::days(9)});
        QVERIFY_RESULT(asked);
        QVERIFY_RESULT(services::grantWaiver(session, asked->id, {}, team.person("axel"), team.key("axel")));
        const auto facts = services::gateFacts(session, team.version());
        QVERIFY_RESULT(facts);
        const auto gate = policy::judgeGate(pack, *pack.transition("release"), *facts);
        QCOMPARE(gate.word(), std::string_view("waived"));
        QVERIFY_RESULT(evidence(team, id));
        QVERIFY_ERROR(services::missedEvidence(session, team.version(), "general/" + id), ErrorKind::Conflict);
    }

    void independenceIsFromTheLedger()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        QVERIFY_RESULT(publish(team));
        QVERIFY_RESULT(facts(team));
        QVERIFY_RESULT(assess(team, 3));
        QVERIFY_RESULT(evidence(team, "documentation"));
        team.as("dora");
        QVERIFY_RESULT(services::moveVersion(session, team.version(), "validation", {}));
        // The validator adds evidence of this version: their validation no longer counts as independent.
        team.as("vera");
        services::ExhibitRequest request;
        request.model = team.model();
        request.version = team.version();
        request.title = "Feature list";
        request.reference = "Shelf 5";
        QVERIFY_RESULT(services::addExhibit(session, request));
        QVERIFY_RESULT(sign(team, "vera", Role::Validator, general().meaning("validation")->title));
        const auto life = services::lifeOf(session, team.version());
        QVERIFY_RESULT(life);
        const auto approve = std::ranges::find(life->moves, std::string("approve"), [](const auto &move) { return move.transition.id; });
        QVERIFY(approve != life->moves.end());
        QVERIFY2(wordsOf(approve->gate.reasons()).find("Vera Sample is not independent of this version: they added evidence about it") != std::string::npos,
                 wordsOf(approve->gate.reasons()).c_str());
        // A rejection that stands keeps it closed, whoever else signs.
        QVERIFY_RESULT(sign(team, "ada", Role::Validator, "Returned", Decision::Reject));
        const auto rejected = services::lifeOf(session, team.version());
        QVERIFY_RESULT(rejected);
        QVERIFY2(wordsOf(std::ranges::find(rejected->moves, std::string("approve"), [](const auto &move) { return move.transition.id; })->gate.reasons()).find("Ada Sample rejected this version")
                     != std::string::npos, "rejection");
    }
};

QTEST_GUILESS_MAIN(LifecycleTest)
#include "tst_lifecycle.moc"
