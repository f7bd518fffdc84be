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

} // namespace countersign::cli
