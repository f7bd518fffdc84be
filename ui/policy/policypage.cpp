#include "ui/policy/policypage.h"

#include "models/items/celltext.h"
#include "models/policy/evaluator.h"
#include "models/services/inventory.h"
#include "models/services/review/rules.h"
#include "models/services/sample/sample.h"
#include "models/services/workspace/secrets.h"
#include "models/store/queries/queries.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/frame/pageheader.h"
#include "ui/widgets/messages/dialogs.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QLocale>
#include <QPushButton>

namespace countersign::pages {

using items::RulesTable;
using widgets::CellKind;
using widgets::Message;

PolicyPage::PolicyPage(services::Workspace &workspace, QWidget *parent)
    : ReadingPage(parent)
    , m_workspace(workspace)
    , m_rules(new RulesTable(this))
    , m_header(new widgets::PageHeader(tr("Limits")))
    , m_new(widgets::primaryButton(tr("New Limit…"), QStringLiteral("plus")))
    , m_change(widgets::secondaryButton(tr("Change…"), QStringLiteral("settings")))
    , m_retire(widgets::dangerButton(tr("Retire…")))
    , m_reason(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_table(new widgets::TableView(tr("Limits")))
{
    m_new->setObjectName(QStringLiteral("new"));
    m_change->setObjectName(QStringLiteral("change"));
    m_retire->setObjectName(QStringLiteral("retire"));
    m_reason->setObjectName(QStringLiteral("reason"));
    m_header->addAction(m_reason);
    for (QPushButton *button : {m_retire, m_change, m_new})
        m_header->addAction(button);
    m_table->setColumnFormat(RulesTable::Sentence, {.width = 300, .isStrong = true, .stretches = true});
    m_table->setColumnFormat(RulesTable::Metric, {.width = 130, .isMuted = true, .isHidden = true});
    m_table->setColumnFormat(RulesTable::Scope, {.width = 190, .isMuted = true});
    m_table->setColumnFormat(RulesTable::Severity, {.width = 82, .isMuted = true});
    m_table->setColumnFormat(RulesTable::Since, {.width = 146, .isMuted = true});
    m_table->setColumnFormat(RulesTable::Now, {.kind = CellKind::Verdict, .width = 170, .stateRole = RulesTable::StateRole});
    m_table->setColumnFormat(RulesTable::Revision, {.kind = CellKind::Number, .width = 82, .isMuted = true});
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setRowHeight(theme::height::kRowComfortable);
    m_table->setModel(m_rules);
    m_table->setSettingsKey(QStringLiteral("limits"));
    m_table->emptyState()->describe(widgets::EmptyState::Cause::NothingYet, tr("No limit is set"),
                                    tr("A limit says what a metric must reach, as in: AUC is at least .700. Without limits nothing is judged."), tr("New Limit…"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(new widgets::Hairline);
    column->addWidget(m_table, 1);
    connectSignals();
    workspaceChanged();
}

void PolicyPage::connectSignals()
{
    connect(m_new, &QPushButton::clicked, this, [this] { openDialog(false); });
    connect(m_change, &QPushButton::clicked, this, [this] { openDialog(true); });
    connect(m_table, &QAbstractItemView::activated, this, [this](const QModelIndex &index) {
        m_table->selectRow(index.row());
        openDialog(true);
    });
    connect(m_table->emptyState(), &widgets::EmptyState::actRequested, this, [this] { openDialog(false); });
    connect(m_retire, &QPushButton::clicked, this, &PolicyPage::retire);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PolicyPage::follow);
    connect(m_rules, &QAbstractItemModel::modelReset, this, &PolicyPage::follow);
    connect(&m_workspace, &services::Workspace::changed, this, &PolicyPage::outdate);
    connect(&m_workspace, &services::Workspace::stateChanged, this, &PolicyPage::workspaceChanged);
}

QString PolicyPage::title() const
{
    return tr("Limits");
}

QWidget *PolicyPage::initialFocus()
{
    return m_rules->rowCount() > 0 ? static_cast<QWidget *>(m_table) : m_new;
}

void PolicyPage::open(const widgets::Target &target)
{
    const auto rule = RuleId::parse(target.extra.toStdString());
    if (!rule)
        return;
    if (const int row = m_rules->rowOf(*rule); row >= 0)
        m_table->selectRow(row);
    else
        m_wanted = *rule;
}

void PolicyPage::workspaceChanged()
{
    const services::WorkspaceState &state = m_workspace.state();
    if (state.ledger != m_ledger) {
        m_ledger = state.ledger;
        ++m_generation;
        m_rules->setRows({});
        if (m_dialog)
            m_dialog->reject();
    }
    follow();
    outdate();
}

// The current row may be one that the focus alone has brought, unseen; what is acted on is what is marked.
const items::LimitRow *PolicyPage::chosen() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_rules->rowAt(rows.first().row());
}

void PolicyPage::follow()
{
    const services::WorkspaceState &state = m_workspace.state();
    const bool canWrite = state.isOpen && !state.isReadOnly && state.damage.isEmpty();
    const bool isChosen = chosen() != nullptr;
    m_new->setEnabled(canWrite);
    m_change->setEnabled(canWrite && isChosen);
    m_retire->setEnabled(canWrite && isChosen);
    QString reason;
    if (state.asOf)
        reason = state.hindrance();
    else if (state.isOpen && !state.damage.isEmpty())
        reason = tr("The ledger is damaged; limits stay as they are.");
    else if (state.isOpen && state.isReadOnly)
        reason = tr("This workspace is open for reading only.");
    else if (state.isOpen && !isChosen && m_rules->rowCount() > 0)
        reason = tr("Choose a limit to change it.");
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());
    for (QPushButton *button : {m_retire, m_change, m_new})
        button->setAccessibleDescription(button->isEnabled() ? QString() : reason);
}

Result<PolicyPage::View> PolicyPage::readView(services::Session &session)
{
    auto &connection = session.connection();
    const auto rules = store::listRules(connection);
    if (!rules)
        return rules.error();
    const auto usage = store::ruleUsage(connection);
    if (!usage)
        return usage.error();
    auto metrics = store::recordedMetrics(connection);
    if (!metrics)
        return metrics.error();
    View view{{}, std::move(*metrics)};
    for (const Rule &rule : *rules) {
        items::LimitRow row{rule, {}, {}};
        if (const auto found = usage->find(rule.id); found != usage->end())
            row.usage = found->second;
        if (rule.model) {
            const auto model = store::findModel(connection, *rule.model);
            if (!model)
                return model.error();
            row.modelName = model->name;
        }
        view.limits.push_back(std::move(row));
    }
    return view;
}

bool PolicyPage::canRead() const
{
    return m_workspace.state().isOpen;
}

void PolicyPage::read()
{
    const int generation = ++m_generation;
    m_workspace.run(this, readView, [this, generation](const Result<View> &view) {
        if (generation != m_generation)
            return;
        if (view)
            showView(*view);
        else
            Q_EMIT message(Message::error(view.error()));
    });
}

void PolicyPage::showView(const View &view)
{
    const items::LimitRow *before = chosen();
    const std::optional<RuleId> keep = m_wanted ? std::exchange(m_wanted, {}) : before ? std::optional(before->rule.id) : std::nullopt;
    m_metrics.clear();
    for (const std::string &metric : view.metrics)
        m_metrics.append(QString::fromStdString(metric));
    m_rules->setRows(view.limits);
    if (const int row = keep ? m_rules->rowOf(*keep) : -1; row >= 0)
        m_table->selectRow(row);
    const auto failing = std::ranges::count_if(view.limits, [](const items::LimitRow &row) { return row.usage.fail > 0; });
    const QLocale locale;
    const QString count = view.limits.size() == 1 ? tr("1 limit is in force.") : tr("%1 limits are in force.").arg(locale.toString(static_cast<qulonglong>(view.limits.size())));
    m_header->setSentence(failing == 0 ? count : failing == 1 ? tr("%1 1 of them fails for some version.").arg(count) : tr("%1 %2 of them fail for some version.").arg(count, locale.toString(static_cast<qlonglong>(failing))));
    follow();
}

void PolicyPage::openDialog(bool isChange)
{
    const auto *row = isChange ? chosen() : nullptr;
    if (m_dialog || !m_new->isEnabled() || (isChange && !row))
        return;
    m_dialog = new LimitDialog(m_metrics, row ? std::optional(row->rule) : std::nullopt, row ? QString::fromStdString(row->modelName) : QString(), this);
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_dialog, &LimitDialog::submitted, this, &PolicyPage::submit);
    m_dialog->open();
}

QString PolicyPage::askSignature(const QString &title)
{
    const auto &person = m_workspace.state().person;
    if (!person) {
        Q_EMIT message(Message::warning(tr("Nobody works here yet. Choose who you are on the page People.")));
        return {};
    }
    QString why = tr("%1 signs this. The passphrase unlocks the signing key for this one signature.").arg(items::oneLine(person->name));
    if (m_workspace.state().isSample)
        why += QLatin1Char(' ') + tr("In the sample it is “%1”.").arg(QString::fromLatin1(services::kSamplePassphrase));
    return widgets::dialogs::askPassphrase(this, title, why);
}

void PolicyPage::submit(const LimitDraft &draft)
{
    const QString passphrase = askSignature(tr("Sign the limit?"));
    if (passphrase.isEmpty() || !m_dialog)
        return;
    m_dialog->setBusy(true);
    const auto work = [draft, secret = services::secretOf(passphrase), person = *m_workspace.state().person](services::Session &session) -> Result<Done> {
        Rule rule = draft.rule;
        if (!draft.model.empty()) {
            const auto subject = services::findSubject(session, draft.model);
            if (!subject)
                return subject.error();
            rule.model = subject->model.id;
        }
        const auto key = session.unlock(person, *secret);
        if (!key)
            return key.error();
        const auto set = services::setRule(session, rule, draft.from, person, **key);
        if (!set)
            return set.error();
        const auto usage = store::ruleUsage(session.connection());
        if (!usage)
            return usage.error();
        const auto found = usage->find(set->id);
        return Done{set->id, found == usage->end() ? store::RuleUsage{} : found->second};
    };
    const QString sentence = items::oneLine(policy::sentence(draft.rule));
    m_workspace.run(this, work, [this, sentence](const Result<Done> &done) {
        if (!done && m_dialog) {
            m_dialog->showTrouble(QString::fromStdString(done.error().text()));
            return;
        }
        if (m_dialog)
            m_dialog->accept();
        if (done)
            tellImpact(*done, sentence);
        else
            Q_EMIT message(Message::error(done.error()));
    });
}

void PolicyPage::tellImpact(const Done &done, const QString &what)
{
    m_wanted = done.rule;
    outdate();
    const QLocale locale;
    const store::RuleUsage &usage = done.usage;
    const QString impact = usage.versions == 0 ? tr("No version has such values yet.")
        : usage.fail == 0                      ? tr("No version fails it.")
        : usage.fail == 1                      ? tr("1 version fails now.")
                                               : tr("%1 versions fail now.").arg(locale.toString(static_cast<qlonglong>(usage.fail)));
    Message told{usage.fail > 0 ? widgets::Tone::Warning : widgets::Tone::Good, tr("%1. %2", "limit, impact").arg(what, impact), {}};
    Q_EMIT message(told);
}

void PolicyPage::retire()
{
    const auto *row = chosen();
    if (!row)
        return;
    const QString sentence = items::oneLine(policy::sentence(row->rule));
    const QString consequence = row->usage.versions == 1 ? tr("%1. 1 version is no longer judged by it. What it found so far stays in the ledger.").arg(sentence)
                                                         : tr("%1. %2 versions are no longer judged by it. What it found so far stays in the ledger.")
                                                               .arg(sentence, QLocale().toString(static_cast<qlonglong>(row->usage.versions)));
    const RuleId id = row->rule.id;
    if (!widgets::dialogs::confirm(this, {tr("Retire this limit?"), consequence, tr("Retire Limit"), true}))
        return;
    const QString passphrase = askSignature(tr("Sign the retirement?"));
    if (passphrase.isEmpty())
        return;
    const auto work = [id, secret = services::secretOf(passphrase), person = *m_workspace.state().person](services::Session &session) -> Status {
        const auto key = session.unlock(person, *secret);
        return key ? services::retireRule(session, id, person, **key) : Status(key.error());
    };
    m_workspace.run(this, work, [this](const Status &status) {
        if (status)
            Q_EMIT message(Message::good(tr("The limit is retired. Its history stays.")));
        else
            Q_EMIT message(Message::error(status.error()));
    });
}

} // namespace countersign::pages
