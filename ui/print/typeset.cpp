#include "ui/print/typeset.h"

#include "models/base/text.h"
#include "ui/charts/canvas/wording.h"
#include "ui/theme/type.h"

#include <QTextOption>
#include <algorithm>
#include <cmath>

namespace countersign::print {

namespace {

struct Setting {
    double points;
    QFont::Weight weight;
    double leading; ///< line height in font sizes
};

Setting settingOf(Face role)
{
    switch (role) {
    case Face::CoverTitle: return {30, QFont::DemiBold, 1.2};
    case Face::CoverVerdict: return {14, QFont::DemiBold, 1.3};
    case Face::CoverText: return {11, QFont::Normal, 1.35};
    case Face::Section: return {16, QFont::DemiBold, 1.3};
    case Face::Subsection: return {12, QFont::DemiBold, 1.3};
    case Face::Finding: return {11, QFont::DemiBold, 1.3};
    case Face::Body: return {9.5, QFont::Normal, 1.38};
    case Face::BodyStrong: return {9.5, QFont::DemiBold, 1.38};
    case Face::Cell: return {8.5, QFont::Normal, 1.35};
    case Face::CellStrong: return {8.5, QFont::Medium, 1.35};
    case Face::ColumnHead: return {8.5, QFont::Medium, 1.35};
    case Face::Mono: return {8.5, QFont::Normal, 1.35};
    case Face::Caption: return {8.5, QFont::Normal, 1.35};
    case Face::Margin: return {7.5, QFont::Normal, 1.3};
    }
    return {9.5, QFont::Normal, 1.38};
}

/// Characters of these scripts stand side by side without joining, reordering or stacking.
bool readsWithoutShaping(const QString &text)
{
    for (const uint code : text.toUcs4()) {
        if (code < 0x80)
            continue;
        if (QChar::category(code) == QChar::Mark_NonSpacing || QChar::category(code) == QChar::Mark_SpacingCombining)
            return false;
        switch (QChar::script(code)) {
        case QChar::Script_Latin:
        case QChar::Script_Greek:
        case QChar::Script_Cyrillic:
        case QChar::Script_Armenian:
        case QChar::Script_Georgian:
        case QChar::Script_Han:
        case QChar::Script_Hiragana:
        case QChar::Script_Katakana:
        case QChar::Script_Hangul:
        case QChar::Script_Common:
            break;
        default:
            return false;
        }
    }
    return true;
}

} // namespace

QFont face(Face role)
{
    const Setting setting = settingOf(role);
    QFont font = theme::font(role == Face::Mono ? theme::Type::Mono : theme::Type::Body, setting.weight);
    font.setPixelSize(qRound(pt(setting.points)));
    return font;
}

QFont fontFor(const QString &text, QFont font)
{
    if (readsWithoutShaping(text))
        font.setStyleStrategy(static_cast<QFont::StyleStrategy>(font.styleStrategy() | QFont::PreferNoShaping));
    return font;
}

QString printable(const std::string &utf8)
{
    QString printed;
    std::size_t start = 0;
    while (true) {
        const std::size_t end = utf8.find('\n', start);
        printed += QString::fromStdString(text::visible(utf8.substr(start, end == std::string::npos ? end : end - start)));
        if (end == std::string::npos)
            return charts::drawable(printed);
        printed += QChar(QChar::LineSeparator);
        start = end + 1;
    }
}

double SetText::width() const
{
    double widest = 0;
    for (int i = 0; i < lines(); ++i)
        widest = std::max(widest, layout->lineAt(i).naturalTextWidth());
    return widest;
}

QString SetText::lineText(int line) const
{
    const QTextLine one = layout->lineAt(line);
    QString text = layout->text().mid(one.textStart(), one.textLength());
    text.remove(QChar(QChar::LineSeparator));
    return text;
}

namespace {

/// Where a line that starts at `start` and would end before `end` ends instead, when that end cuts a number after its point
/// (".095"): the line breaker knows a number by its first digit only. Returns `end` where nothing is cut or nothing else is possible.
int endWithWholeNumber(const QString &text, int start, int end)
{
    if (end <= start + 1 || end >= text.size() || text.at(end - 1) != QLatin1Char('.') || !text.at(end).isDigit())
        return end;
    int whole = end - 1;
    while (whole > start && !text.at(whole - 1).isSpace())
        --whole;
    return whole > start ? whole : end;
}

} // namespace

SetText setText(const QString &text, Face role, double width, Qt::Alignment alignment)
{
    SetText set;
    set.lineHeight = std::round(pt(settingOf(role).points) * settingOf(role).leading);
    set.layout = std::make_shared<QTextLayout>(text, fontFor(text, face(role)));
    QTextOption option(alignment | Qt::AlignAbsolute);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setUseDesignMetrics(true); // the same widths on every device
    set.layout->setTextOption(option);
    set.layout->setCacheEnabled(true);
    set.layout->beginLayout();
    for (double y = 0;; y += set.lineHeight) {
        QTextLine line = set.layout->createLine();
        if (!line.isValid())
            break;
        line.setLineWidth(std::max(1.0, width));
        if (const int end = endWithWholeNumber(text, line.textStart(), line.textStart() + line.textLength()); end < line.textStart() + line.textLength())
            line.setNumColumns(end - line.textStart(), std::max(1.0, width));
        // The font's own height differs where a fallback font came in; lines keep one distance.
        line.setPosition({0, y});
    }
    set.layout->endLayout();
    return set;
}

double textWidth(const QString &text, Face role)
{
    const SetText free = setText(text, role, 1e7);
    // QTextLayout keeps room for overhanging letters, whether or not the text ends in one; without it the text would wrap in a
    // column made for it.
    double width = std::ceil(free.width()) + 2;
    for (int tries = 0; tries < 16 && setText(text, role, width).lines() > free.lines(); ++tries)
        width += pt(0.6);
    return width;
}

} // namespace countersign::print
