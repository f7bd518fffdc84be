#pragma once

#include "tests/journeys/cli/desk.h"

namespace countersign::test {

/// A desk where several people work, each with a passphrase of their own in a file.
struct Office : Desk {
    using Desk::Desk;

    ProgramResult as(const QString &login, const QString &words) const
    {
        return program(split(words) +
                       QStringList{QStringLiteral("--as"), login, QStringLiteral("--passphrase-file"), secret(login)})
            .run();
    }
    QString secret(const QString &login) const
    {
        return login == QStringLiteral("aruiz")
                   ? path(QStringLiteral("pass"))
                   : write(login + QStringLiteral(".pass"), "the passphrase of " + login.toUtf8() + "\n");
    }
    ProgramResult enrol(const QString &by, const QString &login) const
    {
        return as(by, QStringLiteral("key|enroll|%1|--identity|passport seen|--new-passphrase-file|%2|--json")
                          .arg(login, secret(login)));
    }
    /// The key of an answer, or the first of several.
    static json::Value keyIn(const ProgramResult &result)
    {
        const json::Value answer = document(result);
        if (const json::Value *key = answer.find("key"))
            return *key;
        const json::Value *keys = answer.find("keys");
        return keys && keys->array() && keys->array()->size() > 0 ? (*keys->array())[0] : json::Value();
    }
    static QString text(const json::Value &key, const char *member)
    {
        return QString::fromStdString(key.textOr(member, {}));
    }
};

} // namespace countersign::test
