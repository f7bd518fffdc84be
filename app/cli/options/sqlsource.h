#pragma once

#include "app/cli/context.h"
#include "models/computed/computedset.h"

/// Rows that stay in their database, as the command line names them.
namespace countersign::cli {

/// --source, --table, …, and of the options of a log (metricoptions.h) those that a table has.
std::vector<Option> sqlOptions();

/// The statements that would run, without connecting.
Result<std::string> namedStatement(Context &context);

/// Connects with the password of --source-password-file; otherwise without one, then with the keychain's, then with what is typed. Finds out what columns
/// mean as openLog() does, has the rows counted where they are, and computes. Tells rejected values; says the statement with --verbose.
Result<computed::ComputedSet> computeSource(Context &context);

} // namespace countersign::cli
