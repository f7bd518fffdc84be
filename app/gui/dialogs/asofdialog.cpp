#include "app/gui/dialogs/asofdialog.h"

#include "app/gui/pastwords.h"
#include "ui/widgets/fields/formfield.h"

#include <QLineEdit>
#include <QLocale>

namespace countersign::gui {

AsOfDialog::AsOfDialog(QWidget *parent, const Clock &clock, std::uint64_t entries)
    : FormDialog(parent, tr("View as Of"),
                 tr("Every page shows the workspace as it was, judged as of then. The ledger is replayed up to there and its signatures are checked; nothing can be recorded meanwhile."),
                 tr("View"))
    , m_clock(clock)
    , m_entries(entries)
    , m_text(new QLineEdit)
    , m_field(addField(tr("Date, moment or number of entries"), m_text))
{
    // Yesterday: a whole day, and the commonest question.
    m_text->setText(QString::fromStdString(formatDate(clock.now() - std::chrono::hours(24))));
    m_text->selectAll();
    connect(m_text, &QLineEdit::textChanged, this, &AsOfDialog::read);
    read();
    m_text->setFocus();
}

void AsOfDialog::read()
{
    const auto point = services::readAsOf(m_text->text().trimmed().toStdString(), m_clock);
    m_field->setError({});
    if (!point)
        m_field->setHint(tr("2026-11-30 is the end of that day here; 2026-11-30T15:00Z or 2026-11-30 16:00+01:00 a moment; 1200 the first so many of %1 entries.")
                             .arg(QLocale().toString(static_cast<qulonglong>(m_entries))));
    else if (point->size)
        m_field->setHint(tr("The first %1 of %2 entries.").arg(QLocale().toString(static_cast<qulonglong>(*point->size)), QLocale().toString(static_cast<qulonglong>(m_entries))));
    else
        m_field->setHint(tr("Up to the last entry that is not later than %1.").arg(momentText(point->time)));
}

bool AsOfDialog::check()
{
    const auto point = services::readAsOf(m_text->text().trimmed().toStdString(), m_clock);
    if (point && point->size && (*point->size == 0 || *point->size > m_entries))
        m_field->setError(tr("The ledger has %1 entries: give a number from 1 to that.").arg(QLocale().toString(static_cast<qulonglong>(m_entries))));
    else if (!point)
        m_field->setError(QString::fromStdString(point.error().text()));
    else
        m_point = *point;
    return point && (!point->size || (*point->size > 0 && *point->size <= m_entries));
}

} // namespace countersign::gui
