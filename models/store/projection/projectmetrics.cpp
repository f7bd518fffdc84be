// The metrics part of the projector: observation blocks, imports and their undoing.

#include "models/base/text.h"
#include "models/store/projection/projector.h"

namespace countersign::store {

namespace {
std::string idText(const auto &id) { return id ? id->text() : std::string(); }
} // namespace

Status Projector::applyObservations(const ObservationBlock &block, std::int64_t importNo, const std::string &import)
{
    for (const auto &series : block.series) {
        touchVersion(idText(series.key.version));
        if (!m_knownSeries.insert(series.id).second)
            continue;
        if (m_sql.integer("SELECT 1 FROM series WHERE id = ?", series.id))
            continue;
        m_sql.run("INSERT INTO series (id, version, run, metric, slice, import) VALUES (?, ?, ?, ?, ?, ?)", series.id, idText(series.key.version),
                  idText(series.key.run), series.key.metric, series.key.slice.text(), import);
    }
    if (!m_sql.ok())
        return m_sql.status();
    using Type = database::BulkWriter::Type;
    auto writer = database::BulkWriter::open(m_sql.connection(), "observation",
                                             {{"series", Type::Integer}, {"window_end", Type::Integer}, {"window_start", Type::Integer}, {"step", Type::Integer},
                                              {"revision", Type::Integer}, {"value", Type::Real}, {"lexeme", Type::Text}, {"n", Type::Integer},
                                              {"lower", Type::Real}, {"upper", Type::Real}, {"import", Type::Integer}});
    if (!writer)
        return writer.error();
    for (const auto &row : block.rows) {
        writer->add(row.series).add(row.windowEnd).add(row.windowStart).add(row.step).add(row.revision).add(row.value);
        if (row.lexeme.empty())
            writer->addNull();
        else
            writer->addText(row.lexeme);
        writer->add(row.n).add(row.lower).add(row.upper).add(importNo);
        if (const auto status = writer->endRow(); !status)
            return status;
    }
    return writer->finish();
}

void Projector::importObservations(const Body &body, const ledger::Event &event)
{
    const auto importNo = body.integer("importNo");
    const std::string import = body.text("import");
    if (m_blocksApplied)
        return;
    if (!event.evidence)
        return m_sql.fail({ErrorKind::Invalid, "An import of metrics names no observation blocks.", {}});
    const auto manifestBytes = m_evidence(*event.evidence);
    if (!manifestBytes)
        return m_sql.fail(manifestBytes.error());
    const auto manifest = json::readRestricted(*manifestBytes, 64U << 20);
    const json::Value *blocks = manifest ? manifest->find("blocks") : nullptr;
    if (!blocks || !blocks->array())
        return m_sql.fail({ErrorKind::Tampered, "The list of observation blocks is not a document of its kind.", {}});
    for (const auto &item : *blocks->array()) {
        const auto digest = Digest::parse(item.textOr("digest", {}));
        if (!digest)
            return m_sql.fail(digest.error());
        const auto bytes = m_evidence(*digest);
        if (!bytes)
            return m_sql.fail(bytes.error());
        const auto block = decodeBlock(*bytes);
        if (!block)
            return m_sql.fail(block.error());
        if (const auto status = applyObservations(*block, importNo, import); !status)
            return m_sql.fail(status.error());
    }
}

void Projector::commitImport(const Body &body, const ledger::Event &event, std::uint64_t seq)
{
    const auto name = text::unescape(event.actor.name);
    m_sql.run("INSERT INTO import (no, id, kind, source, description, content, at, actor, models, versions, runs, changes, observations, restated, rejected, entry) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              body.integer("importNo"), body.text("import"), body.text("importKind"), body.text("source"), body.textOr("description"), body.textOr("content"),
              toMillis(event.time), name ? *name : event.actor.name, body.integer("models"), body.integer("versions"), body.integer("runs"), body.integer("changes"),
              body.integer("observations"), body.integer("restated"), body.integer("rejected"), seq);
}

void Projector::undoImport(const Body &body, std::uint64_t seq)
{
    const std::string import = body.text("import");
    const auto no = m_sql.integer("SELECT no FROM import WHERE id = ?", import);
    if (!no)
        return m_sql.fail({ErrorKind::NotFound, "There is no import " + import + " to undo.", {}});

    m_sql.each("SELECT DISTINCT s.version FROM series s JOIN observation o ON o.series = s.id WHERE o.import = ?",
               [this](const database::Query &row) { touchVersion(row.text(0)); }, *no);
    m_sql.run("DELETE FROM observation WHERE import = ?", *no);
    m_sql.run("DELETE FROM series WHERE import = ? AND NOT EXISTS (SELECT 1 FROM observation o WHERE o.series = series.id)", import);
    m_knownSeries.clear();

    struct Reverted {
        std::string subject;
        FieldChange change;
    };
    std::vector<Reverted> reverted;
    m_sql.each("SELECT c.subject, c.field, c.old, c.new FROM change c WHERE c.import = ? AND NOT EXISTS "
               "(SELECT 1 FROM change later WHERE later.subject = c.subject AND later.field = c.field AND later.entry > c.entry) ORDER BY c.entry DESC, c.no DESC",
               [&](const database::Query &row) {
                   const auto optional = [&](int column) { return row.isNull(column) ? std::nullopt : std::optional(row.text(column)); };
                   reverted.push_back({row.text(0), {row.text(1), optional(3), optional(2)}});
               }, import);
    for (const auto &[subject, change] : reverted) {
        setField(subject, change.field, change.after);
        noteChange(seq, subject, change.field, change.before, change.after, {});
    }

    for (const char *table : {"run_parameter", "run_tag"})
        m_sql.run("DELETE FROM " + std::string(table) + " WHERE run IN (SELECT id FROM run WHERE import = ?)", import);
    m_sql.each("SELECT version FROM run WHERE import = ? AND version <> ''", [this](const database::Query &row) { touchVersion(row.text(0)); }, import);
    m_sql.run("DELETE FROM run WHERE import = ?", import);
    m_sql.each("SELECT DISTINCT model FROM version WHERE import = ?", [this](const database::Query &row) { m_touchedModels.insert(row.text(0)); }, import);
    for (const char *table : {"version_tag", "verdict", "version_turn"})
        m_sql.run("DELETE FROM " + std::string(table) + " WHERE version IN (SELECT id FROM version WHERE import = ?)", import);
    m_sql.run("DELETE FROM version WHERE import = ?", import);
    for (const char *table : {"model_tag", "model_alias"})
        m_sql.run("DELETE FROM " + std::string(table) + " WHERE model IN (SELECT id FROM model WHERE import = ?)", import);
    m_sql.run("DELETE FROM model WHERE import = ?", import);
    m_nextModel.reset();
    m_nextVersion.reset();
    m_sql.run("UPDATE import SET undone_by = ? WHERE id = ?", seq, import);
}

} // namespace countersign::store
