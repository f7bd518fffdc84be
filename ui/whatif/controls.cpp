#include "ui/whatif/controls.h"

#include "models/base/number.h"
#include "ui/theme/type.h"
#include "ui/whatif/thresholdslider.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/fields/segmentedbutton.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>

#include <cmath>

namespace countersign::pages {

using theme::scaled;

namespace {

constexpr int kSteps = 1000; ///< of the slider
const QString kOne = QStringLiteral("one");
const QString kEach = QStringLiteral("each");

/// As people here write numbers, or as records do.
std::optional<double> numberOf(QString text)
{
    text = text.trimmed();
    text.replace(QChar(0x2212), QLatin1Char('-'));
    bool isNumber = false;
    const double local = QLocale().toDouble(text, &isNumber);
    if (isNumber && std::isfinite(local))
        return local;
    const auto plain = number::parse(text.toStdString());
    return plain && std::isfinite(*plain) ? std::optional(*plain) : std::nullopt;
}

QString written(double value)
{
    return QLocale().toString(value, 'g', 10);
}

} // namespace

WhatIfControls::WhatIfControls(QWidget *parent)
    : QWidget(parent)
    , m_grouping(new QComboBox)
    , m_mode(new widgets::SegmentedButton(tr("Thresholds")))
    , m_group(new QComboBox)
    , m_groupField(new widgets::FormField(tr("Of group"), m_group))
    , m_slider(new ThresholdSlider)
    , m_number(new QLineEdit)
    , m_numberField(new widgets::FormField(tr("Threshold"), m_number))
    , m_constraint(new QComboBox)
    , m_toleranceLine(new QLineEdit(written(0.05)))
    , m_toleranceField(new widgets::FormField(tr("May differ by"), m_toleranceLine))
    , m_falsePositive(new QLineEdit)
    , m_falseNegative(new QLineEdit)
    , m_positiveField(new widgets::FormField(tr("Cost of an FP"), m_falsePositive))
    , m_negativeField(new widgets::FormField(tr("Cost of an FN"), m_falseNegative))
    , m_find(widgets::secondaryButton(tr("Find Best Thresholds"), QStringLiteral("search")))
    , m_reset(widgets::quietButton(tr("Start Over")))
{
    m_grouping->setObjectName(QStringLiteral("grouping"));
    m_mode->setObjectName(QStringLiteral("mode"));
    m_group->setObjectName(QStringLiteral("group"));
    m_slider->setObjectName(QStringLiteral("slider"));
    m_number->setObjectName(QStringLiteral("number"));
    m_constraint->setObjectName(QStringLiteral("constraint"));
    m_toleranceLine->setObjectName(QStringLiteral("tolerance"));
    m_falsePositive->setObjectName(QStringLiteral("costFp"));
    m_falseNegative->setObjectName(QStringLiteral("costFn"));
    m_find->setObjectName(QStringLiteral("find"));
    m_reset->setObjectName(QStringLiteral("reset"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(scaled(theme::space::kPage), scaled(8), scaled(theme::space::kPage), scaled(8));
    column->setSpacing(scaled(8));
    column->addWidget(makeUpper());
    column->addWidget(makeLower());
    m_groupField->hide();
    connectSignals();
}

QWidget *WhatIfControls::makeUpper()
{
    m_mode->addChoice(kOne, tr("One Threshold"));
    m_mode->addChoice(kEach, tr("One per Group"));
    m_slider->setRange(0, kSteps);
    m_slider->setSingleStep(1);
    m_slider->setPageStep(kSteps / 20);
    m_slider->setAccessibleName(tr("Threshold"));
    m_slider->setMinimumSize(scaled(180), scaled(theme::height::kControl));
    m_number->setFixedWidth(scaled(110));
    m_grouping->setMinimumWidth(scaled(120));
    m_grouping->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_grouping->setMaximumWidth(scaled(220));
    m_group->setMinimumWidth(scaled(110));
    m_group->setMaximumWidth(scaled(200));
    auto *upper = new QWidget;
    auto *row = new QHBoxLayout(upper);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(theme::space::kMedium));
    row->addWidget(new widgets::FormField(tr("Groups by"), m_grouping), 0, Qt::AlignTop);
    row->addWidget(new widgets::FormField(tr("Thresholds"), m_mode), 0, Qt::AlignTop);
    row->addWidget(m_groupField, 0, Qt::AlignTop);
    row->addWidget(new widgets::FormField(tr("Scores from here on are decided positive"), m_slider), 1, Qt::AlignTop);
    row->addWidget(m_numberField, 0, Qt::AlignTop);
    return upper;
}

QWidget *WhatIfControls::makeLower()
{
    m_constraint->addItem(tr("nothing: accuracy alone counts"), QString());
    m_constraint->addItem(tr("selection rates (demographic parity)"), QStringLiteral("demographic_parity"));
    m_constraint->addItem(tr("recall (equal opportunity)"), QStringLiteral("equal_opportunity"));
    m_constraint->addItem(tr("recall and FPR (equalized odds)"), QStringLiteral("equalized_odds"));
    for (QLineEdit *line : {m_toleranceLine, m_falsePositive, m_falseNegative})
        line->setFixedWidth(scaled(84));
    for (QLineEdit *line : {m_falsePositive, m_falseNegative})
        line->setPlaceholderText(tr("none"));
    auto *lower = new QWidget;
    auto *row = new QHBoxLayout(lower);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(theme::space::kMedium));
    row->addWidget(new widgets::FormField(tr("Groups should have in common"), m_constraint), 0, Qt::AlignTop);
    row->addWidget(m_toleranceField, 0, Qt::AlignTop);
    row->addWidget(m_positiveField, 0, Qt::AlignTop);
    row->addWidget(m_negativeField, 0, Qt::AlignTop);
    row->addStretch(1);
    row->addWidget(m_reset, 0, Qt::AlignBottom);
    row->addWidget(m_find, 0, Qt::AlignBottom);
    return lower;
}

void WhatIfControls::connectSignals()
{
    connect(m_grouping, &QComboBox::activated, this, [this] { Q_EMIT groupingChosen(grouping()); });
    connect(m_mode, &widgets::SegmentedButton::chosen, this, [this] {
        m_groupField->setVisible(isPerGroup());
        Q_EMIT modeChosen(isPerGroup());
    });
    connect(m_group, &QComboBox::activated, this, &WhatIfControls::groupChosen);
    connect(m_slider, &QSlider::valueChanged, this, [this](int place) { sliderMoved(place, !m_slider->isSliderDown()); });
    connect(m_slider, &QSlider::sliderReleased, this, [this] { Q_EMIT thresholdChosen(m_threshold); });
    connect(m_number, &QLineEdit::editingFinished, this, &WhatIfControls::takeNumber);
    connect(m_constraint, &QComboBox::activated, this, &WhatIfControls::choiceChanged);
    connect(m_toleranceLine, &QLineEdit::editingFinished, this, &WhatIfControls::takeTolerance);
    connect(m_falsePositive, &QLineEdit::editingFinished, this, &WhatIfControls::takeCosts);
    connect(m_falseNegative, &QLineEdit::editingFinished, this, &WhatIfControls::takeCosts);
    connect(m_find, &QPushButton::clicked, this, &WhatIfControls::findRequested);
    connect(m_reset, &QPushButton::clicked, this, &WhatIfControls::resetRequested);
}

void WhatIfControls::setGroupings(const QList<QPair<QString, QString>> &groupings, const QString &current)
{
    const QSignalBlocker quiet(m_grouping);
    m_grouping->clear();
    for (const auto &[key, name] : groupings)
        m_grouping->addItem(name, key);
    m_grouping->setCurrentIndex(std::max(0, m_grouping->findData(current)));
}

QString WhatIfControls::grouping() const
{
    return m_grouping->currentData().toString();
}

void WhatIfControls::setGroups(const QStringList &names)
{
    const QSignalBlocker quiet(m_group);
    m_group->clear();
    m_group->addItems(names);
}

void WhatIfControls::setScores(double lowest, double highest)
{
    m_lowest = lowest;
    m_highest = highest;
    showThreshold(m_threshold);
}

void WhatIfControls::showThreshold(double threshold)
{
    m_isShowing = true;
    m_threshold = threshold;
    if (!m_slider->isSliderDown()) {
        const double share = m_highest > m_lowest ? (std::clamp(threshold, m_lowest, m_highest) - m_lowest) / (m_highest - m_lowest) : 0;
        m_slider->setValue(static_cast<int>(std::lround(share * kSteps)));
    }
    m_number->setText(std::isinf(threshold) ? tr("above all") : written(threshold));
    m_numberField->setError({});
    m_slider->setAccessibleDescription(m_number->text());
    m_isShowing = false;
}

void WhatIfControls::showGroup(int group)
{
    m_group->setCurrentIndex(group);
}

bool WhatIfControls::isPerGroup() const
{
    return m_mode->current() == kEach;
}

computed::ConstraintChoice WhatIfControls::choice() const
{
    return {metrics::parseConstraint(m_constraint->currentData().toString().toStdString()), m_tolerance, isPerGroup()};
}

std::optional<metrics::Costs> WhatIfControls::costs() const
{
    return m_costs;
}

void WhatIfControls::setFindable(const QString &whyNot)
{
    m_find->setEnabled(whyNot.isEmpty());
    m_find->setToolTip(whyNot);
    m_find->setAccessibleDescription(whyNot);
}

QWidget *WhatIfControls::slider() const
{
    return m_slider;
}

void WhatIfControls::sliderMoved(int place, bool isDone)
{
    if (m_isShowing)
        return;
    const double threshold = m_lowest + (m_highest - m_lowest) * place / kSteps;
    m_threshold = threshold;
    if (isDone)
        Q_EMIT thresholdChosen(threshold);
    else
        Q_EMIT thresholdMoved(threshold);
}

void WhatIfControls::takeNumber()
{
    const auto threshold = numberOf(m_number->text());
    if (!threshold) {
        if (!std::isinf(m_threshold))
            m_numberField->setError(tr("Write a number, as 0.42."));
        return;
    }
    m_numberField->setError({});
    if (*threshold != m_threshold && written(m_threshold) != m_number->text())
        Q_EMIT thresholdChosen(*threshold);
}

void WhatIfControls::takeTolerance()
{
    const auto tolerance = numberOf(m_toleranceLine->text());
    const bool isUsable = tolerance && *tolerance >= 0 && *tolerance <= 1;
    m_toleranceField->setError(isUsable ? QString() : tr("Between 0 and 1."));
    if (!isUsable || *tolerance == m_tolerance)
        return;
    m_tolerance = *tolerance;
    Q_EMIT choiceChanged();
}

// One cost without the other: the other one is 1.
void WhatIfControls::takeCosts()
{
    const auto costOf = [this](const QLineEdit *line, widgets::FormField *field) -> std::optional<double> {
        const auto cost = numberOf(line->text());
        const bool isEmpty = line->text().trimmed().isEmpty();
        const bool isUsable = isEmpty || (cost && *cost >= 0);
        field->setError(isUsable ? QString() : tr("A number from 0 on."));
        return isUsable && !isEmpty ? cost : std::nullopt;
    };
    const auto positive = costOf(m_falsePositive, m_positiveField);
    const auto negative = costOf(m_falseNegative, m_negativeField);
    const auto costs = positive || negative ? std::optional(metrics::Costs{positive.value_or(1), negative.value_or(1)}) : std::nullopt;
    if (costs == m_costs || m_positiveField->hasError() || m_negativeField->hasError())
        return;
    m_costs = costs;
    Q_EMIT costsChanged();
}

} // namespace countersign::pages
