#include "models/settings/devicekey.h"
#include "tests/support/temporaryfolder.h"
#include "tests/support/verify.h"

#include <QTest>

#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace countersign;
using settings::Folders;
using test::TemporaryFolder;

namespace {

Folders foldersIn(const TemporaryFolder &folder) { return Folders::below(folder.file("profile")); }

unsigned modeOf(const std::filesystem::path &path)
{
    struct stat status = {};
    return ::lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

/// A key file with this content and mode.
std::filesystem::path putKey(const Folders &folders, const QByteArray &bytes, mode_t mode = 0600)
{
    const auto file = settings::deviceKeyFile(folders);
    std::filesystem::create_directories(file.parent_path());
    QFile out(QString::fromStdString(file.native()));
    if (!out.open(QFile::WriteOnly) || out.write(bytes) != bytes.size())
        qFatal("cannot write");
    out.close();
    ::chmod(file.c_str(), mode);
    return file;
}

Result<settings::Device> openKey(const Folders &folders)
{
    SystemRandomness randomness;
    return settings::deviceKey(folders, randomness);
}

} // namespace

class TestDeviceKey : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isMadeAtFirstUseAndKept();
    void isReadableByItsPersonOnly();
    void signsWithTheKeyOfTheSeed();
    void isNamedByTheDigestOfItsPublicKey();
    void isTheSameForProgramsThatStartTogether();
    void differsBetweenComputers();
    void isRefusedWhenOthersMayReadIt_data();
    void isRefusedWhenOthersMayReadIt();
    void isRefusedThroughASymbolicLink();
    void isRefusedFromAPipe();
    void isRefusedWhenItBelongsToSomebodyElse();
    void isRefusedWhenDamaged_data();
    void isRefusedWhenDamaged();
    void isNotMadeWhereAFolderIsMissing();
};

void TestDeviceKey::isMadeAtFirstUseAndKept()
{
    const TemporaryFolder folder;
    const auto first = openKey(foldersIn(folder));
    QVERIFY_RESULT(first);
    const auto second = openKey(foldersIn(folder));
    QVERIFY_RESULT(second);
    QCOMPARE(second->id.text(), first->id.text());
    QVERIFY(second->key.publicKey() == first->key.publicKey());
    QVERIFY(crypto::verify(first->key.publicKey(), "message", second->key.sign("message")));
}

void TestDeviceKey::isReadableByItsPersonOnly()
{
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    const mode_t before = ::umask(0);
    const auto device = openKey(folders);
    ::umask(before);
    QVERIFY_RESULT(device);
    QCOMPARE(modeOf(settings::deviceKeyFile(folders)), 0600U);
    QCOMPARE(modeOf(folders.data), 0700U);
    QCOMPARE(std::distance(std::filesystem::directory_iterator(folders.data), std::filesystem::directory_iterator()), 1);
}

void TestDeviceKey::signsWithTheKeyOfTheSeed()
{
    // RFC 8032, section 7.1, test 2.
    const TemporaryFolder folder;
    putKey(foldersIn(folder), QByteArray::fromHex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
    const auto device = openKey(foldersIn(folder));
    QVERIFY_RESULT(device);
    QCOMPARE(toHex(device->key.publicKey().view()), std::string("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    QCOMPARE(toHex(device->key.sign("\x72").view()),
             std::string("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
}

void TestDeviceKey::isNamedByTheDigestOfItsPublicKey()
{
    const TemporaryFolder folder;
    const auto device = openKey(foldersIn(folder));
    QVERIFY_RESULT(device);
    QCOMPARE(device->id.text(), "d:" + crypto::keyDigest(device->key.publicKey()).hex().substr(0, 32));
    QVERIFY_RESULT(DeviceId::parse(device->id.text()));
    QVERIFY(device->id == crypto::deviceId(device->key.publicKey()));
}

void TestDeviceKey::isTheSameForProgramsThatStartTogether()
{
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    constexpr int kPrograms = 8;
    std::string ids[kPrograms];
    std::vector<std::thread> threads;
    for (std::string &id : ids) {
        threads.emplace_back([&id, &folders] {
            const auto device = openKey(folders);
            id = device ? device->id.text() : device.error().text();
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QVERIFY2(ids[0].starts_with("d:"), ids[0].c_str());
    for (const std::string &id : ids)
        QCOMPARE(id, ids[0]);
}

void TestDeviceKey::differsBetweenComputers()
{
    const TemporaryFolder one;
    const TemporaryFolder other;
    QVERIFY(openKey(foldersIn(one))->id != openKey(foldersIn(other))->id);
}

void TestDeviceKey::isRefusedWhenOthersMayReadIt_data()
{
    QTest::addColumn<int>("mode");
    QTest::newRow("group reads") << 0640;
    QTest::newRow("others read") << 0604;
    QTest::newRow("group writes") << 0620;
    QTest::newRow("everybody") << 0666;
}

void TestDeviceKey::isRefusedWhenOthersMayReadIt()
{
    QFETCH(int, mode);
    const TemporaryFolder folder;
    const auto file = putKey(foldersIn(folder), QByteArray(32, 'x'), static_cast<mode_t>(mode));
    const auto device = openKey(foldersIn(folder));
    QVERIFY_ERROR(device, ErrorKind::Denied);
    QVERIFY2(device.error().message.find(file.native()) != std::string::npos, device.error().message.c_str());
    QVERIFY2(device.error().message.find("0600") != std::string::npos, device.error().message.c_str());
    QCOMPARE(modeOf(file), static_cast<unsigned>(mode)); // not repaired silently
}

void TestDeviceKey::isRefusedThroughASymbolicLink()
{
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    const auto file = putKey(folders, QByteArray(32, 'x'));
    std::filesystem::rename(file, folder.file("elsewhere"));
    std::filesystem::create_symlink(folder.file("elsewhere"), file);
    QVERIFY_ERROR(openKey(folders), ErrorKind::Denied);

    std::filesystem::remove(folder.file("elsewhere")); // a dangling one is not written through either
    QVERIFY_ERROR(openKey(folders), ErrorKind::Denied);
    QVERIFY(!std::filesystem::exists(folder.file("elsewhere")));
}

void TestDeviceKey::isRefusedFromAPipe()
{
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    std::filesystem::create_directories(folders.data);
    QCOMPARE(::mkfifo(settings::deviceKeyFile(folders).c_str(), 0600), 0);
    QVERIFY_ERROR(openKey(folders), ErrorKind::Denied); // and does not wait for a writer
}

void TestDeviceKey::isRefusedWhenItBelongsToSomebodyElse()
{
    const TemporaryFolder folder;
    const Folders folders = foldersIn(folder);
    const auto file = putKey(folders, QByteArray(32, 'x'));
    if (::geteuid() == 0) {
        QCOMPARE(::chown(file.c_str(), 65534, 65534), 0);
        QVERIFY_ERROR(openKey(folders), ErrorKind::Denied);
        QCOMPARE(::chown(file.c_str(), 0, 0), 0);
    }
    QVERIFY_RESULT(openKey(folders)); // who is not root cannot give files away: at least the own one is taken
}

void TestDeviceKey::isRefusedWhenDamaged_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("empty") << 0;
    QTest::newRow("cut off") << 31;
    QTest::newRow("too long") << 33;
}

void TestDeviceKey::isRefusedWhenDamaged()
{
    QFETCH(int, size);
    const TemporaryFolder folder;
    const auto file = putKey(foldersIn(folder), QByteArray(size, 'x'));
    QVERIFY_ERROR(openKey(foldersIn(folder)), ErrorKind::Invalid);
    QCOMPARE(std::filesystem::file_size(file), static_cast<std::uintmax_t>(size)); // never replaced: it may be restored
}

void TestDeviceKey::isNotMadeWhereAFolderIsMissing()
{
    const TemporaryFolder folder;
    QFile blocker(QString::fromStdString(folder.file("profile").native()));
    QVERIFY(blocker.open(QFile::WriteOnly));
    QVERIFY_ERROR(openKey(foldersIn(folder)), ErrorKind::Io);
}

QTEST_GUILESS_MAIN(TestDeviceKey)
#include "tst_devicekey.moc"
