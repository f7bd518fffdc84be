#pragma once

#include <QWidget>

class QHBoxLayout;
class QVBoxLayout;

namespace countersign::widgets {

class PlainLabel;

/// A white panel with a hairline edge: title, caption beside it, trailing controls, a body. Never a card in a card.
class Card : public QWidget
{
    Q_OBJECT
public:
    explicit Card(const QString &title = {}, QWidget *parent = nullptr);

    void setTitle(const QString &title);     ///< empty: no head row
    void setCaption(const QString &caption); ///< "14 rules: 1 fails", beside the title
    void addTrailing(QWidget *widget);       ///< right end of the head row, takes ownership
    QVBoxLayout *body() const { return m_body; }
    /// Lets a table reach the edges, with a hairline below the head.
    void setFlush(bool isFlush);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QHBoxLayout *m_head;
    QVBoxLayout *m_body;
    QWidget *m_headRow;
    PlainLabel *m_title;
    PlainLabel *m_caption;
    bool m_isFlush = false;
};

} // namespace countersign::widgets
