#include "models/services/imports/imports.h"
#include "models/services/workspace/hints.h"
#include "models/services/workspace/journal.h"
#include "models/store/queries/queries.h"
#include "models/store/statements.h"

namespace countersign::services {

namespace {

Result<store::ImportRow> findImport(Session &session, const std::string &text)
{
    const auto imports = store::listImports(session.connection());
    if (!imports)
        return imports.error();
    for (const auto &import : *imports)
        if (import.id.text() == text || import.number() == text)
            return import;
    return Error{ErrorKind::NotFound, "There is no import \"" + text + "\". Imports have numbers like I-1.", {}, hint::kListImports};
}

/// What stands in the way of an undo; empty when nothing does.
Result<std::string> obstacle(Session &session, const store::ImportRow &import)
{
    store::Statements sql(session.connection());
    // Signatures on a bundle frozen after it, over a version whose facts or values it brought.
    const auto signedVersion = sql.text("SELECT m.name || ' ' || v.label FROM signoff f JOIN version v ON v.id = f.version JOIN model m ON m.id = v.model JOIN bundle b ON "
                                        "b.id = f.bundle WHERE b.entry > ? AND (v.import = ? OR m.import = ? OR EXISTS (SELECT 1 FROM change c WHERE c.import = ? AND c.subject IN "
                                        "(v.id, m.id, v.run)) OR EXISTS (SELECT 1 FROM series s JOIN observation o ON o.series = s.id WHERE s.version = v.id AND o.import = ?) "
                                        "OR EXISTS (SELECT 1 FROM computed_set c WHERE c.version = v.id AND c.import = ?)) LIMIT 1",
                                        import.entry, import.id.text(), import.id.text(), import.id.text(), import.no, import.id.text());
    if (signedVersion)
        return "A sign-off of " + *signedVersion + " refers to it.";
    const auto bundle = sql.text("SELECT m.name || ' ' || v.label FROM bundle b JOIN version v ON v.id = b.version JOIN model m ON m.id = v.model WHERE v.import = ? LIMIT 1",
                                 import.id.text());
    if (bundle)
        return "A review of " + *bundle + ", which it brought, was frozen.";
    const auto later = sql.integer("SELECT min(o.import) FROM series s JOIN observation o ON o.series = s.id WHERE o.import <> ? AND (s.version IN (SELECT id FROM version WHERE "
                                   "import = ?) OR s.run IN (SELECT id FROM run WHERE import = ?))",
                                   import.no, import.id.text(), import.id.text());
    if (later)
        return "Import I-" + std::to_string(*later) + " builds on it; undo that one first.";
    const auto computed = sql.integer("SELECT min(c.no) FROM computed_set c JOIN import i ON i.id = c.import WHERE i.undone_by IS NULL AND c.import <> ? AND c.version IN "
                                      "(SELECT id FROM version WHERE import = ?)", import.id.text(), import.id.text());
    if (computed)
        return "Import I-" + std::to_string(*computed) + " builds on it; undo that one first.";
    const auto proposed = sql.text("SELECT summary FROM change_request WHERE withdrawal IS NULL AND (import = ? OR version IN (SELECT id FROM version WHERE import = ?)) LIMIT 1",
                                   import.id.text(), import.id.text());
    if (proposed)
        return "A change request rests on it: " + *proposed + " Withdraw that first.";
    const auto laterVersion = sql.text("SELECT v.label FROM version v JOIN model m ON m.id = v.model WHERE m.import = ? AND v.import <> ? LIMIT 1", import.id.text(), import.id.text());
    if (laterVersion)
        return "A later import registered version " + *laterVersion + " of a model that it brought; undo that one first.";
    // What people recorded about a model or version would be about nothing.
    static constexpr std::pair<const char *, const char *> records[] = {{"finding", "F-"}, {"exhibit", "E-"}, {"evidence_request", "ER-"}, {"waiver", "W-"}};
    for (const auto &[table, letters] : records)
        if (const auto no = sql.integer("SELECT min(no) FROM " + std::string(table) + " WHERE version IN (SELECT id FROM version WHERE import = ?) OR model IN (SELECT id FROM model WHERE import = ?)",
                                        import.id.text(), import.id.text()))
            return letters + std::to_string(*no) + " is about what it brought.";
    if (!sql.ok())
        return sql.status().error();
    return std::string();
}

} // namespace

Status undoImport(Session &session, const std::string &text, const std::string &reason)
{
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    const auto import = findImport(session, text);
    if (!import)
        return import.error();
    if (import->undoneBy)
        return Error{ErrorKind::Conflict, import->number() + " is undone already, by ledger entry " + std::to_string(*import->undoneBy) + ".", {}};
    const auto reasonNot = obstacle(session, *import);
    if (!reasonNot)
        return reasonNot.error();
    if (!reasonNot->empty())
        return Error{ErrorKind::Denied, import->number() + " cannot be undone. " + *reasonNot, {}};
    const auto seq = journal->record({"import.undo",
                                         {{"import", import->id.text()}, {"importNo", import->no}, {"reason", store::textValue(reason)}, {"source", store::textValue(import->source)}},
                                         {}, {}, {}});
    if (!seq)
        return seq.error();
    return journal->journal->commit();
}

} // namespace countersign::services
