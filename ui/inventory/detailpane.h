#pragma once

#include "models/domain/judgement.h"
#include "models/store/queries/inventoryquery.h"
#include "ui/widgets/cards/ground.h"

#include <vector>

class QPushButton;

namespace countersign::widgets {
class KeyValueList;
class PlainLabel;
class VerdictBadge;
} // namespace countersign::widgets

namespace countersign::pages {

/// The selected model below the table: what it is, how it stands and why, with one way on.
class DetailPane : public widgets::Pane
{
    Q_OBJECT
public:
    explicit DetailPane(QWidget *parent = nullptr);

    void show(const store::InventoryRow &row);
    /// What is behind the verdict of the model shown: the worst first.
    void setVerdicts(const std::vector<Verdict> &verdicts);
    QPushButton *openButton() const { return m_open; }

Q_SIGNALS:
    void openRequested();

private:
    QWidget *makeHead();

    widgets::PlainLabel *m_name;
    widgets::VerdictBadge *m_badge;
    QPushButton *m_open;
    widgets::KeyValueList *m_reasons;
    widgets::KeyValueList *m_facts;
    widgets::KeyValueList *m_standing;
};

} // namespace countersign::pages
