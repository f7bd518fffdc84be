#include "models/ledger/proof.h"
#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/review/rules.h"
#include "models/services/sample/sample.h"
#include "models/services/workspace/workspace.h"
#include "models/store/queries/queries.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"
#include "ui/print/pageview.h"
#include "ui/review/reviewcase.h"
#include "ui/review/reviewwindow.h"
#include "ui/theme/theme.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/messages/inputpause.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QtTest>

#include <fstream>

using namespace countersign;
using namespace countersign::pages;

namespace {

constexpr const char *kMetrics = "model,version,metric,slice,window_start,window_end,value,n\n"
                                 "credit-pd,3.2,auc,,2025-10-01,2025-11-01,0.731,4790\n"
                                 "credit-pd,3.2,auc,,2025-11-01,2025-12-01,0.724,4801\n"
                                 "credit-pd,3.2,auc,,2025-12-01,2026-01-01,0.718,4806\n"
                                 "credit-pd,3.2,auc,,2026-01-01,2026-02-01,0.7130,4812\n"
                                 "credit-pd,3.2,auc,,2026-02-01,2026-03-01,0.693,4812\n"
                                 "credit-pd,3.2,brier,,2026-01-01,2026-02-01,0.088,4812\n"
                                 "credit-pd,3.2,brier,,2026-02-01,2026-03-01,0.089,4812\n";
constexpr const char *kLater = "model,version,metric,window_start,window_end,value,n\n"
                               "credit-pd,3.2,auc,2026-02-01,2026-03-01,0.694,4812\n";
constexpr const char *kPassphrase = "correct horse battery";

} // namespace

/// The ceremony, driven by clicks and keys, on a real workspace file.
class TestReviewWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void cannotBeSignedBeforeAllSectionsWereShown();
    void controlDownAloneShowsEverySection();
    void theReasonStandsBesideTheButtonUntilAllFits();
    void enterDoesNotSign();
    void signsExactlyOnceOnADoubleClick();
    void aRejectionNeedsItsReason();
    void wrongPassphrasesAreCountedAndCloseSigning();
    void attemptsOpenAgainAfterAQuarterOfAnHour();
    void aChangeByAnotherSessionStopsSigningAndSaysWhatChanged();
    void freezingAgainAsksForChangedSectionsOnly();
    void aVersionSignedBeforeMarksWhatChangedSince();
    void theReceiptCanBeSaved();
    void whatWasMeantForAnotherWindowDoesNotSign();
    void openingTwiceShowsOneWindow();
    void everythingThatTakesTheFocusHasAName();
    void aLongReviewOfTheSampleIsReadByKeysAlone();

private:
    template<class T>
    T *part(const char *name) const { return m_window->findChild<T *>(QLatin1String(name)); }
    print::PageView *pageView() const { return m_window->findChild<print::PageView *>(); }
    void openWorkspace(const std::string &person);
    void openWindow();
    void readAll();
    void decide();
    void typePassphrase(const QString &text = QLatin1String(kPassphrase));
    void makeReady();
    void importByAnotherSession(const char *metrics, const QString &name);
    int signOffCount();
    QString reason() const { return part<QLabel>("reason")->isHidden() ? QString() : part<QLabel>("reason")->text(); }
    void shoot(const QString &name);

    std::unique_ptr<test::TemporaryFolder> m_folder;
    services::Environment m_environment;
    std::string m_address;
    VersionId m_version;
    std::unique_ptr<services::Workspace> m_workspace;
    std::unique_ptr<QWidget> m_parent;
    QPointer<ReviewWindow> m_window;
};

void TestReviewWindow::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("countersign-test"));
    QCoreApplication::setApplicationName(QStringLiteral("review"));
    theme::install(*qApp);
}

void TestReviewWindow::init()
{
    m_folder = std::make_unique<test::TemporaryFolder>();
    m_environment = test::testEnvironment();
    m_address = m_folder->filePath(QStringLiteral("work.countersign")).toStdString();
    {
        const auto created = test::freshWorkspace(m_address, m_environment);
        QVERIFY_RESULT(created);
        services::Session &session = **created;
        const std::string file = m_folder->filePath(QStringLiteral("metrics.csv")).toStdString();
        std::ofstream(file, std::ios::binary) << kMetrics;
        QVERIFY_RESULT(services::importMetrics(session, file, {}));
        const auto key = session.unlock(*session.person(), test::passphrase());
        QVERIFY_RESULT(key);
        Rule rule;
        rule.metric = "auc";
        rule.limit = 0.70;
        QVERIFY_RESULT(services::setRule(session, rule, {}, *session.person(), **key));
        const auto subject = services::findVersionSubject(session, "credit-pd/3.2");
        QVERIFY_RESULT(subject);
        m_version = subject->version->id;
    }
    openWorkspace("asample");
    m_parent = std::make_unique<QWidget>();
}

void TestReviewWindow::openWorkspace(const std::string &person)
{
    m_workspace = std::make_unique<services::Workspace>(m_environment);
    services::OpenRequest request;
    request.location = *database::Location::parse(m_address);
    request.person = person;
    std::optional<Status> opened;
    m_workspace->open(request, this, [&](const Status &status) { opened = status; });
    QTRY_VERIFY(opened.has_value());
    QVERIFY_RESULT(*opened);
    QTRY_VERIFY(m_workspace->state().person.has_value());
}

void TestReviewWindow::cleanup()
{
    m_parent.reset(); // with its windows
    bool isIdle = false; // what was asked before has been read
    m_workspace->run(this, [](services::Session &) -> Status { return {}; }, [&](const Status &) { isIdle = true; });
    QTRY_VERIFY(isIdle);
    m_workspace.reset();
    m_folder.reset();
}

void TestReviewWindow::openWindow()
{
    std::optional<Error> failure;
    openReview(*m_workspace, m_version, m_parent.get(), [&](const Error &error) { failure = error; });
    QTRY_VERIFY(failure || m_parent->findChild<ReviewWindow *>());
    QVERIFY2(!failure, failure ? failure->text().c_str() : "");
    m_window = m_parent->findChild<ReviewWindow *>();
    m_window->resize(1280, 720);
    QVERIFY(QTest::qWaitForWindowExposed(m_window));
}

void TestReviewWindow::readAll()
{
    print::PageView *view = pageView();
    for (int step = 0; step < 200 && static_cast<int>(view->shownSections().size()) < view->sectionCount(); ++step)
        QTest::keyClick(view, Qt::Key_Down, Qt::ControlModifier);
    QCOMPARE(static_cast<int>(view->shownSections().size()), view->sectionCount());
}

void TestReviewWindow::decide()
{
    QTest::mouseClick(part<QRadioButton>("approve"), Qt::LeftButton, {}, QPoint(8, part<QRadioButton>("approve")->height() / 2));
    QVERIFY(part<QRadioButton>("approve")->isChecked());
}

void TestReviewWindow::typePassphrase(const QString &text)
{
    part<QLineEdit>("passphrase")->setFocus();
    QTest::keyClicks(part<QLineEdit>("passphrase"), text);
}

void TestReviewWindow::makeReady()
{
    openWindow();
    readAll();
    decide();
    typePassphrase();
    QCOMPARE(reason(), QString());
    QVERIFY(part<QPushButton>("sign")->isEnabled());
}

void TestReviewWindow::importByAnotherSession(const char *metrics, const QString &name)
{
    services::OpenRequest request;
    request.location = *database::Location::parse(m_address);
    request.person = "asample";
    const auto other = services::Session::open(request, m_environment);
    QVERIFY_RESULT(other);
    const std::string file = m_folder->filePath(name).toStdString();
    std::ofstream(file, std::ios::binary) << metrics;
    QVERIFY_RESULT(services::importMetrics(**other, file, {}));
}

int TestReviewWindow::signOffCount()
{
    int count = -1;
    std::optional<Error> failure;
    m_workspace->run(this, [version = m_version](services::Session &session) { return store::listSignOffs(session.connection(), version); },
                     [&](const Result<std::vector<store::SignOffRow>> &rows) { count = rows ? static_cast<int>(rows->size()) : -2; });
    [&] { QTRY_VERIFY(count != -1); }();
    return count;
}

void TestReviewWindow::shoot(const QString &name)
{
    QCoreApplication::processEvents(); // what was asked to lay itself out has done so
    const QString folder = qEnvironmentVariable("COUNTERSIGN_TEST_PICTURES");
    if (!folder.isEmpty())
        QVERIFY(m_window->grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png")));
}

void TestReviewWindow::cannotBeSignedBeforeAllSectionsWereShown()
{
    openWindow();
    decide();
    typePassphrase();
    QVERIFY(reason().startsWith(QStringLiteral("Not yet shown: ")));
    QVERIFY(!part<QPushButton>("sign")->isEnabled());
    QTest::mouseClick(part<QPushButton>("sign"), Qt::LeftButton);
    // The last section alone is not enough.
    QTest::keyClick(pageView(), Qt::Key_End);
    QVERIFY(reason().startsWith(QStringLiteral("Not yet shown: ")));
    shoot(QStringLiteral("review-reading"));
    readAll();
    QCOMPARE(reason(), QString());
    QVERIFY(part<QPushButton>("sign")->isEnabled());
    QCOMPARE(signOffCount(), 0);
}

void TestReviewWindow::controlDownAloneShowsEverySection()
{
    openWindow();
    QVERIFY(pageView()->sectionCount() >= 4);
    QVERIFY(static_cast<int>(pageView()->shownSections().size()) < pageView()->sectionCount());
    readAll(); // also from the middle: the keys belong to the window
    QTest::keyClick(part<QLineEdit>("meaning"), Qt::Key_Up, Qt::ControlModifier);
    QVERIFY(pageView()->currentSection() < pageView()->sectionCount() - 1);
}

void TestReviewWindow::theReasonStandsBesideTheButtonUntilAllFits()
{
    openWindow();
    readAll();
    QCOMPARE(reason(), QStringLiteral("Choose whether you approve or reject."));
    QVERIFY(!part<QRadioButton>("approve")->isChecked() && !part<QRadioButton>("reject")->isChecked());
    decide();
    QCOMPARE(part<QLineEdit>("meaning")->text(), QStringLiteral("Validated: independent validation performed"));
    QCOMPARE(part<QPushButton>("sign")->text(), QStringLiteral("Sign as Validator"));
    part<QLineEdit>("meaning")->clear();
    QVERIFY(reason().startsWith(QStringLiteral("Say what the signature means")));
    QTest::keyClicks(part<QLineEdit>("meaning"), QStringLiteral("Seen by me"));
    QCOMPARE(reason(), QStringLiteral("Type your signing passphrase."));
    QCOMPARE(part<QLineEdit>("passphrase")->text(), QString());
    typePassphrase();
    QCOMPARE(reason(), QString());
}

void TestReviewWindow::enterDoesNotSign()
{
    makeReady();
    for (QWidget *widget : {static_cast<QWidget *>(part<QLineEdit>("passphrase")), static_cast<QWidget *>(part<QPushButton>("sign")),
                            static_cast<QWidget *>(part<QLineEdit>("meaning")), static_cast<QWidget *>(pageView())}) {
        widget->setFocus();
        QTest::keyClick(widget, Qt::Key_Return);
        QTest::keyClick(widget, Qt::Key_Enter);
    }
    QVERIFY(part<QPushButton>("sign")->isEnabled()); // nothing has begun
    QCOMPARE(part<QLineEdit>("passphrase")->text(), QLatin1String(kPassphrase));
    QCOMPARE(signOffCount(), 0);
    QVERIFY(!m_window->isSigned());
}

void TestReviewWindow::signsExactlyOnceOnADoubleClick()
{
    makeReady();
    shoot(QStringLiteral("review-ready"));
    theme::apply(*qApp, theme::Scheme::Dark);
    QCoreApplication::processEvents();
    shoot(QStringLiteral("review-ready-dark"));
    theme::apply(*qApp, theme::Scheme::Light);
    auto *sign = part<QPushButton>("sign");
    QTest::mouseClick(sign, Qt::LeftButton);
    QCOMPARE(part<QLineEdit>("passphrase")->text(), QString()); // gone at once
    QTest::mouseClick(sign, Qt::LeftButton);
    QTest::mouseDClick(sign, Qt::LeftButton);
    QVERIFY(!m_window->close()); // a signature on its way is waited for
    QTRY_VERIFY(m_window->isSigned());
    QCOMPARE(signOffCount(), 1);
    QVERIFY(m_window->findChild<QPushButton *>(QStringLiteral("saveReceipt"))->isVisible());
    QVERIFY(!sign->isVisible());
    shoot(QStringLiteral("review-receipt"));
}

void TestReviewWindow::aRejectionNeedsItsReason()
{
    openWindow();
    readAll();
    part<QRadioButton>("reject")->click();
    QCOMPARE(part<QLineEdit>("meaning")->text(), QStringLiteral("Returned: not validated"));
    typePassphrase();
    QCOMPARE(reason(), QStringLiteral("A rejection needs a comment that says why."));
    QTest::keyClicks(part<QPlainTextEdit>("comment"), QStringLiteral("AUC below the limit."));
    QCOMPARE(reason(), QString());
    QTest::mouseClick(part<QPushButton>("sign"), Qt::LeftButton);
    QTRY_VERIFY(m_window->isSigned());
    std::optional<SignOff> recorded;
    m_workspace->run(this, [version = m_version](services::Session &session) { return store::listSignOffs(session.connection(), version); },
                     [&](const Result<std::vector<store::SignOffRow>> &rows) { recorded = rows->front().signOff; });
    QTRY_VERIFY(recorded.has_value());
    QCOMPARE(recorded->decision, Decision::Reject);
    QCOMPARE(recorded->comment, std::string("AUC below the limit."));
}

void TestReviewWindow::wrongPassphrasesAreCountedAndCloseSigning()
{
    openWindow();
    readAll();
    decide();
    auto *field = part<QLineEdit>("passphrase");
    for (int attempt = 1; attempt <= services::AttemptLimit::kAttempts; ++attempt) {
        typePassphrase(QStringLiteral("wrong horse"));
        QTest::mouseClick(part<QPushButton>("sign"), Qt::LeftButton);
        QCOMPARE(field->text(), QString());
        QTRY_VERIFY(!field->accessibleDescription().isEmpty()); // the sentence below the field
        if (attempt < services::AttemptLimit::kAttempts)
            QVERIFY2(field->accessibleDescription().contains(QString::number(services::AttemptLimit::kAttempts - attempt)), qPrintable(field->accessibleDescription()));
    }
    QTRY_COMPARE(reason(), QStringLiteral("After five wrong passphrases signing is closed here for 15 minutes."));
    QVERIFY(!field->isEnabled());
    QVERIFY(!part<QPushButton>("sign")->isEnabled());
    QCOMPARE(signOffCount(), 0);

    // Closing the window and opening another forgets nothing.
    m_window->close();
    QTRY_VERIFY(!m_parent->findChild<ReviewWindow *>());
    openWindow();
    readAll();
    decide();
    QCOMPARE(reason(), QStringLiteral("After five wrong passphrases signing is closed here for 15 minutes."));
    QVERIFY(!part<QLineEdit>("passphrase")->isEnabled());
    QVERIFY(!part<QPushButton>("sign")->isEnabled());
}

void TestReviewWindow::attemptsOpenAgainAfterAQuarterOfAnHour()
{
    const services::AttemptLimit::Time start{std::chrono::hours(1)};
    services::AttemptLimit limit;
    for (int i = 0; i < 4; ++i)
        limit.failed(start);
    QVERIFY(!limit.isClosed(start));
    QCOMPARE(limit.attemptsLeft(), 1);
    limit.failed(start);
    QVERIFY(limit.isClosed(start));
    limit.failed(start + std::chrono::minutes(1)); // does not count, does not prolong
    QVERIFY(limit.isClosed(start + std::chrono::seconds(899)));
    QVERIFY(!limit.isClosed(start + std::chrono::minutes(15)));
    QCOMPARE(limit.attemptsLeft(), 5);
}

void TestReviewWindow::aChangeByAnotherSessionStopsSigningAndSaysWhatChanged()
{
    makeReady();
    auto *bar = part<QWidget>("changes");
    QVERIFY(!bar->isVisible());
    importByAnotherSession(kLater, QStringLiteral("later.csv"));
    QTRY_VERIFY_WITH_TIMEOUT(bar->isVisible(), 15000); // the window looks by itself
    QVERIFY2(part<QLabel>("changeList")->text().contains(QStringLiteral("auc"), Qt::CaseInsensitive), qPrintable(part<QLabel>("changeList")->text()));
    QVERIFY(!part<QPushButton>("sign")->isEnabled());
    QVERIFY(reason().contains(QStringLiteral("Freeze again")));
    shoot(QStringLiteral("review-changed"));
    QTest::mouseClick(part<QPushButton>("sign"), Qt::LeftButton);
    QCOMPARE(signOffCount(), 0);
}

void TestReviewWindow::freezingAgainAsksForChangedSectionsOnly()
{
    makeReady();
    importByAnotherSession(kLater, QStringLiteral("later.csv"));
    QTRY_VERIFY_WITH_TIMEOUT(part<QWidget>("changes")->isVisible(), 15000);
    QTest::mouseClick(part<QPushButton>("freezeAgain"), Qt::LeftButton);
    QTRY_VERIFY(!part<QWidget>("changes")->isVisible());
    QTRY_VERIFY(!reason().contains(QStringLiteral("Freez")));
    // The metric moved; the facts of the model did not.
    bool isFactsAsked = reason().contains(QStringLiteral("Model"));
    QVERIFY2(!isFactsAsked, qPrintable(reason()));
    bool isAnyMarked = false;
    for (int i = 0; i < pageView()->sectionCount(); ++i)
        isAnyMarked = isAnyMarked || pageView()->isSectionChanged(i);
    QVERIFY(isAnyMarked);
    readAll();
    QCOMPARE(reason(), QString()); // what was chosen and typed is still there
    QTest::mouseClick(part<QPushButton>("sign"), Qt::LeftButton);
    QTRY_VERIFY(m_window->isSigned());
    QCOMPARE(signOffCount(), 1);
}

void TestReviewWindow::aVersionSignedBeforeMarksWhatChangedSince()
{
    makeReady();
    QTest::mouseClick(part<QPushButton>("sign"), Qt::LeftButton);
    QTRY_VERIFY(m_window->isSigned());
    m_window->close();
    QTRY_VERIFY(!m_window);
    importByAnotherSession(kLater, QStringLiteral("later.csv"));
    openWindow();
    int changed = 0;
    for (int i = 0; i < pageView()->sectionCount(); ++i)
        changed += pageView()->isSectionChanged(i);
    QVERIFY(changed >= 2); // what changed, and the metric itself
    QVERIFY(changed < pageView()->sectionCount());
    shoot(QStringLiteral("review-again"));
}

void TestReviewWindow::theReceiptCanBeSaved()
{
    makeReady();
    const QString sentence = m_window->findChild<QLineEdit *>(QStringLiteral("meaning"))->text();
    QTest::mouseClick(part<QPushButton>("sign"), Qt::LeftButton);
    QTRY_VERIFY(m_window->isSigned());
    const QString path = m_folder->filePath(QStringLiteral("receipt.txt"));
    widgets::dialogs::Scripted script({path});
    QTest::mouseClick(part<QPushButton>("saveReceipt"), Qt::LeftButton);
    QCOMPARE(script.asked.size(), 1);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(file.readAll());
    for (const QString &part : {QStringLiteral("Ada Sample (asample)"), QStringLiteral("with 1 failed limit"), sentence, QStringLiteral("+01:00"), QStringLiteral("UTC"),
                                QStringLiteral("Tree root"), QStringLiteral("Ledger entry"), QStringLiteral("Clock: of this computer")})
        QVERIFY2(text.contains(part), qPrintable(part + QLatin1Char('\n') + text));
    // The proof beside it needs no workspace.
    QFile proof(m_folder->filePath(QStringLiteral("receipt.countersign")));
    QVERIFY(proof.open(QIODevice::ReadOnly));
    const QByteArray bytes = proof.readAll();
    const auto bundle = ledger::decodeProof(BytesView(bytes.constData(), std::size_t(bytes.size())));
    QVERIFY_RESULT(bundle);
    const auto report = ledger::verifyProof(*bundle);
    QVERIFY2(report.problems.empty(), report.problems.empty() ? "" : report.problems.front().c_str());
    QVERIFY(std::ranges::any_of(report.facts, [](const std::string &fact) { return fact.find("review.signoff by Ada Sample") != std::string::npos; }));
}

void TestReviewWindow::whatWasMeantForAnotherWindowDoesNotSign()
{
    makeReady();
    widgets::InputPause::setDuration(std::chrono::hours(1));
    QEvent front(QEvent::WindowActivate); // this window comes to the front under somebody's hands
    QApplication::sendEvent(m_window, &front);
    QTest::mouseClick(part<QPushButton>("sign"), Qt::LeftButton);
    QTest::keyClick(part<QPushButton>("sign"), Qt::Key_Space);
    QTest::keyClick(part<QLineEdit>("passphrase"), Qt::Key_Return);
    part<QLineEdit>("passphrase")->clear();
    typePassphrase(); // typing goes on
    QVERIFY(!m_window->isSigned());
    QCOMPARE(signOffCount(), 0);
    widgets::InputPause::setDuration(std::chrono::milliseconds(0));
    QApplication::sendEvent(m_window, &front);
    QTest::mouseClick(part<QPushButton>("sign"), Qt::LeftButton);
    QTRY_VERIFY(m_window->isSigned());
    QCOMPARE(signOffCount(), 1);
}

void TestReviewWindow::openingTwiceShowsOneWindow()
{
    openWindow();
    openReview(*m_workspace, m_version, m_parent.get(), [](const Error &) { QFAIL("opening failed"); });
    QCOMPARE(signOffCount(), 0); // the lane has done all that was asked before
    QCOMPARE(m_parent->findChildren<ReviewWindow *>().size(), 1);
}

void TestReviewWindow::everythingThatTakesTheFocusHasAName()
{
    makeReady();
    for (const QWidget *widget : m_window->findChildren<QWidget *>()) {
        if (!(widget->focusPolicy() & Qt::TabFocus) || !widget->isVisible())
            continue;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()), widget->metaObject()->className());
    }
}

void TestReviewWindow::aLongReviewOfTheSampleIsReadByKeysAlone()
{
    services::SampleRequest sample;
    sample.file = m_folder->file("sample.countersign");
    QVERIFY_RESULT(services::makeSample(sample, m_environment, {}));
    m_address = sample.file.string();
    std::string person;
    {
        services::OpenRequest request;
        request.location = *database::Location::parse(m_address);
        request.readOnly = true;
        const auto session = services::Session::open(request, m_environment);
        QVERIFY_RESULT(session);
        const auto versions = store::listVersions((*session)->connection(), {}, (*session)->now());
        QVERIFY_RESULT(versions);
        const auto failing = std::ranges::find(*versions, VerdictState::Fail, &store::VersionRow::verdict);
        QVERIFY(failing != versions->end());
        m_version = failing->version.id;
        const auto people = store::listPeople((*session)->connection());
        QVERIFY_RESULT(people);
        const auto validator = std::ranges::find_if(*people, [](const Person &who) { return who.is(Role::Validator) && who.hasKey; });
        QVERIFY(validator != people->end());
        person = validator->login;
    }
    openWorkspace(person);
    QElapsedTimer timer;
    timer.start();
    openWindow();
    qInfo("Opened after %lld ms: %d pages", timer.elapsed(), pageView()->pageCount());
    QVERIFY(pageView()->pageCount() > 5);
    shoot(QStringLiteral("review-sample"));
    readAll();
    decide();
    typePassphrase(QLatin1String(services::kSamplePassphrase));
    QCOMPARE(reason(), QString());
    pageView()->showSection(3);
    for (const QLabel *label : m_window->findChildren<QLabel *>())
        if (label->isVisible() && label->wordWrap())
            QTRY_VERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(label->text())); // nothing that is signed is cut
    shoot(QStringLiteral("review-sample-metrics"));
    QTest::mouseClick(part<QPushButton>("sign"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSigned(), 15000);
    services::OpenRequest reading;
    reading.location = *database::Location::parse(m_address);
    reading.readOnly = true;
    const auto later = services::Session::open(reading, m_environment);
    QVERIFY_RESULT(later);
    const auto signOffs = store::listSignOffs((*later)->connection(), m_version);
    QVERIFY_RESULT(signOffs);
    const auto shown = services::loadRendering(**later, signOffs->front().signOff);
    QVERIFY_RESULT(shown);
    QCOMPARE(shown->media, std::string("application/pdf"));
    QVERIFY(std::string(shown->bytes.begin(), shown->bytes.begin() + 5) == "%PDF-");
    qInfo("What was shown is kept in %zu bytes", shown->bytes.size());
}

QTEST_MAIN(TestReviewWindow)
#include "tst_reviewwindow.moc"
