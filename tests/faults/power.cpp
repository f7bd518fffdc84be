// Power cuts and failing disks under SQLite.

#include "tests/faults/power.h"

#include "models/crypto/sha256.h"
#include "models/services/imports/imports.h"
#include "tests/faults/diskmodel.h"
#include "tests/faults/oracle.h"

#include <optional>
#include <set>

#include <unistd.h>

namespace countersign::faults {

namespace {

namespace fs = std::filesystem;
constexpr int kSignOffs = 3;
constexpr const char *kImported = "m9,1,auc,2026-02-01,2026-03-01,0.71,4700\n";

/// In memory where there is such a place: thousands of files are written and synced.
fs::path quickFolder(const Plan &plan)
{
    const fs::path memory = "/dev/shm";
    std::error_code ignored;
    const bool isThere = ::access(memory.c_str(), W_OK) == 0;
    auto folder = (isThere ? memory : plan.scratch) / ("countersign-faults-" + std::to_string(::getpid()));
    fs::create_directories(folder, ignored);
    return folder;
}

struct Removed {
    fs::path folder;
    ~Removed()
    {
        std::error_code ignored;
        fs::remove_all(folder, ignored);
    }
};

Result<fs::path> metricsToImport(const fs::path &folder, int rows)
{
    std::string text = "model,version,metric,window_start,window_end,value,n\n" + std::string(kImported);
    for (int row = 0; row < rows; ++row)
        text += "m9,1,brier," + formatUtc(fromMillis(1'700'000'000'000 + row * 3'600'000LL)) + "," +
                formatUtc(fromMillis(1'700'003'600'000 + row * 3'600'000LL)) + ",0.1" + std::to_string(row) + ",10\n";
    const auto file = folder / "import.csv";
    const auto written = writeFile(file, text);
    return written ? Result<fs::path>(file) : Result<fs::path>(written.error());
}

/// A workspace at rest, and all that was asked of the disk while somebody opened it, signed, imported and closed it.
struct Recording {
    Workplace place;
    DiskModel::Files before;
    std::vector<DiskStep> steps;
};

Result<Recording> recordSession(const fs::path &folder)
{
    const auto made = Workplace::make(folder / "keys", (folder / "w.countersign").string());
    const auto file = metricsToImport(folder, 60);
    const auto key = made ? made->personKey() : Result<crypto::SigningKey>(made.error());
    const auto bytes = made ? readFile(made->address) : Result<Bytes>(made.error());
    if (!made || !file || !key || !bytes)
        return !made ? made.error() : !file ? file.error() : !key ? key.error() : bytes.error();
    Recording recording{*made, {{made->address, *bytes}}, {}};
    auto &shim = DiskShim::instance();
    shim.record();
    {
        auto session = made->open();
        if (!session)
            return session.error();
        for (int i = 0; i < kSignOffs; ++i) {
            const auto id = SystemRandomness().uuid();
            shim.mark("S " + id);
            const auto receipt = signOff(**session, *key, made->bundles()->front(), id);
            if (!receipt)
                return receipt.error();
            shim.mark("A " + id + " " + receipt->leaf.hex());
            if (i == 0) {
                shim.mark("I");
                if (const auto imported = services::importMetrics(**session, *file, {}); !imported)
                    return imported.error();
                shim.mark("J");
            }
        }
    }
    recording.steps = shim.stopRecording();
    return recording;
}

/// Whether the files, as a power cut left them, are a workspace that keeps what was acknowledged.
class Judge
{
public:
    Judge(const Plan &plan, const Recording &recording, fs::path folder)
        : m_plan(plan)
        , m_recording(recording)
        , m_folder(std::move(folder))
    {
    }

    void see(const DiskStep &step)
    {
        const auto &mark = step.bytes;
        if (step.kind != DiskStep::Kind::Mark || mark.empty())
            return;
        if (mark[0] == 'S')
            m_oracle.begun(mark.substr(2), m_recording.place.bundles()->front());
        else if (mark[0] == 'A')
            m_oracle.acknowledged(mark.substr(2, 36), *Digest::parse("sha256:" + mark.substr(39)));
        else if (mark[0] == 'J')
            m_isImported = true;
    }

    /// False: a state that was judged before.
    bool isNew(const DiskModel::Files &files)
    {
        crypto::Sha256 hash;
        hash.add(std::to_string(m_oracle.count()) + (m_isImported ? "i" : ""));
        for (const auto &[name, bytes] : files)
            hash.add(name + std::to_string(bytes.size()) + bytes);
        return m_seen.insert(hash.finish()).second;
    }

    void judge(int run, const DiskModel::Files &files, Tally &tally)
    {
        fs::remove_all(m_folder);
        fs::create_directories(m_folder);
        for (const auto &[name, bytes] : files)
            if (const auto written = writeFile(m_folder / fs::path(name).filename(), bytes); !written)
                tally.fail(m_plan, run, written.error().text());
        const auto place = Workplace::at(m_recording.place.folder,
                                         (m_folder / fs::path(m_recording.place.address).filename()).string());
        ++tally.runs;
        tally.acknowledged += static_cast<std::int64_t>(m_oracle.count()) + m_isImported;
        const auto session = reopen(m_plan, run, place, tally);
        if (!session) {
            tally.lost += static_cast<std::int64_t>(m_oracle.count());
            return;
        }
        m_oracle.check(m_plan, run, *session, tally);
        if (m_isImported) {
            const auto again =
                services::importMetrics(*session, m_recording.place.folder.parent_path() / "import.csv", {});
            if (!again || again->alreadyImported.empty()) {
                ++tally.lost;
                tally.fail(m_plan, run, "the import was acknowledged and is gone");
            }
        }
    }

private:
    const Plan &m_plan;
    const Recording &m_recording;
    fs::path m_folder;
    Oracle m_oracle;
    bool m_isImported = false;
    std::set<Digest> m_seen;
};

Tally cutPowerOn(const Plan &plan, bool keepsPromises)
{
    using Survives = DiskModel::Survives;
    Tally tally;
    const Removed folder{quickFolder(plan)};
    const auto recording = recordSession(folder.folder);
    if (!recording) {
        tally.fail(plan, 0, recording.error().text());
        return tally;
    }
    const auto &steps = recording->steps;
    std::int64_t syncs = 0;
    for (const auto &step : steps)
        syncs += step.kind == DiskStep::Kind::Sync;
    // As many rounds over all places as give the number of states; fewer than one: a sample of the places.
    DiskModel::Files const &before = recording->before;
    int wrongStates = 0;
    for (int round = 0; tally.runs < plan.runs && round < 200; ++round) {
        DiskModel disk(before, keepsPromises);
        Judge judge(plan, *recording, folder.folder / "cut");
        auto chance = plan.chance(round);
        const std::uint64_t stride =
            std::max<std::uint64_t>(1, steps.size() * 4 / static_cast<std::uint64_t>(std::max(plan.runs, 1)));
        std::uint64_t place = 0;
        for (const auto &step : steps) {
            disk.apply(step);
            judge.see(step);
            if (place++ % stride != chance.next() % stride)
                continue;
            for (const auto survives :
                 {Survives::Nothing, Survives::Everything, Survives::Beginning, Survives::Sectors}) {
                if (round > 0 && (survives == Survives::Nothing || survives == Survives::Everything))
                    continue; // the same as in the round before
                const auto files = disk.afterPowerCut(survives, chance);
                if (tally.runs >= plan.runs || !judge.isNew(files))
                    continue;
                const auto wrongBefore = tally.failures.size() + static_cast<std::size_t>(tally.lost + tally.doubled);
                judge.judge(round, files, tally);
                wrongStates +=
                    tally.failures.size() + static_cast<std::size_t>(tally.lost + tally.doubled) != wrongBefore;
                sayProgress(plan, static_cast<int>(tally.runs), tally);
            }
        }
    }
    tally.notes.push_back(std::to_string(steps.size()) + " steps of the disk with " + std::to_string(syncs) +
                          " syncs; " + std::to_string(tally.runs) + " different states after a power cut, " +
                          std::to_string(wrongStates) + " of them wrong");
    return tally;
}

} // namespace

Tally cutPower(const Plan &plan)
{
    return cutPowerOn(plan, true);
}

Tally cutPowerUnsynced(const Plan &plan)
{
    Tally tally = cutPowerOn(plan, false);
    if (tally.lost > 0)
        tally.failures.clear(); // what is wrong here is what is wanted
    tally.mustLose = true;
    return tally;
}

Tally failDisk(const Plan &plan)
{
    Tally tally;
    auto &shim = DiskShim::instance();
    const Removed folder{quickFolder(plan)};
    const auto origin = Workplace::make(folder.folder / "keys", (folder.folder / "origin.countersign").string());
    const auto csv = metricsToImport(folder.folder, 5);
    const auto key = origin ? origin->personKey() : Result<crypto::SigningKey>(origin.error());
    if (!origin || !csv || !key) {
        tally.fail(plan, 0, !origin ? origin.error().text() : !csv ? csv.error().text() : key.error().text());
        return tally;
    }
    std::set<std::string> sentences;
    bool isReached[4] = {true, true, true, true};
    // Run n is call n / 4 of a sign-off or an import, failing once or for good. A sample takes every so many calls.
    const int stride = plan.isLong ? 1 : 9;
    for (int run = plan.first; run < plan.end() && (isReached[0] || isReached[1] || isReached[2] || isReached[3]);
         ++run) {
        const int way = run % 4;
        if (!isReached[way])
            continue;
        const auto file = folder.folder / "w.countersign";
        fs::copy_file(origin->address, file, fs::copy_options::overwrite_existing);
        const auto place = Workplace::at(origin->folder, file.string());
        Oracle oracle;
        const auto id = SystemRandomness().uuid();
        const bool isImport = way >= 2;
        Status answer;
        {
            auto session = reopen(plan, run, place, tally);
            if (!session)
                return tally;
            shim.failAt(static_cast<std::int64_t>(run / 4) * stride,
                        way % 2 ? DiskShim::Failure::Stuck : DiskShim::Failure::Once);
            if (isImport) {
                const auto outcome = services::importMetrics(*session, *csv, {});
                answer = outcome ? Status() : Status(outcome.error());
            } else {
                oracle.begun(id, origin->bundles()->front());
                const auto receipt = signOff(*session, *key, origin->bundles()->front(), id);
                if (receipt)
                    oracle.acknowledged(id, receipt->leaf);
                answer = receipt ? Status() : Status(receipt.error());
            }
            if (way % 2 == 0)
                isReached[way] = shim.stopFailing();
        }
        if (way % 2)
            isReached[way] = shim.stopFailing();
        if (!isReached[way])
            continue;
        ++tally.runs;
        tally.acknowledged += answer.ok();
        tally.refused += !answer;
        if (!answer)
            sentences.insert(answer.error().text());
        if (!answer && answer.error().kind != ErrorKind::Io && answer.error().kind != ErrorKind::Conflict)
            tally.fail(plan, run, "a failing disk is called: " + answer.error().text());
        const auto session = reopen(plan, run, place, tally);
        if (!session)
            return tally;
        oracle.check(plan, run, *session, tally);
        if (isImport) {
            // Whole or not there, and once it works it is there once.
            const auto first = services::importMetrics(*session, *csv, {});
            const auto second = services::importMetrics(*session, *csv, {});
            const bool wasThere = first && !first->alreadyImported.empty();
            if (!first || !second || second->alreadyImported.empty() || (!wasThere && first->observations != 6))
                tally.fail(plan, run,
                           "importing again: " +
                               (!first ? first.error().text() : std::to_string(first->observations) + " observations"));
            if (answer && !wasThere)
                ++tally.lost;
            if (!answer)
                ++(wasThere ? tally.foundLater : tally.absentLater);
        } else {
            oracle.resolve(plan, run, *session, *key, tally);
        }
        oracle.check(plan, run, *session, tally);
        sayProgress(plan, run, tally);
    }
    std::size_t listed = 0;
    for (auto sentence : sentences) {
        for (auto at = sentence.find(folder.folder.string()); at != std::string::npos;
             at = sentence.find(folder.folder.string()))
            sentence.replace(at, folder.folder.string().size(), "…");
        if (++listed <= 8)
            tally.notes.push_back("said: " + sentence.substr(0, 300));
    }
    return tally;
}

} // namespace countersign::faults
