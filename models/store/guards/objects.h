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
/// on SQLite every table, index, trigger and view by its text; on PostgreSQL tables with their columns and constraints, functions, triggers, policies and
/// indexes by all that they say, and what roles were granted. Indexes that only make something faster are not looked at there. Reads only.
Result<std::vector<ForeignObject>> foreignObjects(database::Connection &connection);

/// Invalid: among them is one that makes the workspace unreadable; the sentence says what to do.
Status checkReadable(const std::vector<ForeignObject> &foreign);

} // namespace countersign::store
