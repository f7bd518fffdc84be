#pragma once

#include "models/services/computed/computedsets.h"
#include "models/services/workspace/workspace.h"
#include "ui/import/log/logjob.h"
#include "ui/import/log/subjectbar.h"
#include "ui/widgets/frame/page.h"
#include "ui/widgets/messages/message.h"

#include <QWidget>

#include <filesystem>

class QStackedWidget;

namespace countersign::pages {

class CheckStep;
class DoneStep;
class MapStep;
class ReadStep;

/// The steps of a prediction log after its source is named: read, map, check, done. The page around it has the buttons; next() does what the
/// step is for, and where something is missing says so at its field. Reading and computing occupy neither window nor lane.
class LogWizard : public QWidget
{
    Q_OBJECT
public:
    enum class Step { Read, Map, Check, Done };

    /// `tables`: as of ImportPage.
    explicit LogWizard(services::Workspace &workspace, std::filesystem::path tables = {}, QWidget *parent = nullptr);

    /// Looks at a log; opened() or failed() follows.
    void begin(const QString &path);
    void chooseSubject(const QString &model, const QString &version);
    void next();
    /// False at the first step: back to the source.
    bool back();
    void cancel();
    void setUndone(); ///< what was recorded last is taken back
    Step step() const { return m_step; }
    bool isRunning() const { return m_job->isRunning() || m_laneJob != 0; }
    QString nextText() const;
    QWidget *firstField() const;

Q_SIGNALS:
    void opened();
    void stepChanged();
    void busy(const QString &what); ///< empty: no longer
    void progressed(int percent);
    void failed(const countersign::Error &error);
    void message(const countersign::widgets::Message &message);
    void navigate(const countersign::widgets::Target &target);
    void undoRequested(const QString &number);
    void finished(); ///< Next on the last step

private:
    void connectSignals();
    void setStep(Step step);
    void takePreview(const LogPreview &preview);
    void compute();
    void takeComputed(const ComputedLog &log);
    void preview();
    void record();
    void takeFailure(const Error &error);
    void saveRejected();
    void takeRecorded(const services::ImportOutcome &outcome);
    services::ComputedImport import() const;
    template<class Work, class Told>
    void onLane(const QString &title, Work work, Told told);

    services::Workspace &m_workspace;
    LogJob *m_job;
    QStackedWidget *m_stack;
    ReadStep *m_read;
    MapStep *m_map;
    CheckStep *m_check;
    DoneStep *m_done;

    Step m_step = Step::Read;
    std::filesystem::path m_tables;
    QString m_path;
    predictions::DialectChoice m_choice;
    bool m_isReadable = false;
    ComputedLog m_log;
    LogSubject m_recordFor;
    QString m_subject;
    widgets::Target m_figures; ///< where the recorded figures are shown
    std::string m_already; ///< "I-41" when the set is recorded already
    int m_laneJob = 0;
    int m_generation = 0;
};

} // namespace countersign::pages
