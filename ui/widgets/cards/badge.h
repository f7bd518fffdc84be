#pragma once

#include "ui/theme/state.h"

#include <QWidget>

namespace countersign::widgets {

/// The verdict as a sentence on its tint: "Not releasable: 1 rule fails". Never cut: it asks for the width it needs.
class VerdictBadge : public QWidget
{
    Q_OBJECT
public:
    explicit VerdictBadge(QWidget *parent = nullptr);
    void setVerdict(theme::State state, const QString &sentence);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    theme::State m_state = theme::State::NotJudged;
    QString m_sentence;
};

/// Glyph and word, without ground: legends, rows of checks. An empty word gives the word of the state.
class StateLabel : public QWidget
{
    Q_OBJECT
public:
    explicit StateLabel(theme::State state, const QString &word = {}, QWidget *parent = nullptr);
    void setState(theme::State state, const QString &word = {});
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    theme::State m_state;
    QString m_word;
};

/// An icon that only accompanies text.
class IconLabel : public QWidget
{
    Q_OBJECT
public:
    explicit IconLabel(const QString &icon, int size = 16, QWidget *parent = nullptr);
    void setIcon(const QString &icon);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_icon;
    int m_size;
};

} // namespace countersign::widgets
