#include "app/gui/dialogs/verifydialog.h"

#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QBoxLayout>
#include <QPushButton>
#include <QScrollArea>

namespace countersign::gui {

using theme::scaled;
using widgets::Ink;
using widgets::PlainLabel;

namespace {

struct Words {
    theme::State state = theme::State::Fail;
    QString headline;
    QString explanation;
};

Words wordsFor(const Result<ledger::ProofReport> &outcome)
{
    if (!outcome && outcome.error().kind == ErrorKind::NotFound)
        return {theme::State::NotEnoughData, VerifyDialog::tr("Nothing to check"), VerifyDialog::tr("This PDF carries no proof. Only reports that Countersign wrote can be checked.")};
    if (!outcome)
        return {theme::State::NotEnoughData, VerifyDialog::tr("It could not be checked"), QString::fromStdString(outcome.error().text())};
    if (outcome->worst == ledger::EntryState::Valid && outcome->problems.empty())
        return {theme::State::Pass, VerifyDialog::tr("Everything in it is as it was recorded"), {}};
    if (outcome->worst == ledger::EntryState::Flagged || outcome->worst == ledger::EntryState::Valid)
        return {theme::State::Watch, VerifyDialog::tr("As recorded, with remarks"), {}};
    if (outcome->worst == ledger::EntryState::UnknownNewer)
        return {theme::State::NotEnoughData, VerifyDialog::tr("Written by a newer version"), VerifyDialog::tr("Parts of it cannot be judged by this version of the program.")};
    return {theme::State::Fail, VerifyDialog::tr("It does not hold"), {}};
}

// A digest without a gap could not be wrapped, and would be harder to compare.
QString withGaps(const std::string &sentence)
{
    QString text = QString::fromStdString(sentence);
    static const QRegularExpression digest(QStringLiteral("([0-9a-f]{16})([0-9a-f]{16})([0-9a-f]{16})([0-9a-f]{16})"));
    return text.replace(digest, QStringLiteral("\\1 \\2 \\3 \\4"));
}

void addSentences(QVBoxLayout &column, theme::State state, const QString &word, const std::vector<std::string> &sentences)
{
    if (sentences.empty())
        return;
    column.addWidget(new widgets::StateLabel(state, word));
    for (const std::string &sentence : sentences) {
        auto *label = new PlainLabel(withGaps(sentence));
        label->setWordWrap(true);
        label->setSelectable(true);
        label->setContentsMargins(scaled(20), 0, 0, 0);
        column.addWidget(label);
    }
    column.addSpacing(scaled(8));
}

} // namespace

VerifyDialog::VerifyDialog(QWidget *parent, const QString &fileName, const Result<ledger::ProofReport> &outcome) : QDialog(parent)
{
    const Words words = wordsFor(outcome);
    setWindowTitle(tr("Verification of %1").arg(fileName));
    auto *whole = new QVBoxLayout(this);
    const int margin = scaled(theme::space::kPage);
    whole->setContentsMargins(margin, margin, margin, margin);
    whole->setSpacing(scaled(12));
    auto *title = new PlainLabel(fileName, theme::Type::CardTitle);
    title->setElide(Qt::ElideMiddle);
    whole->addWidget(title);
    auto *badge = new widgets::VerdictBadge;
    badge->setVerdict(words.state, words.headline);
    whole->addWidget(badge, 0, Qt::AlignLeft);
    if (!words.explanation.isEmpty()) {
        auto *label = new PlainLabel(words.explanation, theme::Type::Body, Ink::Secondary);
        label->setWordWrap(true);
        whole->addWidget(label);
    }
    if (outcome) {
        auto *content = new QWidget;
        widgets::setGround(*content, widgets::Ground::Window);
        auto *column = new QVBoxLayout(content);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(scaled(4));
        addSentences(*column, theme::State::Fail, tr("Does not hold"), outcome->problems);
        addSentences(*column, theme::State::Pass, tr("Holds"), outcome->facts);
        column->addStretch(1);
        auto *scroll = new QScrollArea;
        scroll->setWidget(content);
        scroll->setWidgetResizable(true);
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setMinimumHeight(scaled(220));
        whole->addWidget(scroll, 1);
        const bool holds = words.state != theme::State::Fail;
        auto *limit = new PlainLabel(!holds ? tr("Do not rely on this file. Ask whoever gave it to you for the original, and check that one.")
                                            : tr("This shows that the entries are in the log that the checkpoint names, and who signed them. Whether that log is the one you "
                                        "trust, compare with a checkpoint from another hand."),
                                     theme::Type::Secondary, Ink::Tertiary);
        limit->setWordWrap(true);
        whole->addWidget(limit);
    }
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    QPushButton *close = widgets::primaryButton(tr("Close"));
    close->setDefault(true);
    row->addWidget(close);
    whole->addLayout(row);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    setMinimumWidth(scaled(600));
}

} // namespace countersign::gui
