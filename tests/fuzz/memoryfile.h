#pragma once

#include "models/predictions/reader.h"
#include "tests/fuzz/promise.h"

#include <sys/mman.h>
#include <unistd.h>

namespace fuzz {

/// Bytes as a file that no folder holds.
inline countersign::Result<countersign::predictions::LogReader> openLog(const std::uint8_t *data, std::size_t size)
{
    using namespace countersign::predictions;
    const int descriptor = ::memfd_create("log", MFD_CLOEXEC);
    PROMISE(descriptor >= 0);
    for (std::size_t at = 0; at < size;) {
        const auto wrote = ::write(descriptor, data + at, size - at);
        PROMISE(wrote > 0);
        at += static_cast<std::size_t>(wrote);
    }
    PROMISE(::lseek(descriptor, 0, SEEK_SET) == 0);
    auto source = ByteSource::fromDescriptor(descriptor, "log");
    if (!source)
        return source.error();
    return LogReader::open(*std::move(source));
}

} // namespace fuzz
