#pragma once

#include <QStringList>

#include <functional>
#include <map>
#include <set>

/// The rules of the house (design, section 2), as functions on texts, so that a planted violation can be tested.
namespace countersign::layering {

struct Module {
    QString flavour; ///< std, core or gui
    std::set<QString> uses;
};
using Modules = std::map<QString, Module>; ///< by path, "models/base"

/// Reads what CMake wrote at configure: a line "path|flavour|uses separated by spaces" per module and program.
Modules parseModules(const QString &text);

/// "models/base" for "models/base/result.h": the declared module whose folder the path is in; empty when there is none.
QString moduleOf(const Modules &modules, const QString &path);

/// An #include line: what is between the quotes or angle brackets.
struct Include {
    int line = 0;
    QString name;
    bool isQuoted = false;
    bool isMacro = false; ///< #include SOMETHING, which nobody can check
};
/// The include lines of a source, those in comments left out.
std::vector<Include> includesOf(const QString &source);

/// "QtWidgets" for "QLabel"; empty when the header is not Qt's.
using QtLookup = std::function<QString(const QString &header)>;
/// Asks the installed headers.
QString qtModuleOf(const QString &header);

/// What a source file at this path includes against the rules, one sentence each.
QStringList violationsIn(const Modules &modules, const QString &path, const QString &source, const QtLookup &qt = qtModuleOf);
/// What the declarations themselves break: arrows that point up, pages that use pages, std modules that use Qt, circles.
QStringList violationsOf(const Modules &modules);

} // namespace countersign::layering
