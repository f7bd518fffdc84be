#pragma once

#include <QWidget>

class QAbstractScrollArea;
class QPushButton;

namespace countersign::widgets {

class PlainLabel;

/// What stands where rows would be: what this is, why it is empty, one next act. Four causes, so the words can be true.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    enum class Cause { NothingYet, FilteredOut, NoRight, Failed };
    Q_ENUM(Cause)

    /// Lies over the viewport of `view` and follows its size; hidden until shown.
    explicit EmptyState(QAbstractScrollArea *view);
    /// Free standing.
    explicit EmptyState(QWidget *parent = nullptr);

    /// `act` is the text of the one button; empty: none. actRequested() follows its click.
    void describe(Cause cause, const QString &head, const QString &why, const QString &act = {});
    Cause cause() const { return m_cause; }

Q_SIGNALS:
    void actRequested(countersign::widgets::EmptyState::Cause cause);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();

    Cause m_cause = Cause::NothingYet;
    PlainLabel *m_head = nullptr;
    PlainLabel *m_why = nullptr;
    QPushButton *m_act = nullptr;
};

} // namespace countersign::widgets
