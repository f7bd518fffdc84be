#include "tests/faults/worker.h"

#include "models/services/imports/imports.h"
#include "models/services/workspace/verification.h"
#include "tests/faults/workplace.h"

#include <algorithm>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace countersign::faults {

namespace {

using Clock = std::chrono::steady_clock;

/// One write for one line: what was written before a kill is in the pipe, and nothing after it.
void tell(const std::string &line)
{
    const std::string whole = line + "\n";
    if (::write(STDOUT_FILENO, whole.data(), whole.size()) != static_cast<ssize_t>(whole.size()))
        ::_exit(9); // nobody listens any more
}

std::string oneLine(std::string text)
{
    std::ranges::replace(text, '\n', ' ');
    return text;
}

void tellError(const std::string &id, const Error &error)
{
    tell("E " + id + " " + std::to_string(static_cast<int>(error.kind)) + " " + oneLine(error.text()));
}

/// sign FOLDER ADDRESS BUNDLE COUNT MODE: signs one frozen review again and again. MODE says what comes after a
/// failure: "once" the next sign-off, "stop" the end, "again" a new connection and the same id until it is recorded.
int sign(const Workplace &place, const std::vector<std::string> &arguments)
{
    auto session = place.open();
    const auto key = place.personKey();
    if (!session || !key) {
        tellError("-", session ? key.error() : session.error());
        return 1;
    }
    tell("R");
    const BundleId bundle = BundleId::of(arguments.at(0));
    const int count = std::stoi(arguments.at(1));
    const std::string &mode = arguments.at(2);
    for (int i = 0; i < count; ++i) {
        const std::string id = SystemRandomness().uuid();
        tell("S " + id);
        const auto begin = Clock::now();
        auto receipt = signOff(**session, *key, bundle, id);
        for (int attempt = 0; !receipt && attempt < 100; ++attempt) {
            tellError(id, receipt.error());
            if (mode == "stop")
                return 1;
            if (mode == "once")
                break;
            if (auto again = place.open())
                session = std::move(again);
            receipt = signOff(**session, *key, bundle, id);
        }
        const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
        if (receipt)
            tell("A " + id + " " + receipt->leaf.hex() + " " + std::to_string(micros));
    }
    return 0;
}

/// signer FOLDER ADDRESS LOGIN BUNDLE COUNT: as one of many persons. What moved since it was frozen is told as "T id",
/// frozen again and signed anew.
int signAmongOthers(const Workplace &place, const std::vector<std::string> &arguments)
{
    auto session = place.open();
    const auto key = place.personKey(arguments.at(0));
    const auto person = session ? (*session)->setPerson(arguments.at(0)) : Status(session.error());
    if (!person || !key) {
        tellError("-", person ? key.error() : person.error());
        return 1;
    }
    BundleId bundle = BundleId::of(arguments.at(1));
    tell("R");
    char go = 0;
    if (::read(STDIN_FILENO, &go, 1) < 0) // ends when everybody is ready
        return 1;
    const int count = std::stoi(arguments.at(2));
    for (int i = 0; i < count; ++i) {
        const std::string id = SystemRandomness().uuid();
        tell("S " + id);
        const auto begin = Clock::now();
        const auto receipt = signOff(**session, *key, bundle, id);
        const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
        if (receipt) {
            tell("A " + id + " " + receipt->leaf.hex() + " " + std::to_string(micros));
            continue;
        }
        if (receipt.error().kind != ErrorKind::Conflict || !receipt.error().message.starts_with(kStaleSentence)) {
            tellError(id, receipt.error());
            continue;
        }
        tell("T " + id);
        const auto stale = services::loadBundle(**session, bundle.text());
        const auto fresh =
            stale ? services::freezeReview(**session, stale->version) : Result<services::FrozenBundle>(stale.error());
        if (!fresh)
            tellError(id, fresh.error());
        else
            bundle = fresh->id;
        --i;
    }
    return 0;
}

/// refused FOLDER ADDRESS BUNDLE: opens what may only be read ("O …", the reason), verifies it ("V") and tries to sign
/// ("E …").
int tryToSign(const Workplace &place, const std::vector<std::string> &arguments)
{
    auto session = place.open();
    const auto key = place.personKey();
    if (!session || !key) {
        tellError("-", session ? key.error() : session.error());
        return 1;
    }
    tell("O " + oneLine((*session)->connection().readOnlyReason()));
    if (const auto verification = services::verifyWorkspace((*session)->connection(), {});
        verification && verification->isIntact())
        tell("V");
    const auto receipt = signOff(**session, *key, BundleId::of(arguments.at(0)), SystemRandomness().uuid());
    if (receipt)
        tell("A - " + receipt->leaf.hex() + " 0");
    else
        tellError("-", receipt.error());
    return 0;
}

/// import FOLDER ADDRESS FILE: imports a file of metrics.
int import(const Workplace &place, const std::vector<std::string> &arguments)
{
    auto session = place.open();
    if (!session) {
        tellError("-", session.error());
        return 1;
    }
    tell("R");
    tell("S file");
    const auto begin = Clock::now();
    const auto outcome = services::importMetrics(**session, arguments.at(0), {});
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count();
    if (outcome)
        tell("A file " + std::to_string(outcome->observations) + " " + std::to_string(micros));
    else
        tellError("file", outcome.error());
    return 0;
}

} // namespace

std::string Worker::Line::rest(std::size_t from) const
{
    std::string text;
    for (std::size_t i = from; i < words.size(); ++i)
        text += (i > from ? " " : "") + words[i];
    return text;
}

Worker::Worker(const std::vector<std::string> &arguments)
{
    int ends[2];
    int starts[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return;
    if (::pipe2(starts, O_CLOEXEC) != 0) {
        ::close(ends[0]);
        ::close(ends[1]);
        return;
    }
    m_output = ends[0];
    m_input = starts[1];
    std::vector<std::string> words{"countersign-faults", "worker"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char *> pointers;
    for (auto &word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, starts[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    if (::posix_spawn(&m_process, "/proc/self/exe", &actions, nullptr, pointers.data(), environ) != 0)
        m_process = -1;
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    ::close(starts[0]);
}

void Worker::go()
{
    if (m_input >= 0)
        ::close(std::exchange(m_input, -1));
}

Worker::~Worker()
{
    kill9();
    if (m_process > 0)
        ::waitpid(m_process, nullptr, 0);
    go();
    if (m_output >= 0)
        ::close(m_output);
}

std::optional<Worker::Line> Worker::takeLine()
{
    const auto end = m_buffer.find('\n');
    if (end == std::string::npos)
        return {};
    Line line;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= end; ++i) {
        if (m_buffer[i] != ' ' && i != end)
            continue;
        line.words.push_back(m_buffer.substr(begin, i - begin));
        begin = i + 1;
    }
    m_buffer.erase(0, end + 1);
    return line;
}

std::optional<Worker::Line> Worker::next(std::chrono::milliseconds patience)
{
    const auto deadline = Clock::now() + patience;
    for (;;) {
        if (auto line = takeLine())
            return line;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd descriptor{m_output, POLLIN, 0};
        if (m_isAtEnd || left <= 0 || ::poll(&descriptor, 1, static_cast<int>(left)) == 0)
            return {};
        char bytes[4096];
        const auto got = ::read(m_output, bytes, sizeof bytes);
        if (got > 0)
            m_buffer.append(bytes, static_cast<std::size_t>(got));
        else
            m_isAtEnd = got == 0 || errno != EINTR;
    }
}

bool Worker::readTo(const char *first, std::vector<Line> &seen)
{
    while (auto line = next()) {
        seen.push_back(*line);
        if (line->is(first))
            return true;
    }
    return false;
}

void Worker::kill9()
{
    if (m_process > 0)
        ::kill(m_process, SIGKILL);
}

void Worker::drain(std::vector<Line> &seen)
{
    while (auto line = next())
        seen.push_back(*line);
    if (m_process > 0)
        ::waitpid(std::exchange(m_process, -1), nullptr, 0);
}

namespace {

/// Takes "as=UID" and "bytes=N" from the front: another user, and the largest file that may be written.
bool limitYourself(std::vector<std::string> &arguments)
{
    while (!arguments.empty()) {
        const auto &word = arguments.front();
        if (word.starts_with("as=")) {
            const auto user = static_cast<uid_t>(std::stoul(word.substr(3)));
            if (::setgroups(0, nullptr) != 0 || ::setresgid(user, user, user) != 0 ||
                ::setresuid(user, user, user) != 0)
                return false;
            ::prctl(PR_SET_PDEATHSIG, SIGKILL); // was forgotten with the user
        } else if (word.starts_with("bytes=")) {
            const rlimit limit{std::stoul(word.substr(6)), std::stoul(word.substr(6))};
            ::signal(SIGXFSZ, SIG_IGN);
            if (::setrlimit(RLIMIT_FSIZE, &limit) != 0)
                return false;
        } else {
            break;
        }
        arguments.erase(arguments.begin());
    }
    return true;
}

} // namespace

int runWorker(std::vector<std::string> arguments)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // never outlives the run
    if (!limitYourself(arguments) || arguments.size() < 4)
        return 2;
    const auto place = Workplace::at(arguments[1], arguments[2]);
    const std::vector<std::string> rest(arguments.begin() + 3, arguments.end());
    if (arguments[0] == "sign")
        return sign(place, rest);
    if (arguments[0] == "signer")
        return signAmongOthers(place, rest);
    if (arguments[0] == "refused")
        return tryToSign(place, rest);
    if (arguments[0] == "import")
        return import(place, rest);
    return 2;
}

} // namespace countersign::faults
