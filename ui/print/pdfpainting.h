#pragma once

#include "models/base/bytes.h"
#include "models/base/result.h"
#include "ui/print/paginator.h"

#include <QBuffer>
#include <QPainter>
#include <QPdfWriter>

namespace countersign::print {

/// A PDF whose pages are painted one by one. GUI thread, as charts need it.
class PdfPainting
{
public:
    explicit PdfPainting(Pages pages);
    Q_DISABLE_COPY_MOVE(PdfPainting)

    const Pages &pages() const { return m_pages; }
    std::size_t painted() const { return m_painted; }
    bool isDone() const { return m_painted == m_pages.pages.size(); }
    Status paintNext();
    /// After the last page: the PDF as Qt writes it, for finishPdf().
    Result<Bytes> take();

private:
    Pages m_pages;
    QBuffer m_buffer;
    QPdfWriter m_writer;
    QPainter m_painter;
    std::size_t m_painted = 0;
};

} // namespace countersign::print
