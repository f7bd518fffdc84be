#pragma once

#include "app/cli/verb.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace countersign::cli {

/// What one call asks for, checked against the table of verbs: every option is known, every value is there.
class CommandLine
{
public:
    /// GNU style: long options with "=value" or the next word, anywhere; "--" ends options. Invalid: a usage error in a sentence that
    /// names the help to read.
    static Result<CommandLine> parse(std::span<const std::string> words);

    const Verb *verb() const { return m_verb; }        ///< nullptr only where help or the version is wanted
    /// The state of the past that "asof TIME|SIZE" before the command asks for, as it was written.
    const std::optional<std::string> &asOf() const { return m_asOf; }
    const std::string &path() const { return m_path; } ///< what was said of the verb: "import" of "import --help"
    bool has(const std::string &option) const { return m_options.contains(option); }
    /// --version of the program; some verbs have an option of that name, with a value.
    bool wantsVersion() const { return has("--version") && !value("--version"); }
    std::optional<std::string> value(const std::string &option) const;
    std::string valueOr(const std::string &option, const std::string &otherwise) const;
    std::vector<std::string> values(const std::string &option) const;
    /// Empty when the argument was left out.
    std::string argument(std::size_t index) const;

    /// Invalid names the option.
    Result<std::optional<double>> real(const std::string &option, std::size_t index = 0) const;
    Result<std::optional<std::int64_t>> integer(const std::string &option) const;

private:
    class Reader;
    const Verb *m_verb = nullptr;
    std::string m_path;
    std::optional<std::string> m_asOf;
    std::vector<std::string> m_arguments;
    std::map<std::string, std::vector<std::string>> m_options;
};

/// "Name a model. See: countersign-cli show --help": for what only the command itself can notice.
Error usageError(const std::string &sentence, const std::string &path);

} // namespace countersign::cli
