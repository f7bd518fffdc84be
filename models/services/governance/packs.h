#pragma once

#include "models/domain/lifecycle.h"
#include "models/policy/packs/pack.h"
#include "models/services/workspace/session.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

/// Packs in force: published once and never changed, with the limits that they bring; which of them govern a model; what a publication would change.
namespace countersign::services {

struct PublishRequest {
    policy::Pack pack;
    std::optional<Instant> effectiveFrom; ///< none: at once
    bool isDefault = false;               ///< governs every model for which none was chosen
    std::string note;
};

/// A verdict that would be another.
struct Flip {
    ModelId model;
    std::string modelName;
    VersionId version;
    std::string versionLabel;
    std::string metric;
    Slice slice;
    std::optional<VerdictState> before; ///< none: nothing was judged
    std::optional<VerdictState> after;  ///< none: nothing is judged any more
    std::string sentence;               ///< of the verdict after, or before where there is none after
};
struct PackImpact {
    int rulesSet = 0;           ///< limits that begin or change
    int rulesRetired = 0;
    int models = 0;             ///< that it would govern
    int versions = 0;
    std::vector<Flip> flips;    ///< those that would fail first, by model and version
    int failing = 0;            ///< of these, verdicts that fail and did not before
    int failingModels = 0;      ///< models with such
    std::string sentence() const; ///< "Governs 61 models; 9 of them fail 14 limits that they did not fail before."
};
/// What the publication would change, without changing anything. Denied and Conflict as publishPack. `isCancelled` is asked now and then.
Result<PackImpact> previewPack(Session &session, const PublishRequest &request, const std::function<bool()> &isCancelled = {});

/// Denied: not a compliance officer. Conflict: that version, or a later one, is published. Invalid: it does not fit together; it would begin in the past.
Result<PublishedPack> publishPack(Session &session, const PublishRequest &request, const Person &person, const crypto::SigningKey &key);
/// Its limits no longer judge, and its gates no longer stand; its history stays. NotFound, Denied; Conflict: it is retired already.
Status retirePack(Session &session, const std::string &pack, const std::string &reason, const Person &person, const crypto::SigningKey &key);

/// The packs that govern a model from now on, the one whose stages are its life first; none: the default ones. As who works here.
/// Invalid: no reason, a pack twice, nothing changes. NotFound: a pack that is not published.
Result<MlModel> governModel(Session &session, const ModelId &model, const std::vector<std::string> &packs, const std::string &reason);

/// A published version, read from its evidence. Tampered: the stored bytes lost their digest.
Result<policy::Pack> loadPack(Session &session, const PublishedPack &published);
/// The packs that govern a model now, in their order; those that are not in force at the moment are left out.
Result<std::vector<policy::Pack>> packsOf(Session &session, const MlModel &model);

} // namespace countersign::services
