// Speed, shown: one command, a table of figures and ratios against the targets. Not a test: nothing here fails on a slow machine.
//   build/release/tests/countersign-bench [--quick] [--ledger]      --ledger: only what concerns the ledger

#include "models/base/number.h"
#include "models/ledger/verifier.h"
#include "models/report/metricchart.h"
#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/workspace/verification.h"
#include "models/store/eventbody.h"
#include "models/store/queries/inventoryquery.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/postgresserver.h"
#include "ui/charts/chartview.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QPixmap>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <thread>

using namespace countersign;
using namespace countersign::test;

namespace {

struct Figure {
    std::string what;
    double value;
    std::string unit;
    double target;
    bool isRate; ///< more is better
};

class Bench
{
public:
    Bench(bool isQuick, bool isLedgerOnly) : m_events(isQuick ? 10'000 : 100'000), m_observations(isQuick ? 100'000 : 1'000'000), m_isLedgerOnly(isLedgerOnly) {}

    int run()
    {
        std::printf("%-58s %14s %14s %8s\n", "what", "measured", "target", "ratio");
        bareSignatures();
        const std::string sqlite = m_folder.file("bench.countersign").string();
        ledgerAndInventory("SQLite", sqlite);
        if (!m_isLedgerOnly)
            importing("SQLite", m_folder.file("import.countersign").string());
        if (PostgresServer::shared() && PostgresServer::shared()->isRunning()) {
            ledgerAndInventory("PostgreSQL", PostgresServer::shared()->uri());
            if (!m_isLedgerOnly)
                importing("PostgreSQL", PostgresServer::shared()->uri());
        } else {
            std::printf("PostgreSQL could not be started; its figures are missing.\n");
        }
        if (!m_isLedgerOnly)
            chart();
        return m_failures;
    }

private:
    void show(const Figure &figure)
    {
        const double ratio = figure.isRate ? figure.value / figure.target : figure.target / figure.value;
        std::printf("%-58s %10.*f %-9s %10.*f %-6s %5.2f\n", figure.what.c_str(), figure.isRate ? 0 : 3, figure.value, figure.unit.c_str(), figure.isRate ? 0 : 3, figure.target,
                    figure.unit.c_str(), ratio);
        std::fflush(stdout);
    }

    template<class T>
    bool good(const Result<T> &result)
    {
        if (!result) {
            std::printf("failed: %s\n", result.error().text().c_str());
            ++m_failures;
        }
        return result.ok();
    }

    static double seconds(const QElapsedTimer &timer) { return static_cast<double>(timer.nsecsElapsed()) / 1e9; }

    /// What the library alone verifies, on one core and on all, of messages as long as the events below: nothing can be faster.
    void bareSignatures()
    {
        SeededRandomness random(3);
        const auto key = crypto::SigningKey::generate(random);
        const Bytes message = random.bytes(800);
        const auto signature = key.sign(message);
        constexpr int each = 4000;
        const auto rate = [&](unsigned cores) {
            QElapsedTimer timer;
            timer.start();
            std::vector<std::jthread> threads;
            for (unsigned i = 0; i < cores; ++i)
                threads.emplace_back([&] {
                    for (int n = 0; n < each; ++n)
                        if (!crypto::verify(key.publicKey(), message, signature))
                            std::abort();
                });
            threads.clear(); // joins
            return cores * each / seconds(timer);
        };
        const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
        show({"libsodium alone: Ed25519 verifications, one core", rate(1), "1/s", 10'000, true});
        m_bareRate = rate(cores);
        show({"libsodium alone: the same on all " + std::to_string(cores) + " cores", m_bareRate, "1/s", 10'000.0 * cores, true});
    }

    /// From nothing to a window that can work: schema, tree recomputed from the bytes. The signatures follow in the background.
    void opening(const std::string &backend, const std::string &address)
    {
        services::OpenRequest request;
        request.location = *database::Location::parse(address);
        QElapsedTimer timer;
        timer.start();
        const auto session = services::Session::open(request, testEnvironment());
        if (!good(session))
            return;
        const double taken = seconds(timer);
        if ((*session)->damage())
            std::printf("DAMAGED: %s\n", (*session)->damage()->text().c_str());
        show({backend + ": open a workspace of " + std::to_string(m_events) + " events", taken, "s", 1, false});
    }

    void ledgerAndInventory(const std::string &backend, const std::string &address)
    {
        const auto workspace = freshWorkspace(address, testEnvironment());
        if (!good(workspace))
            return;
        auto &session = **workspace;
        const auto signer = session.deviceSigner();
        if (!good(signer))
            return;
        QElapsedTimer timer;
        timer.start();
        {
            auto journal = services::Journal::begin(session);
            if (!good(journal))
                return;
            const json::Value now = store::timeValue(session.now());
            static const char *owners[] = {"Retail Credit Risk", "Payments Fraud", "People Analytics", "Supply Chain", "Marketing"};
            for (int i = 0; i < m_events; ++i) {
                const auto seq = services::recordInventory(**journal, "model.register",
                                                           {{"createdAt", now}, {"model", ModelId::of(session.environment().randomness->uuid()).text()},
                                                            {"name", "model-" + std::to_string(i * 7919 % m_events)}, {"owner", owners[i % 5]}, {"source", "bench"},
                                                            {"sourceKey", std::to_string(i)}, {"tier", i % 3 + 1}, {"updatedAt", now}},
                                                           *signer);
                if (!good(seq))
                    return;
            }
            if (!good((*journal)->commit()))
                return;
        }
        const double events = m_events;
        show({backend + ": append " + std::to_string(m_events) + " signed events, projected", events / seconds(timer), "events/s", 10'000, true});

        opening(backend, address);
        verifyLedger(backend, session.ledger());
        const auto verification = services::verifyWorkspace(session.connection(), {});
        if (!good(verification))
            return;
        if (!verification->isIntact())
            std::printf("NOT INTACT: %s\n", verification->findings.front().sentence.c_str());
        show({backend + ": verify all: replay and compare tables too", static_cast<double>(verification->entries) / verification->seconds, "events/s", 30'000, true});

        if (m_isLedgerOnly)
            return;
        auto &connection = session.connection();
        const Instant now = session.now();
        timer.restart();
        const auto order = store::inventoryOrder(connection, {}, {}, now);
        const auto facets = store::inventoryFacets(connection, {}, now);
        if (!good(order) || !good(facets))
            return;
        const std::vector<std::int64_t> page(order->begin(), order->begin() + std::min<std::ptrdiff_t>(200, static_cast<std::ptrdiff_t>(order->size())));
        if (!good(store::inventoryRows(connection, page, now)))
            return;
        const std::string models = std::to_string(m_events) + " models";
        show({backend + ": inventory of " + models + ", open", seconds(timer), "s", 0.3, false});
        timer.restart();
        store::InventoryFilter filter;
        filter.text = "del-77";
        if (!good(store::inventoryOrder(connection, filter, {}, now)) || !good(store::inventoryFacets(connection, filter, now)))
            return;
        show({backend + ": inventory, filter by text", seconds(timer), "s", 0.3, false});
        timer.restart();
        if (!good(store::inventoryOrder(connection, {}, {store::InventoryColumn::Owner, true}, now)))
            return;
        show({backend + ": inventory, sort by owner", seconds(timer), "s", 0.3, false});
    }

    /// Reading, framing, canonical form, tree and signatures: what countersign-verify does with a whole log.
    void verifyLedger(const std::string &backend, store::LedgerStore &ledger)
    {
        QElapsedTimer timer;
        timer.start();
        ledger::Verifier verifier;
        std::uint64_t fed = 0;
        for (;;) {
            auto entries = ledger.read(fed, 2048);
            if (!good(entries))
                return;
            if (entries->empty())
                break;
            const std::uint64_t first = fed;
            fed += entries->size();
            verifier.feed(first, std::move(*entries));
        }
        verifier.finish();
        if (verifier.worst() != ledger::EntryState::Valid)
            std::printf("NOT VALID: %s\n", verifier.problems().front().reason.c_str());
        show({backend + ": verify ledger; against libsodium alone", static_cast<double>(fed) / seconds(timer), "events/s", m_bareRate, true});
    }

    std::filesystem::path metricsFile()
    {
        const auto path = m_folder.file("metrics.csv");
        if (std::filesystem::exists(path))
            return path;
        std::ofstream file(path);
        file << "model,version,metric,window_start,window_end,value,n\n";
        SeededRandomness random(7);
        const int series = 1000;
        std::string line;
        for (int week = 0; week < m_observations / series; ++week) {
            const std::string start = formatDate(fromMillis(1'420'070'400'000 + 604'800'000LL * week));
            const std::string end = formatDate(fromMillis(1'420'070'400'000 + 604'800'000LL * (week + 1)));
            for (int i = 0; i < series; ++i) {
                line = "model-" + std::to_string(i / 10) + ",1,metric-" + std::to_string(i % 10) + "," + start + "," + end + ",";
                line += number::shortest(std::round(random.unit() * 1e6) / 1e6) + "," + std::to_string(1000 + i) + "\n";
                file << line;
            }
        }
        return path;
    }

    void importing(const std::string &backend, const std::string &address)
    {
        const auto file = metricsFile();
        const auto workspace = freshWorkspace(address, testEnvironment());
        if (!good(workspace))
            return;
        QElapsedTimer timer;
        timer.start();
        const auto outcome = services::importMetrics(**workspace, file, {});
        if (!good(outcome))
            return;
        show({backend + ": import " + std::to_string(outcome->observations) + " observations from CSV", static_cast<double>(outcome->observations) / seconds(timer), "rows/s",
              200'000, true});
        timer.restart();
        const auto verification = services::verifyWorkspace((*workspace)->connection(), {});
        if (!good(verification))
            return;
        show({backend + ": verify them row by row", static_cast<double>(verification->rows) / seconds(timer), "rows/s", 200'000, true});
    }

    void chart()
    {
        report::MetricLine line;
        line.name = "overall";
        SeededRandomness random(11);
        for (int i = 0; i < 1'000'000; ++i) {
            Observation observation;
            observation.window.end = fromMillis(1'500'000'000'000 + 60'000LL * i);
            observation.window.start = observation.window.end;
            observation.value = 0.75 + 0.05 * std::sin(i / 40'000.0) + 0.01 * random.normal();
            line.observations.push_back(observation);
        }
        Rule rule;
        rule.id = RuleId::of("bench");
        rule.metric = "auc";
        rule.limit = 0.70;
        QElapsedTimer timer;
        timer.start();
        const auto spec = report::metricChart("bench", "auc", std::span(&line, 1), std::span(&rule, 1), {});
        const double judged = seconds(timer);
        charts::ChartView view;
        view.resize(1000, 600);
        timer.restart();
        view.setSpec(spec);
        const QPixmap picture = view.grab();
        const double painted = seconds(timer);
        show({"Chart of 1,000,000 points: to first paint", painted, "s", 0.3, false});
        show({"Chart of 1,000,000 points: judging every point before", judged, "s", 0.3, false});
    }

    int m_events;
    int m_observations;
    bool m_isLedgerOnly;
    double m_bareRate = 1;
    TemporaryFolder m_folder;
    int m_failures = 0;
};

} // namespace

int main(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    theme::install(application);
    const QStringList arguments = application.arguments();
    return Bench(arguments.contains(QStringLiteral("--quick")), arguments.contains(QStringLiteral("--ledger"))).run();
}
