#pragma once

#include "models/base/digest.h"
#include "models/base/id.h"
#include "models/base/json.h"
#include "models/base/members.h"
#include "models/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Events, entries, tree, proofs and verification. FORMAT.md says the same precisely enough to write another verifier.
namespace countersign::ledger {

/// Who acted, with which key, in which role. `device` is where; "none" where no device key exists.
struct Actor {
    std::string device = "none"; ///< DeviceId text or "none"
    KeyId key;
    std::string name;            ///< printed name at that moment
    PersonId person;
    std::string role;            ///< roleKey of the role acted in, or "device"; only then may `person` be empty
    bool operator==(const Actor &) const = default;
};

/// A state of the tree that the writer had verified itself.
struct TreeHead {
    std::uint64_t size = 0;
    Digest root; ///< of the empty tree: SHA-256 of nothing
    bool operator==(const TreeHead &) const = default;
};

/// "The subject's latest event I saw": the append is refused when it moved.
struct Expectation {
    std::string subject; ///< id text of a model, version, bundle …
    std::string head;    ///< "e:" and the uuid of that event; empty when there was none
    bool operator==(const Expectation &) const = default;
};

/// One governed change, the statement that is signed. Strings in `body` are clean text (text::escape was applied where needed).
struct Event {
    std::string id;   ///< uuid, made before the first attempt
    std::string kind; ///< "review.signoff"
    LedgerId ledger;  ///< empty in the genesis event only
    Actor actor;
    Instant time{};
    int utcOffsetMinutes = 0;
    TreeHead seen;
    std::optional<Digest> evidence;
    std::optional<Expectation> expects;
    json::Object body;
    std::string appVersion;
    std::string appBuild; ///< "sha256:…" of the program, or "unknown"
    int version = 1;
};

/// The restricted canonical JSON that is signed and stored. Invalid: something in the event is not clean; larger than 256 KiB.
Result<Bytes> encodeEvent(const Event &event);
/// Strict: bytes must be canonical, every member known, every id well-formed. Unsupported: canonical, but of a newer version.
Result<Event> decodeEvent(BytesView payload);

/// Everything that the event names as evidence: its own, and what its body names as `rendering` or `scores` (FORMAT.md, section 7).
std::vector<Digest> evidenceOf(const Event &event);

/// The id text of what the event is about, from its body (FORMAT.md, "Subjects"); empty for kinds without one. `expects` compares
/// the latest event of a subject.
std::string subjectOf(const Event &event);

using json::measured;
using json::readMeasured;

} // namespace countersign::ledger
