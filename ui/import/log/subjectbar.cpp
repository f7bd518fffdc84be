#include "ui/import/log/subjectbar.h"

#include "models/items/celltext.h"
#include "models/store/queries/inventoryquery.h"
#include "models/store/queries/queries.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>
#include <QSignalBlocker>

#include <algorithm>

namespace countersign::pages {

using items::oneLine;
using theme::scaled;

namespace {

constexpr std::size_t kMostModels = 1000;

using Models = std::vector<store::InventoryRow>;

Result<Models> readNames(services::Session &session, const std::string &wanted)
{
    auto order = store::inventoryOrder(session.connection(), {}, {}, session.now());
    if (!order)
        return order.error();
    if (order->size() > kMostModels)
        order->resize(kMostModels);
    auto rows = store::inventoryRows(session.connection(), *order, session.now());
    if (!rows)
        return rows.error();
    const auto id = ModelId::parse(wanted);
    const bool isThere = !id || std::ranges::any_of(*rows, [&](const store::InventoryRow &row) { return row.id == *id; });
    if (!isThere) {
        const auto model = store::findModel(session.connection(), *id);
        if (model) {
            store::InventoryRow row;
            row.id = model->id;
            row.name = model->name;
            rows->push_back(std::move(row));
        }
    }
    return rows;
}

struct Namesakes {
    std::size_t count = 0;
    std::optional<ModelId> model; ///< where there is one
    std::vector<store::VersionRow> versions;
};

Result<Namesakes> readNamesakes(services::Session &session, const std::optional<ModelId> &id, const std::string &name)
{
    Namesakes found;
    if (id) {
        found.model = id;
        found.count = 1;
    } else {
        const auto ids = store::modelsNamed(session.connection(), name);
        if (!ids)
            return ids.error();
        found.count = ids->size();
        if (ids->size() == 1)
            found.model = ids->front();
    }
    if (!found.model)
        return found;
    auto versions = store::listVersions(session.connection(), *found.model, session.now());
    if (!versions)
        return versions.error();
    found.versions = *std::move(versions);
    return found;
}

} // namespace

SubjectBar::SubjectBar(services::Workspace &workspace, QWidget *parent)
    : QWidget(parent)
    , m_workspace(workspace)
    , m_model(new QComboBox)
    , m_version(new QComboBox)
    , m_trouble(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_register(new QCheckBox(tr("Register it with the import")))
{
    m_model->setObjectName(QStringLiteral("model"));
    m_version->setObjectName(QStringLiteral("version"));
    m_model->setEditable(true);
    m_model->setInsertPolicy(QComboBox::NoInsert);
    m_model->setMinimumWidth(scaled(200));
    m_model->lineEdit()->setPlaceholderText(tr("Name of the model"));
    m_model->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_model->completer()->setFilterMode(Qt::MatchContains);
    m_version->setEditable(true);
    m_version->setInsertPolicy(QComboBox::NoInsert);
    m_version->setMinimumWidth(scaled(110));
    m_trouble->setObjectName(QStringLiteral("subjectTrouble"));
    m_trouble->setWordWrap(true);
    m_trouble->hide();
    m_register->setObjectName(QStringLiteral("registerSubject"));
    m_register->hide();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(theme::space::kSmall));
    const auto add = [row](const QString &label, QComboBox *combo) {
        auto *words = new widgets::PlainLabel(label, theme::Type::Body, widgets::Ink::Secondary);
        words->setBuddy(combo);
        combo->setAccessibleName(label);
        row->addWidget(words);
        row->addWidget(combo);
    };
    add(tr("Model"), m_model);
    add(tr("Version"), m_version);
    row->addWidget(m_register);
    row->addStretch(1);
    const auto chosen = [this] {
        showTrouble({});
        readVersions();
    };
    connect(m_model, &QComboBox::activated, this, chosen);
    connect(m_model->lineEdit(), &QLineEdit::editingFinished, this, chosen);
    // Until the name is settled, nobody may take the version of another model for its.
    connect(m_model->lineEdit(), &QLineEdit::textEdited, this, [this] {
        m_namesakes.reset();
        m_version->clear();
        offerToRegister();
    });
    connect(m_version, &QComboBox::editTextChanged, this, &SubjectBar::offerToRegister);
    connect(m_register, &QCheckBox::toggled, this, &SubjectBar::offerToRegister);
}

void SubjectBar::readModels()
{
    if (!m_workspace.state().isOpen)
        return;
    m_workspace.run(this, [wanted = m_wantedModel.toStdString()](services::Session &session) { return readNames(session, wanted); }, [this](const Result<Models> &models) {
        if (!models)
            return;
        const QString text = m_model->currentText();
        m_model->clear();
        for (const auto &row : *models)
            m_model->addItem(oneLine(row.name), QString::fromStdString(row.id.text()));
        const int wanted = m_wantedModel.isEmpty() ? m_model->findText(text, Qt::MatchFixedString) : m_model->findData(m_wantedModel);
        m_model->setCurrentIndex(wanted >= 0 ? wanted : models->size() == 1 ? 0 : -1);
        if (wanted < 0 && !text.isEmpty() && models->size() != 1)
            m_model->setEditText(text);
        m_wantedModel.clear();
        readVersions();
    });
}

void SubjectBar::choose(const QString &model, const QString &version)
{
    if (model.isEmpty())
        return;
    m_wantedModel = model;
    m_wantedVersion = version;
    readModels();
}

std::optional<ModelId> SubjectBar::listed() const
{
    const int at = m_model->findText(m_model->currentText(), Qt::MatchFixedString | Qt::MatchCaseSensitive);
    const auto id = ModelId::parse(at < 0 ? std::string() : m_model->itemData(at).toString().toStdString());
    return id ? std::optional(*id) : std::nullopt;
}

QString SubjectBar::modelId() const
{
    const auto id = m_namesakes ? m_known : listed();
    return id ? QString::fromStdString(id->text()) : QString();
}

void SubjectBar::readVersions()
{
    const QString before = m_wantedVersion.isEmpty() ? m_version->currentData().toString() : m_wantedVersion;
    const QString typed = version() ? QString() : m_version->currentText();
    const int generation = ++m_generation;
    const auto id = listed();
    const std::string name = m_model->currentText().trimmed().toStdString();
    m_namesakes.reset();
    if (!id && name.empty()) {
        m_version->clear();
        return offerToRegister();
    }
    m_workspace.run(this, [id, name](services::Session &session) { return readNamesakes(session, id, name); },
                    [this, generation, before, typed](const Result<Namesakes> &found) {
        if (generation != m_generation)
            return;
        const QSignalBlocker blocker(m_version); // one look at the end
        m_version->clear();
        if (!found)
            return showTrouble(oneLine(found.error().text()));
        m_namesakes = found->count;
        m_known = found->model;
        for (const auto &row : found->versions)
            m_version->addItem(oneLine(row.version.label), QString::fromStdString(row.version.id.text()));
        m_version->setCurrentIndex(std::max(m_version->count() > 0 ? 0 : -1, m_version->findData(before)));
        if (!typed.isEmpty() || m_version->count() == 0)
            m_version->setEditText(typed.isEmpty() && found->count == 0 ? QStringLiteral("1") : typed);
        if (m_version->lineEdit()->hasFocus()) // Tab was faster than the workspace: as on arrival, typing replaces what stands there
            m_version->lineEdit()->selectAll();
        m_wantedVersion.clear();
        offerToRegister();
    });
}

std::optional<VersionId> SubjectBar::version() const
{
    const int at = m_version->findText(m_version->currentText(), Qt::MatchFixedString | Qt::MatchCaseSensitive);
    const auto id = VersionId::parse(at < 0 ? std::string() : m_version->itemData(at).toString().toStdString());
    return id ? std::optional(*id) : std::nullopt;
}

bool SubjectBar::isNew() const
{
    const bool isNamed = !m_model->currentText().trimmed().isEmpty() && !m_version->currentText().trimmed().isEmpty();
    return isNamed && m_namesakes && *m_namesakes <= 1 && !version();
}

/// Never by itself: a typing mistake must not become a model.
void SubjectBar::offerToRegister()
{
    if (!isNew()) {
        m_register->setChecked(false);
        m_register->hide();
        showTrouble({});
        return;
    }
    m_register->show();
    const QString model = m_model->currentText().trimmed();
    const QString label = m_version->currentText().trimmed();
    showTrouble(m_register->isChecked() ? tr("“%1”, version “%2”, is registered when the figures are recorded.").arg(model, label)
                : *m_namesakes == 0     ? tr("“%1” is not in the inventory.").arg(model)
                                        : tr("“%1” has no version “%2”.").arg(model, label));
}

std::optional<LogSubject> SubjectBar::check()
{
    const bool isNamed = !m_model->currentText().trimmed().isEmpty();
    if (const auto id = version(); id && isNamed)
        return LogSubject{*id, {}, {}};
    if (isNew() && m_register->isChecked())
        return LogSubject{{}, m_known ? m_known->text() : m_model->currentText().trimmed().toStdString(), m_version->currentText().trimmed().toStdString()};
    if (!isNamed) {
        showTrouble(tr("Say which model the log is of."));
        m_model->setFocus(Qt::OtherFocusReason);
    } else if (isNew()) {
        showTrouble(*m_namesakes == 0 ? tr("“%1” is not in the inventory. Register it with the import, or choose one of the list.").arg(m_model->currentText().trimmed())
                                      : tr("There is no such version. Register it with the import, or choose one of the list."));
        m_register->setFocus(Qt::OtherFocusReason);
    } else if (m_namesakes.value_or(0) > 1) {
        showTrouble(tr("Several models have this name. Choose one of the list."));
        m_model->setFocus(Qt::OtherFocusReason);
    } else {
        showTrouble(tr("Say which version the log is of."));
        (m_namesakes ? m_version : m_model)->setFocus(Qt::OtherFocusReason);
    }
    return {};
}

QWidget *SubjectBar::trouble() const
{
    return m_trouble;
}

QString SubjectBar::text() const
{
    return QStringLiteral("%1 %2").arg(m_model->currentText().trimmed(), m_version->currentText().trimmed());
}

void SubjectBar::showTrouble(const QString &sentence)
{
    m_trouble->setText(sentence);
    m_trouble->setVisible(!sentence.isEmpty());
}

} // namespace countersign::pages
