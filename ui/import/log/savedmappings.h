#pragma once

#include "models/predictions/mapping/mapping.h"

#include <QString>

#include <vector>

/// Mappings that this person saved under a name on this computer, and mapping files.
namespace countersign::pages::savedmappings {

struct SavedMapping {
    QString name;
    predictions::Mapping mapping;
};

/// By name. One that cannot be read any more is left out.
std::vector<SavedMapping> all();
/// Replaces one of the same name. Invalid: the mapping is incomplete.
Status save(const QString &name, const predictions::Mapping &mapping);
void remove(const QString &name);

/// The same document as `countersign-cli … --mapping FILE` reads and `--save-mapping FILE` writes.
Result<predictions::Mapping> readFile(const QString &path);
Status writeFile(const QString &path, const predictions::Mapping &mapping);

} // namespace countersign::pages::savedmappings
