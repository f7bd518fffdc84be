#pragma once

#include "models/services/governance/lifecycle.h"
#include "models/services/workspace/workspace.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/messages/message.h"

#include <QWidget>

#include <optional>
#include <vector>

class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace countersign::widgets {
class PlainLabel;
}

namespace countersign::pages {

/// Where a version stands in its life, and for each move from there what its gate asks for and how that stands now. A move is made where its gate
/// is open; otherwise its button says why not.
class LifecycleTab : public QWidget
{
    Q_OBJECT
public:
    explicit LifecycleTab(services::Workspace &workspace, QWidget *parent = nullptr);

    void setVersion(const std::optional<VersionId> &version);
    /// Why nothing can be changed; empty: it can.
    void setReadOnly(const QString &reason);

Q_SIGNALS:
    void message(const countersign::widgets::Message &message);
    void auditRequested(qint64 entry);
    void shown(); ///< what was asked for is on screen

protected:
    void showEvent(QShowEvent *event) override;

private:
    struct Read {
        services::VersionLife life;
        std::vector<StageMove> moves; ///< until now
    };
    void read();
    void showLife(const Result<Read> &read);
    QWidget *makeMove(const services::VersionMove &move);
    QWidget *makeHistory(const std::vector<StageMove> &moves);
    void move(const services::VersionMove &move);
    void followReadOnly();

    services::Workspace &m_workspace;
    std::optional<VersionId> m_version;
    QString m_readOnly;
    bool m_isStale = true;
    int m_generation = 0;
    QScrollArea *m_scroll = nullptr;
    QWidget *m_content = nullptr;
    QVBoxLayout *m_column = nullptr;
    widgets::EmptyState *m_nothing = nullptr;
    /// The buttons of the moves, with what keeps each gate closed; empty: it is open.
    std::vector<std::pair<QPushButton *, QString>> m_buttons;
};

} // namespace countersign::pages
