#pragma once

#include "models/base/result.h"

#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>

namespace countersign::gui {

/// What the command line of the window asks for.
struct Options {
    QString workspace;          ///< file or postgresql:// URI; empty: COUNTERSIGN_WORKSPACE, or the welcome page
    bool isSample = false;      ///< the sample portfolio, made if it is not there
    QString profile;            ///< folder for settings, keys and the sample
    QString screenshot;         ///< PNG to write; then the program ends
    QString page;               ///< page to show first: its key
    QString subject;            ///< "credit-pd/3.2" for the pages of one model; empty: the one that stands worst
    QString tab;                ///< of that page
    QString asOf;               ///< state of the past to show: a moment or a number of entries
    QSize size;                 ///< of the window; empty: as it was
    QString scheme;             ///< "light", "dark", or empty: as set
    bool wantsHelp = false;
    bool wantsVersion = false;
};

/// `arguments` without the program's name. Invalid: an unknown option, a missing or senseless value; the message says what to write.
Result<Options> readOptions(const QStringList &arguments);
QString helpText();

} // namespace countersign::gui
