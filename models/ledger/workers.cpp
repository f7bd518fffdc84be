#include "models/ledger/workers.h"

#include <algorithm>
#include <system_error>

namespace countersign::ledger {

namespace {
constexpr std::size_t kAtOnce = 16; // small enough to share fairly, large enough that counting is free
constexpr unsigned kMostThreads = 16;
} // namespace

struct Workers::Batch {
    std::size_t count = 0;
    std::function<void(std::size_t)> work;
    std::size_t claimed = 0;
    std::size_t done = 0;
};

Workers::~Workers()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isOver = true;
        m_waiting.clear();
    }
    m_hasWork.notify_all();
    for (auto &thread : m_threads)
        thread.join();
}

void Workers::hire()
{
    m_isHired = true;
    const unsigned wanted = std::clamp(std::thread::hardware_concurrency(), 1U, kMostThreads) - 1;
    try {
        while (m_threads.size() < wanted)
            m_threads.emplace_back([this] { serve(); });
    } catch (const std::system_error &) {
        // The limit of threads is reached: the ones that started, and the caller, do it all.
    }
}

std::shared_ptr<Workers::Batch> Workers::start(std::size_t count, std::function<void(std::size_t)> work, bool isUrgent)
{
    auto batch = std::make_shared<Batch>();
    batch->count = count;
    batch->work = std::move(work);
    if (count == 0)
        return batch;
    if (!m_isHired && count > kAtOnce)
        hire();
    {
        const std::lock_guard lock(m_mutex);
        isUrgent ? m_waiting.push_front(batch) : m_waiting.push_back(batch);
    }
    m_hasWork.notify_all();
    return batch;
}

Workers::Claim Workers::claim()
{
    if (m_waiting.empty())
        return {};
    const auto batch = m_waiting.front();
    Claim claim{batch, batch->claimed, std::min(batch->claimed + kAtOnce, batch->count)};
    batch->claimed = claim.end;
    if (batch->claimed == batch->count)
        m_waiting.pop_front();
    return claim;
}

void Workers::perform(const Claim &claim, std::unique_lock<std::mutex> &lock)
{
    lock.unlock();
    for (std::size_t i = claim.first; i < claim.end; ++i)
        claim.batch->work(i);
    lock.lock();
    claim.batch->done += claim.end - claim.first;
    if (claim.batch->done == claim.batch->count)
        m_isDone.notify_all();
}

void Workers::finish(Batch &batch)
{
    std::unique_lock lock(m_mutex);
    while (batch.done < batch.count) {
        if (const Claim next = claim(); next.batch)
            perform(next, lock);
        else
            m_isDone.wait(lock);
    }
}

void Workers::serve()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_hasWork.wait(lock, [this] { return m_isOver || !m_waiting.empty(); });
        if (m_isOver)
            return;
        if (const Claim next = claim(); next.batch)
            perform(next, lock);
    }
}

} // namespace countersign::ledger
