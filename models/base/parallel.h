#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace countersign {

/// Calls work(i, thread) for every i below `count`, each once, on up to `threads` threads; returns when all are done. Larger tasks
/// first makes for even ends. `work` must not throw. Results may not depend on which thread did what.
template<class Work>
void forEachTask(std::size_t count, unsigned threads, const Work &work)
{
    std::atomic<std::size_t> next = 0;
    const auto run = [&](unsigned thread) {
        for (std::size_t i = next++; i < count; i = next++)
            work(i, thread);
    };
    std::vector<std::jthread> helpers;
    try {
        for (unsigned t = 1; t < threads && t < count; ++t)
            helpers.emplace_back(run, t);
    } catch (const std::system_error &) {
        // The machine grants no more threads; those that run do all the work.
    }
    run(0);
}

} // namespace countersign
