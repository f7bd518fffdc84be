#pragma once

#include "ui/print/pdf.h"

#include <QFutureWatcher>
#include <QObject>
#include <memory>

namespace countersign::print {

/// writePdf() beside the work of a window. Pages are painted on the GUI thread, because charts need it, but one page per turn of the
/// event loop; bytes and file are finished on a thread of the pool. Same result and same promises as writePdf().
/// Started by start(), once; ends with exactly one finished(), unless it is deleted before: then no file is left behind that was
/// not complete. Without a path the PDF is kept for takeBytes() instead, and no file is written.
class PdfJob : public QObject
{
    Q_OBJECT
public:
    PdfJob(report::Document document, QString path, std::vector<Attachment> attachments, PageFormat format = {}, QObject *parent = nullptr);
    ~PdfJob() override;
    Q_DISABLE_COPY_MOVE(PdfJob)

    void start();
    /// Ends with Cancelled before the next page. Once all pages are painted it is too late; the file is then put in place.
    void cancel();
    /// The PDF, after finished() has told that all went well. Precondition: there is no path.
    Bytes takeBytes() { return std::move(m_bytes); }

Q_SIGNALS:
    void progressed(int pagesDone, int pages);
    void finished(const countersign::Status &status);

private:
    void layOut();
    void paintNext();
    void finish();
    void soon(void (PdfJob::*step)());

    report::Document m_document;
    QString m_path;
    std::vector<Attachment> m_attachments;
    PageFormat m_format;
    std::unique_ptr<class PdfPainting> m_painting;
    QFutureWatcher<Result<Bytes>> m_file;
    Bytes m_bytes;
    bool m_isCancelled = false;
};

} // namespace countersign::print
