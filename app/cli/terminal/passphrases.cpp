#include "app/cli/terminal/passphrases.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace countersign::cli {

namespace {

constexpr std::size_t kLongest = 1024;

Error fileError(const std::string &file)
{
    return {errno == ENOENT ? ErrorKind::NotFound : ErrorKind::Io, "The file with the secret cannot be read: " + std::string(std::strerror(errno)) + ".", file};
}

Result<crypto::Secret> firstLine(int descriptor, const std::string &file)
{
    crypto::Secret line(kLongest);
    std::size_t length = 0;
    char c = 0;
    ssize_t got = 0;
    while ((got = ::read(descriptor, &c, 1)) == 1 && c != '\n') {
        if (length == kLongest)
            return Error{ErrorKind::Invalid, "The first line is longer than 1024 bytes.", file};
        line.data()[length++] = static_cast<std::uint8_t>(c);
    }
    if (got < 0)
        return fileError(file);
    if (length > 0 && line.data()[length - 1] == '\r')
        --length;
    if (length == 0)
        return Error{ErrorKind::Invalid, "The first line is empty.", file};
    crypto::Secret secret(length);
    std::memcpy(secret.data(), line.data(), length);
    return secret;
}

} // namespace

Result<crypto::Secret> secretFromFile(const std::string &file, Terminal &terminal)
{
    if (file == "-")
        return firstLine(STDIN_FILENO, "standard input");
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return fileError(file);
    struct stat facts = {};
    if (::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode) && (facts.st_mode & (S_IRGRP | S_IROTH)) != 0)
        terminal.say("Warning: other users of this computer may read " + file + ". Run: chmod 600 on it.");
    auto secret = firstLine(descriptor, file);
    ::close(descriptor);
    return secret;
}

Result<crypto::Secret> secretFrom(const std::optional<std::string> &file, const std::string &option, const std::string &question, Terminal &terminal)
{
    if (file)
        return secretFromFile(*file, terminal);
    if (!terminal.mayAsk())
        return Error{ErrorKind::Denied, question + " is needed, and nobody can be asked. Run this in a terminal, or give " + option + " FILE.", {}};
    return terminal.askSecret(question + ":");
}

Result<crypto::Secret> newSecretFrom(const std::optional<std::string> &file, const std::string &option, const std::string &whose, Terminal &terminal)
{
    auto first = secretFrom(file, option, "New signing passphrase of " + whose, terminal);
    if (!first || file)
        return first;
    const auto second = terminal.askSecret("The same again:");
    if (!second)
        return second.error();
    if (first->view() != second->view())
        return Error{ErrorKind::Invalid, "The two passphrases differ; nothing was changed. Run the command again.", {}};
    return first;
}

} // namespace countersign::cli
