#include "app/gui/application.h"
#include "app/gui/options.h"
#include "models/base/dumps.h"
#include "models/settings/devicekey.h"
#include "models/settings/preferences.h"
#include "models/settings/runtimefolder.h"
#include "models/settings/wrapsecret.h"
#include "ui/theme/theme.h"
#include "ui/widgets/messages/inputpause.h"

#include <QApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QSettings>
#include <QTranslator>

#include <cstdio>

using namespace countersign;

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

int complain(const Error &error, int code)
{
    std::fprintf(stderr, "countersign: %s\n", error.text().c_str());
    return code;
}

QStringList argumentsOf(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    return arguments;
}

// A picture can be taken where there is no display.
void chooseDisplay(const gui::Options &options)
{
    const bool hasDisplay = qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
    if (!options.screenshot.isEmpty() && !hasDisplay && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
}

// Window, columns and colours are remembered beside the preferences: window.ini in the same folder.
void placeSettings(const settings::Folders &folders)
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QString::fromStdString(folders.config.parent_path().string()));
    QCoreApplication::setOrganizationName(QString::fromStdString(folders.config.filename().string()));
    QCoreApplication::setApplicationName(QStringLiteral("window"));
}

void installTranslations(QApplication &application, const settings::Folders &folders)
{
    const QString chosen = settings::Preferences(folders).language();
    const QLocale locale = chosen.isEmpty() ? QLocale() : QLocale(chosen);
    QLocale::setDefault(locale);
    const auto install = [&](const QString &name, const QString &folder) {
        auto *translator = new QTranslator(&application);
        if (translator->load(locale, name, QStringLiteral("_"), folder))
            application.installTranslator(translator);
    };
    install(QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    install(QStringLiteral("countersign"), QStringLiteral(":/translations"));
}

} // namespace

int main(int argc, char **argv)
{
    keepMemoryPrivate();
    const auto options = gui::readOptions(argumentsOf(argc, argv));
    if (!options)
        return complain(options.error(), kUsage);
    if (options->wantsHelp || options->wantsVersion) {
        std::fputs(options->wantsHelp ? gui::helpText().toLocal8Bit().constData() : "countersign " COUNTERSIGN_VERSION "\n", stdout);
        return 0;
    }
    const auto folders = settings::Folders::find(options->profile.toStdString());
    if (!folders)
        return complain(folders.error(), kFailed);
    chooseDisplay(*options);
    placeSettings(*folders);
    const settings::RuntimeFolder runtime;
    QApplication application(argc, argv);
    QApplication::setDesktopFileName(QStringLiteral("countersign"));
    installTranslations(application, *folders);
    theme::install(application);
    widgets::InputPause::setDuration(std::chrono::milliseconds(500));

    services::Environment environment;
    auto device = settings::deviceKey(*folders, *environment.randomness);
    if (!device)
        return complain(device.error(), kFailed);
    environment.device = std::make_shared<crypto::SigningKey>(std::move(device->key));
    environment.wrapSecret = settings::wrapSecretSource(*folders, device->id, environment.randomness);
    environment.kept = folders->data;
    settings::Profile profile(*folders);
    gui::Application program(profile, environment, *options);
    QObject::connect(&program, &gui::Application::finished, &application, [](const Status &outcome) {
        QApplication::exit(outcome ? 0 : complain(outcome.error(), kFailed));
    });
    program.start();
    return QApplication::exec();
}
