#pragma once

#include "models/base/bytes.h"
#include "models/base/progress.h"
#include "models/base/result.h"
#include "models/report/document.h"
#include "ui/print/pageformat.h"

#include <QString>
#include <string>
#include <vector>

namespace countersign::print {

/// A file inside the PDF: the facts, the tables, the proof bundle.
struct Attachment {
    std::string name;        ///< "facts.json"; unique, no path
    Bytes bytes;
    std::string mimeType;    ///< "application/json"
    std::string description;
};

struct PdfOptions {
    PageFormat format;
    Progress progress; ///< asked once a page
};

/// The document as a PDF 1.6: text as text, charts as vectors, fonts embedded, headings as outline, language and dates from the
/// document's meta. The same document, attachments, fonts and language give the same bytes. Attachment streams are stored
/// uncompressed, so that a small reader finds them by name without a PDF library.
/// Charts are drawn in the light theme whatever the window shows. GUI thread, which it holds up: a window takes PdfJob.
/// Invalid: an attachment without a name or with one used twice or holding '/' or '\\'. Cancelled. Io: the PDF could not be made.
Result<Bytes> renderPdf(const report::Document &document, const std::vector<Attachment> &attachments, const PdfOptions &options = {});

/// Renders and puts the file in place by rename, after all bytes are on the disk. On any failure an existing file stays as it was and
/// no other file is left behind. Io names the file and the cause.
Status writePdf(const report::Document &document, const QString &path, const std::vector<Attachment> &attachments,
                const PdfOptions &options = {});

/// The parts of it that do not paint, for PdfJob; any thread.
Status checkNames(const std::vector<Attachment> &attachments);
Status putInPlace(const Bytes &bytes, const QString &path);

} // namespace countersign::print
