#pragma once

#include "app/gui/dialogs/formdialog.h"
#include "models/services/asof/asofpoint.h"

class QLineEdit;

namespace countersign::gui {

/// Which state of the past to look at: a moment, a date or a number of entries. What is typed is read while it is typed.
class AsOfDialog : public FormDialog
{
    Q_OBJECT
public:
    /// `entries`: how many the ledger has.
    AsOfDialog(QWidget *parent, const Clock &clock, std::uint64_t entries);

    const services::AsOfPoint &point() const { return m_point; }

protected:
    bool check() override;

private:
    void read();

    const Clock &m_clock;
    std::uint64_t m_entries;
    QLineEdit *m_text;
    widgets::FormField *m_field;
    services::AsOfPoint m_point;
};

} // namespace countersign::gui
