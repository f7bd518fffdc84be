#include "app/gui/application.h"
#include "app/gui/screenshot.h"
#include "models/services/inventory.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"
#include "ui/shell/rail.h"
#include "ui/theme/theme.h"
#include "ui/widgets/frame/statusbar.h"
#include "ui/widgets/messages/messagebar.h"

#include <QAccessible>
#include <QApplication>
#include <QDir>
#include <QMenu>
#include <QMenuBar>
#include <QMetaEnum>
#include <QPushButton>
#include <QSet>
#include <QSettings>
#include <QTest>

using namespace countersign;
using namespace countersign::test;
using gui::Application;

namespace {

/// What a screen reader is told wrongly or not at all, as lines that name the place.
class Inspection
{
public:
    explicit Inspection(QWidget &root) { visit(QAccessible::queryAccessibleInterface(&root), QString()); }
    const QStringList &problems() const { return m_problems; }
    int controls() const { return m_controls; }
    int charts() const { return m_charts; }
    int tables() const { return m_tables; }

private:
    static bool isControl(QAccessibleInterface &one)
    {
        switch (one.role()) {
        case QAccessible::Button:
        case QAccessible::ButtonMenu:
        case QAccessible::CheckBox:
        case QAccessible::Chart:
        case QAccessible::ComboBox:
        case QAccessible::EditableText:
        case QAccessible::Link:
        case QAccessible::List:
        case QAccessible::ListItem:
        case QAccessible::MenuItem:
        case QAccessible::PageTab:
        case QAccessible::RadioButton:
        case QAccessible::Slider:
        case QAccessible::SpinBox:
        case QAccessible::Table:
        case QAccessible::Tree:
        case QAccessible::TreeItem: return true;
        case QAccessible::Separator:
        case QAccessible::ScrollBar:
        case QAccessible::Window: return false;
        default: return one.state().focusable;
        }
    }

    void visit(QAccessibleInterface *one, const QString &path)
    {
        if (!one || !one->isValid() || one->state().invisible)
            return;
        const QString name = one->text(QAccessible::Name);
        const QString role = QString::fromLatin1(QMetaEnum::fromType<QAccessible::Role>().valueToKey(one->role()));
        const QString here = path + QLatin1Char('/') + role + (name.isEmpty() ? QString() : QLatin1Char('[') + name.left(40) + QLatin1Char(']'));
        const bool isTopLevel = one->object() && one->object()->isWidgetType() && static_cast<QWidget *>(one->object())->isWindow();
        if (isControl(*one) && !isTopLevel) {
            ++m_controls;
            if (name.trimmed().isEmpty())
                m_problems << here + QStringLiteral(": no name (%1)").arg(one->object() ? QString::fromLatin1(one->object()->metaObject()->className()) : role);
        }
        if (one->role() == QAccessible::Chart) {
            ++m_charts;
            if (one->text(QAccessible::Description).trimmed().isEmpty())
                m_problems << here + QStringLiteral(": a chart without a description");
        }
        if (QAccessibleTableInterface *table = one->tableInterface())
            return visitTable(*table, one->role(), here);
        for (int i = 0; i < one->childCount(); ++i)
            visit(one->child(i), here);
    }

    void visitTable(QAccessibleTableInterface &table, QAccessible::Role role, const QString &here)
    {
        if (role == QAccessible::Table) {
            ++m_tables;
            for (int column = 0; column < table.columnCount(); ++column) {
                if (table.columnDescription(column).trimmed().isEmpty())
                    m_problems << here + QStringLiteral(": column %1 has no name").arg(column);
            }
        }
        const int rows = std::min(table.rowCount(), 20);
        for (int row = 0; row < rows; ++row) {
            bool isTold = false;
            for (int column = 0; column < table.columnCount(); ++column) {
                QAccessibleInterface *cell = table.cellAt(row, column);
                isTold = isTold || (cell && !cell->text(QAccessible::Name).trimmed().isEmpty());
            }
            if (!isTold)
                m_problems << here + QStringLiteral(": row %1 says nothing").arg(row);
        }
    }

    QStringList m_problems;
    int m_controls = 0;
    int m_charts = 0;
    int m_tables = 0;
};

} // namespace

/// The whole program on its sample portfolio, as a screen reader meets it.
class AccessibilityTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyControlOfEveryPageHasAName_data();
    void everyControlOfEveryPageHasAName();
    void theReviewHasNamesToo();
    void theWelcomePageHasNamesToo();
    void tabGoesFromThePlacesThroughThePageToTheMessage();
    void noTwoEntriesOfAMenuShareAMnemonic();
    void noTwoActionsShareAShortcut();

private:
    void settle(QWidget &window, const QString &picture);
    void check(QWidget &window);

    TemporaryFolder m_folder;
    std::unique_ptr<settings::Profile> m_profile;
    std::unique_ptr<Application> m_program;
};

void AccessibilityTest::initTestCase()
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
    QCoreApplication::setOrganizationName(QStringLiteral("settings"));
    QCoreApplication::setApplicationName(QStringLiteral("window"));
    theme::install(*qApp);
    QDir().mkpath(QCoreApplication::applicationDirPath() + QStringLiteral("/gallery"));
    m_profile = std::make_unique<settings::Profile>(settings::Folders::below(m_folder.file("profile")));
    services::Environment environment = testEnvironment(7);
    environment.clock = std::make_shared<SystemClock>();
    gui::Options options;
    options.isSample = true;
    options.size = QSize(1280, 720);
    m_program = std::make_unique<Application>(*m_profile, environment, options);
    m_program->start();
    QTRY_COMPARE_WITH_TIMEOUT(m_program->window().currentTarget().page, QStringLiteral("inventory"), 60000);
}

/// Until the page has read what it shows.
void AccessibilityTest::settle(QWidget &window, const QString &picture)
{
    bool isDone = false;
    const QString file = QCoreApplication::applicationDirPath() + QStringLiteral("/gallery/access-") + picture + QStringLiteral(".png");
    gui::takeScreenshot(window, m_program->workspace(), file, [&isDone](const Status &status) { isDone = bool(status); });
    [&isDone] { QTRY_VERIFY_WITH_TIMEOUT(isDone, 60000); }();
}

void AccessibilityTest::check(QWidget &window)
{
    const Inspection found(window);
    QVERIFY2(found.problems().isEmpty(), qPrintable(found.problems().join(QLatin1Char('\n'))));
    QVERIFY2(found.controls() > 10, qPrintable(QString::number(found.controls())));
}

void AccessibilityTest::everyControlOfEveryPageHasAName_data()
{
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("tab");
    QTest::addColumn<int>("tables");
    QTest::addColumn<int>("charts");
    QTest::newRow("inventory") << "inventory" << "" << 1 << 0;
    QTest::newRow("limits") << "policy" << "" << 1 << 0;
    QTest::newRow("audit") << "audit" << "" << 1 << 0;
    QTest::newRow("import") << "import" << "" << 1 << 0;
    QTest::newRow("people") << "people" << "" << 1 << 0;
    QTest::newRow("overview") << "model" << "overview" << 1 << 0;
    QTest::newRow("versions") << "model" << "versions" << 1 << 0;
    QTest::newRow("metrics") << "model" << "metrics" << 0 << 1;
    QTest::newRow("fairness") << "model" << "fairness" << 1 << 2;
    QTest::newRow("drift") << "model" << "drift" << 1 << 2;
    QTest::newRow("sign-offs") << "model" << "signoffs" << 1 << 0;
    QTest::newRow("lifecycle") << "model" << "lifecycle" << 0 << 0;
    QTest::newRow("history") << "model" << "history" << 1 << 0;
    QTest::newRow("report") << "report" << "" << 1 << 0;
}

void AccessibilityTest::everyControlOfEveryPageHasAName()
{
    QFETCH(QString, page);
    QFETCH(QString, tab);
    QFETCH(int, tables);
    QFETCH(int, charts);
    widgets::Target target{page, {}, {}, tab, {}};
    if (page == QLatin1String("model") || page == QLatin1String("report")) {
        std::optional<Result<services::Subject>> subject;
        m_program->workspace().run(this, [](services::Session &session) { return services::findVersionSubject(session, "credit-pd-retail/3"); },
                                   [&subject](const Result<services::Subject> &found) { subject = found; });
        QTRY_VERIFY(subject && *subject);
        target.model = QString::fromStdString((*subject)->model.id.text());
        target.version = QString::fromStdString((*subject)->version->id.text());
    }
    m_program->window().open(target);
    settle(m_program->window(), QString::fromLatin1(QTest::currentDataTag()));
    QCOMPARE(m_program->window().currentTarget().page, page);
    const Inspection found(m_program->window());
    QVERIFY2(found.problems().isEmpty(), qPrintable(found.problems().join(QLatin1Char('\n'))));
    QVERIFY2(found.controls() > 10, qPrintable(QString::number(found.controls())));
    QCOMPARE(found.charts(), charts);
    int seen = found.tables();
    for (QPushButton *other : m_program->window().findChildren<QPushButton *>(QStringLiteral("showTwin"))) { // where there is no room for both
        if (!other->isVisible())
            continue;
        QTest::mouseClick(other, Qt::LeftButton);
        settle(m_program->window(), QString::fromLatin1(QTest::currentDataTag()) + QStringLiteral("-table"));
        const Inspection table(m_program->window());
        QVERIFY2(table.problems().isEmpty(), qPrintable(table.problems().join(QLatin1Char('\n'))));
        seen = std::max(seen, table.tables());
        break;
    }
    QVERIFY(seen >= tables);
}

void AccessibilityTest::theReviewHasNamesToo()
{
    QPushButton *review = nullptr;
    for (auto *button : m_program->window().findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("Review and Sign…"))
            review = button;
    }
    QVERIFY(review && review->isEnabled());
    review->click();
    QWidget *window = nullptr;
    const auto find = [&window] {
        for (QWidget *one : QApplication::topLevelWidgets()) {
            if (one->isVisible() && one->inherits("countersign::pages::ReviewWindow"))
                window = one;
        }
        return window != nullptr;
    };
    QTRY_VERIFY_WITH_TIMEOUT(find(), 20000);
    settle(*window, QStringLiteral("review"));
    check(*window);
    window->close();
}

void AccessibilityTest::theWelcomePageHasNamesToo()
{
    for (auto *action : m_program->window().findChildren<QAction *>()) {
        if (action->text() == QStringLiteral("Close Workspace"))
            action->trigger();
    }
    QTRY_VERIFY(!m_program->workspace().state().isOpen);
    check(m_program->window());
}

void AccessibilityTest::tabGoesFromThePlacesThroughThePageToTheMessage()
{
    QWidget &window = m_program->window();
    QList<const QWidget *> chain;
    for (QWidget *one = window.nextInFocusChain(); one != &window; one = one->nextInFocusChain())
        chain.append(one);
    const auto places = [&](const QWidget &part) {
        std::pair<qsizetype, qsizetype> range{chain.size(), -1};
        for (qsizetype i = 0; i < chain.size(); ++i) {
            if (chain[i]->focusPolicy() != Qt::NoFocus && (chain[i] == &part || part.isAncestorOf(chain[i])))
                range = {std::min(range.first, i), std::max(range.second, i)};
        }
        return range;
    };
    const auto rail = places(*window.findChild<shell::Rail *>());
    const auto message = places(*window.findChild<widgets::MessageBar *>(QStringLiteral("messages")));
    const auto status = places(*window.findChild<widgets::StatusBar *>());
    QVERIFY2(rail.second >= 0 && message.second > rail.second && status.first > message.second,
             qPrintable(QStringLiteral("rail to %1, message %2 to %3, status from %4").arg(rail.second).arg(message.first).arg(message.second).arg(status.first)));
    const auto pages = window.findChildren<widgets::Page *>();
    QVERIFY(pages.size() >= 7);
    for (const widgets::Page *page : pages) {
        const auto range = places(*page);
        QVERIFY2(range.second < message.first, qPrintable(QStringLiteral("%1: %2 %3").arg(QString::fromLatin1(page->metaObject()->className()),
                 QString::fromLatin1(chain.at(range.second)->metaObject()->className()), chain.at(range.second)->accessibleName())));
        if (!page->inherits("countersign::welcome::WelcomePage"))
            QVERIFY2(range.first > rail.second, page->metaObject()->className());
    }
}

void AccessibilityTest::noTwoEntriesOfAMenuShareAMnemonic()
{
    const auto mnemonics = [](const QList<QAction *> &actions, const QString &menu) {
        QHash<QChar, QString> taken;
        for (const QAction *action : actions) {
            const qsizetype at = action->text().indexOf(QLatin1Char('&'));
            if (at < 0 || at + 1 >= action->text().size() || action->text().at(at + 1) == QLatin1Char('&'))
                continue;
            const QChar key = action->text().at(at + 1).toLower();
            QVERIFY2(!taken.contains(key), qPrintable(menu + QStringLiteral(": ") + taken.value(key) + QStringLiteral(", ") + action->text()));
            taken.insert(key, action->text());
        }
    };
    const auto *bar = m_program->window().findChild<QMenuBar *>();
    QVERIFY(bar && bar->actions().size() >= 4);
    mnemonics(bar->actions(), QStringLiteral("menu bar"));
    for (const QAction *menu : bar->actions()) {
        QVERIFY2(menu->text().contains(QLatin1Char('&')), qPrintable(menu->text())); // reached by Alt and a letter
        mnemonics(menu->menu()->actions(), menu->text());
    }
}

void AccessibilityTest::noTwoActionsShareAShortcut()
{
    QHash<QString, QString> taken;
    for (const QAction *action : m_program->window().findChildren<QAction *>()) {
        for (const QKeySequence &keys : action->shortcuts()) {
            const QString key = keys.toString();
            QVERIFY2(!taken.contains(key), qPrintable(key + QStringLiteral(": ") + taken.value(key) + QStringLiteral(", ") + action->text()));
            taken.insert(key, action->text());
        }
    }
    QVERIFY(taken.size() > 8);
}

QTEST_MAIN(AccessibilityTest)
#include "tst_accessibility.moc"
