#include "ui/import/log/logwizard.h"

#include "models/importers/rejectedrows.h"
#include "ui/import/log/checkstep.h"
#include "ui/import/log/donestep.h"
#include "ui/import/log/mapstep.h"
#include "ui/import/log/readstep.h"
#include "ui/widgets/messages/dialogs.h"

#include <QBoxLayout>
#include <QSaveFile>
#include <QSettings>
#include <QStackedWidget>

namespace countersign::pages {

using services::ImportOutcome;
using widgets::Message;

LogWizard::LogWizard(services::Workspace &workspace, std::filesystem::path tables, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_job(new LogJob(this))
    , m_stack(new QStackedWidget)
    , m_read(new ReadStep)
    , m_map(new MapStep(workspace))
    , m_check(new CheckStep)
    , m_done(new DoneStep)
    , m_tables(std::move(tables))
{
    m_map->offerTable(!m_tables.empty());
    for (QWidget *step : std::initializer_list<QWidget *>{m_read, m_map, m_check, m_done})
        m_stack->addWidget(step);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    connectSignals();
}

void LogWizard::connectSignals()
{
    connect(m_job, &LogJob::opened, this, &LogWizard::takePreview);
    connect(m_job, &LogJob::computed, this, &LogWizard::takeComputed);
    connect(m_job, &LogJob::failed, this, &LogWizard::takeFailure);
    connect(m_job, &LogJob::progressed, this, [this](const QString &, int percent) { Q_EMIT progressed(percent); });
    connect(&m_workspace, &services::Workspace::jobProgress, this, [this](int job, const QString &, int percent) {
        if (job == m_laneJob)
            Q_EMIT progressed(percent);
    });
    connect(m_read, &ReadStep::choiceChanged, this, [this](const predictions::DialectChoice &choice) {
        m_choice = choice;
        m_job->open(m_path, m_choice);
        Q_EMIT busy(tr("Looking at the log…"));
    });
    connect(m_map, &MapStep::message, this, &LogWizard::message);
    connect(m_check, &CheckStep::saveRejectedRequested, this, &LogWizard::saveRejected);
    connect(m_done, &DoneStep::undoRequested, this, &LogWizard::undoRequested);
    connect(m_done, &DoneStep::fairnessRequested, this, [this] { Q_EMIT navigate(m_figures); });
}

void LogWizard::setStep(Step step)
{
    m_step = step;
    m_stack->setCurrentIndex(static_cast<int>(step));
    Q_EMIT stepChanged();
}

QWidget *LogWizard::firstField() const
{
    return m_step == Step::Read ? m_read->firstField() : m_step == Step::Map ? m_map->firstField() : nullptr;
}

QString LogWizard::nextText() const
{
    switch (m_step) {
    case Step::Read: return tr("Next");
    case Step::Map: return tr("Read and Compute");
    case Step::Check: return tr("Record");
    case Step::Done: return tr("Import More");
    }
    return {};
}

void LogWizard::begin(const QString &path)
{
    cancel();
    m_path = path;
    m_choice = {};
    m_isReadable = false;
    m_log = {};
    m_already.clear();
    m_step = Step::Read;
    m_stack->setCurrentIndex(0);
    m_job->open(path, {});
    Q_EMIT busy(tr("Looking at the log…"));
}

void LogWizard::chooseSubject(const QString &model, const QString &version)
{
    m_map->chooseSubject(model, version);
}

void LogWizard::cancel()
{
    m_job->cancel();
    if (m_laneJob)
        m_workspace.cancel(m_laneJob);
}

void LogWizard::setUndone()
{
    m_done->setUndone();
}

void LogWizard::takePreview(const LogPreview &preview)
{
    Q_EMIT busy({});
    m_isReadable = true;
    m_read->showPreview(preview, m_choice);
    m_map->showLog(preview);
    if (m_step != Step::Read)
        setStep(Step::Read);
    Q_EMIT opened();
    Q_EMIT stepChanged();
}

void LogWizard::takeFailure(const Error &error)
{
    Q_EMIT busy({});
    // Refused at the first look: with the choices at hand, where they can help; a file that is not there is told by the page.
    const bool isLook = !m_log.set && m_step == Step::Read && error.kind == ErrorKind::Invalid;
    if (isLook) {
        m_isReadable = false;
        m_read->showFailure(error);
        Q_EMIT opened();
    } else {
        Q_EMIT failed(error);
    }
    Q_EMIT stepChanged();
}

void LogWizard::next()
{
    if (isRunning())
        return;
    switch (m_step) {
    case Step::Read:
        if (!m_isReadable) {
            m_read->firstField()->setFocus(Qt::OtherFocusReason);
            Q_EMIT message(Message::warning(tr("The log cannot be read this way. Choose another format, delimiter or decimal mark.")));
            return;
        }
        return setStep(Step::Map);
    case Step::Map: return compute();
    case Step::Check: return record();
    case Step::Done: Q_EMIT finished(); return;
    }
}

bool LogWizard::back()
{
    if (m_step == Step::Read)
        return false;
    setStep(m_step == Step::Check ? Step::Map : Step::Read);
    return true;
}

void LogWizard::compute()
{
    if (!m_map->check())
        return;
    m_recordFor = m_map->subject();
    m_subject = m_map->subjectText();
    m_figures = {QStringLiteral("model"), m_map->subjectModel(), m_recordFor.version ? QString::fromStdString(m_recordFor.version->text()) : QString(), QStringLiteral("fairness"), {}};
    predictions::Mapping mapping = m_map->mapping();
    if (mapping.dialect == predictions::DialectChoice())
        mapping.dialect = m_choice;
    m_job->compute({m_path, mapping, m_map->parameters(), m_map->referenceLog(), m_map->keepsTable() ? m_tables : std::filesystem::path()});
    Q_EMIT busy(tr("Reading the log and computing…"));
}

void LogWizard::takeComputed(const ComputedLog &log)
{
    Q_EMIT busy({});
    m_log = log;
    m_already.clear();
    m_check->showLog(log, m_subject);
    if (log.tableTrouble)
        Q_EMIT message(Message::warning(tr("The figures are there, but no table could be kept: %1").arg(QString::fromStdString(log.tableTrouble->text()))));
    setStep(Step::Check);
    preview();
}

services::ComputedImport LogWizard::import() const
{
    services::ComputedImport import;
    import.version = m_recordFor.version.value_or(VersionId());
    import.model = m_recordFor.model;
    import.label = m_recordFor.label;
    import.set = m_log.set;
    import.scores = m_log.scores;
    import.note = m_map->protectionNote().toStdString();
    return import;
}

/// Work on the lane as a job, whose outcome counts only while nothing newer was begun.
template<class Work, class Told>
void LogWizard::onLane(const QString &title, Work work, Told told)
{
    m_laneJob = m_workspace.start(this, title, std::move(work), [this, told, generation = ++m_generation](const Result<ImportOutcome> &outcome) {
        if (generation != m_generation)
            return;
        m_laneJob = 0;
        Q_EMIT busy({});
        if (outcome)
            told(*outcome);
        else
            Q_EMIT failed(outcome.error());
        Q_EMIT stepChanged();
    });
}

void LogWizard::preview()
{
    onLane(tr("Comparing with what is recorded"),
           [import = import()](services::Session &session, const Progress &progress) { return services::previewComputed(session, import, progress); },
           [this](const ImportOutcome &outcome) {
               m_already = outcome.alreadyImported;
               m_check->showPreview(outcome);
           });
    Q_EMIT stepChanged();
}

void LogWizard::record()
{
    if (!m_already.empty()) {
        Q_EMIT message(Message::info(tr("Already imported as %1; there is nothing to add.").arg(QString::fromStdString(m_already))));
        return;
    }
    if (!m_workspace.state().person) {
        Message told = Message::warning(tr("An import is recorded under somebody's name. Choose who works here."));
        told.actions.append({tr("Choose…"), [this] { Q_EMIT navigate({QStringLiteral("people"), {}, {}, {}, {}}); }});
        Q_EMIT message(told);
        return;
    }
    Q_EMIT busy(tr("Recording…"));
    onLane(tr("Recording the figures"),
           [import = import()](services::Session &session, const Progress &progress) { return services::recordComputed(session, import, progress); },
           [this](const ImportOutcome &outcome) { takeRecorded(outcome); });
    Q_EMIT stepChanged();
}

void LogWizard::takeRecorded(const ImportOutcome &outcome)
{
    // Where the log lies is a matter of this computer: a recomputation looks there first.
    QSettings().setValue(QStringLiteral("logs/") + QString::fromStdString(m_log.set->log.digest.text()), m_path);
    m_done->showRecorded(outcome, m_log, m_subject);
    setStep(Step::Done);
    if (m_recordFor.version)
        return;
    // Of a version that was registered with the import only the record knows the id.
    m_workspace.run(this, [number = outcome.number()](services::Session &session) { return services::findComputed(session, number); },
                    [this](const Result<services::ComputedRow> &row) {
        if (!row)
            return;
        m_recordFor.version = row->version;
        m_figures.model = QString::fromStdString(row->model.text());
        m_figures.version = QString::fromStdString(row->version.text());
    });
}

void LogWizard::saveRejected()
{
    const QString path = widgets::dialogs::saveFile(this, tr("Save Rejected Rows"), QStringLiteral("rejected.csv"), tr("CSV (*.csv)"), QStringLiteral("rejected"));
    if (path.isEmpty() || !m_log.set)
        return;
    QByteArray content = QByteArray::fromStdString(importers::rejectedCsvHead());
    for (const auto &row : m_log.set->log.rejects.first)
        content += QByteArray::fromStdString(importers::rejectedCsvLine({row.row, row.line, row.column, std::string(predictions::problemText(row.problem)), row.sample}));
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(content) == content.size() && file.commit())
        Q_EMIT message(Message::good(tr("The rejected rows are in %1.").arg(path)));
    else
        Q_EMIT message(Message::error({ErrorKind::Io, tr("The file cannot be written: %1").arg(file.errorString()).toStdString(), path.toStdString()}));
}

} // namespace countersign::pages
