#pragma once

#include "ui/print/pageformat.h"

#include <QFont>
#include <QString>
#include <QTextLayout>
#include <memory>
#include <string>

/// Text on a page: which font, where lines break.
namespace countersign::print {

/// The roles of text in a report, with their size and weight.
enum class Face {
    CoverTitle,
    CoverVerdict,
    CoverText,
    Section,
    Subsection,
    Finding,
    Body,
    BodyStrong,
    Cell,
    CellStrong,
    ColumnHead,
    Mono,
    Caption,
    Margin, ///< header and footer
};
QFont face(Face role);

/// The font that suits a text: scripts that read without shaping get none, so that no ligature glyph ("ﬁ") spoils searching and
/// copying; Arabic, Devanagari, Thai and the like are shaped, as they must be.
QFont fontFor(const QString &text, QFont font);

/// UTF-8 as it is printed: literally, line feeds kept, invisible characters and those that no font can draw
/// shown as escapes.
QString printable(const std::string &utf8);

/// A text broken into lines of a width. Words longer than a line break anywhere; nothing is elided.
struct SetText {
    std::shared_ptr<QTextLayout> layout;
    double lineHeight = 0;

    int lines() const { return layout ? layout->lineCount() : 0; }
    double height() const { return lines() * lineHeight; }
    double width() const; ///< of the longest line
    QString lineText(int line) const;
};
SetText setText(const QString &text, Face role, double width, Qt::Alignment alignment = Qt::AlignLeft);

/// Width of a text on one line.
double textWidth(const QString &text, Face role);

} // namespace countersign::print
