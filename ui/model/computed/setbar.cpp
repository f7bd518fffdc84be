#include "ui/model/computed/setbar.h"

#include "models/items/celltext.h"
#include "models/policy/evaluator.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFileInfo>
#include <QLocale>
#include <QPushButton>

namespace countersign::pages {

using items::oneLine;
using theme::scaled;

namespace {

/// When and how the figures were last computed again.
QString checkText(const services::ComputedRow &row)
{
    if (!row.lastCheck)
        return SetBar::tr("never recomputed");
    const QString when = items::utcDate(row.lastCheck->at);
    return row.lastCheck->isEqual ? SetBar::tr("recomputed %1: equal").arg(when)
                                  : SetBar::tr("recomputed %1: %2 differ").arg(when, QLocale().toString(static_cast<qulonglong>(row.lastCheck->differences)));
}

} // namespace

QString setTitle(const services::ComputedRow &row)
{
    const QString name = QFileInfo(QString::fromStdString(row.log)).fileName();
    return QStringLiteral("%1 · %2 · %3").arg(QString::fromStdString(row.number()), items::utcDate(row.at), oneLine(name.toStdString()));
}

QString lacksText(const computed::ComputedSet &set)
{
    QStringList sentences;
    if (set.scoreStep > 0)
        sentences.append(SetBar::tr("Scores were rounded down to multiples of %1, because the log did not fit into memory: AUC and its relatives have an error bound.")
                             .arg(QString::fromStdString(policy::valueText(set.scoreStep))));
    if (set.uncertainRows > 0)
        sentences.append(SetBar::tr("%1 rows lie in the step of scores that the threshold divides.").arg(QLocale().toString(static_cast<qulonglong>(set.uncertainRows))));
    for (const std::string &note : set.notes)
        sentences.append(oneLine(note));
    return sentences.join(QLatin1Char(' '));
}

SetBar::SetBar(ComputedSource &source, QWidget *parent)
    : QWidget(parent)
    , m_source(source)
    , m_set(new QComboBox)
    , m_facts(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_recompute(widgets::quietButton(tr("Recompute…"), QStringLiteral("refresh")))
    , m_row(new QHBoxLayout)
{
    m_facts->setElide(Qt::ElideRight);
    m_facts->setSelectable(true);
    m_set->setObjectName(QStringLiteral("computedSet"));
    m_set->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_set->setMaximumWidth(scaled(310));
    m_facts->setObjectName(QStringLiteral("setFacts"));
    m_set->setAccessibleName(tr("Figures of"));
    m_recompute->setObjectName(QStringLiteral("recompute"));
    m_recompute->setToolTip(tr("Computes every figure again from the log, and says what differs"));
    auto *words = new widgets::PlainLabel(tr("Figures of"), theme::Type::Body, widgets::Ink::Secondary);
    words->setBuddy(m_set);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(scaled(theme::space::kSmall));
    m_row->addWidget(words);
    m_row->addWidget(m_set);
    m_row->addSpacing(scaled(4));
    m_row->addWidget(m_facts, 1);
    m_row->addWidget(m_recompute);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(m_row);
    connect(m_set, &QComboBox::activated, this, [this] {
        m_source.choose(m_set->currentData().toString());
        m_source.need();
    });
    showCursor({});
}

void SetBar::addAct(QPushButton *act)
{
    m_row->addWidget(act);
}

void SetBar::show()
{
    m_set->clear();
    for (const services::ComputedRow &row : m_source.rows())
        m_set->addItem(setTitle(row), QString::fromStdString(row.import.text()));
    const services::ComputedRow *current = m_source.current();
    m_set->setCurrentIndex(current ? m_set->findData(QString::fromStdString(current->import.text())) : -1);
    m_set->setEnabled(m_set->count() > 0);
    m_recompute->setEnabled(current != nullptr);
    m_factsText = current ? tr("%1 rows, %2 windows · %5 · log SHA-256 %4… · by %3")
                                   .arg(QLocale().toString(static_cast<qulonglong>(current->rows - current->rejected)),
                                        QLocale().toString(static_cast<qulonglong>(current->windows)), oneLine(current->actor),
                                        QString::fromStdString(current->logDigest.hex().substr(0, 8)), checkText(*current))
                          : QString();
    showCursor({});
}

void SetBar::showCursor(const QString &sentence)
{
    m_facts->setText(sentence.isEmpty() ? m_factsText : sentence);
    m_facts->setType(sentence.isEmpty() ? theme::Type::Secondary : theme::Type::Strong);
    m_facts->setInk(sentence.isEmpty() ? widgets::Ink::Secondary : widgets::Ink::Text);
}

} // namespace countersign::pages
