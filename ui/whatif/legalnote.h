#pragma once

#include <QWidget>

class QCheckBox;
class QPushButton;

namespace countersign::widgets {
class PlainLabel;
}

namespace countersign::pages {

/// What the law may say to treating groups differently, and whether it has been read. Once it has, it takes one line until it is asked for.
class LegalNote : public QWidget
{
    Q_OBJECT
public:
    /// `acknowledgement`: what a person says who has read it.
    LegalNote(const QString &note, const QString &acknowledgement, QWidget *parent = nullptr);

    bool isAcknowledged() const;
    void setAcknowledged(bool isAcknowledged); ///< no signal

Q_SIGNALS:
    void acknowledged(bool isRead);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void fold();

    widgets::PlainLabel *m_text;
    QCheckBox *m_read;
    QPushButton *m_show;
    bool m_isUnfolded = false; ///< asked for after it was read
};

} // namespace countersign::pages
