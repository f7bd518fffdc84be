#include "models/importers/registry.h"
#include "models/services/governance/cards.h"
#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/workspace/verification.h"
#include "models/store/queries/inventoryquery.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <QFile>
#include <QProcess>
#include <QtTest>

#include <limits>

using namespace countersign;
using namespace countersign::test;

namespace {

/// A registry in memory, hostile where registries are.
services::StagedRegistry smallRegistry()
{
    services::StagedRegistry staged;
    staged.uri = "test:registry";
    importers::SourceModel model;
    model.name = "Lung nodule triage (肺結節) \u200fתעדוף <script>alert(1)</script>";
    model.description = "# Markdown\n\n| a | b |\n|---|---|\n<img src=x>";
    model.tags = {{"long", std::string(80'000, 'x')}, {"owner", "Radiology AI"}, {"risk_tier", "tier-1"}};
    model.aliases = {{"champion", "2"}};
    model.createdAt = model.updatedAt = *parseUtc("2025-01-01T00:00:00.000Z");
    for (const char *label : {"1", "2", "10"}) {
        importers::SourceVersion version;
        version.label = label;
        version.stage = std::string(label) == "2" ? "Production" : "None";
        version.runId = std::string("run-") + label;
        version.createdAt = version.updatedAt = model.createdAt;
        model.versions.push_back(version);
        importers::SourceRun run;
        run.id = version.runId;
        run.name = "train";
        run.status = "FINISHED";
        run.isDeleted = std::string(label) == "1";
        run.parameters = {{"Größe_µ", "σ=1,0"}, {"leer", ""}};
        run.metrics = {"auc"};
        staged.inventory.runs.push_back(run);
        const Instant t = model.createdAt;
        staged.histories.push_back({{"auc", {{0, t, 0.9}, {1, t + std::chrono::hours(1), std::numeric_limits<double>::quiet_NaN()}, {1, t + std::chrono::hours(2), 0.91},
                                             {-1, t + std::chrono::hours(3), std::numeric_limits<double>::max()}}}});
    }
    staged.points = 12;
    staged.inventory.models.push_back(std::move(model));
    return staged;
}

} // namespace

class RegistryImportTest : public QObject
{
    Q_OBJECT

    TemporaryFolder m_folder;

private Q_SLOTS:
    void documentationStays()
    {
        const auto workspace = freshWorkspace(freshDatabase(QStringLiteral("SQLite"), m_folder), testEnvironment());
        QVERIFY_RESULT(workspace);
        auto &session = **workspace;
        auto staged = smallRegistry();
        staged.inventory.models.front().versions.front().tags = {{"framework", "xgboost"}};
        QVERIFY_RESULT(services::importRegistry(session, staged, {}));
        const auto model = store::modelsNamed(session.connection(), staged.inventory.models.front().name);
        QVERIFY_RESULT(model);
        const auto version = store::versionLabelled(session.connection(), model->front(), "1");
        QVERIFY_RESULT(version);
        const std::string card = R"({"model_details":{"licenses":[{"identifier":"MIT"}]}})";
        QVERIFY_RESULT(services::importCard(session, **version, {"card.json", "application/json", {}, card}, false, {}));
        staged.inventory.models.front().versions.front().tags = {{"framework", "lightgbm"}};
        QVERIFY_RESULT(services::importRegistry(session, staged, {}));
        const auto after = store::findVersion(session.connection(), **version);
        QVERIFY_RESULT(after);
        const std::vector<Tag> tags{{"card.licenses", "MIT"}, {"framework", "lightgbm"}};
        QCOMPARE(after->tags, tags);
    }

    void arrivesAsItIs_data() { forEachBackend(); }
    void arrivesAsItIs()
    {
        QFETCH(QString, backend);
        const auto workspace = freshWorkspace(freshDatabase(backend, m_folder), testEnvironment());
        QVERIFY_RESULT(workspace);
        auto &session = **workspace;
        auto staged = smallRegistry();
        const auto outcome = services::importRegistry(session, staged, {});
        QVERIFY_RESULT(outcome);
        QCOMPARE(outcome->models, 1);
        QCOMPARE(outcome->versions, 3);
        QCOMPARE(outcome->runs, 3);
        QCOMPARE(outcome->observations, 12);

        const auto ids = store::modelsNamed(session.connection(), staged.inventory.models.front().name);
        QVERIFY_RESULT(ids);
        QCOMPARE(ids->size(), 1U);
        const auto model = store::findModel(session.connection(), ids->front());
        QVERIFY_RESULT(model);
        QCOMPARE(model->description, staged.inventory.models.front().description);
        QCOMPARE(model->tags, staged.inventory.models.front().tags);
        QCOMPARE(model->tier, 1);
        QCOMPARE(model->owner, std::string("Radiology AI"));
        const auto versions = store::listVersions(session.connection(), ids->front(), session.now());
        QVERIFY_RESULT(versions);
        QCOMPARE(versions->front().version.label, std::string("10"));
        QCOMPARE(versions->at(1).version.stage, Stage::InUse);
        const auto run = store::findRun(session.connection(), *versions->back().version.run);
        QVERIFY_RESULT(run);
        QVERIFY(run->isDeleted);
        QCOMPARE(run->parameters, staged.inventory.runs.front().parameters);
        const auto series = store::listSeries(session.connection(), versions->front().version.id, true);
        QVERIFY_RESULT(series);
        const auto rows = store::readObservations(session.connection(), series->front().id);
        QVERIFY_RESULT(rows);
        QCOMPARE(rows->size(), 4U);
        QVERIFY(!rows->at(1).value);
        QCOMPARE(*rows->at(3).value, std::numeric_limits<double>::max());

        const auto before = *session.ledger().size();
        const auto again = services::importRegistry(session, staged, {});
        QVERIFY_RESULT(again);
        QVERIFY(again->isNothingNew());
        QCOMPARE(again->known, 12);
        QCOMPARE(*session.ledger().size(), before);

        // What moved in the source is a change of fields; what was set here stays.
        services::FactsRequest facts;
        facts.model = ids->front();
        facts.owner = "Clinical Safety";
        QVERIFY_RESULT(services::setFacts(session, facts));
        auto &source = staged.inventory.models.front();
        source.description = "shorter";
        source.tags[1].second = "Radiology";
        source.versions[2].stage = "Staging";
        staged.inventory.runs[1].status = "KILLED";
        const auto changed = services::importRegistry(session, staged, {});
        QVERIFY_RESULT(changed);
        QCOMPARE(changed->changes, 3);
        QCOMPARE(changed->clashes.size(), 1U);
        const auto now = store::findModel(session.connection(), ids->front());
        QCOMPARE(now->owner, std::string("Clinical Safety"));
        QCOMPARE(now->description, std::string("shorter"));

        auto verification = services::verifyWorkspace(session.connection(), {});
        QVERIFY_RESULT(verification);
        for (const auto &finding : verification->findings)
            qWarning("%s", finding.sentence.c_str());
        QVERIFY(verification->isIntact());

        QVERIFY_RESULT(services::undoImport(session, "I-2", ""));
        QCOMPARE(store::findModel(session.connection(), ids->front())->description, std::string("# Markdown\n\n| a | b |\n|---|---|\n<img src=x>"));
        QVERIFY_RESULT(services::undoImport(session, "I-1", ""));
        QVERIFY(store::modelsNamed(session.connection(), source.name)->empty());
        verification = services::verifyWorkspace(session.connection(), {});
        QVERIFY_RESULT(verification);
        for (const auto &finding : verification->findings)
            qWarning("%s", finding.sentence.c_str());
        QVERIFY(verification->isIntact());
    }

    void aNamesakeFromAnotherSourceStaysApartAndIsTold_data() { forEachBackend(); }
    void aNamesakeFromAnotherSourceStaysApartAndIsTold()
    {
        QFETCH(QString, backend);
        const auto workspace = freshWorkspace(freshDatabase(backend, m_folder), testEnvironment());
        QVERIFY_RESULT(workspace);
        const auto first = services::importRegistry(**workspace, smallRegistry(), {});
        QVERIFY_RESULT(first);
        auto other = smallRegistry();
        other.uri = "test:other";
        const auto preview = services::previewRegistry(**workspace, other, {});
        QVERIFY_RESULT(preview);
        QCOMPARE(preview->notes.size(), first->notes.size() + other.inventory.models.size());
        QVERIFY(preview->notes.back().find("from another source already (" + smallRegistry().uri + ")") != std::string::npos);
        QVERIFY_RESULT(services::importRegistry(**workspace, other, {}));
        QCOMPARE(store::modelsNamed((*workspace)->connection(), other.inventory.models.front().name)->size(), 2U);
    }

    void listsFilterAndSort_data() { forEachBackend(); }
    void listsFilterAndSort()
    {
        QFETCH(QString, backend);
        const auto workspace = freshWorkspace(freshDatabase(backend, m_folder), testEnvironment());
        QVERIFY_RESULT(workspace);
        auto &session = **workspace;
        auto &connection = session.connection();
        QVERIFY_RESULT(services::importRegistry(session, smallRegistry(), {}));
        auto other = smallRegistry();
        other.uri = "test:other";
        other.inventory.models.front().name = "churn-móvil 100%";
        other.inventory.models.front().tags.clear();
        QVERIFY_RESULT(services::importRegistry(session, other, {}));

        store::InventoryFilter filter;
        filter.text = "MOVIL 100%";
        auto order = store::inventoryOrder(connection, filter, {}, session.now());
        QVERIFY_RESULT(order);
        QCOMPARE(order->size(), 1U);
        filter.text = "1%0";
        QVERIFY(store::inventoryOrder(connection, filter, {}, session.now())->empty()); // a wildcard is a character
        for (const auto column : {store::InventoryColumn::Name, store::InventoryColumn::Tier, store::InventoryColumn::Stage, store::InventoryColumn::Verdict,
                                  store::InventoryColumn::Signed, store::InventoryColumn::Owner, store::InventoryColumn::Updated})
            QCOMPARE(store::inventoryOrder(connection, {}, {column, true}, session.now())->size(), 2U);
        filter = {};
        filter.tiers = {0};
        QCOMPARE(store::inventoryOrder(connection, filter, {}, session.now())->size(), 1U);
        filter.owners = {"Radiology AI"};
        QVERIFY(store::inventoryOrder(connection, filter, {}, session.now())->empty());
        const auto facets = store::inventoryFacets(connection, filter, session.now());
        QVERIFY_RESULT(facets);
        QCOMPARE(facets->all, 2);
        QCOMPARE(facets->tiers.at(1), 1); // counted without its own restriction
        const auto rows = store::inventoryRows(connection, *store::inventoryOrder(connection, {}, {}, session.now()), session.now());
        QVERIFY_RESULT(rows);
        QCOMPARE(rows->front().name, std::string("churn-móvil 100%"));

        store::TrailFilter trail;
        QCOMPARE(store::trailEntries(connection, trail)->size(), *session.ledger().size());
        trail.kindPrefix = "version.";
        QCOMPARE(store::trailEntries(connection, trail)->size(), 6U);
        trail.model = rows->front().id;
        trail.text = "registered";
        trail.actor = session.person()->id.text();
        trail.from = *parseUtc("2026-01-01T00:00:00.000Z");
        QCOMPARE(store::trailEntries(connection, trail)->size(), 3U);
        const auto entries = store::trailRows(connection, *store::trailEntries(connection, trail));
        QVERIFY_RESULT(entries);
        QCOMPARE(entries->front().actorName, std::string("Ada Sample"));
        QVERIFY_RESULT(store::modelHistory(connection, rows->front().id));
        QCOMPARE(store::listImports(connection)->size(), 2U);
        QCOMPARE(store::listVersions(connection, {}, session.now())->size(), 6U);
    }

    void realStoreHasTheCountsOfItsSource_data() { forEachBackend(); }
    void realStoreHasTheCountsOfItsSource()
    {
        QFETCH(QString, backend);
        const QString packed = QStringLiteral(COUNTERSIGN_SHARED_DATA "/mlflow/mlflow-2.17.db.gz");
        if (!QFile::exists(packed)) {
            qInfo("the shared MLflow stores are not here; arrivesAsItIs covers the same code");
            return;
        }
        const QString file = m_folder.filePath(QStringLiteral("mlflow-%1.db").arg(backend));
        QProcess gunzip;
        gunzip.setStandardOutputFile(file);
        gunzip.start(QStringLiteral("gzip"), {QStringLiteral("-dc"), packed});
        QVERIFY(gunzip.waitForFinished() && gunzip.exitCode() == 0);

        const auto workspace = freshWorkspace(freshDatabase(backend, m_folder), testEnvironment());
        QVERIFY_RESULT(workspace);
        const auto registry = importers::openRegistry(file.toStdString());
        QVERIFY_RESULT(registry);
        const auto staged = services::stageRegistry(**registry, {});
        QVERIFY_RESULT(staged);
        QElapsedTimer timer;
        timer.start();
        const auto outcome = services::importRegistry(**workspace, *staged, {});
        QVERIFY_RESULT(outcome);
        qInfo("%s: imported %lld observations in %lld ms", qPrintable(backend), static_cast<long long>(outcome->observations), timer.elapsed());
        QCOMPARE(outcome->models, 14);
        QCOMPARE(outcome->versions, 54);
        QCOMPARE(outcome->runs, 301);
        QCOMPARE(outcome->observations, staged->points);
        store::Statements sql((*workspace)->connection());
        QCOMPARE(sql.integer("SELECT count(*) FROM observation").value_or(0), staged->points);
        QCOMPARE(sql.integer("SELECT count(*) FROM observation WHERE value IS NULL").value_or(0), 108);
        QCOMPARE(sql.integer("SELECT count(*) FROM run WHERE is_deleted = 1").value_or(0), 13);
        QCOMPARE(sql.integer("SELECT count(*) FROM model_alias").value_or(0), 46);
        const auto again = services::importRegistry(**workspace, *staged, {});
        QVERIFY_RESULT(again);
        QVERIFY(again->isNothingNew());
        const auto verification = services::verifyWorkspace((*workspace)->connection(), {});
        QVERIFY_RESULT(verification);
        for (const auto &finding : verification->findings)
            qWarning("%s", finding.sentence.c_str());
        QVERIFY(verification->isIntact());
    }
};

QTEST_GUILESS_MAIN(RegistryImportTest)
#include "tst_registryimport.moc"
