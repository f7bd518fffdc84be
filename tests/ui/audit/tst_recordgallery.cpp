#include "models/items/audit/trailtable.h"
#include "models/services/sample/sample.h"
#include "models/services/workspace/workspace.h"
#include "models/store/queries/queries.h"
#include "tests/models/services/workspacefixture.h"
#include "ui/audit/auditpage.h"
#include "ui/import/importpage.h"
#include "ui/people/peoplepage.h"
#include "ui/people/persondialog.h"
#include "ui/policy/limitdialog.h"
#include "ui/policy/policypage.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QPushButton>
#include <QTest>

#include <fstream>

using namespace countersign;
using namespace countersign::test;

/// The pages of the record on the tampered sample, in light and dark at the smallest window: writes pictures to look at, and makes sure
/// that no page asks for more room than that window gives it.
class TestRecordGallery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void pagesFitTheSmallestWindow_data();
    void pagesFitTheSmallestWindow();
    void dialogsFitTheSmallestWindow();
    void cleanupTestCase() { m_workspace.reset(); }

private:
    bool settle()
    {
        for (int i = 0; i < 6; ++i) {
            bool isBack = false;
            m_workspace->run(this, [](services::Session &) { return Status(); }, [&isBack](const Status &) { isBack = true; });
            if (!QTest::qWaitFor([&isBack] { return isBack; }, 30000))
                return false;
            QCoreApplication::processEvents();
        }
        return true;
    }
    void picture(QWidget &widget, const QString &name);
    std::unique_ptr<widgets::Page> makePage(const QString &key);

    TemporaryFolder m_folder;
    std::unique_ptr<services::Workspace> m_workspace;
};

namespace {

const QSize kRoom(1280 - 188, 720 - 30 - 42 - 28); // without rail, menu, top bar and status bar

bool clickWhenThere(QWidget &page, const QString &text)
{
    QPushButton *found = nullptr;
    const bool isThere = QTest::qWaitFor([&] {
        for (auto *button : page.findChildren<QPushButton *>())
            if (button->isVisible() && button->isEnabled() && button->text() == text)
                found = button;
        return found != nullptr;
    }, 30000);
    if (isThere)
        QTest::mouseClick(found, Qt::LeftButton);
    return isThere;
}

} // namespace

void TestRecordGallery::initTestCase()
{
    theme::install(*qApp);
    const auto environment = testEnvironment();
    const auto file = m_folder.file("sample.countersign");
    QVERIFY(services::makeSample({file, true}, environment, {}).ok());
    m_workspace = std::make_unique<services::Workspace>(environment);
    bool isOpen = false;
    m_workspace->open({database::Location::sqlite(file), {}, false, {}}, this, [&isOpen](const Status &status) { isOpen = status.ok(); });
    QVERIFY(QTest::qWaitFor([&isOpen] { return isOpen; }, 60000));
    std::vector<Person> people;
    m_workspace->run(this, [](services::Session &session) { return store::listPeople(session.connection()); }, [&people](const Result<std::vector<Person>> &read) {
        if (read)
            people = *read;
    });
    QVERIFY(settle());
    const auto administrator = std::ranges::find_if(people, [](const Person &person) { return person.is(Role::Administrator); });
    QVERIFY(administrator != people.end());
    m_workspace->setPerson(QString::fromStdString(administrator->login), this, [](const Status &) {});
    QVERIFY(settle());
    std::ofstream csv(m_folder.file("may.csv"));
    csv << "model,version,metric,value,time\n";
    for (int i = 1; i < 28; ++i)
        csv << "churn,1,auc,0." << 60 + i << ",2026-02-" << (i < 10 ? "0" : "") << i << "\n";
    csv << "churn,1,auc,abc,2026-02-28\nchurn,1,,0.7,2026-02-28\nchurn,1,auc,0.7,2026-02-30\n";
}

std::unique_ptr<widgets::Page> TestRecordGallery::makePage(const QString &key)
{
    if (key.startsWith(QLatin1String("audit")))
        return std::make_unique<pages::AuditPage>(*m_workspace);
    if (key.startsWith(QLatin1String("import")))
        return std::make_unique<pages::ImportPage>(*m_workspace);
    if (key == QLatin1String("people"))
        return std::make_unique<pages::PeoplePage>(*m_workspace);
    return std::make_unique<pages::PolicyPage>(*m_workspace);
}

void TestRecordGallery::picture(QWidget &widget, const QString &name)
{
    const QString folder = QCoreApplication::applicationDirPath() + QStringLiteral("/gallery");
    QVERIFY(QDir().mkpath(folder));
    for (const auto &[scheme, word] : {std::pair{theme::Scheme::Light, "light"}, std::pair{theme::Scheme::Dark, "dark"}}) {
        theme::instance()->apply(scheme);
        QCoreApplication::processEvents();
        QVERIFY(widget.grab().save(QStringLiteral("%1/%2-%3.png").arg(folder, name, QLatin1String(word))));
    }
    theme::instance()->apply(theme::Scheme::Light);
    QCoreApplication::processEvents();
}

void TestRecordGallery::pagesFitTheSmallestWindow_data()
{
    QTest::addColumn<QString>("then");
    QTest::newRow("audit") << QString();
    QTest::newRow("audit-verified") << QStringLiteral("Verify…");
    QTest::newRow("import") << QString();
    QTest::newRow("import-check") << QStringLiteral("Next");
    QTest::newRow("people") << QString();
    QTest::newRow("policy") << QString();
}

void TestRecordGallery::pagesFitTheSmallestWindow()
{
    QFETCH(QString, then);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    const auto page = makePage(name);
    page->resize(kRoom);
    page->show();
    QVERIFY(settle());
    if (!then.isEmpty()) {
        if (name == QLatin1String("import-check"))
            page->open({QStringLiteral("import"), {}, {}, {}, m_folder.filePath(QStringLiteral("may.csv"))});
        QVERIFY(clickWhenThere(*page, then));
        QVERIFY(settle());
        QCoreApplication::processEvents();
    }
    picture(*page, name);
    const QSize least = page->minimumSizeHint();
    QVERIFY2(least.width() <= kRoom.width() && least.height() <= kRoom.height(),
             qPrintable(QStringLiteral("asks for %1 x %2").arg(least.width()).arg(least.height())));
    QCOMPARE(page->size(), kRoom);
}

void TestRecordGallery::dialogsFitTheSmallestWindow()
{
    pages::LimitDialog limit({QStringLiteral("auc"), QStringLiteral("psi/income")}, {}, {});
    limit.show();
    picture(limit, QStringLiteral("limit-dialog"));
    QVERIFY(limit.width() <= kRoom.width() && limit.height() <= kRoom.height());
    pages::PersonDialog person({}, QStringLiteral("Ada Sample"));
    person.show();
    picture(person, QStringLiteral("person-dialog"));
    QVERIFY(person.width() <= kRoom.width() && person.height() <= kRoom.height());
}

QTEST_MAIN(TestRecordGallery)
#include "tst_recordgallery.moc"
