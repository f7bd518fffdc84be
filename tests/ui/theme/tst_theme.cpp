#include "ui/theme/csstyle.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QFontDatabase>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QListView>
#include <QPainter>
#include <QScrollArea>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QWheelEvent>

using namespace countersign;
using theme::Scheme;
using theme::State;

class TestTheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::install(*qApp); }
    void textAndMarksKeepTheirContrast_data();
    void textAndMarksKeepTheirContrast();
    void digitsOfAllWeightsHaveOneWidth();
    void hyphenAndGreaterStayTwoCharacters();
    void everyIconDrawsSomething();
    void everyStateHasItsOwnGlyph();
    void lightTokensAreThereWhateverIsShown();
    void aChangeOfThemeReachesPaletteAndListeners();
    void theWheelNeverChangesAFieldWithoutFocus();
    void aListThatPopsUpHasAnEdge();
};

void TestTheme::textAndMarksKeepTheirContrast_data()
{
    QTest::addColumn<int>("scheme");
    QTest::newRow("light") << int(Scheme::Light);
    QTest::newRow("dark") << int(Scheme::Dark);
    QTest::newRow("high contrast light") << int(Scheme::HighContrastLight);
    QTest::newRow("high contrast dark") << int(Scheme::HighContrastDark);
}

void TestTheme::textAndMarksKeepTheirContrast()
{
    QFETCH(int, scheme);
    const theme::Tokens &t = theme::tokens(Scheme(scheme));
    for (const QColor &ground : {t.page, t.window, t.subtle, t.raised, t.hover}) {
        for (const QColor &ink : {t.text, t.secondary, t.tertiary, t.link, t.danger})
            QVERIFY2(theme::contrast(ink, ground) >= 4.5, qPrintable(ink.name() + QStringLiteral(" on ") + ground.name()));
        QVERIFY(theme::contrast(t.focus, ground) >= 3);
        QVERIFY(theme::contrast(t.field, t.page) >= 3);
    }
    for (const QColor &fill : {t.accent, t.accentHover, t.accentPressed})
        QVERIFY(theme::contrast(t.onAccent, fill) >= 4.5);
    QVERIFY(theme::contrast(t.selectionText, t.selection) >= 4.5);
    QVERIFY(theme::contrast(t.toolTipText, t.toolTip) >= 4.5);
    for (const State state : {State::Fail, State::NotEnoughData, State::Watch, State::Waived, State::Pass, State::NotJudged, State::Stale}) {
        QVERIFY2(theme::contrast(t.mark(state), t.page) >= 3, qPrintable(theme::stateWord(state)));
        QVERIFY(theme::contrast(t.text, t.tint(state)) >= 7);
        QVERIFY(theme::contrast(t.heatText(state), t.heat(state)) >= 4.5);
    }
    for (const QColor &line : t.series)
        QVERIFY2(theme::contrast(line, t.page) >= 3, qPrintable(line.name()));
}

void TestTheme::digitsOfAllWeightsHaveOneWidth()
{
    for (const QFont::Weight weight : {QFont::Normal, QFont::Medium, QFont::DemiBold, QFont::Bold}) {
        QFont face = theme::font(theme::Type::Body, weight);
        face.setPointSizeF(100);
        const QFontMetricsF metrics(face);
        for (char digit = '1'; digit <= '9'; ++digit)
            QCOMPARE(metrics.horizontalAdvance(QLatin1Char(digit)), metrics.horizontalAdvance(QLatin1Char('0')));
    }
    if (QDir(QStringLiteral(":/fonts")).exists(QStringLiteral("CsSans-Regular.otf"))) {
        QCOMPARE(QFontInfo(theme::font(theme::Type::Body)).family(), QStringLiteral("CsSans"));
        QCOMPARE(QFontInfo(theme::font(theme::Type::Mono)).family(), QStringLiteral("CsMono"));
    }
}

void TestTheme::hyphenAndGreaterStayTwoCharacters()
{
    for (const theme::Type type : {theme::Type::Body, theme::Type::Mono}) {
        QFont face = theme::font(type);
        face.setPointSizeF(100);
        face.setKerning(false);
        const QFontMetricsF metrics(face);
        QCOMPARE(metrics.horizontalAdvance(QStringLiteral("->")),
                 metrics.horizontalAdvance(QStringLiteral("-")) + metrics.horizontalAdvance(QStringLiteral(">")));
    }
}

void TestTheme::everyIconDrawsSomething()
{
    const QStringList files = QDir(QStringLiteral(":/icons")).entryList({QStringLiteral("*.svg")});
    QVERIFY(files.size() >= 60);
    for (const QString &file : files) {
        const QImage image = theme::iconPixmap(file.chopped(4), Qt::red, 16, 2).toImage();
        int painted = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const QColor pixel = image.pixelColor(x, y);
                painted += pixel.alpha() > 128 ? 1 : 0;
                QVERIFY2(pixel.alpha() < 250 || (pixel.red() > 240 && pixel.blue() < 20), qPrintable(file)); // all of it is tinted
            }
        }
        QVERIFY2(painted > 5, qPrintable(file));
    }
    QVERIFY(!theme::hasIcon(QStringLiteral("no such icon")));
    QVERIFY(!theme::applicationIcon().isNull());
}

void TestTheme::everyStateHasItsOwnGlyph()
{
    QList<QImage> seen;
    for (const State state : {State::Fail, State::NotEnoughData, State::Watch, State::Waived, State::Pass, State::NotJudged, State::Stale}) {
        QImage image(28, 28, QImage::Format_ARGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        theme::paintState(painter, state, QRectF(0, 0, 28, 28), Qt::black); // one colour: shape alone must tell
        painter.end();
        QVERIFY(!seen.contains(image));
        seen.append(image);
        QVERIFY(!theme::stateWord(state).isEmpty());
    }
}

void TestTheme::lightTokensAreThereWhateverIsShown()
{
    theme::apply(*qApp, Scheme::Dark);
    QVERIFY(theme::current().isDark());
    QVERIFY(!theme::tokens(Scheme::Light).isDark());
    QCOMPARE(theme::tokens(Scheme::Light).page, QColor(Qt::white));
}

void TestTheme::aChangeOfThemeReachesPaletteAndListeners()
{
    QSignalSpy changed(theme::instance(), &theme::Theme::changed);
    theme::instance()->setPreference(theme::Preference::Dark);
    QCOMPARE(qApp->palette().color(QPalette::Base), theme::tokens(Scheme::Dark).page);
    theme::instance()->setPreference(theme::Preference::Light);
    QCOMPARE(qApp->palette().color(QPalette::Base), theme::tokens(Scheme::Light).page);
    QCOMPARE(changed.count(), 2);
    for (const auto one : {theme::Preference::System, theme::Preference::Light, theme::Preference::Dark, theme::Preference::HighContrast})
        QCOMPARE(theme::preferenceOf(theme::preferenceKey(one)), one);
}

void TestTheme::theWheelNeverChangesAFieldWithoutFocus()
{
    QScrollArea area;
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    auto *combo = new QComboBox;
    combo->addItems({QStringLiteral("one"), QStringLiteral("two"), QStringLiteral("three")});
    combo->setCurrentIndex(1);
    auto *spin = new QSpinBox;
    spin->setValue(50);
    column->addWidget(combo);
    column->addWidget(spin);
    content->setMinimumHeight(2000);
    area.setWidget(content);
    area.resize(300, 300);
    area.show();
    QVERIFY(QTest::qWaitForWindowExposed(&area));
    content->setFocus();
    combo->clearFocus();
    spin->clearFocus();
    for (QWidget *field : {static_cast<QWidget *>(combo), static_cast<QWidget *>(spin)}) {
        const QPointF at = field->rect().center();
        QWheelEvent wheel(at, field->mapToGlobal(at), {}, QPoint(0, -120), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        qApp->sendEvent(field, &wheel);
    }
    QCOMPARE(combo->currentIndex(), 1);
    QCOMPARE(spin->value(), 50);
    QVERIFY(combo->focusPolicy() != Qt::WheelFocus);
}

void TestTheme::aListThatPopsUpHasAnEdge()
{
    for (const bool isPopup : {true, false}) {
        QWidget page;
        auto *list = new QListView(&page);
        if (isPopup)
            list->setParent(nullptr, Qt::Popup); // as a completer does
        list->resize(120, 80);
        const QImage picture = list->grab().toImage();
        const QColor edge = picture.pixelColor(60, 0);
        QCOMPARE(edge == theme::current().control, isPopup);
        if (isPopup)
            delete list;
    }
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
