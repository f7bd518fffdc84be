#include "models/policy/evaluator.h"
#include "models/policy/signing.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace countersign;

namespace {

Rule rule(Direction direction, double edge, double upper = 0)
{
    Rule r;
    r.id = RuleId::of("test");
    r.metric = "auc";
    r.direction = direction;
    r.limit = edge;
    r.upperLimit = upper;
    return r;
}

Observation value(double v, std::optional<std::int64_t> n = {})
{
    Observation o;
    o.value = v;
    o.n = n;
    return o;
}

} // namespace

class EvaluatorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void limitsIncludeTheirEdges()
    {
        QCOMPARE(policy::stateOf(rule(Direction::AtLeast, 0.7), value(0.7)), VerdictState::Pass);
        QCOMPARE(policy::stateOf(rule(Direction::AtLeast, 0.7), value(std::nextafter(0.7, 0))), VerdictState::Fail);
        QCOMPARE(policy::stateOf(rule(Direction::AtMost, 0.2), value(0.2)), VerdictState::Pass);
        QCOMPARE(policy::stateOf(rule(Direction::AtMost, 0.2), value(0.21)), VerdictState::Fail);
        QCOMPARE(policy::stateOf(rule(Direction::Within, 0.9, 1.1), value(1.1)), VerdictState::Pass);
        QCOMPARE(policy::stateOf(rule(Direction::Within, 0.9, 1.1), value(0.89)), VerdictState::Fail);
        QCOMPARE(policy::stateOf(rule(Direction::AtMost, 0.2), value(std::numeric_limits<double>::infinity())), VerdictState::Fail);
    }

    void watchLiesInsideTheLimit()
    {
        auto r = rule(Direction::AtLeast, 0.7);
        r.watch = 0.72;
        QCOMPARE(policy::stateOf(r, value(0.71)), VerdictState::Watch);
        QCOMPARE(policy::stateOf(r, value(0.72)), VerdictState::Pass);
        r = rule(Direction::Within, 0.9, 1.1);
        r.watch = 0.05;
        QCOMPARE(policy::stateOf(r, value(1.07)), VerdictState::Watch);
    }

    void whatCannotBeJudgedSaysWhy()
    {
        auto r = rule(Direction::AtLeast, 0.7);
        r.minimumN = 500;
        auto verdict = policy::judge(r, {}, value(0.5, 212));
        QCOMPARE(verdict.state, VerdictState::NotEnoughData);
        QCOMPARE(verdict.sentence, std::string("AUC rests on 212 cases; 288 more are needed."));
        QVERIFY(policy::judge(r, {}, value(0.5)).sentence.find("without its number of cases") != std::string::npos);
        QVERIFY(policy::judge(r, {}, std::nullopt).sentence.find("has not been recorded") != std::string::npos);
        verdict = policy::judge(rule(Direction::AtLeast, 0.7), {}, value(std::numeric_limits<double>::quiet_NaN()));
        QCOMPARE(verdict.state, VerdictState::NotEnoughData);
        QVERIFY(verdict.sentence.find("not a number") != std::string::npos);
    }

    void ruleReadsAsASentence()
    {
        auto r = rule(Direction::AtLeast, 0.7);
        QCOMPARE(policy::sentence(r), std::string("AUC is at least .700"));
        r.watch = 0.72;
        r.minimumN = 1;
        r.tier = 1;
        r.attribute = "sex";
        QCOMPARE(policy::sentence(r), std::string("AUC of every sex group is at least .700, watch below .720, needs 1 case, for tier 1"));
        QCOMPARE(policy::sentence(rule(Direction::Within, 0.9, 1.1)), std::string("AUC is within .900 and 1.100"));
    }

    void valuesAreWrittenAlike_data()
    {
        QTest::addColumn<double>("number");
        QTest::addColumn<QString>("text");
        const std::pair<double, const char *> rows[] = {{0.693, ".693"}, {1.02, "1.020"}, {-0.1, "\u2212.100"}, {742.04, "742.0"}, {4812, "4,812"}, {1234567, "1,234,567"},
                                                        {0, ".000"}, {-0.0, ".000"}, {0.0001, "1.00e-04"}, {12.345, "12.35"}, {999999, "999,999"}};
        for (const auto &[number, text] : rows)
            QTest::newRow(text) << number << QString::fromUtf8(text);
    }
    void valuesAreWrittenAlike()
    {
        QFETCH(double, number);
        QTEST(QString::fromStdString(policy::valueText(number)), "text");
    }

    void nonsenseIsRefusedInWords()
    {
        QVERIFY(policy::check(rule(Direction::AtLeast, 0.7)).ok());
        QVERIFY(policy::check(rule(Direction::AtLeast, 1.2)).error().message.find("never above") != std::string::npos);
        QVERIFY(!policy::check(rule(Direction::AtMost, -0.1)));
        QVERIFY(!policy::check(rule(Direction::Within, 1.1, 0.9)));
        QVERIFY(!policy::check(rule(Direction::AtLeast, std::nan(""))));
        auto r = rule(Direction::AtLeast, 0.7);
        r.watch = 0.6;
        QVERIFY(policy::check(r).error().message.find("inside the limit") != std::string::npos);
        r.watch.reset();
        r.minimumN = 0;
        QVERIFY(!policy::check(r));
    }

    void oldWindowsAreJudgedByTheirOwnRevision()
    {
        auto first = rule(Direction::AtLeast, 0.68);
        auto second = rule(Direction::AtLeast, 0.70);
        second.revision = 2;
        second.inForceFrom = fromMillis(1000);
        const Rule revisions[] = {first, second};
        QCOMPARE(policy::inForce(revisions, fromMillis(999))->revision, 1);
        QCOMPARE(policy::inForce(revisions, fromMillis(1000))->revision, 2);
        const Rule later[] = {second};
        QVERIFY(!policy::inForce(later, fromMillis(0)));
    }

    void worstVerdictSpeaksForAll()
    {
        const Verdict verdicts[] = {policy::judge(rule(Direction::AtLeast, 0.7), {}, value(0.8)), policy::judge(rule(Direction::AtLeast, 0.7), {}, value(0.6)),
                                    policy::judge(rule(Direction::AtLeast, 0.7), {}, std::nullopt)};
        const auto summary = policy::summarize(verdicts);
        QCOMPARE(summary.state, VerdictState::Fail);
        QCOMPARE(summary.sentence, std::string("Fails 1 of 3 limits: AUC .600 is below the limit of at least .700."));
        QCOMPARE(policy::summarize({}).sentence, std::string("Not judged: no limit applies."));
        QCOMPARE(policy::summarize(std::span(verdicts, 1)).sentence, std::string("Meets its limit."));
    }

    void onlyReviewersSign()
    {
        Person person;
        person.name = "Ada Sample";
        person.login = "ada";
        person.roles = {Role::Auditor, Role::Validator};
        person.hasKey = true;
        QVERIFY(policy::maySign(person, Role::Validator, Decision::Approve, "Validated", "").ok());
        QCOMPARE(policy::maySign(person, Role::Auditor, Decision::Approve, "Validated", "").error().kind, ErrorKind::Denied);
        QCOMPARE(policy::maySign(person, Role::Approver, Decision::Approve, "Approved", "").error().kind, ErrorKind::Denied);
        QCOMPARE(policy::maySign(person, Role::Validator, Decision::Reject, "Returned", " ").error().kind, ErrorKind::Invalid);
        QCOMPARE(policy::maySign(person, Role::Validator, Decision::Approve, "", "").error().kind, ErrorKind::Invalid);
        person.hasKey = false;
        QCOMPARE(policy::maySign(person, Role::Validator, Decision::Approve, "Validated", "").error().kind, ErrorKind::Denied);
        QCOMPARE(policy::signingSentence(person, Role::Validator, Decision::Approve, "Validated", "credit-pd", "3", {"1 failed limit", "1 limit on watch"}),
                 std::string("I, Ada Sample (ada), Validator, approve model credit-pd version 3, with 1 failed limit and 1 limit on watch. Meaning: Validated."));
    }
};

QTEST_GUILESS_MAIN(EvaluatorTest)
#include "tst_evaluator.moc"
