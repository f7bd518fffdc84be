#include "models/services/governance/releases.h"

#include "models/crypto/sha256.h"
#include "models/services/governance/findings.h"
#include "models/services/governance/waivers.h"
#include "tests/models/services/governance/governed.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// What a pipeline asks: the gate while the workspace is at hand, and a token that is judged from its bytes and public keys alone.
class ReleasesTest : public QObject
{
    Q_OBJECT

    static services::FileDigest file(const std::string &content) { return {"model.onnx", crypto::sha256(content), static_cast<std::int64_t>(content.size())}; }
    static std::string wordsOf(const release::Decision &decision)
    {
        std::string text;
        for (const auto &check : decision.checks)
            text += (check.isMet ? "  " : "! ") + check.sentence + "\n";
        return text;
    }
    static Status ready(Team &team)
    {
        if (const auto status = approve(team); !status)
            return status;
        team.as("dora");
        const auto added = services::addArtifacts(team.session(), team.version(), {file("weights")});
        return added ? Status() : Status(added.error());
    }
    static Result<IssuedRelease> issue(Team &team, int days = 30)
    {
        return services::issueRelease(team.session(), {team.version(), team.session().now() + std::chrono::days(days)}, team.person("axel"), team.key("axel"));
    }

private Q_SLOTS:
    void aTokenOpensOffline_data() { forEachBackend(); }
    void aTokenOpensOffline()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        QVERIFY_RESULT(ready(team));
        const auto gate = services::pipelineGate(session, team.version(), Stage::InUse, crypto::sha256("weights"));
        QVERIFY_RESULT(gate);
        QVERIFY2(gate->isOpen(), gate->gate.sentence().c_str());
        QVERIFY(!services::pipelineGate(session, team.version(), Stage::InUse, crypto::sha256("other"))->isOpen());
        QVERIFY(!services::pipelineGate(session, team.version("2"), Stage::InUse, {})->isOpen());

        QVERIFY_ERROR(services::issueRelease(session, {team.version(), session.now() + std::chrono::days(30)}, team.person("vera"), team.key("vera")), ErrorKind::Denied);
        QVERIFY_ERROR(issue(team, 400), ErrorKind::Invalid);
        QVERIFY_ERROR(issue(team, -1), ErrorKind::Invalid);
        const auto issued = issue(team);
        QVERIFY_RESULT(issued);
        QCOMPARE(issued->number(), std::string("R-1"));
        team.as("otto");
        const auto token = services::releaseToken(session, *issued);
        QVERIFY_RESULT(token);
        const auto trustBytes = services::releaseTrust(session);
        QVERIFY_RESULT(trustBytes);
        const auto trust = release::decodeTrust(*trustBytes);
        QVERIFY_RESULT(trust);

        release::Question question{crypto::sha256("weights"), session.now(), {}};
        const auto open = release::decide(*token, *trust, question);
        QVERIFY2(open.isOpen(), wordsOf(open).c_str());
        QCOMPARE(open.release->versionLabel, std::string("1"));
        QCOMPARE(open.issuedBy, std::string("Axel Sample"));

        // Another file, another day, another workspace's keys, keys that nobody trusts, keys of long ago.
        auto other = question;
        other.artifact = crypto::sha256("weights, changed");
        QVERIFY(!release::decide(*token, *trust, other).isOpen());
        other = question;
        other.now = issued->expires;
        QVERIFY2(wordsOf(release::decide(*token, *trust, other)).find("! It ran out on") != std::string::npos, "expired");
        auto stranger = *trust;
        stranger.keys.clear();
        QVERIFY(!release::decide(*token, stranger, question).isOpen());
        stranger = *trust;
        stranger.ledger = LedgerId::of(std::string(64, 'a'));
        QVERIFY(!release::decide(*token, stranger, question).isOpen());
        other = question;
        other.maxTrustDays = 7;
        other.now += std::chrono::days(8);
        QVERIFY2(wordsOf(release::decide(*token, *trust, other)).find("which is too long ago") != std::string::npos, "old keys");

        // Revoked: a pipeline knows with the next keys.
        const auto revoked = services::revokeRelease(session, issued->id, "The vendor reported a fault.");
        QVERIFY_RESULT(revoked);
        QVERIFY_ERROR(services::revokeRelease(session, issued->id, "Again."), ErrorKind::Conflict);
        const auto later = release::decodeTrust(*services::releaseTrust(session));
        QVERIFY_RESULT(later);
        QVERIFY2(wordsOf(release::decide(*token, *later, question)).find("! It was revoked: The vendor reported a fault.") != std::string::npos, "revoked");
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    // Whatever is changed in a token, it opens nothing.
    void noChangeOpens()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        QVERIFY_RESULT(ready(team));
        const auto issued = issue(team);
        QVERIFY_RESULT(issued);
        const auto token = services::releaseToken(team.session(), *issued);
        QVERIFY_RESULT(token);
        const auto trust = release::decodeTrust(*services::releaseTrust(team.session()));
        QVERIFY_RESULT(trust);
        const release::Question question{crypto::sha256("weights"), team.session().now(), {}};
        QVERIFY(release::decide(*token, *trust, question).isOpen());
        SeededRandomness random(7);
        int opened = 0;
        constexpr int kRuns = 2000;
        for (int run = 0; run < kRuns; ++run) {
            Bytes changed = *token;
            const std::size_t at = random.next() % changed.size();
            changed[at] = static_cast<char>(changed[at] ^ (1 << random.next() % 8));
            opened += release::decide(changed, *trust, question).isOpen();
        }
        QCOMPARE(opened, 0);
        for (std::size_t size = 0; size < token->size(); size += 1 + token->size() / 200)
            QVERIFY(!release::decide(token->substr(0, size), *trust, question).isOpen());
        QVERIFY_ERROR(release::decodeTrust("{}"), ErrorKind::Invalid);
        QVERIFY_ERROR(release::decodeTrust(*token), ErrorKind::Invalid);
    }

    void whatCloses()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        QVERIFY_RESULT(approve(team));
        QVERIFY_ERROR(issue(team), ErrorKind::Invalid); // no file is known
        team.as("dora");
        QVERIFY_RESULT(services::addArtifacts(session, team.version(), {file("weights")}));
        QVERIFY_ERROR(services::addArtifacts(session, team.version(), {file("weights")}), ErrorKind::Conflict);
        // A finding that was opened after the approval closes the gate, a waiver of it opens it for its time.
        team.as("vera");
        services::FindingRequest about;
        about.model = team.model();
        about.title = "Unstable in March";
        about.severity = Severity::Critical;
        const auto finding = services::openFinding(session, about);
        QVERIFY_RESULT(finding);
        const auto closed = issue(team);
        QVERIFY_ERROR(closed, ErrorKind::Conflict);
        QVERIFY2(closed.error().message.find("F-1 is open") != std::string::npos, closed.error().message.c_str());
        const auto missed = services::missedFinding(session, team.version(), finding->id);
        QVERIFY_RESULT(missed);
        const Instant until = session.now() + std::chrono::days(5);
        const auto asked = services::requestWaiver(session, {team.version(), *missed, "A fix comes.", "Watched daily.", until});
        QVERIFY_RESULT(asked);
        QVERIFY_RESULT(services::grantWaiver(session, asked->id, {}, team.person("axel"), team.key("axel")));
        const auto issued = issue(team);
        QVERIFY_RESULT(issued);
        QCOMPARE(issued->expires, until); // with the waiver that it rests on
        QCOMPARE(services::pipelineGate(session, team.version(), Stage::InUse, {})->gate.word(), std::string_view("waived"));
        team.itIs(until);
        QVERIFY(!services::pipelineGate(session, team.version(), Stage::InUse, {})->isOpen());
    }
};

QTEST_GUILESS_MAIN(ReleasesTest)
#include "tst_releases.moc"
