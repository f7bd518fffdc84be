#pragma once

#include "models/services/review/review.h"
#include "models/services/workspace/session.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace countersign::faults {

inline constexpr const char *kMeaning = "Validated: independent validation performed";
inline constexpr const char *kAdministrator = "asample"; ///< login of who made the workspace
/// How a refusal begins when what was frozen is no longer what is recorded.
inline constexpr const char *kStaleSentence = "What was frozen is no longer what is recorded";

/// A workspace to be hurt, and beside it a folder with the keys of a person and a computer, so that worker processes
/// can sign without an Argon2id each.
struct Workplace {
    std::filesystem::path
        folder;          ///< with a folder "kept" in it, this computer remembers what it verified and what it signed
    std::string address; ///< of the workspace: a file, or a PostgreSQL URI

    /// A workspace whose administrator signs, with `models` models ("m0" …) of one version each, a limit and a frozen
    /// review for each.
    static Result<Workplace> make(const std::filesystem::path &folder, const std::string &address, int models = 1);
    static Workplace at(const std::filesystem::path &folder, const std::string &address) { return {folder, address}; }

    /// System clock and randomness, this computer's key.
    Result<services::Environment> environment() const;
    /// Opened anew, as the person who signs.
    Result<std::unique_ptr<services::Session>> open(bool readOnly = false) const;
    Result<crypto::SigningKey> personKey(const std::string &login = kAdministrator) const;
    /// Another validator, with a key.
    Status addSigner(services::Session &session, const std::string &login) const;
    /// From now on this computer remembers.
    Status remember() const;
    /// Ids of the frozen reviews, by model.
    Result<std::vector<BundleId>> bundles() const;
};

/// A signature of the session's person on a frozen review; the id names the intent and never signs twice.
Result<services::SignReceipt> signOff(services::Session &session, const crypto::SigningKey &key, const BundleId &bundle,
                                      const std::string &id);

/// Writes a small file whole; an Error names it.
Status writeFile(const std::filesystem::path &file, BytesView bytes);
Result<Bytes> readFile(const std::filesystem::path &file);

} // namespace countersign::faults
