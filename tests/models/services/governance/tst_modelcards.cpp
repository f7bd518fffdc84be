#include "models/services/governance/cards.h"

#include "models/cards/readcard.h"
#include "models/cards/toolkit.h"
#include "models/services/governance/boms.h"
#include "models/services/inventory.h"
#include "models/store/queries/governance/evidence.h"
#include "tests/models/cards/bomrules.h"
#include "tests/models/services/governance/team.h"

#include <QtTest>

using namespace countersign;
using namespace countersign::test;

/// Model cards into the record and out of it, and bills of materials.
class ModelCardsTest : public QObject
{
    Q_OBJECT

    static services::EvidenceFile file(const std::string &name, const std::string &bytes) { return {name, services::mediaTypeOf(bytes), {}, bytes}; }
    static std::string card()
    {
        return "---\nlicense: mit\npipeline_tag: tabular-classification\nmodel-index:\n- name: other-name\n  results:\n  - task: {type: x}\n    metrics:\n"
               "    - {type: auc, value: 0.99}\n---\n# Card\n\n<b>Bold</b> claims.\n";
    }
    static std::string toolkit()
    {
        return R"({"model_details":{"name":"credit-pd","owners":[{"name":"Credit Risk"}]},"considerations":{"use_cases":[{"description":"Loans"}],"limitations":["Not for companies"]}})";
    }
    static std::string tag(Team &team, const std::string &key)
    {
        const auto version = store::findVersion(team.session().connection(), team.version());
        for (const auto &[name, value] : version->tags)
            if (name == key)
                return value;
        return {};
    }

private Q_SLOTS:
    void aCardBecomesFacts_data() { forEachBackend(); }
    void aCardBecomesFacts()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        const auto size = session.verifiedHead().size;
        const auto preview = services::cardChanges(session, team.version(), card(), false);
        QVERIFY_RESULT(preview);
        QCOMPARE(preview->format, std::string("Hugging Face"));
        std::vector<std::string> fields;
        for (const auto &change : preview->version)
            fields.push_back(change.field);
        QCOMPARE(fields, (std::vector<std::string>{"tag:card.licenses", "tag:card.task", "tag:card.overview"}));
        QCOMPARE(preview->notes, (std::vector<std::string>{"The card calls its model “other-name”.", "1 value of a metric is a claim of the card's author and not taken over."}));
        QCOMPARE(session.verifiedHead().size, size);

        team.as("dora");
        const auto imported = services::importCard(session, team.version(), file("README.md", card()), false, "bank/model-card");
        QVERIFY_RESULT(imported);
        QCOMPARE(imported->exhibit.number(), std::string("E-1"));
        QCOMPARE(imported->exhibit.requirement, std::string("bank/model-card"));
        QCOMPARE(*services::exhibitBytes(session, imported->exhibit), card());
        QCOMPARE(tag(team, "card.overview"), std::string("# Card\n\n<b>Bold</b> claims."));

        // A second one adds what is missing; the rest only where that is asked for.
        const auto second = services::importCard(session, team.version(), file("card.json", toolkit()), false, {});
        QVERIFY_RESULT(second);
        QCOMPARE(tag(team, "card.limitations"), std::string("Not for companies"));
        const auto model = store::findModel(session.connection(), team.model());
        QVERIFY_RESULT(model);
        QCOMPARE(model->owner, std::string("Credit Risk"));
        QCOMPARE(model->useCase, std::string("Loans"));
        const std::string other = R"({"considerations":{"limitations":["Not for anybody"]}})";
        const auto kept = services::cardChanges(session, team.version(), other, false);
        QVERIFY_RESULT(kept);
        QVERIFY(kept->version.empty());
        QCOMPARE(kept->notes, std::vector<std::string>{"“card.limitations” is documented already and stays as it is."});
        QVERIFY_RESULT(services::importCard(session, team.version(), file("card.json", other), true, {}));
        QCOMPARE(tag(team, "card.limitations"), std::string("Not for anybody"));
        QCOMPARE(team.differences(), std::vector<std::string>());
    }

    void whoMayNotChangesNothing()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        team.as("dora");
        const auto size = session.verifiedHead().size;
        QVERIFY_ERROR(services::importCard(session, team.version(), file("a.md", "# no card"), false, {}), ErrorKind::Invalid);
        QVERIFY_ERROR(services::importCard(session, team.version(), file("a.md", card()), false, "no requirement"), ErrorKind::Invalid);
        QVERIFY_ERROR(services::importCard(session, VersionId::of("nobody"), file("a.md", card()), false, {}), ErrorKind::NotFound);
        const std::string long_ = "{\"model_details\":{\"licenses\":[{\"identifier\":\"" + std::string(20'000, 'x') + "\"}]}}";
        QVERIFY_ERROR(services::importCard(session, team.version(), file("a.json", long_), false, {}), ErrorKind::Invalid);
        QCOMPARE(session.verifiedHead().size, size);
        QCOMPARE(tag(team, "card.licenses"), std::string());
    }

    void theRecordWritesACard()
    {
        Team team(QStringLiteral("SQLite"));
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        QVERIFY_RESULT(team.limit("auc", Direction::AtLeast, 0.9));
        team.as("dora");
        QVERIFY_RESULT(services::importCard(session, team.version(), file("card.json", toolkit()), false, {}));
        QVERIFY_RESULT(team.import("1,auc,0.8,900,0.77,0.83,2026-02-28"));
        const auto written = services::cardOf(session, team.version());
        QVERIFY_RESULT(written);
        QCOMPARE(written->metrics.size(), std::size_t{1}); // the newest
        QCOMPARE(written->metrics.front().value, std::string("0.8"));
        QCOMPARE(written->metrics.front().lower, std::string("0.77"));
        QCOMPARE(written->metrics.front().upper, std::string("0.83"));
        QCOMPARE(written->metrics.front().n.value_or(0), std::int64_t{900});
        QCOMPARE(written->limitations, std::vector<std::string>{"Not for companies"});
        QCOMPARE(written->verdicts.size(), std::size_t{1});
        QVERIFY(written->verdicts.front().isBreach);
        QCOMPARE(written->status, (std::vector<std::string>{"Stage: Development.", "Risk tier: not set.", "Fails 1 of 1 limit: " + written->verdicts.front().sentence, "0 sign-offs.",
                                                            "0 items of evidence are accepted and valid."}));
        team.as("vera");
        QVERIFY_RESULT(services::reviewExhibit(session, services::findExhibit(session, "E-1")->id, true, {}));
        QCOMPARE(services::cardOf(session, team.version())->status.back(), std::string("1 item of evidence is accepted and valid."));
        QVERIFY(written->provenance.find(session.ledgerId().text()) != std::string::npos);

        const auto bytes = json::canonical(json::Value(cards::toolkitDocument(*written)));
        QVERIFY_RESULT(bytes);
        const auto back = cards::readCard(*bytes);
        QVERIFY_RESULT(back);
        QCOMPARE(back->card.owners, std::vector<std::string>{"Credit Risk"});
    }

    void aBillNamesCardArtifactAndEvidence_data() { forEachBackend(); }
    void aBillNamesCardArtifactAndEvidence()
    {
        QFETCH(QString, backend);
        Team team(backend);
        QVERIFY_RESULT(team.status());
        auto &session = team.session();
        const TemporaryFolder folder;
        const auto path = folder.file("model.onnx");
        std::ofstream(path, std::ios::binary) << "weights";
        const auto artifact = services::fileForBom(path);
        QVERIFY_RESULT(artifact);
        team.as("dora");
        for (const char *title : {"Report", "Draft"}) {
            services::ExhibitRequest request;
            request.model = team.model();
            request.version = team.version();
            request.title = title;
            request.file = file("Prüfung 1.pdf", title);
            QVERIFY_RESULT(services::addExhibit(session, request));
        }
        team.as("vera");
        QVERIFY_RESULT(services::reviewExhibit(session, services::findExhibit(session, "E-1")->id, true, {}));
        const auto bytes = services::bomOf(session, team.version(), {*artifact});
        QVERIFY_RESULT(bytes);
        const auto document = json::parse(*bytes);
        QVERIFY_RESULT(document);
        QCOMPARE(bomFaults(*document), QStringList());
        const json::Value &model = document->find("components")->array()->front();
        QCOMPARE(model.textOr("name", {}), std::string("credit-pd"));
        QCOMPARE(model.find("hashes")->array()->front().textOr("content", {}), artifact->sha256);
        QCOMPARE(QString::fromStdString(artifact->sha256), QString::fromLatin1(QCryptographicHash::hash("weights", QCryptographicHash::Sha256).toHex()));
        const auto &references = *model.find("externalReferences")->array();
        QCOMPARE(references.size(), std::size_t{1}); // the draft is not accepted
        QCOMPARE(references.front().textOr("url", {}), std::string("E-1%2FPr%C3%BCfung%201.pdf"));
        const json::Value &metric = model.find("modelCard")->find("quantitativeAnalysis")->find("performanceMetrics")->array()->front();
        QCOMPARE(metric.textOr("type", {}), std::string("auc"));
        QCOMPARE(metric.textOr("value", {}), std::string("0.81"));
        QCOMPARE(metric.find("confidenceInterval")->textOr("upperBound", {}), std::string("0.84"));

        const auto read = services::readBom(*bytes);
        QVERIFY_RESULT(read);
        QCOMPARE(read->cards.size(), std::size_t{1});
        QVERIFY_ERROR(services::readBom("{}"), ErrorKind::Invalid);
        QVERIFY_ERROR(services::readBom("{"), ErrorKind::Invalid);
    }
};

QTEST_GUILESS_MAIN(ModelCardsTest)
#include "tst_modelcards.moc"
