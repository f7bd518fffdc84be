#pragma once

#include "models/domain/releases.h"
#include "models/policy/gate.h"
#include "models/release/release.h"
#include "models/services/workspace/session.h"

#include <optional>
#include <string>
#include <vector>

/// What a pipeline asks: may this version be used, with these files? Here, while the workspace is at hand; and as a token, without it.
namespace countersign::services {

/// The digest and size of a file, read once from its beginning to its end. Io: it cannot be read.
struct FileDigest {
    std::string name; ///< without its folder
    Digest digest;
    std::int64_t size = 0;
};
Result<FileDigest> digestOf(const std::string &path);

/// Files of a version, known by their digests from then on. Conflict: all are known. Denied: the role.
Result<std::vector<Artifact>> addArtifacts(Session &session, const VersionId &version, const std::vector<FileDigest> &files);

/// Everything that the pack asked on the way to a stage, as it stands now: a value that fell, a waiver that ended or a finding that was opened since
/// the version passed closes it again. Fails too where the version does not stand there, or one open move before.
/// NotFound: no pack governs the model. Invalid: the pack has no such stage, or no way leads to it.
struct PipelineGate {
    MlModel model;
    ModelVersion version;
    std::string pack;  ///< "General model governance 2026.12"
    std::string stage; ///< title of the stage asked about
    policy::GateVerdict gate;
    std::optional<policy::GateCheck> artifact; ///< where a file was asked about
    bool isOpen() const { return gate.isOpen() && (!artifact || artifact->state == policy::CheckState::Met); }
};
Result<PipelineGate> pipelineGate(Session &session, const VersionId &version, Stage stage, const std::optional<Digest> &artifact);

struct ReleaseRequest {
    VersionId version;
    Instant expires{};
};
/// What will be signed; Conflict: the gate to use is closed, with every reason; Invalid: no file is known, a moment that is past or more than a year
/// away. A release ends with the first waiver that it rests on.
Result<release::Release> prepareRelease(Session &session, const ReleaseRequest &request, const Person &person);
/// Denied: neither approver nor compliance officer. Otherwise as prepareRelease.
Result<IssuedRelease> issueRelease(Session &session, const ReleaseRequest &request, const Person &person, const crypto::SigningKey &key);
/// As who works here. Conflict: it is revoked already.
Result<IssuedRelease> revokeRelease(Session &session, const ReleaseId &release, const std::string &reason);
/// "R-2", "z:0c3f…" or the beginning of an id.
Result<IssuedRelease> findRelease(Session &session, const std::string &text);

/// The token of a release: proofs of its entry and of the approvals, under a checkpoint of this computer.
Result<Bytes> releaseToken(Session &session, const IssuedRelease &release);
/// Whom pipelines believe: the keys of persons that are usable now, and every revoked release.
Result<Bytes> releaseTrust(Session &session);

} // namespace countersign::services
