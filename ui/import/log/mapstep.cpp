#include "ui/import/log/mapstep.h"

#include "models/items/celltext.h"
#include "models/items/imports/logcolumnstable.h"
#include "ui/import/log/columnpanel.h"
#include "ui/import/log/figurespanel.h"
#include "ui/import/log/savedmappings.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFileInfo>
#include <QPushButton>
#include <QScrollArea>

namespace countersign::pages {

using items::LogColumnsTable;
using items::oneLine;
using predictions::Task;
using theme::scaled;
using widgets::Message;
using Role = LogColumn::Role;

namespace {

QString listed(const std::vector<std::string> &names, std::size_t most = 4)
{
    QStringList texts;
    for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
        texts.append(oneLine(names[i]));
    if (names.size() > most)
        texts.append(MapStep::tr("%1 more").arg(names.size() - most));
    return texts.join(QStringLiteral(", "));
}

} // namespace

MapStep::MapStep(services::Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_subject(new SubjectBar(workspace))
    , m_task(new QComboBox)
    , m_saved(new QComboBox)
    , m_load(widgets::quietButton(tr("Load File…"), QStringLiteral("folder")))
    , m_save(widgets::quietButton(tr("Save Mapping…"), QStringLiteral("export")))
    , m_fitState(new widgets::StateLabel(theme::State::Pass))
    , m_fit(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_columns(new LogColumnsTable(this))
    , m_table(new widgets::TableView(tr("Columns of the log")))
    , m_panel(new ColumnPanel)
    , m_figures(new FiguresPanel)
{
    m_table->setColumnFormat(LogColumnsTable::Name, {.width = 150, .isStrong = true});
    m_table->setColumnFormat(LogColumnsTable::Values, {.width = 120, .isMuted = true, .most = 240});
    m_table->setColumnFormat(LogColumnsTable::Role, {.kind = widgets::CellKind::Verdict, .width = 128, .stateRole = LogColumnsTable::StateRole});
    m_table->setColumnFormat(LogColumnsTable::Detail, {.width = 170, .stretches = true});
    m_table->setColumnFormat(LogColumnsTable::Reason, {.width = 140, .isMuted = true});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setModel(m_columns);
    m_table->setSettingsKey(QStringLiteral("import/columns"));

    auto *split = new QHBoxLayout;
    split->setContentsMargins(0, 0, 0, 0);
    split->setSpacing(0);
    split->addWidget(m_table, 1);
    split->addWidget(makeInspector());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBars());
    column->addWidget(new widgets::Hairline);
    column->addLayout(split, 1);
    connectSignals();
}

QWidget *MapStep::makeBars()
{
    m_task->setObjectName(QStringLiteral("task"));
    m_task->setAccessibleName(tr("Kind of outcome"));
    m_task->addItem(tr("two outcomes"), static_cast<int>(Task::Binary));
    m_task->addItem(tr("several classes"), static_cast<int>(Task::Multiclass));
    m_task->addItem(tr("an amount"), static_cast<int>(Task::Regression));
    m_saved->setObjectName(QStringLiteral("saved"));
    m_saved->setAccessibleName(tr("Mapping"));
    m_saved->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_saved->setMaximumWidth(scaled(260));
    m_load->setObjectName(QStringLiteral("loadMapping"));
    m_save->setObjectName(QStringLiteral("saveMapping"));
    m_fit->setObjectName(QStringLiteral("fit"));
    m_fit->setWordWrap(true);
    const auto label = [](const QString &text, QWidget *of) {
        auto *words = new widgets::PlainLabel(text, theme::Type::Body, widgets::Ink::Secondary);
        words->setBuddy(of);
        return words;
    };
    auto *bars = new QWidget;
    auto *column = new QVBoxLayout(bars);
    const int margin = scaled(theme::space::kPage);
    column->setContentsMargins(margin, scaled(10), margin, scaled(8));
    column->setSpacing(scaled(theme::space::kSmall));
    auto *first = new QHBoxLayout;
    first->setSpacing(scaled(theme::space::kSmall));
    first->addWidget(m_subject, 1);
    first->addWidget(label(tr("Predicts"), m_task));
    first->addWidget(m_task);
    column->addLayout(first);
    column->addWidget(m_subject->trouble());
    auto *second = new QHBoxLayout;
    second->setSpacing(scaled(theme::space::kSmall));
    second->addWidget(label(tr("Mapping"), m_saved));
    second->addWidget(m_saved);
    second->addSpacing(scaled(4));
    second->addWidget(m_fitState);
    second->addWidget(m_fit, 1);
    second->addWidget(m_load);
    second->addWidget(m_save);
    column->addLayout(second);
    return bars;
}

QWidget *MapStep::makeInspector()
{
    auto *content = new widgets::Pane(widgets::Ground::Subtle);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(scaled(16), scaled(12), scaled(16), scaled(12));
    column->setSpacing(scaled(14));
    column->addWidget(m_panel);
    column->addWidget(new widgets::Hairline);
    column->addWidget(m_figures);
    column->addStretch(1);
    m_inspector = new QScrollArea;
    m_inspector->setWidgetResizable(true);
    m_inspector->setFrameShape(QFrame::NoFrame);
    m_inspector->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_inspector->setFocusPolicy(Qt::NoFocus);
    m_inspector->setAccessibleName(tr("The chosen column, and which figures"));
    m_inspector->setFixedWidth(scaled(theme::width::kInspector));
    m_inspector->setWidget(content);
    auto *edge = new widgets::Pane(widgets::Ground::Subtle, Qt::LeftEdge);
    auto *row = new QHBoxLayout(edge);
    row->setContentsMargins(1, 0, 0, 0);
    row->addWidget(m_inspector);
    return edge;
}

void MapStep::connectSignals()
{
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            m_panel->showColumn(&m_plan, static_cast<std::size_t>(current.row()));
    });
    connect(m_table, &QAbstractItemView::activated, this, [this] { m_panel->firstField()->setFocus(Qt::ShortcutFocusReason); });
    connect(m_panel, &ColumnPanel::changed, this, &MapStep::planChanged);
    connect(m_task, &QComboBox::activated, this, &MapStep::takeTask);
    connect(m_saved, &QComboBox::activated, this, [this] { takeSaved(m_saved->currentData().toString()); });
    connect(m_load, &QPushButton::clicked, this, &MapStep::loadFile);
    connect(m_save, &QPushButton::clicked, this, &MapStep::save);
}

void MapStep::showLog(const LogPreview &preview)
{
    m_preview = preview;
    m_subject->readModels();
    QString best;
    std::size_t most = 0;
    for (const auto &one : savedmappings::all()) {
        const MappingFit fit = fitOf(one.mapping, preview.sample.columns);
        if (fit.found > most && fit.found * 3 >= fit.wanted * 2) { // two thirds: it was made for such a log
            most = fit.found;
            best = one.name;
        }
    }
    fillSaved(best);
    if (best.isEmpty())
        guess();
    else
        takeSaved(best);
}

void MapStep::chooseSubject(const QString &model, const QString &version)
{
    m_subject->choose(model, version);
}

void MapStep::fillSaved(const QString &current)
{
    m_saved->clear();
    m_saved->addItem(tr("as guessed"), QString());
    for (const auto &one : savedmappings::all())
        m_saved->addItem(oneLine(one.name.toStdString()), one.name);
    m_saved->setCurrentIndex(std::max(0, m_saved->findData(current)));
}

void MapStep::guess()
{
    takePlan(planFrom(m_preview.sample, m_preview.guess));
    showFit(nullptr, {});
}

void MapStep::takeSaved(const QString &name)
{
    if (name.isEmpty())
        return guess();
    for (const auto &one : savedmappings::all())
        if (one.name == name)
            return takeMapping(one.mapping, name);
}

void MapStep::takeMapping(const predictions::Mapping &mapping, const QString &name)
{
    const MappingFit fit = fitOf(mapping, m_preview.sample.columns);
    takePlan(planFrom(m_preview.sample, mapping, name.toStdString()));
    showFit(&fit, name);
}

void MapStep::takePlan(LogPlan plan)
{
    m_panel->showColumn(nullptr, 0);
    m_plan = std::move(plan);
    m_task->setCurrentIndex(m_task->findData(static_cast<int>(m_plan.task)));
    showRows();
    const auto trouble = troubleOf(m_plan);
    const int row = trouble ? static_cast<int>(trouble->column) : 0;
    if (m_columns->rowCount() > 0) {
        m_table->setCurrentIndex(m_columns->index(row, 0));
        m_panel->showColumn(&m_plan, static_cast<std::size_t>(row));
    }
}

void MapStep::showFit(const MappingFit *fit, const QString &name)
{
    if (!fit) {
        m_fitState->setState(theme::State::NotJudged, tr("Guessed"));
        m_fit->setText(tr("from names and first values; the reason stands beside each column."));
        return;
    }
    const QString matched = tr("%1 matched %2 of %3 columns.").arg(oneLine(name.toStdString())).arg(fit->found).arg(fit->wanted);
    if (fit->isWhole()) {
        m_fitState->setState(theme::State::Pass, tr("Fits"));
        m_fit->setText(matched + (fit->unknown.empty() ? QString() : tr(" New in the log, ignored: %1.").arg(listed(fit->unknown))));
        return;
    }
    m_fitState->setState(theme::State::Watch, tr("Changed"));
    m_fit->setText(matched + tr(" No longer in the log: %1.").arg(listed(fit->missing))
                   + (fit->unknown.empty() ? QString() : tr(" New: %1.").arg(listed(fit->unknown))));
}

void MapStep::loadFile()
{
    const QString path = widgets::dialogs::openFile(this, tr("Mapping"), tr("Mappings (*.json);;All files (*)"), QStringLiteral("mapping"));
    if (path.isEmpty())
        return;
    const auto mapping = savedmappings::readFile(path);
    if (!mapping) {
        Q_EMIT message(Message::error(mapping.error()));
        return;
    }
    m_saved->setCurrentIndex(-1);
    takeMapping(*mapping, QFileInfo(path).fileName());
}

/// Under a name on this computer; a name that ends in .json is a file for the command line and other people.
void MapStep::save()
{
    const auto mapping = mappingOf(m_plan);
    if (const auto status = mapping.check(); !status) {
        Q_EMIT message(Message::error(status.error()));
        return;
    }
    const QString name = widgets::dialogs::askText(this, tr("Save this mapping?"), tr("Name; or a file ending in .json, for countersign-cli --mapping"), m_saved->currentData().toString());
    if (name.trimmed().isEmpty())
        return;
    const bool isFile = name.endsWith(QLatin1String(".json"), Qt::CaseInsensitive);
    QString path = name.trimmed();
    if (isFile && !QFileInfo(path).isAbsolute())
        path = widgets::dialogs::saveFile(this, tr("Save Mapping"), path, tr("Mappings (*.json)"), QStringLiteral("mapping"));
    if (path.isEmpty())
        return;
    const Status status = isFile ? savedmappings::writeFile(path, mapping) : savedmappings::save(path, mapping);
    if (!status) {
        Q_EMIT message(Message::error(status.error()));
        return;
    }
    if (!isFile)
        fillSaved(path);
    Q_EMIT message(Message::good(isFile ? tr("The mapping is in %1.").arg(path) : tr("The mapping is kept as “%1” on this computer.").arg(path)));
}

void MapStep::takeTask()
{
    m_plan.task = static_cast<Task>(m_task->currentData().toInt());
    const auto row = m_table->currentIndex().row();
    if (row >= 0)
        m_panel->showColumn(&m_plan, static_cast<std::size_t>(row));
    planChanged();
}

void MapStep::planChanged()
{
    showRows();
}

void MapStep::showRows()
{
    const auto trouble = troubleOf(m_plan);
    std::vector<items::LogColumnRow> rows;
    for (std::size_t i = 0; i < m_plan.columns.size(); ++i) {
        const LogColumn &column = m_plan.columns[i];
        QStringList values;
        for (std::size_t v = 0; v < std::min<std::size_t>(3, column.values.size()); ++v)
            values.append(oneLine(column.values[v]));
        const bool isInTrouble = trouble && trouble->place != PlanTrouble::Place::Columns && trouble->column == i;
        rows.push_back({oneLine(column.name), values.join(QStringLiteral(", ")), roleWord(column.role), detailText(m_plan, column), reasonText(column),
                        column.role == Role::Ignored, isInTrouble});
    }
    m_columns->setRows(std::move(rows));
    const auto attributes = static_cast<std::size_t>(std::ranges::count(m_plan.columns, Role::Attribute, &LogColumn::role));
    const auto time = columnOf(m_plan, Role::Time);
    const bool hasTimeValue = time && !m_plan.columns[*time].values.empty();
    m_figures->setFirstTime(hasTimeValue ? predictions::parseMoment(m_plan.columns[*time].values.front(), m_plan.timeFormat) : std::nullopt);
    m_figures->setLog(columnOf(m_plan, Role::Time).has_value(), columnOf(m_plan, Role::Score).has_value(), m_plan.task == Task::Binary, attributes);
}

bool MapStep::check()
{
    const auto subject = m_subject->check();
    if (!subject)
        return false;
    m_checked = *subject;
    if (const auto trouble = troubleOf(m_plan)) {
        if (trouble->place == PlanTrouble::Place::Columns) {
            m_fitState->setState(theme::State::Fail, tr("Missing"));
            m_fit->setText(trouble->sentence);
            m_table->setFocus(Qt::OtherFocusReason);
        } else {
            m_table->setCurrentIndex(m_columns->index(static_cast<int>(trouble->column), 0));
            m_panel->showColumn(&m_plan, trouble->column);
            m_inspector->ensureVisible(0, 0);
            m_panel->showTrouble(*trouble);
        }
        return false;
    }
    return m_figures->check();
}

predictions::Mapping MapStep::mapping() const
{
    predictions::Mapping mapping = mappingOf(m_plan);
    mapping.dialect = m_plan.dialect;
    return mapping;
}

computed::Parameters MapStep::parameters() const
{
    return m_figures->parameters();
}

void MapStep::offerTable(bool isPossible)
{
    m_figures->offerTable(isPossible);
}

bool MapStep::keepsTable() const
{
    return m_figures->keepsTable();
}

QString MapStep::referenceLog() const
{
    return m_figures->referenceLog();
}

QString MapStep::subjectText() const
{
    return m_subject->text();
}

QString MapStep::subjectModel() const
{
    return m_subject->modelId();
}

QString MapStep::protectionNote() const
{
    QStringList notes;
    for (const LogColumn &column : m_plan.columns) {
        if (column.role != Role::Attribute || (column.protectedClass.empty() && column.basis.empty()))
            continue;
        QString note = oneLine(column.attribute.empty() ? column.name : column.attribute);
        if (!column.protectedClass.empty())
            note += tr(", protected as %1").arg(oneLine(column.protectedClass));
        if (!column.basis.empty())
            note += tr(", legal basis: %1").arg(oneLine(column.basis));
        notes.append(note);
    }
    return notes.join(QStringLiteral("; "));
}

QWidget *MapStep::firstField() const
{
    return m_table;
}

} // namespace countersign::pages
