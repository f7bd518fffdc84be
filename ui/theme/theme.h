#pragma once

#include "ui/theme/tokens.h"

#include <QObject>

class QApplication;

namespace countersign::theme {

class DesktopAppearance;

/// What the person asked for; System follows the desktop, live.
enum class Preference { System, Light, Dark, HighContrast };
QString preferenceKey(Preference preference); ///< "system": for settings
Preference preferenceOf(const QString &key);  ///< System for anything unknown

/// The look of the running program: fonts, style, palette, tokens. One per QApplication, owned by it; made by install().
/// GUI thread. Painting code reads theme::current() each time and never keeps a colour; widgets repaint on
/// QEvent::PaletteChange, which every change of theme sends.
class Theme : public QObject
{
    Q_OBJECT
public:
    explicit Theme(QApplication &application);
    ~Theme() override;

    const Tokens &tokens() const { return *m_tokens; }
    Preference preference() const { return m_preference; }
    void setPreference(Preference preference);
    /// True when the desktop asks for no animation, and in high contrast.
    bool isMotionReduced() const;
    /// Shows a scheme, whatever the preference; for tests and pictures. Painting sees it at once; widgets that keep a palette
    /// of their own hear of it when events are processed next.
    void apply(Scheme scheme);

Q_SIGNALS:
    /// After the palette changed; for what does not paint through a widget (charts).
    void changed();

private:
    void followDesktop();

    QApplication &m_application;
    DesktopAppearance *m_desktop = nullptr;
    const Tokens *m_tokens;
    Preference m_preference = Preference::System;
};

/// Embedded fonts, style, icons and palette. Call once, after QApplication. Returns the theme, owned by the application.
Theme &install(QApplication &application);
/// The theme of the application; null before install().
Theme *instance();
/// The tokens shown now; the light ones before install().
const Tokens &current();
/// Makes the embedded fonts and icons known without touching style or palette: for the command line's PDF.
void loadResources();
/// instance()->apply(), installing first if needed.
void apply(QApplication &application, Scheme scheme);

} // namespace countersign::theme
