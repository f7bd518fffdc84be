#pragma once

#include "models/base/json.h"
#include "models/domain/judgement.h"
#include "models/report/document.h"

#include <string>
#include <vector>

/// Sections that the audit report and the review pages share, made from the same JSON.
namespace countersign::report {

/// A member as plain text: unescaped, control characters visible; numbers as written; empty when absent.
std::string plain(const json::Value *object, std::string_view key);
/// The same with line feeds kept, for descriptions.
std::string prose(const json::Value *object, std::string_view key);
const json::Array &items(const json::Value *object, std::string_view key); ///< empty when absent

/// Points of one series of review inputs as observations.
std::vector<Observation> observationsOf(const json::Value &series);
/// Rules with all revisions, as reportFacts writes them under "rules"; empty when absent.
std::vector<Rule> rulesOf(const json::Value *owner);

/// Overall state of inputs from their verdicts.
VerdictState stateOf(const json::Value &inputs);

void addModelFacts(Document &document, const json::Value &inputs, const json::Value *context);
void addLimits(Document &document, const json::Value &inputs);
/// A chart and a table for every metric with a history, a table of the single values. `rules` draw the limit lines.
void addMetrics(Document &document, const json::Value &inputs, const std::vector<Rule> &rules);
void addSignOffs(Document &document, const json::Array &signOffs);
/// Open findings, and waivers that hold; nothing where there are none.
void addFindings(Document &document, const json::Array &findings, const json::Array &waivers);
/// A table of the evidence with its digests; nothing where there is none.
void addEvidence(Document &document, const json::Array &evidence);

} // namespace countersign::report
