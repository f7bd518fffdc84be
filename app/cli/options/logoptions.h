#pragma once

#include "app/cli/context.h"
#include "models/predictions/reader.h"

#include <string>
#include <vector>

/// A prediction log as the command line names it: which file, how it is written, and what its columns mean.
namespace countersign::cli {

/// --label, --score, … as a table for the verbs that read a log.
std::vector<Option> logOptions();

struct OpenedLog {
    predictions::LogReader reader;
    predictions::Mapping mapping;
};

/// Opens the log ("-" is standard input) and settles what its columns mean: what --mapping says, then what options say, then, for roles that nobody
/// named, what the columns look like. Groups, weights and the time are never guessed beside named columns: they change figures.
/// Says on standard error what was taken. Writes --save-mapping.
/// Invalid: a column that the log does not have, a value that an option does not take, nothing to measure.
Result<OpenedLog> openLog(Context &context, const std::string &path, bool needsTime);

/// Invalid: --window, and no column of times to cut into windows. Figures without windows would pass for what was asked for.
Status checkWindow(const CommandLine &line, const predictions::Mapping &mapping);

/// The same for a table, by its first rows.
Result<predictions::Mapping> tableMapping(Context &context, const std::string &name, const predictions::Sample &sample, bool needsTime);
/// The same without looking: only what options and a mapping name; which values are positive may be left open.
Result<predictions::Mapping> unseenMapping(Context &context, bool needsTime);

/// Says which columns no mapping can name, where there are any.
void tellLeftOut(Context &context, const std::vector<std::string> &columns);

/// Columns that --feature names and that have no role yet become features: numbers or texts, by their looks. Invalid: there is no such column.
Status addFeatures(const CommandLine &line, const predictions::Sample &sample, predictions::Mapping &mapping);

/// How a log is read: with progress, and all rejected rows kept where --rejected asks for them.
predictions::ReadOptions readOptions(Context &context);

/// Says the first rows that could not be taken, and writes all of them where --rejected asks for it. Io.
Status tellRejected(Context &context, const predictions::Rejects &rejects);

} // namespace countersign::cli
