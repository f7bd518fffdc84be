#include "ui/model/computed/computedtab.h"

#include "models/items/celltext.h"
#include "ui/model/computed/setbar.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/ground.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/messages/busyoverlay.h"
#include "ui/widgets/messages/emptystate.h"

#include <QBoxLayout>
#include <QPushButton>
#include <QStackedWidget>

namespace countersign::pages {

using items::oneLine;
using theme::scaled;
using widgets::EmptyState;

ComputedTab::ComputedTab(ComputedSource &source, QWidget *parent)
    : QWidget(parent)
    , m_source(source)
    , m_stack(new QStackedWidget)
    , m_body(new QWidget)
    , m_column(new QVBoxLayout)
    , m_lacks(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_bar(new SetBar(source))
    , m_empty(new EmptyState)
{
    widgets::setGround(*this, widgets::Ground::Page);
    auto *column = m_bodyColumn = new QVBoxLayout(m_body);
    const int side = scaled(theme::space::kPage);
    column->setContentsMargins(side, scaled(10), side, scaled(8));
    column->setSpacing(scaled(theme::space::kSmall));
    m_column->setSpacing(scaled(theme::space::kSmall));
    m_lacks->setObjectName(QStringLiteral("setLacks"));
    m_lacks->setWordWrap(true);
    m_lacks->setSelectable(true);
    m_lacks->hide();
    column->addLayout(m_column, 1);
    m_stack->addWidget(m_body);
    m_stack->addWidget(m_empty);
    auto *own = new QVBoxLayout(this);
    own->setContentsMargins(0, 0, 0, 0);
    own->addWidget(m_stack);
    m_busy = new widgets::BusyOverlay(this);
    m_stack->setCurrentWidget(m_empty);
    connectSource();
}

void ComputedTab::addBar()
{
    m_bodyColumn->addWidget(m_lacks);
    m_bodyColumn->addWidget(m_bar);
}

void ComputedTab::connectSource()
{
    connect(&m_source, &ComputedSource::changed, this, &ComputedTab::show);
    connect(&m_source, &ComputedSource::reading, this, [this] {
        if (isVisible())
            m_busy->start(tr("Reading the figures…"));
    });
    connect(&m_source, &ComputedSource::failed, this, &ComputedTab::showFailure);
    connect(m_bar->recompute(), &QPushButton::clicked, this, &ComputedTab::recomputeRequested);
    connect(m_empty, &EmptyState::actRequested, this, [this](EmptyState::Cause cause) {
        if (cause == EmptyState::Cause::NothingYet)
            return importLog();
        m_source.refresh();
        m_source.need();
    });
}

void ComputedTab::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_source.need();
    if (!m_source.isReading())
        show();
}

void ComputedTab::show()
{
    if (!m_source.isReading())
        m_busy->stop();
    if (!isVisible() || m_source.isReading())
        return;
    m_bar->show();
    showLacks();
    if (m_source.set())
        return redraw();
    showNothing();
}

void ComputedTab::redraw()
{
    if (!m_source.set())
        return;
    if (!draw())
        return showNothing();
    m_stack->setCurrentWidget(m_body);
    m_bar->showCursor({});
    Q_EMIT shown();
}

void ComputedTab::showNothing()
{
    const Absence absence = this->absence();
    m_empty->describe(EmptyState::Cause::NothingYet, absence.title, absence.sentence, absence.isCuredByImport ? tr("Import a Prediction Log…") : QString());
    m_stack->setCurrentWidget(m_empty);
    Q_EMIT shown();
}

void ComputedTab::showFailure(const Error &error)
{
    m_busy->stop();
    m_empty->describe(EmptyState::Cause::Failed, tr("The figures could not be read"), oneLine(error.text()), tr("Try Again"));
    m_stack->setCurrentWidget(m_empty);
    Q_EMIT shown();
}

void ComputedTab::showLacks()
{
    const QString lacks = m_source.set() ? lacksText(*m_source.set()) : QString();
    m_lacks->setText(lacks);
    m_lacks->setVisible(!lacks.isEmpty());
}

void ComputedTab::importLog()
{
    const auto text = [](const std::string &id) { return QString::fromStdString(id); };
    Q_EMIT navigate({QStringLiteral("import"), text(m_source.model().text()), m_source.version() ? text(m_source.version()->text()) : QString(), {}, {}});
}

} // namespace countersign::pages
