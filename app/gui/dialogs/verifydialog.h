#pragma once

#include "models/ledger/filereport.h"

#include <QDialog>

namespace countersign::gui {

/// What checking a report, a proof bundle or a ledger found, in sentences: what does not hold first, then what does, then what such a check cannot say.
class VerifyDialog : public QDialog
{
    Q_OBJECT
public:
    VerifyDialog(QWidget *parent, const QString &fileName, const ledger::FileReport &report);
};

} // namespace countersign::gui
