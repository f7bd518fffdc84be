#include "sampledocument.h"

#include "tests/models/report/plotsamples.h"
#include "ui/print/paginator.h"
#include "ui/print/pdfjob.h"
#include "ui/print/typeset.h"
#include "ui/theme/theme.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <sys/resource.h>

using namespace countersign;
using namespace countersign::print;
using namespace countersign::report;
using namespace countersign::testing;

namespace {

/// Runs a tool of poppler-utils or qpdf; fails the test where it is missing.
QByteArray run(const QString &program, const QStringList &arguments, int *exitCode = nullptr)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(program, arguments);
    if (!process.waitForStarted()) {
        QTest::qFail(qPrintable(program + QStringLiteral(" is missing: install poppler-utils and qpdf")), __FILE__, __LINE__);
        return {};
    }
    process.closeWriteChannel();
    process.waitForFinished(60'000);
    if (exitCode)
        *exitCode = process.exitCode();
    return process.readAll();
}

/// The text of a PDF; layout keeps columns apart.
QString textOf(const QString &path, const QStringList &options = {QStringLiteral("-layout")})
{
    return QString::fromUtf8(run(QStringLiteral("pdftotext"), options + QStringList{path, QStringLiteral("-")}));
}

QStringList pagesOf(const QString &path)
{
    QStringList pages = textOf(path).split(QLatin1Char('\f'));
    pages.removeLast(); // after the last form feed
    return pages;
}

std::vector<Attachment> sampleAttachments()
{
    Bytes all;
    for (int i = 0; i < 256; ++i)
        all += static_cast<char>(i);
    return {{"facts.json", "{\"verdict\":\"fail\"}", "application/json", "The facts behind the report"},
            {"proof.bundle", all + "endstream endobj" + all, "application/octet-stream", "Proof that the report is in the ledger"}};
}

Document paragraphs(int count)
{
    Document document;
    document.meta = sampleDocument(0).meta;
    document.meta.watermark.clear();
    for (int i = 0; i < count; ++i)
        document.add(Paragraph{"Paragraph number " + std::to_string(i) + ". The quick brown fox jumps over the lazy dog, and it does so for long enough "
                               "that this paragraph needs a second line."});
    return document;
}

} // namespace

class TestPdf : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void theFileIsSoundAndHasItsMetadata();
    void everyPageSaysXOfY();
    void fontsAreEmbeddedAndNothingIsAPicture();
    void tableHeadsRepeatOnEveryPage();
    void contentsNameThePagesOfTheirHeadings();
    void theOutlineLeadsToTheHeadings();
    void attachmentsComeBackByteForByteAndAreFoundWithoutALibrary();
    void theSameDocumentGivesTheSameBytes();
    void paperIsBlackOnWhiteInDarkMode();
    void hostileTextIsPrintedLiterally();
    void namesInOtherScriptsArePrintedAndFound();
    void scriptsThatNeedShapingAreShaped();
    void lettersThatFormLigaturesAreFound();
    void noHeadingStandsAtThePagesFoot();
    void aParagraphLeavesNoSingleLine();
    void aChartIsNeverCut();
    void aPlotIsPrintedWholeWithItsCaption();
    void aRowTallerThanAPageIsSplit();
    void aLongSignatureCommentRunsOverPages();
    void nothingIsElided();
    void aNumberIsNotCutAfterItsPoint();
    void lettersPaperHasItsSize();
    void theCoverHoldsItsParts();
    void theWatermarkStandsOnEveryPage();
    void aFailureLeavesTheOldFileAndNoOther();
    void cancellingWritesNothing();
    void aJobWritesTheSameFileInShortSteps();
    void aCancelledJobWritesNothing();
    void aJobTellsWhyThereIsNoFile();
    void attachmentNamesAreChecked();
    void anEmptyDocumentIsOnePage();

private:
    QString write(const Document &document, const QString &name, const PdfOptions &options = {});

    QTemporaryDir m_folder;
    QString m_sample;
};

void TestPdf::initTestCase()
{
    theme::install(*qApp);
    QVERIFY(m_folder.isValid());
    Document clean = sampleDocument();
    clean.meta.watermark.clear(); // its letters would stand between those of the text
    m_sample = write(clean, QStringLiteral("sample.pdf"));
}

void TestPdf::cleanupTestCase()
{
    const QString keep = qEnvironmentVariable("COUNTERSIGN_TEST_PICTURES");
    if (keep.isEmpty())
        return;
    for (const QString &name : QDir(m_folder.path()).entryList({QStringLiteral("*.pdf")}))
        QFile::copy(m_folder.filePath(name), keep + QLatin1Char('/') + name);
}

QString TestPdf::write(const Document &document, const QString &name, const PdfOptions &options)
{
    const QString path = m_folder.filePath(name);
    const Status written = writePdf(document, path, sampleAttachments(), options);
    if (!written)
        QTest::qFail(written.error().text().c_str(), __FILE__, __LINE__);
    return path;
}

void TestPdf::theFileIsSoundAndHasItsMetadata()
{
    int code = -1;
    const QByteArray check = run(QStringLiteral("qpdf"), {QStringLiteral("--check"), m_sample}, &code);
    QVERIFY2(code == 0, check.constData());
    const QString info = QString::fromUtf8(run(QStringLiteral("pdfinfo"), {QStringLiteral("-isodates"), m_sample}));
    for (const char *expected : {"Title:           credit-pd 3.2 – model audit", "Author:          Northern Example Bank",
                                 "Subject:         Model audit report R-0188", "CreationDate:    2026-05-14T09:20:04Z", "PDF version:     1.6",
                                 "A4"})
        QVERIFY2(info.contains(QString::fromUtf8(expected)), qPrintable(info));
    QVERIFY(QString::fromUtf8(run(QStringLiteral("pdfinfo"), {QStringLiteral("-meta"), m_sample})).contains(QStringLiteral("2026-05-14T09:20:04Z")));
    QVERIFY(run(QStringLiteral("qpdf"), {QStringLiteral("--qdf"), QStringLiteral("--object-streams=disable"), m_sample, QStringLiteral("-")}).contains("/Lang"));
}

void TestPdf::everyPageSaysXOfY()
{
    const QStringList pages = pagesOf(m_sample);
    QVERIFY(pages.size() >= 5);
    for (int i = 0; i < pages.size(); ++i) {
        QVERIFY2(pages[i].contains(QStringLiteral("Page %1 of %2").arg(i + 1).arg(pages.size())), qPrintable(pages[i]));
        QVERIFY(pages[i].contains(QStringLiteral("Northern Example Bank · Confidential")));
        QVERIFY(pages[i].contains(QStringLiteral("checkpoint 4be1 90ac 77d2")));
    }
}

void TestPdf::fontsAreEmbeddedAndNothingIsAPicture()
{
    const QStringList lines = QString::fromUtf8(run(QStringLiteral("pdffonts"), {m_sample})).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QVERIFY(lines.size() > 3);
    for (int i = 2; i < lines.size(); ++i) {
        QVERIFY2(lines[i].contains(QRegularExpression(QStringLiteral("\\s(yes)\\s+(yes|no)\\s+(yes)\\s"))), qPrintable(lines[i])); // embedded, Unicode map
    }
    QVERIFY2(lines.join(QLatin1Char(' ')).contains(QStringLiteral("CsSans")), qPrintable(lines.join(QLatin1Char('\n'))));
    const QStringList images = QString::fromUtf8(run(QStringLiteral("pdfimages"), {QStringLiteral("-list"), m_sample})).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(images.size(), 2); // the head only
}

void TestPdf::tableHeadsRepeatOnEveryPage()
{
    int pagesWithRows = 0;
    for (const QString &page : pagesOf(m_sample)) {
        const bool hasRows = page.contains(QStringLiteral("9f2c77ab"));
        QCOMPARE(page.contains(QStringLiteral("Act and object")), hasRows);
        pagesWithRows += hasRows ? 1 : 0;
    }
    QVERIFY(pagesWithRows >= 3);
    const QString text = textOf(m_sample);
    for (int i = 0; i < 150; ++i)
        QCOMPARE(text.count(QString::number(12000 + i) + QLatin1Char(' ')), 1);
}

void TestPdf::contentsNameThePagesOfTheirHeadings()
{
    const QStringList pages = pagesOf(m_sample);
    const QString contents = pages[1];
    for (const QString &title : {QStringLiteral("Performance"), QStringLiteral("Sign-offs"), QStringLiteral("Audit trail excerpt")}) {
        const auto match = QRegularExpression(QStringLiteral("\\d\\s+%1\\s+(\\d+)\\n").arg(title)).match(contents);
        QVERIFY2(match.hasMatch(), qPrintable(contents));
        const int page = match.captured(1).toInt();
        QVERIFY(QRegularExpression(QStringLiteral("\\n\\s*\\d\\s+%1\\s*\\n").arg(title)).match(pages[page - 1]).hasMatch());
    }
}

void TestPdf::theOutlineLeadsToTheHeadings()
{
    const QByteArray json = run(QStringLiteral("qpdf"), {QStringLiteral("--json"), QStringLiteral("--json-key=outlines"), m_sample});
    const QJsonArray outlines = QJsonDocument::fromJson(json).object().value(QStringLiteral("outlines")).toArray();
    QCOMPARE(outlines.size(), 4);
    QCOMPARE(outlines[1].toObject().value(QStringLiteral("title")).toString(), QStringLiteral("2  Performance"));
    const QJsonArray kids = outlines[1].toObject().value(QStringLiteral("kids")).toArray();
    QCOMPARE(kids.size(), 1);
    QCOMPARE(kids[0].toObject().value(QStringLiteral("title")).toString(), QStringLiteral("2.1  Method"));
    const Pages laidOut = paginate(sampleDocument());
    QCOMPARE(outlines[3].toObject().value(QStringLiteral("destpageposfrom1")).toInt(), static_cast<int>(laidOut.sections.back().page) + 1);
}

void TestPdf::attachmentsComeBackByteForByteAndAreFoundWithoutALibrary()
{
    QTemporaryDir out;
    int code = -1;
    run(QStringLiteral("pdfdetach"), {QStringLiteral("-saveall"), QStringLiteral("-o"), out.path(), m_sample}, &code);
    QCOMPARE(code, 0);
    QFile whole(m_sample);
    QVERIFY(whole.open(QIODevice::ReadOnly));
    const QByteArray bytes = whole.readAll();
    for (const Attachment &attachment : sampleAttachments()) {
        QFile file(out.filePath(QString::fromStdString(attachment.name)));
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        QCOMPARE(file.readAll(), QByteArray::fromStdString(attachment.bytes));
        QVERIFY2(bytes.contains("stream\n" + QByteArray::fromStdString(attachment.bytes)), "the stream is not stored as it is");
    }
    const QString list = QString::fromUtf8(run(QStringLiteral("qpdf"), {QStringLiteral("--list-attachments"), QStringLiteral("--verbose"), m_sample}));
    QVERIFY2(list.contains(QStringLiteral("Proof that the report is in the ledger")) && list.contains(QStringLiteral("application/json")), qPrintable(list));
}

void TestPdf::theSameDocumentGivesTheSameBytes()
{
    const auto once = renderPdf(sampleDocument(), sampleAttachments());
    const auto again = renderPdf(sampleDocument(), sampleAttachments());
    QVERIFY(once && again);
    QVERIFY(*once == *again);
    Document other = sampleDocument();
    other.blocks.pop_back();
    QVERIFY(*renderPdf(other, sampleAttachments()) != *once);
}

void TestPdf::paperIsBlackOnWhiteInDarkMode()
{
    theme::apply(*qApp, theme::Scheme::Light);
    const auto light = renderPdf(sampleDocument(), {});
    theme::apply(*qApp, theme::Scheme::Dark);
    const auto dark = renderPdf(sampleDocument(), {});
    theme::apply(*qApp, theme::Scheme::Light);
    QVERIFY(light && dark);
    QVERIFY(*light == *dark);
}

void TestPdf::hostileTextIsPrintedLiterally()
{
    const std::string html = "<b>bold</b> & <img src=\"file:///etc/passwd\"> Age <25";
    Document document = paragraphs(1);
    document.meta.title = "A (title) \\ with <tags>";
    document.meta.headerRight = "<i>header</i>";
    document.add(Heading{1, "<h1>heading</h1>"});
    document.add(Paragraph{html});
    document.add(KeyValues{{{"<u>name</u>", "=HYPERLINK(\"x\")"}}});
    document.add(Table{"<caption>", {{"<th>", ColumnKind::Text, 1}}, {{{"right\u202Eto left"}}}, {}});
    ChartSpec spec = sampleChart();
    spec.series[0].name = "Age <25 (n=1,529)";
    document.add(Chart{spec, "%1 %2 <fig>"});
    const QString text = textOf(write(document, QStringLiteral("hostile.pdf"))).simplified();
    for (const char *expected : {"<i>header</i>", "1 <h1>heading</h1>", "<b>bold</b> & <img src=\"file:///etc/passwd\"> Age <25", "<u>name</u>",
                                 "=HYPERLINK(\"x\")", "Table 1.1 <caption>", "<th>", "Age <25 (n=1,529)", "Figure 1.1 %1 %2 <fig>", "right\\u{202E}to left"})
        QVERIFY2(text.contains(QString::fromUtf8(expected)), qPrintable(QString::fromUtf8(expected) + QStringLiteral(" is not in: ") + text));
}

void TestPdf::namesInOtherScriptsArePrintedAndFound()
{
    const QStringList names{QStringLiteral("Žofie Dvořáková"), QStringLiteral("Ελένη Παπαδοπούλου"), QStringLiteral("Ольга Ёлкина"), QStringLiteral("Łukasz Ğüneş")};
    Document document = paragraphs(1);
    for (const QString &name : names)
        document.add(KeyValues{{{"Name", name.toStdString()}}});
    const QString path = write(document, QStringLiteral("names.pdf"));
    const QString text = textOf(path);
    for (const QString &name : names)
        QVERIFY2(text.contains(name), qPrintable(name + QStringLiteral(" is not in: ") + text));
}

void TestPdf::scriptsThatNeedShapingAreShaped()
{
    const QFont latin = fontFor(QStringLiteral("Žofie 5 µs"), face(Face::Body));
    QVERIFY(latin.styleStrategy() & QFont::PreferNoShaping);
    for (const QString &name : {QStringLiteral("فاطمة الزهراء"), QStringLiteral("अनुष्का"), QStringLiteral("e\u0301")})
        QVERIFY2(!(fontFor(name, face(Face::Body)).styleStrategy() & QFont::PreferNoShaping), qPrintable(name));
    Document document = paragraphs(1);
    document.add(KeyValues{{{"Name", "فاطمة"}, {"Name", "\xF3\xB0\x80\x80"}, {"Name", "अनुष्का"}}});
    const QString path = write(document, QStringLiteral("scripts.pdf"));
    int code = -1;
    run(QStringLiteral("qpdf"), {QStringLiteral("--check"), path}, &code);
    QCOMPARE(code, 0);
    const QString text = textOf(path);
    QCOMPARE(text.count(QStringLiteral("Name")), 3);
    QVERIFY2(text.contains(QStringLiteral("\\u{F0000}")), "a character that no font can draw is not named");
    QVERIFY2(text.normalized(QString::NormalizationForm_KC).contains(QStringLiteral("فاطمة")), qPrintable(text));
}

void TestPdf::lettersThatFormLigaturesAreFound()
{
    Document document = paragraphs(1);
    document.add(Paragraph{"affluent office, efficient flow, first fjord → ≤ 5 µs"});
    const QString path = write(document, QStringLiteral("ligatures.pdf"));
    QVERIFY2(textOf(path).contains(QStringLiteral("affluent office, efficient flow, first fjord → ≤ 5 µs")), qPrintable(textOf(path)));
}

void TestPdf::noHeadingStandsAtThePagesFoot()
{
    for (int before = 10; before < 34; ++before) { // the heading wanders over the page's end
        Document document = paragraphs(before);
        document.add(Heading{1, "Wandering"});
        document.add(FindingLine{"A finding in a line."});
        document.add(Paragraph{"What follows it, in a paragraph of its own."});
        const Pages pages = paginate(document);
        for (const Page &page : pages.pages) {
            const QString text = page.text();
            QCOMPARE(text.contains(QStringLiteral("Wandering")), text.contains(QStringLiteral("What follows it")));
        }
    }
}

void TestPdf::aParagraphLeavesNoSingleLine()
{
    std::string longText;
    for (int i = 0; i < 7; ++i)
        longText += "Line number " + std::to_string(i) + " of the wandering paragraph\n";
    longText.pop_back();
    for (int before = 10; before < 34; ++before) {
        Document document = paragraphs(before);
        document.add(Paragraph{longText});
        for (const Page &page : paginate(document).pages) {
            const auto lines = page.text().count(QStringLiteral("of the wandering paragraph"));
            QVERIFY2(lines != 1, qPrintable(page.text()));
        }
    }
}

void TestPdf::aChartIsNeverCut()
{
    for (int before = 8; before < 30; ++before) {
        Document document = paragraphs(before);
        document.add(Chart{sampleChart(), "The caption"});
        const Pages pages = paginate(document);
        bool isFound = false;
        for (const Page &page : pages.pages) {
            for (const Page::Placed &placed : page.placed) {
                for (const Item &item : placed.items) {
                    if (const auto *chart = std::get_if<ChartItem>(&item)) {
                        const QRectF rect = chart->rect.translated(placed.at);
                        QVERIFY(pages.format.content().adjusted(-1, -1, 1, 1).contains(rect));
                        QVERIFY2(page.text().contains(QStringLiteral("The caption")), "the caption stands on another page");
                        isFound = true;
                    }
                }
            }
        }
        QVERIFY(isFound);
    }
}

void TestPdf::aPlotIsPrintedWholeWithItsCaption()
{
    Document document = paragraphs(20);
    document.add(Plot{forestPlot(samples::forestInput()), "Recall by age <band>"});
    document.add(Plot{disparityPlot(samples::disparityInput()), "Compared with 35–49"});
    ForestInput many = samples::forestInput();
    for (int i = 0; i < 33; ++i)
        many.groups.push_back(many.groups[1]);
    document.add(Plot{forestPlot(many), "All groups"});
    document.add(Plot{rocPlot(samples::rocInput()), "ROC"});
    document.add(Plot{densityPlot(samples::densityInput()), "Scores"});
    const Pages pages = paginate(document);
    int found = 0;
    for (const Page &page : pages.pages) {
        for (const Page::Placed &placed : page.placed) {
            for (const Item &item : placed.items) {
                if (const auto *plot = std::get_if<PlotItem>(&item)) {
                    QVERIFY(pages.format.content().adjusted(-1, -1, 1, 1).contains(plot->rect.translated(placed.at)));
                    ++found;
                }
            }
        }
    }
    QCOMPARE(found, 5);
    const QString text = textOf(write(document, QStringLiteral("plots.pdf")));
    for (const char *expected : {"Figure 1  Recall by age <band>", "<b>Not</b> & stated", "undefined (0 positives)", "four-fifths guideline, not law", "threshold 0.420"})
        QVERIFY2(text.simplified().contains(QString::fromUtf8(expected).simplified()), qPrintable(QString::fromUtf8(expected) + QStringLiteral(" is not in: ") + text));
}

void TestPdf::aRowTallerThanAPageIsSplit()
{
    std::string words;
    for (int i = 0; i < 3000; ++i)
        words += "word" + std::to_string(i) + " ";
    Document document = paragraphs(3);
    document.add(Table{"Tall", {{"Key", ColumnKind::Text}, {"Much", ColumnKind::Text, 1}}, {{{"k"}, {words}}, {{"after"}, {"the end"}}}, {}});
    const QString path = write(document, QStringLiteral("tall.pdf"));
    const QString text = textOf(path, {}).simplified();
    for (int i = 0; i < 3000; ++i)
        QVERIFY2(text.contains(QStringLiteral("word%1 ").arg(i)), qPrintable(QString::number(i)));
    const QStringList pages = pagesOf(path);
    QVERIFY(pages.size() >= 3);
    for (const QString &page : pages)
        QVERIFY(page.contains(QStringLiteral("Much")));
}

void TestPdf::aLongSignatureCommentRunsOverPages()
{
    Document document = paragraphs(2);
    SignatureBlock signature;
    signature.stateToday = "Signed electronically";
    signature.name = "N. N.";
    for (int i = 0; i < 1500; ++i)
        signature.comment += "remark" + std::to_string(i) + " ";
    document.add(signature);
    const QString text = textOf(write(document, QStringLiteral("comment.pdf")), {}).simplified();
    for (int i = 0; i < 1500; i += 7)
        QVERIFY(text.contains(QStringLiteral("remark%1 ").arg(i)));
}

void TestPdf::nothingIsElided()
{
    const QString word(300, QLatin1Char('x'));
    Document document = paragraphs(1);
    document.meta.headerLeft = std::string(200, 'h');
    document.add(Table{"", {{"Long", ColumnKind::Mono}, {"n", ColumnKind::Number}, {"Text", ColumnKind::Text, 1}},
                       {{{word.toStdString()}, {"1,234,567"}, {"short"}}}, {}});
    document.add(KeyValues{{{std::string(120, 'k'), word.toStdString()}}});
    const QString text = textOf(write(document, QStringLiteral("long.pdf")), {});
    QVERIFY(text.count(QLatin1Char('x')) >= 600);
    QVERIFY(text.count(QLatin1Char('k')) >= 120);
    QVERIFY(text.count(QLatin1Char('h')) >= 200);
    QVERIFY(text.contains(QStringLiteral("1,234,567")));
    QVERIFY(!text.contains(QChar(0x2026)));
}

void TestPdf::aNumberIsNotCutAfterItsPoint()
{
    const QString text = QStringLiteral("Brier score .096 meets the limit of at most .100 but is on watch [.090 to .101] (watch above .095).");
    const QRegularExpression cut(QStringLiteral("(^|[^0-9])\\.$"));
    int wrapped = 0;
    for (double width = pt(60); width < pt(400); width += pt(3)) {
        const SetText set = setText(text, Face::Body, width);
        QString whole;
        for (int line = 0; line < set.lines(); ++line) {
            whole += set.lineText(line);
            if (line + 1 < set.lines())
                QVERIFY2(!cut.match(set.lineText(line).trimmed()).hasMatch(), qPrintable(set.lineText(line)));
            QVERIFY(setText(set.lineText(line).trimmed(), Face::Body, 1e7).width() <= width + 1); // a space at the end may hang over
        }
        QCOMPARE(whole, text);
        wrapped += set.lines() > 1 ? 1 : 0;
    }
    QVERIFY(wrapped > 50);
}

void TestPdf::lettersPaperHasItsSize()
{
    const QString path = write(sampleDocument(5), QStringLiteral("letter.pdf"), {{PaperSize::Letter}, {}});
    QVERIFY(run(QStringLiteral("pdfinfo"), {path}).contains("612 x 792 pts (letter)"));
}

void TestPdf::theCoverHoldsItsParts()
{
    const QString cover = pagesOf(m_sample).first().simplified();
    for (const char *expected : {"Model audit report", "credit-pd", "Not releasable.", "Not provided", "What a reader should know first",
                                 "csgn:R-0188:4be190ac77d2:12412", "section 3"})
        QVERIFY2(cover.contains(QString::fromUtf8(expected)), expected);
    QVERIFY(makeQr("csgn:R-0188:4be190ac77d2:12412", {}).width >= 21);
    QCOMPARE(makeQr("", {}).width, 0);
    QCOMPARE(makeQr(std::string(5000, 'x'), {}).width, 0);
}

void TestPdf::theWatermarkStandsOnEveryPage()
{
    const QString path = write(sampleDocument(30), QStringLiteral("watermark.pdf"));
    for (const QString &page : textOf(path, {QStringLiteral("-raw")}).split(QLatin1Char('\f'), Qt::SkipEmptyParts)) {
        QString letters = page;
        letters.remove(QLatin1Char('\n'));
        QVERIFY2(letters.contains(QStringLiteral("SAMPLE")), qPrintable(page));
    }
}

void TestPdf::aFailureLeavesTheOldFileAndNoOther()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("report.pdf"));
    QFile old(path);
    QVERIFY(old.open(QIODevice::WriteOnly));
    old.write("old");
    old.close();
    auto bad = sampleAttachments();
    bad[0].name = "../x";
    QVERIFY(!writePdf(paragraphs(1), path, bad));
    const Status nowhere = writePdf(paragraphs(1), folder.filePath(QStringLiteral("no/such/folder/report.pdf")), {});
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().kind, ErrorKind::Io);
    QVERIFY(nowhere.error().where.find("no/such/folder") != std::string::npos);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{QStringLiteral("report.pdf")});
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray("old"));
    old.close();
    // A disk without room: the system takes no more than a few bytes of any file.
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{1000, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const Status full = writePdf(paragraphs(1), path, {});
    ::setrlimit(RLIMIT_FSIZE, &before);
    QVERIFY(!full);
    QCOMPARE(full.error().kind, ErrorKind::Io);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{QStringLiteral("report.pdf")});
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray("old"));
    old.close();
    QVERIFY(writePdf(paragraphs(1), path, {}));
    QVERIFY(old.open(QIODevice::ReadOnly));
    QVERIFY(old.readAll().startsWith("%PDF-1.6"));
}

void TestPdf::cancellingWritesNothing()
{
    const std::atomic<bool> stop = true;
    PdfOptions options;
    options.progress.cancel = &stop;
    const QString path = m_folder.filePath(QStringLiteral("cancelled.pdf"));
    const Status status = writePdf(sampleDocument(), path, {}, options);
    QVERIFY(!status);
    QCOMPARE(status.error().kind, ErrorKind::Cancelled);
    QVERIFY(!QFile::exists(path));
}

void TestPdf::aJobWritesTheSameFileInShortSteps()
{
    const QString path = m_folder.filePath(QStringLiteral("job.pdf"));
    PdfJob job(sampleDocument(), path, sampleAttachments());
    QSignalSpy ended(&job, &PdfJob::finished);
    QSignalSpy pages(&job, &PdfJob::progressed);
    // The window's own work comes between the steps: each turn of the event loop does one step at most.
    int turns = 0;
    qint64 longest = 0;
    QElapsedTimer sinceLast;
    sinceLast.start();
    QTimer ours;
    connect(&ours, &QTimer::timeout, &job, [&] {
        ++turns;
        longest = std::max(longest, sinceLast.restart());
    });
    ours.start(0);
    job.start();
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 30000);
    const auto status = ended.first().first().value<Status>();
    QVERIFY2(status, status ? "" : status.error().text().c_str());
    const int count = pages.last().at(1).toInt();
    QVERIFY(count > 3);
    QCOMPARE(pages.size(), count + 1);
    QCOMPARE(pages.last().at(0).toInt(), count);
    QVERIFY2(turns >= count, qPrintable(QString::number(turns)));
    qInfo("the window waited %lld ms at most, of %d pages", static_cast<long long>(longest), count);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto whole = renderPdf(sampleDocument(), sampleAttachments());
    QVERIFY(whole);
    QVERIFY(file.readAll() == QByteArray::fromStdString(*whole));
}

void TestPdf::aCancelledJobWritesNothing()
{
    const QString path = m_folder.filePath(QStringLiteral("cancelledjob.pdf"));
    PdfJob job(sampleDocument(), path, {});
    QSignalSpy ended(&job, &PdfJob::finished);
    connect(&job, &PdfJob::progressed, &job, [&job](int page) {
        if (page == 2)
            job.cancel();
    });
    job.start();
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 30000);
    const auto status = ended.first().first().value<Status>();
    QVERIFY(!status);
    QCOMPARE(status.error().kind, ErrorKind::Cancelled);
    QVERIFY(!QFile::exists(path));
}

void TestPdf::aJobTellsWhyThereIsNoFile()
{
    PdfJob job(paragraphs(1), m_folder.filePath(QStringLiteral("no/such/folder/report.pdf")), {});
    QSignalSpy ended(&job, &PdfJob::finished);
    job.start();
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 30000);
    QVERIFY(!ended.first().first().value<Status>());
}

void TestPdf::attachmentNamesAreChecked()
{
    auto twice = sampleAttachments();
    twice[1].name = twice[0].name;
    const auto result = renderPdf(paragraphs(1), twice);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Invalid);
    for (const char *bad : {"", "a/b", "a\\b"}) {
        auto attachments = sampleAttachments();
        attachments[0].name = bad;
        QVERIFY(!renderPdf(paragraphs(1), attachments));
    }
}

void TestPdf::anEmptyDocumentIsOnePage()
{
    const QString path = write({}, QStringLiteral("empty.pdf"));
    QCOMPARE(pagesOf(path).size(), 1);
    QVERIFY(pagesOf(path).first().contains(QStringLiteral("Page 1 of 1")));
}

QTEST_MAIN(TestPdf)
#include "tst_pdf.moc"
