#include "ui/audit/entryinspector.h"

#include "models/base/text.h"
#include "models/items/audit/trailtable.h"
#include "models/items/celltext.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/keyvaluelist.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/segmentedbutton.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>

namespace countersign::pages {

using theme::scaled;
using theme::State;

namespace {

QString number(std::uint64_t n)
{
    return QLocale().toString(static_cast<qulonglong>(n));
}

/// "7c1e 90ab 1f22 …": enough to compare by eye.
QString grouped(const Digest &digest)
{
    const QString hex = QString::fromStdString(digest.hex());
    return QStringLiteral("%1 %2 %3 %4 …").arg(hex.mid(0, 4), hex.mid(4, 4), hex.mid(8, 4), hex.mid(12, 4));
}

/// Beside a label that is as wide as its words, the list would make its whole column as narrow.
void addState(widgets::KeyValueList &list, const QString &name, State state, const QString &word)
{
    auto *host = new QWidget;
    auto *row = new QHBoxLayout(host);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(new widgets::StateLabel(state, word));
    row->addStretch(1);
    list.addWidget(name, host);
}

QString plain(const std::string &escaped)
{
    const auto text = text::unescape(escaped);
    return items::oneLine(text ? *text : escaped);
}

} // namespace

EntryInspector::EntryInspector(QWidget *parent)
    : Pane(widgets::Ground::Subtle, Qt::LeftEdge, parent)
    , m_title(new widgets::PlainLabel({}, theme::Type::CardTitle))
    , m_summary(new widgets::PlainLabel)
    , m_list(new widgets::KeyValueList)
    , m_proofHead(new widgets::SectionHeading(tr("Proof")))
    , m_proof(new widgets::KeyValueList)
    , m_payloadHead(new widgets::SectionHeading(tr("Payload")))
    , m_form(new widgets::SegmentedButton(tr("Show payload as")))
    , m_payload(new QPlainTextEdit)
    , m_openModel(widgets::secondaryButton(tr("Open Model"), QStringLiteral("inventory")))
    , m_lookBack(widgets::secondaryButton(tr("View as of This Entry"), QStringLiteral("clock")))
{
    setFixedWidth(scaled(theme::width::kInspector));
    m_summary->setWordWrap(true);
    m_summary->setSelectable(true);
    m_list->setNameWidth(76);
    m_proof->setNameWidth(76);
    m_form->addChoice(QStringLiteral("plain"), tr("Plain"));
    m_form->addChoice(QStringLiteral("raw"), tr("Raw"));
    m_payload->setReadOnly(true);
    m_payload->setTabChangesFocus(true);
    m_payload->setAccessibleName(tr("Payload"));
    m_payload->setFont(theme::font(theme::Type::Mono));
    m_payload->setMinimumHeight(scaled(120));

    auto *content = new QWidget;
    widgets::setGround(*content, widgets::Ground::Subtle);
    auto *scroll = new QScrollArea; // a long entry in a low window
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    widgets::setGround(*scroll->viewport(), widgets::Ground::Subtle);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(1, 0, 0, 0);
    outer->addWidget(scroll);
    auto *column = new QVBoxLayout(content);
    const int side = scaled(15);
    column->setContentsMargins(side, scaled(12), side, scaled(12));
    column->setSpacing(scaled(theme::space::kSmall));
    column->addWidget(m_title);
    column->addWidget(m_summary);
    column->addWidget(m_list);
    column->addSpacing(scaled(4));
    column->addWidget(m_proofHead);
    column->addWidget(m_proof);
    column->addSpacing(scaled(4));
    auto *head = new QHBoxLayout;
    head->addWidget(m_payloadHead, 1);
    head->addWidget(m_form);
    column->addLayout(head);
    column->addWidget(m_payload, 1);
    auto *acts = new QHBoxLayout;
    acts->addWidget(m_openModel);
    acts->addWidget(m_lookBack);
    acts->addStretch(1);
    column->addLayout(acts);
    connect(m_lookBack, &QPushButton::clicked, this, [this] { Q_EMIT lookBackRequested(m_facts.entry); });
    connect(m_form, &widgets::SegmentedButton::chosen, this, &EntryInspector::showPayload);
    connect(m_openModel, &QPushButton::clicked, this, [this] {
        Q_EMIT openModelRequested(QString::fromStdString(m_facts.row.model.text()), QString::fromStdString(m_facts.row.version.text()));
    });
    showNothing();
}

void EntryInspector::showNothing()
{
    m_facts = {};
    m_title->setText(tr("No entry chosen"));
    m_summary->setText(tr("Choose an entry to see what it says and what proves it."));
    for (QWidget *part : std::initializer_list<QWidget *>{m_list, m_proofHead, m_proof, m_payloadHead, m_form, m_payload, m_openModel, m_lookBack})
        part->hide();
}

void EntryInspector::showEntry(const EntryFacts &facts)
{
    m_facts = facts;
    m_title->setText(tr("Entry %1").arg(QLocale().toString(static_cast<qlonglong>(facts.entry))));
    const QString summary = items::oneLine(facts.row.summary);
    m_summary->setText(facts.row.actorName.empty() ? summary : QStringLiteral("%1 %2").arg(items::oneLine(facts.row.actorName), summary));
    showFacts();
    showProof();
    showPayload();
    for (QWidget *part : std::initializer_list<QWidget *>{m_list, m_proofHead, m_proof, m_payloadHead, m_form, m_payload, m_lookBack})
        part->show();
    m_openModel->setVisible(!facts.row.model.isEmpty());
}

void EntryInspector::showFacts()
{
    m_list->clear();
    if (!m_facts.event) {
        addState(*m_list, tr("Content"), State::NotEnoughData, tr("cannot be read"));
        m_list->add(tr("Why"), QString::fromStdString(m_facts.undecoded));
        return;
    }
    const ledger::Event &event = *m_facts.event;
    m_list->add(tr("Event"), QStringLiteral("%1 (%2)").arg(items::TrailTable::eventWord(event.kind), QString::fromStdString(event.kind)));
    m_list->add(tr("Who"), plain(event.actor.name));
    const auto role = parseRole(event.actor.role);
    m_list->add(tr("Role"), role ? QString::fromUtf8(roleTitle(*role).data(), static_cast<qsizetype>(roleTitle(*role).size())) : tr("at this computer"));
    const QDateTime utc = QDateTime::fromMSecsSinceEpoch(toMillis(event.time), Qt::UTC);
    const QString format = QStringLiteral("d MMM yyyy HH:mm:ss");
    m_list->add(tr("Time"), tr("%1 UTC").arg(QLocale().toString(utc, format)));
    if (event.utcOffsetMinutes != 0)
        m_list->add({}, tr("%1, %2 where it was signed", "time, offset from UTC")
                            .arg(QLocale().toString(utc.toOffsetFromUtc(event.utcOffsetMinutes * 60), QStringLiteral("HH:mm:ss")), QString::fromStdString(formatOffset(event.utcOffsetMinutes))));
    m_list->add(tr("Program"), QString::fromStdString(event.appVersion));
    if (event.evidence)
        m_list->addMono(tr("Evidence"), grouped(*event.evidence));
}

void EntryInspector::showProof()
{
    m_proof->clear();
    for (const SignatureFacts &signature : m_facts.signatures) {
        const QString owner = items::oneLine(signature.owner);
        switch (signature.state) {
        case SignatureFacts::State::Valid:
            addState(*m_proof, tr("Signature"), State::Pass, tr("valid"));
            break;
        case SignatureFacts::State::Wrong: addState(*m_proof, tr("Signature"), State::Fail, tr("does not fit the entry")); break;
        case SignatureFacts::State::UnknownKey: addState(*m_proof, tr("Signature"), State::Fail, tr("by a key never enrolled")); break;
        case SignatureFacts::State::Revoked: addState(*m_proof, tr("Signature"), State::Fail, tr("by a revoked key")); break;
        }
        if (signature.state != SignatureFacts::State::UnknownKey)
            m_proof->add(tr("Key of"), signature.isDevice ? tr("a computer") : owner);
        m_proof->addMono(tr("Key"), QString::fromStdString(signature.fingerprint));
    }
    if (!m_facts.proofTrouble.empty()) {
        addState(*m_proof, tr("In the tree"), State::Fail, tr("not proved"));
        m_proof->add({}, QString::fromStdString(m_facts.proofTrouble));
    } else {
        addState(*m_proof, tr("In the tree"), State::Pass,
                          m_facts.proofSteps == 1 ? tr("proved in 1 step") : tr("proved in %1 steps").arg(number(m_facts.proofSteps)));
        m_proof->addMono(tr("Root"), grouped(m_facts.head.root));
    }
    m_proof->addMono(tr("Leaf"), grouped(m_facts.leaf));
}

void EntryInspector::showPayload()
{
    const bool isRaw = m_form->current() == QLatin1String("raw");
    m_payload->setLineWrapMode(isRaw ? QPlainTextEdit::WidgetWidth : QPlainTextEdit::NoWrap);
    m_payload->setPlainText(QString::fromStdString(isRaw ? m_facts.raw : m_facts.plain));
}

} // namespace countersign::pages
