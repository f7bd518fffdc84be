#include "models/store/queries/governance/releases.h"

#include "models/store/queries/governance/columns.h"
#include "models/store/statements.h"

namespace countersign::store {

Result<std::vector<Artifact>> listArtifacts(database::Connection &connection, const VersionId &version)
{
    Statements sql(connection);
    std::vector<Artifact> artifacts;
    sql.each("SELECT digest, name, size, at, person, person_name, entry FROM artifact WHERE version = ? ORDER BY entry",
             [&](const database::Query &row) {
                 Artifact artifact;
                 artifact.version = version;
                 if (const auto digest = Digest::parse("sha256:" + row.text(0)))
                     artifact.digest = *digest;
                 artifact.name = row.text(1);
                 artifact.size = row.integer(2);
                 artifact.at = fromMillis(row.integer(3));
                 artifact.person = personOrNone(row, 4);
                 artifact.personName = row.text(5);
                 artifact.entry = row.integer(6);
                 artifacts.push_back(std::move(artifact));
             },
             version.text());
    if (!sql.ok())
        return sql.status().error();
    return artifacts;
}

Result<std::vector<IssuedRelease>> listReleases(database::Connection &connection, const ReleaseFilter &filter)
{
    Statements sql(connection);
    std::vector<IssuedRelease> releases;
    const std::string version = filter.version ? filter.version->text() : std::string();
    sql.each("SELECT r.no, r.id, r.model, m.name, r.version, v.label, r.expires, r.issued_at, r.issued_by_name, r.entry, r.revoked_at, r.revoked_by_name, r.revoked_reason, "
             "r.revoked_entry FROM release r JOIN model m ON m.id = r.model JOIN version v ON v.id = r.version WHERE (? = '' OR r.version = ?) AND (? < 0 OR r.no = ?) "
             "AND substr(r.id, 1, ?) = ? ORDER BY r.no DESC",
             [&](const database::Query &row) {
                 IssuedRelease release;
                 release.no = row.integer(0);
                 release.id = ReleaseId::of(row.text(1));
                 release.model = ModelId::of(row.text(2));
                 release.modelName = row.text(3);
                 release.version = VersionId::of(row.text(4));
                 release.versionLabel = row.text(5);
                 release.expires = fromMillis(row.integer(6));
                 release.issuedAt = fromMillis(row.integer(7));
                 release.issuedByName = row.text(8);
                 release.entry = row.integer(9);
                 if (const auto at = timeOrNone(row, 10))
                     release.revoked = IssuedRelease::Revocation{*at, row.text(11), row.text(12), row.integer(13)};
                 releases.push_back(std::move(release));
             },
             version, version, filter.no.value_or(-1), filter.no.value_or(-1), static_cast<std::int64_t>(filter.idPrefix.size()), filter.idPrefix);
    if (!sql.ok())
        return sql.status().error();
    return releases;
}

} // namespace countersign::store
