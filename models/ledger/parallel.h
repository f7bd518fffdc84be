#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace countersign::ledger {

/// Calls work(i) for every i below `count`, on all cores, in no particular order; returns when all are done. `work` must not throw.
/// Small counts, and machines that grant no thread, are done by the caller alone.
template<class Work>
void forEachIndex(std::size_t count, const Work &work)
{
    constexpr std::size_t atOnce = 16; // small enough to share fairly, large enough that counting is free
    std::atomic<std::size_t> next = 0;
    const auto run = [&] {
        for (;;) {
            const std::size_t first = next.fetch_add(atOnce, std::memory_order_relaxed);
            if (first >= count)
                return;
            for (std::size_t i = first; i < std::min(first + atOnce, count); ++i)
                work(i);
        }
    };
    const std::size_t wanted = std::min<std::size_t>({std::max(1U, std::thread::hardware_concurrency()), 16, (count + atOnce - 1) / atOnce});
    std::vector<std::jthread> helpers;
    try {
        for (std::size_t i = 1; i < wanted; ++i)
            helpers.emplace_back(run);
    } catch (const std::system_error &) {
        // The limit of threads is reached: the ones that started, or this one, do it all.
    }
    run();
}

} // namespace countersign::ledger
