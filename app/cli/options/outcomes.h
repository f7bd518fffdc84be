#pragma once

#include "app/cli/commandline.h"
#include "models/predictions/mapping/mapping.h"

/// What the values of a log's label and prediction mean, as the command line names them: --task, --positive and its kin.
namespace countersign::cli {

std::vector<Option> outcomeOptions();

/// --task; two outcomes where --positive names one of them; nothing where nobody said. Invalid: another word, or options that contradict each other.
Result<std::optional<predictions::Task>> taskOf(const CommandLine &line);

/// Puts the named values into the mapping. Decisions may be written otherwise than outcomes are ("1" of "yes"): taken where they can only mean one
/// thing, else refused. Every value that is not called positive would be a negative decision, and nobody would see it.
Status settleOutcomes(const CommandLine &line, const predictions::Sample &sample, predictions::Mapping &mapping);

/// Invalid: classes or amounts without predicted ones; says what to name, and what else they may be taken for.
Status checkOutcomes(const CommandLine &line, const predictions::Mapping &mapping);

std::string listed(const std::vector<std::string> &words);

} // namespace countersign::cli
