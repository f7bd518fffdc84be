#pragma once

#include "models/base/json.h"
#include "models/domain/judgement.h"
#include "models/services/workspace/journal.h"

#include <optional>
#include <string>
#include <vector>

namespace countersign::services {

/// What a reviewer is shown and signs: a document whose digest is the bundle's id. Rendered from these bytes only.
/// {"context", "frozen", "inputs", "rules", "schema"}: inputs as store::reviewInputs; context tells stage, aliases and earlier sign-offs; rules as ruleFacts.
struct FrozenBundle {
    BundleId id;
    Digest digest;
    VersionId version;
    json::Value document;
    Digest inputs;
};

/// Freezes the version as it is now. Freezing again while nothing moved gives a new document with the same inputs.
Result<FrozenBundle> freezeReview(Session &session, const VersionId &version);
/// By id, digest or an unambiguous beginning of either. Tampered: the stored bytes lost their digest.
Result<FrozenBundle> loadBundle(Session &session, const std::string &text);

/// What differs now from what was frozen, in sentences; empty when the bundle may be signed. Others may sign the same bundle meanwhile: only what
/// speaks against it, a rejection, a signature taken back or a finding, is a difference.
Result<std::vector<std::string>> changesSince(Session &session, const FrozenBundle &bundle);

/// The same between two freezes of a version, from their bytes alone.
std::vector<std::string> changesBetween(const FrozenBundle &earlier, const FrozenBundle &now);

/// Counted adverse facts of a bundle, as they stand in the signing sentence: "1 failed limit".
std::vector<std::string> adverseFacts(const FrozenBundle &bundle);
/// "I, Ana Ruiz (aruiz), Validator, approve model credit-pd version 3, with 1 failed limit. Meaning: …"
std::string signingSentence(const FrozenBundle &bundle, const Person &person, Role role, Decision decision, const std::string &meaning);

/// What a reviewer had before their eyes, drawn from the frozen bundle: the pages as a PDF, or the text that a terminal printed. Kept as evidence
/// beside the bundle, so that what was seen can be seen again, whatever later programs draw. It proves what the signer's program says that it
/// showed; what was signed is in the bundle.
struct Rendering {
    std::string media; ///< "application/pdf", "text/plain; charset=utf-8"
    Bytes bytes;       ///< at most kLargestRendering
};
inline constexpr std::size_t kLargestRendering = 32U << 20;

struct SignRequest {
    std::string id;                  ///< uuid of the event, made before the first attempt; the same id never signs twice
    BundleId bundle;                 ///< what was shown
    Role role = Role::Validator;
    Decision decision = Decision::Approve;
    std::string meaning;
    std::string comment;
    std::vector<std::string> shown;  ///< sections that were on screen; empty from the command line
    std::optional<Rendering> rendering{};
};

/// What the signer gets, read back from the committed bytes.
struct SignReceipt {
    std::string event;               ///< id
    SignOffId signOff;
    std::int64_t entry = 0;
    std::string sentence;
    Instant signedAt{};
    int utcOffsetMinutes = 0;
    std::string fingerprint;         ///< of the key
    Digest leaf;
    ledger::TreeHead head;           ///< of the tree that includes the entry
    std::string checkpoint;          ///< signed note of that head
};

/// Records the signature. Conflict: the inputs moved since the freeze; the message says what. Denied and Invalid: policy::maySign.
/// After the commit the entry is read back and its signature verified before this returns.
Result<SignReceipt> sign(Session &session, const SignRequest &request, const Person &person, const crypto::SigningKey &key);

/// What the signer had before their eyes. NotFound: it was not kept. Tampered: the stored bytes lost their digest.
Result<Rendering> loadRendering(Session &session, const SignOff &signOff);

/// The last steps of every signature: signed, kept in a file (pending.h), appended, read back and verified. Io with hint::kDecidePending: it
/// is not known whether it was recorded; the file stays until that is found out. Precondition: the draft has an id.
Result<SignReceipt> recordSigned(Session &session, std::unique_ptr<Journal> journal, Draft draft, const Signer &signer);

} // namespace countersign::services
