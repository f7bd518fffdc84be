#include "app/gui/pastwords.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace countersign::gui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("PastWords", text);
}

QString number(std::uint64_t n)
{
    return QLocale().toString(static_cast<qulonglong>(n));
}

} // namespace

QString momentText(Instant time)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(toMillis(time), Qt::UTC);
    const bool isWhole = at.time().second() == 0 && at.time().msec() == 0;
    return tr("%1 UTC").arg(QLocale().toString(at, isWhole ? QStringLiteral("d MMM yyyy, HH:mm") : QStringLiteral("d MMM yyyy, HH:mm:ss")));
}

QString pastSentence(const services::AsOf &asOf)
{
    const bool isNewest = asOf.size == asOf.headSize;
    QString text = isNewest ? tr("Read-only: as of %1, entry %2, the newest.").arg(momentText(asOf.at), number(asOf.size - 1))
                            : tr("Read-only: as of %1, entry %2. The ledger goes on to entry %3.").arg(momentText(asOf.at), number(asOf.size - 1), number(asOf.headSize - 1));
    if (asOf.laterClaims > 0)
        text += QLatin1Char(' ') + (asOf.laterClaims == 1 ? tr("One of these entries says a later time; the order in the ledger counts.")
                                                          : tr("%1 of these entries say a later time; the order in the ledger counts.").arg(number(asOf.laterClaims)));
    return text;
}

} // namespace countersign::gui
