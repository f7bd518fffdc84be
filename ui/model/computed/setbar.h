#pragma once

#include "ui/model/computed/computedsource.h"

#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QPushButton;

namespace countersign::widgets {
class PlainLabel;
}

namespace countersign::pages {

/// Where the figures of a tab come from: which computed set, of which log, checked when; or, while a chart has a cursor, what it reads.
class SetBar : public QWidget
{
    Q_OBJECT
public:
    explicit SetBar(ComputedSource &source, QWidget *parent = nullptr);

    void addAct(QPushButton *act); ///< at the right end; takes ownership
    void show();                   ///< after the source has changed
    void showCursor(const QString &sentence);
    QPushButton *recompute() const { return m_recompute; }

private:
    ComputedSource &m_source;
    QComboBox *m_set;
    widgets::PlainLabel *m_facts; ///< or what the cursor reads
    QString m_factsText;
    QPushButton *m_recompute;
    QHBoxLayout *m_row;
};

/// What the set does not have, or has only roughly, in sentences; empty where it lacks nothing.
QString lacksText(const computed::ComputedSet &set);

/// "I-41 · 24 Nov 2026 · log.csv".
QString setTitle(const services::ComputedRow &row);

} // namespace countersign::pages
