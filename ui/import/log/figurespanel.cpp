#include "ui/import/log/figurespanel.h"

#include "models/base/number.h"
#include "models/items/celltext.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/messages/dialogs.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

namespace countersign::pages {

using scoretables::WindowUnit;
using theme::scaled;

FiguresPanel::FiguresPanel(QWidget *parent)
    : QWidget(parent)
    , m_window(new QComboBox)
    , m_depth(new QComboBox)
    , m_threshold(new QLineEdit)
    , m_smallest(new QSpinBox)
    , m_reference(new QComboBox)
    , m_otherLog(widgets::quietButton(tr("Another Log…"), QStringLiteral("folder")))
    , m_worst(new QComboBox)
    , m_keep(new QCheckBox(tr("Keep a table for What If")))
    , m_windowField(new widgets::FormField(tr("Windows"), m_window))
    , m_depthField(new widgets::FormField(tr("Groups"), m_depth))
    , m_thresholdField(new widgets::FormField(tr("Threshold of the score"), m_threshold))
    , m_smallestField(new widgets::FormField(tr("Rows a group needs to be compared"), m_smallest))
    , m_referenceField(new widgets::FormField(tr("Drift is against"), m_reference))
    , m_worstField(new widgets::FormField(tr("Look for the worst groups by"), m_worst))
{
    m_window->setObjectName(QStringLiteral("window"));
    m_depth->setObjectName(QStringLiteral("depth"));
    m_threshold->setObjectName(QStringLiteral("threshold"));
    m_reference->setObjectName(QStringLiteral("reference"));
    for (const auto &[text, spec] : std::initializer_list<std::pair<QString, QString>>{
             {tr("none: the whole log"), QString()}, {tr("by hour"), QStringLiteral("hour")}, {tr("by day"), QStringLiteral("day")}, {tr("by week"), QStringLiteral("week")},
             {tr("4 weeks, rolling"), QStringLiteral("4 weeks")}, {tr("by month"), QStringLiteral("month")}, {tr("3 months, rolling"), QStringLiteral("3 months")},
             {tr("by quarter"), QStringLiteral("quarter")}})
        m_window->addItem(text, spec);
    m_depth->addItem(tr("each attribute"), 1);
    m_depth->addItem(tr("and pairs"), 2);
    m_depth->addItem(tr("and triples"), 3);
    m_window->setEnabled(false); // until a column is the time
    m_reference->setEditable(true);
    m_reference->setInsertPolicy(QComboBox::NoInsert);
    m_keep->setObjectName(QStringLiteral("keepTable"));
    m_keep->setToolTip(tr("Scores, groups, times, labels and decisions of each row stay on this computer, readable by you alone, so that thresholds move without the log."));
    m_smallest->setRange(1, 1'000'000);
    m_smallest->setValue(30);
    m_smallest->setFocusPolicy(Qt::StrongFocus); // the wheel scrolls the panel
    m_thresholdField->setHint(tr("Empty: as the log decided; 0.5 where it has no decisions."));
    m_otherLog->setObjectName(QStringLiteral("otherLog"));
    m_otherLog->setToolTip(tr("Drift against the rows of another file with the same columns, as those that a model was trained on"));
    for (const auto &[text, metric] : std::initializer_list<std::pair<QString, const char *>>{
             {tr("nothing"), ""}, {tr("true positive rate"), "recall"}, {tr("accuracy"), "accuracy"}, {tr("precision"), "precision"},
             {tr("false positive rate"), "fpr"}, {tr("selection rate"), "selection_rate"}})
        m_worst->addItem(text, QString::fromLatin1(metric));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(theme::space::kSmall));
    column->addWidget(new widgets::SectionHeading(tr("Figures")));
    for (widgets::FormField *field : {m_windowField, m_depthField, m_thresholdField, m_referenceField})
        column->addWidget(field);
    column->addWidget(m_otherLog, 0, Qt::AlignLeft);
    column->addWidget(m_smallestField);
    column->addWidget(m_worstField);
    column->addWidget(m_keep);
    connect(m_otherLog, &QPushButton::clicked, this, &FiguresPanel::chooseReferenceLog);
    connect(m_threshold, &QLineEdit::textEdited, this, [this] { m_thresholdField->setError({}); });
    connect(m_window, &QComboBox::currentIndexChanged, this, [this] {
        m_referenceField->setError({});
        offerReference();
    });
    connect(m_reference, &QComboBox::editTextChanged, this, [this] { m_referenceField->setError({}); });
}

void FiguresPanel::setFirstTime(const std::optional<Instant> &time)
{
    m_firstTime = time;
    offerReference();
}

void FiguresPanel::offerReference()
{
    const QString typed = m_reference->currentText();
    const QString log = referenceLog();
    const bool isTyped = !typed.isEmpty() && (m_reference->findText(typed) < 0 || !log.isEmpty());
    m_reference->clear();
    m_reference->addItem(QString());
    const auto spec = scoretables::parseWindowSpec(m_window->currentData().toString().toStdString());
    if (m_firstTime && spec && spec->unit != WindowUnit::None && spec->unit != WindowUnit::Hour) {
        const auto day = std::chrono::floor<std::chrono::days>(*m_firstTime).time_since_epoch().count();
        m_reference->addItem(QString::fromStdString(scoretables::unitName(spec->unit, scoretables::unitOfDay(spec->unit, day))));
    }
    if (!log.isEmpty())
        m_reference->addItem(typed, log);
    m_reference->setCurrentText(isTyped ? typed : QString());
}

QString FiguresPanel::referenceLog() const
{
    const int at = m_reference->findText(m_reference->currentText());
    return at < 0 ? QString() : m_reference->itemData(at).toString();
}

void FiguresPanel::chooseReferenceLog()
{
    const QString path = widgets::dialogs::openFile(this, tr("Log That Drift Is Against"), tr("Logs (*.csv *.tsv *.txt *.jsonl *.ndjson *.json *.gz *.zst *.parquet);;All files (*)"),
                                                    QStringLiteral("import"));
    if (path.isEmpty())
        return;
    const QString name = tr("log %1").arg(items::oneLine(QFileInfo(path).fileName().toStdString()));
    for (int i = m_reference->count() - 1; i >= 0; --i)
        if (!m_reference->itemData(i).toString().isEmpty())
            m_reference->removeItem(i);
    m_reference->addItem(name, path);
    m_reference->setCurrentIndex(m_reference->count() - 1);
    m_reference->setToolTip(widgets::literalToolTip(path));
}

bool FiguresPanel::keepsTable() const
{
    return m_keep->isChecked() && !m_keep->isHidden();
}

void FiguresPanel::setLog(bool hasTime, bool hasScore, bool isBinary, std::size_t attributes)
{
    if (hasTime != m_window->isEnabled())
        m_window->setCurrentIndex(hasTime ? m_window->findData(QStringLiteral("month")) : 0);
    m_window->setEnabled(hasTime);
    m_windowField->setHint(hasTime ? QString() : tr("No column is the time."));
    m_depth->setEnabled(attributes > 0);
    m_depthField->setHint(attributes > 0 ? QString() : tr("No column is an attribute."));
    m_thresholdField->setVisible(isBinary && hasScore);
    m_referenceField->setHint(hasTime ? tr("A window, as 2025-01, or several, as 2025-01..2025-03; or another log. Empty: no drift.")
                                      : tr("No column is the time: drift can only be against another log. Empty: no drift."));
    m_keep->setVisible(m_canKeep && isBinary && hasScore);
    m_worstField->setVisible(isBinary && attributes > 0);
}

bool FiguresPanel::check()
{
    const QString text = m_threshold->text().trimmed();
    if (!m_thresholdField->isHidden() && !text.isEmpty() && !number::parse(text.toStdString())) {
        m_thresholdField->setError(tr("Write the threshold as a number, as in 0.42, or leave it empty."));
        m_threshold->setFocus(Qt::OtherFocusReason);
        return false;
    }
    if (const QString log = referenceLog(); !log.isEmpty()) {
        if (QFileInfo(log).isFile())
            return true;
        m_referenceField->setError(tr("There is no such file any more. Choose it again, or leave this empty."));
        m_reference->setFocus(Qt::OtherFocusReason);
        return false;
    }
    if (!m_reference->currentText().trimmed().isEmpty() && m_window->currentData().toString().isEmpty()) {
        m_referenceField->setError(tr("Drift compares windows. Choose windows above, or leave this empty."));
        m_reference->setFocus(Qt::OtherFocusReason);
        return false;
    }
    return true;
}

computed::Parameters FiguresPanel::parameters() const
{
    computed::Parameters parameters;
    if (const auto spec = scoretables::parseWindowSpec(m_window->isEnabled() ? m_window->currentData().toString().toStdString() : std::string()))
        parameters.window = *spec;
    parameters.depth = static_cast<std::size_t>(m_depth->currentData().toInt());
    parameters.windowDepth = std::min<std::size_t>(parameters.depth, 2);
    if (const QString text = m_threshold->text().trimmed(); !m_thresholdField->isHidden() && !text.isEmpty())
        if (const auto threshold = number::parse(text.toStdString()))
            parameters.threshold = *threshold;
    parameters.smallestGroup = static_cast<std::uint64_t>(m_smallest->value());
    if (referenceLog().isEmpty() && parameters.window.unit != WindowUnit::None)
        parameters.reference = m_reference->currentText().trimmed().toStdString();
    if (!m_worstField->isHidden())
        parameters.worstMetric = m_worst->currentData().toString().toStdString();
    return parameters;
}

} // namespace countersign::pages
