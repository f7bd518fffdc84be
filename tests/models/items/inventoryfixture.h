#pragma once

#include "models/services/workspace/workspace.h"
#include "models/store/statements.h"
#include "tests/models/services/workspacefixture.h"
#include "tests/support/verify.h"

#include <QtTest>

namespace countersign::test {

/// A workspace file with a founder, and a Workspace that has it open.
class InventoryWorkspace
{
public:
    explicit InventoryWorkspace(const TemporaryFolder &folder, const QString &name = QStringLiteral("models.countersign"))
        : m_location(database::Location::sqlite(folder.file(name.toStdString()))), m_environment(testEnvironment()), workspace(m_environment)
    {
    }

    /// Fills it through `make(Session &)`, closes that session, and opens the workspace.
    template<class Make>
    bool open(Make make)
    {
        {
            auto session = freshWorkspace(m_location.text(), m_environment);
            if (!session) {
                qWarning("%s", session.error().text().c_str());
                return false;
            }
            make(**session);
        }
        bool isDone = false;
        bool isGood = false;
        workspace.open({m_location, {}, false, {}}, &workspace, [&](const Status &status) {
            isDone = true;
            isGood = status.ok();
            if (!status)
                qWarning("%s", status.error().text().c_str());
        });
        return QTest::qWaitFor([&] { return isDone; }, 20000) && isGood && workspace.state().isOpen;
    }

    /// Until everything asked of the lane so far has been answered, and what those answers asked for in turn.
    bool settle(int rounds = 4)
    {
        for (int i = 0; i < rounds; ++i) {
            bool isBack = false;
            workspace.run(&workspace, [](services::Session &) { return Status(); }, [&](const Status &) { isBack = true; });
            if (!QTest::qWaitFor([&] { return isBack; }, 20000))
                return false;
            QCoreApplication::processEvents();
        }
        return true;
    }

    /// On the lane, waiting for it.
    template<class Work>
    bool onLane(Work work)
    {
        bool isGood = false;
        bool isBack = false;
        workspace.run(&workspace, std::move(work), [&](const Status &status) {
            isBack = true;
            isGood = status.ok();
            if (!status)
                qWarning("%s", status.error().text().c_str());
        });
        return QTest::qWaitFor([&] { return isBack; }, 60000) && isGood;
    }

private:
    database::Location m_location;
    services::Environment m_environment;

public:
    services::Workspace workspace;
};

/// `count` rows straight into the projection: what a list shows matters here, not where it comes from. Of every ten models one fails and two
/// are on watch, one sign-off is stale; owners, tiers and stages go round.
inline void insertModels(services::Session &session, int count)
{
    store::Statements sql(session.connection());
    sql.run("INSERT INTO model (no, id, name, name_key, description, purpose, use_case, owner, tier, source, source_key, created_at, updated_at, import, "
            "version_count, current_version, current_label, stage, verdict, verdict_sentence, worst, sign_state) "
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            "SELECT i, 'm:' || printf('%08x', i), printf('model-%06d', (i * 7919) % 1000003), printf('model-%06d', (i * 7919) % 1000003), '', '', "
            "'Case ' || (i % 5), 'Owner ' || (i % 7), CASE WHEN i % 4 = 3 THEN NULL ELSE i % 4 + 1 END, 'test', 'k' || i, 1760000000000 + i * 1000, 1760000000000 + i * 1000, '', "
            "1, 'v:' || printf('%08x', i), (i % 9) || '.' || (i % 3), i % 7, CASE i % 10 WHEN 0 THEN 0 WHEN 1 THEN 2 WHEN 2 THEN 2 WHEN 3 THEN 5 ELSE 4 END, "
            "CASE i % 10 WHEN 0 THEN 'Fails 1 of 1 limit: AUC is low.' ELSE '' END, CASE i % 10 WHEN 0 THEN 'AUC is low' ELSE '' END, "
            "CASE i % 10 WHEN 5 THEN 2 WHEN 6 THEN 1 ELSE 0 END FROM n",
            count);
    if (!sql.status())
        qFatal("%s", sql.status().error().text().c_str());
}

} // namespace countersign::test
