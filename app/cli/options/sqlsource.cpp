#include "app/cli/options/sqlsource.h"

#include "app/cli/options/logoptions.h"
#include "app/cli/options/metricoptions.h"
#include "app/cli/options/reference.h"
#include "app/cli/terminal/passphrases.h"
#include "models/pushdown/pushdown.h"
#include "models/settings/keychain.h"

#include <algorithm>

namespace countersign::cli {

namespace {

using EnginePointer = std::unique_ptr<pushdown::Engine>;

struct Source {
    pushdown::Location location;
    pushdown::TableName table;
};

Result<Source> sourceOf(const CommandLine &line)
{
    auto location = pushdown::Location::parse(line.valueOr("--source", {}));
    if (!location)
        return location.error().in("--source");
    const auto name = line.value("--table");
    if (location->isFile())
        return name ? Result<Source>(usageError("A file of rows has no tables: leave out --table.", line.path())) : Source{*std::move(location), {}};
    if (!name)
        return usageError("Name the table with --table.", line.path());
    auto table = pushdown::TableName::parse(*name);
    if (!table)
        return table.error().in("--table");
    return Source{*std::move(location), *std::move(table)};
}

Result<std::chrono::seconds> timeoutOf(const CommandLine &line)
{
    const auto seconds = line.integer("--timeout");
    if (!seconds)
        return seconds.error();
    constexpr std::int64_t kDay = 86'400;
    if (seconds->value_or(1) < 1 || seconds->value_or(1) > kDay)
        return usageError("--timeout is from 1 to 86400 seconds.", line.path());
    return std::chrono::seconds(seconds->value_or(0));
}

/// Opens a source with one password after the other.
class Opener
{
public:
    Opener(Context &context, pushdown::Location location, std::chrono::seconds timeout) : m_context(context), m_location(std::move(location)), m_timeout(timeout) {}

    Result<EnginePointer> open()
    {
        if (const auto file = m_context.line().value("--source-password-file")) {
            const auto secret = secretFromFile(*file, m_context.terminal());
            return secret ? with(*secret, true) : Result<EnginePointer>(secret.error());
        }
        auto opened = with({}, false);
        if (opened || opened.error().kind != ErrorKind::Denied || !m_location.hasPassword())
            return opened;
        if (const auto kept = settings::Keychain().read(m_location.text())) {
            m_context.terminal().detail("Using the password that the keychain keeps for " + m_location.text() + ".");
            opened = with(*kept, false);
            if (opened || opened.error().kind != ErrorKind::Denied)
                return opened;
        }
        return typed(std::move(opened));
    }

private:
    Result<EnginePointer> typed(Result<EnginePointer> opened)
    {
        Terminal &terminal = m_context.terminal();
        if (!terminal.mayAsk()) {
            Error error = opened.error();
            error.message += " Give the password with --source-password-file FILE.";
            return error;
        }
        warnOnce();
        constexpr int kTries = 3;
        for (int tried = 0; tried < kTries; ++tried) {
            if (tried > 0)
                terminal.say(opened.error().text());
            const auto password = terminal.askSecret("Password for " + m_location.text() + ":");
            if (!password)
                return password.error();
            opened = with(*password, true);
            if (opened || opened.error().kind != ErrorKind::Denied)
                break;
        }
        return opened;
    }

    /// Before a password is typed or sent, so that there is time to stop.
    void warnOnce()
    {
        if (m_location.sendsInClear() && !m_hasWarned)
            m_context.terminal().say("Warning: " + m_location.text() + " is reached over plain HTTP, so whoever is on the way can read the password and the rows. "
                                     "Write clickhouses:// for HTTPS where the server has it.");
        m_hasWarned = true;
    }

    /// `isNew`: the keychain may be asked to keep it.
    Result<EnginePointer> with(const crypto::Secret &password, bool isNew)
    {
        if (!password.view().empty())
            warnOnce();
        auto opened = pushdown::Engine::open(m_location, {std::string(password.view()), m_timeout, 0}, m_context.terminal().progress());
        if (!opened || !isNew || !m_context.line().has("--keep-password"))
            return opened;
        if (const auto status = settings::Keychain().write(m_location.text(), password); !status)
            m_context.terminal().say("The password was not kept: " + status.error().text());
        else
            m_context.terminal().say("The keychain keeps the password for " + m_location.text() + " now.");
        return opened;
    }

    Context &m_context;
    pushdown::Location m_location;
    std::chrono::seconds m_timeout;
    bool m_hasWarned = false;
};

/// What drift is measured from. Windows of the same length are taken where none are named.
Result<Reference> takeReference(const CommandLine &line, computed::Parameters &parameters)
{
    auto reference = referenceOf(line, {});
    if (!reference)
        return reference;
    parameters.reference = reference->windows;
    if (const auto unit = unitNamed(parameters.reference); unit && !line.has("--window"))
        parameters.window.unit = *unit;
    return reference;
}

/// Columns by which nothing can be grouped.
Status tellNested(Context &context, pushdown::Engine &engine, const pushdown::TableName &table)
{
    const auto columns = engine.columnsOf(pushdown::fromOf(engine.location(), table), context.terminal().progress());
    if (!columns)
        return columns.error();
    std::vector<std::string> nested;
    for (const pushdown::TableColumn &column : *columns)
        if (column.kind == pushdown::ColumnKind::Nested)
            nested.push_back(predictions::shownSample(column.name));
    tellLeftOut(context, nested);
    return {};
}

} // namespace

std::vector<Option> sqlOptions()
{
    std::vector<Option> options{
        {"--source", "URI", "postgresql://user@host/database, clickhouse://user@host:8123/database, duckdb:/path, parquet:/path or csv:/path.", 0, false, true},
        {"--table", "T", "The table or view: table or schema.table; a part with a dot in it in double quotes. Case counts."},
        {"--show-sql", "", "Print the statements and end, without connecting."},
        {"--source-password-file", "F", "Read the password for the source from the first line of F."},
        {"--timeout", "SECONDS", "The server stops a statement that takes longer."},
    };
    // How a file is written is nothing to a table.
    constexpr auto kOfFiles = std::to_array<std::string_view>({"--delimiter", "--decimal", "--no-header", "--score-step", "--reference"});
    options.push_back({"--reference", "LOG|WINDOW",
                       "Drift of every column against a log, or against windows of the table: 2025-01-06, 2025-01..2025-03. A statement more for each feature."});
    options.push_back({"--feature", "C", "Look for drift in this column too; several times for several. Otherwise in all that look like features, or that the mapping names.", 0, true});
    for (const Option &option : metricOptions())
        if (std::ranges::find(kOfFiles, option.name) == kOfFiles.end())
            options.push_back(option);
    return options;
}

Result<std::string> namedStatement(Context &context)
{
    const auto source = sourceOf(context.line());
    if (!source)
        return source.error();
    const auto parameters = parametersOf(context.line());
    if (!parameters)
        return parameters.error();
    auto mapping = unseenMapping(context, parameters->window.unit != scoretables::WindowUnit::None);
    if (!mapping)
        return mapping.error();
    if (mapping->labelValues.positive.empty())
        mapping->labelValues.positive = {"1"}; // values never stand in the statement
    const bool isDrift = context.line().has("--reference");
    for (const std::string &feature : context.line().values("--feature"))
        mapping->features.push_back({feature, true});
    const auto statements = pushdown::statementsFor(source->location, source->table, *mapping, parameters->window.unit, isDrift);
    if (!statements)
        return statements.error();
    return shownStatements(source->location, *statements);
}

Result<computed::ComputedSet> computeSource(Context &context)
{
    const CommandLine &line = context.line();
    const auto source = sourceOf(line);
    if (!source)
        return source.error();
    auto parameters = parametersOf(line);
    if (!parameters)
        return parameters.error();
    auto reference = takeReference(line, *parameters);
    if (!reference)
        return reference.error();
    const auto timeout = timeoutOf(line);
    if (!timeout)
        return timeout.error();
    const auto engine = Opener(context, source->location, *timeout).open();
    if (!engine)
        return engine.error();
    pushdown::PushOptions options;
    options.isBounded = line.has("--bounded");
    options.threads = parameters->threads;
    const predictions::ReadOptions reading = readOptions(context);
    options.progress = reading.progress;
    options.keepRejected = reading.keepRejected;
    const auto sample = sampleOf(**engine, source->table, options.progress);
    if (!sample)
        return sample.error();
    if (const auto told = tellNested(context, **engine, source->table); !told)
        return told.error();
    auto mapping = tableMapping(context, source->location.place(), *sample, parameters->window.unit != scoretables::WindowUnit::None);
    if (!mapping)
        return mapping.error();
    if (line.has("--feature"))
        mapping->features.clear();
    if (const auto added = addFeatures(line, *sample, *mapping); !added)
        return added.error();
    auto set = computePushed(**engine, source->table, *mapping, *parameters, options, std::move(reference->log));
    context.terminal().endProgress();
    if (!set)
        return set;
    context.terminal().detail("Ran:\n" + set->log.query);
    if (const auto status = tellRejected(context, set->log.rejects); !status)
        return status.error();
    return set;
}

} // namespace countersign::cli
