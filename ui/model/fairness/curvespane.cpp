#include "ui/model/fairness/curvespane.h"

#include "models/items/celltext.h"
#include "ui/charts/plotview.h"
#include "ui/model/computed/plotnumbers.h"
#include "ui/model/computed/twinpane.h"
#include "ui/model/tabparts.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/messages/emptystate.h"

#include <QBoxLayout>
#include <QStackedWidget>

namespace countersign::pages {

using theme::scaled;

namespace {

const QString kRoc = QStringLiteral("roc");
const QString kPrecisionRecall = QStringLiteral("pr");
const QString kLeft = QStringLiteral("calibration");
const QString kRight = QStringLiteral("curve");

// At 100 %: a square that can be read, with title and axis; a handful of rows with what is said below them.
constexpr int kChartsNeed = 270;
constexpr int kTableNeed = 240;

} // namespace

CurvesPane::CurvesPane(QWidget *parent)
    : QWidget(parent)
    , m_stack(new QStackedWidget)
    , m_left(new charts::PlotView)
    , m_right(new charts::PlotView)
    , m_kind(new widgets::SegmentedButton(tr("Curve")))
    , m_of(new widgets::SegmentedButton(tr("Numbers of")))
    , m_numbers(new PlotNumbers(tr("Values of the curve")))
    , m_sentence(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_empty(new widgets::EmptyState)
{
    m_left->setAccessibleName(tr("Calibration by group"));
    m_right->setAccessibleName(tr("Curve by group"));
    m_kind->addChoice(kRoc, tr("ROC"));
    m_kind->addChoice(kPrecisionRecall, tr("Precision and Recall"));
    m_of->addChoice(kLeft, tr("Calibration"));
    m_of->addChoice(kRight, tr("Curve"));
    m_sentence->setWordWrap(true);
    auto *plots = new QWidget;
    auto *row = new QHBoxLayout(plots);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(theme::space::kCardGap));
    row->addWidget(framed(m_left), 1);
    row->addWidget(framed(m_right), 1);
    auto *card = new widgets::Card(tr("Same numbers as a table"));
    card->setFlush(true);
    card->addTrailing(m_kind);
    card->addTrailing(m_of);
    card->addTrailing(new widgets::KeyCap(QStringLiteral("T")));
    QWidget *table = makeTable();
    card->body()->addWidget(table);
    m_twin = new TwinPane(plots, card, table);
    m_twin->setNeeds(kChartsNeed, kTableNeed);
    m_stack->addWidget(m_twin);
    m_stack->addWidget(m_empty);
    auto *own = new QVBoxLayout(this);
    own->setContentsMargins(0, 0, 0, 0);
    own->addWidget(m_stack);
    connect(m_kind, &widgets::SegmentedButton::chosen, this, &CurvesPane::showRight);
    connect(m_of, &widgets::SegmentedButton::chosen, this, [this](const QString &of) { showNumbersOf(of == kLeft ? m_left : m_right); });
    for (charts::PlotView *plot : {m_left, m_right}) {
        connect(plot, &charts::PlotView::cursorChanged, this, &CurvesPane::cursorChanged);
        connect(plot, &charts::PlotView::tableRequested, this, [this, plot] {
            m_of->setCurrent(plot == m_left ? kLeft : kRight);
            showNumbersOf(plot);
            m_twin->focusTable();
        });
    }
}

QWidget *CurvesPane::makeTable()
{
    auto *table = new QWidget;
    auto *column = new QVBoxLayout(table);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_numbers, 1);
    m_sentence->setContentsMargins(scaled(16), scaled(6), scaled(16), scaled(6));
    column->addWidget(m_sentence);
    return table;
}

void CurvesPane::showCurves(std::shared_ptr<const computed::ComputedSet> set, std::shared_ptr<const computed::ScoreSummary> scores, const std::vector<std::string> &attributes)
{
    m_set = std::move(set);
    m_scores = std::move(scores);
    m_attributes = attributes;
    if (!m_set || !m_scores) {
        m_empty->describe(widgets::EmptyState::Cause::NothingYet, tr("No scores were kept with these figures"),
                          tr("Curves are drawn from a summary of the scores. It is recorded with logs of two outcomes that have a score."));
        m_stack->setCurrentIndex(1);
        return;
    }
    m_stack->setCurrentIndex(0);
    m_left->setSpec(curvesOf(*m_set, *m_scores, m_attributes, CurveChoice::Calibration));
    showRight();
    m_of->setCurrent(kLeft);
    showNumbersOf(m_left);
}

void CurvesPane::showRight()
{
    if (!m_set || !m_scores)
        return;
    m_right->setSpec(curvesOf(*m_set, *m_scores, m_attributes, m_kind->current() == kRoc ? CurveChoice::Roc : CurveChoice::PrecisionRecall));
    if (m_of->current() == kRight)
        showNumbersOf(m_right);
}

void CurvesPane::showNumbersOf(const charts::PlotView *plot)
{
    m_numbers->setSpec(plot->spec());
    QStringList sentences;
    for (const std::string &sentence : plot->spec().sentences)
        sentences.append(items::oneLine(sentence));
    m_sentence->setText(sentences.join(QLatin1Char(' ')));
    m_sentence->setVisible(!sentences.isEmpty());
}

} // namespace countersign::pages
