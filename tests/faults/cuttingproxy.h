#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace countersign::faults {

/// Stands between a client and a server of this machine, passes bytes on, and cuts the line when it is told to. Counts
/// what passes.
class CuttingProxy
{
public:
    enum class Direction { ToServer, ToClient };
    enum class Way {
        Reset,  ///< both ends get RST
        Close,  ///< both ends get FIN
        Silence ///< nothing passes any more, either way; after a short while RST
    };

    explicit CuttingProxy(int serverPort);
    ~CuttingProxy(); ///< cuts what is open
    CuttingProxy(const CuttingProxy &) = delete;
    CuttingProxy &operator=(const CuttingProxy &) = delete;

    int port() const { return m_port; } ///< 0 when it could not listen
    /// Begins to count at zero; cuts before the byte with this number, from 0, would pass in that direction.
    void cutAfter(Direction direction, std::int64_t bytes, Way way);
    /// Begins to count at zero; cuts nothing.
    void count();
    std::int64_t passed(Direction direction) const { return m_passed[static_cast<int>(direction)]; }
    bool hasCut() const { return m_hasCut; }

private:
    void serve();
    void pass(int client);
    bool forward(int from, int to, Direction direction);
    void cut(int client, int server);

    int m_serverPort;
    int m_port = 0;
    int m_listener = -1;
    int m_stop[2] = {-1, -1};
    std::atomic<std::int64_t> m_passed[2] = {0, 0};
    std::atomic<std::int64_t> m_limit[2] = {-1, -1};
    std::atomic<Way> m_way{Way::Reset};
    std::atomic<bool> m_hasCut{false};
    std::thread m_thread;
};

} // namespace countersign::faults
