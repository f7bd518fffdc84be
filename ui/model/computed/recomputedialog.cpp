#include "ui/model/computed/recomputedialog.h"

#include "models/items/celltext.h"
#include "models/items/computed/differencestable.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/messages/backgroundjob.h"
#include "ui/widgets/messages/busyoverlay.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>

namespace countersign::pages {

using items::DifferencesTable;
using items::oneLine;
using theme::scaled;
using widgets::CellKind;

namespace {

constexpr int kWideEnough = 900; ///< at 100 %: two numbers beside each other to the last digit, which is where they differ

// Where a log lies is a matter of this computer, not of the record.
QString pathKey(const Digest &log)
{
    return QStringLiteral("logs/") + QString::fromStdString(log.text());
}

std::filesystem::path pathOf(const QString &text)
{
    return std::filesystem::path(text.toStdU16String());
}

/// A field for a file with its button, which stands beside the line that one writes in.
QHBoxLayout *fileRow(widgets::FormField *field, QPushButton *browse)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(scaled(theme::space::kSmall));
    row->addWidget(field, 1);
    auto *beside = new QVBoxLayout;
    beside->setContentsMargins(0, scaled(20), 0, 0);
    beside->addWidget(browse);
    beside->addStretch(1);
    row->addLayout(beside);
    return row;
}

} // namespace

RecomputeDialog::RecomputeDialog(services::Workspace &workspace, services::ComputedRow row, std::shared_ptr<const computed::ComputedSet> set, QWidget *parent)
    : QDialog(parent)
    , m_workspace(workspace)
    , m_row(std::move(row))
    , m_set(std::move(set))
    , m_job(new widgets::BackgroundJob(this))
    , m_path(new QLineEdit)
    , m_pathField(new widgets::FormField(tr("The log"), m_path))
    , m_browse(widgets::secondaryButton(tr("Browse…"), QStringLiteral("file")))
    , m_reference(new QLineEdit)
    , m_referenceField(new widgets::FormField(tr("The log that drift is measured against"), m_reference))
    , m_browseReference(widgets::secondaryButton(tr("Browse…"), QStringLiteral("file")))
    , m_state(new widgets::StateLabel(theme::State::NotJudged, tr("Not computed yet")))
    , m_sentence(new widgets::PlainLabel({}, theme::Type::Body))
    , m_differences(new DifferencesTable(this))
    , m_table(new widgets::TableView(tr("What differs")))
    , m_close(widgets::secondaryButton(tr("Close")))
    , m_record(widgets::secondaryButton(tr("Record Outcome"), QStringLiteral("sign")))
    , m_start(widgets::primaryButton(tr("Recompute"), QStringLiteral("refresh")))
    , m_busy(nullptr)
{
    setWindowTitle(tr("Recompute %1").arg(QString::fromStdString(m_row.number())));
    m_path->setObjectName(QStringLiteral("logPath"));
    m_start->setObjectName(QStringLiteral("startRecompute"));
    m_record->setObjectName(QStringLiteral("recordRecompute"));
    m_sentence->setObjectName(QStringLiteral("recomputeSentence"));
    m_pathField->setHint(tr("Recorded SHA-256 %1. Another file is refused.").arg(QString::fromStdString(m_row.logDigest.hex())));
    m_sentence->setWordWrap(true);
    m_sentence->setSelectable(true);
    const QString known = QSettings().value(pathKey(m_row.logDigest)).toString();
    m_path->setText(known.isEmpty() && QFileInfo::exists(QString::fromStdString(m_row.log)) ? QString::fromStdString(m_row.log) : known);
    m_reference->setObjectName(QStringLiteral("referencePath"));
    m_browse->setAccessibleName(tr("Browse for the log"));
    m_browseReference->setAccessibleName(tr("Browse for the log that drift is measured against"));
    m_browseReference->setObjectName(QStringLiteral("browseReference"));
    if (!m_set->referenceLog) {
        m_referenceField->hide();
        m_browseReference->hide();
    } else {
        m_reference->setText(QSettings().value(pathKey(m_set->referenceLog->digest), QString::fromStdString(m_set->referenceLog->name)).toString());
    }

    m_table->setColumnFormat(DifferencesTable::Metric, {.width = 150, .isStrong = true, .stretches = true});
    m_table->setColumnFormat(DifferencesTable::Group, {.width = 120});
    m_table->setColumnFormat(DifferencesTable::Window, {.width = 90, .isMuted = true});
    m_table->setColumnFormat(DifferencesTable::What, {.width = 80, .isMuted = true});
    m_table->setColumnFormat(DifferencesTable::Stored, {.kind = CellKind::Number, .width = 100, .most = 190});
    m_table->setColumnFormat(DifferencesTable::Recomputed, {.kind = CellKind::Number, .width = 100, .most = 190});
    m_table->setRowHeight(theme::height::kRowCompact);
    m_table->setModel(m_differences);
    m_table->hide();

    auto *column = new QVBoxLayout(this);
    const int margin = scaled(20);
    column->setContentsMargins(margin, margin, margin, margin);
    column->setSpacing(scaled(theme::space::kMedium));
    auto *words = new widgets::PlainLabel(tr("Every figure is computed again from the log, with the recorded mapping and parameters, and compared to the last digit."), theme::Type::Body,
                                          widgets::Ink::Secondary);
    words->setWordWrap(true);
    column->addWidget(words);
    column->addLayout(fileRow(m_pathField, m_browse));
    column->addLayout(fileRow(m_referenceField, m_browseReference));
    auto *outcome = new QHBoxLayout;
    outcome->setSpacing(scaled(theme::space::kSmall));
    outcome->addWidget(m_state, 0, Qt::AlignTop);
    outcome->addWidget(m_sentence, 1);
    column->addLayout(outcome);
    column->addWidget(m_table, 1);
    column->addStretch(); // takes the room as long as there is no table
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(scaled(theme::space::kSmall));
    buttons->addStretch(1);
    buttons->addWidget(m_close);
    buttons->addWidget(m_record);
    buttons->addWidget(m_start);
    column->addLayout(buttons);
    m_record->setEnabled(false);
    m_start->setDefault(true);
    m_busy = new widgets::BusyOverlay(this);
    connectSignals();
    resize(scaled(680), scaled(300));
}

RecomputeDialog::~RecomputeDialog() = default;

void RecomputeDialog::connectSignals()
{
    connect(m_browse, &QPushButton::clicked, this, [this] { browse(*m_path, *m_pathField); });
    connect(m_browseReference, &QPushButton::clicked, this, [this] { browse(*m_reference, *m_referenceField); });
    connect(m_start, &QPushButton::clicked, this, &RecomputeDialog::start);
    connect(m_record, &QPushButton::clicked, this, &RecomputeDialog::record);
    connect(m_close, &QPushButton::clicked, this, &RecomputeDialog::reject);
    connect(m_path, &QLineEdit::textEdited, this, [this] { m_pathField->setError({}); });
    connect(m_reference, &QLineEdit::textEdited, this, [this] { m_referenceField->setError({}); });
    connect(m_job, &widgets::BackgroundJob::progressed, this, [this](const QString &, int percent) { m_busy->setProgress(percent); });
    connect(m_busy, &widgets::BusyOverlay::cancelRequested, m_job, &widgets::BackgroundJob::cancel);
}

void RecomputeDialog::reject()
{
    m_job->cancel();
    QDialog::reject();
}

void RecomputeDialog::browse(QLineEdit &into, widgets::FormField &field)
{
    const QString path = widgets::dialogs::openFile(this, tr("The Log"), tr("Logs (*.csv *.tsv *.txt *.jsonl *.ndjson *.json *.gz *.zst *.parquet);;All files (*)"), QStringLiteral("import"));
    if (path.isEmpty())
        return;
    into.setText(path);
    field.setError({});
}

/// The path that a field names; empty, and said there, where it names none.
QString RecomputeDialog::fileIn(QLineEdit &line, widgets::FormField &field)
{
    const QString path = line.text().trimmed();
    if (!path.isEmpty() && QFileInfo::exists(path))
        return path;
    field.setError(path.isEmpty() ? tr("Name the file, or choose it with Browse.") : tr("There is no such file. Check the path, or choose it with Browse."));
    line.setFocus(Qt::OtherFocusReason);
    return {};
}

void RecomputeDialog::start()
{
    const QString path = fileIn(*m_path, *m_pathField);
    const QString reference = path.isEmpty() || !m_set->referenceLog ? QString() : fileIn(*m_reference, *m_referenceField);
    if (path.isEmpty() || (m_set->referenceLog && reference.isEmpty()))
        return;
    m_outcome.reset();
    m_record->setEnabled(false);
    m_start->setEnabled(false);
    m_busy->start(tr("Computing again…"), true);
    computed::RecomputeOptions options;
    if (m_set->referenceLog)
        options.referenceLog = pathOf(reference);
    m_job->run(
        [set = m_set, log = pathOf(path), options](const Progress &progress) mutable {
            options.read.progress = progress;
            return computed::recompute(*set, log, options);
        },
        [this](const Result<computed::Recomputation> &outcome) { take(outcome); });
}

void RecomputeDialog::take(const Result<computed::Recomputation> &outcome)
{
    m_busy->stop();
    m_start->setEnabled(true);
    if (!outcome) {
        const bool isCancelled = outcome.error().kind == ErrorKind::Cancelled;
        m_state->setState(isCancelled ? theme::State::NotJudged : theme::State::Fail, isCancelled ? tr("Stopped") : tr("Not computed"));
        m_sentence->setText(isCancelled ? tr("Nothing was changed.") : oneLine(outcome.error().text()));
        return;
    }
    m_outcome = *outcome;
    QSettings().setValue(pathKey(m_row.logDigest), m_path->text().trimmed());
    if (m_set->referenceLog)
        QSettings().setValue(pathKey(m_set->referenceLog->digest), m_reference->text().trimmed());
    m_state->setState(outcome->isEqual() ? theme::State::Pass : theme::State::Fail, outcome->isEqual() ? tr("Equal") : tr("Differs"));
    // The state beside it has said the first word.
    const QString whole = oneLine(outcome->sentence());
    const QString lead = QStringLiteral("Equal: ");
    m_sentence->setText(whole.startsWith(lead) ? whole.mid(lead.size()) : whole);
    m_differences->setRows(outcome->first);
    m_table->setVisible(!outcome->first.empty());
    if (!outcome->first.empty())
        resize(std::max(width(), scaled(kWideEnough)), std::max(height(), scaled(480)));
    m_record->setEnabled(!m_workspace.state().isReadOnly && m_workspace.state().damage.isEmpty());
    Q_EMIT computed(*outcome);
}

void RecomputeDialog::record()
{
    m_close->setFocus(Qt::OtherFocusReason);
    m_record->setEnabled(false);
    m_workspace.run(this, [import = m_row.import, outcome = *m_outcome](services::Session &session) { return services::recordRecomputation(session, import, outcome); },
                    [this](const Result<std::uint64_t> &entry) {
        if (!entry) {
            m_record->setEnabled(true);
            m_state->setState(theme::State::Fail, tr("Not recorded"));
            m_sentence->setText(oneLine(entry.error().text()));
            return;
        }
        m_sentence->setText(m_sentence->text() + QLatin1Char(' ') + tr("Recorded as entry %1.").arg(locale().toString(static_cast<qulonglong>(*entry))));
        Q_EMIT recorded(*entry);
    });
}

void openRecompute(services::Workspace &workspace, ComputedSource &source, QWidget *parent, const std::function<void()> &nothing)
{
    const auto open = [&workspace, &source, parent, nothing] {
        const services::ComputedRow *row = source.current();
        if (!row || !source.set())
            return nothing();
        auto *dialog = new RecomputeDialog(workspace, *row, source.set(), parent);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        QObject::connect(dialog, &RecomputeDialog::recorded, &source, [&source] {
            source.refresh();
            source.need();
        });
        dialog->open();
    };
    source.need();
    if (!source.isReading())
        return open();
    QObject::connect(&source, &ComputedSource::changed, parent, open, Qt::SingleShotConnection);
}

} // namespace countersign::pages
