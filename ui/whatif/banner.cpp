#include "ui/whatif/banner.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"

#include <QHBoxLayout>
#include <QPainter>

namespace countersign::pages {

using theme::scaled;

SandboxBanner::SandboxBanner(QWidget *parent) : QWidget(parent)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(scaled(44), scaled(4), scaled(theme::space::kPage), scaled(4));
    auto *sentence = new widgets::PlainLabel(tr("Sandbox. Nothing here changes the model or the record until you propose it."), theme::Type::Strong);
    sentence->setObjectName(QStringLiteral("sandbox"));
    sentence->setWordWrap(true);
    row->addWidget(sentence, 1);
    setAccessibleName(sentence->text());
    setMinimumHeight(scaled(30));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
}

void SandboxBanner::paintEvent(QPaintEvent *)
{
    const theme::Tokens &t = theme::current();
    QPainter painter(this);
    painter.fillRect(rect(), t.tint(theme::State::Watch));
    painter.fillRect(0, 0, width(), 1, t.hair);
    painter.fillRect(0, height() - 1, width(), 1, t.hair);
    const int side = scaled(14);
    const QRect glyph = QStyle::visualRect(layoutDirection(), rect(), QRect(scaled(20), (height() - side) / 2, side, side));
    theme::paintIcon(painter, QStringLiteral("sample"), glyph, t.secondary);
}

} // namespace countersign::pages
