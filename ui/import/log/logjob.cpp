#include "ui/import/log/logjob.h"

#include "models/computed/compute.h"
#include "models/computed/scores/scoresummary.h"
#include "models/computed/scores/tablekeeper.h"

#include <QFileInfo>

namespace countersign::pages {

namespace {

std::filesystem::path pathOf(const QString &text)
{
    return std::filesystem::path(text.toStdU16String());
}

Result<LogPreview> look(const QString &path, const predictions::DialectChoice &choice, const Progress &progress)
{
    const auto reader = predictions::LogReader::open(pathOf(path), choice, progress);
    if (!reader)
        return reader.error();
    LogPreview preview;
    preview.path = path;
    preview.sample = reader->sample();
    preview.guess = predictions::guessMapping(preview.sample);
    preview.encoding = reader->encoding();
    preview.compression = reader->compression();
    preview.columnsLeftOut = reader->columnsLeftOut();
    preview.bytes = QFileInfo(path).size();
    return preview;
}

Result<ComputedLog> figures(const LogRequest &request, const Progress &progress)
{
    const auto &[path, mapping, parameters, reference, tables] = request;
    predictions::ReadOptions options;
    options.keepRejected = kMostRejectedKept;
    options.progress = progress;
    ComputedLog log;
    std::optional<computed::TableKeeper> keeper;
    if (!tables.empty())
        keeper.emplace(tables, mapping, parameters.window.unit);
    const auto use = [&](const computed::Table &table) {
        if (table.hasScores() && table.size() > 0)
            if (const auto summary = computed::summarizeScores(table, 0, progress))
                log.scores = computed::writeScores(*summary);
        if (keeper)
            keeper->write(table, progress);
    };
    auto reader = predictions::LogReader::open(pathOf(path), mapping.dialect, progress);
    if (!reader)
        return reader.error();
    const auto openOther = [&]() -> Result<std::optional<predictions::LogReader>> {
        if (reference.isEmpty())
            return std::optional<predictions::LogReader>();
        auto opened = predictions::LogReader::open(pathOf(reference), mapping.dialect, progress);
        return opened ? Result<std::optional<predictions::LogReader>>(*std::move(opened)) : opened.error().in("the log that drift is against");
    };
    auto other = openOther();
    if (!other)
        return other.error();
    auto set = computed::computeLog(*std::move(reader), mapping, parameters, options, use, *std::move(other));
    // The one failure that another way of computing cures.
    const bool isTooLarge = !set && set.error().message.find("bounded mode") != std::string::npos;
    if (isTooLarge && mapping.task == predictions::Task::Binary && !progress.isCancelled()) {
        log.isBounded = true;
        auto again = predictions::LogReader::open(pathOf(path), mapping.dialect, progress);
        auto otherAgain = openOther();
        if (!again || !otherAgain)
            return !again ? again.error() : otherAgain.error();
        set = computed::computeBounded(*std::move(again), mapping, parameters, options, 0, use, *std::move(otherAgain));
    }
    if (!set)
        return set.error();
    if (const auto status = keeper ? keeper->finish(*set) : std::nullopt) {
        log.isTableKept = status->ok();
        if (!*status)
            log.tableTrouble = status->error();
    }
    log.set = std::make_shared<const computed::ComputedSet>(*std::move(set));
    return log;
}

} // namespace

LogJob::LogJob(QObject *parent) : QObject(parent), m_job(new widgets::BackgroundJob(this))
{
    connect(m_job, &widgets::BackgroundJob::progressed, this, &LogJob::progressed);
}

void LogJob::open(const QString &path, const predictions::DialectChoice &choice)
{
    m_job->run([path, choice](const Progress &progress) { return look(path, choice, progress); },
               [this](const Result<LogPreview> &preview) {
                   if (preview)
                       Q_EMIT opened(*preview);
                   else
                       Q_EMIT failed(preview.error());
               });
}

void LogJob::compute(const LogRequest &request)
{
    m_job->run([request](const Progress &progress) { return figures(request, progress); },
               [this](const Result<ComputedLog> &log) {
                   if (log)
                       Q_EMIT computed(*log);
                   else
                       Q_EMIT failed(log.error());
               });
}

} // namespace countersign::pages
