#pragma once

#include <chrono>

namespace countersign::pages {

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
        if (++m_failures == kAttempts) {
            m_failures = 0;
            m_opensAt = now + kPause;
        }
    }
    void succeeded() { m_failures = 0; }
    bool isClosed(Time now) const { return now < m_opensAt; }
    int attemptsLeft() const { return kAttempts - m_failures; }
    Time opensAt() const { return m_opensAt; }

private:
    int m_failures = 0;
    Time m_opensAt{};
};

} // namespace countersign::pages
