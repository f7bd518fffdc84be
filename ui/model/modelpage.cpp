#include "ui/model/modelpage.h"

#include "models/items/celltext.h"
#include "models/services/review/review.h"
#include "ui/model/computed/computedsource.h"
#include "ui/model/computed/recomputedialog.h"
#include "ui/model/drift/drifttab.h"
#include "ui/model/fairness/fairnesstab.h"
#include "ui/model/lifecycle/lifecycletab.h"
#include "ui/model/listtabs.h"
#include "ui/model/metrics/metricstab.h"
#include "ui/model/overview/factsdialog.h"
#include "ui/model/overview/modelheader.h"
#include "ui/model/overview/overviewtab.h"
#include "ui/model/signoffstab.h"
#include "ui/model/withdrawdialog.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/frame/pageheader.h"
#include "ui/widgets/frame/tabstrip.h"
#include "ui/widgets/messages/busyoverlay.h"
#include "ui/widgets/messages/dialogs.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QPointer>
#include <QSaveFile>
#include <QStackedWidget>

namespace countersign::pages {

using items::oneLine;
using theme::scaled;
using widgets::EmptyState;
using widgets::Message;
using widgets::Target;

namespace {

constexpr const char *kTabs[] = {"overview", "versions", "metrics", "fairness", "drift", "signoffs", "lifecycle", "history"}; ///< in the order of the stack

QString whyReadOnly(const services::WorkspaceState &state)
{
    if (state.asOf)
        return state.hindrance();
    if (!state.damage.isEmpty())
        return ModelPage::tr("The ledger is not what it claims to be; nothing may be written.");
    if (state.isReadOnly)
        return ModelPage::tr("The workspace is open for reading only.");
    return {}; // where nobody works yet, the act itself asks who does
}

} // namespace

ModelPage::ModelPage(services::Workspace &workspace, QWidget *parent) : Page(parent), m_workspace(workspace)
{
    widgets::setGround(*this, widgets::Ground::Page);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_body = new QWidget;
    auto *inner = new QVBoxLayout(m_body);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(0);
    inner->addWidget(makeHeader());
    inner->addWidget(m_tabs = new widgets::TabStrip(tr("Parts of the model")));
    inner->addWidget(makeBody(), 1);
    column->addWidget(m_body, 1);
    m_nothing = new EmptyState;
    column->addWidget(m_nothing);
    m_nothing->hide();
    m_body->hide();
    m_busy = new widgets::BusyOverlay(this);
    connectSignals();
    followState();
}

QWidget *ModelPage::makeHeader()
{
    m_header = new widgets::PageHeader;
    m_version = new QComboBox;
    m_version->setAccessibleName(tr("Version"));
    m_version->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_version->setMaximumWidth(scaled(260));
    m_header->addBesideTitle(m_version);
    m_report = widgets::secondaryButton(tr("Report…"), QStringLiteral("report"));
    m_report->setShortcut(QKeySequence::Print);
    m_report->setToolTip(tr("The audit report of this version (%1)").arg(m_report->shortcut().toString(QKeySequence::NativeText)));
    m_reason = new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary);
    m_reason->setObjectName(QStringLiteral("reason"));
    m_header->addAction(m_reason);
    m_review = widgets::primaryButton(tr("Review and Sign…"), QStringLiteral("sign"));
    m_header->addAction(m_report);
    m_header->addAction(m_review);
    return m_header;
}

QWidget *ModelPage::makeBody()
{
    m_tabs->addTab(QStringLiteral("overview"), tr("Overview"));
    m_tabs->addTab(QStringLiteral("versions"), tr("Versions"));
    m_tabs->addTab(QStringLiteral("metrics"), tr("Metrics"));
    m_tabs->addTab(QStringLiteral("fairness"), tr("Fairness"));
    m_tabs->addTab(QStringLiteral("drift"), tr("Drift"));
    m_tabs->addTab(QStringLiteral("signoffs"), tr("Sign-offs"));
    m_tabs->addTab(QStringLiteral("lifecycle"), tr("Lifecycle"));
    m_tabs->addTab(QStringLiteral("history"), tr("History"));
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_overview = new OverviewTab);
    m_stack->addWidget(m_versions = new VersionsTab);
    m_stack->addWidget(m_metrics = new MetricsTab(m_workspace));
    m_computed = new ComputedSource(m_workspace, this);
    m_stack->addWidget(m_fairness = new FairnessTab(*m_computed));
    m_stack->addWidget(m_drift = new DriftTab(*m_computed));
    m_stack->addWidget(m_signOffs = new SignOffsTab);
    m_stack->addWidget(m_lifecycle = new LifecycleTab(m_workspace));
    m_stack->addWidget(m_history = new HistoryTab);
    return m_stack;
}

void ModelPage::connectSignals()
{
    connect(&m_workspace, &services::Workspace::changed, this, &ModelPage::readSoon);
    connect(&m_workspace, &services::Workspace::stateChanged, this, &ModelPage::followState);
    connect(m_version, &QComboBox::activated, this, [this] { switchTo(m_version->currentData().toString(), m_tabs->current()); });
    connect(m_tabs, &widgets::TabStrip::changed, this, [this](const QString &tab) {
        if (tab != m_target.tab)
            switchTo(shownVersion(), tab);
    });
    connect(m_report, &QPushButton::clicked, this, [this] { go(QStringLiteral("report")); });
    connect(m_review, &QPushButton::clicked, this, [this] { go(QStringLiteral("review")); });
    connect(m_overview, &OverviewTab::editRequested, this, &ModelPage::editFacts);
    connect(m_overview, &OverviewTab::metricRequested, this, [this](const QString &metric, const QString &split) {
        m_metrics->showMetric(metric, split);
        switchTo(shownVersion(), QStringLiteral("metrics"));
    });
    connect(m_overview, &OverviewTab::signOffsRequested, this, [this] { switchTo(shownVersion(), QStringLiteral("signoffs")); });
    connect(m_versions, &VersionsTab::versionRequested, this, [this](const QString &version) { switchTo(version, QStringLiteral("overview")); });
    connect(m_metrics, &MetricsTab::message, this, &ModelPage::message);
    connect(m_metrics, &MetricsTab::recomputeRequested, this, &ModelPage::recompute);
    connect(m_fairness, &FairnessTab::navigate, this, &ModelPage::navigate);
    connect(m_fairness, &FairnessTab::recomputeRequested, this, &ModelPage::recompute);
    connect(m_drift, &DriftTab::navigate, this, &ModelPage::navigate);
    connect(m_drift, &DriftTab::recomputeRequested, this, &ModelPage::recompute);
    connect(m_signOffs, &SignOffsTab::reviewRequested, this, [this] { go(QStringLiteral("review")); });
    const auto openTrail = [this](qint64 entry) { go(QStringLiteral("audit"), QString::number(entry)); };
    connect(m_signOffs, &SignOffsTab::auditRequested, this, openTrail);
    connect(m_signOffs, &SignOffsTab::withdrawRequested, this, &ModelPage::withdraw);
    connect(m_signOffs, &SignOffsTab::renderingRequested, this, &ModelPage::saveRendering);
    connect(m_lifecycle, &LifecycleTab::auditRequested, this, openTrail);
    connect(m_lifecycle, &LifecycleTab::message, this, &ModelPage::message);
    connect(m_history, &HistoryTab::auditRequested, this, openTrail);
    connect(m_nothing, &EmptyState::actRequested, this, [this](EmptyState::Cause cause) {
        if (cause == EmptyState::Cause::Failed)
            readSoon();
        else
            Q_EMIT navigate(Target{QStringLiteral("inventory"), {}, {}, {}, {}});
    });
}

// --- where we are ---

QString ModelPage::title() const
{
    return m_view.model.name.empty() ? tr("Model") : oneLine(m_view.model.name);
}

QList<widgets::Crumb> ModelPage::crumbs() const
{
    QList<widgets::Crumb> crumbs{{tr("Inventory"), Target{QStringLiteral("inventory"), {}, {}, {}, {}}}};
    crumbs.append({title(), Target{m_target.page, m_target.model, {}, {}, {}}});
    if (m_view.current)
        crumbs.append({oneLine(versionName(m_view.current->version.label)), m_target});
    return crumbs;
}

QString ModelPage::shownVersion() const
{
    return m_view.current ? QString::fromStdString(m_view.current->version.id.text()) : QString();
}

QWidget *ModelPage::initialFocus()
{
    return m_version->isEnabled() ? static_cast<QWidget *>(m_version) : m_tabs;
}

void ModelPage::open(const Target &target)
{
    const QString tab = target.tab.isEmpty() ? QStringLiteral("overview") : target.tab;
    const bool isOtherModel = target.model != m_target.model;
    const bool isOtherVersion = target.version != m_target.version && (target.version.isEmpty() || target.version != shownVersion());
    const bool asksForMetric = !target.extra.isEmpty() && target.extra != m_target.extra;
    m_target = target;
    m_target.page = QStringLiteral("model");
    m_target.tab = tab;
    if (isOtherModel) {
        m_view = {};
        m_body->hide(); // nobody acts on the model before
        m_metrics->clear();
    }
    const bool isComputed = tab == QLatin1String("fairness") || tab == QLatin1String("drift");
    if (isComputed && !target.extra.isEmpty())
        m_computed->choose(target.extra);
    showTab(tab);
    if (asksForMetric && !isComputed)
        m_metrics->showMetric(target.extra, {});
    if (isOtherModel || isOtherVersion || m_isStale)
        readSoon();
}

/// The page goes there by itself and tells the frame, which remembers the way.
void ModelPage::switchTo(const QString &version, const QString &tab)
{
    Target target = m_target;
    target.version = version;
    target.tab = tab;
    target.extra.clear();
    open(target);
    Q_EMIT navigate(target);
}

void ModelPage::go(const QString &page, const QString &extra)
{
    Q_EMIT navigate(Target{page, m_target.model, shownVersion(), {}, extra});
}

void ModelPage::showTab(const QString &key)
{
    m_tabs->setCurrent(key);
    for (int i = 0; i < m_stack->count(); ++i) {
        if (key == QLatin1String(kTabs[i]))
            m_stack->setCurrentIndex(i);
    }
    readTiles();
}

// --- reading ---

void ModelPage::refresh()
{
    readSoon();
}

void ModelPage::readSoon()
{
    m_isStale = true;
    if (isVisible())
        read();
}

void ModelPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    if (m_isStale)
        read();
}

void ModelPage::followState()
{
    const services::WorkspaceState &state = m_workspace.state();
    const QString reason = whyReadOnly(state);
    m_overview->setReadOnly(reason);
    m_fairness->setReadOnly(reason);
    m_lifecycle->setReadOnly(reason);
    m_signOffs->setSigner(reason.isEmpty() && state.person ? std::optional(state.person->id) : std::nullopt);
    m_review->setEnabled(reason.isEmpty() && m_view.current);
    m_review->setToolTip(reason);
    m_review->setAccessibleDescription(reason);
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty() && !state.asOf); // of the past the bar above the page says it, in full
    m_report->setEnabled(m_view.current.has_value());
    if (state.ledger == m_ledger)
        return;
    m_ledger = state.ledger; // another workspace, or none
    m_view = {};
    m_body->hide();
    readSoon();
}

void ModelPage::read()
{
    m_isStale = false;
    const int generation = ++m_generation;
    const auto model = ModelId::parse(m_target.model.toStdString());
    if (!m_workspace.state().isOpen || !model) {
        m_busy->stop();
        return showNothing(EmptyState::Cause::NothingYet, tr("No model is chosen"), tr("Choose one in the inventory."));
    }
    const auto wanted = VersionId::parse(m_target.version.toStdString());
    const auto version = wanted ? std::optional(*wanted) : std::nullopt;
    m_busy->start(tr("Reading the model…"));
    m_workspace.run(this, [id = *model, version](services::Session &session) { return readModel(session, id, version); },
                    [this, generation](const Result<ModelView> &view) {
        if (generation != m_generation)
            return;
        m_busy->stop();
        if (view)
            return showModel(*view);
        const bool isGone = view.error().kind == ErrorKind::NotFound;
        showNothing(isGone ? EmptyState::Cause::NothingYet : EmptyState::Cause::Failed,
                    isGone ? tr("This model is not in the workspace") : tr("The model could not be read"), QString::fromStdString(view.error().text()));
    });
}

// Only when they are looked at: each tile reads a whole history.
void ModelPage::readTiles()
{
    if (!m_areTilesStale || m_tabs->current() != QLatin1String("overview"))
        return;
    m_areTilesStale = false;
    if (!m_view.current)
        return m_overview->showTiles({});
    m_workspace.run(this, [id = m_view.current->version.id](services::Session &session) { return pages::readTiles(session, id); },
                    [this, generation = m_generation](const Result<std::vector<MetricTile>> &tiles) {
        if (generation != m_generation)
            return;
        if (tiles)
            m_overview->showTiles(*tiles);
        else
            Q_EMIT message(Message::error(tiles.error()));
    });
}

void ModelPage::showNothing(EmptyState::Cause cause, const QString &head, const QString &why)
{
    m_view = {};
    m_metrics->clear();
    m_body->hide();
    m_nothing->describe(cause, head, why, cause == EmptyState::Cause::Failed ? tr("Try Again") : tr("Open Inventory"));
    m_nothing->show();
    Q_EMIT crumbsChanged();
    Q_EMIT shown();
}

void ModelPage::showModel(const ModelView &view)
{
    const bool isOtherVersion = !m_view.current || !view.current || m_view.current->version.id != view.current->version.id;
    m_view = view;
    m_nothing->hide();
    m_body->show();
    showHeader(view);
    m_overview->showModel(view);
    if (isOtherVersion)
        m_overview->showTiles({}); // not those of the version before
    m_versions->showVersions(view.versions, shownVersion());
    m_signOffs->showSignOffs(view.signOffs, view.current.has_value());
    m_lifecycle->setVersion(view.current ? std::optional(view.current->version.id) : std::nullopt);
    m_history->showHistory(view.history);
    m_metrics->setVersions(view.model.id, view.current ? std::optional(view.current->version.id) : std::nullopt, view.versions);
    m_computed->setVersion(view.model, view.current ? std::optional(view.current->version.id) : std::nullopt);
    if (m_fairness->isVisible() || m_drift->isVisible())
        m_computed->need();
    m_tabs->setCount(QStringLiteral("versions"), static_cast<int>(view.versions.size()));
    m_tabs->setCount(QStringLiteral("signoffs"), static_cast<int>(view.signOffs.size()));
    followState();
    m_areTilesStale = true;
    readTiles();
    Q_EMIT crumbsChanged();
    Q_EMIT shown();
}

void ModelPage::showHeader(const ModelView &view)
{
    m_header->setTitle(oneLine(view.model.name));
    fillVersionBox(*m_version, view.versions, shownVersion());
    m_header->setSentence(factsText(view));
    if (view.current)
        m_header->setVerdict(badgeState(*view.current), badgeText(*view.current));
    else
        m_header->clearVerdict();
}

void ModelPage::recompute()
{
    openRecompute(m_workspace, *m_computed, this, [this] {
        Message told = Message::info(tr("No prediction log was imported for this version; there is nothing to compute again."));
        told.actions.append({tr("Import a Prediction Log…"), [this] { go(QStringLiteral("import")); }});
        Q_EMIT message(told);
    });
}

void ModelPage::withdraw(const store::SignOffRow &signOff)
{
    auto *dialog = new WithdrawDialog(m_workspace, signOff, this);
    connect(dialog, &WithdrawDialog::withdrawn, this,
            [this](qint64 entry) { Q_EMIT message(Message::good(tr("Your signature is withdrawn, by ledger entry %1.").arg(entry))); });
    dialog->open();
}

void ModelPage::saveRendering(const store::SignOffRow &signOff)
{
    m_workspace.run(this, [one = signOff.signOff](services::Session &session) { return services::loadRendering(session, one); },
                    [this, entry = signOff.signOff.entry](const Result<services::Rendering> &rendering) {
        if (!rendering) {
            Q_EMIT message(Message::error(rendering.error()));
            return;
        }
        const bool isPdf = rendering->media == "application/pdf";
        const QString path = widgets::dialogs::saveFile(this, tr("Save What Was Shown"), QStringLiteral("shown-entry-%1.%2").arg(entry).arg(isPdf ? QStringLiteral("pdf") : QStringLiteral("txt")),
                                                        isPdf ? tr("PDF (*.pdf)") : tr("Text (*.txt)"), QStringLiteral("receipts"));
        if (path.isEmpty())
            return;
        QSaveFile file(path);
        const QByteArray bytes = QByteArray::fromRawData(reinterpret_cast<const char *>(rendering->bytes.data()), static_cast<qsizetype>(rendering->bytes.size()));
        if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
            Q_EMIT message(Message::good(tr("Saved as %1. It shows what the signer's program says that it showed; what was signed is the frozen bundle.").arg(path)));
        else
            Q_EMIT message(Message::error({ErrorKind::Io, tr("It could not be saved as %1: %2. Choose another folder.").arg(path, file.errorString()).toStdString(), {}}));
    });
}

// --- facts ---

void ModelPage::editFacts()
{
    auto *dialog = new FactsDialog(m_view, this);
    connect(dialog, &FactsDialog::saveRequested, this, [this, dialog](const services::FactsRequest &facts) { saveFacts(dialog, facts); });
    dialog->open();
}

void ModelPage::saveFacts(FactsDialog *dialog, const services::FactsRequest &facts)
{
    m_workspace.run(this, [facts](services::Session &session) { return services::setFacts(session, facts); },
                    [this, shown = QPointer<FactsDialog>(dialog)](const Result<int> &changed) {
        if (!changed) {
            if (shown)
                shown->showError(QString::fromStdString(changed.error().text()));
            else
                Q_EMIT message(Message::error(changed.error()));
            return;
        }
        if (shown)
            shown->accept();
        Q_EMIT message(*changed == 0   ? Message::info(tr("Nothing was different, so nothing was recorded."))
                       : *changed == 1 ? Message::good(tr("1 fact was recorded."))
                                       : Message::good(tr("%1 facts were recorded.").arg(*changed)));
    });
}

} // namespace countersign::pages
