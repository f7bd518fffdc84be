#include "models/computed/compute.h"
#include "models/computed/record/computedreader.h"
#include "models/computed/scores/scoresummary.h"
#include "models/crypto/sha256.h"
#include "models/services/computed/changes.h"
#include "models/services/computed/computedsets.h"
#include "models/services/inventory.h"
#include "models/services/review/review.h"
#include "models/services/review/rules.h"
#include "models/services/workspace/verification.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <QtTest>

#include <fstream>

using namespace countersign;
using namespace countersign::test;

namespace {

/// A log of `rows` decisions over `days` days from Monday 2025-01-06 on; the same for the same seed.
std::string logText(std::uint64_t seed, int rows, int days)
{
    SeededRandomness random(seed);
    std::string text = days > 0 ? "time,y,score,sex,region\n" : "y,score,sex,region\n";
    for (int i = 0; i < rows; ++i) {
        const double score = std::round(random.unit() * 1000) / 1000;
        if (days > 0)
            text += formatUtc(fromMillis(1'736'121'600'000 + static_cast<std::int64_t>(random.next() % static_cast<std::uint64_t>(days * 24)) * 3'600'000)) + ",";
        text += std::string(random.unit() < score ? "1" : "0") + "," + std::to_string(score) + "," + (random.next() % 2 ? "F" : "M") + ",r"
                + std::to_string(random.next() % 4) + "\n";
    }
    return text;
}

predictions::Mapping mapping(bool hasTime)
{
    predictions::Mapping mapping;
    mapping.label = "y";
    mapping.score = "score";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.attributes = {{"sex", "sex", {}}, {"region", "region", {}}};
    if (hasTime)
        mapping.time = "time";
    return mapping;
}

struct Computed {
    std::filesystem::path path;
    std::shared_ptr<const computed::ComputedSet> set;
    Bytes scores;
};

Result<Computed> computedFrom(const TemporaryFolder &folder, const QString &name, const std::string &text, const predictions::Mapping &mapping, computed::Parameters parameters)
{
    Computed result;
    result.path = folder.filePath(name).toStdString();
    std::ofstream(result.path, std::ios::binary) << text;
    auto reader = predictions::LogReader::open(result.path);
    if (!reader)
        return reader.error();
    parameters.bootstrapDraws = 50;
    auto set = computed::computeLog(*std::move(reader), mapping, parameters, {}, [&](const scoretables::Table &table) {
        if (const auto summary = computed::summarizeScores(table))
            result.scores = computed::writeScores(*summary);
    });
    if (!set)
        return set.error();
    result.set = std::make_shared<computed::ComputedSet>(*std::move(set));
    return result;
}

computed::Parameters weekly()
{
    computed::Parameters parameters;
    parameters.window.unit = scoretables::WindowUnit::Week;
    parameters.depth = 2;
    parameters.windowDepth = 1;
    return parameters;
}

/// A model with one version, known by an ordinary import.
Result<VersionId> versionIn(services::Session &session, const TemporaryFolder &folder)
{
    const std::string path = folder.filePath(QStringLiteral("models.csv")).toStdString();
    std::ofstream(path) << "model,version,metric,window_start,window_end,value\ncredit-pd,3.2,stability,2025-01-01,2025-02-01,0.9\n";
    if (const auto outcome = services::importMetrics(session, path, {}); !outcome)
        return outcome.error();
    const auto subject = services::findVersionSubject(session, "credit-pd/3.2");
    if (!subject)
        return subject.error();
    return subject->version->id;
}

std::vector<store::ObservationRow> valuesOf(services::Session &session, const VersionId &version, const std::string &metric, const std::string &slice = "overall")
{
    const auto series = store::listSeries(session.connection(), version);
    for (const auto &row : series ? *series : std::vector<store::SeriesRow>())
        if (row.key.metric == metric && row.key.slice.text() == slice)
            return *store::readObservations(session.connection(), row.id);
    return {};
}

/// Replays the ledger and says what it finds.
bool isIntact(services::Session &session)
{
    const auto verification = services::verifyWorkspace(session.connection(), {});
    for (const auto &finding : verification ? verification->findings : std::vector<services::Discrepancy>())
        qWarning("%s", finding.sentence.c_str());
    return verification && verification->isIntact();
}

services::ChangeProposal proposal(const VersionId &version)
{
    services::ChangeProposal proposal;
    proposal.version = version;
    proposal.kind = services::ChangeKind::GroupThresholds;
    proposal.attributes = {"sex"};
    proposal.thresholds = {{*Slice::parse("sex=F"), 0.1 + 0.2}, {*Slice::parse("sex=M"), 0.5}};
    proposal.constraint = "demographic_parity";
    proposal.tolerance = 0.01;
    proposal.summary = "Score at least .300 for F and .500 for M.";
    proposal.reason = "Selection rates differ by \u202E 9 points.\nSecond line.";
    proposal.legalNote = "Thresholds by group may be unlawful.";
    proposal.evidence = R"({"after":{"accuracy":0.81},"before":{"accuracy":0.82}})";
    return proposal;
}

} // namespace

class ComputedRecordTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

    struct Opened {
        services::Environment environment;
        std::unique_ptr<services::Session> session;
        VersionId version;
    };
    Result<Opened> opened(const QString &backend)
    {
        Opened opened;
        opened.environment = testEnvironment();
        auto session = freshWorkspace(freshDatabase(backend, m_folder), opened.environment);
        if (!session)
            return session.error();
        opened.session = std::move(*session);
        const auto version = versionIn(*opened.session, m_folder);
        if (!version)
            return version.error();
        opened.version = *version;
        return opened;
    }

private Q_SLOTS:
    void setsAreRecordedAndComeBack_data() { forEachBackend(); }
    void setsAreRecordedAndComeBack()
    {
        QFETCH(QString, backend);
        const auto workspace = opened(backend);
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const auto made = computedFrom(m_folder, QStringLiteral("weekly.csv"), logText(1, 3000, 28) + "oops\n", mapping(true), weekly());
        QVERIFY_RESULT(made);
        QVERIFY(!made->scores.empty());
        services::ComputedImport import{workspace->version, {}, {}, made->set, made->scores, "Monitoring, with \"quotes\"", {}};

        const auto size = *session.ledger().size();
        const auto preview = services::previewComputed(session, import);
        QVERIFY_RESULT(preview);
        QCOMPARE(*session.ledger().size(), size);
        QVERIFY(services::listComputed(session, workspace->version)->empty());

        const auto outcome = services::recordComputed(session, import);
        QVERIFY_RESULT(outcome);
        QCOMPARE(outcome->observations, preview->observations);
        QCOMPARE(outcome->rejected, 1);
        QCOMPARE(outcome->number(), std::string("I-2"));
        QVERIFY(outcome->observations > 700);
        QCOMPARE(*session.ledger().size(), size + 3); // observations, the set, the import

        const auto rows = services::listComputed(session, workspace->version);
        QVERIFY_RESULT(rows);
        QCOMPARE(rows->size(), 1U);
        const auto &row = rows->front();
        QCOMPARE(row.number(), std::string("I-2"));
        QCOMPARE(row.modelName, std::string("credit-pd"));
        QCOMPARE(row.actor, std::string("Ada Sample"));
        QCOMPARE(row.note, import.note);
        QCOMPARE(row.rows, 3001U);
        QCOMPARE(row.windows, 4U);
        QCOMPARE(row.cells, made->set->cells.size());
        QVERIFY(row.logDigest == made->set->log.digest);
        QVERIFY(row.rowsDigest == crypto::sha256(computed::writeComputedRows(*made->set)));
        QVERIFY(row.hasScores && !row.undoneBy && !row.lastCheck);
        QCOMPARE(services::listComputed(session, row.model)->size(), 1U);
        QCOMPARE(services::findComputed(session, "I-2")->import.text(), row.import.text());
        QVERIFY_ERROR(services::findComputed(session, "I-1"), ErrorKind::NotFound);

        const auto loaded = services::loadComputed(session, row.import);
        QVERIFY_RESULT(loaded);
        QVERIFY(computed::writeComputed(*loaded) == computed::writeComputed(*made->set));
        const auto scores = services::loadScores(session, row.import);
        QVERIFY_RESULT(scores);
        QVERIFY(*scores == made->scores);

        const auto again = services::recordComputed(session, import);
        QVERIFY_RESULT(again);
        QCOMPARE(again->alreadyImported, std::string("I-2"));
        QVERIFY(isIntact(session));
    }

    void seriesHoldWindowsOrTheWholeNeverBoth()
    {
        const auto workspace = opened(QStringLiteral("SQLite"));
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const auto made = computedFrom(m_folder, QStringLiteral("windows.csv"), logText(2, 3000, 28), mapping(true), weekly());
        QVERIFY_RESULT(made);
        services::ComputedImport import{workspace->version, {}, {}, made->set, {}, {}, {}};
        import.observations.depth = 2;
        QVERIFY_RESULT(services::recordComputed(session, import));
        for (const auto &[metric, slice] : {std::pair<std::string, std::string>{"auc", "overall"}, {"recall", "sex=F"}, {"demographic_parity_difference/sex", "overall"}}) {
            const auto values = valuesOf(session, workspace->version, metric, slice);
            QCOMPARE(values.size(), 4U); // four weeks
            for (const auto &value : values)
                QCOMPARE(value.windowEnd - value.windowStart, 7 * 86'400'000LL);
        }
        const auto week = made->set->find({}, "2025-01-13");
        const auto auc = valuesOf(session, workspace->version, "auc").at(1);
        QCOMPARE(*auc.value, week->find("auc")->value);
        QCOMPARE(*auc.n, static_cast<std::int64_t>(week->n));
        QCOMPARE(*auc.lower, week->find("auc")->interval->lower);
        // Combinations are not computed by week: one value, from the first row to the last.
        const auto combined = valuesOf(session, workspace->version, "auc", "region=r1; sex=F");
        QCOMPARE(combined.size(), 1U);
        QCOMPARE(combined.front().windowStart, toMillis(made->set->log.firstTime));
        QCOMPARE(combined.front().windowEnd, toMillis(made->set->log.lastTime));
        QCOMPARE(valuesOf(session, workspace->version, "demographic_parity_difference/sex x region").size(), 1U);
    }

    void windowsOfAnotherLengthAreTold()
    {
        const auto workspace = opened(QStringLiteral("SQLite"));
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const auto told = [&](const Result<Computed> &made) {
            const auto preview = made ? services::previewComputed(session, {workspace->version, {}, {}, made->set, {}, {}, {}}) : Result<services::ImportOutcome>(made.error());
            return preview && std::ranges::any_of(preview->notes, [](const std::string &note) { return note.find("in one line") != std::string::npos; });
        };
        const auto whole = computedFrom(m_folder, QStringLiteral("lengths.csv"), logText(31, 400, 28), mapping(true), {});
        const auto weeks = computedFrom(m_folder, QStringLiteral("lengths.csv"), logText(31, 400, 28), mapping(true), weekly());
        const auto later = computedFrom(m_folder, QStringLiteral("later.csv"), logText(32, 400, 28), mapping(true), weekly());
        QVERIFY(!told(weeks)); // nothing is there
        QVERIFY_RESULT(services::recordComputed(session, {workspace->version, {}, {}, weeks->set, {}, {}, {}}));
        QVERIFY(told(whole));
        QVERIFY(!told(later));
    }

    void logsWithoutTimesHaveTheWindowThatIsGiven()
    {
        const auto workspace = opened(QStringLiteral("SQLite"));
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const auto made = computedFrom(m_folder, QStringLiteral("timeless.csv"), logText(3, 400, 0), mapping(false), {});
        QVERIFY_RESULT(made);
        services::ComputedImport import{workspace->version, {}, {}, made->set, {}, {}, {}};
        import.observations.window = Window{*parseTime("2025-03-01"), *parseTime("2025-04-01")};
        import.observations.metrics = {"accuracy", "auc"};
        import.observations.depth = 0;
        import.observations.disparities = false;
        const auto outcome = services::recordComputed(session, import);
        QVERIFY_RESULT(outcome);
        QCOMPARE(outcome->observations, 2);
        QVERIFY(!outcome->notes.empty()); // groups are in the record only
        QCOMPARE(valuesOf(session, workspace->version, "auc").front().windowEnd, toMillis(*parseTime("2025-04-01")));
        QVERIFY(valuesOf(session, workspace->version, "auc", "sex=F").empty());
        // Another threshold is another set: it restates what it says otherwise, and the preview tells.
        computed::Parameters strict;
        strict.threshold = 0.8;
        const auto other = computedFrom(m_folder, QStringLiteral("timeless.csv"), logText(3, 400, 0), mapping(false), strict);
        QVERIFY_RESULT(other);
        import.set = other->set;
        const auto preview = services::previewComputed(session, import);
        QVERIFY_RESULT(preview);
        QCOMPARE(preview->restated, 1); // the AUC is the same
        QCOMPARE(preview->known, 1);
        QCOMPARE(preview->clashes.size(), 1U);
    }

    void aSetWithoutNewValuesIsRecordedAllTheSame()
    {
        const auto workspace = opened(QStringLiteral("SQLite"));
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const auto made = computedFrom(m_folder, QStringLiteral("plain.csv"), logText(4, 400, 7), mapping(true), {});
        QVERIFY_RESULT(made);
        services::ComputedImport import{workspace->version, {}, {}, made->set, {}, {}, {}};
        QVERIFY_RESULT(services::recordComputed(session, import));
        import.scores = made->scores;
        const auto outcome = services::recordComputed(session, import);
        QVERIFY_RESULT(outcome);
        QCOMPARE(outcome->observations, 0);
        QVERIFY(!outcome->isNothingNew());
        QCOMPARE(services::listComputed(session, workspace->version)->size(), 2U);
        QVERIFY_ERROR(services::loadScores(session, services::findComputed(session, "I-2")->import), ErrorKind::NotFound);
        QVERIFY(isIntact(session));
        QVERIFY_ERROR(services::recordComputed(session, {workspace->version, {}, {}, std::make_shared<computed::ComputedSet>(), {}, {}, {}}), ErrorKind::Invalid);
        QVERIFY_ERROR(services::recordComputed(session, {VersionId::of("none"), {}, {}, made->set, {}, {}, {}}), ErrorKind::NotFound);
    }

    void newModelsAndVersionsAreRegistered_data() { forEachBackend(); }
    void newModelsAndVersionsAreRegistered()
    {
        QFETCH(QString, backend);
        const auto workspace = opened(backend);
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const auto made = computedFrom(m_folder, QStringLiteral("new.csv"), logText(21, 300, 14), mapping(true), {});
        QVERIFY_RESULT(made);
        services::ComputedImport import{{}, "churn", "1", made->set, {}, {}, {}};
        const auto preview = services::previewComputed(session, import);
        QVERIFY_RESULT(preview);
        QCOMPARE(preview->models, 1);
        QVERIFY(!services::findSubject(session, "churn"));
        const auto outcome = services::recordComputed(session, import);
        QVERIFY_RESULT(outcome);
        QCOMPARE(outcome->versions, 1);
        const auto subject = services::findVersionSubject(session, "churn/1");
        QVERIFY_RESULT(subject);
        QCOMPARE(services::listComputed(session, subject->version->id)->size(), 1U);
        QCOMPARE(services::recordComputed(session, import)->alreadyImported, outcome->number());
        import.label = "2"; // of the same model
        const auto second = services::recordComputed(session, import);
        QVERIFY_RESULT(second);
        QCOMPARE(second->models, 0);
        QCOMPARE(second->versions, 1);
        QVERIFY_ERROR(services::undoImport(session, outcome->number(), "a later one builds on it"), ErrorKind::Denied);
        QVERIFY_RESULT(services::undoImport(session, second->number(), "not ours"));
        QVERIFY_RESULT(services::undoImport(session, outcome->number(), "not ours either"));
        QVERIFY(!services::findSubject(session, "churn"));
        QVERIFY(isIntact(session));
        import.label.clear();
        QVERIFY_ERROR(services::recordComputed(session, import), ErrorKind::Invalid);
    }

    void undoTakesFiguresBackUntilSomebodySigned_data() { forEachBackend(); }
    void undoTakesFiguresBackUntilSomebodySigned()
    {
        QFETCH(QString, backend);
        const auto workspace = opened(backend);
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const auto made = computedFrom(m_folder, QStringLiteral("undone.csv"), logText(5, 500, 14), mapping(true), {});
        QVERIFY_RESULT(made);
        const services::ComputedImport import{workspace->version, {}, {}, made->set, {}, {}, {}};
        QVERIFY_RESULT(services::recordComputed(session, import));
        QCOMPARE(valuesOf(session, workspace->version, "auc").size(), 1U);
        QVERIFY_RESULT(services::undoImport(session, "I-2", "wrong version"));
        QVERIFY(valuesOf(session, workspace->version, "auc").empty());
        QVERIFY(services::findComputed(session, "I-2")->undoneBy.has_value());
        QVERIFY_RESULT(services::loadComputed(session, services::findComputed(session, "I-2")->import)); // the record keeps it
        QVERIFY(isIntact(session));
        // Undone, the same set may come again.
        const auto again = services::recordComputed(session, import);
        QVERIFY_RESULT(again);
        QCOMPARE(again->number(), std::string("I-3"));

        const Person ada = *session.person();
        const auto key = session.unlock(ada, passphrase());
        QVERIFY_RESULT(key);
        const auto bundle = services::freezeReview(session, workspace->version);
        QVERIFY_RESULT(bundle);
        services::SignRequest request;
        request.id = workspace->environment.randomness->uuid();
        request.bundle = bundle->id;
        request.meaning = "Validated: independent validation performed";
        QVERIFY_RESULT(services::sign(session, request, ada, **key));
        const auto refused = services::undoImport(session, "I-3", "too late");
        QVERIFY_ERROR(refused, ErrorKind::Denied);
        // Further figures make the signature stale, as those of any import do.
        computed::Parameters strict;
        strict.threshold = 0.8;
        const auto other = computedFrom(m_folder, QStringLiteral("undone.csv"), logText(5, 500, 14), mapping(true), strict);
        QVERIFY_RESULT(other);
        QVERIFY_RESULT(services::recordComputed(session, {workspace->version, {}, {}, other->set, {}, {}, {}}));
        QVERIFY(store::listSignOffs(session.connection(), workspace->version)->front().signOff.isStale);
        QVERIFY(isIntact(session));
    }

    void limitsJudgeComputedFigures()
    {
        const auto workspace = opened(QStringLiteral("SQLite"));
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const Person ada = *session.person();
        const auto key = session.unlock(ada, passphrase());
        QVERIFY_RESULT(key);
        Rule rule;
        rule.metric = "demographic_parity_difference/sex";
        rule.direction = Direction::AtMost;
        rule.limit = 0.0001;
        QVERIFY_RESULT(services::setRule(session, rule, {}, ada, **key));
        const auto made = computedFrom(m_folder, QStringLiteral("judged.csv"), logText(6, 2000, 28), mapping(true), weekly());
        QVERIFY_RESULT(made);
        QVERIFY_RESULT(services::recordComputed(session, {workspace->version, {}, {}, made->set, {}, {}, {}}));
        const auto verdicts = store::listVerdicts(session.connection(), workspace->version, session.now());
        QVERIFY_RESULT(verdicts);
        QCOMPARE(verdicts->size(), 1U);
        QCOMPARE(verdicts->front().state, VerdictState::Fail);
        QCOMPARE(toMillis(verdicts->front().observation->window.end), toMillis(*parseTime("2025-02-03"))); // the newest week
    }

    void recomputingIsRecorded_data() { forEachBackend(); }
    void recomputingIsRecorded()
    {
        QFETCH(QString, backend);
        const auto workspace = opened(backend);
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const auto made = computedFrom(m_folder, QStringLiteral("again.csv"), logText(7, 600, 14), mapping(true), weekly());
        QVERIFY_RESULT(made);
        QVERIFY_RESULT(services::recordComputed(session, {workspace->version, {}, {}, made->set, {}, {}, {}}));
        const auto row = services::findComputed(session, "I-2");
        QVERIFY_RESULT(row);
        const auto stored = services::loadComputed(session, row->import);
        QVERIFY_RESULT(stored);
        const auto equal = computed::recompute(*stored, made->path);
        QVERIFY_RESULT(equal);
        QVERIFY(equal->isEqual());
        const auto entry = services::recordRecomputation(session, row->import, *equal);
        QVERIFY_RESULT(entry);

        const auto other = computedFrom(m_folder, QStringLiteral("others.csv"), logText(8, 600, 14), mapping(true), weekly());
        QVERIFY_RESULT(other);
        computed::RecomputeOptions options;
        options.evenIfAnotherLog = true;
        const auto differs = computed::recompute(*stored, other->path, options);
        QVERIFY_RESULT(differs);
        QVERIFY_RESULT(services::recordRecomputation(session, row->import, *differs));
        const auto checks = services::listChecks(session, row->import);
        QVERIFY_RESULT(checks);
        QCOMPARE(checks->size(), 2U);
        QVERIFY(!checks->front().isEqual && checks->front().differences == differs->differences);
        QVERIFY(checks->back().isEqual && checks->back().entry == static_cast<std::int64_t>(*entry));
        QVERIFY(!services::findComputed(session, "I-2")->lastCheck->isEqual);
        const auto trail = store::trailRows(session.connection(), {checks->front().entry, checks->back().entry});
        QVERIFY_RESULT(trail);
        for (const auto &line : *trail)
            QVERIFY2(line.summary.starts_with("computed I-2 of credit-pd 3.2 again from "), line.summary.c_str());
        QVERIFY_ERROR(services::recordRecomputation(session, row->import, computed::compareSets(*other->set, *made->set)), ErrorKind::Conflict);
        QVERIFY(isIntact(session));
    }

    void changedRowsAndEvidenceAreNamed_data() { forEachBackend(); }
    void changedRowsAndEvidenceAreNamed()
    {
        QFETCH(QString, backend);
        const auto workspace = opened(backend);
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const auto made = computedFrom(m_folder, QStringLiteral("tampered.csv"), logText(9, 600, 14), mapping(true), {});
        QVERIFY_RESULT(made);
        QVERIFY_RESULT(services::recordComputed(session, {workspace->version, {}, {}, made->set, made->scores, {}, {}}));
        const auto row = services::findComputed(session, "I-2");
        QVERIFY_RESULT(services::proposeChange(session, proposal(workspace->version)));
        const auto stored = services::loadComputed(session, row->import);
        QVERIFY_RESULT(stored);
        QVERIFY_RESULT(services::recordRecomputation(session, row->import, *computed::recompute(*stored, made->path)));
        QVERIFY(isIntact(session));

        store::Statements sql(session.connection());
        const auto findings = [&](const char *change) {
            sql.run(change);
            const auto verification = services::verifyWorkspace(session.connection(), {});
            std::string text = verification ? "" : verification.error().text();
            for (const auto &finding : verification ? verification->findings : std::vector<services::Discrepancy>())
                text += finding.sentence + " [entry " + std::to_string(finding.entry) + "]\n";
            return text;
        };
        const std::string rows = findings("UPDATE computed_set SET row_count = 599");
        QVERIFY2(rows.find("computed_set") != std::string::npos && rows.find("599") != std::string::npos && rows.find("600") != std::string::npos, rows.c_str());
        QVERIFY2(rows.find("[entry " + std::to_string(row->entry) + "]") != std::string::npos, rows.c_str());
        sql.run("UPDATE computed_set SET row_count = 600");
        const std::string equal = findings("UPDATE computed_check SET is_equal = 0");
        QVERIFY2(equal.find("computed_check") != std::string::npos, equal.c_str());
        sql.run("UPDATE computed_check SET is_equal = 1");
        const std::string change = findings("UPDATE change_request SET thresholds = '[]'");
        QVERIFY2(change.find("change_request") != std::string::npos && change.find("thresholds") != std::string::npos, change.c_str());
        sql.run("DELETE FROM change_request");
        const std::string missing = findings("SELECT 1");
        QVERIFY2(missing.find("is missing") != std::string::npos, missing.c_str());
        QVERIFY_RESULT(sql.status());
    }

    void lostEvidenceIsNamed()
    {
        const auto workspace = opened(QStringLiteral("SQLite"));
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const auto made = computedFrom(m_folder, QStringLiteral("lost.csv"), logText(10, 300, 14), mapping(true), {});
        QVERIFY_RESULT(made);
        QVERIFY_RESULT(services::recordComputed(session, {workspace->version, {}, {}, made->set, made->scores, {}, {}}));
        const auto row = services::findComputed(session, "I-2");
        const auto other = database::Connection::open(session.connection().location()); // the session's writes no evidence behind the ledger's back
        QVERIFY_RESULT(other);
        store::Statements sql(**other);
        sql.run("DROP TRIGGER evidence_update");
        for (const Digest &digest : {crypto::sha256(made->scores), row->set}) {
            sql.run("UPDATE evidence SET bytes = ? WHERE digest = ?", store::Blob{"other bytes"}, store::Blob{digest.view()});
            const auto verification = services::verifyWorkspace(session.connection(), {});
            QVERIFY_RESULT(verification);
            QVERIFY(!verification->isIntact());
            QVERIFY(std::ranges::any_of(verification->findings, [&](const auto &finding) { return finding.sentence.find(digest.text()) != std::string::npos; }));
        }
        QVERIFY_ERROR(services::loadComputed(session, row->import), ErrorKind::Tampered);
        QVERIFY_ERROR(services::loadScores(session, row->import), ErrorKind::Tampered);
    }

    void changesAreProposedAndWithdrawn_data() { forEachBackend(); }
    void changesAreProposedAndWithdrawn()
    {
        QFETCH(QString, backend);
        const auto workspace = opened(backend);
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const auto made = computedFrom(m_folder, QStringLiteral("basis.csv"), logText(11, 300, 14), mapping(true), {});
        QVERIFY_RESULT(made);
        QVERIFY_RESULT(services::recordComputed(session, {workspace->version, {}, {}, made->set, {}, {}, {}}));
        auto asked = proposal(workspace->version);
        asked.basis = services::findComputed(session, "I-2")->import;
        const auto id = services::proposeChange(session, asked);
        QVERIFY_RESULT(id);
        const auto found = services::findChange(session, id->substr(0, 8));
        QVERIFY_RESULT(found);
        QCOMPARE(found->id, *id);
        QCOMPARE(found->proposal.thresholds.size(), 2U);
        QCOMPARE(found->proposal.thresholds[0].threshold, 0.1 + 0.2); // every bit
        QCOMPARE(found->proposal.thresholds[0].group.text(), std::string("sex=F"));
        QCOMPARE(found->proposal.reason, asked.reason);
        QCOMPARE(found->proposal.legalNote, asked.legalNote);
        QCOMPARE(found->proposal.basis->text(), asked.basis->text());
        QCOMPARE(*found->proposal.tolerance, 0.01);
        QVERIFY(*services::loadChangeEvidence(session, *found) == asked.evidence);
        QCOMPARE(services::listChanges(session, found->model)->size(), 1U);
        QVERIFY_ERROR(services::undoImport(session, "I-2", "rests on it"), ErrorKind::Denied);
        QVERIFY(isIntact(session));

        QVERIFY_ERROR(services::withdrawChange(session, *id, {}), ErrorKind::Invalid);
        QVERIFY_RESULT(services::withdrawChange(session, *id, "Counsel says no."));
        QVERIFY_ERROR(services::withdrawChange(session, *id, "again"), ErrorKind::Conflict);
        const auto withdrawn = services::listChanges(session, workspace->version);
        QVERIFY_RESULT(withdrawn);
        QCOMPARE(withdrawn->front().withdrawn->reason, std::string("Counsel says no."));
        QVERIFY_RESULT(services::undoImport(session, "I-2", "now"));
        const auto trail = store::trailRows(session.connection(), {withdrawn->front().entry, withdrawn->front().withdrawn->entry});
        QVERIFY_RESULT(trail);
        QVERIFY(trail->front().summary.find("a change of credit-pd 3.2") == std::string::npos || trail->front().version == workspace->version);
        QVERIFY(isIntact(session));
    }

    void changesThatSayTooLittleAreRefused_data()
    {
        QTest::addColumn<int>("what");
        for (const auto &[name, what] : {std::pair{"no reason", 0}, {"no evidence", 1}, {"groups without the legal note", 2}, {"two thresholds for one group", 3},
                                         {"one threshold for a group", 4}, {"a threshold that is no number", 5}, {"another version's figures", 6}})
            QTest::newRow(name) << what;
    }
    void changesThatSayTooLittleAreRefused()
    {
        QFETCH(int, what);
        const auto workspace = opened(QStringLiteral("SQLite"));
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        auto asked = proposal(workspace->version);
        ErrorKind expected = ErrorKind::Invalid;
        switch (what) {
        case 0: asked.reason.clear(); break;
        case 1: asked.evidence.clear(); break;
        case 2: asked.legalNote.clear(); break;
        case 3: asked.thresholds[1].group = asked.thresholds[0].group; break;
        case 4: asked.kind = services::ChangeKind::Threshold; break;
        case 5: asked.thresholds[1].threshold = std::nan(""); break;
        default: asked.basis = ImportId::of("none"); expected = ErrorKind::NotFound;
        }
        const auto size = *session.ledger().size();
        QVERIFY_ERROR(services::proposeChange(session, asked), expected);
        QCOMPARE(*session.ledger().size(), size);
    }

    void largeSetsAreRecordedInSeconds_data() { forEachBackend(); }
    void largeSetsAreRecordedInSeconds()
    {
        QFETCH(QString, backend);
        const auto workspace = opened(backend);
        QVERIFY_RESULT(workspace);
        auto &session = *workspace->session;
        const auto made = computedFrom(m_folder, QStringLiteral("large.csv"), logText(12, 8000, 364), mapping(true), weekly());
        QVERIFY_RESULT(made);
        services::ComputedImport import{workspace->version, {}, {}, made->set, {}, {}, {}};
        QElapsedTimer timer;
        timer.start();
        const auto outcome = services::recordComputed(session, import);
        QVERIFY_RESULT(outcome);
        qInfo("%lld observations, %zu groups in %lld ms", static_cast<long long>(outcome->observations), made->set->cells.size(), static_cast<long long>(timer.elapsed()));
        QVERIFY(outcome->observations > 11'000);
        QVERIFY2(timer.elapsed() < 60'000, "recording takes minutes");
        std::atomic<bool> cancel = true;
        Progress progress;
        progress.cancel = &cancel;
        import.note = "again";
        const auto size = *session.ledger().size();
        import.scores = "scores";
        QVERIFY_ERROR(services::recordComputed(session, import, progress), ErrorKind::Cancelled);
        QCOMPARE(*session.ledger().size(), size);
    }
};

QTEST_GUILESS_MAIN(ComputedRecordTest)
#include "tst_computedrecord.moc"
