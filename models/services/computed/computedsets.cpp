// Computed sets into the record. What is read back of them: computedlists.cpp.

#include "models/services/computed/computedsets.h"

#include "models/crypto/sha256.h"
#include "models/services/computed/computedobservations.h"
#include "models/services/imports/importrun.h"
#include "models/store/observations/compressed.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"

#include <algorithm>
#include <set>

namespace countersign::services {

namespace {

using computed::ComputedSet;

constexpr std::size_t kLongestText = 32'768; // of mapping and parameters in the event itself
constexpr std::size_t kMostRejects = 50;
constexpr const char *kSetMedia = "application/vnd.countersign.computed.v1+zlib";
constexpr const char *kScoresMedia = "application/vnd.countersign.scores.v1";
constexpr std::size_t kLargeText = std::size_t(32) << 20U; // packing it takes seconds: then quickly rather than tightly

Error cancelled() { return {ErrorKind::Cancelled, "The import was cancelled; nothing was changed.", {}}; }

std::int64_t windowsOf(const ComputedSet &set)
{
    std::set<std::string> names;
    for (const auto &cell : set.cells)
        if (cell.window)
            names.insert(cell.window->name);
    for (const auto &drift : set.drifts)
        if (drift.window)
            names.insert(drift.window->name);
    return static_cast<std::int64_t>(names.size());
}

/// The same log, mapping, parameters, figures and scores have the same identity, wherever the log lies.
std::string identityOf(const ComputedImport &import, const Digest &rows)
{
    const ComputedSet &set = *import.set;
    crypto::Sha256 hash;
    for (const std::string &part : {set.log.digest.text(), set.referenceLog ? set.referenceLog->digest.text() : std::string(),
                                    predictions::writeMapping(set.mapping), computed::writeParameters(set), std::to_string(set.engineVersion), rows.text(),
                                    import.scores.empty() ? std::string() : crypto::sha256(import.scores).text()}) {
        hash.add(std::to_string(part.size()) + ":");
        hash.add(part);
    }
    return hash.finish().text();
}

json::Array rejectsOf(const predictions::Rejects &rejects)
{
    json::Array array;
    for (const auto &count : rejects.counts) {
        if (array.size() == kMostRejects)
            break;
        array.emplace_back(json::Object{{"column", store::textValue(count.column)}, {"problem", std::string(problemKey(count.problem))}, {"rows", count.rows}});
    }
    return array;
}

json::Object bodyOf(const ComputedImport &import, const ModelId &model, const Digest &rows)
{
    const ComputedSet &set = *import.set;
    json::Object body{{"cells", static_cast<std::int64_t>(set.cells.size())}, {"engine", set.engineVersion}, {"log", store::textValue(predictions::shownSample(set.log.name))},
                      {"logBytes", set.log.bytes}, {"logDigest", set.log.digest.text()}, {"model", model.text()}, {"rejected", set.log.rejects.total},
                      {"rows", set.log.rows}, {"rowsDigest", rows.text()}, {"version", import.version.text()}, {"windows", windowsOf(set)}};
    const auto setText = [&body](const char *key, const std::string &text) {
        if (!text.empty() && text.size() <= kLongestText)
            body.set(key, store::textValue(text));
    };
    setText("note", import.note);
    setText("mapping", predictions::writeMapping(set.mapping));
    setText("parameters", computed::writeParameters(set));
    if (set.referenceLog) {
        body.set("reference", store::textValue(predictions::shownSample(set.referenceLog->name)));
        body.set("referenceDigest", set.referenceLog->digest.text());
    }
    if (!set.log.rejects.counts.empty())
        body.set("rejects", rejectsOf(set.log.rejects));
    return body;
}

std::string counted(std::uint64_t n, const char *one, const char *many) { return std::to_string(n) + " " + (n == 1 ? one : many); }

void describe(const ComputedSet &set, ImportOutcome &outcome)
{
    const std::int64_t windows = windowsOf(set);
    outcome.description = set.log.dialect.text() + "; " + counted(set.log.rows, "row", "rows") + ", " + counted(set.cells.size(), "group", "groups")
                          + (windows > 0 ? ", " + counted(static_cast<std::uint64_t>(windows), "window", "windows") : std::string());
    outcome.rejected = static_cast<std::int64_t>(set.log.rejects.total);
    for (const auto &row : set.log.rejects.first) {
        if (outcome.rejectedRows.size() == 1000)
            break;
        outcome.rejectedRows.push_back({row.row, row.line, row.column, std::string(problemText(row.problem)), row.sample});
    }
}

/// How long the windows of the set's series are, in milliseconds; 0: a moment.
std::int64_t windowLength(const ComputedSet &set)
{
    for (const auto &cell : set.cells)
        if (cell.window && cell.window->hasTime)
            return toMillis(cell.window->end) - toMillis(cell.window->start);
    return set.log.hasTimes ? toMillis(set.log.lastTime) - toMillis(set.log.firstTime) : 0;
}

std::string daysText(std::int64_t milliseconds)
{
    const auto hours = static_cast<std::uint64_t>((milliseconds + 1'800'000) / 3'600'000);
    return hours == 0 ? "a moment" : hours < 48 ? counted(hours, "hour", "hours") : counted((hours + 12) / 24, "day", "days");
}

/// A note where the version's series have windows of quite another length: a chart would draw both in one line. Months differ by a tenth.
Result<std::optional<std::string>> noteOnLengths(Session &session, const ComputedImport &import)
{
    if (import.set->cells.empty() || import.set->cells.front().metrics.empty())
        return std::optional<std::string>();
    const std::string &metric = import.set->cells.front().metrics.front().name;
    store::Statements sql(session.connection());
    const auto recorded = sql.integer("SELECT o.window_end - o.window_start FROM series s JOIN observation o ON o.series = s.id WHERE s.version = ? AND s.metric = ? AND "
                                      "s.slice = 'overall' ORDER BY o.window_end DESC, o.window_start DESC LIMIT 1", import.version.text(), metric);
    if (!sql.ok())
        return sql.status().error();
    const std::int64_t length = windowLength(*import.set);
    if (!recorded || (length * 5 >= *recorded * 4 && length * 4 <= *recorded * 5))
        return std::optional<std::string>();
    return std::optional("The values of " + metric + " that are recorded are of windows of " + daysText(*recorded) + ", these of " + daysText(length)
                         + "; a chart draws them in one line.");
}

/// The version that names stand for, as far as the workspace knows it.
struct Known {
    std::optional<ModelId> model;
    std::optional<VersionId> version;
};
Result<Known> knownVersion(Session &session, const std::string &model, const std::string &label)
{
    auto ids = store::modelsNamed(session.connection(), model);
    if (!ids)
        return ids.error();
    if (const auto id = ModelId::parse(model); id && ids->empty() && store::findModel(session.connection(), *id))
        ids->push_back(*id);
    if (ids->size() > 1)
        return Error{ErrorKind::Invalid, std::to_string(ids->size()) + " models have the name \"" + model.substr(0, 80) + "\". Write the model's id instead.", {}};
    if (ids->empty())
        return Known();
    const auto version = store::versionLabelled(session.connection(), ids->front(), label);
    if (!version)
        return version.error();
    return Known{ids->front(), *version};
}

/// `import` with the version that its names stand for, where it is known.
Result<ComputedImport> resolved(Session &session, ComputedImport import)
{
    if (!import.version.isEmpty())
        return import;
    if (import.model.empty() || import.label.empty())
        return Error{ErrorKind::Invalid, "Name the model and the version that the figures are of.", {}};
    const auto known = knownVersion(session, import.model, import.label);
    if (!known)
        return known.error();
    if (known->version)
        import.version = *known->version;
    return import;
}

Result<VersionId> registered(Session &session, ImportRun &run, const ComputedImport &import)
{
    const auto known = knownVersion(session, import.model, import.label);
    if (!known)
        return known.error();
    const auto model = known->model ? Result<ModelId>(*known->model) : run.registerModel(import.model);
    return model ? run.registerVersion(*model, import.label) : Result<VersionId>(model.error());
}

Result<ImportOutcome> importComputed(Session &session, Journal::Mode mode, const ComputedImport &asked, const Progress &progress)
{
    if (!asked.set || (asked.set->cells.empty() && asked.set->drifts.empty()))
        return Error{ErrorKind::Invalid, "There are no figures to record.", {}};
    if (asked.note.size() > kLongestText)
        return Error{ErrorKind::Invalid, "The note is longer than 32,768 bytes. Say it shorter.", {}};
    const ComputedSet &set = *asked.set;
    // The slow part, before others are kept from writing.
    const auto [text, rows] = computed::writeWithDigest(set);
    const auto document = store::compressed(text, text.size() > kLargeText ? 1 : 6);
    if (!document)
        return document.error();
    if (progress.isCancelled())
        return cancelled();
    const std::string identity = identityOf(asked, rows);
    auto run = ImportRun::begin(session, mode, "computed", predictions::shownSample(set.log.name), identity);
    if (!run)
        return run.error();
    // Looked up behind the ledger's lock, so that two programs cannot both find it new.
    auto found = resolved(session, asked);
    if (!found)
        return found.error();
    store::Statements sql(session.connection());
    const auto earlier = sql.integer("SELECT c.no FROM computed_set c JOIN import i ON i.id = c.import WHERE c.version = ? AND i.content = ? AND i.undone_by IS NULL",
                                     found->version.text(), identity);
    if (!sql.ok())
        return sql.status().error();
    ImportOutcome &outcome = (*run)->outcome();
    describe(set, outcome);
    if (earlier) {
        outcome.alreadyImported = "I-" + std::to_string(*earlier);
        return std::move(outcome);
    }
    ComputedImport &import = *found;
    if (import.version.isEmpty()) {
        const auto id = registered(session, **run, import);
        if (!id)
            return id.error();
        import.version = *id;
    }
    const auto version = store::findVersion(session.connection(), import.version);
    if (!version)
        return version.error();
    const auto lengths = noteOnLengths(session, import);
    if (!lengths)
        return lengths.error();
    auto notes = recordFigures(import, session.now(), (*run)->observations(), progress);
    if (!notes)
        return notes.error();
    outcome.notes = std::move(*notes);
    if (*lengths)
        outcome.notes.push_back(**lengths);
    json::Object body = bodyOf(import, version->model, rows);
    const auto evidence = (*run)->journal().putEvidence(kSetMedia, *document);
    if (!evidence)
        return evidence.error();
    if (!import.scores.empty()) {
        const auto scores = (*run)->journal().putEvidence(kScoresMedia, import.scores);
        if (!scores)
            return scores.error();
        body.set("scores", scores->text());
    }
    (*run)->addClosing({"metrics.computed", std::move(body), *evidence, {}, {}});
    if (progress.isCancelled())
        return cancelled();
    progress(0, 0, "writing");
    return (*run)->finish();
}

} // namespace

Result<ImportOutcome> previewComputed(Session &session, const ComputedImport &import, const Progress &progress)
{
    return importComputed(session, Journal::Mode::Rehearse, import, progress);
}

Result<ImportOutcome> recordComputed(Session &session, const ComputedImport &import, const Progress &progress)
{
    return importComputed(session, Journal::Mode::Write, import, progress);
}

Result<std::uint64_t> recordRecomputation(Session &session, const ImportId &import, const computed::Recomputation &outcome)
{
    constexpr std::size_t kFirst = 20;
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    const auto row = findComputed(session, import.text());
    if (!row)
        return row.error();
    if (row->undoneBy)
        return Error{ErrorKind::Conflict, row->number() + " is undone.", {}};
    if (row->rowsDigest != outcome.storedRows)
        return Error{ErrorKind::Conflict, "What was computed again is not " + row->number() + ".", {}};
    json::Array first;
    for (std::size_t i = 0; i < outcome.first.size() && i < kFirst; ++i)
        first.emplace_back(store::textValue(outcome.first[i].sentence()));
    json::Object body{{"compared", outcome.compared}, {"differences", outcome.differences}, {"engine", outcome.engine}, {"equal", outcome.isEqual()}, {"first", std::move(first)},
                      {"import", row->import.text()}, {"importNo", row->no}, {"log", store::textValue(predictions::shownSample(outcome.logName))},
                      {"logDigest", outcome.log.text()}, {"rowsDigest", outcome.rows.text()}, {"sameLog", outcome.isSameLog()}, {"storedEngine", outcome.storedEngine},
                      {"version", row->version.text()}};
    const auto seq = journal->record({"metrics.recomputed", std::move(body), {}, {}, {}});
    if (!seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return *seq;
}

} // namespace countersign::services
