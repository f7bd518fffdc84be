#include "sampledocument.h"

#include "ui/print/pageview.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

using namespace countersign;
using namespace countersign::print;
using namespace countersign::testing;

class TestPageView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::install(*qApp); }
    void showsThePagesOfThePdf();
    void aSectionIsShownOnceItsEndWasInView();
    void controlDownGoesThroughTheSections();
    void pagesAreTrackedAndRead();
    void controlKeysZoom();
    void textTooSmallToReadIsNotShown();
    void changedBlocksHaveABarInTheMargin();
    void theFocusRingGoesWithTheFocus();
};

namespace {

void show(PageView &view, const report::Document &document)
{
    view.resize(760, 640);
    view.setDocument(document);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
}

} // namespace

void TestPageView::showsThePagesOfThePdf()
{
    PageView view;
    show(view, sampleDocument(20));
    QCOMPARE(view.pageCount(), static_cast<int>(paginate(sampleDocument(20)).pages.size()));
    const QImage image = view.grab().toImage();
    const QString folder = qEnvironmentVariable("COUNTERSIGN_TEST_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(image.save(folder + QStringLiteral("/pageview.png")));
    // Paper stays white when the window turns dark, the ground does not.
    theme::apply(*qApp, theme::Scheme::Dark);
    const QImage dark = view.grab().toImage();
    theme::apply(*qApp, theme::Scheme::Light);
    QCOMPARE(dark.pixelColor(380, 60), QColor(Qt::white));
    QVERIFY(dark.pixelColor(4, 300).lightness() < 80);
}

void TestPageView::theFocusRingGoesWithTheFocus()
{
    struct Paints : QObject {
        int count = 0;
        bool eventFilter(QObject *, QEvent *event) override
        {
            count += event->type() == QEvent::Paint ? 1 : 0;
            return false;
        }
    };
    QWidget window;
    auto *row = new QHBoxLayout(&window);
    auto *view = new PageView;
    auto *button = new QPushButton;
    row->addWidget(view);
    row->addWidget(button);
    window.resize(800, 640);
    view->setDocument(sampleDocument(20));
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    button->setFocus();
    QCoreApplication::processEvents();
    Paints paints;
    view->viewport()->installEventFilter(&paints);
    view->setFocus();
    QTRY_COMPARE(paints.count, 1);
    button->setFocus();
    QTRY_COMPARE(paints.count, 2);
}

void TestPageView::aSectionIsShownOnceItsEndWasInView()
{
    PageView view;
    QSignalSpy shown(&view, &PageView::sectionShown);
    show(view, sampleDocument(120));
    QCOMPARE(view.sectionCount(), 4);
    QVERIFY2(view.shownSections().empty(), "the cover is in view, no section is");
    view.showSection(3); // the long table: its head only
    QVERIFY(!view.shownSections().contains(3));
    for (int page = 0; page < 30; ++page)
        QTest::keyClick(&view, Qt::Key_PageDown);
    QVERIFY(view.shownSections().contains(3));
    const auto before = shown.count();
    view.verticalScrollBar()->setValue(0);
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
    QCOMPARE(shown.count(), before); // each once
    for (int y = 0; y <= view.verticalScrollBar()->maximum(); y += 300)
        view.verticalScrollBar()->setValue(y);
    QCOMPARE(view.shownSections().size(), std::size_t(4));
}

void TestPageView::controlDownGoesThroughTheSections()
{
    PageView view;
    show(view, sampleDocument(80));
    QSignalSpy current(&view, &PageView::currentSectionChanged);
    QCOMPARE(view.currentSection(), -1);
    for (int i = 0; i < 4; ++i) {
        QTest::keyClick(&view, Qt::Key_Down, Qt::ControlModifier);
        QCOMPARE(view.currentSection(), i);
    }
    QCOMPARE(current.count(), 4);
    QTest::keyClick(&view, Qt::Key_Up, Qt::ControlModifier);
    QCOMPARE(view.currentSection(), 2);
    QCOMPARE(view.sectionTitle(2), QStringLiteral("Sign-offs"));
    QTest::keyClick(&view, Qt::Key_Home);
    QCOMPARE(view.verticalScrollBar()->value(), 0);
}

void TestPageView::pagesAreTrackedAndRead()
{
    PageView view;
    show(view, sampleDocument(80));
    QSignalSpy pages(&view, &PageView::currentPageChanged);
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("Not releasable.")));
    view.showPage(1);
    QCOMPARE(view.currentPage(), 1);
    QCOMPARE(pages.count(), 1);
    QVERIFY(view.accessibleDescription().startsWith(QStringLiteral("Page 2 of ")));
    QVERIFY(view.accessibleDescription().contains(QStringLiteral("Contents and gaps")));
}

void TestPageView::controlKeysZoom()
{
    PageView view;
    show(view, sampleDocument(5));
    const int before = view.verticalScrollBar()->maximum();
    QTest::keyClick(&view, Qt::Key_Plus, Qt::ControlModifier);
    QCOMPARE(view.zoom(), 1.25);
    QVERIFY(view.verticalScrollBar()->maximum() > before);
    QTest::keyClick(&view, Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(view.zoom(), 1.0);
    view.zoomToWidth();
    QCOMPARE(view.horizontalScrollBar()->maximum(), 0);
    view.setZoom(100);
    QCOMPARE(view.zoom(), 4.0);
}

void TestPageView::textTooSmallToReadIsNotShown()
{
    PageView view;
    view.setZoom(0.3);
    show(view, sampleDocument(5));
    for (int y = 0; y <= view.verticalScrollBar()->maximum(); y += 100)
        view.verticalScrollBar()->setValue(y);
    QVERIFY(view.shownSections().empty());
}

void TestPageView::changedBlocksHaveABarInTheMargin()
{
    PageView view;
    show(view, sampleDocument(5));
    QVERIFY(view.isSectionChanged(1));
    QVERIFY(!view.isSectionChanged(2));
    view.showSection(1);
    const QImage image = view.grab().toImage();
    const QColor bar = theme::tokens(theme::Scheme::Light).link;
    int found = 0;
    for (int x = 0; x < 120; ++x) {
        for (int y = 0; y < image.height(); ++y)
            found += image.pixelColor(x, y) == bar ? 1 : 0;
    }
    QVERIFY2(found > 60, qPrintable(QString::number(found)));
}

QTEST_MAIN(TestPageView)
#include "tst_pageview.moc"
