// Computed sets as they stand in the record.

#include "models/computed/record/computedreader.h"
#include "models/services/computed/computedsets.h"
#include "models/services/workspace/hints.h"
#include "models/store/observations/compressed.h"
#include "models/store/statements.h"

namespace countersign::services {

namespace {

constexpr std::size_t kLargestSet = std::size_t(1) << 31U;

constexpr std::string_view kSelect =
    "SELECT c.import, c.no, coalesce(m.id, ''), coalesce(m.name, ''), c.version, coalesce(v.label, ''), i.at, i.actor, c.note, c.log, c.log_digest, c.log_bytes, c.row_count, "
    "c.rejected, c.windows, c.cells, i.observations, c.engine, c.rows_digest, c.document, c.scores, c.entry, i.undone_by FROM computed_set c JOIN import i ON i.id = c.import "
    "LEFT JOIN version v ON v.id = c.version LEFT JOIN model m ON m.id = v.model ";

Digest digestIn(const std::string &text)
{
    const auto digest = Digest::parse(text);
    return digest ? *digest : Digest();
}

ComputedRow rowOf(const database::Query &row)
{
    const auto count = [&row](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
    ComputedRow computed;
    computed.import = ImportId::of(row.text(0));
    computed.no = row.integer(1);
    if (const std::string model = row.text(2); !model.empty())
        computed.model = ModelId::of(model);
    computed.modelName = row.text(3);
    computed.version = VersionId::of(row.text(4));
    computed.versionLabel = row.text(5);
    computed.at = fromMillis(row.integer(6));
    computed.actor = row.text(7);
    computed.note = row.text(8);
    computed.log = row.text(9);
    computed.logDigest = digestIn(row.text(10));
    computed.logBytes = count(11);
    computed.rows = count(12);
    computed.rejected = count(13);
    computed.windows = count(14);
    computed.cells = count(15);
    computed.observations = row.integer(16);
    computed.engine = static_cast<int>(row.integer(17));
    computed.rowsDigest = digestIn(row.text(18));
    computed.set = digestIn(row.text(19));
    computed.hasScores = !row.text(20).empty();
    computed.entry = row.integer(21);
    computed.undoneBy = row.integerOrNull(22);
    return computed;
}

template<class... Args>
Result<std::vector<ComputedRow>> select(Session &session, const std::string &where, const Args &...args)
{
    store::Statements sql(session.connection());
    std::vector<ComputedRow> rows;
    sql.each(std::string(kSelect) + where + " ORDER BY c.no DESC", [&](const database::Query &row) { rows.push_back(rowOf(row)); }, args...);
    if (!sql.ok())
        return sql.status().error();
    for (auto &row : rows) {
        const auto checks = listChecks(session, row.import);
        if (!checks)
            return checks.error();
        if (!checks->empty())
            row.lastCheck = checks->front();
    }
    return rows;
}

Result<ComputedRow> findByImport(Session &session, const ImportId &import)
{
    auto rows = select(session, "WHERE c.import = ?", import.text());
    if (!rows)
        return rows.error();
    if (rows->empty())
        return Error{ErrorKind::NotFound, "There are no computed figures " + import.text() + ".", {}, hint::kListImports};
    return std::move(rows->front());
}

} // namespace

Result<std::vector<ComputedRow>> listComputed(Session &session, const ModelId &model) { return select(session, "WHERE v.model = ?", model.text()); }

Result<std::vector<ComputedRow>> listComputed(Session &session, const VersionId &version) { return select(session, "WHERE c.version = ?", version.text()); }

Result<ComputedRow> findComputed(Session &session, const std::string &text)
{
    store::Statements sql(session.connection());
    const auto import = sql.text("SELECT import FROM computed_set WHERE import = ? OR 'I-' || no = ?", text, text);
    if (import)
        return findByImport(session, ImportId::of(*import));
    const auto other = sql.text("SELECT kind FROM import WHERE id = ? OR 'I-' || no = ?", text, text);
    if (!sql.ok())
        return sql.status().error();
    if (other)
        return Error{ErrorKind::NotFound, "The import " + text + " did not bring computed figures.", {}, hint::kListImports};
    return Error{ErrorKind::NotFound, "There is no import \"" + text + "\". Imports have numbers like I-1.", {}, hint::kListImports};
}

Result<std::vector<ComputedRow::Check>> listChecks(Session &session, const ImportId &import)
{
    store::Statements sql(session.connection());
    std::vector<ComputedRow::Check> checks;
    sql.each("SELECT entry, at, actor, engine, is_equal, compared, differences FROM computed_check WHERE import = ? ORDER BY entry DESC",
             [&](const database::Query &row) {
                 checks.push_back({row.integer(0), fromMillis(row.integer(1)), row.text(2), static_cast<int>(row.integer(3)), row.integer(4) != 0,
                                   static_cast<std::uint64_t>(row.integer(5)), static_cast<std::uint64_t>(row.integer(6))});
             }, import.text());
    if (!sql.ok())
        return sql.status().error();
    return checks;
}

Result<computed::ComputedSet> loadComputed(Session &session, const ImportId &import)
{
    const auto row = findByImport(session, import);
    if (!row)
        return row.error();
    const auto evidence = session.ledger().evidence(row->set);
    if (!evidence)
        return evidence.error();
    const auto text = store::expanded(evidence->bytes, kLargestSet);
    if (!text)
        return text.error().in(row->number());
    Digest rows;
    auto set = computed::readComputed(*text, &rows);
    if (!set)
        return set.error().in(row->number());
    if (rows != row->rowsDigest)
        return Error{ErrorKind::Tampered, "The figures of " + row->number() + " do not have the digest on record.", {}};
    return set;
}

Result<Bytes> loadScores(Session &session, const ImportId &import)
{
    store::Statements sql(session.connection());
    const auto scores = sql.text("SELECT scores FROM computed_set WHERE import = ?", import.text());
    if (!sql.ok())
        return sql.status().error();
    if (!scores || scores->empty())
        return Error{ErrorKind::NotFound, scores ? "The figures were recorded without scores. Compute them from the log again." : "There are no computed figures " + import.text() + ".", {}};
    const auto digest = Digest::parse(*scores);
    if (!digest)
        return digest.error();
    auto evidence = session.ledger().evidence(*digest);
    if (!evidence)
        return evidence.error();
    return std::move(evidence->bytes);
}

} // namespace countersign::services
