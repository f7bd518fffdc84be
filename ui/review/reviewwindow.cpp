#include "ui/review/reviewwindow.h"

#include "models/services/review/receipts.h"
#include "ui/print/pageview.h"
#include "ui/print/pdfjob.h"
#include "ui/review/receiptview.h"
#include "ui/review/sectionlist.h"
#include "ui/review/signaturepanel.h"
#include "ui/review/stepstrip.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/messages/inputpause.h"

#include <QBoxLayout>
#include <QCloseEvent>
#include <QPushButton>
#include <QScreen>
#include <QScrollBar>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace countersign::pages {

using theme::scaled;

namespace {

constexpr int kWatchMs = 3000;
constexpr std::size_t kListedChanges = 4;

/// How an attempt to sign went; a refused passphrase is no failure of signing.
struct Attempt {
    std::optional<Error> refused;
    services::AttemptLimit attempts;
    std::optional<services::SignReceipt> receipt;
    Bytes proof; ///< empty: no checkpoint could be made over it
};

QString inFours(const std::string &hex, std::size_t digits)
{
    QString text;
    for (std::size_t i = 0; i < digits && i < hex.size(); i += 4)
        text += (i ? QStringLiteral(" ") : QString()) + QString::fromStdString(hex.substr(i, 4));
    return text;
}

} // namespace

ReviewWindow::ReviewWindow(services::Workspace &workspace, ReviewCase review, QWidget *parent)
    : QWidget(parent, Qt::Window)
    , m_workspace(workspace)
    , m_case(std::move(review))
    , m_ledger(workspace.state().ledger)
    , m_title(new widgets::PlainLabel({}, theme::Type::PageTitle))
    , m_frozen(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_steps(new StepStrip({tr("Read"), tr("Decide"), tr("Sign")}))
    , m_changeSentence(new widgets::PlainLabel({}, theme::Type::Strong))
    , m_changeList(new widgets::PlainLabel({}, theme::Type::Secondary))
    , m_freeze(widgets::secondaryButton(tr("Freeze Again"), QStringLiteral("refresh")))
    , m_shownCount(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_sections(new SectionList)
    , m_sectionTitle(new widgets::PlainLabel({}, theme::Type::Strong))
    , m_place(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_zoom(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_pages(new print::PageView)
    , m_side(new QStackedWidget)
    , m_panel(new SignaturePanel)
    , m_receipt(new ReceiptView)
{
    setAttribute(Qt::WA_DeleteOnClose);
    widgets::setGround(*this, widgets::Ground::Window);
    m_pages->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // fitting the width must not depend on whether it has come yet
    m_side->addWidget(m_panel);
    m_side->addWidget(m_receipt);
    m_side->setFixedWidth(scaled(420));

    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(makeReading(), 1);
    auto *sidePane = new widgets::Pane(widgets::Ground::Page, Qt::LeftEdge);
    auto *sideColumn = new QVBoxLayout(sidePane);
    sideColumn->setContentsMargins(0, 0, 0, 0);
    sideColumn->addWidget(m_side);
    body->addWidget(sidePane);

    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(makeHead());
    outer->addWidget(makeChangeBar());
    outer->addLayout(body, 1);
    setMinimumSize(scaled(1000), scaled(600)); // below that the pages could not be read
    const QSize room = screen()->availableSize() - QSize(8, 40); // with the window manager's title and edges
    resize(QSize(1440, 900).boundedTo(room).expandedTo(minimumSize()));
    new widgets::InputPause(*this);
    connectSignals();
    showCase();
    m_watch.start(kWatchMs);
}

QWidget *ReviewWindow::makeHead()
{
    auto *head = new widgets::Pane(widgets::Ground::Window, Qt::BottomEdge);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(scaled(20), scaled(8), scaled(16), scaled(8));
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    m_title->setElide(Qt::ElideMiddle);
    m_frozen->setElide(Qt::ElideRight);
    m_frozen->setSelectable(true);
    words->addWidget(m_title);
    words->addWidget(m_frozen);
    row->addLayout(words, 1);
    row->addSpacing(scaled(16));
    row->addWidget(m_steps);
    row->addSpacing(scaled(16));
    auto *end = new QHBoxLayout;
    end->addStretch(1);
    QPushButton *close = widgets::secondaryButton(tr("Close"));
    connect(close, &QPushButton::clicked, this, &QWidget::close);
    end->addWidget(close);
    row->addLayout(end, 1);
    return head;
}

QWidget *ReviewWindow::makeChangeBar()
{
    auto *bar = new widgets::Pane(widgets::Ground::Subtle, Qt::BottomEdge);
    m_changeBar = bar;
    bar->setObjectName(QStringLiteral("changes"));
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(scaled(20), scaled(8), scaled(16), scaled(8));
    row->setSpacing(scaled(theme::space::kMedium));
    row->addWidget(new widgets::StateLabel(theme::State::Stale, tr("Moved")), 0, Qt::AlignTop);
    auto *words = new QVBoxLayout;
    words->setSpacing(scaled(2));
    m_changeList->setObjectName(QStringLiteral("changeList"));
    m_changeList->setWordWrap(true);
    words->addWidget(m_changeSentence);
    words->addWidget(m_changeList);
    row->addLayout(words, 1);
    m_freeze->setObjectName(QStringLiteral("freezeAgain"));
    row->addWidget(m_freeze, 0, Qt::AlignTop);
    bar->hide();
    return bar;
}

QWidget *ReviewWindow::makeReading()
{
    auto *left = new widgets::Pane(widgets::Ground::Subtle, Qt::RightEdge);
    left->setFixedWidth(scaled(248));
    auto *list = new QVBoxLayout(left);
    list->setContentsMargins(scaled(12), scaled(10), scaled(12), scaled(12));
    list->setSpacing(scaled(6));
    list->addWidget(m_shownCount);
    list->addWidget(m_sections, 1);
    auto *hint = new QHBoxLayout;
    hint->addWidget(new widgets::KeyCap(QKeySequence(Qt::CTRL | Qt::Key_Down).toString(QKeySequence::NativeText)));
    hint->addWidget(new widgets::PlainLabel(tr("read on"), theme::Type::Secondary, widgets::Ink::Secondary), 1);
    list->addLayout(hint);

    auto *bar = new widgets::Pane(widgets::Ground::Window, Qt::BottomEdge);
    auto *barRow = new QHBoxLayout(bar);
    barRow->setContentsMargins(scaled(16), scaled(2), scaled(8), scaled(2));
    barRow->setSpacing(scaled(6));
    m_sectionTitle->setElide(Qt::ElideRight);
    barRow->addWidget(m_sectionTitle);
    barRow->addWidget(m_place, 1);
    QToolButton *smaller = widgets::iconButton(QStringLiteral("zoomout"), tr("Zoom Out"));
    QToolButton *larger = widgets::iconButton(QStringLiteral("zoomin"), tr("Zoom In"));
    barRow->addWidget(smaller);
    barRow->addWidget(m_zoom);
    barRow->addWidget(larger);
    connect(smaller, &QToolButton::clicked, this, [this] { setZoom(m_pages->zoom() / 1.25); });
    connect(larger, &QToolButton::clicked, this, [this] { setZoom(m_pages->zoom() * 1.25); });

    auto *reading = new QWidget;
    auto *row = new QHBoxLayout(reading);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(left);
    auto *column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(bar);
    column->addWidget(m_pages, 1);
    row->addLayout(column, 1);
    return reading;
}

void ReviewWindow::connectSignals()
{
    connect(m_sections, &SectionList::sectionChosen, m_pages, &print::PageView::showSection);
    connect(m_pages, &print::PageView::sectionShown, this, [this](int section) {
        m_shown.insert(m_pages->sectionTitle(section).toStdString());
        showProgress();
    });
    connect(m_pages, &print::PageView::currentSectionChanged, this, &ReviewWindow::showPlace);
    connect(m_pages, &print::PageView::currentPageChanged, this, &ReviewWindow::showPlace);
    connect(m_pages, &print::PageView::zoomChanged, this, &ReviewWindow::showPlace);
    connect(m_panel, &SignaturePanel::choiceChanged, this, &ReviewWindow::showProgress);
    connect(m_panel, &SignaturePanel::signRequested, this, &ReviewWindow::sign);
    connect(m_receipt, &ReceiptView::closeRequested, this, &QWidget::close);
    connect(m_freeze, &QPushButton::clicked, this, &ReviewWindow::freezeAgain);
    connect(&m_watch, &QTimer::timeout, this, &ReviewWindow::lookForChanges);
    connect(&m_workspace, &services::Workspace::changed, this, &ReviewWindow::compareWithNow);
    connect(&m_workspace, &services::Workspace::stateChanged, this, &ReviewWindow::followWorkspace);
    connect(new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Down), this), &QShortcut::activated, this, &ReviewWindow::goOn);
    connect(new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Up), this), &QShortcut::activated, this, &ReviewWindow::goBack);
}

/// Shows m_case from its beginning, or from the first section that must be read again.
void ReviewWindow::showCase()
{
    const QString subject = QString::fromStdString(m_case.model + " " + m_case.version);
    setWindowTitle(tr("Review of %1").arg(subject));
    m_title->setText(tr("Review · %1").arg(subject));
    m_frozen->setText(tr("Frozen %1 · bundle %2").arg(QString::fromStdString(m_case.frozenAt), inFours(m_case.bundle.digest.hex(), 16)));
    for (const auto &section : m_case.moved)
        m_shown.erase(section);
    const auto wasShown = m_shown; // laying out anew already shows what is in view
    m_pages->setDocument(m_case.document);
    QStringList titles;
    std::set<int> changed;
    for (int i = 0; i < m_pages->sectionCount(); ++i) {
        titles << m_pages->sectionTitle(i);
        if (m_pages->isSectionChanged(i) || m_case.moved.contains(titles.back().toStdString()))
            changed.insert(i);
    }
    m_sections->setSections(titles, changed);
    m_panel->setCase(m_case);
    for (int i = 0; i < titles.size(); ++i) {
        if (!wasShown.empty() && !wasShown.contains(titles[i].toStdString())) {
            m_pages->showSection(i);
            break;
        }
    }
    drawRendering();
    showProgress();
    showPlace();
}

QStringList ReviewWindow::unseen() const
{
    QStringList titles;
    for (const auto &section : m_case.sections)
        if (!m_shown.contains(section))
            titles << QString::fromStdString(section);
    return titles;
}

QString ReviewWindow::obstacle() const
{
    if (m_isFreezing)
        return tr("Freezing again…");
    if (!m_changes.empty())
        return tr("What is recorded is no longer what was frozen. Freeze again.");
    const auto &person = m_workspace.state().person;
    if (!person || person->id != m_case.person.id)
        return tr("Somebody else works here now. Close this review and open it anew.");
    if (const QStringList titles = unseen(); !titles.isEmpty())
        return tr("Not yet shown: %1.").arg(titles.join(QStringLiteral(", ")));
    if (!m_drawing && !m_rendering)
        return tr("The pages could not be drawn to be kept with the signature: %1").arg(m_renderingTrouble);
    return {};
}

/// What is on the screen as a PDF: evidence beside the bundle, from the same document.
void ReviewWindow::drawRendering()
{
    delete m_drawing;
    m_rendering.reset();
    m_renderingTrouble.clear();
    m_drawing = new print::PdfJob(m_case.document, {}, {}, {}, this);
    connect(m_drawing, &print::PdfJob::finished, this, [this, job = m_drawing.data()](const Status &status) {
        if (status)
            m_rendering = services::Rendering{"application/pdf", job->takeBytes()};
        else
            m_renderingTrouble = QString::fromStdString(status.error().text());
        m_drawing = nullptr;
        job->deleteLater();
        showProgress();
        if (const auto goOnSigning = std::exchange(m_whenDrawn, {}))
            goOnSigning();
    });
    m_drawing->start();
}

void ReviewWindow::showProgress()
{
    for (int i = 0; i < m_pages->sectionCount(); ++i)
        m_sections->setShown(i, m_shown.contains(m_pages->sectionTitle(i).toStdString()));
    const auto unread = unseen().size();
    const auto total = static_cast<int>(m_case.sections.size());
    m_shownCount->setText(tr("Sections shown: %1 of %2").arg(total - int(unread)).arg(total));
    m_steps->setDone({unread == 0 && m_changes.empty(), m_panel->isDecided(), m_isSigned});
    m_panel->setObstacle(obstacle());
}

void ReviewWindow::showPlace()
{
    const int section = m_pages->currentSection();
    m_sections->setCurrentSection(std::max(0, section));
    m_sectionTitle->setText(section >= 0 ? m_pages->sectionTitle(section) : QString());
    m_place->setText(tr("page %1 of %2, from the frozen bundle").arg(m_pages->currentPage() + 1).arg(m_pages->pageCount()));
    m_zoom->setText(tr("%1 %").arg(qRound(m_pages->zoom() * 100)));
}

/// A screen further while the section goes on, then the next section, at the end whatever was left out: who only presses this has had
/// everything on screen.
void ReviewWindow::goOn()
{
    const int section = m_pages->currentSection();
    QScrollBar *bar = m_pages->verticalScrollBar();
    const bool isShown = section < 0 || m_pages->shownSections().contains(section);
    if (!isShown && bar->value() < bar->maximum())
        return bar->triggerAction(QAbstractSlider::SliderPageStepAdd);
    if (section + 1 < m_pages->sectionCount() && bar->value() < bar->maximum())
        return m_pages->showSection(section + 1);
    for (int i = 0; i < m_pages->sectionCount(); ++i)
        if (!m_sections->isShown(i))
            return m_pages->showSection(i);
}

void ReviewWindow::goBack()
{
    m_pages->showSection(std::max(0, m_pages->currentSection() - 1));
}

void ReviewWindow::setZoom(double factor)
{
    m_fitsWidth = false;
    m_pages->setZoom(factor);
}

/// Takes in what others appended; if there is anything, the workspace says so to everybody, and compareWithNow() follows.
void ReviewWindow::lookForChanges()
{
    if (m_isLooking || m_isSigning || m_isFreezing || m_isSigned || !m_workspace.state().isOpen)
        return;
    m_isLooking = true;
    m_workspace.run(this, [](services::Session &session) -> Status { return session.catchUp(); }, [this](const Status &status) {
        m_isLooking = false;
        if (!status)
            m_panel->showFailure(QString::fromStdString(status.error().text()));
    });
}

void ReviewWindow::compareWithNow()
{
    if (m_isSigned)
        return;
    m_workspace.run(this, [bundle = m_case.bundle](services::Session &session) { return services::changesSince(session, bundle); },
                    [this, shown = m_case.bundle.id](const Result<std::vector<std::string>> &changes) {
                        if (m_case.bundle.id != shown)
                            return; // frozen again meanwhile
                        if (changes)
                            showChanges(*changes);
                        else
                            m_panel->showFailure(QString::fromStdString(changes.error().text()));
                    });
}

void ReviewWindow::showChanges(const std::vector<std::string> &changes)
{
    m_changes = changes;
    QStringList lines;
    for (std::size_t i = 0; i < changes.size() && i < kListedChanges; ++i)
        lines << QString::fromStdString(changes[i]);
    if (changes.size() > kListedChanges)
        lines << tr("and %1 more").arg(changes.size() - kListedChanges);
    m_changeSentence->setText(changes.size() == 1 ? tr("1 value changed while you were reading")
                                                  : tr("%1 values changed while you were reading").arg(changes.size()));
    m_changeList->setText(lines.join(QLatin1Char('\n')));
    m_changeBar->setVisible(!changes.empty() && !m_isSigned);
    showProgress();
}

void ReviewWindow::freezeAgain()
{
    if (m_isFreezing || m_isSigning)
        return;
    m_isFreezing = true;
    m_freeze->setEnabled(false);
    showProgress();
    m_workspace.run(this, [before = m_case](services::Session &session) { return prepareReview(session, before.bundle.version, &before); },
                    [this](const Result<ReviewCase> &review) {
                        m_isFreezing = false;
                        m_freeze->setEnabled(true);
                        if (!review) {
                            m_panel->showFailure(QString::fromStdString(review.error().text()));
                            return showProgress();
                        }
                        m_case = *review;
                        m_panel->showFailure({});
                        showChanges({});
                        showCase();
                        compareWithNow(); // it may have moved between the freeze and now
                    });
}

void ReviewWindow::sign()
{
    const SignatureChoice chosen = m_panel->choice();
    if (m_isSigning || m_isSigned || !chosen.decision || !obstacle().isEmpty())
        return;
    services::SignRequest request;
    request.id = m_case.requestId;
    request.bundle = m_case.bundle.id;
    request.role = chosen.role;
    request.decision = *chosen.decision;
    request.meaning = chosen.meaning;
    request.comment = chosen.comment;
    for (const auto &section : m_case.sections)
        if (m_shown.contains(section))
            request.shown.push_back(section);
    m_isSigning = true;
    m_panel->showFailure({});
    const auto passphrase = m_panel->takePassphrase();
    m_panel->setSigning(true);
    m_freeze->setEnabled(false);
    if (m_drawing) // what is on the screen is kept with the signature
        m_whenDrawn = [this, request, passphrase] { submit(request, passphrase); };
    else
        submit(request, passphrase);
}

void ReviewWindow::submit(services::SignRequest request, const std::shared_ptr<crypto::Secret> &passphrase)
{
    if (!obstacle().isEmpty()) { // it may have come while the pages were drawn
        m_isSigning = false;
        m_freeze->setEnabled(true);
        m_panel->setSigning(false);
        return showProgress(); // which says why
    }
    request.rendering = m_rendering;
    const auto work = [request, person = m_case.person, passphrase](services::Session &session) -> Result<Attempt> {
        const auto series = passphrase->size() == 0 ? session.seriesKey(person) : nullptr;
        if (passphrase->size() == 0 && !series)
            return Attempt{Error{ErrorKind::Denied, "The time for several signatures with one passphrase is over. Type it again.", {}}, session.attempts(person), {}, {}};
        const auto key = series ? Result<std::shared_ptr<crypto::SigningKey>>(series) : session.unlock(person, *passphrase);
        *passphrase = crypto::Secret();
        if (!key && key.error().kind == ErrorKind::Denied)
            return Attempt{key.error(), session.attempts(person), {}, {}};
        if (!key)
            return key.error();
        auto receipt = services::sign(session, request, person, **key);
        if (!receipt)
            return receipt.error();
        auto proof = services::receiptProof(session, *receipt);
        return Attempt{{}, {}, std::move(*receipt), proof ? std::move(*proof) : Bytes()};
    };
    m_workspace.run(this, work, [this](const Result<Attempt> &attempt) {
        m_isSigning = false;
        m_freeze->setEnabled(true);
        m_panel->setSigning(false);
        if (attempt && attempt->receipt)
            return showReceipt(*attempt->receipt, attempt->proof);
        if (attempt)
            return m_panel->refusePassphrase(QString::fromStdString(attempt->refused->message), attempt->attempts);
        m_panel->showFailure(QString::fromStdString(attempt.error().text()));
        if (attempt.error().kind == ErrorKind::Conflict)
            compareWithNow();
    });
}

void ReviewWindow::showReceipt(const services::SignReceipt &receipt, const Bytes &proof)
{
    m_isSigned = true;
    m_watch.stop();
    Receipt shown;
    shown.signature = receipt;
    shown.proof = proof;
    shown.name = m_case.person.name + " (" + m_case.person.login + "), " + m_panel->roleName().toStdString();
    shown.meaning = m_panel->choice().meaning;
    shown.subject = m_case.model + " " + m_case.version;
    shown.bundle = m_case.bundle.digest.hex();
    m_receipt->setReceipt(shown);
    m_side->setCurrentWidget(m_receipt);
    showChanges({});
}

/// Another workspace: nothing here belongs to it.
void ReviewWindow::followWorkspace()
{
    const auto &state = m_workspace.state();
    if (!m_isSigned && !m_isSigning && (!state.isOpen || state.ledger != m_ledger))
        close();
    else
        showProgress();
}

void ReviewWindow::closeEvent(QCloseEvent *event)
{
    event->setAccepted(!m_isSigning);
}

void ReviewWindow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (m_fitsWidth && isVisible())
        m_pages->zoomToWidth();
}

void ReviewWindow::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_fitsWidth)
        m_pages->zoomToWidth();
    m_pages->setFocus(Qt::OtherFocusReason);
}

/// Who comes back to the window sees at once whether something moved.
bool ReviewWindow::event(QEvent *event)
{
    if (event->type() == QEvent::WindowActivate)
        lookForChanges();
    return QWidget::event(event);
}

void openReview(services::Workspace &workspace, const VersionId &version, QWidget *parent, std::function<void(const Error &)> failed)
{
    const auto raiseOpen = [parent, version] {
        const auto windows = parent->findChildren<ReviewWindow *>(QString(), Qt::FindDirectChildrenOnly);
        const auto found = std::ranges::find_if(windows, [&](const ReviewWindow *window) { return window->version() == version && !window->isSigned(); });
        if (found == windows.end())
            return false;
        (*found)->raise();
        (*found)->activateWindow();
        return true;
    };
    if (raiseOpen())
        return;
    workspace.run(parent, [version](services::Session &session) { return prepareReview(session, version); },
                  [&workspace, parent, raiseOpen, failed = std::move(failed)](const Result<ReviewCase> &review) {
                      if (!review)
                          return failed(review.error());
                      if (!raiseOpen())
                          (new ReviewWindow(workspace, *review, parent))->show();
                  });
}

} // namespace countersign::pages
