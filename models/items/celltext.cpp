#include "models/items/celltext.h"

#include "models/base/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace countersign::items {

namespace {

struct FieldName {
    std::string_view field;
    const char *title;
};

constexpr FieldName kFields[] = {
    {"aliases", QT_TRANSLATE_NOOP("fields", "Aliases")},
    {"artifactUri", QT_TRANSLATE_NOOP("fields", "Artifact")},
    {"createdBy", QT_TRANSLATE_NOOP("fields", "Created by")},
    {"description", QT_TRANSLATE_NOOP("fields", "Description")},
    {"name", QT_TRANSLATE_NOOP("fields", "Name")},
    {"owner", QT_TRANSLATE_NOOP("fields", "Owner")},
    {"purpose", QT_TRANSLATE_NOOP("fields", "Purpose")},
    {"sourceStage", QT_TRANSLATE_NOOP("fields", "Stage in the source")},
    {"sourceStatus", QT_TRANSLATE_NOOP("fields", "Status in the source")},
    {"stage", QT_TRANSLATE_NOOP("fields", "Stage")},
    {"tags", QT_TRANSLATE_NOOP("fields", "Tags")},
    {"tier", QT_TRANSLATE_NOOP("fields", "Tier")},
    {"useCase", QT_TRANSLATE_NOOP("fields", "Use case")},
};

QDateTime utc(Instant at)
{
    return QDateTime::fromMSecsSinceEpoch(toMillis(at), Qt::UTC);
}

} // namespace

QString oneLine(std::string_view text)
{
    return QString::fromStdString(text::visible(text));
}

QString withLines(std::string_view text)
{
    QString lines;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines += (at == 0 ? QString() : QStringLiteral("\n")) + oneLine(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

QString inMiddle(std::string_view text, qsizetype most)
{
    const QString whole = oneLine(text);
    if (whole.size() <= most)
        return whole;
    const qsizetype end = (most - 1) * 2 / 3;
    return whole.left(most - 1 - end) + QChar(0x2026) + whole.right(end);
}

QString utcTime(Instant at)
{
    return QCoreApplication::translate("cells", "%1 %2 UTC", "date, time of day").arg(utcDate(at), utc(at).time().toString(QStringLiteral("HH:mm")));
}

QString utcDate(Instant at)
{
    return QLocale().toString(utc(at).date(), QStringLiteral("d MMM yyyy"));
}

QString fieldTitle(std::string_view field)
{
    for (const FieldName &known : kFields) {
        if (known.field == field)
            return QCoreApplication::translate("fields", known.title);
    }
    return oneLine(field);
}

} // namespace countersign::items
