#pragma once

#include "models/database/connection.h"

/// What a program that was killed while it wrote a SQLite file leaves beside it: a journal, which SQLite undoes in the
/// file before anybody reads. It does so with whatever journal lies there under that name, also one of another database
/// or of another day, and the file is another one then.
namespace countersign::database {

/// That what lies beside the file can be a journal of this program's: a file, and one that names no further files,
/// which SQLite would remove.
Status checkJournal(const std::filesystem::path &file);

/// Whether a journal lies there that the next reader undoes: not empty, and not in use by a program that writes now.
/// Otherwise as `mayUndo`, which is asked whether the file may become what a copy became. Leaves file and journal as
/// they are; nobody undoes the journal meanwhile.
Result<bool> hasUnfinishedWork(const Location &location, const OpenOptions &options);

} // namespace countersign::database
