#pragma once

#include "tests/support/temporaryfolder.h"

#include <QProcess>
#include <QStringList>

namespace countersign::test {

/// A D-Bus session with a real GNOME Keyring in a home folder of its own: nothing of the machine's user is touched. Both programs end
/// with the object, and with the test process, however that ends.
class KeyringSession
{
public:
    enum class Services {
        OnlyStarted, ///< nothing can be started over D-Bus: who has no keyring daemon has none, and no prompter asks anybody
        Installed,   ///< as on a desktop: D-Bus starts the keyring daemon when it is asked for
    };
    static constexpr const char *kKeyringPassword = "the keyring's own";

    explicit KeyringSession(Services services = Services::OnlyStarted);
    ~KeyringSession();
    Q_DISABLE_COPY_MOVE(KeyringSession)

    bool isRunning() const { return m_bus.state() == QProcess::Running; }
    QString address() const { return m_address; }
    QString home() const { return m_home.path(); }

    /// Starts the daemon and gives it this password for the login keyring, which it makes when there is none. True as soon as it answers.
    bool startKeyring(const QString &password = QString::fromLatin1(kKeyringPassword));
    /// Ends the daemon; what it keeps is on the disk.
    bool stopKeyring();
    void stopBus();
    qint64 keyringProcess() const { return m_keyring.processId(); }

    /// What programs of this session have in their environment.
    QProcessEnvironment environment() const;
    /// Runs a program in the session; its standard output, or "exit N" and standard error.
    QString run(const QString &program, const QStringList &arguments) const;

private:
    bool hasOwner(const QString &name) const;

    TemporaryFolder m_home;
    QProcess m_bus;
    QProcess m_keyring;
    QString m_address;
};

/// The environment of a program that is in no session at all.
QProcessEnvironment outsideEnvironment(const QString &home);
QString runProgram(const QString &program, const QStringList &arguments, const QProcessEnvironment &environment);

} // namespace countersign::test
