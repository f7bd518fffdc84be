#pragma once

#include "models/services/workspace/verification.h"
#include "ui/theme/state.h"

#include <QDateTime>
#include <QWidget>

class QHBoxLayout;
class QPushButton;

namespace countersign::widgets {
class PlainLabel;
}

namespace countersign::pages {

/// The newest checkpoint that was kept, as the band words it.
struct KeptCheckpoint {
    std::uint64_t size = 0;
    QString lastEntryOn; ///< date of its last entry; empty when unknown
};

/// What checking the trail found, and what no check of this ledger alone can find.
class VerificationBand : public QWidget
{
    Q_OBJECT
public:
    explicit VerificationBand(QWidget *parent = nullptr);

    void showNotVerified();
    void showRunning();
    /// `otherState`: why the ledger, whatever it is in itself, is not the one that this computer knows; empty: it is.
    void showResult(const services::Verification &result, const QDateTime &at, const QString &otherState = {});
    void showCheckpoint(const std::optional<KeptCheckpoint> &kept);
    void setCanSave(bool can);

Q_SIGNALS:
    void saveCheckpointRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void setChecks(const QList<std::pair<theme::State, QString>> &checks);

    theme::State m_state = theme::State::NotJudged;
    widgets::PlainLabel *m_sentence;
    QHBoxLayout *m_checks;
    widgets::PlainLabel *m_honest;
    QPushButton *m_save;
};

} // namespace countersign::pages
