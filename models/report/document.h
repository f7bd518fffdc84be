#pragma once

#include "models/base/time.h"
#include "models/domain/judgement.h"
#include "models/report/chartspec.h"
#include "models/report/plotspec.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// A report as values: what it says, in order, and nothing about pages or fonts. The window's preview, the PDF and the review pages
/// print the same Document (ui/print). All text is UTF-8 and is printed literally; nothing is parsed as markup.
namespace countersign::report {

/// What stands at the left of a line to say how something is judged. Stale is a state of sign-offs.
enum class Mark { None, Pass, Watch, Fail, NotEnoughData, Waived, Stale };
Mark markOf(VerdictState state); ///< NotJudged has none

/// A line of the cover: "Ranking of risk fell: AUC .693 …" and "section 7".
struct NotedLine {
    Mark mark = Mark::None;
    std::string text;
    std::string reference;
    bool operator==(const NotedLine &) const = default;
};

using Fact = std::pair<std::string, std::string>; ///< name and value

/// The first page. It stands alone.
struct Cover {
    std::string kind;  ///< "Model audit report"
    std::string title; ///< the model's name
    std::string subtitle;
    Mark verdict = Mark::None;
    std::string verdictTitle;    ///< "Not releasable."
    std::string verdictSentence; ///< "1 of 14 rules fails, …"
    std::vector<Fact> facts;
    std::string notedTitle; ///< "What a reader should know first"
    std::vector<NotedLine> noted;
    std::string checkTitle; ///< "Check this report without trusting the sender"
    std::string checkText;
    std::string qrText; ///< in the QR code and in print below; empty: no code
    bool operator==(const Cover &) const = default;
};

/// Level 1 starts a section, which is numbered, stands in the outline and is what readers page through.
struct Heading {
    int level = 1; ///< 1 to 3
    std::string text;
    bool isNumbered = true;
    bool operator==(const Heading &) const = default;
};

/// What the reader is to take away from what follows, in one sentence.
struct FindingLine {
    std::string text;
    Mark mark = Mark::None;
    bool operator==(const FindingLine &) const = default;
};

/// Line feeds are kept.
struct Paragraph {
    std::string text;
    bool operator==(const Paragraph &) const = default;
};

/// Smaller, quieter: a method, a source.
struct Note {
    std::string text;
    bool operator==(const Note &) const = default;
};

/// Empty values are printed as "Not provided".
struct KeyValues {
    std::vector<Fact> facts;
    bool operator==(const KeyValues &) const = default;
};

enum class ColumnKind { Text, Number, State, Mono };

struct Column {
    std::string title;
    ColumnKind kind = ColumnKind::Text;
    double weight = 0; ///< share of the width left over; 0: as wide as its content, up to a third of the page
    bool operator==(const Column &) const = default;
};

struct Cell {
    std::string text;
    Mark mark = Mark::None; ///< drawn before the text in a State column
    bool operator==(const Cell &) const = default;
};

/// The head is repeated on every page that the table reaches. Rows with fewer cells than columns are filled with empty ones.
struct Table {
    std::string caption; ///< printed as "Table 7.1  caption"
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
    std::string emptyText{}; ///< printed where there are no rows: "No waiver was granted."
    bool operator==(const Table &) const = default;
};

/// Never cut by a page's end.
struct Chart {
    ChartSpec spec;
    std::string caption; ///< printed as "Figure 7.1  caption"
    double height = 220; ///< points
    bool operator==(const Chart &) const = default;
};

/// The same for a chart that is not of time series.
struct Plot {
    PlotSpec spec;
    std::string caption;
    double height = 0; ///< points; 0: what the plot needs
    bool operator==(const Plot &) const = default;
};

/// A signature with its full manifestation, and how it stands today.
struct SignatureBlock {
    Mark mark = Mark::Pass;
    std::string stateToday; ///< "Signed electronically, now stale"
    std::string name;       ///< "Adaeze Obi (aobi), Validator, Model Risk"
    std::string meaning;
    Instant signedAt{};
    int utcOffsetMinutes = 0;
    std::string zoneName;   ///< "CET"; empty: the offset is printed
    std::string clock;      ///< "database clock"
    std::string bundleDigest;
    std::string ledgerNumber;
    std::string keyFingerprint;
    std::string comment;
    std::string withdrawn;  ///< when, by which entry and why its signer took it back; empty while it stands
    std::vector<std::string> staleReasons;
    bool operator==(const SignatureBlock &) const = default;
};
/// "3 February 2026 11:17:22 CET (10:17:22 UTC, database clock)"; names the UTC date where it differs.
std::string signatureTime(const SignatureBlock &block);

/// The sections of the document with their page numbers. levels 2: subsections too.
struct Contents {
    std::string title;
    int levels = 1;
    bool operator==(const Contents &) const = default;
};

struct PageBreak {
    bool operator==(const PageBreak &) const = default;
};

using Content = std::variant<Cover, Heading, FindingLine, Paragraph, Note, KeyValues, Table, Chart, Plot, SignatureBlock, Contents, PageBreak>;

struct Block {
    Content content;
    bool isKeptTogether = false; ///< moves to the next page rather than being split, if a page can hold it
    bool isKeptWithNext = false; ///< headings and findings always are
    bool isChanged = false;      ///< since the version before: a bar in the margin
    bool operator==(const Block &) const = default;
};

/// What the pages around the blocks say.
struct DocumentMeta {
    std::string title;
    std::string author;
    std::string subject;
    std::string language = "en"; ///< BCP 47
    std::string headerLeft;      ///< "Northern Example Bank · Confidential"
    std::string headerRight;     ///< "credit-pd 3.2 · Model audit"
    std::string footerLeft;      ///< "R-0188 · generated 14 May 2026 09:20:04 UTC · checkpoint 4be1 90ac 77d2"
    std::string watermark;       ///< "SAMPLE", "DRAFT"; empty: none
    Instant createdAt{};         ///< the document's own time: the same document gives the same bytes
    bool operator==(const DocumentMeta &) const = default;
};

struct Document {
    DocumentMeta meta;
    std::vector<Block> blocks;
    bool operator==(const Document &) const = default;

    /// Appends; for builders.
    Block &add(Content content);
};

/// The printed number of each block, by its index: "7" and "7.1" for headings, "7.1" for tables and figures (counted apart, within
/// the section; plain "1" before the first numbered section), empty for all others.
std::vector<std::string> blockNumbers(const Document &document);

/// "3 February 2026 10:17:22 UTC"; the offset moves the clock and is named after it unless zoneName is.
std::string longTime(Instant t, int utcOffsetMinutes = 0, const std::string &zoneName = {});
/// "3 February 2026".
std::string longDate(Instant t);

} // namespace countersign::report
