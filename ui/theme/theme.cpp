#include "ui/theme/theme.h"

#include "ui/theme/csstyle.h"
#include "ui/theme/desktopappearance.h"
#include "ui/theme/icons.h"
#include "ui/theme/type.h"

#include <QApplication>
#include <QDir>
#include <QFontDatabase>
#include <QPalette>
#include <QPointer>
#include <QToolTip>

static void initialiseLook() // outside a namespace: Q_INIT_RESOURCE declares a global function
{
    Q_INIT_RESOURCE(look);
}

namespace countersign::theme {

namespace {

QPointer<Theme> g_theme; // painting asks for the tokens thousands of times a frame; the application owns the object

// Classes whose text is not body text.
void setClassFonts()
{
    QApplication::setFont(font(Type::Strong), "QPushButton");
    QApplication::setFont(font(Type::Strong), "QToolButton");
    QApplication::setFont(font(Type::Strong), "QTabBar");
    QApplication::setFont(font(Type::TableHead), "QHeaderView");
    QApplication::setFont(font(Type::Secondary), "QStatusBar");
}

QPalette paletteFor(const Tokens &t)
{
    QPalette p;
    p.setColor(QPalette::Window, t.window);
    p.setColor(QPalette::WindowText, t.text);
    p.setColor(QPalette::Base, t.page);
    p.setColor(QPalette::AlternateBase, t.subtle);
    p.setColor(QPalette::Text, t.text);
    p.setColor(QPalette::PlaceholderText, t.tertiary);
    p.setColor(QPalette::Button, t.raised);
    p.setColor(QPalette::ButtonText, t.text);
    p.setColor(QPalette::BrightText, t.text);
    p.setColor(QPalette::ToolTipBase, t.toolTip);
    p.setColor(QPalette::ToolTipText, t.toolTipText);
    p.setColor(QPalette::Highlight, t.accent);
    p.setColor(QPalette::HighlightedText, t.onAccent);
    p.setColor(QPalette::Link, t.link);
    p.setColor(QPalette::LinkVisited, t.link);
    p.setColor(QPalette::Light, t.page);
    p.setColor(QPalette::Midlight, t.hair);
    p.setColor(QPalette::Mid, t.control);
    p.setColor(QPalette::Dark, t.field);
    p.setColor(QPalette::Shadow, t.field);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText,
                                           QPalette::Link, QPalette::HighlightedText})
        p.setColor(QPalette::Disabled, role, t.disabled);
    p.setColor(QPalette::Disabled, QPalette::Base, t.window);
    p.setColor(QPalette::Disabled, QPalette::Highlight, t.selectionIdle);
    return p;
}

} // namespace

QString preferenceKey(Preference preference)
{
    switch (preference) {
    case Preference::System: return QStringLiteral("system");
    case Preference::Light: return QStringLiteral("light");
    case Preference::Dark: return QStringLiteral("dark");
    case Preference::HighContrast: return QStringLiteral("highContrast");
    }
    return {};
}

Preference preferenceOf(const QString &key)
{
    for (const Preference one : {Preference::Light, Preference::Dark, Preference::HighContrast})
        if (preferenceKey(one) == key)
            return one;
    return Preference::System;
}

void loadResources()
{
    static bool isLoaded = false; // fonts belong to the process; adding them twice would list them twice
    if (isLoaded)
        return;
    isLoaded = true;
    initialiseLook();
    const QDir fonts(QStringLiteral(":/fonts"));
    for (const QString &file : fonts.entryList({QStringLiteral("*.otf"), QStringLiteral("*.ttf")}))
        QFontDatabase::addApplicationFont(fonts.filePath(file));
}

Theme::Theme(QApplication &application)
    : QObject(&application)
    , m_application(application)
    , m_tokens(&theme::tokens(Scheme::Light))
{
    g_theme = this;
    m_desktop = new DesktopAppearance(this);
    connect(m_desktop, &DesktopAppearance::changed, this, &Theme::followDesktop);
}

Theme::~Theme() = default;

void Theme::setPreference(Preference preference)
{
    m_preference = preference;
    followDesktop();
}

bool Theme::isMotionReduced() const
{
    return m_desktop->isMotionReduced() || m_tokens->isHighContrast();
}

void Theme::followDesktop()
{
    const bool isDark = m_preference == Preference::Dark || (m_preference != Preference::Light && m_desktop->isDark());
    const bool isHigh = m_preference == Preference::HighContrast || (m_preference == Preference::System && m_desktop->isHighContrast());
    if (isHigh)
        apply(isDark ? Scheme::HighContrastDark : Scheme::HighContrastLight);
    else
        apply(isDark ? Scheme::Dark : Scheme::Light);
}

void Theme::apply(Scheme scheme)
{
    m_tokens = &theme::tokens(scheme);
    m_application.setFont(font(Type::Body));
    setClassFonts();
    const QPalette palette = paletteFor(*m_tokens);
    m_application.setPalette(palette);
    QToolTip::setPalette(palette);
    QToolTip::setFont(font(Type::Secondary));
    Q_EMIT changed();
}

Theme *instance()
{
    return g_theme;
}

Theme &install(QApplication &application)
{
    if (g_theme)
        return *g_theme;
    loadResources();
    auto *theme = new Theme(application);
    application.setStyle(new CsStyle);
    application.setWindowIcon(applicationIcon());
    theme->setPreference(Preference::System);
    return *theme;
}

const Tokens &current()
{
    const Theme *theme = instance();
    return theme ? theme->tokens() : tokens(Scheme::Light);
}

void apply(QApplication &application, Scheme scheme)
{
    install(application).apply(scheme);
}

} // namespace countersign::theme
