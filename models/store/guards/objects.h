#pragma once

#include "models/database/connection.h"

#include <string>
#include <vector>

namespace countersign::store {

/// An object of the schema that is not the program's: a trigger that was dropped, a function that was replaced, a table nobody made.
struct ForeignObject {
    std::string sentence;     ///< "The trigger “entry_update” is missing."
    bool isUnreadable = false; ///< a table stands for something else, so that even reading could run what somebody put there
};

/// Compares the objects of a workspace whose schema is the program's newest with what the scripts of resources/sql make of an empty database:
/// on SQLite every table, index, trigger and view by its text; on PostgreSQL functions by their text, triggers, policies, rules and row-level security.
/// Indexes that somebody added on PostgreSQL are not looked at. Reads only.
Result<std::vector<ForeignObject>> foreignObjects(database::Connection &connection);

/// Invalid: among them is one that makes the workspace unreadable; the sentence says what to do.
Status checkReadable(const std::vector<ForeignObject> &foreign);

} // namespace countersign::store
