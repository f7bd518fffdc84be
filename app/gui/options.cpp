#include "app/gui/options.h"

#include <QCoreApplication>

namespace countersign::gui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Options", text);
}

Error usage(const QString &what)
{
    return {ErrorKind::Invalid, (what + QLatin1Char(' ') + tr("See countersign --help.")).toStdString(), {}};
}

Status readSize(const QString &text, QSize &size)
{
    const QStringList parts = text.toLower().split(QLatin1Char('x'));
    bool isGood = parts.size() == 2;
    for (const QString &part : parts) {
        bool isNumber = false;
        const int pixels = part.toInt(&isNumber);
        isGood = isGood && isNumber && pixels >= 320 && pixels <= 8192;
    }
    if (!isGood)
        return usage(tr("--size takes a width and a height in pixels, like 1440x900, not “%1”.").arg(text));
    size = QSize(parts[0].toInt(), parts[1].toInt());
    return {};
}

// "audit", "model:credit-pd/3.2", "model:credit-pd/3.2#metrics"
void readPage(const QString &text, Options &options)
{
    const qsizetype colon = text.indexOf(QLatin1Char(':'));
    const qsizetype hash = text.lastIndexOf(QLatin1Char('#'));
    const qsizetype end = hash < 0 ? text.size() : hash;
    options.page = text.left(colon < 0 ? end : colon);
    options.subject = colon < 0 ? QString() : text.mid(colon + 1, end - colon - 1);
    options.tab = hash < 0 ? QString() : text.mid(hash + 1);
}

Status setValue(Options &options, const QString &name, const QString &value)
{
    if (name == QLatin1String("--profile"))
        options.profile = value;
    else if (name == QLatin1String("--screenshot"))
        options.screenshot = value;
    else if (name == QLatin1String("--page"))
        readPage(value, options);
    else if (name == QLatin1String("--as-of"))
        options.asOf = value;
    else if (name == QLatin1String("--size"))
        return readSize(value, options.size);
    else if (value == QLatin1String("light") || value == QLatin1String("dark"))
        options.scheme = value;
    else
        return usage(tr("--scheme is light or dark, not “%1”.").arg(value));
    return {};
}

} // namespace

Result<Options> readOptions(const QStringList &arguments)
{
    static const QStringList withValue{QStringLiteral("--profile"), QStringLiteral("--screenshot"), QStringLiteral("--page"), QStringLiteral("--as-of"),
                                       QStringLiteral("--size"), QStringLiteral("--scheme")};
    Options options;
    bool isAllPlain = false;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments[i];
        if (isAllPlain || !argument.startsWith(QLatin1Char('-'))) {
            if (!options.workspace.isEmpty())
                return usage(tr("Only one workspace can be opened; “%1” is one too many.").arg(argument));
            options.workspace = argument;
            continue;
        }
        const QString name = argument.section(QLatin1Char('='), 0, 0);
        if (argument == QLatin1String("--")) {
            isAllPlain = true;
        } else if (argument == QLatin1String("--help") || argument == QLatin1String("-h")) {
            options.wantsHelp = true;
        } else if (argument == QLatin1String("--version")) {
            options.wantsVersion = true;
        } else if (argument == QLatin1String("--sample")) {
            options.isSample = true;
        } else if (withValue.contains(name)) {
            const bool isJoined = argument.contains(QLatin1Char('='));
            if (!isJoined && i + 1 == arguments.size())
                return usage(tr("%1 needs a value.").arg(name));
            const QString value = isJoined ? argument.section(QLatin1Char('='), 1) : arguments[++i];
            if (const auto status = setValue(options, name, value); !status)
                return status.error();
        } else {
            return usage(tr("There is no option “%1”.").arg(argument));
        }
    }
    if (options.isSample && !options.workspace.isEmpty())
        return usage(tr("Name a workspace or --sample, not both."));
    return options;
}

QString helpText()
{
    return tr("Usage: countersign [OPTIONS] [WORKSPACE]\n"
              "The workbench. WORKSPACE is a .countersign file or a postgresql:// address;\n"
              "without it, COUNTERSIGN_WORKSPACE is opened, or the welcome page shown.\n"
              "\n"
              "  --sample              open the sample portfolio; it is made at first use\n"
              "  --profile DIR         keep settings, this computer's key and the sample in DIR\n"
              "  --screenshot FILE.png show, write the window to a picture, and end\n"
              "  --page KEY            page to show first: inventory, policy, audit, import, people;\n"
              "                        model[:NAME[/VERSION]][#TAB], report[:NAME[/VERSION]]\n"
              "                        or whatif[:NAME[/VERSION]]\n"
              "  --as-of TIME|SIZE     show the workspace as it was: at 2026-12-01T03:00Z, at the end of\n"
              "                        2026-11-30, or after its first SIZE entries\n"
              "  --size WxH            size of the window in pixels\n"
              "  --scheme light|dark   colours for this run\n"
              "  --help, --version\n"
              "\n"
              "Exit codes: 0 done, 1 failed, 2 wrong usage.\n");
}

} // namespace countersign::gui
