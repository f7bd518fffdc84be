#pragma once

#include "ui/theme/state.h"

#include <QWidget>

class QHBoxLayout;

namespace countersign::widgets {

class PlainLabel;
class VerdictBadge;

/// Head of a page: title, beside it controls and the verdict, below it one sentence; actions at the right.
class PageHeader : public QWidget
{
    Q_OBJECT
public:
    explicit PageHeader(const QString &title = {}, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    void setSentence(const QString &sentence, const QString &more = {}); ///< "37 of 412 models. 6 fail a rule."; `more` is its tool tip
    void setVerdict(theme::State state, const QString &sentence);
    void clearVerdict();
    void addBesideTitle(QWidget *widget); ///< a version combo; takes ownership
    /// Left to right; the primary comes last. Takes ownership.
    void addAction(QWidget *button);

private:
    PlainLabel *m_title;
    PlainLabel *m_sentence;
    VerdictBadge *m_badge;
    QHBoxLayout *m_beside;
    QHBoxLayout *m_actions;
};

} // namespace countersign::widgets
