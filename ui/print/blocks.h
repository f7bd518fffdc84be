#pragma once

#include "models/report/document.h"
#include "ui/print/strips.h"

/// Blocks of a document as strips of a column.
namespace countersign::print {

/// What a block is set with: the width of the column, the height of a page, its printed number.
struct Setting {
    double width = 0;
    double pageHeight = 0;
    QString number;
};

Strips setCover(const report::Cover &cover, const Setting &setting);
Strips setHeading(const report::Heading &heading, const Setting &setting);
Strips setFinding(const report::FindingLine &finding, const Setting &setting);
Strips setParagraph(const report::Paragraph &paragraph, const Setting &setting);
Strips setNote(const report::Note &note, const Setting &setting);
Strips setKeyValues(const std::vector<report::Fact> &facts, const Setting &setting);
Strips setTable(const report::Table &table, const Setting &setting);
Strips setChart(const report::Chart &chart, const Setting &setting);
Strips setPlot(const report::Plot &plot, const Setting &setting);
Strips setSignature(const report::SignatureBlock &signature, const Setting &setting);

/// A line of the contents: number, text, and the section whose page is printed.
struct ContentsLine {
    int level = 1;
    QString number;
    QString text;
    std::size_t section = 0;
};
Strips setContents(const QString &title, const std::vector<ContentsLine> &lines, const Setting &setting);

} // namespace countersign::print
