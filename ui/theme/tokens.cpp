#include "ui/theme/tokens.h"

#include <algorithm>
#include <cmath>

namespace countersign::theme {

namespace {

QColor rgb(unsigned value)
{
    return QColor::fromRgb(QRgb(0xFF000000u | value));
}

// The order is that of State: fail, not enough data, watch, waived, pass, not judged, stale.
Tokens light()
{
    Tokens t;
    t.scheme = Scheme::Light;
    t.window = rgb(0xF3F4F6);
    t.page = rgb(0xFFFFFF);
    t.subtle = rgb(0xF8F9FA);
    t.sunken = rgb(0xEDEFF2);
    t.raised = rgb(0xFFFFFF);
    t.hover = rgb(0xF1F3F6);
    t.railHover = rgb(0xE7E9ED);
    t.press = rgb(0xE3E6EB);
    t.selection = rgb(0xE9E9FB);
    t.selectionIdle = rgb(0xECEEF1);
    t.selectionText = rgb(0x1A1E24);
    t.hair = rgb(0xE3E6EA);
    t.control = rgb(0xC3C9D2);
    t.field = rgb(0x7F8793);
    t.text = rgb(0x1A1E24);
    t.secondary = rgb(0x48505C);
    t.tertiary = rgb(0x5F6773);
    t.disabled = rgb(0x9AA1AB);
    t.accent = rgb(0x4B48C4);
    t.accentHover = rgb(0x403DB0);
    t.accentPressed = rgb(0x353296);
    t.onAccent = rgb(0xFFFFFF);
    t.link = rgb(0x4340B4);
    t.focus = rgb(0x4B48C4);
    t.danger = rgb(0xA8281A);
    t.dangerHover = rgb(0xFBEDEB);
    t.axis = rgb(0x858D99);
    t.grid = rgb(0xECEEF1);
    t.series = {rgb(0x0072B2), rgb(0xD55E00), rgb(0x009E73), rgb(0xB0578A), rgb(0x1A1E24), rgb(0x9A6A00)};
    t.bandAlpha = 34;
    t.breachAlpha = 52;
    t.toolTip = rgb(0x22262C);
    t.toolTipText = rgb(0xFFFFFF);
    t.strip = rgb(0xB42318);
    t.marks = {rgb(0xD55E00), rgb(0x595959), rgb(0x9A6A00), rgb(0xB0578A), rgb(0x0072B2), rgb(0x5F6773), rgb(0x1A1E24)};
    t.tints = {rgb(0xFDF0E7), rgb(0xF3F4F5), rgb(0xFCF4E2), rgb(0xF8EEF4), rgb(0xEAF3F9), rgb(0xF3F4F5), rgb(0xF3F4F5)};
    t.heats = {rgb(0xD55E00), rgb(0xFFFFFF), rgb(0xE69F00), rgb(0xFFFFFF), rgb(0xDCEBF5), rgb(0xFFFFFF), rgb(0xFFFFFF)};
    t.heatTexts = {rgb(0x000000), t.text, rgb(0x000000), t.text, t.text, t.text, t.text};
    return t;
}

Tokens dark()
{
    Tokens t;
    t.scheme = Scheme::Dark;
    t.window = rgb(0x141618);
    t.page = rgb(0x1B1E20);
    t.subtle = rgb(0x202427);
    t.sunken = rgb(0x101213);
    t.raised = rgb(0x24282B);
    t.hover = rgb(0x24282C);
    t.railHover = rgb(0x212529);
    t.press = rgb(0x2C3136);
    t.selection = rgb(0x2B2C49);
    t.selectionIdle = rgb(0x282C30);
    t.selectionText = rgb(0xE8EAEC);
    t.hair = rgb(0x2D3236);
    t.control = rgb(0x454C53);
    t.field = rgb(0x737B84);
    t.text = rgb(0xE8EAEC);
    t.secondary = rgb(0xB9BFC5);
    t.tertiary = rgb(0x969DA5);
    t.disabled = rgb(0x666D75);
    t.accent = rgb(0x6461D8);
    t.accentHover = rgb(0x6966DC);
    t.accentPressed = rgb(0x5653C6);
    t.onAccent = rgb(0xFFFFFF);
    t.link = rgb(0xABA9FA);
    t.focus = rgb(0xABA9FA);
    t.danger = rgb(0xFF9C8A);
    t.dangerHover = rgb(0x3A211D);
    t.axis = rgb(0x737B84);
    t.grid = rgb(0x272B2F);
    t.series = {rgb(0x56B4E9), rgb(0xE69F00), rgb(0xF0E442), rgb(0x009E73), rgb(0xCC79A7), rgb(0xD55E00)};
    t.bandAlpha = 42;
    t.breachAlpha = 70;
    t.toolTip = rgb(0xE8EAEC);
    t.toolTipText = rgb(0x1B1E20);
    t.strip = rgb(0xE5574A);
    t.marks = {rgb(0xD55E00), rgb(0xA0A0A0), rgb(0xE69F00), rgb(0xCC79A7), rgb(0x56B4E9), rgb(0x969DA5), rgb(0xE8EAEC)};
    t.tints = {rgb(0x382317), rgb(0x25292C), rgb(0x332913), rgb(0x34252E), rgb(0x172B37), rgb(0x25292C), rgb(0x25292C)};
    t.heats = {rgb(0xD55E00), t.page, rgb(0xE69F00), t.page, rgb(0x172B37), t.page, t.page};
    t.heatTexts = {rgb(0x000000), t.text, rgb(0x000000), t.text, t.text, t.text, t.text};
    return t;
}

// Everything that differs only by ground and ink between the two high-contrast schemes.
Tokens highContrast(Tokens t, Scheme scheme, QColor ground, QColor ink, QColor act, QColor onAct, QColor grey)
{
    t.scheme = scheme;
    t.window = t.page = t.subtle = t.sunken = t.raised = t.hover = t.railHover = t.press = ground;
    t.selection = act;
    t.selectionText = onAct;
    t.selectionIdle = ground;
    t.hair = t.control = t.field = ink;
    t.text = t.secondary = t.tertiary = ink;
    t.disabled = grey;
    t.accent = t.accentHover = t.accentPressed = t.link = t.focus = act;
    t.onAccent = onAct;
    t.danger = ink;
    t.dangerHover = ground;
    t.axis = ink;
    t.grid = rgb(0x8A8A8A);
    t.toolTip = ink;
    t.toolTipText = ground;
    t.tints.fill(ground);
    t.heats.fill(ground);
    t.heatTexts.fill(ink);
    t.focusWidth = 3;
    return t;
}

Tokens highContrastLight()
{
    Tokens t = highContrast(light(), Scheme::HighContrastLight, rgb(0xFFFFFF), rgb(0x000000), rgb(0x0000C8), rgb(0xFFFFFF),
                            rgb(0x595959));
    t.marks = {rgb(0xB84E00), rgb(0x595959), rgb(0x7A5200), rgb(0x8F3D70), rgb(0x005A8F), t.text, t.text};
    return t;
}

Tokens highContrastDark()
{
    Tokens t = highContrast(dark(), Scheme::HighContrastDark, rgb(0x000000), rgb(0xFFFFFF), rgb(0xFFD60A), rgb(0x000000),
                            rgb(0xA0A0A0));
    t.marks = {rgb(0xFF8A3D), rgb(0xA0A0A0), rgb(0xE69F00), rgb(0xCC79A7), rgb(0x56B4E9), t.text, t.text};
    return t;
}

double luminance(const QColor &colour)
{
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

QColor Tokens::stateEdge(State state) const
{
    if (isHighContrast())
        return text;
    QColor edge = mark(state);
    edge.setAlphaF(0.43F);
    return edge;
}

const Tokens &tokens(Scheme scheme)
{
    static const std::array<Tokens, 4> all = {light(), dark(), highContrastLight(), highContrastDark()};
    return all[static_cast<std::size_t>(scheme)];
}

double contrast(const QColor &one, const QColor &other)
{
    const double a = luminance(one);
    const double b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

} // namespace countersign::theme
