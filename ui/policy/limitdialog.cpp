#include "ui/policy/limitdialog.h"

#include "models/base/number.h"
#include "models/items/celltext.h"
#include "models/items/review/rulestable.h"
#include "models/metrics/definition.h"
#include "models/policy/evaluator.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/frame/dialogframe.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>

namespace countersign::pages {

using theme::scaled;

namespace {

Error wrong(const QString &text)
{
    return {ErrorKind::Invalid, text.toStdString(), {}};
}

QString written(double value)
{
    return QString::fromStdString(number::shortest(value));
}

Result<double> readNumber(const QLineEdit &line, const QString &name)
{
    QString text = line.text().trimmed();
    text.replace(QChar(0x2212), QLatin1Char('-'));
    if (text.isEmpty())
        return wrong(LimitDialog::tr("%1 is missing.").arg(name));
    const auto value = number::parse(text.toStdString());
    if (!value)
        return wrong(LimitDialog::tr("%1 is not a number. Write it as 0.70.").arg(name));
    return *value;
}

} // namespace

LimitDialog::LimitDialog(const QStringList &metrics, const std::optional<Rule> &before, const QString &modelName, QWidget *parent)
    : QDialog(parent)
    , m_before(before)
    , m_modelName(modelName)
    , m_metric(new QComboBox)
    , m_direction(new QComboBox)
    , m_limit(new QLineEdit)
    , m_upper(new QLineEdit)
    , m_watch(new QLineEdit)
    , m_minimum(new QLineEdit)
    , m_attribute(new QLineEdit)
    , m_basis(new QComboBox)
    , m_age(new QLineEdit)
    , m_severity(new QComboBox)
    , m_tier(new QComboBox)
    , m_model(new QLineEdit)
    , m_from(new QLineEdit)
    , m_limitField(new widgets::FormField(tr("Limit"), m_limit))
    , m_upperField(new widgets::FormField(tr("Upper edge"), m_upper))
    , m_sentence(new widgets::PlainLabel({}, theme::Type::SigningSentence))
    , m_trouble(new widgets::PlainLabel({}, theme::Type::Body, widgets::Ink::Secondary))
    , m_act(widgets::primaryButton(before ? tr("Change Limit") : tr("Set Limit")))
{
    setWindowTitle(before ? tr("Change Limit") : tr("New Limit"));
    setWindowModality(Qt::WindowModal);
    build(metrics);
    if (before)
        fill(*before, modelName);
    followDirection();
    preview();
}

void LimitDialog::build(const QStringList &metrics)
{
    m_metric->setEditable(true);
    m_metric->addItems(metrics);
    m_metric->setCurrentText({});
    m_metric->setEnabled(!m_before);
    m_direction->addItems({tr("at least"), tr("at most"), tr("within")}); // in Direction's order
    m_basis->addItems({tr("the value"), tr("its confidence bound")}); // in Basis' order
    for (const Severity severity : kAllSeverities)
        m_severity->addItem(items::RulesTable::severityWord(severity));
    m_severity->setCurrentIndex(static_cast<int>(Severity::Medium));
    const std::pair<QString, int> tiers[] = {{tr("Every tier"), 0},      {tr("Tier 1"), 1},        {tr("Tiers 1 and 2"), 3}, {tr("Tier 2"), 2},
                                             {tr("Tiers 2 and 3"), 6},   {tr("Tier 3"), 4},        {tr("Tiers 1 and 3"), 5}, {tr("Tiers 1, 2 and 3"), 7}};
    for (const auto &[words, bits] : tiers)
        m_tier->addItem(words, bits);
    m_sentence->setWordWrap(true);
    m_trouble->setWordWrap(true);
    m_limit->setObjectName(QStringLiteral("limit"));
    m_metric->setObjectName(QStringLiteral("metric"));
    m_act->setObjectName(QStringLiteral("act"));

    auto *watch = new widgets::FormField(tr("Watch level"), m_watch);
    watch->setHint(tr("Optional. Within: distance from either edge."));
    auto *minimum = new widgets::FormField(tr("Needs cases"), m_minimum);
    minimum->setHint(tr("Optional. Fewer are not enough data."));
    auto *attribute = new widgets::FormField(tr("Every group of"), m_attribute);
    attribute->setHint(tr("Empty: the overall value. Or an attribute, as in sex."));
    auto *basis = new widgets::FormField(tr("Judged on"), m_basis);
    basis->setHint(tr("The bound on the side of the limit."));
    auto *age = new widgets::FormField(tr("Counts for days"), m_age);
    age->setHint(tr("Optional. Older values are not enough data."));
    auto *model = new widgets::FormField(tr("Only model"), m_model);
    model->setHint(tr("Empty: every model."));
    auto *from = new widgets::FormField(tr("In force from"), m_from);
    from->setHint(m_before ? tr("Empty: from now on. Or a day, as 2026-01-31.") : tr("Empty: everything recorded. Or a day, as 2026-01-31."));

    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(scaled(theme::space::kMedium));
    grid->setVerticalSpacing(scaled(theme::space::kSmall));
    grid->addWidget(new widgets::FormField(tr("Metric"), m_metric), 0, 0, 1, 2, Qt::AlignTop);
    grid->addWidget(new widgets::FormField(tr("Is"), m_direction), 0, 2, Qt::AlignTop);
    auto *edges = new QHBoxLayout;
    edges->setSpacing(scaled(theme::space::kMedium));
    edges->addWidget(m_limitField, 1, Qt::AlignTop);
    edges->addWidget(m_upperField, 1, Qt::AlignTop);
    grid->addLayout(edges, 0, 3, 1, 2, Qt::AlignTop);
    grid->addWidget(watch, 1, 0, 1, 2, Qt::AlignTop);
    grid->addWidget(minimum, 1, 2, Qt::AlignTop);
    grid->addWidget(age, 1, 3, 1, 2, Qt::AlignTop);
    grid->addWidget(attribute, 2, 0, 1, 2, Qt::AlignTop);
    grid->addWidget(new widgets::FormField(tr("Only tier"), m_tier), 2, 2, Qt::AlignTop);
    grid->addWidget(model, 2, 3, 1, 2, Qt::AlignTop);
    grid->addWidget(from, 3, 0, 1, 2, Qt::AlignTop);
    grid->addWidget(basis, 3, 2, Qt::AlignTop);
    grid->addWidget(new widgets::FormField(tr("Severity of a breach"), m_severity), 3, 3, 1, 2, Qt::AlignTop);

    QVBoxLayout *column = widgets::dialogColumn(*this);
    column->addLayout(grid);
    column->addWidget(m_sentence);
    column->addWidget(m_trouble);
    column->addStretch(1);
    widgets::addDialogButtons(*column, *this, m_act);
    setMinimumWidth(scaled(600));

    connect(m_act, &QPushButton::clicked, this, &LimitDialog::submit);
    connect(m_metric, &QComboBox::editTextChanged, this, &LimitDialog::preview);
    connect(m_direction, &QComboBox::currentIndexChanged, this, [this] {
        followDirection();
        preview();
    });
    for (QComboBox *choice : {m_tier, m_basis, m_severity})
        connect(choice, &QComboBox::currentIndexChanged, this, &LimitDialog::preview);
    for (QLineEdit *line : {m_limit, m_upper, m_watch, m_minimum, m_age, m_attribute, m_model, m_from})
        connect(line, &QLineEdit::textChanged, this, &LimitDialog::preview);
}

void LimitDialog::fill(const Rule &rule, const QString &modelName)
{
    m_metric->setCurrentText(QString::fromStdString(rule.metric));
    m_direction->setCurrentIndex(static_cast<int>(rule.direction));
    m_limit->setText(written(rule.limit));
    if (rule.direction == Direction::Within)
        m_upper->setText(written(rule.upperLimit));
    if (rule.watch)
        m_watch->setText(written(*rule.watch));
    if (rule.minimumN)
        m_minimum->setText(QString::number(*rule.minimumN));
    m_attribute->setText(QString::fromStdString(rule.attribute));
    if (rule.maxAgeDays)
        m_age->setText(QString::number(*rule.maxAgeDays));
    m_basis->setCurrentIndex(static_cast<int>(rule.basis));
    m_severity->setCurrentIndex(static_cast<int>(rule.severity));
    int bits = 0;
    for (const int tier : rule.tiers)
        bits |= 1 << (tier - 1);
    m_tier->setCurrentIndex(m_tier->findData(bits));
    m_model->setText(modelName);
}

void LimitDialog::followDirection()
{
    const bool isWithin = m_direction->currentIndex() == static_cast<int>(Direction::Within);
    m_upperField->setVisible(isWithin);
}

Result<LimitDraft> LimitDialog::draft() const
{
    LimitDraft draft;
    Rule &rule = draft.rule;
    if (m_before)
        rule.id = m_before->id;
    rule.metric = m_metric->currentText().trimmed().toStdString();
    if (rule.metric.empty())
        return wrong(tr("Name the metric that is limited."));
    rule.attribute = m_attribute->text().trimmed().toStdString();
    rule.direction = static_cast<Direction>(m_direction->currentIndex());
    const bool isWithin = rule.direction == Direction::Within;
    const auto limit = readNumber(*m_limit, isWithin ? tr("The lower edge") : tr("The limit"));
    if (!limit)
        return limit.error();
    rule.limit = *limit;
    if (isWithin) {
        const auto upper = readNumber(*m_upper, tr("The upper edge"));
        if (!upper)
            return upper.error();
        rule.upperLimit = *upper;
    }
    if (!m_watch->text().trimmed().isEmpty()) {
        const auto watch = readNumber(*m_watch, tr("The watch level"));
        if (!watch)
            return watch.error();
        rule.watch = *watch;
    }
    if (const QString cases = m_minimum->text().trimmed(); !cases.isEmpty()) {
        bool isNumber = false;
        rule.minimumN = cases.toLongLong(&isNumber);
        if (!isNumber)
            return wrong(tr("The number of cases is not a whole number."));
    }
    if (const QString days = m_age->text().trimmed(); !days.isEmpty()) {
        bool isNumber = false;
        rule.maxAgeDays = days.toInt(&isNumber);
        if (!isNumber)
            return wrong(tr("The number of days is not a whole number."));
    }
    rule.basis = static_cast<Basis>(m_basis->currentIndex());
    rule.severity = static_cast<Severity>(m_severity->currentIndex());
    for (int tier = 1; tier <= 3; ++tier)
        if (m_tier->currentData().toInt() & (1 << (tier - 1)))
            rule.tiers.push_back(tier);
    // The model that the limit has stays the same one, even where others have its name.
    if (const QString model = m_model->text().trimmed(); m_before && m_before->model && model == m_modelName.trimmed())
        rule.model = m_before->model;
    else
        draft.model = model.toStdString();
    if (const QString from = m_from->text().trimmed(); !from.isEmpty()) {
        const auto time = parseTime(from.toStdString());
        if (!time)
            return wrong(tr("\"In force from\" is not a day. Write it as 2026-01-31, or leave it empty."));
        draft.from = *time;
    }
    if (const auto status = policy::check(rule); !status)
        return status.error();
    return draft;
}

void LimitDialog::preview()
{
    const auto read = draft();
    if (!read) {
        m_sentence->setText({});
        m_trouble->setText(QString::fromStdString(read.error().message));
        return;
    }
    m_sentence->setText(items::oneLine(policy::sentence(read->rule))); // as it is signed; the model is signed by its id, beside it
    const std::string model = m_model->text().trimmed().toStdString();
    const QString only = model.empty() ? QString() : tr("Only for the model %1.").arg(items::oneLine(model)) + QLatin1Char(' ');
    m_trouble->setText(only + QString::fromStdString(metrics::define(read->rule.metric).meaning));
}

void LimitDialog::submit()
{
    const auto read = draft();
    if (read)
        Q_EMIT submitted(*read);
    else
        showTrouble(QString::fromStdString(read.error().message));
}

void LimitDialog::showTrouble(const QString &text)
{
    m_trouble->setText(text);
    setBusy(false);
    const bool needsMetric = m_metric->currentText().trimmed().isEmpty();
    (needsMetric ? static_cast<QWidget *>(m_metric) : m_limit)->setFocus(Qt::OtherFocusReason);
}

void LimitDialog::setBusy(bool isBusy)
{
    m_act->setEnabled(!isBusy);
}

} // namespace countersign::pages
