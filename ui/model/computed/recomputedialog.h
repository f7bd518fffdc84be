#pragma once

#include "models/computed/record/recompute.h"
#include "models/services/computed/computedsets.h"
#include "models/services/workspace/workspace.h"
#include "ui/model/computed/computedsource.h"

#include <QDialog>

#include <functional>

class QLineEdit;
class QPushButton;

namespace countersign::items {
class DifferencesTable;
}

namespace countersign::widgets {
class BackgroundJob;
class BusyOverlay;
class FormField;
class PlainLabel;
class StateLabel;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

/// Computes a recorded set again from its log: which file, how far, and "equal" or what differs. The outcome is recorded only when asked for.
class RecomputeDialog : public QDialog
{
    Q_OBJECT
public:
    /// `set` is what is stored under `row`.
    RecomputeDialog(services::Workspace &workspace, services::ComputedRow row, std::shared_ptr<const computed::ComputedSet> set, QWidget *parent = nullptr);
    ~RecomputeDialog() override;

    void reject() override; ///< stops what runs

Q_SIGNALS:
    void computed(const countersign::computed::Recomputation &outcome);
    void recorded(std::uint64_t entry);

private:
    void connectSignals();
    void browse(QLineEdit &into, widgets::FormField &field);
    QString fileIn(QLineEdit &line, widgets::FormField &field);
    void start();
    void take(const Result<computed::Recomputation> &outcome);
    void record();

    services::Workspace &m_workspace;
    services::ComputedRow m_row;
    std::shared_ptr<const computed::ComputedSet> m_set;
    std::optional<computed::Recomputation> m_outcome;
    widgets::BackgroundJob *m_job;
    QLineEdit *m_path;
    widgets::FormField *m_pathField;
    QPushButton *m_browse;
    QLineEdit *m_reference;
    widgets::FormField *m_referenceField;
    QPushButton *m_browseReference;
    widgets::StateLabel *m_state;
    widgets::PlainLabel *m_sentence;
    items::DifferencesTable *m_differences;
    widgets::TableView *m_table;
    QPushButton *m_close;
    QPushButton *m_record;
    QPushButton *m_start;
    widgets::BusyOverlay *m_busy;
};

/// Opens the dialog for the set that the source shows, which is read first where it is not at hand; `nothing` where there is none.
void openRecompute(services::Workspace &workspace, ComputedSource &source, QWidget *parent, const std::function<void()> &nothing);

} // namespace countersign::pages
