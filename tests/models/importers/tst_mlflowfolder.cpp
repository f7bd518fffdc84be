#include "models/importers/mlflow/flatyaml.h"
#include "models/importers/mlflow/mlflowfolder.h"
#include "models/importers/mlflow/runlinks.h"
#include "models/importers/registry.h"
#include "oracle.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/verify.h"

#include <QTest>

#include <cmath>
#include <fstream>

using namespace countersign;
using namespace countersign::importers;

namespace {

namespace fs = std::filesystem;

void write(const fs::path &file, const std::string &text)
{
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

std::string runMeta(const std::string &id, const std::string &status, const std::string &stage)
{
    return "artifact_uri: file:///x\nend_time: " + std::string(status == "3" ? "2000" : "null") + "\nexperiment_id: '1'\nlifecycle_stage: " + stage
           + "\nrun_id: " + id + "\nrun_name: train ü\nrun_uuid: " + id + "\nstart_time: 1000\nstatus: " + status + "\ntags: []\nuser_id: ada\n";
}

/// A store as MLflow writes one.
void makeStore(const fs::path &root)
{
    write(root / "1/meta.yaml", "artifact_location: file:///x\nexperiment_id: '1'\nlifecycle_stage: active\nname: \"Risk: d\\xE9faut\"\n");
    write(root / "1/tags/mlflow.note.content", "note");
    write(root / "1/aa/meta.yaml", runMeta("aa", "3", "active"));
    write(root / "1/aa/params/alpha", "0.5");
    write(root / "1/aa/params/empty", "");
    write(root / "1/aa/tags/mlflow.user", "ada");
    write(root / "1/aa/metrics/auc", "20 0.75 2\n10 nan 1\n10 0.5 1\n10 0.5 1\n");
    write(root / "1/aa/metrics/psi/income", "7 0.25\n8 0.5 1 train-set digest\n");
    write(root / "1/bb/meta.yaml", runMeta("bb", "1", "deleted"));
    write(root / "1/bb/tags/governance.model_name", "credit");
    write(root / "1/bb/tags/governance.model_version", "10");
    write(root / "1/models/m-1/meta.yaml", "model_id: m-1\n"); // a logged model beside the runs
    write(root / ".trash/2/meta.yaml", "experiment_id: '2'\nlifecycle_stage: deleted\nname: old\n");
    write(root / ".trash/2/cc/meta.yaml", runMeta("cc", "4", "active"));
    write(root / "models/credit/meta.yaml", "creation_timestamp: 100\ndescription: '# Title\n\n  <script>'\nlast_updated_timestamp: 200\nlatest_versions: []\nname: credit\n");
    write(root / "models/credit/tags/tier", "1");
    write(root / "models/credit/aliases/champion", "2");
    write(root / "models/credit/version-2/meta.yaml", "creation_timestamp: 1\ncurrent_stage: Production\ndescription: null\nlast_updated_timestamp: 2\nname: credit\n"
                                                      "run_id: aa\nsource: file:///m\nstatus: READY\nuser_id: ada\nversion: '2'\n");
    write(root / "models/credit/version-2/tags/ok", "yes");
    write(root / "models/credit/version-10/meta.yaml", "current_stage: None\nname: credit\nrun_id: ''\nstatus: READY\nversion: 10\n");
    write(root / "models/credit/version-3/meta.yaml", "current_stage: Deleted_Internal\nname: credit\nversion: 3\n");
}

bool hasNote(const Inventory &inventory, const std::string &note)
{
    return std::ranges::find(inventory.notes, note) != inventory.notes.end();
}

} // namespace

class TstMlflowFolder : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<test::TemporaryFolder> m_folder;
    fs::path m_root;

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<test::TemporaryFolder>();
        m_root = m_folder->file("mlruns");
        makeStore(m_root);
    }

    void readsAStore()
    {
        const auto registry = openRegistry(m_root.parent_path().string()); // the folder around it will do
        QVERIFY_RESULT(registry);
        QCOMPARE((*registry)->uri(), fs::canonical(m_root).string());
        const auto content = readAll(**registry);
        QVERIFY_RESULT(content);
        const Inventory &got = content->inventory;
        QCOMPARE(got.models.size(), std::size_t(1));
        const SourceModel &model = got.models[0];
        QCOMPARE(model.description, std::string("# Title\n<script>"));
        QCOMPARE(toMillis(model.createdAt), std::int64_t(100));
        QCOMPARE(model.tags, (std::vector<Tag>{{"tier", "1"}}));
        QCOMPARE(model.aliases, (std::vector<Tag>{{"champion", "2"}}));
        QCOMPARE(model.versions.size(), std::size_t(2));
        QCOMPARE(model.versions[0].label, std::string("2"));
        QCOMPARE(model.versions[0].runId, std::string("aa"));
        QCOMPARE(model.versions[0].description, std::string());
        QCOMPARE(model.versions[0].tags, (std::vector<Tag>{{"ok", "yes"}}));
        QCOMPARE(model.versions[1].label, std::string("10"));
        QCOMPARE(model.versions[1].stage, std::string("None"));

        QCOMPARE(got.runs.size(), std::size_t(3));
        const SourceRun &run = got.runs[0];
        QCOMPARE(run.id + "|" + run.experiment + "|" + run.name + "|" + run.status, std::string("aa|Risk: défaut|train ü|FINISHED"));
        QCOMPARE(run.parameters, (std::vector<Tag>{{"alpha", "0.5"}, {"empty", ""}}));
        QCOMPARE(run.metrics, (std::vector<std::string>{"auc", "psi/income"}));
        QCOMPARE(toMillis(run.endedAt.value()), std::int64_t(2000));
        QVERIFY(!run.isDeleted && got.runs[1].isDeleted && got.runs[2].isDeleted);
        QCOMPARE(got.runs[1].status, std::string("RUNNING"));
        QVERIFY(!got.runs[1].endedAt);
        const auto &auc = content->histories.at({"aa", "auc"});
        QCOMPARE(auc.size(), std::size_t(3));
        QCOMPARE(auc[0].value, 0.5);
        QVERIFY(std::isnan(auc[1].value));
        QCOMPARE(auc[2].step, std::int64_t(2));
        const auto &psi = content->histories.at({"aa", "psi/income"});
        QCOMPARE(psi.size(), std::size_t(2));
        QCOMPARE(psi[0].step, std::int64_t(0));
        QCOMPARE(psi[1].value, 0.5);

        const auto links = linkRuns(got);
        QCOMPARE(links.at("aa"), (VersionIndex{0, 0}));
        QCOMPARE(links.at("bb"), (VersionIndex{0, 1}));
        QVERIFY(hasNote(got, "1 deleted version was left out."));
        QCOMPARE(got.notes.size(), std::size_t(1));
    }

    void neverFollowsALinkOutOfTheStore()
    {
        const fs::path secret = m_folder->file("secret");
        write(secret, "do not read me");
        write(m_folder->file("outside/dd/meta.yaml"), runMeta("dd", "3", "active"));
        fs::create_symlink(secret, m_root / "1/aa/params/stolen");
        fs::create_symlink(secret, m_root / "1/aa/metrics/stolen");
        fs::create_directory_symlink(m_folder->file("outside"), m_root / "9");
        fs::create_directory_symlink(m_root, m_root / "1/aa/metrics/loop");
        fs::remove(m_root / "1/bb/meta.yaml");
        fs::create_symlink(secret, m_root / "1/bb/meta.yaml");
        const auto registry = openMlflowFolder(m_root);
        QVERIFY_RESULT(registry);
        const auto content = readAll(**registry);
        QVERIFY_RESULT(content);
        QCOMPARE(content->inventory.runs.size(), std::size_t(2));
        QCOMPARE(content->inventory.runs[0].parameters.size(), std::size_t(2));
        QCOMPARE(content->inventory.runs[0].metrics.size(), std::size_t(2));
        QVERIFY(hasNote(content->inventory, "5 symbolic links were not followed."));
    }

    void leavesOutHostileYamlAndHugeFiles()
    {
        write(m_root / "1/aa/meta.yaml", "a: &a [x, x]\nb: [*a, *a]\nrun_id: aa\n");
        write(m_root / "1/bb/meta.yaml", "run_id: " + std::string(100'000, '['));
        write(m_root / "models/credit/tags/huge", std::string(2U << 20, 'x'));
        const auto registry = openMlflowFolder(m_root);
        QVERIFY_RESULT(registry);
        const auto inventory = (*registry)->readInventory({});
        QVERIFY_RESULT(inventory);
        QCOMPARE(inventory->runs.size(), std::size_t(1));
        QCOMPARE(inventory->models[0].tags.size(), std::size_t(1));
        QVERIFY(hasNote(*inventory, "3 files or folders were left out: too large, broken or not readable."));
    }

    void readsFlatYamlOnly_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isGood");
        QTest::newRow("flat") << QByteArray("a: 1\nnested: {b: [1, {c: 2}]}\nlist:\n- x\nb: 'two'\n") << true;
        QTest::newRow("alias") << QByteArray("a: &x 1\nb: *x\n") << false;
        QTest::newRow("unknown alias") << QByteArray("a: 1\nb: *x\n") << false;
        QTest::newRow("list") << QByteArray("- a\n") << false;
        QTest::newRow("scalar") << QByteArray("a") << false;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("broken") << QByteArray("a: [1, 2\n") << false;
        QTest::newRow("deep list") << QByteArray("a: ") + QByteArray(50, '[') + QByteArray(50, ']') << false;
        QTest::newRow("very deep map") << QByteArray("a: ") + QByteArray("{b: ").repeated(100'000) << false;
        QTest::newRow("bytes") << QByteArray("\x00\xff\xfe\x01", 4) << false;
    }
    void readsFlatYamlOnly()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, isGood);
        const auto values = parseFlatYaml(text.toStdString());
        QCOMPARE(values.ok(), isGood);
        if (isGood)
            QCOMPARE(*values, (std::map<std::string, std::string>{{"a", "1"}, {"b", "two"}}));
        else
            QVERIFY(!values.error().message.empty());
    }

    void namesTheDamagedLineOfAHistory()
    {
        write(m_root / "1/aa/metrics/auc", "20 0.75 2\n21 0.7x 3\n");
        const auto registry = openMlflowFolder(m_root);
        QVERIFY_RESULT(registry);
        const auto content = readAll(**registry);
        QVERIFY_ERROR(content, ErrorKind::Invalid);
        QVERIFY2(content.error().text().find("metrics/auc: line 2") != std::string::npos, content.error().text().c_str());
    }

    void replacesIllFormedTextAndSaysSo()
    {
        write(m_root / "1/aa/params/bytes", std::string("a\xff\0b", 4));
        const auto registry = openMlflowFolder(m_root);
        QVERIFY_RESULT(registry);
        const auto inventory = (*registry)->readInventory({});
        QVERIFY_RESULT(inventory);
        QCOMPARE(inventory->runs[0].parameters[1].second, std::string("a\xEF\xBF\xBD\xEF\xBF\xBD" "b"));
        QVERIFY(hasNote(*inventory, "2 pieces of text that were not valid UTF-8 were replaced by U+FFFD."));
    }

    void refusesOtherFolders()
    {
        QVERIFY_ERROR(openMlflowFolder(m_folder->file("missing")), ErrorKind::NotFound);
        const fs::path empty = m_folder->file("empty");
        fs::create_directories(empty);
        QVERIFY_ERROR(openRegistry(empty.string()), ErrorKind::Invalid);
    }

    void stopsWhenTold()
    {
        const auto registry = openMlflowFolder(m_root);
        QVERIFY_RESULT(registry);
        const std::atomic<bool> cancel = true;
        QVERIFY_ERROR((*registry)->readInventory({{}, &cancel}), ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TstMlflowFolder)
#include "tst_mlflowfolder.moc"
