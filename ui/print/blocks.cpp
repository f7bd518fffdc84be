#include "ui/print/blocks.h"

#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <algorithm>

namespace countersign::print {

namespace {

const theme::Tokens &ink()
{
    return theme::tokens(theme::Scheme::Light); // paper is light whatever the window shows
}

QString say(const char *text)
{
    return QCoreApplication::translate("Report", text);
}

void tieAll(Strips &strips, bool isLastTied)
{
    for (std::size_t i = 0; i < strips.size(); ++i)
        strips[i].isTied = i + 1 < strips.size() || isLastTied;
}

/// A number set apart from the text that it numbers, on one line or more.
Strips numbered(const QString &number, const std::string &text, Face role, double width, double spaceBefore)
{
    const double indent = number.isEmpty() ? 0 : textWidth(number, role) + pt(9);
    std::vector<RowCell> cells{{indent, setText(printable(text), role, width - indent), ink().text}};
    if (!number.isEmpty())
        cells.push_back({0, setText(number, role, indent), ink().text});
    Strips strips = rowStrips(cells, 0, 0);
    strips.front().spaceBefore = spaceBefore;
    return strips;
}

/// A name and a value as a row.
Strips factRow(const report::Fact &fact, double nameX, double nameWidth, double width, Face role, double pad)
{
    const QString value = fact.second.empty() ? say(QT_TRANSLATE_NOOP("Report", "Not provided")) : printable(fact.second);
    const double valueX = nameX + nameWidth;
    return rowStrips({{nameX, setText(printable(fact.first), role, nameWidth - pt(8)), ink().tertiary},
                      {valueX, setText(value, role, width - valueX), fact.second.empty() ? ink().tertiary : ink().text}},
                     pad, pad);
}

void underline(Strip &strip, double width, const QColor &colour)
{
    strip.items.push_back(RectItem{QRectF(0, strip.height - pt(0.5), width, pt(0.5)), colour, {}, 0, 0});
}

} // namespace

Strips setHeading(const report::Heading &heading, const Setting &setting)
{
    const Face role = heading.level <= 1 ? Face::Section : heading.level == 2 ? Face::Subsection : Face::Finding;
    Strips strips = numbered(setting.number, heading.text, role, setting.width, heading.level <= 1 ? pt(26) : pt(18));
    Strip gap;
    gap.height = pt(heading.level <= 1 ? 6 : 3);
    strips.push_back(gap);
    tieAll(strips, true);
    return strips;
}

Strips setFinding(const report::FindingLine &finding, const Setting &setting)
{
    const double indent = finding.mark == report::Mark::None ? 0 : pt(15);
    Strips strips = rowStrips({{indent, setText(printable(finding.text), Face::Finding, setting.width - indent), ink().text, finding.mark, 0}}, 0, pt(1.5));
    strips.front().spaceBefore = pt(10);
    tieAll(strips, true);
    return strips;
}

Strips setParagraph(const report::Paragraph &paragraph, const Setting &setting)
{
    return textStrips(setText(printable(paragraph.text), Face::Body, setting.width), 0, ink().secondary, pt(5));
}

Strips setNote(const report::Note &note, const Setting &setting)
{
    return textStrips(setText(printable(note.text), Face::Caption, setting.width), 0, ink().tertiary, pt(8));
}

Strips setKeyValues(const std::vector<report::Fact> &facts, const Setting &setting)
{
    Strips strips;
    for (const report::Fact &fact : facts) {
        Strips row = factRow(fact, 0, pt(132), setting.width, Face::Body, pt(5.5));
        underline(row.back(), setting.width, ink().hair);
        tieAll(row, false);
        if (strips.empty())
            row.front().spaceBefore = pt(8);
        std::ranges::move(row, std::back_inserter(strips));
    }
    return strips;
}

namespace {

/// A chart of either kind with its caption, which stays with it.
Strips figure(Item picture, double height, const std::string &caption, const Setting &setting)
{
    Strip strip;
    strip.spaceBefore = pt(10);
    strip.height = height;
    strip.items.push_back(std::move(picture));
    Strips strips{strip};
    if (caption.empty())
        return strips;
    strips.back().isTied = true;
    const QString text = say(QT_TRANSLATE_NOOP("Report", "Figure %1  %2")).arg(setting.number, printable(caption));
    Strips lines = textStrips(setText(text, Face::Caption, setting.width), 0, ink().tertiary, pt(6));
    tieAll(lines, false);
    std::ranges::move(lines, std::back_inserter(strips));
    return strips;
}

} // namespace

Strips setChart(const report::Chart &chart, const Setting &setting)
{
    const double height = std::min(pt(chart.height), setting.pageHeight * 0.7);
    return figure(ChartItem{std::make_shared<const report::ChartSpec>(chart.spec), QRectF(0, 0, setting.width, height)}, height, chart.caption, setting);
}

Strips setPlot(const report::Plot &plot, const Setting &setting)
{
    const double wanted = plot.height > 0 ? pt(plot.height) : plotHeight(plot.spec, setting.width);
    const double height = std::min(wanted, setting.pageHeight * 0.8); // rows of groups move closer together
    return figure(PlotItem{std::make_shared<const report::PlotSpec>(plot.spec), QRectF(0, 0, setting.width, height)}, height, plot.caption, setting);
}

namespace {

std::vector<report::Fact> signatureFacts(const report::SignatureBlock &s)
{
    const auto say8 = [](const char *text) { return say(text).toStdString(); };
    std::string covers = s.bundleDigest.empty() ? "" : say8(QT_TRANSLATE_NOOP("Report", "bundle ")) + s.bundleDigest;
    const auto append = [&](const char *name, const std::string &value) {
        if (!value.empty())
            covers += (covers.empty() ? "" : ", ") + say8(name) + value;
    };
    append(QT_TRANSLATE_NOOP("Report", "ledger no. "), s.ledgerNumber);
    append(QT_TRANSLATE_NOOP("Report", "key "), s.keyFingerprint);
    std::vector<report::Fact> facts{{say8(QT_TRANSLATE_NOOP("Report", "Name")), s.name},
                                    {say8(QT_TRANSLATE_NOOP("Report", "Meaning")), s.meaning},
                                    {say8(QT_TRANSLATE_NOOP("Report", "Time")), report::signatureTime(s)},
                                    {say8(QT_TRANSLATE_NOOP("Report", "Covers")), covers}};
    if (!s.comment.empty())
        facts.emplace_back(say8(QT_TRANSLATE_NOOP("Report", "Comment")), s.comment);
    if (!s.withdrawn.empty())
        facts.emplace_back(say8(QT_TRANSLATE_NOOP("Report", "Withdrawn")), s.withdrawn);
    for (std::size_t i = 0; i < s.staleReasons.size(); ++i)
        facts.emplace_back(i == 0 ? say8(QT_TRANSLATE_NOOP("Report", "Stale because")) : std::string(), s.staleReasons[i]);
    return facts;
}

/// A frame around strips: one box if a page can hold it, else open at the cuts.
Strips framed(Strips strips, double width, double pageHeight)
{
    double height = 0;
    for (const Strip &strip : strips)
        height += strip.height;
    const QColor edge = ink().axis;
    if (height <= pageHeight) {
        Strip whole = merged(strips);
        whole.items.insert(whole.items.begin(), RectItem{QRectF(0, 0, width, whole.height), {}, edge, pt(0.75), pt(4)});
        return {whole};
    }
    const double line = pt(0.75);
    for (std::size_t i = 0; i < strips.size(); ++i) {
        Strip &strip = strips[i];
        strip.items.push_back(RectItem{QRectF(0, 0, line, strip.height), edge, {}, 0, 0});
        strip.items.push_back(RectItem{QRectF(width - line, 0, line, strip.height), edge, {}, 0, 0});
        if (i == 0)
            strip.items.push_back(RectItem{QRectF(0, 0, width, line), edge, {}, 0, 0});
        if (i + 1 == strips.size())
            strip.items.push_back(RectItem{QRectF(0, strip.height - line, width, line), edge, {}, 0, 0});
    }
    strips.front().isTied = true;
    return strips;
}

} // namespace

Strips setSignature(const report::SignatureBlock &signature, const Setting &setting)
{
    const double inset = pt(12);
    const double textX = pt(30);
    Strips strips = rowStrips({{textX, setText(printable(signature.stateToday), Face::BodyStrong, setting.width - textX - inset), ink().text,
                                signature.mark, inset}},
                              pt(9), pt(3));
    for (const report::Fact &fact : signatureFacts(signature)) {
        Strips row = factRow(fact, textX, pt(78), setting.width - inset, Face::Cell, pt(2));
        std::ranges::move(row, std::back_inserter(strips));
    }
    Strip foot;
    foot.height = pt(7);
    strips.push_back(foot);
    strips = framed(std::move(strips), setting.width, setting.pageHeight);
    strips.front().spaceBefore = pt(8);
    return strips;
}

Strips setContents(const QString &title, const std::vector<ContentsLine> &lines, const Setting &setting)
{
    Strips strips;
    if (!title.isEmpty()) {
        strips = textStrips(setText(title, Face::Finding, setting.width), 0, ink().text, pt(16));
        tieAll(strips, true);
    }
    for (const ContentsLine &line : lines) {
        const double x = line.level > 1 ? pt(24) : 0;
        const double textX = x + std::max(pt(22), textWidth(line.number, Face::Body) + pt(6));
        const Face role = line.level > 1 ? Face::Body : Face::BodyStrong;
        Strips row = rowStrips({{x, setText(line.number, Face::Body, textX - x), ink().tertiary},
                                {textX, setText(line.text, role, setting.width - textX - pt(40)), ink().text}},
                               pt(3), pt(3));
        row.front().items.push_back(PageRefItem{line.section, QRectF(setting.width - pt(36), pt(3), pt(36), pt(14))});
        underline(row.back(), setting.width, ink().hair);
        tieAll(row, false);
        if (strips.empty())
            row.front().spaceBefore = pt(8);
        std::ranges::move(row, std::back_inserter(strips));
    }
    return strips;
}

// --- cover ---

namespace {

class CoverSetter
{
public:
    CoverSetter(const report::Cover &cover, const Setting &setting) : m_cover(cover), m_width(setting.width) {}

    Strips set()
    {
        Strip rule;
        rule.height = pt(4);
        rule.items.push_back(RectItem{QRectF(0, 0, m_width, pt(4)), ink().accent, {}, 0, 0});
        addGap(pt(22));
        m_strips.push_back(rule);
        addText(m_cover.kind, Face::CoverText, ink().secondary, pt(14));
        addText(m_cover.title, Face::CoverTitle, ink().text, pt(6));
        addText(m_cover.subtitle, Face::CoverText, ink().secondary, pt(3));
        addVerdict();
        addFacts();
        addNoted();
        addCheck();
        return std::move(m_strips);
    }

private:
    void add(Strips strips) { std::ranges::move(strips, std::back_inserter(m_strips)); }
    void addGap(double height)
    {
        Strip gap;
        gap.height = height;
        m_strips.push_back(gap);
    }
    void addText(const std::string &text, Face role, const QColor &colour, double spaceBefore)
    {
        if (!text.empty())
            add(textStrips(setText(printable(text), role, m_width), 0, colour, spaceBefore));
    }

    void addVerdict()
    {
        if (m_cover.verdictTitle.empty())
            return;
        const double textX = pt(42);
        const double width = m_width - textX - pt(16);
        Strips rows = rowStrips({{textX, setText(printable(m_cover.verdictTitle), Face::CoverVerdict, width), ink().text}}, pt(14), 0);
        rows.front().items.push_back(MarkItem{m_cover.verdict, QRectF(pt(18), pt(15.5), pt(14), pt(14))});
        Strips sentence = rowStrips({{textX, setText(printable(m_cover.verdictSentence), Face::CoverText, width), ink().text}}, pt(2), pt(14));
        std::ranges::move(sentence, std::back_inserter(rows));
        Strip box = merged(rows);
        const auto state = stateOfMark();
        box.items.insert(box.items.begin(), RectItem{QRectF(0, 0, m_width, box.height), ink().tint(state), ink().stateEdge(state), pt(0.75), pt(4)});
        box.spaceBefore = pt(22);
        m_strips.push_back(std::move(box));
    }
    theme::State stateOfMark() const
    {
        switch (m_cover.verdict) {
        case report::Mark::Pass: return theme::State::Pass;
        case report::Mark::Watch: return theme::State::Watch;
        case report::Mark::Fail: return theme::State::Fail;
        case report::Mark::Waived: return theme::State::Waived;
        case report::Mark::Stale: return theme::State::Stale;
        case report::Mark::NotEnoughData: return theme::State::NotEnoughData;
        case report::Mark::None: break;
        }
        return theme::State::NotJudged;
    }

    void addFacts()
    {
        bool isFirst = true;
        for (const report::Fact &fact : m_cover.facts) {
            Strips row = factRow(fact, 0, pt(130), m_width, Face::Body, pt(7));
            underline(row.back(), m_width, ink().hair);
            row.front().spaceBefore = isFirst ? pt(22) : 0;
            isFirst = false;
            tieAll(row, false);
            add(std::move(row));
        }
    }

    void addNoted()
    {
        if (m_cover.noted.empty())
            return;
        Strips title = textStrips(setText(printable(m_cover.notedTitle), Face::Finding, m_width), 0, ink().text, pt(28));
        tieAll(title, true);
        add(std::move(title));
        for (const report::NotedLine &line : m_cover.noted) {
            const double reference = line.reference.empty() ? 0 : textWidth(printable(line.reference), Face::Caption);
            std::vector<RowCell> cells{{pt(20), setText(printable(line.text), Face::Body, m_width - pt(20) - reference - pt(12)), ink().text, line.mark, 0}};
            if (reference > 0)
                cells.push_back({m_width - reference, setText(printable(line.reference), Face::Caption, reference), ink().tertiary});
            Strips row = rowStrips(cells, pt(4), pt(4));
            tieAll(row, false);
            add(std::move(row));
        }
    }

    void addCheck()
    {
        if (m_cover.checkText.empty() && m_cover.qrText.empty())
            return;
        const double side = pt(78);
        const double textX = m_cover.qrText.empty() ? 0 : side + pt(16);
        const double width = m_width - textX;
        Strips rows = rowStrips({{textX, setText(printable(m_cover.checkTitle), Face::BodyStrong, width), ink().text}}, pt(1), 0);
        Strips text = rowStrips({{textX, setText(printable(m_cover.checkText), Face::Cell, width), ink().secondary}}, pt(1), pt(8));
        Strips code = rowStrips({{textX, setText(printable(m_cover.qrText), Face::Mono, width), ink().text}}, 0, 0);
        std::ranges::move(text, std::back_inserter(rows));
        std::ranges::move(code, std::back_inserter(rows));
        Strip whole = merged(rows);
        if (!m_cover.qrText.empty()) {
            whole.items.push_back(makeQr(m_cover.qrText, QRectF(0, 0, side, side)));
            whole.height = std::max(whole.height, side);
        }
        whole.spaceBefore = pt(36);
        m_strips.push_back(std::move(whole));
    }

    const report::Cover &m_cover;
    double m_width;
    Strips m_strips;
};

} // namespace

Strips setCover(const report::Cover &cover, const Setting &setting)
{
    return CoverSetter(cover, setting).set();
}

} // namespace countersign::print
