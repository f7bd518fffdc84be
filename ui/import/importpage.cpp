#include "ui/import/importpage.h"

#include "models/importers/rejectedrows.h"
#include "models/items/celltext.h"
#include "ui/import/earlierimports.h"
#include "ui/import/importjob.h"
#include "ui/import/outcomeview.h"
#include "ui/import/sourceform.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/frame/pageheader.h"
#include "ui/widgets/messages/busyoverlay.h"
#include "ui/widgets/messages/dialogs.h"

#include <QBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QSaveFile>
#include <QStackedWidget>

namespace countersign::pages {

using services::ImportOutcome;
using theme::scaled;
using widgets::Message;

namespace {

QString counted(std::int64_t n, const QString &one, const QString &many)
{
    return n == 0 ? QString() : (n == 1 ? one : many).arg(QLocale().toString(static_cast<qlonglong>(n)));
}

/// "2 new models, 3 new versions and 41,208 new values", or nothing.
QString contents(const ImportOutcome &outcome)
{
    QStringList parts{counted(outcome.models, ImportPage::tr("%1 new model"), ImportPage::tr("%1 new models")),
                      counted(outcome.versions, ImportPage::tr("%1 new version"), ImportPage::tr("%1 new versions")),
                      counted(outcome.runs, ImportPage::tr("%1 new run"), ImportPage::tr("%1 new runs")),
                      counted(outcome.changes, ImportPage::tr("%1 changed record"), ImportPage::tr("%1 changed records")),
                      counted(outcome.observations, ImportPage::tr("%1 new value"), ImportPage::tr("%1 new values"))};
    parts.removeAll(QString());
    if (parts.size() < 2)
        return parts.join(QString());
    const QString last = parts.takeLast();
    return ImportPage::tr("%1 and %2").arg(parts.join(QStringLiteral(", ")), last);
}

} // namespace

ImportPage::ImportPage(services::Workspace &workspace, std::filesystem::path tables, QWidget *parent)
    : Page(parent)
    , m_workspace(workspace)
    , m_job(new ImportJob(workspace, this))
    , m_header(new widgets::PageHeader(tr("Import")))
    , m_steps(new QStackedWidget)
    , m_form(new SourceForm)
    , m_checkView(new OutcomeView)
    , m_doneView(new OutcomeView)
    , m_log(new LogWizard(workspace, std::move(tables)))
    , m_undo(widgets::dangerButton(tr("Undo Import…"), QStringLiteral("undo")))
    , m_earlier(new EarlierImports(workspace))
    , m_room(new QWidget)
    , m_back(widgets::secondaryButton(tr("Back")))
    , m_next(widgets::primaryButton(tr("Next")))
    , m_footNote(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_busy(nullptr)
{
    m_header->setSentence(tr("Prediction logs, metrics, models, versions and runs from elsewhere. Nothing is recorded before you have seen what it is."));
    m_undo->setObjectName(QStringLiteral("undo"));
    m_back->setObjectName(QStringLiteral("back"));
    m_next->setObjectName(QStringLiteral("next"));
    m_back->setShortcut(Qt::ALT | Qt::Key_B);
    m_back->setToolTip(tr("Alt+B"));
    m_next->setToolTip(tr("Alt+N"));
    m_doneView->setAct(m_undo);

    const int margin = scaled(theme::space::kPage);
    // What stands first is made first: that is the order of Tab.
    auto *sourceStep = new QWidget;
    auto *sourceColumn = new QVBoxLayout(sourceStep);
    sourceColumn->setContentsMargins(margin, scaled(16), margin, scaled(8));
    sourceColumn->addWidget(m_form);
    sourceColumn->addStretch(1);
    m_steps->addWidget(sourceStep);
    m_steps->addWidget(m_checkView);
    m_steps->addWidget(m_doneView);
    m_steps->addWidget(m_log);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(makeSteps());
    column->addWidget(m_steps, 1);
    auto *room = new QVBoxLayout(m_room);
    room->setContentsMargins(margin, scaled(8), margin, scaled(16));
    room->addWidget(m_earlier);
    column->addWidget(m_room, 1);
    column->addWidget(makeFoot());

    m_busy = new widgets::BusyOverlay(m_steps);
    connectSignals();
    setStep(Step::Source);
    workspaceChanged();
}

QWidget *ImportPage::makeSteps()
{
    auto *bar = new widgets::Pane(widgets::Ground::Page, Qt::TopEdge | Qt::BottomEdge);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(scaled(theme::space::kPage), scaled(8), scaled(theme::space::kPage), scaled(8));
    row->setSpacing(scaled(20));
    for (int i = 0; i < 5; ++i) {
        m_stepLabels.append(new widgets::PlainLabel);
        row->addWidget(m_stepLabels.last());
    }
    connect(m_form, &SourceForm::kindChanged, this, &ImportPage::showStepNames);
    row->addStretch(1);
    return bar;
}

QWidget *ImportPage::makeFoot()
{
    auto *foot = new widgets::Pane(widgets::Ground::Subtle, Qt::TopEdge);
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(scaled(theme::space::kPage), scaled(10), scaled(theme::space::kPage), scaled(10));
    row->setSpacing(scaled(theme::space::kSmall));
    m_footNote->setElide(Qt::ElideRight);
    row->addWidget(m_footNote, 1);
    row->addWidget(m_back);
    row->addWidget(m_next);
    return foot;
}

void ImportPage::connectSignals()
{
    connect(m_next, &QPushButton::clicked, this, &ImportPage::next);
    connect(m_back, &QPushButton::clicked, this, &ImportPage::back);
    connect(m_form, &SourceForm::confirmed, this, &ImportPage::startCheck);
    connect(m_busy, &widgets::BusyOverlay::cancelRequested, m_job, &ImportJob::cancel);
    connect(m_busy, &widgets::BusyOverlay::cancelRequested, m_log, &LogWizard::cancel);
    connect(m_job, &ImportJob::progressed, this, [this](const QString &, int percent) { m_busy->setProgress(percent); });
    connect(m_job, &ImportJob::checked, this, &ImportPage::showChecked);
    connect(m_job, &ImportJob::imported, this, &ImportPage::showImported);
    connect(m_job, &ImportJob::failed, this, &ImportPage::showFailure);
    // The control that had the focus is gone with its step; within a step it keeps it.
    connect(m_log, &LogWizard::opened, this, [this] {
        const bool isNew = m_step != Step::Log;
        setStep(Step::Log);
        if (isNew)
            m_next->setFocus(Qt::OtherFocusReason);
    });
    connect(m_log, &LogWizard::stepChanged, this, [this] {
        setStep(m_step);
        const bool isNew = m_step == Step::Log && m_log->step() != m_logStep;
        m_logStep = m_log->step();
        if (isNew)
            m_next->setFocus(Qt::OtherFocusReason); // of the last step too: not on the button that takes it back
    });
    connect(m_log, &LogWizard::busy, this, &ImportPage::showBusy);
    connect(m_log, &LogWizard::progressed, m_busy, &widgets::BusyOverlay::setProgress);
    connect(m_log, &LogWizard::failed, this, &ImportPage::showFailure);
    connect(m_log, &LogWizard::message, this, &ImportPage::message);
    connect(m_log, &LogWizard::navigate, this, &ImportPage::navigate);
    connect(m_log, &LogWizard::undoRequested, this, &ImportPage::undo);
    connect(m_log, &LogWizard::finished, this, [this] { setStep(Step::Source); });
    connect(m_checkView, &OutcomeView::saveRejectedRequested, this, &ImportPage::saveRejected);
    connect(m_doneView, &OutcomeView::saveRejectedRequested, this, &ImportPage::saveRejected);
    connect(m_undo, &QPushButton::clicked, this, [this] { undo(QString::fromStdString(m_outcome.number())); });
    connect(m_earlier, &EarlierImports::undoRequested, this, &ImportPage::undo);
    connect(m_earlier, &EarlierImports::failed, this, [this](const Error &error) { Q_EMIT message(Message::error(error)); });
    connect(&m_workspace, &services::Workspace::changed, this, [this] {
        m_isOutOfDate = true;
        readWhenSeen();
    });
    connect(&m_workspace, &services::Workspace::stateChanged, this, &ImportPage::workspaceChanged);
}

QString ImportPage::title() const
{
    return tr("Import");
}

QWidget *ImportPage::initialFocus()
{
    if (m_step == Step::Log && m_log->firstField())
        return m_log->firstField();
    return m_step == Step::Source ? m_form->firstField() : m_next;
}

void ImportPage::open(const widgets::Target &target)
{
    if (m_job->isRunning() || m_log->isRunning())
        return;
    m_log->chooseSubject(target.model, target.version);
    if (!target.model.isEmpty() && target.extra.isEmpty() && m_step == Step::Source)
        m_form->setKind(SourceKind::PredictionLog); // asked for by a model that has no figures of one
    if (target.extra.isEmpty())
        return;
    setStep(Step::Source);
    m_form->setAddress(target.extra);
}

void ImportPage::refresh()
{
    m_earlier->read();
}

void ImportPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    readWhenSeen();
}

void ImportPage::readWhenSeen()
{
    if (!isVisible() || !m_isOutOfDate)
        return;
    m_isOutOfDate = false;
    m_earlier->read();
}

void ImportPage::workspaceChanged()
{
    const services::WorkspaceState &state = m_workspace.state();
    if (state.ledger != m_ledger) {
        m_ledger = state.ledger;
        m_job->cancel();
        m_log->cancel();
        setStep(Step::Source);
    }
    const QString hindrance = state.asOf ? state.hindrance() : !state.damage.isEmpty() ? state.damage : state.isReadOnly ? tr("This workspace is open for reading only; nothing can be imported.") : QString();
    m_footNote->setText(hindrance);
    m_isOutOfDate = true;
    readWhenSeen();
}

void ImportPage::setStep(Step step)
{
    m_step = step;
    m_steps->setCurrentIndex(static_cast<int>(step));
    showStepNames();
    m_room->setVisible(step == Step::Source);
    // The form takes the room that it needs, the lists of the other steps all that there is.
    static_cast<QBoxLayout *>(layout())->setStretchFactor(m_steps, step == Step::Source ? 0 : 1);
    m_steps->setSizePolicy(QSizePolicy::Preferred, step == Step::Source ? QSizePolicy::Maximum : QSizePolicy::Preferred);
    m_back->setVisible(step == Step::Check || (step == Step::Log && m_log->step() != LogWizard::Step::Done));
    m_next->setText(step == Step::Source ? tr("Next") : step == Step::Check ? tr("Import") : step == Step::Log ? m_log->nextText() : tr("Import More"));
    m_next->setShortcut(Qt::ALT | Qt::Key_N); // which setText() takes away
    enableControls();
}

/// A disabled control loses the focus; whoever works by keyboard gets it back where they left it.
void ImportPage::enableControls()
{
    const bool isFree = !m_job->isRunning() && !m_log->isRunning();
    m_isFocusOwed = m_isFocusOwed || (!isFree && m_next->hasFocus());
    for (QWidget *control : std::initializer_list<QWidget *>{m_form, m_back, m_next})
        control->setEnabled(isFree);
    if (!isFree || !m_isFocusOwed)
        return;
    m_isFocusOwed = false;
    m_next->setFocus(Qt::OtherFocusReason);
}

void ImportPage::showStepNames()
{
    const bool isLog = m_step == Step::Log || (m_step == Step::Source && m_form->source().kind == SourceKind::PredictionLog);
    const QStringList names = isLog ? QStringList{tr("1  Source"), tr("2  Read"), tr("3  Map"), tr("4  Check"), tr("5  Done")}
                                    : QStringList{tr("1  Source"), tr("2  Check"), tr("3  Done")};
    const int current = m_step == Step::Log ? 1 + static_cast<int>(m_log->step()) : static_cast<int>(m_step);
    for (int i = 0; i < m_stepLabels.size(); ++i) {
        m_stepLabels[i]->setText(names.value(i));
        m_stepLabels[i]->setVisible(i < names.size());
        m_stepLabels[i]->setType(i == current ? theme::Type::StrongSelected : theme::Type::Body);
        m_stepLabels[i]->setInk(i == current ? widgets::Ink::Link : widgets::Ink::Tertiary);
    }
}

void ImportPage::back()
{
    if (m_step != Step::Log || !m_log->back())
        setStep(Step::Source);
}

void ImportPage::showBusy(const QString &what)
{
    what.isEmpty() ? m_busy->stop() : m_busy->start(what, true);
    setStep(m_step);
}

void ImportPage::next()
{
    switch (m_step) {
    case Step::Source: return startCheck();
    case Step::Check: return startImport();
    case Step::Done:
        setStep(Step::Source);
        m_form->firstField()->setFocus(Qt::OtherFocusReason);
        return;
    case Step::Log: return m_log->next();
    }
}

void ImportPage::startCheck()
{
    if (!m_workspace.state().isOpen) {
        Q_EMIT message(Message::warning(tr("Open a workspace first.")));
        return;
    }
    if (m_job->isRunning() || m_log->isRunning() || !m_form->check())
        return;
    if (const ImportSource source = m_form->source(); source.kind == SourceKind::PredictionLog) {
        m_log->begin(source.address); // looking writes nothing: whoever records it is asked for then
        return setStep(Step::Source);
    }
    if (!m_workspace.state().person) {
        Message told = Message::warning(tr("An import is recorded under somebody's name. Choose who works here."));
        told.actions.append({tr("Choose…"), [this] { Q_EMIT navigate({QStringLiteral("people"), {}, {}, {}, {}}); }});
        Q_EMIT message(told);
        return;
    }
    m_busy->start(tr("Reading the source…"), true);
    m_job->check(m_form->source());
    setStep(Step::Source);
}

void ImportPage::startImport()
{
    if (!m_outcome.alreadyImported.empty() || m_outcome.isNothingNew()) {
        Q_EMIT message(Message::info(m_outcome.alreadyImported.empty() ? tr("There is nothing new to import; the workspace has it all.")
                                                                       : tr("Already imported as %1; there is nothing to add.").arg(QString::fromStdString(m_outcome.alreadyImported))));
        return;
    }
    if (m_job->isRunning())
        return;
    m_busy->start(tr("Importing…"), true);
    m_job->import();
    setStep(Step::Check);
}

void ImportPage::showChecked(const ImportOutcome &outcome)
{
    m_busy->stop();
    m_outcome = outcome;
    const QString brings = contents(outcome);
    const QString sentence = !outcome.alreadyImported.empty() ? tr("This file is already imported as %1. Nothing would be added.").arg(QString::fromStdString(outcome.alreadyImported))
        : brings.isEmpty()                                    ? tr("There is nothing new here; the workspace has it all.")
                                                              : tr("The import brings %1.").arg(brings);
    m_checkView->showOutcome(sentence, outcome);
    setStep(Step::Check);
    m_next->setFocus(Qt::OtherFocusReason);
}

void ImportPage::showImported(const ImportOutcome &outcome)
{
    m_busy->stop();
    m_outcome = outcome;
    const bool isRecorded = outcome.alreadyImported.empty() && !outcome.isNothingNew();
    m_doneView->showOutcome(isRecorded ? tr("%1 is recorded: %2.").arg(QString::fromStdString(outcome.number()), contents(outcome))
                                       : tr("There was nothing new; nothing is recorded."),
                            outcome);
    m_undo->setVisible(isRecorded);
    m_undo->setEnabled(true);
    m_form->forgetSecrets();
    setStep(Step::Done);
    m_next->setFocus(Qt::OtherFocusReason);
}

void ImportPage::showFailure(const Error &error)
{
    m_busy->stop();
    setStep(m_step);
    if (error.kind == ErrorKind::Cancelled)
        Q_EMIT message(Message::info(tr("The import was stopped. Nothing was changed.")));
    else
        Q_EMIT message(Message::error(error));
}

void ImportPage::saveRejected()
{
    const QString path = widgets::dialogs::saveFile(this, tr("Save Rejected Rows"), QStringLiteral("rejected.csv"), tr("CSV (*.csv)"), QStringLiteral("rejected"));
    if (path.isEmpty())
        return;
    QByteArray content;
    QFile all(m_step == Step::Done ? m_job->rejectedFile() : QString());
    if (!all.fileName().isEmpty() && all.open(QIODevice::ReadOnly)) {
        content = all.readAll();
    } else {
        content = QByteArray::fromStdString(importers::rejectedCsvHead());
        for (const importers::RejectedRow &row : m_outcome.rejectedRows)
            content += QByteArray::fromStdString(importers::rejectedCsvLine(row));
    }
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(content) == content.size() && file.commit())
        Q_EMIT message(Message::good(tr("The rejected rows are in %1.").arg(path)));
    else
        Q_EMIT message(Message::error({ErrorKind::Io, tr("The file cannot be written: %1").arg(file.errorString()).toStdString(), path.toStdString()}));
}

void ImportPage::undo(const QString &number)
{
    const QString reason = widgets::dialogs::askText(this, tr("Undo import %1?").arg(number), tr("Reason, kept in the ledger"));
    if (reason.trimmed().isEmpty())
        return;
    m_undo->setEnabled(false);
    m_workspace.run(this,
                    [text = number.toStdString(), reason = reason.trimmed().toStdString()](services::Session &session) { return services::undoImport(session, text, reason); },
                    [this, number](const Status &status) {
                        m_undo->setEnabled(!status);
                        if (!status)
                            Q_EMIT message(Message::error(status.error()));
                        else
                            Q_EMIT message(Message::good(tr("Import %1 is undone. Both stay in the ledger.").arg(number)));
                        if (status)
                            m_log->setUndone();
                    });
}

} // namespace countersign::pages
