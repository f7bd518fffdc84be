#pragma once

#include "models/base/text.h"
#include "models/importers/cleantext.h"
#include "models/importers/metricsfile.h"
#include "models/importers/textstream.h"

/// Internal to models/importers: what the two kinds of metrics files share.
namespace countersign::importers {

inline constexpr std::uint64_t kRowsPerReport = 16'384;
inline constexpr std::size_t kMaxIgnored = 100;
inline constexpr std::size_t kSampleCharacters = 200;

/// What a list of one line shows of a text of unknown worth.
inline std::string sampleOf(std::string_view bytes)
{
    std::uint64_t replaced = 0;
    return shortened(text::visible(wellFormed(bytes, replaced)), kSampleCharacters);
}

/// Rows on their way out: counts, trims samples, reports.
class Outlet
{
public:
    Outlet(const MetricRowSink &row, const RejectedRowSink &rejected, const Progress &progress)
        : m_row(row), m_rejected(rejected), m_progress(progress)
    {
    }

    /// The reader's next record: what `parse` makes of it, or where it makes nothing of it, its problem.
    template<class Reader, class Parse>
    Status record(const Reader &reader, const Parse &parse)
    {
        ++m_number;
        RejectedRow problem;
        if (MetricRow *taken = parse(problem)) {
            taken->row = m_number;
            ++summary.accepted;
            if (const auto status = m_row(*taken); !status)
                return status;
        } else {
            problem.row = m_number;
            problem.line = reader.line();
            reject(std::move(problem));
        }
        return breathe(reader.source());
    }
    void finish(const TextSource &source) const { m_progress(source.bytesTotal(), source.bytesTotal(), "reading metrics"); }

    MetricsFileSummary summary;

private:
    void reject(RejectedRow problem)
    {
        ++summary.rejected;
        std::uint64_t replaced = 0;
        problem.text = shortened(wellFormed(problem.text, replaced), kSampleCharacters);
        if (m_rejected)
            m_rejected(problem);
    }
    Status breathe(const TextSource &source) const
    {
        if (m_number % kRowsPerReport != 0)
            return {};
        m_progress(source.bytesDone(), source.bytesTotal(), "reading metrics");
        if (m_progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Reading the metrics was stopped.", {}};
        return {};
    }

    const MetricRowSink &m_row;
    const RejectedRowSink &m_rejected;
    const Progress &m_progress;
    std::uint64_t m_number = 0;
};

/// `file` is what `source` was opened from: a second look at its numbers may be needed.
Result<MetricsFileSummary> readMetricsCsv(const std::filesystem::path &file, TextSource source, const MetricRowSink &row, const RejectedRowSink &rejected,
                                          const Progress &progress);
Result<MetricsFileSummary> readMetricsJsonLines(TextSource source, const MetricRowSink &row, const RejectedRowSink &rejected, const Progress &progress);

} // namespace countersign::importers
