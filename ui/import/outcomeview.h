#pragma once

#include "models/services/imports/imports.h"

#include <QWidget>

class QStackedWidget;

namespace countersign::widgets {
class KeyValueList;
class PlainLabel;
class TabStrip;
} // namespace countersign::widgets

namespace countersign::pages {

class RejectedPane;

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
    RejectedPane *m_rejected;
    class QHBoxLayout *m_head;
};

} // namespace countersign::pages
