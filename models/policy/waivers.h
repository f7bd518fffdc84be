#pragma once

#include "models/domain/people.h"
#include "models/domain/waivers.h"

#include <span>

namespace countersign::policy {

/// The longest that a requirement may be waived at a time.
inline constexpr int kLongestWaiverDays = 366;

/// The role in which a person may ask for a waiver.
Result<Role> mayRequestWaiver(const Person &person);
/// Invalid: the moment is past, or more than kLongestWaiverDays away.
Status checkWaiverEnd(Instant until, Instant now);

/// The role in which a person may grant or decline it now. Conflict: it is decided, or its day is past. Denied: another role is needed, or
/// somebody else: nobody decides on what they asked for.
Result<Role> mayDecideWaiver(const Person &person, const Waiver &waiver, Instant now);
/// The role in which a person may end it before its day; whoever asked may take it back. Conflict: it does not stand.
Result<Role> mayEndWaiver(const Person &person, const Waiver &waiver, Instant now);

/// "I, Axel Sample (axel), Approver, allow credit-pd 2 to miss this until 2026-12-31: …": shown before signing, and signed.
std::string waiverSentence(const Waiver &waiver, const Person &person, Role role);

/// Makes a breach or a lack of data Waived where a waiver of that version is in force for that revision and slice; the sentence says until when.
/// `waivers`: of the verdict's version.
void applyWaivers(Verdict &verdict, std::span<const Waiver> waivers, Instant now);

} // namespace countersign::policy
