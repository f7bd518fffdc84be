#pragma once

#include "models/importers/rejectedrows.h"

#include <QWidget>

#include <vector>

class QPushButton;

namespace countersign::items {
class RejectedTable;
}

namespace countersign::widgets {
class PlainLabel;
}

namespace countersign::pages {

/// Rows of a file that could not be taken, with place and reason, and a button that saves them.
class RejectedPane : public QWidget
{
    Q_OBJECT
public:
    explicit RejectedPane(QWidget *parent = nullptr);

    /// `note`: how many of them are listed, or can be saved.
    void showRows(std::vector<importers::RejectedRow> rows, const QString &note, bool canSave);

Q_SIGNALS:
    void saveRequested();

private:
    items::RejectedTable *m_rows;
    widgets::PlainLabel *m_note;
    QPushButton *m_save;
};

} // namespace countersign::pages
