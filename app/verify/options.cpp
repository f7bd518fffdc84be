#include "app/verify/options.h"

namespace countersign::verify {

namespace {

Error usage(const std::string &message) { return {ErrorKind::Invalid, message + " See countersign-verify --help.", {}}; }

Status setValue(Options &options, const std::string &name, const std::string &value)
{
    if (name == "--key") {
        auto key = ledger::parseNoteKey(value);
        if (!key)
            return usage("--key: " + key.error().message);
        options.wishes.key = std::move(*key);
    } else if (name == "--checkpoint") {
        options.wishes.checkpoints.push_back(value);
    } else {
        auto id = LedgerId::parse(value);
        if (!id)
            return usage("--ledger: a ledger's id is written l: and its digits.");
        options.wishes.ledger = std::move(*id);
    }
    return {};
}

} // namespace

Result<Options> parseOptions(std::span<const std::string> arguments)
{
    Options options;
    bool onlyFiles = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string &argument = arguments[i];
        if (onlyFiles || argument.size() < 2 || argument[0] != '-') {
            options.files.push_back(argument);
        } else if (argument == "--") {
            onlyFiles = true;
        } else if (argument == "--json") {
            options.isJson = true;
        } else if (argument == "--help" || argument == "-h") {
            options.wantsHelp = true;
        } else if (argument == "--version") {
            options.wantsVersion = true;
        } else {
            const auto equals = argument.find('=');
            const std::string name = argument.substr(0, equals);
            if (name != "--key" && name != "--ledger" && name != "--checkpoint")
                return usage("There is no option " + name + ".");
            if (equals == std::string::npos && i + 1 == arguments.size())
                return usage(name + " needs a value.");
            const Status set = setValue(options, name, equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1));
            if (!set)
                return set.error();
        }
    }
    if (options.files.empty() && !options.wantsHelp && !options.wantsVersion)
        return usage("Name at least one file.");
    return options;
}

std::string helpText()
{
    return "Usage: countersign-verify [OPTION]... FILE...\n"
           "\n"
           "Checks what Countersign signed, without Countersign, a database or a network.\n"
           "A FILE is an audit report (PDF), a proof bundle (.countersign), a whole ledger\n"
           "(.ledger) or a checkpoint.\n"
           "\n"
           "      --key KEY      believe checkpoints of this key only (name+hash+key, as its\n"
           "                     owner published it); a checkpoint alone needs it\n"
           "      --checkpoint C file of a checkpoint that you kept: what is checked must\n"
           "                     continue it, or be continued by it; may be given repeatedly\n"
           "      --ledger ID    accept records of this ledger only (l:...)\n"
           "      --json         print one JSON object instead of sentences\n"
           "  -h, --help         show this text\n"
           "      --version      show the version\n"
           "\n"
           "Exit status: 0 everything is valid; 2 wrong usage; 3 something is not valid;\n"
           "4 a file cannot be read or holds nothing that can be checked.\n"
           "\n"
           "A ledger proves what it says only to somebody who knows its id. Compare the id\n"
           "printed here with one that you got another way, or pass it with --ledger.\n";
}

} // namespace countersign::verify
