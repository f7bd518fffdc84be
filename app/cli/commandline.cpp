#include "app/cli/commandline.h"

#include "models/base/number.h"
#include "models/base/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace countersign::cli {

namespace {

bool beginsVerb(const std::string &path)
{
    return std::ranges::any_of(verbs(), [&](const Verb &verb) { return verb.path.starts_with(path + " "); });
}

/// Letters to add, drop or change between two words (Levenshtein 1965), for "did you mean".
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t kept = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({kept, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

std::string suggestion(const std::string &word, const std::vector<std::string> &choices)
{
    std::string best;
    std::size_t least = 3;
    for (const auto &choice : choices)
        if (const auto far = distance(word, choice); far < least) {
            least = far;
            best = choice;
        }
    return best.empty() ? "" : " Did you mean " + best + "?";
}

} // namespace

Error usageError(const std::string &sentence, const std::string &path)
{
    return {ErrorKind::Invalid, sentence + " See: countersign-cli " + (path.empty() ? "" : path + " ") + "--help", {}};
}

/// One pass over the words.
class CommandLine::Reader
{
public:
    Reader(std::span<const std::string> words, CommandLine &line) : m_words(words), m_line(line) {}

    Status run()
    {
        bool onlyWords = false;
        for (; m_at < m_words.size(); ++m_at) {
            const std::string &word = m_words[m_at];
            Status status;
            if (!text::isUtf8(word))
                status = usageError("An argument is not UTF-8 text.", m_line.m_path);
            else if (onlyWords || word.size() < 2 || word[0] != '-')
                status = takeWord(word);
            else if (word == "--")
                onlyWords = true;
            else
                status = word[1] == '-' ? takeLong(word) : takeLetters(word);
            if (!status)
                return status;
        }
        return m_line.has("--help") || m_line.wantsVersion() ? Status() : complete();
    }

private:
    Status takeWord(const std::string &word)
    {
        if (m_line.m_verb && m_line.m_verb->path == kAsOf)
            return takePoint(word);
        if (m_line.m_verb) {
            // A command may begin another: "gate" and "gate verify". The longer one is meant while no argument was given.
            const Verb *longer = m_line.m_arguments.empty() ? findVerb(m_line.m_path + " " + word) : nullptr;
            if (!longer) {
                m_line.m_arguments.push_back(word);
                return {};
            }
        }
        const std::string path = m_line.m_path.empty() ? word : m_line.m_path + " " + word;
        m_line.m_verb = findVerb(path);
        if (m_line.m_verb || beginsVerb(path)) {
            m_line.m_path = path;
            return m_line.m_verb && m_line.m_asOf ? mayLookBack() : Status();
        }
        const std::size_t known = m_line.m_path.empty() ? 0 : m_line.m_path.size() + 1;
        std::vector<std::string> choices;
        for (const Verb &verb : verbs())
            if (verb.path.starts_with(m_line.m_path))
                choices.push_back(verb.path.substr(known, verb.path.find(' ', known) - known));
        return usageError("There is no command \"" + path + "\"." + suggestion(word, choices), m_line.m_path);
    }

    /// "asof POINT" stands before a command, which is read as if it stood alone.
    Status takePoint(const std::string &word)
    {
        m_line.m_asOf = word;
        m_line.m_verb = nullptr;
        m_line.m_path.clear();
        return {};
    }

    Status mayLookBack() const
    {
        if (m_line.m_verb->path == kAsOf)
            return usageError("asof is said twice.", kAsOf);
        if (!canLookBack(*m_line.m_verb))
            return usageError("\"" + m_line.m_verb->path + "\" does not go with asof: the past is only listed, shown and reported.", kAsOf);
        return {};
    }

    const Option *find(const std::string &name, char letter) const
    {
        const auto fits = [&](const Option &option) { return letter ? option.letter == letter : option.name == name; };
        if (m_line.m_verb)
            if (const auto own = std::ranges::find_if(m_line.m_verb->options, fits); own != m_line.m_verb->options.end())
                return &*own;
        const auto global = std::ranges::find_if(globalOptions(), fits);
        return global == globalOptions().end() ? nullptr : &*global;
    }

    Status unknown(const std::string &name) const
    {
        std::vector<std::string> choices;
        for (const auto &option : globalOptions())
            choices.push_back(option.name);
        if (m_line.m_verb)
            for (const auto &option : m_line.m_verb->options)
                choices.push_back(option.name);
        const std::string of = m_line.m_verb ? " of " + m_line.m_verb->path : m_line.m_path.empty() ? " before the command" : "";
        return usageError("There is no option " + name + of + "." + suggestion(name, choices), m_line.m_path);
    }

    Status takeLong(const std::string &word)
    {
        const auto equals = word.find('=');
        const std::string name = word.substr(0, equals);
        const Option *option = find(name, 0);
        if (!option)
            return unknown(name);
        if (option->values() == 0 && equals != std::string::npos)
            return usageError(name + " takes no value.", m_line.m_path);
        return take(*option, equals == std::string::npos ? std::nullopt : std::optional(word.substr(equals + 1)));
    }

    Status takeLetters(const std::string &word)
    {
        for (std::size_t i = 1; i < word.size(); ++i) {
            const Option *option = find({}, word[i]);
            if (!option)
                return unknown(std::string("-") + word[i]);
            const bool hasRest = option->values() > 0 && i + 1 < word.size();
            if (const auto status = take(*option, hasRest ? std::optional(word.substr(i + 1)) : std::nullopt); !status)
                return status;
            if (option->values() > 0)
                break;
        }
        return {};
    }

    Status take(const Option &option, std::optional<std::string> first)
    {
        if (m_line.has(option.name) && !option.isRepeatable && option.values() > 0)
            return usageError(option.name + " is given twice.", m_line.m_path);
        auto &values = m_line.m_options[option.name];
        for (std::size_t i = 0; i < option.values(); ++i) {
            if (i == 0 && first) {
                values.push_back(*first);
            } else if (m_at + 1 < m_words.size()) {
                values.push_back(m_words[++m_at]);
                if (!text::isUtf8(values.back()))
                    return usageError("The value of " + option.name + " is not UTF-8 text.", m_line.m_path);
            } else {
                return usageError(option.name + " needs " + option.metavariable + ".", m_line.m_path);
            }
        }
        return {};
    }

    Status complete() const
    {
        if (!m_line.m_verb && m_line.m_asOf && m_line.m_path.empty())
            return usageError("Say what to show as of " + *m_line.m_asOf + ": asof " + *m_line.m_asOf + " list models, for example.", kAsOf);
        if (!m_line.m_verb)
            return usageError(m_line.m_path.empty() ? "Name a command." : "Say what to " + m_line.m_path + ".", m_line.m_path);
        const auto &known = m_line.m_verb->arguments;
        const auto &given = m_line.m_arguments;
        for (std::size_t i = given.size(); i < known.size(); ++i)
            if (!known[i].isOptional)
                return usageError(known[i].name + " is missing: " + known[i].sentence, m_line.m_path);
        if (given.size() > known.size())
            return usageError("\"" + given[known.size()] + "\" is one word too many; put text with spaces in quotes.", m_line.m_path);
        for (const Option &option : m_line.m_verb->options)
            if (option.isRequired && !m_line.has(option.name))
                return usageError(option.name + " " + option.metavariable + " is missing.", m_line.m_path);
        return {};
    }

    std::span<const std::string> m_words;
    CommandLine &m_line;
    std::size_t m_at = 0;
};

Result<CommandLine> CommandLine::parse(std::span<const std::string> words)
{
    CommandLine line;
    if (const auto status = Reader(words, line).run(); !status)
        return status.error();
    return line;
}

std::optional<std::string> CommandLine::value(const std::string &option) const
{
    const auto found = m_options.find(option);
    return found == m_options.end() || found->second.empty() ? std::nullopt : std::optional(found->second.front());
}

std::string CommandLine::valueOr(const std::string &option, const std::string &otherwise) const { return value(option).value_or(otherwise); }

std::vector<std::string> CommandLine::values(const std::string &option) const
{
    const auto found = m_options.find(option);
    return found == m_options.end() ? std::vector<std::string>() : found->second;
}

std::string CommandLine::argument(std::size_t index) const { return index < m_arguments.size() ? m_arguments[index] : std::string(); }

Result<std::optional<double>> CommandLine::real(const std::string &option, std::size_t index) const
{
    const auto all = values(option);
    if (index >= all.size())
        return std::optional<double>();
    const auto number = number::parse(all[index]);
    if (!number || !std::isfinite(*number)) // no option means anything as "nan", and no threshold is infinite
        return usageError(option + ": \"" + all[index] + "\" is not a number.", m_path);
    return std::optional(*number);
}

Result<std::optional<std::int64_t>> CommandLine::integer(const std::string &option) const
{
    const auto text = value(option);
    if (!text)
        return std::optional<std::int64_t>();
    std::int64_t number = 0;
    const auto [end, trouble] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (trouble != std::errc() || end != text->data() + text->size() || number < 0)
        return usageError(option + ": \"" + *text + "\" is not a whole number.", m_path);
    return std::optional(number);
}

} // namespace countersign::cli
