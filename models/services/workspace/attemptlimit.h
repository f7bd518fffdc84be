#pragma once

#include "models/domain/people.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>

namespace countersign::services {

/// Counts wrong passphrases: after five in a row signing is closed for a quarter of an hour. A value; the caller brings the time.
class AttemptLimit
{
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr int kAttempts = 5;
    static constexpr std::chrono::minutes kPause{15};

    void failed(Time now)
    {
        if (isClosed(now))
            return;
        if (++m_failures == kAttempts)
            close(now);
    }
    void close(Time now)
    {
        m_failures = 0;
        m_opensAt = now + kPause;
    }
    /// What is known from elsewhere as well; the stricter counts.
    void learn(int failures, std::chrono::milliseconds closedFor, Time now)
    {
        m_failures = std::clamp(failures, m_failures, kAttempts - 1);
        if (closedFor > std::chrono::milliseconds::zero())
            m_opensAt = std::max(m_opensAt, now + closedFor);
    }
    void succeeded() { m_failures = 0; }
    bool isClosed(Time now) const { return now < m_opensAt; }
    int attemptsLeft() const { return kAttempts - m_failures; }
    Time opensAt() const { return m_opensAt; }

private:
    int m_failures = 0;
    Time m_opensAt{};
};

/// The limits of all persons for one run of the program: closing a window or a workspace and opening it again forgets no wrong passphrase.
/// Any thread.
class AttemptLimits
{
public:
    AttemptLimit of(const PersonId &person) const
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_limits.find(person.text());
        return found == m_limits.end() ? AttemptLimit() : found->second;
    }
    void failed(const PersonId &person, AttemptLimit::Time now)
    {
        const std::lock_guard lock(m_mutex);
        m_limits[person.text()].failed(now);
    }
    void close(const PersonId &person, AttemptLimit::Time now)
    {
        const std::lock_guard lock(m_mutex);
        m_limits[person.text()].close(now);
    }
    void succeeded(const PersonId &person)
    {
        const std::lock_guard lock(m_mutex);
        m_limits[person.text()].succeeded();
    }

private:
    mutable std::mutex m_mutex;
    std::map<std::string, AttemptLimit> m_limits;
};

} // namespace countersign::services
