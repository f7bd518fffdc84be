#pragma once

namespace countersign::store {

/// A sub-query with the state of versions that turned since they were settled, as of the one value bound to it: version, verdict, sentence, worst.
inline constexpr const char *kTurned =
    "(SELECT v.version, v.verdict, v.sentence, v.worst FROM version_turn v JOIN (SELECT version, max(since) AS since FROM version_turn WHERE since <= ? GROUP BY version) l "
    "ON l.version = v.version AND l.since = v.since)";

} // namespace countersign::store
