#include "models/store/queries/governance/evidence.h"

#include "models/store/queries/governance/columns.h"
#include "models/store/statements.h"

#include <algorithm>

namespace countersign::store {

namespace {

// An accepted one takes the place of what it says it replaces; of several the first that was added.
constexpr const char *kSelect =
    "SELECT x.no, x.id, x.model, m.name, x.version, coalesce(v.label, ''), x.title, x.note, x.requirement, x.digest, x.name, x.media, x.size, x.reference, x.period_from, "
    "x.period_to, x.expires, x.replaces, old.no, (SELECT min(r.no) FROM exhibit r WHERE r.replaces = x.id AND r.state = ?), x.state, x.added_at, x.added_by, x.added_by_name, "
    "x.decided_at, x.decided_by, x.decided_by_name, x.reason, x.entry FROM exhibit x JOIN model m ON m.id = x.model LEFT JOIN version v ON v.id = x.version "
    "LEFT JOIN exhibit old ON old.id = x.replaces ";

/// What a list is about, as a condition on its table's columns `model` and `version` with the id twice: so that the index over both is used.
struct About {
    std::string condition = "? = ?"; // about anything
    std::string id;

    About(const std::string &table, const std::optional<ModelId> &model, const std::optional<VersionId> &version)
    {
        if (version) {
            condition = table + ".model = (SELECT model FROM version WHERE id = ?) AND " + table + ".version IN (?, '')";
            id = version->text();
        } else if (model) {
            condition = table + ".model = ? AND ? <> ''";
            id = model->text();
        }
    }
};

std::string numberOf(const database::Query &row, int column)
{
    const auto no = row.integerOrNull(column);
    return no ? "E-" + std::to_string(*no) : std::string();
}

Exhibit exhibitOf(const database::Query &row)
{
    Exhibit exhibit;
    exhibit.no = row.integer(0);
    exhibit.id = ExhibitId::of(row.text(1));
    exhibit.model = ModelId::of(row.text(2));
    exhibit.modelName = row.text(3);
    if (const auto version = row.text(4); !version.empty())
        exhibit.version = VersionId::of(version);
    exhibit.versionLabel = row.text(5);
    exhibit.title = row.text(6);
    exhibit.note = row.text(7);
    exhibit.requirement = row.text(8);
    if (const auto digest = Digest::parse(row.text(9)))
        exhibit.digest = *digest;
    exhibit.name = row.text(10);
    exhibit.media = row.text(11);
    exhibit.size = row.integer(12);
    exhibit.reference = row.text(13);
    exhibit.from = timeOrNone(row, 14);
    exhibit.to = timeOrNone(row, 15);
    exhibit.expires = timeOrNone(row, 16);
    if (const auto replaces = row.text(17); !replaces.empty())
        exhibit.replaces = ExhibitId::of(replaces);
    exhibit.replacesNumber = numberOf(row, 18);
    exhibit.replacedBy = numberOf(row, 19);
    exhibit.state = static_cast<ExhibitState>(row.integer(20));
    exhibit.addedAt = fromMillis(row.integer(21));
    exhibit.addedBy = personOrNone(row, 22);
    exhibit.addedByName = row.text(23);
    exhibit.decidedAt = timeOrNone(row, 24);
    exhibit.decidedBy = personOrNone(row, 25);
    exhibit.decidedByName = row.text(26);
    exhibit.reason = row.text(27);
    exhibit.entry = row.integer(28);
    return exhibit;
}

EvidenceRequest requestOf(const database::Query &row)
{
    EvidenceRequest request;
    request.no = row.integer(0);
    request.id = EvidenceRequestId::of(row.text(1));
    request.model = ModelId::of(row.text(2));
    request.modelName = row.text(3);
    if (const auto version = row.text(4); !version.empty())
        request.version = VersionId::of(version);
    request.versionLabel = row.text(5);
    request.requirement = row.text(6);
    request.text = row.text(7);
    request.asked = personOrNone(row, 8);
    request.askedName = row.text(9);
    request.due = timeOrNone(row, 10);
    request.state = static_cast<EvidenceRequestState>(row.integer(11));
    request.answer = numberOf(row, 12);
    if (const auto state = row.integerOrNull(13))
        request.answerState = static_cast<ExhibitState>(*state);
    request.requestedAt = fromMillis(row.integer(14));
    request.requestedBy = personOrNone(row, 15);
    request.requestedByName = row.text(16);
    request.closedAt = timeOrNone(row, 17);
    request.closedByName = row.text(18);
    request.reason = row.text(19);
    request.entry = row.integer(20);
    return request;
}

} // namespace

Result<std::vector<Exhibit>> listExhibits(database::Connection &connection, const ExhibitFilter &filter)
{
    // An empty text, or −1, asks for nothing.
    Statements sql(connection);
    std::vector<Exhibit> exhibits;
    const About about("x", filter.model, filter.version);
    const auto state = filter.state ? static_cast<std::int64_t>(*filter.state) : std::int64_t{-1};
    sql.each(std::string(kSelect)
                 + "WHERE " + about.condition + " AND (? = '' OR x.requirement = ?) AND (? < 0 OR x.state = ?) AND (? = 0 OR x.expires < ?) "
                   "AND (? = 0 OR (x.state <> ? AND NOT EXISTS (SELECT 1 FROM exhibit r WHERE r.replaces = x.id AND r.state = ?))) "
                   "AND (? < 0 OR x.no = ?) AND substr(x.id, 1, ?) = ? ORDER BY x.no DESC",
             [&](const database::Query &row) { exhibits.push_back(exhibitOf(row)); }, ExhibitState::Accepted, about.id, about.id, filter.requirement, filter.requirement, state, state,
             filter.expiresBefore.has_value(), toMillis(filter.expiresBefore.value_or(Instant{})), filter.isStanding, ExhibitState::Withdrawn, ExhibitState::Accepted, filter.no.value_or(-1), filter.no.value_or(-1), static_cast<std::int64_t>(filter.idPrefix.size()), filter.idPrefix);
    if (!sql.ok())
        return sql.status().error();
    return exhibits;
}

Result<std::vector<ExhibitNote>> exhibitNotes(database::Connection &connection, const ExhibitId &exhibit)
{
    Statements sql(connection);
    std::vector<ExhibitNote> notes;
    sql.each("SELECT entry, at, person_name, act, text FROM exhibit_note WHERE exhibit = ? ORDER BY entry",
             [&](const database::Query &row) { notes.push_back({row.integer(0), fromMillis(row.integer(1)), row.text(2), row.text(3), row.text(4)}); }, exhibit.text());
    if (!sql.ok())
        return sql.status().error();
    return notes;
}

Result<std::vector<EvidenceRequest>> listEvidenceRequests(database::Connection &connection, const EvidenceRequestFilter &filter)
{
    Statements sql(connection);
    std::vector<EvidenceRequest> requests;
    const About about("r", filter.model, filter.version);
    const std::string asked = filter.asked ? filter.asked->text() : std::string();
    sql.each(std::string("SELECT r.no, r.id, r.model, m.name, r.version, coalesce(v.label, ''), r.requirement, r.body, r.asked, coalesce(p.name, ''), r.due, r.state, x.no, x.state, "
             "r.requested_at, r.requested_by, r.requested_by_name, r.closed_at, r.closed_by_name, r.reason, r.entry FROM evidence_request r JOIN model m ON m.id = r.model "
             "LEFT JOIN version v ON v.id = r.version LEFT JOIN person p ON p.id = r.asked LEFT JOIN exhibit x ON x.id = r.exhibit WHERE ")
                 + about.condition + " AND (? = '' OR r.asked = ?) AND (? < 0 OR r.no = ?) AND substr(r.id, 1, ?) = ? ORDER BY coalesce(r.due, 9223372036854775807), r.no",
             [&](const database::Query &row) {
                 auto request = requestOf(row);
                 if (request.isWaiting() || !filter.isWaiting)
                     requests.push_back(std::move(request));
             },
             about.id, about.id, asked, asked, filter.no.value_or(-1), filter.no.value_or(-1), static_cast<std::int64_t>(filter.idPrefix.size()), filter.idPrefix);
    if (!sql.ok())
        return sql.status().error();
    std::ranges::stable_partition(requests, &EvidenceRequest::isWaiting);
    return requests;
}

} // namespace countersign::store
