#pragma once

#include "models/database/connection.h"

#include <string>
#include <vector>

namespace countersign::store {

/// One thing that a database should do for a record, and whether it does.
struct DatabaseCheck {
    enum class State { Holds, Weak, Fails };
    std::string name;     ///< "Duties", "fsync": short
    State state = State::Holds;
    std::string sentence;
};

/// Whether somebody who works here could change the record without the program's functions. A file always says no.
struct Separation {
    bool isSeparated = false;
    std::string sentence;
};
Result<Separation> dutySeparation(database::Connection &connection);

/// Everything that `db status` tells: schema, objects, duties and logins, durability, transport. Reads only.
Result<std::vector<DatabaseCheck>> databaseStatus(database::Connection &connection);

} // namespace countersign::store
