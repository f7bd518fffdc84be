#include "models/services/governance/findings.h"

#include "models/store/queries/governance/findings.h"
#include "tests/models/services/governance/team.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// Findings: opened by hand or from a breach, challenged, answered, remediated, retested and closed by who may; never lost, always the same in a replay.
class FindingsTest : public QObject
{
    Q_OBJECT

    static services::FindingRequest request(Team &team)
    {
        services::FindingRequest request;
        request.model = team.model();
        request.version = team.version();
        request.title = "No benchmark model";
        request.text = "Chapter 4 compares with nothing.";
        request.severity = Severity::High;
        request.owner = team.person("olga").id;
        request.due = team.session().now() + std::chrono::hours(24 * 30);
        return request;
    }
    static policy::FindingStep step(FindingAct act, const char *text, bool hasPassed = false, Resolution resolution = Resolution::Remediated)
    {
        return {act, text, hasPassed, resolution};
    }

private Q_SLOTS:
    void aLife_data() { forEachBackend(); }
    void aLife()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        team.as("rita");
        const auto opened = services::openFinding(team.session(), request(team));
        QVERIFY_RESULT(opened);
        QCOMPARE(opened->number(), std::string("F-1"));
        QCOMPARE(opened->state, FindingState::Open);
        QCOMPARE(opened->ownerName, std::string("Olga Sample"));
        QCOMPARE(opened->openedByName, std::string("Rita Sample"));
        QVERIFY(opened->origin.kind == Finding::Origin::Kind::Manual);
        const FindingId id = opened->id;

        team.as("dora");
        QVERIFY_RESULT(services::stepFinding(team.session(), id, step(FindingAct::Challenge, "The scorecard is the benchmark.")));
        // Who challenged does not answer, and what is challenged is not remediated.
        QVERIFY_ERROR(services::stepFinding(team.session(), id, step(FindingAct::Remediate, "Done")), ErrorKind::Conflict);
        team.as("vera");
        QVERIFY_RESULT(services::stepFinding(team.session(), id, step(FindingAct::Answer, "It is older than the data.")));
        team.as("dora");
        QVERIFY_RESULT(services::stepFinding(team.session(), id, step(FindingAct::Remediate, "Benchmark added.")));
        team.as("vera");
        const auto failed = services::stepFinding(team.session(), id, step(FindingAct::Retest, "Only for 2025."));
        QVERIFY_RESULT(failed);
        QCOMPARE(failed->state, FindingState::Open);
        QVERIFY_ERROR(services::stepFinding(team.session(), id, step(FindingAct::Close, "Fine")), ErrorKind::Conflict);
        team.as("dora");
        QVERIFY_RESULT(services::stepFinding(team.session(), id, step(FindingAct::Remediate, "All years.")));
        team.as("vera");
        QVERIFY_RESULT(services::stepFinding(team.session(), id, step(FindingAct::Retest, "All years are there.", true)));
        const auto closed = services::stepFinding(team.session(), id, step(FindingAct::Close, "The benchmark is in chapter 4."));
        QVERIFY_RESULT(closed);
        QCOMPARE(closed->state, FindingState::Closed);
        QVERIFY(closed->resolution == Resolution::Remediated);
        QVERIFY(!closed->isOpen());
        team.as("rita");
        const auto again = services::stepFinding(team.session(), id, step(FindingAct::Reopen, "Chapter 4 is gone in the next draft."));
        QVERIFY_RESULT(again);
        QVERIFY(again->isOpen() && !again->resolution);

        const auto notes = store::findingNotes(team.session().connection(), id);
        QVERIFY_RESULT(notes);
        std::vector<std::string> acts;
        for (const auto &note : *notes)
            acts.push_back(note.act + (note.outcome.empty() ? "" : ":" + note.outcome));
        const std::vector<std::string> expected{"open", "challenge", "answer", "remediate", "retest:failed", "remediate", "retest:passed", "close:remediated", "reopen"};
        QCOMPARE(acts, expected);
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void aBreachBecomesAFinding_data() { forEachBackend(); }
    void aBreachBecomesAFinding()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        const auto rule = team.limit("auc", Direction::AtLeast, 0.7, Severity::Critical);
        QVERIFY_RESULT(rule);
        team.as("vera");
        QVERIFY_ERROR(services::findingFromBreach(team.session(), team.version("1"), rule->id, {}), ErrorKind::Conflict);
        QVERIFY_ERROR(services::findingFromBreach(team.session(), team.version("2"), rule->id, *Slice::parse("sex=F")), ErrorKind::NotFound);
        const auto breach = services::findingFromBreach(team.session(), team.version("2"), rule->id, {});
        QVERIFY_RESULT(breach);
        QCOMPARE(breach->title, std::string("AUC .690 is below the limit of at least .700."));
        const auto opened = services::openFinding(team.session(), *breach);
        QVERIFY_RESULT(opened);
        // Later values change nothing about what was found.
        QVERIFY_RESULT(team.import("2,auc,0.75,900,0.7,0.8,2026-03-01"));
        const auto kept = services::findFinding(team.session(), "F-1");
        QVERIFY_RESULT(kept);
        QCOMPARE(kept->severity, Severity::Critical);
        QVERIFY(kept->origin.kind == Finding::Origin::Kind::Limit);
        QVERIFY(kept->origin.rule == rule->id);
        QCOMPARE(kept->origin.value.value_or(0), 0.69);
        QCOMPARE(kept->origin.n.value_or(0), std::int64_t{1000});
        QCOMPARE(kept->origin.sentence, breach->title);
        QVERIFY(kept->origin.window.has_value());
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void whoeverMayNotIsTold()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        team.as("vera");
        const auto opened = services::openFinding(team.session(), request(team));
        QVERIFY_RESULT(opened);
        const FindingId id = opened->id;
        const auto denied = [&](const char *login, const policy::FindingStep &one, const char *why) {
            team.as(login);
            const auto result = services::stepFinding(team.session(), id, one);
            return !result && result.error().kind == ErrorKind::Denied && QString::fromStdString(result.error().text()).contains(QLatin1String(why));
        };
        QVERIFY(denied("vera", step(FindingAct::Challenge, "x"), "by an owner, a developer or an IT operator; Vera Sample is none of these"));
        QVERIFY(denied("uma", step(FindingAct::Remediate, "x"), "Findings are remediated by"));
        QVERIFY(denied("olga", step(FindingAct::Close, "x", false, Resolution::NotAnIssue), "Findings are closed by a validator; Olga Sample is not one."));
        // A validator who answers for it does not close it either.
        team.as("vera");
        services::FindingChange mine;
        mine.owner = team.person("vera").id;
        QVERIFY_RESULT(services::changeFinding(team.session(), id, mine));
        QVERIFY(denied("vera", step(FindingAct::Close, "x", false, Resolution::NotAnIssue), "answer for"));
        // Ada may do everything by her roles, but not retest what she remediated.
        QVERIFY(team.session().setPerson("ada").ok());
        QVERIFY(denied("ada", step(FindingAct::Remediate, "x"), "Findings are remediated by"));

        // Severity goes up by anybody who works on it; down only by who judges, with a reason.
        team.as("olga");
        services::FindingChange change;
        change.severity = Severity::Critical;
        QVERIFY_RESULT(services::changeFinding(team.session(), id, change));
        change.severity = Severity::Low;
        change.reason = "It is small.";
        QVERIFY_ERROR(services::changeFinding(team.session(), id, change), ErrorKind::Denied);
        team.as("vera");
        change.reason.clear();
        QVERIFY_ERROR(services::changeFinding(team.session(), id, change), ErrorKind::Invalid);
        change.reason = "It is small.";
        QVERIFY_RESULT(services::changeFinding(team.session(), id, change));
        QVERIFY_ERROR(services::changeFinding(team.session(), id, change), ErrorKind::Invalid); // nothing would change
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void nonsenseIsRefused()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        team.as("vera");
        auto &session = team.session();
        const auto size = session.verifiedHead().size;
        auto wrong = request(team);
        wrong.title = " \t";
        QVERIFY_ERROR(services::openFinding(session, wrong), ErrorKind::Invalid);
        wrong.title = "two\nlines";
        QVERIFY_ERROR(services::openFinding(session, wrong), ErrorKind::Invalid);
        wrong = request(team);
        wrong.due = session.now() - std::chrono::hours(1);
        QVERIFY_ERROR(services::openFinding(session, wrong), ErrorKind::Invalid);
        wrong = request(team);
        wrong.model = ModelId::of("nobody");
        QVERIFY_ERROR(services::openFinding(session, wrong), ErrorKind::NotFound);
        wrong = request(team);
        wrong.owner = PersonId::of("nobody");
        QVERIFY_ERROR(services::openFinding(session, wrong), ErrorKind::NotFound);
        wrong = request(team);
        wrong.text.assign(20'000, 'x');
        QVERIFY_ERROR(services::openFinding(session, wrong), ErrorKind::Invalid);
        QVERIFY_ERROR(services::findFinding(session, "F-1"), ErrorKind::NotFound);
        QVERIFY_ERROR(services::findFinding(session, "F-x"), ErrorKind::Invalid);
        QVERIFY_ERROR(services::findFinding(session, ""), ErrorKind::Invalid);
        QCOMPARE(session.verifiedHead().size, size);
    }

    void listsBeginWithWhatIsGrave()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        team.as("vera");
        const auto open = [&](const char *title, Severity severity, int days) {
            auto one = request(team);
            one.title = title;
            one.severity = severity;
            one.due = days > 0 ? std::optional(team.session().now() + std::chrono::hours(24 * days)) : std::nullopt;
            const auto opened = services::openFinding(team.session(), one);
            return opened ? opened->id : FindingId();
        };
        open("low", Severity::Low, 1);
        open("high, no date", Severity::High, 0);
        open("high, later", Severity::High, 9);
        open("high, soon", Severity::High, 2);
        const FindingId gone = open("critical, closed", Severity::Critical, 1);
        QVERIFY_RESULT(services::stepFinding(team.session(), gone, step(FindingAct::Close, "A mistake.", false, Resolution::NotAnIssue)));
        const auto titles = [&](const store::FindingFilter &filter) {
            std::vector<std::string> all;
            const auto found = store::listFindings(team.session().connection(), filter);
            for (const auto &finding : found ? *found : std::vector<Finding>())
                all.push_back(finding.title);
            return all;
        };
        const std::vector<std::string> everything{"high, soon", "high, later", "high, no date", "low", "critical, closed"};
        QCOMPARE(titles({}), everything);
        store::FindingFilter filter;
        filter.isOpen = true;
        filter.version = team.version("1");
        QCOMPARE(titles(filter), std::vector<std::string>(everything.begin(), everything.end() - 1));
        filter.version = team.version("2");
        QCOMPARE(titles(filter), std::vector<std::string>());
        filter = {};
        filter.owner = team.person("olga").id;
        QCOMPARE(titles(filter), everything);
    }
};

QTEST_GUILESS_MAIN(FindingsTest)
#include "tst_findings.moc"
