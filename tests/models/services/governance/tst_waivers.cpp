#include "models/services/governance/waivers.h"

#include "models/services/governance/findings.h"
#include "models/store/queries/governance/waivers.h"
#include "tests/models/services/governance/team.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// Waivers: asked for by one, granted by the signature of another, over on their day without anybody's act.
class WaiversTest : public QObject
{
    Q_OBJECT

    static services::WaiverRequest request(Team &team, const Rule &rule, int days = 30)
    {
        services::WaiverRequest request;
        request.version = team.version("2");
        const auto missed = services::missedLimit(team.session(), request.version, rule.id, {});
        Q_ASSERT(missed.ok());
        request.requirement = *missed;
        request.reason = "The retrained version is due in three weeks.";
        request.control = "Decisions near the cut-off are reviewed by hand.";
        request.until = team.session().now() + std::chrono::days(days);
        return request;
    }
    static VerdictState stateOf(Team &team)
    {
        const auto verdicts = store::listVerdicts(team.session().connection(), team.version("2"), team.session().now());
        return verdicts && verdicts->size() == 1 ? verdicts->front().state : VerdictState::NotJudged;
    }

private Q_SLOTS:
    void aLife_data() { forEachBackend(); }
    void aLife()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        const auto rule = team.limit("auc", Direction::AtLeast, 0.7);
        QVERIFY_RESULT(rule);
        QCOMPARE(stateOf(team), VerdictState::Fail);
        team.as("olga");
        const auto asked = services::requestWaiver(team.session(), request(team, *rule));
        QVERIFY_RESULT(asked);
        QCOMPARE(asked->number(), std::string("W-1"));
        QCOMPARE(asked->requirement.sentence, std::string("AUC .690 is below the limit of at least .700."));
        QCOMPARE(stateOf(team), VerdictState::Fail); // asked for is not granted
        QVERIFY_ERROR(services::requestWaiver(team.session(), request(team, *rule)), ErrorKind::Conflict);

        const auto granted = services::grantWaiver(team.session(), asked->id, "Once.", team.person("axel"), team.key("axel"));
        QVERIFY_RESULT(granted);
        QVERIFY(granted->isInForce(team.session().now()));
        QCOMPARE(granted->granted->byName, std::string("Axel Sample"));
        QCOMPARE(stateOf(team), VerdictState::Waived);
        const auto row = store::versionRow(team.session().connection(), team.version("2"), team.session().now());
        QVERIFY_RESULT(row);
        QCOMPARE(row->verdict, VerdictState::Waived);
        QVERIFY2(row->verdictSentence.find("Waived until") != std::string::npos, row->verdictSentence.c_str());
        QCOMPARE(team.differences(), std::vector<std::string>());

        // Its day comes: nobody does anything, and the breach is there again.
        team.itIs(granted->until - std::chrono::seconds(30));
        QCOMPARE(stateOf(team), VerdictState::Waived);
        QCOMPARE(services::findWaiver(team.session(), "W-1")->daysLeft(team.session().now()), 1);
        team.itIs(granted->until);
        QCOMPARE(stateOf(team), VerdictState::Fail);
        const auto over = services::findWaiver(team.session(), "w-1");
        QVERIFY_RESULT(over);
        QVERIFY(!over->isInForce(team.session().now()));
        QVERIFY2(over->standing(team.session().now()).starts_with("Ran out on"), over->standing(team.session().now()).c_str());
        QVERIFY_ERROR(services::endWaiver(team.session(), asked->id, "Over."), ErrorKind::Conflict);
        // And may be asked for again.
        QVERIFY_RESULT(services::requestWaiver(team.session(), request(team, *rule)));
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    // What was settled long ago, and judged by a day of then, is the same in a replay of today.
    void whatAgesIsNoDifference_data() { forEachBackend(); }
    void whatAgesIsNoDifference()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto rule = team.limit("auc", Direction::AtLeast, 0.6);
        QVERIFY_RESULT(rule);
        rule->maxAgeDays = 60;
        QVERIFY_RESULT(services::setRule(team.session(), *rule, {}, team.person("ada"), team.key("ada")));
        QCOMPARE(stateOf(team), VerdictState::Pass);
        team.itIs(team.session().now() + std::chrono::days(100));
        QCOMPARE(stateOf(team), VerdictState::NotEnoughData);
        team.as("vera");
        services::FindingRequest request;
        request.model = team.model();
        request.title = "Nobody measured for a quarter";
        QVERIFY_RESULT(services::openFinding(team.session(), request));
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void itEndsBeforeItsDay_data() { forEachBackend(); }
    void itEndsBeforeItsDay()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        const auto rule = team.limit("auc", Direction::AtLeast, 0.7);
        QVERIFY_RESULT(rule);
        team.as("dora");
        const auto first = services::requestWaiver(team.session(), request(team, *rule));
        QVERIFY_RESULT(first);
        team.as("axel");
        QVERIFY_ERROR(services::declineWaiver(team.session(), first->id, " "), ErrorKind::Invalid);
        const auto declined = services::declineWaiver(team.session(), first->id, "Retrain first.");
        QVERIFY_RESULT(declined);
        QVERIFY(declined->state == WaiverState::Declined);
        QVERIFY_ERROR(services::grantWaiver(team.session(), first->id, {}, team.person("axel"), team.key("axel")), ErrorKind::Conflict);
        team.as("dora");
        const auto second = services::requestWaiver(team.session(), request(team, *rule));
        QVERIFY_RESULT(second);
        QVERIFY_RESULT(services::grantWaiver(team.session(), second->id, {}, team.person("axel"), team.key("axel")));
        team.as("vera");
        const auto ended = services::endWaiver(team.session(), second->id, "The control was not kept.");
        QVERIFY_RESULT(ended);
        QCOMPARE(ended->closed->text, std::string("The control was not kept."));
        QCOMPARE(stateOf(team), VerdictState::Fail);
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void anotherLimitIsNotWaived()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        auto rule = team.limit("auc", Direction::AtLeast, 0.7);
        QVERIFY_RESULT(rule);
        team.as("olga");
        const auto asked = services::requestWaiver(team.session(), request(team, *rule));
        QVERIFY_RESULT(asked);
        QVERIFY_RESULT(services::grantWaiver(team.session(), asked->id, {}, team.person("axel"), team.key("axel")));
        QCOMPARE(stateOf(team), VerdictState::Waived);
        rule->limit = 0.75;
        QVERIFY_RESULT(services::setRule(team.session(), *rule, {}, team.person("ada"), team.key("ada")));
        QCOMPARE(stateOf(team), VerdictState::Fail);
        rule->limit = 0.65;
        QVERIFY_RESULT(services::setRule(team.session(), *rule, {}, team.person("ada"), team.key("ada")));
        QCOMPARE(stateOf(team), VerdictState::Pass);
    }

    void whatIsMetNeedsNone()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        auto rule = team.limit("auc", Direction::AtLeast, 0.7);
        QVERIFY_RESULT(rule);
        team.as("olga");
        QVERIFY_ERROR(services::missedLimit(team.session(), team.version("1"), rule->id, {}), ErrorKind::Conflict);
        const auto asked = services::requestWaiver(team.session(), request(team, *rule));
        QVERIFY_RESULT(asked);
        QVERIFY_RESULT(team.import("2,auc,0.75,900,0.7,0.8,2026-03-01"));
        const auto granted = services::grantWaiver(team.session(), asked->id, {}, team.person("axel"), team.key("axel"));
        QVERIFY_ERROR(granted, ErrorKind::Conflict);
        QVERIFY2(granted.error().message.find("nothing to be waived any more") != std::string::npos, granted.error().message.c_str());
    }

    void aFindingIsWaived()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        team.as("vera");
        services::FindingRequest about;
        about.model = team.model();
        about.title = "No benchmark model";
        const auto finding = services::openFinding(team.session(), about);
        QVERIFY_RESULT(finding);
        const auto missed = services::missedFinding(team.session(), team.version("2"), finding->id);
        QVERIFY_RESULT(missed);
        services::WaiverRequest request{team.version("2"), *missed, "The benchmark is being built.", "Outcomes are compared monthly.", team.session().now() + std::chrono::days(10)};
        const auto asked = services::requestWaiver(team.session(), request);
        QVERIFY_RESULT(asked);
        QCOMPARE(asked->requirement.sentence, std::string("F-1 is open: No benchmark model"));
        QVERIFY_RESULT(services::stepFinding(team.session(), finding->id, {FindingAct::Close, "Is in chapter 4.", false, Resolution::NotAnIssue}));
        QVERIFY_ERROR(services::grantWaiver(team.session(), asked->id, {}, team.person("axel"), team.key("axel")), ErrorKind::Conflict);
    }

    void whoeverMayNotIsTold()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        const auto rule = team.limit("auc", Direction::AtLeast, 0.7);
        QVERIFY_RESULT(rule);
        auto asked = request(team, *rule);
        team.as("uma");
        QVERIFY_ERROR(services::requestWaiver(team.session(), asked), ErrorKind::Denied);
        team.as("ada"); // compliance officer: may ask, and may grant, but not both
        for (const int days : {0, -1, 367}) {
            auto wrong = asked;
            wrong.until = team.session().now() + std::chrono::days(days);
            QVERIFY_ERROR(services::requestWaiver(team.session(), wrong), ErrorKind::Invalid);
        }
        auto silent = asked;
        silent.control = "\n";
        QVERIFY_ERROR(services::requestWaiver(team.session(), silent), ErrorKind::Invalid);
        const auto waiver = services::requestWaiver(team.session(), asked);
        QVERIFY_RESULT(waiver);
        const auto own = services::grantWaiver(team.session(), waiver->id, {}, team.person("ada"), team.key("ada"));
        QVERIFY_ERROR(own, ErrorKind::Denied);
        QVERIFY2(own.error().message.find("somebody else") != std::string::npos, own.error().message.c_str());
        QVERIFY_ERROR(services::grantWaiver(team.session(), waiver->id, {}, team.person("olga"), team.key("olga")), ErrorKind::Denied);
        team.as("rita");
        QVERIFY_ERROR(services::endWaiver(team.session(), waiver->id, "No."), ErrorKind::Denied);
        team.as("ada");
        QVERIFY_RESULT(services::endWaiver(team.session(), waiver->id, "Not needed.")); // taken back
        QVERIFY_ERROR(services::findWaiver(team.session(), "W-2"), ErrorKind::NotFound);
        QVERIFY_ERROR(services::findWaiver(team.session(), "W-x"), ErrorKind::Invalid);
    }
};

QTEST_GUILESS_MAIN(WaiversTest)
#include "tst_waivers.moc"
