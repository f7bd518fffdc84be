#pragma once

#include <QWidget>

class QCheckBox;

namespace countersign::pages {

/// What the law may say to thresholds that differ by group, and whether it has been read.
class LegalNote : public QWidget
{
    Q_OBJECT
public:
    explicit LegalNote(QWidget *parent = nullptr);

    bool isAcknowledged() const;
    void setAcknowledged(bool isAcknowledged); ///< no signal

Q_SIGNALS:
    void acknowledged(bool isRead);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QCheckBox *m_read;
};

} // namespace countersign::pages
