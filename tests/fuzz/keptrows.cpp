#include "models/computed/scores/interactive.h"
#include "models/computed/scores/scoresource.h"
#include "models/crypto/sha256.h"
#include "models/scoretables/tablefile.h"
#include "tests/fuzz/promise.h"
#include "tests/fuzz/targets.h"

#include <cstring>
#include <fstream>
#include <tuple>
#include <unistd.h>

namespace fuzz {

using namespace countersign;
using namespace countersign::scoretables;

namespace {

namespace fs = std::filesystem;

/// A folder of this process, gone with it.
class Folder
{
public:
    Folder()
    {
        std::string name = (fs::temp_directory_path() / "countersign-fuzz-XXXXXX").string();
        PROMISE(::mkdtemp(name.data()));
        m_path = name;
    }
    ~Folder()
    {
        std::error_code code;
        fs::remove_all(m_path, code);
    }
    Folder(const Folder &) = delete;
    Folder &operator=(const Folder &) = delete;
    const fs::path &path() const { return m_path; }

private:
    fs::path m_path;
};

void put(const fs::path &path, BytesView bytes)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << bytes;
}

Bytes bytesOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

constexpr std::size_t kMagic = 19;                 // "countersign-table-1\n"
constexpr std::size_t kHeadAt = kMagic + 1 + 8;    // … and the size of the head
constexpr std::size_t kDigest = 32;

template<class Number>
Number numberAt(const Bytes &bytes, std::size_t at)
{
    Number number{};
    std::memcpy(&number, bytes.data() + at, sizeof number);
    return number;
}

/// Sizes and digests as they would be if somebody had written this on purpose, so that what comes behind them is looked at too.
Bytes sealed(BytesView given)
{
    Bytes bytes(given);
    if (bytes.size() < kHeadAt + 16)
        return bytes;
    const std::size_t head = std::min<std::size_t>(numberAt<std::uint64_t>(bytes, kMagic + 1), bytes.size() - kHeadAt);
    if (head < 16)
        return bytes;
    const bool hasWeights = numberAt<std::uint32_t>(bytes, kHeadAt + 4) & 8U;
    const std::size_t each = hasWeights ? 20 : 12;
    const Bytes rest = bytes.substr(std::min(bytes.size(), kHeadAt + head + kDigest));
    const std::uint64_t entries = std::min<std::uint64_t>(numberAt<std::uint64_t>(bytes, kHeadAt + 8), rest.size() / each);
    const std::uint64_t size = head;
    std::memcpy(bytes.data() + kMagic + 1, &size, sizeof size);
    std::memcpy(bytes.data() + kHeadAt + 8, &entries, sizeof entries);
    bytes.resize(kHeadAt + head);
    bytes += crypto::sha256(bytes).view();
    bytes += rest.substr(0, entries * each);
    std::size_t at = 0;
    for (const std::size_t width : {std::size_t(8), std::size_t(4), hasWeights ? std::size_t(8) : std::size_t(0)}) {
        if (width * entries > 0)
            bytes += crypto::sha256(BytesView(rest).substr(at, width * entries)).view();
        at += width * entries;
    }
    return bytes;
}

/// What the window asks a table for.
void use(const std::shared_ptr<const Table> &table)
{
    computed::Parameters parameters;
    parameters.depth = 2;
    parameters.bootstrapDraws = 10;
    parameters.threads = 1;
    auto hand = computed::Interactive::make(table, parameters);
    if (hand) {
        const auto units = hand->units();
        computed::Selection selection;
        if (table->hasScores())
            selection.threshold = 0.5;
        std::ignore = hand->figures(selection);
        if (units) {
            selection.firstUnit = units->first;
            selection.lastUnit = units->first;
            std::ignore = hand->figures(selection);
        }
    }
    parameters.window.unit = table->unit();
    std::ignore = computed::compute(*table, parameters);
    for (const auto &attribute : table->attributes())
        if (const auto source = computed::scoreSource(table, {attribute.name}))
            std::ignore = (*source)->tables(20);
    std::ignore = computed::summarizeScores(*table, 1);
}

void load(BytesView bytes)
{
    static const Folder folder;
    static const TableCache cache(folder.path() / "tables");
    static const TableKey key;
    const fs::path path = folder.path() / "tables" / key.fileName();
    fs::create_directory(path.parent_path());
    put(path, bytes);
    auto loaded = cache.load(key, 1);
    if (!loaded) {
        const ErrorKind kind = loaded.error().kind;
        PROMISE(kind == ErrorKind::Tampered || kind == ErrorKind::Unsupported);
        PROMISE(fs::exists(path) == (kind == ErrorKind::Unsupported));
        return;
    }
    PROMISE(!bytes.empty());
    PROMISE(cache.save(key, *loaded).ok());
    PROMISE(bytesOf(path) == bytes); // what we wrote comes back byte for byte
    use(std::make_shared<const Table>(*std::move(loaded)));
}

} // namespace

void keptRows(const std::uint8_t *data, std::size_t size)
{
    const BytesView bytes(reinterpret_cast<const char *>(data), size);
    load(bytes);
    load(sealed(bytes));
}

} // namespace fuzz
