#include "ui/theme/state.h"

#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>

namespace countersign::theme {

static_assert(int(State::Fail) == int(VerdictState::Fail) && int(State::NotEnoughData) == int(VerdictState::NotEnoughData)
              && int(State::Watch) == int(VerdictState::Watch) && int(State::Waived) == int(VerdictState::Waived)
              && int(State::Pass) == int(VerdictState::Pass) && int(State::NotJudged) == int(VerdictState::NotJudged));

State stateOf(VerdictState verdict)
{
    return static_cast<State>(verdict);
}

QString stateWord(State state)
{
    const auto word = [](const char *text) { return QCoreApplication::translate("State", text); };
    switch (state) {
    case State::Fail: return word(QT_TRANSLATE_NOOP("State", "Fail"));
    case State::NotEnoughData: return word(QT_TRANSLATE_NOOP("State", "Not enough data"));
    case State::Watch: return word(QT_TRANSLATE_NOOP("State", "Watch"));
    case State::Waived: return word(QT_TRANSLATE_NOOP("State", "Waived"));
    case State::Pass: return word(QT_TRANSLATE_NOOP("State", "Pass"));
    case State::NotJudged: return word(QT_TRANSLATE_NOOP("State", "Not judged"));
    case State::Stale: return word(QT_TRANSLATE_NOOP("State", "Stale"));
    }
    return {};
}

QString stateCharacter(State state)
{
    switch (state) {
    case State::Fail: return QStringLiteral("\u2716");
    case State::NotEnoughData: return QStringLiteral("\u25C7");
    case State::Watch: return QStringLiteral("\u25B2");
    case State::Waived: return QStringLiteral("\u25D0");
    case State::Pass: return QStringLiteral("\u2714");
    case State::NotJudged: return QStringLiteral("\u2013");
    case State::Stale: return QStringLiteral("\u21BB");
    }
    return {};
}

namespace {

void stroke(QPainter &painter, const QPainterPath &path, const QColor &colour, double width)
{
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path);
}

void fill(QPainter &painter, const QPainterPath &path, const QColor &colour)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawPath(path);
}

// The shapes live on a grid of 16 × 16, like the icons beside which they stand.
void drawGlyph(QPainter &painter, State state, const QColor &colour)
{
    QPainterPath path;
    switch (state) {
    case State::Pass:
        path.moveTo(2.8, 8.6);
        path.lineTo(6.4, 12);
        path.lineTo(13.2, 4);
        return stroke(painter, path, colour, 2.4);
    case State::Watch:
        path.moveTo(8, 2.6);
        path.lineTo(14.2, 13.2);
        path.lineTo(1.8, 13.2);
        path.closeSubpath();
        fill(painter, path, colour);
        return stroke(painter, path, colour, 1);
    case State::Fail:
        path.moveTo(3.6, 3.6);
        path.lineTo(12.4, 12.4);
        path.moveTo(12.4, 3.6);
        path.lineTo(3.6, 12.4);
        return stroke(painter, path, colour, 2.6);
    case State::NotEnoughData:
        path.moveTo(8, 1.9);
        path.lineTo(14.1, 8);
        path.lineTo(8, 14.1);
        path.lineTo(1.9, 8);
        path.closeSubpath();
        return stroke(painter, path, colour, 1.7);
    case State::Waived:
        path.moveTo(8, 2.4);
        path.arcTo(QRectF(2.4, 2.4, 11.2, 11.2), 90, 180);
        path.closeSubpath();
        fill(painter, path, colour);
        path.clear();
        path.addEllipse(QPointF(8, 8), 5.6, 5.6);
        return stroke(painter, path, colour, 1.5);
    case State::Stale: {
        path.arcMoveTo(QRectF(3, 3, 10, 10), 0);
        path.arcTo(QRectF(3, 3, 10, 10), 0, -312);
        stroke(painter, path, colour, 1.8);
        QPainterPath head;
        head.moveTo(14.2, 1.6);
        head.lineTo(14.2, 6);
        head.lineTo(9.8, 6);
        head.closeSubpath();
        return fill(painter, head, colour);
    }
    case State::NotJudged:
        path.moveTo(4, 8);
        path.lineTo(12, 8);
        return stroke(painter, path, colour, 1.7);
    }
}

} // namespace

void paintState(QPainter &painter, State state, const QRectF &box, const QColor &colour)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(box.topLeft());
    painter.scale(box.width() / 16, box.height() / 16);
    drawGlyph(painter, state, colour);
    painter.restore();
}

void paintState(QPainter &painter, State state, const QRectF &box, const Tokens &tokens)
{
    paintState(painter, state, box, tokens.mark(state));
}

} // namespace countersign::theme
