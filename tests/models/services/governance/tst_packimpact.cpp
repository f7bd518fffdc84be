#include "models/services/governance/packimpact.h"

#include "tests/models/services/governance/team.h"

#include <QtTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::test;

/// What a pack would change in a workspace, before it is published: exactly the verdicts that differ once its rules are set.
class PackImpactTest : public QObject
{
    Q_OBJECT

    static policy::PackRule rule(const char *id, const char *metric, Direction direction, double limit)
    {
        policy::PackRule made;
        made.id = id;
        made.limit.metric = metric;
        made.limit.direction = direction;
        made.limit.limit = limit;
        return made;
    }

    /// The limit that follows a rule of the pack "house".
    static Result<Rule> publish(Team &team, const policy::PackRule &rule, const std::optional<RuleId> &instead = {})
    {
        Rule limit = rule.limit;
        limit.origin = {"house", "1", rule.id};
        if (instead)
            limit.id = *instead;
        return services::setRule(team.session(), limit, {}, team.as("ada"), team.key("ada"));
    }

private Q_SLOTS:
    void flipsAreWhatVerdictsBecome_data() { forEachBackend(); }
    void flipsAreWhatVerdictsBecome()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        // Version 2 measured again, later, by the same source; and a metric that only version 1 has.
        QVERIFY_RESULT(team.import("2,auc,0.72,1000,,,2026-03-01\n1,brier,0.12,1000,,,2026-01-31"));
        const auto ranking = publish(team, rule("ranking", "auc", Direction::AtLeast, 0.7));
        QVERIFY_RESULT(ranking);
        QVERIFY_RESULT(services::setRule(team.session(), rule("", "auc", Direction::AtLeast, 0.5).limit, {}, team.as("ada"), team.key("ada"))); // of no pack

        policy::Pack pack;
        pack.id = "house";
        pack.rules = {rule("ranking", "auc", Direction::AtLeast, 0.75), rule("brier", "brier", Direction::AtMost, 0.1), rule("psi", "psi/score", Direction::AtMost, 0.2)};
        const auto followed = services::rulesInForce(team.session(), "house");
        QVERIFY_RESULT(followed);
        QCOMPARE(followed->size(), std::size_t(1));
        QCOMPARE(followed->front().id, std::string("ranking"));

        const auto found = services::packImpact(team.session(), pack);
        QVERIFY_RESULT(found);
        QCOMPARE(found->versions.size(), std::size_t(2));
        QCOMPARE(found->impact.flips.size(), std::size_t(2));
        const auto flip = [&](const std::string &id) { return *std::ranges::find(found->impact.flips, id, &policy::Flip::rule); };
        const auto label = [&](const policy::Flip &one) { return found->versions[one.subject].label; };
        QCOMPARE(label(flip("ranking")), std::string("2"));
        QCOMPARE(flip("ranking").before, VerdictState::Pass); // its newest value counts
        QCOMPARE(flip("ranking").after, VerdictState::Fail);
        QCOMPARE(label(flip("brier")), std::string("1"));
        QCOMPARE(flip("brier").before, VerdictState::NotJudged);
        QCOMPARE(flip("brier").after, VerdictState::Fail);
        QCOMPARE(found->impact.modelsAffected, std::size_t(1));
        QCOMPARE(found->impact.versionsFailing, std::size_t(2));

        // Set for real, the verdicts are those, with the same sentences.
        QVERIFY_RESULT(publish(team, pack.rules[0], ranking->id));
        QVERIFY_RESULT(publish(team, pack.rules[1]));
        for (const policy::Flip &one : found->impact.flips) {
            const auto verdicts = store::listVerdicts(team.session().connection(), found->versions[one.subject].version, team.session().now());
            QVERIFY_RESULT(verdicts);
            QVERIFY(std::ranges::any_of(*verdicts, [&](const Verdict &verdict) { return verdict.sentence == one.sentence && verdict.state == one.after; }));
        }
        const auto again = services::packImpact(team.session(), pack);
        QVERIFY_RESULT(again);
        QVERIFY2(again->impact.flips.empty(), again->impact.sentence().c_str());
    }

    void nothingIsWritten_data() { forEachBackend(); }
    void nothingIsWritten()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        const auto before = store::trailEntries(team.session().connection(), {});
        QVERIFY_RESULT(before);
        const std::vector strict{rule("ranking", "auc", Direction::AtLeast, 0.9)};
        const auto found = services::impactOfRules(team.session(), {}, strict);
        QVERIFY_RESULT(found);
        QCOMPARE(found->impact.versionsFailing, std::size_t(2));
        const auto after = store::trailEntries(team.session().connection(), {});
        QVERIFY_RESULT(after);
        QCOMPARE(*after, *before);
    }
};

QTEST_GUILESS_MAIN(PackImpactTest)
#include "tst_packimpact.moc"
