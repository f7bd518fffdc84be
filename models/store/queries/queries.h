#pragma once

#include "models/database/connection.h"
#include "models/domain/inventory.h"
#include "models/domain/judgement.h"
#include "models/domain/people.h"
#include "models/store/observations/observationblock.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// Reads of the projections, as values. Plain functions: a page or a use case asks for exactly what it shows.
namespace countersign::store {

Result<MlModel> findModel(database::Connection &connection, const ModelId &id);          ///< NotFound
/// All of them, by number, without descriptions and tags: what judging asks for.
Result<std::vector<MlModel>> listModels(database::Connection &connection);
Result<std::vector<ModelId>> modelsNamed(database::Connection &connection, const std::string &name);
Result<std::vector<Tag>> modelAliases(database::Connection &connection, const ModelId &id); ///< alias → label
Result<ModelVersion> findVersion(database::Connection &connection, const VersionId &id); ///< with tags and aliases; NotFound
Result<std::optional<VersionId>> versionLabelled(database::Connection &connection, const ModelId &model, const std::string &label);
Result<std::optional<VersionId>> currentVersion(database::Connection &connection, const ModelId &model);
Result<Run> findRun(database::Connection &connection, const RunId &id);                  ///< with parameters and tags; NotFound

/// A version as lists show it at a moment: its state may have turned since it was recorded.
struct VersionRow {
    ModelVersion version; ///< without tags
    std::string modelName;
    VerdictState verdict = VerdictState::NotJudged;
    std::string verdictSentence;
    std::string worst;
    int signOffs = 0;
    int staleSignOffs = 0;
};
Result<std::vector<VersionRow>> listVersions(database::Connection &connection, const std::optional<ModelId> &model, Instant now); ///< newest label first
Result<VersionRow> versionRow(database::Connection &connection, const VersionId &id, Instant now);

/// Every revision of every rule, by rule and revision. `currentOnly`: the last revision of each, retired ones left out.
Result<std::vector<Rule>> listRules(database::Connection &connection, bool currentOnly = true);
/// Worst first, as of `today`: a value may have become too old for its limit since it was judged, a waiver may have ended.
Result<std::vector<Verdict>> listVerdicts(database::Connection &connection, const VersionId &version, Instant today);

struct SeriesRow {
    std::int64_t id = 0;
    SeriesKey key;
    std::int64_t count = 0;               ///< current values; only where counted
    std::optional<ObservationRow> latest; ///< only where asked for
};
/// By metric, slice, run. Values are counted up to `countedTo` only: counting a million takes as long as reading them.
Result<std::vector<SeriesRow>> listSeries(database::Connection &connection, const VersionId &version, bool withLatest = false,
                                          std::int64_t countedTo = std::numeric_limits<std::int64_t>::max());
/// Values in time order, restated ones by their last revision only.
Result<std::vector<ObservationRow>> readObservations(database::Connection &connection, std::int64_t series);
/// The same, of the last `count` values only; costs no more for a long series than for a short one.
Result<std::vector<ObservationRow>> lastObservations(database::Connection &connection, std::int64_t series, std::size_t count);
Result<std::optional<ObservationRow>> latestObservation(database::Connection &connection, std::int64_t series);

Result<std::vector<Person>> listPeople(database::Connection &connection);
/// By id, login or exact printed name. NotFound names the logins there are; Invalid when a name fits two.
Result<Person> findPerson(database::Connection &connection, const std::string &text);

struct BundleRow {
    BundleId id;
    VersionId version;
    std::string modelName;
    std::string versionLabel;
    Digest inputs;
    Instant frozenAt{};
    std::string frozenBy;
    std::int64_t entry = 0;
};
Result<std::optional<BundleRow>> findBundle(database::Connection &connection, const BundleId &id);
/// Bundles whose id begins with `prefix` ("b:7c1e" or "7c1e").
Result<std::vector<BundleRow>> bundlesLike(database::Connection &connection, const std::string &prefix);
Result<std::vector<BundleRow>> listBundles(database::Connection &connection, const VersionId &version); ///< newest first

struct SignOffRow {
    SignOff signOff;
    std::string sentence;
    std::string modelName;
    std::string versionLabel;
};
/// Newest first; of one version, or of all.
Result<std::vector<SignOffRow>> listSignOffs(database::Connection &connection, const std::optional<VersionId> &version);
/// Those of a version that speak against it: rejections, and signatures taken back. Newest first.
Result<std::vector<SignOffRow>> listObjections(database::Connection &connection, const VersionId &version);
Result<std::vector<SignOffRow>> signOffsAt(database::Connection &connection, std::int64_t entry); ///< one or none
Result<std::vector<SignOffRow>> signOffsLike(database::Connection &connection, const std::string &prefix); ///< of whose id "s:…" this is a beginning

struct ImportRow {
    std::int64_t no = 0;
    ImportId id;
    std::string kind;
    std::string source;
    std::string description;
    std::string content; ///< digest text of the file or of what was read; the same again adds nothing
    Instant at{};
    std::string actor;
    std::int64_t models = 0, versions = 0, runs = 0, changes = 0, observations = 0, restated = 0, rejected = 0;
    std::int64_t entry = 0;
    std::optional<std::int64_t> undoneBy;
    std::string number() const { return "I-" + std::to_string(no); }
};
Result<std::vector<ImportRow>> listImports(database::Connection &connection); ///< newest first

struct ReportRow {
    ReportId id;
    VersionId version;
    std::string modelName;
    std::string versionLabel;
    std::string title;
    Digest facts;
    Instant at{};
    std::string actor;
    std::int64_t entry = 0;
};
Result<std::vector<ReportRow>> listReports(database::Connection &connection, const std::optional<VersionId> &version = {});

/// One entry as the audit trail lists it.
struct TrailRow {
    std::int64_t entry = 0;
    std::string kind;
    Instant at{};
    std::string actor;
    std::string actorName;
    std::string subject;
    ModelId model;
    VersionId version;
    std::string summary;
    Digest leaf;
};
struct TrailFilter {
    std::string kindPrefix; ///< "review."
    std::string actor;      ///< PersonId text
    std::optional<ModelId> model;
    std::optional<VersionId> version;
    std::optional<Instant> from;
    std::optional<Instant> to;
    std::string text;       ///< substring of the summary
};
Result<std::vector<std::int64_t>> trailEntries(database::Connection &connection, const TrailFilter &filter); ///< entry numbers, newest first
Result<std::vector<TrailRow>> trailRows(database::Connection &connection, const std::vector<std::int64_t> &entries);

/// One changed field, for the History of a model.
struct ChangeRow {
    std::int64_t entry = 0;
    Instant at{};
    std::string actorName;
    std::string subject;
    std::string what; ///< "model", "version 3"
    std::string field;
    std::optional<std::string> before;
    std::optional<std::string> after;
    std::string summary; ///< of the event, where no single field changed
};
Result<std::vector<ChangeRow>> modelHistory(database::Connection &connection, const ModelId &model); ///< newest first

Result<std::string> subjectHead(database::Connection &connection, const std::string &subject); ///< empty when there is none

} // namespace countersign::store
