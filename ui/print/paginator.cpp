#include "ui/print/paginator.h"

#include "ui/print/blocks.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>

namespace countersign::print {

namespace {

const theme::Tokens &ink()
{
    return theme::tokens(theme::Scheme::Light);
}

/// All blocks as one sequence of strips.
class Setter
{
public:
    Setter(const report::Document &document, const PageFormat &format, std::vector<Section> &sections)
        : m_document(document)
        , m_numbers(report::blockNumbers(document))
        , m_setting{format.content().width(), format.content().height(), {}}
        , m_sections(sections)
    {
    }

    Strips set()
    {
        listSections();
        for (std::size_t i = 0; i < m_document.blocks.size(); ++i)
            addBlock(i);
        return std::move(m_strips);
    }

private:
    void listSections()
    {
        for (std::size_t i = 0; i < m_document.blocks.size(); ++i) {
            const report::Block &block = m_document.blocks[i];
            if (const auto *heading = std::get_if<report::Heading>(&block.content)) {
                Section section;
                section.number = QString::fromStdString(m_numbers[i]);
                section.title = printable(heading->text).replace(QChar(QChar::LineSeparator), QLatin1Char(' '));
                section.level = heading->level;
                section.block = i;
                m_sections.push_back(section);
            }
            if (block.isChanged) {
                for (int level = 4; auto &section : reversedSections()) { // it and those that hold it
                    if (section->level < level) {
                        section->isChanged = true;
                        level = section->level;
                    }
                }
            }
        }
    }
    std::vector<Section *> reversedSections()
    {
        std::vector<Section *> all;
        for (Section &section : m_sections)
            all.push_back(&section);
        std::ranges::reverse(all);
        return all;
    }

    Strips contents(const report::Contents &contents) const
    {
        std::vector<ContentsLine> lines;
        for (std::size_t i = 0; i < m_sections.size(); ++i) {
            if (m_sections[i].level <= contents.levels)
                lines.push_back({m_sections[i].level, m_sections[i].number, m_sections[i].title, i});
        }
        return setContents(printable(contents.title), lines, m_setting);
    }

    Strips setBlock(const report::Content &content) const
    {
        struct Visitor {
            const Setter &setter;
            const Setting &setting;
            Strips operator()(const report::Cover &one) const { return setCover(one, setting); }
            Strips operator()(const report::Heading &one) const { return setHeading(one, setting); }
            Strips operator()(const report::FindingLine &one) const { return setFinding(one, setting); }
            Strips operator()(const report::Paragraph &one) const { return setParagraph(one, setting); }
            Strips operator()(const report::Note &one) const { return setNote(one, setting); }
            Strips operator()(const report::KeyValues &one) const { return setKeyValues(one.facts, setting); }
            Strips operator()(const report::Table &one) const { return setTable(one, setting); }
            Strips operator()(const report::Chart &one) const { return setChart(one, setting); }
            Strips operator()(const report::Plot &one) const { return setPlot(one, setting); }
            Strips operator()(const report::SignatureBlock &one) const { return setSignature(one, setting); }
            Strips operator()(const report::Contents &one) const { return setter.contents(one); }
            Strips operator()(const report::PageBreak &) const { return {}; }
        };
        return std::visit(Visitor{*this, m_setting}, content);
    }

    void addBlock(std::size_t i)
    {
        const report::Block &block = m_document.blocks[i];
        m_setting.number = QString::fromStdString(m_numbers[i]);
        Strips strips = setBlock(block.content);
        if (std::holds_alternative<report::PageBreak>(block.content))
            m_startsPage = true;
        if (strips.empty())
            return;
        strips.front().startsPage = m_startsPage;
        m_startsPage = std::holds_alternative<report::Cover>(block.content);
        if (std::holds_alternative<report::Heading>(block.content))
            strips.front().heading = m_nextSection++;
        for (std::size_t s = 0; s < strips.size(); ++s) {
            strips[s].block = i;
            strips[s].isChanged = block.isChanged;
            const bool isLast = s + 1 == strips.size();
            strips[s].isTied = strips[s].isTied || (block.isKeptTogether && !isLast) || (block.isKeptWithNext && isLast);
            m_strips.push_back(std::move(strips[s]));
        }
    }

    const report::Document &m_document;
    std::vector<std::string> m_numbers;
    Setting m_setting;
    std::vector<Section> &m_sections;
    Strips m_strips;
    std::size_t m_nextSection = 0;
    bool m_startsPage = false;
};

/// Fills pages with strips.
class Filler
{
public:
    Filler(Pages &pages, const Strips &strips) : m_pages(pages), m_strips(strips), m_content(pages.format.content()) {}

    void fill()
    {
        newPage();
        for (std::size_t i = 0; i < m_strips.size(); ++i) {
            const Strip &strip = m_strips[i];
            const bool beginsChain = i == 0 || !m_strips[i - 1].isTied;
            if (!m_isEmpty && (strip.startsPage || !fits(i, beginsChain)))
                newPage();
            place(strip);
        }
        while (!m_open.empty())
            close();
    }

private:
    double left() const { return m_content.height() - m_y; }

    /// Whether the strip, with all that is tied to it, goes on this page. A chain that no page can hold may be cut anywhere.
    bool fits(std::size_t first, bool beginsChain) const
    {
        const double own = m_strips[first].spaceBefore + m_strips[first].height;
        if (!beginsChain)
            return own <= left() + 0.5;
        double height = own;
        for (std::size_t i = first; m_strips[i].isTied && i + 1 < m_strips.size(); ++i)
            height += m_strips[i + 1].spaceBefore + m_strips[i + 1].height;
        if (height <= left() + 0.5)
            return true;
        const bool pageCanHoldIt = height - m_strips[first].spaceBefore <= m_content.height();
        return !pageCanHoldIt && own <= left() + 0.5;
    }

    void newPage()
    {
        m_pages.pages.emplace_back();
        m_y = 0;
        m_isEmpty = true;
    }

    void put(const Strip &strip)
    {
        Page::Placed placed{m_content.topLeft() + QPointF(0, m_y), strip.items, strip.block};
        if (strip.isChanged)
            placed.items.push_back(RectItem{QRectF(-pt(26), 0, pt(2.5), strip.height), ink().link, {}, 0, 0});
        m_pages.pages.back().placed.push_back(std::move(placed));
        m_y += strip.height;
        m_isEmpty = false;
    }

    void place(const Strip &strip)
    {
        if (m_isEmpty && strip.head) {
            Strip head = *strip.head;
            head.block = strip.block;
            head.isChanged = strip.isChanged;
            put(head);
        } else if (!m_isEmpty) {
            m_y += strip.spaceBefore;
        }
        if (strip.heading)
            open(*strip.heading);
        put(strip);
        m_endPage = m_pages.pages.size() - 1;
        m_endBottom = m_content.top() + m_y;
    }

    void open(std::size_t number)
    {
        Section &section = m_pages.sections[number];
        while (!m_open.empty() && m_pages.sections[m_open.back()].level >= section.level)
            close();
        section.page = m_pages.pages.size() - 1;
        section.top = m_content.top() + m_y;
        m_open.push_back(number);
    }
    void close()
    {
        m_pages.sections[m_open.back()].endPage = m_endPage;
        m_pages.sections[m_open.back()].endBottom = m_endBottom;
        m_open.pop_back();
    }

    Pages &m_pages;
    const Strips &m_strips;
    QRectF m_content;
    double m_y = 0;
    bool m_isEmpty = true;
    std::vector<std::size_t> m_open;
    std::size_t m_endPage = 0;
    double m_endBottom = 0;
};

/// Header, footer and watermark of a page, as items on the page. They may wrap, and then grow away from the text.
class Margins
{
public:
    Margins(const Pages &pages) : m_pages(pages), m_content(pages.format.content()) {}

    Items make(std::size_t number) const
    {
        Items items;
        if (!m_pages.meta.watermark.empty())
            items.push_back(WatermarkItem{printable(m_pages.meta.watermark), QRectF(QPointF(0, 0), m_pages.format.size())});
        const QString page = QCoreApplication::translate("Report", "Page %1 of %2").arg(number + 1).arg(m_pages.pages.size());
        const double half = m_content.width() / 2 - pt(8);
        const double headLine = m_content.top() - pt(22);
        addUp(items, printable(m_pages.meta.headerLeft), m_content.left(), half, headLine - pt(4), Qt::AlignLeft);
        addUp(items, printable(m_pages.meta.headerRight), m_content.right() - half, half, headLine - pt(4), Qt::AlignRight);
        items.push_back(RectItem{QRectF(m_content.left(), headLine, m_content.width(), pt(0.5)), ink().control, {}, 0, 0});
        const double footLine = m_content.bottom() + pt(18);
        items.push_back(RectItem{QRectF(m_content.left(), footLine, m_content.width(), pt(0.5)), ink().control, {}, 0, 0});
        addDown(items, printable(m_pages.meta.footerLeft), m_content.left(), m_content.width() - pt(80), footLine + pt(6), Qt::AlignLeft);
        addDown(items, page, m_content.right() - pt(76), pt(76), footLine + pt(6), Qt::AlignRight);
        return items;
    }

private:
    static void addDown(Items &items, const QString &text, double x, double width, double top, Qt::Alignment alignment)
    {
        const SetText set = setText(text, Face::Margin, width, alignment);
        for (int line = 0; line < set.lines(); ++line)
            items.push_back(TextItem{set, line, {x, top + line * set.lineHeight}, ink().tertiary});
    }
    static void addUp(Items &items, const QString &text, double x, double width, double bottom, Qt::Alignment alignment)
    {
        addDown(items, text, x, width, bottom - setText(text, Face::Margin, width, alignment).height(), alignment);
    }

    const Pages &m_pages;
    QRectF m_content;
};

} // namespace

QString Page::text() const
{
    QStringList lines;
    for (const Placed &one : placed) {
        for (const Item &item : one.items) {
            if (const auto *text = std::get_if<TextItem>(&item))
                lines << text->text.lineText(text->line);
        }
    }
    return lines.join(QLatin1Char('\n'));
}

void Pages::paint(QPainter &painter, std::size_t number) const
{
    std::vector<int> pageOfSection;
    for (const Section &section : sections)
        pageOfSection.push_back(static_cast<int>(section.page) + 1);
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    painter.setLayoutDirection(Qt::LeftToRight);
    for (const Page::Placed &one : pages.at(number).placed) {
        painter.save();
        painter.translate(one.at);
        paintItems(painter, one.items, pageOfSection);
        painter.restore();
    }
    painter.restore();
}

std::vector<std::size_t> Pages::chapters() const
{
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < sections.size(); ++i) {
        if (sections[i].level <= 1)
            found.push_back(i);
    }
    return found;
}

Pages paginate(const report::Document &document, const PageFormat &format)
{
    theme::loadResources();
    Pages pages{format, document.meta, {}, {}};
    const Strips strips = Setter(document, format, pages.sections).set();
    Filler(pages, strips).fill();
    const Margins margins(pages);
    for (std::size_t number = 0; number < pages.pages.size(); ++number) {
        auto &placed = pages.pages[number].placed;
        placed.insert(placed.begin(), Page::Placed{{0, 0}, margins.make(number), 0});
    }
    return pages;
}

} // namespace countersign::print
