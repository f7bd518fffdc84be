#pragma once

#include "ui/theme/state.h"

#include <QColor>
#include <array>

/// Every colour of the program. Nothing outside ui/theme writes a colour as a number.
namespace countersign::theme {

enum class Scheme { Light, Dark, HighContrastLight, HighContrastDark };

/// The colours by role. Text keeps at least 4.5 : 1 on the ground it is meant for, marks 3 : 1; tst_theme computes it.
struct Tokens {
    Scheme scheme = Scheme::Light;

    // Grounds
    QColor window;    ///< frame, rail, bars
    QColor page;      ///< tables, pages, fields
    QColor subtle;    ///< facets, detail panes, group rows
    QColor sunken;    ///< key caps, progress trough
    QColor raised;    ///< buttons, popups
    QColor hover;     ///< on page
    QColor railHover; ///< on window
    QColor press;
    QColor selection;     ///< in the focused view
    QColor selectionIdle; ///< in a view without focus
    QColor selectionText;

    // Edges
    QColor hair;    ///< separators, decorative only
    QColor control; ///< edge of buttons and combos
    QColor field;   ///< edge of text fields, check boxes, radio buttons

    // Text
    QColor text;      ///< t1
    QColor secondary; ///< t2, icons
    QColor tertiary;  ///< t3: captions, heads, placeholders
    QColor disabled;  ///< never the only carrier of a fact

    // Interaction
    QColor accent;
    QColor accentHover;
    QColor accentPressed;
    QColor onAccent;
    QColor link; ///< links, the active rail icon
    QColor focus;
    QColor danger; ///< text of destructive acts
    QColor dangerHover;

    // Charts
    QColor axis;
    QColor grid;
    std::array<QColor, 6> series;
    int bandAlpha = 34;
    int breachAlpha = 52;

    QColor toolTip;
    QColor toolTipText;
    QColor strip; ///< default of the workspace strip

    // States, indexed by State
    std::array<QColor, 7> marks;
    std::array<QColor, 7> tints; ///< ground of badges and bands; text on it is `text`
    std::array<QColor, 7> heats; ///< fill of a heat map's cell
    std::array<QColor, 7> heatTexts;

    double focusWidth = 2;

    const QColor &mark(State state) const { return marks[static_cast<std::size_t>(state)]; }
    const QColor &tint(State state) const { return tints[static_cast<std::size_t>(state)]; }
    const QColor &heat(State state) const { return heats[static_cast<std::size_t>(state)]; }
    const QColor &heatText(State state) const { return heatTexts[static_cast<std::size_t>(state)]; }
    /// The edge of a badge or band: the mark, softened; in high contrast the text colour.
    QColor stateEdge(State state) const;
    bool isDark() const { return scheme == Scheme::Dark || scheme == Scheme::HighContrastDark; }
    bool isHighContrast() const { return scheme == Scheme::HighContrastLight || scheme == Scheme::HighContrastDark; }
};

/// The tokens of a scheme, whatever the window shows now: paper always uses tokens(Scheme::Light).
const Tokens &tokens(Scheme scheme);

/// WCAG contrast of two opaque colours, 1 to 21.
double contrast(const QColor &one, const QColor &other);

} // namespace countersign::theme
