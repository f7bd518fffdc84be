#pragma once

#include <QWidget>

class QTabBar;

namespace countersign::widgets {

/// Tabs by name over a hairline of full width, aligned with the page's margin. The page switches its own stack.
class TabStrip : public QWidget
{
    Q_OBJECT
public:
    explicit TabStrip(const QString &accessibleName, QWidget *parent = nullptr);

    void addTab(const QString &key, const QString &text, int count = 0); ///< a count of 0 is not shown
    void setCount(const QString &key, int count);
    QString current() const;
    /// Unknown keys are ignored. Emits changed() if it is another tab.
    void setCurrent(const QString &key);

Q_SIGNALS:
    void changed(const QString &key);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int indexOf(const QString &key) const;

    QTabBar *m_bar;
    QStringList m_texts;
};

} // namespace countersign::widgets
