#include "ui/print/pageview.h"

#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace countersign::print {

namespace {

constexpr int kGap = 16;               ///< between pages and around them
constexpr double kReadableZoom = 0.5;  ///< smaller text counts as not shown

} // namespace

PageView::PageView(QWidget *parent) : QAbstractScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Pages of the report"));
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
}

void PageView::setDocument(const report::Document &document, const PageFormat &format)
{
    setPages(paginate(document, format));
}

void PageView::setPages(Pages pages)
{
    m_pages = std::move(pages);
    m_chapters = m_pages.chapters();
    m_pictures.clear();
    m_headSeen.clear();
    m_endSeen.clear();
    m_shown.clear();
    m_page = -1;
    m_section = -2;
    updateBars();
    verticalScrollBar()->setValue(0);
    viewport()->update();
    track();
}

double PageView::scale() const
{
    return m_zoom * unitScale(96);
}

QSize PageView::pageSize() const
{
    const QSizeF size = m_pages.format.size() * scale();
    return {qRound(size.width()), qRound(size.height())};
}

QRect PageView::pageRect(int page) const
{
    const QSize size = pageSize();
    const int x = std::max(kGap, (viewport()->width() - size.width()) / 2) - horizontalScrollBar()->value();
    return {QPoint(x, kGap + page * (size.height() + kGap) - verticalScrollBar()->value()), size};
}

int PageView::yOf(std::size_t page, double unit) const
{
    return kGap + static_cast<int>(page) * (pageSize().height() + kGap) + qRound(unit * scale());
}

void PageView::updateBars()
{
    const QSize size = pageSize();
    const int height = pageCount() * (size.height() + kGap) + kGap;
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
    verticalScrollBar()->setPageStep(std::max(1, viewport()->height() - 40));
    verticalScrollBar()->setSingleStep(40);
    horizontalScrollBar()->setRange(0, std::max(0, size.width() + 2 * kGap - viewport()->width()));
    horizontalScrollBar()->setPageStep(viewport()->width());
}

void PageView::setZoom(double factor)
{
    factor = std::clamp(factor, 0.25, 4.0);
    if (factor == m_zoom)
        return;
    const double share = verticalScrollBar()->maximum() > 0 ? double(verticalScrollBar()->value()) / verticalScrollBar()->maximum() : 0;
    m_zoom = factor;
    m_pictures.clear();
    updateBars();
    verticalScrollBar()->setValue(qRound(share * verticalScrollBar()->maximum()));
    viewport()->update();
    track();
    Q_EMIT zoomChanged(m_zoom);
}

void PageView::zoomToWidth()
{
    setZoom((viewport()->width() - 2 * kGap) / (m_pages.format.size().width() * unitScale(96)));
}

int PageView::currentPage() const
{
    if (m_pages.pages.empty())
        return -1;
    const int y = verticalScrollBar()->value() + viewport()->height() / 3;
    return std::clamp((y - kGap / 2) / (pageSize().height() + kGap), 0, pageCount() - 1);
}

int PageView::currentSection() const
{
    const int y = verticalScrollBar()->value() + viewport()->height() / 3;
    int current = -1;
    for (int i = 0; i < sectionCount(); ++i) {
        const Section &section = m_pages.sections[m_chapters[static_cast<std::size_t>(i)]];
        if (yOf(section.page, section.top) <= y)
            current = i;
    }
    return current;
}

QString PageView::sectionTitle(int section) const
{
    return m_pages.sections[m_chapters.at(static_cast<std::size_t>(section))].title;
}

bool PageView::isSectionChanged(int section) const
{
    return m_pages.sections[m_chapters.at(static_cast<std::size_t>(section))].isChanged;
}

void PageView::showSection(int section)
{
    if (section < 0 || section >= sectionCount())
        return;
    const Section &target = m_pages.sections[m_chapters[static_cast<std::size_t>(section)]];
    verticalScrollBar()->setValue(yOf(target.page, target.top) - kGap);
}

void PageView::showPage(int page)
{
    verticalScrollBar()->setValue(page * (pageSize().height() + kGap));
}

/// Notes what is in view and says so.
void PageView::track()
{
    if (!isVisible() || m_pages.pages.empty())
        return;
    if (const int page = currentPage(); page != m_page) {
        m_page = page;
        viewport()->setAccessibleName(tr("Page %1 of %2").arg(page + 1).arg(pageCount()));
        viewport()->setAccessibleDescription(m_pages.pages[static_cast<std::size_t>(page)].text());
        setAccessibleDescription(viewport()->accessibleName() + QLatin1Char('\n') + viewport()->accessibleDescription());
        Q_EMIT currentPageChanged(page);
    }
    if (const int section = currentSection(); section != m_section) {
        m_section = section;
        Q_EMIT currentSectionChanged(section);
    }
    if (m_zoom < kReadableZoom)
        return;
    const int top = verticalScrollBar()->value();
    const int bottom = top + viewport()->height();
    const auto isInView = [&](int y) { return y >= top && y <= bottom; };
    for (int i = 0; i < sectionCount(); ++i) {
        const Section &section = m_pages.sections[m_chapters[static_cast<std::size_t>(i)]];
        if (isInView(yOf(section.page, section.top)))
            m_headSeen.insert(i);
        if (isInView(yOf(section.endPage, section.endBottom)))
            m_endSeen.insert(i);
        if (m_headSeen.contains(i) && m_endSeen.contains(i) && m_shown.insert(i).second)
            Q_EMIT sectionShown(i);
    }
}

QPixmap PageView::picture(int page)
{
    QPixmap &pixmap = m_pictures[page];
    const double dpr = devicePixelRatioF();
    if (pixmap.isNull() || pixmap.devicePixelRatio() != dpr) {
        pixmap = QPixmap(pageSize() * dpr);
        pixmap.setDevicePixelRatio(dpr);
        pixmap.fill(theme::tokens(theme::Scheme::Light).page);
        QPainter painter(&pixmap);
        painter.scale(scale(), scale());
        m_pages.paint(painter, static_cast<std::size_t>(page));
    }
    return pixmap;
}

void PageView::paintEvent(QPaintEvent *)
{
    const theme::Tokens &tokens = theme::current();
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), tokens.press);
    for (int page = 0; page < pageCount(); ++page) {
        const QRect rect = pageRect(page);
        if (!rect.adjusted(0, -rect.height(), 0, rect.height()).intersects(viewport()->rect())) {
            m_pictures.erase(page); // only what is in view, and its neighbours, is kept
            continue;
        }
        if (!rect.intersects(viewport()->rect()))
            continue;
        painter.drawPixmap(rect.topLeft(), picture(page));
        painter.setPen(tokens.control);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect.adjusted(-1, -1, 0, 0));
    }
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(tokens.focus, tokens.focusWidth));
        const double half = tokens.focusWidth / 2;
        painter.drawRect(QRectF(viewport()->rect()).adjusted(half, half, -half, -half));
    }
}

void PageView::keyPressEvent(QKeyEvent *event)
{
    QScrollBar *bar = verticalScrollBar();
    if (event->modifiers() & Qt::ControlModifier) {
        switch (event->key()) {
        case Qt::Key_Down: return showSection(std::min(currentSection() + 1, sectionCount() - 1));
        case Qt::Key_Up: return currentSection() <= 0 ? bar->setValue(0) : showSection(currentSection() - 1);
        case Qt::Key_Plus:
        case Qt::Key_Equal: return setZoom(m_zoom * 1.25);
        case Qt::Key_Minus: return setZoom(m_zoom / 1.25);
        case Qt::Key_0: return setZoom(1);
        default: break;
        }
    }
    switch (event->key()) {
    case Qt::Key_Home: return bar->setValue(0);
    case Qt::Key_End: return bar->setValue(bar->maximum());
    case Qt::Key_Space: return bar->triggerAction(event->modifiers() & Qt::ShiftModifier ? QScrollBar::SliderPageStepSub : QScrollBar::SliderPageStepAdd);
    default: QAbstractScrollArea::keyPressEvent(event);
    }
}

void PageView::wheelEvent(QWheelEvent *event)
{
    if (!(event->modifiers() & Qt::ControlModifier))
        return QAbstractScrollArea::wheelEvent(event);
    setZoom(m_zoom * std::pow(1.15, event->angleDelta().y() / 120.0));
    event->accept();
}

void PageView::scrollContentsBy(int, int)
{
    viewport()->update();
    track();
}

void PageView::resizeEvent(QResizeEvent *)
{
    updateBars();
    track();
}

void PageView::showEvent(QShowEvent *event)
{
    QAbstractScrollArea::showEvent(event);
    updateBars();
    track();
}

void PageView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        viewport()->update(); // the pages themselves stay light
    QAbstractScrollArea::changeEvent(event);
}

// The ring is drawn on the viewport, which Qt does not repaint for the focus of the view around it.
void PageView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void PageView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

QSize PageView::sizeHint() const
{
    return {theme::scaled(760), theme::scaled(640)};
}

} // namespace countersign::print
