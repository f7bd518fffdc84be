#include "ui/import/sourceform.h"

#include "models/importers/metricrow.h"
#include "ui/theme/type.h"
#include "ui/widgets/fields/buttons.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/fields/segmentedbutton.h"
#include "ui/widgets/messages/dialogs.h"

#include <QBoxLayout>
#include <QFile>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QUrl>

#include <array>

namespace countersign::pages {

using theme::scaled;

namespace {

constexpr qint64 kMostHead = 1 << 16;

const std::array<QString, 5> &kindKeys()
{
    static const std::array<QString, 5> keys{QStringLiteral("log"), QStringLiteral("metrics"), QStringLiteral("files"), QStringLiteral("server"), QStringLiteral("postgres")};
    return keys;
}

bool isHttp(const QString &text)
{
    return text.startsWith(QLatin1String("http://"), Qt::CaseInsensitive) || text.startsWith(QLatin1String("https://"), Qt::CaseInsensitive);
}

bool isPostgres(const QString &text)
{
    return text.startsWith(QLatin1String("postgresql://")) || text.startsWith(QLatin1String("postgres://"));
}

/// A file of rows whose head names a metric, or a model and a value: one row is a figure there, not a case.
bool looksLikeMetrics(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return !QFileInfo::exists(path); // a name alone says nothing else
    const std::string head = file.readLine(kMostHead).toStdString();
    std::string word;
    std::array<bool, importers::kMetricColumns> has{};
    const auto take = [&word, &has] {
        if (const auto column = importers::metricColumn(word))
            has[static_cast<std::size_t>(*column)] = true;
        word.clear();
    };
    for (const char c : head) {
        const bool isEnd = std::string_view(",;|\t:{}\"\r\n").find(c) != std::string_view::npos; // of CSV, and of the keys of JSON lines
        isEnd ? take() : word.push_back(c);
    }
    take();
    const auto is = [&has](importers::MetricColumn column) { return has[static_cast<std::size_t>(column)]; };
    using importers::MetricColumn;
    return is(MetricColumn::Metric) || (is(MetricColumn::Model) && is(MetricColumn::Value));
}

SourceKind kindOf(const QString &address)
{
    if (isHttp(address))
        return SourceKind::MlflowServer;
    if (isPostgres(address))
        return SourceKind::MlflowPostgres;
    const QString lower = address.toLower();
    for (const char *suffix : {".db", ".sqlite", ".sqlite3"}) {
        if (lower.endsWith(QLatin1String(suffix)))
            return SourceKind::MlflowFiles;
    }
    if (lower.startsWith(QLatin1String("sqlite:")) || QFileInfo(address).isDir())
        return SourceKind::MlflowFiles;
    return looksLikeMetrics(address) ? SourceKind::Metrics : SourceKind::PredictionLog;
}

} // namespace

SourceForm::SourceForm(QWidget *parent)
    : QWidget(parent)
    , m_kind(new widgets::SegmentedButton(tr("Kind of source")))
    , m_address(new QLineEdit)
    , m_addressField(new widgets::FormField(tr("File"), m_address))
    , m_browseFile(widgets::secondaryButton(tr("Browse…"), QStringLiteral("file")))
    , m_browseFolder(widgets::secondaryButton(tr("Browse Folder…"), QStringLiteral("folder")))
    , m_user(new QLineEdit)
    , m_password(new QLineEdit)
    , m_token(new QLineEdit)
    , m_userField(new widgets::FormField(tr("User"), m_user))
    , m_passwordField(new widgets::FormField(tr("Password"), m_password))
    , m_tokenField(new widgets::FormField(tr("Token"), m_token))
{
    m_kind->addChoice(kindKeys()[0], tr("Prediction Log"));
    m_kind->addChoice(kindKeys()[1], tr("Metrics File"));
    m_kind->addChoice(kindKeys()[2], tr("MLflow File or Folder"));
    m_kind->addChoice(kindKeys()[3], tr("MLflow Server"));
    m_kind->addChoice(kindKeys()[4], tr("MLflow on PostgreSQL"));
    m_address->setObjectName(QStringLiteral("address"));
    m_password->setEchoMode(QLineEdit::Password);
    m_token->setEchoMode(QLineEdit::Password);
    m_tokenField->setHint(tr("Instead of user and password. None of these is kept."));

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(scaled(theme::space::kMedium));
    column->addWidget(m_kind, 0, Qt::AlignLeft);
    auto *row = new QHBoxLayout;
    row->setSpacing(scaled(theme::space::kSmall));
    row->addWidget(m_addressField, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(scaled(theme::space::kSmall));
    buttons->setContentsMargins(0, scaled(20), 0, 0); // beside the field, below its label
    buttons->addWidget(m_browseFile);
    buttons->addWidget(m_browseFolder);
    row->addLayout(buttons);
    row->setAlignment(buttons, Qt::AlignTop);
    column->addLayout(row);
    auto *secrets = new QHBoxLayout;
    secrets->setSpacing(scaled(theme::space::kMedium));
    for (widgets::FormField *field : {m_userField, m_passwordField, m_tokenField})
        secrets->addWidget(field, 1, Qt::AlignTop);
    column->addLayout(secrets);
    setMaximumWidth(scaled(760));

    connect(m_kind, &widgets::SegmentedButton::chosen, this, [this] { setKind(kind()); });
    connect(m_browseFile, &QPushButton::clicked, this, [this] { browse(false); });
    connect(m_browseFolder, &QPushButton::clicked, this, [this] { browse(true); });
    connect(m_address, &QLineEdit::textEdited, this, [this] { m_addressField->setError({}); });
    for (QLineEdit *line : {m_address, m_user, m_password, m_token})
        connect(line, &QLineEdit::returnPressed, this, &SourceForm::confirmed);
    setKind(SourceKind::Metrics);
}

SourceKind SourceForm::kind() const
{
    const auto found = std::ranges::find(kindKeys(), m_kind->current());
    return static_cast<SourceKind>(found - kindKeys().begin());
}

void SourceForm::setKind(SourceKind kind)
{
    m_kind->setCurrent(kindKeys()[static_cast<std::size_t>(kind)]);
    const bool isServer = kind == SourceKind::MlflowServer;
    m_browseFile->setVisible(!isServer && kind != SourceKind::MlflowPostgres);
    m_browseFolder->setVisible(kind == SourceKind::MlflowFiles);
    m_userField->setVisible(isServer);
    m_tokenField->setVisible(isServer);
    m_passwordField->setVisible(isServer || kind == SourceKind::MlflowPostgres);
    m_addressField->setError({});
    describe(kind);
    Q_EMIT kindChanged();
}

void SourceForm::describe(SourceKind kind)
{
    switch (kind) {
    case SourceKind::PredictionLog:
        m_addressField->setHint(tr("CSV or JSON lines, also compressed (gzip, zstd): one case a row, with what the model said and what happened. It is only read; before anything is recorded, the step Check says what is kept."));
        break;
    case SourceKind::Metrics:
        m_addressField->setHint(tr("CSV or JSON lines in long form: model, version, metric, value, and a time or a window. Other columns may follow."));
        break;
    case SourceKind::MlflowFiles: m_addressField->setHint(tr("An MLflow database file (mlflow.db) or a folder (mlruns). It is only read.")); break;
    case SourceKind::MlflowServer: m_addressField->setHint(tr("https://mlflow.example, as in a browser. The server is only read.")); break;
    case SourceKind::MlflowPostgres: m_addressField->setHint(tr("postgresql://user@host/database. The database is only read.")); break;
    }
}

void SourceForm::setAddress(const QString &address)
{
    m_address->setText(address);
    setKind(kindOf(address));
}

void SourceForm::browse(bool isFolder)
{
    QString path;
    if (isFolder)
        path = widgets::dialogs::openFolder(this, tr("MLflow Folder"), QStringLiteral("import"));
    else if (kind() == SourceKind::PredictionLog)
        path = widgets::dialogs::openFile(this, tr("Prediction Log"), tr("Logs (*.csv *.tsv *.txt *.jsonl *.ndjson *.json *.gz *.zst *.parquet);;All files (*)"),
                                          QStringLiteral("import"));
    else if (kind() == SourceKind::Metrics)
        path = widgets::dialogs::openFile(this, tr("Metrics File"), tr("Metrics (*.csv *.tsv *.txt *.json *.jsonl *.ndjson);;All files (*)"), QStringLiteral("import"));
    else
        path = widgets::dialogs::openFile(this, tr("MLflow Database"), tr("Databases (*.db *.sqlite *.sqlite3);;All files (*)"), QStringLiteral("import"));
    if (path.isEmpty())
        return;
    setAddress(path);
}

QString SourceForm::trouble() const
{
    const QString text = m_address->text().trimmed();
    switch (kind()) {
    case SourceKind::PredictionLog:
    case SourceKind::Metrics:
        if (text.isEmpty())
            return tr("Name the file, or choose it with Browse.");
        if (!QFileInfo::exists(text))
            return tr("There is no such file. Check the path, or choose it with Browse.");
        return QFileInfo(text).isDir() ? tr("This is a folder. Choose a file, or MLflow File or Folder above.") : QString();
    case SourceKind::MlflowFiles:
        if (text.isEmpty())
            return tr("Name the database file or the folder, or choose it with Browse.");
        if (text.startsWith(QLatin1String("sqlite:")) || text.startsWith(QLatin1String("file:")))
            return {};
        return QFileInfo::exists(text) ? QString() : tr("There is no such file or folder. Check the path, or choose it with Browse.");
    case SourceKind::MlflowServer:
        return isHttp(text) && !QUrl(text).host().isEmpty() ? QString() : tr("Write the server's address, beginning with https:// or http://.");
    case SourceKind::MlflowPostgres:
        return isPostgres(text) ? QString() : tr("Write the database's address, as in postgresql://user@host/database.");
    }
    return {};
}

bool SourceForm::check()
{
    const QString text = trouble();
    m_addressField->setError(text);
    if (!text.isEmpty())
        m_address->setFocus(Qt::OtherFocusReason);
    return text.isEmpty();
}

ImportSource SourceForm::source() const
{
    ImportSource source{kind(), m_address->text().trimmed(), {}};
    if (source.kind == SourceKind::MlflowServer) {
        source.credentials.user = m_user->text().toStdString();
        source.credentials.token = m_token->text().toStdString();
    }
    if (source.kind == SourceKind::MlflowServer || source.kind == SourceKind::MlflowPostgres)
        source.credentials.password = m_password->text().toStdString();
    return source;
}

void SourceForm::forgetSecrets()
{
    m_password->clear();
    m_token->clear();
}

QWidget *SourceForm::firstField() const
{
    return m_address;
}

} // namespace countersign::pages
