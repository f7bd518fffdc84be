#pragma once

#include "ui/print/paginator.h"

#include <QAbstractScrollArea>
#include <QPixmap>
#include <map>
#include <set>

namespace countersign::print {

/// Shows the pages of a document exactly as the PDF will have them.
/// Keys: Page Up/Down and arrows scroll, Home/End, Ctrl+Down and Ctrl+Up next and previous section, Ctrl + + / − / 0 zoom.
/// Ctrl + wheel zooms. Sections here are the headings of level 1, counted from 0.
class PageView : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit PageView(QWidget *parent = nullptr);

    void setDocument(const report::Document &document, const PageFormat &format = {});
    void setPages(Pages pages);
    const Pages &pages() const { return m_pages; }

    double zoom() const { return m_zoom; } ///< 1 is 100 %: a point is 1/72 inch of 96 dots
    void setZoom(double factor);           ///< clamped to 0.25 to 4
    void zoomToWidth();

    int pageCount() const { return static_cast<int>(m_pages.pages.size()); }
    int currentPage() const; ///< the one at the upper third of the view, from 0
    int currentSection() const; ///< −1 before the first
    int sectionCount() const { return static_cast<int>(m_chapters.size()); }
    QString sectionTitle(int section) const;
    bool isSectionChanged(int section) const;
    void showSection(int section);
    void showPage(int page);
    /// Sections whose heading and whose end have both been in view, at a zoom of 50 % or more.
    const std::set<int> &shownSections() const { return m_shown; }

    QSize sizeHint() const override;

Q_SIGNALS:
    void currentPageChanged(int page);
    void currentSectionChanged(int section);
    /// All of this section has now been in view; once per document and section.
    void sectionShown(int section);
    void zoomChanged(double zoom);

protected:
    void changeEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void showEvent(QShowEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    double scale() const; ///< pixels per unit
    QSize pageSize() const;
    QRect pageRect(int page) const; ///< on the viewport
    int yOf(std::size_t page, double unit) const; ///< on the canvas
    void updateBars();
    void track();
    QPixmap picture(int page);

    Pages m_pages;
    std::vector<std::size_t> m_chapters;
    double m_zoom = 1;
    std::map<int, QPixmap> m_pictures; ///< of pages in view
    std::set<int> m_headSeen;
    std::set<int> m_endSeen;
    std::set<int> m_shown;
    int m_page = -1;
    int m_section = -2;
};

} // namespace countersign::print
