#pragma once

#include <cstddef>
#include <cstdint>

/// What a fuzzer throws bytes at. Every target returns; a broken promise of the code under test ends the process.
/// `packaging/fuzz` builds them with clang's libFuzzer and searches; tst_fuzz replays the corpus and seeded mutations of it with the
/// ordinary build.
namespace fuzz {

/// A prediction log, from its first byte to its rows: told apart, guessed, read by one thread, by two, and as a stream, which must agree.
void logReader(const std::uint8_t *data, std::size_t size);
/// A mapping file: what is read is written and read again as the same; and it is laid over a log that it may not fit.
void mapping(const std::uint8_t *data, std::size_t size);

} // namespace fuzz
