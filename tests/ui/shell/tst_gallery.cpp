#include "tests/ui/shell/gallerypage.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"
#include "ui/welcome/welcomepage.h"
#include "ui/widgets/cards/labels.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QStandardPaths>
#include <QTableView>
#include <QTest>

using namespace countersign;

/// Renders the frame and all parts in every scheme to <build>/tests/gallery/*.png, for looking at.
class TestGallery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void rendersEveryScheme_data();
    void rendersEveryScheme();
    void cutsNoTextAtTheSmallestSupportedSize();

private:
    std::unique_ptr<shell::MainWindow> makeWindow();
    void shoot(QWidget &window, const QString &name, double scale);
};

void TestGallery::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("countersign-test"));
    QCoreApplication::setApplicationName(QStringLiteral("gallery"));
    QSettings().clear();
    theme::install(*qApp);
}

std::unique_ptr<shell::MainWindow> TestGallery::makeWindow()
{
    auto window = std::make_unique<shell::MainWindow>();
    for (const auto which : {shell::MainWindow::Menu::Edit, shell::MainWindow::Menu::Tools, shell::MainWindow::Menu::Help})
        window->menu(which)->addAction(QStringLiteral("Something"));
    auto *welcome = new welcome::WelcomePage;
    welcome->setRecent({{QStringLiteral("bank-prod"), QStringLiteral("postgresql://db.north.example/governance"),
                         QStringLiteral("db.north.example · governance · shared"), QStringLiteral("2 hours ago"), true, false},
                        {QStringLiteral("sandbox-lab"), QStringLiteral("/models/sandbox-lab.countersign"),
                         QStringLiteral("/models/sandbox-lab.countersign · local file"), QStringLiteral("3 May"), false, false},
                        {QStringLiteral("thesis-demo"), QStringLiteral("/media/usb/thesis-demo.countersign"), {}, {}, false, true}});
    window->setWelcome(welcome);
    using shell::InRail;
    window->addPage(QStringLiteral("work"), QStringLiteral("My Work"), QStringLiteral("inbox"), new gallery::PartsPage, InRail::Yes);
    window->addPage(QStringLiteral("inventory"), QStringLiteral("Inventory"), QStringLiteral("inventory"),
                    new gallery::GalleryPage(QStringLiteral("Inventory")), InRail::Yes);
    window->addPage(QStringLiteral("findings"), QStringLiteral("Findings"), QStringLiteral("finding"), new gallery::PartsPage, InRail::Yes);
    window->addPage(QStringLiteral("audit"), QStringLiteral("Audit Trail"), QStringLiteral("audit"), new gallery::PartsPage, InRail::Yes);
    window->addPage(QStringLiteral("settings"), QStringLiteral("Settings"), QStringLiteral("settings"), new gallery::PartsPage, InRail::Foot);
    window->setPlaceCount(QStringLiteral("work"), 4);
    window->setPlaceEnabled(QStringLiteral("findings"), false, QStringLiteral("Your role does not see findings."));
    window->setWorkspace(QStringLiteral("bank-prod"), QStringLiteral("shared · production"));
    window->setConnectionText(QStringLiteral("Live, TLS"));
    window->setPerson(QStringLiteral("A. Obi · Validator"));
    window->setLedgerState(QStringLiteral("Ledger 12,408 · verified 09:14"));
    window->addJob(QStringLiteral("i"), QStringLiteral("Importing prediction log, 4.3 of 10 M rows"), 43, [] {});
    window->setLockText(QStringLiteral("Locks in 9 min"));
    return window;
}

void TestGallery::shoot(QWidget &window, const QString &name, double scale)
{
    QPixmap picture(window.size() * scale);
    picture.setDevicePixelRatio(scale);
    window.render(&picture);
    const QString folder = QStringLiteral(COUNTERSIGN_BIN_DIR "/../tests/gallery");
    QDir().mkpath(folder);
    QVERIFY(picture.save(folder + QLatin1Char('/') + name + QStringLiteral(".png")));
    // Not one flat colour: something was drawn.
    const QImage image = picture.toImage();
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 7)
        for (int x = 0; x < image.width(); x += 7)
            colours.insert(image.pixel(x, y));
    QVERIFY2(colours.size() > 12, qPrintable(name));
}

void TestGallery::rendersEveryScheme_data()
{
    QTest::addColumn<int>("scheme");
    QTest::newRow("light") << int(theme::Scheme::Light);
    QTest::newRow("dark") << int(theme::Scheme::Dark);
    QTest::newRow("high-contrast-light") << int(theme::Scheme::HighContrastLight);
    QTest::newRow("high-contrast-dark") << int(theme::Scheme::HighContrastDark);
}

void TestGallery::rendersEveryScheme()
{
    QFETCH(int, scheme);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    const auto window = makeWindow();
    theme::instance()->apply(theme::Scheme(scheme));
    window->resize(1440, 900);
    window->show();
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window.get()));
    window->showWelcome();
    shoot(*window, QStringLiteral("welcome-") + name, 1);
    for (const QString &page : {QStringLiteral("inventory"), QStringLiteral("work")}) {
        window->open(widgets::Target{page, {}, {}, {}, {}});
        if (auto *table = window->currentPage()->findChild<QTableView *>())
            table->setFocus(Qt::TabFocusReason);
        QTest::qWait(1);
        shoot(*window, page + QLatin1Char('-') + name, 1);
    }
    window->resize(1280, 720);
    window->open(widgets::Target{QStringLiteral("inventory"), {}, {}, {}, {}});
    window->showMessage({widgets::Tone::Warning, QStringLiteral("Connection lost at 09:41. Showing data from 09:40, read-only."),
                         {{QStringLiteral("Retry"), [] {}}}});
    QTest::qWait(1);
    shoot(*window, QStringLiteral("small-") + name, 2);
}

void TestGallery::cutsNoTextAtTheSmallestSupportedSize()
{
    const auto window = makeWindow();
    window->resize(1280, 720);
    window->show();
    QVERIFY(QTest::qWaitForWindowExposed(window.get()));
    for (const QString &page : {QStringLiteral("inventory"), QStringLiteral("work")}) {
        window->open(widgets::Target{page, {}, {}, {}, {}});
        QTest::qWait(1);
        QCOMPARE(window->width(), 1280); // minimum widths did not push the window wider
        for (const QAbstractButton *button : window->findChildren<QAbstractButton *>()) {
            if (button->isVisible() && !button->text().isEmpty())
                QVERIFY2(button->width() >= button->sizeHint().width(), qPrintable(page + QStringLiteral(": ") + button->text()));
        }
        for (const widgets::PlainLabel *label : window->findChildren<widgets::PlainLabel *>()) {
            if (label->isVisible() && !label->wordWrap() && label->toolTip().isEmpty())
                QVERIFY2(label->width() >= label->minimumSizeHint().width(), qPrintable(page + QStringLiteral(": ") + label->text()));
            if (label->isVisible() && label->wordWrap())
                QVERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(page + QStringLiteral(": ") + label->text()));
        }
    }
}

QTEST_MAIN(TestGallery)
#include "tst_gallery.moc"
