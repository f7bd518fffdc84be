#pragma once

#include "models/services/inventory.h"
#include "ui/model/modelview.h"

#include <QDialog>

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace countersign::widgets {
class FormField;
class PlainLabel;
}

namespace countersign::pages {

/// What a person may set on a model and on the version shown. It does not save: saveRequested() carries the facts, and whoever saves
/// closes it or says what went wrong.
class FactsDialog : public QDialog
{
    Q_OBJECT
public:
    explicit FactsDialog(const ModelView &view, QWidget *parent = nullptr);

    void showError(const QString &sentence);

Q_SIGNALS:
    void saveRequested(const countersign::services::FactsRequest &facts);

private:
    QWidget *makeFields(const ModelView &view);
    QWidget *makeButtons();
    services::FactsRequest facts() const;

    ModelId m_model;
    std::optional<VersionId> m_version;
    QPlainTextEdit *m_purpose = nullptr;
    QLineEdit *m_useCase = nullptr;
    QLineEdit *m_owner = nullptr;
    QComboBox *m_tier = nullptr;
    QComboBox *m_stage = nullptr;
    int m_shownTier = 0;
    int m_shownStage = 0;
    widgets::PlainLabel *m_error = nullptr;
    QPushButton *m_save = nullptr;
};

} // namespace countersign::pages
