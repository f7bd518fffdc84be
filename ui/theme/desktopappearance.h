#pragma once

#include <QObject>

class QDBusVariant;

namespace countersign::theme {

/// What the desktop says about colours and motion, through its portal (org.freedesktop.appearance), and when it changes.
/// Without a session bus or portal: light, normal contrast, motion allowed. Never waits: the first answer arrives as `changed`.
class DesktopAppearance : public QObject
{
    Q_OBJECT
public:
    explicit DesktopAppearance(QObject *parent);

    bool isDark() const { return m_isDark; }
    bool isHighContrast() const { return m_isHighContrast; }
    bool isMotionReduced() const { return m_isMotionReduced; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void settingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void ask(const QString &key);
    void take(const QString &key, const QVariant &value);

    bool m_isDark = false;
    bool m_isHighContrast = false;
    bool m_isMotionReduced = false;
};

} // namespace countersign::theme
