#pragma once

#include "models/services/imports/imports.h"
#include "models/services/workspace/workspace.h"
#include "ui/import/sourceform.h"

#include <QObject>
#include <QTemporaryFile>

#include <memory>

namespace countersign::pages {

/// One import from reading the source to recording it. What was checked is what is imported: a registry is read once and kept;
/// a file is read again, and one that changed since is imported as it is then. Reading a registry occupies neither window nor lane.
class ImportJob : public QObject
{
    Q_OBJECT
public:
    explicit ImportJob(services::Workspace &workspace, QObject *parent = nullptr);
    ~ImportJob() override;

    void check(const ImportSource &source);
    void import();
    void cancel();
    bool isRunning() const { return m_isRunning; }
    /// Rejected rows of the import done last as CSV; empty name before.
    QString rejectedFile() const { return m_rejected ? m_rejected->fileName() : QString(); }

Q_SIGNALS:
    void progressed(const QString &stage, int percent); ///< percent −1: unknown
    void checked(const countersign::services::ImportOutcome &outcome);
    void imported(const countersign::services::ImportOutcome &outcome);
    void failed(const countersign::Error &error);

private:
    void stage();
    void preview();
    template<class Work, class Told>
    void startOnLane(const QString &title, Work work, Told told);

    services::Workspace &m_workspace;
    ImportSource m_source;
    std::shared_ptr<const services::StagedRegistry> m_staged;
    std::shared_ptr<std::atomic<bool>> m_stagingCancel;
    std::shared_ptr<QTemporaryFile> m_rejected;
    int m_laneJob = 0;
    int m_generation = 0;
    bool m_isRunning = false;
};

} // namespace countersign::pages
