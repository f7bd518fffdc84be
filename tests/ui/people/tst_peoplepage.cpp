#include "models/items/review/peopletable.h"
#include "tests/models/items/inventoryfixture.h"
#include "models/crypto/words.h"
#include "models/items/review/keytable.h"
#include "models/services/keys/keys.h"
#include "models/store/queries/queries.h"
#include "ui/people/enroldialog.h"
#include "ui/people/keydialog.h"
#include "ui/people/peoplepage.h"
#include "ui/people/persondialog.h"
#include "ui/theme/theme.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/tables/tableview.h"

#include <QApplication>
#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>

using namespace countersign;
using namespace countersign::test;
using items::PeopleTable;
using pages::KeyDialog;
using pages::PeoplePage;
using pages::PersonDialog;

namespace {
const QString kPassphrase = QStringLiteral("correct horse battery");
}

class TestPeoplePage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme::install(*qApp); }
    void somebodyWithAKeyIsAdded();
    void whatIsMissingIsSaidAtTheField();
    void aWrongPassphraseAddsNobody();
    void aKeyIsEnrolledLater();
    void somebodyElseWorksHere();
    void withoutAnAdministratorNothingCanBeAdded();
    void anUnknownComputerIsEnrolledFromHere_data() { forEachBackend(); }
    void anUnknownComputerIsEnrolledFromHere();
    void aKnownComputerNeedsNoEnrolment();
    void aKeyIsConfirmedReplacedAndRevoked();
    void whatMayBeDoneWithAKeyDependsOnWhoWorksHere();

private:
    struct Shown {
        TemporaryFolder folder;
        InventoryWorkspace made{folder};
        std::unique_ptr<PeoplePage> page;
        QStringList messages;

        const PeopleTable *people() const { return page->findChild<PeopleTable *>(); }
        widgets::TableView *table() const
        {
            const auto tables = page->findChildren<widgets::TableView *>();
            return *std::ranges::find_if(tables, [](const auto *one) { return one->objectName() != QLatin1String("keys"); });
        }
        widgets::TableView *keys() const { return page->findChild<widgets::TableView *>(QStringLiteral("keys")); }
        KeyDialog *keyDialog() const { return page->findChild<KeyDialog *>(); }
        QPushButton *button(const QString &name) const { return page->findChild<QPushButton *>(name); }
        PersonDialog *dialog() const { return page->findChild<PersonDialog *>(); }
        PersonDialog *openNew() const
        {
            QTest::mouseClick(button(QStringLiteral("add")), Qt::LeftButton);
            return dialog();
        }
        static void type(QDialog &dialog, const QString &field, const QString &text)
        {
            auto *line = dialog.findChild<QLineEdit *>(field);
            line->setFocus();
            line->selectAll();
            QTest::keyClicks(line, text);
        }
        static void act(QDialog &dialog) { QTest::mouseClick(dialog.findChild<QPushButton *>(QStringLiteral("act")), Qt::LeftButton); }
        static void tick(PersonDialog &dialog, const QString &role)
        {
            for (auto *box : dialog.findChildren<QCheckBox *>())
                if (box->text() == role)
                    box->click();
        }
        bool closes() { return QTest::qWaitFor([&] { return !dialog(); }, 20000) && made.settle(); }
        QString cell(int row, int column) const { return people()->index(row, column).data().toString(); }
    };
    static std::unique_ptr<Shown> shown(bool isSomebodyHere = true);
    static bool says(const QWidget &widget, const QString &words)
    {
        const auto labels = widget.findChildren<widgets::PlainLabel *>();
        return std::ranges::any_of(labels, [&](const auto *label) { return label->text().contains(words); });
    }
};

std::unique_ptr<TestPeoplePage::Shown> TestPeoplePage::shown(bool isSomebodyHere)
{
    auto result = std::make_unique<Shown>();
    if (!result->made.open([](services::Session &) {}))
        return {};
    if (isSomebodyHere)
        result->made.workspace.setPerson(QStringLiteral("asample"), &result->made.workspace, [](const Status &) {});
    if (!result->made.settle())
        return {};
    result->page = std::make_unique<PeoplePage>(result->made.workspace);
    QObject::connect(result->page.get(), &widgets::Page::message, result->page.get(), [raw = result.get()](const widgets::Message &message) { raw->messages.append(message.text); });
    result->page->resize(1092, 640);
    result->page->show();
    return result->made.settle() ? std::move(result) : nullptr;
}

void TestPeoplePage::somebodyWithAKeyIsAdded()
{
    const auto test = shown();
    QVERIFY(test);
    PersonDialog *dialog = test->openNew();
    QVERIFY(dialog);
    Shown::type(*dialog, QStringLiteral("name"), QStringLiteral("Vera Sample"));
    QCOMPARE(dialog->findChild<QLineEdit *>(QStringLiteral("login"))->text(), QStringLiteral("vsample")); // suggested
    Shown::tick(*dialog, QStringLiteral("Validator"));
    Shown::type(*dialog, QStringLiteral("passphrase"), QStringLiteral("another long one"));
    Shown::type(*dialog, QStringLiteral("again"), QStringLiteral("another long one"));
    Shown::type(*dialog, QStringLiteral("identity"), QStringLiteral("passport seen"));
    Shown::type(*dialog, QStringLiteral("administrator"), kPassphrase);
    Shown::act(*dialog);
    QVERIFY(test->closes());
    QCOMPARE(test->people()->rowCount(), 2);
    QCOMPARE(test->cell(1, PeopleTable::Name), QStringLiteral("Vera Sample"));
    QCOMPARE(test->cell(1, PeopleTable::Roles), QStringLiteral("Validator"));
    QCOMPARE(test->cell(1, PeopleTable::Key), QStringLiteral("Can sign"));
    QVERIFY(test->messages.last().contains(QStringLiteral("Vera Sample is added as Validator")));
}

void TestPeoplePage::whatIsMissingIsSaidAtTheField()
{
    const auto test = shown();
    QVERIFY(test);
    PersonDialog *dialog = test->openNew();
    Shown::act(*dialog);
    QVERIFY(says(*dialog, QStringLiteral("Write the name")));
    Shown::type(*dialog, QStringLiteral("name"), QStringLiteral("Vera Sample"));
    Shown::type(*dialog, QStringLiteral("passphrase"), QStringLiteral("short"));
    Shown::act(*dialog);
    QVERIFY(says(*dialog, QStringLiteral("at least 8 characters")));
    Shown::type(*dialog, QStringLiteral("passphrase"), QStringLiteral("long enough"));
    Shown::type(*dialog, QStringLiteral("again"), QStringLiteral("long enough?"));
    Shown::act(*dialog);
    QVERIFY(says(*dialog, QStringLiteral("The two differ")));
    Shown::type(*dialog, QStringLiteral("again"), QStringLiteral("long enough"));
    Shown::act(*dialog);
    QVERIFY(says(*dialog, QStringLiteral("Say how, for the record")));
    Shown::type(*dialog, QStringLiteral("identity"), QStringLiteral("passport seen"));
    Shown::type(*dialog, QStringLiteral("administrator"), kPassphrase);
    Shown::act(*dialog);
    QVERIFY(says(*dialog, QStringLiteral("at least one role")));
    QVERIFY(test->made.settle());
    QCOMPARE(test->people()->rowCount(), 1);
}

void TestPeoplePage::aWrongPassphraseAddsNobody()
{
    const auto test = shown();
    QVERIFY(test);
    PersonDialog *dialog = test->openNew();
    Shown::type(*dialog, QStringLiteral("name"), QStringLiteral("Vera Sample"));
    Shown::tick(*dialog, QStringLiteral("Auditor"));
    Shown::type(*dialog, QStringLiteral("administrator"), QStringLiteral("not this one at all"));
    Shown::act(*dialog);
    auto *act = dialog->findChild<QPushButton *>(QStringLiteral("act"));
    QVERIFY(QTest::qWaitFor([&] { return act->isEnabled(); }, 20000));
    QVERIFY(dialog->isVisible());
    QVERIFY(says(*dialog, QStringLiteral("not the signing passphrase of Ada Sample")));
    QVERIFY(test->made.settle());
    QCOMPARE(test->people()->rowCount(), 1);
}

void TestPeoplePage::aKeyIsEnrolledLater()
{
    const auto test = shown();
    QVERIFY(test);
    PersonDialog *dialog = test->openNew();
    Shown::type(*dialog, QStringLiteral("name"), QStringLiteral("Vera Sample"));
    Shown::tick(*dialog, QStringLiteral("Approver"));
    Shown::type(*dialog, QStringLiteral("administrator"), kPassphrase);
    Shown::act(*dialog);
    QVERIFY(test->closes());
    QCOMPARE(test->cell(1, PeopleTable::Key), QStringLiteral("No key"));
    test->table()->selectRow(0);
    QVERIFY(!test->button(QStringLiteral("enrol"))->isEnabled());
    test->table()->selectRow(1);
    QTest::mouseClick(test->button(QStringLiteral("enrol")), Qt::LeftButton);
    dialog = test->dialog();
    QVERIFY(dialog);
    Shown::type(*dialog, QStringLiteral("passphrase"), QStringLiteral("another long one"));
    Shown::type(*dialog, QStringLiteral("again"), QStringLiteral("another long one"));
    Shown::type(*dialog, QStringLiteral("identity"), QStringLiteral("passport seen"));
    Shown::type(*dialog, QStringLiteral("administrator"), kPassphrase);
    Shown::act(*dialog);
    QVERIFY(test->closes());
    QCOMPARE(test->cell(1, PeopleTable::Key), QStringLiteral("Can sign"));
    QVERIFY(test->messages.last().contains(QStringLiteral("can sign now")));
}

void TestPeoplePage::somebodyElseWorksHere()
{
    const auto test = shown();
    QVERIFY(test);
    PersonDialog *dialog = test->openNew();
    Shown::type(*dialog, QStringLiteral("name"), QStringLiteral("Vera Sample"));
    Shown::tick(*dialog, QStringLiteral("Auditor"));
    Shown::type(*dialog, QStringLiteral("administrator"), kPassphrase);
    Shown::act(*dialog);
    QVERIFY(test->closes());
    QCOMPARE(test->cell(0, PeopleTable::Here), QStringLiteral("Works here now"));
    test->table()->selectRow(1);
    QTest::mouseClick(test->button(QStringLiteral("workAs")), Qt::LeftButton);
    QVERIFY(test->made.settle());
    QCOMPARE(QString::fromStdString(test->made.workspace.state().person->login), QStringLiteral("vsample"));
    QCOMPARE(test->cell(1, PeopleTable::Here), QStringLiteral("Works here now"));
    QVERIFY(test->cell(0, PeopleTable::Here).isEmpty());
    QVERIFY(!test->button(QStringLiteral("add"))->isEnabled()); // an auditor adds nobody
}

void TestPeoplePage::withoutAnAdministratorNothingCanBeAdded()
{
    const auto test = shown(false);
    QVERIFY(test);
    QCOMPARE(test->people()->rowCount(), 1);
    QVERIFY(!test->button(QStringLiteral("add"))->isEnabled());
    QVERIFY(says(*test->page, QStringLiteral("choose who you are")));
}

void TestPeoplePage::anUnknownComputerIsEnrolledFromHere()
{
    QFETCH(QString, backend);
    const TemporaryFolder folder;
    const std::string address = freshDatabase(backend, folder);
    QVERIFY_RESULT(freshWorkspace(address, testEnvironment(1)));
    services::Workspace workspace(testEnvironment(99)); // the same person at another computer
    workspace.open({*database::Location::parse(address), {}, false, "asample"}, &workspace, [](const Status &) {});
    QVERIFY(QTest::qWaitFor([&] { return workspace.state().isOpen; }, 20000));
    PeoplePage page(workspace);
    QStringList messages;
    connect(&page, &widgets::Page::message, this, [&](const widgets::Message &message) { messages.append(message.text); });
    page.show();
    auto *enrol = page.findChild<QPushButton *>(QStringLiteral("enrolDevice"));
    QVERIFY(enrol && enrol->isVisible());
    QVERIFY(says(page, QStringLiteral("This computer is not enrolled yet")));

    QTest::mouseClick(enrol, Qt::LeftButton);
    QTest::mouseClick(enrol, Qt::LeftButton); // one dialog, however often it is asked for
    pages::EnrolDialog *dialog = nullptr;
    QVERIFY(QTest::qWaitFor([&] { return (dialog = page.findChild<pages::EnrolDialog *>()) != nullptr; }, 20000));
    QCOMPARE(page.findChildren<pages::EnrolDialog *>().size(), 1);
    QVERIFY(says(*dialog, QStringLiteral("vouches for it, once")));
    auto *act = dialog->findChild<QPushButton *>(QStringLiteral("act"));
    auto *passphrase = dialog->findChild<QLineEdit *>(QStringLiteral("passphrase"));
    QTest::mouseClick(act, Qt::LeftButton);
    QVERIFY(says(*dialog, QStringLiteral("Type the passphrase")));
    QTest::keyClicks(passphrase, QStringLiteral("not this one at all"));
    QTest::mouseClick(act, Qt::LeftButton);
    QCOMPARE(passphrase->text(), QString());
    QVERIFY(QTest::qWaitFor([&] { return says(*dialog, QStringLiteral("not the signing passphrase of Ada Sample")); }, 20000));
    QVERIFY(!workspace.state().isDeviceEnrolled);
    QTest::keyClicks(passphrase, kPassphrase);
    QTest::keyClick(passphrase, Qt::Key_Return);
    QVERIFY(QTest::qWaitFor([&] { return workspace.state().isDeviceEnrolled; }, 20000));
    QVERIFY(QTest::qWaitFor([&] { return !page.findChild<pages::EnrolDialog *>(); }, 20000));
    QVERIFY(!enrol->isVisible());
    QVERIFY2(messages.last().contains(QStringLiteral("This computer is enrolled")), qPrintable(messages.last()));
}

void TestPeoplePage::aKnownComputerNeedsNoEnrolment()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(!test->button(QStringLiteral("enrolDevice"))->isVisible());
    QVERIFY(!says(*test->page, QStringLiteral("not enrolled")));
}

namespace {
/// Bea is the second administrator; Ada has proposed a key for Cid.
void proposeCid(services::Session &session)
{
    const Person ada = *store::findPerson(session.connection(), "asample");
    const auto key = session.unlock(ada, passphrase());
    auto beas = passphrase("bea's own passphrase");
    auto cids = passphrase("cid's own passphrase");
    if (!services::addPerson(session, {"Bea Sample", "bea", {Role::Administrator}, "known"}, &beas, ada, **key) || !services::addPerson(session, {"Cid Sample", "cid", {Role::Validator}, "passport seen"}, &cids, ada, **key))
        qFatal("nobody was added");
}
} // namespace

void TestPeoplePage::aKeyIsConfirmedReplacedAndRevoked()
{
    const auto test = shown();
    QVERIFY(test);
    QVERIFY(test->made.onLane([](services::Session &session) -> Status { proposeCid(session); return {}; }));
    QVERIFY(test->made.settle());
    QCOMPARE(test->cell(2, PeopleTable::Key), QStringLiteral("Awaits confirmation"));
    const auto *keys = test->page->findChild<items::KeyTable *>();
    QCOMPARE(keys->rowCount(), 4); // three people's and the computer's
    test->table()->selectRow(2);
    QCOMPARE(keys->rowCount(), 1);
    QVERIFY(!test->button(QStringLiteral("enrol"))->isEnabled());
    QVERIFY(!test->button(QStringLiteral("confirmKey"))->isEnabled()); // Ada proposed it
    const KeyId id = keys->rowAt(0)->record.id;
    const QString words = QString::fromStdString(crypto::fingerprintWords(id));
    QVERIFY(says(*test->page, words));

    test->made.workspace.setPerson(QStringLiteral("bea"), &test->made.workspace, [](const Status &) {});
    QVERIFY(test->made.settle());
    auto *confirm = test->button(QStringLiteral("confirmKey"));
    QVERIFY(confirm->isEnabled());
    QTest::mouseClick(confirm, Qt::LeftButton);
    KeyDialog *dialog = test->keyDialog();
    QVERIFY(dialog);
    Shown::act(*dialog);
    QVERIFY(says(*dialog, QStringLiteral("Type the words that you hear")));
    Shown::type(*dialog, QStringLiteral("words"), QStringLiteral("baguz ") + words.mid(6));
    Shown::type(*dialog, QStringLiteral("said"), QStringLiteral("on the telephone"));
    Shown::type(*dialog, QStringLiteral("passphrase"), QStringLiteral("bea's own passphrase"));
    Shown::act(*dialog);
    QVERIFY(QTest::qWaitFor([&] { return says(*dialog, QStringLiteral("not the eight words")); }, 20000));
    QCOMPARE(dialog->findChild<QLineEdit *>(QStringLiteral("passphrase"))->text(), QString());
    Shown::type(*dialog, QStringLiteral("words"), words);
    Shown::type(*dialog, QStringLiteral("passphrase"), QStringLiteral("bea's own passphrase"));
    Shown::act(*dialog);
    QVERIFY(QTest::qWaitFor([&] { return !test->keyDialog(); }, 20000));
    QVERIFY(test->made.settle());
    QVERIFY2(test->messages.last().contains(QStringLiteral("confirmed")), qPrintable(test->messages.last()));
    QCOMPARE(test->cell(2, PeopleTable::Key), QStringLiteral("Can sign"));
    QVERIFY(keys->index(0, items::KeyTable::Told).data().toString().contains(QStringLiteral("confirmed by Bea Sample")));
    QVERIFY(!test->button(QStringLiteral("replaceKey"))->isEnabled()); // it is Cid's

    test->made.workspace.setPerson(QStringLiteral("cid"), &test->made.workspace, [](const Status &) {});
    QVERIFY(test->made.settle());
    QTest::mouseClick(test->button(QStringLiteral("replaceKey")), Qt::LeftButton);
    dialog = test->keyDialog();
    QVERIFY(dialog);
    Shown::type(*dialog, QStringLiteral("next"), QStringLiteral("cid's next passphrase"));
    Shown::type(*dialog, QStringLiteral("again"), QStringLiteral("cid's next passphrase"));
    Shown::type(*dialog, QStringLiteral("passphrase"), QStringLiteral("cid's own passphrase"));
    Shown::act(*dialog);
    QVERIFY(QTest::qWaitFor([&] { return !test->keyDialog(); }, 20000));
    QVERIFY(test->made.settle());
    QCOMPARE(keys->rowCount(), 2);
    QCOMPARE(keys->index(0, items::KeyTable::State).data().toString(), QStringLiteral("Replaced"));
    QCOMPARE(keys->index(1, items::KeyTable::State).data().toString(), QStringLiteral("Signs"));

    test->keys()->selectRow(1);
    QTest::mouseClick(test->button(QStringLiteral("revokeKey")), Qt::LeftButton);
    dialog = test->keyDialog();
    QVERIFY(dialog);
    Shown::act(*dialog);
    QVERIFY(says(*dialog, QStringLiteral("Say why")));
    Shown::type(*dialog, QStringLiteral("said"), QStringLiteral("laptop lost"));
    Shown::type(*dialog, QStringLiteral("passphrase"), QStringLiteral("cid's next passphrase"));
    Shown::act(*dialog);
    QVERIFY(QTest::qWaitFor([&] { return !test->keyDialog(); }, 20000));
    QVERIFY(test->made.settle());
    QCOMPARE(keys->index(1, items::KeyTable::State).data().toString(), QStringLiteral("Revoked"));
    QVERIFY(keys->index(1, items::KeyTable::Told).data().toString().contains(QStringLiteral("laptop lost")));
    QCOMPARE(test->cell(2, PeopleTable::Key), QStringLiteral("No key"));
}

void TestPeoplePage::whatMayBeDoneWithAKeyDependsOnWhoWorksHere()
{
    const auto test = shown(false);
    QVERIFY(test);
    QVERIFY(test->made.onLane([](services::Session &session) -> Status { proposeCid(session); return {}; }));
    QVERIFY(test->made.settle());
    const auto allowed = [&] {
        QStringList names;
        for (const char *name : {"confirmKey", "replaceKey", "revokeKey"})
            if (test->button(QLatin1String(name))->isEnabled())
                names << QLatin1String(name);
        return names.join(QLatin1Char(' '));
    };
    const auto work = [&](const char *login) {
        test->made.workspace.setPerson(QLatin1String(login), &test->made.workspace, [](const Status &) {});
        return test->made.settle();
    };
    QCOMPARE(allowed(), QString());
    test->table()->selectRow(2); // Cid
    QCOMPARE(allowed(), QString()); // nobody works here
    QVERIFY(work("cid"));
    QCOMPARE(allowed(), QStringLiteral("revokeKey"));
    QVERIFY(work("asample"));
    QCOMPARE(allowed(), QStringLiteral("revokeKey"));
    QVERIFY(work("bea"));
    QCOMPARE(allowed(), QStringLiteral("confirmKey revokeKey"));
    test->table()->selectRow(1); // Bea
    QCOMPARE(allowed(), QStringLiteral("replaceKey revokeKey"));
    QVERIFY(work("cid"));
    QCOMPARE(allowed(), QString());
}

QTEST_MAIN(TestPeoplePage)
#include "tst_peoplepage.moc"
