#include "ui/import/log/savedmappings.h"

#include <QFile>
#include <QSaveFile>
#include <QSettings>

namespace countersign::pages::savedmappings {

namespace {

constexpr qint64 kMaxFile = 1 << 20;

// A name may hold whatever a key of the settings must not.
QString keyOf(const QString &name)
{
    return QStringLiteral("mappings/") + QString::fromLatin1(name.toUtf8().toHex());
}

} // namespace

std::vector<SavedMapping> all()
{
    QSettings settings;
    settings.beginGroup(QStringLiteral("mappings"));
    std::vector<SavedMapping> found;
    const QStringList keys = settings.childKeys();
    for (const QString &key : keys) {
        auto mapping = predictions::readMapping(settings.value(key).toString().toStdString());
        if (mapping)
            found.push_back({QString::fromUtf8(QByteArray::fromHex(key.toLatin1())), *std::move(mapping)});
    }
    std::ranges::sort(found, [](const SavedMapping &a, const SavedMapping &b) { return a.name.localeAwareCompare(b.name) < 0; });
    return found;
}

Status save(const QString &name, const predictions::Mapping &mapping)
{
    if (const auto status = mapping.check(); !status)
        return status;
    QSettings settings;
    settings.setValue(keyOf(name), QString::fromStdString(predictions::writeMapping(mapping)));
    settings.sync();
    return settings.status() == QSettings::NoError ? Status() : Error{ErrorKind::Io, "The mapping cannot be kept: the settings cannot be written.", {}};
}

void remove(const QString &name)
{
    QSettings().remove(keyOf(name));
}

Result<predictions::Mapping> readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorKind::Io, "The mapping cannot be read: " + file.errorString().toStdString() + ".", path.toStdString()};
    if (file.size() > kMaxFile)
        return Error{ErrorKind::Invalid, "The file is larger than 1 MiB; this is no mapping.", path.toStdString()};
    auto mapping = predictions::readMapping(file.readAll().toStdString());
    return mapping ? mapping : Result<predictions::Mapping>(mapping.error().in(path.toStdString()));
}

Status writeFile(const QString &path, const predictions::Mapping &mapping)
{
    if (const auto status = mapping.check(); !status)
        return status;
    const QByteArray text = QByteArray::fromStdString(predictions::writeMapping(mapping)) + '\n';
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit())
        return {};
    return Error{ErrorKind::Io, "The mapping cannot be written: " + file.errorString().toStdString() + ".", path.toStdString()};
}

} // namespace countersign::pages::savedmappings
