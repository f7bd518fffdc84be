#include "ui/model/metrics/metricstab.h"

#include "models/items/celltext.h"
#include "ui/charts/canvas/charttable.h"
#include "ui/charts/chartview.h"
#include "ui/model/metrics/chartfile.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/messages/busyoverlay.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QComboBox>
#include <QMap>
#include <QMenu>
#include <QMimeData>
#include <QRegularExpression>
#include <QSaveFile>
#include <QStackedWidget>

#include <algorithm>
#include <tuple>

namespace countersign::pages {

using charts::ChartTable;
using items::oneLine;
using theme::scaled;
using widgets::EmptyState;
using widgets::Ink;
using widgets::PlainLabel;

namespace {

constexpr std::uint64_t kMostCopied = 100'000; ///< points on the clipboard; more go to a file

/// "week", "4 weeks", as the choice of windows names them.
QString unitTitle(const std::string &unit)
{
    static const QMap<QString, const char *> known{{QStringLiteral("hour"), QT_TRANSLATE_NOOP("countersign::pages::MetricsTab", "hour")},
                                                   {QStringLiteral("day"), QT_TRANSLATE_NOOP("countersign::pages::MetricsTab", "day")},
                                                   {QStringLiteral("week"), QT_TRANSLATE_NOOP("countersign::pages::MetricsTab", "week")},
                                                   {QStringLiteral("month"), QT_TRANSLATE_NOOP("countersign::pages::MetricsTab", "month")},
                                                   {QStringLiteral("quarter"), QT_TRANSLATE_NOOP("countersign::pages::MetricsTab", "quarter")},
                                                   {QStringLiteral("year"), QT_TRANSLATE_NOOP("countersign::pages::MetricsTab", "year")}};
    const QString name = QString::fromStdString(unit);
    if (const char *word = known.value(name, nullptr))
        return MetricsTab::tr(word);
    const int count = name.section(QLatin1Char(' '), 0, 0).toInt();
    return name.endsWith(QLatin1String("weeks")) ? MetricsTab::tr("%n week(s)", nullptr, count) : MetricsTab::tr("%n month(s)", nullptr, count);
}

const QString kChart = QStringLiteral("chart");
const QString kTable = QStringLiteral("table");

/// Points into a spec that the chart view owns: a million points are not copied for the table.
std::shared_ptr<const report::ChartSpec> borrowed(const report::ChartSpec &spec)
{
    return {std::shared_ptr<const report::ChartSpec>(), &spec};
}

} // namespace

MetricsTab::MetricsTab(services::Workspace &workspace, QWidget *parent) : QWidget(parent), m_workspace(workspace)
{
    widgets::setGround(*this, widgets::Ground::Page);
    auto *column = new QVBoxLayout(this);
    const int side = scaled(theme::space::kPage);
    column->setContentsMargins(side, scaled(10), side, scaled(10));
    column->setSpacing(scaled(10));
    column->addWidget(makeBar());
    column->addWidget(makeBody(), 1);
    m_foot = makeFoot();
    column->addWidget(m_foot);
    m_busy = new widgets::BusyOverlay(this);
    connectSignals();
}

QWidget *MetricsTab::makeBar()
{
    auto *bar = new QWidget;
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(theme::space::kSmall));
    const auto addChoice = [row](const QString &label, const QString &name) {
        auto *combo = new QComboBox;
        combo->setAccessibleName(name);
        combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        combo->setMaximumWidth(scaled(300));
        combo->setMaxVisibleItems(20);
        auto *words = new PlainLabel(label, theme::Type::Body, Ink::Secondary);
        words->setBuddy(combo);
        row->addWidget(words);
        row->addWidget(combo);
        row->addSpacing(scaled(8));
        return std::pair(combo, words);
    };
    m_metric = addChoice(tr("Metric"), tr("Metric")).first;
    m_split = addChoice(tr("Split by"), tr("Split by")).first;
    std::tie(m_unit, m_unitLabel) = addChoice(tr("Windows"), tr("Windows"));
    m_unit->setToolTip(tr("This metric is on record by several units of time; a line shows one of them."));
    m_compare = widgets::secondaryButton(tr("Compare With"));
    m_compareMenu = new QMenu(m_compare);
    m_compareMenu->setAccessibleName(tr("Versions to compare with"));
    m_compare->setMenu(m_compareMenu);
    row->addWidget(m_compare);
    row->addStretch(1);
    m_kind = new widgets::SegmentedButton(tr("Show as"));
    m_kind->addChoice(kChart, tr("Chart"), QStringLiteral("chart"));
    m_kind->addChoice(kTable, tr("Table"), QStringLiteral("table"));
    row->addWidget(m_kind);
    m_copy = widgets::quietButton(tr("Copy"), QStringLiteral("copy"));
    m_save = widgets::quietButton(tr("Save Chart…"), QStringLiteral("export"));
    row->addWidget(m_copy);
    row->addWidget(m_save);
    return bar;
}

QWidget *MetricsTab::makeBody()
{
    auto *card = new widgets::Card;
    card->body()->setContentsMargins(1, 1, 1, 1);
    m_chart = new charts::ChartView;
    m_numbers = new ChartTable(this);
    m_table = new widgets::TableView(tr("Values of the chart"));
    m_table->setColumnFormat(ChartTable::Time, {.width = 150});
    m_table->setColumnFormat(ChartTable::Series, {.width = 150, .isStrong = true});
    m_table->setColumnFormat(ChartTable::Value, {.kind = widgets::CellKind::Number, .width = 90, .isStrong = true});
    m_table->setColumnFormat(ChartTable::Interval, {.kind = widgets::CellKind::Number, .width = 130, .isMuted = true});
    m_table->setColumnFormat(ChartTable::Count, {.kind = widgets::CellKind::Number, .width = 90});
    m_table->setColumnFormat(ChartTable::State, {.kind = widgets::CellKind::Verdict, .width = 150, .stateRole = ChartTable::kStateRole});
    m_table->setColumnFormat(ChartTable::Note, {.width = 200, .isMuted = true, .stretches = true});
    m_table->setModel(m_numbers);
    m_table->setSettingsKey(QStringLiteral("model/values"));
    m_empty = new EmptyState;
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_chart);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    card->body()->addWidget(m_stack);
    return card;
}

QWidget *MetricsTab::makeFoot()
{
    auto *foot = new QWidget;
    auto *column = new QVBoxLayout(foot);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(4));
    m_cursor = new PlainLabel({}, theme::Type::Strong);
    // Two lines, whether needed or not: the chart must not jump under the cursor.
    m_cursor->setWordWrap(true);
    m_cursor->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    const int above = (scaled(theme::height::kControl) - m_cursor->fontMetrics().height()) / 2; // its first line stands beside the button's text
    m_cursor->setContentsMargins(0, above, 0, 0);
    m_cursor->setFixedHeight(above + 2 * m_cursor->fontMetrics().lineSpacing() + 1);
    m_cursor->setSelectable(true);
    m_cursor->setObjectName(QStringLiteral("cursorSentence"));
    m_recompute = widgets::quietButton(tr("Recompute…"), QStringLiteral("refresh"));
    m_recompute->setToolTip(tr("Computes the figures that came from a prediction log again, and says what differs"));
    auto *first = new QHBoxLayout;
    first->addWidget(m_cursor, 1);
    first->addWidget(m_recompute, 0, Qt::AlignTop);
    column->addLayout(first);
    auto *row = new QHBoxLayout;
    row->setSpacing(scaled(6));
    m_sentence = new PlainLabel({}, theme::Type::Body, Ink::Secondary);
    m_sentence->setWordWrap(true);
    m_sentence->setSelectable(true);
    row->addWidget(m_sentence, 1);
    m_chartKeys = new QWidget;
    auto *keys = new QHBoxLayout(m_chartKeys);
    keys->setContentsMargins(0, 0, 0, 0);
    keys->setSpacing(scaled(6));
    const auto addKey = [keys](const QString &key, const QString &words) {
        keys->addWidget(new widgets::KeyCap(key));
        keys->addWidget(new PlainLabel(words, theme::Type::Secondary, Ink::Tertiary));
    };
    addKey(QStringLiteral("← →"), tr("point"));
    addKey(QStringLiteral("T"), tr("table"));
    addKey(QStringLiteral("0"), tr("reset zoom"));
    row->addWidget(m_chartKeys);
    column->addLayout(row);
    showCursor({});
    return foot;
}

void MetricsTab::connectSignals()
{
    connect(m_metric, &QComboBox::activated, this, [this] {
        m_request.metric = m_metric->currentData().toString().toStdString();
        read();
    });
    connect(m_split, &QComboBox::activated, this, [this] {
        m_request.split = m_split->currentData().toString().toStdString();
        read();
    });
    connect(m_unit, &QComboBox::activated, this, [this] {
        m_request.unit = m_unit->currentData().toString().toStdString();
        read();
    });
    connect(m_kind, &widgets::SegmentedButton::chosen, this, &MetricsTab::showAs);
    connect(m_chart, &charts::ChartView::cursorChanged, this, &MetricsTab::showCursor);
    connect(m_chart, &charts::ChartView::tableRequested, this, [this] {
        m_kind->setCurrent(kTable);
        showAs(kTable);
        m_table->setFocus(Qt::ShortcutFocusReason);
    });
    // Enter on a point shows it among its neighbours in the table.
    connect(m_chart, &charts::ChartView::pointActivated, this, [this](std::size_t series, const report::ChartPoint &point) {
        int row = 0;
        for (std::size_t before = 0; before < series; ++before)
            row += static_cast<int>(m_chart->spec().series[before].points.size());
        const auto &points = m_chart->spec().series[series].points;
        row += static_cast<int>(std::ranges::lower_bound(points, point.time, {}, &report::ChartPoint::time) - points.begin());
        m_kind->setCurrent(kTable);
        showAs(kTable);
        m_table->setCurrentIndex(m_numbers->index(row, 0));
        m_table->scrollTo(m_numbers->index(row, 0), QAbstractItemView::PositionAtCenter);
        m_table->setFocus(Qt::ShortcutFocusReason);
    });
    connect(m_recompute, &QPushButton::clicked, this, &MetricsTab::recomputeRequested);
    connect(m_copy, &QPushButton::clicked, this, &MetricsTab::copy);
    connect(m_save, &QPushButton::clicked, this, &MetricsTab::save);
    connect(m_empty, &EmptyState::actRequested, this, &MetricsTab::refresh);
}

void MetricsTab::setVersions(const ModelId &model, const std::optional<VersionId> &version, const std::vector<store::VersionRow> &versions)
{
    const bool isOtherModel = model != m_request.model;
    if (isOtherModel)
        m_request = {};
    m_request.model = model;
    m_request.version = version.value_or(VersionId());
    m_hasVersion = version.has_value();
    std::erase_if(m_request.compared, [&](const VersionId &id) {
        return id == m_request.version || std::ranges::none_of(versions, [&](const store::VersionRow &row) { return row.version.id == id; });
    });
    fillCompareMenu(versions);
    refresh();
}

void MetricsTab::fillCompareMenu(const std::vector<store::VersionRow> &versions)
{
    m_compareMenu->clear();
    for (const auto &row : versions) {
        const VersionId id = row.version.id;
        if (id == m_request.version)
            continue;
        QAction *action = m_compareMenu->addAction(oneLine(versionName(row.version.label)).replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setCheckable(true);
        action->setChecked(std::ranges::find(m_request.compared, id) != m_request.compared.end());
        connect(action, &QAction::toggled, this, [this, id](bool isOn) {
            if (isOn)
                m_request.compared.push_back(id);
            else
                std::erase(m_request.compared, id);
            read();
        });
    }
    m_compare->setEnabled(!m_compareMenu->isEmpty());
    m_compare->setToolTip(m_compareMenu->isEmpty() ? tr("The model has no other version.") : QString());
}

void MetricsTab::showMetric(const QString &metric, const QString &split)
{
    m_request.metric = metric.toStdString();
    m_request.split = split.toStdString();
    refresh();
}

void MetricsTab::refresh()
{
    m_isStale = true;
    if (isVisible())
        read();
}

void MetricsTab::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_isStale)
        read();
}

void MetricsTab::clear()
{
    ++m_generation;
    m_request = {};
    m_hasVersion = false;
    m_isStale = true;
    m_busy->stop();
    m_numbers->setSpec(std::make_shared<report::ChartSpec>());
    m_chart->setSpec({});
}

void MetricsTab::read()
{
    m_isStale = false;
    const int generation = ++m_generation;
    if (!m_hasVersion) {
        MetricView none;
        none.spec = std::make_shared<report::ChartSpec>();
        return take(none);
    }
    m_busy->start(tr("Reading values…"));
    m_workspace.run(this, [request = m_request](services::Session &session) { return readMetric(session, request); },
                    [this, generation](const Result<MetricView> &view) {
        if (generation != m_generation)
            return;
        m_busy->stop();
        if (view)
            return take(*view);
        m_empty->describe(EmptyState::Cause::Failed, tr("The values could not be read"), QString::fromStdString(view.error().text()), tr("Try Again"));
        m_stack->setCurrentWidget(m_empty);
    });
}

void MetricsTab::take(const MetricView &view)
{
    if (m_hasVersion)
        m_request = view.request;
    fillChoices(view);
    m_pointCount = 0;
    for (const auto &series : view.spec->series)
        m_pointCount += series.points.size();
    // The table lets go of the old numbers before the chart replaces them.
    m_numbers->setSpec(std::make_shared<report::ChartSpec>());
    m_chart->setSpec(std::move(*view.spec));
    m_numbers->setSpec(borrowed(m_chart->spec()));

    QStringList sentences;
    for (const std::string &sentence : m_chart->spec().sentences)
        sentences.append(oneLine(sentence));
    if (view.groups > kMostLines)
        sentences.append(tr("Shown are the %1 lines that are judged worst, of %2.").arg(kMostLines).arg(view.groups));
    m_sentence->setText(sentences.join(QLatin1Char(' ')));
    showCursor(m_chart->cursorSentence());
    if (view.metrics.empty())
        m_empty->describe(EmptyState::Cause::NothingYet, m_hasVersion ? tr("This version has no metrics yet") : tr("This model has no version yet"),
                          m_hasVersion ? tr("Import a metrics file (CSV or JSON lines), or a registry whose run recorded some.") : tr("Import one from a registry, or metrics that name a version."));
    showAs(m_kind->current());
    Q_EMIT shown();
}

void MetricsTab::fillChoices(const MetricView &view)
{
    m_metric->clear();
    for (const MetricChoice &choice : view.metrics)
        m_metric->addItem(oneLine(choice.title), QString::fromStdString(choice.metric));
    m_metric->setCurrentIndex(m_metric->findData(QString::fromStdString(m_request.metric)));
    m_split->clear();
    m_split->addItem(tr("none"), QString());
    for (const std::string &split : view.splits)
        m_split->addItem(oneLine(split), QString::fromStdString(split));
    m_split->setCurrentIndex(m_split->findData(QString::fromStdString(m_request.split)));
    m_unit->clear();
    for (const std::string &unit : view.units)
        m_unit->addItem(unitTitle(unit), QString::fromStdString(unit));
    m_unit->addItem(tr("all"), QString::fromLatin1(kEveryUnit.data(), static_cast<qsizetype>(kEveryUnit.size())));
    m_unit->setCurrentIndex(m_unit->findData(QString::fromStdString(m_request.unit)));
    m_unit->setVisible(!view.units.empty());
    m_unitLabel->setVisible(!view.units.empty());
    m_metric->setEnabled(!view.metrics.empty());
    m_split->setEnabled(!view.splits.empty());
    m_split->setToolTip(view.splits.empty() ? tr("No group of this metric was measured.") : QString());
}

void MetricsTab::showAs(const QString &kind)
{
    const bool isEmpty = m_pointCount == 0;
    m_stack->setCurrentWidget(isEmpty ? static_cast<QWidget *>(m_empty) : kind == kTable ? static_cast<QWidget *>(m_table) : m_chart);
    m_foot->setVisible(!isEmpty);
    m_cursor->setVisible(kind != kTable);
    m_chartKeys->setVisible(kind != kTable); // they mean nothing to the table
    m_copy->setEnabled(!isEmpty);
    m_save->setEnabled(!isEmpty);
}

void MetricsTab::showCursor(const QString &sentence)
{
    m_cursor->setText(sentence.isEmpty() ? tr("Point at the chart, or move with the arrow keys, to read a value.") : sentence);
    m_cursor->setToolTip(widgets::literalToolTip(sentence)); // where two lines do not hold it
    m_cursor->setType(sentence.isEmpty() ? theme::Type::Body : theme::Type::Strong);
    m_cursor->setInk(sentence.isEmpty() ? Ink::Tertiary : Ink::Text);
}

void MetricsTab::copy()
{
    auto copied = std::make_unique<QMimeData>();
    copied->setImageData(m_chart->toImage());
    const bool fits = m_pointCount <= kMostCopied;
    if (fits)
        copied->setText(chartAsText(m_chart->spec()));
    QApplication::clipboard()->setMimeData(copied.release());
    Q_EMIT message(widgets::Message::info(fits ? tr("Copied: the picture of the chart, and its values as text.")
                                               : tr("Copied: the picture of the chart. Its %1 values are too many for the clipboard; save them as CSV.")
                                                     .arg(locale().toString(static_cast<qulonglong>(m_pointCount)))));
}

void MetricsTab::save()
{
    const QString name = oneLine(m_request.metric).replace(QRegularExpression(QStringLiteral("[^\\w.-]+")), QStringLiteral("-"));
    QString path = widgets::dialogs::saveFile(this, tr("Save Chart"), (name.isEmpty() ? QStringLiteral("chart") : name) + QStringLiteral(".png"),
                                              tr("Picture (*.png);;Vector drawing (*.svg);;Values (*.csv)"), QStringLiteral("charts"));
    if (path.isEmpty())
        return;
    const QString suffix = path.section(QLatin1Char('/'), -1).section(QLatin1Char('.'), 1).section(QLatin1Char('.'), -1).toLower();
    if (suffix == QLatin1String("csv"))
        return saveCsv(path);
    if (suffix.isEmpty())
        path += QStringLiteral(".png");
    QSaveFile file(path);
    bool isGood = file.open(QIODevice::WriteOnly);
    if (suffix == QLatin1String("svg")) {
        const QByteArray drawing = m_chart->toSvg();
        isGood = isGood && file.write(drawing) == drawing.size();
    } else {
        isGood = isGood && m_chart->toImage().save(&file, "PNG");
    }
    isGood = isGood && file.commit();
    Q_EMIT message(isGood ? widgets::Message::good(tr("Saved as %1.").arg(path))
                          : widgets::Message::error({ErrorKind::Io, "The chart could not be written: " + file.errorString().toStdString() + ".", path.toStdString()}));
}

// Read and written on the lane: there may be a million values.
void MetricsTab::saveCsv(const QString &path)
{
    const auto work = [request = m_request, path](services::Session &session, const Progress &progress) -> Status {
        const auto view = readMetric(session, request);
        return view ? writeChartCsv(path, *view->spec, progress) : Status(view.error());
    };
    m_workspace.start(this, tr("Saving %1").arg(path.section(QLatin1Char('/'), -1)), work, [this, path](const Status &status) {
        Q_EMIT message(status ? widgets::Message::good(tr("Saved as %1.").arg(path)) : widgets::Message::error(status.error()));
    });
}

} // namespace countersign::pages
