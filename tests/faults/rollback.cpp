// A ledger whose end was cut off, that was put back to an older state, or that went on otherwise: given any head that
// somebody kept.

#include "tests/faults/rollback.h"

#include "models/ledger/checkpoint.h"
#include "models/services/ledger/proofs.h"
#include "tests/faults/oracle.h"

#include <map>

namespace countersign::faults {

namespace {

namespace fs = std::filesystem;

/// A state of the ledger that was kept: the whole workspace, and the signed head alone.
struct Kept {
    fs::path copy;
    services::SignedHead head;
};

/// A workspace that is signed in, with a copy and a head kept after every sign-off.
class History
{
public:
    explicit History(const Workplace &place)
        : m_place(place)
    {
    }

    Status goOn(int signOffs)
    {
        auto session = m_place.open();
        const auto key = m_place.personKey();
        const auto bundles = m_place.bundles();
        if (!session || !key || !bundles)
            return session ? key ? bundles.error() : key.error() : session.error();
        for (int i = 0; i < signOffs; ++i) {
            const auto receipt =
                signOff(**session, *key, bundles->front(), (*session)->environment().randomness->uuid());
            if (!receipt)
                return receipt.error();
            const auto head = (*session)->verifiedHead();
            const auto copy = m_place.address + "." + std::to_string(m_kept.size());
            fs::copy_file(m_place.address, copy, fs::copy_options::overwrite_existing);
            m_kept.push_back(
                {copy,
                 {head.size, ledger::signCheckpoint({ledger::checkpointOrigin((*session)->ledgerId()), head},
                                                    *(*session)->environment().device)}});
        }
        return {};
    }
    const std::vector<Kept> &kept() const { return m_kept; }

private:
    Workplace m_place;
    std::vector<Kept> m_kept;
};

/// Whether the workspace in this copy owns up to a head that was kept: nothing, or the refusal.
Status ownsUpTo(const Workplace &keys, const Kept &now, const Kept &kept)
{
    auto session = Workplace::at(keys.folder, now.copy.string()).open(true);
    if (!session)
        return session.error();
    const auto proof = services::proveContinuation(**session, kept.head.note, now.head);
    return proof ? Status() : Status(proof.error());
}

/// Overwrites a file in place, as a restored backup or a synchronising folder does, under a program that has it open.
bool overwrite(const fs::path &with, const fs::path &file)
{
    const auto bytes = readFile(with);
    return bytes && writeFile(file, *bytes).ok();
}

class RollingBack
{
public:
    RollingBack(const Plan &plan, const Workplace &place, int length)
        : m_plan(plan)
        , m_place(place)
        , m_length(length)
    {
    }

    Tally run()
    {
        History history(m_place);
        if (const auto status = history.goOn(m_length); !status) {
            m_tally.fail(m_plan, 0, status.error().text());
            return m_tally;
        }
        const auto &kept = history.kept();
        for (const auto &head : kept)
            for (const auto &copy : kept)
                ask(copy, head, copy.head.size < head.head.size, "put back");
        askMemory(kept);
        askOpenProgram(kept);
        for (std::size_t at = 0; at + 1 < kept.size(); at += m_plan.isLong ? 1 : 5)
            askFork(kept, at);
        m_tally.notes.push_back(std::to_string(kept.size()) + " heads kept; " + std::to_string(m_truthful) +
                                " times the state that was kept was a beginning of the present one, and was called so");
        return m_tally;
    }

private:
    void judge(bool isWrong, const Status &answer, const std::string &what)
    {
        ++m_tally.runs;
        if (!isWrong) {
            ++m_truthful;
            if (!answer)
                m_tally.fail(m_plan, 0, what + " is in order, and what is said is: " + answer.error().text());
        } else if (answer) {
            ++m_tally.undetected;
            m_tally.fail(m_plan, 0, what + " was not detected");
        } else if (answer.error().kind != ErrorKind::Tampered) {
            ++m_tally.misnamed;
            m_tally.fail(m_plan, 0, what + " is called: " + answer.error().text());
        } else {
            ++m_tally.detected;
        }
    }

    void ask(const Kept &copy, const Kept &head, bool isWrong, const char *how)
    {
        judge(isWrong, ownsUpTo(m_place, copy, head),
              "a ledger of " + std::to_string(copy.head.size) + " entries " + how + ", with a head of " +
                  std::to_string(head.head.size) + " kept");
    }

    /// A computer that remembers what it verified, outside the database: it opens an older state, and does not write to
    /// it.
    void askMemory(const std::vector<Kept> &kept)
    {
        std::error_code error;
        const fs::path folder = m_plan.scratch / "remembering";
        fs::copy(m_place.folder, folder, fs::copy_options::recursive, error);
        m_memory = Workplace::at(folder, kept.back().copy.string());
        if (error || !m_memory.remember() || !m_memory.open()) {
            m_tally.fail(m_plan, 0, "the newest state does not open");
            return;
        }
        for (const auto &copy : kept)
            judge(copy.head.size < kept.back().head.size, remembers(copy),
                  "a ledger of " + std::to_string(copy.head.size) +
                      " entries put back before a computer that remembers " + std::to_string(kept.back().head.size));
    }

    /// Whether the computer that remembers would write to this state: nothing, or why not.
    Status remembers(const Kept &now) const
    {
        const auto session = Workplace::at(m_memory.folder, now.copy.string()).open();
        if (!session)
            return session.error();
        return (*session)->damage() ? Status(*(*session)->damage()) : Status();
    }

    /// A program that has the workspace open knows what it saw: it never writes to less.
    void askOpenProgram(const std::vector<Kept> &kept)
    {
        for (std::size_t i = kept.size() - 1; i > 0;
             i -= std::min(i, m_plan.isLong ? std::size_t(1) : std::size_t(7))) {
            for (const std::size_t back : {std::size_t(0), i - 1}) {
                const fs::path file = m_plan.scratch / "open.countersign";
                fs::remove(file);
                fs::copy_file(kept[i].copy, file);
                const auto place = Workplace::at(m_place.folder, file.string());
                auto session = place.open();
                const auto key = place.personKey();
                if (!session || !key || !overwrite(kept[back].copy, file)) {
                    m_tally.fail(m_plan, 0, "the copy does not open");
                    return;
                }
                const auto receipt = signOff(**session, *key, place.bundles()->front(), SystemRandomness().uuid());
                judge(true, receipt ? Status() : Status(receipt.error()),
                      "a ledger of " + std::to_string(kept[i].head.size) + " entries put back to " +
                          std::to_string(kept[back].head.size) + " under an open program");
            }
        }
    }

    /// From one of the copies on, another history; longer than any head that was kept.
    void askFork(const std::vector<Kept> &kept, std::size_t at)
    {
        const fs::path file = m_plan.scratch / ("fork" + std::to_string(at) + ".countersign");
        fs::copy_file(kept[at].copy, file);
        History fork(Workplace::at(m_place.folder, file.string()));
        if (const auto status = fork.goOn(m_length - static_cast<int>(at) + 2); !status) {
            m_tally.fail(m_plan, 0, "the fork does not go on: " + status.error().text());
            return;
        }
        for (const auto &head : kept)
            ask(fork.kept().back(), head, head.head.size > kept[at].head.size,
                ("that left the known one after " + std::to_string(kept[at].head.size)).c_str());
        judge(true, remembers(fork.kept().back()),
              "a ledger that left the known one after " + std::to_string(kept[at].head.size) +
                  ", before a computer that remembers it");
        for (const auto &state : fork.kept())
            fs::remove(state.copy);
    }

    const Plan &m_plan;
    const Workplace &m_place;
    int m_length;
    Workplace m_memory;
    std::int64_t m_truthful = 0;
    Tally m_tally;
};

} // namespace

Tally rollBack(const Plan &plan)
{
    const auto place = Workplace::make(plan.scratch / "keys", (plan.scratch / "w.countersign").string());
    if (!place) {
        Tally failed;
        failed.fail(plan, 0, place.error().text());
        return failed;
    }
    return RollingBack(plan, *place, plan.runs).run();
}

} // namespace countersign::faults
