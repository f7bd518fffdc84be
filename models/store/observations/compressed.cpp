#include "models/store/observations/compressed.h"

#include <vector>
#include <zlib.h>

namespace countersign::store {

Result<Bytes> compressed(BytesView bytes, int level)
{
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    Bytes packed(size, '\0');
    if (compress2(reinterpret_cast<Bytef *>(packed.data()), &size, reinterpret_cast<const Bytef *>(bytes.data()), static_cast<uLong>(bytes.size()), level) != Z_OK)
        return Error{ErrorKind::Io, "There is not enough memory to pack what is recorded.", {}};
    packed.resize(size);
    return packed;
}

Result<Bytes> expanded(BytesView bytes, std::size_t most)
{
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK)
        return Error{ErrorKind::Io, "There is not enough memory to unpack what is recorded.", {}};
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data())); // zlib's interface predates const
    stream.avail_in = static_cast<uInt>(bytes.size());
    Bytes text;
    int code = Z_OK;
    std::vector<char> buffer(1U << 18);
    while (code == Z_OK && text.size() <= most) {
        stream.next_out = reinterpret_cast<Bytef *>(buffer.data());
        stream.avail_out = static_cast<uInt>(buffer.size());
        code = inflate(&stream, Z_NO_FLUSH);
        text.append(buffer.data(), buffer.size() - stream.avail_out);
    }
    const bool isComplete = code == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    if (!isComplete || text.size() > most)
        return Error{ErrorKind::Tampered, "What is recorded cannot be unpacked.", {}};
    return text;
}

} // namespace countersign::store
