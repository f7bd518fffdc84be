#include "models/policy/independence.h"
#include "models/services/computed/changes.h"
#include "models/services/governance/evidence.h"
#include "models/services/governance/findings.h"
#include "models/store/queries/governance/contributions.h"
#include "tests/models/services/governance/team.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// Who wrote what about a version, as the ledger has it, and who is independent of it.
class ContributionsTest : public QObject
{
    Q_OBJECT

    static QString dependence(Team &team, const char *login, const char *version = "1", std::optional<int> months = {}, Instant later = {})
    {
        const auto contributions = store::listContributions(team.session().connection(), team.model());
        if (!contributions)
            return QString::fromStdString(contributions.error().text());
        const auto why = policy::dependence(team.person(login), *contributions, team.version(version), months, later == Instant{} ? team.session().now() : later);
        return QString::fromStdString(why.value_or(std::string()));
    }
    static Result<Exhibit> addEvidence(Team &team, std::optional<VersionId> version)
    {
        services::ExhibitRequest request;
        request.model = team.model();
        request.version = std::move(version);
        request.title = "Report";
        request.reference = "shelf 1";
        return services::addExhibit(team.session(), request);
    }

private Q_SLOTS:
    void whoAddedEvidenceIsNotIndependent_data() { forEachBackend(); }
    void whoAddedEvidenceIsNotIndependent()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        for (const char *login : {"ada", "vera", "dora", "olga"}) // ada imported both versions, which is the source's work
            QCOMPARE(dependence(team, login), QString());
        team.as("dora");
        const auto report = addEvidence(team, team.version("1"));
        QVERIFY_RESULT(report);
        QCOMPARE(dependence(team, "dora"),
                 QStringLiteral("Dora Sample is not independent of this version: they added evidence about it on 2026-03-02 (entry %1).").arg(report->entry));
        QCOMPARE(dependence(team, "dora", "2"), QString());

        // Reviewing it is what the independent do.
        team.as("vera");
        QVERIFY_RESULT(services::reviewExhibit(team.session(), report->id, true, {}));
        QCOMPARE(dependence(team, "vera"), QString());

        // Withdrawing does not undo that it was written.
        team.as("dora");
        QVERIFY_RESULT(services::withdrawExhibit(team.session(), report->id, "Wrong file."));
        QVERIFY(!dependence(team, "dora").isEmpty());

        // Of another version: for as long as the policy asks.
        QCOMPARE(dependence(team, "dora", "2", 12),
                 QStringLiteral("Dora Sample is not independent of this version: of version 1 they added evidence about it on 2026-03-02 (entry %1), less than 12 months ago.").arg(report->entry));
        QCOMPARE(dependence(team, "dora", "2", 12, report->addedAt + std::chrono::days(360)), QString());

        // About the model as such is about each of its versions.
        team.as("olga");
        QVERIFY_RESULT(addEvidence(team, {}));
        QVERIFY(!dependence(team, "olga", "1").isEmpty() && !dependence(team, "olga", "2").isEmpty());
    }

    void soIsWhoeverWroteAnythingElse()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        team.as("otto");
        services::FactsRequest facts;
        facts.model = team.model();
        facts.version = team.version();
        facts.stage = Stage::Validation;
        QVERIFY_RESULT(services::setFacts(session, facts));
        QVERIFY(dependence(team, "otto").contains(QStringLiteral("they registered or changed it")));

        team.as("vera");
        services::FindingRequest request;
        request.model = team.model();
        request.version = team.version();
        request.title = "No benchmark";
        const auto finding = services::openFinding(session, request);
        QVERIFY_RESULT(finding);
        QCOMPARE(dependence(team, "vera"), QString());
        team.as("dora");
        QVERIFY_RESULT(services::stepFinding(session, finding->id, {FindingAct::Remediate, "Added.", false, Resolution::Remediated}));
        QVERIFY(dependence(team, "dora").contains(QStringLiteral("they remediated a finding about it")));

        team.as("olga");
        services::ChangeProposal change;
        change.version = team.version();
        change.summary = "0.5 to 0.6";
        change.reason = "Fairer.";
        change.thresholds = {{{}, 0.6}};
        change.evidence = "{}";
        QVERIFY_RESULT(services::proposeChange(session, change));
        QVERIFY(dependence(team, "olga").contains(QStringLiteral("they proposed a change of it")));
    }
};

QTEST_GUILESS_MAIN(ContributionsTest)
#include "tst_contributions.moc"
