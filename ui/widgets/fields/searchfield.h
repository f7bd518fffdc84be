#pragma once

#include <QLineEdit>
#include <QTimer>

namespace countersign::widgets {

/// A text field with a lens that filters as you type. Esc empties it; Down and Enter leave it for the list below.
class SearchField : public QLineEdit
{
    Q_OBJECT
public:
    /// `name` is the accessible name and placeholder: "Filter by name, owner or tag".
    explicit SearchField(const QString &name, QWidget *parent = nullptr);
    /// The key that brings the focus here, shown as a key cap while the field is empty.
    void setShortcut(const QKeySequence &keys);
    QSize sizeHint() const override;

Q_SIGNALS:
    /// 150 ms after the last key, or at once with Enter or when emptied. Surrounding spaces removed.
    void searched(const QString &text);
    void downPressed(); ///< Down, or Enter

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void announce();

    QTimer m_pause;
    QString m_keys;
    QString m_last;
};

} // namespace countersign::widgets
