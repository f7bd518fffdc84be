#pragma once

#include "models/base/progress.h"
#include "models/services/workspace/session.h"

#include <filesystem>

namespace countersign::services {

/// The passphrase of everybody in the sample portfolio.
inline constexpr const char *kSamplePassphrase = "sample passphrase";
/// Who looks around in it works as this person, who may review and sign.
inline constexpr const char *kSampleLogin = "validator";

struct SampleRequest {
    std::filesystem::path file;  ///< must not exist
    bool isTampered = false;     ///< one stored value is changed behind the ledger's back, to try Verify on
};

/// Makes the sample portfolio: a dozen fictional models with versions, two years of weekly metrics with groups, drifts, breaches, limits
/// with a history, sign-offs, a stale one. Seeded: the same bytes every time from one version of the program, but for the last
/// entry, which enrols this computer's key (when the environment has one) so that the sample can be worked with at once.
/// Marked as sample in the ledger's first entry. Conflict: the file exists. On failure the file is gone again.
Status makeSample(const SampleRequest &request, const Environment &environment, const Progress &progress);

} // namespace countersign::services
