#pragma once

#include "models/base/result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The command line as a table: what --help says, what the parser accepts and what usage errors quote is read from here, and nowhere
/// else said again. Texts are English, like the sentences of the record that the commands print: logs and scripts read them.
namespace countersign::cli {

class Context;

/// A word after the verb: "MODEL/VERSION".
struct Argument {
    std::string name;
    std::string sentence;
    bool isOptional = false;
};

/// "--at-least X". A metavariable of two words takes two values; none makes a flag.
struct Option {
    std::string name;         ///< with its two hyphens
    std::string metavariable;
    std::string sentence;
    char letter = 0;          ///< 'o' for -o
    bool isRepeatable = false;
    bool isRequired = false;

    std::size_t values() const;
};

/// How a program ends. Pipelines branch on these numbers, so they never change their meaning.
enum ExitCode { Done = 0, No = 1, Usage = 2, Integrity = 3, Environment = 4, Partial = 5 };
struct ExitMeaning {
    ExitCode code;
    std::string sentence;
};
std::span<const ExitMeaning> exitMeanings();
/// The one place where a failure becomes a number. `isOpen`: the workspace was reached, so what is missing is missing in it.
ExitCode exitCode(const Error &error, bool isOpen);
/// What helps after a failure, as a command to type; empty when its sentence says it all.
std::string helpAfter(const Error &error);

/// One command.
struct Verb {
    std::string path;    ///< "import mlflow"
    std::string summary; ///< one sentence, for the list of commands
    std::string details; ///< further sentences, for the command's own help
    std::vector<Argument> arguments;
    std::vector<Option> options;
    std::vector<ExitCode> exits; ///< other than 0, 2 and 4, which every command may end with
    Result<ExitCode> (*run)(Context &context) = nullptr;
    bool drawsPages = false; ///< needs fonts and Qt's widgets, on no display
};

const std::vector<Verb> &verbs();
const std::vector<Option> &globalOptions();
/// nullptr when there is no such command.
const Verb *findVerb(std::string_view path);

/// "asof TIME|SIZE" stands before another command.
inline constexpr const char *kAsOf = "asof";
/// Whether a command only reads what a state of the past has as well.
bool canLookBack(const Verb &verb);

} // namespace countersign::cli
