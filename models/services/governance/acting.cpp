#include "models/services/governance/acting.h"

#include "models/store/queries/queries.h"

namespace countersign::services {

Status checkSubject(Session &session, const ModelId &id, const std::optional<VersionId> &versionId)
{
    if (const auto model = store::findModel(session.connection(), id); !model)
        return model.error();
    if (!versionId)
        return {};
    const auto version = store::findVersion(session.connection(), *versionId);
    if (!version)
        return version.error();
    return version->model == id ? Status() : Status(Error{ErrorKind::Invalid, "That version is of another model.", {}});
}

} // namespace countersign::services
