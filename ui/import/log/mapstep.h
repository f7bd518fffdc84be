#pragma once

#include "models/services/workspace/workspace.h"
#include "ui/import/log/logjob.h"
#include "ui/import/log/logplan.h"
#include "ui/import/log/subjectbar.h"
#include "ui/widgets/messages/message.h"

#include <QWidget>

class QComboBox;
class QPushButton;
class QScrollArea;

namespace countersign::items {
class LogColumnsTable;
}

namespace countersign::widgets {
class StateLabel;
class PlainLabel;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

class ColumnPanel;
class FiguresPanel;

/// Step 3: what the columns mean, which version the log is of, and which figures are computed.
class MapStep : public QWidget
{
    Q_OBJECT
public:
    explicit MapStep(services::Workspace &workspace, QWidget *parent = nullptr);

    /// Guesses anew, or takes the saved mapping that fits the columns best when it fits at all of them.
    void showLog(const LogPreview &preview);
    void chooseSubject(const QString &model, const QString &version);
    /// True when everything needed is said; otherwise the first thing missing is said at its field, which has the focus.
    bool check();

    const LogPlan &plan() const { return m_plan; }
    predictions::Mapping mapping() const;
    computed::Parameters parameters() const;
    QString referenceLog() const; ///< that drift is against; empty: none
    const LogSubject &subject() const { return m_checked; } ///< as check() found it
    void offerTable(bool isPossible);
    bool keepsTable() const;
    QString subjectText() const;
    QString subjectModel() const;
    /// Protected attributes with their class and legal basis, for the record; empty when there are none.
    QString protectionNote() const;
    QWidget *firstField() const;

Q_SIGNALS:
    void message(const countersign::widgets::Message &message);

private:
    QWidget *makeBars();
    QWidget *makeInspector();
    void connectSignals();
    void takePlan(LogPlan plan);
    void guess();
    void takeSaved(const QString &name);
    void takeMapping(const predictions::Mapping &mapping, const QString &name);
    void loadFile();
    void save();
    void fillSaved(const QString &current);
    void showFit(const MappingFit *fit, const QString &name);
    void showRows();
    void planChanged();
    void takeTask();

    LogPreview m_preview;
    LogPlan m_plan;
    SubjectBar *m_subject;
    LogSubject m_checked;
    QComboBox *m_task;
    QComboBox *m_saved;
    QPushButton *m_load;
    QPushButton *m_save;
    widgets::StateLabel *m_fitState;
    widgets::PlainLabel *m_fit;
    items::LogColumnsTable *m_columns;
    widgets::TableView *m_table;
    QScrollArea *m_inspector = nullptr;
    ColumnPanel *m_panel;
    FiguresPanel *m_figures;
};

} // namespace countersign::pages
