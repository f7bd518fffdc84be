#include "ui/print/pdfjob.h"

#include "ui/print/pdffinish.h"
#include "ui/print/pdfpainting.h"

#include <QPromise>
#include <QThreadPool>
#include <QTimer>

namespace countersign::print {

PdfJob::PdfJob(report::Document document, QString path, std::vector<Attachment> attachments, PageFormat format, QObject *parent)
    : QObject(parent)
    , m_document(std::move(document))
    , m_path(std::move(path))
    , m_attachments(std::move(attachments))
    , m_format(format)
{
    connect(&m_file, &QFutureWatcher<Result<Bytes>>::finished, this, [this] {
        Result<Bytes> made = m_file.result();
        if (made && m_path.isEmpty())
            m_bytes = std::move(*made);
        Q_EMIT finished(made ? Status() : Status(made.error()));
    });
}

PdfJob::~PdfJob() = default;

void PdfJob::start()
{
    soon(&PdfJob::layOut);
}

void PdfJob::cancel()
{
    m_isCancelled = true;
}

void PdfJob::soon(void (PdfJob::*step)())
{
    QTimer::singleShot(0, this, [this, step] {
        if (m_isCancelled && step != &PdfJob::finish)
            Q_EMIT finished(Error{ErrorKind::Cancelled, "The report was cancelled; no file was written.", {}});
        else
            (this->*step)();
    });
}

void PdfJob::layOut()
{
    if (const Status names = checkNames(m_attachments); !names) {
        Q_EMIT finished(names);
        return;
    }
    m_painting = std::make_unique<PdfPainting>(paginate(m_document, m_format));
    Q_EMIT progressed(0, static_cast<int>(m_painting->pages().pages.size()));
    soon(&PdfJob::paintNext);
}

void PdfJob::paintNext()
{
    if (const Status status = m_painting->paintNext(); !status) {
        Q_EMIT finished(status);
        return;
    }
    Q_EMIT progressed(static_cast<int>(m_painting->painted()), static_cast<int>(m_painting->pages().pages.size()));
    soon(m_painting->isDone() ? &PdfJob::finish : &PdfJob::paintNext);
}

void PdfJob::finish()
{
    const Result<Bytes> raw = m_painting->take();
    if (!raw) {
        Q_EMIT finished(raw.error());
        return;
    }
    auto promise = std::make_shared<QPromise<Result<Bytes>>>();
    promise->start();
    m_file.setFuture(promise->future());
    QThreadPool::globalInstance()->start([promise, raw = *raw, pages = m_painting->pages(), attachments = m_attachments, path = m_path] {
        Result<Bytes> bytes = finishPdf(raw, pages, attachments);
        const Status placed = bytes && !path.isEmpty() ? putInPlace(*bytes, path) : Status();
        promise->addResult(placed ? std::move(bytes) : Result<Bytes>(placed.error()));
        promise->finish();
    });
}

} // namespace countersign::print
