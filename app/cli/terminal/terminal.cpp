#include "app/cli/terminal/terminal.h"

#include "models/base/text.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace countersign::cli {

namespace {

std::atomic<bool> g_interrupted{false};

extern "C" void onInterrupt(int signal)
{
    if (g_interrupted.exchange(true)) {
        std::signal(signal, SIG_DFL);
        ::raise(signal);
    }
}

/// Echo off while it lives, whatever happens.
class Silence
{
public:
    Silence()
    {
        m_isOff = ::tcgetattr(STDIN_FILENO, &m_before) == 0;
        termios quiet = m_before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        quiet.c_lflag |= ECHONL;
        if (m_isOff)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~Silence()
    {
        if (m_isOff)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }
    Silence(const Silence &) = delete;
    Silence &operator=(const Silence &) = delete;

private:
    termios m_before{};
    bool m_isOff = false;
};

std::string counted(std::uint64_t n)
{
    std::string digits = std::to_string(n);
    for (std::size_t at = digits.size(); at > 3;)
        digits.insert(at -= 3, ",");
    return digits;
}

} // namespace

void keepStandardStreams()
{
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) == -1 && ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream)
            std::abort(); // the lowest number that is free is what open() gives
}

void catchInterrupts()
{
    struct sigaction action = {};
    action.sa_handler = onInterrupt; // without SA_RESTART: a question that waits for an answer must end
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN); // a reader that has gone is no reason to die in the middle of a write to the database
}

const std::atomic<bool> &interrupted() { return g_interrupted; }

Terminal::Terminal()
{
    m_isOutTerminal = ::isatty(STDOUT_FILENO) == 1;
    m_isErrTerminal = ::isatty(STDERR_FILENO) == 1;
    m_mayAsk = ::isatty(STDIN_FILENO) == 1 && m_isErrTerminal;
    const char *noColour = std::getenv("NO_COLOR");
    const char *kind = std::getenv("TERM");
    m_hasColour = m_isOutTerminal && !(noColour && *noColour) && !(kind && std::strcmp(kind, "dumb") == 0);
    winsize size = {};
    if (m_isOutTerminal)
        m_width = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

void Terminal::print(const std::string &text)
{
    endProgress();
    if (m_isCut || m_isBroken)
        return;
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
        return;
    (errno == EPIPE ? m_isCut : m_isBroken) = true;
}

void Terminal::say(const std::string &sentence)
{
    endProgress();
    std::fprintf(stderr, "%s\n", text::visible(sentence).c_str());
}

void Terminal::detail(const std::string &sentence)
{
    if (m_wishes.isVerbose)
        say(sentence);
}

Status Terminal::flush()
{
    if (m_isBroken)
        return Error{ErrorKind::Io, "The output could not be written completely; the disk may be full.", {}};
    return {};
}

Result<crypto::Secret> Terminal::askSecret(const std::string &question)
{
    endProgress();
    std::fprintf(stderr, "%s ", text::visible(question).c_str());
    std::fflush(stderr);
    const Silence silence;
    crypto::Secret typed(1024);
    std::size_t length = 0;
    for (;;) {
        char c = 0;
        const ssize_t got = ::read(STDIN_FILENO, &c, 1);
        if (got <= 0)
            return Error{ErrorKind::Cancelled, "Nothing was entered; nothing was changed.", {}};
        if (c == '\n')
            break;
        if (length == typed.size())
            return Error{ErrorKind::Invalid, "That is longer than 1024 bytes.", {}};
        typed.data()[length++] = static_cast<std::uint8_t>(c);
    }
    crypto::Secret secret(length);
    if (length > 0)
        std::memcpy(secret.data(), typed.data(), length);
    return secret;
}

Progress Terminal::progress()
{
    Progress progress;
    progress.cancel = &g_interrupted;
    if (!m_isErrTerminal)
        return progress;
    progress.report = [this](std::uint64_t done, std::uint64_t total, const std::string &stage) {
        const auto now = std::chrono::steady_clock::now();
        if (now - m_lastProgress < std::chrono::milliseconds(100))
            return;
        m_lastProgress = now;
        std::string line = text::visible(stage) + " " + counted(done);
        if (total > 0)
            line += " of " + counted(total) + " (" + std::to_string(done * 100 / total) + " %)";
        const std::size_t length = line.size();
        if (length < m_progressLength)
            line.append(m_progressLength - length, ' ');
        m_progressLength = length;
        std::fprintf(stderr, "\r%s", line.c_str());
        std::fflush(stderr);
    };
    return progress;
}

void Terminal::endProgress()
{
    if (m_progressLength == 0)
        return;
    std::fprintf(stderr, "\r%s\r", std::string(m_progressLength, ' ').c_str());
    m_progressLength = 0;
}

} // namespace countersign::cli
