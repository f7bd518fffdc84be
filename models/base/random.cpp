#include "models/base/random.h"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <sys/random.h>

namespace countersign {

std::string Randomness::uuid()
{
    Bytes raw = bytes(16);
    raw[6] = static_cast<char>((raw[6] & 0x0f) | 0x40);
    raw[8] = static_cast<char>((raw[8] & 0x3f) | 0x80);
    const std::string hex = toHex(raw);
    return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' + hex.substr(16, 4) + '-' + hex.substr(20);
}

Bytes SystemRandomness::bytes(std::size_t count)
{
    Bytes result(count, '\0');
    std::size_t done = 0;
    while (done < count) {
        const auto got = getrandom(result.data() + done, count - done, 0);
        if (got < 0)
            std::abort(); // keys made without randomness would be worse than no program
        done += static_cast<std::size_t>(got);
    }
    return result;
}

SeededRandomness::SeededRandomness(std::uint64_t seed)
{
    for (auto &word : m_state) {
        seed += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = seed;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        word = z ^ (z >> 31);
    }
}

std::uint64_t SeededRandomness::next()
{
    const std::uint64_t result = std::rotl(m_state[1] * 5, 7) * 9;
    const std::uint64_t t = m_state[1] << 17;
    m_state[2] ^= m_state[0];
    m_state[3] ^= m_state[1];
    m_state[1] ^= m_state[2];
    m_state[0] ^= m_state[3];
    m_state[2] ^= t;
    m_state[3] = std::rotl(m_state[3], 45);
    return result;
}

Bytes SeededRandomness::bytes(std::size_t count)
{
    Bytes result;
    result.reserve(count);
    while (result.size() < count) {
        std::uint64_t word = next();
        for (int i = 0; i < 8 && result.size() < count; ++i, word >>= 8)
            result.push_back(static_cast<char>(word & 0xff));
    }
    return result;
}

double SeededRandomness::unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

double SeededRandomness::normal()
{
    const double radius = std::sqrt(-2.0 * std::log(1.0 - unit()));
    return radius * std::cos(2.0 * std::numbers::pi * unit());
}

} // namespace countersign
