#include "models/policy/evaluator.h"
#include "models/policy/ruledocument.h"
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

    void aBoundAsksForEnoughCases_data()
    {
        QTest::addColumn<int>("direction");
        QTest::addColumn<double>("value");
        QTest::addColumn<double>("lower");
        QTest::addColumn<double>("upper");
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("missing");
        const auto add = [](const char *name, Direction direction, double value, double lower, double upper, VerdictState state, int missing) {
            QTest::newRow(name) << static_cast<int>(direction) << value << lower << upper << static_cast<int>(state) << missing;
        };
        const double none = std::nan("");
        add("the bound meets it", Direction::AtLeast, 0.86, 0.81, 0.91, VerdictState::Pass, 0);
        add("the bound is the limit", Direction::AtLeast, 0.86, 0.80, 0.91, VerdictState::Pass, 0);
        // The lower half is .08 and may be .04: four times the cases.
        add("only the value meets it", Direction::AtLeast, 0.84, 0.76, 0.92, VerdictState::NotEnoughData, 300);
        add("the value misses it, the interval does not", Direction::AtLeast, 0.79, 0.70, 0.88, VerdictState::Fail, 0);
        add("all of it misses it", Direction::AtLeast, 0.70, 0.65, 0.75, VerdictState::Fail, 0);
        add("the value is the limit", Direction::AtLeast, 0.80, 0.76, 0.84, VerdictState::NotEnoughData, -1);
        add("no interval", Direction::AtLeast, 0.9, none, none, VerdictState::NotEnoughData, -1);
        add("the other bound does not matter", Direction::AtLeast, 0.9, 0.85, none, VerdictState::Pass, 0);
        add("at most: the upper bound", Direction::AtMost, 0.76, 0.70, 0.84, VerdictState::NotEnoughData, 300);
        add("at most: met", Direction::AtMost, 0.76, none, 0.79, VerdictState::Pass, 0);
        add("within: both", Direction::Within, 1.0, 0.85, 1.05, VerdictState::Pass, 0);
        add("within: one reaches out", Direction::Within, 1.0, 0.7, 1.1, VerdictState::NotEnoughData, 125);
        add("within: one is missing", Direction::Within, 1.0, 0.85, none, VerdictState::NotEnoughData, -1);
    }
    void aBoundAsksForEnoughCases()
    {
        QFETCH(int, direction);
        QFETCH(double, value);
        QFETCH(double, lower);
        QFETCH(double, upper);
        QFETCH(int, missing);
        Rule r = rule(static_cast<Direction>(direction), 0.8, 1.2);
        r.basis = Basis::Bound;
        Observation o = ::value(value, 100);
        if (!std::isnan(lower))
            o.lower = lower;
        if (!std::isnan(upper))
            o.upper = upper;
        const Verdict verdict = policy::judge(r, {}, o);
        QTEST(static_cast<int>(verdict.state), "state");
        QCOMPARE(policy::stateOf(r, o), verdict.state);
        QCOMPARE(verdict.missing.value_or(verdict.state == VerdictState::NotEnoughData ? -1 : 0), missing);
    }

    void aBoundSaysWhatItFound()
    {
        Rule r = rule(Direction::AtLeast, 0.8);
        r.basis = Basis::Bound;
        Observation o = value(0.84, 100);
        QCOMPARE(policy::judge(r, {}, o).sentence, std::string("AUC .840 comes without its confidence interval, on which the limit of at least .800 is judged."));
        o.lower = 0.76;
        QCOMPARE(policy::judge(r, {}, o).sentence, std::string("AUC .840 meets the limit of at least .800, but its lower bound .760 does not; about 300 more cases are needed."));
        o.n.reset();
        QCOMPARE(policy::judge(r, {}, o).sentence, std::string("AUC .840 meets the limit of at least .800, but its lower bound .760 does not; more cases are needed."));
        o.lower = 0.81;
        QCOMPARE(policy::judge(r, {}, o).sentence, std::string("AUC .840, lower bound .810, meets the limit of at least .800."));
        r.watch = 0.82;
        QCOMPARE(policy::judge(r, {}, o).sentence, std::string("AUC .840, lower bound .810, meets the limit of at least .800 but is on watch (watch below .820)."));
    }

    void whatIsTooOldIsNotEnoughData()
    {
        Rule r = rule(Direction::AtLeast, 0.7);
        r.maxAgeDays = 90;
        Observation o = value(0.6);
        o.window = {*parseTime("2026-01-01"), *parseTime("2026-02-01")};
        const Instant ages = *parseTime("2026-05-02");
        QCOMPARE(policy::agesAt(r, o), std::optional(ages));
        QCOMPARE(policy::judge(r, {}, o, ages - std::chrono::milliseconds(1)).state, VerdictState::Fail);
        const Verdict old = policy::judge(r, {}, o, ages);
        QCOMPARE(old.state, VerdictState::NotEnoughData);
        QCOMPARE(old.sentence, std::string("AUC .600 is of 2026-02-01, more than 90 days ago; a newer value is needed."));
        QCOMPARE(policy::stateOf(r, o, ages), VerdictState::NotEnoughData);
        QCOMPARE(policy::judge(r, {}, o).state, VerdictState::Fail); // a point of the past has no age
    }

    void tiersChooseModels()
    {
        Rule r = rule(Direction::AtLeast, 0.7);
        MlModel model;
        QVERIFY(policy::appliesTo(r, model));
        r.tiers = {1, 3};
        QVERIFY(!policy::appliesTo(r, model));
        for (const int tier : {1, 2, 3}) {
            model.tier = tier;
            QCOMPARE(policy::appliesTo(r, model), tier != 2);
        }
        QVERIFY(policy::check(r).ok());
        for (const std::vector<int> &wrong : {std::vector{0}, {4}, {2, 1}, {1, 1}}) {
            r.tiers = wrong;
            QVERIFY(!policy::check(r).ok());
        }
    }

    void documentsKeepEverything()
    {
        Rule r = rule(Direction::Within, 0.9, 1.1);
        r.revision = 3;
        r.attribute = "age \u202e band";
        r.watch = 0.05;
        r.minimumN = 200;
        r.basis = Basis::Bound;
        r.maxAgeDays = 30;
        r.severity = Severity::Critical;
        r.tiers = {1, 2};
        r.model = ModelId::of("one");
        r.inForceFrom = *parseTime("2026-03-01");
        r.isRetired = true;
        r.origin = {"general", "2026.1", "auc-floor"};
        const auto bytes = json::writeRestricted(json::Value(policy::ruleDocument(r)));
        QVERIFY(bytes.ok());
        const auto value = json::readRestricted(*bytes);
        QVERIFY(value.ok());
        const auto read = policy::readRule(*value->object());
        QVERIFY2(read.ok(), read ? "" : read.error().text().c_str());
        QCOMPARE(*read == r, true);

        // As limits were recorded before they had a severity, a basis and several tiers.
        json::Object earlier = policy::ruleDocument(rule(Direction::AtLeast, 0.7));
        json::Object kept;
        for (const auto &[key, member] : earlier.members())
            if (key != "severity")
                kept.set(key, member);
        kept.set("tier", 2);
        const auto old = policy::readRule(kept);
        QVERIFY(old.ok());
        QCOMPARE(old->tiers, std::vector<int>{2});
        QCOMPARE(old->severity, Severity::Medium);
        QCOMPARE(old->basis, Basis::Value);
        kept.set("tier", 4);
        QVERIFY(!policy::readRule(kept).ok());
        kept.set("tier", 2);
        kept.set("severity", "grave");
        QVERIFY(!policy::readRule(kept).ok());
    }

    void ruleReadsAsASentence()
    {
        auto r = rule(Direction::AtLeast, 0.7);
        QCOMPARE(policy::sentence(r), std::string("AUC is at least .700"));
        r.watch = 0.72;
        r.minimumN = 1;
        r.tiers = {1};
        r.attribute = "sex";
        QCOMPARE(policy::sentence(r), std::string("AUC of every sex group is at least .700, watch below .720, needs 1 case, for tier 1"));
        QCOMPARE(policy::sentence(rule(Direction::Within, 0.9, 1.1)), std::string("AUC is within .900 and 1.100"));
        r = rule(Direction::AtLeast, 0.8);
        r.basis = Basis::Bound;
        r.maxAgeDays = 90;
        r.tiers = {1, 2};
        QCOMPARE(policy::sentence(r), std::string("AUC is at least .800, also its lower confidence bound, not older than 90 days, for tiers 1 and 2"));
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
