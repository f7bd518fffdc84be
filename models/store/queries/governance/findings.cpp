#include "models/store/queries/governance/findings.h"

#include "models/store/queries/governance/columns.h"
#include "models/store/statements.h"

namespace countersign::store {

namespace {

constexpr const char *kSelect =
    "SELECT f.no, f.id, f.model, m.name, f.version, coalesce(v.label, ''), f.title, f.body, f.severity, f.owner, coalesce(p.name, ''), f.due, f.plan, f.state, f.origin, "
    "f.origin_rule, f.origin_revision, f.origin_slice, f.origin_start, f.origin_end, f.origin_value, f.origin_n, f.origin_sentence, f.opened_at, f.opened_by, "
    "f.opened_by_name, f.challenged_by, f.remediated_by, f.resolution, f.changed_at, f.entry FROM finding f JOIN model m ON m.id = f.model "
    "LEFT JOIN version v ON v.id = f.version LEFT JOIN person p ON p.id = f.owner ";

Finding findingOf(const database::Query &row)
{
    Finding finding;
    finding.no = row.integer(0);
    finding.id = FindingId::of(row.text(1));
    finding.model = ModelId::of(row.text(2));
    finding.modelName = row.text(3);
    if (const auto version = row.text(4); !version.empty())
        finding.version = VersionId::of(version);
    finding.versionLabel = row.text(5);
    finding.title = row.text(6);
    finding.text = row.text(7);
    finding.severity = static_cast<Severity>(row.integer(8));
    finding.owner = personOrNone(row, 9);
    finding.ownerName = row.text(10);
    finding.due = timeOrNone(row, 11);
    finding.plan = row.text(12);
    finding.state = static_cast<FindingState>(row.integer(13));
    finding.origin.kind = static_cast<Finding::Origin::Kind>(row.integer(14));
    if (const auto rule = row.text(15); !rule.empty())
        finding.origin.rule = RuleId::of(rule);
    finding.origin.ruleRevision = static_cast<int>(row.integer(16));
    if (const auto slice = Slice::parse(row.text(17)))
        finding.origin.slice = *slice;
    if (const auto start = timeOrNone(row, 18), end = timeOrNone(row, 19); start && end)
        finding.origin.window = {*start, *end};
    finding.origin.value = row.realOrNull(20);
    finding.origin.n = row.integerOrNull(21);
    finding.origin.sentence = row.text(22);
    finding.openedAt = fromMillis(row.integer(23));
    finding.openedBy = personOrNone(row, 24);
    finding.openedByName = row.text(25);
    finding.challengedBy = personOrNone(row, 26);
    finding.remediatedBy = personOrNone(row, 27);
    if (const auto resolution = row.integerOrNull(28))
        finding.resolution = static_cast<Resolution>(*resolution);
    finding.changedAt = fromMillis(row.integer(29));
    finding.entry = row.integer(30);
    return finding;
}

} // namespace

Result<std::vector<Finding>> listFindings(database::Connection &connection, const FindingFilter &filter)
{
    // An empty text, or −1, asks for nothing: the statement stays one.
    Statements sql(connection);
    std::vector<Finding> findings;
    const std::string version = filter.version ? filter.version->text() : std::string();
    sql.each(std::string(kSelect)
                 + "WHERE (? = '' OR f.model = ?) AND (? = '' OR f.version = ? OR (f.version = '' AND f.model = (SELECT model FROM version WHERE id = ?))) "
                   "AND (? = '' OR f.owner = ?) AND (? = 0 OR f.state <> ?) AND (? < 0 OR f.no = ?) AND substr(f.id, 1, ?) = ? "
                   "ORDER BY CASE WHEN f.state = ? THEN 1 ELSE 0 END, f.severity DESC, coalesce(f.due, 9223372036854775807), f.no",
             [&](const database::Query &row) { findings.push_back(findingOf(row)); }, filter.model ? filter.model->text() : std::string(),
             filter.model ? filter.model->text() : std::string(), version, version, version, filter.owner ? filter.owner->text() : std::string(),
             filter.owner ? filter.owner->text() : std::string(), filter.isOpen, FindingState::Closed, filter.no.value_or(-1), filter.no.value_or(-1),
             static_cast<std::int64_t>(filter.idPrefix.size()), filter.idPrefix, FindingState::Closed);
    if (!sql.ok())
        return sql.status().error();
    return findings;
}

Result<std::vector<FindingNote>> findingNotes(database::Connection &connection, const FindingId &finding)
{
    Statements sql(connection);
    std::vector<FindingNote> notes;
    sql.each("SELECT entry, at, person_name, act, outcome, text FROM finding_note WHERE finding = ? ORDER BY entry",
             [&](const database::Query &row) { notes.push_back({row.integer(0), fromMillis(row.integer(1)), row.text(2), row.text(3), row.text(4), row.text(5)}); },
             finding.text());
    if (!sql.ok())
        return sql.status().error();
    return notes;
}

} // namespace countersign::store
