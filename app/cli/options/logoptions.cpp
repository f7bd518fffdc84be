#include "app/cli/options/logoptions.h"

#include "app/cli/options/outcomes.h"
#include "app/cli/terminal/textfile.h"
#include "models/computed/cells/labels.h"
#include "models/importers/rejectedrows.h"
#include "models/predictions/mapping/guess.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace countersign::cli {

namespace {

using predictions::ColumnChoices;
using predictions::Mapping;
using predictions::Task;
using Role = predictions::ColumnGuess::Role;

constexpr std::uintmax_t kMaxMapping = 1U << 20;

Result<predictions::DialectChoice> dialectOf(const CommandLine &line)
{
    predictions::DialectChoice choice;
    const std::string delimiter = line.valueOr("--delimiter", {});
    if (delimiter == "tab")
        choice.delimiter = '\t';
    else if (delimiter.size() == 1 && std::string_view(",;|\t").find(delimiter.front()) != std::string_view::npos)
        choice.delimiter = delimiter.front();
    else if (!delimiter.empty())
        return usageError("--delimiter is one of , ; | and tab.", line.path());
    const std::string decimal = line.valueOr("--decimal", {});
    if (decimal == "." || decimal == ",")
        choice.decimal = decimal.front();
    else if (!decimal.empty())
        return usageError("--decimal is . or ,", line.path());
    if (line.has("--no-header"))
        choice.hasHeader = false;
    return choice;
}

Result<Mapping> mappingFrom(const std::string &path)
{
    std::error_code code;
    const auto size = std::filesystem::file_size(path, code);
    std::ifstream file(path, std::ios::binary);
    if (code || !file)
        return Error{ErrorKind::Io, "The mapping cannot be read.", path};
    if (size > kMaxMapping)
        return Error{ErrorKind::Invalid, "The mapping is larger than 1 MiB; this is another file.", path};
    std::ostringstream text;
    text << file.rdbuf();
    const std::string bytes = text.str();
    const auto mapping = predictions::readMapping(bytes);
    return mapping ? mapping : Result<Mapping>(mapping.error().in(path));
}

Status saveMapping(const Mapping &mapping, const std::string &path)
{
    return writeTextFile(path, predictions::writeMapping(mapping) + '\n', "The mapping");
}

/// Columns that options name, with their roles. Invalid: a column for two roles.
Result<ColumnChoices> choicesOf(const CommandLine &line)
{
    ColumnChoices choices;
    const auto choose = [&](const std::string &option, Role role) -> Status {
        for (const std::string &column : line.values(option)) {
            const auto [place, isNew] = choices.emplace(column, role);
            if (!isNew && place->second != role)
                return usageError("The column \"" + column + "\" is named for two roles.", line.path());
        }
        return {};
    };
    for (const auto &[option, role] : std::initializer_list<std::pair<const char *, Role>>{
             {"--label", Role::Label}, {"--score", Role::Score}, {"--prediction", Role::Prediction}, {"--time", Role::Time}, {"--label-time", Role::LabelTime},
             {"--weight", Role::Weight}, {"--group", Role::Attribute}})
        if (const auto status = choose(option, role); !status)
            return status.error();
    return choices;
}

/// Cuts attributes into the bands that were asked for; a band's column becomes an attribute where it is none yet.
Status addBands(const CommandLine &line, Mapping &mapping)
{
    for (const std::string &text : line.values("--band")) {
        auto bands = predictions::Bands::parse(text);
        if (!bands)
            return bands.error().in("--band");
        const std::string column = bands->first;
        auto attribute = std::ranges::find(mapping.attributes, column, &predictions::AttributeMapping::column);
        if (attribute == mapping.attributes.end())
            attribute = mapping.attributes.insert(attribute, {column, column, {}});
        attribute->bands = bands->second;
        std::erase_if(mapping.features, [&](const auto &feature) { return feature.column == column; });
    }
    return {};
}

Status checkColumns(const predictions::Sample &sample, const ColumnChoices &choices)
{
    for (const auto &[column, role] : choices)
        if (std::ranges::find(sample.columns, column) == sample.columns.end())
            return Error{ErrorKind::Invalid, "The log has no column \"" + column + "\".", {}};
    return {};
}

/// What the columns mean: by options and by their looks.
Mapping looked(const CommandLine &line, const predictions::Sample &sample, const ColumnChoices &choices, std::optional<Task> task, bool needsTime)
{
    Mapping mapping = predictions::guessMapping(sample, choices, task).mapping;
    if (line.has("--score") || line.has("--prediction") || line.has("--label")) {
        mapping.score = line.valueOr("--score", {});
        mapping.prediction = line.valueOr("--prediction", {});
    }
    mapping.weight = line.valueOr("--weight", {});
    if (!needsTime && !line.has("--time") && !line.has("--label-time"))
        mapping.time.clear();
    if (!line.has("--label-time") && (!choices.empty() || mapping.time.empty()))
        mapping.labelTime.clear();
    if (!choices.empty() || line.has("--band")) {
        mapping.attributes.clear();
        for (const std::string &column : line.values("--group"))
            mapping.attributes.push_back({column, column, {}});
        std::erase_if(mapping.features, [&](const auto &feature) { return choices.contains(feature.column); });
    }
    return mapping;
}

/// Options over a mapping from a file: what is named replaces what the file says.
void overlay(const CommandLine &line, Mapping &mapping)
{
    for (const auto &[option, column] : std::initializer_list<std::pair<const char *, std::string *>>{
             {"--label", &mapping.label}, {"--score", &mapping.score}, {"--prediction", &mapping.prediction},
             {"--time", &mapping.time}, {"--label-time", &mapping.labelTime}, {"--weight", &mapping.weight}})
        if (line.has(option))
            *column = line.valueOr(option, {});
    if (line.has("--group")) {
        std::vector<predictions::AttributeMapping> attributes;
        for (const std::string &column : line.values("--group")) {
            const auto known = std::ranges::find(mapping.attributes, column, &predictions::AttributeMapping::column);
            attributes.push_back(known == mapping.attributes.end() ? predictions::AttributeMapping{column, column, {}} : *known);
        }
        mapping.attributes = std::move(attributes);
    }
}

/// What options and a saved mapping say before anybody has looked.
struct Named {
    predictions::DialectChoice dialect;
    std::optional<Mapping> saved;
    ColumnChoices choices;
    std::optional<Task> task;
};

Result<Named> namedBy(const CommandLine &line)
{
    Named named;
    const auto dialect = dialectOf(line);
    if (!dialect)
        return dialect.error();
    named.dialect = *dialect;
    if (const auto file = line.value("--mapping")) {
        auto mapping = mappingFrom(*file);
        if (!mapping)
            return mapping.error();
        named.saved = *std::move(mapping);
        if (*dialect == predictions::DialectChoice())
            named.dialect = named.saved->dialect;
    }
    auto choices = choicesOf(line);
    if (!choices)
        return choices.error();
    named.choices = *std::move(choices);
    const auto task = taskOf(line);
    if (!task)
        return task.error();
    named.task = *task;
    return named;
}

/// What a mapping that is nowhere written lacks, in words of the command line.
Error inOptions(Error error, const CommandLine &line, const predictions::Sample &sample, const Mapping &mapping)
{
    const bool isOfLabel = error.where == "labelValues";
    const std::string &column = isOfLabel ? mapping.label : mapping.prediction;
    if ((!isOfLabel && error.where != "predictionValues") || line.has("--positive"))
        return error;
    if (sample.rows.empty())
        return Error{ErrorKind::Invalid, "There are no rows, only the names of columns.", {}};
    const auto seen = computed::SeenLabels::in(sample, column, mapping);
    return usageError("Say which value of the column \"" + predictions::shownSample(column) + "\" is the positive one, with --positive. "
                          + (seen.values.empty() ? "Its first rows say nothing." : "Its first rows say " + seen.listed() + "."),
                      line.path());
}

/// `isChecked` false: what values mean may be left open.
Result<Mapping> settled(const CommandLine &line, const Named &named, const predictions::Sample &sample, bool needsTime, bool isChecked = true)
{
    if (const auto status = checkColumns(sample, named.choices); !status)
        return status.error();
    Mapping mapping = named.saved ? *named.saved : looked(line, sample, named.choices, named.task, needsTime);
    if (named.saved)
        overlay(line, mapping);
    mapping.task = named.task.value_or(mapping.task);
    if (const auto status = settleOutcomes(line, sample, mapping); !status)
        return status.error();
    mapping.dialect = named.dialect;
    if (const auto status = addBands(line, mapping); !status)
        return status.error();
    if (!isChecked)
        return mapping;
    if (const auto status = checkOutcomes(line, mapping); !status)
        return status.error();
    if (const auto status = mapping.check(); !status)
        return named.saved ? status.error() : inOptions(status.error(), line, sample, mapping);
    return mapping;
}

Status saveWhereAsked(const CommandLine &line, const Mapping &mapping)
{
    const auto file = line.value("--save-mapping");
    return file ? saveMapping(mapping, *file) : Status();
}

void sayTaken(Context &context, const std::string &name, const predictions::Sample &sample, const Mapping &mapping)
{
    std::string text = name + ": " + sample.dialect.text() + ". Taken:";
    const auto add = [&text](const char *what, const std::string &column) {
        if (!column.empty())
            text += (text.ends_with(':') ? " " : ", ") + std::string(what) + " " + column;
    };
    add("label", mapping.label);
    if (!mapping.labelValues.positive.empty() && !mapping.label.empty())
        text += " (positive " + listed(mapping.labelValues.positive) + ")";
    add("score", mapping.score);
    add("prediction", mapping.prediction);
    if (!mapping.predictionValues.positive.empty() && !mapping.prediction.empty())
        text += " (positive " + listed(mapping.predictionValues.positive) + ")";
    add("time", mapping.time);
    add("label time", mapping.labelTime);
    add("weight", mapping.weight);
    std::vector<std::string> groups;
    for (const auto &attribute : mapping.attributes)
        groups.push_back(attribute.name);
    add("groups", listed(groups));
    context.terminal().say(text + ".");
}

/// Columns that could have been features, had they names of their own.
void tellRepeated(Context &context, const predictions::Sample &sample)
{
    std::vector<std::string> names;
    for (const std::string &column : sample.columns)
        if (std::ranges::count(sample.columns, column) > 1 && std::ranges::find(names, column) == names.end())
            names.push_back(column);
    if (!names.empty())
        context.terminal().say("Left out, because the header has them more than once: " + listed(names) + ".");
}

Result<predictions::LogReader> readerFor(Context &context, const std::string &path, const predictions::DialectChoice &choice)
{
    if (path != "-")
        return predictions::LogReader::open(std::filesystem::path(path), choice);
    auto source = predictions::ByteSource::fromDescriptor(::dup(STDIN_FILENO), "standard input");
    if (!source)
        return source.error();
    return predictions::LogReader::open(*std::move(source), choice, context.terminal().progress());
}

} // namespace

std::vector<Option> logOptions()
{
    std::vector<Option> options{
        {"--label", "C", "Column of the true outcome."},
        {"--score", "C", "Column of the score, higher for the positive outcome."},
        {"--prediction", "C", "Column of the decision or prediction as logged."},
        {"--group", "C", "Column whose values are the groups to compare.", 0, true},
        {"--band", "C=EDGES", "Cut column C into bands, \"age=25,45,65\", and compare those.", 0, true},
        {"--time", "C", "Column of the time."},
        {"--label-time", "C", "Column of the time when the outcome was known."},
        {"--weight", "C", "Column of the weight of a row."},
        {"--mapping", "FILE", "Take what columns mean from FILE; the options above override it."},
        {"--save-mapping", "FILE", "Write what columns mean to FILE, to be used again."},
        {"--delimiter", "D", "The delimiter: one of , ; | and tab. Otherwise found."},
        {"--decimal", "D", "The decimal mark: . or , Otherwise found."},
        {"--no-header", "", "The first line is a case; columns are \"column 1\" and so on."},
    };
    const auto outcomes = outcomeOptions();
    options.insert(std::ranges::find(options, "--group", &Option::name), outcomes.begin(), outcomes.end());
    return options;
}

Status checkWindow(const CommandLine &line, const Mapping &mapping)
{
    if (!line.has("--window") || !mapping.time.empty())
        return {};
    return usageError("--window needs times, and no column looks like one: name it with --time.", line.path());
}

void tellLeftOut(Context &context, const std::vector<std::string> &columns)
{
    if (!columns.empty())
        context.terminal().say("Left out, because they are lists or structures: " + listed(columns) + ".");
}

Result<OpenedLog> openLog(Context &context, const std::string &path, bool needsTime)
{
    const auto named = namedBy(context.line());
    if (!named)
        return named.error();
    auto reader = readerFor(context, path, named->dialect);
    if (!reader)
        return reader.error();
    auto mapping = settled(context.line(), *named, reader->sample(), needsTime);
    if (!mapping)
        return mapping.error().in(reader->name());
    if (const auto status = saveWhereAsked(context.line(), *mapping); !status)
        return status.error();
    sayTaken(context, reader->name(), reader->sample(), *mapping);
    tellLeftOut(context, reader->columnsLeftOut());
    if (!named->saved)
        tellRepeated(context, reader->sample());
    return OpenedLog{*std::move(reader), *std::move(mapping)};
}

Result<Mapping> tableMapping(Context &context, const std::string &name, const predictions::Sample &sample, bool needsTime)
{
    const auto named = namedBy(context.line());
    if (!named)
        return named.error();
    auto mapping = settled(context.line(), *named, sample, needsTime);
    if (!mapping)
        return mapping.error().in(name);
    if (const auto status = saveWhereAsked(context.line(), *mapping); !status)
        return status.error();
    sayTaken(context, name, sample, *mapping);
    return mapping;
}

Result<Mapping> unseenMapping(Context &context, bool needsTime)
{
    const auto named = namedBy(context.line());
    if (!named)
        return named.error();
    predictions::Sample sample; // the columns that somebody named are all that is known
    for (const auto &[column, role] : named->choices)
        sample.columns.push_back(column);
    return settled(context.line(), *named, sample, needsTime, false);
}

Status addFeatures(const CommandLine &line, const predictions::Sample &sample, Mapping &mapping)
{
    const predictions::Guess guess = predictions::guessMapping(sample);
    for (const std::string &name : line.values("--feature")) {
        const bool isAttribute = std::ranges::find(mapping.attributes, name, &predictions::AttributeMapping::name) != mapping.attributes.end();
        const bool isFeature = std::ranges::find(mapping.features, name, &predictions::FeatureMapping::column) != mapping.features.end();
        if (isAttribute || isFeature || name == mapping.score || name == mapping.prediction || name == mapping.label)
            continue;
        const auto column = std::ranges::find(guess.columns, name, &predictions::ColumnGuess::column);
        if (column == guess.columns.end())
            return Error{ErrorKind::Invalid, "There is no column \"" + predictions::shownSample(name) + "\" to look for drift in.", {}};
        mapping.features.push_back({name, column->content == predictions::ColumnGuess::Content::Number});
    }
    return {};
}

predictions::ReadOptions readOptions(Context &context)
{
    constexpr std::size_t kAll = 1'000'000;
    predictions::ReadOptions options;
    options.progress = context.terminal().progress();
    if (context.line().has("--rejected"))
        options.keepRejected = kAll;
    return options;
}

Status tellRejected(Context &context, const predictions::Rejects &rejects)
{
    constexpr std::size_t kSaid = 10;
    for (std::size_t i = 0; i < rejects.first.size() && i < kSaid; ++i)
        context.terminal().say("Rejected: " + rejects.first[i].text());
    if (rejects.total > kSaid)
        context.terminal().say(std::to_string(rejects.total) + " rows were rejected in all.");
    const auto path = context.line().value("--rejected");
    if (!path)
        return {};
    std::string text = importers::rejectedCsvHead();
    for (const auto &row : rejects.first)
        text += importers::rejectedCsvLine({row.row, row.line, row.column, std::string(problemText(row.problem)), row.sample});
    return writeTextFile(*path, text, "The file for rejected rows");
}

} // namespace countersign::cli
