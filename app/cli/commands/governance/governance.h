#pragma once

#include "app/cli/context.h"

#include <vector>

/// The verbs of governance: what people decide about models, on what evidence.
namespace countersign::cli {

/// Their part of the table (verb.h).
std::vector<Verb> governanceVerbs();

Result<ExitCode> runFindingOpen(Context &context);
Result<ExitCode> runFindingList(Context &context);
Result<ExitCode> runFindingShow(Context &context);
Result<ExitCode> runFindingChange(Context &context);
Result<ExitCode> runFindingChallenge(Context &context);
Result<ExitCode> runFindingAnswer(Context &context);
Result<ExitCode> runFindingRemediate(Context &context);
Result<ExitCode> runFindingRetest(Context &context);
Result<ExitCode> runFindingClose(Context &context);
Result<ExitCode> runFindingReopen(Context &context);

} // namespace countersign::cli
