#include "models/predictions/reader.h"

#include "models/predictions/bytes/cutter.h"
#include "models/predictions/formats/csvparser.h"
#include "models/predictions/formats/jsonparser.h"
#include "models/predictions/formats/rowbuilder.h"

#include <mutex>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace countersign::predictions {

namespace {

constexpr std::size_t kLookedAt = 256U << 10;

/// What one piece was, for counting rows and lines afterwards.
struct PieceFacts {
    std::uint64_t index = 0;
    std::uint64_t rows = 0;
    std::uint64_t lines = 0;
    std::vector<RejectedRow> rejected; ///< rows and lines counted from the piece's beginning
};

/// One thread's part of the work.
struct Worker {
    Worker(const Plan &plan, const Dialect &dialect, std::uint32_t thread, std::size_t keepRejected)
        : builder(plan, thread, keepRejected), csv(dialect.rules(), plan.columns.size(), builder), json(plan.columns, builder)
    {
    }
    Worker(const Worker &) = delete; // the parsers hold a reference to the builder
    Worker &operator=(const Worker &) = delete;

    RowBuilder builder;
    CsvParser csv;
    JsonLineParser json;
    Piece piece;
    std::vector<PieceFacts> facts;
};

void parsePiece(Worker &worker, const Dialect &dialect)
{
    worker.builder.beginChunk();
    PieceFacts facts;
    facts.index = worker.piece.index;
    if (worker.piece.isLongLine) {
        worker.builder.beginRow();
        worker.builder.refuse(RowProblem::TooLong, RowBuilder::kWholeRow, worker.piece.text());
        worker.builder.endRow(0);
        facts.lines = 1;
    } else {
        facts.lines = dialect.format == Format::JsonLines ? worker.json.parse(worker.piece.text()) : worker.csv.parse(worker.piece.text());
    }
    facts.rows = worker.builder.rowsSeen();
    facts.rejected = worker.builder.takeRejected();
    worker.facts.push_back(std::move(facts));
}

Rejects collectRejects(std::vector<std::unique_ptr<Worker>> &workers, const Plan &plan, std::size_t keep, std::uint64_t headerLines,
                       std::uint64_t &rows)
{
    std::vector<PieceFacts> pieces;
    Rejects rejects;
    std::map<std::pair<std::size_t, RowProblem>, std::uint64_t> counts;
    for (auto &worker : workers) {
        std::move(worker->facts.begin(), worker->facts.end(), std::back_inserter(pieces));
        rejects.total += worker->builder.rejectedTotal();
        for (const auto &[what, count] : worker->builder.counts())
            counts[what] += count;
    }
    std::ranges::sort(pieces, {}, &PieceFacts::index);
    std::uint64_t lines = headerLines;
    for (auto &piece : pieces) {
        for (auto &rejected : piece.rejected) {
            if (rejects.first.size() == keep)
                break;
            rejected.row += rows + 1;
            rejected.line += lines + 1;
            rejects.first.push_back(std::move(rejected));
        }
        rows += piece.rows;
        lines += piece.lines;
    }
    for (const auto &[what, count] : counts)
        rejects.counts.push_back({what.first == RowBuilder::kWholeRow ? std::string() : plan.columns[what.first], what.second, count});
    return rejects;
}

} // namespace

unsigned threadCount(unsigned wanted)
{
    return std::clamp(wanted == 0 ? std::thread::hardware_concurrency() : wanted, 1U, 64U);
}

std::uint64_t memoryLimit(std::uint64_t wanted)
{
    if (wanted > 0)
        return wanted;
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    const long size = ::sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size) / 2 : 1ULL << 32;
}

struct LogReader::Private {
    explicit Private(ByteSource from) : source(std::move(from)) {}

    ByteSource source;
    std::string head;
    bool isWhole = false;
    bool isRead = false;
    Sample sample;

    Status readHead(const Progress &progress)
    {
        while (!isWhole && head.size() < kMaxRecord + kLookedAt) {
            const std::size_t had = head.size();
            head.resize(had + kLookedAt);
            const auto got = source.read(head.data() + had, kLookedAt, progress);
            head.resize(had + (got ? *got : 0));
            if (!got)
                return got.error();
            isWhole = *got == 0;
            if (head.size() >= kLookedAt && head.find_first_of("\r\n") != std::string::npos)
                return {};
        }
        return {};
    }

    Result<StreamedLog> run(const Plan &plan, const ReadOptions &options, const ChunkSink &take);
};

Result<StreamedLog> LogReader::Private::run(const Plan &plan, const ReadOptions &options, const ChunkSink &take)
{
    if (std::exchange(isRead, true))
        return Error{ErrorKind::Conflict, "This log was read already. Open it again.", source.name()};
    const std::uint64_t headerLines = static_cast<std::uint64_t>(
        std::count(head.begin(), head.begin() + static_cast<std::ptrdiff_t>(sample.headerBytes), sample.dialect.lineEnd));
    Cutter cutter(source, sample.dialect, head.substr(sample.headerBytes), isWhole);
    head = {};
    std::mutex mutex; // of the cutter, the first error and the progress report
    std::optional<Error> error;
    std::vector<std::unique_ptr<Worker>> workers;
    for (unsigned t = 0; t < threadCount(options.threads); ++t)
        workers.push_back(std::make_unique<Worker>(plan, sample.dialect, t, options.keepRejected));

    const auto work = [&](unsigned thread) {
        Worker &worker = *workers[thread];
        for (;;) {
            {
                const std::scoped_lock lock(mutex);
                if (error)
                    return;
                auto more = cutter.next(worker.piece, options.progress);
                if (!more)
                    error = more.error();
                if (!more || !*more)
                    return;
                options.progress(source.bytesDone(), source.bytesTotal(), "reading the log");
            }
            parsePiece(worker, sample.dialect);
            Chunk chunk = worker.builder.takeChunk();
            chunk.position = worker.piece.index;
            if (!take(thread, std::move(chunk))) {
                const std::scoped_lock lock(mutex);
                if (!error)
                    error = Error{ErrorKind::Cancelled, "Reading was stopped.", source.name()};
            }
        }
    };
    {
        std::vector<std::jthread> threads;
        try {
            for (unsigned t = 1; t < workers.size(); ++t)
                threads.emplace_back(work, t);
        } catch (const std::system_error &) {
            // The machine grants no more threads; those that run do all the work.
        }
        work(0);
    }
    if (error)
        return *error;

    StreamedLog log;
    LogFacts &facts = log.facts;
    facts.name = source.name();
    facts.digest = source.digest();
    facts.bytes = source.bytesDone();
    facts.encoding = source.encoding();
    facts.compression = source.compression();
    facts.dialect = sample.dialect;
    facts.rejects = collectRejects(workers, plan, options.keepRejected, headerLines, facts.rows);
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
    for (const auto &worker : workers) {
        first = std::min(first, worker->builder.firstMs());
        last = std::max(last, worker->builder.lastMs());
    }
    facts.hasTimes = first <= last;
    if (facts.hasTimes) {
        facts.firstTime = fromMillis(first);
        facts.lastTime = fromMillis(last);
    }
    std::vector<const RowBuilder *> builders;
    for (const auto &worker : workers)
        builders.push_back(&worker->builder);
    log.texts = mergeDictionaries(builders, plan);
    return log;
}

LogReader::LogReader(std::unique_ptr<Private> data) : d(std::move(data)) {}
LogReader::LogReader(LogReader &&) noexcept = default;
LogReader &LogReader::operator=(LogReader &&) noexcept = default;
LogReader::~LogReader() = default;

Result<LogReader> LogReader::open(ByteSource source, const DialectChoice &choice, const Progress &progress)
{
    auto data = std::make_unique<Private>(std::move(source));
    const auto head = data->readHead(progress);
    if (!head)
        return head.error();
    // What ByteSource makes of Parquet is known; a mapping of another log may have said something else.
    const bool isParquet = data->source.isParquet();
    auto sample = lookAt(data->head, data->isWhole, isParquet ? DialectChoice{Format::Csv, ',', '.', true} : choice);
    if (!sample)
        return sample.error().in(data->source.name());
    if (isParquet)
        sample->dialect.format = Format::Parquet;
    data->sample = *std::move(sample);
    return LogReader(std::move(data));
}

Result<LogReader> LogReader::open(const std::filesystem::path &path, const DialectChoice &choice, const Progress &progress)
{
    auto source = ByteSource::open(path);
    if (!source)
        return source.error();
    return open(*std::move(source), choice, progress);
}

const Sample &LogReader::sample() const { return d->sample; }
Encoding LogReader::encoding() const { return d->source.encoding(); }
Compression LogReader::compression() const { return d->source.compression(); }
const std::vector<std::string> &LogReader::columnsLeftOut() const { return d->source.columnsLeftOut(); }
const std::string &LogReader::name() const { return d->source.name(); }

Result<Schema> LogReader::schemaOf(const Mapping &mapping) const
{
    auto plan = Plan::make(mapping, d->sample.dialect, d->sample.columns);
    if (!plan)
        return plan.error().in(d->source.name());
    return plan->schema;
}

Result<StreamedLog> LogReader::stream(const Mapping &mapping, const ChunkSink &sink, const ReadOptions &options)
{
    const auto plan = Plan::make(mapping, d->sample.dialect, d->sample.columns);
    if (!plan)
        return plan.error().in(d->source.name());
    return d->run(*plan, options, sink);
}

Result<PredictionLog> LogReader::read(const Mapping &mapping, const ReadOptions &options)
{
    const auto plan = Plan::make(mapping, d->sample.dialect, d->sample.columns);
    if (!plan)
        return plan.error().in(d->source.name());
    const std::uint64_t limit = memoryLimit(options.memoryLimit);
    std::atomic<std::uint64_t> held = 0;
    std::atomic<bool> isTooLarge = false;
    std::vector<std::vector<Chunk>> byThread(threadCount(options.threads));
    auto streamed = d->run(*plan, options, [&](unsigned thread, Chunk chunk) {
        isTooLarge = isTooLarge || held.fetch_add(chunk.bytes()) + chunk.bytes() > limit;
        byThread[thread].push_back(std::move(chunk));
        return !isTooLarge;
    });
    if (isTooLarge)
        return Error{ErrorKind::Invalid,
                     "The log needs more than " + std::to_string(limit >> 20) + " MiB of memory. Compute it in bounded mode.", d->source.name()};
    if (!streamed)
        return streamed.error();
    PredictionLog log;
    log.facts = std::move(streamed->facts);
    log.mapping = mapping;
    log.schema = plan->schema;
    log.dictionaries = std::move(streamed->texts.dictionaries);
    log.localToGlobal = std::move(streamed->texts.localToGlobal);
    for (auto &own : byThread)
        for (auto &chunk : own)
            if (chunk.rows > 0)
                log.chunks.push_back(std::move(chunk));
    std::ranges::sort(log.chunks, {}, &Chunk::position);
    return log;
}

Result<PredictionLog> readLog(const std::filesystem::path &path, const Mapping &mapping, const ReadOptions &options)
{
    auto reader = LogReader::open(path, mapping.dialect, options.progress);
    if (!reader)
        return reader.error();
    return reader->read(mapping, options);
}

} // namespace countersign::predictions
