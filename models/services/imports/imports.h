#pragma once

#include "models/base/progress.h"
#include "models/importers/metricsfile.h"
#include "models/importers/source.h"
#include "models/services/workspace/session.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace countersign::services {

/// What an import did, or in a preview: would do.
struct ImportOutcome {
    ImportId import;
    std::int64_t no = 0;
    std::string source;
    std::string description;       ///< "MLflow database, schema f5a4f2784254"; "CSV, comma, UTF-8"
    std::int64_t models = 0;       ///< new ones
    std::int64_t versions = 0;
    std::int64_t runs = 0;
    std::int64_t changes = 0;      ///< records that differ from what was known
    std::int64_t observations = 0; ///< new values, restated ones included
    std::int64_t known = 0;        ///< values that the workspace had
    std::int64_t restated = 0;     ///< values that clash with a recorded one; both are kept, the new one counts
    std::int64_t rejected = 0;
    std::int64_t computed = 0;     ///< computed sets (computedsets.h)
    std::vector<std::string> newModels;                ///< up to 1000 names
    std::vector<std::string> changed;                  ///< up to 1000 sentences
    std::vector<std::string> clashes;                  ///< up to 100 sentences
    std::vector<importers::RejectedRow> rejectedRows;  ///< the first 1000
    std::vector<std::string> notes;
    std::string alreadyImported;   ///< "I-41" when the very same file came before; nothing is done then

    bool isNothingNew() const { return models + versions + runs + changes + observations + computed == 0; }
    std::string number() const { return "I-" + std::to_string(no); }
};

/// A registry read whole: what is shown in the preview is exactly what is imported afterwards, however the source moves on.
struct StagedRegistry {
    struct History {
        std::string metric;
        std::vector<importers::Point> points;
    };
    std::string uri;
    importers::Inventory inventory;
    std::vector<std::vector<History>> histories; ///< by run, in the inventory's order
    std::int64_t points = 0;
};

/// Reads inventory and histories. Never writes to the source. The workspace is not locked meanwhile.
Result<StagedRegistry> stageRegistry(importers::Registry &registry, const Progress &progress);

/// The import rehearsed in a transaction that is rolled back: the same counts, nothing written.
Result<ImportOutcome> previewRegistry(Session &session, const StagedRegistry &staged, const Progress &progress);
Result<ImportOutcome> previewMetrics(Session &session, const std::filesystem::path &file, const Progress &progress);

/// One transaction: all of it or nothing. When nothing is new no event is recorded either.
Result<ImportOutcome> importRegistry(Session &session, const StagedRegistry &staged, const Progress &progress);
/// `rejected` gets every rejected row, as it is met.
Result<ImportOutcome> importMetrics(Session &session, const std::filesystem::path &file, const Progress &progress,
                                    const importers::RejectedRowSink &rejected = {});

/// Takes an import back by a compensating event. `text`: "I-3" or the import's id.
/// Denied: something signed rests on it, or a later import builds on its records; the message names it. Conflict: it is undone already.
Status undoImport(Session &session, const std::string &text, const std::string &reason);

} // namespace countersign::services
