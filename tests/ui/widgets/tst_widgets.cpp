#include "ui/theme/theme.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/chip.h"
#include "ui/widgets/cards/flowlayout.h"
#include "ui/widgets/cards/keyvaluelist.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/facetlist.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/fields/searchfield.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/frame/statusbar.h"
#include "ui/widgets/frame/tabstrip.h"
#include "ui/widgets/messages/busyoverlay.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/messages/messagebar.h"
#include "ui/widgets/tables/tabledelegate.h"
#include "ui/widgets/tables/tableview.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QDialog>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QStandardPaths>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace countersign;
using namespace countersign::widgets;

class TestWidgets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QSettings().clear(); }
    void labelsShowMarkupAsText();
    void labelsFollowTheTheme();
    void copiesSelectedRowsWithHeadsInShownOrder();
    void protectsCellsThatASpreadsheetWouldCalculate();
    void copiesOneValueWithShift();
    void remembersColumnsAndResetsThem();
    void keepsTheLeastWidthOfTheStretchingColumn();
    void textsThatWouldBeCutGetTheRoomFirst();
    void whatRowsHoldIsNotCutWhereThereIsRoom();
    void aWidthSetByHandStays();
    void cutCellsTellTheirTextInAToolTip();
    void toolTipsShowMarkupAsText();
    void theKeyboardSelectsTheRowItArrivesAt();
    void aStateDoesNotNarrowTheValuesAroundIt();
    void showsTheEmptyStateOnlyWithoutRows();
    void tabLeavesTheTable();
    void enterOpensARow();
    void delRemovesAChip();
    void clickOnTheCrossRemovesAChip();
    void chipsWrap();
    void spaceTicksAFacet();
    void aClickAnywhereTicksAFacetOnce();
    void facetsKeepTheirPlaceWhenCountsChange();
    void searchWaitsForAPauseAndEscEmpties();
    void messagesRunTheirActionAndCloseWithEsc();
    void segmentsAnnounceTheChoice();
    void tabStopsOnceInSegments();
    void enterPressesTheButtonThatHasTheFocus();
    void tabsAnnounceKeysNotIndexes();
    void theLatestJobIsShownAndCancelled();
    void fieldErrorsStandAtTheField();
    void scriptedDialogsAnswerInOrder();
    void shortWorkShowsNoOverlay();
    void afterCancelTheFocusIsWhereItWas();
};

namespace {

QStandardItemModel *people(QObject *parent)
{
    auto *model = new QStandardItemModel(parent);
    model->setHorizontalHeaderLabels({QStringLiteral("Name"), QStringLiteral("Note"), QStringLiteral("n")});
    for (const QStringList &row : {QStringList{QStringLiteral("alpha"), QStringLiteral("=1+1"), QStringLiteral("-5")},
                                   QStringList{QStringLiteral("beta"), QStringLiteral("two\tlines\nhere"), QStringLiteral("7")},
                                   QStringList{QStringLiteral("gamma"), QStringLiteral("plain"), QStringLiteral("9")}}) {
        QList<QStandardItem *> items;
        for (const QString &cell : row)
            items.append(new QStandardItem(cell));
        model->appendRow(items);
    }
    return model;
}

std::unique_ptr<TableView> makeTable()
{
    auto table = std::make_unique<TableView>(QStringLiteral("People"));
    table->setColumnFormat(0, {.width = 100, .isStrong = true});
    table->setColumnFormat(1, {.width = 150, .stretches = true});
    table->setColumnFormat(2, {.kind = CellKind::Number, .width = 60});
    table->setModel(people(table.get()));
    return table;
}

void press(QWidget &widget, const QPoint &at)
{
    QTest::mouseClick(&widget, Qt::LeftButton, Qt::NoModifier, at);
}

} // namespace

void TestWidgets::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("countersign-test"));
    QCoreApplication::setApplicationName(QStringLiteral("widgets"));
    theme::install(*qApp);
}

void TestWidgets::labelsShowMarkupAsText()
{
    const PlainLabel label(QStringLiteral("<b>bold</b><img src=x>"));
    QCOMPARE(label.textFormat(), Qt::PlainText);
    const QFontMetrics metrics(label.font());
    QVERIFY(label.sizeHint().width() >= metrics.horizontalAdvance(QStringLiteral("<b>bold</b><img src=x>")));
}

void TestWidgets::labelsFollowTheTheme()
{
    theme::instance()->apply(theme::Scheme::Light);
    PlainLabel label(QStringLiteral("text"), theme::Type::Secondary, Ink::Tertiary);
    QCOMPARE(label.palette().color(QPalette::WindowText), theme::tokens(theme::Scheme::Light).tertiary);
    theme::instance()->apply(theme::Scheme::Dark); // before it was ever shown
    label.show();
    QCOMPARE(label.palette().color(QPalette::WindowText), theme::tokens(theme::Scheme::Dark).tertiary);
    theme::instance()->apply(theme::Scheme::Light); // while it is shown: Qt tells widgets from the event loop
    QTRY_COMPARE(label.palette().color(QPalette::WindowText), theme::tokens(theme::Scheme::Light).tertiary);
}

void TestWidgets::copiesSelectedRowsWithHeadsInShownOrder()
{
    const auto table = makeTable();
    table->horizontalHeader()->moveSection(2, 0);
    table->setColumnHidden(1, true);
    table->selectionModel()->select(table->model()->index(2, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    table->selectionModel()->select(table->model()->index(0, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    QTest::keyClick(table.get(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("n\tName\n-5\talpha\n9\tgamma\n"));
}

void TestWidgets::protectsCellsThatASpreadsheetWouldCalculate()
{
    QCOMPARE(spreadsheetSafe(QStringLiteral("=HYPERLINK(\"x\")")), QStringLiteral("'=HYPERLINK(\"x\")"));
    QCOMPARE(spreadsheetSafe(QStringLiteral(" @sum")), QStringLiteral("' @sum"));
    QCOMPARE(spreadsheetSafe(QStringLiteral("+1-cmd")), QStringLiteral("'+1-cmd"));
    QCOMPARE(spreadsheetSafe(QStringLiteral("-0.5")), QStringLiteral("-0.5"));
    QCOMPARE(spreadsheetSafe(QStringLiteral("two\tlines\nhere")), QStringLiteral("two lines here"));
    QCOMPARE(spreadsheetSafe(QString()), QString());
}

void TestWidgets::copiesOneValueWithShift()
{
    const auto table = makeTable();
    table->setCurrentIndex(table->model()->index(1, 0));
    QTest::keyClick(table.get(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("beta"));
}

void TestWidgets::remembersColumnsAndResetsThem()
{
    {
        const auto table = makeTable();
        table->setSettingsKey(QStringLiteral("people"));
        table->columnsMenu()->popup(QPoint(0, 0));
        table->columnsMenu()->actions().at(1)->trigger();
        table->columnsMenu()->close();
        QVERIFY(table->isColumnHidden(1));
        table->setColumnWidth(0, 177);
        table->horizontalHeader()->moveSection(2, 0);
    }
    const auto again = makeTable();
    again->setSettingsKey(QStringLiteral("people"));
    QVERIFY(again->isColumnHidden(1));
    QCOMPARE(again->columnWidth(0), 177);
    QCOMPARE(again->horizontalHeader()->visualIndex(2), 0);
    again->resetColumns();
    QVERIFY(!again->isColumnHidden(1));
    QCOMPARE(again->columnWidth(0), 100);
    QCOMPARE(again->horizontalHeader()->visualIndex(2), 2);
}

void TestWidgets::keepsTheLeastWidthOfTheStretchingColumn()
{
    const auto table = makeTable();
    table->resize(600, 200);
    table->show();
    QVERIFY(QTest::qWaitForWindowExposed(table.get()));
    QCOMPARE(table->columnWidth(0) + table->columnWidth(1) + table->columnWidth(2), table->viewport()->width());
    table->resize(200, 200);
    QTRY_COMPARE(table->columnWidth(1), 150);
}

void TestWidgets::textsThatWouldBeCutGetTheRoomFirst()
{
    TableView table(QStringLiteral("People"));
    table.setColumnFormat(0, {.width = 60, .most = 300});
    table.setColumnFormat(1, {.width = 100, .stretches = true});
    table.setColumnFormat(2, {.kind = CellKind::Number, .width = 60});
    QStandardItemModel *model = people(&table);
    model->item(1, 0)->setText(QStringLiteral("a name that needs a good deal of room"));
    table.setModel(model);
    table.resize(theme::scaled(900), 300);
    table.show();
    const int needed = QFontMetrics(theme::font(theme::Type::Body)).horizontalAdvance(model->item(1, 0)->text());
    QVERIFY2(table.columnWidth(0) > needed && table.columnWidth(0) <= theme::scaled(300), qPrintable(QString::number(table.columnWidth(0))));
    QCOMPARE(table.columnWidth(0) + table.columnWidth(1) + table.columnWidth(2), table.viewport()->width());
    table.resize(theme::scaled(240), 300); // little room: back to the widths of the page
    QCOMPARE(table.columnWidth(0), theme::scaled(60) + qMax(0, table.viewport()->width() - theme::scaled(220)));
    QCOMPARE(table.columnWidth(1), theme::scaled(100));
}

void TestWidgets::whatRowsHoldIsNotCutWhereThereIsRoom()
{
    TableView table(QStringLiteral("Log"));
    QStandardItemModel *model = people(&table);
    model->item(1, 0)->setText(QStringLiteral("a text far longer than what a column without a width is given as long as others may need the room, and so was cut"));
    table.setModel(model);
    table.resize(theme::scaled(1200), 300);
    table.show();
    table.setColumnFormats({{.most = 900}, {.most = 900}, {.kind = CellKind::Number, .most = 900}});
    const int needed = QFontMetrics(theme::font(theme::Type::Body)).horizontalAdvance(model->item(1, 0)->text());
    QVERIFY(needed > theme::scaled(320));
    QVERIFY2(table.columnWidth(0) > needed, qPrintable(QString::number(table.columnWidth(0))));
    QVERIFY(table.columnWidth(1) < theme::scaled(320)); // as wide as its own texts need
    table.resize(theme::scaled(300), 300); // no room: cut again, and the others can be read
    QVERIFY(table.columnWidth(0) <= theme::scaled(320));
}

void TestWidgets::aWidthSetByHandStays()
{
    {
        TableView table(QStringLiteral("People"));
        table.setColumnFormat(0, {.width = 60, .most = 300});
        table.setColumnFormat(1, {.width = 100, .stretches = true});
        table.setModel(people(&table));
        table.setSettingsKey(QStringLiteral("hand"));
        table.resize(theme::scaled(900), 300);
        table.show();
        table.setColumnWidth(0, 200);
        table.resize(theme::scaled(1000), 300);
        QCOMPARE(table.columnWidth(0), 200);
    }
    TableView again(QStringLiteral("People"));
    again.setColumnFormat(0, {.width = 60, .most = 300});
    again.setColumnFormat(1, {.width = 100, .stretches = true});
    again.setModel(people(&again));
    again.setSettingsKey(QStringLiteral("hand"));
    again.resize(theme::scaled(900), 300);
    again.show();
    QCOMPARE(again.columnWidth(0), 200);
}

void TestWidgets::cutCellsTellTheirTextInAToolTip()
{
    const auto table = makeTable();
    auto *model = qobject_cast<QStandardItemModel *>(table->model());
    model->item(0, 0)->setText(QStringLiteral("alpha of the many words that do not fit"));
    model->item(2, 2)->setToolTip(QStringLiteral("told by the model"));
    table->resize(theme::scaled(400), 300);
    table->show();
    const auto tip = [&](int row, int column) {
        QStyleOptionViewItem option;
        const QModelIndex index = model->index(row, column);
        option.initFrom(table.get());
        option.rect = table->visualRect(index);
        return qobject_cast<TableDelegate *>(table->itemDelegate())->toolTip(option, index);
    };
    QCOMPARE(tip(0, 0), model->item(0, 0)->text());
    QCOMPARE(tip(1, 0), QString());
    QCOMPARE(tip(2, 2), QStringLiteral("told by the model"));
}

void TestWidgets::toolTipsShowMarkupAsText()
{
    QCOMPARE(literalToolTip(QStringLiteral("plain")), QStringLiteral("plain"));
    QCOMPARE(literalToolTip(QStringLiteral("<b>x</b>")), QStringLiteral("<qt>&lt;b&gt;x&lt;/b&gt;</qt>"));
    PlainLabel label(QStringLiteral("<img src=http://example.org/x> and more words than there is room for"));
    label.setElide(Qt::ElideRight);
    label.resize(60, 30);
    label.grab();
    QVERIFY(!label.toolTip().contains(QStringLiteral("<img")));
}

void TestWidgets::theKeyboardSelectsTheRowItArrivesAt()
{
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    auto *button = new QPushButton(QStringLiteral("before"));
    auto *table = makeTable().release();
    column->addWidget(button);
    column->addWidget(table);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    button->setFocus();
    QVERIFY(!table->selectionModel()->hasSelection());
    QTest::keyClick(button, Qt::Key_Tab);
    QVERIFY(table->hasFocus());
    QCOMPARE(table->currentIndex().row(), 0);
    QVERIFY(table->selectionModel()->isRowSelected(0));
    QTest::keyClick(table, Qt::Key_Down);
    QTest::keyClick(table, Qt::Key_Tab, Qt::ShiftModifier);
    QTest::keyClick(button, Qt::Key_Tab);
    QVERIFY(table->selectionModel()->isRowSelected(1)); // what was chosen stays
}

void TestWidgets::aStateDoesNotNarrowTheValuesAroundIt()
{
    KeyValueList list;
    list.add(QStringLiteral("Purpose"), QStringLiteral("A sentence that is long enough to need more than the room of a short state word beside it."));
    list.addState(QStringLiteral("Signature"), theme::State::Pass, QStringLiteral("valid"));
    list.resize(500, list.heightForWidth(500));
    list.show();
    const auto labels = list.findChildren<PlainLabel *>();
    const auto widest = std::ranges::max(labels, {}, [](const PlainLabel *label) { return label->width(); });
    QVERIFY2(widest->width() > 350, qPrintable(QString::number(widest->width())));
}

void TestWidgets::showsTheEmptyStateOnlyWithoutRows()
{
    const auto table = makeTable();
    table->emptyState()->describe(EmptyState::Cause::FilteredOut, QStringLiteral("Nothing matches."), {}, QStringLiteral("Clear Filter"));
    table->show();
    QVERIFY(!table->emptyState()->isVisible());
    table->model()->removeRows(0, 3);
    QVERIFY(table->emptyState()->isVisible());
    QSignalSpy acts(table->emptyState(), &EmptyState::actRequested);
    QTest::mouseClick(table->emptyState()->findChild<QPushButton *>(), Qt::LeftButton);
    QCOMPARE(acts.count(), 1);
    QCOMPARE(acts.first().first().value<EmptyState::Cause>(), EmptyState::Cause::FilteredOut);
}

void TestWidgets::tabLeavesTheTable()
{
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    auto *table = makeTable().release();
    auto *after = new QPushButton(QStringLiteral("After"));
    column->addWidget(table);
    column->addWidget(after);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), after);
}

void TestWidgets::enterOpensARow()
{
    const auto table = makeTable();
    table->show();
    table->setCurrentIndex(table->model()->index(1, 0));
    QSignalSpy opened(table.get(), &QAbstractItemView::activated);
    QTest::keyClick(table.get(), Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened.first().first().toModelIndex().row(), 1);
}

void TestWidgets::delRemovesAChip()
{
    Chip chip(QStringLiteral("tier is"), QStringLiteral("1"));
    QVERIFY(chip.accessibleName().contains(QStringLiteral("tier is 1")));
    QSignalSpy removed(&chip, &Chip::removeRequested);
    QSignalSpy edited(&chip, &Chip::editRequested);
    QTest::keyClick(&chip, Qt::Key_Delete);
    QTest::keyClick(&chip, Qt::Key_Return);
    QCOMPARE(removed.count(), 1);
    QCOMPARE(edited.count(), 1);
}

void TestWidgets::clickOnTheCrossRemovesAChip()
{
    Chip chip(QStringLiteral("tier is"), QStringLiteral("1"));
    chip.resize(chip.sizeHint());
    QSignalSpy removed(&chip, &Chip::removeRequested);
    press(chip, QPoint(5, 10));
    QCOMPARE(removed.count(), 0);
    press(chip, QPoint(chip.width() - 10, 12));
    QCOMPARE(removed.count(), 1);
}

void TestWidgets::chipsWrap()
{
    QWidget host;
    auto *flow = new FlowLayout(8, &host);
    for (int i = 0; i < 6; ++i)
        flow->addWidget(new Chip(QStringLiteral("validation due before"), QStringLiteral("1 July 2026")));
    host.resize(500, 400);
    host.show();
    QVERIFY(QTest::qWaitForWindowExposed(&host));
    for (int i = 0; i < flow->count(); ++i) {
        QVERIFY(flow->itemAt(i)->geometry().right() < 500);
        for (int j = 0; j < i; ++j)
            QVERIFY(!flow->itemAt(i)->geometry().intersects(flow->itemAt(j)->geometry()));
    }
    QVERIFY(flow->heightForWidth(500) > flow->heightForWidth(5000));
}

namespace {

QList<FacetGroup> tiers(int countOfTwo)
{
    return {{QStringLiteral("tier"),
             QStringLiteral("Tier"),
             {{QStringLiteral("1"), QStringLiteral("Tier 1"), 3, false, {}}, {QStringLiteral("2"), QStringLiteral("Tier 2"), countOfTwo, false, {}}}}};
}

} // namespace

void TestWidgets::spaceTicksAFacet()
{
    FacetList list(QStringLiteral("Filters"));
    list.setGroups(tiers(4));
    QSignalSpy changed(&list, &FacetList::changed);
    const QModelIndex group = list.model()->index(0, 0);
    list.setCurrentIndex(list.model()->index(1, 0, group));
    QTest::keyClick(&list, Qt::Key_Space);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.first().at(1).toStringList(), QStringList{QStringLiteral("2")});
    QCOMPARE(list.checked(QStringLiteral("tier")), QStringList{QStringLiteral("2")});
    list.clearChecks();
    QVERIFY(list.checked(QStringLiteral("tier")).isEmpty());
}

void TestWidgets::aClickAnywhereTicksAFacetOnce()
{
    FacetList list(QStringLiteral("Filters"));
    list.setGroups(tiers(4));
    list.resize(200, 300);
    list.show();
    QVERIFY(QTest::qWaitForWindowExposed(&list));
    QSignalSpy changed(&list, &FacetList::changed);
    const QModelIndex row = list.model()->index(0, 0, list.model()->index(0, 0));
    const QRect line = list.visualRect(row);
    for (const int x : {20, 60, 150}) // box, word, far right
        press(*list.viewport(), QPoint(x, line.center().y()));
    QCOMPARE(changed.count(), 3);
    QCOMPARE(list.checked(QStringLiteral("tier")), QStringList{QStringLiteral("1")});
}

void TestWidgets::facetsKeepTheirPlaceWhenCountsChange()
{
    FacetList list(QStringLiteral("Filters"));
    list.setGroups(tiers(4));
    list.setCurrentIndex(list.model()->index(1, 0, list.model()->index(0, 0)));
    list.setGroups(tiers(5));
    QCOMPARE(list.currentIndex().data().toString(), QStringLiteral("Tier 2"));
    QVERIFY(list.currentIndex().data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("5")));
}

void TestWidgets::searchWaitsForAPauseAndEscEmpties()
{
    SearchField field(QStringLiteral("Filter by name"));
    QCOMPARE(field.accessibleName(), QStringLiteral("Filter by name"));
    QSignalSpy searched(&field, &SearchField::searched);
    QTest::keyClicks(&field, QStringLiteral("pd "));
    QCOMPARE(searched.count(), 0);
    QTRY_COMPARE(searched.count(), 1);
    QCOMPARE(searched.first().first().toString(), QStringLiteral("pd"));
    QTest::keyClick(&field, Qt::Key_Escape);
    QCOMPARE(searched.count(), 2);
    QVERIFY(searched.last().first().toString().isEmpty());
    QSignalSpy left(&field, &SearchField::downPressed);
    QTest::keyClicks(&field, QStringLiteral("ret"));
    QTest::keyClick(&field, Qt::Key_Return);
    QCOMPARE(searched.last().first().toString(), QStringLiteral("ret")); // at once
    QCOMPARE(left.count(), 1);
}

void TestWidgets::messagesRunTheirActionAndCloseWithEsc()
{
    MessageBar bar;
    int retried = 0;
    bar.show({Tone::Warning, QStringLiteral("Connection lost."), {{QStringLiteral("Retry"), [&retried] { ++retried; }}}});
    QVERIFY(bar.isVisible());
    QCOMPARE(bar.accessibleName(), QStringLiteral("Connection lost."));
    for (QPushButton *button : bar.findChildren<QPushButton *>())
        if (button->text() == QStringLiteral("Retry"))
            QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(retried, 1);
    QVERIFY(bar.isHidden());
    QSignalSpy closed(&bar, &MessageBar::closed);
    bar.show(Message::error(Error{ErrorKind::Io, "The disk is full.", "report.pdf"}));
    QCOMPARE(bar.text(), QStringLiteral("report.pdf: The disk is full."));
    QTest::keyClick(&bar, Qt::Key_Escape);
    QCOMPARE(closed.count(), 1);
}

void TestWidgets::segmentsAnnounceTheChoice()
{
    SegmentedButton segments(QStringLiteral("Show as"));
    segments.addChoice(QStringLiteral("chart"), QStringLiteral("Chart"));
    segments.addChoice(QStringLiteral("table"), QStringLiteral("Table"));
    QCOMPARE(segments.current(), QStringLiteral("chart"));
    QSignalSpy chosen(&segments, &SegmentedButton::chosen);
    QTest::mouseClick(segments.findChildren<QPushButton *>().last(), Qt::LeftButton);
    QCOMPARE(segments.current(), QStringLiteral("table"));
    QCOMPARE(chosen.count(), 1);
}

void TestWidgets::tabStopsOnceInSegments()
{
    QWidget window;
    auto *row = new QHBoxLayout(&window);
    auto *before = new QLineEdit;
    auto *segments = new SegmentedButton(QStringLiteral("Show as"));
    for (const char *key : {"chart", "table", "map"})
        segments->addChoice(QLatin1String(key), QLatin1String(key));
    auto *after = new QLineEdit;
    row->addWidget(before);
    row->addWidget(segments);
    row->addWidget(after);
    segments->setCurrent(QStringLiteral("table"));
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    before->setFocus();
    QTest::keyClick(before, Qt::Key_Tab);
    auto *chosen = qobject_cast<QPushButton *>(window.focusWidget());
    QVERIFY(chosen && chosen->text() == QStringLiteral("table"));
    QTest::keyClick(chosen, Qt::Key_Right);
    QCOMPARE(segments->current(), QStringLiteral("map"));
    QTest::keyClick(window.focusWidget(), Qt::Key_Tab);
    QCOMPARE(window.focusWidget(), after);
}

void TestWidgets::enterPressesTheButtonThatHasTheFocus()
{
    QDialog dialog;
    auto *row = new QHBoxLayout(&dialog);
    QPushButton *cancel = secondaryButton(QStringLiteral("Cancel"));
    QPushButton *act = primaryButton(QStringLiteral("Delete"));
    act->setDefault(true);
    row->addWidget(cancel);
    row->addWidget(act);
    QSignalSpy cancelled(cancel, &QPushButton::clicked);
    QSignalSpy acted(act, &QPushButton::clicked);
    dialog.show();
    dialog.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    cancel->setFocus();
    QTest::keyClick(cancel, Qt::Key_Return);
    QTest::keyClick(cancel, Qt::Key_Enter);
    QCOMPARE(cancelled.count(), 2);
    QCOMPARE(acted.count(), 0);
}

void TestWidgets::tabsAnnounceKeysNotIndexes()
{
    TabStrip tabs(QStringLiteral("Parts"));
    QSignalSpy changed(&tabs, &TabStrip::changed);
    tabs.addTab(QStringLiteral("overview"), QStringLiteral("Overview"));
    tabs.addTab(QStringLiteral("metrics"), QStringLiteral("Metrics"), 3);
    QCOMPARE(changed.count(), 0);
    tabs.setCurrent(QStringLiteral("metrics"));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(tabs.current(), QStringLiteral("metrics"));
    tabs.setCurrent(QStringLiteral("no such tab"));
    QCOMPARE(tabs.current(), QStringLiteral("metrics"));
}

void TestWidgets::theLatestJobIsShownAndCancelled()
{
    StatusBar bar;
    QStringList cancelled;
    bar.setJob(QStringLiteral("a"), QStringLiteral("Importing"), 10, [&] { cancelled << QStringLiteral("a"); });
    bar.setJob(QStringLiteral("b"), QStringLiteral("Verifying"), -1, [&] { cancelled << QStringLiteral("b"); });
    bar.show();
    QPushButton *cancel = bar.findChild<QPushButton *>();
    QVERIFY(cancel->accessibleName().contains(QStringLiteral("Verifying")));
    QTest::mouseClick(cancel, Qt::LeftButton);
    bar.removeJob(QStringLiteral("b"));
    QTest::mouseClick(cancel, Qt::LeftButton);
    QCOMPARE(cancelled, (QStringList{QStringLiteral("b"), QStringLiteral("a")}));
    bar.removeJob(QStringLiteral("a"));
    QCOMPARE(bar.jobCount(), 0);
    QVERIFY(cancel->isHidden());
}

void TestWidgets::fieldErrorsStandAtTheField()
{
    auto *line = new QLineEdit;
    FormField field(QStringLiteral("Name"), line);
    QCOMPARE(line->accessibleName(), QStringLiteral("Name"));
    field.setError(QStringLiteral("A model of this name exists. Choose another."));
    QVERIFY(field.hasError());
    QCOMPARE(line->accessibleDescription(), QStringLiteral("A model of this name exists. Choose another."));
    field.setError({});
    QVERIFY(!field.hasError());
}

void TestWidgets::scriptedDialogsAnswerInOrder()
{
    dialogs::Scripted script({true, QStringLiteral("/tmp/x.pdf")});
    QVERIFY(dialogs::confirm(nullptr, {QStringLiteral("Undo import?"), {}, QStringLiteral("Undo Import"), true}));
    QCOMPARE(dialogs::saveFile(nullptr, QStringLiteral("Export"), {}, {}), QStringLiteral("/tmp/x.pdf"));
    QVERIFY(dialogs::openFile(nullptr, QStringLiteral("Open"), {}).isEmpty()); // nothing more: cancelled
    QVERIFY(dialogs::askPassphrase(nullptr, QStringLiteral("Sign"), {}).isNull());
    QCOMPARE(script.asked.size(), 4);
}

void TestWidgets::shortWorkShowsNoOverlay()
{
    QWidget page;
    page.resize(400, 300);
    page.show();
    BusyOverlay overlay(&page);
    overlay.start(QStringLiteral("Reading"));
    QVERIFY(!overlay.isVisible());
    overlay.stop();
    overlay.start(QStringLiteral("Reading"), true);
    QTRY_VERIFY(overlay.isVisible());
    QSignalSpy cancelled(&overlay, &BusyOverlay::cancelRequested);
    QTest::mouseClick(overlay.findChild<QPushButton *>(), Qt::LeftButton);
    QCOMPARE(cancelled.count(), 1);
    overlay.stop();
    QVERIFY(!overlay.isVisible());
}

void TestWidgets::afterCancelTheFocusIsWhereItWas()
{
    QWidget page;
    page.resize(400, 300);
    auto *column = new QVBoxLayout(&page);
    auto *field = new QLineEdit;
    auto *next = new QPushButton(QStringLiteral("Next"));
    auto *other = new QLineEdit;
    for (QWidget *control : std::initializer_list<QWidget *>{field, next, other})
        column->addWidget(control);
    BusyOverlay overlay(&page);
    page.show();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    auto *cancel = overlay.findChild<QPushButton *>();
    const auto cancelByKey = [&](QWidget *from) {
        from->setFocus();
        overlay.start(QStringLiteral("Reading"), true);
        QTRY_VERIFY(overlay.isVisible());
        cancel->setFocus(Qt::TabFocusReason);
        QTest::keyClick(cancel, Qt::Key_Space);
    };
    cancelByKey(field);
    overlay.stop();
    QCOMPARE(page.focusWidget(), field);
    // A control that was switched off while the work ran is on again only after the overlay heard of the end.
    cancelByKey(next);
    next->setEnabled(false);
    overlay.stop();
    next->setEnabled(true);
    QTRY_COMPARE(page.focusWidget(), next);
    // Whoever has gone elsewhere stays there.
    cancelByKey(field);
    other->setFocus();
    overlay.stop();
    QCOMPARE(page.focusWidget(), other);
}

QTEST_MAIN(TestWidgets)
#include "tst_widgets.moc"
