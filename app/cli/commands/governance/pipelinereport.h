#pragma once

#include <string>
#include <vector>

namespace countersign::cli {

/// One thing that a gate looked at, as pipelines show it.
struct PipelineCheck {
    std::string id;       ///< "evidence:validation-report"
    bool isMet = false;
    std::string state;    ///< "met", "waived", "notEnough", "notMet"
    std::string sentence;
};
struct PipelineReport {
    std::string name;     ///< "gate credit-pd/3 to In use"
    std::vector<PipelineCheck> checks;
};

/// As test results: JUnit's XML, a case for each check. Whatever the sentences hold is text there.
std::string junitOf(const PipelineReport &report);
/// As findings of a static analysis: SARIF 2.1.0 (OASIS), a result for each check that is not met.
std::string sarifOf(const PipelineReport &report);

} // namespace countersign::cli
