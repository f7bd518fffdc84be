#pragma once

#include "ui/theme/state.h"

#include <QWidget>

class QGridLayout;

namespace countersign::widgets {

/// Facts: names at the left in a caption colour, values that can be marked and copied at the right.
class KeyValueList : public QWidget
{
    Q_OBJECT
public:
    explicit KeyValueList(QWidget *parent = nullptr);

    void clear();
    void add(const QString &name, const QString &value);
    void addMono(const QString &name, const QString &value); ///< a hash or an id
    void addState(const QString &name, theme::State state, const QString &word = {});
    void addWidget(const QString &name, QWidget *value); ///< takes ownership
    void setNameWidth(int pixels);                       ///< at 100 %; default 92
    int rowCount() const { return m_rows; }

private:
    QGridLayout *m_grid;
    int m_rows = 0;
};

} // namespace countersign::widgets
