#pragma once

#include "models/services/workspace/workspace.h"
#include "models/store/queries/queries.h"
#include "ui/widgets/cards/card.h"

class QPushButton;

namespace countersign::items {
class ImportsTable;
}

namespace countersign::widgets {
class TableView;
}

namespace countersign::pages {

/// The imports so far, and taking one back.
class EarlierImports : public widgets::Card
{
    Q_OBJECT
public:
    explicit EarlierImports(services::Workspace &workspace, QWidget *parent = nullptr);

    void read();

Q_SIGNALS:
    void undoRequested(const QString &number); ///< "I-41"
    void failed(const countersign::Error &error);

private:
    const store::ImportRow *chosen() const;
    void follow();
    void askUndo();

    services::Workspace &m_workspace;
    items::ImportsTable *m_imports;
    widgets::TableView *m_table;
    QPushButton *m_undo;
    int m_generation = 0;
};

} // namespace countersign::pages
