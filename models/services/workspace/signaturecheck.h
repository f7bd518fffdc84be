#pragma once

#include "models/database/location.h"
#include "models/ledger/verifier.h"

#include <QObject>
#include <QString>
#include <QThreadPool>

#include <atomic>
#include <memory>

namespace countersign::services {

/// How far the signatures of an open workspace were checked.
struct SignatureState {
    std::uint64_t checked = 0;                            ///< the first so many entries
    std::uint64_t total = 0;                              ///< entries there were when it looked last
    ledger::EntryState worst = ledger::EntryState::Valid; ///< of those checked
    QString problem; ///< a sentence about the first entry that is not right, or why nothing could be read
    bool isRunning = false;
};

/// Checks every entry's form, keys, signatures and place in the tree behind the window's back, with a connection and a
/// thread of its own, while the workspace is worked in. Opening shows only that the bytes give the recorded tree; this
/// shows who signed them. It looks at neither evidence nor tables: that is verifyWorkspace. Lives on the window's
/// thread and never waits, but for its end.
class SignatureCheck : public QObject
{
    Q_OBJECT

public:
    explicit SignatureCheck(QObject *parent = nullptr);
    /// Ends what runs, within the time of one batch.
    ~SignatureCheck() override;
    Q_DISABLE_COPY_MOVE(SignatureCheck)

    /// From the first entry on; forgets what it knew of another workspace.
    void begin(const database::Location &location, const std::string &password);
    /// There may be more entries now. Does nothing before begin().
    void goOn();
    void stop();

    const SignatureState &state() const { return m_state; }

Q_SIGNALS:
    void stateChanged();

private:
    struct Run;
    static void work(const std::shared_ptr<Run> &run);
    void take(const std::shared_ptr<Run> &run, const SignatureState &state);

    QThreadPool m_pool; // one thread that never expires: the connection belongs to it
    std::shared_ptr<Run> m_run;
    SignatureState m_state;
};

} // namespace countersign::services
