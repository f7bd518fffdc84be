#include "ui/theme/icons.h"

#include "ui/theme/theme.h"

#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace countersign::theme {

namespace {

// All icons are drawn in this one colour, which is exchanged for the wanted one.
const QByteArray kInk = QByteArrayLiteral("#1A1E24");

QByteArray source(const QString &name)
{
    static QHash<QString, QByteArray> sources; // GUI thread only, as all of QPixmap
    auto found = sources.find(name);
    if (found == sources.end()) {
        QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
        const bool isOpen = file.open(QIODevice::ReadOnly);
        found = sources.insert(name, isOpen ? file.readAll() : QByteArray());
    }
    return *found;
}

/// Reads the tokens at every paint, so a change of theme needs no new icons.
class TintedEngine : public QIconEngine
{
public:
    TintedEngine(QString name, QColor fixed) : m_name(std::move(name)), m_fixed(fixed) {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const int side = qMin(rect.width(), rect.height());
        const QRect box(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, side, side);
        paintIcon(*painter, m_name, box, colour(mode, state));
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return iconPixmap(m_name, colour(mode, state), qMin(size.width(), size.height()), 1.0);
    }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State state, qreal scale) override
    {
        QPixmap result = iconPixmap(m_name, colour(mode, state), qRound(qMin(size.width(), size.height()) / scale), scale);
        result.setDevicePixelRatio(scale);
        return result;
    }
    QIconEngine *clone() const override { return new TintedEngine(m_name, m_fixed); }
    QString key() const override { return QStringLiteral("countersign"); }
    QString iconName() override { return m_name; }
    bool isNull() override { return !hasIcon(m_name); }

private:
    QColor colour(QIcon::Mode mode, QIcon::State state) const
    {
        const Tokens &t = current();
        if (mode == QIcon::Disabled)
            return t.disabled;
        if (m_fixed.isValid())
            return m_fixed;
        return state == QIcon::On || mode == QIcon::Selected ? t.link : t.secondary;
    }

    QString m_name;
    QColor m_fixed;
};

} // namespace

bool hasIcon(const QString &name)
{
    return !source(name).isEmpty();
}

void paintIconVector(QPainter &painter, const QString &name, const QRectF &box, const QColor &colour)
{
    QByteArray svg = source(name);
    if (svg.isEmpty())
        return;
    svg.replace(kInk, colour.name().toLatin1());
    QSvgRenderer renderer(svg);
    renderer.render(&painter, box);
}

QPixmap iconPixmap(const QString &name, const QColor &colour, int size, double dpr)
{
    const QString key = QStringLiteral("cs-icon:%1:%2:%3:%4").arg(name, colour.name()).arg(size).arg(dpr);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    const int side = qMax(1, qRound(size * dpr));
    pixmap = QPixmap(side, side);
    pixmap.fill(Qt::transparent);
    {
        QPainter painter(&pixmap);
        paintIconVector(painter, name, QRectF(0, 0, side, side), colour);
    }
    pixmap.setDevicePixelRatio(dpr);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

void paintIcon(QPainter &painter, const QString &name, const QRect &box, const QColor &colour)
{
    painter.drawPixmap(box.topLeft(), iconPixmap(name, colour, box.width(), painter.device()->devicePixelRatioF()));
}

QIcon icon(const QString &name)
{
    return QIcon(new TintedEngine(name, QColor()));
}

QIcon icon(const QString &name, const QColor &colour)
{
    return QIcon(new TintedEngine(name, colour));
}

void paintApplicationMark(QPainter &painter, const QRectF &box)
{
    QSvgRenderer renderer(QStringLiteral(":/images/countersign.svg"));
    renderer.render(&painter, box);
}

QIcon applicationIcon()
{
    QIcon result;
    for (const int side : {16, 24, 32, 48, 64, 128, 256}) {
        QPixmap pixmap(side, side);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paintApplicationMark(painter, QRectF(0, 0, side, side));
        painter.end();
        result.addPixmap(pixmap);
    }
    return result;
}

} // namespace countersign::theme
