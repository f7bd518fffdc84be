#pragma once

#include <optional>
#include <vector>

namespace countersign::charts {

/// The parts of an axis that somebody zoomed to, each from the one before; the last is in view, and all of the axis when there is none.
template <typename Part>
class ZoomHistory
{
public:
    std::optional<Part> view() const { return m_parts.empty() ? std::nullopt : std::optional(m_parts.back()); }

    void add(const Part &part)
    {
        m_isWheeling = false;
        m_parts.push_back(part);
    }

    /// A turn of the wheel: turns in a row are one step, so that going back leaves all of them.
    void addTurn(const Part &part)
    {
        if (m_isWheeling && !m_parts.empty())
            m_parts.back() = part;
        else
            m_parts.push_back(part);
        m_isWheeling = true;
    }

    /// False: all of the axis was in view already.
    bool goBack()
    {
        if (m_parts.empty())
            return false;
        m_isWheeling = false;
        m_parts.pop_back();
        return true;
    }

    /// False: all of the axis was in view already.
    bool clear()
    {
        const bool wasZoomed = !m_parts.empty();
        m_isWheeling = false;
        m_parts.clear();
        return wasZoomed;
    }

    /// Forgets parts that the axis does not have any more.
    template <typename IsGone>
    void forget(IsGone isGone)
    {
        std::erase_if(m_parts, isGone);
    }

private:
    std::vector<Part> m_parts;
    bool m_isWheeling = false; ///< the last part was made by the wheel
};

} // namespace countersign::charts
