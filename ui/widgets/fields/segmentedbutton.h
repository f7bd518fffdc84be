#pragma once

#include <QWidget>

class QButtonGroup;
class QHBoxLayout;

namespace countersign::widgets {

/// Two or three choices that share their edges: "Chart | Table". One is always on. Left and Right move within it.
class SegmentedButton : public QWidget
{
    Q_OBJECT
public:
    /// `name` says what is chosen ("Show as").
    explicit SegmentedButton(const QString &name, QWidget *parent = nullptr);
    /// The first one added is on.
    void addChoice(const QString &key, const QString &text, const QString &icon = {});
    QString current() const;
    void setCurrent(const QString &key); ///< does not emit

Q_SIGNALS:
    void chosen(const QString &key);

private:
    QButtonGroup *m_group;
    QHBoxLayout *m_row;
    QStringList m_keys;
};

} // namespace countersign::widgets
