#pragma once

#include "models/base/result.h"
#include "models/ledger/proof.h"

#include <QDialog>

namespace countersign::gui {

/// What checking a report or proof bundle found, in sentences: what does not hold first, then what does, then what such a check cannot say.
class VerifyDialog : public QDialog
{
    Q_OBJECT
public:
    VerifyDialog(QWidget *parent, const QString &fileName, const Result<ledger::ProofReport> &outcome);
};

} // namespace countersign::gui
