#pragma once

#include "models/settings/folders.h"

#include <QSettings>
#include <QString>

#include <span>

namespace countersign::settings {

enum class ThemeChoice { System, Light, Dark, HighContrast };
enum class Density { Comfortable, Compact };

/// How one person likes the programs: preferences.ini in the config folder. Read at start, written at once; keys that this version does
/// not know are kept. A value that is missing or makes no sense reads as the default. GUI thread, or one thread of a program without one.
class Preferences
{
public:
    /// What can be set. `key` is the name in the file ("window/theme"), `choices` are the allowed words (none: any text),
    /// or `least` to `most` for a number.
    struct Entry {
        const char *key;
        const char *otherwise; ///< the default, as text
        std::span<const char *const> choices;
        int least = 0;
        int most = 0;
        const char *meaning; ///< one sentence
    };
    static std::span<const Entry> entries();

    explicit Preferences(const Folders &folders);
    Q_DISABLE_COPY_MOVE(Preferences)

    ThemeChoice theme() const;
    Status setTheme(ThemeChoice choice);

    Density density() const;
    Status setDensity(Density density);

    /// A language code ("en", "cs"); empty: the language of the desktop.
    QString language() const;
    Status setLanguage(const QString &code);

    /// Minutes without a key or a click until the window hides its content; 1 to 60.
    int idleLockMinutes() const;
    Status setIdleLockMinutes(int minutes);

    /// By key, checked, as text. Invalid names the keys, or the allowed values.
    Result<QString> value(const QString &key) const;
    Status setValue(const QString &key, const QString &value);

private:
    QString read(const Entry &entry) const;
    Status write(const Entry &entry, const QString &value);

    std::filesystem::path m_folder;
    mutable QSettings m_file;
};

} // namespace countersign::settings
