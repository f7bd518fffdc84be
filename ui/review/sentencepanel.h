#pragma once

#include "ui/review/reviewcase.h"

#include <QWidget>

class QVBoxLayout;

namespace countersign::widgets {
class PlainLabel;
}

namespace countersign::pages {

/// The sentence that will be signed. Where there are adverse facts it stands on the tint of a failure, and they are repeated below it,
/// each with its glyph.
class SentencePanel : public QWidget
{
    Q_OBJECT
public:
    explicit SentencePanel(QWidget *parent = nullptr);

    void setSentence(const QString &sentence);
    QString sentence() const;
    void setAdverse(const std::vector<AdverseFact> &facts);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    widgets::PlainLabel *m_sentence;
    QWidget *m_facts = nullptr;
    QVBoxLayout *m_column;
    bool m_isAdverse = false;
};

} // namespace countersign::pages
