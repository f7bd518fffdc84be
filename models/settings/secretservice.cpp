#include "models/settings/secretservice.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusReply>
#include <QDBusVariant>
#include <QFileInfo>
#include <QUuid>

namespace countersign::settings {

namespace {

const QString kService = QStringLiteral("org.freedesktop.secrets");

/// A private connection, so that nothing of it stays behind.
class Bus
{
public:
    Bus()
        : m_name(QUuid::createUuid().toString(QUuid::WithoutBraces)),
          m_connection(QDBusConnection::connectToBus(QDBusConnection::SessionBus, m_name))
    {
    }
    ~Bus() { QDBusConnection::disconnectFromBus(m_name); }
    Q_DISABLE_COPY_MOVE(Bus)

    bool isConnected() const { return m_connection.isConnected(); }
    QDBusMessage call(const QString &service, const QString &path, const QString &interface, const QString &method,
                      const QVariantList &arguments, std::chrono::milliseconds limit)
    {
        QDBusMessage message = QDBusMessage::createMethodCall(service, path, interface, method);
        message.setArguments(arguments);
        return m_connection.call(message, QDBus::Block, static_cast<int>(limit.count()));
    }
    QDBusMessage callBus(const QString &method, const QVariantList &arguments, std::chrono::milliseconds limit)
    {
        const QString bus = QStringLiteral("org.freedesktop.DBus");
        return call(bus, QStringLiteral("/org/freedesktop/DBus"), bus, method, arguments, limit);
    }

private:
    QString m_name;
    QDBusConnection m_connection;
};

bool isProvided(Bus &bus, std::chrono::milliseconds limit)
{
    const QDBusReply<bool> isRunning = bus.callBus(QStringLiteral("NameHasOwner"), {kService}, limit);
    if (isRunning.isValid() && isRunning.value())
        return true;
    const QDBusReply<QStringList> startable = bus.callBus(QStringLiteral("ListActivatableNames"), {}, limit);
    return startable.isValid() && startable.value().contains(kService);
}

bool isUnlocked(Bus &bus, std::chrono::milliseconds limit)
{
    const QDBusReply<QDBusObjectPath> collection =
        bus.call(kService, QStringLiteral("/org/freedesktop/secrets"), QStringLiteral("org.freedesktop.Secret.Service"),
                 QStringLiteral("ReadAlias"), {QStringLiteral("default")}, limit);
    if (!collection.isValid() || collection.value().path() == QStringLiteral("/"))
        return false;
    const QDBusReply<QDBusVariant> isLocked =
        bus.call(kService, collection.value().path(), QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("Get"),
                 {QStringLiteral("org.freedesktop.Secret.Collection"), QStringLiteral("Locked")}, limit);
    return isLocked.isValid() && !isLocked.value().variant().toBool();
}

} // namespace

bool hasSessionBus()
{
    if (!qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS"))
        return true;
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return !runtime.isEmpty() && QFileInfo::exists(runtime + QStringLiteral("/bus"));
}

SecretServiceState secretServiceState(std::chrono::milliseconds limit)
{
    if (!hasSessionBus())
        return SecretServiceState::NoBus;
    Bus bus;
    if (!bus.isConnected())
        return SecretServiceState::NoBus;
    if (!isProvided(bus, limit))
        return SecretServiceState::NoService;
    return isUnlocked(bus, limit) ? SecretServiceState::Ready : SecretServiceState::Locked;
}

} // namespace countersign::settings
