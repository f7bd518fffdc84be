#include "models/settings/runtimefolder.h"

#include <cstdlib>
#include <filesystem>

namespace countersign::settings {

RuntimeFolder::RuntimeFolder()
{
    if (const char *given = std::getenv("XDG_RUNTIME_DIR"); given && *given)
        return;
    std::error_code trouble;
    const auto temporary = std::filesystem::temp_directory_path(trouble);
    if (trouble)
        return;
    std::string name = (temporary / "countersign-run-XXXXXX").string();
    if (!::mkdtemp(name.data()))
        return;
    m_made = name;
    ::setenv("XDG_RUNTIME_DIR", name.c_str(), 1);
}

RuntimeFolder::~RuntimeFolder()
{
    if (m_made.empty())
        return;
    std::error_code ignored;
    std::filesystem::remove_all(m_made, ignored);
    ::unsetenv("XDG_RUNTIME_DIR");
}

} // namespace countersign::settings
