#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QRectF>
#include <QString>

class QPainter;

/// Our own line icons, tinted in code. Names are the file names in resources/icons ("inventory", "zoomin").
namespace countersign::theme {

/// Follows the theme by itself: secondary text colour, link when on or selected, disabled when disabled.
QIcon icon(const QString &name);
/// In one colour, whatever the state (white on a primary button).
QIcon icon(const QString &name, const QColor &colour);
/// Sharp at `dpr`; cached by name, colour, size and dpr. Size in logical pixels.
QPixmap iconPixmap(const QString &name, const QColor &colour, int size, double dpr);
/// Paints as vectors, for paper.
void paintIconVector(QPainter &painter, const QString &name, const QRectF &box, const QColor &colour);
/// Paints from the cache, for the screen. `box` is square and on whole pixels.
void paintIcon(QPainter &painter, const QString &name, const QRect &box, const QColor &colour);
bool hasIcon(const QString &name);
/// The mark of the program, in all sizes a window manager asks for.
QIcon applicationIcon();
void paintApplicationMark(QPainter &painter, const QRectF &box);

} // namespace countersign::theme
