#pragma once

#include "models/base/number.h"
#include "models/predictions/mapping/guess.h"
#include "models/predictions/reader.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>
#include <fcntl.h>
#include <thread>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

/// Logs on disk and in pipes, and what a reader made of them as plain rows.
namespace logs {

using namespace countersign;
using namespace countersign::predictions;

inline std::filesystem::path write(const QTemporaryDir &dir, const std::string &bytes, const char *name = "log.csv")
{
    const std::filesystem::path path = std::filesystem::path(dir.path().toStdString()) / name;
    std::FILE *file = std::fopen(path.c_str(), "wb");
    std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
    return path;
}

/// A source that gets its bytes through a pipe, in writes of `step` bytes.
class Pipe
{
public:
    Pipe(std::string bytes, std::size_t step) : m_bytes(std::move(bytes))
    {
        [[maybe_unused]] const int made = ::pipe2(m_ends, O_CLOEXEC);
        m_writer = std::jthread([this, step] {
            for (std::size_t at = 0; at < m_bytes.size();) {
                const auto wrote = ::write(m_ends[1], m_bytes.data() + at, std::min(step, m_bytes.size() - at));
                if (wrote <= 0)
                    break;
                at += static_cast<std::size_t>(wrote);
            }
            ::close(m_ends[1]);
        });
    }
    ByteSource source() { return *ByteSource::fromDescriptor(m_ends[0], "pipe"); }

private:
    std::string m_bytes;
    int m_ends[2] = {-1, -1};
    std::jthread m_writer;
};

inline std::string gzip(const std::string &text)
{
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

inline std::string zstd(const std::string &text)
{
    std::string packed(ZSTD_compressBound(text.size()), '\0');
    packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
    return packed;
}

inline std::string utf16(const std::string &text, bool isBigEndian, bool withMark)
{
    std::string bytes;
    const auto unit = [&](char16_t u) {
        const char high = static_cast<char>(u >> 8);
        const char low = static_cast<char>(u & 0xFF);
        bytes += isBigEndian ? high : low;
        bytes += isBigEndian ? low : high;
    };
    if (withMark)
        unit(0xFEFF);
    for (const QChar c : QString::fromStdString(text))
        unit(c.unicode());
    return bytes;
}

/// Label, score, group: what most tests look at.
inline Mapping usualMapping()
{
    Mapping mapping;
    mapping.label = "y";
    mapping.score = "s";
    mapping.labelValues = {{"1"}, {"0"}};
    mapping.attributes = {{"g", "g", {}}};
    return mapping;
}

struct Rows : std::vector<std::vector<std::string>> {
    using vector::vector;
};
/// For QCOMPARE: the first rows in words.
inline char *toString(const Rows &rows)
{
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(rows.size(), 12); ++i) {
        for (const auto &cell : rows[i])
            text += cell + "|";
        text += "  ";
    }
    return qstrdup(text.c_str());
}

/// Every row taken, as text: numbers in their shortest form, codes as their texts, hours.
inline Rows rows(const PredictionLog &log)
{
    Rows all;
    for (const auto &chunk : log.chunks)
        for (std::size_t r = 0; r < chunk.rows; ++r) {
            std::vector<std::string> row;
            for (const auto &column : chunk.numbers)
                row.push_back(number::shortest(column[r]));
            for (std::size_t c = 0; c < chunk.codes.size(); ++c)
                row.push_back(log.text(chunk, static_cast<int>(c), r));
            if (log.schema.hasTime)
                row.push_back(std::to_string(chunk.hours[r]));
            all.push_back(std::move(row));
        }
    return all;
}

inline Result<PredictionLog> readText(const std::string &bytes, const Mapping &mapping = usualMapping(), unsigned threads = 2)
{
    QTemporaryDir dir;
    ReadOptions options;
    options.threads = threads;
    return readLog(write(dir, bytes), mapping, options);
}

/// With the mapping that the reader would propose.
inline Result<PredictionLog> readGuessed(const std::filesystem::path &path)
{
    auto reader = LogReader::open(path);
    if (!reader)
        return reader.error();
    return reader->read(guessMapping(reader->sample()).mapping);
}

} // namespace logs
