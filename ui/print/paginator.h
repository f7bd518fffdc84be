#pragma once

#include "models/report/document.h"
#include "ui/print/pageformat.h"
#include "ui/print/strips.h"

#include <QString>
#include <vector>

class QPainter;

namespace countersign::print {

/// A heading, with where it came to stand.
struct Section {
    QString number; ///< "7.1"; empty when not numbered
    QString title;
    int level = 1;
    std::size_t block = 0;
    std::size_t page = 0; ///< from 0
    double top = 0;       ///< on the page, in units
    std::size_t endPage = 0; ///< where the last strip before the next heading of this level or above ends
    double endBottom = 0;
    bool isChanged = false; ///< a block within it is
};

/// One page, ready to be painted.
struct Page {
    struct Placed {
        QPointF at;
        Items items;
        std::size_t block = 0;
    };
    std::vector<Placed> placed;
    QString text() const; ///< for screen readers: line after line
};

/// A document laid out. The same pages go to the screen and into the PDF.
struct Pages {
    PageFormat format;
    report::DocumentMeta meta;
    std::vector<Page> pages;
    std::vector<Section> sections; ///< in order, all levels

    /// Paints page `number` (from 0) with its upper left corner at the origin; the painter is scaled to units (unitScale).
    void paint(QPainter &painter, std::size_t number) const;
    /// Indexes of sections of level 1.
    std::vector<std::size_t> chapters() const;
};

/// Lays a document out: blocks in one column; headings, findings and captions stay with what follows; paragraphs leave no single
/// line behind; table heads repeat; charts are never cut; header, footer and "Page x of y" on every page. Words wrap, nothing is
/// elided. Deterministic for the same document, fonts and language. GUI thread (fonts); needs a QGuiApplication.
Pages paginate(const report::Document &document, const PageFormat &format = {});

} // namespace countersign::print
