#include "ui/import/log/logjob.h"

#include "models/computed/compute.h"
#include "models/computed/scoresummary.h"
#include "models/scoretables/tablefile.h"

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
    preview.bytes = QFileInfo(path).size();
    return preview;
}

/// Scores, groups, times, labels and decisions of the rows, so that thresholds move later without the log.
Status keepTable(const scoretables::Table &table, const computed::ComputedSet &set, const std::filesystem::path &tables, const Progress &progress)
{
    const scoretables::TableCache cache(tables);
    return cache.save(scoretables::TableKey::of(set.log.digest, set.mapping, set.parameters.window.unit), table, progress);
}

Result<ComputedLog> figures(const QString &path, const predictions::Mapping &mapping, const computed::Parameters &parameters, const std::filesystem::path &tables, const Progress &progress)
{
    predictions::ReadOptions options;
    options.keepRejected = kMostRejectedKept;
    options.progress = progress;
    const auto run = [&](auto compute) -> Result<computed::ComputedSet> {
        auto reader = predictions::LogReader::open(pathOf(path), mapping.dialect, progress);
        return reader ? compute(*std::move(reader)) : Result<computed::ComputedSet>(reader.error());
    };
    ComputedLog log;
    std::optional<scoretables::Table> kept;
    const auto keepScores = [&](const computed::Table &table) {
        if (table.hasScores() && table.size() > 0)
            if (const auto summary = computed::summarizeScores(table, 0, progress))
                log.scores = computed::writeScores(*summary);
        if (!tables.empty())
            kept = table;
    };
    auto set = run([&](predictions::LogReader reader) { return computed::computeLog(std::move(reader), mapping, parameters, options, keepScores); });
    // The one failure that another way of computing cures. Weights have none.
    const bool isTooLarge = !set && set.error().message.find("bounded mode") != std::string::npos;
    if (isTooLarge && mapping.task == predictions::Task::Binary && mapping.weight.empty() && !progress.isCancelled()) {
        log.isBounded = true;
        set = run([&](predictions::LogReader reader) { return computed::computeBounded(std::move(reader), mapping, parameters, options, 0, keepScores); });
    }
    if (!set)
        return set.error();
    if (kept) {
        if (const auto status = keepTable(*kept, *set, tables, progress); !status)
            log.tableTrouble = status.error();
        log.isTableKept = !log.tableTrouble;
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

void LogJob::compute(const QString &path, const predictions::Mapping &mapping, const computed::Parameters &parameters, const std::filesystem::path &tables)
{
    m_job->run([path, mapping, parameters, tables](const Progress &progress) { return figures(path, mapping, parameters, tables, progress); },
               [this](const Result<ComputedLog> &log) {
                   if (log)
                       Q_EMIT computed(*log);
                   else
                       Q_EMIT failed(log.error());
               });
}

} // namespace countersign::pages
