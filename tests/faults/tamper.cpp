// One field, one bit, one row changed by somebody who has the file.

#include "tests/faults/tamper.h"

#include "models/ledger/entry.h"
#include "models/ledger/event.h"
#include "models/services/workspace/verification.h"
#include "models/store/schema.h"
#include "tests/faults/oracle.h"
#include "tests/faults/rawtables.h"
#include "tests/faults/tamperworkspace.h"

#include <algorithm>
#include <map>
#include <optional>

namespace countersign::faults {

namespace {

/// What no event depends on, and who would notice all the same. Everything else must be detected and named.
struct Uncovered {
    const char *field; ///< "table.column"
    const char *why;
};
constexpr Uncovered kUncovered[] = {
    {"entry.received_at", "when the database got it; the signed time stands in the entry"},
    {"evidence.media", "how to show evidence; not signed"},
    {"wrapped_key.created_at", "when a key was wrapped; its enrolment stands in the ledger"},
    {"wrapped_key.failures", "wrong passphrases in a row; the fifth leaves an event"},
    {"wrapped_key.opens_at", "until when signing is closed after them"},
    {"projection_state.revision", "which program made the tables; they are compared all the same"},
    {"projection_state.id", "the same"},
    {"projection_state.*", "the same"},
    {"checkpoint.*",
     "a checkpoint that is gone; the ledger proves itself without, and whoever kept it elsewhere has it"},
    {"schema_migration.number", "which steps of the schema were taken; the layout itself is compared"},
    {"schema_migration.applied_at", "when a step of the schema was applied"},
    {"schema_migration.name", "what a step of the schema is called; its digest counts"},
};

/// One change, and what it was before.
struct Change {
    const RawTable *table = nullptr;
    std::size_t row = 0;
    std::optional<std::size_t> column; ///< none: the row was removed
    std::vector<Field> before;
    std::vector<Field> after;

    const Field &old(std::size_t i) const { return before[i]; }
    std::string field() const { return table->name + "." + (column ? table->columns[*column].name : "*"); }
    std::string text() const
    {
        std::string key;
        for (std::size_t i = 0; i < table->columns.size(); ++i)
            if (table->columns[i].keyPart > 0)
                key += (key.empty() ? "" : ", ") + shown(before[i]);
        return "table " + table->name + ", row " + key +
               (column ? ": " + table->columns[*column].name + " from “" + shown(before[*column]) + "” to “" +
                             shown(after[*column]) + "”"
                       : " removed");
    }
};

class Tampering
{
public:
    Tampering(const Plan &plan, const Workplace &place, RawDatabase raw, std::vector<RawTable> tables,
              std::unique_ptr<services::Session> session)
        : m_plan(plan)
        , m_place(place)
        , m_raw(std::move(raw))
        , m_tables(std::move(tables))
        , m_session(std::move(session))
    {
    }

    Tally run()
    {
        learnEvidence();
        for (const auto &table : m_tables)
            if (table.rows.empty())
                m_tally.fail(m_plan, 0, "the table " + table.name + " is empty: nothing is tried on it");
        isIntact(m_plan, 0, *m_session, m_tally);
        for (int run = m_plan.first; run < m_plan.end(); ++run, ++m_tally.runs) {
            if (const auto status = tryOne(run); !status) {
                m_tally.fail(m_plan, run, status.error().text());
                break;
            }
            if (run % 250 == 249 && !isIntact(m_plan, run, *m_session, m_tally))
                break; // not put back as it was
            sayProgress(m_plan, run, m_tally);
        }
        isIntact(m_plan, m_plan.end(), *m_session, m_tally);
        std::string tables = "changes by table:";
        for (const auto &[name, count] : m_changes)
            tables += " " + name + " " + std::to_string(count);
        m_tally.notes.push_back(tables);
        for (const auto &uncovered : kUncovered)
            m_tally.notes.push_back(std::string("no event depends on ") + uncovered.field + " (" + uncovered.why +
                                    "): " + std::to_string(m_uncovered[uncovered.field]) + " changes, not looked for");
        return std::move(m_tally);
    }

private:
    /// Which entries rest on a piece of evidence.
    void learnEvidence()
    {
        const auto entries = m_session->ledger().read(0, 100'000);
        for (std::size_t seq = 0; entries && seq < entries->size(); ++seq) {
            const auto entry = ledger::decodeEntry((*entries)[seq]);
            const auto event = entry ? ledger::decodeEvent(entry->payload) : Result<ledger::Event>(entry.error());
            if (!event)
                continue;
            if (event->evidence)
                learn(*event->evidence, static_cast<std::int64_t>(seq));
            if (const auto *scores = event->body.find("scores"); scores && scores->string())
                if (const auto digest = Digest::parse(*scores->string()))
                    learn(*digest, static_cast<std::int64_t>(seq));
        }
    }

    void learn(const Digest &digest, std::int64_t seq)
    {
        m_evidence.emplace(std::string(digest.view()), seq);
        const auto stored = m_session->ledger().evidence(digest);
        const auto list = stored ? json::parse(stored->bytes) : Result<json::Value>(stored.error());
        const json::Value *blocks = list ? list->find("blocks") : nullptr;
        for (const auto &block : blocks && blocks->array() ? *blocks->array() : json::Array())
            if (const auto named = Digest::parse(block.textOr("digest", {})))
                m_evidence.emplace(std::string(named->view()), seq);
    }

    Status tryOne(int run)
    {
        auto chance = m_plan.chance(run);
        for (int attempt = 0; attempt < 1000; ++attempt) {
            auto change = choose(chance);
            if (!change)
                continue;
            const auto made = change->column ? m_raw.set(*change->table, change->before, *change->column,
                                                         change->after[*change->column])
                                             : m_raw.remove(*change->table, change->before);
            if (!made)
                continue; // UNIQUE or NOT NULL stands against it
            judge(run, *change);
            return change->column
                       ? m_raw.set(*change->table, change->after, *change->column, change->before[*change->column])
                       : m_raw.insert(*change->table, change->before);
        }
        return Error{ErrorKind::Invalid, "nothing to change was found", {}};
    }

    std::optional<Change> choose(SeededRandomness &chance) const
    {
        // Half of the changes are of the ledger itself; the other tables take turns.
        static constexpr const char *kLedger[] = {"entry", "evidence"};
        const bool isLedger = chance.next() % 2 == 0;
        const auto &table = isLedger ? *std::ranges::find(m_tables, kLedger[chance.next() % 2], &RawTable::name)
                                     : m_tables[chance.next() % m_tables.size()];
        if (table.rows.empty())
            return {};
        Change change;
        change.table = &table;
        change.row = chance.next() % table.rows.size();
        change.before = change.after = table.rows[change.row];
        if (chance.next() % 20 == 0)
            return change;
        change.column = chance.next() % table.columns.size();
        if (table.name == "entry" || table.name == "evidence") // their bytes are most of what there is
            if (chance.next() % 2)
                change.column = static_cast<std::size_t>(std::ranges::find(table.columns, "bytes", &RawColumn::name) -
                                                         table.columns.begin());
        std::vector<Field> column;
        for (const auto &row : table.rows)
            column.push_back(row[*change.column]);
        change.after[*change.column] = otherValue(chance, change.before[*change.column], column);
        if (change.after[*change.column] == change.before[*change.column])
            return {};
        return change;
    }

    void judge(int run, const Change &change)
    {
        ++m_changes[change.table->name];
        const auto verification = services::verifyWorkspace(m_session->connection(), {});
        const bool isSeen = !verification || !verification->isIntact();
        if (std::ranges::any_of(kUncovered,
                                [&](const Uncovered &uncovered) { return change.field() == uncovered.field; })) {
            ++m_uncovered[change.field()];
            return;
        }
        if (!isSeen && isRefused(change)) {
            ++m_tally.detected;
            return;
        }
        if (!isSeen) {
            ++m_tally.undetected;
            m_tally.fail(m_plan, run, "not detected: " + change.text());
            return;
        }
        ++m_tally.detected;
        if (!verification) {
            if (!isNamedBy(change, verification.error().text()))
                misnamed(run, change, verification.error().text());
            return;
        }
        if (std::ranges::none_of(verification->findings, [&](const services::Discrepancy &finding) {
                return isNamed(change, finding, verification->findings.front());
            }))
            misnamed(run, change, verification->findings.front().sentence);
    }

    void misnamed(int run, const Change &change, const std::string &said)
    {
        ++m_tally.misnamed;
        m_tally.fail(m_plan, run, change.text() + ": detected, but what is said is: " + said);
    }

    /// What is used rather than verified: a wrapped key does not unlock, a schema step that is not ours does not open.
    bool isRefused(const Change &change) const
    {
        if (change.table->name == "wrapped_key")
            return isUnlockRefused(change);
        if (change.table->name != "schema_migration")
            return false;
        const auto again = openCopy();
        return !again || (*again)->damage();
    }

    /// Of the workspace as it is now: what is tried on it (a wrong passphrase is counted) does not come into the
    /// original.
    Result<std::unique_ptr<services::Session>> openCopy() const
    {
        const auto copy = m_plan.scratch / "copy.countersign";
        std::error_code error;
        std::filesystem::copy_file(m_place.address, copy, std::filesystem::copy_options::overwrite_existing, error);
        return Workplace::at(m_place.folder, copy.string()).open();
    }

    bool isUnlockRefused(const Change &change) const
    {
        const auto wrapped =
            std::ranges::find(change.table->columns, "person", &RawColumn::name) - change.table->columns.begin();
        const auto *person = std::get_if<std::string>(&change.before[static_cast<std::size_t>(wrapped)]);
        if (!person)
            return false;
        auto session = openCopy();
        if (!session)
            return true;
        if (const auto found = (*session)->setPerson(*person); !found)
            return true;
        std::string words =
            (*session)->person()->login == "asample" ? "correct horse battery" : "another long passphrase";
        return !(*session)->unlock(*(*session)->person(), crypto::Secret::takeFrom(words));
    }

    bool isNamed(const Change &change, const services::Discrepancy &finding, const services::Discrepancy &first) const
    {
        const auto &table = change.table->name;
        if (table == "entry") {
            // The first entry that is wrong is the one that was changed; what follows from it may be wrong as well.
            const auto *seq = std::get_if<std::int64_t>(&change.before[0]);
            return seq && (first.entry == *seq ||
                           (!change.column && finding.sentence.find("ledger recorded") != std::string::npos) ||
                           isNamedBy(change, finding.sentence));
        }
        if (table == "evidence") {
            const auto *digest = std::get_if<std::string>(&change.before[0]);
            const auto [from, to] = m_evidence.equal_range(digest ? *digest : std::string());
            return isNamedBy(change, finding.sentence) ||
                   std::any_of(from, to, [&](const auto &rests) { return rests.second == finding.entry; });
        }
        return isNamedBy(change, finding.sentence);
    }

    /// Whether a sentence says which table and row, and which column where one was changed.
    bool isNamedBy(const Change &change, const std::string &sentence) const
    {
        const auto &table = *change.table;
        if (table.name == "ledger_head")
            return sentence.find("recorded") != std::string::npos || sentence.find("head") != std::string::npos;
        if (table.name == "checkpoint")
            return sentence.find("checkpoint") != std::string::npos;
        if (table.name == "schema_migration")
            return sentence.find("schema") != std::string::npos;
        if (table.name == "evidence")
            if (const auto *digest = std::get_if<std::string>(&change.before[0]))
                return sentence.find(toHex(*digest)) != std::string::npos;
        if (table.name == "entry")
            return sentence.find("ntry " + shown(change.before[0])) != std::string::npos;
        const auto projection = std::ranges::find(store::projectionTables(), table.name, &store::ProjectionTable::name);
        if (projection == store::projectionTables().end() ||
            sentence.find("Table " + table.name + ",") + 1 + sentence.find("Table " + table.name + ":") + 1 == 0)
            return false;
        for (std::size_t i = 0; i < projection->keyCount; ++i) {
            const auto &name = projection->columns[i].name;
            const auto raw = static_cast<std::size_t>(std::ranges::find(table.columns, name, &RawColumn::name) -
                                                      table.columns.begin());
            const auto *integer = std::get_if<std::int64_t>(&change.before[raw]);
            const auto *text = std::get_if<std::string>(&change.before[raw]);
            const std::string value = integer && (name.starts_with("window_") || name == "since") ? formatUtc(fromMillis(*integer))
                                      : integer                              ? std::to_string(*integer)
                                      : text                                 ? "“" + *text
                                                                             : std::string();
            if (sentence.find(name + " " + value) == std::string::npos)
                return false;
        }
        if (!change.column)
            return sentence.find("is missing") != std::string::npos;
        const auto &column = table.columns[*change.column].name;
        const auto keys = std::span(projection->columns).first(projection->keyCount);
        const bool isKey = std::ranges::find(keys, column, &store::ProjectionTable::Column::name) != keys.end();
        return isKey ? sentence.find("is missing") != std::string::npos
                     : sentence.find(": " + column + " is ") != std::string::npos;
    }

    const Plan &m_plan;
    const Workplace &m_place;
    RawDatabase m_raw;
    std::vector<RawTable> m_tables;
    std::unique_ptr<services::Session> m_session;
    std::multimap<std::string, std::int64_t> m_evidence;
    std::map<std::string, std::int64_t> m_changes;
    std::map<std::string, std::int64_t> m_uncovered;
    Tally m_tally;
};

} // namespace

Tally tamper(const Plan &plan)
{
    Tally failed;
    const auto file = plan.scratch / "w.countersign";
    const auto place = Workplace::make(plan.scratch / "keys", file.string());
    const auto status = place ? enrich(*place) : Status(place.error());
    auto session = status ? place->open() : Result<std::unique_ptr<services::Session>>(status.error());
    auto raw = session ? RawDatabase::open(file) : Result<RawDatabase>(session.error());
    auto tables = raw ? raw->tables() : Result<std::vector<RawTable>>(raw.error());
    if (!tables) {
        failed.fail(plan, 0, tables.error().text());
        return failed;
    }
    return Tampering(plan, *place, *std::move(raw), *std::move(tables), *std::move(session)).run();
}

} // namespace countersign::faults
