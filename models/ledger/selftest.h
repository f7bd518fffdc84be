#pragma once

#include "models/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// Runs published test vectors through the code that judges a ledger, on the machine where it has to be right.
namespace countersign::ledger {

enum class SelfTest { Signatures, Merkle, Jcs, Notes };
std::string_view selfTestKey(SelfTest test); ///< "sig", "merkle", "jcs", "note"
Result<SelfTest> parseSelfTest(std::string_view key);

struct SelfTestReport {
    std::uint64_t passed = 0;
    std::vector<std::string> failures; ///< a sentence for every vector whose verdict is not the published one

    bool isPassed() const { return passed > 0 && failures.empty(); }
};

/// Reads every file of vectors below the folder.
/// - Signatures: C2SP CCTV ed25519vectors.json (accepted are those without one of the flags for which libsodium's rule
/// refuses) and Wycheproof's
///   ed25519_test.json.
/// - Merkle: the inclusion and consistency proofs of transparency-dev/merkle, one JSON object a file.
/// - Jcs: folders "input" and "output" as those of cyberphone/json-canonicalization: the first in the form of RFC 8785
/// is the second.
/// - Notes: signed checkpoints; `keys` holds the verifier keys, one of which must have signed each.
/// NotFound: there is no such folder, or nothing in it is such a vector. Invalid: a file is not what its place says.
Result<SelfTestReport> runSelfTest(SelfTest test, const std::filesystem::path &folder,
                                   const std::vector<std::string> &keys = {});

} // namespace countersign::ledger
