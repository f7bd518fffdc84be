#pragma once

#include "ui/import/log/logjob.h"

#include <QWidget>

class QComboBox;

namespace countersign::items {
class LogPreviewTable;
}

namespace countersign::widgets {
class FormField;
class PlainLabel;
class StateLabel;
class TableView;
} // namespace countersign::widgets

namespace countersign::pages {

/// Step 2: how the file is written, as it was found, with the first rows as they are read that way; what was found wrongly can be chosen.
class ReadStep : public QWidget
{
    Q_OBJECT
public:
    explicit ReadStep(QWidget *parent = nullptr);

    void showPreview(const LogPreview &preview, const predictions::DialectChoice &choice);
    /// The file cannot be read as chosen: said at the choice that helps, which has the focus.
    void showFailure(const Error &error);
    QWidget *firstField() const;

Q_SIGNALS:
    void choiceChanged(const countersign::predictions::DialectChoice &choice);

private:
    void choose();
    /// What may have been read wrongly, and what is not read at all.
    void showDoubts(const std::vector<std::string> &columnsLeftOut);

    QComboBox *m_format;
    QComboBox *m_delimiter;
    QComboBox *m_decimal;
    QComboBox *m_header;
    widgets::FormField *m_formatField;
    widgets::FormField *m_delimiterField;
    widgets::FormField *m_decimalField;
    widgets::FormField *m_headerField;
    widgets::PlainLabel *m_facts;
    widgets::StateLabel *m_state;
    widgets::PlainLabel *m_doubts;
    items::LogPreviewTable *m_rows;
    widgets::TableView *m_table;
};

} // namespace countersign::pages
