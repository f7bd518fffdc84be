#pragma once

#include "ui/theme/tokens.h"

#include <QRect>
#include <QStyleOption>

class QPainter;

/// Brushwork shared by the style and by widgets that paint themselves.
namespace countersign::theme {

/// A filled rounded rectangle with an edge inside `rect`. An invalid or transparent colour is left out.
void paintRounded(QPainter &painter, const QRectF &rect, double radius, const QColor &fill, const QColor &edge, double edgeWidth = 1);
/// The ring of keyboard focus, inside `rect` so that nothing moves.
void paintFocusRing(QPainter &painter, const QRectF &rect, double radius);
/// One device-sharp horizontal or vertical line of 1 px, top left at `at`.
void paintHairline(QPainter &painter, const QRect &line, const QColor &colour);
void paintTick(QPainter &painter, const QRectF &box, const QColor &colour);
/// True when the option's widget has the focus and it came by keyboard.
bool hasKeyboardFocus(const QStyleOption &option);

namespace parts { // pieces of CsStyle, one file a family
void drawButtonBevel(const QStyleOptionButton &option, QPainter &painter, const QWidget *widget);
void drawButtonLabel(const QStyleOptionButton &option, QPainter &painter, const QWidget *widget);
QSize buttonSize(const QStyleOptionButton &option, const QWidget *widget);
void drawToolButton(const QStyleOptionToolButton &option, QPainter &painter, const QWidget *widget);
QSize toolButtonSize(const QStyleOptionToolButton &option);
void drawCheck(const QStyleOption &option, QPainter &painter);
void drawRadio(const QStyleOption &option, QPainter &painter);

void drawField(const QStyleOption &option, QPainter &painter, const QWidget *widget);
void drawCombo(const QStyleOptionComboBox &option, QPainter &painter, const QWidget *widget);
void drawComboLabel(const QStyleOptionComboBox &option, QPainter &painter);
void drawSpinBox(const QStyleOptionSpinBox &option, QPainter &painter, const QWidget *widget);
QRect spinBoxPart(const QStyleOptionSpinBox &option, QStyle::SubControl part);

void drawMenuItem(const QStyleOptionMenuItem &option, QPainter &painter);
QSize menuItemSize(const QStyleOptionMenuItem &option, const QSize &contents);
void drawMenuBarItem(const QStyleOptionMenuItem &option, QPainter &painter);
void drawTab(const QStyleOptionTab &option, QPainter &painter);
QSize tabSize(const QStyleOptionTab &option);
void drawHeaderSection(const QStyleOptionHeader &option, QPainter &painter);
void drawHeaderLabel(const QStyleOptionHeader &option, QPainter &painter);
QSize headerSize(const QStyleOptionHeader &option);

void drawScrollBar(const QStyleOptionSlider &option, QPainter &painter, const QRect &slider, QPalette::ColorRole ground);
QRect scrollBarPart(const QStyleOptionSlider &option, QStyle::SubControl part);
void drawProgress(const QStyleOptionProgressBar &option, QPainter &painter);
} // namespace parts

} // namespace countersign::theme
