#include "ui/model/fairness/curvespane.h"

#include "models/items/celltext.h"
#include "ui/charts/plot/plottable.h"
#include "ui/charts/plotview.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QSortFilterProxyModel>
#include <QStackedWidget>

namespace countersign::pages {

using charts::PlotTable;
using theme::scaled;
using widgets::CellKind;

namespace {

const QString kRoc = QStringLiteral("roc");
const QString kPrecisionRecall = QStringLiteral("pr");
const QString kLeft = QStringLiteral("calibration");
const QString kRight = QStringLiteral("curve");

} // namespace

CurvesPane::CurvesPane(QWidget *parent)
    : QWidget(parent)
    , m_stack(new QStackedWidget)
    , m_left(new charts::PlotView)
    , m_right(new charts::PlotView)
    , m_kind(new widgets::SegmentedButton(tr("Curve")))
    , m_of(new widgets::SegmentedButton(tr("Numbers of")))
    , m_numbers(new PlotTable(this))
    , m_order(new QSortFilterProxyModel(this))
    , m_table(new widgets::TableView(tr("Values of the curve")))
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
    m_order->setSourceModel(m_numbers);
    m_order->setSortRole(PlotTable::kSortRole);
    const auto card = [](QWidget *content) {
        auto *made = new widgets::Card;
        made->body()->setContentsMargins(1, 1, 1, 1);
        made->body()->addWidget(content);
        return made;
    };
    auto *plots = new QHBoxLayout;
    plots->setSpacing(scaled(theme::space::kCardGap));
    plots->addWidget(card(m_left), 1);
    plots->addWidget(card(m_right), 1);
    auto *both = new QWidget;
    auto *column = new QVBoxLayout(both);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(10));
    for (charts::PlotView *plot : {m_left, m_right})
        plot->setMinimumHeight(scaled(340));
    column->addLayout(plots, 5);
    column->addWidget(makeTable(), 3);
    m_stack->addWidget(both);
    m_stack->addWidget(m_empty);
    auto *own = new QVBoxLayout(this);
    own->setContentsMargins(0, 0, 0, 0);
    own->addWidget(m_stack);
    connect(m_kind, &widgets::SegmentedButton::chosen, this, &CurvesPane::showRight);
    connect(m_of, &widgets::SegmentedButton::chosen, this, [this](const QString &of) { fillTable((of == kLeft ? m_left : m_right)->spec()); });
    for (charts::PlotView *plot : {m_left, m_right}) {
        connect(plot, &charts::PlotView::cursorChanged, this, &CurvesPane::cursorChanged);
        connect(plot, &charts::PlotView::tableRequested, this, [this, plot] {
            m_of->setCurrent(plot == m_left ? kLeft : kRight);
            fillTable(plot->spec());
            focusTable();
        });
    }
}

QWidget *CurvesPane::makeTable()
{
    m_table->setRowHeight(theme::height::kRowCompact);
    m_table->setModel(m_order);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(-1, Qt::AscendingOrder);
    auto *card = new widgets::Card(tr("Same numbers as a table"));
    card->setMinimumHeight(scaled(230));
    card->setFlush(true);
    card->addTrailing(m_kind);
    card->addTrailing(m_of);
    card->body()->addWidget(m_table, 1);
    m_sentence->setContentsMargins(scaled(16), scaled(6), scaled(16), scaled(6));
    card->body()->addWidget(m_sentence);
    return card;
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
    fillTable(m_left->spec());
}

void CurvesPane::showRight()
{
    if (!m_set || !m_scores)
        return;
    m_right->setSpec(curvesOf(*m_set, *m_scores, m_attributes, m_kind->current() == kRoc ? CurveChoice::Roc : CurveChoice::PrecisionRecall));
    if (m_of->current() == kRight)
        fillTable(m_right->spec());
}

void CurvesPane::fillTable(const report::PlotSpec &spec)
{
    m_numbers->setSpec(std::make_shared<const report::PlotSpec>(spec));
    QStringList sentences;
    for (const std::string &sentence : spec.sentences)
        sentences.append(items::oneLine(sentence));
    m_sentence->setText(sentences.join(QLatin1Char(' ')));
    m_sentence->setVisible(!sentences.isEmpty());
    const auto &columns = m_numbers->columns();
    QList<widgets::ColumnFormat> formats;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        using Kind = PlotTable::Kind;
        const Kind kind = columns[i].kind;
        const bool isText = kind == Kind::Series || kind == Kind::Note;
        formats.append({.kind = kind == Kind::State ? CellKind::Verdict : isText ? CellKind::Text : CellKind::Number, .width = isText ? 180 : 110,
                                                       .isStrong = kind == Kind::Value, .isMuted = kind == Kind::Interval || kind == Kind::Note,
                                                       .stretches = i + 1 == columns.size(), .stateRole = PlotTable::kStateRole});
    }
    m_table->setColumnFormats(formats);
}

void CurvesPane::focusTable()
{
    m_table->setFocus(Qt::ShortcutFocusReason);
}

} // namespace countersign::pages
