#pragma once

#include "models/base/progress.h"
#include "models/base/result.h"
#include "models/crypto/signing.h"

#include <atomic>
#include <chrono>
#include <string>

namespace countersign::cli {

/// Standard input, output and error. Data goes out by print(), talk by say(). What may steer a terminal is escaped on the way, except in
/// what print() is given: tables and JSON escape themselves.
class Terminal
{
public:
    struct Wishes {
        bool noInput = false;
        bool isVerbose = false;
    };
    Terminal();
    void setWishes(const Wishes &wishes) { m_wishes = wishes; }

    void print(const std::string &text);      ///< dropped silently once the reader has gone (`| head`)
    void say(const std::string &sentence);
    void detail(const std::string &sentence); ///< with --verbose only
    /// Io: what was printed did not arrive, the disk is full for example.
    Status flush();

    bool isOutTerminal() const { return m_isOutTerminal; }
    bool hasColour() const { return m_hasColour; }      ///< a terminal, and NO_COLOR is not set
    std::size_t width() const { return m_width; }       ///< columns of the terminal; 0 where the output is none
    bool mayAsk() const { return m_mayAsk && !m_wishes.noInput; }

    /// Asks without showing what is typed. Cancelled: Ctrl+C or the end of input. Precondition: mayAsk().
    Result<crypto::Secret> askSecret(const std::string &question);

    /// Reports on a terminal only, in one line that is overwritten; Ctrl+C cancels. The Terminal outlives it.
    Progress progress();
    void endProgress();

private:
    Wishes m_wishes;
    bool m_isOutTerminal = false;
    bool m_isErrTerminal = false;
    bool m_hasColour = false;
    bool m_mayAsk = false;
    bool m_isCut = false;   ///< nobody reads the output any more
    bool m_isBroken = false;
    std::size_t m_width = 0;
    std::size_t m_progressLength = 0;
    std::chrono::steady_clock::time_point m_lastProgress{};
};

/// What a shell has closed ("<&-") is opened again, so that nothing else gets its number: a database that is file 2 would get our messages. Reading
/// and writing there fail as they would have.
void keepStandardStreams();

/// Catches Ctrl+C and SIGTERM: the first asks the work to stop, the second ends the program.
void catchInterrupts();
const std::atomic<bool> &interrupted();

} // namespace countersign::cli
