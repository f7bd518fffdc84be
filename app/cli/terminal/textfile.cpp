#include "app/cli/terminal/textfile.h"

#include <fstream>

namespace countersign::cli {

Status writeTextFile(const std::string &path, std::string_view text, std::string_view what)
{
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    return file ? Status() : Error{ErrorKind::Io, std::string(what) + " cannot be written. Check the path, and that there is room.", path};
}

Result<std::string> readTextFile(const std::string &path, std::size_t largest, std::string_view what)
{
    std::ifstream stream(path, std::ios::binary);
    std::string text(largest, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream.is_open() || stream.bad() || (stream.fail() && !stream.eof()))
        return Error{ErrorKind::NotFound, std::string(what) + " cannot be read. Check the path.", path};
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

} // namespace countersign::cli
