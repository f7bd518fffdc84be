#include "models/scoretables/tablefile.h"

#include "models/base/parallel.h"
#include "models/crypto/sha256.h"
#include "models/predictions/reader.h"
#include "models/scoretables/build/leafkeys.h"

#include <bit>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace countersign::scoretables {

namespace {

namespace fs = std::filesystem;

// A file is: magic, size of the head, head, digest of all that; the arrays one after the other; a digest of every kBlock bytes of them.
constexpr std::string_view kMagic = "countersign-table-1\n";
constexpr std::string_view kAnyMagic = "countersign-table-";
constexpr std::uint32_t kByteOrder = 0x01020304;
constexpr std::size_t kBlock = 4U << 20;
constexpr std::size_t kDigest = 32;
constexpr std::uint64_t kMostHead = 512U << 20;
constexpr std::uint64_t kMostRows = std::uint64_t(1) << 40; ///< of a leaf that are left out; sums of them never run over
constexpr std::string_view kUnfinished = ".part";

enum Flag : std::uint32_t { kHasScores = 1, kHasLabels = 2, kHasPredictions = 4, kHasWeights = 8 };

std::string_view unitWord(WindowUnit unit)
{
    constexpr std::array<std::string_view, 6> words{"none", "hour", "day", "week", "month", "quarter"};
    return words[static_cast<std::size_t>(unit)];
}

Error damaged(const fs::path &path) { return {ErrorKind::Tampered, "The kept table is damaged and will not be used; read the log again.", path.string()}; }

/// An open file, closed at the end.
class File
{
public:
    explicit File(int descriptor) : m_descriptor(descriptor) {}
    ~File()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    File(const File &) = delete;
    File &operator=(const File &) = delete;
    bool isOpen() const { return m_descriptor >= 0; }
    int descriptor() const { return m_descriptor; }

    bool read(void *to, std::size_t size, std::uint64_t at) const
    {
        auto *place = static_cast<char *>(to);
        while (size > 0) {
            const ssize_t got = ::pread(m_descriptor, place, size, static_cast<off_t>(at));
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                return false;
            place += got;
            size -= static_cast<std::size_t>(got);
            at += static_cast<std::uint64_t>(got);
        }
        return true;
    }
    bool write(BytesView bytes) const
    {
        while (!bytes.empty()) {
            const ssize_t put = ::write(m_descriptor, bytes.data(), bytes.size());
            if (put < 0 && errno == EINTR)
                continue;
            if (put <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(put));
        }
        return true;
    }

private:
    int m_descriptor;
};

// ---- the head: everything but the arrays

class HeadWriter
{
public:
    template<class Number>
    void number(Number value)
    {
        m_bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
    }
    void text(const std::string &text)
    {
        number<std::uint64_t>(text.size());
        m_bytes += text;
    }
    Bytes take() { return std::move(m_bytes); }

private:
    Bytes m_bytes;
};

class HeadReader
{
public:
    explicit HeadReader(BytesView bytes) : m_rest(bytes) {}
    template<class Number>
    Number number()
    {
        Number value{};
        if (m_rest.size() < sizeof value) {
            m_isOk = false;
            return value;
        }
        std::memcpy(&value, m_rest.data(), sizeof value);
        m_rest.remove_prefix(sizeof value);
        return value;
    }
    /// A number of things that take at least `each` bytes.
    std::size_t count(std::size_t each)
    {
        const auto value = number<std::uint64_t>();
        if (value > m_rest.size() / each)
            m_isOk = false;
        return m_isOk ? static_cast<std::size_t>(value) : 0;
    }
    std::string text()
    {
        const std::size_t size = count(1);
        std::string text(m_rest.substr(0, size));
        m_rest.remove_prefix(size);
        return text;
    }
    bool isDone() const { return m_isOk && m_rest.empty(); }
    bool ok() const { return m_isOk; }

private:
    BytesView m_rest;
    bool m_isOk = true;
};

Bytes headOf(const Table &table)
{
    HeadWriter writer;
    writer.number(kByteOrder);
    writer.number<std::uint32_t>((table.hasScores() ? kHasScores : 0U) | (table.hasLabels() ? kHasLabels : 0U)
                                 | (table.hasPredictions() ? kHasPredictions : 0U) | (table.weights().empty() ? 0U : kHasWeights));
    writer.number<std::uint64_t>(table.size());
    writer.number(static_cast<std::uint8_t>(table.unit()));
    writer.number<std::uint64_t>(table.attributes().size());
    for (const Attribute &attribute : table.attributes()) {
        writer.text(attribute.name);
        writer.number<std::uint64_t>(attribute.values.size());
        for (const auto &value : attribute.values)
            writer.text(value);
    }
    writer.number<std::uint64_t>(table.leaves().size());
    for (std::size_t leaf = 0; leaf < table.leaves().size(); ++leaf) {
        writer.number(table.leaves()[leaf].unit);
        writer.number<std::uint8_t>(table.leaves()[leaf].hasTime ? 1 : 0);
        for (const std::uint32_t code : table.leaves()[leaf].codes)
            writer.number(code);
        const LeftOut &left = table.sums()[leaf].leftOut;
        for (const std::uint64_t rows : {left.noLabel, left.noScore, left.notFinite, left.noPrediction, left.noWeight})
            writer.number(rows);
    }
    return writer.take();
}

/// False: an attribute has no value at all.
bool readAttributes(HeadReader &reader, TableParts &parts)
{
    const std::size_t count = reader.count(16);
    for (std::size_t a = 0; a < count && reader.ok(); ++a) {
        Attribute &attribute = parts.attributes.emplace_back();
        attribute.name = reader.text();
        const std::size_t values = reader.count(8);
        for (std::size_t v = 0; v < values && reader.ok(); ++v)
            attribute.values.push_back(reader.text());
        if (attribute.values.empty())
            return false; // the missing one is always there
    }
    return true;
}

/// Whether there can be such a unit: logs have times up to the year 9999, and as far before 1970 as that is behind it.
bool isUnit(WindowUnit unit, std::int64_t number)
{
    constexpr std::int64_t kMostDays = 2'932'897;
    if (unit == WindowUnit::None)
        return number == 0;
    if (unit == WindowUnit::Hour)
        return std::abs(number / 24) <= kMostDays;
    return number >= unitOfDay(unit, -kMostDays) && number <= unitOfDay(unit, kMostDays);
}

/// False: no table has such leaves. One has a value that no attribute has, a time that there is not, or is not in its place.
bool readLeaves(HeadReader &reader, TableParts &parts)
{
    const std::size_t count = reader.count(49 + 4 * parts.attributes.size());
    if (count > kMaxLeaves)
        return false;
    for (std::size_t l = 0; l < count && reader.ok(); ++l) {
        Leaf leaf;
        leaf.unit = reader.number<std::int64_t>();
        const auto hasTime = reader.number<std::uint8_t>();
        leaf.hasTime = hasTime != 0;
        if (hasTime > 1 || !isUnit(leaf.hasTime ? parts.unit : WindowUnit::None, leaf.unit) || (parts.unit == WindowUnit::None && !leaf.hasTime))
            return false;
        for (const Attribute &attribute : parts.attributes) {
            leaf.codes.push_back(reader.number<std::uint32_t>());
            if (leaf.codes.back() >= attribute.values.size())
                return false;
        }
        LeftOut left;
        for (std::uint64_t *rows : {&left.noLabel, &left.noScore, &left.notFinite, &left.noPrediction, &left.noWeight}) {
            *rows = reader.number<std::uint64_t>();
            if (*rows > kMostRows)
                return false;
        }
        if (!parts.leaves.empty() && !LeafOrder()(parts.leaves.back(), leaf))
            return false;
        parts.leaves.push_back(std::move(leaf));
        parts.leftOut.push_back(left);
    }
    return true;
}

/// Parts without the arrays, and how long those are.
struct Head {
    TableParts parts;
    std::uint64_t entries = 0;
    bool hasWeights = false;
    bool isOtherOrder = false;
};

std::optional<Head> readHead(BytesView bytes)
{
    HeadReader reader(bytes);
    Head head;
    head.isOtherOrder = reader.number<std::uint32_t>() != kByteOrder;
    if (head.isOtherOrder)
        return head;
    const auto flags = reader.number<std::uint32_t>();
    if ((flags & ~(kHasScores | kHasLabels | kHasPredictions | kHasWeights)) != 0)
        return std::nullopt; // nothing that this program writes
    head.parts.hasScores = flags & kHasScores;
    head.parts.hasLabels = flags & kHasLabels;
    head.parts.hasPredictions = flags & kHasPredictions;
    head.hasWeights = flags & kHasWeights;
    head.entries = reader.number<std::uint64_t>();
    if (head.hasWeights && head.entries == 0)
        return std::nullopt; // there are none to have
    const auto unit = reader.number<std::uint8_t>();
    if (unit > static_cast<std::uint8_t>(WindowUnit::Quarter))
        return std::nullopt;
    head.parts.unit = static_cast<WindowUnit>(unit);
    if (!readAttributes(reader, head.parts) || !readLeaves(reader, head.parts) || !reader.isDone())
        return std::nullopt;
    return head;
}

// ---- the arrays

/// One array of the table as bytes.
struct Span {
    char *data;
    std::size_t size;
};

std::size_t blocksOf(std::uint64_t bytes) { return static_cast<std::size_t>((bytes + kBlock - 1) / kBlock); }

/// Arrays are read block by block so that both cores read and check; a block belongs to one array only.
struct Block {
    Span bytes;
    std::uint64_t at = 0; ///< in the file
};

std::vector<Block> blocksFor(std::span<const Span> arrays, std::uint64_t at)
{
    std::vector<Block> blocks;
    for (const Span &array : arrays)
        for (std::size_t begin = 0; begin < array.size; begin += kBlock) {
            const std::size_t size = std::min(kBlock, array.size - begin);
            blocks.push_back({{array.data + begin, size}, at});
            at += size;
        }
    return blocks;
}

/// What no checksum says: that numbers can be used as they are, and stand in their order.
bool isUsable(const TableParts &parts)
{
    const std::size_t entries = parts.scores.size();
    const auto isInOrder = [&parts](std::size_t i) { // this entry and the next
        if (parts.scores[i] != parts.scores[i + 1])
            return parts.scores[i] > parts.scores[i + 1];
        if (parts.codes[i] != parts.codes[i + 1])
            return parts.codes[i] < parts.codes[i + 1];
        return parts.weights.empty() || parts.weights[i] <= parts.weights[i + 1];
    };
    for (std::size_t i = 0; i + 1 < entries; ++i)
        if (!isInOrder(i))
            return false;
    if (!parts.hasScores && std::ranges::any_of(parts.scores, [](double score) { return score != 0; }))
        return false;
    const auto leaves = static_cast<std::uint32_t>(parts.leaves.size());
    const auto isLeaf = [leaves](std::uint32_t code) { return leafOf(code) < leaves; };
    const auto isFinite = [](double number) { return std::isfinite(number); };
    const auto isWeight = [](double weight) { return std::isfinite(weight) && weight > 0; };
    return std::ranges::all_of(parts.codes, isLeaf) && std::ranges::all_of(parts.scores, isFinite) && std::ranges::all_of(parts.weights, isWeight);
}

/// Reads the arrays into `parts`. False: bytes are missing or differ.
bool readArrays(const File &file, std::uint64_t at, const Head &head, TableParts &parts, unsigned threads, const Progress &progress)
{
    const auto entries = static_cast<std::size_t>(head.entries);
    parts.scores.resize(entries);
    parts.codes.resize(entries);
    if (head.hasWeights)
        parts.weights.resize(entries);
    const std::array arrays{Span{reinterpret_cast<char *>(parts.scores.data()), entries * sizeof(double)},
                            Span{reinterpret_cast<char *>(parts.codes.data()), entries * sizeof(std::uint32_t)},
                            Span{reinterpret_cast<char *>(parts.weights.data()), parts.weights.size() * sizeof(double)}};
    const std::vector<Block> blocks = blocksFor(arrays, at);
    const std::uint64_t digestsAt = blocks.empty() ? at : blocks.back().at + blocks.back().bytes.size;
    Bytes digests(blocks.size() * kDigest, '\0');
    if (!file.read(digests.data(), digests.size(), digestsAt))
        return false;
    std::atomic<bool> isWhole = true;
    forEachTask(blocks.size(), threads, [&](std::size_t i, unsigned) {
        if (!isWhole || progress.isCancelled())
            return;
        const Block &block = blocks[i];
        if (!file.read(block.bytes.data, block.bytes.size, block.at)
            || crypto::sha256({block.bytes.data, block.bytes.size}).view() != BytesView(digests).substr(i * kDigest, kDigest))
            isWhole = false;
    });
    return isWhole;
}

/// Bytes that the file has to have.
std::uint64_t wholeSize(std::uint64_t arraysAt, const Head &head)
{
    const std::uint64_t wide = head.entries * sizeof(double);
    const std::uint64_t narrow = head.entries * sizeof(std::uint32_t);
    const std::size_t blocks = blocksOf(wide) * (head.hasWeights ? 2 : 1) + blocksOf(narrow);
    return arraysAt + wide * (head.hasWeights ? 2 : 1) + narrow + blocks * kDigest;
}

Result<Table> readTable(const File &file, const fs::path &path, std::uint64_t size, unsigned threads, const Progress &progress)
{
    Bytes start(kMagic.size() + sizeof(std::uint64_t), '\0');
    if (size < start.size() || !file.read(start.data(), start.size(), 0))
        return damaged(path);
    if (!start.starts_with(kMagic))
        return start.starts_with(kAnyMagic) ? Error{ErrorKind::Unsupported, "The table was kept by another version of the program.", path.string()}
                                            : damaged(path);
    std::uint64_t headSize = 0;
    std::memcpy(&headSize, start.data() + kMagic.size(), sizeof headSize);
    if (headSize > kMostHead || size - start.size() < headSize || size - start.size() - headSize < kDigest)
        return damaged(path);
    Bytes head(static_cast<std::size_t>(headSize) + kDigest, '\0');
    if (!file.read(head.data(), head.size(), start.size()))
        return damaged(path);
    const BytesView headBytes = BytesView(head).substr(0, static_cast<std::size_t>(headSize));
    if (crypto::Sha256().add(start).add(headBytes).finish().view() != BytesView(head).substr(static_cast<std::size_t>(headSize)))
        return damaged(path);
    auto read = readHead(headBytes);
    if (read && read->isOtherOrder)
        return Error{ErrorKind::Unsupported, "The table was kept by another kind of computer.", path.string()};
    const std::uint64_t arraysAt = start.size() + head.size();
    if (!read || read->entries > size / sizeof(double) || wholeSize(arraysAt, *read) != size)
        return damaged(path);
    const bool isWhole = readArrays(file, arraysAt, *read, read->parts, threads, progress);
    if (progress.isCancelled())
        return Error{ErrorKind::Cancelled, "Reading the table was stopped.", {}};
    if (!isWhole || !isUsable(read->parts))
        return damaged(path);
    return Table(std::move(read->parts), threads);
}

Status writeTable(const File &file, const Table &table, const Progress &progress)
{
    const Error full{ErrorKind::Io, "The table cannot be written; the disk may be full.", {}};
    const Bytes head = headOf(table);
    Bytes start(kMagic);
    const std::uint64_t headSize = head.size();
    start.append(reinterpret_cast<const char *>(&headSize), sizeof headSize);
    const Digest headDigest = crypto::Sha256().add(start).add(head).finish();
    if (!file.write(start) || !file.write(head) || !file.write(headDigest.view()))
        return full;
    const auto bytesOf = [](const auto &array) {
        return BytesView(reinterpret_cast<const char *>(array.data()), array.size_bytes());
    };
    Bytes digests;
    for (BytesView bytes : {bytesOf(table.scores()), bytesOf(table.codes()), bytesOf(table.weights())})
        for (; !bytes.empty(); bytes.remove_prefix(std::min(kBlock, bytes.size()))) {
            if (progress.isCancelled())
                return Error{ErrorKind::Cancelled, "Keeping the table was stopped.", {}};
            const BytesView block = bytes.substr(0, kBlock);
            digests += crypto::sha256(block).view();
            if (!file.write(block))
                return full;
        }
    return file.write(digests) ? Status() : full;
}

} // namespace

TableKey TableKey::of(const Digest &log, const predictions::Mapping &mapping, WindowUnit unit)
{
    return {log, crypto::sha256(predictions::writeMapping(mapping)), unit};
}

std::string TableKey::fileName() const { return log.hex() + "-" + mapping.hex() + "-" + std::string(unitWord(unit)); }

TableCache::TableCache(fs::path folder, std::uint64_t limit) : m_folder(std::move(folder)), m_limit(limit) {}

bool TableCache::contains(const TableKey &key) const
{
    std::error_code code;
    return fs::is_regular_file(fs::symlink_status(pathOf(key), code));
}

Status TableCache::makeFolder() const
{
    std::error_code code;
    fs::create_directories(m_folder.parent_path(), code);
    if (::mkdir(m_folder.c_str(), 0700) != 0 && errno != EEXIST)
        return Error{ErrorKind::Io, "The folder for kept tables cannot be made.", m_folder.string()};
    return {};
}

Status TableCache::save(const TableKey &key, const Table &table, const Progress &progress) const
{
    if (table.scoreStep() > 0 || !table.counts().empty() || table.decidedAt())
        return Error{ErrorKind::Invalid, "Only exact tables are kept; the scores of this one were rounded.", {}};
    if (table.size() * (sizeof(double) + sizeof(std::uint32_t) + (table.weights().empty() ? 0 : sizeof(double))) > m_limit)
        return Error{ErrorKind::Invalid, "The table is larger than what is kept on this computer.", {}};
    if (const Status made = makeFolder(); !made)
        return made.error();
    std::string unfinished = (m_folder / (key.fileName() + std::string(kUnfinished) + "XXXXXX")).string();
    const File file(::mkostemp(unfinished.data(), O_CLOEXEC)); // 0600
    if (!file.isOpen())
        return Error{ErrorKind::Io, "The table cannot be written to the cache.", m_folder.string()};
    Status written = writeTable(file, table, progress);
    if (written && ::rename(unfinished.c_str(), pathOf(key).c_str()) != 0)
        written = Error{ErrorKind::Io, "The table cannot be put into the cache.", m_folder.string()};
    if (!written) {
        ::unlink(unfinished.c_str());
        return written;
    }
    trim(pathOf(key));
    return {};
}

Status TableCache::rename(const TableKey &saved, const TableKey &key) const
{
    if (!contains(saved))
        return Error{ErrorKind::NotFound, "There is no such table on this computer.", {}};
    if (::rename(pathOf(saved).c_str(), pathOf(key).c_str()) != 0)
        return Error{ErrorKind::Io, "The table cannot be put into the cache.", m_folder.string()};
    return {};
}

Result<Table> TableCache::load(const TableKey &key, unsigned threads, const Progress &progress) const
{
    const fs::path path = pathOf(key);
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.isOpen())
        return errno == ENOENT || errno == ENOTDIR ? Error{ErrorKind::NotFound, "No table of this log is kept here.", {}}
                                                   : Error{ErrorKind::Io, "The kept table cannot be opened.", path.string()};
    struct stat facts{};
    if (::fstat(file.descriptor(), &facts) != 0 || !S_ISREG(facts.st_mode))
        return Error{ErrorKind::Io, "The kept table is not a file.", path.string()};
    progress(0, 0, "reading the kept table");
    auto table = readTable(file, path, static_cast<std::uint64_t>(facts.st_size), predictions::threadCount(threads), progress);
    if (table)
        ::futimens(file.descriptor(), nullptr); // used just now; a failure costs its place in the queue only
    else if (table.error().kind == ErrorKind::Tampered)
        ::unlink(path.c_str());
    return table;
}

void TableCache::trim(const fs::path &newest) const
{
    struct Kept {
        fs::path path;
        std::uint64_t bytes;
        fs::file_time_type used;
    };
    std::vector<Kept> kept;
    std::uint64_t total = 0;
    std::error_code code;
    for (const auto &entry : fs::directory_iterator(m_folder, code)) {
        std::error_code own;
        if (!fs::is_regular_file(entry.symlink_status(own)))
            continue;
        kept.push_back({entry.path(), entry.file_size(own), entry.last_write_time(own)});
        total += kept.back().bytes;
    }
    std::ranges::sort(kept, {}, &Kept::used);
    for (const Kept &file : kept) {
        // What a program that died left behind goes after a day.
        const bool isLeftBehind = file.path.filename().string().find(kUnfinished) != std::string::npos
                                  && fs::file_time_type::clock::now() - file.used > std::chrono::hours(24);
        if (file.path == newest || (total <= m_limit && !isLeftBehind))
            continue;
        fs::remove(file.path, code);
        total -= file.bytes;
    }
}

} // namespace countersign::scoretables
