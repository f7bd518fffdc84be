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
/// A recorded set: what is read is written again as the same bytes, with the same digest of its rows, and differs in nothing from itself.
void computedSet(const std::uint8_t *data, std::size_t size);
/// Kept scores of a recorded set: what is read is written again as the same bytes, drawn, and thresholds are moved over it.
void keptScores(const std::uint8_t *data, std::size_t size);
/// A kept table, as it is and with its digests put right: what is loaded is saved again as the same bytes, and asked what the window asks.
void keptRows(const std::uint8_t *data, std::size_t size);
/// ClickHouse's answer: the same rows in whatever pieces it comes, and a table of all rows that were counted.
void tabSeparated(const std::uint8_t *data, std::size_t size);
/// A pack's file: a tree within the limits or a fault; a pack or faults, each with a sentence; and its document reads as the same pack.
void packFile(const std::uint8_t *data, std::size_t size);

/// A model card or a bill of materials: what is read is written in every format and read again, and nothing in it becomes markup.
void modelCard(const std::uint8_t *data, std::size_t size);

/// JSON from anywhere: within the limits, UTF-8 throughout, and its canonical form reads as itself.
void strictJson(const std::uint8_t *data, std::size_t size);
/// The restricted form: what is read is what would be written, to the byte; any text becomes clean and comes back.
void canonicalForm(const std::uint8_t *data, std::size_t size);
/// An entry, or a bare event: what is read is written again as the same bytes.
void ledgerEntry(const std::uint8_t *data, std::size_t size);
/// A checkpoint with its signatures, or a verifier key: one spelling, and nothing verified that cannot be read.
void checkpointNote(const std::uint8_t *data, std::size_t size);
/// Proofs in a known tree: of all paths only the tree's own lead to its root.
void treeProof(const std::uint8_t *data, std::size_t size);
/// A wrapped signing key: refused or read without work that it asks for.
void keyFile(const std::uint8_t *data, std::size_t size);
/// A proof bundle: one spelling, a verdict for every entry, and what passes stands in the checkpoint's tree.
void proofBundle(const std::uint8_t *data, std::size_t size);
/// A whole ledger: the same report in whatever pieces it comes.
void ledgerFile(const std::uint8_t *data, std::size_t size);
/// A PDF: an attachment is found, or a sentence says why not.
void pdfAttachment(const std::uint8_t *data, std::size_t size);

} // namespace fuzz
