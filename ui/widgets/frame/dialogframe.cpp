#include "ui/widgets/frame/dialogframe.h"

#include "ui/theme/type.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/buttons.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QDialog>

namespace countersign::widgets {

using theme::scaled;

QVBoxLayout *dialogColumn(QDialog &dialog)
{
    auto *column = new QVBoxLayout(&dialog);
    const int margin = scaled(theme::space::kPage);
    column->setContentsMargins(margin, margin, margin, margin);
    column->setSpacing(scaled(theme::space::kMedium));
    auto *heading = new PlainLabel(dialog.windowTitle(), theme::Type::CardTitle);
    heading->setWordWrap(true);
    column->addWidget(heading);
    return column;
}

QPushButton *addDialogButtons(QVBoxLayout &column, QDialog &dialog, QPushButton *act)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(scaled(theme::space::kSmall));
    QPushButton *cancel = secondaryButton(QCoreApplication::translate("dialogs", "Cancel"));
    row->addStretch(1);
    row->addWidget(cancel);
    row->addWidget(act);
    column.addLayout(row);
    act->setDefault(true);
    QObject::connect(cancel, &QPushButton::clicked, &dialog, &QDialog::reject);
    return cancel;
}

} // namespace countersign::widgets
