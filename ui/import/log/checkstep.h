#pragma once

#include "models/services/imports/imports.h"
#include "ui/import/log/logjob.h"

#include <QWidget>

class QSortFilterProxyModel;
class QStackedWidget;
class QStringListModel;

namespace countersign::items {
class GroupCountsTable;
} // namespace countersign::items

namespace countersign::widgets {
class KeyValueList;
class PlainLabel;
class TabStrip;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

class RejectedPane;

/// Step 4: what was read, before any figure is shown: rows taken and rejected, warnings, how many rows each group has.
class CheckStep : public QWidget
{
    Q_OBJECT
public:
    explicit CheckStep(QWidget *parent = nullptr);

    void showLog(const ComputedLog &log, const QString &subject);
    /// What recording it would bring, once the workspace has been asked.
    void showPreview(const services::ImportOutcome &outcome);

Q_SIGNALS:
    void saveRejectedRequested();

private:
    QWidget *makeTables();
    void showFacts(const ComputedLog &log);
    void showList(const QString &key);

    widgets::PlainLabel *m_sentence;
    widgets::KeyValueList *m_facts;
    QWidget *m_tabsHost;
    widgets::TabStrip *m_tabs = nullptr;
    QStackedWidget *m_stack;
    items::GroupCountsTable *m_groups;
    RejectedPane *m_rejected;
    QStringListModel *m_warnings;
    QString m_subject;
    std::uint64_t m_rows = 0;
};

/// "32,540 of 32,561 rows".
QString rowsText(const predictions::LogFacts &facts);

} // namespace countersign::pages
