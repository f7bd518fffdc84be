#pragma once

#include "models/base/result.h"
#include "ui/print/paginator.h"
#include "ui/print/pdf.h"

namespace countersign::print {

/// What QPdfWriter cannot do, by libqpdf: outline, language, title in the window's bar, attachments, dates and identity that depend
/// on the content alone.
Result<Bytes> finishPdf(const Bytes &raw, const Pages &pages, const std::vector<Attachment> &attachments);

} // namespace countersign::print
