#pragma once

#include <QWidget>

namespace countersign::widgets {

/// A filter condition in full words: "verdict is not" + "Pass". Del, Backspace or its cross removes it; Enter edits it.
class Chip : public QWidget
{
    Q_OBJECT
public:
    explicit Chip(const QString &words, const QString &value, QWidget *parent = nullptr);

    QString text() const { return m_words + QLatin1Char(' ') + m_value; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void removeRequested();
    void editRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    bool event(QEvent *event) override;

private:
    QRect crossRect() const;

    QString m_words;
    QString m_value;
};

} // namespace countersign::widgets
