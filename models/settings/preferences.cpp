#include "models/settings/preferences.h"

#include "models/settings/privatefile.h"

#include <QFile>

#include <algorithm>
#include <array>

namespace countersign::settings {

namespace {

constexpr const char *kThemes[] = {"system", "light", "dark", "highContrast"};
constexpr const char *kDensities[] = {"comfortable", "compact"};

enum Key { kTheme, kDensity, kLanguage, kIdleLock };

constexpr std::array<Preferences::Entry, 4> kEntries = {{
    {.key = "window/theme", .otherwise = "system", .choices = kThemes, .meaning = "Colours of the window."},
    {.key = "window/density", .otherwise = "comfortable", .choices = kDensities, .meaning = "Height of rows and fields."},
    {.key = "window/language", .otherwise = "", .choices = {}, .meaning = "Language code such as en; empty for the language of the desktop."},
    // Signing sessions end with the lock, so "never" is not offered.
    {.key = "session/idleLockMinutes", .otherwise = "4", .choices = {}, .least = 1, .most = 60,
     .meaning = "Minutes without input until the window hides its content."},
}};

bool isNumber(const Preferences::Entry &entry) { return entry.most > entry.least; }

bool isLanguageCode(const QString &value)
{
    return value.size() <= 32 && std::all_of(value.begin(), value.end(), [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'_' || c == u'-' || c == u'@';
    });
}

bool isAllowed(const Preferences::Entry &entry, const QString &value)
{
    if (isNumber(entry)) {
        bool isInteger = false;
        const int number = value.toInt(&isInteger);
        return isInteger && number >= entry.least && number <= entry.most;
    }
    if (entry.choices.empty())
        return isLanguageCode(value);
    return std::any_of(entry.choices.begin(), entry.choices.end(), [&value](const char *choice) { return value == QLatin1String(choice); });
}

std::string allowedValues(const Preferences::Entry &entry)
{
    if (isNumber(entry))
        return "a whole number from " + std::to_string(entry.least) + " to " + std::to_string(entry.most);
    if (entry.choices.empty())
        return "a language code such as \"en\", or nothing";
    std::string words;
    for (const char *choice : entry.choices)
        words += (words.empty() ? "one of " : ", ") + std::string(choice);
    return words;
}

const Preferences::Entry *entryOf(const QString &key)
{
    const auto *found = std::find_if(kEntries.begin(), kEntries.end(), [&key](const Preferences::Entry &entry) { return key == QLatin1String(entry.key); });
    return found == kEntries.end() ? nullptr : found;
}

Error unknownKey(const QString &key)
{
    std::string known;
    for (const Preferences::Entry &entry : kEntries)
        known += (known.empty() ? "" : ", ") + std::string(entry.key);
    return {ErrorKind::Invalid, "There is no preference \"" + key.toStdString() + "\". There are: " + known + ".", {}};
}

template<std::size_t N>
std::size_t indexOf(const char *const (&words)[N], const QString &word)
{
    const auto *const found = std::find_if(std::begin(words), std::end(words), [&word](const char *each) { return word == QLatin1String(each); });
    return static_cast<std::size_t>(found - std::begin(words)); // read() gives allowed words only
}

QString pathText(const std::filesystem::path &path) { return QFile::decodeName(QByteArray::fromStdString(path.native())); }

} // namespace

std::span<const Preferences::Entry> Preferences::entries() { return kEntries; }

Preferences::Preferences(const Folders &folders)
    : m_folder(folders.config), m_file(pathText(folders.config / "preferences.ini"), QSettings::IniFormat)
{
}

ThemeChoice Preferences::theme() const { return static_cast<ThemeChoice>(indexOf(kThemes, read(kEntries[kTheme]))); }

Status Preferences::setTheme(ThemeChoice choice)
{
    return write(kEntries[kTheme], QLatin1String(kThemes[static_cast<std::size_t>(choice)]));
}

Density Preferences::density() const { return static_cast<Density>(indexOf(kDensities, read(kEntries[kDensity]))); }

Status Preferences::setDensity(Density density)
{
    return write(kEntries[kDensity], QLatin1String(kDensities[static_cast<std::size_t>(density)]));
}

QString Preferences::language() const { return read(kEntries[kLanguage]); }

Status Preferences::setLanguage(const QString &code) { return write(kEntries[kLanguage], code); }

int Preferences::idleLockMinutes() const { return read(kEntries[kIdleLock]).toInt(); }

Status Preferences::setIdleLockMinutes(int minutes) { return write(kEntries[kIdleLock], QString::number(minutes)); }

Result<QString> Preferences::value(const QString &key) const
{
    const Entry *entry = entryOf(key);
    return entry ? Result<QString>(read(*entry)) : Result<QString>(unknownKey(key));
}

Status Preferences::setValue(const QString &key, const QString &value)
{
    const Entry *entry = entryOf(key);
    return entry ? write(*entry, value) : Status(unknownKey(key));
}

QString Preferences::read(const Entry &entry) const
{
    const QVariant stored = m_file.value(QLatin1String(entry.key));
    // A value with a comma reads as a list; that is none of ours.
    const QString text = stored.typeId() == QMetaType::QString ? stored.toString() : QString();
    return stored.isValid() && isAllowed(entry, text) ? text : QString::fromLatin1(entry.otherwise);
}

Status Preferences::write(const Entry &entry, const QString &value)
{
    if (!isAllowed(entry, value))
        return Error{ErrorKind::Invalid, "The preference " + std::string(entry.key) + " can be " + allowedValues(entry) + ".", {}};
    if (const Status made = makePrivateFolder(m_folder); !made)
        return made;
    m_file.setValue(QLatin1String(entry.key), value);
    m_file.sync();
    // FormatError stays from reading a damaged file; what could be read of it was kept, and the file is whole again.
    if (m_file.status() == QSettings::AccessError)
        return Error{ErrorKind::Io, "The preferences could not be written to " + (m_folder / "preferences.ini").native() + ". Is the folder writable?", {}};
    return {};
}

} // namespace countersign::settings
