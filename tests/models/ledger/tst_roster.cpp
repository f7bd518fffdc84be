#include "models/ledger/roster.h"
#include "models/ledger/verifier.h"
#include "tests/models/ledger/logmaker.h"

#include <QtTest/QtTest>

using namespace countersign;
using namespace countersign::ledger;

namespace {

/// "3 invalid 7" for every entry that is not valid.
QString verdicts(const LogMaker &log)
{
    Verifier verifier;
    verifier.add(0, log.entries());
    QStringList lines;
    for (const EntryVerdict &verdict : verifier.problems())
        lines << QStringLiteral("%1 %2 %3")
                     .arg(verdict.seq)
                     .arg(QString::fromStdString(std::string(entryStateWord(verdict.state))))
                     .arg(verdict.step);
    return lines.join(QStringLiteral("; "));
}

/// A workspace whose persons' keys need a second administrator as soon as there is one.
struct ConfirmingLog : LogMaker {
    crypto::SigningKey bea = newKey();
    crypto::SigningKey cid = newKey();

    ConfirmingLog()
        : LogMaker(2, signingPolicyBody({true, 1, "each-signature", 0}))
    {
        addPerson("p:bea", "administrator"); // 1
        enrol(bea, "p:bea");                 // 2: Ada is the only administrator with a key
        addPerson("p:cid", "validator");     // 3
    }
    Event byBea(const std::string &kind, json::Object body)
    {
        return eventBy(bea, kind, std::move(body), "p:bea", "administrator");
    }
    Event byCid(const std::string &kind, json::Object body = {})
    {
        return eventBy(cid, kind, std::move(body), "p:cid", "validator");
    }
    json::Object enrolmentOfCid()
    {
        return enrolmentBody(enrolmentOf(cid, KeyClass::Person, "p:cid", "passport seen", ledger()));
    }
    json::Object confirmationOfCid() { return confirmationBody({cid.id(), "fingerprint read aloud"}); }
};

} // namespace

class RosterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSecondAdministratorConfirms()
    {
        ConfirmingLog log;
        log.append("key.propose", log.enrolmentOfCid());                        // 4
        log.append(log.byCid("review.signoff", {{"version", "v:1"}}), log.cid); // 5: too early
        log.append(log.byBea("key.confirm", log.confirmationOfCid()), log.bea); // 6
        log.append(log.byCid("review.signoff", {{"version", "v:1"}}), log.cid); // 7
        log.append(log.byBea("key.confirm", log.confirmationOfCid()), log.bea); // 8: nothing awaits it
        QCOMPARE(verdicts(log), QStringLiteral("5 invalid 6; 8 invalid 6"));
    }

    void nobodyConfirmsHisOwnProposalOrKey()
    {
        ConfirmingLog log;
        log.append("key.propose", log.enrolmentOfCid());                        // 4 by Ada
        log.append("key.confirm", log.confirmationOfCid());                     // 5 by Ada
        log.append(log.byCid("key.confirm", log.confirmationOfCid()), log.cid); // 6
        const auto second = log.newKey();
        log.append("key.propose",
                   enrolmentBody(enrolmentOf(second, KeyClass::Person, "p:bea", "passport", log.ledger()))); // 7
        log.append(log.byBea("key.confirm", confirmationBody({second.id(), "own"})), log.bea);               // 8
        QCOMPARE(verdicts(log), QStringLiteral("5 invalid 6; 6 invalid 6; 8 invalid 6"));
    }

    void whereTwoAdministratorsHaveKeysOneIsNotEnough()
    {
        ConfirmingLog log;
        log.append("key.enroll", log.enrolmentOfCid()); // 4
        QCOMPARE(verdicts(log), QStringLiteral("4 invalid 10"));
        const auto laptop = log.newKey();
        log.enrol(laptop, "d:laptop", KeyClass::Device); // 5: a device's key is no person's
        QCOMPARE(verdicts(log), QStringLiteral("4 invalid 10"));
        ConfirmingLog alone; // the second administrator is gone again
        alone.append("key.revoke", revocationBody({alone.bea.id(), alone.entries().size(), "left"}));
        alone.append("key.enroll", alone.enrolmentOfCid());
        QCOMPARE(verdicts(alone), QString());
    }

    void logsOlderThanTheRuleAskForNoSecond()
    {
        LogMaker log;
        const auto bea = log.newKey();
        log.addPerson("p:bea", "administrator");
        log.enrol(bea, "p:bea");
        log.addPerson("p:cid", "validator");
        log.enrol(log.newKey(), "p:cid");
        QCOMPARE(verdicts(log), QString());
        log.append("policy.signing", signingPolicyBody({true, 2, "series", 10})); // 5: from here on
        log.addPerson("p:dan", "validator");
        log.enrol(log.newKey(), "p:dan"); // 7
        QCOMPARE(verdicts(log), QStringLiteral("7 invalid 10"));
    }

    void aProposedKeyIsAPersons()
    {
        ConfirmingLog log;
        log.append("key.propose",
                   enrolmentBody(enrolmentOf(log.newKey(), KeyClass::Device, "d:laptop", "", log.ledger()))); // 4
        QCOMPARE(verdicts(log), QStringLiteral("4 invalid 6"));
    }

    void theOwnerReplacesHisKey()
    {
        ConfirmingLog log;
        const auto next = log.newKey();
        const auto body = [&](const crypto::SigningKey &key, const std::string &owner) {
            return rotationBody({log.bea.id(), enrolmentOf(key, KeyClass::Person, owner, {}, log.ledger())});
        };
        log.append("key.rotate", body(next, "p:bea"));                     // 4: by Ada
        log.append(log.byBea("key.rotate", body(next, "p:cid")), log.bea); // 5: somebody else's new key
        log.append(log.byBea("key.rotate", body(next, "p:bea")), log.bea); // 6
        log.append(log.byBea("person.roles", {{"person", "p:cid"}, {"roles", json::Array{"approver"}}}),
                   log.bea); // 7: the old one has ended
        log.append(log.eventBy(next, "person.roles", {{"person", "p:cid"}, {"roles", json::Array{"approver"}}}, "p:bea",
                               "administrator"),
                   next); // 8
        QCOMPARE(verdicts(log), QStringLiteral("4 invalid 6; 5 invalid 6; 7 invalid 6"));
        Verifier verifier;
        verifier.add(0, log.entries());
        QCOMPARE(verifier.keys().at(log.bea.id()).revokedFrom, std::optional<std::uint64_t>(7));
        QCOMPARE(verifier.keys().at(next.id()).owner, std::string("p:bea"));
    }

    void aRotationProvesTheNewKey()
    {
        ConfirmingLog log;
        const auto next = log.newKey();
        auto enrolment = enrolmentOf(next, KeyClass::Person, "p:bea", {}, log.ledger());
        enrolment.possession = provePossession(log.cid, "p:bea", log.ledger());
        log.append(log.byBea("key.rotate", rotationBody({log.bea.id(), enrolment})), log.bea); // 4
        QCOMPARE(verdicts(log), QStringLiteral("4 invalid 6"));
    }

    void rolesAreThoseOfTheMoment()
    {
        ConfirmingLog log;
        log.append("key.propose", log.enrolmentOfCid());
        log.append(log.byBea("key.confirm", log.confirmationOfCid()), log.bea); // 5
        const auto approval = [&](const char *role) {
            return log.eventBy(log.cid, "review.signoff", {{"version", "v:1"}}, "p:cid", role);
        };
        log.append(approval("approver"), log.cid);                                             // 6
        log.append("person.roles", {{"person", "p:cid"}, {"roles", json::Array{"approver"}}}); // 7
        log.append(approval("approver"), log.cid);                                             // 8
        log.append(approval("validator"), log.cid);                                            // 9
        log.append(approval("device"), log.cid);                                               // 10
        log.append(log.byCid("person.add", {{"person", "p:x"}, {"roles", json::Array{}}}),
                   log.cid); // 11: neither validator nor administrator
        log.append("person.add", {{"person", "p:cid"}, {"roles", json::Array{"approver"}}}); // 12: twice
        log.append("person.roles", {{"person", "p:never"}, {"roles", json::Array{}}});       // 13
        log.append("person.roles", {{"person", "p:cid"}});                                   // 14: malformed
        log.append("policy.signing", {{"cosigners", -1}});                                   // 15: malformed
        QCOMPARE(verdicts(log), QStringLiteral("6 invalid 10; 9 invalid 10; 10 invalid 10; 11 invalid 10; 12 invalid "
                                               "10; 13 invalid 10; 14 invalid 2; 15 invalid 2"));
    }

    void theOwnerOrAnAdministratorRevokes()
    {
        ConfirmingLog log;
        log.append("key.propose", log.enrolmentOfCid());
        log.append(log.byBea("key.confirm", log.confirmationOfCid()), log.bea);
        log.append(log.byCid("key.revoke", revocationBody({log.bea.id(), 0, "spite"})), log.cid); // 6
        log.append(log.byCid("key.revoke", revocationBody({log.cid.id(), log.entries().size() + 1, "lost"})),
                   log.cid);                              // 7
        log.append(log.byCid("review.signoff"), log.cid); // 8
        QCOMPARE(verdicts(log), QStringLiteral("6 invalid 10; 8 invalid 6"));
    }

    void aForgedEventChangesNoRoles()
    {
        ConfirmingLog log;
        auto entry = *decodeEntry(*seal(
            log.event("person.roles", {{"person", "p:cid"}, {"roles", json::Array{"administrator"}}}), log.admin()));
        entry.signatures[0].signature = log.admin().sign("something else");
        log.appendBytes(encodeEntry(entry));                                                       // 4
        log.append("key.propose", log.enrolmentOfCid());                                           // 5
        log.append(log.byBea("key.confirm", log.confirmationOfCid()), log.bea);                    // 6
        log.append(log.eventBy(log.cid, "review.signoff", {}, "p:cid", "administrator"), log.cid); // 7
        QCOMPARE(verdicts(log), QStringLiteral("4 invalid 7; 7 invalid 10"));
    }

    void policiesAreReadStrictly()
    {
        const auto reads = [](const char *text) { return readSigningPolicy(*json::parse(text)->object()).ok(); };
        QVERIFY(reads("{}") && reads(R"({"administrators":1,"reauthentication":"each-signature"})"));
        QVERIFY(reads(R"({"reauthentication":"series","seriesMinutes":10})"));
        QVERIFY(!reads(R"({"reauthentication":"series"})") &&
                !reads(R"({"reauthentication":"series","seriesMinutes":11})"));
        QVERIFY(!reads(R"({"reauthentication":"never"})") && !reads(R"({"confirmKeys":"yes"})") &&
                !reads(R"({"cosigners":61})"));
        QVERIFY(!reads(R"({"cosigners":"two"})") && !reads(R"({"reauthentication":1})") && !reads(R"({"seriesMinutes":"5"})"));
        const SigningPolicy policy{true, 2, "series", 5};
        QCOMPARE(*readSigningPolicy(signingPolicyBody(policy)), policy);
        QCOMPARE(*readSigningPolicy(json::Object()), SigningPolicy());
    }
};

QTEST_APPLESS_MAIN(RosterTest)
#include "tst_roster.moc"
