#pragma once

#include "ui/widgets/frame/page.h"

#include <QStandardItemModel>

namespace countersign::gallery {

/// An inventory with invented rows, laid out as the real page is: for looking at, and for driving with keys.
class GalleryPage : public widgets::Page
{
    Q_OBJECT
public:
    explicit GalleryPage(const QString &title, QWidget *parent = nullptr);
    QString title() const override { return m_title; }
    QList<widgets::Crumb> crumbs() const override;
    void open(const widgets::Target &target) override { opened.append(target); }
    void refresh() override { ++refreshes; }

    QList<widgets::Target> opened;
    int refreshes = 0;

private:
    QWidget *makeFilterBar();
    QWidget *makeTable();
    QWidget *makeDetail();

    QString m_title;
};

/// Forms, cards, badges, messages: what the inventory does not show.
class PartsPage : public widgets::Page
{
    Q_OBJECT
public:
    explicit PartsPage(QWidget *parent = nullptr);
    QString title() const override { return QStringLiteral("Parts"); }
};

} // namespace countersign::gallery
