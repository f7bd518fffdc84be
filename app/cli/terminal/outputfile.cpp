#include "app/cli/terminal/outputfile.h"

#include <unistd.h>

namespace countersign::cli {

Status checkTarget(const std::filesystem::path &file, bool mayReplace)
{
    std::error_code trouble;
    if (!file.has_filename())
        return Error{ErrorKind::Invalid, "Name the file to write, like report.pdf.", file.string()};
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    if (!std::filesystem::is_directory(folder, trouble))
        return Error{ErrorKind::Io, "There is no folder " + folder.string() + ".", {}};
    if (::access(folder.c_str(), W_OK) != 0)
        return Error{ErrorKind::Io, "Nothing may be written into " + folder.string() + ".", {}};
    if (std::filesystem::is_directory(file, trouble))
        return Error{ErrorKind::Io, file.string() + " is a folder. Name a file.", {}};
    if (std::filesystem::exists(file, trouble) && !mayReplace)
        return Error{
            ErrorKind::Io, file.string() + " exists already. Choose another name, or give --force to replace it.", {}};
    return {};
}

Result<OutputFile> OutputFile::open(const std::filesystem::path &file, bool mayReplace)
{
    if (const auto status = checkTarget(file, mayReplace); !status)
        return status.error();
    OutputFile output(std::make_unique<QSaveFile>(QString::fromStdString(file.string())));
    if (!output.m_file->open(QIODevice::WriteOnly))
        return output.failure();
    return output;
}

Status OutputFile::write(BytesView bytes)
{
    const auto size = static_cast<qint64>(bytes.size());
    return m_file->write(bytes.data(), size) == size ? Status() : Status(failure());
}

Status OutputFile::commit()
{
    return m_file->commit() ? Status() : Status(failure());
}

Status writeOutput(const std::filesystem::path &path, bool mayReplace, BytesView bytes)
{
    auto file = OutputFile::open(path, mayReplace);
    if (!file)
        return file.error();
    if (const auto status = file->write(bytes); !status)
        return status.error();
    return file->commit();
}

Error OutputFile::failure() const
{
    return {ErrorKind::Io, "It cannot be written: " + m_file->errorString().toStdString() + ".",
            m_file->fileName().toStdString()};
}

} // namespace countersign::cli
