#pragma once

#include "models/domain/judgement.h"

#include <QRectF>
#include <QString>

class QPainter;

/// The states a thing can be in, as people see them: a glyph, a word, a colour. Never one of them alone.
namespace countersign::theme {

struct Tokens;

/// VerdictState and, behind it, Stale (a sign-off whose inputs changed). The first six have the numbers of VerdictState, so an
/// item model below this layer may hand out either as an int.
enum class State { Fail, NotEnoughData, Watch, Waived, Pass, NotJudged, Stale };

State stateOf(VerdictState verdict);
/// "Not enough data"
QString stateWord(State state);
/// "✖": for copied text and speech only; on screen and paper use paintState.
QString stateCharacter(State state);
/// Paints the glyph as vectors into `box` (12 to 14 px, or any size on paper), in the mark colour of `tokens`.
void paintState(QPainter &painter, State state, const QRectF &box, const Tokens &tokens);
/// The same in one given colour (a heat map's black on orange).
void paintState(QPainter &painter, State state, const QRectF &box, const QColor &colour);

} // namespace countersign::theme
