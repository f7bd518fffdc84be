#include "ui/import/log/columnpanel.h"

#include "models/base/number.h"
#include "models/items/celltext.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/formfield.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLineEdit>

namespace countersign::pages {

using items::oneLine;
using predictions::Task;
using predictions::TimeFormat;
using theme::scaled;
using Role = LogColumn::Role;

namespace {

const QString kSeveral = QStringLiteral(" | "); ///< between several values of one side

QComboBox *editable(const QString &name)
{
    auto *combo = new QComboBox;
    combo->setObjectName(name);
    combo->setEditable(true);
    combo->setInsertPolicy(QComboBox::NoInsert);
    return combo;
}

QString joined(const std::vector<std::string> &values)
{
    QStringList texts;
    for (const std::string &value : values)
        texts.append(QString::fromStdString(value));
    return texts.join(kSeveral);
}

std::vector<std::string> parted(const QString &text)
{
    std::vector<std::string> values;
    const QStringList parts = text.split(kSeveral, Qt::SkipEmptyParts);
    for (const QString &part : parts)
        if (!part.trimmed().isEmpty())
            values.push_back(part.trimmed().toStdString());
    return values;
}

/// "25, 45, 65" with either decimal mark of the keyboard's locale; nothing for an empty text.
Result<predictions::Bands> bandsOf(const QString &text)
{
    std::vector<double> edges;
    const QStringList parts = text.split(QLatin1Char(text.contains(QLatin1Char(';')) ? ';' : ','), Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        const auto edge = number::parse(part.trimmed().toStdString());
        if (!edge)
            return edge.error();
        edges.push_back(*edge);
    }
    return edges.empty() ? Result<predictions::Bands>(predictions::Bands()) : predictions::Bands::make(std::move(edges));
}

QString edgesText(const predictions::Bands &bands)
{
    QStringList texts;
    for (const double edge : bands.edges())
        texts.append(QString::fromStdString(number::shortest(edge)));
    return texts.join(QStringLiteral(", "));
}

void setText(QLineEdit &line, const QString &text)
{
    if (line.text() != text)
        line.setText(text); // keeps the cursor while somebody writes
}

} // namespace

ColumnPanel::ColumnPanel(QWidget *parent)
    : QWidget(parent)
    , m_name(new widgets::SectionHeading({}))
    , m_facts(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_role(new QComboBox)
    , m_positive(editable(QStringLiteral("positive")))
    , m_negative(editable(QStringLiteral("negative")))
    , m_attribute(new QLineEdit)
    , m_bands(new QLineEdit)
    , m_protected(editable(QStringLiteral("protected")))
    , m_basis(new QLineEdit)
    , m_class(new QLineEdit)
    , m_kind(new QComboBox)
    , m_time(new QComboBox)
    , m_roleField(new widgets::FormField(tr("Role"), m_role))
    , m_positiveField(new widgets::FormField(tr("Positive value"), m_positive))
    , m_negativeField(new widgets::FormField(tr("Negative value"), m_negative))
    , m_attributeField(new widgets::FormField(tr("Name in results"), m_attribute))
    , m_bandsField(new widgets::FormField(tr("Cut into bands at"), m_bands))
    , m_protectedField(new widgets::FormField(tr("Protected as"), m_protected))
    , m_basisField(new widgets::FormField(tr("Legal basis of processing"), m_basis))
    , m_classField(new widgets::FormField(tr("Class"), m_class))
    , m_kindField(new widgets::FormField(tr("Kind"), m_kind))
    , m_timeField(new widgets::FormField(tr("Written as"), m_time))
{
    m_role->setObjectName(QStringLiteral("role"));
    m_bands->setObjectName(QStringLiteral("bands"));
    m_attribute->setObjectName(QStringLiteral("attribute"));
    m_basis->setObjectName(QStringLiteral("basis"));
    m_name->setElide(Qt::ElideMiddle);
    m_facts->setWordWrap(true);
    m_positiveField->setHint(tr("Several values: a | b"));
    m_bandsField->setHint(tr("25, 45, 65 gives <25, 25-44, 45-64, 65+. Empty: its values are the groups."));
    m_basisField->setHint(tr("Kept with the import, in the record."));
    m_kind->addItem(tr("number"), true);
    m_kind->addItem(tr("category"), false);
    for (const auto &[text, format] : std::initializer_list<std::pair<QString, TimeFormat>>{
             {tr("found row by row"), TimeFormat::Auto}, {tr("ISO 8601"), TimeFormat::Iso},
             {tr("seconds since 1970"), TimeFormat::EpochSeconds}, {tr("milliseconds since 1970"), TimeFormat::EpochMilliseconds}})
        m_time->addItem(text, static_cast<int>(format));
    m_protected->addItems({QString(), tr("sex"), tr("race or ethnic origin"), tr("age"), tr("disability"), tr("religion or belief"), tr("nationality"),
                           tr("marital status"), tr("sexual orientation"), tr("not protected, compared all the same")});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(theme::space::kSmall));
    column->addWidget(m_name);
    column->addWidget(m_facts);
    for (widgets::FormField *field : {m_roleField, m_positiveField, m_negativeField, m_classField, m_kindField, m_timeField, m_attributeField, m_bandsField,
                                      m_protectedField, m_basisField})
        column->addWidget(field);
    connectSignals();
    showColumn(nullptr, 0);
}

void ColumnPanel::connectSignals()
{
    connect(m_role, &QComboBox::activated, this, &ColumnPanel::takeRole);
    for (QComboBox *combo : {m_positive, m_negative})
        connect(combo, &QComboBox::currentTextChanged, this, &ColumnPanel::takeValues);
    for (QLineEdit *line : {m_attribute, m_bands, m_basis, m_class})
        connect(line, &QLineEdit::textEdited, this, &ColumnPanel::takeAttribute);
    connect(m_protected, &QComboBox::currentTextChanged, this, &ColumnPanel::takeAttribute);
    connect(m_kind, &QComboBox::activated, this, [this] {
        column().isNumber = m_kind->currentData().toBool();
        Q_EMIT changed();
    });
    connect(m_time, &QComboBox::activated, this, [this] {
        m_plan->timeFormat = static_cast<TimeFormat>(m_time->currentData().toInt());
        Q_EMIT changed();
    });
}

QWidget *ColumnPanel::firstField() const
{
    return m_role;
}

predictions::BinaryValues &ColumnPanel::values() const
{
    const bool isOwn = column().role == Role::Prediction && columnOf(*m_plan, Role::Label);
    return isOwn ? m_plan->predictionValues : m_plan->labelValues;
}

void ColumnPanel::showColumn(LogPlan *plan, std::size_t index)
{
    m_plan = nullptr; // what is filled in now is nobody's choice
    m_column = index;
    setEnabled(plan != nullptr);
    for (widgets::FormField *field : {m_roleField, m_positiveField, m_bandsField, m_attributeField})
        field->setError({});
    if (!plan) {
        m_name->setText(tr("No column is chosen"));
        m_facts->setText(tr("Choose one in the table to say what it means."));
        m_role->clear();
    } else {
        const LogColumn &shown = plan->columns[index];
        m_name->setText(oneLine(shown.name));
        m_facts->setText(tr("%1, %n different in the sample", nullptr, static_cast<int>(shown.distinct)).arg(contentWord(shown.content)));
        m_role->clear();
        for (const Role role : {Role::Ignored, Role::Label, Role::Score, Role::Prediction, Role::ClassScore, Role::Time, Role::LabelTime, Role::Weight, Role::Attribute, Role::Feature}) {
            const bool fits = role == Role::Score ? plan->task == Task::Binary : role != Role::ClassScore || plan->task == Task::Multiclass;
            if (fits || role == shown.role)
                m_role->addItem(roleWord(role), static_cast<int>(role));
        }
        m_role->setCurrentIndex(m_role->findData(static_cast<int>(shown.role)));
        for (QComboBox *combo : {m_positive, m_negative}) {
            combo->clear();
            combo->addItem(QString());
            for (const std::string &value : shown.values)
                combo->addItem(QString::fromStdString(value));
        }
        setText(*m_attribute, QString::fromStdString(shown.attribute));
        setText(*m_bands, edgesText(shown.bands));
        setText(*m_basis, QString::fromStdString(shown.basis));
        setText(*m_class, QString::fromStdString(shown.className));
        m_protected->setCurrentText(QString::fromStdString(shown.protectedClass));
        m_kind->setCurrentIndex(shown.isNumber ? 0 : 1);
        m_time->setCurrentIndex(m_time->findData(static_cast<int>(plan->timeFormat)));
    }
    m_plan = plan;
    showFields();
}

void ColumnPanel::showFields()
{
    const Role role = m_plan ? column().role : Role::Ignored;
    const bool hasValues = m_plan && m_plan->task == Task::Binary && (role == Role::Label || role == Role::Prediction);
    m_roleField->setVisible(m_plan != nullptr);
    m_positiveField->setVisible(hasValues);
    m_negativeField->setVisible(hasValues);
    m_classField->setVisible(role == Role::ClassScore);
    m_kindField->setVisible(role == Role::Feature);
    m_timeField->setVisible(role == Role::Time || role == Role::LabelTime);
    for (widgets::FormField *field : {m_attributeField, m_protectedField, m_basisField})
        field->setVisible(role == Role::Attribute);
    m_bandsField->setVisible(role == Role::Attribute && m_plan && column().content != LogColumn::Content::Text);
    if (!hasValues)
        return;
    const bool isAsLabel = role == Role::Prediction && columnOf(*m_plan, Role::Label) && m_plan->predictionValues.positive.empty();
    m_negativeField->setHint(isAsLabel ? tr("Both empty: as the label's.") : tr("Empty: every other value. Otherwise a value that is neither makes a bad row."));
    LogPlan *plan = std::exchange(m_plan, nullptr);
    const auto &own = role == Role::Prediction && columnOf(*plan, Role::Label) ? plan->predictionValues : plan->labelValues;
    m_positive->setCurrentText(joined(own.positive));
    m_negative->setCurrentText(joined(own.negative));
    m_plan = plan;
}

void ColumnPanel::takeRole()
{
    setRole(*m_plan, m_column, static_cast<Role>(m_role->currentData().toInt()));
    // An outcome with two values that everybody writes is read as such.
    LogPlan &plan = *m_plan;
    if ((column().role == Role::Label || column().role == Role::Prediction) && values().positive.empty() && column().distinct == 2) {
        auto &own = values();
        const auto has = [this](const char *value) { return std::ranges::find(column().values, value) != column().values.end(); };
        for (const auto &[positive, negative] : {std::pair("1", "0"), std::pair("true", "false"), std::pair("yes", "no"), std::pair("1.0", "0.0")})
            if (has(positive) && has(negative))
                own = {{positive}, {negative}};
    }
    showColumn(&plan, m_column);
    Q_EMIT changed();
}

void ColumnPanel::takeValues()
{
    if (!m_plan)
        return;
    m_positiveField->setError({});
    values().positive = parted(m_positive->currentText());
    values().negative = parted(m_negative->currentText());
    Q_EMIT changed();
}

void ColumnPanel::takeAttribute()
{
    if (!m_plan)
        return;
    LogColumn &own = column();
    own.attribute = m_attribute->text().trimmed().toStdString();
    own.className = m_class->text().trimmed().toStdString();
    own.basis = m_basis->text().trimmed().toStdString();
    own.protectedClass = m_protected->currentText().trimmed().toStdString();
    const auto bands = bandsOf(m_bands->text());
    m_bandsField->setError(bands ? QString() : tr("Write the edges as rising numbers: 25, 45, 65."));
    if (bands)
        own.bands = *bands;
    m_attributeField->setError({});
    Q_EMIT changed();
}

void ColumnPanel::showTrouble(const PlanTrouble &trouble)
{
    using Place = PlanTrouble::Place;
    widgets::FormField *field = trouble.place == Place::Positive ? m_positiveField : trouble.place == Place::Column ? m_attributeField : m_roleField;
    field->setError(trouble.sentence);
    QWidget *target = trouble.place == Place::Positive ? static_cast<QWidget *>(m_positive) : trouble.place == Place::Column ? static_cast<QWidget *>(m_attribute) : m_role;
    target->setFocus(Qt::OtherFocusReason);
}

} // namespace countersign::pages
