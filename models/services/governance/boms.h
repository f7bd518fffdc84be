#pragma once

#include "models/cards/cyclonedx.h"
#include "models/services/governance/evidence.h"

#include <filesystem>
#include <vector>

/// CycloneDX bills of materials: written from what the record knows of a version, and kept as evidence where others wrote them.
namespace countersign::services {

/// SHA-256 of a file of any size, read piece by piece. NotFound, Invalid (no file), Io, Cancelled.
Result<cards::BomFile> fileForBom(const std::filesystem::path &file, const Progress &progress = {});

/// Canonical JSON of specification 1.6, with the model's card, the digests of `artifacts`, and of the accepted evidence about the version that is kept here.
Result<Bytes> bomOf(Session &session, const VersionId &version, std::vector<cards::BomFile> artifacts);

/// What a file lists. Invalid: damaged, or no CycloneDX document.
Result<cards::Bom> readBom(BytesView bytes);

} // namespace countersign::services
