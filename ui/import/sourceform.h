#pragma once

#include "models/importers/mlflow/httpclient.h"

#include <QWidget>

class QLineEdit;
class QPushButton;

namespace countersign::widgets {
class FormField;
class SegmentedButton;
} // namespace countersign::widgets

namespace countersign::pages {

enum class SourceKind { PredictionLog, Metrics, MlflowFiles, MlflowServer, MlflowPostgres };

/// What is to be imported, as the person said it.
struct ImportSource {
    SourceKind kind = SourceKind::Metrics;
    QString address;                       ///< path or URI
    importers::HttpCredentials credentials;
};

/// Step 1: where the data is. Says at the field what is missing.
class SourceForm : public QWidget
{
    Q_OBJECT
public:
    explicit SourceForm(QWidget *parent = nullptr);

    /// Shows a path or URI; its form decides the kind, and of a file of rows its head: metrics, or a prediction log.
    void setAddress(const QString &address);
    void setKind(SourceKind kind);
    /// True when everything needed is there and exists; otherwise the field says what is missing and has the focus.
    bool check();
    ImportSource source() const;
    void forgetSecrets();
    QWidget *firstField() const;

Q_SIGNALS:
    void confirmed(); ///< Enter in a field
    void kindChanged();

private:
    SourceKind kind() const;
    void describe(SourceKind kind);
    void browse(bool isFolder);
    QString trouble() const;

    widgets::SegmentedButton *m_kind;
    QLineEdit *m_address;
    widgets::FormField *m_addressField;
    QPushButton *m_browseFile;
    QPushButton *m_browseFolder;
    QLineEdit *m_user;
    QLineEdit *m_password;
    QLineEdit *m_token;
    widgets::FormField *m_userField;
    widgets::FormField *m_passwordField;
    widgets::FormField *m_tokenField;
};

} // namespace countersign::pages
