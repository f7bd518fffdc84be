#pragma once

#include "models/base/bytes.h"

#include <cstdint>

namespace countersign {

/// Where random bytes come from. Tests and the sample portfolio use a seeded one, so that they make the same bytes every time.
class Randomness
{
public:
    virtual ~Randomness() = default;
    virtual Bytes bytes(std::size_t count) = 0;
    /// A version 4 UUID (RFC 9562), lower case, with hyphens.
    std::string uuid();
};

/// The operating system's generator (getrandom). Aborts the process where the system has none.
class SystemRandomness final : public Randomness
{
public:
    Bytes bytes(std::size_t count) override;
};

/// Deterministic (xoshiro256** seeded by splitmix64). Never for keys of real people.
class SeededRandomness final : public Randomness
{
public:
    explicit SeededRandomness(std::uint64_t seed);
    Bytes bytes(std::size_t count) override;
    std::uint64_t next();
    /// Uniform in [0, 1).
    double unit();
    /// Standard normal (Box and Muller 1958).
    double normal();

private:
    std::uint64_t m_state[4];
};

} // namespace countersign
