#include "models/store/schema.h"

#include "models/crypto/sha256.h"

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
        steps.push_back(std::move(step));
    }
    return steps;
}

std::span<const ProjectionTable> projectionTables()
{
    // name, the columns that identify a row, the rest. tst_schema checks this list against the schema itself.
    static const std::vector<ProjectionTable> tables{
        {"person", {"id"}, {"name", "login", "roles", "since"}},
        {"enrolled_key", {"id"}, {"class", "owner", "public", "enrolled_at", "revoked_from"}},
        {"model", {"id"}, {"no", "name", "name_key", "description", "purpose", "use_case", "owner", "tier", "source", "source_key", "created_at",
                           "updated_at", "import", "version_count", "current_version", "current_label", "stage", "verdict", "verdict_sentence",
                           "worst", "sign_state"}},
        {"model_tag", {"model", "key"}, {"value"}},
        {"model_alias", {"model", "alias"}, {"label"}},
        {"version", {"id"}, {"no", "model", "label", "description", "stage", "source_stage", "source_status", "artifact_uri", "created_by", "run",
                             "created_at", "updated_at", "import", "verdict", "verdict_sentence", "worst"}},
        {"version_tag", {"version", "key"}, {"value"}},
        {"run", {"id"}, {"source", "source_id", "name", "experiment", "status", "is_deleted", "user_name", "artifact_uri", "version",
                         "started_at", "ended_at", "import"}},
        {"run_parameter", {"run", "key"}, {"value"}},
        {"run_tag", {"run", "key"}, {"value"}},
        {"series", {"id"}, {"version", "run", "metric", "slice", "import"}},
        {"observation", {"series", "window_end", "window_start", "step", "revision"}, {"value", "lexeme", "n", "lower", "upper", "import"}},
        {"rule", {"id", "revision"}, {"metric", "attribute", "direction", "edge", "upper_edge", "watch", "minimum_n", "tier", "model",
                                      "in_force_from", "is_retired", "entry"}},
        {"verdict", {"version", "rule", "slice"}, {"revision", "metric", "state", "sentence", "series", "window_start", "window_end", "value", "n",
                                                   "lower", "upper"}},
        {"bundle", {"id"}, {"version", "inputs", "frozen_at", "frozen_by", "entry"}},
        {"signoff", {"id"}, {"bundle", "version", "person", "person_name", "role", "decision", "meaning", "comment", "sentence", "signed_at",
                             "utc_offset", "entry", "key", "inputs", "is_stale", "changes"}},
        {"import", {"id"}, {"no", "kind", "source", "description", "content", "at", "actor", "models", "versions", "runs", "changes",
                            "observations", "restated", "rejected", "entry", "undone_by"}},
        {"report", {"id"}, {"version", "title", "facts", "at", "actor", "entry"}},
        {"subject_head", {"subject"}, {"event", "entry"}},
        {"change", {"entry", "no"}, {"subject", "field", "old", "new", "import"}},
        {"trail", {"entry"}, {"kind", "at", "actor", "actor_name", "subject", "model", "version", "import", "summary"}},
    };
    return tables;
}

} // namespace countersign::store
