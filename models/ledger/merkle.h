#pragma once

#include "models/base/digest.h"

#include <cstdint>
#include <span>
#include <vector>

/// RFC 6962 section 2.1: pure functions of hashes; no storage here.
namespace countersign::ledger {

Digest leafHash(BytesView entry);                          ///< SHA-256(0x00 ‖ entry)
Digest nodeHash(const Digest &left, const Digest &right);  ///< SHA-256(0x01 ‖ left ‖ right)

/// The tree as far as appending needs it: at most 64 hashes, whatever its size.
class CompactTree
{
public:
    CompactTree() = default;
    void append(const Digest &leaf);
    std::uint64_t size() const { return m_size; }
    Digest root() const;
    /// Size and hashes as bytes (8 big endian, then 32 each), to be kept beside the log; a cache, never the source of trust.
    Bytes serialized() const;
    static Result<CompactTree> parse(BytesView bytes);

private:
    std::uint64_t m_size = 0;
    std::vector<Digest> m_peaks; // roots of the perfect subtrees, largest first
};

/// The tree with the roots of all its perfect subtrees, two hashes an entry: gives the root of any beginning of the log in log(size) hashes.
class WholeTree
{
public:
    void append(const Digest &leaf);
    std::uint64_t size() const { return m_levels.empty() ? 0 : m_levels.front().size(); }
    /// Of the first `size` leaves. Precondition: size <= size().
    Digest rootAt(std::uint64_t size) const;

private:
    std::vector<std::vector<Digest>> m_levels; // the leaves, then the roots of two leaves each, of four …
};

Digest rootOf(std::span<const Digest> leaves);
/// Path of leaf `index` in the tree of all `leaves`. Precondition: index < leaves.size().
std::vector<Digest> inclusionProof(std::span<const Digest> leaves, std::uint64_t index);
/// Proof that the tree of the first `oldSize` leaves is a prefix. Precondition: 0 < oldSize <= leaves.size().
std::vector<Digest> consistencyProof(std::span<const Digest> leaves, std::uint64_t oldSize);
/// Tampered: the path does not lead from the leaf to the root.
Status verifyInclusion(const Digest &leaf, std::uint64_t index, std::uint64_t size, std::span<const Digest> proof, const Digest &root);
Status verifyConsistency(std::uint64_t oldSize, const Digest &oldRoot, std::uint64_t newSize, const Digest &newRoot,
                         std::span<const Digest> proof);

} // namespace countersign::ledger
