#include "models/services/governance/findings.h"
#include "models/services/imports/imports.h"
#include "models/services/keys/keys.h"
#include "models/services/review/receipts.h"
#include "models/services/review/review.h"
#include "models/services/review/withdraw.h"
#include "models/store/eventbody.h"
#include "models/store/queries/governance/findings.h"
#include "tests/models/services/governance/team.h"

#include <QtTest>

#include <random>

using namespace countersign;
using namespace countersign::test;

/// What you saw is what you signed: between the freeze and the signature somebody changes something, through the program and from a
/// connection of their own. Nobody's name comes to stand under a value that was not on the screen.
class FreezeTest : public QObject
{
    Q_OBJECT

    /// Somebody else's hand, in between. Random enough that two of a kind differ.
    struct Mutation {
        const char *name;
        bool isShown; ///< the bundle shows what it changes: no signature may follow
        std::function<Status(Team &team, services::Session &other, int n)> apply;
        std::function<Status(Team &team, services::Session &other, int n)> before{}; ///< what must be there when it is frozen
    };

    static Status statusOf(const auto &result) { return result ? Status() : Status(result.error()); }

    static std::string day(int n)
    {
        const Instant at = *parseTime("2026-03-01") + std::chrono::hours(24 * n);
        return formatDate(at);
    }

    static Status importRows(services::Session &other, const std::string &rows)
    {
        const TemporaryFolder folder;
        const auto file = folder.file("metrics.csv");
        std::ofstream(file) << "model,version,metric,slice,value,n,time\n" << rows;
        return statusOf(services::importMetrics(other, file, {}));
    }

    static Status setRule(Team &team, services::Session &other, Rule rule) { return statusOf(services::setRule(other, std::move(rule), {}, team.person("ada"), team.key("ada"))); }

    static Rule someRule(services::Session &other) { return store::listRules(other.connection())->front(); }

    static services::SignRequest approval(services::Session &session, const services::FrozenBundle &bundle)
    {
        services::SignRequest request;
        request.id = session.environment().randomness->uuid();
        request.bundle = bundle.id;
        request.role = Role::Validator;
        request.meaning = "Seen";
        return request;
    }

    static Status sign(Team &team, services::Session &session, const char *login, Decision decision)
    {
        const auto bundle = services::freezeReview(session, team.version());
        if (!bundle)
            return bundle.error();
        services::SignRequest request = approval(session, *bundle);
        request.decision = decision;
        request.comment = "For the test.";
        return statusOf(services::sign(session, request, team.person(login), team.key(login)));
    }

    static Status setFact(Team &team, services::Session &other, int n, void (*set)(services::FactsRequest &, int))
    {
        services::FactsRequest facts;
        facts.model = team.model();
        set(facts, n);
        return statusOf(services::setFacts(other, facts));
    }

    static double retiredLimit(int n) { return 0.2 + n / 100000.0; }

    static Status openFinding(Team &team, services::Session &other, int n)
    {
        services::FindingRequest request;
        request.model = team.model();
        request.version = team.version();
        request.title = "Finding " + std::to_string(n);
        return statusOf(services::openFinding(other, request));
    }

    static const std::vector<Mutation> &mutations()
    {
        static const std::vector<Mutation> all{
            {"a value is restated", true, [](Team &, auto &other, int n) { return importRows(other, "credit-pd,1,auc,,0.8" + std::to_string(n % 1000) + "7,1000,2026-01-31\n"); }},
            {"the count behind a value", true, [](Team &, auto &other, int n) { return importRows(other, "credit-pd,1,auc,,0.81," + std::to_string(2000 + n) + ",2026-01-31\n"); }},
            {"a new value of a metric", true, [](Team &, auto &other, int n) { return importRows(other, "credit-pd,1,auc,,0.80,1000," + day(n) + "\n"); }},
            {"a new metric", true, [](Team &, auto &other, int n) { return importRows(other, "credit-pd,1,gini" + std::to_string(n) + ",,0.6,1000,2026-01-31\n"); }},
            {"a group's value", true, [](Team &, auto &other, int n) { return importRows(other, "credit-pd,1,auc,region=" + std::to_string(n) + ",0.8,100,2026-01-31\n"); }},
            {"a new limit", true, [](Team &team, auto &other, int n) {
                 Rule rule;
                 rule.metric = "auc";
                 rule.limit = 0.5 + n / 10000.0;
                 return setRule(team, other, rule);
             }},
            {"a limit is changed", true, [](Team &team, auto &other, int n) {
                 Rule rule = someRule(other);
                 rule.limit = 0.3 + n / 10000.0;
                 rule.watch.reset();
                 return setRule(team, other, rule);
             }},
            {"a limit gets a watch level", true, [](Team &team, auto &other, int n) {
                 Rule rule = someRule(other);
                 rule.watch = rule.limit + 0.01 + n / 100000.0;
                 return setRule(team, other, rule);
             }},
            {"a limit is retired", true,
             [](Team &team, auto &other, int n) {
                 const auto rules = store::listRules(other.connection());
                 const auto mine = std::ranges::find(*rules, retiredLimit(n), &Rule::limit);
                 return mine == rules->end() ? Status(Error{}) : services::retireRule(other, mine->id, team.person("ada"), team.key("ada"));
             },
             [](Team &team, auto &other, int n) {
                 Rule rule;
                 rule.metric = "auc";
                 rule.limit = retiredLimit(n);
                 return setRule(team, other, rule);
             }},
            {"an import is undone", true,
             [](Team &, auto &other, int) { return services::undoImport(other, store::listImports(other.connection())->front().number(), "The wrong file"); },
             [](Team &, auto &other, int n) { return importRows(other, "credit-pd,1,undone" + std::to_string(n) + ",,0.6,1000,2026-01-31\n"); }},
            {"the purpose", true, [](Team &team, auto &other, int n) { return setFact(team, other, n, [](services::FactsRequest &facts, int k) { facts.purpose = "Purpose " + std::to_string(k); }); }},
            {"the use case", true, [](Team &team, auto &other, int n) { return setFact(team, other, n, [](services::FactsRequest &facts, int k) { facts.useCase = "Use " + std::to_string(k); }); }},
            {"the owner", true, [](Team &team, auto &other, int n) { return setFact(team, other, n, [](services::FactsRequest &facts, int k) { facts.owner = "Owner " + std::to_string(k); }); }},
            {"the tier", true, [](Team &team, auto &other, int) {
                 services::FactsRequest facts;
                 facts.model = team.model();
                 const auto model = store::findModel(other.connection(), team.model());
                 facts.tier = model->tier == 1 ? 2 : 1;
                 return statusOf(services::setFacts(other, facts));
             }},
            {"somebody rejects it", true, [](Team &team, auto &other, int) { return sign(team, other, "vera", Decision::Reject); }},
            {"somebody takes a signature back", true, [](Team &team, auto &other, int n) {
                 const auto rows = store::listSignOffs(other.connection(), team.version());
                 const auto mine = std::ranges::find_if(*rows, [](const store::SignOffRow &row) { return row.signOff.personName == "Vera Sample" && !row.signOff.withdrawn; });
                 if (mine == rows->end())
                     return sign(team, other, "vera", Decision::Reject);
                 services::WithdrawRequest request{other.environment().randomness->uuid(), mine->signOff.id, "Reason " + std::to_string(n)};
                 return statusOf(services::withdrawSignOff(other, request, team.person("vera"), team.key("vera")));
             }},
            {"another approves the same", false, [](Team &team, auto &other, int) { return sign(team, other, "vera", Decision::Approve); }},
            {"the stage, which signing itself moves", false, [](Team &team, auto &other, int n) {
                 services::FactsRequest facts;
                 facts.model = team.model();
                 facts.version = team.version();
                 facts.stage = kAllStages[n % 7];
                 return statusOf(services::setFacts(other, facts));
             }},
            {"another version's value", false, [](Team &, auto &other, int n) { return importRows(other, "credit-pd,2,auc,,0.7,1000," + day(n) + "\n"); }},
            {"another model", false, [](Team &, auto &other, int n) { return importRows(other, "churn-" + std::to_string(n) + ",1,auc,,0.7,1000,2026-01-31\n"); }},
            {"a finding is opened", true, [](Team &team, auto &other, int n) { return openFinding(team, other, n); }},
            {"a finding is closed", false,
             [](Team &, auto &other, int n) {
                 const auto findings = store::listFindings(other.connection(), {});
                 const auto mine = std::ranges::find(*findings, "Finding " + std::to_string(n), &Finding::title);
                 if (mine == findings->end())
                     return Status(Error{});
                 const auto step = [&](const char *login, FindingAct act, bool hasPassed) {
                     const Status set = other.setPerson(login);
                     return set ? statusOf(services::stepFinding(other, mine->id, {act, "For the test.", hasPassed, Resolution::Remediated})) : set;
                 };
                 for (const auto &[login, act, hasPassed] : {std::tuple{"dora", FindingAct::Remediate, false}, {"vera", FindingAct::Retest, true}, {"vera", FindingAct::Close, true}})
                     if (const auto status = step(login, act, hasPassed); !status)
                         return status;
                 return other.setPerson("ada");
             },
             [](Team &team, auto &other, int n) { return openFinding(team, other, n); }},
            {"a person comes", false, [](Team &team, auto &other, int n) {
                 services::PersonRequest request;
                 request.name = "Person " + std::to_string(n);
                 request.roles = {Role::Auditor};
                 return statusOf(services::addPerson(other, request, nullptr, team.person("ada"), team.key("ada")));
             }},
        };
        return all;
    }

private Q_SLOTS:
    void nothingUnseenIsSigned_data() { forEachBackend(); }
    void nothingUnseenIsSigned()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        QVERIFY_RESULT(team.limit("auc", Direction::AtLeast, 0.4));
        services::OpenRequest open;
        open.location = team.session().connection().location();
        open.person = "ada";
        auto other = services::Session::open(open, team.environment());
        QVERIFY_RESULT(other);
        const int runs = std::max(1, qEnvironmentVariableIsSet("COUNTERSIGN_FREEZE_RUNS") ? qEnvironmentVariableIntValue("COUNTERSIGN_FREEZE_RUNS") : 200);
        std::mt19937 chance(20261201);
        std::map<std::string, std::pair<int, int>> counts; // refused, signed
        team.as("ada");
        for (int n = 0; n < runs; ++n) {
            const Mutation &mutation = mutations()[static_cast<std::size_t>(n) < mutations().size() ? static_cast<std::size_t>(n) : chance() % mutations().size()];
            auto &session = team.session();
            if (mutation.before)
                QVERIFY_RESULT(mutation.before(team, **other, n));
            const auto bundle = services::freezeReview(session, team.version());
            QVERIFY_RESULT(bundle);
            QVERIFY_RESULT((*other)->catchUp());
            QVERIFY_RESULT(mutation.apply(team, **other, n));
            const services::SignRequest request = approval(session, *bundle);
            const auto entries = store::listSignOffs((*other)->connection(), team.version())->size();
            const auto receipt = services::sign(session, request, team.person("ada"), team.key("ada"));
            auto &[refused, stands] = counts[mutation.name];
            if (receipt) {
                ++stands;
                QVERIFY2(!mutation.isShown, mutation.name);
                const auto bytes = session.ledger().read(static_cast<std::uint64_t>(receipt->entry), 1);
                QVERIFY_RESULT(bytes);
                const auto entry = ledger::decodeEntry(bytes->front());
                const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
                QVERIFY_RESULT(event);
                QVERIFY(event->evidence == bundle->digest); // the very bytes that were frozen
                QCOMPARE(event->body.find("inputs")->string() ? *event->body.find("inputs")->string() : std::string(), bundle->inputs.text());
                const auto changes = services::changesSince(session, *bundle);
                QVERIFY_RESULT(changes);
                QCOMPARE(changes->size(), std::size_t{0});
            } else {
                ++refused;
                QCOMPARE(receipt.error().kind, ErrorKind::Conflict);
                QVERIFY2(mutation.isShown, (std::string(mutation.name) + ": " + receipt.error().text()).c_str());
                QCOMPARE(store::listSignOffs(session.connection(), team.version())->size(), entries);
                const auto changes = services::changesSince(session, *bundle);
                QVERIFY_RESULT(changes);
                QVERIFY2(!changes->empty() && receipt.error().text().find(changes->front()) != std::string::npos, receipt.error().text().c_str());
            }
        }
        for (const auto &[name, count] : counts)
            qInfo("%-40s refused %3d, signed %3d", name.c_str(), count.first, count.second);
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    /// What changed since is told of each signature by what its own signer saw.
    void eachSignatureTellsWhatChangedSince_data() { forEachBackend(); }
    void eachSignatureTellsWhatChangedSince()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        const auto value = [&](const char *text) { return importRows(session, std::string("credit-pd,1,auc,,") + text + ",1000,2026-01-31\n"); };
        const auto signedBy = [&](const services::FrozenBundle &bundle, const char *login) {
            return statusOf(services::sign(session, approval(session, bundle), team.person(login), team.key(login)));
        };
        const auto states = [&] {
            std::vector<std::vector<std::string>> changes; // oldest first
            const auto rows = store::listSignOffs(session.connection(), team.version());
            for (const auto &row : *rows)
                changes.insert(changes.begin(), row.signOff.changes);
            for (const auto &row : *rows)
                if (row.signOff.isStale == row.signOff.changes.empty())
                    changes.clear();
            return changes;
        };
        team.as("ada");
        QVERIFY_RESULT(value("0.81"));
        const auto first = services::freezeReview(session, team.version());
        QVERIFY_RESULT(first);
        QVERIFY_RESULT(signedBy(*first, "ada"));
        QVERIFY_RESULT(signedBy(*first, "vera"));
        QVERIFY_RESULT(value("0.82"));
        const auto second = services::freezeReview(session, team.version());
        QVERIFY_RESULT(second);
        QVERIFY_RESULT(signedBy(*second, "vera"));
        const auto of = [&](const services::FrozenBundle &bundle) { return *services::changesSince(session, bundle); };
        QVERIFY(!of(*first).empty());
        QCOMPARE(states(), (std::vector<std::vector<std::string>>{of(*first), of(*first), {}}));
        QVERIFY_RESULT(importRows(session, "credit-pd,1,gini,,0.6,1000,2026-01-31\n"));
        QVERIFY(of(*first) != of(*second));
        QCOMPARE(states(), (std::vector<std::vector<std::string>>{of(*first), of(*first), of(*second)}));
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void whoeverMayNoLongerDoesNot_data()
    {
        QTest::addColumn<QString>("backend");
        QTest::addColumn<QString>("how");
        for (const char *backend : {"SQLite", "PostgreSQL"})
            for (const char *how : {"the key is revoked", "the key is replaced", "the role is lost"})
                QTest::addRow("%s, %s", backend, how) << QString::fromLatin1(backend) << QString::fromLatin1(how);
    }
    void whoeverMayNoLongerDoesNot()
    {
        QFETCH(QString, backend);
        QFETCH(QString, how);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        team.as("vera");
        auto &session = team.session();
        const auto bundle = services::freezeReview(session, team.version());
        QVERIFY_RESULT(bundle);
        const auto &key = team.key("vera");
        const Person vera = team.person("vera"); // as she was when she began to read
        const Person ada = team.person("ada");
        if (how == QLatin1String("the key is revoked"))
            QVERIFY_RESULT(services::revokeKeys(session, {{key.id()}, {}, "Lost"}, {ada, team.key("ada")}));
        else if (how == QLatin1String("the key is replaced"))
            QVERIFY_RESULT(services::rotateKey(session, {vera, key}, passphrase("other words of vera")));
        else {
            auto journal = services::Journal::begin(session);
            QVERIFY_RESULT(journal);
            QVERIFY_RESULT((*journal)->record({"person.roles", {{"person", vera.id.text()}, {"roles", store::textArray({"auditor"})}}, {}, {}, {}},
                                              session.personSigner(ada, Role::Administrator, team.key("ada"))));
            QVERIFY_RESULT((*journal)->commit());
        }
        services::SignRequest request = approval(session, *bundle);
        QVERIFY_ERROR(services::sign(session, request, vera, key), ErrorKind::Denied);
        QCOMPARE(store::listSignOffs(session.connection(), team.version())->size(), std::size_t{0});
        QVERIFY(!*services::entryOf(session, request.id));
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void whatWasShownIsKept_data() { forEachBackend(); }
    void whatWasShownIsKept()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        team.as("vera");
        auto &session = team.session();
        const auto bundle = services::freezeReview(session, team.version());
        QVERIFY_RESULT(bundle);
        services::SignRequest request = approval(session, *bundle);
        const std::string pages = "%PDF-1.6 the pages of the review";
        request.rendering = services::Rendering{"application/pdf", Bytes(pages.begin(), pages.end())};
        QVERIFY_RESULT(services::sign(session, request, team.person("vera"), team.key("vera")));
        const auto rows = store::listSignOffs(session.connection(), team.version());
        QVERIFY_RESULT(rows);
        QCOMPARE(rows->size(), std::size_t{1});
        QVERIFY(rows->front().signOff.rendering.has_value());
        const auto kept = services::loadRendering(session, rows->front().signOff);
        QVERIFY_RESULT(kept);
        QCOMPARE(kept->media, std::string("application/pdf"));
        QCOMPARE(std::string(kept->bytes.begin(), kept->bytes.end()), pages);
        QCOMPARE(team.differences(), std::vector<std::string>());

        request.id = session.environment().randomness->uuid();
        request.rendering->bytes.assign(services::kLargestRendering + 1, 0);
        QVERIFY_ERROR(services::sign(session, request, team.person("vera"), team.key("vera")), ErrorKind::Invalid);
        request.rendering.reset();
        QVERIFY_RESULT(services::sign(session, request, team.person("vera"), team.key("vera")));
        const auto without = services::findSignOff(session, std::to_string(store::listSignOffs(session.connection(), team.version())->front().signOff.entry));
        QVERIFY_RESULT(without);
        QVERIFY_ERROR(services::loadRendering(session, without->signOff), ErrorKind::NotFound);
    }
};

QTEST_GUILESS_MAIN(FreezeTest)
#include "tst_freeze.moc"
