#pragma once

#include "models/store/queries/queries.h"

#include <QWidget>

class QPushButton;
class QSortFilterProxyModel;

namespace countersign::items {
class HistoryTable;
class VersionsTable;
}

namespace countersign::widgets {
class TableView;
}

namespace countersign::pages {

/// The versions of the model; Enter opens one.
class VersionsTab : public QWidget
{
    Q_OBJECT
public:
    explicit VersionsTab(QWidget *parent = nullptr);
    /// `current` is selected when nothing is.
    void showVersions(const std::vector<store::VersionRow> &versions, const QString &current);

Q_SIGNALS:
    void versionRequested(const QString &version);

private:
    items::VersionsTable *m_versions = nullptr;
    QSortFilterProxyModel *m_order = nullptr;
    widgets::TableView *m_table = nullptr;
};

/// What was changed on the model, by whom, from what to what; each line leads to its entry in the audit trail.
class HistoryTab : public QWidget
{
    Q_OBJECT
public:
    explicit HistoryTab(QWidget *parent = nullptr);
    void showHistory(const std::vector<store::ChangeRow> &history);

Q_SIGNALS:
    void auditRequested(qint64 entry);

private:
    void requestCurrent();

    items::HistoryTable *m_history = nullptr;
    QSortFilterProxyModel *m_order = nullptr;
    widgets::TableView *m_table = nullptr;
    QPushButton *m_open = nullptr;
};

} // namespace countersign::pages
