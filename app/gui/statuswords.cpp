#include "app/gui/statuswords.h"

#include "models/base/text.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace countersign::gui {

using database::Backend;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("StatusWords", text);
}

bool isEncrypted(const database::Location &location)
{
    return std::ranges::any_of(location.options, [](const auto &option) {
        return option.first == "sslmode" && (option.second == "require" || option.second.starts_with("verify"));
    });
}

QString counted(qint64 number, const char *one, const char *many)
{
    return number == 1 ? tr(one) : tr(many).arg(number);
}

} // namespace

QString kindOf(const services::WorkspaceState &state)
{
    if (state.isSample)
        return tr("sample");
    return state.location.backend == Backend::Postgres ? tr("shared") : tr("local file");
}

QColor stripOf(const services::WorkspaceState &state)
{
    const bool isShared = state.location.backend == Backend::Postgres && !state.isSample;
    return isShared ? QColor() : state.isSample ? theme::current().mark(theme::State::Watch) : theme::current().accent;
}

QString connectionText(const services::WorkspaceState &state)
{
    const QString base = state.location.backend == Backend::Sqlite ? tr("Local file") : isEncrypted(state.location) ? tr("Live, TLS") : tr("Live");
    return state.isReadOnly ? tr("%1, for reading only").arg(base) : base;
}

QString ledgerText(const services::WorkspaceState &state, const services::SignatureState &signatures)
{
    if (!state.damage.isEmpty())
        return state.isOtherState ? tr("Ledger is not the one known here") : tr("Ledger damaged");
    const auto number = [](std::uint64_t n) { return QLocale().toString(qulonglong(n)); };
    const QString size = number(state.ledgerSize);
    if (state.asOf) // what is known of signatures and checkpoints is known of the whole ledger, now
        return tr("Ledger %1, as it was").arg(size);
    if (signatures.worst == ledger::EntryState::Invalid)
        return tr("Ledger %1 · not as it was signed").arg(size);
    QString text = signatures.checked >= state.ledgerSize ? tr("Ledger %1 · signatures checked").arg(size)
        : signatures.isRunning ? tr("Ledger %1 · signatures checked up to %2").arg(size, number(signatures.checked))
                               : tr("Ledger %1 · tree checked").arg(size);
    if (signatures.worst == ledger::EntryState::Disputed)
        text += QStringLiteral(", ") + tr("some disputed");
    if (signatures.worst == ledger::EntryState::UnknownNewer)
        text += QStringLiteral(", ") + tr("some of a newer version");
    if (state.checkpointSize == 0)
        return text;
    text += QStringLiteral(" · ") + tr("checkpoint at %1").arg(number(state.checkpointSize));
    if (state.cosignersWanted > 0)
        return text + QStringLiteral(", ") + tr("co-signed by %1 of %2").arg(number(state.cosigners), number(std::uint64_t(state.cosignersWanted)));
    return state.cosigners == 0 ? text : text + QStringLiteral(", ") + tr("co-signed by %1").arg(number(state.cosigners));
}

QString connectionDetails(const services::WorkspaceState &state)
{
    return QString::fromStdString(text::visible(state.location.text())) + QLatin1Char('\n') + state.databaseNote;
}

QString personShort(const Person &person)
{
    QStringList roles;
    for (std::size_t i = 0; i < std::min<std::size_t>(2, person.roles.size()); ++i)
        roles.append(QString::fromStdString(std::string(roleTitle(person.roles[i]))));
    if (person.roles.size() > 2)
        roles.append(tr("%1 more").arg(person.roles.size() - 2));
    return QStringLiteral("%1 · %2").arg(QString::fromStdString(text::visible(person.name)), roles.join(QStringLiteral(", ")));
}

QString sentenceCase(const QString &phrase)
{
    return phrase.isEmpty() ? phrase : phrase.left(1).toUpper() + phrase.mid(1);
}

QString agoText(Instant then, Instant now)
{
    const qint64 seconds = (toMillis(now) - toMillis(then)) / 1000;
    if (seconds < 60)
        return tr("just now");
    if (seconds < 3600)
        return counted(seconds / 60, "1 minute ago", "%1 minutes ago");
    if (seconds < 86400)
        return counted(seconds / 3600, "1 hour ago", "%1 hours ago");
    if (seconds < 7 * 86400)
        return counted(seconds / 86400, "yesterday", "%1 days ago");
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(toMillis(then)).date(), QStringLiteral("d MMM yyyy"));
}

welcome::RecentWorkspace recentLine(const settings::RecentWorkspace &workspace, Instant now)
{
    welcome::RecentWorkspace line;
    line.path = QString::fromStdString(workspace.location);
    line.name = QString::fromStdString(text::visible(workspace.name));
    line.lastUsed = agoText(workspace.lastUsed, now);
    line.isMissing = workspace.isMissing;
    const auto location = database::Location::parse(workspace.location);
    if (location && location->backend == Backend::Postgres) {
        line.isShared = true;
        line.detail = QStringList{QString::fromStdString(location->host.empty() ? std::string("localhost") : location->host),
                                  QString::fromStdString(location->databaseName), tr("shared")}.join(QStringLiteral(" · "));
    } else {
        line.detail = line.path;
    }
    if (line.name.isEmpty())
        line.name = line.path.section(QLatin1Char('/'), -1);
    return line;
}

} // namespace countersign::gui
