#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace countersign::faults {

/// This very program in another process, to be killed. It tells what it does in lines of words on its standard output:
///     R            it is ready: the workspace is open
///     S id         it begins with this intent
///     A id leaf µs it was told that it is recorded, and under which leaf hash, after so long
///     T id         it was refused because what had been frozen moved
///     E id kind …  it was refused otherwise, or does not know; the sentence
class Worker
{
public:
    struct Line {
        std::vector<std::string> words;
        const std::string &word(std::size_t i) const
        {
            static const std::string none;
            return i < words.size() ? words[i] : none;
        }
        bool is(const char *first) const { return word(0) == first; }
        /// What follows the first `from` words.
        std::string rest(std::size_t from) const;
    };

    /// Starts "countersign-faults worker …".
    explicit Worker(const std::vector<std::string> &arguments);
    ~Worker(); ///< kills what still runs
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    bool isStarted() const { return m_process > 0; }
    /// The next line; nothing at the end of the output, or after `patience`.
    std::optional<Line> next(std::chrono::milliseconds patience = std::chrono::minutes(2));
    /// Reads on until a line begins with this word; every line passed goes to `seen`, that one included. False at the
    /// end.
    bool readTo(const char *first, std::vector<Line> &seen);
    /// Lets a worker begin that waits for the others.
    void go();
    void kill9();
    /// Adds everything that is still in the pipe; waits for the process to end.
    void drain(std::vector<Line> &seen);

private:
    std::optional<Line> takeLine();

    pid_t m_process = -1;
    int m_output = -1;
    int m_input = -1;
    std::string m_buffer;
    bool m_isAtEnd = false;
};

/// What the worker process does: `arguments` are those after "worker". Returns the exit code.
int runWorker(std::vector<std::string> arguments);

} // namespace countersign::faults
