#pragma once

#include <QFont>

/// Fonts by role, and measures. Sizes are points, so screen and paper agree; measures are pixels at 100 % text.
namespace countersign::theme {

enum class Type {
    Product,        ///< name of the program on the welcome page
    PageTitle,      ///< title of a page, big number in a small multiple
    SigningSentence,
    CardTitle,      ///< title of a card, panel or chart
    Body,           ///< table cell, menu, field
    Strong,         ///< button, tab, rail item, verdict word
    StrongSelected, ///< selected tab or rail item, table group
    Secondary,      ///< second line, status bar, chips, legend
    TableHead,
    Axis,
    Mono,           ///< hashes
    Small,          ///< key caps, direct labels; nothing is smaller
};

QFont font(Type type);
/// The same in another weight.
QFont font(Type type, QFont::Weight weight);
/// The families in order of preference; the first is embedded unless the build had no source fonts.
QStringList sansFamilies();
QStringList monoFamilies();
/// Text size set by the person, 1.0 to 2.0. Takes effect with the next Theme::apply.
void setTextScale(double factor);
double textScale();

/// A measure at 100 % text for the present text size.
int scaled(int pixels);

namespace space {
inline constexpr int kTiny = 4;
inline constexpr int kSmall = 8;
inline constexpr int kMedium = 12;
inline constexpr int kLarge = 16;
inline constexpr int kPage = 20;   ///< side margin of a page
inline constexpr int kDetail = 28; ///< side margin of a detail pane
inline constexpr int kCardGap = 12;
} // namespace space

namespace radius {
inline constexpr double kCheck = 3;
inline constexpr double kKeyCap = 4;
inline constexpr double kControl = 5;
inline constexpr double kRail = 6;
inline constexpr double kCard = 8;
} // namespace radius

namespace height {
inline constexpr int kMenu = 30;
inline constexpr int kTopBar = 42;
inline constexpr int kFilterBar = 44;
inline constexpr int kTabs = 34;
inline constexpr int kStatusBar = 28;
inline constexpr int kControl = 28;
inline constexpr int kChip = 24;
inline constexpr int kBadge = 26;
inline constexpr int kKeyCap = 20;
inline constexpr int kMessageBar = 38;
inline constexpr int kTableHead = 30;
inline constexpr int kRowCompact = 26;
inline constexpr int kRow = 32;
inline constexpr int kRowCard = 30;
inline constexpr int kRowComfortable = 40;
inline constexpr int kRowTwoLines = 52;
inline constexpr int kGroupRow = 30;
inline constexpr int kFacetRow = 26;
inline constexpr int kRailItem = 32;
} // namespace height

namespace width {
inline constexpr int kRail = 188;
inline constexpr int kRailIcons = 48;
inline constexpr int kFacets = 200;
inline constexpr int kInspector = 324;
} // namespace width

} // namespace countersign::theme
