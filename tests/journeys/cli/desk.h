#pragma once

#include "models/base/json.h"
#include "tests/support/program.h"
#include "tests/support/temporaryfolder.h"

#include <QFile>

namespace countersign::test {

/// A person at a command line: one home folder, one workspace, a passphrase in a file.
class Desk
{
public:
    static constexpr const char *kPassphrase = "correct horse battery";

    explicit Desk(const TemporaryFolder &folder, const QString &workspace) : m_folder(folder.path()), m_workspace(workspace)
    {
        write(QStringLiteral("pass"), QByteArray(kPassphrase) + "\n");
        QFile::setPermissions(path(QStringLiteral("pass")), QFile::ReadOwner | QFile::WriteOwner);
    }

    QString path(const QString &name) const { return m_folder + QLatin1Char('/') + name; }
    QString write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write");
        return file.fileName();
    }
    Program program(const QStringList &arguments) const
    {
        Program program(QStringLiteral("countersign-cli"));
        program.home(m_folder + QStringLiteral("/home")).environment(QStringLiteral("COUNTERSIGN_WORKSPACE"), m_workspace).arguments(arguments);
        return program;
    }
    ProgramResult run(const QString &words) const { return program(split(words)).run(); }
    /// The same with the passphrase file.
    ProgramResult runSigning(const QString &words) const { return program(split(words) + QStringList{QStringLiteral("--passphrase-file"), path(QStringLiteral("pass"))}).run(); }
    ProgramResult init(const QString &more = {}) const { return runSigning(QStringLiteral("init|--admin|Ana Ruiz|--role|administrator|--role|validator") + more); }
    const QString &workspace() const { return m_workspace; }

    static QStringList split(const QString &words) { return words.split(QLatin1Char('|'), Qt::SkipEmptyParts); }
    static json::Value document(const ProgramResult &result)
    {
        auto value = json::parse(BytesView(result.out.constData(), static_cast<std::size_t>(result.out.size())));
        return value ? *value : json::Value();
    }

private:
    QString m_folder;
    QString m_workspace;
};

inline const QByteArray kMetrics = "model,version,metric,slice,window_start,window_end,value,n\n"
                                   "credit-pd,3.1,auc,,2026-01-01,2026-02-01,0.741,4800\n"
                                   "credit-pd,3.2,auc,,2026-01-01,2026-02-01,0.7130,4812\n"
                                   "credit-pd,3.2,auc,,2026-02-01,2026-03-01,0.693,4812\n"
                                   "credit-pd,3.2,auc,sex=M,2026-02-01,2026-03-01,NaN,12\n";

} // namespace countersign::test

/// The exit code, with what the program said when it is another.
#define COMPARE_EXIT(result, expected)                                                                                 \
    do {                                                                                                               \
        const auto &ended = (result);                                                                                  \
        QVERIFY2(!ended.wasKilled && ended.exitCode == (expected),                                                     \
                 QByteArray(QByteArray::number(ended.exitCode) + ": " + ended.err + ended.out).constData());           \
    } while (false)
