#include "models/cards/cardtags.h"
#include "models/cards/cyclonedx.h"
#include "models/cards/huggingface.h"
#include "models/cards/readcard.h"
#include "models/cards/toolkit.h"
#include "tests/models/cards/bomrules.h"

#include <QtTest>

#include <set>

using namespace countersign;
using namespace countersign::test;

namespace {

/// Texts that would mean something to YAML, Markdown, HTML, JSON or a terminal.
const std::string kHostile = "<img src=x onerror=alert(1)> [click](javascript:x) | `rm -rf` # *b* \\ \" ' : - {a: b}";

cards::ModelCard fullCard()
{
    cards::ModelCard card;
    card.name = "credit-pd";
    card.version = "3.2";
    card.overview = "Probability of default within a year.\nSecond line: " + kHostile;
    card.owners = {"Credit Risk", "Model Office (office@bank.example)"};
    card.licenses = {"proprietary"};
    card.references = {"https://wiki.example/credit-pd"};
    card.citations = {"Internal paper 12"};
    card.keywords = {"credit", "retail: new"};
    card.languages = {"en", "no"};
    card.tasks = {"tabular-classification"};
    card.architectures = {"gradient boosting"};
    card.libraries = {"xgboost"};
    card.baseModels = {"bank/base"};
    card.datasets = {"loans-2025"};
    card.inputs = {"table"};
    card.outputs = {"score"};
    card.users = {"Loan officers"};
    card.useCases = {"Consumer loans", kHostile};
    card.limitations = {"Not for companies"};
    card.tradeoffs = {"Recall for precision"};
    card.risks = {{"Age groups differ", "Thresholds by group are reviewed"}, {"Old data", ""}};
    card.status = {"Stage: In use.", "Risk tier: 1."};
    card.metrics = {{"auc", "", "0.741", "0.72", "0.76", 4800, "2026-01-01 to 2026-02-01"},
                    {"auc", "sex=F; age=<25", "0.69", "", "", 812, "2026-01-01 to 2026-02-01"},
                    {"psi", "", "0.08", "", "", {}, "2026-02-01 to 2026-03-01"}};
    return card;
}

/// JSON that is written with single quotes here.
Bytes withQuotes(Bytes text)
{
    std::ranges::replace(text, '\'', '"');
    return text;
}

Bytes bytesOf(json::Object document) { return *json::canonical(json::Value(std::move(document))); }

cards::BomFacts facts()
{
    cards::BomFacts facts;
    facts.serial = "3e671687-395b-41f5-a30f-a58921a69b79";
    facts.reference = "v:1";
    facts.at = *parseUtc("2026-03-02T08:00:00.000Z");
    facts.programVersion = "1.0";
    facts.artifacts = {{"model.onnx", std::string(64, 'a')}};
    facts.evidence = {{"Prüfung 1.pdf", std::string(64, 'b')}};
    facts.location = "s3://models/credit-pd/3.2";
    facts.properties = {{"countersign:ledger", "l:x"}};
    return facts;
}

} // namespace

/// Cards and bills of materials, read as others write them and written as others read them. What is hostile in them stays text.
class CardsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void frontMatterIsRead()
    {
        const auto read = cards::readCard("---\r\n"
                                          "language: en\n"
                                          "license: apache-2.0\n"
                                          "tags:\n- credit\n- tabular\n"
                                          "datasets: [loans, cards]\n"
                                          "base_model: some/base\n"
                                          "library_name: sklearn\n"
                                          "widget:\n- text: unknown to us\n"
                                          "model-index:\n"
                                          "- name: credit-pd\n"
                                          "  results:\n"
                                          "  - task:\n      type: tabular-classification\n"
                                          "    dataset:\n      name: Loans\n      type: loans\n      split: test\n"
                                          "    metrics:\n"
                                          "    - type: accuracy\n      value: 0.9131\n      name: Accuracy\n"
                                          "    - type: f1\n      value: 91.30\n"
                                          "    - type: no value\n"
                                          "---\n\n# Model card\n\n<script>alert(1)</script>\n");
        QVERIFY2(read.ok(), read ? "" : read.error().text().c_str());
        QCOMPARE(read->format, std::string("Hugging Face"));
        const cards::ModelCard &card = read->card;
        QCOMPARE(card.name, std::string("credit-pd"));
        QCOMPARE(card.licenses, std::vector<std::string>{"apache-2.0"});
        QCOMPARE(card.keywords, (std::vector<std::string>{"credit", "tabular"}));
        QCOMPARE(card.datasets, (std::vector<std::string>{"loans", "cards"}));
        QCOMPARE(card.tasks, std::vector<std::string>{"tabular-classification"});
        QCOMPARE(card.libraries, std::vector<std::string>{"sklearn"});
        QCOMPARE(card.baseModels, std::vector<std::string>{"some/base"});
        QCOMPARE(card.overview, std::string("# Model card\n\n<script>alert(1)</script>"));
        const std::vector<cards::CardMetric> metrics{{"accuracy", "", "0.9131", "", "", {}, "test"}, {"f1", "", "91.30", "", "", {}, "test"}};
        QVERIFY(card.metrics == metrics);
    }

    void anEmptyCardIsOne()
    {
        cards::ModelCard card;
        card.name = "m";
        const auto read = cards::readCard(cards::huggingFaceText(card));
        QVERIFY2(read.ok(), read ? "" : read.error().text().c_str());
        QCOMPARE(read->card.overview, std::string("# m"));
        QVERIFY(cards::readCard("---\n---").ok());
    }

    void aWrittenReadmeReadsBack()
    {
        const auto card = fullCard();
        const std::string readme = cards::huggingFaceText(card);
        const auto read = cards::readCard(readme);
        QVERIFY2(read.ok(), read ? "" : (read.error().text() + "\n" + readme).c_str());
        QVERIFY(readme.find("\n## Status\n\n- Stage: In use.\n- Risk tier: 1.\n") != std::string::npos);
        QCOMPARE(read->card.name, card.name);
        QCOMPARE(read->card.languages, card.languages); // "no" is no falsehood
        QCOMPARE(read->card.licenses, card.licenses);
        QCOMPARE(read->card.keywords, card.keywords);
        QCOMPARE(read->card.datasets, card.datasets);
        QCOMPARE(read->card.tasks, card.tasks);
        QCOMPARE(read->card.libraries, card.libraries);
        QCOMPARE(read->card.baseModels, card.baseModels);
        QVERIFY(read->card.metrics == card.metrics); // with slice, interval and cases
    }

    void whatIsHostileStaysText()
    {
        auto card = fullCard();
        card.name = "a\n---\nb\x1B[2J\xE2\x80\xAE";
        card.licenses = {"x\"\n---\nevil: true"};
        card.overview = "1. one\n- two\n    code\n---\n" + kHostile;
        const std::string readme = cards::huggingFaceText(card);
        QVERIFY(readme.find('\x1B') == std::string::npos && readme.find("\xE2\x80\xAE") == std::string::npos);
        const auto end = readme.find("\n---\n", 3);
        const std::string body = readme.substr(end + 5);
        QVERIFY(readme.substr(0, end).find("\nevil") == std::string::npos);
        QVERIFY2(body.find("\n---") == std::string::npos && body.find("\n- two") == std::string::npos && body.find("\n1. one") == std::string::npos, body.c_str());
        // Every sign that opens markup has a backslash before it.
        for (std::size_t at = body.find("<img"); at != std::string::npos; at = body.find("<img", at + 1))
            QCOMPARE(body[at - 1], '\\');
        QVERIFY(body.find("[click](") == std::string::npos && body.find("    code") == std::string::npos);
        const auto read = cards::readCard(readme);
        QVERIFY(read.ok());
        QCOMPARE(read->card.licenses, std::vector<std::string>{"x\"\\n---\\nevil: true"});
    }

    void theToolkitIsReadAndWritten()
    {
        const auto card = fullCard();
        const auto read = cards::readCard(bytesOf(cards::toolkitDocument(card)));
        QVERIFY2(read.ok(), read ? "" : read.error().text().c_str());
        QCOMPARE(read->format, std::string("Model Card Toolkit"));
        QCOMPARE(read->card.overview, card.overview + "\n\nStage: In use. Risk tier: 1.");
        QCOMPARE(read->card.version, card.version);
        QCOMPARE(read->card.owners, card.owners);
        QCOMPARE(read->card.useCases, card.useCases);
        QCOMPARE(read->card.limitations, card.limitations);
        QCOMPARE(read->card.tradeoffs, card.tradeoffs);
        QCOMPARE(read->card.users, card.users);
        QVERIFY(read->card.risks == card.risks);
        QCOMPARE(read->card.datasets, card.datasets);
        QCOMPARE(read->card.metrics.size(), card.metrics.size());
        QCOMPARE(read->card.metrics[0].lower, std::string("0.72"));
        QCOMPARE(read->card.metrics[1].slice, card.metrics[1].slice);

        // The schema: a value is a number, and nothing stands beside the five parts.
        const json::Value document(cards::toolkitDocument(card));
        QVERIFY(document.find("quantitative_analysis")->find("performance_metrics")->array()->front().find("value")->number());
        const std::set<std::string> parts{"schema_version", "model_details", "model_parameters", "quantitative_analysis", "considerations"};
        for (const auto &[name, part] : document.object()->members())
            QVERIFY2(parts.contains(name), name.c_str());
    }

    void olderToolkitCardsAreReadToo()
    {
        const auto read = cards::readCard(withQuotes("{'schema_version':'0.0.1','model_details':{'name':'m','license':'MIT','references':['https://a.example'],"
                                          "'owners':[{'name':'A','contact':'a@b.example'}],'version':{'name':'1'}},'considerations':{'users':['everybody'],'limitations':[{'description':'l'},7]}}"));
        QVERIFY2(read.ok(), read ? "" : read.error().text().c_str());
        QCOMPARE(read->card.licenses, std::vector<std::string>{"MIT"});
        QCOMPARE(read->card.references, std::vector<std::string>{"https://a.example"});
        QCOMPARE(read->card.owners, std::vector<std::string>{"A (a@b.example)"});
        QCOMPARE(read->card.users, std::vector<std::string>{"everybody"});
        QCOMPARE(read->card.limitations, (std::vector<std::string>{"l", "7"}));
    }

    void tagsGiveEverythingBack()
    {
        auto card = fullCard();
        card.limitations = {"one\nline", "two"};
        cards::ModelCard back;
        auto tags = cards::cardTags(card);
        tags.emplace_back("card.other", "x");
        tags.emplace_back("limitations", "not ours");
        cards::takeTags(back, tags);
        QCOMPARE(back.limitations, (std::vector<std::string>{"one line", "two"}));
        QVERIFY(back.risks == card.risks);
        QCOMPARE(back.overview, card.overview); // of two lines
        QCOMPARE(back.keywords, card.keywords);
        QCOMPARE(back.datasets, card.datasets);
        QCOMPARE(back.architectures, card.architectures);
        QVERIFY(cards::cardTags(cards::ModelCard{}).empty());
    }

    void aBillKeepsTheRulesOfItsSpecification()
    {
        auto card = fullCard();
        card.verdicts = {{"sex=F", "Impact ratio .74 is below the limit of at least .80.", true}, {"", "AUC .741 holds.", false}};
        const json::Value document(cards::cycloneDxDocument(card, facts()));
        QCOMPARE(bomFaults(document), QStringList());
        const json::Value &model = document.find("components")->array()->front();
        QCOMPARE(model.textOr("type", {}), std::string("machine-learning-model"));
        QCOMPARE(model.find("hashes")->array()->front().textOr("content", {}), std::string(64, 'a'));
        const json::Value *analysis = model.find("modelCard")->find("quantitativeAnalysis");
        const json::Value &metric = analysis->find("performanceMetrics")->array()->front();
        QCOMPARE(metric.find("confidenceInterval")->textOr("lowerBound", {}), std::string("0.72"));
        QCOMPARE(analysis->find("performanceMetrics")->array()->at(1).textOr("slice", {}), std::string("sex=F; age=<25"));
        const auto &assessments = *model.find("modelCard")->find("considerations")->find("fairnessAssessments")->array();
        QCOMPARE(assessments.size(), std::size_t{1});
        QCOMPARE(assessments.front().textOr("groupAtRisk", {}), std::string("sex=F"));

        // Several files are parts; what says nothing is left out; a place that is no reference is not told.
        auto bare = facts();
        bare.artifacts = {{"a", std::string(64, '0')}, {"b", std::string(64, '1')}};
        bare.evidence.clear();
        bare.location = "not a place";
        cards::ModelCard empty;
        empty.name = "m";
        const json::Value small(cards::cycloneDxDocument(empty, bare));
        QCOMPARE(bomFaults(small), QStringList());
        QVERIFY(!small.find("components")->array()->front().find("externalReferences"));
        QCOMPARE(small.find("components")->array()->front().find("components")->array()->size(), std::size_t{2});

        // And the rules can tell.
        json::Object wrong = *document.object();
        wrong.set("specVersion", "1.66").set("extra", true).set("serialNumber", "urn:uuid:1");
        QCOMPARE(bomFaults(json::Value(wrong)).size(), qsizetype{3});
    }

    void aBillReadsBack()
    {
        const auto card = fullCard();
        const auto document = json::parse(bytesOf(cards::cycloneDxDocument(card, facts())));
        QVERIFY(document.ok());
        const auto bom = cards::readCycloneDx(*document);
        QVERIFY2(bom.ok(), bom ? "" : bom.error().text().c_str());
        QCOMPARE(bom->cards.size(), std::size_t{1});
        QCOMPARE(bom->cards.front().useCases, card.useCases);
        QCOMPARE(bom->cards.front().metrics[0].upper, std::string("0.76"));
        QVERIFY(bom->cards.front().risks == card.risks);
        QCOMPARE(bom->components.size(), std::size_t{2}); // what it is about, and the model with its card
    }

    void componentsAreListedWithTheirParts()
    {
        const auto document = json::parse(withQuotes("{'bomFormat':'CycloneDX','specVersion':'1.5','components':["
                                          "{'type':'library','group':'org','name':'xgboost','version':'2.0','purl':'pkg:pypi/xgboost@2.0','licenses':[{'license':{'id':'Apache-2.0'}},{'expression':'MIT OR BSD-3-Clause'}],"
                                          "'hashes':[{'alg':'SHA-256','content':'ab'}],'components':[{'type':'file','name':'lib.so'}]},{'type':'data','name':'loans'}]}"));
        QVERIFY(document.ok());
        const auto bom = cards::readCycloneDx(*document);
        QVERIFY2(bom.ok(), bom ? "" : bom.error().text().c_str());
        std::vector<std::string> names;
        for (const auto &component : bom->components)
            names.push_back(component.type + " " + component.name);
        QCOMPARE(names, (std::vector<std::string>{"library xgboost", "file lib.so", "data loans"}));
        QCOMPARE(bom->components.front().licenses, (std::vector<std::string>{"Apache-2.0", "MIT OR BSD-3-Clause"}));
        QVERIFY((bom->components.front().hashes == std::vector<std::pair<std::string, std::string>>{{"SHA-256", "ab"}}));
    }

    void nonsenseIsRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("why");
        const auto row = [](const char *name, const char *bytes, const char *why) { QTest::newRow(name) << QByteArray(bytes) << QString::fromUtf8(why); };
        row("nothing", "", "does not begin with front matter");
        row("no front matter", "# A model\n", "does not begin with front matter");
        row("an open front matter", "---\nlicense: mit\n", "does not begin with front matter");
        row("a line that only begins so", "---\nlicense: mit\n----\n", "does not begin with front matter");
        row("an anchor", "---\nlicense: mit\na: &x [1]\nb: *x\n---\n", "line 3");
        row("a tag", "---\na: !!python/object x\n---\n", "line 2");
        row("a list", "---\n- a\n---\n", "no mapping");
        row("not UTF-8", "---\nlicense: \xFF\n---\n", "UTF-8");
        row("other JSON", "{\"a\":1}", "no model card");
        row("cut off", "{\"model_details\":{", "line 1");
        row("another bill", "{\"bomFormat\":\"SPDX\",\"specVersion\":\"1.6\"}", "bomFormat");
        row("a later bill", "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"2.0\"}", "1.2 to 1.7");
        row("a bill without a card", "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\"}", "cards of 0 models");
        row("no components", "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":{}}", "no list");
        row("a nameless part", "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{\"type\":\"file\",\"name\":\"a\",\"components\":[{\"type\":\"file\"}]}]}",
            "components[0].components[0]: A component has no name.");
    }
    void nonsenseIsRefused()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, why);
        const auto read = cards::readCard(BytesView(bytes.constData(), static_cast<std::size_t>(bytes.size())));
        QVERIFY(!read.ok());
        QVERIFY2(QString::fromStdString(read.error().text()).contains(why), read.error().text().c_str());
    }
};

QTEST_GUILESS_MAIN(CardsTest)
#include "tst_cards.moc"
