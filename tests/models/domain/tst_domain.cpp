#include "models/base/random.h"
#include "models/domain/inventory.h"
#include "models/domain/judgement.h"
#include "models/domain/people.h"

#include <QtTest/QtTest>
#include <set>

using namespace countersign;

class DomainTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyNameIsReadBack()
    {
        std::set<std::string_view> keys;
        for (const Role role : kAllRoles) {
            QCOMPARE(*parseRole(roleKey(role)), role);
            QCOMPARE(*parseRole(roleTitle(role)), role);
            keys.insert(roleKey(role));
        }
        QCOMPARE(keys.size(), std::size(kAllRoles));
        for (const Stage stage : kAllStages)
            QCOMPARE(*parseStage(stageKey(stage)), stage);
        for (int i = 0; i <= static_cast<int>(VerdictState::NotJudged); ++i) {
            const auto state = static_cast<VerdictState>(i);
            QCOMPARE(*parseVerdict(verdictKey(state)), state);
            QVERIFY(!verdictTitle(state).empty());
        }
        for (const Direction direction : {Direction::AtLeast, Direction::AtMost, Direction::Within})
            QCOMPARE(*parseDirection(directionKey(direction)), direction);
        for (const Decision decision : {Decision::Approve, Decision::Reject})
            QCOMPARE(*parseDecision(decisionKey(decision)), decision);
    }

    void unknownNamesAreRefusedWithTheChoices()
    {
        const auto role = parseRole("king");
        QVERIFY(!role.ok() && role.error().message.find("complianceOfficer") != std::string::npos);
        QCOMPARE(*parseRole("COMPLIANCE officer"), Role::ComplianceOfficer);
        QVERIFY(!parseStage("").ok() && !parseVerdict("Pass").ok() && !parseDirection("atleast").ok() && !parseDecision("yes").ok());
    }

    void aPersonHoldsSeveralRoles()
    {
        Person person;
        person.roles = {Role::Validator, Role::Auditor};
        QVERIFY(person.is(Role::Auditor) && !person.is(Role::Approver));
    }

    void slicesAreWrittenSortedAndReadBack()
    {
        const auto slice = Slice::parse("sex=F; age band = <25 ");
        QVERIFY(slice.ok());
        QCOMPARE(slice->text(), std::string("age band=<25; sex=F"));
        QVERIFY(Slice::parse("")->isOverall() && Slice::parse("overall")->isOverall());
        QCOMPARE(Slice().text(), std::string("overall"));
        // A name like "<=25" is written so that it can be read back, and shown as it is.
        const Slice odd{{{"age band", "<=25"}, {"a;b", "c\\d"}}};
        QCOMPARE(odd.text(), std::string("age band=<\\=25; a\\;b=c\\\\d"));
        QCOMPARE(odd.shown(), std::string("age band=<=25; a;b=c\\d"));
        QCOMPARE(Slice().shown(), std::string("overall"));
        for (const char *bad : {"sex", "=F", "a=1; a=2", "a=1;;b=2", ";"})
            QVERIFY2(!Slice::parse(bad).ok(), bad);
    }

    void anySliceSurvivesItsText()
    {
        SeededRandomness randomness(3);
        constexpr std::string_view alphabet = "ab=;\\ \"<\xc3\xa9";
        const auto word = [&](std::size_t least) {
            std::string text;
            for (std::size_t i = least + randomness.next() % 4; i > 0; --i)
                text += alphabet[randomness.next() % (alphabet.size() - 2)];
            // Spaces around a part are layout, not content.
            while (text.starts_with(' '))
                text.erase(0, 1);
            while (text.ends_with(' '))
                text.pop_back();
            return text;
        };
        for (int i = 0; i < 20'000; ++i) {
            Slice slice;
            for (std::uint64_t part = randomness.next() % 3; part > 0; --part)
                slice.parts.emplace_back("k" + std::to_string(part) + word(0), word(0));
            std::ranges::sort(slice.parts);
            const auto read = Slice::parse(slice.text());
            QVERIFY2(read.ok() && *read == slice, slice.text().c_str());
        }
    }
};

QTEST_APPLESS_MAIN(DomainTest)
#include "tst_domain.moc"
