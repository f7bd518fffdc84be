// The line to PostgreSQL is cut while a sign-off is recorded.

#include "tests/faults/socket.h"

#include "tests/faults/cuttingproxy.h"
#include "tests/faults/signing.h"
#include "tests/support/postgresserver.h"

#include <optional>
#include <set>

namespace countersign::faults {

namespace {

using Direction = CuttingProxy::Direction;
using Way = CuttingProxy::Way;
constexpr int kRunsEach = 200; ///< of a database

/// A durable server, one workspace at a time, the proxy before it, and a connection of its own that nothing cuts.
class Line
{
public:
    explicit Line(const Plan &plan)
        : m_plan(plan)
        , m_proxy(m_server.port())
    {
    }

    bool renew(int run, Tally &tally)
    {
        m_direct.reset();
        m_oracle = {};
        const auto made = m_server.isRunning()
                              ? Workplace::make(m_plan.scratch / std::to_string(run), m_server.loopbackUri())
                              : Result<Workplace>(Error{ErrorKind::Io, m_server.log().toStdString(), {}});
        auto direct = made ? made->open() : Result<std::unique_ptr<services::Session>>(made.error());
        const auto key = made ? made->personKey() : Result<crypto::SigningKey>(made.error());
        if (!direct || !key) {
            tally.fail(m_plan, run, direct ? key.error().text() : direct.error().text());
            return false;
        }
        m_direct = std::move(*direct);
        m_place = *made;
        m_bundle = made->bundles()->front();
        auto cut = *database::Location::parse(made->address);
        cut.port = m_proxy.port();
        m_through = Workplace::at(made->folder, cut.text());
        return true;
    }

    /// How many bytes a sign-off sends and gets, the largest of a few.
    bool measure(int run, Tally &tally)
    {
        for (int i = 0; i < 3; ++i) {
            auto session = m_through->open();
            m_proxy.count();
            const std::string id = SystemRandomness().uuid();
            const auto receipt = session ? sign(**session, id) : Result<services::SignReceipt>(session.error());
            if (!receipt) {
                tally.fail(m_plan, run, "through the proxy: " + receipt.error().text());
                return false;
            }
            m_oracle.begun(id, m_bundle);
            m_oracle.acknowledged(id, receipt->leaf);
            m_sizes[0] = std::max(m_sizes[0], m_proxy.passed(Direction::ToServer));
            m_sizes[1] = std::max(m_sizes[1], m_proxy.passed(Direction::ToClient));
        }
        return true;
    }
    std::int64_t size(Direction direction) const { return m_sizes[static_cast<int>(direction)]; }

    /// One sign-off whose line is cut there; its outcome is found out by id, and it is submitted again where it is
    /// absent.
    void cut(int run, Direction direction, std::int64_t bytes, Way way, Tally &tally)
    {
        m_proxy.count(); // the last cut is done
        auto session = m_through->open();
        if (!session) {
            tally.fail(m_plan, run, session.error().text());
            return;
        }
        const std::string id = SystemRandomness().uuid();
        m_oracle.begun(id, m_bundle);
        m_proxy.cutAfter(direction, bytes, way);
        const auto begin = std::chrono::steady_clock::now();
        const auto receipt = sign(**session, id);
        const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        m_longest = std::max(m_longest, seconds);
        m_cuts += m_proxy.hasCut();
        if (receipt) {
            m_oracle.acknowledged(id, receipt->leaf);
            ++tally.acknowledged;
            return;
        }
        m_sentences.insert(receipt.error().text());
        m_oracle.resolve(m_plan, run, *m_direct, *m_place->personKey(), tally);
    }

    void check(int run, Tally &tally) { m_oracle.check(m_plan, run, *m_direct, tally); }

    void note(Tally &tally) const
    {
        tally.notes.push_back("a sign-off sends " + std::to_string(m_sizes[0]) + " bytes and gets " +
                              std::to_string(m_sizes[1]) + "; " + std::to_string(m_cuts) + " of " +
                              std::to_string(tally.runs) + " runs were cut; the longest took " +
                              std::to_string(m_longest).substr(0, 5) + " s until it said so");
        std::size_t listed = 0;
        for (const auto &sentence : m_sentences)
            if (++listed <= 6)
                tally.notes.push_back("said: " + sentence.substr(0, 300));
    }

private:
    Result<services::SignReceipt> sign(services::Session &session, const std::string &id) const
    {
        return signOff(session, *m_place->personKey(), m_bundle, id);
    }

    const Plan &m_plan;
    test::PostgresServer m_server{test::PostgresServer::Options{.isDurable = true, .onLoopback = true}};
    CuttingProxy m_proxy;
    std::optional<Workplace> m_place;
    std::optional<Workplace> m_through;
    std::unique_ptr<services::Session> m_direct;
    BundleId m_bundle;
    Oracle m_oracle;
    std::int64_t m_sizes[2] = {0, 0};
    std::int64_t m_cuts = 0;
    double m_longest = 0;
    std::set<std::string> m_sentences;
};

/// Every other place of a sample is among the last bytes of either way, where it is decided whether the commit was
/// heard of.
std::int64_t samplePlace(SeededRandomness &chance, std::int64_t there, std::int64_t all)
{
    const bool isAtEnd = chance.next() % 2;
    const auto anywhere = static_cast<std::int64_t>(chance.next() % static_cast<std::uint64_t>(all));
    if (!isAtEnd)
        return anywhere;
    return anywhere < there ? there - 1 - anywhere % (there / 8) : all - 1 - anywhere % ((all - there) / 8);
}

} // namespace

Tally cutSocket(const Plan &plan)
{
    Tally tally;
    Line line(plan);
    if (!line.renew(plan.first, tally) || !line.measure(plan.first, tally))
        return tally;
    // Run n is the n-th byte of all that goes there, then of all that comes back; a sample takes them by chance.
    const auto there = line.size(Direction::ToServer);
    const auto all = there + line.size(Direction::ToClient);
    const int end = plan.isLong ? static_cast<int>(std::min<std::int64_t>(all, plan.end())) : plan.end();
    for (int run = plan.first; run < end; ++run, ++tally.runs) {
        auto chance = plan.chance(run);
        const auto place = plan.isLong ? run : samplePlace(chance, there, all);
        if (run % kRunsEach == 0 && run > plan.first) {
            line.check(run, tally);
            if (!line.renew(run, tally))
                return tally;
        }
        line.cut(run, place < there ? Direction::ToServer : Direction::ToClient, place < there ? place : place - there,
                 static_cast<Way>(chance.next() % 3), tally);
        sayProgress(plan, run, tally);
    }
    line.check(end, tally);
    line.note(tally);
    return tally;
}

} // namespace countersign::faults
