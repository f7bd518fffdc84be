// What packs cost: reading those that come along; previewing and publishing one, judging every version anew, and judging one after an import, on
// a portfolio of five versions a model with fifteen limits on each. On SQLite, and on PostgreSQL where it can be started.

#include "models/policy/packs/builtin.h"
#include "models/policy/packs/packreader.h"
#include "models/services/governance/packs.h"
#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/store/queries/judge.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/postgresserver.h"

#include <QCoreApplication>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

using namespace countersign;
using namespace countersign::test;

namespace {

constexpr int kRules = 15;
constexpr int kVersions = 5;

template<class Work>
void timed(const std::string &what, double target, const Work &work)
{
    const auto start = std::chrono::steady_clock::now();
    const Status status = work();
    const double taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (!status)
        std::printf("failed: %s\n", status.error().text().c_str());
    if (target > 0)
        std::printf("%-74s %9.3f s   target %6.3f s   %6.2f\n", what.c_str(), taken, target, target / taken);
    else
        std::printf("%-74s %9.3f s\n", what.c_str(), taken);
    std::fflush(stdout);
}

/// The general pack with fifteen limits on drift, and gates that ask for nothing.
policy::Pack pack(const std::string &version, double limit)
{
    policy::Pack made = *policy::builtInPack("general");
    made.version = version;
    made.rules.clear();
    for (int i = 0; i < kRules; ++i) {
        policy::PackRule rule;
        rule.id = "rule-" + std::to_string(i);
        rule.limit.metric = "psi/feature" + std::to_string(i);
        rule.limit.direction = Direction::AtMost;
        rule.limit.limit = limit;
        rule.limit.watch = limit / 2;
        rule.limit.minimumN = 100;
        made.rules.push_back(rule);
    }
    for (auto &transition : made.transitions)
        transition.gate.clear();
    for (auto &obligation : made.obligations)
        std::erase_if(obligation.covers, [](const auto &cover) { return cover.kind == policy::Obligation::Cover::Kind::Rule; });
    return made;
}

std::string values(const TemporaryFolder &folder, int models)
{
    const std::string path = folder.file("values.csv").string();
    std::ofstream file(path, std::ios::binary);
    file << "model,version,metric,window_start,window_end,value,n\n";
    std::uint64_t state = 11;
    for (int model = 0; model < models; ++model)
        for (int version = 1; version <= kVersions; ++version)
            for (int rule = 0; rule < kRules; ++rule) {
                state = state * 6364136223846793005U + 1442695040888963407U;
                file << "model-" << model << "," << version << ",psi/feature" << rule << ",2026-01-01,2026-02-01,0." << 100 + (state >> 33) % 200 << ",1000\n";
            }
    return path;
}

void portfolio(const char *backend, const std::string &address, int models)
{
    const TemporaryFolder folder;
    const auto environment = testEnvironment();
    auto workspace = freshWorkspace(address, environment);
    if (!workspace) {
        std::printf("failed: %s\n", workspace.error().text().c_str());
        return;
    }
    auto &session = **workspace;
    const Person ada = *session.person();
    const auto key = session.unlock(ada, passphrase());
    if (!key) {
        std::printf("failed: %s\n", key.error().text().c_str());
        return;
    }
    const std::string on = std::string(backend) + ": ";
    const std::string size = std::to_string(models) + " models, " + std::to_string(models * kVersions) + " versions, " + std::to_string(kRules) + " limits";
    const auto failure = [](const auto &result) { return result ? Status() : Status(result.error()); };
    timed(on + "import of " + size, 0, [&] { return failure(services::importMetrics(session, values(folder, models), {})); });
    services::PublishRequest request;
    request.pack = pack("9000.1", 0.2);
    request.isDefault = true;
    timed(on + "preview of a pack", 3, [&] { return failure(services::previewPack(session, request)); });
    timed(on + "publishing it, every version judged and written", 0, [&] { return failure(services::publishPack(session, request, ada, **key)); });
    std::size_t verdicts = 0;
    std::size_t failing = 0;
    timed(on + "every version judged", 2, [&] {
        const auto judge = store::Judge::make(session.connection());
        if (!judge)
            return Status(judge.error());
        return judge->readAll([&](const MlModel &, const ModelVersion &, const store::VersionJudgement &judgement) {
            for (const auto &one : judgement.at(session.now())) {
                ++verdicts;
                failing += one.verdict.state == VerdictState::Fail;
            }
            return true;
        });
    });
    std::printf("    %zu verdicts, %zu fail\n", verdicts, failing);
    request.pack = pack("9000.2", 0.18);
    services::PackImpact impact;
    timed(on + "preview of its next version, every limit changed", 3, [&] {
        const auto previewed = services::previewPack(session, request);
        if (previewed)
            impact = *previewed;
        return failure(previewed);
    });
    std::printf("    %zu verdicts would be others. %s\n", impact.flips.size(), impact.sentence().c_str());
    const std::string one = folder.file("one.csv").string();
    std::ofstream(one) << "model,version,metric,window_start,window_end,value,n\nmodel-0,1,psi/feature0,2026-02-01,2026-03-01,0.19,900\n";
    timed(on + "one value imported, its version judged again", 0.05, [&] { return failure(services::importMetrics(session, one, {})); });
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const int models = argc > 1 ? std::stoi(argv[1]) : 2000;
    timed("every pack that comes along read and checked", 0.1, [] {
        for (const policy::BuiltInPack &builtIn : policy::builtInPacks())
            if (const auto read = policy::readPack(builtIn.text); !read)
                return Status(read.error());
        return Status();
    });
    const TemporaryFolder folder;
    portfolio("SQLite", folder.file("portfolio.countersign").string(), models);
    if (PostgresServer::shared() && PostgresServer::shared()->isRunning())
        portfolio("PostgreSQL", PostgresServer::shared()->uri(), models);
    else
        std::printf("PostgreSQL could not be started; its figures are missing.\n");
}
