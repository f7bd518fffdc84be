#pragma once

#include "models/services/imports/imports.h"
#include "models/services/workspace/workspace.h"
#include "ui/import/log/logwizard.h"
#include "ui/widgets/frame/page.h"

#include <filesystem>

class QHBoxLayout;
class QPushButton;
class QStackedWidget;

namespace countersign::widgets {
class BusyOverlay;
class PageHeader;
class PlainLabel;
} // namespace countersign::widgets

namespace countersign::pages {

class EarlierImports;
class ImportJob;
class OutcomeView;
class SourceForm;

/// Import in three steps: name the source, see what it would bring, have it recorded. A prediction log takes five (log/logwizard.h). Below the
/// first step: the imports so far, each of which can be taken back. A target's `extra` is a path or URI to begin with; its model and version
/// are whose log it is.
class ImportPage : public widgets::Page
{
    Q_OBJECT
public:
    /// `tables`: the folder where tables of logs are kept on this computer when somebody asks for it; empty: none can be kept.
    explicit ImportPage(services::Workspace &workspace, std::filesystem::path tables = {}, QWidget *parent = nullptr);

    QString title() const override;
    void open(const widgets::Target &target) override;
    void refresh() override;
    QWidget *initialFocus() override;

protected:
    void showEvent(QShowEvent *event) override;

private:
    enum class Step { Source, Check, Done, Log };
    QWidget *makeSteps();
    QWidget *makeFoot();
    void connectSignals();
    void setStep(Step step);
    void enableControls();
    void showStepNames();
    void next();
    void back();
    void startCheck();
    void showBusy(const QString &what);
    void startImport();
    void showChecked(const services::ImportOutcome &outcome);
    void showImported(const services::ImportOutcome &outcome);
    void showFailure(const Error &error);
    void saveRejected();
    void undo(const QString &number);
    void workspaceChanged();
    void readWhenSeen();

    services::Workspace &m_workspace;
    ImportJob *m_job;
    widgets::PageHeader *m_header;
    QList<widgets::PlainLabel *> m_stepLabels; ///< as many as the longest way has
    QStackedWidget *m_steps;
    SourceForm *m_form;
    OutcomeView *m_checkView;
    OutcomeView *m_doneView;
    LogWizard *m_log;
    QPushButton *m_undo;
    EarlierImports *m_earlier;
    QWidget *m_room;
    QPushButton *m_back;
    QPushButton *m_next;
    widgets::PlainLabel *m_footNote;
    widgets::BusyOverlay *m_busy;

    Step m_step = Step::Source;
    LogWizard::Step m_logStep = LogWizard::Step::Read; ///< that was shown last
    bool m_isFocusOwed = false;                        ///< Next had the focus when work took it away
    LedgerId m_ledger;
    services::ImportOutcome m_outcome;
    bool m_isOutOfDate = true;
};

} // namespace countersign::pages
