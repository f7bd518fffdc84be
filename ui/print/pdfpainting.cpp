#include "ui/print/pdfpainting.h"

#include <QPageLayout>
#include <QPageSize>

namespace countersign::print {

namespace {

constexpr int kResolution = 1200;

} // namespace

PdfPainting::PdfPainting(Pages pages) : m_pages(std::move(pages)), m_writer(&m_buffer)
{
    m_buffer.open(QIODevice::WriteOnly);
    m_writer.setPdfVersion(QPagedPaintDevice::PdfVersion_1_6);
    m_writer.setResolution(kResolution);
    m_writer.setPageLayout(QPageLayout(QPageSize(m_pages.format.points(), QPageSize::Point, QString(), QPageSize::ExactMatch), QPageLayout::Portrait, {}));
    m_writer.setTitle(QString::fromStdString(m_pages.meta.title));
}

Status PdfPainting::paintNext()
{
    if (m_painted == 0) {
        if (!m_painter.begin(&m_writer))
            return Error{ErrorKind::Io, "The PDF could not be started.", {}};
        m_painter.scale(unitScale(kResolution), unitScale(kResolution));
    } else if (!m_writer.newPage()) {
        return Error{ErrorKind::Io, "A page could not be added to the PDF.", "page " + std::to_string(m_painted + 1)};
    }
    m_pages.paint(m_painter, m_painted);
    ++m_painted;
    return {};
}

Result<Bytes> PdfPainting::take()
{
    if (!m_painter.end())
        return Error{ErrorKind::Io, "The PDF could not be finished.", {}};
    return m_buffer.data().toStdString();
}

} // namespace countersign::print
