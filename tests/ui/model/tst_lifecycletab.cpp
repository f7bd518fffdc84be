#include "models/policy/packs/builtin.h"
#include "models/services/governance/packs.h"
#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/workspace/workspace.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"
#include "ui/model/lifecycle/lifecycletab.h"
#include "ui/model/lifecycle/movedialog.h"
#include "ui/theme/theme.h"
#include "ui/widgets/cards/labels.h"

#include <QApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QtTest>

#include <fstream>

using namespace countersign;
using namespace countersign::test;
using pages::LifecycleTab;

/// The stage of a version in the window: what each gate asks for, why a move cannot be made, and the move.
class LifecycleTabTest : public QObject
{
    Q_OBJECT

    /// The general pack whose first move asks for an owner alone.
    static policy::Pack pack()
    {
        policy::Pack pack = *policy::builtInPack("general");
        for (auto &transition : pack.transitions)
            if (transition.id == "submit") {
                transition.gate = {policy::GateRequirement{}};
                transition.gate.front().facts = {policy::ModelFact::Owner};
                transition.needsReason = true;
            }
        return pack;
    }
    template<class Work>
    auto onLane(Work work) -> decltype(work(std::declval<services::Session &>()))
    {
        std::optional<decltype(work(std::declval<services::Session &>()))> result;
        m_workspace->run(this, work, [&](const auto &found) { result = found; });
        [&] { QTRY_VERIFY_WITH_TIMEOUT(result.has_value(), 30'000); }();
        return *result;
    }
    Status publish()
    {
        const auto done = onLane([](services::Session &session) -> Result<PublishedPack> {
            const Person ada = *session.person();
            const auto key = session.unlock(ada, passphrase());
            if (!key)
                return key.error();
            services::PublishRequest request;
            request.pack = pack();
            request.isDefault = true;
            return services::publishPack(session, request, ada, **key);
        });
        return done ? Status() : Status(done.error());
    }
    void showTab()
    {
        QSignalSpy shown(m_tab.get(), &LifecycleTab::shown);
        m_tab->setVersion(m_version);
        m_tab->show();
        QTRY_VERIFY(!shown.isEmpty());
    }
    QStringList labels() const
    {
        QStringList texts;
        for (const auto *label : m_tab->findChildren<widgets::PlainLabel *>())
            texts.append(label->text());
        return texts;
    }
    QPushButton *button(const char *name) const { return m_tab->findChild<QPushButton *>(QLatin1String(name)); }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        theme::install(*qApp);
    }
    void init()
    {
        const QString file = m_folder.filePath(QStringLiteral("%1.countersign").arg(QString::fromLatin1(QTest::currentTestFunction())));
        {
            const auto created = freshWorkspace(file.toStdString(), m_environment);
            QVERIFY_RESULT(created);
            const std::string csv = m_folder.filePath(QStringLiteral("metrics.csv")).toStdString();
            std::ofstream(csv, std::ios::binary) << "model,version,metric,window_start,window_end,value,n\ncredit-pd,1,auc,2026-01-01,2026-02-01,0.8,4800\n";
            QVERIFY_RESULT(services::importMetrics(**created, csv, {}));
            const auto subject = services::findVersionSubject(**created, "credit-pd/1");
            QVERIFY_RESULT(subject);
            m_model = subject->model.id;
            m_version = subject->version->id;
        }
        m_workspace = std::make_unique<services::Workspace>(m_environment);
        services::OpenRequest request;
        request.location = database::Location::parse(file.toStdString()).value();
        request.person = "Ada Sample";
        std::optional<Status> opened;
        m_workspace->open(request, this, [&](const Status &status) { opened = status; });
        QTRY_VERIFY(opened.has_value());
        QVERIFY_RESULT(*opened);
        m_tab = std::make_unique<LifecycleTab>(*m_workspace);
        m_tab->resize(1092, 520);
    }
    void cleanup()
    {
        m_tab.reset();
        m_workspace.reset();
    }

    void withoutAPackItSaysSo()
    {
        showTab();
        QVERIFY2(labels().contains(QStringLiteral("No gate decides on this version")), qPrintable(labels().join(QLatin1Char('\n'))));
        QVERIFY(labels().filter(QStringLiteral("No pack governs credit-pd")).size() == 1);
    }

    void aClosedGateSaysWhy()
    {
        QVERIFY_RESULT(publish());
        showTab();
        QCOMPARE(m_tab->findChild<widgets::PlainLabel *>(QStringLiteral("stage"))->text().left(15), QStringLiteral("Development, by"));
        auto *submit = button("move-submit");
        QVERIFY(submit && !submit->isEnabled());
        QVERIFY2(submit->accessibleDescription().contains(QStringLiteral("The model needs an owner.")), qPrintable(submit->accessibleDescription()));
        QVERIFY(labels().contains(QStringLiteral("The model needs an owner.")));
        QVERIFY(button("move-withdraw") && button("move-withdraw")->isEnabled()); // asks for nothing
        m_tab->setReadOnly(QStringLiteral("Only read."));
        QVERIFY(!button("move-withdraw")->isEnabled());
    }

    void anOpenGateIsPassedByKeyboard()
    {
        QVERIFY_RESULT(publish());
        const auto set = onLane([model = m_model](services::Session &session) {
            services::FactsRequest facts;
            facts.model = model;
            facts.owner = "<b>Risk</b>";
            return services::setFacts(session, facts);
        });
        QVERIFY_RESULT(set);
        showTab();
        auto *submit = button("move-submit");
        QVERIFY(submit && submit->isEnabled());
        m_tab->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_tab.get()));
        submit->setFocus();
        QSignalSpy told(m_tab.get(), &LifecycleTab::message);
        QTest::keyClick(submit, Qt::Key_Space);
        auto *dialog = m_tab->findChild<pages::MoveDialog *>();
        QVERIFY(dialog && QTest::qWaitForWindowExposed(dialog));
        auto *act = dialog->findChild<QPushButton *>(QStringLiteral("act"));
        QCOMPARE(act->text(), QStringLiteral("Move to Validation"));
        QTest::mouseClick(act, Qt::LeftButton); // without the reason that it needs
        QTRY_VERIFY(act->isEnabled());
        QVERIFY(dialog->isVisible());
        QTest::keyClicks(dialog->findChild<QPlainTextEdit *>(QStringLiteral("reason")), QStringLiteral("It is ready."));
        QTest::mouseClick(act, Qt::LeftButton);
        QTRY_COMPARE(told.count(), 1);
        showTab();
        QCOMPARE(m_tab->findChildren<widgets::PlainLabel *>(QStringLiteral("stage")).last()->text().left(14), QStringLiteral("Validation, by"));
        QVERIFY2(labels().filter(QStringLiteral("moved it from development to validation. It is ready.")).size() == 1, qPrintable(labels().join(QLatin1Char('\n'))));
    }

private:
    TemporaryFolder m_folder;
    services::Environment m_environment = testEnvironment();
    std::unique_ptr<services::Workspace> m_workspace;
    std::unique_ptr<LifecycleTab> m_tab;
    ModelId m_model;
    std::optional<VersionId> m_version;
};

QTEST_MAIN(LifecycleTabTest)
#include "tst_lifecycletab.moc"
