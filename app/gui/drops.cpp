#include "app/gui/drops.h"

#include <QFile>
#include <QFileInfo>
#include <QStringList>

namespace countersign::gui {

namespace {

// A proof bundle names its format; its members are sorted, and the checkpoint before it is short.
bool looksLikeProof(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && (file.read(64 << 10).contains("countersign.proof/") || file.peek(12).startsWith("{\"checkpoint\""));
}

} // namespace

DropKind dropKind(const QString &path)
{
    static const QStringList imports{QStringLiteral("csv"), QStringLiteral("tsv"), QStringLiteral("jsonl"), QStringLiteral("ndjson"),
                                     QStringLiteral("db"),  QStringLiteral("sqlite"), QStringLiteral("sqlite3"),
                                     QStringLiteral("txt"), QStringLiteral("gz"), QStringLiteral("zst"), QStringLiteral("parquet")};
    static const QStringList proofs{QStringLiteral("pdf"), QStringLiteral("bundle"), QStringLiteral("proof"), QStringLiteral("ledger")};
    const QFileInfo file(path);
    const QString suffix = file.suffix().toLower();
    if (file.isDir() || imports.contains(suffix))
        return DropKind::Import; // a folder may be an mlruns; the import looks into it
    if (suffix == QLatin1String("countersign"))
        return looksLikeProof(path) ? DropKind::Proof : DropKind::Workspace;
    if (proofs.contains(suffix))
        return DropKind::Proof;
    if (suffix == QLatin1String("json"))
        return looksLikeProof(path) ? DropKind::Proof : DropKind::Import;
    return DropKind::Nothing;
}

} // namespace countersign::gui
