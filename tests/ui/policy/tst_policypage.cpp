#include "models/items/review/rulestable.h"
#include "models/policy/evaluator.h"
#include "models/services/imports/imports.h"
#include "tests/models/items/inventoryfixture.h"
#include "ui/policy/limitdialog.h"
#include "ui/policy/policypage.h"
#include "ui/theme/theme.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/tables/tableview.h"

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>

#include <fstream>

using namespace countersign;
using namespace countersign::test;
using items::RulesTable;
using pages::LimitDialog;
using pages::PolicyPage;

namespace {
const QString kPassphrase = QStringLiteral("correct horse battery");
}

class TestPolicyPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::install(*qApp); }
    void aNewLimitIsSignedAndItsImpactTold();
    void theSentenceFollowsTheFields();
    void anImpossibleLimitIsRefusedInWords();
    void aWrongPassphraseKeepsTheDialogOpen();
    void aChangeMakesTheNextRevision();
    void aLimitForOneModelNamesIt();
    void aRetiredLimitIsGone();

private:
    struct Shown {
        TemporaryFolder folder;
        InventoryWorkspace made{folder};
        std::unique_ptr<PolicyPage> page;
        QStringList messages;

        const RulesTable *rules() const { return page->findChild<RulesTable *>(); }
        QPushButton *button(const QString &name) const { return page->findChild<QPushButton *>(name); }
        LimitDialog *dialog() const { return page->findChild<LimitDialog *>(); }
        LimitDialog *openNew() const
        {
            QTest::mouseClick(button(QStringLiteral("new")), Qt::LeftButton);
            return dialog();
        }
        bool setLimit(const QString &metric, const QString &limit)
        {
            LimitDialog *open = openNew();
            if (!open)
                return false;
            fill(*open, metric, limit);
            widgets::dialogs::Scripted script({kPassphrase});
            QTest::mouseClick(open->findChild<QPushButton *>(QStringLiteral("act")), Qt::LeftButton);
            const auto before = messages.size();
            return QTest::qWaitFor([&] { return messages.size() > before && !dialog(); }, 20000) && made.settle();
        }
        static void fill(LimitDialog &dialog, const QString &metric, const QString &limit)
        {
            dialog.findChild<QComboBox *>(QStringLiteral("metric"))->setCurrentText(metric);
            auto *line = dialog.findChild<QLineEdit *>(QStringLiteral("limit"));
            line->setFocus();
            QTest::keyClicks(line, limit);
        }
        static bool says(const QWidget &widget, const QString &words)
        {
            const auto labels = widget.findChildren<widgets::PlainLabel *>();
            return std::ranges::any_of(labels, [&](const auto *label) { return label->text().contains(words); });
        }
    };
    static std::unique_ptr<Shown> shown();
};

std::unique_ptr<TestPolicyPage::Shown> TestPolicyPage::shown()
{
    auto result = std::make_unique<Shown>();
    const auto file = result->folder.file("may.csv");
    std::ofstream(file) << "model,version,metric,value,time\nchurn,1,auc,0.61,2026-01-31\nchurn,2,auc,0.62,2026-01-31\nfraud,1,auc,0.92,2026-02-28\n";
    bool isMade = false;
    const bool isOpen = result->made.open([&](services::Session &session) { isMade = services::importMetrics(session, file, {}).ok(); });
    if (!isOpen || !isMade)
        return {};
    bool isHere = false;
    result->made.workspace.setPerson(QStringLiteral("asample"), &result->made.workspace, [&isHere](const Status &status) { isHere = status.ok(); });
    if (!result->made.settle() || !isHere)
        return {};
    result->page = std::make_unique<PolicyPage>(result->made.workspace);
    QObject::connect(result->page.get(), &widgets::Page::message, result->page.get(), [raw = result.get()](const widgets::Message &message) { raw->messages.append(message.text); });
    result->page->resize(1092, 640);
    result->page->show();
    return result->made.settle() ? std::move(result) : nullptr;
}

void TestPolicyPage::aNewLimitIsSignedAndItsImpactTold()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->setLimit(QStringLiteral("auc"), QStringLiteral("0.7")));
    QVERIFY2(test->messages.last().contains(QStringLiteral("2 versions fail now.")), qPrintable(test->messages.last()));
    QCOMPARE(test->rules()->rowCount(), 1);
    QVERIFY(test->rules()->index(0, RulesTable::Sentence).data().toString().contains(QStringLiteral("at least .700")));
    QCOMPARE(test->rules()->index(0, RulesTable::Now).data().toString(), QStringLiteral("2 of 3 fail"));
    QCOMPARE(test->rules()->index(0, RulesTable::Now).data(RulesTable::StateRole).toInt(), static_cast<int>(VerdictState::Fail));
}

void TestPolicyPage::theSentenceFollowsTheFields()
{
    const auto test = shown();
    QVERIFY(test);
    LimitDialog *dialog = test->openNew();
    QVERIFY(dialog);
    QCOMPARE(dialog->findChild<QComboBox *>(QStringLiteral("metric"))->itemText(0), QStringLiteral("auc")); // what is recorded is suggested
    Shown::fill(*dialog, QStringLiteral("auc"), QStringLiteral("0.7"));
    QVERIFY(Shown::says(*dialog, QStringLiteral("is at least .700")));
    QTest::keyClicks(dialog->findChild<QLineEdit *>(QStringLiteral("limit")), QStringLiteral("5"));
    QVERIFY(Shown::says(*dialog, QStringLiteral("is at least .750")));
}

void TestPolicyPage::anImpossibleLimitIsRefusedInWords()
{
    const auto test = shown();
    QVERIFY(test);
    LimitDialog *dialog = test->openNew();
    QPushButton *act = dialog->findChild<QPushButton *>(QStringLiteral("act"));
    QTest::mouseClick(act, Qt::LeftButton);
    QVERIFY(Shown::says(*dialog, QStringLiteral("Name the metric")));
    Shown::fill(*dialog, QStringLiteral("auc"), QStringLiteral("1.2"));
    QTest::mouseClick(act, Qt::LeftButton);
    QVERIFY(Shown::says(*dialog, QStringLiteral("could not be met")));
    QVERIFY(dialog->isVisible());
    QTest::keyClick(dialog, Qt::Key_Escape);
    QVERIFY(test->made.settle());
    QCOMPARE(test->rules()->rowCount(), 0);
}

void TestPolicyPage::aWrongPassphraseKeepsTheDialogOpen()
{
    const auto test = shown();
    QVERIFY(test);
    LimitDialog *dialog = test->openNew();
    Shown::fill(*dialog, QStringLiteral("auc"), QStringLiteral("0.7"));
    QPushButton *act = dialog->findChild<QPushButton *>(QStringLiteral("act"));
    {
        widgets::dialogs::Scripted script({QStringLiteral("not this one at all")});
        QTest::mouseClick(act, Qt::LeftButton);
    }
    QVERIFY(QTest::qWaitFor([&] { return act->isEnabled(); }, 20000));
    QVERIFY(dialog->isVisible());
    QVERIFY(Shown::says(*dialog, QStringLiteral("passphrase")));
    QCOMPARE(dialog->findChild<QLineEdit *>(QStringLiteral("limit"))->text(), QStringLiteral("0.7"));
    QCOMPARE(test->rules()->rowCount(), 0);
}

void TestPolicyPage::aChangeMakesTheNextRevision()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->setLimit(QStringLiteral("auc"), QStringLiteral("0.7")));
    auto *table = test->page->findChild<widgets::TableView *>();
    table->selectRow(0);
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Return);
    LimitDialog *dialog = test->dialog();
    QVERIFY(dialog);
    QVERIFY(!dialog->findChild<QComboBox *>(QStringLiteral("metric"))->isEnabled());
    auto *limit = dialog->findChild<QLineEdit *>(QStringLiteral("limit"));
    QCOMPARE(limit->text(), QStringLiteral("0.7"));
    limit->selectAll();
    QTest::keyClicks(limit, QStringLiteral("0.5"));
    widgets::dialogs::Scripted script({kPassphrase});
    QTest::keyClick(limit, Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return !test->dialog(); }, 20000));
    QVERIFY(test->made.settle());
    QVERIFY2(test->messages.last().contains(QStringLiteral("No version fails it")), qPrintable(test->messages.last()));
    QCOMPARE(test->rules()->rowCount(), 1);
    QCOMPARE(test->rules()->index(0, RulesTable::Revision).data().toString(), QStringLiteral("2"));
}

void TestPolicyPage::aLimitForOneModelNamesIt()
{
    const auto test = shown();
    QVERIFY(test);
    LimitDialog *dialog = test->openNew();
    Shown::fill(*dialog, QStringLiteral("auc"), QStringLiteral("0.95"));
    for (auto *line : dialog->findChildren<QLineEdit *>())
        if (line->accessibleName() == QLatin1String("Only model"))
            line->setText(QStringLiteral("fraud"));
    // What is read is what is signed; whose limit it is stands beside it.
    const auto read = dialog->draft();
    QVERIFY_RESULT(read);
    const QString sentence = QString::fromStdString(policy::sentence(read->rule));
    const auto labels = dialog->findChildren<widgets::PlainLabel *>();
    QVERIFY(std::ranges::any_of(labels, [&](const auto *label) { return label->text() == sentence; }));
    QVERIFY(Shown::says(*dialog, QStringLiteral("Only for the model fraud.")));
    widgets::dialogs::Scripted script({kPassphrase});
    QTest::mouseClick(dialog->findChild<QPushButton *>(QStringLiteral("act")), Qt::LeftButton);
    QVERIFY(QTest::qWaitFor([&] { return !test->dialog(); }, 20000));
    QVERIFY(test->made.settle());
    QVERIFY2(test->messages.last().contains(QStringLiteral("1 version fails now.")), qPrintable(test->messages.last()));
    QCOMPARE(test->rules()->index(0, RulesTable::Scope).data().toString(), QStringLiteral("fraud, overall value"));

    // Changing it keeps the model, by its id.
    test->page->findChild<widgets::TableView *>()->selectRow(0);
    QTest::mouseClick(test->button(QStringLiteral("change")), Qt::LeftButton);
    const auto draft = test->dialog()->draft();
    QVERIFY_RESULT(draft);
    QVERIFY(draft->model.empty());
    QCOMPARE(draft->rule.model, test->rules()->rowAt(0)->rule.model);
}

void TestPolicyPage::aRetiredLimitIsGone()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->setLimit(QStringLiteral("auc"), QStringLiteral("0.7")));
    test->page->findChild<widgets::TableView *>()->selectRow(0);
    {
        widgets::dialogs::Scripted script({false});
        QTest::mouseClick(test->button(QStringLiteral("retire")), Qt::LeftButton);
        QVERIFY(test->made.settle());
        QCOMPARE(script.asked, QStringList{QStringLiteral("Retire this limit?")});
    }
    QCOMPARE(test->rules()->rowCount(), 1);
    widgets::dialogs::Scripted script({true, kPassphrase});
    QTest::mouseClick(test->button(QStringLiteral("retire")), Qt::LeftButton);
    QVERIFY(test->made.settle());
    QVERIFY2(test->messages.last().contains(QStringLiteral("is retired")), qPrintable(test->messages.last()));
    QCOMPARE(test->rules()->rowCount(), 0);
    QVERIFY(!test->button(QStringLiteral("retire"))->isEnabled());
}

QTEST_MAIN(TestPolicyPage)
#include "tst_policypage.moc"
