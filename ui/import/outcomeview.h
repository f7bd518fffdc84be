#pragma once

#include "models/services/imports/imports.h"

#include <QWidget>

class QPushButton;
class QStackedWidget;

namespace countersign::items {
class RejectedTable;
}

namespace countersign::widgets {
class KeyValueList;
class PlainLabel;
class TabStrip;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

/// What an import would bring or has brought: a sentence, counts, and lists of what is new, changed, clashing and rejected.
class OutcomeView : public QWidget
{
    Q_OBJECT
public:
    explicit OutcomeView(QWidget *parent = nullptr);

    void showOutcome(const QString &sentence, const services::ImportOutcome &outcome);
    void setAct(QWidget *act); ///< beside the sentence; takes ownership

Q_SIGNALS:
    void saveRejectedRequested();

private:
    void showCounts(const services::ImportOutcome &outcome);
    void showLists(const services::ImportOutcome &outcome);
    void showList(const QString &key);

    widgets::PlainLabel *m_sentence;
    widgets::KeyValueList *m_counts;
    QWidget *m_tabsHost;
    widgets::TabStrip *m_tabs = nullptr;
    QStackedWidget *m_lists;
    items::RejectedTable *m_rejected;
    widgets::TableView *m_rejectedView;
    QWidget *m_rejectedPane;
    widgets::PlainLabel *m_rejectedNote;
    QPushButton *m_save;
    class QHBoxLayout *m_head;
};

} // namespace countersign::pages
