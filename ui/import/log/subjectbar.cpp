#include "ui/import/log/subjectbar.h"

#include "models/items/celltext.h"
#include "models/store/queries/inventoryquery.h"
#include "models/store/queries/queries.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>

namespace countersign::pages {

using items::oneLine;
using theme::scaled;

namespace {

constexpr std::size_t kMostModels = 1000;

using Models = std::vector<store::InventoryRow>;

Result<Models> readNames(services::Session &session, const std::string &wanted)
{
    auto order = store::inventoryOrder(session.connection(), {}, {});
    if (!order)
        return order.error();
    if (order->size() > kMostModels)
        order->resize(kMostModels);
    auto rows = store::inventoryRows(session.connection(), *order);
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

} // namespace

SubjectBar::SubjectBar(services::Workspace &workspace, QWidget *parent)
    : QWidget(parent), m_workspace(workspace), m_model(new QComboBox), m_version(new QComboBox), m_trouble(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
{
    m_model->setObjectName(QStringLiteral("model"));
    m_version->setObjectName(QStringLiteral("version"));
    m_model->setEditable(true);
    m_model->setInsertPolicy(QComboBox::NoInsert);
    m_model->setMinimumWidth(scaled(200));
    m_model->lineEdit()->setPlaceholderText(tr("Name of the model"));
    m_model->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_model->completer()->setFilterMode(Qt::MatchContains);
    m_version->setMinimumWidth(scaled(110));
    m_trouble->setObjectName(QStringLiteral("subjectTrouble"));
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
    row->addWidget(m_trouble, 1);
    const auto chosen = [this] {
        m_trouble->clear();
        readVersions();
    };
    connect(m_model, &QComboBox::activated, this, chosen);
    connect(m_model->lineEdit(), &QLineEdit::editingFinished, this, chosen);
    // Until the name is settled, nobody may take the version of another model for its.
    connect(m_model->lineEdit(), &QLineEdit::textEdited, m_version, &QComboBox::clear);
    connect(m_version, &QComboBox::activated, this, [this] { m_trouble->clear(); });
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

QString SubjectBar::modelId() const
{
    const int at = m_model->findText(m_model->currentText(), Qt::MatchFixedString | Qt::MatchCaseSensitive);
    return at < 0 ? QString() : m_model->itemData(at).toString();
}

void SubjectBar::readVersions()
{
    const QString before = m_wantedVersion.isEmpty() ? m_version->currentData().toString() : m_wantedVersion;
    const int generation = ++m_generation;
    const auto known = ModelId::parse(modelId().toStdString());
    const std::string name = m_model->currentText().trimmed().toStdString();
    if (!known && name.empty()) {
        m_version->clear();
        return;
    }
    using Versions = std::vector<store::VersionRow>;
    const auto work = [id = known ? std::optional(*known) : std::nullopt, name](services::Session &session) -> Result<Versions> {
        if (id)
            return store::listVersions(session.connection(), *id);
        const auto ids = store::modelsNamed(session.connection(), name);
        if (!ids)
            return ids.error();
        return ids->size() == 1 ? store::listVersions(session.connection(), ids->front()) : Result<Versions>(Versions());
    };
    m_workspace.run(this, work, [this, generation, before](const Result<Versions> &versions) {
        if (generation != m_generation)
            return;
        m_version->clear();
        if (!versions)
            return showTrouble(oneLine(versions.error().text()));
        for (const auto &row : *versions)
            m_version->addItem(oneLine(row.version.label), QString::fromStdString(row.version.id.text()));
        m_version->setCurrentIndex(std::max(m_version->count() > 0 ? 0 : -1, m_version->findData(before)));
        m_wantedVersion.clear();
    });
}

std::optional<VersionId> SubjectBar::version() const
{
    const auto id = VersionId::parse(m_version->currentData().toString().toStdString());
    return id ? std::optional(*id) : std::nullopt;
}

std::optional<VersionId> SubjectBar::check()
{
    const bool isNamed = !m_model->currentText().trimmed().isEmpty();
    if (const auto id = version(); id && isNamed)
        return id;
    if (!isNamed) {
        showTrouble(tr("Say which model the log is of."));
        m_model->setFocus(Qt::OtherFocusReason);
    } else {
        showTrouble(tr("There is no version of a model of this name. Choose one of the list."));
        (m_version->count() > 0 ? m_version : m_model)->setFocus(Qt::OtherFocusReason);
    }
    return {};
}

QString SubjectBar::text() const
{
    return QStringLiteral("%1 %2").arg(m_model->currentText(), m_version->currentText());
}

void SubjectBar::showTrouble(const QString &sentence)
{
    m_trouble->setText(sentence);
}

} // namespace countersign::pages
