#include "app/cli/terminal/textfile.h"

#include <algorithm>
#include <array>
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
    std::string text;
    std::array<char, 1U << 16> part{};
    while (text.size() < largest && (stream.read(part.data(), static_cast<std::streamsize>(std::min(part.size(), largest - text.size()))) || stream.gcount() > 0))
        text.append(part.data(), static_cast<std::size_t>(stream.gcount()));
    if (!stream.is_open() || stream.bad())
        return Error{ErrorKind::NotFound, std::string(what) + " cannot be read. Check the path.", path};
    return text;
}

} // namespace countersign::cli
