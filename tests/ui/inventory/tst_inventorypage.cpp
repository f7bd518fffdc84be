#include "models/items/inventory/inventorytable.h"
#include "tests/models/items/inventoryfixture.h"
#include "ui/inventory/inventorypage.h"
#include "ui/shell/mainwindow.h"
#include "ui/theme/theme.h"
#include "ui/widgets/cards/chip.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/facetlist.h"
#include "ui/widgets/fields/searchfield.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace countersign;
using namespace countersign::test;
using items::InventoryTable;
using widgets::Target;

namespace {

/// Remembers what it was asked to show, as the model page or the import would.
class OtherPage : public widgets::Page
{
public:
    QString title() const override { return QStringLiteral("Other"); }
    void open(const Target &target) override { last = target; }
    Target last;
};

} // namespace

/// The page in the real frame, over a real workspace, by real clicks and keys.
class InventoryPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QSettings().clear(); }
    void saysWhatIsThere();
    void typingFilters();
    void controlFGoesToTheFilterAndDownToTheTable();
    void tickingAFacetRestrictsAndCountsTheOthers();
    void aChipSaysTheConditionInFullAndGoesByDelete();
    void clearAllShowsEverythingAgain();
    void aClickOnAHeadSorts();
    void theDetailFollowsTheSelection();
    void enterOpensTheSelectedModel();
    void selectionAndScrollSurviveBackAndRefresh();
    void theSelectedModelIsSelectedAgainWhenTheFilterGoes();
    void f6WalksThePanesOfThePageAndThenOn();
    void anEmptyWorkspaceOffersImport();
    void aFilterThatLeavesNothingOffersToClearIt();
    void aTargetSelectsAModelOrFilters();
    void anotherWorkspaceStartsAfresh();
    void everyFocusableControlHasAName();
    void picturesInBothSchemes();

private:
    struct Shown {
        TemporaryFolder folder;
        InventoryWorkspace inventory{folder};
        shell::MainWindow window;
        pages::InventoryPage *page = nullptr;
        OtherPage *model = nullptr;
        OtherPage *import = nullptr;

        template<class T>
        T *find() const { return page->findChild<T *>(); }
        widgets::TableView &table() const { return *find<widgets::TableView>(); }
        widgets::SearchField &search() const { return *find<widgets::SearchField>(); }
        QString cell(int row, int column) const { return table().model()->index(row, column).data().toString(); }
        QString sentence() const;
        QStringList chips() const;
        void tick(const QString &group, const QString &label) const;
        QString facetCount(const QString &group, const QString &label) const;
        bool shows(const QString &text) const;
        QPushButton *button(const QString &text) const;
        QModelIndex facet(const QString &group, const QString &label) const;
    };
    static std::unique_ptr<Shown> shown(int models);
};

void InventoryPageTest::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("countersign-test"));
    QCoreApplication::setApplicationName(QStringLiteral("inventory"));
    theme::install(*qApp);
}

std::unique_ptr<InventoryPageTest::Shown> InventoryPageTest::shown(int models)
{
    auto made = std::make_unique<Shown>();
    if (!made->inventory.open([models](services::Session &session) {
            if (models)
                insertModels(session, models);
        }))
        return {};
    made->page = new pages::InventoryPage(made->inventory.workspace);
    made->model = new OtherPage;
    made->import = new OtherPage;
    made->window.addPage(QStringLiteral("inventory"), QStringLiteral("Inventory"), QStringLiteral("inventory"), made->page, shell::InRail::Yes);
    made->window.addPage(QStringLiteral("model"), QStringLiteral("Model"), QStringLiteral("chart"), made->model, shell::InRail::No);
    made->window.addPage(QStringLiteral("import"), QStringLiteral("Import"), QStringLiteral("import"), made->import, shell::InRail::No);
    made->window.resize(1280, 720);
    made->window.open({QStringLiteral("inventory"), {}, {}, {}, {}});
    made->window.show();
    made->window.activateWindow();
    if (!QTest::qWaitForWindowActive(&made->window) || !made->inventory.settle())
        return {};
    return made;
}

QString InventoryPageTest::Shown::sentence() const
{
    for (const auto *label : page->findChildren<widgets::PlainLabel *>()) {
        if (label->text().contains(QStringLiteral("models")))
            return label->text();
    }
    return {};
}

QStringList InventoryPageTest::Shown::chips() const
{
    QStringList texts;
    for (const auto *chip : page->findChildren<widgets::Chip *>()) {
        if (chip->isVisible())
            texts.append(chip->text());
    }
    return texts;
}

QModelIndex InventoryPageTest::Shown::facet(const QString &group, const QString &label) const
{
    const QAbstractItemModel *facets = find<widgets::FacetList>()->model();
    for (int g = 0; g < facets->rowCount(); ++g) {
        const QModelIndex head = facets->index(g, 0);
        for (int r = 0; head.data().toString() == group && r < facets->rowCount(head); ++r) {
            if (facets->index(r, 0, head).data().toString() == label)
                return facets->index(r, 0, head);
        }
    }
    return {};
}

void InventoryPageTest::Shown::tick(const QString &group, const QString &label) const
{
    auto *facets = find<widgets::FacetList>();
    const QModelIndex row = facet(group, label);
    QVERIFY2(row.isValid(), qPrintable(label));
    facets->scrollTo(row);
    QTest::mouseClick(facets->viewport(), Qt::LeftButton, {}, facets->visualRect(row).center());
}

QString InventoryPageTest::Shown::facetCount(const QString &group, const QString &label) const
{
    return facet(group, label).data(Qt::AccessibleTextRole).toString();
}

bool InventoryPageTest::Shown::shows(const QString &text) const
{
    for (const auto *label : page->findChildren<QLabel *>()) {
        if (label->isVisible() && label->text().contains(text))
            return true;
    }
    return false;
}

QPushButton *InventoryPageTest::Shown::button(const QString &text) const
{
    for (auto *one : page->findChildren<QPushButton *>()) {
        if (one->isVisible() && one->text() == text)
            return one;
    }
    return nullptr;
}

void InventoryPageTest::saysWhatIsThere()
{
    const auto s = shown(1200);
    QVERIFY(s);
    QCOMPARE(s->table().model()->rowCount(), 1200);
    QCOMPARE(s->sentence(), QStringLiteral("1,200 models. 120 fail a limit; 120 sign-offs are stale."));
    QVERIFY(s->facetCount(QStringLiteral("Verdict"), QStringLiteral("Fail")).contains(QStringLiteral("120")));
}

void InventoryPageTest::typingFilters()
{
    const auto s = shown(300);
    QVERIFY(s);
    s->search().setFocus();
    QTest::keyClicks(&s->search(), QStringLiteral("OWNER 3"));
    QTRY_VERIFY(s->table().model()->rowCount() < 300);
    QVERIFY(s->inventory.settle());
    for (int row = 0; row < s->table().model()->rowCount(); ++row)
        QCOMPARE(s->cell(row, InventoryTable::Owner), QStringLiteral("Owner 3"));
    QCOMPARE(s->chips(), QStringList{QStringLiteral("name or owner contains “OWNER 3”")});
    QVERIFY2(s->sentence().contains(QStringLiteral("of 300 models")), qPrintable(s->sentence()));
    QTest::keyClick(&s->search(), Qt::Key_Escape);
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->table().model()->rowCount(), 300);
    QVERIFY(s->chips().isEmpty());
}

void InventoryPageTest::controlFGoesToTheFilterAndDownToTheTable()
{
    const auto s = shown(10);
    QVERIFY(s);
    s->table().setFocus();
    QTest::keyClick(&s->table(), Qt::Key_F, Qt::ControlModifier);
    QVERIFY(s->search().hasFocus());
    QTest::keyClick(&s->search(), Qt::Key_Down);
    QVERIFY(s->table().hasFocus());
}

void InventoryPageTest::tickingAFacetRestrictsAndCountsTheOthers()
{
    const auto s = shown(300);
    QVERIFY(s);
    s->tick(QStringLiteral("Verdict"), QStringLiteral("Fail"));
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->table().model()->rowCount(), 30);
    s->tick(QStringLiteral("Verdict"), QStringLiteral("Watch"));
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->table().model()->rowCount(), 90); // either
    QVERIFY(s->facetCount(QStringLiteral("Verdict"), QStringLiteral("Pass")).contains(QStringLiteral("180"))); // its own restriction does not count
    QVERIFY(s->facetCount(QStringLiteral("Signed"), QStringLiteral("Stale")).contains(QStringLiteral(", 0")));
    QCOMPARE(s->chips(), QStringList{QStringLiteral("verdict is Fail or Watch")});
    s->tick(QStringLiteral("Tier"), QStringLiteral("No tier"));
    QVERIFY(s->inventory.settle());
    QVERIFY(s->table().model()->rowCount() < 90);
    QCOMPARE(s->chips().size(), 2);
    QCOMPARE(s->chips().last(), QStringLiteral("tier is not set"));
}

void InventoryPageTest::aChipSaysTheConditionInFullAndGoesByDelete()
{
    const auto s = shown(300);
    QVERIFY(s);
    s->tick(QStringLiteral("Verdict"), QStringLiteral("Fail"));
    s->tick(QStringLiteral("Stage"), QStringLiteral("In use"));
    QVERIFY(s->inventory.settle());
    const int both = s->table().model()->rowCount();
    QCOMPARE(s->chips(), (QStringList{QStringLiteral("verdict is Fail"), QStringLiteral("stage is In use")}));
    auto *first = s->find<widgets::Chip>();
    first->setFocus();
    QTest::keyClick(first, Qt::Key_Delete);
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->chips(), QStringList{QStringLiteral("stage is In use")});
    QVERIFY(s->table().model()->rowCount() > both);
    auto *second = qobject_cast<widgets::Chip *>(s->window.focusWidget()); // the neighbour took the keyboard
    QVERIFY(second);
    QTest::keyClick(second, Qt::Key_Delete);
    QVERIFY(s->inventory.settle());
    QVERIFY(s->chips().isEmpty());
    QCOMPARE(s->table().model()->rowCount(), 300);
    QVERIFY(s->table().hasFocus());
    QVERIFY(s->find<widgets::FacetList>()->checked(QStringLiteral("stage")).isEmpty());
}

void InventoryPageTest::clearAllShowsEverythingAgain()
{
    const auto s = shown(300);
    QVERIFY(s);
    s->search().setFocus();
    QTest::keyClicks(&s->search(), QStringLiteral("model-0"));
    QTest::keyClick(&s->search(), Qt::Key_Return);
    s->tick(QStringLiteral("Verdict"), QStringLiteral("Pass"));
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->chips().size(), 2);
    QPushButton *clear = s->button(QStringLiteral("Clear All"));
    QVERIFY(clear);
    QTest::mouseClick(clear, Qt::LeftButton);
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->table().model()->rowCount(), 300);
    QVERIFY(s->search().text().isEmpty());
    QVERIFY(s->chips().isEmpty());
}

void InventoryPageTest::aClickOnAHeadSorts()
{
    const auto s = shown(100);
    QVERIFY(s);
    QHeaderView *heads = s->table().horizontalHeader();
    const auto clickHead = [&](int column) {
        const QPoint at(heads->sectionViewportPosition(column) + 12, heads->height() / 2);
        QTest::mouseClick(heads->viewport(), Qt::LeftButton, {}, at);
    };
    clickHead(InventoryTable::Owner);
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->cell(0, InventoryTable::Owner), QStringLiteral("Owner 0"));
    clickHead(InventoryTable::Owner);
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->cell(0, InventoryTable::Owner), QStringLiteral("Owner 6"));
    clickHead(InventoryTable::Verdict);
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->cell(0, InventoryTable::Verdict), QStringLiteral("Fail")); // worst first
}

void InventoryPageTest::theDetailFollowsTheSelection()
{
    const auto s = shown(50);
    QVERIFY(s);
    s->table().setFocus();
    for (int row = 0; row < 3; ++row) {
        QVERIFY(s->inventory.settle());
        const QString name = s->cell(row, InventoryTable::Model) + QLatin1Char(' ') + s->cell(row, InventoryTable::Version);
        QVERIFY2(s->shows(name), qPrintable(name));
        QTest::keyClick(&s->table(), Qt::Key_Down);
    }
    QVERIFY(s->inventory.settle());
    QVERIFY(s->shows(QStringLiteral("No limit applies to this version yet.")));
}

void InventoryPageTest::enterOpensTheSelectedModel()
{
    const auto s = shown(50);
    QVERIFY(s);
    s->table().setFocus();
    QTest::keyClick(&s->table(), Qt::Key_Down);
    const QString id = s->table().model()->index(1, 0).data(InventoryTable::ModelRole).toString();
    QTest::keyClick(&s->table(), Qt::Key_Return);
    QCOMPARE(s->window.currentPage(), s->model);
    QCOMPARE(s->model->last.model, id);
    QCOMPARE(s->model->last.version, s->table().model()->index(1, 0).data(InventoryTable::VersionRole).toString());
}

void InventoryPageTest::selectionAndScrollSurviveBackAndRefresh()
{
    const auto s = shown(1000);
    QVERIFY(s);
    s->table().setFocus();
    s->table().verticalScrollBar()->setValue(s->table().rowHeight(0) * 500);
    QVERIFY(s->inventory.settle());
    const int top = s->table().verticalScrollBar()->value();
    QTest::mouseClick(s->table().viewport(), Qt::LeftButton, {}, QPoint(60, s->table().rowHeight(0) * 2 + 5));
    const int row = s->table().currentIndex().row();
    QCOMPARE(row, 502);
    const QString id = s->table().currentIndex().data(InventoryTable::ModelRole).toString();
    QTest::keyClick(&s->table(), Qt::Key_Return);
    QCOMPARE(s->window.currentPage(), s->model);

    // Meanwhile the inventory changes: a model before the selected one goes.
    QVERIFY(s->inventory.onLane([](services::Session &session) {
        store::Statements sql(session.connection());
        sql.run("DELETE FROM model WHERE no = (SELECT no FROM model ORDER BY name_key LIMIT 1)");
        return sql.status();
    }));
    QTest::keyClick(&s->window, Qt::Key_Left, Qt::AltModifier);
    QCOMPARE(s->window.currentPage(), s->page);
    QCOMPARE(s->table().currentIndex().row(), row);
    QCOMPARE(s->table().verticalScrollBar()->value(), top);
    QTest::keyClick(&s->window, Qt::Key_F5);
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->table().model()->rowCount(), 999);
    QCOMPARE(s->table().currentIndex().data(InventoryTable::ModelRole).toString(), id);
    QCOMPARE(s->table().currentIndex().row(), row - 1);
    QCOMPARE(s->table().verticalScrollBar()->value(), top);
}

void InventoryPageTest::theSelectedModelIsSelectedAgainWhenTheFilterGoes()
{
    const auto s = shown(300);
    QVERIFY(s);
    s->table().setFocus();
    while (s->cell(s->table().currentIndex().row(), InventoryTable::Verdict) != QStringLiteral("Pass"))
        QTest::keyClick(&s->table(), Qt::Key_Down);
    const QString id = s->table().currentIndex().data(InventoryTable::ModelRole).toString();
    s->tick(QStringLiteral("Verdict"), QStringLiteral("Fail"));
    QVERIFY(s->inventory.settle());
    QVERIFY(s->table().currentIndex().data(InventoryTable::ModelRole).toString() != id);
    s->tick(QStringLiteral("Verdict"), QStringLiteral("Fail"));
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->table().currentIndex().data(InventoryTable::ModelRole).toString(), id);
}

void InventoryPageTest::f6WalksThePanesOfThePageAndThenOn()
{
    const auto s = shown(10);
    QVERIFY(s);
    const auto press = [&](Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(s->window.focusWidget(), Qt::Key_F6, modifiers); };
    s->find<widgets::FacetList>()->setFocus();
    press();
    QVERIFY(s->table().hasFocus());
    press();
    QVERIFY(s->button(QStringLiteral("Open"))->hasFocus());
    press();
    QVERIFY(!s->page->isAncestorOf(s->window.focusWidget())); // the frame goes on
    s->table().setFocus();
    press(Qt::ShiftModifier);
    QVERIFY(s->find<widgets::FacetList>()->hasFocus());
}

void InventoryPageTest::anEmptyWorkspaceOffersImport()
{
    const auto s = shown(0);
    QVERIFY(s);
    auto *empty = s->table().emptyState();
    QVERIFY(empty->isVisible());
    QCOMPARE(empty->cause(), widgets::EmptyState::Cause::NothingYet);
    QCOMPARE(empty->accessibleName(), QStringLiteral("No models yet"));
    auto *act = empty->findChild<QPushButton *>();
    QCOMPARE(act->text(), QStringLiteral("Import…"));
    QTest::mouseClick(act, Qt::LeftButton);
    QCOMPARE(s->window.currentPage(), s->import);
}

void InventoryPageTest::aFilterThatLeavesNothingOffersToClearIt()
{
    const auto s = shown(40);
    QVERIFY(s);
    s->search().setFocus();
    QTest::keyClicks(&s->search(), QStringLiteral("zzz"));
    QTest::keyClick(&s->search(), Qt::Key_Return);
    QVERIFY(s->inventory.settle());
    auto *empty = s->table().emptyState();
    QVERIFY(empty->isVisible());
    QCOMPARE(empty->cause(), widgets::EmptyState::Cause::FilteredOut);
    QCOMPARE(s->sentence(), QStringLiteral("0 of 40 models."));
    QTest::mouseClick(empty->findChild<QPushButton *>(), Qt::LeftButton);
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->table().model()->rowCount(), 40);
    QVERIFY(!empty->isVisible());
}

void InventoryPageTest::aTargetSelectsAModelOrFilters()
{
    const auto s = shown(600);
    QVERIFY(s);
    s->window.open({QStringLiteral("inventory"), QStringLiteral("m:00000099"), {}, {}, {}});
    QVERIFY(s->inventory.settle());
    QCOMPARE(s->table().currentIndex().data(InventoryTable::ModelRole).toString(), QStringLiteral("m:00000099"));
    s->window.open({QStringLiteral("inventory"), {}, {}, {}, QStringLiteral("owner 2")});
    QTRY_COMPARE(s->cell(0, InventoryTable::Owner), QStringLiteral("Owner 2"));
}

void InventoryPageTest::anotherWorkspaceStartsAfresh()
{
    const auto s = shown(40);
    QVERIFY(s);
    s->tick(QStringLiteral("Verdict"), QStringLiteral("Fail"));
    QVERIFY(s->inventory.settle());
    s->inventory.workspace.close();
    QTRY_VERIFY(!s->inventory.workspace.state().isOpen);
    QCOMPARE(s->table().model()->rowCount(), 0);
    QVERIFY(s->chips().isEmpty());
}

void InventoryPageTest::everyFocusableControlHasAName()
{
    const auto s = shown(20);
    QVERIFY(s);
    s->tick(QStringLiteral("Verdict"), QStringLiteral("Fail"));
    QVERIFY(s->inventory.settle());
    for (const auto *widget : s->page->findChildren<QWidget *>()) {
        if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus))
            continue;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const bool hasName = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
        QVERIFY2(hasName, widget->metaObject()->className());
    }
}

void InventoryPageTest::picturesInBothSchemes()
{
    const auto s = shown(37);
    QVERIFY(s);
    s->tick(QStringLiteral("Verdict"), QStringLiteral("Fail"));
    s->tick(QStringLiteral("Verdict"), QStringLiteral("Watch"));
    s->tick(QStringLiteral("Tier"), QStringLiteral("Tier 1"));
    s->table().setFocus();
    QVERIFY(s->inventory.settle());
    QDir(QCoreApplication::applicationDirPath()).mkpath(QStringLiteral("gallery"));
    QList<QRgb> grounds;
    for (const theme::Scheme scheme : {theme::Scheme::Light, theme::Scheme::Dark}) {
        theme::apply(*qApp, scheme);
        QVERIFY(s->inventory.settle());
        const QImage picture = s->window.grab().toImage();
        grounds.append(picture.pixel(picture.width() - 40, picture.height() / 2));
        QCOMPARE(grounds.last() & 0xffffff, theme::current().page.rgb() & 0xffffff);
        picture.save(QStringLiteral("%1/gallery/inventory-%2.png").arg(QCoreApplication::applicationDirPath(), scheme == theme::Scheme::Dark ? QStringLiteral("dark") : QStringLiteral("light")));
    }
    theme::apply(*qApp, theme::Scheme::Light);
}

QTEST_MAIN(InventoryPageTest)
#include "tst_inventorypage.moc"
