#include "ui/welcome/welcomepage.h"

#include "ui/theme/icons.h"
#include "ui/theme/type.h"
#include "ui/welcome/choicebutton.h"
#include "ui/widgets/cards/card.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/messages/dialogs.h"

#include <QBoxLayout>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QPainter>
#include <QScrollArea>

namespace countersign::welcome {

using theme::scaled;

namespace {

class Mark : public QWidget
{
public:
    Mark() { setFixedSize(scaled(44), scaled(44)); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        theme::paintApplicationMark(painter, rect());
    }
};

// One local file that may carry a proof.
QString droppedProof(const QMimeData &data)
{
    if (data.urls().size() != 1 || !data.urls().first().isLocalFile())
        return {};
    const QString path = data.urls().first().toLocalFile();
    const QString lower = path.toLower();
    for (const char *suffix : {".pdf", ".json", ".bundle", ".ledger"}) {
        if (lower.endsWith(QLatin1String(suffix)))
            return path;
    }
    return {};
}

} // namespace

WelcomePage::WelcomePage(QWidget *parent) : Page(parent)
{
    widgets::setGround(*this, widgets::Ground::Window);
    setAcceptDrops(true);
    auto *content = new QWidget;
    widgets::setGround(*content, widgets::Ground::Window);
    auto *columns = new QHBoxLayout;
    columns->setSpacing(scaled(56));
    QWidget *left = makeChoices();
    QWidget *right = makeAside();
    columns->addWidget(left, 56, Qt::AlignTop);
    columns->addWidget(right, 44, Qt::AlignTop);

    auto *body = new QWidget;
    body->setMaximumWidth(scaled(1056));
    auto *column = new QVBoxLayout(body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(28));
    column->addWidget(makeHead());
    column->addLayout(columns);

    auto *centre = new QHBoxLayout(content);
    centre->setContentsMargins(scaled(40), scaled(28), scaled(40), scaled(28));
    centre->addStretch(1);
    centre->addWidget(body, 100, Qt::AlignVCenter);
    centre->addStretch(1);

    auto *scroll = new QScrollArea; // for large text on small screens
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setBackgroundRole(QPalette::Window);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    setRecent({});
}

QWidget *WelcomePage::makeHead()
{
    auto *head = new QWidget;
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(scaled(14));
    row->addWidget(new Mark);
    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(new widgets::PlainLabel(QStringLiteral("Countersign"), theme::Type::Product));
    words->addWidget(new widgets::PlainLabel(tr("Evidence, verdicts and signatures for machine-learning models."), theme::Type::Body,
                                             widgets::Ink::Secondary));
    row->addLayout(words, 1);
    return head;
}

QWidget *WelcomePage::makeChoices()
{
    auto *choices = new QWidget;
    auto *column = new QVBoxLayout(choices);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(8));
    int number = 0;
    const auto add = [&](const QString &icon, const QString &title, const QString &caption) {
        auto *button = new ChoiceButton(icon, title, caption, QKeySequence(Qt::ALT | Qt::Key(Qt::Key_1 + number++)));
        column->addWidget(button);
        return button;
    };
    m_sample = add(QStringLiteral("sample"), tr("Explore sample portfolio"), tr("Fictional models, with a failing limit and a stale signature"));
    ChoiceButton *local = add(QStringLiteral("file"), tr("New local workspace"),
                              tr("One file on this computer, for you alone or to carry along"));
    ChoiceButton *shared = add(QStringLiteral("server"), tr("Connect to shared database"),
                               tr("PostgreSQL, with the role your administrator gave you"));
    m_recentChoice = add(QStringLiteral("clock"), {}, {});
    ChoiceButton *verify = add(QStringLiteral("verify"), tr("Verify a report, proof bundle or ledger"),
                               tr("No workspace needed. Or drop the PDF on this window"));
    connect(m_sample, &QAbstractButton::clicked, this, &WelcomePage::exploreSample);
    connect(local, &QAbstractButton::clicked, this, &WelcomePage::newLocalWorkspace);
    connect(shared, &QAbstractButton::clicked, this, &WelcomePage::connectShared);
    connect(m_recentChoice, &QAbstractButton::clicked, this, &WelcomePage::openMostRecent);
    connect(verify, &QAbstractButton::clicked, this, &WelcomePage::chooseFileToVerify);
    return choices;
}

QWidget *WelcomePage::makeAside()
{
    auto *aside = new QWidget;
    auto *column = new QVBoxLayout(aside);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(8));

    m_recentHead = new QWidget;
    auto *head = new QHBoxLayout(m_recentHead);
    head->setContentsMargins(0, 0, 0, 0);
    head->addWidget(new widgets::SectionHeading(tr("Recent workspaces")), 1);
    QPushButton *clear = widgets::linkButton(tr("Clear List"));
    head->addWidget(clear);
    column->addWidget(m_recentHead);

    m_recent = new RecentList;
    m_recentCard = new widgets::Card;
    m_recentCard->setFlush(true);
    m_recentCard->body()->setContentsMargins(0, scaled(4), 0, scaled(4));
    m_recentCard->body()->addWidget(m_recent);
    column->addWidget(m_recentCard);
    column->addSpacing(scaled(12));

    column->addWidget(new widgets::SectionHeading(tr("What is this?")));
    auto *about = new widgets::PlainLabel(
        tr("Countersign records what each model must prove, checks it against your rules, and keeps signatures in a ledger "
           "that shows any later change. It never sends data to a service."),
        theme::Type::Secondary, widgets::Ink::Secondary);
    about->setWordWrap(true);
    column->addWidget(about);

    connect(clear, &QPushButton::clicked, this, &WelcomePage::clearRecent);
    connect(m_recent, &RecentList::openRequested, this, &WelcomePage::openRecent);
    connect(m_recent, &RecentList::locateRequested, this, &WelcomePage::locateRecent);
    connect(m_recent, &RecentList::removeRequested, this, &WelcomePage::removeRecent);
    return aside;
}

void WelcomePage::setRecent(const QList<RecentWorkspace> &workspaces)
{
    m_workspaces = workspaces;
    m_recent->setWorkspaces(workspaces);
    m_recentHead->setVisible(!workspaces.isEmpty());
    m_recentCard->setVisible(!workspaces.isEmpty());
    if (workspaces.isEmpty()) {
        m_recentChoice->setWords(tr("Open workspace"), tr("A workspace file on this computer"));
        return;
    }
    const int others = int(workspaces.size()) - 1;
    m_recentChoice->setWords(tr("Open recent"), others > 0 ? tr("%1 and %n more", "workspaces", others).arg(workspaces.first().name)
                                                           : workspaces.first().name);
}

QString WelcomePage::title() const
{
    return tr("Welcome");
}

QWidget *WelcomePage::initialFocus()
{
    return m_sample;
}

void WelcomePage::openMostRecent()
{
    if (m_workspaces.isEmpty())
        Q_EMIT openFile();
    else if (m_workspaces.size() == 1 && !m_workspaces.first().isMissing)
        Q_EMIT openRecent(m_workspaces.first().path);
    else
        m_recent->setFocus(Qt::TabFocusReason); // which one is the person's choice
}

void WelcomePage::chooseFileToVerify()
{
    const QString path = widgets::dialogs::openFile(this, tr("Verify a Report, Proof Bundle or Ledger"),
                                                    tr("Reports, proof bundles and ledgers (*.pdf *.json *.countersign *.bundle *.ledger);;All files (*)"),
                                                    QStringLiteral("verify"));
    if (!path.isEmpty())
        Q_EMIT verifyFile(path);
}

void WelcomePage::dragEnterEvent(QDragEnterEvent *event)
{
    const QString path = droppedProof(*event->mimeData());
    if (path.isEmpty())
        return;
    Q_EMIT message(widgets::Message::info(tr("Release to verify %1.").arg(path.section(QLatin1Char('/'), -1))));
    event->acceptProposedAction();
}

void WelcomePage::dropEvent(QDropEvent *event)
{
    event->acceptProposedAction();
    Q_EMIT verifyFile(droppedProof(*event->mimeData()));
}

} // namespace countersign::welcome
