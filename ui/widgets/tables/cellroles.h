#pragma once

#include <Qt>

/// What a cell of a table or facet list shows. Item models lie below this layer and know nothing of it: they hand out plain
/// values under roles of their own, and the page says in a ColumnFormat which role means what. Where the model has no roles
/// yet, these are the defaults.
namespace countersign::widgets {

enum CellRole {
    StateRole = Qt::UserRole + 1000, ///< int: theme::State, equal to VerdictState for verdicts
    ValuesRole,                      ///< QList<double>, oldest first; NaN is a gap and stays open
    LimitRole,                       ///< double: the dashed line of a sparkline; absent: none
    SecondLineRole,                  ///< QString below the first line
    IconRole,                        ///< QString: name of an icon before the text
    GroupRole,                       ///< bool, asked of column 0: the row heads a group and spans all columns
    GroupCaptionRole,                ///< QString after a group's name: "5 models · 2 fail"
    MutedRole,                       ///< bool: this one cell in the caption colour ("no data", "0 of 1")
};

enum class CellKind {
    Text,      ///< plain text, cut at the end
    Number,    ///< right-aligned, digits in columns
    Verdict,   ///< state glyph and the display text as its word; no glyph without a state
    Sparkline, ///< small line of values, limit, last point in the state's colour; display text at the right
    Mono,      ///< hash or id
    TwoLines,  ///< display text and below it the second line
    Icon,      ///< icon and text
};

/// How one column of a TableView is shown.
struct ColumnFormat {
    CellKind kind = CellKind::Text;
    int width = 0;           ///< at 100 %; 0: as wide as the head and a sample of rows need. Of a stretching column: the least
    bool isStrong = false;   ///< weight 500: the column that names the row
    bool isMuted = false;    ///< secondary text colour
    bool stretches = false;  ///< takes the room that is left; one column at most. If little is left, the table scrolls sideways
    int most = 0;            ///< at 100 %: where there is room, as wide as its texts need up to this, before another column stretches
    bool isHidden = false;   ///< until the person asks for it
    int stateRole = StateRole;
    int valuesRole = ValuesRole;
    int limitRole = LimitRole;
    int secondLineRole = SecondLineRole;
    int iconRole = IconRole;
};

} // namespace countersign::widgets
