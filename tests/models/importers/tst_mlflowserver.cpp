#include "models/base/bytes.h"
#include "models/importers/mlflow/mlflowserver.h"
#include "models/importers/registry.h"
#include "oracle.h"
#include "replayserver.h"
#include "smallmlflow.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/verify.h"

#include <QTest>
#include <QTimer>

#include <cmath>

using namespace countersign;
using namespace countersign::importers;

namespace {

const std::string kShared = COUNTERSIGN_SHARED_DATA "/mlflow/";

MlflowServerOptions patience(std::chrono::milliseconds silence, std::chrono::milliseconds whole = std::chrono::seconds(20), std::uint64_t bytes = 1U << 20)
{
    MlflowServerOptions options;
    options.limits = {silence, whole, bytes};
    return options;
}

Result<Inventory> inventoryOf(const std::string &address, MlflowServerOptions options = {})
{
    auto registry = openMlflowServer(address, std::move(options));
    if (!registry)
        return registry.error();
    return (*registry)->readInventory({});
}

} // namespace

class TstMlflowServer : public QObject
{
    Q_OBJECT

private:
    test::TemporaryFolder m_folder;

private Q_SLOTS:
    void readsARegistryPageByPage()
    {
        for (const std::size_t pageSize : {1U, 2U, 3U, 1000U}) {
            SmallMlflow mlflow;
            mlflow.mostAPage = pageSize;
            ReplayServer server(mlflow);
            const auto registry = openRegistry(server.address() + "/#/models");
            QVERIFY_RESULT(registry);
            QCOMPARE((*registry)->uri(), server.address());
            const auto content = readAll(**registry);
            QVERIFY_RESULT(content);
            const Inventory &got = content->inventory;
            QCOMPARE(got.description, std::string("MLflow server, version 2.17.2"));
            QCOMPARE(got.models.size(), std::size_t(4));
            const SourceModel &a = got.models[0];
            QCOMPARE(a.description, std::string("<b>x</b>"));
            QCOMPARE(a.tags, (std::vector<Tag>{{"a", ""}, {"z", "1"}}));
            QCOMPARE(a.aliases, (std::vector<Tag>{{"all", "10"}, {"champion", "2"}}));
            QCOMPARE(a.versions.size(), std::size_t(2));
            QCOMPARE(a.versions[0].label, std::string("2"));
            QCOMPARE(a.versions[0].runId, std::string("r1"));
            QCOMPARE(a.versions[0].createdBy, std::string("ada"));
            QCOMPARE(a.versions[0].tags, (std::vector<Tag>{{"k", "v"}}));
            QCOMPARE(got.models[3].name, std::string("需要 & 100%"));
            QCOMPARE(toMillis(got.models[3].createdAt), std::int64_t(101));
            QCOMPARE(got.runs.size(), std::size_t(2));
            QCOMPARE(got.runs[0].parameters, (std::vector<Tag>{{"p", ""}}));
            QCOMPARE(got.runs[0].experiment, std::string("Default"));
            QVERIFY(got.runs[1].isDeleted && !got.runs[1].endedAt);
            const auto &auc = content->histories.at({"r1", "auc"});
            QCOMPARE(auc.size(), std::size_t(4));
            QCOMPARE(auc[0].value, 1.7976931348623157e308);
            QCOMPARE(auc[0].step, std::int64_t(0));
            QCOMPARE(auc[1].value, 0.5);
            QVERIFY(std::isnan(auc[2].value));
            QCOMPARE(auc[3].value, 0.75);
            QCOMPARE(content->histories.at({"r1", "psi/income & more"}).size(), std::size_t(1));
            for (const ReplayRequest &request : server.requests()) {
                QVERIFY(!request.headers.contains("origin") && !request.headers.contains("authorization") && !request.headers.contains("cookie"));
                if (request.path == kApi + "metrics/get-history")
                    QCOMPARE(request.parameter("max_results"), std::string("25000"));
                if (request.method == "POST")
                    QCOMPARE(request.headers.at("content-type"), std::string("application/json"));
            }
        }
    }

    void findsTheApiUnderAPrefixAndBesideIt()
    {
        SmallMlflow below;
        below.prefix = "/team/mlflow";
        ReplayServer first(below);
        const auto under = inventoryOf(first.address() + "/team/mlflow/#/experiments/0");
        QVERIFY_RESULT(under);
        QCOMPARE(under->models.size(), std::size_t(4));
        ReplayServer second{SmallMlflow()};
        const auto beside = inventoryOf(second.address() + "/team/mlflow/");
        QVERIFY_RESULT(beside);
        QCOMPARE(beside->models.size(), std::size_t(4));
    }

    void signsInWithPasswordOrToken()
    {
        SmallMlflow withPassword;
        withPassword.wantedHeader = "Basic " + toBase64("ada:s3cret ü");
        ReplayServer first(withPassword);
        MlflowServerOptions options;
        options.credentials = {"ada", "s3cret ü", {}};
        QVERIFY_RESULT(inventoryOf(first.address(), options));
        SmallMlflow withToken;
        withToken.wantedHeader = "Bearer t0ken";
        ReplayServer second(withToken);
        options.credentials = {{}, {}, "t0ken"};
        QVERIFY_RESULT(inventoryOf(second.address(), options));

        const auto anonymous = inventoryOf(first.address());
        QVERIFY_ERROR(anonymous, ErrorKind::Denied);
        QVERIFY(anonymous.error().message.find("asks who you are") != std::string::npos);
        options.credentials = {"ada", "wr0ng", {}};
        const auto wrong = inventoryOf(first.address(), options);
        QVERIFY_ERROR(wrong, ErrorKind::Denied);
        QVERIFY(wrong.error().message.find("doesn't accept these credentials") != std::string::npos);
        QVERIFY(wrong.error().text().find("wr0ng") == std::string::npos);
    }

    void followsTheSameHostOnly()
    {
        ReplayServer elsewhere{SmallMlflow()};
        const std::string other = elsewhere.address();
        const auto redirecting = [&other](bool away) {
            return [&other, away](const ReplayRequest &request) {
                if (!away && request.path.starts_with("/moved"))
                    return SmallMlflow{.mostAPage = 2, .prefix = "/moved", .wantedHeader = {}}(request);
                ReplayAnswer answer = ReplayAnswer::text(307, "text/html", "");
                std::string target = (away ? other : std::string("/moved")) + request.path;
                for (const auto &[name, value] : request.query)
                    target += (target.find('?') == std::string::npos ? "?" : "&") + name + "=" + QUrl::toPercentEncoding(QString::fromStdString(value)).toStdString();
                answer.headers.emplace_back("Location", target);
                return answer;
            };
        };
        ReplayServer same(redirecting(false));
        const auto followed = inventoryOf(same.address());
        QVERIFY_RESULT(followed);
        QCOMPARE(followed->runs.size(), std::size_t(2));

        ReplayServer away(redirecting(true));
        MlflowServerOptions options;
        options.credentials = {"ada", "s3cret", {}};
        const auto refused = inventoryOf(away.address(), options);
        QVERIFY_ERROR(refused, ErrorKind::Denied);
        QVERIFY(refused.error().message.find(other) != std::string::npos);
        QVERIFY(elsewhere.requests().empty());

        ReplayServer circle([](const ReplayRequest &request) {
            ReplayAnswer answer = ReplayAnswer::text(302, "text/html", "");
            answer.headers.emplace_back("Location", request.path);
            return answer;
        });
        QVERIFY_ERROR(inventoryOf(circle.address()), ErrorKind::Io);
    }

    void tellsTroubleInSentences_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("says");
        const auto add = [](const char *name, int status, const char *type, const char *body, ErrorKind kind, const char *says) {
            QTest::newRow(name) << status << QString::fromUtf8(type) << QString::fromUtf8(body) << static_cast<int>(kind) << QString::fromUtf8(says);
        };
        add("forbidden", 403, "text/html", "Permission denied", ErrorKind::Denied, "doesn't allow this user");
        add("foreign host", 403, "text/plain", "Invalid Host header", ErrorKind::Denied, "Invalid Host header");
        add("missing", 404, "text/html", "<html>", ErrorKind::NotFound, "404");
        add("bad request", 400, "application/json", "{\"error_code\":\"X\",\"message\":\"Invalid value \\u202e for max_results\"}", ErrorKind::Invalid, "Invalid value \\u{202E} for max_results");
        add("busy", 429, "text/plain", "", ErrorKind::Io, "too busy");
        add("failed", 500, "application/json", "{\"message\":\"disk full\"}", ErrorKind::Io, "disk full");
        add("gateway", 502, "text/html", "<html>nginx</html>", ErrorKind::Io, "502");
        add("login page", 200, "text/html; charset=utf-8", "<!doctype html><form>", ErrorKind::Invalid, "web page");
        add("login page as JSON", 200, "application/json", "\n<!doctype html>", ErrorKind::Invalid, "web page");
        add("garbage", 200, "application/json", "{\"registered_models\": [", ErrorKind::Invalid, "not valid JSON");
        add("bare NaN", 200, "application/json", "{\"metrics\": NaN}", ErrorKind::Invalid, "not valid JSON");
        add("array", 200, "application/json", "[]", ErrorKind::Invalid, "not a JSON object");
        add("nested", 200, "application/json", std::string(100'000, '[').c_str(), ErrorKind::Invalid, "not valid JSON");
    }
    void tellsTroubleInSentences()
    {
        QFETCH(int, status);
        QFETCH(QString, type);
        QFETCH(QString, body);
        QFETCH(int, kind);
        QFETCH(QString, says);
        ReplayServer server([&](const ReplayRequest &) { return ReplayAnswer::text(status, type.toStdString(), body.toStdString()); });
        const auto got = inventoryOf(server.address());
        QVERIFY(!got.ok());
        QCOMPARE(static_cast<int>(got.error().kind), kind);
        QVERIFY2(got.error().message.find(says.toStdString()) != std::string::npos, got.error().text().c_str());
        QVERIFY(got.error().text().find(server.address()) != std::string::npos);
    }

    void givesUpOnSilentSlowAndEndlessServers()
    {
        const auto manner = [](ReplayAnswer::Manner kind) {
            return [kind](const ReplayRequest &) {
                ReplayAnswer answer;
                answer.manner = kind;
                return answer;
            };
        };
        ReplayServer silent(manner(ReplayAnswer::Manner::Never));
        const auto first = inventoryOf(silent.address(), patience(std::chrono::milliseconds(200)));
        QVERIFY_ERROR(first, ErrorKind::Io);
        QVERIFY(first.error().message.find("silent") != std::string::npos);
        ReplayServer dripping(manner(ReplayAnswer::Manner::Dripping));
        const auto second = inventoryOf(dripping.address(), patience(std::chrono::seconds(10), std::chrono::milliseconds(300)));
        QVERIFY_ERROR(second, ErrorKind::Io);
        QVERIFY(second.error().message.find("longer than") != std::string::npos);
        ReplayServer dropping(manner(ReplayAnswer::Manner::Dropped));
        QVERIFY_ERROR(inventoryOf(dropping.address()), ErrorKind::Io);
        ReplayServer huge([](const ReplayRequest &) { return ReplayAnswer::text(200, "application/json", std::string(3U << 20, ' ')); });
        const auto fourth = inventoryOf(huge.address(), patience(std::chrono::seconds(10)));
        QVERIFY_ERROR(fourth, ErrorKind::Io);
        QVERIFY(fourth.error().message.find("larger than 1 MiB") != std::string::npos);
    }

    void namesAPortWhereNobodyAnswers()
    {
        std::string address;
        {
            ReplayServer gone{SmallMlflow()};
            address = gone.address();
        }
        const auto got = inventoryOf(address);
        QVERIFY_ERROR(got, ErrorKind::Io);
        QVERIFY2(got.error().message.find("Nothing answers on port") != std::string::npos, got.error().text().c_str());
    }

    void saysSoWhenThereIsNoSafeConnection()
    {
        ReplayServer plain{SmallMlflow()};
        const auto got = inventoryOf("https" + plain.address().substr(4), patience(std::chrono::seconds(5)));
        QVERIFY(!got.ok());
        QVERIFY2(got.error().kind == ErrorKind::Denied || got.error().kind == ErrorKind::Io, got.error().text().c_str());
    }

    void stopsWhenTold()
    {
        ReplayServer silent([](const ReplayRequest &) {
            ReplayAnswer answer;
            answer.manner = ReplayAnswer::Manner::Never;
            return answer;
        });
        std::atomic<bool> cancel = false;
        QTimer::singleShot(50, &silent, [&cancel] { cancel = true; });
        const auto registry = openMlflowServer(silent.address());
        QVERIFY_RESULT(registry);
        QElapsedTimer timer;
        timer.start();
        QVERIFY_ERROR((*registry)->readInventory({{}, &cancel}), ErrorKind::Cancelled);
        QVERIFY(timer.elapsed() < 1000);
    }

    void doesNotGoRoundInPages()
    {
        ReplayServer server([mlflow = SmallMlflow()](const ReplayRequest &request) {
            if (request.path != kApi + "metrics/get-history")
                return mlflow(request);
            return ReplayAnswer::json(json::Object{{"next_page_token", toBase64("{\"offset\": 0}")}}); // as MLflow 3.4 to 3.11 do
        });
        const auto registry = openMlflowServer(server.address());
        QVERIFY_RESULT(registry);
        const auto content = readAll(**registry);
        QVERIFY_ERROR(content, ErrorKind::Io);
        QVERIFY(content.error().message.find("again and again") != std::string::npos);
    }

    void readsAListingAgainThatMovedMeanwhile()
    {
        SmallMlflow mlflow;
        int pages = 0;
        ReplayServer server([&](const ReplayRequest &request) {
            const bool isModels = request.path == kApi + "registered-models/search" && request.parameter("max_results") != "1";
            if (isModels && ++pages == 2) // somebody registers a model that comes first: everything moves by one
                mlflow.models.insert(mlflow.models.begin(), json::Object{{"name", "A first"}, {"creation_timestamp", 1}, {"last_updated_timestamp", 1}});
            return mlflow(request);
        });
        const auto got = inventoryOf(server.address());
        QVERIFY_RESULT(got);
        QCOMPARE(got->models.size(), std::size_t(5));
        QCOMPARE(got->models[0].name, std::string("A first"));
        QCOMPARE(got->models[1].versions.size(), std::size_t(2));
        QVERIFY(got->notes.empty());
    }

    void readsEveryWorkspace()
    {
        ReplayServer server([mlflow = SmallMlflow()](const ReplayRequest &request) {
            if (request.path == "/api/3.0/mlflow/server-info")
                return ReplayAnswer::text(200, "application/json", "{\"store_type\":\"SqlStore\",\"workspaces_enabled\":true}");
            if (request.path == "/api/3.0/mlflow/workspaces")
                return ReplayAnswer::text(200, "application/json", "{\"workspaces\":[{\"name\":\"default\"},{\"name\":\"team-risk\"}]}");
            const auto header = request.headers.find("x-mlflow-workspace");
            const bool isRisk = header != request.headers.end() && header->second == "team-risk";
            if (isRisk && request.path == kApi + "registered-models/search")
                return ReplayAnswer::text(200, "application/json", "{\"registered_models\":[{\"name\":\"a\",\"description\":\"risk\"}]}");
            if (isRisk && request.path != kApi + "metrics/get-history")
                return ReplayAnswer::text(200, "application/json", "{}");
            return mlflow(request);
        });
        const auto got = inventoryOf(server.address());
        QVERIFY_RESULT(got);
        QCOMPARE(got->models.size(), std::size_t(5));
        QCOMPARE(got->models[0].workspace, std::string());
        QCOMPARE(got->models[4].workspace + "/" + got->models[4].name + "/" + got->models[4].description, std::string("team-risk/a/risk"));
        QCOMPARE(got->models[4].versions.size(), std::size_t(0));
    }

    void refusesAddressesItCanNotUse()
    {
        QVERIFY_ERROR(openMlflowServer("ftp://host"), ErrorKind::Invalid);
        QVERIFY_ERROR(openMlflowServer("http://"), ErrorKind::Invalid);
        const auto password = openMlflowServer("https://ada:s3cret@host/");
        QVERIFY_ERROR(password, ErrorKind::Invalid);
        QVERIFY(password.error().text().find("s3cret") == std::string::npos);
        const auto plain = openMlflowServer("HTTPS://ada@Host/mlflow/api/2.0/mlflow/x?y#z");
        QVERIFY_RESULT(plain);
        QCOMPARE((*plain)->uri(), std::string("https://host/mlflow"));
    }

    void readsRecordedServersAsTheirDatabases_data()
    {
        QTest::addColumn<QString>("recordings");
        QTest::addColumn<QString>("store");
        QTest::newRow("none") << QString() << QString();
        if (!std::filesystem::exists(kShared))
            return;
        QTest::newRow("2.17") << QStringLiteral("rest-2.17") << QStringLiteral("mlflow-2.17.db");
        QTest::newRow("3.11") << QStringLiteral("rest-3.11") << QStringLiteral("mlflow-3.11.2dev.db");
    }
    void readsRecordedServersAsTheirDatabases()
    {
        QFETCH(QString, recordings);
        QFETCH(QString, store);
        if (store.isEmpty())
            return; // keeps the table from being empty where the shared data is not there
        const auto file = m_folder.file(store.toStdString());
        QVERIFY(unpack(kShared + store.toStdString() + ".gz", file));
        const auto database = openRegistry(file.string());
        QVERIFY_RESULT(database);
        const auto expected = readAll(**database);
        QVERIFY_RESULT(expected);

        const auto recorded = Recordings::load(kShared + recordings.toStdString());
        QVERIFY_RESULT(recorded);
        ReplayServer server([&](const ReplayRequest &request) { return recorded->answer(request); });
        const auto registry = openRegistry(server.address());
        QVERIFY_RESULT(registry);
        const auto got = readAll(**registry);
        QVERIFY_RESULT(got);
        const auto differ = differences(got->inventory, expected->inventory);
        for (std::size_t i = 0; i < std::min<std::size_t>(differ.size(), 10); ++i)
            qWarning("%s", differ[i].c_str());
        QVERIFY(differ.empty());
        const auto histories = recorded->histories();
        QVERIFY(histories.size() > 60);
        for (const auto &key : histories) {
            const auto &points = expected->histories.at(key);
            const auto found = got->histories.find(key);
            QVERIFY2(found != got->histories.end(), key.second.c_str());
            QCOMPARE(found->second.size(), points.size());
            for (std::size_t i = 0; i < points.size(); ++i) {
                const Point &a = found->second[i];
                QVERIFY(a.step == points[i].step && a.time == points[i].time && (a.value == points[i].value || (std::isnan(a.value) && std::isnan(points[i].value))));
            }
        }
        qInfo("%zu models, %zu runs, %zu histories", got->inventory.models.size(), got->inventory.runs.size(), histories.size());
    }
};

QTEST_GUILESS_MAIN(TstMlflowServer)
#include "tst_mlflowserver.moc"
