#include "tests/support/testdatabases.h"

#include "tests/support/postgresserver.h"

#include <QTest>

namespace countersign::test {

void forEachBackend()
{
    QTest::addColumn<QString>("backend");
    for (const char *name : {"SQLite", "PostgreSQL"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

std::string freshDatabase(const QString &backend, const TemporaryFolder &folder)
{
    if (backend == QLatin1String("PostgreSQL")) {
        PostgresServer *server = PostgresServer::shared();
        return server ? server->uri() : std::string();
    }
    static int counter = 0;
    return folder.file("workspace-" + std::to_string(++counter) + ".countersign").string();
}

} // namespace countersign::test
