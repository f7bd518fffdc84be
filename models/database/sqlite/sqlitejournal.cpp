#include "models/database/sqlite/sqlitejournal.h"

#include "models/database/sqlite/sqliteconnection.h"

#include <QTemporaryDir>

#include <array>
#include <fstream>
#include <vector>

namespace countersign::database {

namespace {

constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(10);

std::filesystem::path journalOf(const std::filesystem::path &file)
{
    return file.native() + "-journal";
}
std::string quoted(const std::filesystem::path &file)
{
    return "“" + file.native() + "”";
}

std::uintmax_t sizeOf(const std::filesystem::path &file)
{
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    return error ? 0 : size;
}

/// The file through SQLite's own layer, which nothing was read by: a descriptor of our own would drop SQLite's locks of
/// this process when it is closed.
class Untouched
{
public:
    explicit Untouched(const std::filesystem::path &file)
    {
        if (sqlite3_open_v2(sqliteUri(file, "ro").c_str(), &m_handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
                            nullptr) != SQLITE_OK ||
            sqlite3_file_control(m_handle, "main", SQLITE_FCNTL_FILE_POINTER, &m_file) != SQLITE_OK ||
            !m_file->pMethods)
            m_file = nullptr;
    }
    ~Untouched()
    {
        if (m_isLocked)
            m_file->pMethods->xUnlock(m_file, SQLITE_LOCK_NONE);
        sqlite3_close(m_handle);
    }
    Untouched(const Untouched &) = delete;
    Untouched &operator=(const Untouched &) = delete;

    bool isOpen() const { return m_file; }

    /// Keeps whoever would commit, or undo, from the file. False: somebody does now, and goes on doing it.
    bool lock()
    {
        const auto start = std::chrono::steady_clock::now();
        while (!m_isLocked) {
            m_isLocked = m_file->pMethods->xLock(m_file, SQLITE_LOCK_SHARED) == SQLITE_OK;
            const auto waited =
                std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
            if (m_isLocked || waited > kPatience)
                break;
            sleepWithJitter(waited);
        }
        return m_isLocked;
    }

    bool isBeingWritten() const
    {
        int isReserved = 0;
        return m_file->pMethods->xCheckReservedLock(m_file, &isReserved) == SQLITE_OK && isReserved != 0;
    }

    bool copyTo(const std::filesystem::path &copy) const
    {
        sqlite3_int64 size = 0;
        if (m_file->pMethods->xFileSize(m_file, &size) != SQLITE_OK)
            return false;
        std::ofstream out(copy, std::ios::binary);
        std::vector<char> block(1U << 20);
        for (sqlite3_int64 at = 0; at < size && out;) {
            const auto count =
                static_cast<int>(std::min<sqlite3_int64>(size - at, static_cast<sqlite3_int64>(block.size())));
            if (m_file->pMethods->xRead(m_file, block.data(), count, at) != SQLITE_OK)
                return false;
            out.write(block.data(), count);
            at += count;
        }
        return static_cast<bool>(out.flush());
    }

private:
    sqlite3 *m_handle = nullptr;
    sqlite3_file *m_file = nullptr;
    bool m_isLocked = false;
};

/// Undoes the journal in a copy and asks what is to be thought of it.
Status askAbout(const Location &location, const Untouched &file, const OpenOptions &options)
{
    const QTemporaryDir folder;
    const auto copy = std::filesystem::path(folder.path().toStdString()) / "workspace";
    std::error_code error;
    if (!folder.isValid() || !file.copyTo(copy) ||
        !std::filesystem::copy_file(journalOf(location.file), journalOf(copy), error))
        return Error{ErrorKind::Io,
                     quoted(journalOf(location.file)) +
                         " lies beside the workspace: a program that wrote was ended in the middle. What it had not "
                         "finished is undone on a copy first, and there is no room for that in " +
                         quoted(copy.parent_path().parent_path()) +
                         ". Make room there, or name another folder in TMPDIR. Nothing was opened or changed.",
                     {}};
    const auto undone = Connection::open(Location::sqlite(copy), {.create = true});
    const auto found = Connection::openAsItLies(location); // what was half written may not be readable
    const auto answer = undone ? options.mayUndo(**undone, found ? found->get() : nullptr) : Status(undone.error());
    if (answer)
        return {};
    return Error{ErrorKind::Invalid,
                 quoted(journalOf(location.file)) +
                     " lies beside the workspace, as a program leaves it that is ended while it writes. It does not "
                     "belong to this file as it is. Undone on a copy: " +
                     answer.error().message +
                     " Nothing was opened or changed. Find out where the journal comes from. If somebody put it there, "
                     "move it away and open the workspace again; if the file is an older copy, put back the one that "
                     "the journal belongs to.",
                 {}};
}

} // namespace

Status checkJournal(const std::filesystem::path &file)
{
    const auto journal = journalOf(file);
    std::error_code error;
    const auto status = std::filesystem::symlink_status(journal, error);
    if (status.type() == std::filesystem::file_type::not_found)
        return {};
    if (status.type() != std::filesystem::file_type::regular)
        return Error{ErrorKind::Invalid,
                     quoted(journal) + ", where the unfinished work of a program is kept, is not a file on disk but a "
                                       "link, a folder or a device. Nothing was opened. Move it away.",
                     {}};
    // File format, section 3: at its end a journal of a change to several files at once has the name of another, and
    // these eight bytes.
    constexpr std::array<char, 8> kMagic{'\xd9', '\xd5', '\x05', '\xf9', '\x20', '\xa1', '\x63', '\xd7'};
    std::array<char, 8> end{};
    std::ifstream in(journal, std::ios::binary);
    in.seekg(-static_cast<std::streamoff>(end.size()), std::ios::end);
    in.read(end.data(), end.size());
    if (in && end == kMagic)
        return Error{
            ErrorKind::Invalid,
            quoted(journal) +
                " lies beside the file and names a further file, which no journal of a workspace does: SQLite could "
                "remove that. Nothing was opened. Move the journal away, or find out which file it belongs to.",
            {}};
    return {};
}

Result<bool> hasUnfinishedWork(const Location &location, const OpenOptions &options)
{
    if (sizeOf(journalOf(location.file)) == 0)
        return false;
    Untouched file(location.file);
    if (!file.isOpen())
        return false; // opening says why
    if (!file.lock())
        return sqliteError(SQLITE_BUSY, {}, location, {});
    // Who writes now holds a lock, and the journal is that one's: nobody else undoes it.
    if (file.isBeingWritten() || sizeOf(journalOf(location.file)) == 0)
        return false;
    if (options.mayUndo)
        if (const auto answer = askAbout(location, file, options); !answer)
            return answer.error();
    return true;
}

} // namespace countersign::database
