#pragma once

#include <QAbstractButton>

namespace countersign::welcome {

/// A large button: icon, title, one line of what it means, its key.
class ChoiceButton : public QAbstractButton
{
    Q_OBJECT
public:
    ChoiceButton(const QString &icon, const QString &title, const QString &caption, const QKeySequence &keys, QWidget *parent = nullptr);
    void setWords(const QString &title, const QString &caption);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QString m_icon;
    QString m_caption;
    QString m_keys;
};

} // namespace countersign::welcome
