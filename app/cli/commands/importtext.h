#pragma once

#include "app/cli/context.h"
#include "models/services/imports/imports.h"

namespace countersign::cli {

/// Prints what an import did, or would do: a document or a few lines, with its notes, clashes and, unless they were told as the log was read,
/// its first rejected rows on standard error.
ExitCode printOutcome(Context &context, const services::ImportOutcome &outcome, bool isPreview, bool areRejectsTold = false);

} // namespace countersign::cli
