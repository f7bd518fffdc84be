#include "models/store/queries/governance/waivers.h"

#include "models/store/queries/governance/columns.h"
#include "models/store/statements.h"

namespace countersign::store {

namespace {

constexpr const char *kSelect =
    "SELECT w.no, w.id, w.model, m.name, w.version, v.label, w.kind, w.requirement, w.revision, w.slice, w.sentence, w.reason, w.control, w.until, w.state, w.requested_at, "
    "w.requested_by, w.requested_by_name, w.entry, w.granted_at, w.granted_by, w.granted_by_name, w.granted_text, w.granted_entry, w.closed_at, w.closed_by, "
    "w.closed_by_name, w.closed_text, w.closed_entry FROM waiver w JOIN model m ON m.id = w.model JOIN version v ON v.id = w.version ";

/// An act whose columns begin here: when, who, their name, what they said, the entry.
std::optional<Waiver::Decision> decisionOf(const database::Query &row, int first)
{
    const auto at = timeOrNone(row, first);
    if (!at)
        return {};
    return Waiver::Decision{*at, personOrNone(row, first + 1), row.text(first + 2), row.text(first + 3), row.integer(first + 4)};
}

Waiver waiverOf(const database::Query &row)
{
    Waiver waiver;
    waiver.no = row.integer(0);
    waiver.id = WaiverId::of(row.text(1));
    waiver.model = ModelId::of(row.text(2));
    waiver.modelName = row.text(3);
    waiver.version = VersionId::of(row.text(4));
    waiver.versionLabel = row.text(5);
    waiver.requirement.kind = static_cast<WaivedRequirement::Kind>(row.integer(6));
    waiver.requirement.id = row.text(7);
    waiver.requirement.revision = static_cast<int>(row.integer(8));
    if (const auto slice = Slice::parse(row.text(9)))
        waiver.requirement.slice = *slice;
    waiver.requirement.sentence = row.text(10);
    waiver.reason = row.text(11);
    waiver.control = row.text(12);
    waiver.until = fromMillis(row.integer(13));
    waiver.state = static_cast<WaiverState>(row.integer(14));
    waiver.requestedAt = fromMillis(row.integer(15));
    waiver.requestedBy = personOrNone(row, 16);
    waiver.requestedByName = row.text(17);
    waiver.entry = row.integer(18);
    waiver.granted = decisionOf(row, 19);
    waiver.closed = decisionOf(row, 24);
    return waiver;
}

} // namespace

Result<std::vector<Waiver>> listWaivers(database::Connection &connection, const WaiverFilter &filter)
{
    // An empty text, or −1, asks for nothing: the statement stays one.
    Statements sql(connection);
    std::vector<Waiver> waivers;
    const std::string model = filter.model ? filter.model->text() : std::string();
    const std::string version = filter.version ? filter.version->text() : std::string();
    const std::int64_t at = filter.inForceAt ? toMillis(*filter.inForceAt) : -1;
    sql.each(std::string(kSelect)
                 + "WHERE (? = '' OR w.model = ?) AND (? = '' OR w.version = ?) AND (CAST(? AS BIGINT) < 0 OR (w.state = ? AND w.until > ?)) AND (? < 0 OR w.no = ?) AND substr(w.id, 1, ?) = ? "
                   "ORDER BY w.until, w.no",
             [&](const database::Query &row) { waivers.push_back(waiverOf(row)); }, model, model, version, version, at, WaiverState::Granted, at, filter.no.value_or(-1),
             filter.no.value_or(-1), static_cast<std::int64_t>(filter.idPrefix.size()), filter.idPrefix);
    if (!sql.ok())
        return sql.status().error();
    return waivers;
}

} // namespace countersign::store
