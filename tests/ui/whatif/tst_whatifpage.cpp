#include "models/base/number.h"
#include "models/computed/compute.h"
#include "models/items/computed/figuretext.h"
#include "models/items/computed/whatiftables.h"
#include "models/services/computed/changes.h"
#include "models/services/computed/computedsets.h"
#include "models/services/computed/reweighing.h"
#include "models/services/inventory.h"
#include "tests/models/items/inventoryfixture.h"
#include "ui/charts/plotview.h"
#include "ui/theme/theme.h"
#include "ui/whatif/controls.h"
#include "ui/whatif/figurespane.h"
#include "ui/whatif/plotpane.h"
#include "ui/whatif/proposedialog.h"
#include "ui/whatif/whatifpage.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>

#include <fstream>

using namespace countersign;
using namespace countersign::test;
using items::WhatIfChangesTable;
using items::WhatIfGroupsTable;
using pages::WhatIfPage;
using widgets::PlainLabel;

namespace {

constexpr int kRows = 3000;

struct Row {
    bool isPositive = false;
    double score = 0;
    bool isF = false;
};

/// Scores of four decimals, lower for F at the same risk.
std::vector<Row> madeUp()
{
    SeededRandomness random(5);
    std::vector<Row> rows;
    for (int i = 0; i < kRows; ++i) {
        Row row;
        row.isF = random.next() % 2 == 0;
        const double risk = random.unit();
        row.isPositive = random.unit() < risk;
        row.score = std::round((row.isF ? 0.8 : 1.0) * risk * 10000) / 10000;
        rows.push_back(row);
    }
    return rows;
}

std::string logText()
{
    std::string text = "y,score,sex,region\n";
    int i = 0;
    for (const Row &row : madeUp())
        text += std::string(row.isPositive ? "1," : "0,") + number::shortest(row.score) + (row.isF ? ",F,r" : ",M,r") + std::to_string(i++ % 3) + "\n";
    return text;
}

predictions::Mapping mapping()
{
    predictions::Mapping mapping;
    mapping.label = "y";
    mapping.score = "score";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.attributes = {{"sex", "sex", {}}, {"region", "region", {}}};
    return mapping;
}

metrics::Counts countsOf(bool isF, double threshold)
{
    metrics::Counts counts;
    for (const Row &row : madeUp())
        if (row.isF == isF)
            counts.add(row.isPositive, row.score >= threshold);
    return counts;
}

/// To <build>/tests/gallery, for looking at.
void savePicture(QWidget &widget, const QString &name)
{
    const QString folder = QStringLiteral(COUNTERSIGN_BIN_DIR "/../tests/gallery");
    QDir().mkpath(folder);
    QVERIFY(widget.grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png")));
}

/// A page in a window, over a workspace with one model and a recorded set.
struct Shown {
    TemporaryFolder folder;
    InventoryWorkspace made{folder};
    std::filesystem::path log = folder.file("log.csv");
    std::filesystem::path tables = folder.file("tables");
    widgets::Target target;
    VersionId version;
    std::unique_ptr<WhatIfPage> page;
    QStringList messages;
    QList<widgets::Target> went;

    template<class T>
    T *find(const char *name) const { return page->findChild<T *>(QString::fromLatin1(name)); }
    QSlider *slider() const { return find<QSlider>("slider"); }
    QLineEdit *number() const { return find<QLineEdit>("number"); }
    QPushButton *button(const char *name) const { return find<QPushButton>(name); }
    QString text(const char *name) const { return find<PlainLabel>(name)->text(); }
    const WhatIfGroupsTable *groups() const { return page->findChild<WhatIfGroupsTable *>(); }
    pages::ProposeDialog *dialog() const { return page->findChild<pages::ProposeDialog *>(); }
    QString cell(int row, int column) const { return groups()->index(row, column).data().toString(); }

    void press(const char *segments, const QString &text) const
    {
        for (QAbstractButton *button : find<widgets::SegmentedButton>(segments)->findChildren<QAbstractButton *>())
            if (button->text() == text)
                QTest::mouseClick(button, Qt::LeftButton);
    }
    void choose(const char *combo, const QString &data) const
    {
        auto *box = find<QComboBox>(combo);
        box->setCurrentIndex(box->findData(data));
        Q_EMIT box->activated(box->currentIndex());
    }
    void write(const char *name, const QString &words) const
    {
        auto *line = find<QLineEdit>(name);
        line->setFocus();
        line->selectAll();
        QTest::keyClicks(line, words);
        QTest::keyClick(line, Qt::Key_Return);
    }
    void makePage()
    {
        page = std::make_unique<WhatIfPage>(made.workspace, tables);
        QObject::connect(page.get(), &widgets::Page::message, page.get(), [this](const widgets::Message &message) { messages.append(message.text); });
        QObject::connect(page.get(), &widgets::Page::navigate, page.get(), [this](const widgets::Target &to) { went.append(to); });
        page->resize(1092, 640);
        page->open(target);
        page->show();
    }
    bool isShown() const
    {
        return QTest::qWaitFor([this] { return page->state().hasSource(); }, 20000);
    }
};

Result<VersionId> record(services::Session &session, const Shown &shown, bool isWithScores)
{
    const auto metrics = shown.folder.file("models.csv");
    std::ofstream(metrics) << "model,version,metric,value,time\ncredit-pd,3.2,stability,0.9,2026-01-31\n";
    if (const auto outcome = services::importMetrics(session, metrics, {}); !outcome)
        return outcome.error();
    const auto subject = services::findVersionSubject(session, "credit-pd/3.2");
    if (!subject)
        return subject.error();
    std::ofstream(shown.log, std::ios::binary) << logText();
    auto reader = predictions::LogReader::open(shown.log);
    if (!reader)
        return reader.error();
    services::ComputedImport import;
    computed::Parameters parameters;
    parameters.bootstrapDraws = 50;
    auto set = computed::computeLog(*std::move(reader), mapping(), parameters, {}, [&](const scoretables::Table &table) {
        if (const auto summary = computed::summarizeScores(table); summary && isWithScores)
            import.scores = computed::writeScores(*summary);
    });
    if (!set)
        return set.error();
    import.version = subject->version->id;
    import.set = std::make_shared<const computed::ComputedSet>(*std::move(set));
    if (const auto outcome = services::recordComputed(session, import); !outcome)
        return outcome.error();
    return subject->version->id;
}

std::unique_ptr<Shown> shown(bool isWithScores = true)
{
    auto result = std::make_unique<Shown>();
    std::optional<VersionId> version;
    std::string model;
    const bool isOpen = result->made.open([&](services::Session &session) {
        const auto recorded = record(session, *result, isWithScores);
        if (!recorded)
            return qWarning("%s", recorded.error().text().c_str());
        version = *recorded;
        model = services::findSubject(session, "credit-pd")->model.id.text();
    });
    if (!isOpen || !version)
        return {};
    result->version = *version;
    result->target = {QStringLiteral("whatif"), QString::fromStdString(model), QString::fromStdString(version->text()), {}, {}};
    bool isHere = false;
    result->made.workspace.setPerson(QStringLiteral("asample"), &result->made.workspace, [&isHere](const Status &status) { isHere = status.ok(); });
    if (!result->made.settle() || !isHere)
        return {};
    result->makePage();
    return result;
}

} // namespace

class TestWhatIfPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::install(*qApp); }

    void theBannerIsThereThroughout()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        const auto *banner = test->find<PlainLabel>("sandbox");
        QCOMPARE(banner->text(), QStringLiteral("Sandbox. Nothing here changes the model or the record until you propose it."));
        const auto isSeen = [&] { return banner->isVisible() && !banner->visibleRegion().isEmpty(); };
        QVERIFY(isSeen());
        QCOMPARE(test->page->title(), QStringLiteral("What if: credit-pd v3.2")); // named as everywhere else
        auto *scroll = test->page->findChild<QScrollArea *>();
        QVERIFY(!(scroll->focusPolicy() & Qt::TabFocus)); // a stop that nobody sees
        scroll->verticalScrollBar()->setValue(scroll->verticalScrollBar()->maximum());
        test->press("mode", QStringLiteral("One per Group"));
        QVERIFY(isSeen());
        const std::uint64_t entries = test->made.workspace.state().ledgerSize;
        test->slider()->setValue(300);
        QVERIFY(test->made.settle());
        QCOMPARE(test->made.workspace.state().ledgerSize, entries);
        QVERIFY(isSeen());
    }

    void theSliderMovesTheFigures()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        QCOMPARE(test->page->state().threshold(), 0.5);
        QCOMPARE(test->slider()->value(), 500);
        QCOMPARE(test->text("rule"), QStringLiteral("Nothing is changed yet."));
        test->slider()->setFocus();
        QTest::keyClick(test->slider(), Qt::Key_Right);
        QCOMPARE(test->page->state().threshold(), 0.501);
        QCOMPARE(test->number()->text(), QLocale().toString(0.501));
        QTest::keyClick(test->slider(), Qt::Key_PageDown);
        const double now = test->page->state().threshold();
        QVERIFY(now < 0.46);
        QCOMPARE(test->groups()->rowCount(), 2);
        for (int row = 0; row < 2; ++row) {
            const metrics::Counts counts = countsOf(row == 0, now); // F, M
            QCOMPARE(test->cell(row, WhatIfGroupsTable::Tp), QLocale().toString(counts.tp, 'f', 0));
            QCOMPARE(test->cell(row, WhatIfGroupsTable::Fn), QLocale().toString(counts.fn, 'f', 0));
            QVERIFY(test->cell(row, WhatIfGroupsTable::Selection).contains(QLatin1Char('['))); // with its interval
        }
        for (auto *plot : test->page->findChildren<charts::PlotView *>())
            if (plot->isVisible() && plot->threshold())
                QVERIFY(std::fabs(*plot->threshold() - now) < 1e-9);
        QVERIFY(test->text("rule").startsWith(QStringLiteral("Threshold 0.")));
        QVERIFY(test->text("changes").startsWith(QStringLiteral("selected ")));
        QTest::mouseClick(test->button("reset"), Qt::LeftButton);
        QCOMPARE(test->page->state().threshold(), 0.5);
    }

    void aNumberIsTakenAsItIsWritten()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        test->write("number", QStringLiteral("0.25"));
        QCOMPARE(test->page->state().threshold(), 0.25);
        QCOMPARE(test->slider()->value(), 250);
        test->write("number", QStringLiteral("0.2504")); // between two steps of what was kept: the next one answers
        QCOMPARE(test->page->state().threshold(), 0.251);
        QCOMPARE(test->number()->text(), QLocale().toString(0.251));
        test->write("number", QStringLiteral("high"));
        QCOMPARE(test->page->state().threshold(), 0.251);
        QVERIFY(std::ranges::any_of(test->page->findChildren<PlainLabel *>(), [](const PlainLabel *label) { return label->isVisible() && label->text() == QStringLiteral("Write a number, as 0.42."); }));
    }

    void theLineInTheChartMoves()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        const auto plots = test->page->findChildren<charts::PlotView *>();
        QVERIFY(plots.size() >= 2);
        plots.at(0)->setFocus(Qt::TabFocusReason);
        QTest::keyClick(plots.at(0), Qt::Key_Left);
        QCOMPARE(test->page->state().threshold(), 0.499);
        QCOMPARE(test->number()->text(), QLocale().toString(0.499));
        QTest::keyClick(plots.at(1), Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(std::fabs(test->page->state().threshold() - 0.509) < 1e-9);
    }

    void theTableTwinHasTheNumbers()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        auto *plot = test->page->findChildren<charts::PlotView *>().at(0);
        plot->setFocus(Qt::TabFocusReason);
        QTest::keyClick(plot, Qt::Key_T);
        auto *table = qobject_cast<widgets::TableView *>(QApplication::focusWidget());
        if (!table) // without a window manager the focus stays with the window
            table = plot->parentWidget()->findChild<widgets::TableView *>();
        QVERIFY(table && table->isVisible());
        QCOMPARE(table->model()->rowCount(), 50); // steps of the density
        QVERIFY(!plot->isVisible());
    }

    void groupsHaveThresholdsOfTheirOwnAfterTheNoteWasRead()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        QVERIFY(!test->button("propose")->isEnabled());
        test->press("mode", QStringLiteral("One per Group"));
        QVERIFY(test->find<PlainLabel>("legalNote")->isVisible());
        QVERIFY(test->text("legalNote").contains(QStringLiteral("not legal advice")));
        test->find<QComboBox>("group")->setCurrentIndex(1);
        Q_EMIT test->find<QComboBox>("group")->activated(1);
        test->write("number", QStringLiteral("0.6"));
        QCOMPARE(*test->page->state().rule().of(0), 0.5);
        QCOMPARE(*test->page->state().rule().of(1), 0.6);
        QCOMPARE(test->cell(1, WhatIfGroupsTable::Threshold), QLocale().toString(0.6));
        QCOMPARE(test->cell(1, WhatIfGroupsTable::Tp), QLocale().toString(countsOf(false, 0.6).tp, 'f', 0));
        QVERIFY(!test->button("propose")->isEnabled());
        QCOMPARE(test->text("reason"), QStringLiteral("Read the legal note first."));
        test->find<QCheckBox>("legalRead")->click();
        QVERIFY(test->button("propose")->isEnabled());
        // Back to one threshold: nothing differs by group any more.
        test->press("mode", QStringLiteral("One Threshold"));
        QVERIFY(!test->page->state().rule().isPerGroup());
        QVERIFY(!test->find<PlainLabel>("legalNote")->isVisible());
    }

    void theBestThresholdsAreFound()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        test->press("mode", QStringLiteral("One per Group"));
        test->choose("constraint", QStringLiteral("equal_opportunity"));
        test->write("tolerance", QStringLiteral("0.01"));
        QVERIFY(test->groups()->headerData(WhatIfGroupsTable::Recall, Qt::Horizontal).toString().startsWith(QStringLiteral("= "))); // what is made equal
        QTest::mouseClick(test->button("find"), Qt::LeftButton);
        QVERIFY(QTest::qWaitFor([&] { return !test->messages.isEmpty(); }, 20000));
        QVERIFY2(test->messages.last().startsWith(QStringLiteral("The best thresholds among")), qPrintable(test->messages.last()));
        const auto &state = test->page->state();
        QVERIFY(state.rule().isPerGroup());
        QVERIFY(state.after().disparity("equal_opportunity_difference")->figure.value <= 0.01);
        QVERIFY(state.before().disparity("equal_opportunity_difference")->figure.value > 0.1);
        QVERIFY(state.after().disparity("equal_opportunity_difference")->figure.interval);
        const auto plots = test->page->findChildren<charts::PlotView *>();
        QVERIFY(QTest::qWaitFor([&] { return !plots.last()->spec().isEmpty(); }, 20000)); // the frontier follows by itself
        test->press("figuresOf", QStringLiteral("Between Groups"));
        QVERIFY(test->find<widgets::TableView>("whatif-between")->isVisible());
    }

    void aProposalIsRecordedWithItsEvidence()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        test->write("costFn", QStringLiteral("3"));
        test->write("number", QStringLiteral("0.3"));
        QVERIFY(test->text("changes").contains(QStringLiteral("cost ")));
        QTest::mouseClick(test->button("propose"), Qt::LeftButton);
        auto *dialog = test->dialog();
        QVERIFY(dialog && dialog->isVisible());
        auto *act = dialog->findChild<QPushButton *>(QStringLiteral("act"));
        QTest::mouseClick(act, Qt::LeftButton);
        QVERIFY(dialog->isVisible()); // no reason yet
        QTest::keyClicks(dialog->findChild<QPlainTextEdit *>(QStringLiteral("reasonText")), QStringLiteral("Misses cost three times as much."));
        QTest::mouseClick(act, Qt::LeftButton);
        QVERIFY(QTest::qWaitFor([&] { return !test->messages.isEmpty(); }, 20000));
        QVERIFY2(test->messages.last().contains(QStringLiteral("in the model’s history")), qPrintable(test->messages.last()));
        std::optional<services::ChangeRequest> change;
        Bytes evidence;
        QVERIFY(test->made.onLane([&](services::Session &session) -> Status {
            const auto changes = services::listChanges(session, test->version);
            if (!changes || changes->size() != 1)
                return Error{ErrorKind::NotFound, "one change was expected", {}};
            change = changes->front();
            auto bytes = services::loadChangeEvidence(session, *change);
            if (!bytes)
                return bytes.error();
            evidence = *std::move(bytes);
            return {};
        }));
        QCOMPARE(change->proposal.thresholds.size(), std::size_t(1));
        QCOMPARE(change->proposal.thresholds.front().threshold, 0.3);
        QCOMPARE(change->proposal.reason, std::string("Misses cost three times as much."));
        QVERIFY(change->proposal.legalNote.empty());
        QVERIFY(change->proposal.basis.has_value());
        QVERIFY(change->proposal.summary.starts_with("One threshold, 0.3, instead of 0.5: selected "));
        const auto document = json::parse(evidence);
        QVERIFY(document.ok());
        QCOMPARE(document->textOr("schema", ""), std::string("countersign-whatif-1"));
        QCOMPARE(document->find("basis")->textOr("import", ""), change->proposal.basis->text());
        QCOMPARE(test->page->state().threshold(), 0.3); // what was tried is still there
    }

    void aProposalForGroupsCarriesTheNote()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        test->press("mode", QStringLiteral("One per Group"));
        test->write("number", QStringLiteral("0.4")); // of F
        test->find<QCheckBox>("legalRead")->click();
        QTest::mouseClick(test->button("propose"), Qt::LeftButton);
        QVERIFY(test->dialog());
        QTest::keyClicks(test->dialog()->findChild<QPlainTextEdit *>(QStringLiteral("reasonText")), QStringLiteral("To compare."));
        QTest::mouseClick(test->dialog()->findChild<QPushButton *>(QStringLiteral("act")), Qt::LeftButton);
        QVERIFY(QTest::qWaitFor([&] { return !test->messages.isEmpty(); }, 20000));
        std::optional<services::ChangeRequest> change;
        QVERIFY(test->made.onLane([&](services::Session &session) -> Status {
            const auto changes = services::listChanges(session, test->version);
            if (!changes || changes->empty())
                return Error{ErrorKind::NotFound, "a change was expected", {}};
            change = changes->front();
            return {};
        }));
        QVERIFY(change->proposal.kind == services::ChangeKind::GroupThresholds);
        QCOMPARE(change->proposal.legalNote, std::string(computed::legalNote()));
        QCOMPARE(change->proposal.thresholds.size(), std::size_t(2));
    }

    void everyScoreComesFromTheLogAndStays()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        QVERIFY(!test->page->state().source()->isExact());
        const auto other = test->folder.file("other.csv");
        std::ofstream(other, std::ios::binary) << logText() << "1,0.5,F,r1\n";
        {
            widgets::dialogs::Scripted script({QString::fromStdString(other.string())});
            QTest::mouseClick(test->button("openLog"), Qt::LeftButton);
        }
        QVERIFY(QTest::qWaitFor([&] { return !test->messages.isEmpty(); }, 20000));
        QVERIFY2(test->messages.last().contains(QStringLiteral("This is another log")), qPrintable(test->messages.last()));
        {
            widgets::dialogs::Scripted script({QString::fromStdString(test->log.string())});
            QTest::mouseClick(test->button("openLog"), Qt::LeftButton);
        }
        QVERIFY(QTest::qWaitFor([&] { return test->page->state().source()->isExact(); }, 20000));
        QVERIFY(!test->button("openLog")->isVisible());
        test->write("number", QStringLiteral("0.25037"));
        QCOMPARE(test->page->state().threshold(), 0.25037);
        QCOMPARE(test->cell(0, WhatIfGroupsTable::Tp), QLocale().toString(countsOf(true, 0.25037).tp, 'f', 0));
        // The next session has them without the log.
        std::filesystem::remove(test->log);
        test->makePage();
        QVERIFY(test->isShown());
        QVERIFY(QTest::qWaitFor([&] { return test->page->state().source()->isExact(); }, 20000));
        QCOMPARE(test->page->state().threshold(), 0.5);
    }

    void weightsAreExported()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        const auto path = test->folder.file("weights.csv");
        widgets::dialogs::Scripted script({QString::fromStdString(path.string())});
        test->find<QAction>("exportWeights")->trigger();
        std::ifstream file(path, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        QVERIFY(text.starts_with("\"sex\",label,weight,n\r\n\"F\",0,"));
        QCOMPARE(std::ranges::count(text, '\n'), std::ptrdiff_t(5));
        QVERIFY(test->messages.last().contains(QStringLiteral("4 combinations")));
    }

    void weightsAreProposedWithTheirEvidence()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        // Worked out once more from the rows.
        double rows[2][2] = {};
        for (const Row &row : madeUp())
            rows[row.isF ? 0 : 1][row.isPositive ? 1 : 0] += 1;
        const double women = rows[0][0] + rows[0][1];
        const double positives = rows[0][1] + rows[1][1];
        const double weight = women / kRows * (positives / kRows) / (rows[0][1] / kRows);
        QVERIFY(test->button("weights")->menu()->actions().contains(test->find<QAction>("proposeWeights")));
        test->find<QAction>("proposeWeights")->trigger();
        pages::ProposeDialog *dialog = test->dialog();
        QVERIFY(dialog);
        const QString lines = dialog->findChild<PlainLabel *>(QStringLiteral("changes"))->text();
        QVERIFY2(lines.contains(QStringLiteral("F: positive labels ")), qPrintable(lines));
        QVERIFY2(lines.contains(items::numberText(weight) + QStringLiteral(" positive")), qPrintable(lines));
        QVERIFY2(lines.contains(QStringLiteral("→ .000")), qPrintable(lines)); // the difference that is left
        QVERIFY(dialog->findChild<PlainLabel *>(QStringLiteral("legalNote"))->text().contains(QStringLiteral("not legal advice")));
        savePicture(*dialog, QStringLiteral("whatif-weights"));
        auto *act = dialog->findChild<QPushButton *>(QStringLiteral("act"));
        QTest::keyClicks(dialog->findChild<QPlainTextEdit *>(QStringLiteral("reasonText")), QStringLiteral("To train on fairer rows."));
        QTest::mouseClick(act, Qt::LeftButton); // the note was not read
        QVERIFY(test->dialog() == dialog && dialog->findChild<PlainLabel *>(QStringLiteral("trouble"))->text().contains(QStringLiteral("legal note")));
        dialog->findChild<QCheckBox *>(QStringLiteral("legalRead"))->click();
        QTest::mouseClick(act, Qt::LeftButton);
        QVERIFY(QTest::qWaitFor([&] { return !test->messages.isEmpty(); }, 20000));
        std::optional<services::ChangeRequest> change;
        Bytes evidence;
        QVERIFY(test->made.onLane([&](services::Session &session) -> Status {
            const auto changes = services::listChanges(session, test->version);
            if (!changes || changes->size() != 1)
                return Error{ErrorKind::NotFound, "one change was expected", {}};
            change = changes->front();
            auto bytes = services::loadChangeEvidence(session, *change);
            if (!bytes)
                return bytes.error();
            evidence = *std::move(bytes);
            return {};
        }));
        QVERIFY(change->proposal.kind == services::ChangeKind::Reweighing);
        QCOMPARE(change->proposal.attributes, std::vector<std::string>{"sex"});
        QVERIFY(change->proposal.thresholds.empty() && change->proposal.basis.has_value());
        QCOMPARE(change->proposal.legalNote, std::string(services::reweighingNote()));
        QVERIFY2(change->proposal.summary.ends_with(" in every group."), change->proposal.summary.c_str());
        const auto document = json::parse(evidence);
        QVERIFY(document.ok());
        QCOMPARE(document->textOr("schema", ""), std::string("countersign-reweighing-1"));
        QCOMPARE(document->find("basis")->textOr("import", ""), change->proposal.basis->text());
        const json::Value &first = document->find("groups")->array()->front();
        QCOMPARE(*first.find("weight_positive")->real(), weight);
        QCOMPARE(*first.find("positive_share_before")->find("value")->real(), rows[0][1] / women);
        QVERIFY(std::fabs(*first.find("positive_share_after")->real() - positives / kRows) < 1e-12);
        QCOMPARE(*document->find("difference_after")->real(), 0.0);
        QVERIFY(*document->find("effective_rows")->real() < kRows);
    }

    void otherGroupsAreCountedAnew()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        test->choose("grouping", QStringLiteral("sex\nregion"));
        QCOMPARE(test->groups()->rowCount(), 6);
        test->choose("grouping", QStringLiteral("region"));
        QCOMPARE(test->groups()->rowCount(), 3);
        test->choose("grouping", QString());
        QCOMPARE(test->groups()->rowCount(), 1);
        QVERIFY(!test->button("weights")->isEnabled());
    }

    void readingAgainKeepsWhatIsTried()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        test->write("number", QStringLiteral("0.25"));
        test->page->refresh();
        QVERIFY(test->made.settle());
        QCOMPARE(test->page->state().threshold(), 0.25);
        test->page->open(test->target); // Back and Forward
        QCOMPARE(test->page->state().threshold(), 0.25);
        test->write("number", QStringLiteral("1.5")); // above every score
        QCOMPARE(test->page->state().after().counts.selected(), 0.0);
        QVERIFY(!test->button("propose")->isEnabled());
        QVERIFY(test->text("reason").contains(QStringLiteral("selects nobody")));
    }

    void withoutScoresThePageSaysWhatToDo()
    {
        const auto test = shown(false);
        QVERIFY(test);
        auto *empty = test->page->findChild<widgets::EmptyState *>(QString(), Qt::FindDirectChildrenOnly);
        QVERIFY(QTest::qWaitFor([&] { return empty->isVisible(); }, 20000));
        QVERIFY(!test->find<PlainLabel>("sandbox")->isVisible());
        QTest::mouseClick(empty->findChild<QPushButton *>(), Qt::LeftButton);
        QCOMPARE(test->went.last().page, QStringLiteral("import"));
    }

    /// Written for people to look at; what they show is compared elsewhere.
    void picturesOfEveryScheme()
    {
        const QString folder = QCoreApplication::applicationDirPath() + QStringLiteral("/gallery");
        QVERIFY(QDir().mkpath(folder));
        const auto test = shown();
        QVERIFY(test && test->isShown());
        test->choose("constraint", QStringLiteral("demographic_parity"));
        test->press("mode", QStringLiteral("One per Group"));
        QTest::mouseClick(test->button("find"), Qt::LeftButton);
        QVERIFY(QTest::qWaitFor([&] { return !test->messages.isEmpty(); }, 20000));
        QVERIFY(QTest::qWaitFor([&] { return !test->page->findChildren<charts::PlotView *>().last()->spec().isEmpty(); }, 20000));
        test->find<QCheckBox>("legalRead")->click();
        auto *scroll = test->page->findChild<QScrollArea *>();
        for (const auto &[scheme, name] : {std::pair(theme::Scheme::Light, "light"), std::pair(theme::Scheme::Dark, "dark"), std::pair(theme::Scheme::HighContrastDark, "contrast")}) {
            theme::instance()->apply(scheme);
            for (const QSize size : {QSize(1092, 580), QSize(1500, 940)}) {
                test->page->resize(size);
                for (const bool isBelow : {false, true}) {
                    for (int round = 0; round < 4; ++round)
                        QCoreApplication::processEvents();
                    scroll->verticalScrollBar()->setValue(isBelow ? scroll->verticalScrollBar()->maximum() : 0);
                    const QPixmap picture = test->page->grab();
                    QVERIFY(picture.save(QStringLiteral("%1/whatif-%2-%3%4.png").arg(folder, QString::fromLatin1(name)).arg(size.width()).arg(isBelow ? QStringLiteral("-below") : QString())));
                }
            }
        }
        theme::instance()->apply(theme::Scheme::Light);
        QTest::mouseClick(test->button("propose"), Qt::LeftButton);
        QVERIFY(test->dialog());
        QVERIFY(test->dialog()->grab().save(folder + QStringLiteral("/whatif-propose.png")));
    }

    void everyControlHasAName()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        test->press("mode", QStringLiteral("One per Group"));
        test->choose("constraint", QStringLiteral("equalized_odds"));
        for (const QWidget *widget : test->page->findChildren<QWidget *>()) {
            if (!(widget->focusPolicy() & Qt::TabFocus) || !widget->isVisible())
                continue;
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()) || qobject_cast<const QScrollArea *>(widget),
                     widget->metaObject()->className());
        }
    }

    /// While the slider is held. Ten million rows with COUNTERSIGN_WHATIF_ROWS=10000000.
    void aMovedSliderIsAnsweredAtOnce()
    {
        const auto test = shown();
        QVERIFY(test && test->isShown());
        const QByteArray wanted = qgetenv("COUNTERSIGN_WHATIF_ROWS");
        const std::size_t rows = wanted.isEmpty() ? 300'000 : wanted.toULongLong();
        scoretables::TableParts parts;
        parts.attributes = {{"sex", {"", "F", "M"}}, {"region", {"", "r0", "r1", "r2"}}};
        for (std::uint32_t sex = 1; sex <= 2; ++sex)
            for (std::uint32_t region = 1; region <= 3; ++region)
                parts.leaves.push_back({0, true, {sex, region}});
        parts.leftOut.resize(parts.leaves.size());
        parts.hasScores = parts.hasLabels = true;
        SeededRandomness random(3);
        for (std::size_t i = 0; i < rows; ++i) {
            parts.scores.push_back(1 - static_cast<double>(i) / static_cast<double>(rows));
            parts.codes.push_back(scoretables::codeOf(random.next() % parts.leaves.size(), false, random.unit() < parts.scores.back()));
        }
        test->page->useTable(std::make_shared<const scoretables::Table>(std::move(parts), 2));
        QVERIFY(QTest::qWaitFor([&] { return test->page->state().source()->isExact(); }, 60000));
        test->slider()->setSliderDown(true);
        double best = 1e9;
        double sum = 0;
        constexpr int kMoves = 20;
        for (int i = 0; i < kMoves; ++i) {
            QElapsedTimer timer;
            timer.start();
            test->slider()->setSliderPosition(300 + i * 17);
            for (QWidget *widget : test->page->findChildren<QWidget *>())
                if (widget->isVisible())
                    widget->repaint(); // more than is drawn for real
            const double took = static_cast<double>(timer.nsecsElapsed()) / 1e6;
            best = std::min(best, took);
            sum += took;
        }
        test->slider()->setSliderDown(false);
        qInfo("%zu rows: new figures and everything drawn again in %.1f ms on average, %.1f at best", rows, sum / kMoves, best);
        // The figures alone:
        QElapsedTimer timer;
        timer.start();
        test->slider()->setSliderDown(true);
        for (int i = 0; i < kMoves; ++i)
            test->slider()->setSliderPosition(310 + i * 17);
        const double each = static_cast<double>(timer.nsecsElapsed()) / 1e6 / kMoves;
        test->slider()->setSliderDown(false);
        qInfo("figures, tables and lines moved in %.2f ms", each);
        QVERIFY2(each < 50, "a hand would notice");
    }
};

QTEST_MAIN(TestWhatIfPage)
#include "tst_whatifpage.moc"
