#pragma once

#include "models/crypto/signing.h"

#include <QString>

#include <memory>

namespace countersign::services {

/// What somebody typed, for unlocking a key: kept in memory that is wiped. `typed` itself belongs to the caller; copies on the way are wiped too.
inline std::shared_ptr<crypto::Secret> secretOf(const QString &typed)
{
    QByteArray utf8 = typed.toUtf8();
    std::string bytes(utf8.constData(), static_cast<std::size_t>(utf8.size()));
    utf8.fill('\0');
    return std::make_shared<crypto::Secret>(crypto::Secret::takeFrom(bytes));
}

} // namespace countersign::services
