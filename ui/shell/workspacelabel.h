#pragma once

#include <QColor>
#include <QWidget>

namespace countersign::shell {

/// Name and kind of the open workspace with its colour strip, at the right of the menu bar: production must not look like sandbox.
class WorkspaceLabel : public QWidget
{
    Q_OBJECT
public:
    explicit WorkspaceLabel(QWidget *parent = nullptr);
    /// An invalid colour: the theme's default. An empty name hides everything.
    void setWorkspace(const QString &name, const QString &kind, const QColor &strip = {});
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_name;
    QString m_kind;
    QColor m_strip;
};

} // namespace countersign::shell
