#include "models/base/random.h"
#include "models/policy/packs/builtin.h"
#include "models/policy/packs/impact.h"
#include "models/policy/packs/packreader.h"

#include <chrono>
#include <cstdio>
#include <string>

/// Times of what packs cost: reading those that come along, and the impact of fifteen rules that all move, on a portfolio of five versions a model.

using namespace countersign;
using namespace countersign::policy;

namespace {

constexpr int kRules = 15;
constexpr int kVersions = 5;

template<class Work>
void timed(const char *what, double target, const Work &work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    const double taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("%-70s %10.3f s   target %.3f s\n", what, taken, target);
    std::fflush(stdout);
}

std::string metric(int rule) { return "psi/feature" + std::to_string(rule); }

std::vector<PackRule> rules(double shift)
{
    std::vector<PackRule> all;
    for (int i = 0; i < kRules; ++i) {
        PackRule rule;
        rule.id = "rule-" + std::to_string(i);
        rule.limit.metric = metric(i);
        rule.limit.direction = Direction::AtMost;
        rule.limit.limit = 0.2 + shift;
        rule.limit.watch = 0.1 + shift;
        rule.limit.minimumN = 100;
        rule.limit.maxAgeDays = 190;
        all.push_back(rule);
    }
    return all;
}

std::vector<ImpactSubject> portfolio(int models, Instant now)
{
    SeededRandomness random(11);
    std::vector<ImpactSubject> subjects;
    for (int model = 0; model < models; ++model)
        for (int version = 0; version < kVersions; ++version) {
            ImpactSubject subject;
            subject.model.id = ModelId::of("model-" + std::to_string(model));
            subject.model.tier = 1 + model % 3;
            subject.version = VersionId::of(std::to_string(model) + "-" + std::to_string(version));
            for (int i = 0; i < kRules; ++i) {
                Observation value;
                value.window.end = now;
                value.value = random.unit() * 0.3;
                value.n = 1000;
                subject.series.push_back({metric(i), {}, value});
            }
            subjects.push_back(std::move(subject));
        }
    return subjects;
}

} // namespace

int main(int argc, char **argv)
{
    const int models = argc > 1 ? std::stoi(argv[1]) : 2000;
    const Instant now = fromMillis(1'796'083'200'000);
    timed("read and check every pack that comes along", 0.1, [] {
        for (const BuiltInPack &pack : builtInPacks())
            if (!readPack(pack.text))
                std::printf("%s is refused\n", std::string(pack.id).c_str());
    });
    const auto subjects = portfolio(models, now);
    Impact impact;
    const std::string what = "impact of " + std::to_string(kRules) + " rules on " + std::to_string(models) + " models of " + std::to_string(kVersions) + " versions";
    timed(what.c_str(), 3, [&] { impact = impactOf(rules(0), rules(-0.02), subjects, now); });
    std::printf("%zu verdicts change. %s\n", impact.flips.size(), impact.sentence().c_str());
}
