#include "models/computed/cells/sortedruns.h"

#include "models/base/parallel.h"
#include "models/metrics/drift/quantiles.h"

#include <cmath>

namespace countersign::computed {

namespace {

constexpr std::size_t kLongestRun = 1U << 18; ///< a run and the room to sort it stay in the cache
constexpr std::size_t kPart = 1U << 16;       ///< values of a union that are sorted at a time, about
constexpr std::size_t kSampled = 1024;        ///< of a run, every so manieth value says where parts begin

/// Finite values to the front, ascending; −0 becomes 0. What is not finite is counted.
Run sortRun(std::span<double> values, std::uint64_t &absent, std::uint64_t &infinite, std::vector<std::uint64_t> &room)
{
    std::size_t kept = 0;
    for (const double value : values) {
        if (std::isfinite(value)) [[likely]]
            values[kept++] = value + 0.0;
        else
            ++(std::isnan(value) ? absent : infinite);
    }
    metrics::sortNumbers(values.first(kept), room);
    return values.first(kept);
}

/// Values that cut all runs into parts of about the same size.
std::vector<double> cutsOf(std::span<const Run> runs, std::size_t parts)
{
    std::vector<double> sample;
    for (const Run run : runs)
        for (std::size_t i = kSampled / 2; i < run.size(); i += kSampled)
            sample.push_back(run[i]);
    std::ranges::sort(sample);
    std::vector<double> cuts;
    for (std::size_t part = 1; part < parts && !sample.empty(); ++part)
        cuts.push_back(sample[sample.size() * part / parts]);
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    return cuts;
}

} // namespace

SortedRuns::SortedRuns(std::vector<double> &values, const std::vector<std::size_t> &first, unsigned threads)
{
    struct Piece {
        std::size_t unit;
        std::size_t begin;
        std::size_t end;
        Run run{};
        std::uint64_t absent = 0;
        std::uint64_t infinite = 0;
    };
    std::vector<Piece> pieces;
    for (std::size_t unit = 0; unit + 1 < first.size(); ++unit)
        for (std::size_t begin = first[unit]; begin < first[unit + 1]; begin += kLongestRun)
            pieces.push_back({unit, begin, std::min(begin + kLongestRun, first[unit + 1])});
    std::vector<std::vector<std::uint64_t>> rooms(threads);
    forEachTask(pieces.size(), threads, [&](std::size_t p, unsigned thread) {
        Piece &piece = pieces[p];
        piece.run = sortRun(std::span(values).subspan(piece.begin, piece.end - piece.begin), piece.absent, piece.infinite, rooms[thread]);
    });
    m_units.resize(first.size() - 1);
    for (const Piece &piece : pieces) {
        Unit &unit = m_units[piece.unit];
        unit.absent += piece.absent;
        unit.infinite += piece.infinite;
        if (!piece.run.empty())
            unit.runs.push_back(piece.run);
    }
}

Run unionOf(std::span<const Run> runs, unsigned threads, std::vector<double> &to, std::vector<std::uint64_t> &room)
{
    if (runs.size() == 1)
        return runs.front();
    std::size_t size = 0;
    for (const Run run : runs)
        size += run.size();
    to.resize(std::max(to.size(), size));
    const std::vector<double> cuts = cutsOf(runs, size / kPart + 1);
    // Where each part begins in each run: equal values are in one part.
    std::vector<std::vector<std::size_t>> begins{std::vector<std::size_t>(runs.size())};
    std::vector<std::size_t> partBegins{0};
    const auto add = [&](const auto &placeIn) {
        std::size_t begin = 0;
        begins.emplace_back();
        for (const Run run : runs) {
            begins.back().push_back(placeIn(run));
            begin += begins.back().back();
        }
        partBegins.push_back(begin);
    };
    for (const double cut : cuts)
        add([cut](Run run) { return static_cast<std::size_t>(std::ranges::lower_bound(run, cut) - run.begin()); });
    add([](Run run) { return run.size(); });
    std::vector<std::vector<std::uint64_t>> rooms(threads);
    rooms.front().swap(room);
    forEachTask(partBegins.size() - 1, threads, [&](std::size_t part, unsigned thread) {
        double *end = to.data() + partBegins[part];
        for (std::size_t r = 0; r < runs.size(); ++r) {
            const Run own = runs[r].subspan(begins[part][r], begins[part + 1][r] - begins[part][r]);
            end = std::copy(own.begin(), own.end(), end);
        }
        metrics::sortNumbers(std::span(to).subspan(partBegins[part], partBegins[part + 1] - partBegins[part]), rooms[thread]);
    });
    rooms.front().swap(room);
    return Run(to).first(size);
}

} // namespace countersign::computed
