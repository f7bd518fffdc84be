#include "tests/faults/cuttingproxy.h"

#include <algorithm>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace countersign::faults {

namespace {

constexpr int kSilenceMs = 40;

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

bool sendAll(int socket, const char *bytes, std::size_t size)
{
    while (size > 0) {
        const auto sent = ::send(socket, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

void closeWithReset(int socket)
{
    const linger now{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(socket);
}

} // namespace

CuttingProxy::CuttingProxy(int serverPort)
    : m_serverPort(serverPort)
    , m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) != 0 || ::listen(m_listener, 8) != 0 ||
        ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) != 0 ||
        ::pipe2(m_stop, O_CLOEXEC) != 0)
        return;
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { serve(); });
}

CuttingProxy::~CuttingProxy()
{
    if (m_stop[1] >= 0)
        ::close(m_stop[1]); // its other end becomes readable
    if (m_thread.joinable())
        m_thread.join();
    ::close(m_listener);
    if (m_stop[0] >= 0)
        ::close(m_stop[0]);
}

void CuttingProxy::cutAfter(Direction direction, std::int64_t bytes, Way way)
{
    count();
    m_way = way;
    m_limit[static_cast<int>(direction)] = bytes;
}

void CuttingProxy::count()
{
    m_limit[0] = m_limit[1] = -1;
    m_passed[0] = m_passed[1] = 0;
    m_hasCut = false;
}

void CuttingProxy::serve()
{
    for (;;) {
        pollfd waits[] = {{m_listener, POLLIN, 0}, {m_stop[0], POLLIN, 0}};
        if (::poll(waits, 2, -1) < 0 || waits[1].revents)
            return;
        const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (client >= 0)
            pass(client);
    }
}

/// One connection to its end. One at a time is enough for one client.
void CuttingProxy::pass(int client)
{
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(m_serverPort);
    const int yes = 1;
    for (const int socket : {client, server})
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    bool isOpen = ::connect(server, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    while (isOpen) {
        pollfd waits[] = {{client, POLLIN, 0}, {server, POLLIN, 0}, {m_stop[0], POLLIN, 0}};
        isOpen = ::poll(waits, 3, -1) >= 0 && !waits[2].revents;
        if (isOpen && waits[0].revents)
            isOpen = forward(client, server, Direction::ToServer);
        if (isOpen && waits[1].revents)
            isOpen = forward(server, client, Direction::ToClient);
    }
    cut(client, server);
}

bool CuttingProxy::forward(int from, int to, Direction direction)
{
    char bytes[16384];
    const auto got = ::recv(from, bytes, sizeof bytes, 0);
    if (got <= 0)
        return false;
    auto &passed = m_passed[static_cast<int>(direction)];
    const std::int64_t limit = m_limit[static_cast<int>(direction)];
    const std::int64_t room = limit < 0 ? got : std::clamp<std::int64_t>(limit - passed, 0, got);
    passed += room;
    m_hasCut = room < got;
    return sendAll(to, bytes, static_cast<std::size_t>(room)) && room == got;
}

void CuttingProxy::cut(int client, int server)
{
    const bool isFault = m_hasCut;
    const Way way = m_way; // both may be set anew while nothing is heard
    if (isFault && way == Way::Silence) {
        pollfd stop{m_stop[0], POLLIN, 0};
        ::poll(&stop, 1, kSilenceMs); // how long nothing is heard is the fault
    }
    for (const int socket : {client, server}) {
        if (isFault && way != Way::Close)
            closeWithReset(socket);
        else
            ::close(socket);
    }
}

} // namespace countersign::faults
