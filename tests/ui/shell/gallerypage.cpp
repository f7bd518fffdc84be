#include "tests/ui/shell/gallerypage.h"

#include "ui/theme/csstyle.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/cards/chip.h"
#include "ui/widgets/cards/flowlayout.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/keyvaluelist.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/facetlist.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/fields/searchfield.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/frame/pageheader.h"
#include "ui/widgets/frame/tabstrip.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/messages/messagebar.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QRadioButton>
#include <QSpinBox>
#include <QSplitter>
#include <cmath>

namespace countersign::gallery {

using namespace countersign::widgets;
using theme::State;

namespace {

struct Row {
    const char *group;
    const char *model;
    const char *version;
    const char *tier;
    const char *stage;
    State state;
    const char *word;
    const char *rule;
    const char *value;
    const char *signedBy;
    const char *owner;
    const char *due;
};

const Row kRows[] = {
    {"Retail credit|5 models · 2 fail", "", "", "", "", State::Fail, "", "", "", "", "", ""},
    {"", "credit-pd", "3.2", "1", "Validate", State::Fail, "Fail", "AUC lower bound .681, needs .700", ".693", "Stale", "J. Lim", "12 days"},
    {"", "collections", "1.9", "1", "In use", State::Watch, "Watch", "PSI income .18, limit .20", ".769", "2 of 2", "J. Lim", "40 days"},
    {"", "limit-increase", "2.4", "1", "In use", State::Fail, "Fail", "TPR ratio women/men .76, needs .80", ".741", "2 of 2", "S. Haug", "3 days"},
    {"", "income-estimate", "5.0", "1", "In use", State::Watch, "Watch", "Calibration slope .91, watch < .92", ".759", "2 of 2", "S. Haug", "51 days"},
    {"", "churn-x", "0.4", "1", "Develop", State::NotEnoughData, "Not enough data", "n 212 of 500 labelled cases", "", "0 of 1", "D. Roy", "none"},
    {"Fraud and financial crime|4 models · 1 fails", "", "", "", "", State::Fail, "", "", "", "", "", ""},
    {"", "card-fraud-rt", "7.1", "1", "In use", State::Waived, "Waived, 5 days", "PSI merchant .31 waived to 19 May", ".898", "2 of 2", "M. Okoro", "5 days"},
    {"", "aml-alert-rank", "2.2", "1", "In use", State::Pass, "Pass", "Alert precision .125, needs .120", ".757", "2 of 2", "T. Vale", "66 days"},
    {"", "mule-account", "1.0", "1", "Validate", State::Fail, "Fail", "Recall at 1 % FPR .41, needs .45", ".807", "0 of 2", "T. Vale", "20 days"},
    {"", "doc-forgery", "0.9", "1", "Validate", State::NotEnoughData, "Not enough data", "n 148 of 400 labelled cases", ".837", "0 of 2", "K. Abara", "20 days"},
};

QString text(const char *utf8)
{
    return QString::fromUtf8(utf8);
}

QList<double> wave(int seed, bool hasGap)
{
    QList<double> values;
    for (int i = 0; i < 12; ++i)
        values.append(hasGap && (i == 7 || i == 8) ? NAN : 0.75 - i * 0.004 + 0.01 * std::sin(i * 1.7 + seed));
    return values;
}

QStandardItemModel *makeModel(QObject *parent)
{
    auto *model = new QStandardItemModel(parent);
    model->setHorizontalHeaderLabels({QStringLiteral("Model"), QStringLiteral("Ver"), QStringLiteral("Tier"), QStringLiteral("Stage"),
                                      QStringLiteral("Verdict"), QStringLiteral("Worst rule"), QStringLiteral("AUC, 12 months"),
                                      QStringLiteral("Signed"), QStringLiteral("Owner"), QStringLiteral("Due")});
    int seed = 0;
    for (const Row &row : kRows) {
        QList<QStandardItem *> cells;
        const QStringList group = text(row.group).split(QLatin1Char('|'));
        for (const char *one : {row.model, row.version, row.tier, row.stage, row.word, row.rule, row.value, row.signedBy, row.owner, row.due})
            cells.append(new QStandardItem(text(one)));
        if (group.size() == 2) {
            cells[0]->setText(group[0]);
            cells[0]->setData(true, GroupRole);
            cells[0]->setData(group[1], GroupCaptionRole);
        } else {
            cells[4]->setData(int(row.state), StateRole);
            cells[6]->setData(int(row.state), StateRole);
            if (*row.value) {
                ++seed;
                cells[6]->setData(QVariant::fromValue(wave(seed, seed % 3 == 0)), ValuesRole);
                cells[6]->setData(0.70, LimitRole);
            } else {
                cells[6]->setText(QStringLiteral("no data"));
            }
            const QString by = cells[7]->text();
            if (by == QStringLiteral("Stale"))
                cells[7]->setData(int(State::Stale), StateRole);
            else if (by == QStringLiteral("2 of 2"))
                cells[7]->setData(int(State::Pass), StateRole);
        }
        model->appendRow(cells);
    }
    return model;
}

} // namespace

GalleryPage::GalleryPage(const QString &title, QWidget *parent) : Page(parent), m_title(title)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *header = new PageHeader(title);
    header->setSentence(QStringLiteral("37 of 412 models. 6 fail a rule; 3 sign-offs are stale."));
    header->addAction(secondaryButton(QStringLiteral("Import…"), QStringLiteral("import")));
    header->addAction(primaryButton(QStringLiteral("Register Model"), QStringLiteral("plus")));
    column->addWidget(header);
    column->addWidget(new Hairline);

    auto *facets = new FacetList(QStringLiteral("Filters"));
    facets->setGroups({{QStringLiteral("verdict"),
                        QStringLiteral("Verdict"),
                        {{QStringLiteral("fail"), QStringLiteral("Fail"), 6, true, State::Fail},
                         {QStringLiteral("watch"), QStringLiteral("Watch"), 19, true, State::Watch},
                         {QStringLiteral("nod"), QStringLiteral("Not enough data"), 8, true, State::NotEnoughData},
                         {QStringLiteral("waived"), QStringLiteral("Waived"), 4, true, State::Waived},
                         {QStringLiteral("pass"), QStringLiteral("Pass"), 44, false, State::Pass}}},
                       {QStringLiteral("tier"),
                        QStringLiteral("Tier"),
                        {{QStringLiteral("1"), QStringLiteral("Tier 1"), 37, true, {}},
                         {QStringLiteral("2"), QStringLiteral("Tier 2"), 142, false, {}},
                         {QStringLiteral("3"), QStringLiteral("Tier 3"), 233, false, {}}}},
                       {QStringLiteral("stage"),
                        QStringLiteral("Stage"),
                        {{QStringLiteral("validate"), QStringLiteral("Validate"), 9, false, {}},
                         {QStringLiteral("use"), QStringLiteral("In use"), 24, false, {}},
                         {QStringLiteral("retired"), QStringLiteral("Retired"), 0, false, {}}}}});
    auto *work = new QWidget;
    auto *workColumn = new QVBoxLayout(work);
    workColumn->setContentsMargins(0, 0, 0, 0);
    workColumn->setSpacing(0);
    workColumn->addWidget(makeFilterBar());
    workColumn->addWidget(makeTable(), 1);
    workColumn->addWidget(makeDetail());
    auto *split = new QSplitter;
    split->addWidget(facets);
    split->addWidget(work);
    split->setStretchFactor(1, 1);
    split->setSizes({theme::width::kFacets, 1000});
    split->setChildrenCollapsible(false);
    column->addWidget(split, 1);
}

QList<Crumb> GalleryPage::crumbs() const
{
    return {{m_title, Target{QStringLiteral("inventory"), {}, {}, {}, {}}}, {QStringLiteral("Committee Q2"), {}}};
}

QWidget *GalleryPage::makeFilterBar()
{
    auto *bar = new Pane(Ground::Page, Qt::BottomEdge);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(20, 8, 16, 9);
    auto *search = new SearchField(QStringLiteral("Filter by name"));
    search->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_F));
    row->addWidget(search, 0, Qt::AlignTop);
    auto *chips = new FlowLayout(8);
    chips->addWidget(new Chip(QStringLiteral("tier is"), QStringLiteral("1")));
    chips->addWidget(new Chip(QStringLiteral("verdict is not"), QStringLiteral("Pass")));
    chips->addWidget(linkButton(QStringLiteral("Clear All")));
    row->addLayout(chips, 1);
    row->addWidget(quietButton(QStringLiteral("Columns"), QStringLiteral("columns")), 0, Qt::AlignTop);
    return bar;
}

QWidget *GalleryPage::makeTable()
{
    auto *table = new TableView(QStringLiteral("Models"));
    table->setColumnFormat(0, {.width = 132, .isStrong = true});
    table->setColumnFormat(1, {.width = 42, .isMuted = true});
    table->setColumnFormat(2, {.width = 42, .isMuted = true});
    table->setColumnFormat(3, {.width = 70, .isMuted = true});
    table->setColumnFormat(4, {.kind = CellKind::Verdict, .width = 146});
    table->setColumnFormat(5, {.width = 200, .stretches = true});
    table->setColumnFormat(6, {.kind = CellKind::Sparkline, .width = 122});
    table->setColumnFormat(7, {.kind = CellKind::Verdict, .width = 80, .isMuted = true});
    table->setColumnFormat(8, {.width = 76, .isMuted = true});
    table->setColumnFormat(9, {.kind = CellKind::Number, .width = 72});
    table->setModel(makeModel(table));
    table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    table->horizontalHeader()->setSortIndicatorShown(true);
    table->selectRow(1);
    return table;
}

QWidget *GalleryPage::makeDetail()
{
    auto *detail = new Pane(Ground::Subtle, Qt::TopEdge);
    auto *column = new QVBoxLayout(detail);
    column->setContentsMargins(20, 14, 20, 14);
    auto *head = new QHBoxLayout;
    head->addWidget(new PlainLabel(QStringLiteral("credit-pd 3.2"), theme::Type::CardTitle));
    auto *badge = new VerdictBadge;
    badge->setVerdict(State::Fail, QStringLiteral("Not releasable: 1 of 14 rules fails, 1 sign-off stale"));
    head->addWidget(badge);
    head->addStretch(1);
    head->addWidget(quietButton(QStringLiteral("Show History")));
    head->addWidget(secondaryButton(QStringLiteral("Open")));
    head->addWidget(new KeyCap(QStringLiteral("Enter")));
    column->addLayout(head);
    auto *facts = new KeyValueList;
    facts->add(QStringLiteral("Failing rule"), QStringLiteral("R-4 v3: lower 95 % bound of AUC over 90 days is at least .700"));
    facts->add(QStringLiteral("Measured"), QStringLiteral(".693 [.681, .705], n 4,812 with 611 events, window Apr 2026"));
    facts->addMono(QStringLiteral("Artifact"), QStringLiteral("sha256 9f2c 77ab 10d4 33ee"));
    column->addWidget(facts);
    return detail;
}

PartsPage::PartsPage(QWidget *parent) : Page(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *header = new PageHeader(QStringLiteral("credit-pd"));
    auto *version = new QComboBox;
    version->setAccessibleName(QStringLiteral("Version"));
    version->addItems({QStringLiteral("v3.2 (challenger)"), QStringLiteral("v3.1")});
    header->addBesideTitle(version);
    header->setVerdict(State::Fail, QStringLiteral("Not releasable: 1 rule fails, 1 sign-off is stale"));
    header->setSentence(QStringLiteral("Owner J. Lim   Developer P. Roy   Validator A. Obi"));
    header->addAction(secondaryButton(QStringLiteral("Report…"), QStringLiteral("report")));
    header->addAction(primaryButton(QStringLiteral("Request Review")));
    column->addWidget(header);
    auto *tabs = new TabStrip(QStringLiteral("Parts of the model"));
    for (const char *tab : {"Overview", "Versions", "Metrics", "Fairness", "Evidence", "History"})
        tabs->addTab(text(tab), text(tab), text(tab) == QStringLiteral("Evidence") ? 14 : 0);
    column->addWidget(tabs);

    auto *cards = new QHBoxLayout;
    cards->setContentsMargins(20, 12, 20, 12);
    cards->setSpacing(14);
    auto *form = new Card(QStringLiteral("Form"));
    form->setCaption(QStringLiteral("every field"));
    form->addTrailing(linkButton(QStringLiteral("Edit")));
    auto *line = new QLineEdit(QStringLiteral("credit-pd"));
    form->body()->addWidget(new FormField(QStringLiteral("Name"), line));
    auto *wrong = new QSpinBox;
    wrong->setMaximum(5000);
    wrong->setValue(4812);
    auto *wrongField = new FormField(QStringLiteral("Least number of cases"), wrong);
    wrongField->setError(QStringLiteral("4,812 is more than this window has. Choose at most 4,000."));
    form->body()->addWidget(wrongField);
    auto *off = new QLineEdit(QStringLiteral("cannot be changed"));
    off->setEnabled(false);
    form->body()->addWidget(new FormField(QStringLiteral("Disabled"), off));
    form->body()->addWidget(new FormField(QStringLiteral("Comment, becomes part of the record"), new QPlainTextEdit(QStringLiteral("Conditions cover two windows."))));
    auto *ticked = new QCheckBox(QStringLiteral("Only mine"));
    ticked->setChecked(true);
    form->body()->addWidget(ticked);
    form->body()->addWidget(new QCheckBox(QStringLiteral("Not ticked")));
    auto *radio = new QRadioButton(QStringLiteral("Validated: independent validation performed"));
    radio->setChecked(true);
    form->body()->addWidget(radio);
    form->body()->addWidget(new QRadioButton(QStringLiteral("Returned: not validated")));
    auto *offRadio = new QRadioButton(QStringLiteral("Approved for release: not your role"));
    offRadio->setEnabled(false);
    form->body()->addWidget(offRadio);
    cards->addWidget(form, 1);

    auto *acts = new Card(QStringLiteral("Acts"));
    auto *flow = new FlowLayout(8);
    for (QPushButton *button : {primaryButton(QStringLiteral("Sign as Validated"), QStringLiteral("sign")),
                                secondaryButton(QStringLiteral("Export Proof…"), QStringLiteral("export")), dangerButton(QStringLiteral("Decline…")),
                                quietButton(QStringLiteral("Ask Question"), QStringLiteral("question")), linkButton(QStringLiteral("Add Condition"))}) {
        flow->addWidget(button);
    }
    auto *off2 = primaryButton(QStringLiteral("Sign"));
    off2->setEnabled(false);
    flow->addWidget(off2);
    acts->body()->addLayout(flow);
    auto *segments = new SegmentedButton(QStringLiteral("Show as"));
    segments->addChoice(QStringLiteral("chart"), QStringLiteral("Chart"), QStringLiteral("chart"));
    segments->addChoice(QStringLiteral("table"), QStringLiteral("Table"), QStringLiteral("table"));
    acts->body()->addWidget(segments);
    for (const State state : {State::Pass, State::Watch, State::Fail, State::NotEnoughData, State::Waived, State::Stale}) {
        auto *badge = new VerdictBadge;
        badge->setVerdict(state, theme::stateWord(state) + QStringLiteral(": what it means in a sentence"));
        acts->body()->addWidget(badge);
    }
    auto *legend = new FlowLayout(14);
    for (const State state : {State::Pass, State::Watch, State::Fail, State::NotEnoughData, State::Waived, State::Stale, State::NotJudged})
        legend->addWidget(new StateLabel(state));
    acts->body()->addLayout(legend);
    auto *bar = new QProgressBar;
    bar->setAccessibleName(QStringLiteral("Import"));
    bar->setTextVisible(false);
    bar->setValue(43);
    acts->body()->addWidget(bar);
    acts->body()->addStretch(1);
    cards->addWidget(acts, 1);

    auto *rules = new Card(QStringLiteral("Signatures needed"));
    rules->setFlush(true);
    auto *table = new TableView(QStringLiteral("Signatures"));
    table->setRowHeight(theme::height::kRowTwoLines);
    table->setColumnFormat(0, {.kind = CellKind::TwoLines, .stretches = true});
    table->setColumnFormat(1, {.kind = CellKind::Mono, .width = 110});
    auto *model = new QStandardItemModel(table);
    model->setHorizontalHeaderLabels({QStringLiteral("Who"), QStringLiteral("Hash")});
    for (const char *who : {"Validator", "Approver", "Compliance officer"}) {
        auto *name = new QStandardItem(text(who));
        name->setData(QStringLiteral("waits for the validator, not asked yet"), SecondLineRole);
        name->setData(QStringLiteral("clock"), IconRole);
        model->appendRow({name, new QStandardItem(QStringLiteral("7c1e90ab44d2"))});
    }
    table->setModel(model);
    rules->body()->addWidget(table);
    auto *empty = new TableView(QStringLiteral("Findings"));
    empty->setColumnFormat(0, {.stretches = true});
    auto *none = new QStandardItemModel(0, 1, empty);
    none->setHorizontalHeaderLabels({QStringLiteral("Finding")});
    empty->setModel(none);
    empty->emptyState()->describe(EmptyState::Cause::FilteredOut, QStringLiteral("No findings match severity is High."),
                                  QStringLiteral("12 findings are hidden by the filter."), QStringLiteral("Clear Filter"));
    rules->body()->addWidget(empty);
    cards->addWidget(rules, 1);
    column->addLayout(cards, 1);
}

} // namespace countersign::gallery
