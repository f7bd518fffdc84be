#include "models/policy/evaluator.h"
#include "models/policy/packs/impact.h"

#include <QtTest>

using namespace countersign;
using policy::ImpactSubject;
using policy::PackRule;

namespace {

const Instant kNow = *parseTime("2026-12-01");

PackRule rule(const char *id, const char *metric, Direction direction, double limit)
{
    PackRule made;
    made.id = id;
    made.limit.metric = metric;
    made.limit.direction = direction;
    made.limit.limit = limit;
    return made;
}

Observation value(double number, const char *until = "2026-11-30")
{
    Observation observation;
    observation.window.end = *parseTime(until);
    observation.value = number;
    observation.n = 1000;
    return observation;
}

ImpactSubject subject(const char *model, const char *version, std::optional<int> tier, double auc)
{
    ImpactSubject made;
    made.model.id = ModelId::of(model);
    made.model.tier = tier;
    made.version = VersionId::of(version);
    made.series.push_back({"auc", {}, value(auc)});
    return made;
}

QString shown(const std::string &text) { return QString::fromStdString(text); }

} // namespace

class ImpactTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSameRulesChangeNothing()
    {
        const std::vector rules{rule("auc", "auc", Direction::AtLeast, 0.7)};
        const std::vector subjects{subject("a", "a1", 1, 0.6), subject("b", "b1", {}, 0.8)};
        const auto impact = policy::impactOf(rules, rules, subjects, kNow);
        QVERIFY(impact.flips.empty() && impact.versions.empty());
        QCOMPARE(impact.sentence(), std::string("No verdict changes."));
    }

    void aStricterLimitNamesWhatFailsNow()
    {
        const std::vector before{rule("auc", "auc", Direction::AtLeast, 0.7)};
        const std::vector after{rule("auc", "auc", Direction::AtLeast, 0.75)};
        const std::vector subjects{subject("a", "a1", 1, 0.72), subject("a", "a2", 1, 0.74), subject("b", "b1", 2, 0.8), subject("c", "c1", 2, 0.6)};
        const auto impact = policy::impactOf(before, after, subjects, kNow);
        QCOMPARE(impact.flips.size(), std::size_t(2));
        QCOMPARE(impact.flips[0].subject, std::size_t(0));
        QCOMPARE(impact.flips[0].before, VerdictState::Pass);
        QCOMPARE(impact.flips[0].after, VerdictState::Fail);
        QCOMPARE(shown(impact.flips[0].sentence), QStringLiteral("AUC .720 is below the limit of at least .750."));
        QCOMPARE(impact.flips[1].subject, std::size_t(1));
        QCOMPARE(impact.modelsAffected, std::size_t(1));
        QCOMPARE(impact.versionsFailing, std::size_t(2));
        QCOMPARE(impact.versionsMended, std::size_t(0));
        QCOMPARE(shown(impact.sentence()), QStringLiteral("1 model is affected: 2 versions fail that did not, 0 versions no longer fail."));
        const auto back = policy::impactOf(after, before, subjects, kNow);
        QCOMPARE(back.versionsFailing, std::size_t(0));
        QCOMPARE(back.versionsMended, std::size_t(2));
    }

    void aNewRuleAndOneThatEnds()
    {
        const std::vector before{rule("auc", "auc", Direction::AtLeast, 0.7)};
        const std::vector after{rule("psi", "psi/score", Direction::AtMost, 0.2)};
        std::vector subjects{subject("a", "a1", 1, 0.6)};
        subjects[0].series.push_back({"psi/score", {}, value(0.1)});
        const auto impact = policy::impactOf(before, after, subjects, kNow);
        QCOMPARE(impact.flips.size(), std::size_t(2));
        QCOMPARE(impact.flips[0].rule, std::string("psi"));
        QCOMPARE(impact.flips[0].before, VerdictState::NotJudged);
        QCOMPARE(impact.flips[0].after, VerdictState::Pass);
        QVERIFY(!impact.flips[0].sentence.empty());
        QCOMPARE(impact.flips[1].rule, std::string("auc"));
        QCOMPARE(impact.flips[1].before, VerdictState::Fail);
        QCOMPARE(impact.flips[1].after, VerdictState::NotJudged);
        QCOMPARE(shown(impact.flips[1].sentence), QStringLiteral("AUC .600 is below the limit of at least .700."));
        QCOMPARE(impact.versions.size(), std::size_t(1));
        QCOMPARE(impact.versions[0].before, VerdictState::Fail);
        QCOMPARE(impact.versions[0].after, VerdictState::Pass);
        QCOMPARE(impact.versionsMended, std::size_t(1));
        subjects[0].series.pop_back(); // what is not recorded is not judged
        const auto without = policy::impactOf(before, after, subjects, kNow);
        QCOMPARE(without.flips.size(), std::size_t(1));
        QCOMPARE(without.versions[0].after, VerdictState::NotJudged);
    }

    void tiersAgesAndGroupsAreAskedFor()
    {
        auto before = rule("auc", "auc", Direction::AtLeast, 0.7);
        auto after = before;
        after.limit.tiers = {1};
        const std::vector subjects{subject("a", "a1", 1, 0.6), subject("b", "b1", 2, 0.6), subject("c", "c1", {}, 0.6)};
        const auto tiers = policy::impactOf(std::span(&before, 1), std::span(&after, 1), subjects, kNow);
        QCOMPARE(tiers.flips.size(), std::size_t(2)); // tier 2 and the one without a tier are looked at no more
        QCOMPARE(tiers.flips[0].subject, std::size_t(1));
        QCOMPARE(tiers.flips[0].after, VerdictState::NotJudged);

        after = before;
        after.limit.maxAgeDays = 30;
        std::vector old{subject("a", "a1", 1, 0.8)};
        old[0].series[0].newest = value(0.8, "2026-10-01");
        const auto ages = policy::impactOf(std::span(&before, 1), std::span(&after, 1), old, kNow);
        QCOMPARE(ages.flips.size(), std::size_t(1));
        QCOMPARE(ages.flips[0].after, VerdictState::NotEnoughData);

        auto groups = rule("four-fifths", "impact_ratio", Direction::AtLeast, 0.8);
        groups.limit.attribute = "sex";
        groups.isGuideline = true;
        auto strict = groups;
        strict.limit.limit = 0.9;
        std::vector one{subject("a", "a1", 1, 0.8)};
        one[0].series.push_back({"impact_ratio", {{{"sex", "F"}}}, value(0.85)});
        one[0].series.push_back({"impact_ratio", {{{"sex", "M"}}}, value(1.0)});
        const auto ratios = policy::impactOf(std::span(&groups, 1), std::span(&strict, 1), one, kNow);
        QCOMPARE(ratios.flips.size(), std::size_t(1));
        QVERIFY(ratios.flips[0].isGuideline);
        QCOMPARE(ratios.flips[0].slice.text(), std::string("sex=F"));
        QCOMPARE(ratios.versionsFailing, std::size_t(0)); // a guideline fails nobody
        QCOMPARE(ratios.modelsAffected, std::size_t(1));
    }

    /// Every flip is what the evaluator says, and every verdict that differs is a flip.
    void flipsAgreeWithTheEvaluator()
    {
        std::vector<PackRule> before;
        std::vector<PackRule> after;
        for (int i = 0; i < 6; ++i) {
            before.push_back(rule(("r" + std::to_string(i)).c_str(), "auc", Direction::AtLeast, 0.5 + 0.05 * i));
            after.push_back(rule(("r" + std::to_string(i)).c_str(), "auc", i % 2 ? Direction::AtMost : Direction::AtLeast, 0.55 + 0.05 * i));
        }
        std::vector<ImpactSubject> subjects;
        for (int i = 0; i < 50; ++i)
            subjects.push_back(subject(("m" + std::to_string(i / 5)).c_str(), ("v" + std::to_string(i)).c_str(), 1, 0.5 + 0.01 * i));
        const auto impact = policy::impactOf(before, after, subjects, kNow);
        std::size_t expected = 0;
        for (const ImpactSubject &one : subjects)
            for (std::size_t r = 0; r < before.size(); ++r)
                expected += policy::stateOf(before[r].limit, one.series[0].newest, kNow) != policy::stateOf(after[r].limit, one.series[0].newest, kNow);
        QVERIFY(expected > 0);
        QCOMPARE(impact.flips.size(), expected);
        for (const policy::Flip &flip : impact.flips) {
            const auto &limit = std::ranges::find(after, flip.rule, &PackRule::id)->limit;
            QCOMPARE(flip.after, policy::stateOf(limit, subjects[flip.subject].series[0].newest, kNow));
        }
    }
};

QTEST_APPLESS_MAIN(ImpactTest)
#include "tst_impact.moc"
