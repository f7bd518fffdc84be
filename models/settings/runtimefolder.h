#pragma once

#include <string>

namespace countersign::settings {

/// Where sockets and other short-lived files of this run go. A login session provides the folder in XDG_RUNTIME_DIR; on a server or in a
/// container nobody does, and Qt would make one in a place that everybody can guess and warn about it. Then a private one, mode 0700, is
/// made for this run and named in the environment; it is removed with the object. Make it before the Qt application, keep it longest.
class RuntimeFolder
{
public:
    RuntimeFolder();
    ~RuntimeFolder();
    RuntimeFolder(const RuntimeFolder &) = delete;
    RuntimeFolder &operator=(const RuntimeFolder &) = delete;

    const std::string &made() const { return m_made; } ///< empty: there was one, or none can be made

private:
    std::string m_made;
};

} // namespace countersign::settings
