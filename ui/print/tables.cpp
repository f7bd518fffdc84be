#include "ui/print/blocks.h"
#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <algorithm>

namespace countersign::print {

namespace {

constexpr double kGutter = pt(14);   ///< between columns
constexpr double kMarkWidth = pt(13); ///< mark and gap
constexpr std::size_t kMeasuredRows = 400; ///< enough to know how wide a column is

class TableSetter
{
public:
    TableSetter(const report::Table &table, const Setting &setting) : m_table(table), m_setting(setting), m_ink(theme::tokens(theme::Scheme::Light))
    {
    }

    Strips set()
    {
        measure();
        addCaption();
        addHead();
        for (const auto &row : m_table.rows)
            addRow(row);
        if (m_table.rows.empty())
            addEmpty();
        return std::move(m_strips);
    }

private:
    static Face faceOf(report::ColumnKind kind)
    {
        return kind == report::ColumnKind::Mono ? Face::Mono : kind == report::ColumnKind::State ? Face::CellStrong : Face::Cell;
    }

    double naturalWidth(std::size_t column) const
    {
        const report::Column &is = m_table.columns[column];
        double widest = textWidth(printable(is.title), Face::ColumnHead);
        for (std::size_t row = 0; row < std::min(m_table.rows.size(), kMeasuredRows); ++row) {
            if (column < m_table.rows[row].size())
                widest = std::max(widest, textWidth(printable(m_table.rows[row][column].text), faceOf(is.kind)));
        }
        return widest + (is.kind == report::ColumnKind::State ? kMarkWidth : 0);
    }

    void measure()
    {
        const std::size_t count = m_table.columns.size();
        if (count == 0)
            return;
        const double free = m_setting.width - kGutter * static_cast<double>(count - 1);
        double fixed = 0;
        double weights = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const report::Column &column = m_table.columns[i];
            m_widths.push_back(column.weight > 0 ? 0 : std::min(naturalWidth(i), m_setting.width / 3));
            fixed += m_widths.back();
            weights += std::max(0.0, column.weight);
        }
        const double wanted = weights > 0 ? pt(90) : 0; // at least, for the columns that share the rest
        if (fixed > free - wanted) {
            for (double &width : m_widths)
                width *= (free - wanted) / fixed;
            fixed = free - wanted;
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (m_table.columns[i].weight > 0)
                m_widths[i] = (free - fixed) * m_table.columns[i].weight / weights;
        }
        if (weights == 0)
            m_widths[0] += std::max(0.0, free - fixed); // the rest goes to the first, so that numbers stand at the right
    }

    RowCell cell(std::size_t column, double x, const QString &text, Face role, const QColor &colour, report::Mark mark) const
    {
        const report::ColumnKind kind = m_table.columns[column].kind;
        const bool isState = kind == report::ColumnKind::State && role != Face::ColumnHead;
        const double indent = isState ? kMarkWidth : 0;
        const Qt::Alignment alignment = kind == report::ColumnKind::Number ? Qt::AlignRight : Qt::AlignLeft;
        return {x + indent, setText(text, role, m_widths[column] - indent, alignment), colour, mark, x};
    }

    template<class Make>
    Strips row(double padTop, double padBottom, const QColor &line, double lineWidth, Make make) const
    {
        std::vector<RowCell> cells;
        double x = 0;
        for (std::size_t i = 0; i < m_table.columns.size(); ++i) {
            cells.push_back(make(i, x));
            x += m_widths[i] + kGutter;
        }
        Strips strips = rowStrips(cells, padTop, padBottom);
        Strip &last = strips.back();
        last.items.push_back(RectItem{QRectF(0, last.height - lineWidth, m_setting.width, lineWidth), line, {}, 0, 0});
        return strips;
    }

    void addCaption()
    {
        if (m_table.caption.empty())
            return;
        const QString caption = QCoreApplication::translate("Report", "Table %1  %2").arg(m_setting.number, printable(m_table.caption));
        m_strips = textStrips(setText(caption, Face::BodyStrong, m_setting.width), 0, m_ink.text, pt(14));
        for (Strip &strip : m_strips)
            strip.isTied = true;
    }

    void addHead()
    {
        Strip head = merged(row(pt(4), pt(4), m_ink.control, pt(0.75), [&](std::size_t i, double x) {
            return cell(i, x, printable(m_table.columns[i].title), Face::ColumnHead, m_ink.tertiary, report::Mark::None);
        }));
        m_head = std::make_shared<const Strip>(head);
        head.spaceBefore = m_strips.empty() ? pt(10) : pt(2);
        head.isTied = true;
        m_strips.push_back(std::move(head));
    }

    void addRow(const std::vector<report::Cell> &cells)
    {
        Strips strips = row(pt(4), pt(4), m_ink.hair, pt(0.5), [&](std::size_t i, double x) {
            const report::Cell empty;
            const report::Cell &one = i < cells.size() ? cells[i] : empty;
            return cell(i, x, printable(one.text), faceOf(m_table.columns[i].kind), m_ink.text, one.mark);
        });
        double height = 0;
        for (const Strip &strip : strips)
            height += strip.height;
        if (height <= m_setting.pageHeight / 4)
            strips = {merged(strips)}; // only a very tall row is cut, between its lines
        for (Strip &strip : strips) {
            strip.head = m_head;
            m_strips.push_back(std::move(strip));
        }
    }

    void addEmpty()
    {
        const QString text = m_table.emptyText.empty() ? QCoreApplication::translate("Report", "None.") : printable(m_table.emptyText);
        Strip strip = merged(rowStrips({{0, setText(text, Face::Cell, m_setting.width), m_ink.tertiary}}, pt(4), pt(4)));
        m_strips.push_back(std::move(strip));
    }

    const report::Table &m_table;
    const Setting &m_setting;
    const theme::Tokens &m_ink;
    std::vector<double> m_widths;
    std::shared_ptr<const Strip> m_head;
    Strips m_strips;
};

} // namespace

Strips setTable(const report::Table &table, const Setting &setting)
{
    return TableSetter(table, setting).set();
}

} // namespace countersign::print
