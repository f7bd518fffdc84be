#pragma once

#include <QListView>

class QStandardItemModel;

namespace countersign::welcome {

/// A workspace used before, as shown.
struct RecentWorkspace {
    QString name;     ///< "bank-prod"
    QString path;     ///< file, or URI without password: what openRecent() gives back
    QString detail;   ///< "db.example · governance · shared"
    QString lastUsed; ///< "2 hours ago"
    bool isShared = false;
    bool isMissing = false;
};

/// The workspaces used last. Enter or a click opens one, or asks for the new place of a missing one; Del removes it from the list.
class RecentList : public QListView
{
    Q_OBJECT
public:
    explicit RecentList(QWidget *parent = nullptr);
    void setWorkspaces(const QList<RecentWorkspace> &workspaces);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void openRequested(const QString &path);
    void locateRequested(const QString &path);
    void removeRequested(const QString &path);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    void choose(const QModelIndex &index);

    QStandardItemModel *m_items;
};

} // namespace countersign::welcome
