#include "ui/print/pdf.h"

#include "ui/print/paginator.h"
#include "ui/print/pdffinish.h"

#include <QBuffer>
#include <QDir>
#include <QFileInfo>
#include <QPageLayout>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <fcntl.h>
#include <set>
#include <unistd.h>

namespace countersign::print {

namespace {

constexpr int kResolution = 1200;

Status checkNames(const std::vector<Attachment> &attachments)
{
    std::set<std::string> names;
    for (const Attachment &attachment : attachments) {
        if (attachment.name.empty() || attachment.name.find_first_of("/\\") != std::string::npos)
            return Error{ErrorKind::Invalid, "An attachment needs a plain file name.", "attachment \"" + attachment.name + "\""};
        if (!names.insert(attachment.name).second)
            return Error{ErrorKind::Invalid, "Two attachments have the same name.", "attachment \"" + attachment.name + "\""};
    }
    return {};
}

Result<Bytes> draw(const Pages &pages, const Progress &progress)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPdfVersion(QPagedPaintDevice::PdfVersion_1_6);
    writer.setResolution(kResolution);
    writer.setPageLayout(QPageLayout(QPageSize(pages.format.points(), QPageSize::Point, QString(), QPageSize::ExactMatch),
                                     QPageLayout::Portrait, {}));
    writer.setTitle(QString::fromStdString(pages.meta.title));
    QPainter painter;
    if (!painter.begin(&writer))
        return Error{ErrorKind::Io, "The PDF could not be started.", {}};
    painter.scale(unitScale(kResolution), unitScale(kResolution));
    for (std::size_t number = 0; number < pages.pages.size(); ++number) {
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, "The report was cancelled; nothing was written.", {}};
        progress(number, pages.pages.size(), "writing pages");
        if (number > 0 && !writer.newPage())
            return Error{ErrorKind::Io, "A page could not be added to the PDF.", "page " + std::to_string(number + 1)};
        pages.paint(painter, number);
    }
    if (!painter.end())
        return Error{ErrorKind::Io, "The PDF could not be finished.", {}};
    return buffer.data().toStdString();
}

/// The rename itself reaches the disk with its folder.
void syncFolder(const QString &folder)
{
    const int handle = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return; // a file system without this; the file's own bytes are safe
    ::fsync(handle);
    ::close(handle);
}

} // namespace

Result<Bytes> renderPdf(const report::Document &document, const std::vector<Attachment> &attachments, const PdfOptions &options)
{
    if (const Status names = checkNames(attachments); !names)
        return names.error();
    const Pages pages = paginate(document, options.format);
    const Result<Bytes> raw = draw(pages, options.progress);
    if (!raw)
        return raw.error();
    return finishPdf(*raw, pages, attachments);
}

Status writePdf(const report::Document &document, const QString &path, const std::vector<Attachment> &attachments, const PdfOptions &options)
{
    const Result<Bytes> bytes = renderPdf(document, attachments, options);
    if (!bytes)
        return bytes.error();
    QSaveFile file(path); // a temporary file beside the target; commit() renames it
    file.setDirectWriteFallback(false);
    const auto failed = [&] {
        return Error{ErrorKind::Io, "The report could not be written: " + file.errorString().toStdString() + ".", path.toStdString()};
    };
    if (!file.open(QIODevice::WriteOnly))
        return failed();
    const auto size = static_cast<qint64>(bytes->size());
    // commit() overlooks a flush or sync that failed, and would put a cut file in place: look before.
    const bool isOnDisk = file.write(bytes->data(), size) == size && file.flush() && ::fsync(file.handle()) == 0;
    if (!isOnDisk) {
        const Error error = failed();
        file.cancelWriting();
        return error;
    }
    if (!file.commit())
        return failed();
    syncFolder(QFileInfo(path).absolutePath());
    return {};
}

} // namespace countersign::print
