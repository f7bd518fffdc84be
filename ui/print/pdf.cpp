#include "ui/print/pdf.h"

#include "ui/print/paginator.h"
#include "ui/print/pdffinish.h"
#include "ui/print/pdfpainting.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>
#include <fcntl.h>
#include <set>
#include <unistd.h>

namespace countersign::print {

namespace {

Result<Bytes> draw(PdfPainting &painting, const Progress &progress)
{
    while (!painting.isDone()) {
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, "The report was cancelled; nothing was written.", {}};
        progress(painting.painted(), painting.pages().pages.size(), "writing pages");
        if (const Status status = painting.paintNext(); !status)
            return status.error();
    }
    return painting.take();
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

Result<Bytes> renderPdf(const report::Document &document, const std::vector<Attachment> &attachments, const PdfOptions &options)
{
    if (const Status names = checkNames(attachments); !names)
        return names.error();
    PdfPainting painting(paginate(document, options.format));
    const Result<Bytes> raw = draw(painting, options.progress);
    if (!raw)
        return raw.error();
    return finishPdf(*raw, painting.pages(), attachments);
}

Status writePdf(const report::Document &document, const QString &path, const std::vector<Attachment> &attachments, const PdfOptions &options)
{
    const Result<Bytes> bytes = renderPdf(document, attachments, options);
    return bytes ? putInPlace(*bytes, path) : Status(bytes.error());
}

Status putInPlace(const Bytes &bytes, const QString &path)
{
    QSaveFile file(path); // a temporary file beside the target; commit() renames it
    file.setDirectWriteFallback(false);
    const auto failed = [&] {
        return Error{ErrorKind::Io, "The report could not be written: " + file.errorString().toStdString() + ".", path.toStdString()};
    };
    if (!file.open(QIODevice::WriteOnly))
        return failed();
    const auto size = static_cast<qint64>(bytes.size());
    // commit() overlooks a flush or sync that failed, and would put a cut file in place: look before.
    const bool isOnDisk = file.write(bytes.data(), size) == size && file.flush() && ::fsync(file.handle()) == 0;
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
