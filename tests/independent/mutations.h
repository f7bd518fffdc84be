#pragma once

#include "models/base/bytes.h"

#include <random>

/// What damage, a careless program or a forger with a key may make of a file. Everything by lot, and the same for the
/// same seed.
namespace countersign::ledger {

class Lot
{
public:
    explicit Lot(std::uint64_t seed)
        : m_engine(seed)
    {
    }
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(m_engine() % n); }

private:
    std::mt19937_64 m_engine;
};

/// JSON with one to three edits of its values: members left out, added, renamed, moved; texts, numbers and base64
/// changed; other types.
Bytes editedJson(BytesView json, Lot &lot);
/// A ledger file whose parts were left out, doubled, exchanged or altered, mostly with an end that counts them rightly.
Bytes editedLedgerFile(BytesView file, Lot &lot);
/// Bits and bytes anywhere.
Bytes damaged(BytesView bytes, Lot &lot);
/// A PDF with the bundle attached in one of the ways in which PDFs are written, mostly a proper one.
Bytes pdfWith(BytesView bundle, BytesView facts, Lot &lot);

} // namespace countersign::ledger
