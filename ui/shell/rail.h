#pragma once

#include <QListView>

class QStandardItemModel;

namespace countersign::shell {

/// A list of places at the left edge: icon, name, number of things that wait there. One click or Enter opens.
class Rail : public QListView
{
    Q_OBJECT
public:
    explicit Rail(const QString &accessibleName, QWidget *parent = nullptr);

    void addPlace(const QString &key, const QString &title, const QString &icon);
    void setCount(const QString &key, int count); ///< 0: no number
    /// A place that cannot be opened says why in its tool tip.
    void setPlaceEnabled(const QString &key, bool isEnabled, const QString &reason = {});
    /// Marks where the person is; an unknown key marks nothing.
    void setCurrentPlace(const QString &key);
    void setIconsOnly(bool isIconsOnly);
    bool isIconsOnly() const { return m_isIconsOnly; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }
    int placeCount() const;

Q_SIGNALS:
    void placeChosen(const QString &key);

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    QStandardItemModel *m_items;
    bool m_isIconsOnly = false;
};

} // namespace countersign::shell
