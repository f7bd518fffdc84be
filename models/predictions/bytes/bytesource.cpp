#include "models/predictions/bytes/bytesource.h"

#include "models/crypto/sha256.h"
#include "models/predictions/bytes/decoders.h"
#include "models/predictions/bytes/parquettext.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace countersign::predictions {

namespace {

constexpr std::size_t kRawBlock = 256U << 10;
constexpr int kPipeRoom = 1 << 20;
constexpr std::size_t kSniffed = 64; // enough to see UTF-16 without a mark

class Descriptor
{
public:
    explicit Descriptor(int descriptor) : m_descriptor(descriptor) {}
    ~Descriptor()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int get() const { return m_descriptor; }

private:
    int m_descriptor;
};

Compression sniffCompression(BytesView head)
{
    if (head.starts_with("\x1f\x8b"))
        return Compression::Gzip;
    if (head.starts_with("\x28\xb5\x2f\xfd"))
        return Compression::Zstd;
    return Compression::None;
}

struct EncodingGuess {
    Encoding encoding = Encoding::Utf8;
    std::size_t markLength = 0;
};

/// By the byte order mark; without one, by where the zero bytes of Latin text in UTF-16 stand.
EncodingGuess sniffEncoding(BytesView head)
{
    if (head.starts_with("\xEF\xBB\xBF"))
        return {Encoding::Utf8, 3};
    if (head.starts_with("\xFF\xFE"))
        return {Encoding::Utf16LittleEndian, 2};
    if (head.starts_with("\xFE\xFF"))
        return {Encoding::Utf16BigEndian, 2};
    std::size_t zeros[2] = {0, 0};
    for (std::size_t i = 0; i < head.size(); ++i)
        zeros[i % 2] += head[i] == '\0' ? 1U : 0U;
    const std::size_t many = head.size() / 4 + 1;
    if (zeros[1] >= many && zeros[0] * 8 < zeros[1])
        return {Encoding::Utf16LittleEndian, 0};
    if (zeros[0] >= many && zeros[1] * 8 < zeros[0])
        return {Encoding::Utf16BigEndian, 0};
    return {};
}

} // namespace

struct ByteSource::Private {
    Private(int fd, std::string sourceName) : descriptor(fd), name(std::move(sourceName)) {}

    Descriptor descriptor;
    std::string name;
    struct stat status {};
    bool isRegular = false;
    bool isStarted = false;
    bool isAtEnd = false;       ///< of the stored bytes
    bool isDecoderFinished = false;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
    std::uint64_t shown = 0;    ///< of Parquet: how far reading is, in bytes as stored
    crypto::Sha256 hash;
    Digest digest;              ///< valid at the end
    Compression compression = Compression::None;
    EncodingGuess encoding;
    std::unique_ptr<Decompressor> decompressor;
    std::unique_ptr<Utf16Decoder> decoder;
    std::optional<ParquetText> parquet;
    std::string raw;            ///< stored bytes read ahead; from rawAt on not yet given on
    std::size_t rawAt = 0;
    std::string unpacked;       ///< decompressed bytes read ahead (first bytes; UTF-16 input)
    std::size_t unpackedAt = 0;
    std::string text;           ///< decoded text not yet given out
    std::size_t textAt = 0;

    Error failed(std::string message) const { return {ErrorKind::Io, std::move(message), name}; }

    Status waitForInput(const Progress &progress) const
    {
        for (;;) {
            if (progress.isCancelled())
                return Error{ErrorKind::Cancelled, "Reading was stopped.", name};
            pollfd waiting{descriptor.get(), POLLIN, 0};
            const int ready = ::poll(&waiting, 1, 200);
            if (ready > 0 || (ready < 0 && errno != EINTR))
                return {};
        }
    }

    /// Bytes as stored, hashed.
    Result<std::size_t> readStored(char *to, std::size_t room, const Progress &progress)
    {
        if (progress.isCancelled())
            return Error{ErrorKind::Cancelled, "Reading was stopped.", name};
        if (isAtEnd)
            return std::size_t(0);
        ssize_t got = -1;
        do {
            if (!isRegular) {
                const auto ready = waitForInput(progress);
                if (!ready)
                    return ready.error();
            }
            got = ::read(descriptor.get(), to, room);
        } while (got < 0 && (errno == EINTR || errno == EAGAIN));
        if (got < 0)
            return failed(std::string("Reading failed: ") + std::strerror(errno) + ".");
        const auto count = static_cast<std::size_t>(got);
        hash.add({to, count});
        done += count;
        if (count == 0) {
            isAtEnd = true;
            digest = hash.finish();
            return endOfStored();
        }
        return count;
    }

    /// A log that somebody writes to while we read has no digest worth recording.
    Result<std::size_t> endOfStored() const
    {
        struct stat now {};
        if (isRegular && ::fstat(descriptor.get(), &now) == 0
            && (now.st_size != status.st_size || now.st_mtim.tv_sec != status.st_mtim.tv_sec
                || now.st_mtim.tv_nsec != status.st_mtim.tv_nsec))
            return failed("The file changed while it was read. Copy it, or wait until nothing writes to it, and read again.");
        return std::size_t(0);
    }

    /// Decompressed bytes.
    Result<std::size_t> readUnpacked(char *to, std::size_t room, const Progress &progress)
    {
        if (unpackedAt < unpacked.size())
            return takeFrom(unpacked, unpackedAt, to, room);
        if (!decompressor) {
            if (rawAt < raw.size())
                return takeFrom(raw, rawAt, to, room);
            return readStored(to, room, progress);
        }
        for (;;) {
            BytesView input = BytesView(raw).substr(rawAt);
            auto made = decompressor->decompress(input, to, room);
            if (!made)
                return made.error().in(name);
            rawAt = raw.size() - input.size();
            if (*made > 0)
                return made;
            raw.resize(kRawBlock);
            rawAt = 0;
            const auto got = readStored(raw.data(), raw.size(), progress);
            raw.resize(got ? *got : 0);
            if (!got)
                return got.error();
            if (*got == 0) {
                if (!decompressor->isComplete())
                    return failed("The compressed data end in the middle. Get a complete copy of the file.");
                return std::size_t(0);
            }
        }
    }

    static std::size_t takeFrom(const std::string &from, std::size_t &at, char *to, std::size_t room)
    {
        const std::size_t count = std::min(room, from.size() - at);
        std::memcpy(to, from.data() + at, count);
        at += count;
        return count;
    }

    /// Collects the first bytes, decides compression and encoding. A pipe may give few bytes at a time.
    Status start(const Progress &progress)
    {
        isStarted = true;
        const auto stored = collect(raw, [&](char *to, std::size_t room) { return readStored(to, room, progress); });
        if (!stored)
            return stored;
        if (predictions::isParquet(raw))
            return startParquet();
        compression = sniffCompression(raw);
        if (compression == Compression::Gzip)
            decompressor = makeGzipDecompressor();
        else if (compression == Compression::Zstd)
            decompressor = makeZstdDecompressor();
        std::string head;
        const auto unpackedHead = collect(head, [&](char *to, std::size_t room) { return readUnpacked(to, room, progress); });
        if (!unpackedHead)
            return unpackedHead;
        encoding = sniffEncoding(head);
        unpacked = head.substr(encoding.markLength);
        if (encoding.encoding != Encoding::Utf8)
            decoder = std::make_unique<Utf16Decoder>(encoding.encoding == Encoding::Utf16BigEndian);
        return {};
    }

    Status startParquet()
    {
        if (!isRegular)
            return Error{ErrorKind::Unsupported, "Parquet can't be read through a pipe, because it is read from its end. Give the file.", name};
        auto opened = ParquetText::open(descriptor.get());
        if (!opened)
            return opened.error().in(name);
        parquet = *std::move(opened);
        return {};
    }

    /// Text out of the columns; the stored bytes are hashed when all of it was given out.
    Result<std::size_t> readParquet(char *to, std::size_t room, const Progress &progress)
    {
        const auto got = parquet->read(to, room, progress);
        if (!got)
            return got.error().in(name);
        if (*got > 0 || isAtEnd) {
            shown = static_cast<std::uint64_t>(parquet->share() * static_cast<double>(total));
            return got;
        }
        hash = {};
        done = 0;
        if (::lseek(descriptor.get(), 0, SEEK_SET) != 0)
            return failed(std::string("Reading failed: ") + std::strerror(errno) + ".");
        std::string block(kRawBlock * 4, '\0');
        while (!isAtEnd)
            if (const auto more = readStored(block.data(), block.size(), progress); !more)
                return more.error();
        return std::size_t(0);
    }

    template<class Read>
    static Status collect(std::string &head, const Read &read)
    {
        while (head.size() < kSniffed) {
            const std::size_t had = head.size();
            head.resize(kSniffed);
            const auto got = read(head.data() + had, kSniffed - had);
            head.resize(had + (got ? *got : 0));
            if (!got)
                return got.error();
            if (*got == 0)
                return {};
        }
        return {};
    }

    Result<std::size_t> readDecoded(char *to, std::size_t room, const Progress &progress)
    {
        std::string units;
        while (textAt == text.size()) {
            text.clear();
            textAt = 0;
            if (isDecoderFinished)
                return std::size_t(0);
            units.resize(kRawBlock);
            const auto got = readUnpacked(units.data(), units.size(), progress);
            if (!got)
                return got;
            if (*got > 0) {
                decoder->decode({units.data(), *got}, text);
            } else {
                decoder->finish(text);
                isDecoderFinished = true;
            }
        }
        return takeFrom(text, textAt, to, room);
    }
};

std::string_view encodingName(Encoding encoding)
{
    switch (encoding) {
    case Encoding::Utf8: return "UTF-8";
    case Encoding::Utf16LittleEndian: return "UTF-16LE";
    case Encoding::Utf16BigEndian: return "UTF-16BE";
    }
    return "";
}

std::string_view compressionName(Compression compression)
{
    switch (compression) {
    case Compression::None: return "none";
    case Compression::Gzip: return "gzip";
    case Compression::Zstd: return "zstd";
    }
    return "";
}

ByteSource::ByteSource(std::unique_ptr<Private> data) : d(std::move(data)) {}
ByteSource::ByteSource(ByteSource &&) noexcept = default;
ByteSource &ByteSource::operator=(ByteSource &&) noexcept = default;
ByteSource::~ByteSource() = default;

Result<ByteSource> ByteSource::open(const std::filesystem::path &path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && errno == ENOENT)
        return Error{ErrorKind::NotFound, "There is no such file.", path.string()};
    if (descriptor < 0)
        return Error{ErrorKind::Io, std::string("The file can't be opened: ") + std::strerror(errno) + ".", path.string()};
    return fromDescriptor(descriptor, path.string());
}

Result<ByteSource> ByteSource::fromDescriptor(int descriptor, std::string name)
{
    auto data = std::make_unique<Private>(descriptor, std::move(name));
    if (::fstat(descriptor, &data->status) != 0)
        return data->failed(std::string("The input can't be read: ") + std::strerror(errno) + ".");
    if (S_ISDIR(data->status.st_mode))
        return data->failed("This is a folder. Give the log file itself.");
    data->isRegular = S_ISREG(data->status.st_mode);
    if (data->isRegular) {
        data->total = static_cast<std::uint64_t>(data->status.st_size);
        ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL); // only a hint
    } else if (S_ISFIFO(data->status.st_mode)) {
        ::fcntl(descriptor, F_SETPIPE_SZ, kPipeRoom); // a hint too: fewer changes between writer and reader
    }
    return ByteSource(std::move(data));
}

Result<std::size_t> ByteSource::read(char *to, std::size_t room, const Progress &progress)
{
    if (!d->isStarted) {
        const auto started = d->start(progress);
        if (!started)
            return started.error();
    }
    if (d->parquet)
        return d->readParquet(to, room, progress);
    return d->decoder ? d->readDecoded(to, room, progress) : d->readUnpacked(to, room, progress);
}

const std::string &ByteSource::name() const { return d->name; }
Encoding ByteSource::encoding() const { return d->encoding.encoding; }
Compression ByteSource::compression() const { return d->compression; }
bool ByteSource::hasByteOrderMark() const { return d->encoding.markLength > 0; }
bool ByteSource::isParquet() const { return d->parquet.has_value(); }
const std::vector<std::string> &ByteSource::columnsLeftOut() const
{
    static const std::vector<std::string> none;
    return d->parquet ? d->parquet->leftOut() : none;
}
std::uint64_t ByteSource::bytesDone() const { return d->parquet && !d->isAtEnd ? d->shown : d->done; }
std::uint64_t ByteSource::bytesTotal() const { return d->total; }
Digest ByteSource::digest() const { return d->digest; }

} // namespace countersign::predictions
