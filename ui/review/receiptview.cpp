#include "ui/review/receiptview.h"

#include "models/report/document.h"
#include "ui/review/sentencepanel.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/keyvaluelist.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/messages/dialogs.h"

#include <QBoxLayout>
#include <QDir>
#include <QFileInfo>
#include <QPushButton>
#include <QSaveFile>
#include <QScrollArea>

namespace countersign::pages {

using theme::scaled;

namespace {

struct Line {
    QString name;
    QString value;
    bool isHash = false;
};

QString inFours(const std::string &hex)
{
    QString text;
    for (std::size_t i = 0; i < hex.size(); i += 4)
        text += (i ? QStringLiteral(" ") : QString()) + QString::fromStdString(hex.substr(i, 4));
    return text;
}

QList<Line> linesOf(const Receipt &receipt)
{
    const services::SignReceipt &signature = receipt.signature;
    const auto text = [](const std::string &value) { return QString::fromStdString(value); };
    return {{ReceiptView::tr("Signed by"), text(receipt.name), false},
            {ReceiptView::tr("Of"), text(receipt.subject), false},
            {ReceiptView::tr("Meaning"), text(receipt.meaning), false},
            {ReceiptView::tr("Time"), text(report::longTime(signature.signedAt, signature.utcOffsetMinutes)), false},
            {ReceiptView::tr("In UTC"), text(report::longTime(signature.signedAt)), false},
            {ReceiptView::tr("Clock"), ReceiptView::tr("of this computer"), false},
            {ReceiptView::tr("Event"), text(signature.event), false},
            {ReceiptView::tr("Ledger entry"), QString::number(signature.entry), false},
            {ReceiptView::tr("Key"), text(signature.fingerprint), true},
            {ReceiptView::tr("Bundle"), inFours(receipt.bundle), true},
            {ReceiptView::tr("Entry hash"), inFours(signature.leaf.hex()), true},
            {ReceiptView::tr("Tree"), ReceiptView::tr("%1 entries").arg(signature.head.size), false},
            {ReceiptView::tr("Tree root"), inFours(signature.head.root.hex()), true}};
}

} // namespace

QString receiptText(const Receipt &receipt)
{
    QString text = ReceiptView::tr("Receipt of a signature, made by Countersign") + QStringLiteral("\n\n") + QString::fromStdString(receipt.signature.sentence)
        + QStringLiteral("\n\n");
    for (const Line &line : linesOf(receipt))
        text += line.name + QStringLiteral(": ") + line.value + QLatin1Char('\n');
    text += QLatin1Char('\n')
        + ReceiptView::tr("The signature, and its place in the ledger, are checked with the proof beside this file: countersign-verify. What that cannot show is that the "
                          "signer understood what was shown, or the exact time: it is that of the signer's computer.")
        + QStringLiteral("\n\n")
        + ReceiptView::tr("Keep this file outside of the workspace. A ledger that no longer holds this entry under this number, or that does not lead from this "
                          "root to its present one, was rewritten.")
        + QLatin1Char('\n');
    if (!receipt.signature.checkpoint.empty())
        text += QLatin1Char('\n') + QString::fromStdString(receipt.signature.checkpoint);
    return text;
}

ReceiptView::ReceiptView(QWidget *parent) : QWidget(parent), m_sentence(new SentencePanel), m_facts(new widgets::KeyValueList), m_outcome(new widgets::PlainLabel)
{
    auto *content = new QWidget;
    widgets::setGround(*content, widgets::Ground::Page);
    auto *column = new QVBoxLayout(content);
    const int side = scaled(theme::space::kPage);
    column->setContentsMargins(side, scaled(12), side, scaled(12));
    column->setSpacing(scaled(theme::space::kMedium));
    column->addWidget(new widgets::SectionHeading(tr("Receipt")));
    column->addWidget(new widgets::StateLabel(theme::State::Pass, tr("Signed and recorded; read back and verified")));
    column->addWidget(m_sentence);
    column->addWidget(m_facts);
    column->addStretch(1);
    auto *scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto *foot = new widgets::Pane(widgets::Ground::Page, Qt::TopEdge);
    auto *buttons = new QVBoxLayout(foot);
    buttons->setContentsMargins(side, scaled(10), side, scaled(12));
    m_outcome->setWordWrap(true);
    m_outcome->hide();
    buttons->addWidget(m_outcome);
    auto *row = new QHBoxLayout;
    row->setSpacing(scaled(theme::space::kSmall));
    QPushButton *saveButton = widgets::secondaryButton(tr("Save Receipt…"), QStringLiteral("export"));
    saveButton->setObjectName(QStringLiteral("saveReceipt"));
    QPushButton *close = widgets::secondaryButton(tr("Close"));
    row->addStretch(1);
    row->addWidget(saveButton);
    row->addWidget(close);
    buttons->addLayout(row);

    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(scroll, 1);
    outer->addWidget(foot);
    connect(saveButton, &QPushButton::clicked, this, &ReceiptView::save);
    connect(close, &QPushButton::clicked, this, &ReceiptView::closeRequested);
}

void ReceiptView::setReceipt(const Receipt &receipt)
{
    m_receipt = receipt;
    m_sentence->setAdverse({});
    m_sentence->setSentence(QString::fromStdString(receipt.signature.sentence));
    m_facts->clear();
    for (const Line &line : linesOf(receipt)) {
        if (!line.isHash) {
            m_facts->add(line.name, line.value);
            continue;
        }
        auto *hash = new widgets::PlainLabel(line.value, theme::Type::Mono, widgets::Ink::Secondary);
        hash->setWordWrap(true); // to be compared digit by digit: never cut
        hash->setSelectable(true);
        m_facts->addWidget(line.name, hash);
    }
}

void ReceiptView::save()
{
    const QString path = widgets::dialogs::saveFile(this, tr("Save Receipt"), QStringLiteral("receipt-entry-%1.txt").arg(m_receipt.signature.entry),
                                                    tr("Text (*.txt)"), QStringLiteral("receipts"));
    if (path.isEmpty())
        return;
    if (!write(path, receiptText(m_receipt).toUtf8()))
        return;
    if (m_receipt.proof.empty())
        return m_outcome->setText(tr("Saved as %1. No checkpoint could be made over it, so there is no proof beside it.").arg(path));
    const QFileInfo text(path);
    const QString proof = text.dir().filePath(text.completeBaseName() + QStringLiteral(".countersign"));
    if (write(proof, QByteArray::fromStdString(m_receipt.proof)))
        m_outcome->setText(tr("Saved as %1, with its proof beside it. Anybody can check that: countersign-verify %2").arg(path, QFileInfo(proof).fileName()));
}

bool ReceiptView::write(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    const bool isSaved = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
    if (!isSaved)
        m_outcome->setText(tr("The receipt could not be saved as %1: %2. Choose another folder.").arg(path, file.errorString()));
    m_outcome->show();
    return isSaved;
}

} // namespace countersign::pages
