#include "ui/widgets/frame/statusbar.h"

#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QProgressBar>

namespace countersign::widgets {

using theme::scaled;

StatusBar::StatusBar(QWidget *parent)
    : QWidget(parent)
    , m_personButton(linkButton({}))
    , m_jobText(new PlainLabel({}, theme::Type::Secondary, Ink::Secondary))
    , m_jobBar(new QProgressBar)
    , m_jobCancel(linkButton(tr("Cancel")))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(scaled(14), 1, scaled(14), 0);
    row->setSpacing(scaled(10));
    m_connection = addPart(QStringLiteral("live"), *row);
    m_person = addPart(QStringLiteral("user"), *row);
    m_personButton->setFont(theme::font(theme::Type::Secondary, QFont::Medium));
    m_personButton->setFixedHeight(scaled(24));
    m_personButton->setObjectName(QStringLiteral("person"));
    m_personButton->setAccessibleName(tr("Who works here")); // until somebody does
    m_person.text->hide();
    m_person.host->layout()->addWidget(m_personButton);
    connect(m_personButton, &QPushButton::clicked, this, &StatusBar::personClicked);
    m_ledger = addPart(QStringLiteral("audit"), *row);
    row->addStretch(1);
    m_jobText->setElide(Qt::ElideRight);
    m_jobBar->setFixedWidth(scaled(110));
    m_jobBar->setTextVisible(false);
    m_jobBar->setAccessibleName(tr("Progress"));
    m_jobCancel->setFont(theme::font(theme::Type::Secondary, QFont::Medium));
    m_jobCancel->setFixedHeight(scaled(24));
    row->addWidget(m_jobText);
    row->addWidget(m_jobBar);
    row->addWidget(m_jobCancel);
    m_lock = addPart(QStringLiteral("lock"), *row);
    setFixedHeight(scaled(theme::height::kStatusBar));
    connect(m_jobCancel, &QPushButton::clicked, this, [this] {
        const auto cancel = m_jobs.value(m_order.isEmpty() ? QString() : m_order.last()).cancel;
        if (cancel)
            cancel();
    });
    showJob();
}

StatusBar::Part StatusBar::addPart(const QString &icon, QHBoxLayout &row)
{
    const bool isFirst = row.count() == 0;
    Part part{new QWidget, new IconLabel(icon, 14), new PlainLabel({}, theme::Type::Secondary, Ink::Secondary)};
    auto *inner = new QHBoxLayout(part.host);
    inner->setContentsMargins(scaled(isFirst ? 0 : 10), 0, 0, 0);
    inner->setSpacing(scaled(6));
    inner->addWidget(part.icon);
    inner->addWidget(part.text);
    part.text->setElide(Qt::ElideRight);
    part.host->hide();
    row.addWidget(part.host);
    return part;
}

void StatusBar::setPart(const Part &part, const QString &text)
{
    part.text->setText(text);
    part.host->setAccessibleName(text);
    part.host->setVisible(!text.isEmpty());
    update();
}

void StatusBar::setConnectionText(const QString &text, bool isLive, const QString &details)
{
    m_connection.icon->setIcon(isLive ? QStringLiteral("live") : QStringLiteral("file"));
    setPart(m_connection, text);
    m_connection.host->setToolTip(details.isEmpty() ? QString() : literalToolTip(details));
    m_connection.host->setAccessibleDescription(details);
}

void StatusBar::setPerson(const QString &text)
{
    QString words = text;
    m_personButton->setText(words.replace(QLatin1Char('&'), QStringLiteral("&&"))); // a name has no mnemonic
    m_personButton->setAccessibleName(tr("Works here: %1. Change…").arg(text));
    setPart(m_person, text);
}

void StatusBar::setLedgerState(const QString &text)
{
    setPart(m_ledger, text);
}

void StatusBar::setLockText(const QString &text)
{
    setPart(m_lock, text);
}

void StatusBar::setJob(const QString &id, const QString &text, int percent, std::function<void()> cancel)
{
    m_jobs.insert(id, Job{text, percent, std::move(cancel)});
    m_order.removeAll(id);
    m_order.append(id);
    showJob();
}

void StatusBar::removeJob(const QString &id)
{
    m_jobs.remove(id);
    m_order.removeAll(id);
    showJob();
}

void StatusBar::showJob()
{
    const bool hasJob = !m_order.isEmpty();
    m_jobText->setVisible(hasJob);
    m_jobBar->setVisible(hasJob);
    m_jobCancel->setVisible(false);
    if (!hasJob)
        return;
    const Job job = m_jobs.value(m_order.last());
    const int others = jobCount() - 1;
    m_jobText->setText(others > 0 ? tr("%1 (and %n more)", "running jobs", others).arg(job.text) : job.text);
    m_jobBar->setRange(0, job.percent < 0 ? 0 : 100);
    m_jobBar->setValue(job.percent < 0 ? 0 : qMin(job.percent, 100));
    m_jobBar->setAccessibleName(job.text);
    m_jobCancel->setVisible(bool(job.cancel));
    m_jobCancel->setAccessibleName(tr("Cancel: %1").arg(job.text));
}

void StatusBar::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    painter.fillRect(0, 0, width(), 1, t.hair);
    // Short lines between the parts at the left, and before the lock.
    const int line = scaled(14);
    const bool isMirrored = layoutDirection() == Qt::RightToLeft;
    bool isFirst = true;
    for (const Part *part : {&m_connection, &m_person, &m_ledger, &m_lock}) {
        if (part->host->isHidden())
            continue;
        if (!isFirst || part == &m_lock) {
            const int x = isMirrored ? part->host->geometry().right() : part->host->x();
            painter.fillRect(x, (height() - line) / 2 + 1, 1, line, t.isHighContrast() ? t.text : t.control);
        }
        isFirst = false;
    }
}

} // namespace countersign::widgets
