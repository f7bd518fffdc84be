#pragma once

#include "models/computed/computedset.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace countersign::widgets {
class FormField;
}

namespace countersign::pages {

/// Which figures are computed: windows, intersections, threshold, smallest group, what drift is measured against.
class FiguresPanel : public QWidget
{
    Q_OBJECT
public:
    explicit FiguresPanel(QWidget *parent = nullptr);

    /// A moment of the log: the window it lies in is offered as the reference of drift.
    void setFirstTime(const std::optional<Instant> &time);
    /// Whether a table of scores and groups is to be kept on this computer (scoretables/tablefile.h).
    bool keepsTable() const;
    void offerTable(bool isPossible) { m_canKeep = isPossible; }
    /// What the log has decides what can be asked of it.
    void setLog(bool hasTime, bool hasScore, bool isBinary, std::size_t attributes);
    /// True when all is well; otherwise the field says what is wrong and has the focus.
    bool check();
    computed::Parameters parameters() const;
    QString referenceLog() const; ///< the path of another log that drift is against; empty: none

private:
    void offerReference();
    void chooseReferenceLog();

    std::optional<Instant> m_firstTime;
    bool m_canKeep = false;
    QComboBox *m_window;
    QComboBox *m_depth;
    QLineEdit *m_threshold;
    QSpinBox *m_smallest;
    QComboBox *m_reference; ///< data of an entry: the path of a log; a window has none
    QPushButton *m_otherLog;
    QComboBox *m_worst;
    QCheckBox *m_keep;
    widgets::FormField *m_windowField;
    widgets::FormField *m_depthField;
    widgets::FormField *m_thresholdField;
    widgets::FormField *m_smallestField;
    widgets::FormField *m_referenceField;
    widgets::FormField *m_worstField;
};

} // namespace countersign::pages
