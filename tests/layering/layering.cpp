#include "tests/layering/layering.h"

#include <QDir>
#include <QFileInfo>
#include <QLibraryInfo>
#include <QRegularExpression>

namespace countersign::layering {

namespace {

/// The height of every folder; arrows point down or sideways. A folder of ui/ that is not named is a page.
constexpr int kPage = 10;

int heightOf(const QString &module)
{
    static const std::map<QString, int> heights = {
        {QStringLiteral("models/base"), 0},     {QStringLiteral("models/domain"), 1},    {QStringLiteral("models/crypto"), 1},
        {QStringLiteral("models/duckdb"), 1},    {QStringLiteral("models/yaml"), 1},     {QStringLiteral("models/cards"), 2},
        {QStringLiteral("models/ledger"), 2},   {QStringLiteral("models/metrics"), 2},   {QStringLiteral("models/policy"), 2},
        {QStringLiteral("models/predictions"), 2}, {QStringLiteral("models/scoretables"), 2}, {QStringLiteral("models/computed"), 2},
        {QStringLiteral("models/release"), 2},
        {QStringLiteral("models/database"), 3}, {QStringLiteral("models/store"), 4},     {QStringLiteral("models/importers"), 4},
        {QStringLiteral("models/pushdown"), 4},
        {QStringLiteral("models/report"), 4},   {QStringLiteral("models/settings"), 4},  {QStringLiteral("models/services"), 5},
        {QStringLiteral("models/items"), 6},    {QStringLiteral("ui/theme"), 7},         {QStringLiteral("ui/charts"), 8},
        {QStringLiteral("ui/widgets"), 8},      {QStringLiteral("ui/print"), 9},         {QStringLiteral("ui/shell"), 11},
    };
    const auto known = heights.find(module);
    if (known != heights.end())
        return known->second;
    if (module.startsWith(QLatin1String("ui/")))
        return kPage;
    return module.startsWith(QLatin1String("app/")) ? 12 : -1;
}

bool isPage(const QString &module)
{
    return heightOf(module) == kPage;
}

bool mayShowWindows(const QString &module)
{
    return module.startsWith(QLatin1String("ui/")) || module.startsWith(QLatin1String("app/"));
}

/// Libraries that one module hides from all others.
QString keeperOf(const QString &header, const QString &own)
{
    const bool isPostgres = header.startsWith(QLatin1String("libpq")) || header.startsWith(QLatin1String("postgresql/"));
    // Rows that are counted where they are travel as libpq gives them, one by one.
    if (isPostgres && own == QLatin1String("models/pushdown"))
        return own;
    if (header == QLatin1String("sqlite3.h") || isPostgres)
        return QStringLiteral("models/database");
    if (header == QLatin1String("sodium.h") || header.startsWith(QLatin1String("sodium/")))
        return QStringLiteral("models/crypto");
    return {};
}

QString quotedViolation(const Modules &modules, const QString &own, const QString &name)
{
    if (name.endsWith(QLatin1String(".moc")))
        return {};
    if (name.startsWith(QLatin1String("tests/")))
        return QStringLiteral("includes a test's header");
    const QString target = moduleOf(modules, name);
    if (target.isEmpty())
        return QStringLiteral("is not a path from the project's root into a declared module");
    if (target == own)
        return {};
    if (isPage(own) && isPage(target))
        return QStringLiteral("a page includes another page");
    if (!modules.at(own).uses.contains(target))
        return QStringLiteral("%1 does not list %2 in USES").arg(own, target);
    return {};
}

QString angledViolation(const QString &own, const QString &flavour, const QString &name, const QtLookup &qt)
{
    const QString keeper = keeperOf(name, own);
    if (!keeper.isEmpty() && own != keeper)
        return QStringLiteral("only %1 may include this").arg(keeper);
    const QString qtModule = qt(name);
    if (qtModule.isEmpty())
        return {};
    if (flavour == QLatin1String("std"))
        return QStringLiteral("%1 is a module without Qt").arg(own);
    if (qtModule == QLatin1String("QtSql") && own != QLatin1String("models/database"))
        return QStringLiteral("only models/database may include QtSql");
    // The bus has no windows: below ui the keychain's module talks on it, and nobody else.
    if (qtModule == QLatin1String("QtDBus") && own == QLatin1String("models/settings"))
        return {};
    static const QStringList everywhere = {QStringLiteral("QtCore"), QStringLiteral("QtSql"), QStringLiteral("QtNetwork"), QStringLiteral("QtConcurrent")};
    if (!everywhere.contains(qtModule) && !mayShowWindows(own))
        return QStringLiteral("%1 stops at ui").arg(qtModule);
    return {};
}

/// A circle through `module`, as "a > b > a"; empty when there is none.
QString circleThrough(const Modules &modules, const QString &module, const QString &at, std::set<QString> &seen)
{
    const auto found = modules.find(at);
    if (found == modules.end())
        return {};
    for (const QString &used : found->second.uses) {
        if (used == module)
            return at + QStringLiteral(" > ") + used;
        if (!seen.insert(used).second)
            continue;
        const QString rest = circleThrough(modules, module, used, seen);
        if (!rest.isEmpty())
            return at + QStringLiteral(" > ") + rest;
    }
    return {};
}

QString edgeViolation(const Modules &modules, const QString &from, const QString &to)
{
    if (!modules.contains(to))
        return QStringLiteral("is not declared");
    if (isPage(from) && isPage(to))
        return QStringLiteral("a page uses another page");
    if (heightOf(to) > heightOf(from) || to.startsWith(QLatin1String("app/")))
        return QStringLiteral("the arrow points up");
    if (modules.at(from).flavour == QLatin1String("std") && modules.at(to).flavour != QLatin1String("std"))
        return QStringLiteral("a module without Qt uses one with Qt");
    if (modules.at(from).flavour != QLatin1String("gui") && modules.at(to).flavour == QLatin1String("gui"))
        return QStringLiteral("a module without windows uses one with windows");
    return {};
}

} // namespace

Modules parseModules(const QString &text)
{
    Modules modules;
    for (const QString &line : text.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QStringList parts = line.split(QLatin1Char('|'));
        if (parts.size() != 3)
            continue;
        Module &module = modules[parts[0].trimmed()];
        module.flavour = parts[1].trimmed();
        for (const QString &used : parts[2].split(QLatin1Char(' '), Qt::SkipEmptyParts))
            module.uses.insert(used.trimmed());
    }
    return modules;
}

QString moduleOf(const Modules &modules, const QString &path)
{
    QString folder = path;
    while (folder.contains(QLatin1Char('/'))) {
        folder = folder.left(folder.lastIndexOf(QLatin1Char('/')));
        if (modules.contains(folder))
            return folder;
    }
    return {};
}

std::vector<Include> includesOf(const QString &source)
{
    static const QRegularExpression directive(QStringLiteral("^\\s*#\\s*include\\s*(?:\"([^\"]+)\"|<([^>]+)>|(\\w+))"));
    std::vector<Include> includes;
    bool isComment = false;
    int number = 0;
    for (const QString &line : source.split(QLatin1Char('\n'))) {
        ++number;
        const auto match = isComment ? QRegularExpressionMatch() : directive.match(line);
        if (match.hasMatch()) {
            const int which = match.lastCapturedIndex();
            includes.push_back({number, match.captured(which), which == 1, which == 3});
            continue;
        }
        // A block comment that a line opens and does not close hides the lines after it.
        const auto open = line.lastIndexOf(QLatin1String("/*"));
        const auto close = line.lastIndexOf(QLatin1String("*/"));
        const auto lineComment = line.indexOf(QLatin1String("//"));
        const bool opens = open >= 0 && (lineComment < 0 || open < lineComment);
        if (isComment ? close >= 0 : opens)
            isComment = opens && open > close;
    }
    return includes;
}

QString qtModuleOf(const QString &header)
{
    static const QString root = QLibraryInfo::path(QLibraryInfo::HeadersPath);
    static const QStringList all = QDir(root).entryList({QStringLiteral("Qt*")}, QDir::Dirs);
    static std::map<QString, QString> known;
    if (header.contains(QLatin1Char('/')))
        return all.contains(header.section(QLatin1Char('/'), 0, 0)) ? header.section(QLatin1Char('/'), 0, 0) : QString();
    if (!header.startsWith(QLatin1Char('Q')) && !header.startsWith(QLatin1Char('q')))
        return {};
    auto found = known.find(header);
    if (found == known.end()) {
        QString module;
        for (const QString &candidate : all) {
            if (module.isEmpty() && QFileInfo::exists(root + QLatin1Char('/') + candidate + QLatin1Char('/') + header))
                module = candidate;
        }
        found = known.emplace(header, module).first;
    }
    return found->second;
}

QStringList violationsIn(const Modules &modules, const QString &path, const QString &source, const QtLookup &qt)
{
    const QString own = moduleOf(modules, path);
    if (own.isEmpty())
        return {path + QStringLiteral(": the file is in no declared module")};
    QStringList violations;
    for (const Include &include : includesOf(source)) {
        QString what;
        if (include.isMacro)
            what = QStringLiteral("an include through a macro cannot be checked");
        else if (include.isQuoted)
            what = quotedViolation(modules, own, include.name);
        else
            what = angledViolation(own, modules.at(own).flavour, include.name, qt);
        if (!what.isEmpty())
            violations << QStringLiteral("%1:%2: %3: %4").arg(path, QString::number(include.line), include.name, what);
    }
    return violations;
}

QStringList violationsOf(const Modules &modules)
{
    QStringList violations;
    for (const auto &[path, module] : modules) {
        if (heightOf(path) < 0)
            violations << path + QStringLiteral(": has no place in the house; name its height in tests/layering/layering.cpp");
        if (module.flavour == QLatin1String("gui") && !mayShowWindows(path))
            violations << path + QStringLiteral(": windows are for ui and app");
        for (const QString &used : module.uses) {
            const QString what = edgeViolation(modules, path, used);
            if (!what.isEmpty())
                violations << QStringLiteral("%1 uses %2: %3").arg(path, used, what);
        }
        std::set<QString> seen;
        const QString circle = circleThrough(modules, path, path, seen);
        if (!circle.isEmpty())
            violations << QStringLiteral("a circle: ") + circle;
    }
    return violations;
}

} // namespace countersign::layering
