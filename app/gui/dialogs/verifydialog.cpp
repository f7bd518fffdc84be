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

constexpr std::size_t kMostSentences = 200; ///< of a kind: a large ledger may have one about each of its entries

struct Words {
    theme::State state = theme::State::Fail;
    QString headline;
    QString explanation;
};

Words wordsFor(const ledger::FileReport &report)
{
    const QString valid = report.isValid() ? QString::fromUtf8(ledger::validSentence(report.kind)) : QString();
    if (!report.isReadable())
        return {theme::State::NotEnoughData, VerifyDialog::tr("It could not be checked"), QString::fromStdString(report.unreadable)};
    if (report.proof.worst == ledger::EntryState::Valid && report.proof.problems.empty())
        return {theme::State::Pass, VerifyDialog::tr("Everything in it is as it was recorded"), valid};
    if (report.isValid())
        return {theme::State::Watch, VerifyDialog::tr("As recorded, with remarks"), valid};
    if (report.proof.worst == ledger::EntryState::UnknownNewer)
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
    const std::size_t shown = std::min(sentences.size(), kMostSentences);
    for (std::size_t i = 0; i < shown; ++i) {
        auto *label = new PlainLabel(withGaps(sentences[i]));
        label->setWordWrap(true);
        label->setSelectable(true);
        label->setContentsMargins(scaled(20), 0, 0, 0);
        column.addWidget(label);
    }
    if (shown < sentences.size())
        column.addWidget(new PlainLabel(VerifyDialog::tr("And %n more; countersign-verify lists them all.", nullptr, static_cast<int>(sentences.size() - shown)), theme::Type::Body, Ink::Secondary));
    column.addSpacing(scaled(8));
}

} // namespace

VerifyDialog::VerifyDialog(QWidget *parent, const QString &fileName, const ledger::FileReport &report) : QDialog(parent)
{
    const Words words = wordsFor(report);
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
    if (report.isValid() && !report.proof.ledger.isEmpty()) {
        auto *ledger = new PlainLabel(tr("Ledger %1").arg(withGaps(report.proof.ledger.text())), theme::Type::Body, Ink::Secondary);
        ledger->setWordWrap(true);
        ledger->setSelectable(true);
        whole->addWidget(ledger);
    }
    if (!words.explanation.isEmpty()) {
        auto *label = new PlainLabel(words.explanation, theme::Type::Body, Ink::Secondary);
        label->setWordWrap(true);
        whole->addWidget(label);
    }
    if (report.isReadable()) {
        auto *content = new QWidget;
        widgets::setGround(*content, widgets::Ground::Window);
        auto *column = new QVBoxLayout(content);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(scaled(4));
        addSentences(*column, theme::State::Fail, tr("Does not hold"), report.proof.problems);
        addSentences(*column, theme::State::Pass, tr("Holds"), report.proof.facts);
        addSentences(*column, theme::State::NotEnoughData, tr("This does not show"), ledger::notShownBy(report));
        column->addStretch(1);
        auto *scroll = new QScrollArea;
        scroll->setWidget(content);
        scroll->setWidgetResizable(true);
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setMinimumHeight(scaled(220));
        whole->addWidget(scroll, 1);
        if (words.state == theme::State::Fail) {
            auto *limit = new PlainLabel(tr("Do not rely on this file. Ask whoever gave it to you for the original, and check that one."), theme::Type::Secondary, Ink::Tertiary);
            limit->setWordWrap(true);
            whole->addWidget(limit);
        }
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
