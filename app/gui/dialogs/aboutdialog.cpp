#include "app/gui/dialogs/aboutdialog.h"

#include "app/gui/versions.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/keyvaluelist.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QBoxLayout>
#include <QPushButton>

namespace countersign::gui {

using theme::scaled;

AboutDialog::AboutDialog(QWidget *parent) : QDialog(parent)
{
    setWindowTitle(tr("About Countersign"));
    auto *column = new QVBoxLayout(this);
    const int margin = scaled(theme::space::kPage);
    column->setContentsMargins(margin, margin, margin, margin);
    column->setSpacing(scaled(12));
    column->addWidget(new widgets::PlainLabel(QStringLiteral("Countersign"), theme::Type::PageTitle));
    column->addWidget(new widgets::PlainLabel(tr("Evidence, verdicts and signatures for machine-learning models."), theme::Type::Body,
                                              widgets::Ink::Secondary));
    auto *facts = new widgets::KeyValueList;
    for (const Version &one : versions())
        facts->add(one.name, one.number);
    facts->add(tr("Licence"), tr("GNU General Public License, version 3 or later. There is no warranty."));
    column->addWidget(facts);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    QPushButton *close = widgets::primaryButton(tr("Close"));
    close->setDefault(true);
    row->addWidget(close);
    column->addLayout(row);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    setMinimumWidth(scaled(440));
}

} // namespace countersign::gui
