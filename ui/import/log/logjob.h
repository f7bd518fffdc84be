#pragma once

#include "models/computed/computedset.h"
#include "models/predictions/mapping/guess.h"
#include "models/predictions/reader.h"
#include "ui/widgets/messages/backgroundjob.h"

#include <QObject>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace countersign::pages {

/// How a log looks before anything is decided.
struct LogPreview {
    QString path;
    predictions::Sample sample;
    predictions::Guess guess;
    predictions::Encoding encoding = predictions::Encoding::Utf8;
    predictions::Compression compression = predictions::Compression::None;
    std::vector<std::string> columnsLeftOut; ///< lists and structures of Parquet: nothing is read of them
    qint64 bytes = 0;
};

/// What is computed.
struct LogRequest {
    QString path;
    predictions::Mapping mapping;
    computed::Parameters parameters;
    QString reference;            ///< another log, read by the same mapping, that drift is against; empty: none
    std::filesystem::path tables; ///< where what a slider needs is kept on this computer; empty: it is not
};

/// Figures of a log, and whether they are of rounded scores.
struct ComputedLog {
    std::shared_ptr<const computed::ComputedSet> set;
    Bytes scores; ///< summary of the scores (computed/scoresummary.h); empty where there are none
    bool isBounded = false;
    bool isTableKept = false; ///< on this computer, as it was asked for
    std::optional<Error> tableTrouble; ///< why no table was kept although it was asked for
};

/// Looks at a log and computes its figures, away from the window's thread and from the workspace's lane. The newest request wins; one that was
/// cancelled or overtaken tells nothing more, but for the failure "Cancelled" after cancel(). A log larger than memory is computed in bounded mode.
class LogJob : public QObject
{
    Q_OBJECT
public:
    explicit LogJob(QObject *parent = nullptr);

    void open(const QString &path, const predictions::DialectChoice &choice);
    void compute(const LogRequest &request);
    void cancel() { m_job->cancel(); }
    bool isRunning() const { return m_job->isRunning(); }

Q_SIGNALS:
    void progressed(const QString &stage, int percent); ///< percent −1: unknown
    void opened(const countersign::pages::LogPreview &preview);
    void computed(const countersign::pages::ComputedLog &log);
    void failed(const countersign::Error &error);

private:
    widgets::BackgroundJob *m_job;
};

/// How many rejected rows are kept in full to be saved as a file.
inline constexpr std::size_t kMostRejectedKept = 200'000;

} // namespace countersign::pages
