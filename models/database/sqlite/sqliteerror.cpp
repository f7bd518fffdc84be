#include "models/database/sqlite/sqliteconnection.h"

#include "models/base/text.h"

namespace countersign::database {

namespace {

ErrorKind kindOfConstraint(int code)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return ErrorKind::Conflict;
    case SQLITE_CONSTRAINT_TRIGGER: // RAISE(ABORT, 'append-only')
        return ErrorKind::Denied;
    default:
        return ErrorKind::Invalid;
    }
}

} // namespace

Error sqliteError(int code, const std::string &said, const Location &location, std::string_view sql)
{
    const std::string message = text::visible(said); // it may quote what stands in a damaged file
    const std::string file = location.file.empty() ? "The database in memory" : "“" + location.file.native() + "”";
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
        return {kindOfConstraint(code), "The database refused the change: " + message + ".", excerpt(sql)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorKind::Conflict, file + " is being written by another program. Wait until it is done, or close it, and try again.", {}};
    case SQLITE_NOTADB:
        return {ErrorKind::Io, file + " is not a database. Choose a workspace file.", {}};
    case SQLITE_CORRUPT:
        return {ErrorKind::Io, file + " is damaged (" + message + "). Restore a backup and verify it.", {}};
    case SQLITE_FULL:
        return {ErrorKind::Io, "The disk of " + file + " is full, so nothing was recorded. Make room and try again.", {}};
    case SQLITE_READONLY:
        if (code == SQLITE_READONLY_DBMOVED)
            return {ErrorKind::Io, file + " was moved, renamed or replaced while it was open; nothing was recorded. Open it again where it is now.", {}};
        return {ErrorKind::Denied, file + " can only be read (" + message + "). Change its permissions, or work on a copy.", {}};
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return {ErrorKind::Denied, "The database does not allow this: " + message + ".", excerpt(sql)};
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        return {ErrorKind::Io, file + " cannot be read or written (" + message + "). Check the disk and the folder's permissions.", {}};
    case SQLITE_NOMEM:
        return {ErrorKind::Io, "There is not enough memory for " + file + ".", {}};
    case SQLITE_INTERRUPT:
        return {ErrorKind::Cancelled, "The work on " + file + " was stopped.", {}};
    default:
        return {ErrorKind::Invalid, "The database cannot run this: " + message + ".", excerpt(sql)};
    }
}

} // namespace countersign::database
