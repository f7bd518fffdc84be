#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

namespace countersign {

/// How long work tells how far it is and asks whether to go on. Cheap to call every few thousand rows.
/// Cancelled work returns Error{Cancelled} and leaves everything as it was.
struct Progress {
    /// done and total in the work's own unit; total 0 when unknown; stage is a short English phrase ("reading metrics").
    std::function<void(std::uint64_t done, std::uint64_t total, const std::string &stage)> report;
    const std::atomic<bool> *cancel = nullptr;

    void operator()(std::uint64_t done, std::uint64_t total, const std::string &stage) const
    {
        if (report)
            report(done, total, stage);
    }
    bool isCancelled() const { return cancel && cancel->load(std::memory_order_relaxed); }
};

} // namespace countersign
