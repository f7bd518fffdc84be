#pragma once

#include "models/ledger/proof.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Release tokens: the signed, expiring permission to use some files, which a pipeline checks alone, with public keys only. A token is a proof bundle
/// (FORMAT.md, "Release tokens"): the entry that issued the release, and the approvals on which it rests.
namespace countersign::release {

/// A file that a release is for.
struct ReleasedFile {
    std::string name;
    Digest digest;
    std::int64_t size = 0;
    bool operator==(const ReleasedFile &) const = default;
};

/// What the body of a `release.issue` says.
struct Release {
    ReleaseId id;
    ModelId model;
    VersionId version;
    std::string modelName;
    std::string versionLabel;
    std::vector<ReleasedFile> files;
    std::vector<std::uint64_t> approvals; ///< entries of the signatures on which it rests
    Digest gate;                          ///< of the gate's checks, as they stood
    Instant expires{};
    std::string sentence;                 ///< what the issuer read and signed
};
json::Object releaseBody(const Release &release);
/// Invalid: a member is missing, or is not what it should be.
Result<Release> readRelease(const json::Object &body);

/// Whom a pipeline believes, and which releases were revoked by then: exported from the workspace, kept beside the pipeline.
struct Trust {
    struct TrustedKey {
        Digest key; ///< crypto::keyDigest
        std::string person;
        std::string name;
    };
    LedgerId ledger;
    std::string origin;                        ///< name of the workspace
    std::uint64_t size = 0;                    ///< of the ledger when it was exported
    Instant exportedAt{};
    std::vector<TrustedKey> keys;              ///< persons' keys that were usable then
    std::map<ReleaseId, std::string> revoked;  ///< with the reason
};
Result<Bytes> encodeTrust(const Trust &trust);
/// Invalid: not such a file, or of a newer kind; the message says what is wrong.
Result<Trust> decodeTrust(BytesView bytes);

/// One thing that was looked at.
struct Check {
    bool isMet = false;
    std::string sentence;
};
struct Decision {
    std::optional<Release> release; ///< where the token names one
    std::string issuedBy;
    std::vector<Check> checks;
    bool isIntact = true;           ///< false: the token is not what somebody signed, rather than not enough

    bool isOpen() const;
};
struct Question {
    std::optional<Digest> artifact;   ///< of the file that shall be used; none: whichever the token is for
    Instant now{};
    std::optional<int> maxTrustDays;  ///< the trust file may be so old at most
};
/// Decides from the bytes alone: the proofs hold, the issuer's and the approvers' keys are trusted, the file is one of the released, nothing expired
/// or was revoked. Never reads a clock, a file or a network.
Decision decide(BytesView token, const Trust &trust, const Question &question);

} // namespace countersign::release
