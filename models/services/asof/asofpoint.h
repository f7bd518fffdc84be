#pragma once

#include "models/base/digest.h"
#include "models/base/time.h"

#include <cstdint>
#include <optional>
#include <string>

namespace countersign::services {

/// A state of the past as somebody asks for it: so many entries, or a moment.
struct AsOfPoint {
    std::optional<std::uint64_t> size; ///< the first so many entries; else
    Instant time{};                    ///< what the ledger said at this moment
    std::string reading;               ///< how a text was understood, where that needs saying: "2026-11-30 is taken as its end …"
};

/// Reads "1234", "2026-12-01T03:00Z", "2026-12-01 03:00:00+01:00" or "2026-11-30". A date alone means the end of that day where this computer is,
/// and today's means now. Invalid: anything else, a time without its zone, a moment that has not come yet.
Result<AsOfPoint> readAsOf(const std::string &text, const Clock &clock);

/// The state of the past that a session shows.
struct AsOf {
    std::uint64_t size = 0;         ///< entries
    Digest root;                    ///< of their tree
    Instant at{};                   ///< the clock stands still here; everything is judged at this moment
    Instant lastEntryAt{};          ///< as the last of them says
    std::uint64_t laterClaims = 0;  ///< entries among them that say a later time than `at`: their signers' clocks were ahead
    std::uint64_t headSize = 0;     ///< entries that the ledger has by now

    /// "As of 2026-12-01T03:00:00.000Z: the first 1234 of 1300 entries, root 9f…". English.
    std::string sentence() const;
};

} // namespace countersign::services
