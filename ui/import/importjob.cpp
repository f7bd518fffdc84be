#include "ui/import/importjob.h"

#include "models/importers/registry.h"
#include "models/importers/rejectedrows.h"

#include <QFutureWatcher>
#include <QPromise>
#include <QtConcurrent/QtConcurrentRun>

namespace countersign::pages {

namespace {

using Staged = std::shared_ptr<Result<services::StagedRegistry>>;

std::filesystem::path pathOf(const QString &text)
{
    return std::filesystem::path(text.toStdU16String());
}

void readRegistry(QPromise<Staged> &promise, const std::string &address, const importers::HttpCredentials &credentials, const std::shared_ptr<std::atomic<bool>> &cancel)
{
    Progress progress;
    progress.cancel = cancel.get();
    int step = 0;
    promise.setProgressRange(0, 1 << 30);
    progress.report = [&promise, &step](std::uint64_t done, std::uint64_t total, const std::string &stage) {
        // The value must rise for the text to be told; the percentage travels in the text's place before '\n'.
        const int percent = total ? static_cast<int>(100 * done / total) : -1;
        promise.setProgressValueAndText(++step, QStringLiteral("%1\n%2").arg(percent).arg(QString::fromStdString(stage)));
    };
    const auto registry = importers::openRegistry(address, credentials);
    if (!registry) {
        promise.addResult(std::make_shared<Result<services::StagedRegistry>>(registry.error()));
        return;
    }
    promise.addResult(std::make_shared<Result<services::StagedRegistry>>(services::stageRegistry(**registry, progress)));
}

} // namespace

ImportJob::ImportJob(services::Workspace &workspace, QObject *parent) : QObject(parent), m_workspace(workspace)
{
    connect(&m_workspace, &services::Workspace::jobProgress, this, [this](int job, const QString &stage, int percent) {
        if (job == m_laneJob)
            Q_EMIT progressed(stage, percent);
    });
}

ImportJob::~ImportJob()
{
    cancel();
}

void ImportJob::cancel()
{
    if (m_stagingCancel)
        m_stagingCancel->store(true);
    if (m_laneJob)
        m_workspace.cancel(m_laneJob);
}

void ImportJob::check(const ImportSource &source)
{
    cancel();
    m_source = source;
    m_staged.reset();
    ++m_generation;
    m_isRunning = true;
    source.kind == SourceKind::Metrics ? preview() : stage();
    m_source.credentials = {}; // the reader has its own copy, for as long as it reads
}

void ImportJob::stage()
{
    m_stagingCancel = std::make_shared<std::atomic<bool>>(false);
    auto *watcher = new QFutureWatcher<Staged>(this);
    connect(watcher, &QFutureWatcherBase::progressTextChanged, this, [this](const QString &text) {
        Q_EMIT progressed(text.section(QLatin1Char('\n'), 1), text.section(QLatin1Char('\n'), 0, 0).toInt());
    });
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, generation = m_generation] {
        watcher->deleteLater();
        if (generation != m_generation)
            return;
        m_stagingCancel.reset();
        const Staged staged = watcher->future().resultCount() > 0 ? watcher->result() : nullptr;
        if (!staged || !*staged) {
            m_isRunning = false;
            Q_EMIT failed(staged ? staged->error() : Error{ErrorKind::Cancelled, "The import was stopped. Nothing was changed.", {}});
            return;
        }
        m_staged = std::make_shared<services::StagedRegistry>(std::move(**staged));
        preview();
    });
    watcher->setFuture(QtConcurrent::run(readRegistry, m_source.address.toStdString(), m_source.credentials, m_stagingCancel));
}

template<class Work, class Told>
void ImportJob::startOnLane(const QString &title, Work work, Told told)
{
    m_isRunning = true;
    m_laneJob = m_workspace.start(this, title, std::move(work), [this, told, generation = m_generation](const Result<services::ImportOutcome> &outcome) {
        if (generation != m_generation)
            return;
        m_laneJob = 0;
        m_isRunning = false;
        if (outcome)
            told(*outcome);
        else
            Q_EMIT failed(outcome.error());
    });
}

void ImportJob::preview()
{
    const auto told = [this](const services::ImportOutcome &outcome) { Q_EMIT checked(outcome); };
    startOnLane(tr("Checking the import"),
                [staged = m_staged, path = pathOf(m_source.address)](services::Session &session, const Progress &progress) {
                    return staged ? services::previewRegistry(session, *staged, progress) : services::previewMetrics(session, path, progress);
                },
                told);
}

void ImportJob::import()
{
    auto rejected = std::make_shared<QTemporaryFile>();
    if (!m_staged && rejected->open())
        rejected->write(importers::rejectedCsvHead().c_str());
    ++m_generation;
    const auto told = [this, rejected](const services::ImportOutcome &outcome) {
        m_rejected.reset();
        if (outcome.rejected > 0 && rejected->flush())
            m_rejected = rejected;
        Q_EMIT imported(outcome);
    };
    startOnLane(tr("Importing"),
                [staged = m_staged, path = pathOf(m_source.address), rejected](services::Session &session, const Progress &progress) {
                    if (staged)
                        return services::importRegistry(session, *staged, progress);
                    return services::importMetrics(session, path, progress, [&rejected](const importers::RejectedRow &row) {
                        const std::string line = importers::rejectedCsvLine(row);
                        rejected->write(line.data(), static_cast<qint64>(line.size()));
                    });
                },
                told);
}

} // namespace countersign::pages
