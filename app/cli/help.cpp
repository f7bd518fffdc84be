#include "app/cli/help.h"

#include <algorithm>

namespace countersign::cli {

namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kIndent = 28;

/// Sentences in lines of at most 80 columns, each after the first indented.
std::string wrapped(const std::string &text, std::size_t indent, std::size_t column)
{
    std::string out;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find(' ', from), text.size());
        if (column > indent && column + 1 + end - from > kWidth) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            out += ' ';
            ++column;
        }
        out += text.substr(from, end - from);
        column += end - from;
        from = end + 1;
    }
    return out + "\n";
}

std::string entry(const std::string &name, const std::string &sentence)
{
    std::string line = "  " + name;
    if (line.size() + 2 > kIndent)
        line += "\n" + std::string(kIndent, ' ');
    else
        line += std::string(kIndent - line.size(), ' ');
    return line + wrapped(sentence, kIndent, kIndent);
}

std::string optionName(const Option &option)
{
    return (option.letter ? std::string("-") + option.letter + ", " : "    ") + option.name + (option.metavariable.empty() ? "" : " " + option.metavariable);
}

std::string optionList(const std::vector<Option> &options)
{
    std::string out;
    for (const Option &option : options)
        out += entry(optionName(option), option.sentence + (option.isRequired ? " Required." : option.isRepeatable ? " May be repeated." : ""));
    return out;
}

std::string exitList(const Verb *verb)
{
    std::string out = "\nExit status:\n";
    for (const ExitMeaning &meaning : exitMeanings()) {
        const bool isCommon = meaning.code == Done || meaning.code == Usage || meaning.code == Environment;
        if (!verb || isCommon || std::ranges::find(verb->exits, meaning.code) != verb->exits.end())
            out += "  " + std::to_string(meaning.code) + "  " + wrapped(meaning.sentence, 5, 5);
    }
    return out;
}

std::string verbHelp(const Verb &verb)
{
    std::string out = "Usage: " + wrapped(usageLine(verb), 7, 7) + "\n" + wrapped(verb.summary + (verb.details.empty() ? "" : " " + verb.details), 0, 0);
    if (!verb.arguments.empty())
        out += "\nArguments:\n";
    for (const Argument &argument : verb.arguments)
        out += entry(argument.name, argument.sentence);
    if (!verb.options.empty())
        out += "\nOptions:\n" + optionList(verb.options);
    return out + "\nOptions of every command:\n" + optionList(globalOptions()) + exitList(&verb);
}

std::string groupHelp(const std::string &path)
{
    std::string out = "Usage: countersign-cli " + (path.empty() ? "" : path + " ") + "COMMAND [ARGUMENT]... [OPTION]...\n\n";
    if (path.empty())
        out += "Keeps the record of machine-learning models: imports, limits, reviews and\nsignatures, and the proof that nothing of it was changed.\n\n";
    out += "Commands:\n";
    for (const Verb &verb : verbs())
        if (path.empty() || verb.path.starts_with(path + " "))
            out += entry(verb.path, verb.summary);
    out += "\nOptions of every command:\n" + optionList(globalOptions()) + exitList(nullptr);
    return out + "\nData goes to standard output, everything else to standard error.\n"
                 "More about a command: countersign-cli COMMAND --help\n";
}

} // namespace

std::string usageLine(const Verb &verb)
{
    std::string line = "countersign-cli " + verb.path;
    for (const Argument &argument : verb.arguments)
        line += argument.isOptional ? " [" + argument.name + "]" : " " + argument.name;
    for (const Option &option : verb.options)
        if (option.isRequired)
            line += " " + option.name + " " + option.metavariable;
    return line + " [OPTION]...";
}

std::string helpText(const std::string &path)
{
    const Verb *verb = findVerb(path);
    return verb ? verbHelp(*verb) : groupHelp(path);
}

} // namespace countersign::cli
