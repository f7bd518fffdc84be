#include "models/ledger/ledgerfile.h"

#include "models/crypto/sha256.h"
#include "models/ledger/bigendian.h"
#include "models/ledger/judge.h"

#include <algorithm>
#include <array>
#include <set>

namespace countersign::ledger {

namespace {

constexpr char kEvidence = 'V';
constexpr char kEntry = 'E';
constexpr char kCheckpoint = 'C';
constexpr char kEnd = 'Z';
constexpr std::string_view kOrder = "VECZ";
constexpr std::uint64_t kLargestEvidence = std::uint64_t{1} << 32;
constexpr std::uint64_t kLargestEntry = 262'800;
constexpr std::uint64_t kLargestNote = 65'536;
constexpr std::size_t kAtOnce = 1U << 20; // bytes asked for together: what a length claims is allocated as it arrives
constexpr std::size_t kEntriesAtOnce = 2048;

Error malformed(const std::string &what)
{
    return {ErrorKind::Invalid, "This is no whole ledger file: " + what + ".", {}};
}
Error misplaced()
{
    return {ErrorKind::Conflict, "The parts of a ledger file are written in its order.", {}};
}

std::uint64_t largest(char part)
{
    switch (part) {
    case kEvidence:
        return kLargestEvidence;
    case kEntry:
        return kLargestEntry;
    case kCheckpoint:
        return kLargestNote;
    default:
        return 24;
    }
}

} // namespace

Status LedgerFileWriter::begin(char part)
{
    if (m_part == kEnd || kOrder.find(part) < (m_part == 0 ? 0 : kOrder.find(m_part)))
        return misplaced();
    const Status status = m_part == 0 ? m_sink(kLedgerFileBeginning) : Status();
    m_part = part;
    return status;
}

Status LedgerFileWriter::write(char part, BytesView head, BytesView bytes)
{
    if (const Status status = begin(part); !status)
        return status;
    if (const Status status = m_sink(Bytes(1, part) + bigEndian(head.size() + bytes.size(), 8) + Bytes(head)); !status)
        return status;
    return m_sink(bytes);
}

Status LedgerFileWriter::addEvidence(const Digest &digest, std::string_view media, BytesView bytes)
{
    if (m_digest && !(*m_digest < digest))
        return misplaced();
    m_digest = digest;
    ++m_evidence;
    return write(kEvidence, bigEndian(media.size(), 2) + Bytes(media), bytes);
}

Status LedgerFileWriter::addEntry(BytesView entry)
{
    ++m_entries;
    return write(kEntry, {}, entry);
}

Status LedgerFileWriter::addCheckpoint(std::uint64_t size, std::string_view note)
{
    if (m_size && size <= *m_size)
        return misplaced();
    m_size = size;
    ++m_checkpoints;
    return write(kCheckpoint, {}, note);
}

Status LedgerFileWriter::finish()
{
    return write(kEnd, bigEndian(m_evidence, 8) + bigEndian(m_entries, 8) + bigEndian(m_checkpoints, 8), {});
}

Result<Bytes> LedgerFileReader::take(std::uint64_t size)
{
    Bytes bytes;
    while (bytes.size() < size) {
        auto more = m_source(static_cast<std::size_t>(std::min<std::uint64_t>(kAtOnce, size - bytes.size())));
        if (!more)
            return more.error();
        if (more->empty())
            return malformed("it is cut off");
        bytes += *more;
    }
    return bytes;
}

Result<LedgerFilePart> LedgerFileReader::next()
{
    if (m_part == 0) {
        const auto beginning = take(kLedgerFileBeginning.size());
        if (!beginning)
            return beginning.error();
        if (*beginning != kLedgerFileBeginning)
            return malformed("it does not begin like one");
        m_part = kEvidence;
    }
    if (m_part == kEnd)
        return LedgerFilePart{};
    const auto head = take(9);
    if (!head)
        return head.error();
    const char part = head->front();
    const std::uint64_t size = fromBigEndian(BytesView(*head).substr(1));
    if (kOrder.find(part) == std::string_view::npos || kOrder.find(part) < kOrder.find(m_part))
        return malformed("a part is unknown, or stands out of order");
    if (size > largest(part))
        return malformed("a part is longer than it may be");
    auto bytes = take(size);
    if (!bytes)
        return bytes.error();
    m_part = part;
    return readPart(part, std::move(*bytes));
}

Result<LedgerFilePart> LedgerFileReader::readPart(char part, Bytes bytes)
{
    LedgerFilePart read;
    if (part == kEnd) {
        if (bytes != bigEndian(m_counts[0], 8) + bigEndian(m_counts[1], 8) + bigEndian(m_counts[2], 8))
            return malformed("its end names other numbers of parts than it has");
        if (const Status status = mustEnd(); !status)
            return status.error();
        return read;
    }
    ++m_counts[kOrder.find(part)];
    if (part == kEvidence) {
        const std::uint64_t media = bytes.size() < 2 ? 0 : fromBigEndian(BytesView(bytes).substr(0, 2));
        if (bytes.size() < 2 || media > bytes.size() - 2)
            return malformed("a piece of evidence has no media type");
        read.kind = LedgerFilePart::Kind::Evidence;
        read.media = bytes.substr(2, media);
        bytes.erase(0, 2 + media);
        read.digest = crypto::sha256(bytes);
        if (m_digest && !(*m_digest < read.digest))
            return malformed("evidence stands out of order");
        m_digest = read.digest;
    } else {
        read.kind = part == kEntry ? LedgerFilePart::Kind::Entry : LedgerFilePart::Kind::Checkpoint;
    }
    read.bytes = std::move(bytes);
    return read;
}

Status LedgerFileReader::mustEnd()
{
    const auto more = m_source(1);
    if (!more)
        return more.error();
    return more->empty() ? Status() : Status(malformed("something follows its end"));
}

namespace {

class FileJudge
{
public:
    FileJudge(LedgerFileReader &reader, std::span<const std::string> kept, const std::optional<NoteKey> &believed)
        : m_reader(reader)
        , m_kept(kept)
        , m_believed(believed)
    {
        m_verifier.checkEvidence([this](const Digest &digest) { return m_evidence.contains(digest); });
    }

    ProofReport judge()
    {
        for (;;) {
            auto part = m_reader.next();
            if (!part) {
                blame(part.error().message);
                break;
            }
            if (part->kind == LedgerFilePart::Kind::End)
                break;
            take(std::move(*part));
        }
        feed();
        m_verifier.finish(m_accept);
        m_report.head = m_verifier.head();
        m_report.ledger = m_verifier.ledger();
        if (m_report.head.size == 0)
            blame("The file has no entries.");
        mergeDisputes();
        m_report.worst = std::min(m_report.worst, m_verifier.worst());
        tell();
        judgeCheckpoints();
        return std::move(m_report);
    }

private:
    void blame(std::string sentence)
    {
        m_report.problems.push_back(std::move(sentence));
        m_report.worst = EntryState::Invalid;
    }

    void take(LedgerFilePart part)
    {
        switch (part.kind) {
        case LedgerFilePart::Kind::Evidence:
            m_evidence.insert(part.digest);
            return;
        case LedgerFilePart::Kind::Entry:
            m_waiting.push_back(std::move(part.bytes));
            if (m_waiting.size() >= kEntriesAtOnce)
                feed();
            return;
        default:
            m_checkpoints.push_back(std::move(part.bytes));
        }
    }

    void feed()
    {
        const std::uint64_t first = m_fed;
        m_fed += m_waiting.size();
        m_verifier.feed(first, std::exchange(m_waiting, {}), m_accept);
    }

    /// A revocation disputes entries that were accepted before it.
    void mergeDisputes()
    {
        std::ranges::sort(m_report.verdicts, {}, &EntryVerdict::seq);
        for (const EntryVerdict &problem : m_verifier.problems()) {
            const auto place = std::ranges::lower_bound(m_report.verdicts, problem.seq, {}, &EntryVerdict::seq);
            if (place != m_report.verdicts.end() && place->seq == problem.seq)
                *place = problem;
            else
                m_report.verdicts.insert(place, problem); // one that could not even be read
        }
    }

    void tell()
    {
        std::array<std::uint64_t, static_cast<std::size_t>(EntryState::Valid) + 1> counts{};
        for (const EntryVerdict &verdict : m_report.verdicts) {
            ++counts[static_cast<std::size_t>(verdict.state)];
            if (verdict.state != EntryState::Valid)
                m_report.problems.push_back("Entry " + std::to_string(verdict.seq) + ": " + verdict.reason);
        }
        m_report.facts.push_back(std::to_string(counts.back()) + " of " + std::to_string(m_report.verdicts.size()) +
                                 " entries are valid; " + std::to_string(m_verifier.signaturesChecked()) +
                                 " signatures were checked, and " + std::to_string(m_evidence.size()) +
                                 " pieces of evidence.");
        m_report.facts.push_back("The root of the " + std::to_string(m_report.head.size) + " entries is " +
                                 m_report.head.root.hex() + ".");
    }

    void judgeCheckpoints()
    {
        std::size_t good = 0;
        std::uint64_t last = 0;
        for (const std::string &note : m_checkpoints) {
            const auto head = judgeCheckpoint(note, "A checkpoint in the file");
            if (head && good != 0 && head->size <= last)
                blame("The checkpoints in the file are out of order.");
            last = head ? head->size : last;
            good += head.has_value();
        }
        if (m_believed && m_checkpoints.empty() && m_kept.empty())
            blame("The file has no checkpoint, so nothing in it is signed by the key that was given.");
        if (good != 0)
            m_report.facts.push_back(std::to_string(good) +
                                     (good == 1 ? " checkpoint in the file is" : " checkpoints in the file are") +
                                     " signed by keys of the ledger and fit its entries.");
        for (const std::string &note : m_kept)
            if (const auto head = judgeCheckpoint(note, "The checkpoint that was kept")) {
                m_report.continues = head;
                m_report.facts.push_back("The checkpoint that was kept, of " + std::to_string(head->size) +
                                         " entries, is the beginning of this ledger.");
            }
    }

    /// The state that a checkpoint shows, where it is one of this ledger.
    std::optional<TreeHead> judgeCheckpoint(std::string_view note, const std::string &which)
    {
        const auto claimed = readCheckpointUnverified(note);
        if (!claimed) {
            blame(which + ": " + claimed.error().message);
            return {};
        }
        const std::string size = std::to_string(claimed->head.size);
        if (claimed->origin != checkpointOrigin(m_report.ledger))
            blame(which + " belongs to another ledger.");
        else if (!checkpointSigner(m_verifier.keys(), note, claimed->head.size))
            blame(which + " is not signed by a key that the ledger enrolled.");
        else if (const auto cosigners = cosignersOf(m_verifier.keys(), m_report.ledger, note, claimed->head.size);
                 !cosigners)
            blame(which + ": " + cosigners.error().message);
        else if (m_believed && (claimed->origin != m_believed->first || !verifyCheckpoint(note, m_believed->second)))
            blame(which + " is not signed by the key that was given.");
        else if (claimed->head.size > m_report.head.size)
            blame(which + " is of " + size + " entries; the file has only " + std::to_string(m_report.head.size) +
                  ". Its end is missing.");
        else if (m_verifier.rootAt(claimed->head.size) != claimed->head.root)
            blame("The first " + size + " entries are not those of " +
                  (which.starts_with("A ") ? "a checkpoint in the file" : "the checkpoint that was kept") +
                  ": one of the two shows another history.");
        else
            return claimed->head;
        return {};
    }

    LedgerFileReader &m_reader;
    std::span<const std::string> m_kept;
    const std::optional<NoteKey> &m_believed;
    ProofReport m_report;
    Verifier m_verifier;
    Verifier::Accept m_accept = [this](VerifiedEntry &&, const EntryVerdict &verdict) {
        m_report.verdicts.push_back(verdict);
    };
    std::set<Digest> m_evidence;
    std::vector<Bytes> m_waiting;
    std::vector<std::string> m_checkpoints;
    std::uint64_t m_fed = 0;
};

} // namespace

ProofReport verifyLedgerFile(LedgerFileReader &reader, std::span<const std::string> kept,
                             const std::optional<NoteKey> &believed)
{
    return FileJudge(reader, kept, believed).judge();
}

} // namespace countersign::ledger
