#include "ui/audit/trailfilterbar.h"

#include "models/items/celltext.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/searchfield.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDateEdit>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>

namespace countersign::pages {

using theme::scaled;

namespace {

enum Period { AnyTime, Today, SevenDays, ThirtyDays, Year, ChosenDays };

Instant startOf(const QDate &day)
{
    return fromMillis(QDateTime(day, QTime(0, 0), Qt::UTC).toMSecsSinceEpoch());
}

} // namespace

TrailFilterBar::TrailFilterBar(QMenu *columns, QWidget *parent)
    : Pane(widgets::Ground::Page, Qt::BottomEdge, parent)
    , m_search(new widgets::SearchField(tr("Filter by words")))
    , m_kind(new QComboBox)
    , m_who(new QComboBox)
    , m_period(new QComboBox)
    , m_from(new QDateEdit(QDateTime::currentDateTimeUtc().date()))
    , m_to(new QDateEdit(QDateTime::currentDateTimeUtc().date()))
    , m_clear(widgets::linkButton(tr("Clear")))
    , m_count(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(scaled(16), scaled(8), scaled(12), scaled(8));
    row->setSpacing(scaled(8));
    m_search->setShortcut(QKeySequence::Find);
    m_search->setFixedWidth(scaled(220));
    const std::pair<QString, const char *> kinds[] = {{tr("All events"), ""},         {tr("Reviews"), "review."}, {tr("Frozen bundles"), "bundle."}, {tr("Imports"), "import."},
                                                      {tr("Measurements"), "metrics."}, {tr("Models"), "model."},   {tr("Versions"), "version."},      {tr("Runs"), "run."},
                                                      {tr("Limits"), "policy."},        {tr("People"), "person."},  {tr("Keys"), "key."},              {tr("Reports"), "report."}};
    for (const auto &[words, prefix] : kinds)
        m_kind->addItem(words, QString::fromLatin1(prefix));
    m_kind->setAccessibleName(tr("Kind of event"));
    m_who->addItem(tr("Anyone"), QString());
    m_who->setAccessibleName(tr("Who"));
    m_period->addItems({tr("Any time"), tr("Today (UTC)"), tr("Last 7 days"), tr("Last 30 days"), tr("Last 12 months"), tr("Chosen days")});
    m_period->setAccessibleName(tr("When"));
    for (QDateEdit *edit : {m_from, m_to}) {
        edit->setCalendarPopup(true);
        edit->setDisplayFormat(QStringLiteral("d MMM yyyy"));
        edit->setFixedWidth(scaled(124));
    }
    m_from->setAccessibleName(tr("From"));
    m_to->setAccessibleName(tr("To"));
    QPushButton *chooser = widgets::quietButton(tr("Columns"), QStringLiteral("columns"));
    chooser->setMenu(columns);
    row->addWidget(m_search);
    for (QWidget *part : std::initializer_list<QWidget *>{m_kind, m_who, m_period, m_from, m_to, m_clear})
        row->addWidget(part);
    row->addStretch(1);
    row->addWidget(m_count);
    row->addWidget(chooser);

    connect(m_search, &widgets::SearchField::searched, this, &TrailFilterBar::changed);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &TrailFilterBar::changed);
    connect(m_who, &QComboBox::currentIndexChanged, this, &TrailFilterBar::changed);
    connect(m_period, &QComboBox::currentIndexChanged, this, [this] {
        followPeriod();
        Q_EMIT changed();
    });
    connect(m_from, &QDateEdit::dateChanged, this, &TrailFilterBar::changed);
    connect(m_to, &QDateEdit::dateChanged, this, &TrailFilterBar::changed);
    connect(m_clear, &QPushButton::clicked, this, [this] {
        clear();
        Q_EMIT changed();
        m_search->setFocus(Qt::OtherFocusReason);
    });
    connect(this, &TrailFilterBar::changed, this, [this] { m_clear->setVisible(isFiltering()); });
    m_clear->setVisible(false);
    followPeriod();
}

void TrailFilterBar::followPeriod()
{
    m_from->setVisible(m_period->currentIndex() == ChosenDays);
    m_to->setVisible(m_period->currentIndex() == ChosenDays);
}

void TrailFilterBar::setFirstDay(const QDate &day)
{
    if (m_period->currentIndex() == ChosenDays)
        return;
    const QSignalBlocker quiet(m_from);
    m_from->setDate(day);
}

void TrailFilterBar::setPeople(const std::vector<Person> &people)
{
    const QSignalBlocker quiet(m_who);
    const QVariant chosen = m_who->currentData();
    while (m_who->count() > 1)
        m_who->removeItem(1);
    for (const Person &person : people)
        m_who->addItem(items::oneLine(person.name), QString::fromStdString(person.id.text()));
    m_who->setCurrentIndex(qMax(0, m_who->findData(chosen)));
}

void TrailFilterBar::setCount(int shown, std::uint64_t all)
{
    const QLocale locale;
    m_count->setText(isFiltering() ? tr("%1 of %2 entries").arg(locale.toString(shown), locale.toString(static_cast<qulonglong>(all))) : tr("%1 entries").arg(locale.toString(shown)));
}

bool TrailFilterBar::isFiltering() const
{
    return m_kind->currentIndex() > 0 || m_who->currentIndex() > 0 || m_period->currentIndex() > 0 || !m_search->text().trimmed().isEmpty();
}

store::TrailFilter TrailFilterBar::filter() const
{
    store::TrailFilter filter;
    filter.kindPrefix = m_kind->currentData().toString().toStdString();
    filter.actor = m_who->currentData().toString().toStdString();
    filter.text = m_search->text().trimmed().toStdString();
    const QDate today = QDateTime::currentDateTimeUtc().date();
    switch (m_period->currentIndex()) {
    case Today: filter.from = startOf(today); break;
    case SevenDays: filter.from = startOf(today.addDays(-6)); break;
    case ThirtyDays: filter.from = startOf(today.addDays(-29)); break;
    case Year: filter.from = startOf(today.addYears(-1)); break;
    case ChosenDays:
        filter.from = startOf(std::min(m_from->date(), m_to->date()));
        filter.to = startOf(std::max(m_from->date(), m_to->date()).addDays(1)); // the last day belongs to it
        break;
    default: break;
    }
    return filter;
}

void TrailFilterBar::clear()
{
    const QSignalBlocker quiet(this);
    m_search->clear();
    m_kind->setCurrentIndex(0);
    m_who->setCurrentIndex(0);
    m_period->setCurrentIndex(0);
    m_clear->setVisible(false);
}

} // namespace countersign::pages
