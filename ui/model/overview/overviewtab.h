#pragma once

#include "ui/model/modelview.h"

#include <QWidget>

class QGridLayout;
class QPushButton;
class QVBoxLayout;

namespace countersign::items {
class VerdictsTable;
}

namespace countersign::widgets {
class Card;
class EmptyState;
class KeyValueList;
class PlainLabel;
class TableView;
}

namespace countersign::pages {

/// What stands between the version and its approval, its facts, its metrics at a glance, its limits, where it comes from.
class OverviewTab : public QWidget
{
    Q_OBJECT
public:
    explicit OverviewTab(QWidget *parent = nullptr);

    void showModel(const ModelView &view);
    void showTiles(const std::vector<MetricTile> &tiles);
    /// Why facts cannot be edited here; empty: they can.
    void setReadOnly(const QString &reason);

Q_SIGNALS:
    void editRequested();
    void metricRequested(const QString &metric, const QString &split);
    void signOffsRequested();

private:
    QWidget *makeTop();
    QWidget *makeLimits();
    QWidget *makeOrigin();
    void showBlockers(const ModelView &view);
    void showFacts(const ModelView &view);
    void showLimits(const ModelView &view);
    void showOrigin(const ModelView &view);

    widgets::Card *m_blockersCard = nullptr;
    widgets::Card *m_factsCard = nullptr;
    widgets::Card *m_tilesCard = nullptr;
    widgets::Card *m_limitsCard = nullptr;
    widgets::Card *m_descriptionCard = nullptr;
    widgets::Card *m_runCard = nullptr;
    QPushButton *m_edit = nullptr;
    widgets::KeyValueList *m_facts = nullptr;
    widgets::KeyValueList *m_run = nullptr;
    widgets::PlainLabel *m_description = nullptr;
    widgets::TableView *m_limits = nullptr;
    items::VerdictsTable *m_limitsTable = nullptr;
};

} // namespace countersign::pages
