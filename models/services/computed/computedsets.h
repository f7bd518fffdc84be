#pragma once

#include "models/computed/record/recompute.h"
#include "models/services/imports/imports.h"

#include <memory>

/// Figures that were computed from a prediction log, in the record: the whole set as evidence, and its figures as observations that limits
/// judge and charts draw. A computed set is an import: it has a number ("I-41"), stands in the list of imports, and undoImport() takes it back.
namespace countersign::services {

/// Which figures become observations. All of them stay in the evidence, whatever is chosen here.
///
/// Cells give the metric's own name with the group as slice; disparities "demographic_parity_difference/sex" ("…/sex x race" for combinations);
/// drift "psi/income"; selection and scoring rates "impact_ratio" and "scoring_impact_ratio" with the group as slice.
/// A figure that is computed by window as well as for the whole log gives its windows only: a chart of one series is over time, and a limit
/// judges the newest window. What is computed for the whole log alone has the window from the log's first time to its last.
/// Rows without a time give no observations of their own. An undefined figure is the value NaN.
struct ObservationOptions {
    std::vector<std::string> metrics; ///< of cells: only these; empty: all
    std::size_t depth = 1;            ///< groups of up to so many attributes, in cells and impact ratios; 0: everybody alone
    bool disparities = true;          ///< of combinations of any depth: there are few
    bool drifts = true;
    bool impacts = true;
    std::optional<Window> window;     ///< of a log without times; otherwise the moment of the import
};

struct ComputedImport {
    VersionId version; ///< empty: that of `model` with the label `label`; both are registered where they are new
    std::string model; ///< by name or id
    std::string label;
    std::shared_ptr<const computed::ComputedSet> set;
    Bytes scores;     ///< what moves thresholds later without the log (computed/scoresummary.h); empty: none
    std::string note; ///< a person's words, for the record
    ObservationOptions observations;
};

/// What would be recorded; writes nothing, needs neither a person nor an enrolled key. `observations`, `known`, `restated`, `clashes`, `notes` and
/// `alreadyImported` of the outcome are filled as by other imports; `rejected` is that of the log.
Result<ImportOutcome> previewComputed(Session &session, const ComputedImport &import, const Progress &progress = {});
/// One transaction: all of it or nothing. The same set again (same version, log, mapping, parameters and figures) adds nothing and says so.
/// Invalid: nothing to record, or a name that several models have. NotFound: no such version. Cancelled: nothing was changed.
Result<ImportOutcome> recordComputed(Session &session, const ComputedImport &import, const Progress &progress = {});

/// A recorded set as lists show it.
struct ComputedRow {
    ImportId import;
    std::int64_t no = 0;
    ModelId model;
    std::string modelName;
    VersionId version;
    std::string versionLabel;
    Instant at{};
    std::string actor;             ///< name
    std::string note;
    std::string log;               ///< its name as it was given
    Digest logDigest;
    std::uint64_t logBytes = 0;
    std::uint64_t rows = 0;
    std::uint64_t rejected = 0;
    std::uint64_t windows = 0;
    std::uint64_t cells = 0;
    std::int64_t observations = 0;
    int engine = 0;
    Digest rowsDigest;             ///< of writeComputedRows()
    Digest set;                    ///< of the evidence
    bool hasScores = false;
    std::int64_t entry = 0;
    std::optional<std::int64_t> undoneBy; ///< ledger entry

    struct Check {                 ///< a recomputation that was recorded
        std::int64_t entry = 0;
        Instant at{};
        std::string actor;
        int engine = 0;
        bool isEqual = false;
        std::uint64_t compared = 0;
        std::uint64_t differences = 0;
    };
    std::optional<Check> lastCheck;

    std::string number() const { return "I-" + std::to_string(no); }
};
/// Newest first, undone ones too.
Result<std::vector<ComputedRow>> listComputed(Session &session, const ModelId &model);
Result<std::vector<ComputedRow>> listComputed(Session &session, const VersionId &version);
/// By "I-41" or the import's id. NotFound.
Result<ComputedRow> findComputed(Session &session, const std::string &text);
/// All recorded recomputations of a set, newest first.
Result<std::vector<ComputedRow::Check>> listChecks(Session &session, const ImportId &import);

/// Checked against the digests on record. NotFound: no such set (loadScores: it was recorded without scores). Tampered.
Result<computed::ComputedSet> loadComputed(Session &session, const ImportId &import);
Result<Bytes> loadScores(Session &session, const ImportId &import);

/// That a set was computed again, and what came out. Returns the number of the ledger entry.
/// Conflict: the recomputation is of another set, or that import is undone.
Result<std::uint64_t> recordRecomputation(Session &session, const ImportId &import, const computed::Recomputation &outcome);

} // namespace countersign::services
