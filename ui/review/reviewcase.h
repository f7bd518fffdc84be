#pragma once

#include "models/report/document.h"
#include "models/services/review/review.h"

#include <set>
#include <string>
#include <vector>

namespace countersign::pages {

/// One adverse fact in words, with its state.
struct AdverseFact {
    VerdictState state = VerdictState::Fail;
    std::string sentence;
};

/// Everything the ceremony shows, as values read in one go: the frozen bundle, its pages, who may sign it and as what.
struct ReviewCase {
    services::FrozenBundle bundle;
    std::string requestId;             ///< uuid of the signature to be; the same for the whole ceremony
    Person person;
    std::vector<Role> roles;           ///< in which the person may sign, most fitting first
    std::string model;                 ///< names as plain text of one line
    std::string version;
    std::string frozenAt;              ///< "14 May 2026 09:02:00 UTC"
    report::Document document;
    std::vector<std::string> sections; ///< titles of the document's sections, in order
    std::set<std::string> moved;       ///< sections that differ from the freeze before in this ceremony: to be shown again
    std::vector<AdverseFact> adverse;
    services::AttemptLimit attempts;   ///< wrong passphrases of this person so far
    bool isSeries = false;             ///< a passphrase was typed a moment ago, and the signing policy asks for no other yet
    bool isSample = false;             ///< the passphrase is no secret
};

/// Freezes the version as it is now, and draws its pages from the frozen bytes. What differs from the bundle that this person signed last,
/// and from `before` (the freeze that was being read), is marked. On the lane.
/// Denied: nobody works here, or this computer may not write. NotFound: no such version.
Result<ReviewCase> prepareReview(services::Session &session, const VersionId &version, const ReviewCase *before = nullptr);

/// Marks every block of `document` whose section in `earlier` has none like it. Returns the titles of the sections that differ.
/// When a bundle was frozen is no difference.
std::set<std::string> markChanges(report::Document &document, const report::Document &earlier);

} // namespace countersign::pages
