#include "models/settings/devicekey.h"

#include "models/settings/privatefile.h"

#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>

namespace countersign::settings {

namespace {

constexpr std::size_t kSeedBytes = 32;

Error denied(const std::filesystem::path &file, const std::string &why, const std::string &cure)
{
    return {ErrorKind::Denied, "The device key " + file.native() + " is not used, because " + why + ". " + cure, {}};
}

/// What an exposed key asks of a person: bytes that others could read may be in use elsewhere.
const char *const kCure = "If nobody else can have read it, correct that; otherwise delete the file, and a new key is made.";

Status checkGuarded(const Descriptor &in, const std::filesystem::path &file)
{
    struct stat status = {};
    if (::fstat(in.number(), &status) != 0)
        return systemError("device key", file, "read");
    if (!S_ISREG(status.st_mode))
        return denied(file, "it is not a regular file", "Remove it, and a new key is made.");
    if (status.st_uid != ::geteuid())
        return denied(file, "it belongs to another user of this computer", kCure);
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return denied(file, "other users of this computer may read or write it", std::string("Its mode has to be 0600. ") + kCure);
    if (status.st_size != static_cast<off_t>(kSeedBytes))
        return Error{ErrorKind::Invalid, "The device key " + file.native() + " is damaged: it has " + std::to_string(status.st_size)
                         + " bytes instead of 32. Restore it from a backup, or delete it, and a new key is made.", {}};
    return {};
}

/// nullopt: there is none.
Result<std::optional<crypto::SigningKey>> readKey(const std::filesystem::path &file)
{
    // O_NONBLOCK: opening a pipe that somebody put here must not wait for its writer.
    const Descriptor in(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!in.isOpen() && errno == ENOENT)
        return std::optional<crypto::SigningKey>();
    if (!in.isOpen() && errno == ELOOP)
        return denied(file, "it is a symbolic link", "Put the key itself there, or remove the link, and a new key is made.");
    if (!in.isOpen())
        return systemError("device key", file, "read");
    if (const Status guarded = checkGuarded(in, file); !guarded)
        return guarded.error();

    crypto::Secret seed(kSeedBytes);
    ssize_t count = -1;
    do
        count = ::read(in.number(), seed.data(), seed.size());
    while (count < 0 && errno == EINTR);
    if (count != static_cast<ssize_t>(kSeedBytes))
        return systemError("device key", file, "read");
    auto key = crypto::SigningKey::fromSeed(seed.view());
    if (!key)
        return key.error();
    return std::optional<crypto::SigningKey>(*std::move(key));
}

Device deviceOf(crypto::SigningKey key)
{
    DeviceId id = crypto::deviceId(key.publicKey());
    return {std::move(id), std::move(key)};
}

} // namespace

std::filesystem::path deviceKeyFile(const Folders &folders)
{
    return folders.data / "device.key";
}

Result<Device> deviceKey(const Folders &folders, Randomness &randomness)
{
    const std::filesystem::path file = deviceKeyFile(folders);
    auto existing = readKey(file);
    if (!existing)
        return existing.error();
    if (*existing)
        return deviceOf(**std::move(existing));

    if (const Status made = makePrivateFolder(folders.data); !made)
        return made.error();
    const Status created = createFile(file, crypto::SigningKey::generate(randomness).seed());
    if (!created && created.error().kind != ErrorKind::Conflict)
        return created.error();
    // Read it back: another program may have been first, and what is on the disk is what counts next time.
    auto stored = readKey(file);
    if (!stored)
        return stored.error();
    if (!*stored)
        return Error{ErrorKind::Io, "The device key " + file.native() + " was made, but is gone again.", {}};
    return deviceOf(**std::move(stored));
}

} // namespace countersign::settings
