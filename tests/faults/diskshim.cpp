#include "tests/faults/diskshim.h"

#include <sqlite3.h>

#include <cstring>

namespace countersign::faults {

struct DiskShim::Private {
    sqlite3_vfs *real = nullptr;
    sqlite3_vfs shim{};
    sqlite3_io_methods methods{};
    bool isRecording = false;
    std::vector<DiskStep> steps;
    std::int64_t calls = 0;
    std::int64_t failAt = -1;
    Failure failure = Failure::Once;
    bool hasFailed = false;

    /// Whether this call is to fail.
    bool fails()
    {
        if (failAt < 0)
            return false;
        const auto call = calls++;
        const bool isIt = call == failAt || (failure == Failure::Stuck && call > failAt);
        hasFailed = hasFailed || isIt;
        return isIt;
    }
    void note(DiskStep step)
    {
        if (isRecording)
            steps.push_back(std::move(step));
    }
};

namespace {

DiskShim::Private &d()
{
    static DiskShim::Private data;
    return data;
}

/// What SQLite holds: ours, and the real one behind it in the same memory.
struct ShimFile {
    sqlite3_file base;
    char name[1024];
    sqlite3_file *real() { return reinterpret_cast<sqlite3_file *>(this + 1); }
};

ShimFile *shimFile(sqlite3_file *file)
{
    return reinterpret_cast<ShimFile *>(file);
}
sqlite3_file *realFile(sqlite3_file *file)
{
    return shimFile(file)->real();
}

int closeFile(sqlite3_file *file)
{
    return realFile(file)->pMethods->xClose(realFile(file));
}

int readFile(sqlite3_file *file, void *to, int size, sqlite3_int64 offset)
{
    if (d().fails()) {
        std::memset(to, 0, static_cast<std::size_t>(size));
        return SQLITE_IOERR_READ;
    }
    return realFile(file)->pMethods->xRead(realFile(file), to, size, offset);
}

int writeFile(sqlite3_file *file, const void *from, int size, sqlite3_int64 offset)
{
    if (d().fails()) {
        // Half of it may have come through.
        realFile(file)->pMethods->xWrite(realFile(file), from, size / 2, offset);
        return d().failAt % 2 ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    d().note({DiskStep::Kind::Write, shimFile(file)->name, offset,
              std::string(static_cast<const char *>(from), static_cast<std::size_t>(size)), false});
    return realFile(file)->pMethods->xWrite(realFile(file), from, size, offset);
}

int truncateFile(sqlite3_file *file, sqlite3_int64 size)
{
    if (d().fails())
        return SQLITE_IOERR_TRUNCATE;
    d().note({DiskStep::Kind::Truncate, shimFile(file)->name, size, {}, false});
    return realFile(file)->pMethods->xTruncate(realFile(file), size);
}

int syncFile(sqlite3_file *file, int flags)
{
    if (d().fails())
        return SQLITE_IOERR_FSYNC;
    d().note({DiskStep::Kind::Sync, shimFile(file)->name, 0, {}, true});
    return realFile(file)->pMethods->xSync(realFile(file), flags);
}

int sizeOfFile(sqlite3_file *file, sqlite3_int64 *size)
{
    return realFile(file)->pMethods->xFileSize(realFile(file), size);
}
int lockFile(sqlite3_file *file, int lock)
{
    return realFile(file)->pMethods->xLock(realFile(file), lock);
}
int unlockFile(sqlite3_file *file, int lock)
{
    return realFile(file)->pMethods->xUnlock(realFile(file), lock);
}
int checkLock(sqlite3_file *file, int *out)
{
    return realFile(file)->pMethods->xCheckReservedLock(realFile(file), out);
}
int controlFile(sqlite3_file *file, int what, void *argument)
{
    return realFile(file)->pMethods->xFileControl(realFile(file), what, argument);
}
int sectorSize(sqlite3_file *file)
{
    return realFile(file)->pMethods->xSectorSize(realFile(file));
}
int characteristics(sqlite3_file *file)
{
    return realFile(file)->pMethods->xDeviceCharacteristics(realFile(file));
}

int openFile(sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *outFlags)
{
    auto *own = shimFile(file);
    own->base.pMethods = nullptr;
    if (d().fails())
        return SQLITE_CANTOPEN;
    int exists = 1;
    if (name && (flags & SQLITE_OPEN_CREATE))
        d().real->xAccess(d().real, name, SQLITE_ACCESS_EXISTS, &exists);
    const int code = d().real->xOpen(d().real, name, own->real(), flags, outFlags);
    if (code != SQLITE_OK) {
        if (own->real()->pMethods)
            own->real()->pMethods->xClose(own->real());
        return code;
    }
    std::strncpy(own->name, name ? name : "", sizeof own->name - 1);
    own->base.pMethods = &d().methods;
    if (!exists)
        d().note({DiskStep::Kind::Create, own->name, 0, {}, false});
    return SQLITE_OK;
}

int removeFile(sqlite3_vfs *, const char *name, int isSynced)
{
    if (d().fails())
        return SQLITE_IOERR_DELETE;
    d().note({DiskStep::Kind::Remove, name, 0, {}, isSynced != 0});
    return d().real->xDelete(d().real, name, isSynced);
}

} // namespace

DiskShim &DiskShim::instance()
{
    static DiskShim shim;
    return shim;
}

DiskShim::DiskShim()
{
    auto &data = d();
    data.real = sqlite3_vfs_find(nullptr);
    data.methods.iVersion = 1; // no memory mapping and no shared memory: neither is used, and both would go past us
    data.methods.xClose = closeFile;
    data.methods.xRead = readFile;
    data.methods.xWrite = writeFile;
    data.methods.xTruncate = truncateFile;
    data.methods.xSync = syncFile;
    data.methods.xFileSize = sizeOfFile;
    data.methods.xLock = lockFile;
    data.methods.xUnlock = unlockFile;
    data.methods.xCheckReservedLock = checkLock;
    data.methods.xFileControl = controlFile;
    data.methods.xSectorSize = sectorSize;
    data.methods.xDeviceCharacteristics = characteristics;
    data.shim = *data.real;
    data.shim.pNext = nullptr;
    data.shim.zName = "countersign-faults";
    data.shim.szOsFile = static_cast<int>(sizeof(ShimFile)) + data.real->szOsFile;
    data.shim.xOpen = openFile;
    data.shim.xDelete = removeFile;
    sqlite3_vfs_register(&data.shim, 1);
}

void DiskShim::record()
{
    d().steps.clear();
    d().isRecording = true;
}

void DiskShim::mark(const std::string &text)
{
    d().note({DiskStep::Kind::Mark, {}, 0, text, false});
}

std::vector<DiskStep> DiskShim::stopRecording()
{
    d().isRecording = false;
    return std::exchange(d().steps, {});
}

void DiskShim::failAt(std::int64_t call, Failure failure)
{
    d().calls = 0;
    d().failAt = call;
    d().failure = failure;
    d().hasFailed = false;
}

bool DiskShim::stopFailing()
{
    d().failAt = -1;
    return d().hasFailed;
}

} // namespace countersign::faults
