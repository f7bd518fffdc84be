#pragma once

/// Codes that stand in Error::hint. A sentence of a service holds wherever it is read, so it names neither an option nor a button: a command
/// line adds the command that helps, a window offers the act itself.
namespace countersign::services::hint {

inline constexpr const char *kChoosePerson = "person.choose";  ///< nobody is named who does this
inline constexpr const char *kEnrolDevice = "device.enrol";    ///< this computer's key is not enrolled in the workspace
inline constexpr const char *kMakeWorkspace = "workspace.make";
inline constexpr const char *kOtherLogin = "person.login";     ///< the login is taken
inline constexpr const char *kListKeys = "key.list";
inline constexpr const char *kListModels = "model.list";
inline constexpr const char *kListVersions = "version.list";
inline constexpr const char *kListLimits = "rule.list";
inline constexpr const char *kListImports = "import.list";
inline constexpr const char *kFreezeReview = "review.freeze";
inline constexpr const char *kMoveVersion = "version.move";    ///< a pack's gates decide on the stage
inline constexpr const char *kAssessTier = "tier.assess";      ///< a pack's questions decide on the tier
inline constexpr const char *kDecidePending = "pending.decide"; ///< a signature was made whose fate a person decides
inline constexpr const char *kAcceptState = "ledger.accept";   ///< the ledger does not continue what this computer remembers

} // namespace countersign::services::hint
