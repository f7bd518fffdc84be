#include "models/policy/evidence.h"
#include "models/policy/packs/builtin.h"

#include <QtTest>

using namespace countersign;
using policy::EvidenceStanding;

namespace {

const Instant kNow = *parseTime("2026-06-15");

Exhibit exhibit(std::int64_t no, ExhibitState state, const std::string &requirement = "bank/validation")
{
    Exhibit one;
    one.no = no;
    one.id = ExhibitId::of(std::to_string(no));
    one.requirement = requirement;
    one.state = state;
    one.addedAt = *parseTime("2026-01-01");
    one.addedBy = PersonId::of("dora");
    return one;
}

Exhibit until(Exhibit one, const char *expires)
{
    one.expires = *parseTime(expires);
    return one;
}

policy::EvidenceRequirement validation() { return {"bank/validation", "Validation report", {}, {}, {}}; }

policy::RequiredEvidence only(const policy::EvidenceRequirement &requirement, const std::vector<Exhibit> &exhibits)
{
    const auto all = policy::completeness(std::vector{requirement}, exhibits, {{}, {}, kNow});
    return all.items.size() == 1 ? all.items.front() : policy::RequiredEvidence{};
}

Person person(const char *id, std::vector<Role> roles)
{
    Person one;
    one.id = PersonId::of(id);
    one.name = id;
    one.roles = std::move(roles);
    return one;
}

} // namespace

/// What evidence counts for what is required, and who may say so.
class EvidenceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyStandingSaysWhy_data()
    {
        QTest::addColumn<std::vector<Exhibit>>("exhibits");
        QTest::addColumn<EvidenceStanding>("standing");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *name, std::vector<Exhibit> exhibits, EvidenceStanding standing, const char *sentence) {
            QTest::newRow(name) << exhibits << standing << QString::fromUtf8(sentence);
        };
        using enum ExhibitState;
        row("nothing", {}, EvidenceStanding::Missing, "“Validation report” is missing.");
        row("of another requirement", {exhibit(1, Accepted, "bank/data")}, EvidenceStanding::Missing, "“Validation report” is missing.");
        row("withdrawn", {exhibit(1, Withdrawn)}, EvidenceStanding::Missing, "“Validation report” is missing; E-1 was withdrawn.");
        row("awaiting", {exhibit(2, Awaiting)}, EvidenceStanding::Awaiting, "“Validation report” (E-2) awaits review.");
        row("accepted", {exhibit(2, Accepted)}, EvidenceStanding::Accepted, "“Validation report” (E-2) is accepted.");
        row("for long", {until(exhibit(2, Accepted), "2026-07-16")}, EvidenceStanding::Accepted, "“Validation report” (E-2) is accepted, until 2026-07-16.");
        row("for thirty days", {until(exhibit(2, Accepted), "2026-07-15")}, EvidenceStanding::Expiring, "“Validation report” (E-2) expires in 30 days, on 2026-07-15.");
        row("for a part of a day", {until(exhibit(2, Accepted), "2026-06-15T08:00:00Z")}, EvidenceStanding::Expiring, "“Validation report” (E-2) expires in 1 day, on 2026-06-15.");
        row("until now", {until(exhibit(2, Accepted), "2026-06-15")}, EvidenceStanding::Expired, "“Validation report” (E-2) expired on 2026-06-15.");
        row("expired before it was reviewed", {until(exhibit(2, Awaiting), "2026-02-01")}, EvidenceStanding::Expired, "“Validation report” (E-2) expired on 2026-02-01.");
        auto rejected = exhibit(3, Rejected);
        rejected.reason = "Chapter 4 is empty.";
        row("rejected", {rejected}, EvidenceStanding::Rejected, "“Validation report” (E-3) was rejected: Chapter 4 is empty.");
        auto superseded = exhibit(4, Accepted);
        superseded.replacedBy = "E-9";
        row("superseded", {superseded}, EvidenceStanding::Superseded, "“Validation report” (E-4) was superseded by E-9, which is not for this requirement.");
        row("the better of several", {rejected, exhibit(5, Accepted), exhibit(6, Awaiting)}, EvidenceStanding::Accepted, "“Validation report” (E-5) is accepted.");
        row("a new one after the old expired", {until(exhibit(1, Accepted), "2026-02-01"), exhibit(2, Awaiting)}, EvidenceStanding::Awaiting, "“Validation report” (E-2) awaits review.");
        row("that which counts longer", {exhibit(1, Accepted), until(exhibit(2, Accepted), "2027-01-01")}, EvidenceStanding::Accepted, "“Validation report” (E-1) is accepted.");
        row("the later of equal ones", {exhibit(8, Accepted), exhibit(7, Accepted)}, EvidenceStanding::Accepted, "“Validation report” (E-8) is accepted.");
    }
    void everyStandingSaysWhy()
    {
        QFETCH(std::vector<Exhibit>, exhibits);
        QFETCH(EvidenceStanding, standing);
        QFETCH(QString, sentence);
        const auto item = only(validation(), exhibits);
        QCOMPARE(QString::fromStdString(item.sentence), sentence);
        QCOMPARE(item.standing, standing);
        QCOMPARE(item.isMet(), standing == EvidenceStanding::Accepted || standing == EvidenceStanding::Expiring);
    }

    void aRequirementLimitsHowLongEvidenceCounts()
    {
        auto yearly = validation();
        yearly.validityDays = 180; // from the first of January: until the 30th of June
        QCOMPARE(QString::fromStdString(only(yearly, {exhibit(1, ExhibitState::Accepted)}).sentence), QStringLiteral("“Validation report” (E-1) expires in 15 days, on 2026-06-30."));
        auto report = exhibit(1, ExhibitState::Accepted);
        report.to = *parseTime("2025-12-01"); // what it is about ended a month earlier
        QCOMPARE(only(yearly, {report}).standing, EvidenceStanding::Expired);
        report.expires = *parseTime("2026-12-01"); // and its own date does not lengthen that
        QCOMPARE(only(yearly, {report}).standing, EvidenceStanding::Expired);
    }

    void tierAndStageSayWhatIsRequired()
    {
        auto forOne = validation();
        forOne.tiers = {1};
        auto forUse = validation();
        forUse.id = "bank/monitoring";
        forUse.title = "Monitoring plan";
        forUse.stage = Stage::InUse;
        const std::vector required{validation(), forOne, forUse};
        const std::vector exhibits{exhibit(1, ExhibitState::Accepted)};
        const auto asked = [&](std::optional<int> tier, std::optional<Stage> stage) { return policy::completeness(required, exhibits, {tier, stage, kNow}); };
        QCOMPARE(asked(1, {}).sentence(), std::string("2 of 3 required items"));
        QCOMPARE(asked(1, Stage::Approved).sentence(), std::string("2 of 2 required items"));
        QVERIFY(asked(1, Stage::Approved).isComplete());
        QCOMPARE(asked(3, Stage::Approved).sentence(), std::string("1 of 1 required item"));
        QCOMPARE(asked(3, Stage::Restricted).sentence(), std::string("1 of 2 required items"));
        const auto untold = asked({}, Stage::Approved);
        QCOMPARE(untold.sentence(), std::string("1 of 1 required item; 1 more depends on the model's tier, which is not set"));
        QVERIFY(!untold.isComplete());
        QCOMPARE(policy::completeness({}, exhibits, {1, {}, kNow}).sentence(), std::string("No item is required"));
    }

    void packsSayWhatIsRequired()
    {
        policy::Pack pack;
        pack.id = "bank";
        pack.stages = {{"draft", "Draft", Stage::Development}, {"live", "Live", Stage::InUse}};
        pack.evidence = {{"validation", "Validation report", "", {1, 2}, {}, "live", 365, true}, {"owner-note", "Owner's note", "", {}, {}, "", {}, true}};
        const std::vector<policy::EvidenceRequirement> expected{{"bank/validation", "Validation report", {1, 2}, 365, Stage::InUse}, {"bank/owner-note", "Owner's note", {}, {}, {}}};
        QVERIFY(policy::evidenceRequirements(pack) == expected);
        for (const policy::BuiltInPack &builtIn : policy::builtInPacks()) {
            const auto known = policy::builtInPack(builtIn.id);
            QVERIFY(known.ok());
            QCOMPARE(policy::evidenceRequirements(*known).size(), known->evidence.size());
            // A stage that a pack names is one of its own, so none is lost.
            for (std::size_t i = 0; i < known->evidence.size(); ++i)
                QCOMPARE(policy::evidenceRequirements(*known)[i].stage.has_value(), !known->evidence[i].stage.empty());
        }
    }

    void reviewIsForOthers()
    {
        const Person dora = person("dora", {Role::Developer, Role::Validator});
        const Person vera = person("vera", {Role::Validator});
        const Person axel = person("axel", {Role::Approver});
        const auto awaiting = exhibit(1, ExhibitState::Awaiting);
        const auto refusal = [](const Result<Role> &result) { return result ? QString() : QString::fromStdString(result.error().text()); };
        QCOMPARE(policy::mayReviewEvidence(vera, awaiting, true, {}, kNow).value(), Role::Validator);
        QCOMPARE(refusal(policy::mayReviewEvidence(dora, awaiting, true, {}, kNow)), QStringLiteral("Nobody reviews evidence that they added: somebody else has to."));
        QCOMPARE(refusal(policy::mayReviewEvidence(axel, awaiting, true, {}, kNow)), QStringLiteral("Evidence is reviewed by a validator or a compliance officer; axel is none of these."));
        QCOMPARE(refusal(policy::mayReviewEvidence(vera, awaiting, false, " ", kNow)), QStringLiteral("Say why it is rejected."));
        QVERIFY(policy::mayReviewEvidence(vera, awaiting, false, "Empty.", kNow).ok());
        QCOMPARE(refusal(policy::mayReviewEvidence(vera, exhibit(1, ExhibitState::Rejected), true, {}, kNow)), QStringLiteral("Say why it is accepted after all."));
        QCOMPARE(refusal(policy::mayReviewEvidence(vera, exhibit(1, ExhibitState::Accepted), true, "Again", kNow)), QStringLiteral("E-1 is accepted already."));
        QCOMPARE(refusal(policy::mayReviewEvidence(vera, exhibit(1, ExhibitState::Withdrawn), true, "Again", kNow)), QStringLiteral("E-1 was withdrawn; there is nothing to review."));
        QCOMPARE(refusal(policy::mayReviewEvidence(vera, until(awaiting, "2026-06-01"), true, {}, kNow)),
                 QStringLiteral("E-1 expired on 2026-06-01; what has expired is not accepted."));

        QVERIFY(policy::mayWithdrawEvidence(dora, awaiting, "Wrong file").ok());
        QVERIFY(policy::mayWithdrawEvidence(vera, awaiting, "Wrong file").ok());
        QCOMPARE(refusal(policy::mayWithdrawEvidence(axel, awaiting, "Wrong file")),
                 QStringLiteral("Evidence is withdrawn by whoever added it, or by a validator or a compliance officer; axel is none of these."));
        QCOMPARE(refusal(policy::mayWithdrawEvidence(dora, awaiting, {})), QStringLiteral("Say why it is withdrawn."));
        QVERIFY(!policy::mayAddEvidence(person("adam", {Role::Administrator})).ok());
    }
};

QTEST_GUILESS_MAIN(EvidenceTest)
#include "tst_evidence.moc"
