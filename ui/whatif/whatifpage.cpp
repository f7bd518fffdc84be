#include "ui/whatif/whatifpage.h"

#include "models/items/celltext.h"
#include "models/items/computed/figuretext.h"
#include "models/store/queries/queries.h"
#include "ui/theme/type.h"
#include "ui/whatif/background.h"
#include "ui/whatif/banner.h"
#include "ui/whatif/controls.h"
#include "ui/whatif/figurespane.h"
#include "ui/whatif/legalnote.h"
#include "ui/whatif/plotpane.h"
#include "ui/whatif/whatifwords.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/frame/pageheader.h"
#include "ui/widgets/messages/busyoverlay.h"

#include <QAction>
#include <QBoxLayout>
#include <QGridLayout>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>

namespace countersign::pages {

using items::oneLine;
using theme::scaled;
using widgets::EmptyState;
using widgets::Message;
using widgets::Target;

namespace {

/// Attributes in a combo's data: a line feed is in no name that can be seen.
QString keyOf(const std::vector<std::string> &attributes)
{
    QStringList names;
    for (const auto &name : attributes)
        names.append(QString::fromStdString(name));
    return names.join(QLatin1Char('\n'));
}

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::vector<std::string> attributesOf(const QString &key)
{
    std::vector<std::string> names;
    for (const QString &name : key.split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        names.push_back(name.toStdString());
    return names;
}

} // namespace

WhatIfPage::WhatIfPage(services::Workspace &workspace, std::filesystem::path tables, QWidget *parent)
    : Page(parent)
    , m_workspace(workspace)
    , m_tables(std::move(tables))
    , m_work(new Background(this))
    , m_frontierWork(new Background(this))
    , m_body(new QWidget)
    , m_controls(new WhatIfControls)
    , m_legal(new LegalNote(fromUtf8(computed::legalNote()), tr("I have read the legal note on thresholds that differ by group")))
    , m_rule(new widgets::PlainLabel({}, theme::Type::Strong))
    , m_changes(new widgets::PlainLabel({}, theme::Type::Body))
    , m_precision(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Tertiary))
    , m_density(new PlotPane(tr("Scores by group"), QStringLiteral("whatif-density")))
    , m_sweep(new PlotPane(tr("Rates along the threshold"), QStringLiteral("whatif-sweep")))
    , m_frontierPane(new PlotPane(tr("Accuracy and difference"), QStringLiteral("whatif-frontier")))
    , m_figures(new FiguresPane)
    , m_scroll(new QScrollArea)
    , m_nothing(new EmptyState)
{
    widgets::setGround(*this, widgets::Ground::Page);
    auto *inner = new QVBoxLayout(m_body);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(0);
    inner->addWidget(makeHeader());
    inner->addWidget(new SandboxBanner);
    inner->addWidget(m_controls);
    inner->addWidget(new widgets::Hairline);
    inner->addWidget(makePanes(), 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_body, 1);
    column->addWidget(m_nothing);
    m_body->hide();
    m_nothing->hide();
    m_legal->hide();
    m_busy = new widgets::BusyOverlay(this);
    connectSignals();
    connectControls();
    followState();
}

WhatIfPage::~WhatIfPage() = default;

QWidget *WhatIfPage::makeHeader()
{
    m_header = new widgets::PageHeader(tr("What If"));
    m_reason = new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary);
    m_reason->setObjectName(QStringLiteral("reason"));
    m_openLog = widgets::secondaryButton(tr("Open the Log…"), QStringLiteral("folder"));
    m_openLog->setObjectName(QStringLiteral("openLog"));
    m_openLog->setToolTip(tr("Read every score from the log that these figures were computed from"));
    m_weights = widgets::secondaryButton(tr("Weights"));
    m_weights->setObjectName(QStringLiteral("weights"));
    m_weights->setToolTip(tr("Weights that make group and label independent (Kamiran and Calders 2012), for training anew"));
    auto *weights = new QMenu(m_weights);
    weights->setAccessibleName(tr("Weights"));
    weights->addAction(tr("Export Weights…"), this, &WhatIfPage::exportWeights)->setObjectName(QStringLiteral("exportWeights"));
    m_proposeWeights = weights->addAction(tr("Propose Training with Weights…"), this, &WhatIfPage::openWeightsProposal);
    m_proposeWeights->setObjectName(QStringLiteral("proposeWeights"));
    m_weights->setMenu(weights);
    m_propose = widgets::primaryButton(tr("Propose Change…"), QStringLiteral("sign"));
    m_propose->setObjectName(QStringLiteral("propose"));
    for (QPushButton *button : {m_openLog, m_weights, m_propose})
        m_header->addAction(button);
    return m_header;
}

// Controls and banner stay; what they lead to may scroll in a small window.
QWidget *WhatIfPage::makePanes()
{
    m_rule->setObjectName(QStringLiteral("rule"));
    m_changes->setObjectName(QStringLiteral("changes"));
    m_changes->setWordWrap(true);
    m_changes->setSelectable(true);
    m_precision->setObjectName(QStringLiteral("precision"));
    m_precision->setWordWrap(true);
    auto *content = new QWidget;
    widgets::setGround(*content, widgets::Ground::Page);
    auto *panes = new QWidget;
    m_grid = new QGridLayout(panes);
    const int side = scaled(theme::space::kPage);
    m_grid->setContentsMargins(side, scaled(8), side, side);
    m_grid->setHorizontalSpacing(scaled(theme::space::kCardGap));
    m_grid->setVerticalSpacing(scaled(8));
    auto *words = new QVBoxLayout;
    words->setSpacing(scaled(2));
    auto *first = new QHBoxLayout;
    first->setSpacing(scaled(theme::space::kMedium));
    first->addWidget(m_rule);
    first->addWidget(m_reason, 1);
    words->addLayout(first);
    words->addWidget(m_changes);
    words->addWidget(m_precision);
    m_grid->addLayout(words, 0, 0, 1, 3);
    m_frontierPane->setFixedHeight(scaled(330));
    placePanes();
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_legal);
    column->addWidget(panes, 1);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus); // a stop of Tab that nobody sees; what it holds comes into view by itself
    m_scroll->setWidget(content);
    return m_scroll;
}

void WhatIfPage::placePanes()
{
    for (QWidget *pane : {static_cast<QWidget *>(m_density), static_cast<QWidget *>(m_sweep), static_cast<QWidget *>(m_figures), static_cast<QWidget *>(m_frontierPane)})
        m_grid->removeWidget(pane);
    m_grid->addWidget(m_density, 1, 0);
    m_grid->addWidget(m_sweep, 1, 1);
    m_grid->addWidget(m_figures, m_isWide ? 1 : 2, m_isWide ? 2 : 0, 1, m_isWide ? 1 : 2);
    m_grid->addWidget(m_frontierPane, 3, 0, 1, m_isWide ? 3 : 2);
    m_grid->setRowStretch(4, 1);
    m_grid->setColumnStretch(0, 3);
    m_grid->setColumnStretch(1, 3);
    m_grid->setColumnStretch(2, m_isWide ? 5 : 0);
}

void WhatIfPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    // Both charts and the head of the table fit below what stays; in a small window they scroll.
    const int room = height() - scaled(68 + 30 + 122 + 60 + 76);
    const int high = std::clamp(room, scaled(290), scaled(460));
    for (PlotPane *pane : {m_density, m_sweep})
        pane->setFixedHeight(high);
    const bool isWide = width() >= scaled(1700);
    m_figures->setFixedHeight(isWide ? high : scaled(260));
    if (isWide == m_isWide)
        return;
    m_isWide = isWide;
    placePanes();
}

void WhatIfPage::connectSignals()
{
    connect(&m_workspace, &services::Workspace::changed, this, [this] {
        if (!m_view)
            readSoon(); // what is tried out is not thrown away because something was recorded
    });
    connect(&m_workspace, &services::Workspace::stateChanged, this, &WhatIfPage::followState);
    connect(m_openLog, &QPushButton::clicked, this, &WhatIfPage::openLog);
    connect(m_propose, &QPushButton::clicked, this, &WhatIfPage::openProposal);
    connect(m_legal, &LegalNote::acknowledged, this, &WhatIfPage::followRights);
    connect(m_work, &Background::started, this, [this](const QString &what) { m_busy->start(what, true); });
    connect(m_work, &Background::progressed, m_busy, &widgets::BusyOverlay::setProgress);
    connect(m_work, &Background::finished, m_busy, &widgets::BusyOverlay::stop);
    connect(m_busy, &widgets::BusyOverlay::cancelRequested, m_work, &Background::cancel);
    connect(m_nothing, &EmptyState::actRequested, this, [this](EmptyState::Cause cause) {
        if (cause == EmptyState::Cause::Failed)
            return readSoon();
        Q_EMIT navigate(Target{QStringLiteral("import"), {}, {}, {}, {}});
    });
    for (PlotPane *pane : {m_density, m_sweep}) {
        connect(pane, &PlotPane::thresholdMoved, this, [this](double at) { moveThreshold(at, true); });
        connect(pane, &PlotPane::thresholdChosen, this, [this](double at) { moveThreshold(at, false); });
    }
    connect(m_figures, &FiguresPane::groupActivated, this, [this](int group) {
        if (!m_state.isPerGroup())
            return;
        m_state.setGroup(static_cast<std::size_t>(group));
        m_controls->showGroup(group);
        showAll();
    });
}

void WhatIfPage::connectControls()
{
    connect(m_controls, &WhatIfControls::groupingChosen, this, &WhatIfPage::chooseGrouping);
    connect(m_controls, &WhatIfControls::modeChosen, this, [this](bool isPerGroup) {
        m_state.setPerGroup(isPerGroup);
        m_legal->setVisible(isPerGroup);
        if (isPerGroup)
            m_scroll->verticalScrollBar()->setValue(0);
        m_frontier.clear();
        showAll();
        readFrontier();
    });
    connect(m_controls, &WhatIfControls::groupChosen, this, [this](int group) {
        m_state.setGroup(static_cast<std::size_t>(group));
        showAll();
    });
    connect(m_controls, &WhatIfControls::thresholdMoved, this, [this](double at) { moveThreshold(at, true); });
    connect(m_controls, &WhatIfControls::thresholdChosen, this, [this](double at) { moveThreshold(at, false); });
    connect(m_controls, &WhatIfControls::choiceChanged, this, [this] {
        const bool isOther = m_state.choice().constraint != m_controls->choice().constraint;
        m_state.setChoice(m_controls->choice());
        if (isOther)
            m_frontier.clear();
        showAll();
        if (isOther)
            readFrontier();
    });
    connect(m_controls, &WhatIfControls::costsChanged, this, [this] {
        m_state.setCosts(m_controls->costs());
        showAll();
    });
    connect(m_controls, &WhatIfControls::findRequested, this, &WhatIfPage::find);
    connect(m_controls, &WhatIfControls::resetRequested, this, [this] {
        if (!m_state.hasSource())
            return;
        m_state.reset();
        showAll();
    });
}

// --- where we are ---

QString WhatIfPage::title() const
{
    return m_view ? tr("What if: %1 %2", "model, version").arg(oneLine(m_view->model.name), oneLine(m_view->version)) : tr("What if");
}

QList<widgets::Crumb> WhatIfPage::crumbs() const
{
    QList<widgets::Crumb> crumbs{{tr("Inventory"), Target{QStringLiteral("inventory"), {}, {}, {}, {}}}};
    if (m_view) {
        const QString model = QString::fromStdString(m_view->model.id.text());
        const QString version = QString::fromStdString(m_view->versionId.text());
        crumbs.append({oneLine(m_view->model.name), Target{QStringLiteral("model"), model, {}, {}, {}}});
        crumbs.append({oneLine(m_view->version), Target{QStringLiteral("model"), model, version, QStringLiteral("fairness"), {}}});
    }
    crumbs.append({tr("What if"), m_target});
    return crumbs;
}

QWidget *WhatIfPage::initialFocus()
{
    return m_view ? m_controls->slider() : nullptr;
}

void WhatIfPage::open(const Target &target)
{
    const bool isOther = target.model != m_target.model || target.version != m_target.version || target.extra != m_target.extra;
    m_target = target;
    if (!isOther && m_view)
        return;
    m_view.reset();
    m_body->hide();
    readSoon();
}

void WhatIfPage::refresh()
{
    readSoon();
}

void WhatIfPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    if (m_isStale)
        read();
}

void WhatIfPage::followState()
{
    const services::WorkspaceState &state = m_workspace.state();
    if (state.ledger != m_ledger) { // another workspace, or none
        m_ledger = state.ledger;
        m_view.reset();
        m_body->hide();
        if (m_dialog)
            m_dialog->reject();
        readSoon();
    }
    followRights();
}

// --- reading ---

void WhatIfPage::readSoon()
{
    m_isStale = true;
    if (isVisible())
        read();
}

Result<WhatIfPage::View> WhatIfPage::readView(services::Session &session, const ModelId &model, const std::optional<VersionId> &version, const std::optional<ImportId> &import)
{
    const auto found = store::findModel(session.connection(), model);
    if (!found)
        return found.error();
    const auto versions = store::listVersions(session.connection(), model, session.now());
    if (!versions)
        return versions.error();
    const auto row = std::ranges::find_if(*versions, [&](const store::VersionRow &own) { return !version || own.version.id == *version; });
    if (row == versions->end())
        return Error{ErrorKind::NotFound, "The model has no such version.", {}};
    auto set = services::findScores(session, row->version.id, import);
    if (!set)
        return set.error();
    return View{*found, versionName(row->version.label), row->version.id, *std::move(set)};
}

void WhatIfPage::read()
{
    m_isStale = false;
    const int generation = ++m_generation;
    const auto model = ModelId::parse(m_target.model.toStdString());
    if (!m_workspace.state().isOpen || !model) {
        m_busy->stop();
        return showNothing({ErrorKind::NotFound, {}, {}});
    }
    const auto version = VersionId::parse(m_target.version.toStdString());
    const auto import = ImportId::parse(m_target.extra.toStdString());
    const auto work = [id = *model, version = version ? std::optional(*version) : std::nullopt, import = import ? std::optional(*import) : std::nullopt](
                          services::Session &session) { return readView(session, id, version, import); };
    m_busy->start(tr("Reading the scores…"));
    m_workspace.run(this, work, [this, generation](const Result<View> &view) {
        if (generation != m_generation)
            return;
        m_busy->stop();
        if (view)
            showView(*view);
        else
            showNothing(view.error());
    });
}

void WhatIfPage::showNothing(const Error &error)
{
    m_view.reset();
    m_state.clear();
    m_table.reset();
    m_body->hide();
    const bool isMissing = error.kind == ErrorKind::NotFound;
    if (isMissing)
        m_nothing->describe(EmptyState::Cause::NothingYet, tr("No scores are recorded for this version"),
                            tr("Thresholds are tried out on the scores of a prediction log. Import the version's log; its scores are kept with the figures."),
                            tr("Import a Prediction Log"));
    else
        m_nothing->describe(EmptyState::Cause::Failed, tr("The scores could not be read"), QString::fromStdString(error.text()), tr("Try Again"));
    m_nothing->show();
    Q_EMIT crumbsChanged();
}

void WhatIfPage::showView(const View &view)
{
    const bool isSameSet = m_view && m_state.hasSource() && m_view->set.import == view.set.import && m_view->versionId == view.versionId;
    m_view = view;
    if (isSameSet) { // read again by hand: what is tried out stays
        m_header->setTitle(title());
        Q_EMIT crumbsChanged();
        return;
    }
    m_table.reset();
    m_frontier.clear();
    m_nothing->hide();
    m_body->show();
    m_header->setTitle(title());
    const services::ScoredSet &set = m_view->set;
    showGroupings();
    const auto source = computed::scoreSource(set.scores, attributesOf(m_controls->grouping()));
    if (!source)
        return showNothing(source.error());
    computed::WhatIfOptions options;
    options.options = set.options;
    options.participation = {set.smallestGroup, set.includeMissing};
    options.costs = m_controls->costs();
    m_state.begin(*source, set.threshold, options);
    m_state.setPerGroup(m_controls->isPerGroup());
    m_legal->setAcknowledged(false);
    m_state.setChoice(m_controls->choice());
    setSource(*source);
    loadKeptTable();
    Q_EMIT crumbsChanged();
}

void WhatIfPage::showGroupings()
{
    const services::ScoredSet &set = m_view->set;
    QList<QPair<QString, QString>> groupings;
    const auto add = [&](const std::vector<std::string> &attributes) {
        if (m_table || !set.scores->groupsOf(attributes).empty())
            groupings.append({keyOf(attributes), items::attributesText(attributes)});
    };
    std::vector<std::string> names = set.attributes;
    if (m_table) {
        names.clear();
        for (const auto &attribute : m_table->attributes())
            names.push_back(attribute.name);
    }
    for (const auto &name : names)
        add({name});
    for (std::size_t a = 0; a < names.size(); ++a)
        for (std::size_t b = a + 1; b < names.size(); ++b)
            add({names[a], names[b]});
    groupings.append({QString(), tr("nothing: everybody alike")});
    m_controls->setGroupings(groupings, m_controls->grouping().isEmpty() ? groupings.first().first : m_controls->grouping());
}

void WhatIfPage::chooseGrouping(const QString &key)
{
    if (!m_view)
        return;
    m_frontier.clear();
    if (!m_table) {
        const auto source = computed::scoreSource(m_view->set.scores, attributesOf(key));
        if (source)
            return setSource(*source);
        Q_EMIT message(Message::error(source.error()));
        return;
    }
    m_work->start(tr("Counting scores by group…"), [table = m_table, attributes = attributesOf(key)](const Progress &progress) { return computed::scoreSource(table, attributes, progress); },
                  [this](const Result<WhatIfState::Source> &source) {
        if (source)
            setSource(*source);
        else if (source.error().kind != ErrorKind::Cancelled)
            Q_EMIT message(Message::error(source.error()));
    });
}

void WhatIfPage::setSource(const WhatIfState::Source &source)
{
    m_state.setSource(source);
    QStringList names;
    for (const auto &group : source->groups())
        names.append(items::groupText(group.group));
    m_controls->setGroups(names);
    m_controls->showGroup(static_cast<int>(m_state.group()));
    m_controls->setScores(source->lowest(), source->highest());
    m_controls->setFindable(source->hasLabels() ? QString() : tr("Without labels nobody knows which decisions are right."));
    m_header->setSentence(basisText(m_view->set, m_state), oneLine(m_view->set.log));
    m_precision->setText(precisionText(m_view->set, m_state));
    m_openLog->setVisible(!source->isExact());
    showAll();
    readFrontier();
}

} // namespace countersign::pages
