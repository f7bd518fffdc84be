#pragma once

#include "models/services/imports/imports.h"
#include "ui/import/log/logjob.h"

#include <QWidget>

class QPushButton;

namespace countersign::items {
class FiguresTable;
}

namespace countersign::widgets {
class PlainLabel;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

/// Step 5: what was recorded, with the figures of everybody, and the ways from here.
class DoneStep : public QWidget
{
    Q_OBJECT
public:
    explicit DoneStep(QWidget *parent = nullptr);

    void showRecorded(const services::ImportOutcome &outcome, const ComputedLog &log, const QString &subject);
    void setUndone();

Q_SIGNALS:
    void fairnessRequested();
    void undoRequested(const QString &number);

private:
    widgets::PlainLabel *m_sentence;
    widgets::PlainLabel *m_facts;
    QPushButton *m_fairness;
    QPushButton *m_undo;
    items::FiguresTable *m_figures;
    widgets::TableView *m_table;
    QString m_number;
};

} // namespace countersign::pages
