#pragma once

#include <QDir>
#include <QTemporaryDir>

#include <filesystem>
#include <string>

namespace countersign::test {

/// A folder that is gone with the object, whatever the test did.
class TemporaryFolder
{
public:
    TemporaryFolder() : m_dir(QDir::tempPath() + QStringLiteral("/countersign-test-XXXXXX")) { Q_ASSERT(m_dir.isValid()); }

    QString path() const { return m_dir.path(); }
    QString filePath(const QString &name) const { return m_dir.filePath(name); }
    std::filesystem::path file(const std::string &name) const { return std::filesystem::path(m_dir.path().toStdString()) / name; }

private:
    QTemporaryDir m_dir;
};

} // namespace countersign::test
