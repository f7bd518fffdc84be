#pragma once

#include "tests/support/temporaryfolder.h"

#include <string>

namespace countersign::test {

/// Rows "SQLite" and "PostgreSQL" with a column "backend", for the _data function of a test that must hold on both:
///     void keepsRows_data() { test::forEachBackend(); }
///     void keepsRows() { QFETCH(QString, backend); const auto address = test::freshDatabase(backend, m_folder); … }
void forEachBackend();

/// The address of a database that nobody has used: a file that does not exist yet, or an empty database of the shared server. Open it with
/// OpenOptions{.create = true}. Empty when PostgreSQL cannot be started; the warning before says why.
std::string freshDatabase(const QString &backend, const TemporaryFolder &folder);

} // namespace countersign::test
