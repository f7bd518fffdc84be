#include "models/ledger/merkle.h"

#include "models/crypto/sha256.h"
#include "models/ledger/bigendian.h"

#include <array>
#include <bit>
#include <cstring>
#include <optional>

namespace countersign::ledger {

namespace {

Error broken(const char *what) { return {ErrorKind::Tampered, what, {}}; }

/// The largest power of two below `size`. Precondition: size > 1.
std::uint64_t splitOf(std::uint64_t size) { return std::bit_floor(size - 1); }

void appendInclusion(std::vector<Digest> &path, std::span<const Digest> leaves, std::uint64_t index)
{
    if (leaves.size() < 2)
        return;
    const std::uint64_t split = splitOf(leaves.size());
    const auto left = leaves.first(split);
    const auto right = leaves.subspan(split);
    appendInclusion(path, index < split ? left : right, index < split ? index : index - split);
    path.push_back(rootOf(index < split ? right : left));
}

/// SUBPROOF of RFC 6962: `isWhole` while the old tree is the whole of these leaves' old part.
void appendConsistency(std::vector<Digest> &proof, std::span<const Digest> leaves, std::uint64_t oldSize, bool isWhole)
{
    if (oldSize == leaves.size()) {
        if (!isWhole)
            proof.push_back(rootOf(leaves));
        return;
    }
    const std::uint64_t split = splitOf(leaves.size());
    const auto left = leaves.first(split);
    const auto right = leaves.subspan(split);
    if (oldSize <= split) {
        appendConsistency(proof, left, oldSize, isWhole);
        proof.push_back(rootOf(right));
    } else {
        appendConsistency(proof, right, oldSize - split, false);
        proof.push_back(rootOf(left));
    }
}

} // namespace

Digest leafHash(BytesView entry)
{
    thread_local crypto::Sha256 hash;
    return hash.add(BytesView("\0", 1)).add(entry).finish();
}

Digest nodeHash(const Digest &left, const Digest &right)
{
    std::array<char, 65> message;
    message[0] = 1;
    std::memcpy(message.data() + 1, left.bytes.data(), 32);
    std::memcpy(message.data() + 33, right.bytes.data(), 32);
    return crypto::sha256({message.data(), message.size()});
}

void CompactTree::append(const Digest &leaf)
{
    m_peaks.push_back(leaf);
    for (std::uint64_t full = m_size; full & 1; full >>= 1) {
        const Digest right = m_peaks.back();
        m_peaks.pop_back();
        m_peaks.back() = nodeHash(m_peaks.back(), right);
    }
    ++m_size;
}

Digest CompactTree::root() const
{
    if (m_peaks.empty())
        return crypto::sha256({});
    Digest root = m_peaks.back();
    for (std::size_t i = m_peaks.size() - 1; i-- > 0;)
        root = nodeHash(m_peaks[i], root);
    return root;
}

Bytes CompactTree::serialized() const
{
    Bytes bytes = bigEndian(m_size, 8);
    for (const Digest &peak : m_peaks)
        bytes += peak.view();
    return bytes;
}

Result<CompactTree> CompactTree::parse(BytesView bytes)
{
    const Error bad{ErrorKind::Invalid, "Not a stored tree: its size and its number of hashes do not fit together.", {}};
    if (bytes.size() < 8)
        return bad;
    CompactTree tree;
    tree.m_size = fromBigEndian(bytes.substr(0, 8));
    bytes.remove_prefix(8);
    if (bytes.size() != static_cast<std::size_t>(std::popcount(tree.m_size)) * 32)
        return bad;
    for (; !bytes.empty(); bytes.remove_prefix(32))
        tree.m_peaks.push_back(*Digest::fromBytes(bytes.substr(0, 32)));
    return tree;
}

void WholeTree::append(const Digest &leaf)
{
    Digest node = leaf;
    for (std::size_t level = 0;; ++level) {
        if (m_levels.size() == level)
            m_levels.emplace_back();
        auto &nodes = m_levels[level];
        nodes.push_back(node);
        if (nodes.size() % 2 != 0)
            return;
        node = nodeHash(nodes[nodes.size() - 2], nodes.back());
    }
}

Digest WholeTree::rootAt(std::uint64_t size) const
{
    std::optional<Digest> root;
    for (std::size_t level = 0; size >> level != 0; ++level) {
        if ((size >> level & 1) == 0)
            continue;
        const Digest &peak = m_levels[level][(size >> level) - 1];
        root = root ? nodeHash(peak, *root) : peak;
    }
    return root ? *root : CompactTree().root();
}

Digest rootOf(std::span<const Digest> leaves)
{
    CompactTree tree;
    for (const Digest &leaf : leaves)
        tree.append(leaf);
    return tree.root();
}

std::vector<Digest> inclusionProof(std::span<const Digest> leaves, std::uint64_t index)
{
    std::vector<Digest> path;
    appendInclusion(path, leaves, index);
    return path;
}

std::vector<Digest> consistencyProof(std::span<const Digest> leaves, std::uint64_t oldSize)
{
    std::vector<Digest> proof;
    appendConsistency(proof, leaves, oldSize, true);
    return proof;
}

// Both verifiers follow RFC 9162, sections 2.1.3.2 and 2.1.4.2, step by step: `node` is the position at the current level on the way
// up, `last` the position of the level's last node.

Status verifyInclusion(const Digest &leaf, std::uint64_t index, std::uint64_t size, std::span<const Digest> proof, const Digest &root)
{
    if (index >= size)
        return broken("The entry's number lies outside the tree.");
    std::uint64_t node = index;
    std::uint64_t last = size - 1;
    Digest hash = leaf;
    for (const Digest &sibling : proof) {
        if (last == 0)
            return broken("The inclusion proof is too long.");
        if ((node & 1) || node == last) {
            hash = nodeHash(sibling, hash);
            while (!(node & 1) && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = nodeHash(hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if (last != 0)
        return broken("The inclusion proof is too short.");
    if (hash != root)
        return broken("The inclusion proof does not lead from the entry to the root.");
    return {};
}

Status verifyConsistency(std::uint64_t oldSize, const Digest &oldRoot, std::uint64_t newSize, const Digest &newRoot, std::span<const Digest> proof)
{
    if (oldSize == 0 || oldSize > newSize)
        return broken("The older tree must have entries, and no more than the newer one.");
    if (oldSize == newSize) {
        if (!proof.empty())
            return broken("Trees of one size need no proof.");
        return oldRoot == newRoot ? Status() : broken("Two trees of one size have different roots.");
    }
    const bool isPerfect = std::has_single_bit(oldSize); // then the old root itself is the first hash
    if (proof.empty())
        return broken("The consistency proof is empty.");
    std::uint64_t node = oldSize - 1;
    std::uint64_t last = newSize - 1;
    while (node & 1) {
        node >>= 1;
        last >>= 1;
    }
    Digest oldHash = isPerfect ? oldRoot : proof.front();
    Digest newHash = oldHash;
    for (const Digest &sibling : isPerfect ? proof : proof.subspan(1)) {
        if (last == 0)
            return broken("The consistency proof is too long.");
        if ((node & 1) || node == last) {
            oldHash = nodeHash(sibling, oldHash);
            newHash = nodeHash(sibling, newHash);
            while (!(node & 1) && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            newHash = nodeHash(newHash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if (last != 0)
        return broken("The consistency proof is too short.");
    if (oldHash != oldRoot || newHash != newRoot)
        return broken("The newer tree does not contain the older one as it was.");
    return {};
}

} // namespace countersign::ledger
