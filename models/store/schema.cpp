#include "models/store/schema.h"

#include "models/crypto/sha256.h"
#include "models/store/statements.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>

namespace countersign::store {

namespace {

/// Scripts say BIGINT, DOUBLE PRECISION, BYTEA, TEXT. SQLite gets its own names and STRICT tables; PostgreSQL gets bytewise
/// text order, so that both sort alike, and no WITHOUT ROWID.
QString inDialect(QString script, database::Backend backend)
{
    if (backend == database::Backend::Sqlite) {
        script.replace(QStringLiteral("DOUBLE PRECISION"), QStringLiteral("REAL"));
        script.replace(QStringLiteral("BIGINT"), QStringLiteral("INTEGER"));
        script.replace(QStringLiteral("BYTEA"), QStringLiteral("BLOB"));
        static const QRegularExpression tableEnd(QStringLiteral("^\\)( WITHOUT ROWID)?$"), QRegularExpression::MultilineOption);
        for (auto match = tableEnd.match(script); match.hasMatch(); match = tableEnd.match(script))
            script.replace(match.capturedStart(), match.capturedLength(),
                           match.captured(1).isEmpty() ? QStringLiteral(") STRICT") : QStringLiteral(") STRICT, WITHOUT ROWID"));
    } else {
        static const QRegularExpression textType(QStringLiteral("\\bTEXT\\b"));
        script.replace(textType, QStringLiteral("TEXT COLLATE \"C\""));
        script.replace(QStringLiteral(") WITHOUT ROWID"), QStringLiteral(")"));
    }
    return script;
}

} // namespace

std::vector<database::Migration> migrations(database::Backend backend)
{
    const QString other = backend == database::Backend::Sqlite ? QStringLiteral(".postgres.sql") : QStringLiteral(".sqlite.sql");
    std::vector<database::Migration> steps;
    const QDir folder(QStringLiteral(":/sql"));
    for (const QString &name : folder.entryList(QDir::Files, QDir::Name)) {
        if (name.endsWith(other))
            continue;
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue; // a compiled-in resource opens
        const std::string script = inDialect(QString::fromUtf8(file.readAll()), backend).toStdString();
        database::Migration step;
        step.number = name.left(3).toInt();
        step.name = name.mid(4, name.indexOf(QLatin1Char('.')) - 4).toStdString();
        step.digest = crypto::sha256(script).hex();
        step.statements = database::splitStatements(script);
        // Steps up to 010 say it themselves.
        if (backend == database::Backend::Postgres && step.number > 10)
            step.statements.emplace_back("SELECT guard_tables()");
        steps.push_back(std::move(step));
    }
    return steps;
}

const std::vector<ProjectionTable> &projectionTables()
{
    // name: keys | other columns; a column is text unless it says :i (integer), :r (real) or :b (bytes). tst_schema checks it against the schema.
    static const std::vector<ProjectionTable> tables = [] {
        constexpr const char *descriptions[] = {
            "person: id | name login roles since:i",
            "enrolled_key: id | class owner public:b enrolled_at:i revoked_from:i enrolled_by is_awaiting:i confirmed_in:i confirmed_by replaces replaced_by disputed_to:i "
            "revoked_in:i reason",
            "signing_policy: entry:i | confirms_keys:i cosigners:i reauthentication series_minutes:i",
            "model: id | no:i name name_key description purpose use_case owner tier:i source source_key created_at:i updated_at:i import version_count:i "
            "current_version current_label stage:i verdict:i verdict_sentence worst sign_state:i",
            "model_tag: model key | value",
            "model_alias: model alias | label",
            "version: id | no:i model label description stage:i source_stage source_status artifact_uri created_by run created_at:i updated_at:i import verdict:i "
            "verdict_sentence worst stage_id",
            "version_tag: version key | value",
            "run: id | source source_id name experiment status is_deleted:i user_name artifact_uri version started_at:i ended_at:i import",
            "run_parameter: run key | value",
            "run_tag: run key | value",
            "series: id:i | version run metric slice import",
            "observation: series:i window_end:i window_start:i step:i revision:i | value:r lexeme n:i lower:r upper:r import:i",
            "rule: id revision:i | metric attribute direction:i edge:r upper_edge:r watch:r minimum_n:i model in_force_from:i is_retired:i entry:i basis:i max_age_days:i "
            "severity:i tiers pack pack_version pack_rule",
            "verdict: version rule slice | revision:i metric state:i sentence series:i window_start:i window_end:i value:r n:i lower:r upper:r missing:i",
            "bundle: id | version inputs:b frozen_at:i frozen_by entry:i",
            "signoff: id | bundle version person person_name role decision:i meaning comment sentence signed_at:i utc_offset:i entry:i key inputs:b is_stale:i changes "
            "withdrawal:i withdrawn_at:i withdrawn_reason rendering",
            "import: id | no:i kind source description content at:i actor models:i versions:i runs:i changes:i observations:i restated:i rejected:i entry:i undone_by:i",
            "report: id | version title facts:b at:i actor entry:i",
            "computed_set: import | no:i version note log log_digest log_bytes:i row_count:i rejected:i windows:i cells:i engine:i rows_digest document scores entry:i",
            "computed_check: entry:i | import log log_digest engine:i is_equal:i compared:i differences:i at:i actor",
            "change_request: id | version kind attributes thresholds bound tolerance:r import summary reason legal_note evidence media at:i actor entry:i withdrawal:i "
            "withdrawn_at:i withdrawn_by withdrawn_reason",
            "finding: id | no:i model version title body severity:i owner due:i plan state:i origin:i origin_rule origin_revision:i origin_slice origin_start:i origin_end:i "
            "origin_value:r origin_n:i origin_sentence opened_at:i opened_by opened_by_name challenged_by remediated_by resolution:i changed_at:i entry:i",
            "finding_note: entry:i | finding act outcome text at:i person person_name",
            "exhibit: id | no:i model version title note requirement digest name media size:i reference period_from:i period_to:i expires:i replaces state:i added_at:i added_by "
            "added_by_name decided_at:i decided_by decided_by_name reason entry:i",
            "exhibit_note: entry:i | exhibit act text at:i person person_name",
            "evidence_request: id | no:i model version requirement body asked due:i state:i exhibit requested_at:i requested_by requested_by_name closed_at:i closed_by "
            "closed_by_name reason entry:i",
            "waiver: id | no:i model version kind:i requirement revision:i slice sentence reason control until:i state:i requested_at:i requested_by requested_by_name entry:i "
            "granted_at:i granted_by granted_by_name granted_text granted_entry:i closed_at:i closed_by closed_by_name closed_text closed_entry:i",
            "pack: pack version | title document note is_default:i effective_from:i published_at:i published_by published_by_name entry:i retired_at:i retired_by_name "
            "retired_reason retired_entry:i",
            "model_pack: model pack | place:i",
            "tier_assessment: event | model pack pack_version answers points:i computed:i tier:i reason at:i person person_name entry:i is_confirmed:i confirmed_at:i "
            "confirmed_by_name confirmed_entry:i",
            "stage_move: entry:i | version from_stage to_stage stage:i transition pack pack_version reason at:i person person_name gate",
            "artifact: version digest | name size:i at:i person person_name entry:i",
            "release: id | no:i model version expires:i issued_at:i issued_by issued_by_name entry:i revoked_at:i revoked_by_name revoked_reason revoked_entry:i",
            "version_turn: version since:i | verdict:i sentence worst",
            "subject_head: subject | event entry:i",
            "change: entry:i no:i | subject field old new import",
            "trail: entry:i | kind at:i actor actor_name subject model version import summary",
        };
        std::vector<ProjectionTable> parsed;
        for (const char *description : descriptions) {
            ProjectionTable table;
            const QStringList words = QString::fromLatin1(description).split(QLatin1Char(' '));
            table.name = words.front().chopped(1).toStdString();
            for (const QString &word : words.mid(1)) {
                if (word == QLatin1String("|")) {
                    table.keyCount = table.columns.size();
                    continue;
                }
                using Kind = ProjectionTable::Kind;
                const Kind kind = word.endsWith(QLatin1String(":i")) ? Kind::Integer : word.endsWith(QLatin1String(":r")) ? Kind::Real
                    : word.endsWith(QLatin1String(":b"))             ? Kind::Blob
                                                                     : Kind::Text;
                table.columns.push_back({(kind == Kind::Text ? word : word.chopped(2)).toStdString(), kind});
            }
            parsed.push_back(std::move(table));
        }
        return parsed;
    }();
    return tables;
}

Result<std::vector<std::string>> prepareReplay(database::Connection &connection)
{
    if (const auto status = database::migrate(connection, migrations(connection.backend())); !status)
        return status.error();
    Statements sql(connection);
    std::vector<std::string> drops;
    sql.each("SELECT name FROM sqlite_schema WHERE type = 'trigger'", [&](const database::Query &row) { drops.push_back("DROP TRIGGER " + row.text(0)); });
    std::vector<std::string> indexes;
    for (const char *index : {"model_source", "model_name", "model_owner", "model_verdict", "trail_model", "trail_kind", "trail_actor"}) {
        indexes.push_back(sql.text("SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?", index).value_or(std::string()));
        drops.push_back("DROP INDEX " + std::string(index));
    }
    for (const auto &drop : drops)
        sql.run(drop);
    return sql.ok() ? Result<std::vector<std::string>>(std::move(indexes)) : Result<std::vector<std::string>>(sql.status().error());
}

} // namespace countersign::store
