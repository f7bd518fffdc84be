#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace countersign::ledger {

/// Threads that share work item by item, oldest first. They begin with the first work worth sharing, one less than there are cores: the
/// caller is the last, whenever it waits. A machine that grants no thread leaves everything to the caller.
class Workers
{
public:
    struct Batch; ///< some items under way

    Workers() = default;
    ~Workers();
    Workers(const Workers &) = delete;
    Workers &operator=(const Workers &) = delete;

    /// Calls work(i) for every i below `count`, in no particular order and from several threads at once. `work` must not throw, and what it
    /// touches must last until finish(). Urgent work goes before all that waits.
    std::shared_ptr<Batch> start(std::size_t count, std::function<void(std::size_t)> work, bool isUrgent = false);
    /// Helps until every item of the batch is done.
    void finish(Batch &batch);

private:
    struct Claim {
        std::shared_ptr<Batch> batch;
        std::size_t first = 0;
        std::size_t end = 0;
    };
    void hire();
    void serve();
    Claim claim();                                      // the lock is held
    void perform(const Claim &claim, std::unique_lock<std::mutex> &lock);

    std::mutex m_mutex;
    std::condition_variable m_hasWork;
    std::condition_variable m_isDone;
    std::deque<std::shared_ptr<Batch>> m_waiting; // with items that nobody has claimed
    bool m_isHired = false;
    bool m_isOver = false;
    std::vector<std::thread> m_threads;
};

} // namespace countersign::ledger
