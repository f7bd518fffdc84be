#include "ui/review/sentencepanel.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"

#include <QPainter>
#include <QVBoxLayout>

namespace countersign::pages {

using theme::scaled;

namespace {

constexpr std::size_t kShownFacts = 6;

/// A glyph and the words that say it, over as many lines as they need.
class FactLine : public QWidget
{
public:
    explicit FactLine(const AdverseFact &fact) : m_state(theme::stateOf(fact.state))
    {
        auto *row = new QVBoxLayout(this);
        row->setContentsMargins(scaled(22), 0, 0, 0);
        const QString words = QString::fromStdString(fact.sentence);
        auto *label = new widgets::PlainLabel(words, theme::Type::Body);
        label->setWordWrap(true);
        label->setAccessibleName(theme::stateWord(m_state) + QStringLiteral(": ") + words);
        row->addWidget(label);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const int side = scaled(13);
        theme::paintState(painter, m_state, QStyle::visualRect(layoutDirection(), rect(), QRect(0, scaled(2), side, side)), theme::current());
    }

private:
    theme::State m_state;
};

} // namespace

SentencePanel::SentencePanel(QWidget *parent) : QWidget(parent), m_sentence(new widgets::PlainLabel({}, theme::Type::SigningSentence))
{
    m_sentence->setWordWrap(true);
    m_sentence->setSelectable(true);
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(scaled(14), scaled(10), scaled(14), scaled(10));
    m_column->setSpacing(scaled(theme::space::kSmall));
    m_column->addWidget(m_sentence);
}

void SentencePanel::setSentence(const QString &sentence)
{
    m_sentence->setText(sentence);
    m_sentence->setAccessibleName(tr("Sentence to sign: %1").arg(sentence));
}

QString SentencePanel::sentence() const
{
    return m_sentence->text();
}

void SentencePanel::setAdverse(const std::vector<AdverseFact> &facts)
{
    delete m_facts;
    m_facts = new QWidget;
    auto *column = new QVBoxLayout(m_facts);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(4));
    for (std::size_t i = 0; i < facts.size() && i < kShownFacts; ++i)
        column->addWidget(new FactLine(facts[i]));
    if (facts.size() > kShownFacts) {
        const QString more = tr("and %1 more, in the pages").arg(facts.size() - kShownFacts);
        column->addWidget(new widgets::PlainLabel(more, theme::Type::Body, widgets::Ink::Secondary));
    }
    m_column->addWidget(m_facts);
    m_facts->setVisible(!facts.empty());
    m_isAdverse = !facts.empty();
    update();
}

void SentencePanel::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    theme::paintRounded(painter, rect(), theme::radius::kCard, m_isAdverse ? t.tint(theme::State::Fail) : t.subtle,
                        m_isAdverse ? t.stateEdge(theme::State::Fail) : t.hair);
}

} // namespace countersign::pages
