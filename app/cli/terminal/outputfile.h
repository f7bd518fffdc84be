#pragma once

#include "models/base/bytes.h"

#include <QtCore/QSaveFile>

#include <filesystem>
#include <memory>

namespace countersign::cli {

/// Whether a file that --output names can be written, looked at before what cannot be taken back. Io, Invalid: a
/// sentence why not.
Status checkTarget(const std::filesystem::path &file, bool mayReplace);

/// A file that a command writes piece by piece: whole, or not at all.
class OutputFile
{
public:
    /// checkTarget(), and opened.
    static Result<OutputFile> open(const std::filesystem::path &file, bool mayReplace);
    Status write(BytesView bytes);
    Status commit();

private:
    explicit OutputFile(std::unique_ptr<QSaveFile> file)
        : m_file(std::move(file))
    {
    }
    Error failure() const;

    std::unique_ptr<QSaveFile> m_file;
};

/// A whole file at once.
Status writeOutput(const std::filesystem::path &file, bool mayReplace, BytesView bytes);

} // namespace countersign::cli
